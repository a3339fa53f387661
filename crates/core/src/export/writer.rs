//! One row → its lines: prepared, masked, checked, written, and given a split. What is not written comes back with its
//! reasons.

use serde::{Deserialize, Serialize};

use super::check::{Fault, Reason, Rejected, faults};
use super::format::Row;
use super::mask::{self, Counted};
use super::options::{Mask, Options};
use super::origin::Origin;
use super::prepare::{Mended, prepare};
use super::shape::LineShape;
use super::split::{Split, split_of};
use crate::tokens::Counter;
use crate::trace::{Message, Role, Trajectory, borrow};

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line, without its line break.
    pub text: String,
    /// The split that it goes to.
    pub split: Split,
    /// Its tokens, where counted: of its texts, and what the chat template adds where one is chosen.
    pub tokens: Option<u64>,
    /// Those among them that the trainer will learn from, where counted. A mask that the format can't carry masks none.
    pub trainable: Option<u64>,
    /// The row's harness, where known.
    pub harness: Option<String>,
    /// The row's licence; empty where not known.
    pub license: String,
    /// The row's language; empty where not known.
    pub language: String,
    /// What occurs in it that decides its keys.
    pub shape: LineShape,
    /// The list from which its tools were added, where some were: [`super::harness_tools`].
    pub tools_from: Option<String>,
    /// What was done about calls that can't be read.
    pub mended: Mended,
    /// Faults that the format does not refuse.
    pub odd: Vec<Reason>,
}

/// Writes rows by one set of options. The seed draws the splits; tokens are counted where there is a counter.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'o> {
    /// How.
    pub options: &'o Options,
    /// The seed of the splits.
    pub seed: u64,
    /// What counts.
    pub counter: Option<&'o Counter>,
}

impl Writer<'_> {
    /// The lines of one row: one, or several where it is cut. The reader shows one row's lines, or why there are none,
    /// by this, too.
    pub fn write(&self, trajectory: &Trajectory, origin: &Origin) -> Vec<Result<Line, Rejected>> {
        let learned = mask::learned(trajectory, self.carried());
        let reject = |part, reasons| Rejected {
            row: origin.row,
            part,
            reasons,
        };
        let view = borrow::trajectory(trajectory);
        let prepared = match prepare(view, self.options, self.counter) {
            Ok(prepared) => prepared,
            Err(reason) => return vec![Err(reject(1, vec![reason]))],
        };
        if let (Some(tokens), Some(limit)) = (prepared.too_long(), self.options.cut) {
            return vec![Err(reject(1, vec![Reason::LongTask { tokens, limit }]))];
        }
        let lines = prepared.parts().map(|part| {
            let part = part.as_ref();
            let arguments = self
                .options
                .format
                .target()
                .template_arguments(self.options);
            let counted = self
                .counter
                .map(|counter| mask::tokens(part, &learned, self.carried(), arguments, counter));
            let counted = counted.as_ref();
            let row = Row {
                part,
                origin,
                options: self.options,
                learned: &learned,
                tokens: counted.map(|counted| counted.all.total_with_template()),
            };
            self.line(&row, counted)
                .map_err(|reasons| reject(part.number, reasons))
        });
        lines.collect()
    }

    /// The mask as far as the format carries it.
    fn carried(&self) -> Mask {
        let carries = self.options.format.target().carries(self.options);
        self.options.mask.and(carries)
    }

    fn line(&self, row: &Row, counted: Option<&Counted>) -> Result<Line, Vec<Reason>> {
        let (target, encoder) = (self.options.format.target(), self.options.format.encoder());
        let mut reasons = faults(row.part);
        reasons.extend(encoder.order(row.part));
        let unrendered = counted.and_then(|counted| counted.unrendered.clone());
        reasons.extend(unrendered.map(Reason::Unrendered));
        reasons.extend(self.length(row.tokens));
        reasons.extend(all_masked(row));
        reasons.extend(self.lost_weight(row));
        let kept = self.kept_media(row);
        reasons.extend(lost_media(row, &kept));
        let is_refused = |reason: &Reason| match reason.fault() {
            Fault::TooLong | Fault::NotCounted => true,
            // How long it would be is not known.
            Fault::Unrendered => self.options.most_tokens().is_some(),
            Fault::Weight | Fault::Media => false,
            Fault::Empty | Fault::AllMasked => target.is_for_training(),
            fault => encoder.refuses(fault, self.options),
        };
        let (refused, odd): (Vec<_>, Vec<_>) = reasons.into_iter().partition(is_refused);
        if !refused.is_empty() {
            return Err(refused);
        }
        let labels = &row.part.trajectory.labels;
        let label = |label: &Option<std::borrow::Cow<str>>| label.as_deref().map(str::to_owned);
        Ok(Line {
            text: encoder.line(row),
            split: split_of(self.options.shares, self.seed, labels, row.origin),
            tokens: row.tokens,
            trainable: counted.map(|counted| counted.trainable),
            harness: label(&labels.harness),
            license: label(&labels.license).unwrap_or_default(),
            language: label(&labels.language).unwrap_or_default(),
            shape: LineShape {
                images: target.has_images() && kept.iter().any(|kept| *kept > 0),
                ..LineShape::of(row)
            },
            tools_from: row.part.tools_from.map(|list| list.title.clone()),
            mended: row.part.mended,
            odd,
        })
    }

    /// The first turn that the source leaves out of learning, where the format learns from it all the same.
    fn lost_weight(&self, row: &Row) -> Option<Reason> {
        let carries = self.options.format.target().carries(self.options);
        if Mask::TURNS.without(carries).is_set() {
            let mut messages = row.part.trajectory.messages.iter().enumerate();
            let left_out =
                |message: &Message| message.role == Role::Assistant && message.is_context();
            let (at, _) = messages.find(|(_, message)| left_out(message))?;
            return Some(Reason::Weight {
                message: row.part.from(at),
            });
        }
        None
    }

    /// How many media of each message the line keeps.
    fn kept_media(&self, row: &Row) -> Vec<usize> {
        let mut messages = row.part.trajectory.messages.iter();
        match messages.any(|message| !message.media.is_empty()) {
            true => self
                .options
                .format
                .encoder()
                .kept_media(row.part, self.options),
            false => Vec::new(),
        }
    }

    fn length(&self, tokens: Option<u64>) -> Option<Reason> {
        let limit = self.options.most_tokens()?;
        match tokens {
            None => Some(Reason::NotCounted),
            Some(tokens) if tokens > limit => Some(Reason::TooLong { tokens, limit }),
            Some(_) => None,
        }
    }
}

/// The media that the format leaves out.
fn lost_media(row: &Row, kept: &[usize]) -> Option<Reason> {
    let kept = kept.iter().copied().chain(std::iter::repeat(0));
    let messages = row.part.trajectory.messages.iter().zip(kept);
    let lost = messages.map(|(message, kept)| message.media.len().saturating_sub(kept));
    let mut lost = lost.enumerate().filter(|(_, lost)| *lost > 0);
    let (first, found) = lost.next()?;
    Some(Reason::Media {
        message: row.part.from(first),
        left_out: found + lost.map(|(_, lost)| lost).sum::<usize>(),
    })
}

/// Nothing is left to learn from, though the assistant speaks.
fn all_masked(row: &Row) -> Option<Reason> {
    let messages = &row.part.trajectory.messages;
    let turns = || {
        let all = messages.iter().enumerate();
        all.filter(|(_, message)| message.role == Role::Assistant)
    };
    let is_masked = turns().next().is_some() && !turns().any(|(at, _)| row.is_learned(at));
    is_masked.then_some(Reason::AllMasked)
}
