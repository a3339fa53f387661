//! The parts of one message, laid out: what is said, thought and called in one draft, each tool result in its own.
//! Reasoning that stands in an assistant's text (`<think>…</think>`) is taken out here.

use std::borrow::Cow;
use std::collections::HashSet;

use super::dialect::harmony;
use super::draft::{Draft, count, structured_call};
use super::json;
use super::media;
use super::message::Beside;
use super::parts::Part;
use super::tagged::written_call;
use super::{Call, Media, Repair, Repairs, Reported, Role};

/// One message being laid out into drafts.
pub(super) struct Layout<'a, 'd> {
    role: Role,
    /// The id of the call that the message answers.
    answers: Cow<'a, str>,
    text: Cow<'a, str>,
    /// What was thought, in a field of the message.
    thought: Cow<'a, str>,
    /// What was thought, in its parts.
    reasoning: Cow<'a, str>,
    calls: Vec<Call<'a>>,
    /// The ids of calls that stand in a field of the message, once a part is a call, too: it may be one of them.
    known: Option<HashSet<String>>,
    media: Vec<Media<'a>>,
    beside: Beside,
    drafts: &'d mut Vec<Draft<'a>>,
    repairs: &'d mut Repairs,
    /// A result became a draft of its own.
    split: bool,
}

impl<'a, 'd> Layout<'a, 'd> {
    /// A message of that speaker, with what its own fields hold beside its text.
    pub fn new(
        role: Role,
        answers: Cow<'a, str>,
        thought: Cow<'a, str>,
        calls: Vec<Call<'a>>,
        beside: Beside,
        drafts: &'d mut Vec<Draft<'a>>,
        repairs: &'d mut Repairs,
    ) -> Self {
        Layout {
            role,
            answers,
            text: Cow::Borrowed(""),
            thought,
            reasoning: Cow::Borrowed(""),
            calls,
            known: None,
            media: Vec::new(),
            beside,
            drafts,
            repairs,
            split: false,
        }
    }

    /// Lays out one part.
    pub fn add(&mut self, part: Part<'a>) {
        match part {
            Part::Text(text) => match self.medium(&text) {
                Some(media) => self.add(Part::Media(media)),
                None => self.add_text(text),
            },
            Part::Step => {}
            Part::HiddenThought => self.repairs.add(Repair::ThoughtHidden, 1),
            Part::Reasoning(text) => self.add_reasoning(text),
            Part::Call(call) => self.add_call(structured_call(call)),
            Part::Result { id, text, reported } => self.add_result(id, text, reported),
            Part::Media(media) => {
                self.repairs.add(Repair::MediaPlaceholder, 1);
                self.add_text(Cow::Borrowed(media.kind.placeholder()));
                self.media.push(media);
            }
            Part::ResultMedia(media) => {
                self.repairs.add(Repair::MediaPlaceholder, 1);
                if let Some(result) = self.drafts.last_mut() {
                    result.message.media.push(media);
                }
            }
        }
    }

    /// The message is whole.
    pub fn finish(mut self) {
        if !self.split || !self.is_empty() {
            self.flush();
        }
    }

    fn add_text(&mut self, text: Cow<'a, str>) {
        self.text = json::join(std::mem::take(&mut self.text), text);
    }

    /// A thought, unless a field of the message has the same.
    fn add_reasoning(&mut self, text: Cow<'a, str>) {
        if !json::same_words(&self.thought, &text) {
            self.reasoning = json::join(std::mem::take(&mut self.reasoning), text);
        }
    }

    /// A call, unless a field of the message has the same: LangChain's messages have Anthropic's calls in both places.
    fn add_call(&mut self, call: Call<'a>) {
        let known = self.known.get_or_insert_with(|| {
            let ids = self.calls.iter().map(|call| call.id.to_string());
            ids.filter(|id| !id.is_empty()).collect()
        });
        if !known.contains(&*call.id) {
            self.calls.push(call);
        }
    }

    /// The medium that a text is, if it is nothing but a `data:` URL. What the assistant writes is always its words.
    fn medium(&self, text: &str) -> Option<Media<'a>> {
        let is_turn = self.role == Role::Assistant;
        media::of_data_url(text).filter(|_| !is_turn)
    }

    fn add_result(&mut self, id: Cow<'a, str>, text: Cow<'a, str>, reported: Option<Reported>) {
        if !self.is_empty() {
            self.flush();
        }
        if let Some(media) = media::of_data_url(&text) {
            let placeholder = Cow::Borrowed(media.kind.placeholder());
            self.add_result(id, placeholder, reported);
            self.add(Part::ResultMedia(media));
            return;
        }
        let from_user = self.role == Role::User;
        self.repairs
            .add(Repair::ObservationFromUser, u32::from(from_user));
        let mut draft = self.draft(Role::Tool, text);
        draft.message.reported = reported.or(self.beside.reported);
        draft.answers = json::either(id, self.answers.clone());
        self.drafts.push(draft);
        self.split = true;
    }

    /// A draft with what the message says beside its text.
    fn draft(&mut self, role: Role, text: Cow<'a, str>) -> Draft<'a> {
        let mut draft = Draft::new(role, text);
        draft.message.weight = self.beside.weight;
        draft.message.copied = self.beside.copied;
        draft.answers_turn = self.beside.answers_turn && role == Role::Tool;
        draft.message.media = std::mem::take(&mut self.media);
        draft
    }

    fn is_empty(&self) -> bool {
        let mut texts = [&self.text, &self.thought, &self.reasoning].into_iter();
        texts.all(|text| text.is_empty()) && self.calls.is_empty()
    }

    /// Makes a draft of what was laid out so far. Only the assistant thinks and calls: another speaker's reasoning
    /// joins the text, another speaker's calls become an assistant's message.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let thought = std::mem::take(&mut self.thought);
        let reasoning = json::join(thought, std::mem::take(&mut self.reasoning));
        let calls = std::mem::take(&mut self.calls);
        if self.role == Role::Assistant {
            self.push_turn(text, reasoning, calls);
            return;
        }
        let mut draft = self.draft(self.role, json::join(reasoning, text));
        if self.role == Role::Tool {
            draft.message.reported = self.beside.reported;
        }
        draft.answers = self.answers.clone();
        self.drafts.push(draft);
        if !calls.is_empty() {
            self.push_turn(Cow::Borrowed(""), Cow::Borrowed(""), calls);
        }
    }

    fn push_turn(&mut self, text: Cow<'a, str>, reasoning: Cow<'a, str>, calls: Vec<Call<'a>>) {
        let (text, reasoning, calls) = match harmony::split(&text) {
            None => (text, reasoning, calls),
            Some(said) => {
                let found = u32::from(!said.thought.is_empty());
                self.repairs.add(Repair::ReasoningFromText, found);
                self.repairs
                    .add(Repair::CallFromXml, count(said.calls.len()));
                let written = said.calls.into_iter().map(written_call);
                let calls = calls.into_iter().chain(written).collect();
                let thought = json::join(reasoning, Cow::Owned(said.thought));
                (Cow::Owned(said.text), thought, calls)
            }
        };
        let (text, reasoning) = match split_think(&text) {
            None => (text, reasoning),
            Some((thought, rest)) => {
                self.repairs.add(Repair::ReasoningFromText, 1);
                (rest, json::join(reasoning, thought))
            }
        };
        let mut draft = self.draft(Role::Assistant, text);
        draft.message.reasoning = reasoning;
        draft.message.calls = calls;
        self.drafts.push(draft);
    }
}

/// The tags around reasoning; Mistral's and Seed's models have their own.
const THINK: [(&str, &str); 3] = [
    ("<think>", "</think>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
];

/// The reasoning at a text's start and the text after it; `None` where there is none or it never ends.
fn split_think<'a>(text: &Cow<'a, str>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let start = text.len() - text.trim_start().len();
    let body = text.get(start..)?;
    let opened = THINK.iter().find(|(open, _)| body.starts_with(open));
    let (from, to, rest) = match opened {
        Some((open, close)) => {
            let from = start + open.len();
            let to = from + text.get(from..)?.find(close)?;
            (from, to, to + close.len())
        }
        None => {
            let to = lone_close(text)?;
            (start, to, to + LONE_CLOSE.len())
        }
    };
    let thought = json::trimmed(text, from..to);
    let after = text.get(rest..)?;
    let rest = rest + (after.len() - after.trim_start().len());
    Some((
        json::slice(text, thought),
        json::slice(text, rest..text.len()),
    ))
}

/// The tag that stands alone where a template took the opening one.
const LONE_CLOSE: &str = "</think>";

/// Where reasoning ends of which a template took the opening tag: at a closing tag of which no opening one comes before.
/// One in quotes or in a fence is only named.
fn lone_close(text: &str) -> Option<usize> {
    if !text.contains(LONE_CLOSE) {
        return None; // known several times sooner than where one would be
    }
    let to = text.find(LONE_CLOSE)?;
    let (before, after) = (text.get(..to)?, text.get(to + LONE_CLOSE.len()..)?);
    let is_quote = |c: char| matches!(c, '`' | '"' | '\'' | '|' | '\\');
    let is_named = before.ends_with(is_quote) || after.starts_with(is_quote);
    let is_fenced = before.matches("```").count() % 2 == 1;
    let is_lone = !is_named && !is_fenced && !before.contains("<think>");
    is_lone.then_some(to)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reasoning_at_the_start_is_parted_from_the_text() {
        let (thought, rest) = split_think(&"\n<think>\nwhy\n</think>\n\nso".into()).unwrap();
        assert_eq!((&*thought, &*rest), ("why", "so"));
        let (thought, rest) = split_think(&"[THINK]why[/THINK]so".into()).unwrap();
        assert_eq!((&*thought, &*rest), ("why", "so"));
    }

    #[test]
    fn a_lone_closing_tag_ends_the_reasoning_unless_it_is_only_named() {
        let (thought, rest) = split_think(&"why\n</think>\n\nso".into()).unwrap();
        assert_eq!((&*thought, &*rest), ("why", "so"));
        let (thought, rest) = split_think(&"why</think>so".into()).unwrap();
        assert_eq!((&*thought, &*rest), ("why", "so"));
        assert_eq!(split_think(&"end it with `</think>` then".into()), None);
        assert_eq!(split_think(&"```\n</think>\n```".into()), None);
        assert_eq!(split_think(&"so <think>why\n</think>\n".into()), None);
    }

    #[test]
    fn reasoning_that_never_ends_or_stands_elsewhere_stays_text() {
        assert_eq!(split_think(&"<think> on and on".into()), None);
        assert_eq!(split_think(&"so <think>why</think>".into()), None);
    }
}
