//! One row of any data set, as one [`Trajectory`]: what was asked, thought, done and seen, in one form.
//! Each dialect of messages has a file here; what had to be mended is counted in [`Repairs`].

mod cell; // the row's small columns
mod draft; // a message on its way from the row's form to ours; speakers, reasoning, observations
mod fenced; // calls in the last fenced block of a text
mod function; // a tool as chat APIs declare it
mod ids; // every call gets an id of its own
mod json; // any JSON value as text
mod labels; // the row's names and kinds
mod layout; // one message's parts laid out; reasoning in the text
mod light; // which parts of a row a survey reads
mod message; // a message as the row has it
mod outcome; // the verdict
mod pairing; // which observation answers which call
mod parts; // a text that is a list of parts
mod patches; // the two patches
pub(crate) mod plain; // our own form, both ways
mod python; // Python's `repr` as JSON
mod row; // the row's columns
mod seen; // what there is in a row of unknown shape
mod speaker; // who speaks, by any of the names in use
mod structured; // calls in fields of their own
mod tools; // the tools' schemas
mod xml; // calls written as XML in the text

pub use light::{is_light, is_patch_text};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

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
    /// What the row states of the model's patch, right or wrong.
    pub stated: Option<Stated>,
    /// What the row states of the reference patch.
    pub reference_stated: Option<Stated>,
    /// How the run ended, as the row says: `submitted`, `exit_cost`, `max_step_limit`, …
    pub exit: Option<Cow<'a, str>>,
    /// Whether the data set itself says that the agent looked into the repository's future.
    pub git_hack: Option<bool>,
    /// What was mended while reading.
    pub repairs: Repairs,
}

/// What a data set states of a patch beside its text. It is shown where the text was not read, and never believed
/// where it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Files touched.
    pub files: Option<u64>,
    /// Lines changed; how they are counted is the data set's own affair.
    pub lines: Option<u64>,
}

/// A row's names and kinds; each is `None` where neither the row nor its place in the data set says it.
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
    pub const DEFINITION: &'static str = "Whether the task's tests pass after the run, as the data set says. Unknown \
        means that there is no verdict: such a run is in no success rate, neither as a success nor as a failure.";

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

/// One message. Only assistants have `reasoning` and `calls`; only observations have `answers`.
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
    /// The call that this observation answers; `None` for an orphan and for whoever is no observation.
    pub answers: Option<CallAt>,
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

/// What the place of a row says of it, and what the user said where the row's shape is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The data set's config; in Open-SWE-Traces this is the harness.
    pub config: String,
    /// The data set's split; in Open-SWE-Traces this is the teacher.
    pub split: String,
    /// The user's own map of fields.
    pub map: FieldMap,
}

/// Which column (or message field) holds what, where detection by shape is not enough. Empty: detect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMap {
    /// `(what, field)` pairs; `what` is one of [`FieldMap::WHAT`].
    pub fields: Vec<(String, String)>,
}

impl FieldMap {
    /// What can be mapped: columns of the row, then fields of a message.
    pub const WHAT: [&'static str; 9] = [
        "messages",
        "tools",
        "outcome",
        "patch",
        "reference",
        "instance",
        "role",
        "text",
        "reasoning",
    ];

    /// The field that holds `what`, where the user said so.
    pub fn get(&self, what: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(w, _)| w == what)
            .map(|(_, f)| f.as_str())
    }
}

/// A field that was found in a row whose shape is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSeen {
    /// Its name.
    pub name: String,
    /// Its kind in words: `text`, `number`, `list of 12 objects with role, content`, …
    pub kind: String,
    /// The first 80 characters of its value.
    pub sample: String,
}

/// Why a row could not be read. The row is counted and listed, and the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RowError {
    /// Not JSON.
    #[error("this row is no valid JSON: {0}")]
    Json(String),
    /// JSON, but no object.
    #[error("this row is no JSON object but {0}")]
    NotAnObject(String),
    /// An object without anything that looks like messages.
    #[error(
        "no field of this row looks like a conversation; say below which field holds the messages"
    )]
    NoMessages(Vec<FieldSeen>),
    /// The part of the file that the row is in can't be read.
    #[error("{0}")]
    Damaged(String),
    /// The server shortened cells of this row.
    #[error("the server shortened these cells of the row: {0}")]
    Truncated(String),
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its index.
    pub row: u64,
    /// Why.
    pub error: RowError,
}

/// How a row was mended, and how often each way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repairs(pub Vec<(Repair, u32)>);

impl Repairs {
    /// Notes `times` more repairs of one kind; none adds nothing.
    pub fn add(&mut self, repair: Repair, times: u32) {
        if times == 0 {
            return;
        }
        match self.0.iter_mut().find(|(r, _)| *r == repair) {
            Some((_, n)) => *n = n.saturating_add(times),
            None => self.0.push((repair, times)),
        }
    }

    /// How often anything was mended.
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// How often something was guessed, or kept as a mere text: [`Repair::is_guess`].
    pub fn guesses(&self) -> u32 {
        let guesses = self.0.iter().filter(|(repair, _)| repair.is_guess());
        guesses.fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
}

/// One way of mending a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// A list was stored as a JSON string.
    ListFromJsonText,
    /// A list was stored as Python's `repr`.
    ListFromPythonText,
    /// A role had another name (`ai`, `human`, `gpt`, …).
    RoleRenamed,
    /// A role that no one knows was read as user.
    RoleUnknown,
    /// A message's text was a list of parts.
    TextFromParts,
    /// Reasoning stood in the text (`<think>…</think>`).
    ReasoningFromText,
    /// A call stood in the text as XML.
    CallFromXml,
    /// A call stood in the text as a fenced block.
    CallFromFence,
    /// A call stood in the deprecated `function_call`.
    CallFromFunctionCall,
    /// A call had no id, or one that was already used; it was given one.
    CallIdMade,
    /// An observation without id was given to the oldest open call, which is the only one that it can answer.
    ObservationPaired,
    /// An observation was given to the oldest open call though the row leaves open which one it answers, or names
    /// another.
    ObservationGuessed,
    /// An observation was written as a user's message.
    ObservationFromUser,
    /// A message that was no object was kept as text.
    MessageFromOther,
}

impl Repair {
    /// Whether the row does not say what was made of it. All other ways only put into one form what data sets write in
    /// several, and nothing is lost by them.
    pub fn is_guess(self) -> bool {
        matches!(
            self,
            Repair::RoleUnknown | Repair::ObservationGuessed | Repair::MessageFromOther
        )
    }

    /// What was mended, in words for the page.
    pub fn words(self) -> &'static str {
        match self {
            Repair::ListFromJsonText => "a list that was stored as text was read",
            Repair::ListFromPythonText => "a list that was stored as Python text was read",
            Repair::RoleRenamed => "a speaker's name was changed to the usual one",
            Repair::RoleUnknown => "an unknown speaker was read as the user",
            Repair::TextFromParts => "a text in several parts was joined",
            Repair::ReasoningFromText => "reasoning was taken out of the text",
            Repair::CallFromXml => "a tool call was found in the text (XML)",
            Repair::CallFromFence => "a tool call was found in the text (fenced block)",
            Repair::CallFromFunctionCall => "a tool call was found in an outdated field",
            Repair::CallIdMade => "a tool call was given an id",
            Repair::ObservationPaired => "a tool's answer without an id was given to its call",
            Repair::ObservationGuessed => {
                "a tool's answer was given to the oldest open call by a guess"
            }
            Repair::ObservationFromUser => "a tool's answer was written as the user's message",
            Repair::MessageFromOther => "a message of an odd shape was kept as text",
        }
    }
}

/// Reads one row: `row` is the JSON text of one object.
///
/// # Errors
/// [`RowError`] where the text is no JSON object or nothing in it looks like a conversation.
pub fn read<'a>(row: &'a str, place: &Place) -> Result<Trajectory<'a>, RowError> {
    if let Some(trajectory) = plain::read(row) {
        return Ok(trajectory);
    }
    let mut repairs = Repairs::default();
    let row = row::read(row, &place.map, &mut repairs)?;
    let (mut columns, tools) = (row.columns, row.tools);

    let mut drafts = draft::from_raw(row.messages, row.system, &mut repairs);
    xml::take_calls(&mut drafts, &mut repairs);
    fenced::take_calls(&mut drafts, &mut repairs);
    draft::find_observations(&mut drafts, &mut repairs);
    let answers = pairing::pair(&drafts, &mut repairs);
    ids::make_unique(&mut drafts, &mut repairs);
    let messages = pairing::apply(drafts, answers);

    let labels = labels::read(&columns, place, &messages, &tools);
    let outcome = outcome::read(&columns, &place.split);
    let (stated, reference_stated) = patches::stated(&columns);
    let exit = columns.first_text(&["exit_status", "exit_reason"]);
    let git_hack = columns.first_bool("git_hack_attempted");
    let (model_patch, reference_patch) = patches::take(&mut columns);
    Ok(Trajectory {
        labels,
        outcome,
        messages,
        tools,
        model_patch,
        reference_patch,
        stated,
        reference_stated,
        exit,
        git_hack,
        repairs,
    })
}
