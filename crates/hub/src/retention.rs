//! Which kept answers are let go when the browser's room for them is full: the oldest, as few as will do.
//! What is kept is only a copy, so that letting go costs a request at most.

/// The share of the room that answers may fill; the browser may take the whole origin's data where it is short of space.
const SHARE: f64 = 0.8;
/// The share of what is kept that is freed beyond what is needed, so that the next answers fit too.
const SLACK: f64 = 0.1;

/// An answer that is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    /// Its bytes.
    pub bytes: u64,
    /// When it was kept, in milliseconds of any clock; 0 where that is not known.
    pub kept_ms: f64,
}

/// The room that the browser gives the page, as it estimates it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Bytes that are used, by whatever the origin keeps.
    pub used: f64,
    /// Bytes that there are for all of it.
    pub quota: f64,
}

impl Room {
    /// Bytes to be freed before `bytes` more can be kept; `None` where they would not fit into an empty room.
    pub fn to_free(&self, bytes: u64) -> Option<u64> {
        let most = self.quota * SHARE;
        let bytes = bytes as f64;
        (bytes <= most).then(|| (self.used + bytes - most).max(0.0).ceil() as u64)
    }
}

/// Which answers are to be let go so that at least `bytes` become free: their places in `kept`, the oldest first.
/// Nothing where nothing has to be freed.
pub fn to_let_go(kept: &[Kept], bytes: u64) -> Vec<usize> {
    if bytes == 0 {
        return Vec::new();
    }
    let all = kept.iter().map(|kept| kept.bytes as f64).sum::<f64>();
    let wanted = bytes as f64 + all * SLACK;
    let mut oldest: Vec<(usize, &Kept)> = kept.iter().enumerate().collect();
    oldest.sort_by(|(_, a), (_, b)| a.kept_ms.total_cmp(&b.kept_ms));
    let mut freed = 0.0;
    let mut gone = Vec::new();
    for (at, kept) in oldest {
        if freed >= wanted {
            break;
        }
        freed += kept.bytes as f64;
        gone.push(at);
    }
    gone
}
