//! Which rows are alike: the same patch or the same calls twice within a task, nearly the same task and patch in two.
//! Found in slices, each of a few milliseconds, and put into the frame at the end.

use std::collections::HashMap;

use super::prints::NONE;
use super::{Frame, Label, TextColumn, put};
use crate::sign::{SIGNATURE, Sign, alike};

/// Numbers of a signature that a band holds: two rows with a Jaccard index of 0.8 share one of the 16 bands in 9998 of
/// 10000 cases, with 0.5 in 64 of 100, with 0.2 in 3 of 100 (Leskovec, Rajaraman and Ullman, *Mining of Massive
/// Datasets*, 3.4).
const BAND: usize = 4;
const BANDS: usize = SIGNATURE / BAND;

/// Rows that each row of a band's bucket is compared with: where many rows are all alike, few of them tell it.
const COMPARED: usize = 8;

/// A search for rows that are alike.
#[derive(Debug)]
pub struct Twins {
    /// Rows of the frame that was begun with.
    rows: usize,
    slice: usize,
    same: [Vec<f32>; 2],
    near: Vec<f32>,
    nearest: Vec<u32>,
}

impl Twins {
    /// Begins a search over all rows of a frame.
    pub fn new(frame: &Frame) -> Self {
        let rows = frame.len();
        Self {
            rows,
            slice: 0,
            same: [vec![f32::NAN; rows], vec![f32::NAN; rows]],
            near: vec![f32::NAN; rows],
            nearest: vec![NONE; rows],
        }
    }

    /// Does the next slice; whether there is more to do. The frame must be the one that the search began with.
    pub fn advance(&mut self, frame: &Frame) -> bool {
        match self.slice {
            0 | 1 => self.same(frame, self.slice),
            slice => self.near(frame, slice - 2),
        }
        self.slice += 1;
        self.slice < 2 + BANDS
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
        for (position, nearest) in self.nearest.into_iter().enumerate() {
            put(&mut frame.prints.nearest, position, nearest);
        }
    }

    /// Other rows of the same task with the same hash; not known where the row has no hash, or no task.
    fn same(&mut self, frame: &Frame, which: usize) {
        let tasks = frame.label(Label::InstanceId);
        let key = |position: usize| {
            let task = tasks
                .codes
                .get(position)
                .filter(|code| **code != TextColumn::NONE)?;
            Some((*task, frame.prints.hash(position, which)?))
        };
        let mut rows: HashMap<(u32, u64), u32> = HashMap::new();
        for key in (0..self.rows).filter_map(key) {
            *rows.entry(key).or_default() += 1;
        }
        let Some(numbers) = self.same.get_mut(which) else {
            return;
        };
        for (position, number) in numbers.iter_mut().enumerate() {
            if let Some(others) = key(position).and_then(|key| rows.get(&key)) {
                *number = (others - 1) as f32;
            }
        }
    }

    /// Rows that have the numbers of one band in common are compared by their whole signatures.
    fn near(&mut self, frame: &Frame, band: usize) {
        let mut rows: Vec<(u64, u32)> = Vec::with_capacity(self.rows);
        for position in 0..self.rows {
            let Some(signature) = frame.prints.signature(position) else {
                continue;
            };
            let numbers = signature.iter().skip(band * BAND).take(BAND);
            let key = numbers.fold(0, |key, number| key << 8 | u64::from(*number));
            rows.push((key, u32::try_from(position).unwrap_or(NONE)));
            if let Some(near) = self.near.get_mut(position).filter(|near| near.is_nan()) {
                *near = 0.0;
            }
        }
        rows.sort_unstable();
        for bucket in rows.chunk_by(|a, b| a.0 == b.0) {
            self.compare(frame, bucket);
        }
    }

    /// Compares the rows of a bucket with those that follow, across tasks.
    fn compare(&mut self, frame: &Frame, bucket: &[(u64, u32)]) {
        let tasks = frame.label(Label::InstanceId);
        let task = |position: u32| {
            let code = tasks.codes.get(position as usize).copied();
            code.filter(|code| *code != TextColumn::NONE)
        };
        for (at, &(_, a)) in bucket.iter().enumerate() {
            let of_others = |&&(_, b): &&(u64, u32)| task(a).is_none() || task(a) != task(b);
            // The bucket's first and last rows too: between them all tasks of a long bucket meet.
            let next = bucket.iter().skip(at + 1).filter(of_others).take(COMPARED);
            let ends = [bucket.first(), bucket.last()].into_iter().flatten();
            for &(_, b) in next.chain(ends.filter(of_others)) {
                if a != b {
                    self.meet(frame, a, b);
                }
            }
        }
    }

    fn meet(&mut self, frame: &Frame, a: u32, b: u32) {
        let signature = |position: u32| frame.prints.signature(position as usize);
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
    /// Finds the rows that are alike, all at once.
    pub fn find_twins(&mut self) {
        let mut twins = Twins::new(self);
        while twins.advance(self) {}
        twins.put(self);
    }
}
