//! The values of the address as text, read and written: words, numbers, ranges, caps; [`super::list`] has the lists.
//! Readers get a value as it stands in the address, and say in plain words what they could not use.

use std::ops::RangeInclusive;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::balance::Cap;
use super::draw::Preference;
use super::filter::Bounds;
use crate::export::options::Mask;
use crate::ground::words::thousands;

/// What is written as `%XX` in a value. What needs no escape in a query, and doesn't make a link end early where
/// people paste it, stays readable.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b',')
    .remove(b'!')
    .remove(b'@');

/// A part of the query as text: `+` is a space, `%XX` a byte; bytes that are not UTF-8 become `�`.
pub(super) fn decode(raw: &str) -> String {
    let spaced = raw.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Text as a value of the query.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A typed text as a notice shows it: one line, not too long.
pub(super) fn shown(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut short: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

/// A whole number within a range.
pub(super) fn whole(text: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let number: Option<u64> = text.trim().parse().ok();
    number.filter(|n| range.contains(n)).ok_or_else(|| {
        let (low, high) = (range.start(), range.end());
        let limits = match *high {
            u64::MAX if *low == 0 => String::new(),
            u64::MAX => format!(" of at least {low}"),
            high => format!(" from {low} to {}", thousands(high as f64)),
        };
        format!("“{}” is not a whole number{limits}", shown(text))
    })
}

/// A number above 0.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.trim().parse().ok();
    let number = number.filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("“{}” is not a number above 0", shown(text)))
}

/// One of some words.
pub(super) fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text.trim()));
    found.map(|&(_, value)| value).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|&(word, _)| word).collect();
        format!("“{}” is not one of: {}", shown(text), words.join(", "))
    })
}

/// What a trainer is not to learn from: words, comma-separated.
pub(super) fn mask(text: &str) -> Result<Mask, String> {
    let mut words = text.split(',').filter(|word| !word.trim().is_empty());
    words.try_fold(Mask::NOTHING, |mask, word| {
        Ok(mask.or(one_of(word, &Mask::WORDS)?))
    })
}

/// Which rows are kept before others: words, separated by commas, each once.
pub(super) fn preferences(text: &str) -> Result<Vec<Preference>, String> {
    let words = Preference::ALL.map(|preference| (preference.name(), preference));
    let mut preferences = Vec::new();
    for word in text.split(',').filter(|word| !word.trim().is_empty()) {
        let preference = one_of(word, &words)?;
        if !preferences.contains(&preference) {
            preferences.push(preference);
        }
    }
    Ok(preferences)
}

/// The word of a value; empty where it has none.
pub(super) fn word_of<T: Copy + PartialEq>(value: T, words: &[(&'static str, T)]) -> String {
    let found = words.iter().find(|&&(_, other)| other == value);
    found.map_or_else(String::new, |&(word, _)| word.to_owned())
}

/// Reads a number of rows or, below 1, a share.
pub(super) fn read_cap(text: &str) -> Result<Cap, String> {
    if let Ok(rows) = whole(text, 1..=u64::from(u32::MAX)) {
        return Ok(Cap::Rows(u32::try_from(rows).unwrap_or(u32::MAX)));
    }
    let share: Option<f64> = text.trim().parse().ok();
    let share = share.filter(|&share| share > 0.0 && share < 1.0);
    share.map(Cap::Share).ok_or_else(|| {
        format!(
            "“{}” is neither a number of rows nor a share below 1",
            shown(text)
        )
    })
}

/// Writes a cap.
pub(super) fn write_cap(cap: Cap) -> String {
    match cap {
        Cap::Rows(rows) => rows.to_string(),
        Cap::Share(share) => number(share),
    }
}

/// Reads `lo..hi`; either end may be missing.
pub(super) fn read_range(raw: &str) -> Result<Bounds, String> {
    let text = decode(raw);
    let typed = shown(&text);
    let Some((low, high)) = text.split_once("..") else {
        return Err(format!(
            "“{typed}” is not a range; write lo..hi, lo.. or ..hi"
        ));
    };
    let end = |end: &str| match end.trim() {
        "" => Ok(None),
        number => match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(format!("“{}” is not a number", shown(number))),
        },
    };
    let bounds = Bounds {
        low: end(low)?,
        high: end(high)?,
    };
    match (bounds.low, bounds.high) {
        (None, None) => Err(format!("“{typed}” has neither a lower nor an upper end")),
        (Some(low), Some(high)) if low > high => {
            Err(format!("the lower end of “{typed}” is above the upper one"))
        }
        _ => Ok(bounds),
    }
}

/// Writes a range; nothing where it has no end.
pub(super) fn write_range(bounds: Bounds) -> String {
    if !bounds.is_set() {
        return String::new();
    }
    let end = |end: Option<f64>| end.map(number).unwrap_or_default();
    format!("{}..{}", end(bounds.low), end(bounds.high))
}

/// A number so that it is read back as it is, and short: 1e300, not 301 digits.
pub(super) fn number(value: f64) -> String {
    let plain = value == 0.0 || (1e-6..1e15).contains(&value.abs());
    if plain {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}
