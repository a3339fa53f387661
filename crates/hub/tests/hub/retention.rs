//! Which kept answers are let go when the room is full.

use proptest::prelude::*;
use tracesift_hub::retention::{Kept, Room, to_let_go};

fn kept(all: &[(u64, f64)]) -> Vec<Kept> {
    let kept = |&(bytes, kept_ms)| Kept { bytes, kept_ms };
    all.iter().map(kept).collect()
}

#[test]
fn the_oldest_go_first_wherever_they_are_listed() {
    let kept = kept(&[(10, 30.0), (10, 10.0), (10, 40.0), (10, 20.0)]);
    assert_eq!(to_let_go(&kept, 5), [1]);
    assert_eq!(to_let_go(&kept, 15), [1, 3]);
}

#[test]
fn an_answer_of_unknown_age_goes_before_all_others() {
    assert_eq!(to_let_go(&kept(&[(10, 5.0), (10, 0.0)]), 1), [1]);
}

#[test]
fn nothing_goes_while_there_is_room() {
    let room = Room {
        used: 100.0,
        quota: 1_000.0,
    };
    assert_eq!(room.to_free(700), Some(0));
    assert_eq!(
        to_let_go(&kept(&[(50, 1.0), (50, 2.0)]), 0),
        Vec::<usize>::new()
    );
}

#[test]
fn a_share_of_the_room_stays_free() {
    let room = Room {
        used: 800.0,
        quota: 1_000.0,
    };
    assert_eq!(room.to_free(50), Some(50));
}

#[test]
fn nothing_is_let_go_for_an_answer_that_can_never_fit() {
    let room = Room {
        used: 100.0,
        quota: 1_000.0,
    };
    assert_eq!(room.to_free(900), None);
}

proptest! {
    #[test]
    fn enough_goes_and_no_younger_one_before_an_older_one(
        all in prop::collection::vec((0_u64..1_000_000, 0.0_f64..1e12), 0..60),
        bytes in 1_u64..10_000_000,
    ) {
        let kept = kept(&all);
        let gone = to_let_go(&kept, bytes);
        let freed: u64 = gone.iter().map(|&at| kept[at].bytes).sum();
        prop_assert!(freed >= bytes || gone.len() == kept.len());
        let youngest_gone = gone.iter().map(|&at| kept[at].kept_ms).fold(0.0, f64::max);
        let stays = (0..kept.len()).filter(|at| !gone.contains(at));
        for at in stays {
            prop_assert!(kept[at].kept_ms >= youngest_gone);
        }
        // Without the youngest of them it would not have been enough.
        if let Some((_, before)) = gone.split_last() {
            let before: u64 = before.iter().map(|&at| kept[at].bytes).sum();
            let total: u64 = kept.iter().map(|kept| kept.bytes).sum();
            prop_assert!((before as f64) < bytes as f64 + total as f64 * 0.1);
        }
    }
}
