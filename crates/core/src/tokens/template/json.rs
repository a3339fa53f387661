//! JSON as Python's `json.dumps` writes it, for `tojson` in a chat template: a blank behind commas and colons, no
//! escape but those that JSON needs.

use std::fmt::Write;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};

use super::budget::{self, DEEPEST};

/// `tojson` as `transformers` has it: `ensure_ascii`, `indent`, `separators` and `sort_keys` by name.
///
/// # Errors
/// Where the value is not JSON: not defined, or too deep.
pub(super) fn tojson(state: &State, value: &Value, options: Kwargs) -> Result<Value, Error> {
    budget::charge(state, value)?;
    let separators = options.get::<Option<Value>>("separators")?;
    let indent = match options.get::<Option<Value>>("indent")? {
        Some(indent) => match indent.as_usize() {
            Some(blanks) => Some(" ".repeat(blanks.min(64))),
            None => indent.as_str().map(str::to_owned),
        },
        None => None,
    };
    let separator = |at: usize| {
        let separators = separators.as_ref()?;
        let separator = separators.get_item_by_index(at).ok()?;
        separator.as_str().map(str::to_owned)
    };
    let comma = if indent.is_some() { "," } else { ", " };
    let mut writer = Writer {
        out: String::new(),
        is_ascii: options
            .get::<Option<bool>>("ensure_ascii")?
            .unwrap_or(false),
        is_sorted: options.get::<Option<bool>>("sort_keys")?.unwrap_or(false),
        comma: separator(0).unwrap_or_else(|| comma.to_owned()),
        colon: separator(1).unwrap_or_else(|| ": ".to_owned()),
        indent,
    };
    options.assert_all_used()?;
    writer.value(value, 0)?;
    Ok(Value::from(writer.out))
}

struct Writer {
    out: String,
    is_ascii: bool,
    is_sorted: bool,
    comma: String,
    colon: String,
    indent: Option<String>,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > DEEPEST {
            return Err(wrong("a value is too deep to be written as JSON"));
        }
        match value.kind() {
            ValueKind::None => self.out.push_str("null"),
            ValueKind::Bool => self
                .out
                .push_str(if value.is_true() { "true" } else { "false" }),
            ValueKind::Number if value.is_integer() => self.out.push_str(&value.to_string()),
            ValueKind::Number => {
                let number = f64::try_from(value.clone())?;
                self.out.push_str(&float(number));
            }
            ValueKind::String => self.text(value.as_str().unwrap_or_default()),
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value.try_iter()?.collect::<Vec<_>>();
                self.list('[', ']', items.len(), depth, |writer, at, depth| {
                    items
                        .get(at)
                        .map_or(Ok(()), |item| writer.value(item, depth))
                })?;
            }
            ValueKind::Map => self.map(value, depth)?,
            kind => return Err(wrong(format!("{kind} is not JSON"))),
        }
        Ok(())
    }

    fn map(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        let mut pairs = Vec::new();
        for key in value.try_iter()? {
            let item = value.get_item(&key)?;
            pairs.push((key_text(&key), item));
        }
        if self.is_sorted {
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
        }
        self.list('{', '}', pairs.len(), depth, |writer, at, depth| {
            let Some((key, item)) = pairs.get(at) else {
                return Ok(());
            };
            writer.text(key);
            let colon = writer.colon.clone();
            writer.out.push_str(&colon);
            writer.value(item, depth)
        })
    }

    /// So many items between brackets; `write` gets the item's index and depth.
    fn list(
        &mut self,
        open: char,
        close: char,
        len: usize,
        depth: usize,
        write: impl Fn(&mut Self, usize, usize) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.out.push(open);
        for at in 0..len {
            if at > 0 {
                let comma = self.comma.clone();
                self.out.push_str(&comma);
            }
            self.line(depth + 1);
            write(self, at, depth + 1)?;
        }
        if len > 0 {
            self.line(depth);
        }
        self.out.push(close);
        Ok(())
    }

    /// A new line, where there are lines.
    fn line(&mut self, depth: usize) {
        if let Some(indent) = &self.indent {
            self.out.push('\n');
            self.out.push_str(&indent.repeat(depth));
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                c if c < ' ' || (self.is_ascii && !c.is_ascii()) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

/// A key that is not a text is written as one.
fn key_text(key: &Value) -> String {
    match key.kind() {
        ValueKind::None => "null".to_owned(),
        ValueKind::Bool => key.to_string().to_lowercase(),
        _ => key.to_string(),
    }
}

/// A float as Python's `repr` writes it: the shortest digits that read back the same, with an exponent where it is below
/// -4 or above 15.
pub(super) fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = number.to_string();
    match plain.contains('.') {
        true => plain,
        false => plain + ".0",
    }
}

fn wrong(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, why)
}
