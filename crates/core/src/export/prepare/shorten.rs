//! Observations of so many tokens at most: the head and the tail stay, a marker between them says what is missing.
//! Where a command's output says most is its first lines and its last.

use std::borrow::Cow;

use crate::ground::text::head;
use crate::ground::words::thousands;
use crate::tokens::Counter;
use crate::trace::{Role, Trajectory};

/// Shortens every observation that is longer than `limit` tokens.
pub(super) fn observations(trajectory: &mut Trajectory, limit: u64, counter: &Counter) {
    let observations = trajectory
        .messages
        .iter_mut()
        .filter(|message| message.role == Role::Tool);
    for message in observations {
        if let Some(short) = shortened(&message.text, limit, counter) {
            message.text = Cow::Owned(short);
        }
    }
}

/// The text in `limit` tokens or less; `None` where it has no more than that. Where not even the marker fits, the marker
/// is all that stays.
fn shortened(text: &str, limit: u64, counter: &Counter) -> Option<String> {
    // A token is a byte of text or more.
    if text.len() as u64 <= limit {
        return None;
    }
    let all = u64::from(counter.count(text));
    if all <= limit {
        return None;
    }
    // The longest that fits, by halving: a text of more bytes has, nearly always, no fewer tokens.
    let (mut least, mut most) = (0, text.len());
    let mut best = with_marker(text, 0, all, counter);
    while most - least > STEP.max(most / 64) {
        let bytes = least + (most - least) / 2;
        let longer = with_marker(text, bytes, all, counter);
        if u64::from(counter.count(&longer)) <= limit {
            (least, best) = (bytes, longer);
        } else {
            most = bytes;
        }
    }
    Some(best)
}

/// The search ends when it is so near, in bytes.
const STEP: usize = 8;

/// About `bytes` of the text, half of them from its end.
fn with_marker(text: &str, bytes: usize, all: u64, counter: &Counter) -> String {
    let first = head(text, bytes / 2);
    let last = tail(text, bytes - bytes / 2);
    let kept = u64::from(counter.count(first)) + u64::from(counter.count(last));
    let left_out = thousands(all.saturating_sub(kept) as f64);
    format!("{first}\n[… {left_out} tokens left out …]\n{last}")
}

/// The longest end of a text that has at most so many bytes.
fn tail(text: &str, bytes: usize) -> &str {
    let from = text.len().saturating_sub(bytes);
    let start = (from..=text.len()).find(|&at| text.is_char_boundary(at));
    text.get(start.unwrap_or(text.len())..).unwrap_or_default()
}
