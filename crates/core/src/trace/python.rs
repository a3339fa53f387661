//! Python's `repr` of lists, dictionaries and texts, rewritten as JSON: some datasets store their columns that way.
//! One pass, linear, without recursion; anything else gives `None`.

/// The JSON of a Python literal.
pub(crate) fn to_json(python: &str) -> Option<String> {
    let mut reader = Reader {
        rest: python.trim(),
        json: String::with_capacity(python.len()),
        open: Vec::new(),
    };
    if !reader.rest.starts_with(['[', '{', '(']) {
        return None;
    }
    loop {
        reader.value()?;
        if reader.after_value()? {
            return Some(reader.json);
        }
    }
}

/// What is open: a list (or tuple) and its closing bracket, or a dictionary that waits for a key or a value.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    List(char),
    Key,
    Value,
}

struct Reader<'a> {
    rest: &'a str,
    json: String,
    open: Vec<Open>,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, start: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(start) else {
            return false;
        };
        self.rest = rest;
        true
    }

    /// Reads one value, or the opening brackets before it. Empty lists and dictionaries are values.
    fn value(&mut self) -> Option<()> {
        loop {
            self.skip_space();
            let opened = match self.rest.chars().next()? {
                _ if self.open.last() == Some(&Open::Key) => return self.text(),
                '[' => Open::List(']'),
                '(' => Open::List(')'),
                '{' => Open::Key,
                _ => return self.scalar(),
            };
            self.rest = self.rest.get(1..)?;
            let (begin, end, close) = match opened {
                Open::List(close) => ('[', "[]", close),
                Open::Key | Open::Value => ('{', "{}", '}'),
            };
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                self.json.push_str(end);
                return Some(());
            }
            self.json.push(begin);
            self.open.push(opened);
        }
    }

    /// Reads what follows a value: colon, comma, closing brackets. True where the literal is whole.
    fn after_value(&mut self) -> Option<bool> {
        loop {
            self.skip_space();
            let Some(open) = self.open.last_mut() else {
                return self.rest.is_empty().then_some(true);
            };
            if *open == Open::Key {
                *open = Open::Value;
                self.json.push(':');
                return self.take(":").then_some(false);
            }
            let close = match *open {
                Open::List(close) => close,
                Open::Key | Open::Value => '}',
            };
            let comma = self.take(",");
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                self.json.push(if close == '}' { '}' } else { ']' });
                self.open.pop();
                continue;
            }
            if !comma {
                return None;
            }
            if close == '}' {
                self.open.pop();
                self.open.push(Open::Key);
            }
            self.json.push(',');
            return Some(false);
        }
    }

    /// A number, a text, `True`, `False` or `None`.
    fn scalar(&mut self) -> Option<()> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        if rest.starts_with(['\'', '"']) || word.is_empty() {
            return self.text();
        }
        let json = match word {
            "True" | "true" => "true",
            "False" | "false" => "false",
            "None" | "null" | "nan" | "NaN" | "inf" | "-inf" => "null",
            number if serde_json::from_str::<serde_json::Number>(number).is_ok() => number,
            _ => return None,
        };
        self.json.push_str(json);
        self.rest = rest;
        Some(())
    }

    /// A text, or several one after the other, which Python joins. A dictionary's key may also be a number.
    fn text(&mut self) -> Option<()> {
        let mut text = String::new();
        let mut any = false;
        loop {
            let letters = self
                .rest
                .bytes()
                .take_while(|b| b"rRbBuU".contains(b))
                .take(3)
                .count();
            let (prefix, quoted) = self.rest.split_at_checked(letters)?;
            if letters > 2 || !quoted.starts_with(['\'', '"']) {
                break;
            }
            self.rest = self.rest.get(prefix.len()..)?;
            let raw = prefix.contains(['r', 'R']);
            self.one_text(raw, &mut text)?;
            any = true;
            self.skip_space();
        }
        if !any {
            let end = self.rest.find([':', ',']).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at_checked(end)?;
            serde_json::from_str::<serde_json::Number>(word.trim()).ok()?;
            text.push_str(word.trim());
            self.rest = rest;
        }
        self.json.push_str(&serde_json::to_string(&text).ok()?);
        Some(())
    }

    /// The content of one quoted text.
    fn one_text(&mut self, raw: bool, text: &mut String) -> Option<()> {
        let quote = ["'''", "\"\"\"", "'", "\""]
            .into_iter()
            .find(|q| self.take(q))?;
        let first = quote.chars().next()?;
        loop {
            let plain = self.rest.find([first, '\\'])?;
            let (before, rest) = self.rest.split_at_checked(plain)?;
            text.push_str(before);
            self.rest = rest;
            if self.take(quote) {
                return Some(());
            }
            let mut after = rest.chars();
            match after.next()? {
                '\\' if !raw => {
                    self.rest = after.as_str();
                    self.escape(text)?;
                }
                c => {
                    text.push(c);
                    if c == '\\' {
                        text.push(after.next()?);
                    }
                    self.rest = after.as_str();
                }
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self, text: &mut String) -> Option<()> {
        let mut after = self.rest.chars();
        let c = after.next()?;
        self.rest = after.as_str();
        match c {
            '\n' => {}
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'a' => text.push('\u{7}'),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'v' => text.push('\u{b}'),
            '\\' | '\'' | '"' => text.push(c),
            'x' => self.code(2, text)?,
            'u' => self.code(4, text)?,
            'U' => self.code(8, text)?,
            '0'..='7' => self.octal(c, text),
            other => text.extend(['\\', other]),
        }
        Some(())
    }

    /// A character by its hexadecimal code; half of a surrogate pair becomes the replacement character.
    fn code(&mut self, digits: usize, text: &mut String) -> Option<()> {
        let (code, rest) = self.rest.split_at_checked(digits)?;
        // A sign is not a digit, though numbers may begin with one.
        let code = Some(code).filter(|code| !code.starts_with('+'))?;
        let code = u32::from_str_radix(code, 16).ok()?;
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        self.rest = rest;
        Some(())
    }

    /// A character by its octal code of up to three digits.
    fn octal(&mut self, first: char, text: &mut String) {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let mut after = self.rest.chars();
            let Some(digit) = after.next().and_then(|c| c.to_digit(8)) else {
                break;
            };
            code = code * 8 + digit;
            self.rest = after.as_str();
        }
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn same(python: &str, json: &str) {
        assert_eq!(to_json(python).as_deref(), Some(json), "{python}");
    }

    #[test]
    fn lists_dictionaries_and_scalars_become_json() {
        same("[]", "[]");
        same("{}", "{}");
        same("[1, -2.5, True, False, None]", "[1,-2.5,true,false,null]");
        same(
            "{'a': {'b': ['c', ()]}, 'd': {},}",
            r#"{"a":{"b":["c",[]]},"d":{}}"#,
        );
        same("({'x': 1}, [2],)", r#"[{"x":1},[2]]"#);
        same("{1: 'a'}", r#"{"1":"a"}"#);
    }

    #[test]
    fn texts_keep_every_character() {
        same(
            r#"['it\'s', "say \"x\"", 'a\nb\\']"#,
            r#"["it's","say \"x\"","a\nb\\"]"#,
        );
        same(r"['\x41\u00e9\U0001F600\101']", "[\"Aé😀A\"]");
        same("['a' 'b', r'\\d', '''x'y''']", r#"["ab","\\d","x'y"]"#);
    }

    #[test]
    fn what_is_no_literal_is_not_read() {
        for text in [
            "",
            "hello",
            "[1",
            "[1 2]",
            "{'a'}",
            "{'a': }",
            "['a]",
            "[array([1])]",
            "[1]]",
            "{,}",
            r"['\x+1']",
        ] {
            assert_eq!(to_json(text), None, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_read_without_recursion() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(to_json(&text), Some(text));
    }
}
