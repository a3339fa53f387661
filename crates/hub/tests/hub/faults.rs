//! Runs against servers that fail at random: whatever happens, every row is accounted for.

use proptest::prelude::*;
use tracesift_core::ground::{PageRange, Sample};
use tracesift_hub::error::{HubError, classify};
use tracesift_hub::plan::sample_pages;
use tracesift_hub::schedule::{Limits, Next, Schedule};

use crate::simulation::{Does, Run, fails, gives};

/// What a page meets at one of its tries.
fn any_fault() -> impl Strategy<Value = u8> {
    prop_oneof![6 => Just(0_u8), 6 => 1_u8..=9]
}

fn faulty(fault: u8, page: PageRange) -> Does {
    match fault {
        1 => fails(429, None),
        2 => Does::Fails {
            error: classify(None, None, ""),
            took_ms: 30.0,
        },
        3 => fails(503, None),
        4 => fails(504, None),
        5 => fails(500, Some("ResponseNotReady")),
        6 => fails(500, Some("UnexpectedApiError")),
        7 => fails(500, Some("TransformRowsProcessingError")),
        8 => Does::Fails {
            error: HubError::cut_short(),
            took_ms: 700.0,
        },
        9 => Does::Gives {
            rows: (page.len / 2).max(1),
            took_ms: 15_000.0,
            bytes: 9_000_000,
        },
        _ => gives(page),
    }
}

proptest! {
    #[test]
    fn whatever_fails_every_row_comes_once_or_is_listed(
        rows in 1_u64..400, len in 1_u32..=100, faults in prop::collection::vec(any_fault(), 1..60), patience: bool,
    ) {
        let pages = sample_pages(Sample::Head, 0, None, rows, len);
        let mut limits = Limits::default();
        if patience {
            limits.max_failures_in_a_row = u32::MAX;
        }
        let mut run = Run::new(Schedule::new(pages, limits));
        let mut nth = 0;
        let mut server = |page: PageRange, attempt: u32, _: f64| {
            assert!(attempt <= 6);
            nth += 1;
            faulty(faults[nth % faults.len()], page)
        };
        run.go(&mut server);
        for _ in 0..100 {
            if run.end != Next::Stopped {
                break;
            }
            run.schedule.resume();
            run.go(&mut server);
        }
        prop_assert!(run.end == Next::Done || !patience);
        prop_assert!(run.most_in_flight <= 4);
        prop_assert!(run.asked.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 200.0 - 1e-6));
        let mut accounted = run.came.clone();
        for (page, _) in run.schedule.failures() {
            for row in page.start..page.end() {
                *accounted.entry(row).or_default() += 1;
            }
        }
        prop_assert!(accounted.values().all(|times| *times == 1));
        if run.end == Next::Done {
            prop_assert_eq!(accounted.len() as u64, rows);
            let progress = run.progress();
            prop_assert_eq!(progress.rows_done + progress.rows_failed, rows);
        }
    }
}
