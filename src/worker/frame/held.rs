//! What is held: all rows that were measured, the rules, and the selection that they make.
//! The selection and all that goes with it is made when it is first asked for after a change.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::chosen::Chosen;
use super::{Ask, table};
use tracesift_core::figure::Ground;
use tracesift_core::frame::{Found, Frame, Label};
use tracesift_core::recipe::funnel::Step;
use tracesift_core::recipe::table::Order;
use tracesift_core::recipe::{Filters, Selection, select_found};
use tracesift_core::search::TextQuery;

/// The frame, the rules and the selection.
#[derive(Debug, Default)]
pub struct Held {
    frame: Arc<Frame>,
    /// Which of its rows hold what a filter by text looks for.
    found: Found,
    /// What charts need of the rows alone, kept while only rules change.
    ground: Ground,
    filters: Filters,
    seed: u64,
    selection: Option<Arc<Selection>>,
    /// The selected rows as the table shows them.
    order: Option<(Order, Arc<Vec<u32>>)>,
    /// Changes of the rows so far, and of the rows or the rules.
    changes: (u64, u64),
    /// Whether the rows were compared with each other since the last one came.
    is_compared: bool,
    /// What is held for files that are being made, by number.
    pub(super) chosen: BTreeMap<u64, Chosen>,
}

/// What the page always knows of the rows and the selection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Changes of the rows so far.
    pub rows_version: u64,
    /// Changes of the rows or the rules so far.
    pub version: u64,
    /// Rows.
    pub len: u64,
    /// Of these, those whose texts were read.
    pub measured: u64,
    /// Places that they are from.
    pub sources: u64,
    /// Whether they were compared with each other since the last one came.
    pub is_compared: bool,
    /// Rows that pass all rules.
    pub kept: u64,
    /// What each rule costs.
    pub steps: Vec<Step>,
}

impl Shown {
    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there are rows and no row's texts were read.
    pub fn is_survey(&self) -> bool {
        self.measured == 0 && self.len > 0
    }
}

impl Held {
    /// Answers a question.
    pub fn ask<A: Ask>(&mut self, question: A) -> A::Answer {
        question.answer(self)
    }

    /// The frame, and the selection among its rows.
    pub(super) fn now(&mut self) -> (Arc<Frame>, Arc<Selection>) {
        let known = self.selection.clone();
        let selection =
            known.unwrap_or_else(|| Arc::new(self.selection_by(&self.filters, self.seed)));
        self.selection = Some(selection.clone());
        (self.frame.clone(), selection)
    }

    /// The selection that some rules make.
    pub(super) fn selection_by(&self, filters: &Filters, seed: u64) -> Selection {
        select_found(&self.frame, &self.found, filters, seed)
    }

    pub(super) fn frame(&self) -> &Arc<Frame> {
        &self.frame
    }

    pub(super) fn ground(&self) -> &Ground {
        &self.ground
    }

    pub(super) fn filters(&self) -> &Filters {
        &self.filters
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// The selected rows in the table's order.
    pub(super) fn order(&mut self, order: &Order) -> Arc<Vec<u32>> {
        if let Some((_, rows)) = self.order.as_ref().filter(|(of, _)| of == order) {
            return rows.clone();
        }
        let (frame, selection) = self.now();
        let rows = Arc::new(table::in_order(order, &frame, &selection));
        self.order = Some((order.clone(), rows.clone()));
        rows
    }

    /// Changes the rows. Whatever is made of files goes on with those that it began with.
    pub(super) fn change_rows(&mut self, change: impl FnOnce(&mut Frame)) {
        change(Arc::make_mut(&mut self.frame));
        self.rows_changed();
    }

    /// Notes what was found in the texts: the rows stay as they are, but others may pass.
    pub(super) fn note_found(&mut self, query: &TextQuery, searched: &[u64], found: &[u64]) {
        self.found.note(&self.frame, query, searched, found);
        self.selection_changed();
    }

    /// Makes room for so many rows in all.
    pub(super) fn make_room(&mut self, rows: usize) {
        Arc::make_mut(&mut self.frame).expect(rows);
    }

    /// Puts other rows in the place of all.
    pub(super) fn replace_rows(&mut self, frame: Frame) {
        self.frame = Arc::new(frame);
        self.found = Found::default();
        self.rows_changed();
    }

    fn rows_changed(&mut self) {
        self.ground = Ground::default();
        self.is_compared = self.frame.measured() < 2;
        self.changes.0 += 1;
        self.selection_changed();
    }

    /// Notes that the rows were compared.
    pub(super) fn rows_compared(&mut self) {
        self.is_compared = true;
    }

    /// Changes the rules.
    pub(super) fn change_rules(&mut self, filters: Filters, seed: u64) {
        if (&self.filters, self.seed) != (&filters, seed) {
            (self.filters, self.seed) = (filters, seed);
            self.selection_changed();
        }
    }

    fn selection_changed(&mut self) {
        self.selection = None;
        self.order = None;
        self.changes.1 += 1;
    }

    pub(super) fn shown(&mut self) -> Shown {
        let (frame, selection) = self.now();
        Shown {
            rows_version: self.changes.0,
            version: self.changes.1,
            len: frame.len() as u64,
            measured: frame.measured() as u64,
            sources: frame.label(Label::Source).values.len() as u64,
            is_compared: self.is_compared,
            kept: selection.kept.len() as u64,
            steps: selection.steps.clone(),
        }
    }
}
