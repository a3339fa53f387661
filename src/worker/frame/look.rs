//! What is in the rows, at a look: the charts, what the rules did to the mix, the rows that one rule alone removes.
//! Only what is shown travels: a dataset has as many repositories as rows.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::figure::{Figure, Kind};
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::{Frame, Label};
use tracesift_core::ground::words;
use tracesift_core::mix::{Fates, Mix};
use tracesift_core::recipe::explore::Explored;

/// A chart's figure; `None` before there are rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureOf {
    /// Which chart.
    pub kind: Kind,
    /// The recipe's token budget.
    pub budget: u64,
}

impl Ask for FigureOf {
    type Answer = Option<Figure>;

    fn answer(self, held: &mut Held) -> Option<Figure> {
        let (frame, selection) = held.now();
        let figure = Figure::on(held.ground(), self.kind, &frame, &selection, self.budget);
        (!frame.is_empty()).then_some(figure)
    }
}

/// A person's own chart; `None` before there are rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreOf {
    /// What is drawn.
    pub choice: Explored,
}

impl Ask for ExploreOf {
    type Answer = Option<Figure>;

    fn answer(self, held: &mut Held) -> Option<Figure> {
        let (frame, selection) = held.now();
        (!frame.is_empty()).then(|| Figure::explored(&frame, &selection, self.choice))
    }
}

/// What the rules did to the mix of the rows, by every facet that has one; nothing where no row is lost, or all are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixesOf {
    /// So many parts of a facet are wanted.
    pub most: usize,
}

/// The parts of a facet that are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixShown {
    /// The facet with its first parts.
    pub mix: Mix,
    /// How many parts there are beside them.
    pub more: u64,
    /// Whether a rule names the facet: that its shares moved goes without saying.
    pub is_ruled: bool,
}

impl Ask for MixesOf {
    type Answer = Vec<MixShown>;

    fn answer(self, held: &mut Held) -> Vec<MixShown> {
        let (frame, selection) = held.now();
        if selection.kept.is_empty() || selection.kept.len() == selection.mask.len() {
            return Vec::new();
        }
        let fates = Fates::of(&selection);
        let mixes = Facet::ALL.map(|facet| Mix::of(&frame, facet, &fates));
        let has_mix = |mix: &Mix| mix.parts.len() > 1;
        let shown = mixes.into_iter().filter(has_mix).map(|mut mix| {
            let more = mix.parts.len().saturating_sub(self.most) as u64;
            mix.parts.truncate(self.most);
            let is_ruled = selection
                .steps
                .iter()
                .any(|step| step.key == mix.facet.name());
            MixShown {
                mix,
                more,
                is_ruled,
            }
        });
        shown.collect()
    }
}

/// The rows that one rule alone removes; `None` where the rule is not set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedAlone {
    /// The rule's key.
    pub key: String,
    /// So many of them are wanted.
    pub most: usize,
}

/// Rows that come back if their rule is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// The rule in words.
    pub words: String,
    /// How many rows there are.
    pub all: u64,
    /// The first of them: index, and name for people.
    pub rows: Vec<(u64, String)>,
}

impl Ask for RemovedAlone {
    type Answer = Option<Alone>;

    fn answer(self, held: &mut Held) -> Option<Alone> {
        let (frame, selection) = held.now();
        let at = selection
            .steps
            .iter()
            .position(|step| step.key == self.key)?;
        let positions = selection.removed_alone(&frame, at);
        let rows = positions.iter().take(self.most);
        Some(Alone {
            words: selection.steps.get(at)?.words.clone(),
            all: positions.len() as u64,
            rows: rows.filter_map(|&at| named(&frame, at)).collect(),
        })
    }
}

/// A row's index, and its name for people.
fn named(frame: &Frame, position: u32) -> Option<(u64, String)> {
    let row = *frame.rows().get(position as usize)?;
    let instance = frame.label(Label::InstanceId).get(position as usize);
    let name = match instance {
        Some(instance) => format!("{row} {}", words::cut(instance, 40)),
        None => row.to_string(),
    };
    Some((row, name))
}
