//! One row: what is known of it beside its text. The reader asks for it.
//! What leaves it out, which signs it carries and which rows it is like need all rows.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::frame::Frame;
use tracesift_core::ground::words;
use tracesift_core::recipe::signs::Carried;
use tracesift_core::sign::Sign;

/// What is known of a row; `None` where there is no such row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its index.
    pub row: u64,
}

/// What is known of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutRow {
    /// Its index.
    pub row: u64,
    /// Whether its texts were read; of the others only what a survey tells is known.
    pub is_measured: bool,
    /// The rules that leave it out, in words; none where it is selected.
    pub left_out: Vec<String>,
    /// The signs that it carries.
    pub signs: Vec<Sign>,
    /// The rows that it is like, by the sign that says so.
    pub duplicates: Vec<(Sign, Duplicate)>,
}

impl Ask for About {
    type Answer = Option<AboutRow>;

    fn answer(self, held: &mut Held) -> Option<AboutRow> {
        let (frame, selection) = held.now();
        let at = frame.position(self.row)?;
        let left_out = selection.failed_by(at).into_iter();
        let signs = Carried::new(&frame, &selection.signs).of(at);
        let duplicates = signs.iter().filter_map(|&sign| {
            let duplicate = Duplicate::after(&frame, self.row, sign)?;
            Some((sign, duplicate))
        });
        Some(AboutRow {
            row: self.row,
            is_measured: frame.is_measured(at),
            left_out: left_out.map(|step| step.words.clone()).collect(),
            duplicates: duplicates.collect(),
            signs,
        })
    }
}

/// A row that another one is like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Its index.
    pub row: u64,
    /// How many such rows there are.
    pub of: u64,
    /// The likeness, unless they are equal.
    pub share: Option<f64>,
}

impl Duplicate {
    /// The next one by its index, and after the last the first: who goes on from row to row sees them all.
    fn after(frame: &Frame, row: u64, sign: Sign) -> Option<Self> {
        let position = frame.position(row)?;
        let duplicates = frame.duplicates(position, sign);
        let next = duplicates.iter().find(|duplicate| **duplicate > row);
        let share = frame.sign_at(position, sign);
        Some(Self {
            row: *next.or(duplicates.first())?,
            of: duplicates.len() as u64,
            share: sign.is_share().then_some(share.into()),
        })
    }

    /// `about 92 % like row 12`, `row 12`, `row 12, and 3 more`.
    pub fn words(self) -> String {
        let row = format!("row {}", self.row);
        match (self.share, self.of) {
            (Some(share), _) => format!("about {} like {row}", words::percent(share)),
            (None, 1) => row,
            (None, of) => format!("{row}, and {} more", words::count(of - 1)),
        }
    }
}
