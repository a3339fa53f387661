//! Which pages to ask for: how long a page is, and where the pages of a sample lie.
//! Pure: nothing here asks anything.

use std::collections::HashMap;

use rand::Rng;
use rand_pcg::Pcg32;

use crate::answer::SplitSize;
use tracesift_core::ground::{MAX_PAGE_ROWS, PageRange, Sample, TARGET_PAGE_BYTES};

/// The length of a page where the size of rows is not known.
pub const UNKNOWN_PAGE_ROWS: u32 = 20;
/// A sample is made of blocks of so many neighbouring rows, however long a page is.
pub const BLOCK_ROWS: u64 = 10;
/// The most rows that a plan holds: what a browser can keep measured (a kilobyte each).
pub const MAX_ROWS: u64 = 1_000_000;

/// How many rows to ask for at once, so that an answer stays near [`TARGET_PAGE_BYTES`].
///
/// A row's JSON text is taken to be as long as the row is in memory.
pub fn page_len(size: &SplitSize) -> u32 {
    let (Some(rows @ 1..), Some(bytes)) = (size.rows, size.bytes_memory) else {
        return UNKNOWN_PAGE_ROWS;
    };
    let row_bytes = bytes.div_ceil(rows).max(1);
    let len = (TARGET_PAGE_BYTES / row_bytes).clamp(1, u64::from(MAX_PAGE_ROWS));
    u32::try_from(len).unwrap_or(MAX_PAGE_ROWS)
}

/// The pages of a sample of `wanted` rows out of `total`, by rising start; no row is in two of them.
///
/// They hold exactly `wanted` rows, or all where there are fewer (and never more than [`MAX_ROWS`]). **Which** rows
/// depends on `sample`, `seed`, `total` and `wanted` only, never on `page_len`: a shared address gives the same rows
/// to everyone. A random sample of more rows holds all the blocks of a smaller one with the same seed.
///
/// A split of unknown length gives its first rows, whatever the sample.
pub fn sample_pages(
    sample: Sample,
    seed: u64,
    total: Option<u64>,
    wanted: u64,
    page_len: u32,
) -> Vec<PageRange> {
    let wanted = wanted.min(MAX_ROWS).min(total.unwrap_or(u64::MAX));
    let runs = match (sample, total) {
        (Sample::Head, _) | (_, None) => vec![Run::new(0, wanted)],
        (Sample::Spread, Some(total)) => Blocks::of(total).spread(wanted),
        (Sample::Random, Some(total)) => Blocks::of(total).random(wanted, seed),
    };
    let mut pages = Vec::new();
    for run in joined(runs) {
        run.cut(page_len, &mut pages);
    }
    pages
}

/// The wanted rows as pages, each row once, so that as many of them as can be lie in pages that are in the cache, each
/// asked for exactly as it is there; what is left is cut into pages of `page_len`.
///
/// A page of the cache is of use only where all its rows are wanted. Where pages of the cache overlap, those are taken
/// that hold the most rows together: if the cache holds every row in pages that fit together, no request is needed.
///
/// Pages of a local file, which are not kept in the cache, stay as they are.
pub fn cover(wanted: &[PageRange], cached: &[PageRange], page_len: u32) -> Vec<PageRange> {
    if wanted.iter().any(|page| page.bytes.is_some()) {
        return wanted.to_vec();
    }
    let mut cached: Vec<Run> = cached
        .iter()
        .filter(|page| page.len > 0)
        .map(Run::from)
        .collect();
    cached.sort_unstable_by_key(|run| (run.end, run.start));
    cached.dedup();
    let mut cached = cached.as_slice();
    let mut pages = Vec::new();
    for run in joined(wanted.iter().map(Run::from).collect()) {
        let of_run = cached.partition_point(|page| page.end <= run.end);
        let (before, after) = cached.split_at(of_run);
        cached = after;
        let inside: Vec<Run> = before
            .iter()
            .copied()
            .filter(|page| page.start >= run.start)
            .collect();
        let mut at = run.start;
        for kept in most_rows(&inside) {
            Run::new(at, kept.start).cut(page_len, &mut pages);
            pages.extend(kept.page());
            at = kept.end;
        }
        Run::new(at, run.end).cut(page_len, &mut pages);
    }
    pages
}

/// The pages of a local file that a sample takes: whole pages, since a page is read in one piece; only the last
/// one is cut, so that no more than `wanted` rows are taken. In the order of the file.
pub fn sample_file_pages(
    sample: Sample,
    seed: u64,
    pages: &[PageRange],
    wanted: u64,
) -> Vec<PageRange> {
    let count = pages.len() as u64;
    let total: u64 = pages.iter().map(|page| u64::from(page.len)).sum();
    let mut order: Vec<u64> = (0..count).collect();
    match sample {
        Sample::Head => {}
        Sample::Spread => {
            // As many pages as the wanted share of all rows, evenly spaced; the others stand by.
            let taken = count
                .saturating_mul(wanted)
                .div_ceil(total.max(1))
                .clamp(1, count.max(1));
            let is_taken = |at: u64| (at * taken) / count != (at + 1) * taken / count;
            order.sort_by_key(|&at| !is_taken(at));
        }
        Sample::Random => {
            let mut rng = draws(seed);
            order.sort_by_cached_key(|_| rng.next_u64());
        }
    }
    let mut left = wanted;
    let mut taken: Vec<PageRange> = order
        .into_iter()
        .filter_map(|at| pages.get(usize::try_from(at).ok()?))
        .map_while(|page| {
            let len = u64::from(page.len).min(left);
            left -= len;
            let len = u32::try_from(len).ok().filter(|&len| len > 0)?;
            Some(PageRange { len, ..*page })
        })
        .collect();
    taken.sort();
    taken
}

/// Both halves of a page; `None` where it can't be asked for in parts.
pub fn halve(page: PageRange) -> Option<(PageRange, PageRange)> {
    if page.len < 2 || page.bytes.is_some() {
        return None;
    }
    let first = page.len / 2;
    let second = page.len - first;
    let middle = page.start.saturating_add(u64::from(first));
    Some((
        PageRange::rows(page.start, first),
        PageRange::rows(middle, second),
    ))
}

/// Neighbouring rows `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    start: u64,
    end: u64,
}

impl From<&PageRange> for Run {
    fn from(page: &PageRange) -> Self {
        Self::new(page.start, page.end())
    }
}

impl Run {
    fn new(start: u64, end: u64) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// All of it as one page; `None` where it is longer than any page.
    fn page(self) -> Option<PageRange> {
        let len = u32::try_from(self.len()).ok()?;
        Some(PageRange::rows(self.start, len))
    }

    fn cut(self, page_len: u32, pages: &mut Vec<PageRange>) {
        let page_len = u64::from(page_len.clamp(1, MAX_PAGE_ROWS));
        let mut start = self.start;
        while start < self.end {
            let end = self.end.min(start.saturating_add(page_len));
            pages.extend(Self::new(start, end).page());
            start = end;
        }
    }
}

/// Runs by rising start, those that touch or overlap made one.
fn joined(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    let mut joined: Vec<Run> = Vec::new();
    for run in runs.into_iter().filter(|run| run.len() > 0) {
        match joined.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => joined.push(run),
        }
    }
    joined
}

/// Of runs sorted by their ends, those that don't overlap and hold the most rows together (weighted interval
/// scheduling).
fn most_rows(runs: &[Run]) -> Vec<Run> {
    // For the first n runs: the most rows, and of how many runs before the last one taken.
    let mut best: Vec<u64> = vec![0];
    let mut before: Vec<usize> = Vec::new();
    for (n, run) in runs.iter().enumerate() {
        let free = runs
            .get(..n)
            .unwrap_or_default()
            .partition_point(|r| r.end <= run.start);
        let with = best
            .get(free)
            .copied()
            .unwrap_or_default()
            .saturating_add(run.len());
        let without = best.last().copied().unwrap_or_default();
        before.push(free);
        best.push(with.max(without));
    }
    let mut taken = Vec::new();
    let mut n = runs.len();
    while let Some(last) = n.checked_sub(1) {
        if best.get(n) == best.get(last) {
            n = last;
        } else {
            taken.extend(runs.get(last));
            n = before.get(last).copied().unwrap_or_default();
        }
    }
    taken.reverse();
    taken
}

/// A split's rows as blocks of [`BLOCK_ROWS`]; the last one may be shorter.
struct Blocks {
    total: u64,
    count: u64,
}

impl Blocks {
    fn of(total: u64) -> Self {
        Self {
            total,
            count: total.div_ceil(BLOCK_ROWS),
        }
    }

    /// The first `rows` rows of a block.
    fn run(&self, block: u64, rows: u64) -> Run {
        let start = block.saturating_mul(BLOCK_ROWS);
        let end = start.saturating_add(rows.min(BLOCK_ROWS)).min(self.total);
        Run::new(start, end)
    }

    /// Evenly spaced blocks, from the first one to the last one.
    fn spread(&self, wanted: u64) -> Vec<Run> {
        let picks = wanted.div_ceil(BLOCK_ROWS);
        // A last block that is short would leave the sample short, unless all blocks are taken.
        let is_short = !self.total.is_multiple_of(BLOCK_ROWS) && picks < self.count;
        let last = self.count.saturating_sub(if is_short { 2 } else { 1 });
        // A product of two numbers of 64 bits; the quotient is less than `count` again.
        let gaps = picks.saturating_sub(1).max(1);
        let nth = |n: u64| u128::from(n) * u128::from(last) / u128::from(gaps);
        let blocks = (0..picks).map(|n| u64::try_from(nth(n)).unwrap_or(u64::MAX));
        self.take(blocks, wanted)
    }

    /// Blocks in an order drawn by `seed`, as many as are needed.
    ///
    /// PCG-XSH-RR 64/32 (O'Neill 2014) with its default stream, and Fisher and Yates' shuffle, of which only the part
    /// that is needed is done: so the first blocks are the same however many are wanted.
    fn random(&self, wanted: u64, seed: u64) -> Vec<Run> {
        let mut rng = draws(seed);
        // The shuffled list, where it differs from 0, 1, 2, …
        let mut moved: HashMap<u64, u64> = HashMap::new();
        let blocks = (0..self.count).map(|n| {
            let other = n + below(&mut rng, self.count - n);
            let taken = moved.get(&other).copied().unwrap_or(other);
            let here = moved.remove(&n).unwrap_or(n);
            moved.insert(other, here);
            taken
        });
        self.take(blocks, wanted)
    }

    /// As many of the blocks as hold `wanted` rows; of the last one only what is still wanted.
    fn take(&self, blocks: impl Iterator<Item = u64>, wanted: u64) -> Vec<Run> {
        let mut left = wanted;
        let mut runs = Vec::new();
        for block in blocks {
            if left == 0 {
                break;
            }
            let run = self.run(block, left);
            left = left.saturating_sub(run.len());
            runs.push(run);
        }
        runs
    }
}

/// PCG32's default stream.
fn draws(seed: u64) -> Pcg32 {
    Pcg32::new(seed, 0x0a02_bdbf_7bb3_c0a7)
}

/// A number in `0..bound` (Lemire's multiplication; its bias is below 2⁻⁴⁴ for a split of a million blocks).
fn below(rng: &mut Pcg32, bound: u64) -> u64 {
    let product = u128::from(rng.next_u64()) * u128::from(bound);
    u64::try_from(product >> 64).unwrap_or_default()
}
