use std::collections::HashSet;

use tracesift_core::frame::Frame;
use tracesift_core::measure::{Measurements, measure};
use tracesift_core::recipe::{Filters, ListKey, select};
use tracesift_core::sign::{Sign, alike, signature};
use tracesift_core::trace::Trajectory;

use super::{Called, of_calls};

/// The next of a series of numbers that is always the same.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// A text of so many words; the first `shared` of them are those of all texts with this seed, the others its own.
fn text(seed: usize, words: usize, shared: usize, state: &mut u64) -> String {
    let word = |at: usize| match at < shared {
        true => format!("w{seed}_{at}"),
        false => format!("x{}", next(state)),
    };
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}

/// The Jaccard index of the groups of five words, counted as the definition says.
fn exact(a: &str, b: &str) -> f64 {
    let groups = |text: &str| -> HashSet<Vec<String>> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.windows(5).map(<[String]>::to_vec).collect()
    };
    let (a, b) = (groups(a), groups(b));
    let both = a.intersection(&b).count() as f64;
    both / a.union(&b).count() as f64
}

#[test]
fn minhash_estimates_the_jaccard_index_of_a_thousand_pairs() {
    let mut state = 1;
    let (mut error, mut squares, mut worst) = (0.0, 0.0, 0.0_f64);
    for pair in 0..1000 {
        let words = 60 + pair % 400;
        let shared = words * (pair % 21) / 20;
        let (a, b) = (
            text(pair, words, shared, &mut state),
            text(pair, words, shared, &mut state),
        );
        let likeness = f64::from(alike(&signature(&[&a]), &signature(&[&b])));
        let difference = likeness - exact(&a, &b);
        error += difference;
        squares += difference * difference;
        worst = worst.max(difference.abs());
    }
    // Of 64 numbers the standard error is at most 1/16 (at an index of 0.5).
    let (bias, deviation) = (error / 1000.0, (squares / 1000.0_f64).sqrt());
    assert!(bias.abs() < 0.01, "biased by {bias}");
    assert!(deviation < 0.0625, "off by {deviation}");
    assert!(worst < 0.3, "off by {worst}");
}

#[test]
fn two_texts_are_one_set_of_words_and_no_word_is_no_signature() {
    let whole = signature(&["a b c d e f g h", "i j k l m n"]);
    assert_eq!(
        alike(&whole, &signature(&["i j k l m n", "a b c d e f g h"])),
        1.0
    );
    assert_eq!(signature(&["", " \n.,"]), [0_u8; 0]);
    assert_eq!(alike(&[], &[]), 0.0);
    assert_eq!(
        alike(&signature(&["one two"]), &signature(&["one  two!"])),
        1.0
    );
}

const A: Called = ("view", r#"{"path": "a"}"#, Some("x"));
const B: Called = ("view", r#"{"path": "b"}"#, Some("x"));

fn patch(name: &str) -> String {
    format!("--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a\n+b\n")
}

/// A measured row of a task.
fn row(
    row: u64,
    instance: &str,
    task: &str,
    calls: &[Called<'static>],
    patch: &str,
) -> Measurements {
    let mut trajectory = Trajectory {
        model_patch: Some(patch.to_owned().into()),
        ..of_calls(calls)
    };
    trajectory.messages[0].text = task.to_owned().into();
    trajectory.labels.instance_id = (!instance.is_empty()).then(|| instance.to_owned().into());
    measure(row, 0, &trajectory, None)
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame.find_duplicates();
    frame
}

#[test]
fn the_same_patch_and_the_same_calls_count_within_a_task_only() {
    let rows = [
        row(0, "one", "task one", &[A, B], &patch("a")),
        row(1, "one", "task one", &[B, A], &patch("a")),
        row(2, "one", "task one", &[A, B], &patch("b")),
        row(3, "two", "task two", &[A, B], &patch("a")),
        row(4, "", "task", &[A, B], &patch("a")),
        row(5, "one", "task one", &[], ""),
    ];
    let frame = frame(&rows);
    let same = frame.sign(Sign::SamePatch);
    assert_eq!(same[..4], [1.0, 1.0, 0.0, 0.0]);
    assert!(same[4].is_nan() && same[5].is_nan());
    let same = frame.sign(Sign::SameCalls);
    assert_eq!(same[..4], [1.0, 0.0, 1.0, 0.0]);
    assert!(same[4].is_nan() && same[5].is_nan());
    assert_eq!(frame.duplicates(0, Sign::SamePatch), [1]);
    assert_eq!(frame.duplicates(0, Sign::SameCalls), [2]);
    assert_eq!(frame.duplicates(1, Sign::SameCalls), [0; 0]);
    for alone in 3..6 {
        assert_eq!(frame.duplicates(alone, Sign::SamePatch), [0; 0]);
    }
    assert_eq!(frame.duplicates(0, Sign::LoopSame), [0; 0]);
}

#[test]
fn a_row_knows_all_rows_that_are_like_it_by_their_indices() {
    let rows = [9, 4, 7, 2].map(|at| row(at, "one", "task one", &[A], &patch("a")));
    let mut frame = frame(&rows);
    assert_eq!(frame.duplicates(1, Sign::SamePatch), [2, 7, 9]);
    assert_eq!(frame.duplicates(3, Sign::SameCalls), [4, 7, 9]);
    // A row that comes again is like no other until it is looked for.
    frame.push(&rows[1]);
    assert_eq!(frame.duplicates(1, Sign::SamePatch), [0; 0]);
    frame.find_duplicates();
    assert_eq!(frame.duplicates(1, Sign::SamePatch), [2, 7, 9]);
}

#[test]
fn nearly_the_same_task_counts_across_tasks_only() {
    let mut state = 3;
    let issue = text(0, 300, 300, &mut state);
    let nearly = format!("{issue} and a word");
    let other = text(0, 300, 0, &mut state);
    let rows = [
        row(10, "one", &issue, &[A], &patch("a")),
        row(11, "one", &issue, &[A], &patch("a")),
        row(12, "two", &nearly, &[A], &patch("a")),
        row(13, "three", &other, &[A], &patch("c")),
    ];
    let frame = frame(&rows);
    let near = frame.sign(Sign::NearDuplicate);
    assert!(near[0] > 0.9 && near[1] > 0.9 && near[2] > 0.9, "{near:?}");
    assert!(near[3] < 0.2, "{near:?}");
    assert_eq!(frame.nearest(0), Some(12));
    assert!(matches!(frame.nearest(2), Some(10 | 11)));
    assert_eq!(frame.duplicates(0, Sign::NearDuplicate), [12]);
    // Rows of a single task are not near-duplicates of each other.
    let alone = self::frame(&rows[..2]);
    assert_eq!(alone.sign(Sign::NearDuplicate), [0.0, 0.0]);
    // A row that comes again is looked for anew.
    let mut again = frame;
    again.push(&rows[2]);
    assert!(again.sign(Sign::NearDuplicate)[2].is_nan());
    assert_eq!(again.nearest(2), None);
}

#[test]
fn duplicates_are_found_among_thousands_of_rows() {
    let mut state = 5;
    let mut rows = Vec::new();
    for task in 0..1000 {
        // Every tenth task holds the same 200 words, and a few more.
        let text = match task % 10 {
            9 => format!("{} x y z", text(0, 200, 200, &mut state)),
            _ => text(0, 200, 0, &mut state),
        };
        for run in 0..2 {
            rows.push(row(task * 2 + run, &format!("t{task}"), &text, &[A], ""));
        }
    }
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame.find_duplicates();
    let near = frame.sign(Sign::NearDuplicate);
    for (position, near) in near.iter().enumerate() {
        let is_twin = position / 2 % 10 == 9;
        assert_eq!(*near >= 0.8, is_twin, "{position}: {near}");
    }
}

#[test]
fn the_order_in_which_rows_arrive_decides_nothing() {
    let mut state = 7;
    let rows: Vec<Measurements> = (0..400)
        .map(|at| {
            let text = text(0, 200, 120, &mut state);
            row(at, &format!("t{}", at % 100), &text, &[A], "")
        })
        .collect();
    let near = |rows: &[Measurements]| {
        let frame = frame(rows);
        let numbers = frame.sign(Sign::NearDuplicate).iter().copied();
        let mut near: Vec<(u64, f32)> = frame.rows().iter().copied().zip(numbers).collect();
        near.sort_by_key(|(row, _)| *row);
        near
    };
    let backwards: Vec<Measurements> = rows.iter().rev().cloned().collect();
    assert_eq!(near(&rows), near(&backwards));
}

#[test]
fn a_users_own_list_is_a_benchmark_and_filters_like_one() {
    let mut rows = [
        row(0, "one", "x", &[A], &patch("a")),
        row(1, "two", "x", &[A], &patch("a")),
    ];
    rows[0].labels.repo = Some("me/mine".into());
    rows[1].labels.repo = Some("you/yours".into());
    let frame = frame(&rows);
    let mut filters = Filters::default();
    filters.toggle(ListKey::Flag, "benchmark-repo");
    assert!(select(&frame, &filters, 1).kept.is_empty());
    filters.signs.bench = vec!["Me/Mine".to_owned()];
    assert_eq!(select(&frame, &filters, 1).kept, [0]);
    filters.toggle_out(ListKey::Flag, "benchmark-repo");
    assert_eq!(select(&frame, &filters, 1).kept, [1]);
}

#[test]
fn a_changed_threshold_selects_anew_without_the_rows() {
    let rows = [
        row(0, "one", "x", &[A, A, A, A], &patch("a")),
        row(1, "two", "x", &[A, A], &patch("a")),
    ];
    let frame = frame(&rows);
    let mut filters = Filters::default();
    filters.toggle(ListKey::Flag, "loop-same");
    assert_eq!(select(&frame, &filters, 1).kept, [0]);
    filters
        .signs
        .thresholds
        .choose(Sign::LoopSame, 2.0)
        .unwrap();
    assert_eq!(select(&frame, &filters, 1).kept, [0, 1]);
    filters
        .signs
        .thresholds
        .choose(Sign::LoopSame, 5.0)
        .unwrap();
    let selection = select(&frame, &filters, 1);
    assert!(selection.kept.is_empty());
    assert_eq!(
        selection.steps[0].words,
        "flagged same call, same result (at least 5)"
    );
}
