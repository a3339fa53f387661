//! Which rows a sample holds, and how they are cut into pages.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tracesift_core::ground::{MAX_PAGE_ROWS, PageRange, Sample};
use tracesift_hub::answer::SplitSize;
use tracesift_hub::plan::{
    MAX_ROWS, UNKNOWN_PAGE_ROWS, cover, halve, page_len, sample_file_pages, sample_pages,
};

fn size(rows: Option<u64>, bytes_memory: Option<u64>) -> SplitSize {
    SplitSize {
        rows,
        bytes_memory,
        ..SplitSize::default()
    }
}

/// The rows of pages, in the order of the pages.
fn rows(pages: &[PageRange]) -> Vec<u64> {
    pages
        .iter()
        .flat_map(|page| page.start..page.end())
        .collect()
}

fn spans(pages: &[PageRange]) -> Vec<(u64, u32)> {
    pages.iter().map(|page| (page.start, page.len)).collect()
}

#[test]
fn a_page_is_as_long_as_four_megabytes_of_rows() {
    assert_eq!(page_len(&size(Some(1000), Some(200_000_000))), 20);
    assert_eq!(page_len(&size(Some(1000), Some(300_000_000))), 13);
    assert_eq!(
        page_len(&size(Some(1_000_000), Some(1_000_000))),
        MAX_PAGE_ROWS
    );
    assert_eq!(page_len(&size(Some(2), Some(100_000_000))), 1);
    assert_eq!(
        page_len(&size(Some(u64::MAX), Some(u64::MAX))),
        MAX_PAGE_ROWS
    );
    for unknown in [
        size(None, None),
        size(Some(10), None),
        size(None, Some(10)),
        size(Some(0), Some(0)),
    ] {
        assert_eq!(page_len(&unknown), UNKNOWN_PAGE_ROWS);
    }
}

#[test]
fn the_head_is_the_first_rows() {
    assert_eq!(
        spans(&sample_pages(Sample::Head, 7, Some(1000), 50, 20)),
        [(0, 20), (20, 20), (40, 10)]
    );
    assert_eq!(
        spans(&sample_pages(Sample::Head, 7, Some(30), 50, 20)),
        [(0, 20), (20, 10)]
    );
    assert_eq!(
        spans(&sample_pages(Sample::Head, 7, None, 50, 100)),
        [(0, 50)]
    );
}

#[test]
fn a_spread_reaches_over_the_whole_split() {
    let pages = sample_pages(Sample::Spread, 7, Some(1000), 50, 20);
    assert_eq!(
        spans(&pages),
        [(0, 10), (240, 10), (490, 10), (740, 10), (990, 10)]
    );
}

#[test]
fn a_split_of_unknown_length_gives_its_first_rows() {
    for sample in [Sample::Spread, Sample::Random] {
        assert_eq!(
            rows(&sample_pages(sample, 1, None, 25, 10)),
            (0..25).collect::<Vec<_>>()
        );
    }
}

/// These numbers must never change: an address that was sent to someone names a sample by its seed alone.
/// They were worked out apart from this code, by PCG's reference algorithm and a plain shuffle.
#[test]
fn a_seed_draws_the_same_rows_in_every_version() {
    let starts = |seed| {
        let pages = sample_pages(Sample::Random, seed, Some(100_000), 40, 10);
        pages.iter().map(|page| page.start).collect::<Vec<_>>()
    };
    assert_eq!(starts(0), [28920, 38300, 47840, 68120]);
    assert_eq!(starts(1), [28380, 41700, 45830, 60040]);
}

#[test]
fn a_random_sample_reaches_all_parts_of_a_split_evenly() {
    let pages = sample_pages(Sample::Random, 3, Some(1_000_000), 100_000, 10);
    let mut tenths = [0_u64; 10];
    for row in rows(&pages) {
        tenths[usize::try_from(row / 100_000).unwrap()] += 1;
    }
    // 1000 blocks are expected in each tenth; 100 is more than three standard deviations.
    for rows in tenths {
        assert!((9_000..=11_000).contains(&rows), "{tenths:?}");
    }
}

#[test]
fn no_plan_holds_more_rows_than_a_browser() {
    for sample in [Sample::Head, Sample::Spread, Sample::Random] {
        for total in [None, Some(u64::MAX)] {
            let pages = sample_pages(sample, 0, total, u64::MAX, 100);
            let rows: u64 = pages.iter().map(|page| u64::from(page.len)).sum();
            assert_eq!(rows, MAX_ROWS);
        }
    }
}

#[test]
fn the_cache_is_used_as_it_is_and_the_rest_is_cut() {
    let wanted = [
        PageRange::rows(0, 20),
        PageRange::rows(20, 20),
        PageRange::rows(40, 10),
    ];
    let cached = [
        PageRange::rows(5, 10),
        PageRange::rows(30, 20),
        PageRange::rows(45, 20),
    ];
    assert_eq!(
        spans(&cover(&wanted, &cached, 20)),
        [(0, 5), (5, 10), (15, 15), (30, 20)]
    );
}

#[test]
fn a_long_page_in_the_cache_does_not_hide_short_ones_that_hold_more() {
    let wanted = [PageRange::rows(0, 60)];
    let pieces: Vec<_> = (0..3).map(|n| PageRange::rows(n * 20, 20)).collect();
    let mut cached = vec![PageRange::rows(10, 40)];
    cached.extend(&pieces);
    assert_eq!(cover(&wanted, &cached, 20), pieces);
}

#[test]
fn pages_of_a_file_are_not_cut_anew() {
    let page = PageRange {
        start: 0,
        len: 7,
        bytes: Some((0, 900)),
    };
    assert_eq!(cover(&[page], &[PageRange::rows(0, 3)], 2), [page]);
    assert_eq!(halve(page), None);
}

fn any_sample() -> impl Strategy<Value = Sample> {
    prop_oneof![
        Just(Sample::Head),
        Just(Sample::Spread),
        Just(Sample::Random)
    ]
}

fn any_pages(within: u64) -> impl Strategy<Value = Vec<PageRange>> {
    let page = (0..within, 1..=MAX_PAGE_ROWS).prop_map(|(start, len)| PageRange::rows(start, len));
    prop::collection::vec(page, 0..30)
}

proptest! {
    #[test]
    fn a_sample_holds_exactly_the_rows_wanted_each_once(
        sample in any_sample(), seed: u64, total in 0_u64..5000, wanted in 0_u64..6000, len in 0_u32..200,
    ) {
        let pages = sample_pages(sample, seed, Some(total), wanted, len);
        let rows = rows(&pages);
        prop_assert_eq!(rows.len() as u64, wanted.min(total));
        prop_assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(rows.last().is_none_or(|last| *last < total));
        prop_assert!(pages.iter().all(|page| (1..=MAX_PAGE_ROWS.min(len.max(1))).contains(&page.len)));
    }

    #[test]
    fn the_rows_of_a_sample_do_not_depend_on_the_length_of_its_pages(
        sample in any_sample(), seed: u64, total in 0_u64..5000, wanted in 0_u64..2000, a in 1_u32..100, b in 1_u32..100,
    ) {
        let of = |len| rows(&sample_pages(sample, seed, Some(total), wanted, len));
        prop_assert_eq!(of(a), of(b));
    }

    #[test]
    fn a_larger_random_sample_holds_the_smaller_one(
        seed: u64, total in 0_u64..5000, few in 0_u64..1000, more in 0_u64..1000,
    ) {
        let of = |wanted| -> BTreeSet<u64> { rows(&sample_pages(Sample::Random, seed, Some(total), wanted, 10)).into_iter().collect() };
        prop_assert!(of(few + more).is_superset(&of(few)));
    }

    #[test]
    fn what_is_covered_is_what_was_wanted(
        wanted in any_pages(2000), cached in any_pages(2000), len in 1_u32..=100,
    ) {
        let pages = cover(&wanted, &cached, len);
        let expected: BTreeSet<u64> = rows(&wanted).into_iter().collect();
        prop_assert_eq!(rows(&pages), expected.into_iter().collect::<Vec<_>>());
        let kept: BTreeSet<_> = spans(&cached).into_iter().collect();
        for page in spans(&pages) {
            prop_assert!(page.1 <= len || kept.contains(&page));
        }
    }

    #[test]
    fn a_reload_finds_every_page_in_the_cache(
        sample in any_sample(), seed: u64, wanted in 1_u64..2000, len in 1_u32..=100, other in 1_u32..=100,
        cuts in prop::collection::vec(any::<bool>(), 50), noise in any_pages(3000),
    ) {
        // The first run halved some of its pages; other runs have left pages of their own.
        let mut cached = noise;
        for (n, page) in sample_pages(sample, seed, Some(3000), wanted, len).into_iter().enumerate() {
            match halve(page).filter(|_| cuts[n % cuts.len()]) {
                Some((first, second)) => cached.extend([first, second]),
                None => cached.push(page),
            }
        }
        let again = cover(&sample_pages(sample, seed, Some(3000), wanted, other), &cached, other);
        let kept: BTreeSet<_> = spans(&cached).into_iter().collect();
        prop_assert!(spans(&again).iter().all(|page| kept.contains(page)));
    }

    #[test]
    fn halves_hold_the_same_rows(start in 0_u64..u64::MAX / 2, len in 1_u32..1000) {
        let page = PageRange::rows(start, len);
        match halve(page) {
            Some((first, second)) => {
                prop_assert_eq!((first.start, first.end(), second.end()), (page.start, second.start, page.end()));
                prop_assert!(first.len > 0 && second.len - first.len <= 1);
            }
            None => prop_assert_eq!(len, 1),
        }
    }
}

/// Pages of a file with these numbers of rows.
fn file_pages(lens: &[u32]) -> Vec<PageRange> {
    let mut start = 0;
    let page = |&len: &u32| {
        let page = PageRange {
            start,
            len,
            bytes: Some((start * 10, u64::from(len) * 10)),
        };
        start += u64::from(len);
        page
    };
    lens.iter().map(page).collect()
}

#[test]
fn the_head_of_a_file_ends_within_its_last_page() {
    let taken = sample_file_pages(Sample::Head, 1, &file_pages(&[100, 100, 40]), 120);
    assert_eq!(spans(&taken), [(0, 100), (100, 20)]);
    assert_eq!(taken[1].bytes, Some((1000, 1000)));
}

#[test]
fn a_spread_sample_of_a_file_reaches_from_its_begin_to_its_end() {
    let taken = sample_file_pages(Sample::Spread, 1, &file_pages(&[10; 10]), 30);
    assert_eq!(rows(&taken).len(), 30);
    assert!(taken[0].start < 40 && taken[2].start >= 60, "{taken:?}");
}

proptest! {
    #[test]
    fn a_sample_of_a_file_has_the_rows_that_are_wanted_once_and_depends_on_its_seed_alone(
        lens in prop::collection::vec(1_u32..100, 0..40), wanted in 0_u64..3000, seed: u64,
        sample in prop::sample::select(vec![Sample::Head, Sample::Spread, Sample::Random]),
    ) {
        let pages = file_pages(&lens);
        let taken = sample_file_pages(sample, seed, &pages, wanted);
        let total = lens.iter().map(|&len| u64::from(len)).sum::<u64>();
        let seen: BTreeSet<u64> = rows(&taken).into_iter().collect();
        prop_assert_eq!(seen.len() as u64, wanted.min(total));
        prop_assert_eq!(rows(&taken).len(), seen.len());
        prop_assert!(taken.is_sorted());
        prop_assert_eq!(taken, sample_file_pages(sample, seed, &pages, wanted));
    }
}
