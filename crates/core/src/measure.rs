//! One Trajectory → one row of the frame: every number and name that the page shows of a row.
//! The definitions are in `docs/measures.md`; each function below is one of them.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Reverse;

use crate::calls::{CallResult, CountedBy, ResolvedCall, resolve};
use crate::ground::text::head;
pub use crate::patch::Overlap;
use crate::patch::{self, Patch, PatchCounts};
use crate::sign::{self, Signs};
use crate::tokens::template::TemplateError;
use crate::tokens::{Counter, TokenCounts};
use crate::trace::{Declared, Labels, Outcome, Repairs, Role, Trajectory, borrow, unread};

/// All that is kept of a row: under 1 KB, none of its text.
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
    /// The turn in which a call ended so for the first time, counted from 1; `None` where none did.
    pub first_error: Option<u32>,
    /// Test runs that ended with a non-zero exit code: beside the errors, not among them.
    pub nonzero_exits: u32,
    /// Calls without an observation.
    pub unanswered: u32,
    /// Observations without a call.
    pub orphans: u32,
    /// Calls whose arguments are not a JSON object.
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
    /// What the row declares of its patches, where their texts were not read.
    pub declared: Option<DeclaredPatches>,
    /// How something begins that looks like a call of an unknown form, where no call was found.
    #[serde(default)]
    pub unread_call: Option<String>,
    /// The numbers of its quality signs that no other measure tells.
    #[serde(default)]
    pub signs: Signs,
}

/// What a row of a survey declares of its patches.
///
/// A survey reads no text: of its rows only labels, outcome, messages, turns, calls and tools are known, and this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredPatches {
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
    // What a run repeats of an earlier one is counted there.
    if let Some(own) = borrow::without_copies(trajectory) {
        return measure(row, bytes, &own, counter);
    }
    let model = trajectory.model_patch.as_deref().map(patch::parse);
    let calls = resolve(trajectory);
    let reference = trajectory.reference_patch.as_deref().map(patch::parse);
    let tokens = counter.map(|counter| counter.row_or_why(trajectory));
    let mut measured = Measurements {
        row,
        bytes,
        labels: short_labels(&trajectory.labels),
        outcome: trajectory.outcome,
        messages: number(trajectory.messages.len()),
        tokens: tokens.as_ref().map(|(counts, _)| *counts),
        unrendered: tokens.and_then(|(_, why)| why),
        repairs: trajectory.repairs.clone(),
        unread_call: unread::sample(trajectory).map(str::to_owned),
        signs: sign::measure(trajectory, &calls, model.as_ref()),
        ..Measurements::default()
    };
    measured.count_patches(model.as_ref(), reference.as_ref());
    let mut errors = calls.iter().filter(|call| call.result == CallResult::Error);
    let first_error = errors.next().map(|call| call.at.message);
    for (at, message) in trajectory.messages.iter().enumerate() {
        measured.turns += u32::from(message.role == Role::Assistant);
        if first_error == Some(at) {
            measured.first_error = Some(measured.turns);
        }
        measured.orphans += u32::from(message.role == Role::Tool && message.answers.is_none());
    }
    let mut tools = HashMap::new();
    for call in &calls {
        measured.count_call(call, &mut tools);
    }
    measured.tools = most_used(tools);
    measured
}

/// Measures one row of a survey: `trajectory` was read from the row's metadata columns alone, or with its patches. Counts
/// that a text decides are not known; the frame leaves them empty.
pub fn measure_metadata(row: u64, trajectory: &Trajectory) -> Measurements {
    let mut measured = Measurements {
        row,
        labels: short_labels(&trajectory.labels),
        outcome: trajectory.outcome,
        messages: number(trajectory.messages.len()),
        declared: Some(DeclaredPatches {
            model: trajectory.declared.unwrap_or_default(),
            reference: trajectory.reference_declared.unwrap_or_default(),
        }),
        signs: sign::measure_metadata(trajectory),
        ..Measurements::default()
    };
    let [model, reference] = [&trajectory.model_patch, &trajectory.reference_patch]
        .map(|text| text.as_deref().map(patch::parse));
    measured.count_patches(model.as_ref(), reference.as_ref());
    let mut tools = HashMap::new();
    for message in &trajectory.messages {
        measured.turns += u32::from(message.role == Role::Assistant);
        for call in &message.calls {
            measured.calls += 1;
            let tool: &mut Uses = tools.entry(CountedBy::name(&call.name)).or_default();
            tool.calls += 1;
        }
    }
    measured.tools = most_used(tools);
    measured
}

impl Measurements {
    /// Whether the row's texts were not read.
    pub fn is_survey(&self) -> bool {
        self.declared.is_some()
    }

    fn count_patches(&mut self, model: Option<&Patch>, reference: Option<&Patch>) {
        self.patch = model.map(patch::count);
        self.reference = reference.map(patch::count);
        let both = model.zip(reference);
        self.overlap = both.and_then(|(model, reference)| patch::overlap(model, reference));
    }

    fn count_call<'t>(&mut self, call: &'t ResolvedCall, tools: &mut HashMap<CountedBy<'t>, Uses>) {
        let result = call.result;
        self.calls += 1;
        self.bad_arguments += u32::from(call.arguments.is_err());
        self.errors += u32::from(result == CallResult::Error);
        self.nonzero_exits += u32::from(result == CallResult::NonzeroExit);
        self.unanswered += u32::from(result == CallResult::Unanswered);

        let tool = tools.entry(call.counted_by()).or_default();
        tool.calls += 1;
        tool.errors += u32::from(result == CallResult::Error);
    }
}

/// How often a tool was called, and how many of these calls ended in an error.
#[derive(Default)]
struct Uses {
    calls: u32,
    errors: u32,
}

fn most_used(uses: HashMap<CountedBy, Uses>) -> Vec<ToolUse> {
    let uses = uses.into_iter().map(|(by, uses)| ToolUse {
        name: by.tool_name(),
        calls: uses.calls,
        errors: uses.errors,
    });
    let mut tools: Vec<_> = uses.collect();
    tools.sort_by(|a, b| a.name.cmp(&b.name));
    // Commands of a shell are all of one name.
    tools.dedup_by(|next, tool| {
        let is_same = next.name == tool.name;
        if is_same {
            tool.calls += next.calls;
            tool.errors += next.errors;
        }
        is_same
    });
    tools.sort_by_key(|tool| Reverse(tool.calls));
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
        source: short(&labels.source),
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
