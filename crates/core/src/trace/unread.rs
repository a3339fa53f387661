//! Text that looks like tool calls of a form that no dialect reads, in a run in which no call was found: counts of calls that
//! are 0 then say nothing, and the page says so.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Message, Role, Trajectory};

/// Bytes that are shown of such a text.
const SAMPLE: usize = 160;

/// Words that hardly stand in a text but where a tool is called.
const MARKS: [&str; 14] = [
    "<tool",
    "</tool",
    "<function",
    "<invoke",
    "<action",
    "<command",
    "<execute",
    "<call",
    "<|tool",
    "<|call",
    "[TOOL",
    "```tool",
    "Action:",
    "tool_code",
];

/// Pairs of keys that stand in one JSON object where it is a call.
const KEYS: [[&str; 2]; 5] = [
    ["\"name\"", "\"arguments\""],
    ["\"name\"", "\"parameters\""],
    ["\"tool\"", "\"args\""],
    ["\"tool\"", "\"input\""],
    ["\"action\"", "\"action_input\""],
];

/// The beginning of what looks like a call, where a run has no calls; at most 160 bytes. `None` where nothing does.
pub(crate) fn sample<'t>(trajectory: &'t Trajectory) -> Option<&'t str> {
    let messages = &trajectory.messages;
    if messages.iter().any(|message| !message.calls.is_empty()) {
        return None;
    }
    let mut turns = messages.iter().filter(|m| m.role == Role::Assistant);
    turns.find_map(in_turn)
}

/// All of [`MARKS`], then the first of each of [`KEYS`], looked for in one pass: most texts hold none of them.
static ANY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let keys = KEYS.iter().map(|[first, _]| *first);
    let mut search = AhoCorasick::builder();
    // Only so does it search with vector instructions.
    search.match_kind(MatchKind::LeftmostFirst);
    search.build(MARKS.into_iter().chain(keys)).ok()
});

fn in_turn<'t>(turn: &'t Message) -> Option<&'t str> {
    let text = &*turn.text;
    let mut found = ANY.as_ref()?.find_iter(text).peekable();
    found.peek()?;
    // No mark begins within a key, so that none is passed over.
    let mark = found.find(|found| found.pattern().as_usize() < MARKS.len());
    let keys = KEYS.iter().filter_map(|[first, second]| {
        let at = text.find(first)?;
        text.contains(second).then(|| {
            let before = text.get(..at).unwrap_or_default();
            before.rfind('{').unwrap_or(at)
        })
    });
    let at = keys.chain(mark.map(|mark| mark.start())).min()?;
    let rest = text.get(at..)?;
    Some(crate::ground::text::head(rest, SAMPLE))
}
