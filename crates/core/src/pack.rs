//! Rows packed into sequences of one length, as trainers do it to waste less: best fit, longest first. Each row goes to
//! the sequence in which it leaves the least room; where none has room enough, it begins a new one.
//!
//! That takes at most 11/9 of the fewest sequences possible, plus two thirds of one (Johnson, “Near-optimal bin packing
//! algorithms”, 1973; the constant by Dósa, 2007). Sorting and a tree of the rooms make it n log n.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The result of packing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packing {
    /// The length of a sequence, in tokens.
    pub limit: u64,
    /// Sequences.
    pub sequences: u64,
    /// Rows in them.
    pub rows: u64,
    /// Tokens in them.
    pub tokens: u64,
    /// Rows that are longer than a sequence: they are in none.
    pub longer: u64,
}

impl Packing {
    /// The share of the sequences that is padding, 0 to 1; 0 where there is none.
    pub fn waste(&self) -> f64 {
        waste(self.tokens, self.sequences, self.limit)
    }

    /// The share that would be padding with one row per sequence.
    pub fn waste_unpacked(&self) -> f64 {
        waste(self.tokens, self.rows, self.limit)
    }
}

fn waste(tokens: u64, sequences: u64, limit: u64) -> f64 {
    let room = sequences as f64 * limit as f64;
    if room > 0.0 {
        1.0 - tokens as f64 / room
    } else {
        0.0
    }
}

/// Packs rows of these lengths into sequences of `limit` tokens.
pub fn pack(mut lengths: Vec<u64>, limit: u64) -> Packing {
    let all = lengths.len();
    lengths.retain(|&length| length <= limit);
    lengths.sort_unstable();
    let mut packer = Packer {
        rooms: BTreeMap::new(),
        packing: Packing {
            limit,
            longer: (all - lengths.len()) as u64,
            ..Packing::default()
        },
    };
    lengths
        .into_iter()
        .rev()
        .for_each(|length| packer.place(length));
    packer.packing
}

/// Packing under way.
struct Packer {
    /// How many sequences have so much room; none has no room.
    rooms: BTreeMap<u64, u64>,
    packing: Packing,
}

impl Packer {
    fn place(&mut self, length: u64) {
        self.packing.rows += 1;
        self.packing.tokens += length;
        if length == 0 && self.packing.sequences > 0 {
            return;
        }
        let best = self.rooms.range(length..).next().map(|(&room, _)| room);
        let room = match best {
            Some(room) => {
                self.take(room);
                room
            }
            None => {
                self.packing.sequences += 1;
                self.packing.limit
            }
        };
        if room > length {
            *self.rooms.entry(room - length).or_default() += 1;
        }
    }

    fn take(&mut self, room: u64) {
        if let Some(count) = self.rooms.get_mut(&room) {
            *count -= 1;
            if *count == 0 {
                self.rooms.remove(&room);
            }
        }
    }
}
