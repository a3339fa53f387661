//! Counts of texts that were counted before. System prompts, tool schemas, tasks and what a tool says of the same file
//! stand in many rows, and an export counts what was measured once more.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// A bounded memory of counts by a text's hash and length; no text is kept.
///
/// Two generations: once the young one is full it becomes the old one, whose counts are forgotten unless they are asked
/// for again until the next change. So what many rows share stays.
#[derive(Debug, Default)]
pub(super) struct Known {
    hasher: RandomState,
    young: HashMap<Key, u32>,
    old: HashMap<Key, u32>,
}

/// A text: two that differ have the same hash and length once in 2⁶⁴.
type Key = (u64, usize);

/// Counts of a generation: with the map's own room some 2 MB.
const MOST: usize = 1 << 15;

/// A shorter text is counted as fast as it is looked up, in bytes.
pub(super) const SHORTEST: usize = 32;

impl Known {
    /// The count of a text, by the memory or else by `count`.
    pub fn or_count(memory: &RefCell<Self>, text: &str, count: impl FnOnce() -> u32) -> u32 {
        let key = memory.borrow().key(text);
        let known = key.and_then(|key| memory.borrow_mut().get(key));
        known.unwrap_or_else(|| {
            let tokens = count();
            if let Some(key) = key {
                memory.borrow_mut().tell(key, tokens);
            }
            tokens
        })
    }

    /// The text's place, for texts that are worth one.
    fn key(&self, text: &str) -> Option<Key> {
        (text.len() >= SHORTEST).then(|| (self.hasher.hash_one(text), text.len()))
    }

    /// The count that was told for this place.
    fn get(&mut self, key: Key) -> Option<u32> {
        if let Some(&count) = self.young.get(&key) {
            return Some(count);
        }
        let count = *self.old.get(&key)?;
        self.tell(key, count);
        Some(count)
    }

    /// Keeps a count.
    fn tell(&mut self, key: Key, count: u32) {
        if self.young.len() >= MOST {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut known = Known::default();
        let shared = known.key(&"system prompt ".repeat(9));
        let once = known.key(&"an observation ".repeat(9));
        let (Some(shared), Some(once)) = (shared, once) else {
            unreachable!("both are long");
        };
        known.tell(shared, 7);
        known.tell(once, 8);
        for other in 0..3 * MOST as u64 {
            known.tell((other, 0), 1);
            if other.is_multiple_of(1_000) {
                assert_eq!(known.get(shared), Some(7));
            }
        }
        assert_eq!(known.get(once), None);
        assert!(known.young.len() <= MOST && known.old.len() <= MOST);
        assert_eq!(known.key("short"), None);
    }
}
