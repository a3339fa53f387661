//! Where the rows of a split lie in its files: every row once, in order, whatever the row groups are like.

use proptest::prelude::*;
use tracesift_core::ground::FileAt;
use tracesift_core::ground::PageRange;
use tracesift_parquet::layout::{FileShape, Layout, pages_of};

fn layout(files: &[Vec<u64>]) -> Layout {
    Layout::new(files.iter().enumerate().map(|(index, groups)| {
        let file = FileAt {
            name: index.to_string(),
            ..FileAt::default()
        };
        let shape = FileShape {
            groups: groups.clone(),
            ..FileShape::default()
        };
        (file, shape)
    }))
}

/// The rows of pages as (file, group, row in the group), by their index in the split.
fn rows_of(layout: &Layout, pages: &[PageRange]) -> Vec<(u64, (String, usize, u64))> {
    let pieces = pages.iter().flat_map(|page| layout.pieces(page));
    let rows = pieces.flat_map(|piece| {
        let name = piece.file.name.clone();
        let rows = piece.rows.clone();
        (piece.first..)
            .zip(rows)
            .map(move |(index, row)| (index, (name.clone(), piece.group, row)))
    });
    rows.collect()
}

#[test]
fn a_row_is_found_behind_empty_groups_and_across_files() {
    let layout = layout(&[vec![2, 0, 3], vec![], vec![4]]);
    assert_eq!((layout.rows(), layout.files(), layout.groups()), (9, 3, 4));
    let found = rows_of(&layout, &[PageRange::rows(1, 6)]);
    let at = |file: &str, group, row| (file.to_owned(), group, row);
    assert_eq!(
        found,
        [
            (1, at("0", 0, 1)),
            (2, at("0", 2, 0)),
            (3, at("0", 2, 1)),
            (4, at("0", 2, 2)),
            (5, at("2", 0, 0)),
            (6, at("2", 0, 1))
        ]
    );
    assert!(
        layout.pieces(&PageRange::rows(9, 5)).is_empty(),
        "behind the end there is nothing"
    );
    assert_eq!(layout.groups_within(5), 3);
}

#[test]
fn pages_end_with_their_row_group_unless_they_are_kept() {
    let layout = layout(&[vec![5, 5], vec![5]]);
    let kept = PageRange::rows(3, 4);
    let pages = [PageRange::rows(0, 3), kept, PageRange::rows(7, 8)];
    assert_eq!(
        layout.cut(&pages, &[kept]),
        [
            PageRange::rows(0, 3),
            kept,
            PageRange::rows(7, 3),
            PageRange::rows(10, 5)
        ]
    );
}

#[test]
fn scattered_rows_are_asked_for_in_few_pages() {
    let pages = pages_of(&[3, 4, 9, 30, 31, 200], 10);
    assert_eq!(
        pages,
        [
            PageRange::rows(3, 7),
            PageRange::rows(30, 2),
            PageRange::rows(200, 1)
        ]
    );
}

proptest! {
    #[test]
    fn every_row_is_surveyed_once_and_in_order(
        files in prop::collection::vec(prop::collection::vec(0_u64..2_500, 0..6), 0..5),
    ) {
        let layout = layout(&files);
        let pages = layout.survey_pages();
        prop_assert!(pages.iter().all(|page| (1..=1_000).contains(&page.len)));
        let rows = rows_of(&layout, &pages);
        let indices: Vec<u64> = rows.iter().map(|(index, _)| *index).collect();
        prop_assert_eq!(indices, (0..layout.rows()).collect::<Vec<_>>());
        prop_assert_eq!(rows_of(&layout, &layout.cut(&pages, &[])), rows);
    }

    #[test]
    fn pages_of_scattered_rows_hold_them_all(
        rows in prop::collection::btree_set(0_u64..500, 0..80),
        len in 1_u32..40,
    ) {
        let rows: Vec<u64> = rows.into_iter().collect();
        let pages = pages_of(&rows, len);
        prop_assert!(pages.iter().all(|page| page.len <= len));
        prop_assert!(pages.windows(2).all(|two| two[0].end() <= two[1].start));
        for row in &rows {
            prop_assert!(pages.iter().any(|page| (page.start..page.end()).contains(row)), "{}", row);
        }
        let has = |row: &u64| rows.contains(row);
        prop_assert!(pages.iter().all(|page| has(&page.start) && has(&(page.end() - 1))));
    }
}

/// Files of the splits `a`, `a`, `b`, with row groups of so many rows.
fn splits(files: &[(&str, Vec<u64>)]) -> Layout {
    Layout::new(files.iter().map(|(split, groups)| {
        let file = FileAt {
            config: "c".to_owned(),
            split: (*split).to_owned(),
            ..FileAt::default()
        };
        let shape = FileShape {
            groups: groups.clone(),
            ..FileShape::default()
        };
        (file, shape)
    }))
}

#[test]
fn rows_of_several_splits_are_counted_on_and_no_survey_page_crosses_a_border() {
    let layout = splits(&[
        ("a", vec![3]),
        ("a", vec![4]),
        ("empty", vec![]),
        ("b", vec![5, 1]),
    ]);
    let split_of = |row| {
        layout
            .split_of(row)
            .map(|at| (at.split.as_str(), at.rows.clone()))
    };
    assert_eq!(split_of(0), Some(("a", 0..7)));
    assert_eq!(split_of(6), Some(("a", 0..7)));
    assert_eq!(split_of(7), Some(("b", 7..13)));
    assert_eq!(split_of(12), Some(("b", 7..13)));
    assert_eq!(split_of(13), None);
    let pages = layout.survey_pages();
    assert_eq!(pages, [PageRange::rows(0, 7), PageRange::rows(7, 6)]);
}
