//! The Chromiums that the tests share: two at most, however many threads libtest has, started when they are wanted.
//! A browser takes one and gives it back when it ends, also after a panic.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::chromium::Chromium;

const BROWSERS: usize = 2;

struct Pool {
    taken: usize,
    idle: Vec<Chromium>,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    taken: 0,
    idle: Vec::new(),
});
static FREED: Condvar = Condvar::new();

/// The right to run one browser.
pub struct Slot;

impl Slot {
    /// Waits for a free slot.
    pub fn take() -> Self {
        let mut pool = pool();
        while pool.taken >= BROWSERS {
            pool = FREED.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.taken += 1;
        Self
    }

    /// A Chromium that another test has left.
    pub fn idle(&self) -> Option<Chromium> {
        pool().idle.pop()
    }

    /// Leaves a Chromium to the next test.
    pub fn leave(&self, chromium: Chromium) {
        pool().idle.push(chromium);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        pool().taken -= 1;
        FREED.notify_one();
    }
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}
