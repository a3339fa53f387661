//! A file's lines as tools list them, each behind its number: `cat -n` and the like.
//! What is no such line (a tool's own words before and after) has no colour.

use super::{Language, Span, colours_of_lines};

/// What stands between a number and its line.
const PARTED_BY: [&str; 5] = ["\t", "→", ": ", ":", "| "];

/// The colours of a listing; none where there are not two lines, one after the other.
pub(super) fn listed(text: &str, language: &'static Language) -> Vec<Span> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut first = None;
    let mut last = None::<u64>;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let numbered = numbered(line.trim_end_matches(['\n', '\r']));
        if let Some((number, content, from)) = numbered
            && last.is_none_or(|last| number == last + 1)
        {
            first = first.or(Some(number));
            last = Some(number);
            lines.push((at + from, content));
        }
        at += line.len();
    }
    if lines.len() < 2 {
        return Vec::new();
    }
    let contents: Vec<&str> = lines.iter().map(|(_, content)| *content).collect();
    let is_start = first.is_some_and(|first| first <= 1);
    let coloured = colours_of_lines(&contents, language, is_start);
    let coloured = lines.iter().zip(coloured);
    coloured
        .flat_map(|((at, _), spans)| spans.into_iter().map(|span| span.moved(*at)))
        .collect()
}

/// A line's number, its content, and where that begins in it.
fn numbered(line: &str) -> Option<(u64, &str, usize)> {
    let bare = line.trim_start_matches(' ');
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = bare.split_at_checked(digits)?;
    let number = number.parse().ok()?;
    if rest.is_empty() {
        return Some((number, "", line.len()));
    }
    let content = PARTED_BY
        .iter()
        .find_map(|parted| rest.strip_prefix(parted))?;
    Some((number, content, line.len() - content.len()))
}
