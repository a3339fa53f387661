//! The values of a file that are the events of a session, or the one object that is a run, with what had to be left out.
//! A last line that was cut and lines that are no JSON (a program's own words) are no events; they are counted.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::file::rows_of;
use crate::trace::{Repair, Repairs, mend};

/// The events in a file.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    /// Each as it stands.
    raw: Vec<Cow<'a, str>>,
    /// Those that had to be mended to be read, by their places.
    mended: Vec<(usize, String)>,
    /// Lines that are left out since they are no events.
    pub broken: u64,
    /// Byte sequences that were replaced in those that stay.
    pub replaced: u32,
}

impl<'a> Values<'a> {
    /// The events of a whole file.
    pub fn of(file: &'a [u8]) -> Self {
        Self::from_rows(rows_of(file))
    }

    /// The events among rows.
    pub fn from_rows(rows: impl IntoIterator<Item = (Cow<'a, str>, u32)>) -> Self {
        let mut values = Self::default();
        for (text, replaced) in rows {
            if !is_container(&text) {
                match mend(&text).filter(|(text, _)| is_container(text)) {
                    Some((mended, _)) => values.mended.push((values.raw.len(), mended)),
                    None => {
                        values.broken += 1;
                        continue;
                    }
                }
            }
            values.replaced = values.replaced.saturating_add(replaced);
            values.raw.push(text);
        }
        values
    }

    /// The events as they can be read.
    pub fn readable(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self.raw.iter().map(|text| &**text).collect();
        for (at, mended) in &self.mended {
            if let Some(text) = texts.get_mut(*at) {
                *text = mended;
            }
        }
        texts
    }

    /// The JSON text of the list of some of the events, by their places, each as it stands.
    pub fn list(&self, places: &[usize]) -> String {
        let texts = places.iter().filter_map(|at| self.raw.get(*at));
        let bytes: usize = texts.clone().map(|text| text.len() + 1).sum();
        let mut list = String::with_capacity(bytes + 2);
        list.push('[');
        for text in texts {
            if list.len() > 1 {
                list.push(',');
            }
            list.push_str(text);
        }
        list.push(']');
        list
    }
}

/// An object's text that can be read, and what was mended in it.
pub(super) fn readable_object(text: &str) -> (Cow<'_, str>, Repairs) {
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return (Cow::Borrowed(text), Repairs::default());
    }
    mend(text).map_or(
        (Cow::Borrowed(text), Repairs::default()),
        |(text, repairs)| (Cow::Owned(text), repairs),
    )
}

/// The repair of bytes that are no text.
pub(super) fn replaced(times: u32) -> Repairs {
    let mut repairs = Repairs::default();
    repairs.add(Repair::BytesReplaced, times);
    repairs
}

/// Whether the text is the JSON of an object or a list.
pub(super) fn is_container(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}
