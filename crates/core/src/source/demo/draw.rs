//! Draws that are the same on every platform and for ever: integers, and only + − × ÷ of floating point numbers.
//! (`exp`, `ln` and the like may differ in the last bit between a browser and a native program.)

use rand::Rng;
use rand_pcg::Pcg64;

/// What is drawn; each has numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// A row of the demo.
    Row = 1,
    /// An instance that rows share.
    Task = 2,
}

/// A generator for one thing of one kind.
pub(super) struct Draw(Pcg64);

impl Draw {
    /// The generator of the thing `index` of a kind.
    pub fn new(seed: u64, stream: Stream, index: u64) -> Self {
        let state = u128::from(scatter(seed)) << 64 | u128::from(scatter(index));
        Self(Pcg64::new(state, stream as u128))
    }

    /// A number in `0..n`; 0 where `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        // The high half of a 64-bit product is less than n, so it fits.
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low.saturating_add(self.below(high.saturating_sub(low).saturating_add(1)))
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Whether something happens that has this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number that is normally distributed, near enough: mean 0, deviation 1, never beyond ±6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of the items; the default of an empty list.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(at as usize).copied().unwrap_or_default()
    }

    /// One of the items, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> Option<T> {
        let mut left = self.below(items.iter().map(|(_, weight)| weight).sum());
        items.iter().find_map(|&(item, weight)| {
            if left < weight {
                return Some(item);
            }
            left -= weight;
            None
        })
    }

    /// So many hexadecimal digits, at most 16.
    pub fn hex(&mut self, digits: usize) -> String {
        format!("{:016x}", self.0.next_u64())
            .chars()
            .take(digits)
            .collect()
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let variant = self.pick(&["8", "9", "a", "b"]);
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }
}

/// e to the power of x, good to a percent for |x| < 2.
pub(super) fn exp(x: f64) -> f64 {
    let mut power = 1.0 + x / 256.0;
    for _ in 0..8 {
        power *= power;
    }
    power
}

/// Spreads neighbouring numbers over all 64 bits (SplitMix64's finalizer).
fn scatter(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
