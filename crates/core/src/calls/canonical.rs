//! The hash of a JSON value: two that differ only in the order of keys or in white space between parts have the same one.
//! Calls whose arguments are equal in this sense do the same.

use serde_json::value::RawValue;

use crate::ground::hash::{both, hash};

/// Objects and lists within each other that are told apart by their parts; what lies deeper is hashed as it stands.
const DEPTH: usize = 8;

/// The hash of one member of an object. An object's hash is the sum of its members': their order has no part in it.
pub(super) fn member(key: &str, value: &str) -> u64 {
    member_at(key, value, DEPTH)
}

fn member_at(key: &str, value: &str, depth: usize) -> u64 {
    both(hash(key.as_bytes()), value_at(value, depth))
}

fn value_at(json: &str, depth: usize) -> u64 {
    let parts = match (depth.checked_sub(1), json.bytes().next()) {
        (Some(depth), Some(b'{')) => object(json, depth),
        (Some(depth), Some(b'[')) => list(json, depth),
        _ => None,
    };
    parts.unwrap_or_else(|| hash(json.as_bytes()))
}

fn object(json: &str, depth: usize) -> Option<u64> {
    let members: Members = serde_json::from_str(json).ok()?;
    let hashes = members
        .0
        .iter()
        .map(|(key, value)| member_at(key, value, depth));
    Some(both(1, hashes.fold(0, u64::wrapping_add)))
}

fn list(json: &str, depth: usize) -> Option<u64> {
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let hashes = items.iter().map(|item| value_at(item.get(), depth));
    Some(hashes.fold(2, both))
}

/// An object's members as they stand in the JSON.
struct Members<'a>(Vec<(&'a str, &'a str)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> serde::de::Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            members.push((key.get(), value.get()));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> u64 {
        value_at(json, DEPTH)
    }

    #[test]
    fn order_of_keys_and_white_space_between_parts_say_nothing() {
        assert_eq!(
            value(r#"{"a": {"x": 1, "y": [1, 2]}, "b": "c"}"#),
            value(r#"{"b":"c","a":{"y":[1,2],"x":1}}"#)
        );
    }

    #[test]
    fn all_else_does() {
        for other in [
            r#"{"a":[2,1]}"#,
            r#"{"a":[1, 2], "b": null}"#,
            r#"{"b":[1,2]}"#,
            r#"{"a":"[1,2]"}"#,
            r#"{"a":[[1,2]]}"#,
            r#"[1,2]"#,
        ] {
            assert_ne!(value(r#"{"a":[1,2]}"#), value(other), "{other}");
        }
        assert_ne!(value(r#"{"a":"x y"}"#), value(r#"{"a":"xy"}"#));
    }

    #[test]
    fn values_within_each_other_without_end_are_hashed_in_linear_time() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(value(&deep), value(&deep));
    }
}
