//! How long an answer is waited for, on slow lines and on dead ones.

use proptest::prelude::*;
use tracesift_hub::patience::{Patience, Wait};

const PATIENCE: Patience = Patience {
    first_byte_ms: 90_000.0,
    idle_ms: 30_000.0,
};

/// When the request is given up, if pieces arrive at these times and are looked for every second; `None`: never.
fn given_up_at(arrivals_ms: &[f64], end_ms: f64) -> Option<f64> {
    let mut wait = Wait::begun(PATIENCE, 0.0);
    let mut arrivals = arrivals_ms.iter().copied().peekable();
    let mut now_ms = 0.0;
    while now_ms <= end_ms {
        while let Some(arrived_ms) = arrivals.next_if(|arrived_ms| *arrived_ms <= now_ms) {
            wait.heard(arrived_ms);
        }
        if wait.is_over(now_ms) {
            return Some(now_ms);
        }
        now_ms += 1_000.0;
    }
    None
}

#[test]
fn a_tokenizer_of_35_mb_arrives_over_a_line_of_100_kb_a_second() {
    // 64 KB at a time: 560 pieces in six minutes.
    let pieces: Vec<f64> = (1..=560).map(|piece| f64::from(piece) * 640.0).collect();
    let end_ms = 560.0 * 640.0;
    assert!(end_ms > 4.0 * PATIENCE.idle_ms.max(PATIENCE.first_byte_ms) - 2_000.0);
    assert_eq!(given_up_at(&pieces, end_ms), None);
}

#[test]
fn a_server_that_never_answers_is_given_up_after_the_first_limit() {
    assert_eq!(given_up_at(&[], 1e9), Some(PATIENCE.first_byte_ms));
}

#[test]
fn an_answer_that_stalls_is_given_up_after_the_second_limit() {
    assert_eq!(
        given_up_at(&[5_000.0, 20_000.0], 1e9),
        Some(20_000.0 + PATIENCE.idle_ms)
    );
}

#[test]
fn a_late_first_byte_is_no_reason_to_give_up() {
    let late_ms = PATIENCE.first_byte_ms - 1_000.0;
    assert_eq!(
        given_up_at(&[late_ms, late_ms + 20_000.0], late_ms + 40_000.0),
        None
    );
}

proptest! {
    #[test]
    fn only_silence_counts_never_the_whole(gaps in prop::collection::vec(1_u32..29_000, 1..300)) {
        let mut now_ms = 0.0;
        let arrivals: Vec<f64> = gaps
            .iter()
            .map(|gap| {
                now_ms += f64::from(*gap);
                now_ms
            })
            .collect();
        prop_assert_eq!(given_up_at(&arrivals, now_ms), None);
        let given_up = given_up_at(&arrivals, now_ms + 60_000.0).unwrap();
        prop_assert!((now_ms + PATIENCE.idle_ms..now_ms + PATIENCE.idle_ms + 1_000.0).contains(&given_up));
    }
}
