//! CodeAct's tags, by which OpenDevin and early OpenHands called: `<execute_bash>`, `<execute_ipython>`, `<execute_browse>`.
//! <https://github.com/xingyaoww/code-act>; OpenHands 0.1 to 0.13, `agenthub/codeact_agent`

use super::Dialect;
use crate::trace::tagged::{TaggedCalls, rest, text_object};

pub(super) const DIALECT: Dialect = Dialect {
    tags: &[
        ("<execute_bash>", |text, at| {
            read(text, at, "execute_bash", "command")
        }),
        ("<execute_ipython>", |text, at| {
            read(text, at, "execute_ipython", "code")
        }),
        ("<execute_browse>", |text, at| {
            read(text, at, "execute_browse", "code")
        }),
        ("<execute>", |text, at| read(text, at, "execute", "code")),
    ],
    ..Dialect::new("code_act")
};

/// What stands between the tags is the tool's one argument.
fn read(text: &str, start: usize, tool: &str, argument: &str) -> Option<TaggedCalls> {
    let from = start + tool.len() + 2;
    let close = format!("</{tool}>");
    let to = rest(text, from).find(&close)? + from;
    let value = text.get(from..to)?.trim();
    let range = start..to + close.len();
    Some(TaggedCalls::one(
        range,
        tool,
        text_object(&[(argument, value)]),
    ))
}
