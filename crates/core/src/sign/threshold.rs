//! The thresholds that a person chose; of all other signs the table's count.
//! They are part of the rules of a selection: a shared link carries the same signs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Compare, Sign};

/// Chosen thresholds, by sign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Thresholds(BTreeMap<Sign, f32>);

impl Thresholds {
    /// The threshold of a sign.
    pub fn of(&self, sign: Sign) -> f32 {
        let chosen = self.0.get(&sign).copied();
        chosen.unwrap_or_else(|| sign.default_threshold())
    }

    /// Whether a number carries a sign.
    pub fn carry(&self, sign: Sign, number: f32) -> bool {
        sign.carries(number, self.of(sign))
    }

    /// Chooses a threshold; the sign's own takes the choice back.
    ///
    /// # Errors
    /// Why it can be none, in words; then all stays as it was.
    pub fn choose(&mut self, sign: Sign, threshold: f32) -> Result<(), String> {
        let name = sign.name();
        if sign.compare() == Compare::Yes {
            return Err(format!("{name} is so or not and has no threshold"));
        }
        let most = if sign.is_share() { 1.0 } else { 1e9 };
        let is_above_least = match sign.compare() {
            Compare::MoreThan => threshold >= 0.0,
            // Every row has at least nothing.
            _ => threshold > 0.0,
        };
        if !is_above_least || threshold > most || threshold.is_nan() {
            let least = if sign.compare() == Compare::MoreThan {
                "from"
            } else {
                "above"
            };
            return Err(format!(
                "the threshold of {name} is a number {least} 0 up to {most}"
            ));
        }
        if threshold == sign.default_threshold() {
            self.0.remove(&sign);
        } else {
            self.0.insert(sign, threshold);
        }
        Ok(())
    }

    /// Takes a choice back.
    pub fn take_back(&mut self, sign: Sign) {
        self.0.remove(&sign);
    }

    /// The chosen ones, in the order of the table.
    pub fn chosen(&self) -> impl Iterator<Item = (Sign, f32)> + '_ {
        self.0.iter().map(|(sign, threshold)| (*sign, *threshold))
    }

    /// The sign in words with its threshold, where another than the table's was chosen: `back and forth (8)`.
    pub fn words(&self, sign: Sign) -> String {
        let title = sign.title().to_lowercase();
        match self.0.get(&sign) {
            Some(threshold) if sign.compare() == Compare::MoreThan => {
                format!("{title} (more than {threshold})")
            }
            Some(threshold) => format!("{title} (at least {threshold})"),
            None => title,
        }
    }
}
