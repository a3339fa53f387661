//! Anthropic's calls in the text: `<invoke name="…"><parameter name="…">…</parameter></invoke>` in a
//! `<function_calls>`. MiniMax and DeepSeek V3.2 put the same between tags of their own, as their chat templates show.

use super::Dialect;
use crate::trace::structured::RawCall;
use crate::trace::tagged::{TaggedCalls, closing, rest, skip_space, text_object, without_newlines};
use std::borrow::Cow;

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[
        ("<function_calls>", |text, at| {
            read(text, at, ("<function_calls>", "</function_calls>"), "")
        }),
        (concat!("<", "antml:function_calls>"), |text, at| {
            let tags = (
                concat!("<", "antml:function_calls>"),
                concat!("</", "antml:function_calls>"),
            );
            read(text, at, tags, "antml:")
        }),
        ("<minimax:tool_call>", |text, at| {
            read(
                text,
                at,
                ("<minimax:tool_call>", "</minimax:tool_call>"),
                "",
            )
        }),
        ("<｜DSML｜function_calls>", |text, at| {
            let tags = ("<｜DSML｜function_calls>", "</｜DSML｜function_calls>");
            read(text, at, tags, "｜DSML｜")
        }),
        ("<invoke name=\"", |text, at| {
            let (call, end) = invoke(text, at, "")?;
            TaggedCalls::many(at..end, vec![call])
        }),
    ],
    ..Dialect::new("invoke")
};

/// The calls between two tags. `space` stands before the names of the tags in between.
fn read(text: &str, start: usize, tags: (&str, &str), space: &str) -> Option<TaggedCalls> {
    let mut at = skip_space(text, start + tags.0.len());
    let mut calls = Vec::new();
    while let Some((call, end)) = invoke(text, at, space) {
        calls.push(call);
        at = skip_space(text, end);
    }
    TaggedCalls::many(start..closing(text, at, tags.1)?, calls)
}

/// One call, and where it ends.
fn invoke(text: &str, start: usize, space: &str) -> Option<(RawCall<'static>, usize)> {
    let (name, mut at) = named(text, start, &format!("<{space}invoke name=\""))?;
    let (open, close) = (
        format!("<{space}parameter name=\""),
        format!("</{space}parameter>"),
    );
    let end = format!("</{space}invoke>");
    let mut parameters = Vec::new();
    at = skip_space(text, at);
    while let Some((key, from)) = named(text, at, &open) {
        let mut to = rest(text, from).find(&close)? + from;
        // A value may hold the closing tag itself.
        loop {
            let after = rest(text, skip_space(text, to + close.len()));
            if after.is_empty() || after.starts_with(&open) || after.starts_with(&end) {
                break;
            }
            to = rest(text, to + 1).find(&close)? + to + 1;
        }
        parameters.push((key, without_newlines(text.get(from..to)?)));
        at = skip_space(text, to + close.len());
    }
    let call = RawCall {
        name: Cow::Owned(name.to_owned()),
        arguments: Cow::Owned(text_object(&parameters)),
        ..RawCall::default()
    };
    Some((call, closing(text, at, &end)?))
}

/// The name in an opening tag, and where the tag ends.
fn named<'t>(text: &'t str, at: usize, open: &str) -> Option<(&'t str, usize)> {
    let name = rest(text, at).strip_prefix(open)?;
    let length = name.find(['"', '<', '\n'])?;
    let attributes = name.get(length..)?.strip_prefix('"')?;
    let end = attributes.find(['>', '<', '\n'])?;
    let is_closed = attributes.get(end..)?.starts_with('>');
    is_closed.then_some((name.get(..length)?, at + open.len() + length + 1 + end + 1))
}
