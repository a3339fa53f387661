//! Rows are the same in whatever order they are asked for, and no more bytes are asked for than they need.

use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;
use tracesift_parquet::schema::Columns;

use super::drive::Served;
use super::made::table;

/// What is asked of a reader.
#[derive(Debug, Clone)]
struct Ask {
    start: u64,
    rows: u64,
    /// After so many rounds of needs other rows are asked for.
    given_up_after: Option<usize>,
}

fn ask() -> impl Strategy<Value = Ask> {
    (
        0..60_u64,
        0..20_u64,
        proptest::option::weighted(0.3, 0..3_usize),
    )
        .prop_map(|(start, rows, given_up_after)| Ask {
            start,
            rows,
            given_up_after,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rows_asked_for_in_any_order_are_those_read_from_the_first_on(
        layout in 0..31_usize,
        asks in proptest::collection::vec(ask(), 1..12),
        with_index in any::<bool>(),
        leaves in any::<u16>(),
    ) {
        let table = table("trajectories");
        let files = table.layouts.values().nth(layout).unwrap();
        let mut served = Served::new(files[0].clone());
        let file = served.open().unwrap();
        // Some of the columns; all of them one time of a few.
        let leaf = std::cell::Cell::new(0);
        let columns = Arc::new(
            Columns::of(file.schema(), |_| {
                let at = leaf.replace(leaf.get() + 1);
                leaves % 4 == 0 || leaves >> at & 1 == 1
            })
            .unwrap(),
        );
        for (at, group) in file.groups.iter().enumerate().take(3) {
            let all = {
                let mut reader = served.group(&file, at, &columns, false).unwrap();
                served.rows(&mut reader, 0..group.rows).unwrap()
            };
            let mut reader = served.group(&file, at, &columns, with_index).unwrap();
            for ask in &asks {
                let start = ask.start % (group.rows + 1);
                let end = group.rows.min(start + ask.rows);
                match ask.given_up_after {
                    Some(rounds) => served.give_up(&mut reader, start..end, rounds).unwrap(),
                    None => {
                        let rows = served.rows(&mut reader, start..end).unwrap();
                        prop_assert_eq!(&rows[..], &all[start as usize..end as usize]);
                    }
                }
            }
        }
    }
}

/// Bytes asked for of the only row group, row ranges in order.
fn asked(layout: &str, ranges: impl Iterator<Item = Range<u64>>) -> (u64, u64) {
    let table = table("many");
    let mut served = Served::new(table.layouts[layout][0].clone());
    let file = served.open().unwrap();
    assert_eq!(file.groups.len(), 1);
    let columns = Arc::new(Columns::of(file.schema(), |_| true).unwrap());
    let mut reader = served.group(&file, 0, &columns, true).unwrap();
    let before = served.asked;
    for range in ranges {
        let rows = served.rows(&mut reader, range.clone()).unwrap();
        assert_eq!(
            rows,
            table.rows[range.start as usize..range.end as usize],
            "{layout} {range:?}"
        );
    }
    let bytes = columns.leaves.iter().map(|leaf| {
        let chunk = file.chunk(0, *leaf).unwrap();
        chunk.bytes.end - chunk.bytes.start
    });
    (served.asked - before, bytes.sum())
}

#[test]
fn with_a_page_index_one_row_takes_a_small_share_of_a_large_group() {
    for row in [0, 750, 1499] {
        let (asked, all) = asked("indexed", std::iter::once(row..row + 1));
        assert!(all > 3_000_000, "{all}");
        assert!(asked * 50 < all, "row {row}: {asked} of {all}");
    }
}

#[test]
fn with_a_page_index_far_rows_in_order_take_their_pages_only() {
    let (asked, all) = asked("indexed", (0..15).map(|at| at * 100..at * 100 + 1));
    assert!(asked * 4 < all, "{asked} of {all}");
}

#[test]
fn rows_in_order_take_each_byte_once() {
    for layout in ["indexed", "plain"] {
        for step in [1, 64, 1500] {
            let ranges = (0..1500).step_by(step).map(|start| start as u64);
            let ranges = ranges.map(|start| start..1500.min(start + step as u64));
            let (asked, all) = asked(layout, ranges);
            assert!(asked <= all + 1024, "{layout} {step}: {asked} of {all}");
        }
    }
}
