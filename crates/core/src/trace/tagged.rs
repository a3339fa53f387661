//! Calls that an assistant writes in its text between tags, such as `<function=name>…</function>`: each form opens with
//! a tag of its own and is read by its dialect. What is not well-formed stays text.

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::Dialect;
use super::draft::{Draft, count};
use super::json;
use super::structured::RawCall;
use super::vocabulary::VOCABULARY;
use super::{Call, CallForm, Repair, Repairs};

/// Reads the calls whose tag opens at this byte of the text; `None` where they are not well-formed.
pub(super) type ReadTag = fn(&str, usize) -> Option<TaggedCalls>;

/// Calls in a text, within one pair of tags.
pub(super) struct TaggedCalls {
    /// Where they stand, their tags included.
    pub range: Range<usize>,
    /// In order, at least one.
    pub calls: Vec<RawCall<'static>>,
}

/// The tags by which calls open, in all dialects.
pub(super) struct Tags {
    readers: Vec<(&'static str, ReadTag)>,
    /// The letters with which tags begin, each once.
    initials: Vec<char>,
}

impl Tags {
    pub fn of(table: &[&Dialect]) -> Self {
        let readers = table.iter().flat_map(|dialect| dialect.tags).copied();
        let readers: Vec<(&'static str, ReadTag)> = readers.collect();
        let mut initials: Vec<char> = readers
            .iter()
            .filter_map(|(tag, _)| tag.chars().next())
            .collect();
        initials.sort_unstable();
        initials.dedup();
        Tags { readers, initials }
    }

    /// Who reads on, where the text begins with one of the tags.
    fn reader(&self, text: &str) -> Option<ReadTag> {
        let tag = self.readers.iter().find(|(tag, _)| text.starts_with(tag));
        tag.map(|(_, read)| *read)
    }
}

/// Where a tag may open in a text. Each initial is looked for once over the whole text.
struct Openings<'t> {
    text: &'t str,
    /// The next place of each initial; `None` where there are no more.
    next: Vec<(char, Option<usize>)>,
}

impl<'t> Openings<'t> {
    fn of(text: &'t str, tags: &Tags) -> Self {
        let initials = tags.initials.iter();
        Openings {
            text,
            next: initials.map(|c| (*c, text.find(*c))).collect(),
        }
    }

    /// The first place from `at` on.
    fn from(&mut self, at: usize) -> Option<usize> {
        for (initial, next) in &mut self.next {
            if next.is_some_and(|next| next < at) {
                *next = rest(self.text, at).find(*initial).map(|found| at + found);
            }
        }
        self.next.iter().filter_map(|(_, next)| *next).min()
    }
}

/// Moves the calls out of the assistant's texts, in order. A message with calls in fields of their own is left as it is.
pub(super) fn take_calls(drafts: &mut [Draft], repairs: &mut Repairs) {
    for draft in drafts.iter_mut().filter(|draft| draft.is_turn()) {
        let message = &mut draft.message;
        if !message.calls.is_empty() {
            continue;
        }
        let found = find_calls(&message.text);
        if found.is_empty() {
            continue;
        }
        message.text = cut(&message.text, found.iter().map(|f| f.range.clone()));
        let calls = found.into_iter().flat_map(|found| found.calls);
        message.calls = calls.map(written_call).collect();
        repairs.add(Repair::CallFromXml, count(message.calls.len()));
    }
}

fn written_call(call: RawCall<'static>) -> Call<'static> {
    Call {
        id: call.id,
        name: call.name,
        arguments: call.arguments,
        form: CallForm::Xml,
        answer: None,
    }
}

/// The text without the ranges, which are in order; whitespace at the cuts is trimmed, rests are joined by a blank line.
pub(super) fn cut<'a>(
    text: &Cow<'a, str>,
    ranges: impl Iterator<Item = Range<usize>>,
) -> Cow<'a, str> {
    let mut rests = Vec::new();
    let mut from = 0;
    for range in ranges {
        rests.push(from..range.start);
        from = range.end;
    }
    let first = rests.first().map_or(0, |rest| rest.start);
    rests.push(from..text.len());
    json::join_all(rests.into_iter().map(|rest| {
        let part = text.get(rest.clone()).unwrap_or_default();
        let end = rest.start + part.trim_end().len();
        let lead = part.len() - part.trim_start().len();
        let start = if rest.start == first {
            rest.start
        } else {
            rest.start + lead
        };
        json::slice(text, start.min(end)..end)
    }))
}

/// After so many tags that are not a call, a text is left as it is: each may have cost a look at the whole text.
const MOST_FAILURES: usize = 16;

/// All calls of a text, in order.
fn find_calls(text: &str) -> Vec<TaggedCalls> {
    let tags = &VOCABULARY.tags;
    let mut openings = Openings::of(text, tags);
    let mut found = Vec::new();
    let (mut at, mut failures) = (0, 0);
    while let Some(start) = openings.from(at) {
        at = start + 1;
        let Some(read) = tags.reader(rest(text, start)) else {
            continue;
        };
        match read(text, start) {
            Some(calls) => {
                at = calls.range.end.max(at);
                found.push(calls);
            }
            None if failures == MOST_FAILURES => break,
            None => failures += 1,
        }
    }
    found
}

/// The rest of the text from `at` on.
pub(super) fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// Where the whitespace from `at` on ends.
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    let rest = rest(text, at);
    at + (rest.len() - rest.trim_start().len())
}
