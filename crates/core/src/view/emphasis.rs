//! Which words of a line differ in the line that replaces it, by `similar`.
//! An aligning diff is quadratic at worst, so that lines and pages of them have a bound instead of a deadline: a page
//! looks the same every time, and a browser's worker has no clock that `similar` can read.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

/// Longer lines are not compared word by word: no one reads them so.
const LINE_BYTES: usize = 400;

/// Pairs of words that may be compared for one page.
const PAIRS: usize = 4_000_000;

/// Lines of which less than this percentage is the same are other lines; emphasis on all of one says nothing.
const ALIKE: usize = 40;

/// What may still be compared for one page.
pub(super) struct Emphasis {
    pairs: usize,
}

impl Default for Emphasis {
    fn default() -> Self {
        Self { pairs: PAIRS }
    }
}

/// Ranges of bytes, in order.
type Ranges = Vec<(usize, usize)>;

impl Emphasis {
    /// What only the old line has, and what only the new one has; nothing where the two are too long or too
    /// different.
    pub(super) fn between(&mut self, old: &str, new: &str) -> (Ranges, Ranges) {
        if old.len().max(new.len()) > LINE_BYTES {
            return Default::default();
        }
        let (old, new) = (words(old), words(new));
        let pairs = old.len() * new.len();
        if pairs > self.pairs {
            return Default::default();
        }
        self.pairs -= pairs;
        let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
        if !alike(&ops, &old, &new) {
            return Default::default();
        }
        let (mut in_old, mut in_new) = (Ranges::new(), Ranges::new());
        for op in ops.iter().filter(|op| op.tag() != DiffTag::Equal) {
            push(&mut in_old, &old, op.old_range());
            push(&mut in_new, &new, op.new_range());
        }
        (in_old, in_new)
    }
}

fn alike(ops: &[DiffOp], old: &[&str], new: &[&str]) -> bool {
    let equal = ops.iter().filter(|op| op.tag() == DiffTag::Equal);
    let same: usize = equal.map(|op| ink(old.get(op.old_range()))).sum();
    2 * same * 100 >= ALIKE * (ink(Some(old)) + ink(Some(new)))
}

/// Bytes that aren't blank.
fn ink(words: Option<&[&str]>) -> usize {
    let words = words.unwrap_or_default().iter();
    words.map(|word| word.trim().len()).sum()
}

fn push(ranges: &mut Ranges, words: &[&str], changed: Range<usize>) {
    let bytes = |words: Option<&[&str]>| words.unwrap_or_default().iter().map(|w| w.len()).sum();
    let start: usize = bytes(words.get(..changed.start));
    let length: usize = bytes(words.get(changed));
    if length > 0 {
        ranges.push((start, start + length));
    }
}

/// A line in words: runs of letters and digits, runs of blanks, and every sign by itself.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let length = match kind {
            Kind::Sign => first.len_utf8(),
            _ => rest.find(|c| self::kind(c) != kind).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Sign,
}

fn kind(c: char) -> Kind {
    if c.is_alphanumeric() || c == '_' {
        Kind::Word
    } else if c.is_whitespace() {
        Kind::Blank
    } else {
        Kind::Sign
    }
}
