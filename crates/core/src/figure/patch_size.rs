//! The chart of rows by the lines that the model's patch changes.
//! A survey shows what the dataset declares, until the patches are read.

use super::histogram::{HistogramOf, Spread};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Figure, View};
use crate::frame::histogram::Scale;
use crate::frame::{Frame, Number};

/// Rows by patch size.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "patch-size",
    title: "Patch size",
    definition: "Rows by the size of the model's patch: lines added plus lines deleted, as git apply --numstat \
                 counts them.",
    // Added plus deleted lines have no key in the address.
    sets: Sets::Nothing,
    needs_tokens: false,
    figure: patch_size,
};

fn patch_size(view: &View<'_>) -> Figure {
    let about = HistogramOf {
        kind: Kind::PatchSize,
        unit: "changed lines",
        key: None,
        scale: Scale::Log,
        none: "No row has a patch.",
    };
    let (values, spread) = view.ground.patch_sizes.get_or_init(|| {
        let sizes = sizes(view.frame);
        let spread = Spread::log(&sizes);
        (sizes, spread)
    });
    about.figure(view, values, spread, None)
}

/// Lines added plus lines deleted, by position; of rows whose patch was not read, what the dataset declares.
fn sizes(frame: &Frame) -> Vec<f64> {
    let added = frame.number(Number::PatchAdded).iter();
    let deleted = frame.number(Number::PatchDeleted);
    let declared = frame.number(Number::DeclaredLines);
    let size = |((added, deleted), declared): ((&f64, &f64), &f64)| {
        let counted = added + deleted;
        if counted.is_nan() { *declared } else { counted }
    };
    added.zip(deleted).zip(declared).map(size).collect()
}
