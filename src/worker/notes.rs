//! What the page notes of rows without holding them: what was mended, and what looks wrong.
//! The worker that measured the rows makes it; the rows themselves go on unread.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use tracesift_core::measure::Measurements;
use tracesift_core::trace::Repair;

/// So many rows that a chat template does not take are listed.
const LISTED: usize = 20;

/// What there is to note of some rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// What was mended: how often, and in how many rows.
    pub repairs: BTreeMap<Repair, (u64, u64)>,
    /// Runs without a call in which something looks like one: how many, and how it begins in the first of them.
    pub unread_calls: (u64, String),
    /// What a map of fields made of the rows.
    pub mapped: MappedRows,
    /// Rows that the chat template does not take: how many, and the first of them with the reason.
    pub unrendered: (u64, Vec<(u64, String)>),
}

/// What of the rows looks as if a field was named wrongly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedRows {
    /// All rows.
    pub rows: u64,
    /// Rows in which only one speaks: all messages are the agent's, or none is.
    pub one_speaker: u64,
    /// Rows with calls of a tool without a name.
    pub nameless: u64,
}

impl Notes {
    /// What there is to note of rows.
    pub fn of(rows: &[Measurements]) -> Self {
        let mut notes = Self::default();
        rows.iter().for_each(|row| notes.add(row));
        notes
    }

    fn add(&mut self, row: &Measurements) {
        for (repair, times) in &row.repairs.0 {
            let (all, rows) = self.repairs.entry(*repair).or_default();
            *all += u64::from(*times);
            *rows += 1;
        }
        if let Some(sample) = &row.unread_call {
            let (count, first) = &mut self.unread_calls;
            if *count == 0 {
                first.clone_from(sample);
            }
            *count += 1;
        }
        let is_one_speaker = row.messages > 1 && (row.turns == 0 || row.turns == row.messages);
        let is_nameless = row.tools.iter().any(|tool| tool.name.is_empty());
        self.mapped.rows += 1;
        self.mapped.one_speaker += u64::from(is_one_speaker);
        self.mapped.nameless += u64::from(is_nameless);
        if let Some(why) = &row.unrendered {
            self.unrendered.0 += 1;
            self.list(row.row, why.to_string());
        }
    }

    /// Adds what was noted of later rows.
    pub fn join(&mut self, later: Notes) {
        for (repair, (times, rows)) in later.repairs {
            let sum = self.repairs.entry(repair).or_default();
            *sum = (sum.0 + times, sum.1 + rows);
        }
        let (count, first) = later.unread_calls;
        if self.unread_calls.0 == 0 {
            self.unread_calls.1 = first;
        }
        self.unread_calls.0 += count;
        self.mapped.rows += later.mapped.rows;
        self.mapped.one_speaker += later.mapped.one_speaker;
        self.mapped.nameless += later.mapped.nameless;
        let (count, listed) = later.unrendered;
        self.unrendered.0 += count;
        listed
            .into_iter()
            .for_each(|(row, why)| self.list(row, why));
    }

    fn list(&mut self, row: u64, why: String) {
        if self.unrendered.1.len() < LISTED {
            self.unrendered.1.push((row, why));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracesift_core::measure::ToolUse;
    use tracesift_core::trace::Repairs;

    /// A row with something to note; every third has what looks like a call besides.
    fn row(row: u64) -> Measurements {
        let mut repairs = Repairs::default();
        repairs.add(Repair::RoleRenamed, 2);
        let nameless = ToolUse {
            name: String::new(),
            calls: 1,
            errors: 0,
        };
        Measurements {
            row,
            messages: 3,
            turns: if row == 1 { 3 } else { 1 },
            tools: vec![nameless; usize::from(row == 2)],
            unread_call: (row % 3 == 2).then(|| format!("<call {row}>")),
            repairs,
            ..Measurements::default()
        }
    }

    #[test]
    fn notes_of_two_pages_are_those_of_all_their_rows() {
        let rows: Vec<Measurements> = (0..9).map(row).collect();
        let (first, second) = rows.split_at(4);
        let mut joined = Notes::of(first);
        joined.join(Notes::of(second));
        let all = Notes::of(&rows);
        assert_eq!(joined, all);
        assert_eq!(all.unread_calls, (3, "<call 2>".to_owned()));
        let mapped = MappedRows {
            rows: 9,
            one_speaker: 1,
            nameless: 1,
        };
        assert_eq!(all.mapped, mapped);
        assert_eq!(all.repairs.values().next(), Some(&(18, 9)));
    }
}
