//! Sizes, spans of time and intervals as people read them, beside the numbers that charts write too.
//! Every number on the page is written by one of these.

pub use crate::chart::words::{count, cut, percent, plural, share, short};
pub use crate::frame::words::thousands;

/// `812 B`, `4.1 MB`, `18 GB`; thousands, as file managers and the Hub count.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, f64); 4] = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)];
    let size = bytes as f64;
    match UNITS.iter().find(|(_, unit)| size >= *unit) {
        Some((name, unit)) if size / unit < 10.0 => format!("{:.1} {name}", size / unit),
        Some((name, unit)) => format!("{:.0} {name}", size / unit),
        None => format!("{bytes} B"),
    }
}

/// `8 s`, `3 min`, `2 h`.
pub fn duration(ms: f64) -> String {
    let seconds = (ms / 1000.0).max(0.0);
    if seconds < 90.0 {
        format!("{:.0} s", seconds.ceil())
    } else if seconds < 5400.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

/// An interval of shares: `39–49 %`.
pub fn interval(low: f64, high: f64) -> String {
    format!("{:.0}–{:.0} %", low * 100.0, high * 100.0)
}

/// A shift of a share in percentage points: `▲ 6`, `▼ 0.4`, `0`.
pub fn points(shift: f64) -> String {
    let points = (shift * 1000.0).round() / 10.0;
    match points {
        p if p > 0.0 => format!("▲ {}", thousands(p)),
        p if p < 0.0 => format!("▼ {}", thousands(-p)),
        _ => "0".to_owned(),
    }
}
