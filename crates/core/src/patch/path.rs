//! Paths as diffs write them: quoted where they hold odd bytes, with prefixes that aren't part of them.
//! The rules are git's (`quote.c`, `apply.c`), loosened where a patch is written by hand.

use std::borrow::Cow;

/// A file's two names; `None` where none was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names<'a> {
    pub old: Option<Cow<'a, str>>,
    pub new: Option<Cow<'a, str>>,
}

impl Names<'_> {
    /// These names; those of `other` where one is missing.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            old: self.old.or(other.old),
            new: self.new.or(other.new),
        }
    }
}

/// The name behind `--- `, `+++ `, `rename from ` and the like: up to a tab, behind which dates stand.
pub(super) fn one_name(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches('\r');
    match unquote(text) {
        Some((name, _)) => name,
        None => Cow::Borrowed(text.split_once('\t').map_or(text, |(name, _)| name)),
    }
}

/// The two names behind `diff --git `. Plain names may hold blanks: then both are the same but for the prefix, so
/// that the blank in the middle parts them.
pub(super) fn two_names(text: &str) -> Names<'_> {
    let text = text.trim_end_matches('\r');
    let (old, new) = if let Some((old, rest)) = unquote(text) {
        (old, one_name(rest.trim_start_matches(' ')))
    } else if let Some((old, new)) = text.split_once(" \"").filter(|_| text.ends_with('"')) {
        let quoted = text.get(old.len() + 1..).unwrap_or(new);
        (Cow::Borrowed(old), one_name(quoted))
    } else if let Some((old, new)) = halves(text).or_else(|| second_has_prefix(text)) {
        (Cow::Borrowed(old), Cow::Borrowed(new))
    } else {
        return Names::default();
    };
    Names {
        old: Some(old),
        new: Some(new),
    }
}

fn halves(text: &str) -> Option<(&str, &str)> {
    let (old, rest) = text.split_at_checked(text.len() / 2)?;
    let new = rest.strip_prefix(' ')?;
    let same = old == new || below_first(old).is_some_and(|path| Some(path) == below_first(new));
    same.then_some((old, new))
}

fn second_has_prefix(text: &str) -> Option<(&str, &str)> {
    let at = text.find(" b/")?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The names without `a/` and `b/`, or whatever stands in their place; `/dev/null` is not a name.
pub(super) fn without_prefixes<'a>(names: Names<'a>) -> Names<'a> {
    let Names { old, new } = names;
    let old = old.filter(|name| name != "/dev/null");
    let new = new.filter(|name| name != "/dev/null");
    let differ_in_prefix = match (&old, &new) {
        (Some(old), Some(new)) => old != new && below_first(old) == below_first(new),
        _ => false,
    };
    let bare = |name: Cow<'a, str>| match differ_in_prefix || has_prefix(&name) {
        true => below(name),
        false => name,
    };
    Names {
        old: old.map(bare),
        new: new.map(bare),
    }
}

/// The prefixes that git writes: `a`, `b`, and with `diff.mnemonicPrefix` those of index, work tree, commit, object.
fn has_prefix(name: &str) -> bool {
    ["a/", "b/", "i/", "w/", "c/", "o/"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

fn below_first(name: &str) -> Option<&str> {
    name.split_once('/').map(|(_, path)| path)
}

fn below(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(below_first(name).unwrap_or(name)),
        Cow::Owned(name) => match below_first(&name) {
            Some(path) => Cow::Owned(path.to_owned()),
            None => Cow::Owned(name),
        },
    }
}

/// Reads a name in double quotes, with C's escapes; gives it and what stands behind it. `None` where there are no
/// quotes or they don't end.
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let quoted = text.strip_prefix('"')?;
    let mut name = Vec::new();
    let mut bytes = quoted.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => {
                let name = String::from_utf8_lossy(&name).into_owned();
                return Some((Cow::Owned(name), quoted.get(at + 1..)?));
            }
            b'\\' => {
                let (_, escape) = bytes.next()?;
                let mut value = match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    b'0'..=b'7' => escape - b'0',
                    other => other,
                };
                if escape.is_ascii_digit() {
                    for _ in 0..2 {
                        let next = bytes.next_if(|(_, b)| (b'0'..=b'7').contains(b));
                        let Some((_, digit)) = next else { break };
                        value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                    }
                }
                name.push(value);
            }
            byte => name.push(byte),
        }
    }
    None
}
