//! Counts of texts that were counted before. System prompts, tool schemas, tasks and what a tool says of the same file
//! stand in many rows, and an export counts what was measured once more.

use std::cell::{Cell, RefCell};
use std::hash::{BuildHasher, RandomState};

use twox_hash::XxHash3_64;

use super::Reuse;

/// A bounded memory of counts by a text's hash and length; no text is kept.
///
/// Sets of few entries, each as large as a line of the processor's cache: a text has its set by its hash, and the set
/// forgets what was asked for the longest time ago. So what many rows share stays, and a look-up costs one access.
#[derive(Debug)]
pub(super) struct Known {
    /// Chance, so that nobody can make texts with the same hash.
    seed: u64,
    /// None before the first text.
    sets: RefCell<Vec<Set>>,
    /// How many there will be.
    most: usize,
    reuse: Cell<Reuse>,
}

/// The latest first.
type Set = [Entry; 4];

/// A text's count: two that differ have the same hash and length less than once in 2⁶⁴.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    hash: u64,
    /// Bytes; 0: no text.
    len: u32,
    tokens: u32,
}

/// A shorter text is counted as fast as it is looked up, in bytes.
const SHORTEST: usize = 16;

impl Known {
    /// A memory of so many texts, a power of two: 16 bytes each.
    pub fn new(texts: usize) -> Self {
        Self {
            seed: RandomState::new().hash_one(0),
            sets: RefCell::default(),
            most: texts / Set::default().len(),
            reuse: Cell::default(),
        }
    }

    /// The count of a text, by the memory or else by `count`.
    pub fn or_count(&self, text: &str, count: impl FnOnce() -> u32) -> u32 {
        let len = u32::try_from(text.len()).unwrap_or_default();
        if text.len() < SHORTEST || len == 0 {
            return count();
        }
        let hash = XxHash3_64::oneshot_with_seed(self.seed, text.as_bytes());
        let known = self.get(hash, len);
        let mut reuse = self.reuse.get();
        reuse.all += u64::from(len);
        reuse.known += known.map_or(0, |_| u64::from(len));
        self.reuse.set(reuse);
        known.unwrap_or_else(|| {
            let tokens = count();
            self.tell(Entry { hash, len, tokens });
            tokens
        })
    }

    /// How many of the bytes that were asked for were known.
    pub fn reuse(&self) -> Reuse {
        self.reuse.get()
    }

    fn get(&self, hash: u64, len: u32) -> Option<u32> {
        let mut sets = self.sets.borrow_mut();
        let at = place(hash, sets.len())?;
        let set = sets.get_mut(at)?;
        let same = |entry: &Entry| entry.hash == hash && entry.len == len;
        let found = set.iter().position(same)?;
        set.get_mut(..=found)?.rotate_right(1);
        set.first().map(|entry| entry.tokens)
    }

    fn tell(&self, entry: Entry) {
        let mut sets = self.sets.borrow_mut();
        if sets.is_empty() {
            sets.resize(self.most, Set::default());
        }
        let set = place(entry.hash, sets.len()).and_then(|at| sets.get_mut(at));
        if let Some(set) = set {
            set.rotate_right(1);
            if let Some(first) = set.first_mut() {
                *first = entry;
            }
        }
    }
}

/// The set of a hash, of so many: a power of two.
fn place(hash: u64, sets: usize) -> Option<usize> {
    let last = sets.checked_sub(1)?;
    Some(hash as usize & last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: usize = 1 << 10;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let known = Known::new(TEXTS);
        let never = || unreachable!("it is known");
        let [shared, once] = ["system prompt ", "an observation "].map(|words| words.repeat(9));
        assert_eq!(known.or_count(&shared, || 7), 7);
        assert_eq!(known.or_count(&once, || 8), 8);
        assert_eq!(known.or_count(&once, never), 8);
        for other in 0..8 * TEXTS {
            known.or_count(&format!("another observation {other}"), || 1);
            assert_eq!(known.or_count(&shared, never), 7);
        }
        assert_eq!(known.or_count(&once, || 9), 9);
        assert_eq!(known.sets.borrow().as_flattened().len(), TEXTS);
    }

    #[test]
    fn a_short_text_is_counted_again_and_an_empty_memory_knows_nothing() {
        let known = Known::new(TEXTS);
        assert_eq!(
            [3, 4].map(|count| known.or_count("short", || count)),
            [3, 4]
        );
        let text = "long enough to be remembered";
        let without = Known::new(0);
        assert_eq!([3, 4].map(|count| without.or_count(text, || count)), [3, 4]);
        assert_eq!([3, 4].map(|count| known.or_count(text, || count)), [3, 3]);
        let len = text.len() as u64;
        assert_eq!(
            known.reuse(),
            Reuse {
                known: len,
                all: 2 * len
            }
        );
    }
}
