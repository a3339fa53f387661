//! Which bytes a request wants, by its `Range` header.
//! `bytes=a-b` and `bytes=a-` are what a browser sends without asking first; all else is bad manners here.

use super::log::Asked;

/// The first byte, and the last one where it is named; nothing where there is no range.
///
/// # Errors
/// What is wrong with the range.
pub fn read(asked: &Asked) -> Result<Option<(u64, Option<u64>)>, &'static str> {
    let Some(header) = &asked.bytes else {
        return Ok(None);
    };
    let range = header.strip_prefix("bytes=").ok_or("not in bytes")?;
    if range.contains(',') {
        return Err("several ranges at once");
    }
    let (first, last) = range.split_once('-').ok_or("no range")?;
    if first.is_empty() {
        return Err("a suffix");
    }
    let first = first.parse().map_err(|_| "no number")?;
    if last.is_empty() {
        return Ok(Some((first, None)));
    }
    let last = last.parse().map_err(|_| "no number")?;
    if last < first {
        return Err("it ends before it begins");
    }
    Ok(Some((first, Some(last))))
}
