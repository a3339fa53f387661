//! The order of a run, in fair weather and in foul.

use tracesift_core::ground::{PageRange, Sample};
use tracesift_hub::error::{ErrorKind, HubError, classify};
use tracesift_hub::plan::sample_pages;
use tracesift_hub::schedule::{Answered, Limits, Next, RevisionCheck, Schedule};

use crate::simulation::{Does, Run, fails, gives, tens};

#[test]
fn all_pages_come_in_order_paced_and_four_at_a_time() {
    let run = Run::of(&tens(30), |page, _, _| Does::Gives {
        rows: page.len,
        took_ms: 3_000.0,
        bytes: 1,
    });
    assert_eq!(run.end, Next::Done);
    assert_eq!(run.most_in_flight, 4);
    let starts: Vec<u64> = run.asked.iter().map(|(_, page, _)| page.start).collect();
    assert_eq!(starts, (0..30).map(|n| n * 10).collect::<Vec<_>>());
    assert!(
        run.asked
            .windows(2)
            .all(|pair| pair[1].0 - pair[0].0 >= 200.0)
    );
    assert_eq!(run.came.len(), 300);
    let progress = run.progress();
    assert_eq!(
        (progress.rows_done, progress.rows_wanted, progress.bytes),
        (300, 300, 30)
    );
    assert_eq!((progress.waiting, progress.pages_failed), (None, 0));
}

#[test]
fn no_pages_are_done_at_once() {
    assert_eq!(Run::of(&[], |page, _, _| gives(page)).end, Next::Done);
}

#[test]
fn pages_in_the_cache_come_first_without_pacing_and_are_never_cut() {
    let pages = sample_pages(Sample::Head, 0, None, 200, 20);
    let cached: Vec<_> = pages.iter().copied().skip(4).collect();
    let mut run = Run::new(Schedule::new(pages, Limits::default()).with_cache(&cached));
    run.go(|page, _, _| match cached.contains(&page) {
        true => Does::FromCache,
        // Slow enough to make all that follows shorter.
        false => Does::Gives {
            rows: page.len,
            took_ms: 20_000.0,
            bytes: 1,
        },
    });
    assert_eq!(run.end, Next::Done);
    assert!(
        run.asked[..6]
            .iter()
            .all(|(ms, page, _)| *ms < 10.0 && page.start >= 80)
    );
    assert_eq!(run.progress().from_cache_rows, 120);
    assert!(run.came.values().all(|times| *times == 1));
}

#[test]
fn pages_in_the_cache_keep_all_workers_busy_while_the_server_is_asked_for_few() {
    let pages = sample_pages(Sample::Head, 0, None, 800, 20);
    let cached = pages[..20].to_vec();
    let limits = Limits::default().for_workers(8);
    let mut run = Run::new(Schedule::new(pages, limits).with_cache(&cached));
    let is_kept = |page: &PageRange| page.start < 400;
    run.go(|page, _, _| match is_kept(&page) {
        true => Does::FromCache,
        false => Does::Gives {
            rows: page.len,
            took_ms: 3_000.0,
            bytes: 1,
        },
    });
    assert_eq!(run.end, Next::Done);
    assert_eq!(run.most_in_flight, 16);
    let of_server = run.asked.iter().filter(|(_, page, _)| !is_kept(page));
    let asked: Vec<f64> = of_server.map(|(ms, ..)| *ms).collect();
    // Each takes three seconds.
    let at_once = |ms: f64| {
        asked
            .iter()
            .filter(move |at| (ms - 2_999.0..=ms).contains(*at))
    };
    let most = asked.iter().map(|ms| at_once(*ms).count()).max();
    assert_eq!(most, Some(4));
}

#[test]
fn no_worker_waits_for_its_next_page_while_there_are_any() {
    for workers in [2, 3, 8, 15] {
        let mut free_at = vec![0.0_f64; workers];
        let mut idle = 0.0;
        let schedule = Schedule::new(tens_of(200), Limits::local(workers));
        let mut run = Run::new(schedule);
        run.go(|page, _, now_ms| {
            // As the pool asks: the worker that is done first.
            let mut by_time = free_at.iter_mut();
            let first = by_time.next().unwrap();
            let free = by_time.fold(first, |a, b| if b < a { b } else { a });
            idle += (now_ms - *free).max(0.0);
            // Rows are of all lengths, and so are pages.
            *free = free.max(now_ms) + 20.0 + (page.start * 7 % 30) as f64;
            Does::Gives {
                rows: page.len,
                took_ms: *free - now_ms,
                bytes: 1,
            }
        });
        assert_eq!((run.end, run.came.len()), (Next::Done, 2_000));
        assert!(idle == 0.0, "{workers} workers idle for {idle} ms");
    }
}

fn tens_of(pages: u64) -> Vec<PageRange> {
    let pages = 0..pages;
    pages.map(|n| PageRange::rows(n * 10, 10)).collect()
}

#[test]
fn a_cache_that_was_emptied_makes_no_burst() {
    let pages = sample_pages(Sample::Head, 0, None, 400, 20);
    let mut run = Run::new(Schedule::new(pages.clone(), Limits::default()).with_cache(&pages));
    run.go(|page, _, _| gives(page));
    let late = &run.asked[8..];
    assert!(late.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 200.0));
    let starts: Vec<u64> = run.asked.iter().map(|(_, page, _)| page.start).collect();
    assert!(starts.is_sorted());
}

#[test]
fn a_page_that_is_not_ready_is_asked_again_later_and_later() {
    let run = Run::of(&[(0, 10)], |page, attempt, _| match attempt {
        1..=3 => fails(500, Some("ResponseNotReady")),
        _ => gives(page),
    });
    assert_eq!(run.came.len(), 10);
    let tries = run.tries_of(0);
    let waits: Vec<f64> = tries
        .windows(2)
        .map(|pair| pair[1] - pair[0] - 100.0)
        .collect();
    // 2, 5 and 10 seconds, and an eighth more by the dice.
    assert_eq!(waits, [2_250.0, 5_625.0, 11_250.0]);
}

#[test]
fn a_page_that_never_comes_is_listed_and_the_rest_goes_on() {
    let run = Run::of(&tens(20), |page, _, _| match page.start {
        50 => fails(503, None),
        _ => gives(page),
    });
    assert_eq!(run.end, Next::Done);
    assert_eq!(run.tries_of(50).len(), 6);
    assert_eq!(run.came.len(), 190);
    let failed = run.schedule.failures();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (failed[0].0, failed[0].1.status),
        (PageRange::rows(50, 10), Some(503))
    );
    let progress = run.progress();
    assert_eq!((progress.pages_failed, progress.rows_failed), (1, 10));
    assert_eq!(progress.eta_ms, Some(0.0));
}

#[test]
fn a_page_that_was_given_up_can_be_asked_for_alone() {
    let mut run = Run::of(&tens(5), |page, _, _| match page.start {
        20 => fails(503, None),
        _ => gives(page),
    });
    let before = run.asked.len();
    run.schedule.retry(PageRange::rows(0, 10));
    run.schedule.retry(PageRange::rows(20, 10));
    run.go(|page, _, _| gives(page));
    assert_eq!(run.asked.len(), before + 1);
    assert_eq!((run.came.len(), run.schedule.failures().len()), (50, 0));
    assert_eq!(run.end, Next::Done);
}

#[test]
fn a_refusal_halts_all_requests_and_slows_those_after_it() {
    let mut refused_ms = None;
    let run = Run::of(&tens(40), |page, _, now_ms| {
        let begins_ms = *refused_ms.get_or_insert(now_ms + 2_000.0);
        if now_ms >= begins_ms && now_ms < begins_ms + 20_000.0 {
            return fails(429, None);
        }
        gives(page)
    });
    assert_eq!((run.end, run.came.len()), (Next::Done, 400));
    let refused: Vec<f64> = run
        .asked
        .iter()
        .map(|(ms, ..)| *ms)
        .filter(|ms| (2_000.0..22_000.0).contains(ms))
        .collect();
    assert!(refused.len() <= 6, "{refused:?}");
    let after: Vec<f64> = run
        .asked
        .iter()
        .map(|(ms, ..)| *ms)
        .filter(|ms| *ms >= 22_000.0)
        .collect();
    assert!(
        after[1] - after[0] > 500.0,
        "one at a time until an answer came"
    );
    assert!(
        after.windows(2).any(|pair| pair[1] - pair[0] == 200.0),
        "back at the first pace"
    );
}

/// Refuses for a time; a refusal takes three seconds, so that several can be under way at once.
fn refuses_until(end_ms: f64) -> impl FnMut(PageRange, u32, f64) -> Does {
    move |page, _, now_ms| match now_ms < end_ms {
        true => Does::Fails {
            error: classify(Some(429), None, ""),
            took_ms: 3_000.0,
        },
        false => gives(page),
    }
}

#[test]
fn requests_refused_together_count_as_one_refusal() {
    let run = Run::of(&tens(20), refuses_until(1_000.0));
    let (first, later): (Vec<f64>, Vec<f64>) = run
        .asked
        .iter()
        .map(|(ms, ..)| *ms)
        .partition(|ms| *ms < 3_000.0);
    assert_eq!(first.len(), 4);
    // The first refusal came after three seconds; its wait is two, and an eighth more by the dice.
    assert_eq!(later[0], 3_000.0 + 2_250.0);
}

#[test]
fn a_server_that_refuses_is_asked_for_one_page_at_a_time() {
    let run = Run::of(&tens(20), refuses_until(60_000.0));
    let refused: Vec<f64> = run
        .asked
        .iter()
        .map(|(ms, ..)| *ms)
        .filter(|ms| (3_500.0..60_000.0).contains(ms))
        .collect();
    assert!(refused.len() > 2);
    assert!(
        refused.windows(2).all(|pair| pair[1] - pair[0] >= 3_000.0),
        "{refused:?}"
    );
    assert_eq!((run.end, run.came.len()), (Next::Done, 200));
}

#[test]
fn five_minutes_of_refusals_cost_no_page() {
    // Only one page is under way when they begin; its tries must not be used up alone.
    let run = Run::of(&tens(30), |page, _, now_ms| match now_ms {
        1_000.0..300_000.0 => fails(429, None),
        _ => gives(page),
    });
    assert_eq!((run.end, run.came.len()), (Next::Done, 300));
    assert!(run.schedule.failures().is_empty());
    assert!(run.asked.len() < 50, "{}", run.asked.len());
}

#[test]
fn a_wait_says_why_and_until_when() {
    let pages = vec![PageRange::rows(0, 10)];
    let mut schedule = Schedule::new(pages, Limits::default());
    let Next::Ask { page, attempt: 1 } = schedule.next(0.0) else {
        panic!("nothing to ask")
    };
    let error = classify(None, None, "");
    schedule.failed(page, &error, 100.0, 0.0);
    let waiting = schedule.progress(100.0).waiting.unwrap();
    assert_eq!((waiting.why, waiting.until_ms), (error.cause, 2_100.0));
    assert_eq!(schedule.next(100.0), Next::Wait { until_ms: 2_100.0 });
    assert_eq!(schedule.next(2_100.0), Next::Ask { page, attempt: 2 });
}

#[test]
fn the_scale_of_waits_shortens_those_before_another_try() {
    // Without the space between two requests, which is another thing.
    let limits = Limits {
        wait_scale: 0.1,
        spacing_ms: 0.0,
        ..Limits::default()
    };
    for (status, until_ms) in [(None, 300.0), (Some(502), 200.0)] {
        let mut schedule = Schedule::new(vec![PageRange::rows(0, 10)], limits);
        let Next::Ask { page, .. } = schedule.next(0.0) else {
            panic!("nothing to ask")
        };
        schedule.failed(page, &classify(status, None, ""), 100.0, 0.0);
        assert_eq!(schedule.next(100.0), Next::Wait { until_ms }, "{status:?}");
    }
}

#[test]
fn a_server_that_is_gone_ends_the_run_and_resume_goes_on_without_loss() {
    let mut run = Run::of(&tens(50), |page, _, now_ms| match now_ms {
        ..1_000.0 => gives(page),
        _ => Does::Fails {
            error: classify(None, None, ""),
            took_ms: 50.0,
        },
    });
    assert_eq!(run.end, Next::Stopped);
    assert_eq!(run.schedule.stopped().unwrap().kind, ErrorKind::Limited);
    assert!(run.asked.len() < 50, "{}", run.asked.len());
    assert!(
        run.now_ms > 300_000.0,
        "a limit of five minutes is waited out: {}",
        run.now_ms
    );
    run.schedule.resume();
    run.schedule.retry_all();
    run.go(|page, _, _| gives(page));
    assert_eq!((run.end, run.came.len()), (Next::Done, 500));
    assert!(run.came.values().all(|times| *times == 1));
}

#[test]
fn what_no_page_can_escape_stops_the_run_at_once() {
    for (status, code) in [
        (401, None),
        (500, Some("TooBigContentError")),
        (404, Some("SplitNotFoundError")),
    ] {
        let run = Run::of(&tens(50), |page, _, now_ms| match now_ms {
            ..1_000.0 => gives(page),
            _ => fails(status, code),
        });
        assert_eq!(run.end, Next::Stopped);
        assert_eq!(run.schedule.stopped().unwrap().status, Some(status));
        assert!(run.asked.len() <= 9);
    }
}

#[test]
fn slow_and_large_answers_make_later_pages_shorter() {
    let pages: Vec<_> = (0..20).map(|n| (n * 40, 40)).collect();
    for (slow, large) in [(true, false), (false, true)] {
        let run = Run::of(&pages, |page, _, _| Does::Gives {
            rows: page.len,
            took_ms: if slow {
                f64::from(page.len) * 600.0
            } else {
                100.0
            },
            bytes: if large {
                u64::from(page.len) * 500_000
            } else {
                1
            },
        });
        assert_eq!((run.end, run.came.len()), (Next::Done, 800));
        assert_eq!(*run.lens().last().unwrap(), 10);
        assert_eq!(run.schedule.longest_page(), 10);
    }
}

#[test]
fn what_takes_too_long_is_asked_for_in_halves() {
    let run = Run::of(&[(0, 40), (40, 40)], |page, _, _| match page.len {
        ..=10 => gives(page),
        _ => fails(504, None),
    });
    assert_eq!((run.end, run.came.len()), (Next::Done, 80));
    assert!(run.came.values().all(|times| *times == 1));
}

#[test]
fn one_bad_row_costs_one_row() {
    let run = Run::of(&[(0, 100), (100, 100)], |page, _, _| {
        match (page.start..page.end()).contains(&37) {
            true => fails(500, Some("TransformRowsProcessingError")),
            false => gives(page),
        }
    });
    assert_eq!((run.end, run.came.len()), (Next::Done, 199));
    let failed: Vec<_> = run
        .schedule
        .failures()
        .iter()
        .map(|(page, _)| *page)
        .collect();
    assert_eq!(failed, [PageRange::rows(37, 1)]);
}

#[test]
fn a_page_of_only_bad_rows_does_not_end_the_run() {
    let run = Run::of(&[(0, 50), (50, 50)], |page, _, _| match page.start {
        ..50 => fails(500, Some("TransformRowsProcessingError")),
        _ => gives(page),
    });
    assert_eq!(
        (run.end, run.came.len(), run.schedule.failures().len()),
        (Next::Done, 50, 50)
    );
}

#[test]
fn of_a_short_answer_the_rest_is_asked_for_and_an_empty_one_is_the_end() {
    // The split has 75 rows, and the server gives at most 6 at a time.
    let run = Run::of(&tens(20), |page, _, _| {
        let left = u32::try_from(75_u64.saturating_sub(page.start)).unwrap();
        Does::Gives {
            rows: page.len.min(6).min(left),
            took_ms: 100.0,
            bytes: 1,
        }
    });
    assert_eq!(run.end, Next::Done);
    assert_eq!(
        run.came.keys().copied().collect::<Vec<_>>(),
        (0..75).collect::<Vec<_>>()
    );
    assert!(run.came.values().all(|times| *times == 1));
    let progress = run.progress();
    assert_eq!((progress.rows_done, progress.rows_wanted), (75, 75));
}

#[test]
fn an_empty_answer_before_rows_that_came_is_a_failure() {
    let run = Run::of(&[(100, 10), (0, 10)], |page, _, _| Does::Gives {
        rows: if page.start == 0 { 0 } else { 10 },
        took_ms: if page.start == 0 { 900.0 } else { 100.0 },
        bytes: 1,
    });
    assert_eq!((run.came.len(), run.schedule.failures().len()), (10, 1));
}

#[test]
fn a_pause_halts_and_resume_goes_on() {
    let pages = (0..5).map(|n| PageRange::rows(n * 10, 10)).collect();
    let mut run = Run::new(Schedule::new(pages, Limits::default()));
    let Next::Ask { page, .. } = run.schedule.next(0.0) else {
        panic!("nothing to ask")
    };
    run.schedule.pause();
    assert_eq!(run.schedule.next(10_000.0), Next::Paused);
    // What was under way when the pause began is not lost.
    run.report(page, gives(page));
    assert_eq!(run.progress().rows_done, 10);
    run.now_ms = 60_000.0;
    run.schedule.resume();
    run.go(|page, _, _| gives(page));
    assert_eq!((run.end, run.came.len()), (Next::Done, 50));
}

#[test]
fn a_cancelled_run_asks_nothing_more_and_hears_nothing_more() {
    let mut schedule = Schedule::new(vec![PageRange::rows(0, 10)], Limits::default());
    let Next::Ask { page, .. } = schedule.next(0.0) else {
        panic!("nothing to ask")
    };
    schedule.cancel();
    let answer = Answered {
        rows: 10,
        bytes: 1,
        took_ms: 1.0,
        from_cache: false,
        now_ms: 1.0,
    };
    schedule.answered(page, answer);
    assert_eq!(schedule.next(1.0), Next::Stopped);
    assert_eq!(schedule.stopped(), None);
    assert_eq!(schedule.progress(1.0).rows_done, 0);
}

#[test]
fn another_commit_in_mid_run_pauses_it() {
    let mut schedule = Schedule::new(vec![PageRange::rows(0, 10)], Limits::default());
    assert_eq!(schedule.revision(0, None), RevisionCheck::Same);
    assert_eq!(schedule.revision(0, Some("a")), RevisionCheck::Same);
    assert_eq!(schedule.revision(0, None), RevisionCheck::Same);
    assert_eq!(schedule.revision(0, Some("a")), RevisionCheck::Same);
    let changed = RevisionCheck::Changed {
        from: "a".to_owned(),
        to: "b".to_owned(),
    };
    assert_eq!(schedule.revision(0, Some("b")), changed);
    assert_eq!(schedule.next(0.0), Next::Paused);
}

#[test]
fn each_place_that_rows_are_from_has_a_commit_of_its_own() {
    let pages = vec![PageRange::rows(0, 10), PageRange::rows(100, 10)];
    let mut schedule = Schedule::new(pages, Limits::default()).with_places([0, 100]);
    for (row, commit) in [(0, "a"), (100, "b"), (5, "a"), (105, "b")] {
        let check = schedule.revision(row, Some(commit));
        assert_eq!(check, RevisionCheck::Same, "{row} of {commit}");
    }
    assert!(matches!(schedule.next(0.0), Next::Ask { .. }));
    let changed = RevisionCheck::Changed {
        from: "b".to_owned(),
        to: "a".to_owned(),
    };
    assert_eq!(schedule.revision(109, Some("a")), changed);
    assert_eq!(schedule.next(0.0), Next::Paused);
}

#[test]
fn the_end_of_one_place_takes_no_row_of_the_next_one() {
    let pages = [0, 10, 20, 100, 110, 120].map(|start| PageRange::rows(start, 10));
    let schedule = Schedule::new(pages.to_vec(), Limits::local(2)).with_places([0, 100]);
    let mut run = Run::new(schedule);
    // The first place has 10 rows only, the second one all that were planned.
    run.go(|page, _, _| match page.start {
        10..100 => Does::Gives {
            rows: 0,
            took_ms: 1.0,
            bytes: 1,
        },
        _ => gives(page),
    });
    assert_eq!(run.end, Next::Done);
    let expected: Vec<u64> = (0..10).chain(100..130).collect();
    assert_eq!(run.came.keys().copied().collect::<Vec<u64>>(), expected);
    let progress = run.progress();
    assert_eq!((progress.rows_done, progress.rows_wanted), (40, 40));
    assert_eq!(progress.pages_failed, 0);
}

#[test]
fn a_run_that_an_error_ended_says_at_which_page() {
    let pages = [0, 100].map(|start| PageRange::rows(start, 10));
    let schedule = Schedule::new(pages.to_vec(), Limits::local(2)).with_places([100]);
    let mut run = Run::new(schedule);
    run.go(|page, _, _| match page.start {
        0 => gives(page),
        _ => fails(401, None),
    });
    assert_eq!(run.end, Next::Stopped);
    assert_eq!(run.schedule.stopped_at().map(|page| page.start), Some(100));
}

#[test]
fn several_places_are_asked_as_the_strictest_of_them_wants() {
    let both = Limits::local(2).both(Limits::default());
    assert_eq!(both, Limits::default());
    assert_eq!(Limits::default().both(Limits::local(2)), both);
}

#[test]
fn the_time_left_follows_the_speed() {
    let pages = (0..10).map(|n| PageRange::rows(n * 10, 10)).collect();
    let mut schedule = Schedule::new(pages, Limits::default());
    for (asked_ms, came_ms) in [(0.0, 1_000.0), (1_000.0, 2_000.0), (2_000.0, 3_000.0)] {
        let Next::Ask { page, .. } = schedule.next(asked_ms) else {
            panic!("nothing to ask")
        };
        let answer = Answered {
            rows: 10,
            bytes: 1,
            took_ms: 1_000.0,
            from_cache: false,
            now_ms: came_ms,
        };
        schedule.answered(page, answer);
    }
    assert_eq!(schedule.progress(3_000.0).eta_ms, Some(7_000.0));
}

#[test]
fn a_short_page_of_a_file_is_not_asked_for_again() {
    let page = PageRange {
        start: 0,
        len: 10,
        bytes: Some((0, 500)),
    };
    let mut run = Run::new(Schedule::new(vec![page], Limits::local(2)));
    run.go(|_, _, _| Does::Gives {
        rows: 4,
        took_ms: 1.0,
        bytes: 500,
    });
    assert_eq!(
        (run.end, run.asked.len(), run.progress().rows_wanted),
        (Next::Done, 1, 4)
    );
}

fn never_ends(error: HubError) -> Does {
    Does::Fails {
        error,
        took_ms: 60_000.0,
    }
}

#[test]
fn a_row_that_work_never_ends_on_costs_that_row_alone() {
    let run = Run::of(&tens(6), |page, _, _| {
        match (page.start..page.end()).contains(&25) {
            true => never_ends(HubError::endless("Work on these rows was stopped.")),
            false => gives(page),
        }
    });
    assert_eq!(run.end, Next::Done);
    let lost: Vec<_> = run
        .schedule
        .failures()
        .iter()
        .map(|(page, _)| *page)
        .collect();
    assert_eq!(lost, [PageRange::rows(25, 1)]);
    assert_eq!(run.came.len(), 59);
}

#[test]
fn a_run_of_which_every_row_never_ends_stops_by_itself_and_says_why() {
    let run = Run::of(&tens(600), |_, _, _| {
        never_ends(HubError::endless("Work on these rows was stopped."))
    });
    assert_eq!(run.end, Next::Stopped);
    let why = run.schedule.stopped().map(|error| error.cause.as_str());
    assert_eq!(why, Some("Work on these rows was stopped."));
    assert!(
        run.asked.len() <= 30,
        "{} pages were tried",
        run.asked.len()
    );
}

#[test]
fn a_page_that_was_interrupted_by_another_is_asked_for_again() {
    let run = Run::of(&tens(4), |page, attempt, _| match (page.start, attempt) {
        (10, 1) => never_ends(HubError::interrupted()),
        _ => gives(page),
    });
    assert_eq!(run.end, Next::Done);
    assert_eq!((run.came.len(), run.schedule.failures().len()), (40, 0));
}
