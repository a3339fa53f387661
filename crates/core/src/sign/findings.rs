//! What the rules find in one row: numbers and steps.
//! A rule adds to both at once, so that a number and the steps behind it never differ.

use super::{Numbers, Sign, Step};

/// Numbers, and steps in no order.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub numbers: Numbers,
    pub steps: Vec<Step>,
}

impl Findings {
    /// Sets a sign's number.
    pub fn set(&mut self, sign: Sign, number: f32) {
        self.numbers.set(sign, number);
    }

    /// Sets the number of a sign that is so or not.
    pub fn flag(&mut self, sign: Sign, is_so: bool) {
        self.set(sign, f32::from(u8::from(is_so)));
    }

    /// Notes a step of a sign.
    pub fn step(&mut self, sign: Sign, message: usize, weight: u32) {
        self.steps.push(Step {
            message,
            sign,
            weight,
        });
    }

    /// Counts one more of a sign that is a count, at a message.
    pub fn count(&mut self, sign: Sign, message: usize) {
        let before = self.numbers.get(sign);
        let before = if before.is_nan() { 0.0 } else { before };
        self.set(sign, before + 1.0);
        self.step(sign, message, 1);
    }
}
