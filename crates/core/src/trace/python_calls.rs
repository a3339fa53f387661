//! Calls written as Python calls: `get_weather(city="Bern")`, one a line, or in a list as ToolACE and BFCL ask for.
//! Arguments become a JSON object; a value that is not a literal is kept as its text.

use std::borrow::Cow;

use super::python;
use super::structured::RawCall;

/// The same, if each argument of each call has its name: any program is a list of calls.
pub(super) fn read_named(text: &str) -> Option<Vec<RawCall<'static>>> {
    let is_named = |call: &RawCall| !call.arguments.contains(UNNAMED);
    read(text).filter(|calls| calls.iter().all(is_named))
}

/// How the arguments without a name begin.
const UNNAMED: &str = "\"args\":[";

/// The calls of a text that is nothing but calls, one a line or in a list. `None` where it is anything else.
pub(super) fn read(text: &str) -> Option<Vec<RawCall<'static>>> {
    let text = text.trim();
    match text.strip_prefix('[') {
        Some(list) => calls(list, &[','], "]"),
        None => calls(text, &['\n', ';'], ""),
    }
}

/// Calls up to `end`, which is the text's end. They are named by a letter first, and by no bracket or quote.
fn calls(text: &str, between: &[char], end: &str) -> Option<Vec<RawCall<'static>>> {
    let mut rest = text.trim_start();
    let mut calls = Vec::new();
    loop {
        let (call, after) = call(rest)?;
        calls.push(call);
        let after = after.trim_start_matches([' ', '\t', '\r']);
        if after.trim() == end {
            return Some(calls);
        }
        let next = after.strip_prefix(between);
        rest = match (next, end) {
            (Some(next), _) => next.trim_start(),
            (None, "]") => after.trim_start().strip_prefix(between)?.trim_start(),
            (None, _) => return None,
        };
    }
}

fn call(text: &str) -> Option<(RawCall<'static>, &str)> {
    let open = text.find(['(', '[', '{', '"', '\'', '=', '\n', ','])?;
    let (name, rest) = text.split_at_checked(open)?;
    let name = name.trim();
    let rest = rest.strip_prefix('(')?;
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let (arguments, rest) = arguments(rest)?;
    let call = RawCall {
        name: Cow::Owned(name.to_owned()),
        arguments: Cow::Owned(arguments),
        ..RawCall::default()
    };
    Some((call, rest))
}

/// The arguments up to the closing bracket, as a JSON object. Those without a name are a list named `args`.
fn arguments(text: &str) -> Option<(String, &str)> {
    let (mut named, mut unnamed) = (Vec::new(), Vec::new());
    let mut rest = text.trim_start();
    while !rest.starts_with(')') {
        let end = value_length(rest)?;
        let (argument, after) = rest.split_at_checked(end)?;
        match key_and_value(argument) {
            Some((key, value)) => named.push(format!("{}:{}", quoted(key), json_of(value))),
            None if argument.trim().is_empty() => return None,
            None => unnamed.push(json_of(argument.trim())),
        }
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    if !unnamed.is_empty() {
        named.push(format!("{UNNAMED}{}]", unnamed.join(",")));
    }
    Some((format!("{{{}}}", named.join(",")), rest.get(1..)?))
}

/// `key=value`
fn key_and_value(argument: &str) -> Option<(&str, &str)> {
    let (key, value) = argument.split_once('=')?;
    let key = key.trim();
    let is_name = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
    (is_name && !value.starts_with('=')).then(|| (key, value.trim()))
}

/// The bytes up to the comma or the bracket that ends an argument.
fn value_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text.get(at..)?.chars().next() {
        match c {
            ',' if depth == 0 => return Some(at),
            ')' | ']' | '}' if depth == 0 => return (c == ')').then_some(at),
            ')' | ']' | '}' => depth -= 1,
            '(' | '[' | '{' => depth += 1,
            '\'' | '"' => {
                at += quoted_length(text.get(at..)?)?;
                continue;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// The bytes of the quoted text at the start.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = ["'''", "\"\"\"", "'", "\""];
    let quote = quote.into_iter().find(|quote| text.starts_with(quote))?;
    let mut at = quote.len();
    loop {
        let rest = text.get(at..)?;
        let found = rest.find([quote.chars().next()?, '\\'])?;
        let rest = rest.get(found..)?;
        if rest.starts_with(quote) {
            return Some(at + found + quote.len());
        }
        at += found + 1;
        if rest.starts_with('\\') {
            at += text.get(at..)?.chars().next()?.len_utf8();
        }
    }
}

/// A Python literal as JSON; anything else as a JSON text.
fn json_of(value: &str) -> String {
    let list = python::to_json(&format!("[{value}]"));
    let json = list.as_deref().and_then(|list| list.strip_prefix('['));
    let json = json.and_then(|json| json.strip_suffix(']'));
    match json {
        Some(json) if !json.is_empty() => json.to_owned(),
        _ => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn called(text: &str) -> Vec<(String, String)> {
        let calls = read(text).unwrap();
        let calls = calls.into_iter();
        calls
            .map(|call| (call.name.into_owned(), call.arguments.into_owned()))
            .collect()
    }

    #[test]
    fn calls_are_read_by_lines_and_from_a_list() {
        let two = [
            ("geo.temp".to_owned(), r#"{"city":"Bern"}"#.to_owned()),
            (
                "Sun Times".to_owned(),
                r#"{"n":2,"x":[true,null]}"#.to_owned(),
            ),
        ];
        let lines = "geo.temp(city=\"Bern\")\nSun Times(n=2, x=[True, None])";
        assert_eq!(called(lines), two);
        let list = "[geo.temp(city='Bern'),\n  Sun Times(n = 2, x=[true, None])]";
        assert_eq!(called(list), two);
    }

    #[test]
    fn values_may_hold_brackets_commas_and_quotes() {
        assert_eq!(
            called(r#"f(a="x, y) = 'z'", b={'k': (1, 2)}, c=now(), d='it\'s')"#),
            [(
                "f".to_owned(),
                r#"{"a":"x, y) = 'z'","b":{"k":[1,2]},"c":"now()","d":"it's"}"#.to_owned()
            )]
        );
        assert_eq!(
            called("f('a', 2)"),
            [("f".to_owned(), r#"{"args":["a",2]}"#.to_owned())]
        );
    }

    #[test]
    fn what_is_no_call_is_not_read() {
        for text in [
            "",
            "[]",
            "hello",
            "[1, 2]",
            "f(",
            "f(a=1",
            "see f(x) there",
            "[f(a=1)",
            "[f()] so",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
