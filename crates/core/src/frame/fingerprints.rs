//! What tells rows that are alike: hashes of patch and calls, and a signature of task and patch.
//! A row that was only surveyed has none, and takes no room for it.

use super::{GROWTH, make_room, put, vec_bytes};
use crate::sign::{SIGNATURE, Signs};

/// Hashes and signatures of all rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Fingerprints {
    /// The hashes of patch and calls; 0 where there is none.
    hashes: Vec<[u64; 2]>,
    /// Signatures, one after the other.
    signatures: Vec<u8>,
    /// A row's place among the fingerprints; [`NONE`] for a row without any.
    places: Vec<u32>,
    /// The position of the most similar row of another task; [`NONE`] where none is alike. As long as the rows that
    /// were compared, and empty where none are alike.
    pub(super) nearest: Vec<u32>,
}

/// No place, no position.
pub(super) const NONE: u32 = u32::MAX;

impl Fingerprints {
    /// Makes room for so many rows in all.
    pub(super) fn expect(&mut self, rows: usize) {
        make_room(&mut self.places, rows);
    }

    /// Writes a row's fingerprint. One that is there already is written in place.
    pub(super) fn put(&mut self, position: usize, signs: &Signs) {
        if let Some(nearest) = self.nearest.get_mut(position) {
            *nearest = NONE;
        }
        let old = self.places.get(position).copied().unwrap_or(NONE);
        let has_any = signs.patch.is_some() || signs.calls.is_some() || !signs.words.is_empty();
        if old == NONE && !has_any {
            put(&mut self.places, position, NONE);
            return;
        }
        let place = match old {
            NONE => self.hashes.len(),
            old => old as usize,
        };
        let hashes = [
            signs.patch.unwrap_or_default(),
            signs.calls.unwrap_or_default(),
        ];
        put(&mut self.hashes, place, hashes);
        self.put_signature(place, &signs.words);
        put(
            &mut self.places,
            position,
            u32::try_from(place).unwrap_or(NONE),
        );
    }

    /// A text without words is like no other: its numbers stay 0.
    fn put_signature(&mut self, place: usize, words: &[u8]) {
        let start = place * SIGNATURE;
        if self.signatures.len() == start {
            if self.signatures.capacity() - start < SIGNATURE {
                self.signatures
                    .reserve_exact((place / GROWTH + 64) * SIGNATURE);
            }
            self.signatures.resize(start + SIGNATURE, 0);
        }
        if let Some(signature) = self.signatures.get_mut(start..start + SIGNATURE) {
            signature.fill(0);
            let words = words.iter().take(SIGNATURE);
            signature
                .iter_mut()
                .zip(words)
                .for_each(|(number, word)| *number = *word);
        }
    }

    /// The hash of a row's patch, or of its calls.
    pub(super) fn hash(&self, position: usize, which: usize) -> Option<u64> {
        let hashes = self.hashes.get(self.place(position)?)?;
        hashes.get(which).copied().filter(|hash| *hash != 0)
    }

    /// A row's signature.
    pub(super) fn signature(&self, position: usize) -> Option<&[u8]> {
        let start = self.place(position)? * SIGNATURE;
        let signature = self.signatures.get(start..start + SIGNATURE)?;
        signature
            .iter()
            .any(|number| *number != 0)
            .then_some(signature)
    }

    fn place(&self, position: usize) -> Option<usize> {
        let place = self.places.get(position)?;
        (*place != NONE).then_some(*place as usize)
    }

    pub(super) fn bytes(&self) -> usize {
        vec_bytes(&self.hashes)
            + vec_bytes(&self.signatures)
            + vec_bytes(&self.places)
            + vec_bytes(&self.nearest)
    }
}
