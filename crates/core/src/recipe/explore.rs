//! A chart of a person's own: which number or label lies across, up, is told by colour, and by small charts side by side.
//! The choice is part of the address; `figure` makes the chart.

use serde::{Deserialize, Serialize};

use crate::frame::Number;
use crate::frame::facet::Facet;

/// What can be drawn of a row: a number or a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// A number.
    Number(Number),
    /// The outcome or a label.
    Facet(Facet),
}

impl Field {
    /// Every field: labels first, there are few of them.
    pub fn all() -> impl Iterator<Item = Field> {
        let labels = Facet::ALL.into_iter().map(Field::Facet);
        labels.chain(Number::ALL.into_iter().map(Field::Number))
    }

    /// The word of the address.
    pub fn name(self) -> &'static str {
        match self {
            Field::Number(number) => number.name(),
            Field::Facet(facet) => facet.name(),
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Field::Number(number) => number.title(),
            Field::Facet(facet) => facet.title(),
        }
    }

    /// The words of the address with their fields.
    pub fn words() -> Vec<(&'static str, Field)> {
        Self::all().map(|field| (field.name(), field)).collect()
    }

    /// The same, and a word for none.
    pub fn words_or(none: &'static str) -> Vec<(&'static str, Option<Field>)> {
        let fields = Self::all().map(|field| (field.name(), Some(field)));
        std::iter::once((none, None)).chain(fields).collect()
    }
}

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explored {
    /// Across.
    pub x: Field,
    /// Up; none counts rows.
    pub y: Option<Field>,
    /// Told by colour.
    pub color: Option<Field>,
    /// A small chart each.
    pub by: Option<Field>,
}

impl Explored {
    /// The word for counting rows.
    pub const ROWS: &'static str = "rows";
    /// The word for no colour, and for one chart of all rows.
    pub const NONE: &'static str = "none";
}

impl Default for Explored {
    fn default() -> Self {
        Self {
            x: Field::Number(Number::Turns),
            y: Some(Field::Number(Number::Errors)),
            color: Some(Field::Facet(Facet::Outcome)),
            by: None,
        }
    }
}
