//! Which ranges are asked for together, and what a survey is said to cost.

use std::ops::Range;

use proptest::prelude::*;
use tracesift_parquet::plan::{GAP, MOST, merged, metadata_ranges, survey_cost};
use tracesift_parquet::schema::{Columns, is_metadata_column};

use super::drive::Served;
use super::made::table;

fn ranges() -> impl Strategy<Value = Vec<Range<u64>>> {
    let range = (0..2000_u64, 0..120_u64).prop_map(|(start, size)| start..start + size);
    proptest::collection::vec(range, 0..30)
}

fn holds(ranges: &[Range<u64>], byte: u64) -> bool {
    ranges.iter().any(|range| range.contains(&byte))
}

proptest! {
    #[test]
    fn merged_ranges_rise_and_hold_each_asked_byte(ranges in ranges(), gap in 0..50_u64, most in 1..600_u64) {
        let merged = merged(ranges.clone(), gap, most);
        for range in ranges.iter().filter(|range| !range.is_empty()) {
            // Whole, not in two halves: each is pushed in one piece.
            prop_assert!(merged.iter().any(|one| one.start <= range.start && range.end <= one.end));
        }
        for pair in merged.windows(2) {
            prop_assert!((pair[0].start, pair[0].end) < (pair[1].start, pair[1].end));
        }
        for range in &merged {
            let longest = ranges.iter().map(|range| range.end - range.start).max();
            prop_assert!(range.end - range.start <= most.max(longest.unwrap_or_default()));
            prop_assert!(holds(&ranges, range.start) && holds(&ranges, range.end - 1));
            let gaps = range.clone().filter(|byte| !holds(&ranges, *byte));
            let gaps: Vec<u64> = gaps.collect();
            let runs = gaps.chunk_by(|a, b| a + 1 == *b);
            prop_assert!(runs.map(|run| run.len() as u64).all(|run| run <= gap));
        }
    }

    #[test]
    fn merging_again_changes_nothing(ranges in ranges(), gap in 0..50_u64) {
        let once = merged(ranges, gap, u64::MAX);
        prop_assert_eq!(merged(once.clone(), gap, u64::MAX), once);
    }
}

#[test]
fn ranges_that_nearly_touch_are_one_request_and_distant_ones_are_two() {
    assert_eq!(merged(vec![10..20, 0..5, 22..30], 2, 100), [0..5, 10..30]);
    assert_eq!(merged(vec![0..10, 10..20], 0, 15), [0..10, 10..20]);
    assert_eq!(
        merged(vec![0..50, 10..20, 5..5, 90..95], 0, 15),
        [0..50, 90..95]
    );
    assert_eq!(
        merged(vec![u64::MAX - 1..u64::MAX, 0..1], GAP, MOST).len(),
        2
    );
    assert_eq!(merged(Vec::new(), GAP, MOST), []);
}

#[test]
fn a_survey_costs_the_bytes_of_its_metadata_columns_and_knows_who_speaks() {
    for files in table("trajectories").layouts.values() {
        let mut served = Served::new(files[0].clone());
        let file = served.open().unwrap();
        let cost = survey_cost(&file).unwrap();
        assert_eq!(cost.rows, file.rows);
        assert_eq!(cost.all, files[0].len() as u64);
        assert!(cost.has_roles);
        let metadata = Columns::of(file.schema(), is_metadata_column).unwrap();
        let mut bytes = 0;
        for group in 0..file.groups.len() {
            let ranges = metadata_ranges(&file, group, &metadata).unwrap();
            for leaf in &metadata.leaves {
                let chunk = file.chunk(group, *leaf).unwrap();
                assert!(
                    ranges
                        .iter()
                        .any(|range| range.start <= chunk.bytes.start
                            && chunk.bytes.end <= range.end)
                );
            }
            bytes += ranges
                .iter()
                .map(|range| range.end - range.start)
                .sum::<u64>();
        }
        assert_eq!(cost.metadata, bytes);
        assert!(cost.metadata < cost.all);
    }
}

#[test]
fn rows_without_a_conversation_have_no_roles_and_no_cost_where_nothing_is_metadata() {
    let mut served = Served::new(table("kinds").layouts["1"][0].clone());
    let cost = survey_cost(&served.open().unwrap()).unwrap();
    assert!(!cost.has_roles);
    assert_eq!((cost.rows, cost.metadata), (5, 0));
}
