//! How many browsers run at once: two, however many threads libtest has.
//! A browser takes a slot and gives it back when it ends, also after a panic.

use std::sync::{Condvar, Mutex, PoisonError};

const BROWSERS: usize = 2;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// The right to run one browser.
pub struct Slot;

impl Slot {
    /// Waits for a free slot.
    pub fn take() -> Self {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken >= BROWSERS {
            taken = FREED.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}
