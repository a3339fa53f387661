//! What a sign is: everything that the page, the downloaded table, the docs and the address say of it, and how its
//! number comes about. Each sign's record stands beside its rule; `table.rs` lists them.

use super::counts::Counts;
use super::findings::Findings;
use super::{ResolvedRow, Sign};
use crate::trace::Trajectory;

/// A sign's record.
#[derive(Debug)]
pub(super) struct SignRecord {
    /// Its word in the address.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What its number is, in a sentence or two.
    pub definition: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// What it is about.
    pub family: Family,
    /// What its number counts, in the plural; [`SHARE`], [`YES_OR_NO`].
    pub unit: &'static str,
    /// The threshold, where no other was chosen.
    pub threshold: f32,
    /// How its number is compared with the threshold.
    pub compare: Compare,
    /// How its number follows from the steps that it points at.
    pub points: Points,
    /// Finds its steps, and its number unless `count` tells it. `None` where a sign beside it in the same file finds
    /// both in one pass, where there is nothing to find, or where rows have to be compared with each other.
    pub find: Option<fn(&ResolvedRow, &mut Findings)>,
    /// Its number where other measures tell it; `None` as its result where it is not known.
    pub count: Option<fn(&Counts) -> Option<f64>>,
    /// Finds what the row declares without its texts.
    pub declared: Option<fn(&Trajectory, &mut Findings)>,
}

impl SignRecord {
    /// What most signs have: one is enough, weights are added up, and nothing tells the number yet.
    pub const DEFAULT: Self = Self {
        name: "",
        title: "",
        definition: "",
        source: OURS,
        family: Family::Text,
        unit: "",
        threshold: 1.0,
        compare: Compare::AtLeast,
        points: Points::Sum,
        find: None,
        count: None,
        declared: None,
    };
}

/// What is said of a sign, and how its number follows from other measures: its record without the rules that read a row, so
/// that a program that only shows signs links none of them.
#[derive(Debug, Clone, Copy)]
struct About {
    name: &'static str,
    title: &'static str,
    definition: &'static str,
    source: &'static str,
    family: Family,
    unit: &'static str,
    threshold: f32,
    compare: Compare,
    points: Points,
    count: Option<fn(&Counts) -> Option<f64>>,
}

/// What is said of every sign, in the table's order; made when the program is compiled.
static ABOUT: [About; Sign::COUNT] = About::all();

impl About {
    #[expect(
        clippy::indexing_slicing,
        reason = "it is checked when the program is compiled"
    )]
    const fn all() -> [Self; Sign::COUNT] {
        let mut all = [Self::of(&SignRecord::DEFAULT); Sign::COUNT];
        let mut at = 0;
        while at < Sign::COUNT {
            all[at] = Self::of(Sign::ALL[at].record());
            at += 1;
        }
        all
    }

    const fn of(record: &SignRecord) -> Self {
        Self {
            name: record.name,
            title: record.title,
            definition: record.definition,
            source: record.source,
            family: record.family,
            unit: record.unit,
            threshold: record.threshold,
            compare: record.compare,
            points: record.points,
            count: record.count,
        }
    }
}

/// The unit of a share: its number lies between 0 and 1.
pub(super) const SHARE: &str = "share";
/// The unit of a sign that is so or not.
pub(super) const YES_OR_NO: &str = "yes or no";

/// The source of rules that are this project's own.
pub(super) const OURS: &str = "tracesift";
pub(super) const PAPER: &str = "Open-SWE-Traces (arXiv 2606.16038)";
pub(super) const SCORER: &str = "ModelScope Twinkle, HardScorer";
pub(super) const SERA: &str = "SERA (arXiv 2601.20789)";
pub(super) const STUCK: &str = "OpenHands, StuckDetector";

/// How a number is compared with its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// A row carries the sign from the threshold on.
    AtLeast,
    /// A row carries the sign above the threshold.
    MoreThan,
    /// It is so or not: the number is 1 or 0, and there is no threshold to choose.
    Yes,
}

impl Compare {
    /// Whether a number carries a sign that is compared so. What is not known (NaN) carries none.
    pub fn carries(self, number: f32, threshold: f32) -> bool {
        match self {
            Compare::AtLeast | Compare::Yes => number >= threshold,
            Compare::MoreThan => number > threshold,
        }
    }
}

/// How a sign's number follows from its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// It is the greatest weight.
    Longest,
    /// It is the sum of the weights.
    Sum,
    /// It is the sum of the weights as a share of all that could have been one.
    Share,
    /// It is the mean; the steps are those that are above.
    Mean,
    /// The sign is of the row as a whole and points at no step.
    Row,
}

/// What a sign is about: the page lists them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Doing the same again.
    Loops,
    /// Calls and their results.
    Calls,
    /// How the run ends.
    Ending,
    /// Looks at the solution.
    Leaks,
    /// The final patch.
    Patch,
    /// What is written in it.
    Text,
    /// Other rows, other datasets.
    OtherRows,
}

impl Family {
    /// Every family, in the order of the page.
    pub const ALL: [Family; 7] = [
        Family::Loops,
        Family::Calls,
        Family::Ending,
        Family::Leaks,
        Family::Patch,
        Family::Text,
        Family::OtherRows,
    ];

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Family::Loops => "Going round in circles",
            Family::Calls => "Calls and their results",
            Family::Ending => "How the run ends",
            Family::Leaks => "Possible leakage",
            Family::Patch => "The final patch",
            Family::Text => "What is written",
            Family::OtherRows => "Duplicates & benchmarks",
        }
    }
}

impl Sign {
    fn about(self) -> &'static About {
        // The table has an entry for each sign.
        const NONE: &About = &About::of(&SignRecord::DEFAULT);
        ABOUT.get(self as usize).unwrap_or(NONE)
    }

    /// How its number follows from other measures, where it does.
    pub(super) fn count(self) -> Option<fn(&Counts) -> Option<f64>> {
        self.about().count
    }

    /// The sign of a word of the address, in small or capital letters.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Sign::ALL.into_iter();
        all.find(|sign| sign.name().eq_ignore_ascii_case(name))
    }

    /// The sign's word in the address.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The sign's column in the downloaded table.
    pub fn column(self) -> String {
        format!("sign_{}", self.name().replace('-', "_"))
    }

    /// The sign's name for people.
    pub fn title(self) -> &'static str {
        self.about().title
    }

    /// What the number is, in a sentence or two.
    pub fn definition(self) -> &'static str {
        self.about().definition
    }

    /// Where the rule comes from.
    pub fn source(self) -> &'static str {
        self.about().source
    }

    /// What the number counts, in the plural.
    pub fn unit(self) -> &'static str {
        self.about().unit
    }

    /// The threshold, where no other was chosen.
    pub fn default_threshold(self) -> f32 {
        self.about().threshold
    }

    /// How the number is compared with the threshold.
    pub fn compare(self) -> Compare {
        self.about().compare
    }

    /// How the number follows from the steps that it points at.
    pub fn points(self) -> Points {
        self.about().points
    }

    /// What the sign is about.
    pub fn family(self) -> Family {
        self.about().family
    }

    /// Whether the number lies between 0 and 1.
    pub fn is_share(self) -> bool {
        self.unit() == SHARE
    }

    /// Whether a number carries the sign. What is not known (NaN) carries none.
    pub fn carries(self, number: f32, threshold: f32) -> bool {
        self.compare().carries(number, threshold)
    }

    /// Whether a step of that weight is worth a mark in a row that carries the sign.
    pub fn marks(self, weight: u32, threshold: f32) -> bool {
        match self.points() {
            Points::Longest | Points::Mean => self.carries(weight as f32, threshold),
            Points::Sum | Points::Share => true,
            Points::Row => false,
        }
    }
}
