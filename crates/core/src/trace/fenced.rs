//! Calls that an assistant writes as the last fenced block of its text: SWE-agent's and mini-swe-agent's way.
//! A code block in an ordinary conversation is not a call, so the conversation must show that it follows this way.

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::Dialect;
use super::draft::Draft;
use super::tagged::cut;
use super::vocabulary::{Lookup, VOCABULARY};
use super::{Call, CallForm, Repair, Repairs, Role};

/// What a harness of this way has of its own.
pub(super) struct Fences {
    /// Words by which its prompts tell what belongs in a fence.
    pub prompt_words: &'static [&'static str],
    /// Its own commands: a block that begins with one is a call of that tool, any other is a call of `bash`.
    pub commands: &'static [&'static str],
    /// What a fence's opening line says of a shell's block.
    pub languages: &'static [&'static str],
    /// How a user's message begins that shows what a block at a turn's end did.
    pub answers: &'static [&'static str],
}

impl Fences {
    /// Calls are not written in fences.
    pub const NONE: Fences = Fences {
        prompt_words: &[],
        commands: &[],
        languages: &[],
        answers: &[],
    };
}

/// The ways of all dialects together.
pub(super) struct Protocol {
    prompt_words: Vec<&'static str>,
    commands: Lookup<&'static str>,
    languages: Lookup<()>,
    answers: Vec<&'static str>,
}

impl Protocol {
    pub fn of(table: &[&Dialect]) -> Self {
        let all = || table.iter().map(|dialect| &dialect.fences);
        let commands = all().flat_map(|fences| fences.commands);
        let languages = all().flat_map(|fences| fences.languages);
        let prompt_words = all().flat_map(|fences| fences.prompt_words);
        Protocol {
            prompt_words: prompt_words.copied().collect(),
            commands: Lookup::of(commands.map(|name| (*name, *name))),
            languages: Lookup::of(languages.map(|name| (*name, ()))),
            answers: all().flat_map(|fences| fences.answers).copied().collect(),
        }
    }
}

/// Moves the last block of each turn without calls to its calls, where the conversation follows this way and none of its
/// calls stands in a field of its own.
pub(super) fn take_calls(drafts: &mut [Draft], repairs: &mut Repairs) {
    let mut calls = drafts.iter().flat_map(|draft| &draft.message.calls);
    if calls.any(|call| call.form == CallForm::Structured) {
        return;
    }
    let blocks: Vec<Option<Block>> = drafts.iter().map(|draft| block_of_turn(draft)).collect();
    if !follows_protocol(drafts, &blocks) {
        return;
    }
    let answered: Vec<bool> = (1..=drafts.len())
        .map(|next| {
            drafts
                .get(next)
                .is_none_or(|d| matches!(d.message.role, Role::User | Role::Tool))
        })
        .collect();
    for ((draft, block), answered) in drafts.iter_mut().zip(blocks).zip(answered) {
        let Some(block) = block.filter(|_| answered) else {
            continue;
        };
        let message = &mut draft.message;
        message.calls = vec![block.to_call(&message.text)];
        message.text = cut(&message.text, std::iter::once(block.whole));
        repairs.add(Repair::CallFromFence, 1);
    }
}

/// A fenced block: where it stands with its fences, where its own text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    whole: Range<usize>,
    inner: Range<usize>,
    /// It says that it is a shell's.
    shell: bool,
}

impl Block {
    fn to_call(&self, text: &str) -> Call<'static> {
        let command = text.get(self.inner.clone()).unwrap_or_default();
        let first = command.split_whitespace().next().unwrap_or_default();
        let own = VOCABULARY.fences.commands.get(first);
        let own = own.filter(|_| !self.shell);
        let quoted = serde_json::to_string(command).unwrap_or_default();
        Call {
            id: Cow::Borrowed(""),
            name: Cow::Borrowed(own.unwrap_or("bash")),
            arguments: Cow::Owned(format!("{{\"command\":{quoted}}}")),
            form: CallForm::Fenced,
            answer: None,
        }
    }
}

fn block_of_turn(draft: &Draft) -> Option<Block> {
    if draft.is_turn() && draft.message.calls.is_empty() {
        last_block(&draft.message.text)
    } else {
        None
    }
}

/// Whether the conversation writes its calls in fences: its first messages ask for it and a turn does it, most of several
/// turns end with a block that someone answers, or one ends with a block that is answered as a harness does.
fn follows_protocol(drafts: &[Draft], blocks: &[Option<Block>]) -> bool {
    let turns = drafts.iter().filter(|draft| draft.is_turn()).count();
    let with_block = blocks.iter().flatten().count();
    if with_block == 0 {
        return false;
    }
    let asked = drafts
        .iter()
        .take_while(|draft| !draft.is_turn())
        .any(|draft| asks_for_fences(&draft.message.text));
    let ends = |(draft, block): (&Draft, &Option<Block>)| {
        let text = draft.message.text.trim_end().len();
        block.as_ref().is_some_and(|block| block.whole.end >= text)
    };
    let ending = drafts.iter().zip(blocks).filter(|turn| ends(*turn));
    let answered = || {
        let mut pairs = drafts.iter().zip(blocks).zip(drafts.iter().skip(1));
        pairs.any(|(turn, next)| ends(turn) && is_answer(next))
    };
    asked || (turns >= 3 && ending.count() * 2 > turns) || answered()
}

/// Whether a user's message begins as a harness shows what a block did.
fn is_answer(draft: &Draft) -> bool {
    let text = draft.message.text.trim_start();
    let answers = &VOCABULARY.fences.answers;
    draft.message.role == Role::User && answers.iter().any(|start| text.starts_with(start))
}

/// Whether a prompt shows the protocol: a fence, and words by which a harness tells what belongs in it.
fn asks_for_fences(prompt: &str) -> bool {
    let words = &VOCABULARY.fences.prompt_words;
    prompt.contains("```") && words.iter().any(|words| prompt.contains(words))
}

/// The last closed block of a text, if it is a shell's or says nothing of its language and is not empty.
fn last_block(text: &str) -> Option<Block> {
    let mut open: Option<(usize, usize, &str)> = None;
    let (mut depth, mut last) = (0_usize, None);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let info = info.trim();
        match open {
            None => open = Some((start, end, info)),
            Some(_) if !info.is_empty() => depth += 1,
            Some(_) if depth > 0 => depth -= 1,
            Some((from, body, info)) => {
                last = Some((from..start + 3, body..start, info));
                open = None;
            }
        }
    }
    let (whole, inner, info) = last.filter(|_| open.is_none())?;
    let shell = VOCABULARY.fences.languages.get(info).is_some();
    let trimmed = text.get(inner.clone())?;
    if !(shell || info.is_empty()) || trimmed.trim().is_empty() {
        return None;
    }
    let inner = inner.start..inner.end - usize::from(trimmed.ends_with('\n'));
    Some(Block {
        whole,
        inner,
        shell,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn command(text: &str) -> Option<&str> {
        last_block(text).map(|block| &text[block.inner])
    }

    #[test]
    fn the_last_block_is_the_call() {
        assert_eq!(
            command("see\n```\nls\n```\nthen\n```\ncat a\n```"),
            Some("cat a")
        );
        assert_eq!(command("```bash\nls -l\n```\n"), Some("ls -l"));
    }

    #[test]
    fn a_block_in_a_block_belongs_to_it() {
        assert_eq!(
            command("```\ncreate a.md\n```python\nx\n```\nend\n```"),
            Some("create a.md\n```python\nx\n```\nend")
        );
    }

    #[test]
    fn a_block_of_another_language_or_an_empty_or_open_one_is_no_call() {
        assert_eq!(command("```python\nprint()\n```"), None);
        assert_eq!(command("```\n\n```"), None);
        assert_eq!(command("```\nls\n"), None);
    }
}
