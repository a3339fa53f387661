//! A row's number for each sign, as it is kept and as it travels.
//! Of most rows few numbers are known or not 0, so that only the known ones are sent.

use serde::{Deserialize, Serialize};

use super::Sign;

/// One number per sign; NaN where it is not known, or told by another measure.
#[derive(Debug, Clone)]
pub struct Numbers([f32; Sign::COUNT]);

impl Numbers {
    /// A sign's number.
    pub fn get(&self, sign: Sign) -> f32 {
        self.0.get(sign as usize).copied().unwrap_or(f32::NAN)
    }

    /// Sets a sign's number.
    pub fn set(&mut self, sign: Sign, number: f32) {
        if let Some(place) = self.0.get_mut(sign as usize) {
            *place = number;
        }
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self([f32::NAN; Sign::COUNT])
    }
}

/// A number that is not known is like any other that is not.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        pairs.all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    }
}

/// Only what is known, by the sign's place in the table: of most rows few numbers are not 0.
impl Serialize for Numbers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known: Vec<(u8, f32)> = (0..)
            .zip(self.0)
            .filter(|(_, number)| !number.is_nan())
            .collect();
        known.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut numbers = Self::default();
        for (place, number) in Vec::<(u8, f32)>::deserialize(deserializer)? {
            if let Some(place) = numbers.0.get_mut(usize::from(place)) {
                *place = number;
            }
        }
        Ok(numbers)
    }
}
