//! How long a request is waited for: until the first byte, and then from each piece of the answer to the next.
//! A slow line that still delivers is never given up, however large the answer; a silent one is.

/// How long silence is borne, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patience {
    /// From the request to the answer's head: the server may have to work out the answer first.
    pub first_byte_ms: f64,
    /// From one piece of the body to the next.
    pub idle_ms: f64,
}

impl Default for Patience {
    /// The datasets server may take a minute for rows that nobody has asked for yet; once it sends, it sends on.
    fn default() -> Self {
        Self {
            first_byte_ms: 90_000.0,
            idle_ms: 30_000.0,
        }
    }
}

/// A request that is waited for. Times are milliseconds of any clock that only goes forward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    patience: Patience,
    deadline_ms: f64,
}

impl Wait {
    /// A request that was sent at this time.
    pub fn begun(patience: Patience, now_ms: f64) -> Self {
        Self {
            patience,
            deadline_ms: now_ms + patience.first_byte_ms,
        }
    }

    /// Notes that the head of the answer, or a piece of its body, has arrived.
    pub fn heard(&mut self, now_ms: f64) {
        self.deadline_ms = now_ms + self.patience.idle_ms;
    }

    /// Whether the request is to be given up.
    pub fn is_over(&self, now_ms: f64) -> bool {
        now_ms >= self.deadline_ms
    }
}
