//! Splits: stable, without leaks, and moved only at their border.

use std::collections::HashMap;

use tracesift_core::export::Origin;
use tracesift_core::export::options::{Group, Shares};
use tracesift_core::export::split::{Split, split_of};
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

fn splits(shares: Shares, seed: u64) -> Vec<Split> {
    let of = |n: u64| {
        let labels = labels(Some(format!("i-{n}")), Some(format!("r-{}", n % 50)));
        split_of(shares, seed, &labels, &Origin::default())
    };
    (0..4000).map(of).collect()
}

fn count(splits: &[Split], of: Split) -> usize {
    splits.iter().filter(|split| **split == of).count()
}

#[test]
fn the_shares_are_about_what_was_asked_for() {
    let splits = splits(shares(10, 5), 1);
    assert!((340..460).contains(&count(&splits, Split::Validation)));
    assert!((150..250).contains(&count(&splits, Split::Test)));
    assert!(
        self::splits(shares(0, 0), 1)
            .iter()
            .all(|split| *split == Split::Train)
    );
    // Out of bounds, something is left to learn from or nothing is in two splits.
    let most = self::splits(shares(200, 200), 1);
    assert_eq!(count(&most, Split::Train), 0);
    assert!((1800..2200).contains(&count(&most, Split::Test)));
}

#[test]
fn a_split_depends_on_seed_and_group_alone() {
    assert_eq!(splits(shares(10, 5), 1), splits(shares(10, 5), 1));
    assert_ne!(splits(shares(10, 5), 1), splits(shares(10, 5), 2));
    let labels = labels(Some("i".to_owned()), None);
    let of = |row| {
        let origin = Origin {
            row,
            dataset: format!("d{row}"),
            ..Origin::default()
        };
        split_of(shares(50, 0), 1, &labels, &origin)
    };
    assert!((0..100).all(|row| of(row) == of(0)));
    // Written down once: a link of today gives the same files later.
    let first: Vec<Split> = splits(shares(30, 20), 7).into_iter().take(8).collect();
    let names: Vec<&str> = first.iter().map(|split| split.name()).collect();
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
    let (before, after) = (splits(shares(10, 5), 1), splits(shares(12, 5), 1));
    let mut moved = 0;
    for (before, after) in before.iter().zip(&after) {
        if before != after {
            assert_eq!((*before, *after), (Split::Train, Split::Validation));
            moved += 1;
        }
    }
    assert!((40..130).contains(&moved), "{moved}");
    for (before, after) in before.iter().zip(splits(shares(10, 9), 1)) {
        assert!(*before == after || (*before, after) == (Split::Train, Split::Test));
    }
}

#[test]
fn no_repository_is_in_two_splits_where_they_are_the_groups() {
    let by_repo = Shares {
        group: Group::Repo,
        ..shares(20, 20)
    };
    let mut seen: HashMap<u64, Split> = HashMap::new();
    for n in 0..4000 {
        let labels = labels(Some(format!("i-{n}")), Some(format!("r-{}", n % 50)));
        let split = split_of(by_repo, 3, &labels, &Origin::default());
        assert_eq!(*seen.entry(n % 50).or_insert(split), split);
    }
    assert!(
        Split::ALL
            .iter()
            .all(|split| seen.values().any(|s| s == split))
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
        let first = split_of(by_repo, 1, &instance(n), &row(1));
        assert_eq!(first, split_of(by_repo, 1, &instance(n), &row(2)));
        assert_eq!(first, split_of(shares(50, 0), 1, &instance(n), &row(3)));
    }
    let unknown: Vec<Split> = (0..100)
        .map(|row| {
            let origin = Origin {
                row,
                ..Origin::default()
            };
            split_of(by_repo, 1, &Labels::default(), &origin)
        })
        .collect();
    assert!((20..80).contains(&count(&unknown, Split::Train)));
}
