//! The world in which a chat template runs: the one that `transformers.apply_chat_template` gives it, Python's methods
//! and `json.dumps` included, as far as a template can tell.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use super::{budget, json};

/// What a template itself says against a conversation.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refusal(pub String);

/// The day that a template is told, 26 July 2024 (Llama's own default): a count must not change from day to day.
const TODAY: i64 = 1_721_952_000;

/// How deep loops and macros may call each other, as minijinja counts: a macro is some ten.
const MOST_CALLS: usize = 250;

/// An environment without templates.
pub(super) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_recursion_limit(MOST_CALLS);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_formatter(write_as_python);
    budget::charge_all(&mut environment);
    // Not one of Jinja's: it writes out all that there is.
    environment.remove_global("debug");
    environment.add_test("iterable", is_iterable);
    environment.add_filter("tojson", json::tojson);
    environment.add_function("raise_exception", raise_exception);
    environment.add_function("strftime_now", strftime_now);
    Ok(environment)
}

/// A value where it is written out. Floats are the only ones that Python writes in another way.
fn write_as_python(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.kind() == ValueKind::Number && !value.is_integer() {
        let float = f64::try_from(value.clone())?;
        return out.write_str(&json::float(float)).map_err(Error::from);
    }
    if value.as_str().is_none() {
        budget::charge(state, value)?;
    }
    minijinja::escape_formatter(out, state, value)
}

/// Whether Python could go through a value: nothing at all has no items.
fn is_iterable(value: &Value) -> bool {
    !value.is_none() && value.try_iter().is_ok()
}

fn raise_exception(state: &State, why: &Value) -> Result<Value, Error> {
    budget::charge(state, why)?;
    let why = why.to_string();
    Err(Error::new(ErrorKind::InvalidOperation, why.clone()).with_source(Refusal(why)))
}

fn strftime_now(format: &str) -> Result<Value, Error> {
    let today = DateTime::<Utc>::from_timestamp(TODAY, 0).unwrap_or_default();
    let mut text = String::new();
    // A format that chrono does not know is an error of writing, and would be a panic of `to_string`.
    match write!(text, "{}", today.format(format)) {
        Ok(()) => Ok(Value::from(text)),
        Err(_) => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("“{format}” is not a date format"),
        )),
    }
}

/// The template without the tags around what an assistant says, which only mark a trainer's mask: a block of its own
/// names takes their place.
pub(super) fn without_generation_tags(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find("{%") {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find("%}").map_or(tag.len(), |end| end + 2);
        let (tag, after) = tag.split_at(end);
        let inner = tag.trim_start_matches("{%").trim_end_matches("%}");
        match inner.trim_matches(|c: char| c.is_whitespace() || "+-".contains(c)) {
            "generation" => out.push_str(&tag.replace("generation", "with")),
            "endgeneration" => out.push_str(&tag.replace("endgeneration", "endwith")),
            _ => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
