//! Which rows are alike: the same patch or the same calls twice within a task, nearly the same task and patch in two.
//! Found in slices, each of a few milliseconds, and put into the frame at the end.

use std::ops::Range;

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

/// Rows that a slice puts into order, about.
const ORDERED: usize = 16 * 1024;

/// Rows that a slice compares with others.
const MET: usize = 4 * 1024;

/// A search for rows that are alike.
///
/// Each of its rounds finds the rows that share a key: a patch, all calls, or a band of their signatures. Long rounds
/// have parts, each of the rows whose keys have one remainder, so that a slice is short however many rows there are.
#[derive(Debug)]
pub struct DuplicateSearch {
    /// Rows of the frame that was begun with.
    rows: usize,
    /// Rounds and parts that were begun: of round `begun / parts` the part `begun % parts`.
    begun: usize,
    parts: usize,
    /// The part's rows by their keys: those of one key are a bucket.
    keyed: Vec<(u64, u32)>,
    /// Rows of the part that are done.
    done: usize,
    same: [Vec<f32>; 2],
    near: Vec<f32>,
    nearest: Vec<u32>,
}

impl DuplicateSearch {
    /// Begins a search over all rows of a frame.
    pub fn new(frame: &Frame) -> Self {
        let rows = frame.len();
        Self {
            rows,
            begun: 0,
            parts: rows.div_ceil(ORDERED).max(1),
            keyed: Vec::new(),
            done: 0,
            same: [vec![f32::NAN; rows], vec![f32::NAN; rows]],
            near: vec![f32::NAN; rows],
            nearest: vec![NONE; rows],
        }
    }

    /// Does the next slice; whether there is more to do. The frame must be the one that the search began with.
    pub fn advance(&mut self, frame: &Frame) -> bool {
        if self.done == self.keyed.len() {
            let (round, part) = (self.begun / self.parts, self.begun % self.parts);
            self.begun += 1;
            match round {
                0 | 1 => self.same(frame, round, part),
                round => self.begin_near(frame, round - 2, part),
            }
        }
        self.near(frame);
        self.done < self.keyed.len() || self.begun < (2 + BANDS) * self.parts
    }

    /// Puts what was found into the frame.
    pub fn put(self, frame: &mut Frame) {
        if frame.len() != self.rows {
            return;
        }
        let [patch, calls] = self.same;
        let found = [
            (Sign::SamePatch, patch),
            (Sign::SameCalls, calls),
            (Sign::NearDuplicate, self.near),
        ];
        for (sign, numbers) in found {
            for (position, number) in numbers.into_iter().enumerate() {
                frame.signs.set(sign as usize, position, number);
            }
        }
        let has_any = self.nearest.iter().any(|nearest| *nearest != NONE);
        frame.fingerprints.nearest = match has_any {
            true => self.nearest,
            false => Vec::new(),
        };
    }

    /// The rows of a part, ordered by their keys, and with one key by their indices, so that the order in which they
    /// arrived decides nothing; those without a key are left out.
    fn keyed(
        &self,
        frame: &Frame,
        part: usize,
        key: impl Fn(usize) -> Option<u64>,
    ) -> Vec<(u64, u32)> {
        let parts = self.parts as u64;
        let mut keyed = Vec::with_capacity(self.rows / self.parts);
        for (position, at) in (0..self.rows).zip(0..) {
            if let Some(key) = key(position).filter(|key| key % parts == part as u64) {
                keyed.push((key, at));
            }
        }
        let row = |at: u32| frame.rows().get(at as usize).copied();
        keyed.sort_unstable_by_key(|&(key, at)| (key, row(at)));
        keyed
    }

    /// Other rows of the same task with the same hash; not known where the row has no hash, or no task.
    fn same(&mut self, frame: &Frame, which: usize, part: usize) {
        let tasks = frame.label(Label::InstanceId);
        let keyed = self.keyed(frame, part, |position| {
            let task = tasks.codes.get(position);
            let task = task.filter(|task| **task != TextColumn::NONE)?;
            let hash = frame.fingerprints.hash(position, which)?;
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

    /// Orders the rows of a part by the numbers of one band.
    fn begin_near(&mut self, frame: &Frame, band: usize, part: usize) {
        self.keyed = self.keyed(frame, part, |position| {
            let signature = frame.fingerprints.signature(position)?;
            let numbers = signature.iter().skip(band * BAND).take(BAND);
            Some(numbers.fold(0, |key, number| key << 8 | u64::from(*number)))
        });
        self.done = 0;
        for &(_, position) in &self.keyed {
            let near = self.near.get_mut(position as usize);
            if let Some(near) = near.filter(|near| near.is_nan()) {
                *near = 0.0;
            }
        }
    }

    /// Compares the part's next rows, by their whole signatures, with those that have the band's numbers, too.
    fn near(&mut self, frame: &Frame) {
        let keyed = std::mem::take(&mut self.keyed);
        let end = self.done.saturating_add(MET).min(keyed.len());
        while let Some(&(key, _)) = keyed.get(self.done).filter(|_| self.done < end) {
            let (before, after) = keyed.split_at(self.done);
            let before = before.iter().rev().take_while(|(of, _)| *of == key).count();
            let after = after.iter().take_while(|(of, _)| *of == key).count();
            let start = self.done - before;
            let bucket = keyed.get(start..self.done + after).unwrap_or_default();
            let until = end.min(self.done + after);
            self.compare(frame, bucket, before..until - start);
            self.done = until;
        }
        self.keyed = keyed;
    }

    /// Compares some rows of a bucket with those that follow, across tasks.
    fn compare(&mut self, frame: &Frame, bucket: &[(u64, u32)], rows: Range<usize>) {
        let tasks = frame.label(Label::InstanceId);
        let task = |position: u32| {
            let code = tasks.codes.get(position as usize).copied();
            code.filter(|code| *code != TextColumn::NONE)
        };
        let mut other = rows.start;
        for at in rows {
            let Some(&(_, a)) = bucket.get(at) else {
                return;
            };
            let of_a = task(a);
            let of_others = |&&(_, b): &&(u64, u32)| of_a.is_none() || of_a != task(b);
            // The first row of another task behind this one is not before that of the row before.
            other = other.max(at + 1);
            let of_task = bucket.iter().skip(other).take_while(|row| !of_others(row));
            other += of_task.count();
            let next = bucket.iter().skip(other).take(SEEN);
            let next = next.filter(of_others).take(COMPARED);
            // The bucket's first and last rows too: between them all tasks of a long bucket meet.
            let ends = [bucket.first(), bucket.last()].into_iter().flatten();
            for &(_, b) in next.chain(ends.filter(of_others)) {
                if a != b {
                    self.meet(frame, a, b);
                }
            }
        }
    }

    fn meet(&mut self, frame: &Frame, a: u32, b: u32) {
        let signature = |position: u32| frame.fingerprints.signature(position as usize);
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

    /// Finds the rows that are alike, all at once.
    pub fn find_duplicates(&mut self) {
        let mut search = DuplicateSearch::new(self);
        while search.advance(self) {}
        search.put(self);
    }
}
