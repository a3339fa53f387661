//! Where a run's texts hold what someone looks for: in the whole texts, not only in what is shown of them.
//! Positions are bytes of the texts as they are, whatever letters match in another case.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::Search;
use super::texts::{Part, each_text, patch};
use crate::patch::lines;
use crate::trace::Trajectory;

/// Places that are listed. The search ends there: each further one may take as long as the text is.
pub const LISTED: usize = 5000;

/// A text of a run in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// A text of a message.
    Message(usize, Part),
    /// A line of the final patch, by its index, without its marker.
    PatchLine(usize),
}

impl Place {
    /// Where it stands, as the reader shows a run: message by message, the calls of each behind its texts, the patch last.
    fn order(self) -> (usize, usize, usize, usize) {
        match self {
            Self::Message(message, Part::Reasoning) => (message, 0, 0, 0),
            Self::Message(message, Part::Text) => (message, 0, 0, 1),
            Self::Message(message, Part::Tool { call }) => (message, call + 1, 0, 0),
            Self::Message(message, Part::Key { call, argument }) => {
                (message, call + 1, argument + 1, 0)
            }
            Self::Message(message, Part::Argument { call, argument }) => {
                (message, call + 1, argument + 1, 1)
            }
            Self::PatchLine(line) => (usize::MAX, line, 0, 0),
        }
    }
}

/// A match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hit {
    /// The text that holds it.
    pub place: Place,
    /// The byte of that text at which it begins.
    pub start: usize,
    /// The byte behind it. In a patch a match ends with its first line.
    pub end: usize,
}

/// What was found, in the order in which the reader shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The first [`LISTED`] matches.
    pub hits: Vec<Hit>,
    /// Whether the search ended there.
    pub is_cut: bool,
}

impl Search {
    /// Looks through a run, as [`Search::is_in`] does. A match without a letter is passed over.
    pub fn find(&self, run: &Trajectory) -> Found {
        let mut found = Found::default();
        let looked = each_text(run, self.kind, |message, part, text| {
            let place = Place::Message(message, part);
            self.spans(text)
                .try_for_each(|(start, end)| found.add(Hit { place, start, end }))
        });
        if let (ControlFlow::Continue(()), Some(patch)) = (looked, patch(run, self.kind)) {
            // That it is cut says all there is to say.
            let _ = self.find_in_patch(patch, &mut found);
        }
        found
    }

    fn find_in_patch(&self, patch: &str, found: &mut Found) -> ControlFlow<()> {
        let mut lines = lines(patch).enumerate().peekable();
        for (start, end) in self.spans(patch) {
            while lines.next_if(|(_, line)| line.end <= start).is_some() {}
            let Some((index, line)) = lines.peek() else {
                break;
            };
            let (first, length) = (line.start + line.marker(), line.content().len());
            let within = |at: usize| at.saturating_sub(first).min(length);
            found.add(Hit {
                place: Place::PatchLine(*index),
                start: within(start),
                end: within(end),
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Matches in a text that hold a letter at least.
    fn spans<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> {
        let found = self.pattern.find_iter(text);
        let spans = found.map(|found| (found.start(), found.end()));
        spans.filter(|(start, end)| start < end)
    }
}

impl Found {
    /// The matches in one text.
    pub fn hits_in(&self, place: Place) -> &[Hit] {
        let order = place.order();
        let start = self.hits.partition_point(|hit| hit.place.order() < order);
        let hits = self.hits.get(start..).unwrap_or_default();
        let length = hits.partition_point(|hit| hit.place == place);
        hits.get(..length).unwrap_or_default()
    }

    fn add(&mut self, hit: Hit) -> ControlFlow<()> {
        if self.hits.len() == LISTED {
            self.is_cut = true;
            return ControlFlow::Break(());
        }
        self.hits.push(hit);
        ControlFlow::Continue(())
    }
}
