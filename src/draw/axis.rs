//! An axis of numbers: from values to pixels and back, and where its ticks stand.
//! Linear or logarithmic; ticks are round numbers, as many as have room: decimal ones, or the powers of two that context
//! windows are.

use crate::draw::text::width;
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::{power, short};

/// Between two labels.
const GAP: f64 = 6.0;

/// Which numbers of an axis are round, and how they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Round {
    /// 1, 2, 5, 10, …
    #[default]
    Decimal,
    /// 1k = 1,024, 2k, 4k, …, of a logarithmic axis.
    PowersOfTwo,
}

/// From values to pixels and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    round: Round,
}

impl Axis {
    /// The axis on which `low` is at pixel `from` and `high` at pixel `to`. An empty or unusable range of values
    /// is widened, so that the mapping is always defined.
    pub fn new(scale: Scale, (low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let low = match scale {
            Scale::Linear if low.is_finite() => low,
            Scale::Log if low.is_finite() && low > 0.0 => low,
            Scale::Linear => 0.0,
            Scale::Log => 1.0,
        };
        let high = match scale {
            _ if high.is_finite() && high > low => high,
            Scale::Linear => low + 1.0,
            Scale::Log => low * 10.0,
        };
        Self {
            scale,
            low,
            high,
            from,
            to,
            round: Round::Decimal,
        }
    }

    /// The same axis, of tokens: on a logarithmic one ticks are powers of two.
    pub fn of_tokens(mut self) -> Self {
        if self.scale == Scale::Log {
            self.round = Round::PowersOfTwo;
        }
        self
    }

    /// A number of the axis as its ticks are written.
    pub fn words(&self, value: f64) -> String {
        match self.round {
            Round::Decimal => short(value),
            Round::PowersOfTwo => power(value),
        }
    }

    /// The pixel of a value; values beyond the ends are put on them.
    pub fn px_of(&self, value: f64) -> f64 {
        let value = if value.is_nan() { self.low } else { value };
        let share = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => {
                (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
            }
        };
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// The value at a pixel; pixels beyond the ends give the ends' values.
    pub fn value_at(&self, px: f64) -> f64 {
        let length = self.to - self.from;
        if length == 0.0 || px.is_nan() {
            return self.low;
        }
        let share = ((px - self.from) / length).clamp(0.0, 1.0);
        match self.scale {
            Scale::Linear => self.low + share * (self.high - self.low),
            Scale::Log => self.low * (share * (self.high / self.low).ln()).exp(),
        }
    }

    /// The roundest value between two pixels: a power of two of tokens, else the one with the fewest digits.
    pub fn roundest(&self, from: f64, to: f64) -> f64 {
        let (a, b) = (self.value_at(from), self.value_at(to));
        let (low, high) = (a.min(b), a.max(b));
        let power = 2f64.powf(high.max(1.0).log2().floor());
        if self.round == Round::PowersOfTwo && power >= low {
            return power;
        }
        let size = high.abs().max(low.abs()).max(f64::MIN_POSITIVE);
        let unit = 10f64.powf(size.log10().floor());
        // Sixteen digits are all that a number has.
        let steps =
            (0..16).flat_map(|digit| [1.0, 0.5, 0.2].map(|part| unit * part / 10f64.powi(digit)));
        let round = |step: f64| (high / step + 1e-9).floor() * step;
        let mut found = steps
            .map(round)
            .filter(|&value| value >= low && value <= high);
        found.next().unwrap_or(high)
    }

    /// The ends' values.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// At most about `most` round values on the axis, the least first. `whole`: only whole numbers.
    pub fn ticks(&self, most: usize, whole: bool) -> Vec<f64> {
        match (self.scale, self.round) {
            (Scale::Linear, _) => linear_ticks(self.low, self.high, most, whole),
            (Scale::Log, Round::Decimal) => log_ticks(self.low, self.high, most),
            (Scale::Log, Round::PowersOfTwo) => {
                let fits = |ticks: &[f64]| ticks.len() <= most;
                power_ticks(self.low, self.high, fits)
            }
        }
    }

    /// The ticks of a horizontal axis whose labels do not touch and all differ, with these labels.
    pub fn labelled(&self, size: f64, whole: bool) -> Vec<(f64, String)> {
        let length = (self.to - self.from).abs();
        let most = ((length / 46.0) as usize).clamp(2, 10);
        let ticks = match (self.scale, self.round) {
            (Scale::Log, Round::PowersOfTwo) => {
                let fits = |ticks: &[f64]| self.are_apart(ticks, size);
                power_ticks(self.low, self.high, fits)
            }
            _ => self.ticks(most, whole),
        };
        let mut taken = f64::NEG_INFINITY;
        let mut last = String::new();
        ticks
            .into_iter()
            .map(|value| (value, self.words(value)))
            .filter(|(value, words)| {
                let half = width(words, size) / 2.0;
                let at = self.px_of(*value);
                // On a short piece of an axis neighbours may round to the same words.
                let free = at - half >= taken + GAP && *words != last;
                if free {
                    taken = at + half;
                    last.clone_from(words);
                }
                free
            })
            .collect()
    }

    /// Whether no label of these ticks touches the next one.
    fn are_apart(&self, ticks: &[f64], size: f64) -> bool {
        let half = |tick: f64| width(&self.words(tick), size) / 2.0;
        ticks
            .iter()
            .zip(ticks.iter().skip(1))
            .all(|(&a, &b)| (self.px_of(b) - self.px_of(a)).abs() >= half(a) + half(b) + GAP)
    }
}

/// The least of 1, 2, 5, 10, 20, … (times a power of ten) that is not under `step`.
pub fn round_up(step: f64) -> f64 {
    if !(step.is_finite() && step > 0.0) {
        return 1.0;
    }
    let unit = 10f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * unit)
        .find(|&round| round >= step * (1.0 - 1e-9))
        .unwrap_or(10.0 * unit)
}

fn linear_ticks(low: f64, high: f64, most: usize, whole: bool) -> Vec<f64> {
    let mut step = round_up((high - low) / most.max(1) as f64);
    if whole {
        step = step.max(1.0);
    }
    let first = (low / step - 1e-9).ceil();
    // The step is at least a `most`-th of the range, so this ends after `most` + 1 ticks.
    (0..=most + 1)
        .map(|i| (first + i as f64) * step)
        .take_while(|&tick| tick <= high + step * 1e-9)
        .collect()
}

fn log_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let first = low.log10().floor() as i32;
    let last = high.log10().ceil() as i32;
    let at = |factors: &[f64], every: usize| -> Vec<f64> {
        (first..=last)
            .step_by(every)
            .flat_map(|power| factors.iter().map(move |f| f * 10f64.powi(power)))
            .filter(|&tick| tick >= low * (1.0 - 1e-9) && tick <= high * (1.0 + 1e-9))
            .collect()
    };
    let decades = usize::try_from(last - first).unwrap_or(1);
    let ladders: [&[f64]; 3] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
    ladders
        .into_iter()
        .map(|factors| at(factors, 1))
        .find(|ticks| ticks.len() <= most)
        .filter(|ticks| !ticks.is_empty())
        .unwrap_or_else(|| match decades {
            // Within one decade: the linear ticks are as round as any.
            0..=1 => linear_ticks(low, high, most, false),
            _ => at(&[1.0], decades.div_ceil(most.max(1))),
        })
}

/// The powers of two between two ends: all of them where they fit, else every second, every third, and so on, always
/// counted from 1, so that the ticks of two axes agree. Round decimal numbers where no power lies between.
fn power_ticks(low: f64, high: f64, fit: impl Fn(&[f64]) -> bool) -> Vec<f64> {
    let (first, last) = (low.log2().ceil() as i32, high.log2().floor() as i32);
    let every = |step: i32| -> Vec<f64> {
        (first..=last)
            .filter(|power| power.rem_euclid(step) == 0)
            .map(|power| 2f64.powi(power))
            .collect()
    };
    let ladders = (1..=(last - first).max(1)).map(every);
    let found = ladders
        .filter(|ticks| !ticks.is_empty())
        .find(|ticks| fit(ticks));
    found.unwrap_or_else(|| linear_ticks(low, high, 2, false))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round_numbers() {
        let axis = Axis::new(Scale::Linear, (0.0, 137.0), (0.0, 400.0));
        assert_eq!(axis.ticks(5, true), [0.0, 50.0, 100.0]);
        assert_eq!(
            axis.ticks(8, true),
            [0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0]
        );
        let few = Axis::new(Scale::Linear, (0.0, 2.0), (0.0, 400.0));
        assert_eq!(few.ticks(8, true), [0.0, 1.0, 2.0]);
        let log = Axis::new(Scale::Log, (1e3, 1e6), (0.0, 400.0));
        assert_eq!(log.ticks(4, true), [1e3, 1e4, 1e5, 1e6]);
        assert_eq!(log.ticks(12, true).len(), 10);
    }

    #[test]
    fn ticks_of_tokens_are_context_windows() {
        let words = |length: f64| {
            let axis = Axis::new(Scale::Log, (8_192.0, 1_048_576.0), (0.0, length)).of_tokens();
            let labels = axis.labelled(11.0, true).into_iter();
            labels.map(|(_, words)| words).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(400.0), "8k 16k 32k 64k 128k 256k 512k 1M");
        assert_eq!(words(200.0), "16k 64k 256k 1M");
        assert_eq!(words(100.0), "32k 256k");
        // Where no power of two lies between, other round numbers do.
        let short = Axis::new(Scale::Log, (33_000.0, 60_000.0), (0.0, 400.0)).of_tokens();
        assert!(!short.labelled(11.0, true).is_empty());
        // A linear axis is decimal, whatever it counts.
        let linear = Axis::new(Scale::Linear, (0.0, 100_000.0), (0.0, 400.0)).of_tokens();
        assert_eq!(linear.words(20_000.0), "20k");
    }

    #[test]
    fn what_is_pointed_at_is_as_round_as_the_axis_can_tell() {
        let turns = Axis::new(Scale::Linear, (0.0, 400.0), (0.0, 400.0));
        assert_eq!(turns.roundest(97.0, 103.0), 100.0);
        assert_eq!(turns.roundest(34.0, 38.0), 35.0);
        assert_eq!(turns.roundest(37.0, 37.4), 37.0);
        let tokens = Axis::new(Scale::Log, (1_024.0, 1_048_576.0), (0.0, 1_000.0)).of_tokens();
        assert_eq!(tokens.roundest(498.0, 504.0), 32_768.0);
        assert_eq!(tokens.roundest(535.0, 541.0), 42_000.0);
    }

    #[test]
    fn an_unusable_range_still_maps() {
        for scale in [Scale::Linear, Scale::Log] {
            for ends in [
                (0.0, 0.0),
                (f64::NAN, f64::NAN),
                (5.0, 5.0),
                (7.0, -7.0),
                (f64::INFINITY, 0.0),
            ] {
                let axis = Axis::new(scale, ends, (10.0, 110.0));
                assert!(axis.px_of(3.0).is_finite() && axis.value_at(50.0).is_finite());
                assert!(!axis.ticks(5, true).is_empty());
            }
        }
    }

    proptest! {
        #[test]
        fn a_pixel_goes_to_its_value_and_back(
            log: bool, low in 0.5f64..1e4, ratio in 1.5f64..1e6, from in 0f64..200.0, length in 10f64..2000.0, at in 0f64..1.0,
        ) {
            let scale = if log { Scale::Log } else { Scale::Linear };
            let axis = Axis::new(scale, (low, low * ratio), (from, from + length));
            let px = from + at * length;
            prop_assert!((axis.px_of(axis.value_at(px)) - px).abs() < 1e-6 * length);
        }

        #[test]
        fn what_is_pointed_at_lies_where_the_hand_is(
            log: bool, tokens: bool, low in 1f64..1e4, ratio in 1.01f64..1e9, at in 0f64..1.0,
        ) {
            let scale = if log { Scale::Log } else { Scale::Linear };
            let mut axis = Axis::new(scale, (low, low * ratio), (0.0, 500.0));
            if tokens {
                axis = axis.of_tokens();
            }
            let value = axis.roundest(at * 500.0 - 3.0, at * 500.0 + 3.0);
            prop_assert!((axis.px_of(value) - at * 500.0).abs() <= 3.0 + 1e-6, "{value}");
        }

        #[test]
        fn labels_never_touch_and_are_of_one_system(
            log: bool, tokens: bool, low in 1f64..1e4, ratio in 1.01f64..1e9, length in 60f64..2000.0,
        ) {
            let scale = if log { Scale::Log } else { Scale::Linear };
            let mut axis = Axis::new(scale, (low, low * ratio), (0.0, length));
            if tokens {
                axis = axis.of_tokens();
            }
            let labels = axis.labelled(11.0, true);
            for pair in labels.windows(2) {
                let [(a, first), (b, second)] = pair else { continue };
                let gap = axis.px_of(*b) - axis.px_of(*a);
                prop_assert!(gap > (width(first, 11.0) + width(second, 11.0)) / 2.0);
            }
            let powers = labels.iter().filter(|(value, _)| value.log2().fract() == 0.0).count();
            if tokens && log && labels.len() > 2 {
                prop_assert!(powers == labels.len() || powers <= 1, "{labels:?}");
            }
        }
    }
}
