//! What changes the rows or the rules; each answer says how things stand then.
//! Rows come as the workers that measured them wrote them: the page passes the bytes on.

use serde::{Deserialize, Serialize};

use super::{Ask, Held, Shown};
use tracesift_core::frame::Frame;
use tracesift_core::measure::Measurements;
use tracesift_core::recipe::Filters;
use tracesift_core::search::TextQuery;

/// To add rows, or to replace those that are there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// The rows, which travel beside the question.
    #[serde(skip)]
    pub rows: Vec<Measurements>,
}

impl Ask for Push {
    type Answer = Shown;

    fn answer(self, held: &mut Held) -> Shown {
        held.change_rows(|frame| self.rows.iter().for_each(|row| frame.push(row)));
        held.shown()
    }
}

/// To make room for the rows that a run will have: columns that grow by and by are copied again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expect(pub u64);

impl Expect {
    /// Room for more rows is not made beforehand: whoever says how many there are may be wrong.
    const MOST: u64 = 1 << 20;
}

impl Ask for Expect {
    type Answer = ();

    fn answer(self, held: &mut Held) {
        let rows = usize::try_from(self.0.min(Self::MOST)).unwrap_or_default();
        held.make_room(rows);
    }
}

/// To forget all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clear;

impl Ask for Clear {
    type Answer = Shown;

    fn answer(self, held: &mut Held) -> Shown {
        held.replace_rows(Frame::default());
        held.shown()
    }
}

/// To apply other rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Select {
    /// The rules.
    pub filters: Filters,
    /// The seed of draws among the rows.
    pub seed: u64,
}

impl Ask for Select {
    type Answer = Shown;

    fn answer(self, held: &mut Held) -> Shown {
        held.change_rules(self.filters, self.seed);
        held.shown()
    }
}

/// To note which rows hold what a filter by text looks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteFound {
    /// What is looked for.
    pub query: TextQuery,
    /// Rows that were looked at, by their indices.
    pub searched: Vec<u64>,
    /// Those among them that hold it.
    pub found: Vec<u64>,
}

impl Ask for NoteFound {
    type Answer = Shown;

    fn answer(self, held: &mut Held) -> Shown {
        let Self {
            query,
            searched,
            found,
        } = self;
        held.note_found(&query, &searched, &found);
        held.shown()
    }
}

/// To find the rows that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindDuplicates;

impl Ask for FindDuplicates {
    type Answer = Shown;

    fn answer(self, held: &mut Held) -> Shown {
        held.change_rows(Frame::find_duplicates);
        held.rows_compared();
        held.shown()
    }
}

/// Which rows pass all rules, by their indices, and whether some rule waits for the rows' patches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRows;

impl Ask for KeptRows {
    type Answer = (Vec<u64>, bool);

    fn answer(self, held: &mut Held) -> (Vec<u64>, bool) {
        let (frame, selection) = held.now();
        let rows = frame.rows();
        let kept = selection.kept.iter();
        let kept = kept.filter_map(|&at| rows.get(at as usize).copied());
        (kept.collect(), selection.waits_for_patches())
    }
}
