//! One Trajectory as the reader shows it: turns with their calls laid out, long texts folded, patches as diffs.
//! Made in the worker, so that the page only places what it is given.

mod align; // runs of one task, turn by turn beside each other
mod code; // the colours of code
mod diff; // a patch, line by line
mod emphasis; // which words of two lines differ
mod fold; // a long text's beginning
mod pieces; // a text cut where something about it changes

pub use align::{Act, acts, align};
pub use code::{COLOURED_BYTES, Ink, Language, Span, colours, colours_of_lines};
pub use diff::{DiffFile, DiffLine, DiffView, LINES, diff_more};
pub use fold::{Folded, HEAD_BYTES};
pub use pieces::{LAYERS, Piece, Ranges, pieces};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::calls::{CallResult, Doing, call_result, lay_out};
use crate::ground::text::head;
use crate::measure::{Measurements, measure};
use crate::search::Part;
use crate::sign::{self, Sign, Step};
use crate::tokens::{Counter, TokenCounts};
use crate::trace::{Call, CallAt, Message, Role, Trajectory};
use code::{Code, of_arguments, of_observation};

/// One row, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Every number and label of the row, as in the table; `bytes` is 0, for whoever has the row's text to fill in.
    pub measured: Measurements,
    /// The tools that the agent was given, by name.
    pub tools: Vec<String>,
    /// Every message, in order.
    pub turns: Vec<TurnView>,
    /// What was mended while reading, in words, and how often.
    pub repairs: Vec<(String, u32)>,
    /// The model's patch; `None` where the row has none.
    pub patch: Option<DiffView>,
    /// The reference patch; `None` where the row has none.
    pub reference: Option<DiffView>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnView {
    /// Its index in the trajectory: the address' `step`.
    pub index: usize,
    /// Who speaks.
    pub role: Role,
    /// What is said, or observed.
    pub text: Folded,
    /// What was thought before; empty where nothing was.
    pub reasoning: Folded,
    /// What the agent asks its tools to do.
    pub calls: Vec<CallView>,
    /// The call that this observation answers.
    pub answers: Option<CallAt>,
    /// Why nothing is learned from the message, where the source says so.
    pub left_out: Option<LeftOut>,
    /// The message's tokens; `None` where they were not counted.
    pub tokens: Option<u64>,
    /// The quality signs that it shows, each with its weight ([`Step::weight`]), whatever the threshold.
    pub signs: Vec<(Sign, u32)>,
}

/// Why nothing is learned from a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftOut {
    /// It repeats an earlier run's message.
    Copied,
    /// Its source gives it no weight.
    Weightless,
}

impl LeftOut {
    fn of(message: &Message) -> Option<Self> {
        match message.is_context() {
            true if message.copied => Some(Self::Copied),
            true => Some(Self::Weightless),
            false => None,
        }
    }

    /// The reason, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Copied => "copied from an earlier run: not counted, not learned from",
            Self::Weightless => "not learned from: its source says so",
        }
    }
}

/// One tool call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// The call's id.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments by name, in order: texts without their escapes, all else as indented JSON. Arguments that are
    /// not a JSON object are one without a name, as they stand in the row.
    pub arguments: Vec<(String, Folded)>,
    /// What it is for.
    pub doing: Doing,
    /// What became of the call.
    pub result: CallResult,
    /// Index of the message that answers it.
    pub answer: Option<usize>,
}

/// Bytes that are shown of a name: of a tool, a call, an argument.
const NAME_BYTES: usize = 200;

/// Lays out one trajectory; `row` is its index. Tokens are counted where a `counter` is given.
pub fn view(trajectory: &Trajectory, row: u64, counter: Option<&Counter>) -> View {
    let mut measured = measure(row, 0, trajectory, None);
    measured.tokens = counter.map(|counter| counter.tools(trajectory));
    let steps = sign::steps(trajectory);
    let mut turns = Vec::with_capacity(trajectory.messages.len());
    for (index, message) in trajectory.messages.iter().enumerate() {
        let tokens = counter.map(|counter| counter.message(message));
        if let Some((sum, tokens)) = measured.tokens.as_mut().zip(tokens) {
            *sum += tokens;
        }
        let tokens = tokens.as_ref().map(TokenCounts::total);
        let mut turn = turn(trajectory, index, message, tokens);
        if !message.copied {
            turn.signs = signs(&steps, &turn);
        }
        turns.push(turn);
    }
    if let Some((counter, counts)) = counter.zip(measured.tokens.as_mut()) {
        measured.unrendered = counter.add_template(trajectory, None, counts);
    }
    View {
        measured,
        tools: trajectory
            .tools
            .iter()
            .map(|tool| name(&tool.name))
            .collect(),
        turns,
        repairs: repairs(trajectory),
        patch: trajectory.model_patch.as_deref().map(DiffView::new),
        reference: trajectory.reference_patch.as_deref().map(DiffView::new),
    }
}

/// The whole text of a part of `messages[message]`; `None` where there is no such part.
pub fn full_text(trajectory: &Trajectory, message: usize, part: Part) -> Option<String> {
    let message = trajectory.messages.get(message)?;
    match part {
        Part::Text => Some(message.text.to_string()),
        Part::Reasoning => Some(message.reasoning.to_string()),
        Part::Argument { call, argument } => {
            let call = message.calls.get(call)?;
            let mut laid_out = lay_out(&call.arguments);
            let (_, text) = laid_out.nth(argument)?;
            Some(text.into_owned())
        }
        Part::Tool { call } => Some(message.calls.get(call)?.name.to_string()),
        Part::Key { call, argument } => {
            let call = message.calls.get(call)?;
            let mut laid_out = lay_out(&call.arguments);
            let (key, _) = laid_out.nth(argument)?;
            Some(key.into_owned())
        }
    }
}

/// A text of a run, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfolded {
    /// The text.
    pub text: String,
    /// Its colours, where it is code.
    pub colours: Vec<Span>,
}

/// A part of `messages[message]` with its colours; `None` where there is no such part.
pub fn unfold(trajectory: &Trajectory, message: usize, part: Part) -> Option<Unfolded> {
    let text = full_text(trajectory, message, part)?;
    let of = trajectory.messages.get(message)?;
    let code = match part {
        Part::Text => code_of(trajectory, of),
        Part::Reasoning => Code::Fenced,
        Part::Argument { call, argument } => {
            let call = of.calls.get(call)?;
            let arguments: Vec<_> = lay_out(&call.arguments).collect();
            of_arguments(&call.name, pairs(&arguments)).nth(argument)?
        }
        Part::Tool { .. } | Part::Key { .. } => Code::None,
    };
    let colours = code.colours(&text, false);
    Some(Unfolded { text, colours })
}

/// How a message's text is code.
fn code_of(trajectory: &Trajectory, message: &Message) -> Code {
    let Some(at) = message.answers else {
        return match message.role {
            Role::Tool => Code::None,
            _ => Code::Fenced,
        };
    };
    let asked = trajectory.messages.get(at.message);
    let Some(call) = asked.and_then(|asked| asked.calls.get(at.call)) else {
        return Code::None;
    };
    let doing = Doing::of(call);
    if !matches!(doing, Doing::Read | Doing::Edit) {
        return Code::None;
    }
    let result = call_result(trajectory, at.message, at.call).unwrap_or(CallResult::Unanswered);
    let arguments: Vec<_> = lay_out(&call.arguments).collect();
    of_observation(&call.name, pairs(&arguments), doing, result)
}

/// Names and texts of arguments.
fn pairs<'a>(
    arguments: &'a [(Cow<'a, str>, Cow<'a, str>)],
) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
    arguments.iter().map(|(name, text)| (&**name, &**text))
}

fn turn(trajectory: &Trajectory, index: usize, message: &Message, tokens: Option<u64>) -> TurnView {
    let calls = message.calls.iter().enumerate();
    let result = |at| call_result(trajectory, index, at).unwrap_or(CallResult::Unanswered);
    TurnView {
        index,
        role: message.role,
        text: Folded::new(&message.text, code_of(trajectory, message)),
        reasoning: Folded::new(&message.reasoning, Code::Fenced),
        calls: calls
            .map(|(at, call)| call_view(call, result(at)))
            .collect(),
        answers: message.answers,
        left_out: LeftOut::of(message),
        tokens,
        signs: Vec::new(),
    }
}

/// The signs that a message shows; `steps` are in the order of messages.
fn signs(steps: &[Step], turn: &TurnView) -> Vec<(Sign, u32)> {
    let start = steps.partition_point(|step| step.message < turn.index);
    let of_turn = steps.iter().skip(start);
    let of_turn = of_turn
        .take_while(|step| step.message == turn.index)
        .copied();
    let tokens = turn.tokens.filter(|_| turn.role == Role::Tool);
    let heavy = tokens.map(|tokens| sign::heavy(turn.index, tokens));
    of_turn
        .chain(heavy)
        .map(|step| (step.sign, step.weight))
        .collect()
}

fn call_view(call: &Call, result: CallResult) -> CallView {
    let arguments: Vec<_> = lay_out(&call.arguments).collect();
    let codes = of_arguments(&call.name, pairs(&arguments));
    CallView {
        id: name(&call.id),
        name: name(&call.name),
        arguments: arguments
            .iter()
            .zip(codes)
            .map(|((key, text), code)| (name(key), Folded::new(text, code)))
            .collect(),
        doing: Doing::of(call),
        result,
        answer: call.answer,
    }
}

fn repairs(trajectory: &Trajectory) -> Vec<(String, u32)> {
    let repairs = trajectory.repairs.0.iter();
    repairs
        .map(|(repair, times)| (repair.words().to_owned(), *times))
        .collect()
}

fn name(text: &str) -> String {
    head(text, NAME_BYTES).to_owned()
}
