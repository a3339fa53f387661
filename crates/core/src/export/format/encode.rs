//! How a format writes: a prepared row becomes one line, and a trainer may need files beside the rows.
//! Apart from [`super::Target`], so that the page, which only lists the formats, links none of it.

use serde::{Deserialize, Serialize};

use crate::export::check::{Fault, Reason};
use crate::export::file::SplitFile;
use crate::export::options::{BrokenCalls, Mask, Options};
use crate::export::origin::{Metadata, Origin};
use crate::export::prepare::Part;
use crate::export::tally::Tally;
use crate::trace::Role;

/// How a format writes a row.
pub trait Encode {
    /// Whether a row with such a fault must not be written.
    fn refuses(&self, fault: Fault, options: &Options) -> bool;

    /// Who speaks where the format wants someone else.
    fn order(&self, _part: &Part) -> Option<Reason> {
        None
    }

    /// How many media of each message a line keeps; of the others only the words in the text stay. Nothing for messages of
    /// which none is kept.
    fn kept_media(&self, _part: &Part, _options: &Options) -> Vec<usize> {
        Vec::new()
    }

    /// One line, without its line break.
    fn line(&self, row: &Row) -> String;

    /// Files that the trainer needs beside the rows; the tally is of all rows that were written.
    fn sidecars(&self, _files: &[SplitFile], _options: &Options, _tally: &Tally) -> Vec<Sidecar> {
        Vec::new()
    }
}

/// A prepared row that is to be written.
#[derive(Debug)]
pub struct Row<'r, 'a> {
    /// The messages.
    pub part: &'r Part<'a>,
    /// Where they come from.
    pub origin: &'r Origin,
    /// How they are written.
    pub options: &'r Options,
    /// Whether each message of the row, before it was prepared, is learned from; [`Self::is_learned`] asks it.
    pub learned: &'r [bool],
    /// Its tokens, where counted.
    pub tokens: Option<u64>,
}

impl Row<'_, '_> {
    /// Whether the message `at` is learned from.
    pub fn is_learned(&self, at: usize) -> bool {
        let is_unlearned = self
            .part
            .marks
            .get(at)
            .is_some_and(|mark| mark.is_unlearned);
        self.learned.get(self.part.from(at)) == Some(&true) && !is_unlearned
    }

    /// Whether its line says of each message whether it is learned from, in a format that carries masks as far as
    /// `carries` says: where turns are masked, or where the row's source says it.
    pub(in crate::export) fn has_mask(&self, carries: Mask) -> bool {
        let masks_broken = self.options.broken == BrokenCalls::Mask;
        self.options.mask.and(carries).is_set() || self.is_weighed() || masks_broken
    }

    /// Whether the source says of a turn how much is learned from it.
    pub(in crate::export) fn is_weighed(&self) -> bool {
        let mut messages = self.part.trajectory.messages.iter();
        messages.any(|message| {
            message.role == Role::Assistant && (message.weight.is_some() || message.copied)
        })
    }

    /// Bytes at the start of the text of the message `at` that are reasoning.
    pub fn thought(&self, at: usize) -> usize {
        self.part.marks.get(at).map_or(0, |mark| mark.thought)
    }

    /// What the line says of its origin.
    pub(in crate::export) fn metadata(&self) -> Metadata<'_> {
        Metadata::of_part(self.part, self.origin, self.told_tokens(), self.options)
    }

    /// The tokens that the line tells of.
    pub(in crate::export) fn told_tokens(&self) -> Option<u64> {
        // A line is the same whether or not someone counts besides.
        let tokens = self.tokens.filter(|_| self.options.is_counted());
        tokens.or(self.origin.tokens)
    }
}

/// A file that goes beside the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// All media of which the row says where they are, for formats that keep whatever was read.
pub(in crate::export) fn all_with_a_place(part: &Part) -> Vec<usize> {
    let messages = part.trajectory.messages.iter();
    let kept = messages.map(|message| {
        let media = message.media.iter();
        media.filter(|media| media.reference.is_some()).count()
    });
    kept.collect()
}

/// A value as one line. There are texts, numbers and objects only: nothing that can't be written as JSON.
pub(in crate::export) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
