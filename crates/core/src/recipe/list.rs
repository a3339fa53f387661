//! Lists as values of the address, read and written: their items, and what an item says where it is more than a word:
//! shares, fields, thresholds. Readers say in plain words what they could not use.

use super::difficulty::Difficulty;
use super::filter::{ListFilter, ListKey};
use super::value::{decode, encode, number, shown};
use crate::sign::{Sign, Thresholds};
use crate::trace::{FieldMap, Outcome, harness_spelled};

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
        // Older links have other spellings than rows are labelled with.
        ListKey::Harness => match harness_spelled(name) {
            Some(spelled) => Some(spelled.to_owned()),
            None => (!text.is_empty()).then(|| text.to_owned()),
        },
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
