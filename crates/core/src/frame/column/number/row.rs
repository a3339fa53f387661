//! Numbers of the row as a whole: its messages, its size, what was mended.
//! Messages are counted without reading a text.

use super::NumberRecord;

/// All messages.
pub(super) const MESSAGES: NumberRecord = NumberRecord {
    name: "messages",
    title: "Messages",
    unit: "messages",
    definition: "All messages of the trajectory, whoever sends them.",
    of: |row| Some(row.messages.into()),
    needs_texts: false,
    ..NumberRecord::DEFAULT
};

/// Assistant messages.
pub(super) const TURNS: NumberRecord = NumberRecord {
    name: "turns",
    title: "Turns",
    unit: "turns",
    definition: "Assistant messages: how often the agent spoke or acted.",
    of: |row| Some(row.turns.into()),
    needs_texts: false,
    ..NumberRecord::DEFAULT
};

/// Bytes of the row.
pub(super) const BYTES: NumberRecord = NumberRecord {
    name: "bytes",
    title: "Bytes",
    unit: "bytes",
    definition: "The size of the row's JSON.",
    of: |row| Some(row.bytes as f64),
    ..NumberRecord::DEFAULT
};

/// How often anything was mended.
pub(super) const REPAIRS: NumberRecord = NumberRecord {
    name: "repairs",
    title: "Repairs",
    unit: "repairs",
    definition: "How often anything in the row had to be normalized to the form that all rows are read in, guesses \
                 included.",
    of: |row| Some(row.repairs.total().into()),
    ..NumberRecord::DEFAULT
};
