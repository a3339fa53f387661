//! Observations that are long on average.
//! Tokens are not known where signs are found: the reader, who counts them, asks for the steps by [`heavy`].

use super::counts::share;
use super::record::{SERA, SignRecord};
use super::{Compare, Points, Sign, Step};

/// What tools gave back is long.
pub(super) const HEAVY: SignRecord = SignRecord {
    name: "heavy-observations",
    title: "Long observations",
    definition: "The average number of tokens per observation, by the chosen tokenizer. Known only if tokens were \
                 counted.",
    source: SERA,
    unit: "tokens",
    threshold: 600.0,
    compare: Compare::MoreThan,
    points: Points::Mean,
    count: Some(|counts| {
        let calls = counts.calls?;
        let answered = calls.all.saturating_sub(calls.unanswered);
        let observations = answered.saturating_add(calls.orphans);
        share(counts.observation_tokens?, observations)
    }),
    ..SignRecord::DEFAULT
};

/// The step that an observation of so many tokens is.
pub fn heavy(message: usize, tokens: u64) -> Step {
    Step {
        message,
        sign: Sign::HeavyObservations,
        weight: u32::try_from(tokens).unwrap_or(u32::MAX),
    }
}
