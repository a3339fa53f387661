//! The values of the address as text, read and written: lists, ranges, the map of fields, whole numbers.
//! Readers get a value as it stands in the address, and say in plain words what they could not use.

use std::ops::RangeInclusive;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::balance::Cap;
use super::difficulty::Difficulty;
use super::draw::Preference;
use super::filter::{Bounds, ListFilter, ListKey};
use crate::export::options::Mask;
use crate::ground::words::thousands;
use crate::sign::{Sign, Thresholds};
use crate::trace::{FieldMap, Outcome};

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

/// An item of a list: its text, and whether a `!` stands before it.
struct Item {
    text: String,
    is_marked: bool,
}

/// Takes a list apart at its commas. A comma, a leading `!` or a backslash that belongs to an item has a backslash
/// before it: whether a character is percent-encoded says nothing, since programs that build links encode commas too.
fn items(raw: &str) -> Vec<Item> {
    items_of(&decode(raw))
}

/// [`items`] of a text that is decoded already.
fn items_of(decoded: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut item = Item {
        text: String::new(),
        is_marked: false,
    };
    let mut chars = decoded.chars();
    let mut is_first = true;
    while let Some(c) = chars.next() {
        match c {
            '\\' => item.text.extend(chars.next()),
            ',' => {
                items.push(std::mem::replace(
                    &mut item,
                    Item {
                        text: String::new(),
                        is_marked: false,
                    },
                ));
                is_first = true;
                continue;
            }
            '!' if is_first => item.is_marked = true,
            c => item.text.push(c),
        }
        is_first = false;
    }
    items.push(item);
    items.retain(|item| item.is_marked || !item.text.is_empty());
    items
}

/// Writes an item of a list so that [`items`] finds it again.
fn write_item(text: &str) -> String {
    encode(&escaped(text))
}

/// An item as a list has it, not yet encoded.
fn escaped(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace(',', "\\,");
    match escaped.strip_prefix('!') {
        Some(rest) => format!("\\!{rest}"),
        None => escaped,
    }
}

/// Reads `Python:0.3,Go:0.2`; what follows the last colon of an item is the share.
pub(super) fn read_shares(text: &str) -> Result<Vec<(String, f64)>, String> {
    let mut shares: Vec<(String, f64)> = Vec::new();
    for Item { text, is_marked } in items_of(text) {
        let wrong = || format!("“{}” is not a share; write value:0.3", shown(&text));
        let (value, share) = text.rsplit_once(':').ok_or_else(wrong)?;
        let share: Option<f64> = share.trim().parse().ok();
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        let share = share.filter(|_| !is_marked && !value.is_empty());
        let share = share.ok_or_else(wrong)?;
        if shares.iter().any(|(known, _)| known == value) {
            return Err(format!("“{}” has two shares", shown(value)));
        }
        // −0 is 0.
        shares.push((value.to_owned(), share.abs()));
    }
    match shares.iter().map(|(_, share)| share).sum::<f64>() {
        sum if sum > 1.0 + 1e-9 => Err("the shares add up to more than 1".to_owned()),
        _ => Ok(shares),
    }
}

/// Writes shares, not yet encoded.
pub(super) fn write_shares(shares: &[(String, f64)]) -> String {
    let item = |(value, share): &(String, f64)| escaped(&format!("{value}:{}", number(*share)));
    shares.iter().map(item).collect::<Vec<_>>().join(",")
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

/// Reads `a,b,!c`.
pub(super) fn read_list(key: ListKey, raw: &str) -> (ListFilter, Vec<String>) {
    let mut list = ListFilter::default();
    let mut bad = Vec::new();
    for Item { text, is_marked } in items(raw) {
        let values = if is_marked {
            &mut list.exclude
        } else {
            &mut list.include
        };
        match list_value(key, &text) {
            Some(value) => values.push(value),
            None => bad.push(text),
        }
    }
    let mut why = Vec::new();
    if let Some(first) = bad.first() {
        why.push(no_list_value(key, first, bad.len() - 1));
    } else if !list.is_set() {
        why.push("it lists no value".to_owned());
    }
    (list, why)
}

/// A value as rows are asked for it; `None` where no row can have it.
fn list_value(key: ListKey, text: &str) -> Option<String> {
    let name = text.trim();
    match key {
        ListKey::Outcome | ListKey::Difficulty => known_values(key)
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .map(str::to_owned),
        ListKey::Flag if name.eq_ignore_ascii_case(ListKey::NONE) => Some(ListKey::NONE.to_owned()),
        ListKey::Flag => Sign::from_name(name).map(|sign| sign.name().to_owned()),
        _ => (!text.is_empty()).then(|| text.to_owned()),
    }
}

/// The words of a list that has no other values; none where values are the data's.
pub(super) fn known_values(key: ListKey) -> Vec<&'static str> {
    match key {
        ListKey::Outcome => Outcome::ALL.into_iter().map(Outcome::name).collect(),
        ListKey::Difficulty => Difficulty::ALL.into_iter().map(Difficulty::name).collect(),
        ListKey::Flag => Sign::ALL.into_iter().map(Sign::name).collect(),
        _ => Vec::new(),
    }
}

fn no_list_value(key: ListKey, first: &str, more: usize) -> String {
    let known = known_values(key);
    let more = match more {
        0 => String::new(),
        n => format!(" (and {n} more of its values)"),
    };
    let first = shown(first);
    if known.is_empty() {
        return format!("“{first}”{more} is not a value");
    }
    format!("“{first}”{more} is not one of: {}", known.join(", "))
}

/// Writes a list.
pub(super) fn write_list(list: &ListFilter) -> String {
    let item = |mark: &str, value: &String| format!("{mark}{}", write_item(value));
    let include = list.include.iter().filter(|v| !v.is_empty());
    let exclude = list.exclude.iter().filter(|v| !v.is_empty());
    let items = include
        .map(|value| item("", value))
        .chain(exclude.map(|value| item("!", value)));
    items.collect::<Vec<String>>().join(",")
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

/// Reads `messages:dialog,role:speaker`; what follows the first colon of an item is the field.
pub(super) fn read_map(raw: &str) -> (FieldMap, Vec<String>) {
    let mut map = FieldMap::default();
    let mut why = Vec::new();
    for item in items(raw) {
        let (what, field) = item.text.split_once(':').unwrap_or((&item.text, ""));
        let (what, field) = (what.to_owned(), field.to_owned());
        if !FieldMap::WHAT.contains(&what.as_str()) {
            let known = FieldMap::WHAT.join(", ");
            why.push(format!("“{}” is not one of: {known}", shown(&what)));
        } else if field.is_empty() {
            why.push(format!("“{what}” has no field; write {what}:field"));
        } else if map.get(&what).is_some() {
            why.push(format!(
                "“{what}” is mapped twice; only the first one counts"
            ));
        } else {
            map.fields.push((what, field));
        }
    }
    if map.fields.is_empty() && why.is_empty() {
        why.push("it maps nothing".to_owned());
    }
    // One reason is enough for a person to look at the whole.
    why.truncate(1);
    (map, why)
}

/// Writes a map of fields.
pub(super) fn write_map(map: &FieldMap) -> String {
    let item = |(what, field): &(String, String)| write_item(&format!("{what}:{field}"));
    let items = map.fields.iter().map(item);
    items.collect::<Vec<String>>().join(",")
}

/// Reads `loop-same:6,error-rate:0.3`: thresholds of signs.
pub(super) fn read_signs(raw: &str) -> (Thresholds, Vec<String>) {
    let mut thresholds = Thresholds::default();
    let mut why = Vec::new();
    let items = items(raw);
    for item in &items {
        let (name, number) = item.text.split_once(':').unwrap_or((&item.text, ""));
        let threshold: Option<f32> = number.trim().parse().ok();
        let read = match (Sign::from_name(name.trim()), threshold) {
            (None, _) => Err(format!("“{}” is not a quality sign", shown(name))),
            (Some(sign), None) => Err(format!(
                "“{}” is not a number; write {}:{}",
                shown(number),
                sign.name(),
                sign.default_threshold()
            )),
            (Some(sign), Some(threshold)) => thresholds.choose(sign, threshold),
        };
        why.extend(read.err());
    }
    if items.is_empty() {
        why.push("it lists no threshold".to_owned());
    }
    // One reason is enough for a person to look at the whole.
    why.truncate(1);
    (thresholds, why)
}

/// Writes thresholds of signs.
pub(super) fn write_signs(thresholds: &Thresholds) -> String {
    let items = thresholds.chosen();
    let items = items.map(|(sign, threshold)| format!("{}:{threshold}", sign.name()));
    items.collect::<Vec<String>>().join(",")
}

/// Names that a list may hold.
const NAMES: usize = 500;

/// Reads a plain list of names.
pub(super) fn read_names(raw: &str) -> (Vec<String>, Vec<String>) {
    let names = items(raw)
        .into_iter()
        .map(|item| item.text.trim().to_owned());
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let mut why = Vec::new();
    if names.is_empty() {
        why.push("it lists no name".to_owned());
    } else if names.len() > NAMES {
        why.push(format!(
            "it lists more than {NAMES} names; the rest is left out"
        ));
        names.truncate(NAMES);
    }
    (names, why)
}

/// Writes a plain list of names.
pub(super) fn write_names(names: &[String]) -> String {
    let items = names.iter().map(|name| write_item(name));
    items.collect::<Vec<String>>().join(",")
}
