//! Calls that an assistant writes in its text between tags, such as `<function=name>…</function>`: each form opens with
//! a tag of its own and is read by its dialect. What is not well-formed stays text.

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::Dialect;
use super::draft::{Draft, count};
use super::json;
use super::structured::{RawCall, RawCalls, calls_at, calls_in_text};
use super::vocabulary::VOCABULARY;
use super::{Call, CallForm, Message, Repair, Repairs};

/// Reads the calls whose tag opens at this byte of the text; `None` where they are not well-formed.
pub(super) type ReadTag = fn(&str, usize) -> Option<TaggedCalls>;

/// Calls in a text, within one pair of tags.
#[derive(Debug, Default)]
pub(super) struct TaggedCalls {
    /// Where they stand, their tags included.
    pub range: Range<usize>,
    /// In order, at least one.
    pub calls: Vec<RawCall<'static>>,
    /// What stands between the tags beside the calls.
    pub aside: Vec<String>,
}

impl TaggedCalls {
    /// One call.
    pub fn one(range: Range<usize>, name: &str, arguments: String) -> Self {
        let call = RawCall {
            name: Cow::Owned(name.to_owned()),
            arguments: Cow::Owned(arguments),
            ..RawCall::default()
        };
        TaggedCalls::many(range, vec![call]).unwrap_or_default()
    }

    /// Several calls; `None` where there are none.
    pub fn many(range: Range<usize>, calls: Vec<RawCall<'static>>) -> Option<Self> {
        (!calls.is_empty()).then_some(TaggedCalls {
            range,
            calls,
            aside: Vec::new(),
        })
    }

    /// Calls that were read as JSON or Python.
    pub fn read(range: Range<usize>, calls: RawCalls<'static>) -> Self {
        TaggedCalls {
            range,
            calls: calls.calls,
            aside: calls.aside,
        }
    }
}

/// The tags by which calls open, in all dialects.
pub(super) struct Tags {
    readers: Vec<(&'static str, ReadTag)>,
    /// The letters with which tags begin, each once.
    initials: Vec<char>,
    /// The bytes that follow them, each once.
    seconds: Vec<u8>,
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
        let seconds = readers.iter().filter_map(|(tag, _)| tag.as_bytes().get(1));
        let mut seconds: Vec<u8> = seconds.copied().collect();
        seconds.sort_unstable();
        seconds.dedup();
        Tags {
            readers,
            initials,
            seconds,
        }
    }

    /// Those who read on, where the text begins with one of the tags.
    fn readers(&self, text: &str) -> impl Iterator<Item = ReadTag> {
        let second = text.as_bytes().get(1);
        let may_be = second.is_some_and(|byte| self.seconds.contains(byte));
        let readers = if may_be { &*self.readers } else { &[] };
        let tags = readers.iter().filter(move |(tag, _)| text.starts_with(tag));
        tags.map(|(_, read)| *read)
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
        take(message, found, repairs);
    }
}

/// Moves these calls out of the text; what stood beside them in their tags stays in it.
pub(super) fn take(message: &mut Message, found: Vec<TaggedCalls>, repairs: &mut Repairs) {
    message.text = cut(&message.text, found.iter().map(|f| f.range.clone()));
    for found in found {
        message
            .calls
            .extend(found.calls.into_iter().map(written_call));
        for aside in found.aside {
            let text = std::mem::take(&mut message.text);
            message.text = json::join(text, Cow::Owned(aside));
        }
    }
    repairs.add(Repair::CallFromXml, count(message.calls.len()));
}

/// A call that stood in the text.
pub(super) fn written_call<'a>(call: RawCall<'a>) -> Call<'a> {
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
        let mut readers = tags.readers(rest(text, start)).peekable();
        if readers.peek().is_none() {
            continue;
        }
        match readers.find_map(|read| read(text, start)) {
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

/// Calls in JSON between two tags, or in Python. The closing tag may be missing at the text's end.
pub(super) fn json_between(text: &str, start: usize, tags: (&str, &str)) -> Option<TaggedCalls> {
    let body = skip_space(text, start + tags.0.len());
    let (calls, inner_end) = match calls_at(rest(text, body)) {
        Some((calls, length)) => (calls, body + length),
        None => {
            let close = rest(text, body).find(tags.1)? + body;
            let python = text.get(body..close).unwrap_or_default();
            (calls_in_text(python)?, close)
        }
    };
    let end = closing(text, inner_end, tags.1)?;
    Some(TaggedCalls::read(start..end, calls))
}

/// Where the closing tag ends that follows from `at` on, or the text; `None` where something else follows.
pub(super) fn closing(text: &str, at: usize, tag: &str) -> Option<usize> {
    let at = skip_space(text, at);
    match rest(text, at) {
        "" => Some(text.len()),
        closing if closing.starts_with(tag) => Some(at + tag.len()),
        _ => None,
    }
}

/// The tags of a section of calls, each with a tag of its own.
pub(super) struct Section {
    pub open: &'static str,
    pub call: &'static str,
    pub end: &'static str,
    pub close: &'static str,
}

impl Section {
    /// Reads the section that opens at this byte, each call by `read`. Its closing tag may be missing at the text's end.
    pub fn read(
        &self,
        text: &str,
        start: usize,
        read: fn(&str) -> Option<RawCall<'static>>,
    ) -> Option<TaggedCalls> {
        let mut at = skip_space(text, start + self.open.len());
        let mut calls = Vec::new();
        while rest(text, at).starts_with(self.call) {
            let from = at + self.call.len();
            let to = rest(text, from).find(self.end)? + from;
            calls.push(read(text.get(from..to)?)?);
            at = skip_space(text, to + self.end.len());
        }
        let end = closing(text, at, self.close)?;
        TaggedCalls::many(start..end, calls)
    }
}

/// The first of these tokens in a text, `<|…|>`, and where it stands. The text is looked through once for all of them.
pub(super) fn first_token(text: &str, tokens: &[&'static str]) -> Option<(usize, &'static str)> {
    let places = text.match_indices("<|").map(|(at, _)| at);
    let mut found = places.filter_map(|at| {
        let here = rest(text, at);
        let token = tokens.iter().find(|token| here.starts_with(**token))?;
        Some((at, *token))
    });
    found.next()
}

/// A compact JSON object of text values, in their order.
pub(super) fn text_object(fields: &[(&str, &str)]) -> String {
    let mut json = String::from("{");
    for (key, value) in fields {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&serde_json::to_string(key).unwrap_or_default());
        json.push(':');
        json.push_str(&serde_json::to_string(value).unwrap_or_default());
    }
    json.push('}');
    json
}

/// A value without one newline at each end.
pub(super) fn without_newlines(value: &str) -> &str {
    let value = value.strip_prefix('\n').unwrap_or(value);
    value.strip_suffix('\n').unwrap_or(value)
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
