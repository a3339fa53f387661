//! What training on the selection costs, by what a person types: rounds over the data, a price, a speed.
//! It decides nothing of what is written; it is in the address so that a link shows the same sum.

/// What a person typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// How often each token is trained on.
    pub epochs: u64,
    /// The price of a million tokens, in any currency.
    pub price: Option<f64>,
    /// Tokens that are trained on per second.
    pub speed: Option<f64>,
}

impl Default for Cost {
    fn default() -> Self {
        Self {
            epochs: 1,
            price: None,
            speed: None,
        }
    }
}

impl Cost {
    /// Tokens that are trained on in all.
    pub fn tokens(&self, tokens: u64) -> f64 {
        tokens as f64 * self.epochs as f64
    }

    /// What so many tokens cost, in the currency of the price; `None` without a price.
    pub fn money(&self, tokens: u64) -> Option<f64> {
        Some(self.tokens(tokens) / 1e6 * self.price?)
    }

    /// How many seconds so many tokens take; `None` without a speed.
    pub fn seconds(&self, tokens: u64) -> Option<f64> {
        Some(self.tokens(tokens) / self.speed?)
    }
}
