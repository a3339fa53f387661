//! How long a worker may work on one question without a word before it is taken for lost.
//! Pure: the clock is handed in. A worker that only waits for the network says so, and is never silent here.

/// What any question may take, in milliseconds: a tokenizer of 35 MB is read in one go.
const BASE_MS: f64 = 60_000.0;
/// What a row adds: a slow machine takes a tenth of this for a long one.
const ROW_MS: f64 = 600.0;
/// What a megabyte adds: a slow machine reads and counts some megabytes per second.
const MEGABYTE_MS: f64 = 1_000.0;
/// The most that counts between two looks: a computer that slept, or a tab in the background, looks late.
const BETWEEN_LOOKS_MS: f64 = 30_000.0;

/// How long a worker may be silent over a question, in milliseconds, by its rows and by its bytes as far as they are
/// known.
pub fn limit_ms(rows: u32, bytes: u64) -> f64 {
    BASE_MS + ROW_MS * f64::from(rows) + MEGABYTE_MS * (bytes as f64 / 1e6)
}

/// The silence of a worker that is at work. Times are milliseconds of any clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silence {
    limit_ms: f64,
    looked_ms: f64,
    lasted_ms: f64,
}

impl Silence {
    /// The silence begins.
    pub fn begin(limit_ms: f64, now_ms: f64) -> Self {
        Self {
            limit_ms,
            looked_ms: now_ms,
            lasted_ms: 0.0,
        }
    }

    /// Looks again: whether it has lasted too long.
    pub fn is_too_long(&mut self, now_ms: f64) -> bool {
        self.lasted_ms += (now_ms - self.looked_ms).clamp(0.0, BETWEEN_LOOKS_MS);
        self.looked_ms = now_ms;
        self.lasted_ms >= self.limit_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the silence is found to be too long, looked at every so many milliseconds; `None`: not within a day.
    fn ends_at(limit_ms: f64, every_ms: f64) -> Option<f64> {
        let mut silence = Silence::begin(limit_ms, 0.0);
        let mut now_ms = 0.0;
        while now_ms < 86_400_000.0 {
            if silence.is_too_long(now_ms) {
                return Some(now_ms);
            }
            now_ms += every_ms;
        }
        None
    }

    #[test]
    fn a_worker_that_is_silent_for_too_long_is_found_out() {
        let limit_ms = limit_ms(10, 0);
        assert_eq!(ends_at(limit_ms, 1_000.0), Some(limit_ms));
    }

    #[test]
    fn the_limit_grows_with_the_rows_and_with_the_bytes_and_is_never_short() {
        assert!(limit_ms(0, 0) >= 60_000.0);
        assert!(limit_ms(100, 0) >= 2.0 * limit_ms(0, 0));
        assert!(limit_ms(1, 200_000_000) >= 4.0 * limit_ms(1, 0));
    }

    #[test]
    fn hours_of_sleep_between_two_looks_are_no_silence() {
        let mut silence = Silence::begin(limit_ms(10, 0), 0.0);
        assert!(!silence.is_too_long(1_000.0));
        assert!(!silence.is_too_long(8.0 * 3_600_000.0));
        // A clock that is set back is none, either.
        assert!(!silence.is_too_long(0.0));
    }

    #[test]
    fn a_tab_in_the_background_finds_out_later_but_does() {
        let limit_ms = limit_ms(10, 0);
        let ends = ends_at(limit_ms, 60_000.0).unwrap_or(f64::INFINITY);
        assert!(ends <= 3.0 * limit_ms, "{ends}");
    }
}
