//! The files of an export while they are written: one a side, or several where a file may have so many megabytes only.
//! Each file's size, lines and checksum are known when its last line is, and no line is read again for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::manifest::{File, Written};
use super::options::Options;
use super::side::Side;

/// Lines that follow each other in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The side.
    pub side: Side,
    /// Which of the side's files, counted from 0.
    pub shard: u32,
    /// Bytes of this piece.
    pub bytes: u64,
    /// The file as it stands, up to this piece; without a name.
    pub so_far: File,
}

/// The files that are being written.
#[derive(Debug, Clone, Default)]
pub struct Shards {
    most: Option<u64>,
    sides: BTreeMap<Side, (u32, Written)>,
}

impl Shards {
    /// No file yet.
    pub fn new(options: &Options) -> Self {
        let megabytes = options
            .shard
            .filter(|_| options.format.target().takes_shards());
        Self {
            most: megabytes.map(|megabytes| megabytes.saturating_mul(1_000_000)),
            sides: BTreeMap::new(),
        }
    }

    /// Adds lines in their order. The text is all of them, each with its line break, sorted by file: every piece says how
    /// many of its bytes go to which file.
    pub fn add<'l>(
        &mut self,
        lines: impl IntoIterator<Item = (Side, &'l str)>,
    ) -> (String, Vec<Piece>) {
        // The state after a file's last line is the one that counts.
        let mut files: BTreeMap<(Side, u32), (String, Written)> = BTreeMap::new();
        for (side, line) in lines {
            let (shard, written) = self.sides.entry(side).or_default();
            let size = line.len() as u64 + 1;
            let is_full = |most| written.bytes() > 0 && written.bytes() + size > most;
            if self.most.is_some_and(is_full) {
                *shard += 1;
                *written = Written::default();
            }
            written.add(line.as_bytes());
            written.add(b"\n");
            let (text, so_far) = files.entry((side, *shard)).or_default();
            text.push_str(line);
            text.push('\n');
            // A hasher's state is some hundred bytes.
            *so_far = written.clone();
        }
        let mut all = String::new();
        let mut pieces = Vec::new();
        for ((side, shard), (text, so_far)) in files {
            all.push_str(&text);
            pieces.push(Piece {
                side,
                shard,
                bytes: text.len() as u64,
                so_far: so_far.file(""),
            });
        }
        (all, pieces)
    }
}
