//! Sides: stable, without leaks, and moved only at their border.

use std::collections::HashMap;

use tracesift_core::export::Origin;
use tracesift_core::export::options::{Group, Shares};
use tracesift_core::export::side::{Side, side};
use tracesift_core::trace::Labels;

fn labels(instance: Option<String>, repo: Option<String>) -> Labels<'static> {
    Labels {
        instance_id: instance.map(Into::into),
        repo: repo.map(Into::into),
        ..Labels::default()
    }
}

fn shares(validation: u8, test: u8) -> Shares {
    Shares {
        validation,
        test,
        group: Group::Instance,
    }
}

fn sides(shares: Shares, seed: u64) -> Vec<Side> {
    let of = |n: u64| {
        let labels = labels(Some(format!("i-{n}")), Some(format!("r-{}", n % 50)));
        side(shares, seed, &labels, &Origin::default())
    };
    (0..4000).map(of).collect()
}

fn count(sides: &[Side], of: Side) -> usize {
    sides.iter().filter(|side| **side == of).count()
}

#[test]
fn the_shares_are_about_what_was_asked_for() {
    let sides = sides(shares(10, 5), 1);
    assert!((340..460).contains(&count(&sides, Side::Validation)));
    assert!((150..250).contains(&count(&sides, Side::Test)));
    assert!(
        self::sides(shares(0, 0), 1)
            .iter()
            .all(|side| *side == Side::Train)
    );
    // Out of bounds, something is left to learn from or nothing is on two sides.
    let most = self::sides(shares(200, 200), 1);
    assert_eq!(count(&most, Side::Train), 0);
    assert!((1800..2200).contains(&count(&most, Side::Test)));
}

#[test]
fn a_side_depends_on_seed_and_group_alone() {
    assert_eq!(sides(shares(10, 5), 1), sides(shares(10, 5), 1));
    assert_ne!(sides(shares(10, 5), 1), sides(shares(10, 5), 2));
    let labels = labels(Some("i".to_owned()), None);
    let of = |row| {
        let origin = Origin {
            row,
            dataset: format!("d{row}"),
            ..Origin::default()
        };
        side(shares(50, 0), 1, &labels, &origin)
    };
    assert!((0..100).all(|row| of(row) == of(0)));
    // Written down once: a link of today gives the same files later.
    let first: Vec<Side> = sides(shares(30, 20), 7).into_iter().take(8).collect();
    let names: Vec<&str> = first.iter().map(|side| side.name()).collect();
    // python3 -c 'import hashlib,struct
    // for n in range(8):
    //   h=hashlib.sha256(struct.pack("<Q",7)+b"instance:i-%d"%n).digest(); p=int.from_bytes(h[:8],"big")/2**64
    //   print("validation" if p<.3 else "test" if p>=.8 else "train")'
    assert_eq!(
        names,
        [
            "validation",
            "test",
            "test",
            "test",
            "train",
            "test",
            "test",
            "validation"
        ]
    );
}

#[test]
fn a_moved_share_moves_only_rows_at_the_border() {
    let (before, after) = (sides(shares(10, 5), 1), sides(shares(12, 5), 1));
    let mut moved = 0;
    for (before, after) in before.iter().zip(&after) {
        if before != after {
            assert_eq!((*before, *after), (Side::Train, Side::Validation));
            moved += 1;
        }
    }
    assert!((40..130).contains(&moved), "{moved}");
    for (before, after) in before.iter().zip(sides(shares(10, 9), 1)) {
        assert!(*before == after || (*before, after) == (Side::Train, Side::Test));
    }
}

#[test]
fn no_repository_is_on_two_sides_where_they_are_the_groups() {
    let by_repo = Shares {
        group: Group::Repo,
        ..shares(20, 20)
    };
    let mut seen: HashMap<u64, Side> = HashMap::new();
    for n in 0..4000 {
        let labels = labels(Some(format!("i-{n}")), Some(format!("r-{}", n % 50)));
        let side = side(by_repo, 3, &labels, &Origin::default());
        assert_eq!(*seen.entry(n % 50).or_insert(side), side);
    }
    assert!(
        Side::ALL
            .iter()
            .all(|side| seen.values().any(|s| s == side))
    );
}

#[test]
fn a_row_without_the_label_is_grouped_by_the_next_that_is_known() {
    let by_repo = Shares {
        group: Group::Repo,
        ..shares(50, 0)
    };
    let instance = |n: u64| labels(Some(format!("i-{n}")), None);
    for n in 0..50 {
        let row = |row| Origin {
            row,
            ..Origin::default()
        };
        let first = side(by_repo, 1, &instance(n), &row(1));
        assert_eq!(first, side(by_repo, 1, &instance(n), &row(2)));
        assert_eq!(first, side(shares(50, 0), 1, &instance(n), &row(3)));
    }
    let unknown: Vec<Side> = (0..100)
        .map(|row| {
            let origin = Origin {
                row,
                ..Origin::default()
            };
            side(by_repo, 1, &Labels::default(), &origin)
        })
        .collect();
    assert!((20..80).contains(&count(&unknown, Side::Train)));
}
