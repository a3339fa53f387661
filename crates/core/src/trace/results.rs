//! One message that holds what several calls gave back, parted into an observation for each call.
//! Templates merge the results of parallel calls, and some datasets write one result a line. The tags in which a template
//! writes a result are not its words.

use std::borrow::Cow;
use std::ops::Range;

use super::draft::{Draft, count};
use super::object::{Object, elements};
use super::{Call, Repair, Repairs, Role, json, reported};

const OPEN: &str = "<tool_response>";
const CLOSE: &str = "</tool_response>";

/// Parts the observations that hold several.
pub(super) fn part(drafts: &mut Vec<Draft>, repairs: &mut Repairs) {
    let pieces: Vec<Vec<Range<usize>>> =
        (0..drafts.len()).map(|at| pieces_at(drafts, at)).collect();
    if pieces.iter().all(Vec::is_empty) {
        return;
    }
    let mut parted = Vec::with_capacity(drafts.len() + 1);
    for (mut draft, pieces) in drafts.drain(..).zip(pieces) {
        match <[Range<usize>; 1]>::try_from(pieces) {
            Ok([only]) => {
                draft.message.text = json::slice(&draft.message.text, only);
                report(&mut draft);
                parted.push(draft);
            }
            Err(pieces) if pieces.is_empty() => parted.push(draft),
            Err(pieces) => {
                repairs.add(Repair::ObservationParted, count(pieces.len()));
                parted.extend(pieces.into_iter().map(|piece| a_piece(&draft, piece)));
            }
        }
    }
    *drafts = parted;
}

/// Where the results stand in the message at `at`; none where it is not an observation that holds several.
fn pieces_at(drafts: &[Draft], at: usize) -> Vec<Range<usize>> {
    let Some(draft) = drafts
        .get(at)
        .filter(|draft| draft.message.role == Role::Tool)
    else {
        return Vec::new();
    };
    let text = &*draft.message.text;
    if text.trim_start().starts_with(OPEN) {
        return blocks(text).unwrap_or_default();
    }
    let before = at.checked_sub(1).and_then(|at| drafts.get(at));
    let calls = before.map_or(0, |turn| turn.message.calls.len());
    let next = drafts.get(at + 1);
    let is_alone = next.is_none_or(|next| next.message.role != Role::Tool);
    if calls < 2 || !is_alone {
        return Vec::new();
    }
    let merged = merged(text);
    if merged.len() == calls {
        return merged;
    }
    let by_line = before.is_some_and(|turn| turn.by_line);
    let called = before.map_or(&[][..], |turn| &turn.message.calls);
    let listed = listed(text);
    if listed.len() == calls && (by_line || are_named(text, &listed, called)) {
        return listed;
    }
    let lines = if by_line { lines(text) } else { Vec::new() };
    if lines.len() == calls {
        lines
    } else {
        Vec::new()
    }
}

/// What stands in `<tool_response>…</tool_response>`, once or more and nothing else.
fn blocks(text: &str) -> Option<Vec<Range<usize>>> {
    let mut blocks = Vec::new();
    let mut start = text.len() - text.trim_start().len();
    let mut at = start;
    loop {
        let end = at + text.get(at..)?.find(CLOSE)? + CLOSE.len();
        let after = text.get(end..)?;
        let next = end + (after.len() - after.trim_start().len());
        let rest = text.get(next..)?;
        at = end;
        if rest.is_empty() || rest.starts_with(OPEN) {
            let inner = start + OPEN.len()..end - CLOSE.len();
            blocks.push(json::trimmed(text, inner));
            start = next;
        }
        if rest.is_empty() {
            return Some(blocks);
        }
    }
}

/// Results between which a template put the tags.
fn merged(text: &str) -> Vec<Range<usize>> {
    const BETWEEN: &str = "\n</tool_response>\n<tool_response>\n";
    let mut start = 0;
    let pieces = text.split(BETWEEN).map(|piece| {
        let range = start..start + piece.len();
        start = range.end + BETWEEN.len();
        range
    });
    pieces.collect()
}

/// The elements of a JSON list.
fn listed(text: &str) -> Vec<Range<usize>> {
    let start = text.as_ptr().addr();
    let ranges = elements(text).into_iter().filter_map(|element| {
        let from = element.as_ptr().addr().checked_sub(start)?;
        Some(from..from + element.len())
    });
    ranges.collect()
}

/// Whether each of these objects has the name of its call: `[{"name": "f", "results": …}, …]`.
fn are_named(text: &str, results: &[Range<usize>], calls: &[Call]) -> bool {
    results.iter().zip(calls).all(|(result, call)| {
        let result = text.get(result.clone()).and_then(Object::read);
        result.is_some_and(|result| result.is("name", &call.name))
    })
}

/// The lines with words.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let range = start..start + line.len();
        start = range.end + 1;
        json::trimmed(text, range)
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// A message like this one with a piece of its text.
fn a_piece<'a>(draft: &Draft<'a>, piece: Range<usize>) -> Draft<'a> {
    let mut part = Draft::new(Role::Tool, json::slice(&draft.message.text, piece));
    part.message.reported = draft.message.reported;
    part.message.weight = draft.message.weight;
    part.message.copied = draft.message.copied;
    part.answers = Cow::Borrowed("");
    report(&mut part);
    part
}

/// Notes how the call ended, where the observation is Hermes' own: `{tool_call_id, name, content: {exit_code, error, …}}`.
fn report(draft: &mut Draft) {
    let message = &mut draft.message;
    let Some(result) = Object::read(&message.text) else {
        return;
    };
    if result.has("tool_call_id") && result.has("content") {
        let said = reported::of_result(&result.object("content"));
        message.reported = reported::both(message.reported, said);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn blocks_are_parted_only_where_nothing_else_is_there() {
        let two = "<tool_response>\na\n</tool_response>\n<tool_response>\nb\n</tool_response>\n";
        let found = blocks(two).unwrap();
        assert_eq!((found.len(), &two[found[1].clone()]), (2, "b"));
        let one = "<tool_response>\na\n</tool_response>";
        let found = blocks(one).unwrap();
        assert_eq!((found.len(), &one[found[0].clone()]), (1, "a"));
        assert_eq!(blocks("<tool_response>a</tool_response> so"), None);
        let quoted = "<tool_response>print </tool_response> here\n</tool_response>";
        let found = blocks(quoted).unwrap();
        assert_eq!(&quoted[found[0].clone()], "print </tool_response> here");
    }
}
