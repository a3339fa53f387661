//! The one form of a trajectory, whatever harness wrote it down: labels, outcome, messages, calls, tools, patches.
//! Every later stage knows rows by these types only.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Repairs;

/// What an agent did on one task, from the system prompt to its last word, whatever harness wrote it down.
///
/// The order of [`messages`](Self::messages) is the order of the row; no message is dropped and no text of one is
/// lost: text that was cut out of a message stands in exactly one of the message's `text`, its `reasoning` or one
/// of its `calls`. Texts are borrowed from the row where the row holds them unescaped.
///
/// Pairing is done here, once: an observation knows its call ([`Message::answers`]) and a call knows its
/// observation ([`Call::answer`]), by id where the row has ids and first call first where it has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory<'a> {
    /// What the row says of itself.
    pub labels: Labels<'a>,
    /// Whether the task was solved.
    pub outcome: Outcome,
    /// Every message, in order.
    pub messages: Vec<Message<'a>>,
    /// The tools the agent was given, in order.
    pub tools: Vec<Tool<'a>>,
    /// The agent's final patch; `None` where the row has none or says null, `Some("")` where it is empty.
    pub model_patch: Option<Cow<'a, str>>,
    /// The patch that solved the task upstream.
    pub reference_patch: Option<Cow<'a, str>>,
    /// What the row declares of the model's patch, right or wrong.
    pub declared: Option<Declared>,
    /// What the row declares of the reference patch.
    pub reference_declared: Option<Declared>,
    /// How the run ended, as the row says: `submitted`, `exit_cost`, `max_step_limit`, …
    pub exit: Option<Cow<'a, str>>,
    /// Whether the dataset itself says that the agent looked into the repository's future.
    pub git_hack: Option<bool>,
    /// Which thread of a session it is.
    pub thread: Thread,
    /// What was mended while reading.
    pub repairs: Repairs,
}

/// Which thread of a session a trajectory is: most sessions have the main one only.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Thread {
    /// The thread that ends last, or the only one.
    #[default]
    Main,
    /// A thread that leaves the main one and does not come back.
    Branch,
    /// What an agent did for another agent, which called it.
    Subagent,
}

impl Thread {
    /// The word of the address and of the table.
    pub fn name(self) -> &'static str {
        match self {
            Thread::Main => "main",
            Thread::Branch => "branch",
            Thread::Subagent => "subagent",
        }
    }
}

/// What a dataset declares of a patch beside its text. It is shown where the text was not read, and never believed
/// where it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Files touched.
    pub files: Option<u64>,
    /// Lines changed; how they are counted is the dataset's own affair.
    pub lines: Option<u64>,
}

/// A row's names and kinds; each is `None` where neither the row nor its place in the dataset says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels<'a> {
    /// This run.
    pub trajectory_id: Option<Cow<'a, str>>,
    /// The task; several trajectories may share it.
    pub instance_id: Option<Cow<'a, str>>,
    /// `owner/name`.
    pub repo: Option<Cow<'a, str>>,
    /// The repository's licence.
    pub license: Option<Cow<'a, str>>,
    /// The repository's main language, as the row spells it.
    pub language: Option<Cow<'a, str>>,
    /// The program that ran the agent: `openhands`, `sweagent`, …
    pub harness: Option<Cow<'a, str>>,
    /// The model that wrote the trajectory.
    pub teacher: Option<Cow<'a, str>>,
    /// The task's kind: `bug-fix`, `enhancement`, …
    pub category: Option<Cow<'a, str>>,
    /// Where the row is from: the dataset, or the file in which it stands.
    pub source: Option<Cow<'a, str>>,
}

/// Whether the task was solved. A row without a verdict is `Unknown`: never a failure, never a success.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The task's tests pass.
    Success,
    /// A reward between none and full.
    Partial,
    /// The task's tests fail.
    Failure,
    /// No verdict.
    #[default]
    Unknown,
}

impl Outcome {
    /// Every outcome, best first.
    pub const ALL: [Outcome; 4] = [
        Outcome::Success,
        Outcome::Partial,
        Outcome::Failure,
        Outcome::Unknown,
    ];

    /// What an outcome is, in words for the page.
    pub const DEFINITION: &'static str = "Whether the task's tests pass after the run, as the dataset says. Unknown \
        means that there is no verdict: such a run counts in no success rate, neither as a success nor as a failure.";

    /// The word of the address and of the table.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Partial => "partial",
            Outcome::Failure => "failure",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The harness's instructions.
    System,
    /// The task, or a person's word.
    User,
    /// The agent.
    Assistant,
    /// An observation: what a call gave back.
    Tool,
}

impl Role {
    /// The word trainers use.
    pub fn name(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        }
    }
}

/// One message. Only assistants have `reasoning` and `calls`; only observations have `answers` and `reported`.
#[derive(Debug, Clone, PartialEq)]
pub struct Message<'a> {
    /// Who speaks.
    pub role: Role,
    /// What is said, without reasoning and without calls that were written in the text.
    pub text: Cow<'a, str>,
    /// What was thought before; empty where nothing was.
    pub reasoning: Cow<'a, str>,
    /// What the agent asks its tools to do, in order.
    pub calls: Vec<Call<'a>>,
    /// The call that this observation answers; `None` for an orphan and for whoever is not an observation.
    pub answers: Option<CallAt>,
    /// How the call ended, where the source says it beside the observation's text.
    pub reported: Option<Reported>,
    /// How much is learned from the message, where the source says it: 0 is not at all, 1 is the usual.
    pub weight: Option<f64>,
    /// It repeats an earlier run's message, so that it is context here: it is not learned from and not counted.
    pub copied: bool,
    /// Images and other media, of which the text holds a placeholder each, in order.
    pub media: Vec<Media<'a>>,
}

impl Message<'_> {
    /// Whether the source says that nothing is learned from it.
    pub fn is_context(&self) -> bool {
        self.copied || self.weight.is_some_and(|weight| weight <= 0.0)
    }
}

impl Default for Message<'_> {
    /// A user's message without words.
    fn default() -> Self {
        Message {
            role: Role::User,
            text: Cow::Borrowed(""),
            reasoning: Cow::Borrowed(""),
            calls: Vec::new(),
            answers: None,
            reported: None,
            weight: None,
            copied: false,
            media: Vec::new(),
        }
    }
}

/// How a call ended, as its source says it in a field of its own (`is_error`, `success`, `exit_code`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reported {
    /// The tool did what it was asked to do.
    Ok,
    /// The tool failed.
    Error,
    /// A command ended with this code.
    Exit(i64),
}

/// An image or another medium in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media<'a> {
    /// What it is.
    pub kind: MediaKind,
    /// Where it is kept: a URL, a path, an id; `None` where the row holds the bytes themselves or nothing.
    pub reference: Option<Cow<'a, str>>,
}

impl Media<'_> {
    /// The same, with a text of its own.
    pub fn to_owned(&self) -> Media<'static> {
        let reference = self.reference.as_deref().map(str::to_owned);
        Media {
            kind: self.kind,
            reference: reference.map(Cow::Owned),
        }
    }
}

/// A kind of medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// A document or any other file.
    File,
}

impl MediaKind {
    /// What stands in a text in place of the medium.
    pub const fn placeholder(self) -> &'static str {
        match self {
            MediaKind::Image => "[image]",
            MediaKind::Audio => "[audio]",
            MediaKind::Video => "[video]",
            MediaKind::File => "[file]",
        }
    }
}

/// Where a call stands: `messages[message].calls[call]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CallAt {
    /// Index into [`Trajectory::messages`].
    pub message: usize,
    /// Index into [`Message::calls`].
    pub call: usize,
}

/// One tool call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call<'a> {
    /// Unique within the trajectory; made up (`call_{message}_{call}`) where the row has none.
    pub id: Cow<'a, str>,
    /// The tool's name.
    pub name: Cow<'a, str>,
    /// The arguments as the row has them: a JSON object's text, or whatever stood there instead.
    /// For a call that was written as XML or in a fence: a compact JSON object of its parameters.
    pub arguments: Cow<'a, str>,
    /// Where it was written.
    pub form: CallForm,
    /// Index of the message that answers it; `None` for an unanswered call.
    pub answer: Option<usize>,
}

/// How a call was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallForm {
    /// In a field of its own.
    Structured,
    /// `<function=…>` or `<tool_call>` in the text.
    Xml,
    /// A fenced block in the text.
    Fenced,
}

/// A tool that the agent was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool<'a> {
    /// Its name; empty where the schema has none.
    pub name: Cow<'a, str>,
    /// Its schema as it stands in the row: the text of the JSON, or the string that holds it.
    pub schema: Cow<'a, str>,
}
