//! The places that the rows of a run are from: of each its commit, and how far its rows were seen.
//! Rows of several places are counted on; one place's end, or a change of it, says nothing of the others.

/// The places by rising first row; the first one begins with row 0.
#[derive(Debug, Clone)]
pub(super) struct Places(Vec<Place>);

#[derive(Debug, Clone, Default)]
struct Place {
    /// The number of its first row.
    first: u64,
    /// The end of the highest row of it that came.
    seen_end: u64,
    /// The commit of its first answer.
    revision: Option<String>,
}

impl Default for Places {
    /// One place.
    fn default() -> Self {
        Self::beginning_at([])
    }
}

impl Places {
    pub(super) fn beginning_at(firsts: impl IntoIterator<Item = u64>) -> Self {
        let mut firsts: Vec<u64> = std::iter::once(0).chain(firsts).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let place = |first| Place {
            first,
            ..Place::default()
        };
        Self(firsts.into_iter().map(place).collect())
    }

    /// Notes that rows of a place came up to `end`.
    pub(super) fn see(&mut self, row: u64, end: u64) {
        if let Some(place) = self.of_mut(row) {
            place.seen_end = place.seen_end.max(end);
        }
    }

    /// The end of the highest row that came of a row's place, and where the next place begins.
    pub(super) fn ends_of(&self, row: u64) -> (u64, u64) {
        let after = self.after(row);
        let place = after.checked_sub(1).and_then(|at| self.0.get(at));
        let next = self.0.get(after).map_or(u64::MAX, |next| next.first);
        (place.map_or(0, |place| place.seen_end), next)
    }

    /// The commit of a row's place and that of an answer, where they differ. The first one that an answer tells is the
    /// place's.
    pub(super) fn other_commit(
        &mut self,
        row: u64,
        revision: Option<&str>,
    ) -> Option<(String, String)> {
        let known = &mut self.of_mut(row)?.revision;
        match (known, revision?) {
            (Some(from), to) if from != to => Some((from.clone(), to.to_owned())),
            (Some(_), _) => None,
            (none, first) => {
                *none = Some(first.to_owned());
                None
            }
        }
    }

    fn of_mut(&mut self, row: u64) -> Option<&mut Place> {
        let after = self.after(row);
        self.0.get_mut(after.checked_sub(1)?)
    }

    /// How many places begin at or before a row.
    fn after(&self, row: u64) -> usize {
        self.0.partition_point(|place| place.first <= row)
    }
}
