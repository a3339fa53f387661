//! What can be said of a row as a number or as yes or no: every numeric column, every sign, the outcome, the tools.
//! Whoever compares groups of rows goes through this one list.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::frame::{Frame, Number, order};
use crate::recipe::signs::Carried;
use crate::sign::{Family, Sign};
use crate::trace::Outcome;

/// How a feature's values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeatureKind {
    /// As numbers.
    Number,
    /// 1 for yes, 0 for no.
    YesNo,
}

/// What a feature is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// A number.
    Number(Number),
    /// Whether the run succeeded.
    Success,
    /// Whether it carries a sign.
    Sign(Sign),
    /// Whether it calls a tool.
    Tool,
}

/// What a feature tells of a run: what went on in it, what came of it, or how large it is and where it is from. Whoever asks
/// why runs fail reads them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Signs, failed calls, tools, how it ends.
    Cause,
    /// Its patch, and how much of the reference it has.
    Result,
    /// Its length, the task's, and whether other rows are like it.
    Size,
}

impl Role {
    /// Every role, in the order in which they are read.
    pub const ALL: [Role; 3] = [Role::Cause, Role::Result, Role::Size];

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Role::Cause => "What happens in the run",
            Role::Result => "What comes of it",
            Role::Size => "Its size and origin",
        }
    }
}

impl About {
    /// What it tells of a run.
    pub fn role(self) -> Role {
        match self {
            About::Tool => Role::Cause,
            About::Success => Role::Result,
            About::Sign(sign) => match sign.family() {
                Family::Patch => Role::Result,
                Family::OtherRows => Role::Size,
                _ => Role::Cause,
            },
            About::Number(number) => match number {
                Number::Errors
                | Number::FirstError
                | Number::NonzeroExits
                | Number::Unanswered
                | Number::Orphans
                | Number::BadArguments
                | Number::DistinctTools => Role::Cause,
                Number::PatchFiles
                | Number::PatchAdded
                | Number::PatchDeleted
                | Number::PatchModified
                | Number::PatchHunks
                | Number::PatchTestFiles
                | Number::PatchComplexity
                | Number::PatchDeepestIndent
                | Number::PatchControlKeywords
                | Number::DeclaredLines
                | Number::OverlapFiles
                | Number::OverlapLines => Role::Result,
                _ => Role::Size,
            },
        }
    }

    /// Whether it is one of the lengths of a run, which grow with each other: a longer run has more of all of them.
    pub fn is_length(self) -> bool {
        let About::Number(number) = self else {
            return false;
        };
        let of_task = matches!(
            number,
            Number::ReferenceFiles | Number::ReferenceAdded | Number::ReferenceDeleted
        );
        self.role() == Role::Size && !of_task
    }
}

/// One thing that can be said of every row.
pub struct Feature<'f> {
    /// What it is of.
    pub about: About,
    /// Its name: a column of the table, a sign's word, `success`, or `tool:` and a tool's name.
    pub name: Cow<'f, str>,
    /// Its name for people.
    pub title: Cow<'f, str>,
    /// What it is, in a sentence or two.
    pub definition: &'static str,
    /// How its values are read.
    pub kind: FeatureKind,
    value: Box<dyn Fn(usize) -> f64 + 'f>,
}

impl Feature<'_> {
    /// The value of the row at a position; NaN where it is not known.
    pub fn value(&self, position: usize) -> f64 {
        (self.value)(position)
    }
}

impl std::fmt::Debug for Feature<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// Tools that are features: those that most rows use.
const TOOLS: usize = 12;

/// Everything that can be said of a frame's rows.
pub fn features<'f>(frame: &'f Frame, carried: &'f Carried<'f>) -> Vec<Feature<'f>> {
    Features::of(frame).list(frame, carried)
}

/// Which features a frame has, found once. It holds for the frame that it was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    tools: Vec<u32>,
}

impl Features {
    /// Looks through all rows for the tools.
    pub fn of(frame: &Frame) -> Self {
        Self {
            tools: most_used(frame),
        }
    }

    /// The features, always in the same order.
    pub fn list<'f>(&self, frame: &'f Frame, carried: &'f Carried<'f>) -> Vec<Feature<'f>> {
        // Whether a row has bad arguments is a sign of that name.
        let numbers = Number::ALL.into_iter();
        let numbers = numbers.filter(|of| *of != Number::BadArguments);
        let numbers = numbers.map(|of| number(frame, of));
        let signs = Sign::ALL.into_iter().map(|of| sign(carried, of));
        let tools = self.tools.iter().map(|&code| tool(frame, code));
        numbers
            .chain([success(frame)])
            .chain(signs)
            .chain(tools)
            .collect()
    }
}

fn number(frame: &Frame, number: Number) -> Feature<'_> {
    let column = frame.number(number);
    Feature {
        about: About::Number(number),
        name: Cow::Borrowed(number.name()),
        title: Cow::Borrowed(number.title()),
        definition: number.definition(),
        kind: FeatureKind::Number,
        value: Box::new(move |at| column.get(at).copied().unwrap_or(f64::NAN)),
    }
}

fn sign<'f>(carried: &'f Carried<'f>, sign: Sign) -> Feature<'f> {
    Feature {
        about: About::Sign(sign),
        name: Cow::Borrowed(sign.name()),
        title: Cow::Borrowed(sign.title()),
        definition: sign.definition(),
        kind: FeatureKind::YesNo,
        value: Box::new(move |at| yes_no(carried.is_known(at, sign), carried.has(at, sign))),
    }
}

fn success(frame: &Frame) -> Feature<'_> {
    let outcomes = frame.outcomes();
    let outcome = move |at: usize| outcomes.get(at).copied().unwrap_or_default();
    Feature {
        about: About::Success,
        name: Cow::Borrowed("success"),
        title: Cow::Borrowed("Success"),
        definition: Outcome::DEFINITION,
        kind: FeatureKind::YesNo,
        value: Box::new(move |at| {
            let outcome = outcome(at);
            yes_no(outcome != Outcome::Unknown, outcome == Outcome::Success)
        }),
    }
}

fn tool(frame: &Frame, code: u32) -> Feature<'_> {
    let name = frame.tool_names().get(code as usize);
    let name = name.map_or("", String::as_str);
    Feature {
        about: About::Tool,
        name: Cow::Owned(format!("tool:{name}")),
        title: Cow::Owned(format!("Calls {name}")),
        definition: "Whether the run called this tool at least once.",
        kind: FeatureKind::YesNo,
        value: Box::new(move |at| yes_no(true, frame.tools(at).iter().any(|use_| use_.0 == code))),
    }
}

fn yes_no(is_known: bool, yes: bool) -> f64 {
    match is_known {
        true => f64::from(u8::from(yes)),
        false => f64::NAN,
    }
}

/// The codes of the tools that most rows use, equal ones in the order in which they came.
fn most_used(frame: &Frame) -> Vec<u32> {
    let mut rows = vec![0_u32; frame.tool_names().len()];
    for position in 0..frame.len() {
        for &(code, ..) in frame.tools(position) {
            if let Some(count) = rows.get_mut(code as usize) {
                *count += 1;
            }
        }
    }
    let used = |code: u32| rows.get(code as usize).copied().unwrap_or_default();
    let mut codes: Vec<u32> = (0..)
        .take(rows.len())
        .filter(|&code| used(code) > 0)
        .collect();
    order::sort(&mut codes, &|a, b| used(b).cmp(&used(a)));
    codes.truncate(TOOLS);
    codes
}
