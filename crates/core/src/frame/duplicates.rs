//! Which rows are alike: the same patch or the same calls twice within a task, nearly the same task and patch in two.
//! Found once the rows have settled: some rounds of sorting, each by another key.

use super::fingerprints::NONE;
use super::{Frame, Label, TextColumn};
use crate::ground::hash::both;
use crate::sign::{SIGNATURE, Sign, alike};

/// Numbers of a signature that a band holds: two rows with a Jaccard index of 0.8 share one of the 16 bands in 9998 of
/// 10000 cases, with 0.5 in 64 of 100, with 0.2 in 3 of 100 (Leskovec, Rajaraman and Ullman, *Mining of Massive
/// Datasets*, 3.4).
const BAND: usize = 4;
const BANDS: usize = SIGNATURE / BAND;

/// Rows that each row of a band's bucket is compared with: where many rows are all alike, few of them tell it.
const COMPARED: usize = 8;

/// Rows behind a row in which those are looked for.
const SEEN: usize = 64;

/// A search for rows that are alike.
///
/// Each of its rounds finds the rows that share a key: a patch, all calls, or a band of their signatures.
struct Search<'f> {
    frame: &'f Frame,
    same: [Vec<f32>; 2],
    near: Vec<f32>,
    nearest: Vec<u32>,
}

/// What a search has found, by position.
struct Found {
    signs: [(Sign, Vec<f32>); 3],
    nearest: Vec<u32>,
}

impl<'f> Search<'f> {
    /// Searches all rows of a frame.
    fn of(frame: &'f Frame) -> Found {
        let rows = frame.len();
        let mut search = Self {
            frame,
            same: [vec![f32::NAN; rows], vec![f32::NAN; rows]],
            near: vec![f32::NAN; rows],
            nearest: vec![NONE; rows],
        };
        search.same(0);
        search.same(1);
        (0..BANDS).for_each(|band| search.near(band));
        let [patch, calls] = search.same;
        Found {
            signs: [
                (Sign::SamePatch, patch),
                (Sign::SameCalls, calls),
                (Sign::NearDuplicate, search.near),
            ],
            nearest: search.nearest,
        }
    }

    /// All rows, ordered by their keys, and with one key by their indices, so that the order in which they arrived decides
    /// nothing; those without a key are left out.
    fn keyed(&self, key: impl Fn(usize) -> Option<u64>) -> Vec<(u64, u32)> {
        let positions = (0..self.frame.len()).zip(0_u32..);
        let keyed = positions.filter_map(|(position, at)| Some((key(position)?, at)));
        let mut keyed: Vec<(u64, u32)> = keyed.collect();
        let row = |at: u32| self.frame.rows().get(at as usize).copied();
        keyed.sort_unstable_by_key(|&(key, at)| (key, row(at)));
        keyed
    }

    /// Other rows of the same task with the same hash; not known where the row has no hash, or no task.
    fn same(&mut self, which: usize) {
        let tasks = self.frame.label(Label::InstanceId);
        let keyed = self.keyed(|position| {
            let task = tasks.codes.get(position);
            let task = task.filter(|task| **task != TextColumn::NONE)?;
            let hash = self.frame.fingerprints.hash(position, which)?;
            Some(both(u64::from(*task), hash))
        });
        let Some(numbers) = self.same.get_mut(which) else {
            return;
        };
        for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
            for &(_, position) in bucket {
                if let Some(number) = numbers.get_mut(position as usize) {
                    *number = (bucket.len() - 1) as f32;
                }
            }
        }
    }

    /// Compares rows that have the numbers of a band in common by their whole signatures.
    fn near(&mut self, band: usize) {
        let keyed = self.keyed(|position| {
            let signature = self.frame.fingerprints.signature(position)?;
            let numbers = signature.iter().skip(band * BAND).take(BAND);
            Some(numbers.fold(0, |key, number| key << 8 | u64::from(*number)))
        });
        for &(_, position) in &keyed {
            let near = self.near.get_mut(position as usize);
            if let Some(near) = near.filter(|near| near.is_nan()) {
                *near = 0.0;
            }
        }
        for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
            self.compare(bucket);
        }
    }

    /// Compares the rows of a bucket with those that follow, across tasks.
    fn compare(&mut self, bucket: &[(u64, u32)]) {
        let tasks = self.frame.label(Label::InstanceId);
        let task = |position: u32| {
            let code = tasks.codes.get(position as usize).copied();
            code.filter(|code| *code != TextColumn::NONE)
        };
        let mut other = 0;
        for (&(_, a), behind) in bucket.iter().zip(1..) {
            let of_a = task(a);
            let of_others = |&&(_, b): &&(u64, u32)| of_a.is_none() || of_a != task(b);
            // The first row of another task behind this one is not before that of the row before.
            other = other.max(behind);
            let of_task = bucket.iter().skip(other).take_while(|row| !of_others(row));
            other += of_task.count();
            let next = bucket.iter().skip(other).take(SEEN);
            let next = next.filter(of_others).take(COMPARED);
            // The bucket's first and last rows too: between them all tasks of a long bucket meet.
            let ends = [bucket.first(), bucket.last()].into_iter().flatten();
            for &(_, b) in next.chain(ends.filter(of_others)) {
                if a != b {
                    self.meet(a, b);
                }
            }
        }
    }

    fn meet(&mut self, a: u32, b: u32) {
        let signature = |position: u32| self.frame.fingerprints.signature(position as usize);
        let Some((one, other)) = signature(a).zip(signature(b)) else {
            return;
        };
        let likeness = alike(one, other);
        for (position, other) in [(a, b), (b, a)] {
            let Some(near) = self.near.get_mut(position as usize) else {
                continue;
            };
            if likeness > *near {
                *near = likeness;
                if let Some(nearest) = self.nearest.get_mut(position as usize) {
                    *nearest = other;
                }
            }
        }
    }
}

impl Frame {
    /// The rows that make a row carry [`Sign::SamePatch`], [`Sign::SameCalls`] or [`Sign::NearDuplicate`], by their
    /// indices: the others of its task with its patch or its calls, or the one of another task that is most like it.
    /// None where no search has found any, and with any other sign.
    pub fn duplicates(&self, position: usize, sign: Sign) -> Vec<u64> {
        let which = match sign {
            Sign::SamePatch => 0,
            Sign::SameCalls => 1,
            Sign::NearDuplicate => return self.nearest(position).into_iter().collect(),
            _ => return Vec::new(),
        };
        if self.sign_at(position, sign).is_nan() {
            return Vec::new();
        }
        let tasks = &self.label(Label::InstanceId).codes;
        let (task, hash) = (tasks.get(position), self.fingerprints.hash(position, which));
        let is_duplicate = |other: usize| {
            other != position
                && tasks.get(other) == task
                && self.fingerprints.hash(other, which) == hash
        };
        let duplicates = (0..)
            .zip(self.rows())
            .filter(|(other, _)| is_duplicate(*other));
        let mut rows: Vec<u64> = duplicates.map(|(_, row)| *row).collect();
        rows.sort_unstable();
        rows
    }

    /// Finds the rows that are alike.
    pub fn find_duplicates(&mut self) {
        let Found { signs, nearest } = Search::of(self);
        for (sign, numbers) in signs {
            for (position, number) in numbers.into_iter().enumerate() {
                self.signs.set(sign as usize, position, number);
            }
        }
        let has_any = nearest.iter().any(|nearest| *nearest != NONE);
        self.fingerprints.nearest = match has_any {
            true => nearest,
            false => Vec::new(),
        };
    }
}
