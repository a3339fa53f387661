use std::borrow::Cow;

use tracesift_core::compare::feature::{Role, features};
use tracesift_core::compare::{Compared, Difference, MOST, Sizes, told};
use tracesift_core::figure::Rule;
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::measure::{Measurements, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::recipe::signs::{Carried, SignRules};
use tracesift_core::recipe::{Bounds, Comparison, ListKey, RangeKey};
use tracesift_core::recipe::{address, select};
use tracesift_core::trace::Outcome;

/// A run that succeeds takes 10 to 19 turns, one that fails 30 to 49 and edits tests every second time.
fn row(row: u64) -> Measurements {
    let is_success = row.is_multiple_of(3);
    let n = u32::try_from(row % 20).unwrap();
    let mut measurements = Measurements {
        row,
        outcome: if is_success {
            Outcome::Success
        } else {
            Outcome::Failure
        },
        turns: if is_success { 10 + n % 10 } else { 30 + n },
        messages: 5,
        patch: Some(PatchCounts {
            files: 1,
            test_files: u32::from(!is_success && row.is_multiple_of(2)),
            ..PatchCounts::default()
        }),
        tools: vec![ToolUse {
            name: if row.is_multiple_of(5) {
                "browser"
            } else {
                "bash"
            }
            .to_owned(),
            calls: 1,
            errors: 0,
        }],
        ..Measurements::default()
    };
    measurements.labels.harness = Some(Cow::Borrowed(
        ["openhands", "sweagent", "sweagent"][usize::try_from(row % 3).unwrap()],
    ));
    measurements
}

fn frame(rows: u64) -> Frame {
    let mut frame = Frame::default();
    (0..rows).for_each(|at| frame.push(&row(at)));
    frame
}

fn compared(frame: &Frame, choice: &Comparison) -> Vec<Difference> {
    let mask = vec![true; frame.len()];
    Compared::of(frame, &mask, choice, 1).all(&features(
        frame,
        &Carried::new(frame, &SignRules::default()),
    ))
}

fn find<'d>(differences: &'d [Difference], name: &str) -> &'d Difference {
    differences
        .iter()
        .find(|difference| difference.name == name)
        .unwrap()
}

#[test]
fn the_largest_difference_comes_first_and_is_said_with_its_n() {
    let frame = frame(300);
    let differences = compared(&frame, &Comparison::default());
    let sizes: Vec<f64> = differences
        .iter()
        .filter_map(|d| d.effect())
        .map(|(size, ..)| size.abs())
        .collect();
    assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
    assert_eq!(differences[0].name, "turns");
    assert_eq!(
        differences[0].words("success", "failure"),
        "Turns: far lower for success (half up to 14, n 100) than for failure (half up to 40, n 200)."
    );
    let tests = find(&differences, "edits-tests");
    assert_eq!(
        tests.words("success", "failure"),
        "Edits tests: far lower for success (0\u{a0}%, n 100) than for failure (50\u{a0}%, n 200)."
    );
    let messages = find(&differences, "messages");
    assert!(
        messages
            .words("success", "failure")
            .starts_with("Messages: no difference beyond chance")
    );
    // The outcome itself is what tells them apart.
    assert!(
        differences
            .iter()
            .all(|difference| difference.name != "success")
    );
}

#[test]
fn causes_come_before_what_came_of_them_and_lengths_are_one_line() {
    let mut frame = Frame::default();
    for at in 0..300 {
        let mut row = row(at);
        let is_failure = row.outcome == Outcome::Failure;
        row.messages = 2 * row.turns;
        row.calls = 3 * row.turns;
        row.errors = if is_failure { 4 + row.turns % 3 } else { 0 };
        frame.push(&row);
    }
    let differences = compared(&frame, &Comparison::default());
    let n = differences.len();
    let (told, unclear) = told(differences);
    let roles: Vec<Role> = told.iter().map(|told| told.role).collect();
    assert_eq!(roles, [Role::Cause, Role::Result, Role::Size]);
    for of in &told {
        let sizes = of
            .lines
            .iter()
            .map(|line| line.difference.effect().unwrap().0.abs());
        assert!(sizes.collect::<Vec<_>>().is_sorted_by(|a, b| a >= b));
        assert!(of.lines.iter().all(|line| line.difference.is_clear()));
    }
    assert_eq!(told[0].lines[0].difference.name, "errors");
    // Turns, messages and calls say the same: one of them is the line.
    let [lengths] = &told[2].lines[..] else {
        panic!("{:?}", told[2].lines);
    };
    let mut names: Vec<&str> = lengths.others.iter().map(|other| &*other.name).collect();
    names.push(&lengths.difference.name);
    names.sort_unstable();
    assert_eq!(names, ["calls", "messages", "turns"]);
    // Nothing is lost, and what is folded is not claimed.
    let shown: usize = told
        .iter()
        .flat_map(|told| &told.lines)
        .map(|line| 1 + line.others.len())
        .sum();
    assert_eq!(shown + unclear.len(), n);
    assert!(unclear.iter().all(|difference| !difference.is_clear()));
}

#[test]
fn a_difference_opens_the_rows_that_make_it() {
    let frame = frame(300);
    let differences = compared(&frame, &Comparison::default());
    let rule = |name: &str| find(&differences, name).rule();
    assert_eq!(
        rule("edits-tests"),
        Some(Rule::Is(ListKey::Flag, "edits-tests".to_owned()))
    );
    assert_eq!(
        rule("tool:bash"),
        Some(Rule::Is(ListKey::Tool, "bash".to_owned()))
    );
    // Halfway between 14 and 40 turns, rounded up.
    let bounds = Bounds {
        low: Some(27.0),
        high: None,
    };
    assert_eq!(rule("turns"), Some(Rule::Within(RangeKey::Turns, bounds)));
    assert!(!find(&differences, "turns").is_more_in_first());
    assert_eq!(rule("messages"), None);
}

#[test]
fn of_fewer_than_ten_rows_nothing_is_claimed() {
    let frame = frame(27);
    let differences = compared(&frame, &Comparison::default());
    assert!(
        differences
            .iter()
            .all(|difference| difference.effect().is_none())
    );
    assert_eq!(
        find(&differences, "turns").words("success", "failure"),
        "Turns: too few rows to compare (9 of success, 18 of failure; 10 of each are needed)."
    );
}

#[test]
fn any_two_values_of_a_facet_are_groups_and_the_largest_where_none_is_chosen() {
    let frame = frame(300);
    let of = |query: &str| {
        let (recipe, notices) = address::parse(query);
        assert_eq!(notices, []);
        let compared = Compared::of(
            &frame,
            &vec![true; frame.len()],
            &recipe.compare,
            recipe.reading.seed,
        );
        (
            compared.first.name.clone(),
            compared.first.all,
            compared.second.name.clone(),
            compared.second.all,
        )
    };
    let named = |a: &str, n, b: &str, m| (a.to_owned(), n, b.to_owned(), m);
    assert_eq!(of(""), named("success", 100, "failure", 200));
    assert_eq!(
        of("compare=harness"),
        named("sweagent", 200, "openhands", 100)
    );
    assert_eq!(
        of("compare=harness&group-b=sweagent"),
        named("openhands", 100, "sweagent", 200)
    );
    assert_eq!(
        of("compare=harness&group-a=none"),
        named("none", 0, "sweagent", 200)
    );
    let harnesses = Comparison {
        facet: Facet::Harness,
        ..Comparison::default()
    };
    let differences = compared(&frame, &harnesses);
    assert!(find(&differences, "success").effect().unwrap().0 < -0.99);
    assert!(matches!(
        find(&differences, "tool:browser").sizes,
        Sizes::Shares { .. }
    ));
}

#[test]
fn a_rule_on_what_tells_the_groups_apart_does_not_empty_one_of_them() {
    let frame = frame(300);
    let (recipe, _) = address::parse("outcome=success&turns=..40");
    let selection = select(&frame, &recipe.filters, recipe.reading.seed);
    let mask = selection.mask_without(&["outcome"]);
    let compared = Compared::of(&frame, &mask, &recipe.compare, 1);
    assert_eq!(compared.first.all, 100);
    assert_eq!(
        compared.second.all,
        (0..300).filter(|at| at % 3 != 0 && at % 20 <= 10).count()
    );
    assert!(compared.second.rows.iter().all(|&at| at % 20 <= 10));
}

#[test]
fn of_a_large_group_the_seed_draws_the_rows_that_are_compared() {
    let frame = frame(3 * MOST as u64);
    let mask = vec![true; frame.len()];
    let of = |seed| Compared::of(&frame, &mask, &Comparison::default(), seed);
    let (one, again, other) = (of(1), of(1), of(2));
    assert_eq!((one.first.all, one.first.rows.len()), (MOST, MOST));
    assert_eq!((one.second.all, one.second.rows.len()), (2 * MOST, MOST));
    assert_eq!(one, again);
    assert_ne!(one.second.rows, other.second.rows);
}
