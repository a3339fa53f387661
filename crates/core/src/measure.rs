//! One Trajectory → one row of the frame: every number and name that the page shows of a row.
//! The definitions are the README's; each function below is one of them.

mod arguments; // what a call's arguments say: an object or not, a command, a path
pub(crate) mod canonical; // hashes by which calls are compared
mod result; // what an observation says of its call, by the harness's own words
pub(crate) mod shell; // what a shell command runs

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use crate::patch::Overlap;
use crate::patch::{self, PatchCounts};
use crate::sign::{self, Signs};
use crate::tokens::template::TemplateError;
use crate::tokens::{Counter, TokenCounts};
use crate::trace::{Call, CallAt, Declared, Labels, Outcome, Repairs, Role, Trajectory};

use arguments::Read;
use result::Verdict;

/// All that is kept of a row: under 1 KB, no text of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Measurements {
    /// The row's index in its split (or file).
    pub row: u64,
    /// What the row says of itself; each label cut after [`LABEL_BYTES`].
    pub labels: Labels<'static>,
    /// Whether the task was solved.
    pub outcome: Outcome,
    /// All messages.
    pub messages: u32,
    /// Assistant messages.
    pub turns: u32,
    /// Tool calls, structured or written in the text.
    pub calls: u32,
    /// Calls whose result is an error by the harness's own words.
    pub errors: u32,
    /// Test runs that ended with a non-zero exit code: beside the errors, not among them.
    pub nonzero_exits: u32,
    /// Calls without an observation.
    pub unanswered: u32,
    /// Observations without a call.
    pub orphans: u32,
    /// Calls whose arguments are no JSON object.
    pub bad_arguments: u32,
    /// Every tool that was used, by name (`name:verb` where the tool has verbs), most used first, then by name.
    /// A row with more than [`MOST_TOOLS`] has the rest as one, `…`.
    pub tools: Vec<ToolUse>,
    /// The model's patch; `None` where the row has none.
    pub patch: Option<PatchCounts>,
    /// The reference patch; `None` where the row has none.
    pub reference: Option<PatchCounts>,
    /// How much the two patches share; `None` where one is missing or empty.
    pub overlap: Option<Overlap>,
    /// Tokens by role; `None` where they were not counted.
    pub tokens: Option<TokenCounts>,
    /// Why what the chat template adds is not known, where one was chosen and refuses the row.
    pub unrendered: Option<TemplateError>,
    /// Bytes of the row's JSON.
    pub bytes: u64,
    /// What was mended while reading.
    pub repairs: Repairs,
    /// What the row states of its patches, where their texts were not read.
    pub stated: Option<StatedPatches>,
    /// The numbers of its quality signs that no other measure tells.
    #[serde(default)]
    pub signs: Signs,
}

/// What a row of a survey states of its patches.
///
/// A survey reads no text: of its rows only labels, outcome, messages, turns, calls and tools are known, and this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedPatches {
    /// Of the model's patch.
    pub model: Declared,
    /// Of the reference patch.
    pub reference: Declared,
}

/// One tool's use in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolUse {
    /// `name` or `name:verb`.
    pub name: String,
    /// How often it was called.
    pub calls: u32,
    /// How many of these calls ended in an error.
    pub errors: u32,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallResult {
    /// It was answered, and the answer is no error.
    Ok,
    /// A test run that ended with a non-zero exit code.
    NonzeroExit,
    /// The harness says that it failed.
    Error,
    /// It was never answered.
    Unanswered,
}

/// Bytes that are kept of a label; real ones have up to 70.
pub const LABEL_BYTES: usize = 128;

/// Different tools that are kept of a row; real rows have up to ten.
pub const MOST_TOOLS: usize = 48;

/// Measures one trajectory. `row` is its index, `bytes` the size of its JSON; tokens are counted where a
/// `counter` is given.
pub fn measure(
    row: u64,
    bytes: u64,
    trajectory: &Trajectory,
    counter: Option<&Counter>,
) -> Measurements {
    let model = trajectory.model_patch.as_deref().map(patch::parse);
    let done = done(trajectory);
    let reference = trajectory.reference_patch.as_deref().map(patch::parse);
    let overlap = model.as_ref().zip(reference.as_ref());
    let tokens = counter.map(|counter| counter.row_or_why(trajectory));
    let mut measured = Measurements {
        row,
        bytes,
        labels: short_labels(&trajectory.labels),
        outcome: trajectory.outcome,
        messages: number(trajectory.messages.len()),
        patch: model.as_ref().map(patch::count),
        reference: reference.as_ref().map(patch::count),
        overlap: overlap.and_then(|(model, reference)| patch::overlap(model, reference)),
        tokens: tokens.as_ref().map(|(counts, _)| *counts),
        unrendered: tokens.and_then(|(_, why)| why),
        repairs: trajectory.repairs.clone(),
        signs: sign::measure(trajectory, &done, model.as_ref()),
        ..Measurements::default()
    };
    for message in &trajectory.messages {
        measured.turns += u32::from(message.role == Role::Assistant);
        measured.orphans += u32::from(message.role == Role::Tool && message.answers.is_none());
    }
    let mut tools = HashMap::new();
    for call in &done {
        measured.count_call(call, &mut tools);
    }
    measured.tools = most_used(tools);
    measured
}

/// Measures one row of a survey: `trajectory` was read from the row's metadata columns alone.
pub fn measure_metadata(row: u64, trajectory: &Trajectory) -> Measurements {
    Measurements {
        stated: Some(StatedPatches {
            model: trajectory.declared.unwrap_or_default(),
            reference: trajectory.reference_declared.unwrap_or_default(),
        }),
        // What would have to be mended is seen when the texts are read.
        repairs: Repairs::default(),
        signs: sign::measure_metadata(trajectory),
        // Counts that a text decides are not known; the frame leaves them empty.
        ..measure(row, 0, trajectory, None)
    }
}

impl Measurements {
    /// Whether the row's texts were not read.
    pub fn is_survey(&self) -> bool {
        self.stated.is_some()
    }

    fn count_call(&mut self, done: &Done, tools: &mut HashMap<String, ToolUse>) {
        let result = done.result;
        self.calls += 1;
        self.bad_arguments += u32::from(done.arguments.is_err());
        self.errors += u32::from(result == CallResult::Error);
        self.nonzero_exits += u32::from(result == CallResult::NonzeroExit);
        self.unanswered += u32::from(result == CallResult::Unanswered);

        let name = arguments::counted_name(&done.call.name, &done.arguments);
        let tool = tools.entry(name).or_insert_with_key(|name| ToolUse {
            name: name.clone(),
            calls: 0,
            errors: 0,
        });
        tool.calls += 1;
        tool.errors += u32::from(result == CallResult::Error);
    }
}

/// A call that was read once, for all who count by it.
#[derive(Debug)]
pub(crate) struct Done<'t> {
    /// Where it stands.
    pub at: CallAt,
    /// The call.
    pub call: &'t Call<'t>,
    /// What its arguments say.
    pub arguments: Read<'t>,
    /// What became of it.
    pub result: CallResult,
    /// What it does: equal for calls of one tool with the same arguments.
    pub key: u64,
}

/// Every call of a trajectory, in order.
pub(crate) fn done<'t>(trajectory: &'t Trajectory) -> Vec<Done<'t>> {
    let messages = trajectory.messages.iter().enumerate();
    let calls = messages.flat_map(|(message, turn)| {
        let calls = turn.calls.iter().enumerate();
        calls.map(move |(call, of)| (CallAt { message, call }, of))
    });
    calls
        .map(|(at, call)| {
            let arguments = arguments::read(&call.arguments);
            Done {
                at,
                call,
                result: result_of(trajectory, call, &arguments),
                key: key(call, &arguments),
                arguments,
            }
        })
        .collect()
}

fn key(call: &Call, arguments: &Read) -> u64 {
    let said = match arguments {
        Ok(arguments) => arguments.hash,
        Err(_) => canonical::hash(call.arguments.trim().as_bytes()),
    };
    canonical::both(canonical::hash(call.name.as_bytes()), said)
}

/// What became of the call `messages[message].calls[call]`; `None` where there is no such call.
pub fn call_result(trajectory: &Trajectory, message: usize, call: usize) -> Option<CallResult> {
    let call = trajectory.messages.get(message)?.calls.get(call)?;
    let arguments = arguments::read(&call.arguments);
    Some(result_of(trajectory, call, &arguments))
}

/// The name by which a call is counted: the tool's, with its verb where it has one (`str_replace_editor:view`).
///
/// A verb is a `command` of one word (`a`–`z` and `_`) beside a `path`. A shell's command is no verb.
pub fn tool_name(name: &str, arguments: &str) -> String {
    arguments::counted_name(name, &arguments::read(arguments))
}

/// Whether a call's arguments are a JSON object.
pub fn is_object(arguments: &str) -> bool {
    arguments::read(arguments).is_ok()
}

fn result_of(trajectory: &Trajectory, call: &Call, arguments: &Read) -> CallResult {
    let answer = call.answer.and_then(|at| trajectory.messages.get(at));
    let Some(observation) = answer else {
        return CallResult::Unanswered;
    };
    match result::verdict(&call.name, &observation.text) {
        Verdict::Ok => CallResult::Ok,
        Verdict::Error => CallResult::Error,
        Verdict::Exit if runs_tests(call, arguments) => CallResult::NonzeroExit,
        Verdict::Exit => CallResult::Error,
    }
}

fn runs_tests(call: &Call, arguments: &Read) -> bool {
    let command = match arguments {
        Ok(arguments) => arguments.command.as_deref().unwrap_or_default(),
        Err(_) => &call.arguments,
    };
    shell::runs_tests(command)
}

fn most_used(uses: HashMap<String, ToolUse>) -> Vec<ToolUse> {
    let mut tools: Vec<_> = uses.into_values().collect();
    tools.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.name.cmp(&b.name)));
    if tools.len() > MOST_TOOLS {
        let rest = tools.split_off(MOST_TOOLS);
        tools.push(ToolUse {
            name: "…".to_owned(),
            calls: rest.iter().map(|tool| tool.calls).sum(),
            errors: rest.iter().map(|tool| tool.errors).sum(),
        });
    }
    tools
}

fn short_labels(labels: &Labels) -> Labels<'static> {
    let short = |label: &Option<Cow<str>>| {
        let label = label.as_deref()?;
        Some(Cow::Owned(head(label, LABEL_BYTES).to_owned()))
    };
    Labels {
        trajectory_id: short(&labels.trajectory_id),
        instance_id: short(&labels.instance_id),
        repo: short(&labels.repo),
        license: short(&labels.license),
        language: short(&labels.language),
        harness: short(&labels.harness),
        teacher: short(&labels.teacher),
        category: short(&labels.category),
    }
}

/// The longest start of a text that has at most so many bytes.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
