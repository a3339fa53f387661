use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tracesift_core::frame::{Frame, Label};
use tracesift_core::measure::{DeclaredPatches, Measurements, Overlap, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::recipe::draw::per_instance;
use tracesift_core::recipe::{
    Bounds, Filters, ListFilter, ListKey, PatchPresence, RangeKey, Selection, select,
};
use tracesift_core::sign::Sign;
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Declared, Outcome};

const TOOLS: [&str; 5] = ["bash", "edit:view", "edit:create", "editor", "edit"];

/// Rows that share few values, so that rules meet and miss them.
fn row() -> impl Strategy<Value = Measurements> {
    let label = || prop::option::of(0_usize..3);
    let labels = (label(), label(), prop::option::of(0_u32..6));
    let patch = prop::option::of((0_u32..3, 0_u32..9, 0_u32..2));
    let tools = prop::sample::subsequence((0..TOOLS.len()).collect::<Vec<_>>(), 0..3);
    let rest = (
        0_u32..8,
        prop::option::of(0_u32..9),
        prop::option::of(0_u32..5),
    );
    (0_u64..300, 0_usize..4, labels, patch, tools, rest).prop_map(
        |(row, outcome, (language, repo, instance), patch, tools, (turns, tokens, overlap))| {
            let mut measurements = Measurements {
                row,
                outcome: Outcome::ALL[outcome],
                turns,
                bad_arguments: turns / 6,
                patch: patch.map(|(files, added, test_files)| PatchCounts {
                    files,
                    added,
                    test_files,
                    ..PatchCounts::default()
                }),
                tokens: tokens.map(|assistant| TokenCounts {
                    assistant,
                    ..TokenCounts::default()
                }),
                overlap: overlap.map(|o| Overlap {
                    files: f64::from(o) / 4.0,
                    lines: 0.0,
                }),
                tools: tools
                    .into_iter()
                    .map(|tool| ToolUse {
                        name: TOOLS[tool].to_owned(),
                        calls: 1,
                        errors: 0,
                    })
                    .collect(),
                ..Measurements::default()
            };
            measurements.labels.language =
                language.map(|l| Cow::Borrowed(["Go", "Rust", "C,++"][l]));
            measurements.labels.repo = repo.map(|r| Cow::Borrowed(["a/b", "c/d", "none"][r]));
            measurements.labels.instance_id = instance.map(|i| Cow::Owned(format!("i{i}")));
            measurements
        },
    )
}

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = ListFilter> {
    let some = || prop::sample::subsequence(values, 0..=2.min(values.len()));
    let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
    (some(), some()).prop_map(move |(include, exclude)| ListFilter {
        include: owned(include),
        exclude: owned(exclude),
    })
}

fn filters() -> impl Strategy<Value = Filters> {
    let lists = (
        prop::option::of(some_of(&["success", "partial", "failure", "unknown"])),
        prop::option::of(some_of(&["Go", "Rust", "C,++", "none", "go"])),
        prop::option::of(some_of(&["a/b", "c/d", "none"])),
        prop::option::of(some_of(&["bash", "edit", "edit:view", "none", "other"])),
        prop::option::of(some_of(&[
            "empty-patch",
            "edits-tests",
            "bad-arguments",
            "no-reasoning",
            "none",
        ])),
    );
    let bounds =
        (prop::option::of(0_u32..5), prop::option::of(3_u32..9)).prop_map(|(low, high)| Bounds {
            low: low.map(f64::from),
            high: high.map(f64::from),
        });
    let ranges = prop::sample::select(vec![
        RangeKey::Tokens,
        RangeKey::Turns,
        RangeKey::Added,
        RangeKey::Overlap,
    ]);
    let patch = prop::option::of(prop::sample::select(PatchPresence::ALL.to_vec()));
    let ranges = prop::collection::btree_map(ranges, bounds, 0..3);
    (lists, ranges, patch, prop::option::of(1_u32..4)).prop_map(
        |(lists, ranges, patch, per_instance)| {
            let (outcome, language, repo, tool, flag) = lists;
            let lists = [
                (ListKey::Outcome, outcome),
                (ListKey::Language, language),
                (ListKey::Repo, repo),
                (ListKey::Tool, tool),
                (ListKey::Flag, flag),
            ];
            Filters {
                lists: lists
                    .into_iter()
                    .filter_map(|(key, list)| Some((key, list?)))
                    .collect(),
                ranges,
                patch,
                per_instance,
                ..Filters::default()
            }
        },
    )
}

/// The names that a row answers to in a list.
fn names(row: &Measurements, key: ListKey) -> Vec<String> {
    let names: Vec<String> = match key {
        ListKey::Outcome => vec![row.outcome.name().to_owned()],
        ListKey::Tool => row
            .tools
            .iter()
            .flat_map(|tool| [tool.name.as_str(), tool.name.split(':').next().unwrap()])
            .map(str::to_owned)
            .collect(),
        ListKey::Flag => Sign::ALL
            .into_iter()
            .filter(|sign| sign.carries(sign.of(row), sign.default_threshold()))
            .map(|sign| sign.name().to_owned())
            .collect(),
        label => label
            .label()
            .and_then(|l| l.of(&row.labels))
            .map(str::to_owned)
            .into_iter()
            .collect(),
    };
    if names.is_empty() {
        vec!["none".to_owned()]
    } else {
        names
    }
}

/// The rules that a row passes, each decided by itself and as plainly as possible.
fn verdicts(row: &Measurements, filters: &Filters) -> Vec<(&'static str, bool)> {
    let mut verdicts = Vec::new();
    for (key, list) in &filters.lists {
        let listed = |values: &[String]| names(row, *key).iter().any(|name| values.contains(name));
        if list.is_set() {
            let wanted = list.include.is_empty() || listed(&list.include);
            verdicts.push((key.key(), wanted && !listed(&list.exclude)));
        }
    }
    for (key, bounds) in &filters.ranges {
        let value = key.number().of(row);
        if bounds.is_set() {
            let low = bounds.low.unwrap_or(f64::NEG_INFINITY) <= value;
            verdicts.push((
                key.key(),
                low && value <= bounds.high.unwrap_or(f64::INFINITY),
            ));
        }
    }
    if let Some(patch) = filters.patch {
        let there = row.patch.as_ref().is_some_and(|p| p.files > 0);
        verdicts.push(("patch", there == (patch == PatchPresence::Present)));
    }
    verdicts
}

proptest! {
    #[test]
    fn the_funnel_is_that_of_brute_force(
        rows in prop::collection::vec(row(), 0..120),
        filters in filters(),
        seed in any::<u64>(),
    ) {
        let mut frame = Frame::default();
        rows.iter().for_each(|row| frame.push(row));
        let selection = select(&frame, &filters, seed);

        // By position: the last row of each index.
        let last: BTreeMap<u64, &Measurements> = rows.iter().map(|row| (row.row, row)).collect();
        let table: Vec<Vec<(&str, bool)>> =
            frame.rows().iter().map(|row| verdicts(last[row], &filters)).collect();
        let mut alive: Vec<bool> = vec![true; frame.len()];
        let mut steps = selection.steps.iter();
        let keys: Vec<&str> = verdicts(&Measurements::default(), &filters).iter().map(|v| v.0).collect();
        for (rule, key) in keys.into_iter().enumerate() {
            for (position, alive) in alive.iter_mut().enumerate() {
                *alive &= table[position][rule].1;
            }
            let step = steps.next().unwrap();
            prop_assert_eq!(&*step.key, key);
            prop_assert_eq!(step.left, alive.iter().filter(|&&a| a).count());
            let alone = |row: &&Vec<(&str, bool)>| !row[rule].1 && row.iter().filter(|v| !v.1).count() == 1;
            prop_assert_eq!(step.alone, table.iter().filter(alone).count());
            prop_assert!(!step.words.is_empty());
        }
        if let Some(most) = filters.per_instance {
            let before = alive.iter().filter(|&&a| a).count();
            alive = per_instance(&frame, &alive, most, &[], &filters.signs, seed);
            let after = alive.iter().filter(|&&a| a).count();
            let step = steps.next().unwrap();
            prop_assert_eq!((&*step.key, step.left, step.alone), ("per-instance", after, before - after));
        }
        prop_assert_eq!(steps.next(), None);
        prop_assert_eq!(&selection.mask, &alive);
        let kept: Vec<u64> = selection.kept.iter().map(|&p| frame.rows()[p as usize]).collect();
        let expected: Vec<u64> = last
            .keys()
            .copied()
            .filter(|&row| alive[frame.position(row).unwrap()])
            .collect();
        prop_assert_eq!(kept, expected);
    }
}

fn selection(rows: &[Measurements], query: &str) -> Selection {
    let (recipe, notices) = tracesift_core::recipe::address::parse(query);
    assert_eq!(notices, []);
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    select(&frame, &recipe.filters, recipe.reading.seed)
}

fn rows() -> Vec<Measurements> {
    let mut rows: Vec<Measurements> = (0..4)
        .map(|row| Measurements {
            row,
            outcome: Outcome::ALL[usize::try_from(row).unwrap()],
            ..Measurements::default()
        })
        .collect();
    rows[0].labels.language = Some(Cow::Borrowed("Python"));
    rows[1].labels.language = Some(Cow::Borrowed("Go"));
    rows[1].tokens = Some(TokenCounts {
        user: 50_000,
        ..TokenCounts::default()
    });
    rows[2].tokens = Some(TokenCounts {
        user: 10,
        ..TokenCounts::default()
    });
    rows
}

#[test]
fn without_rules_every_row_is_kept_and_the_funnel_is_empty() {
    let selection = selection(&rows(), "");
    assert_eq!(selection.mask, [true; 4]);
    assert_eq!(selection.kept, [0, 1, 2, 3]);
    assert_eq!(selection.steps, []);
}

#[test]
fn a_step_says_how_many_rows_fail_because_nothing_is_known() {
    let step = |query| selection(&rows(), query).steps.remove(0);
    assert_eq!(
        (step("tokens=..32768").left, step("tokens=..32768").unknown),
        (1, 2)
    );
    assert_eq!(
        (
            step("language=Python").left,
            step("language=Python").unknown
        ),
        (1, 2)
    );
    assert_eq!(
        (
            step("language=!Python").left,
            step("language=!Python").unknown
        ),
        (3, 0)
    );
    assert_eq!(
        (step("language=none").left, step("language=none").unknown),
        (2, 0)
    );
    assert_eq!(
        (
            step("outcome=success").left,
            step("outcome=success").unknown
        ),
        (1, 1)
    );
    assert_eq!(
        (
            step("outcome=unknown").left,
            step("outcome=unknown").unknown
        ),
        (1, 0)
    );
    assert_eq!(
        (step("patch=present").left, step("patch=present").unknown),
        (0, 0)
    );
}

#[test]
fn a_rule_is_said_in_words() {
    let query = "outcome=success,partial&language=Python,Go,!Rust&license=!MIT&tool=bash,!browser&flag=!empty-patch,!repaired\
        &tokens=..32768&turns=5..50&calls=3..3&added=1..&overlap=0.25..&patch=present&per-instance=2&prefer=success,shorter&difficulty=!never,!always";
    let words: Vec<String> = selection(&[], query)
        .steps
        .into_iter()
        .map(|step| step.words)
        .collect();
    let expected = [
        "outcome is success or partial",
        "language is Python or Go, is not Rust",
        "license is not MIT",
        "uses bash, does not use browser",
        "not flagged empty patch or repaired by a guess",
        "difficulty is not never or always",
        "tokens at most 32,768",
        "turns from 5 to 50",
        "tool calls exactly 3",
        "lines added at least 1",
        "overlap of files at least 0.25",
        "patch is present",
        "at most 2 rows of one instance, successes first, then shorter runs first",
    ];
    assert_eq!(words, expected);
    let flagged = selection(
        &[],
        "flag=loop-same,big-patch,secrets&signs=loop-same:6,big-patch:90",
    );
    assert_eq!(
        flagged.steps[0].words,
        "flagged same call, same result (at least 6), big patch (more than 90) or keys and tokens"
    );
    let many = selection(&[], "repo=a,b,c,d,e,f,g").steps.remove(0).words;
    assert_eq!(many, "repository is a, b, c, d, e or 2 more");
}

#[test]
fn tools_are_told_apart_however_many_there_are() {
    let tool = |at: u64| ToolUse {
        name: format!("tool{at}"),
        calls: 1,
        errors: 0,
    };
    let mut frame = Frame::default();
    for row in 0..200 {
        frame.push(&Measurements {
            row,
            tools: vec![tool(row), tool(row / 2)],
            ..Measurements::default()
        });
    }
    for at in [0, 40, 62, 63, 64, 99, 130, 199] {
        let has_tool = |row: &u32| [row, &(row / 2)].contains(&&at);
        let mut filters = Filters::default();
        filters.toggle(ListKey::Tool, &format!("tool{at}"));
        let expected: Vec<u32> = (0..200).filter(has_tool).collect();
        assert_eq!(select(&frame, &filters, 1).kept, expected, "tool{at}");
        let mut filters = Filters::default();
        filters.toggle_out(ListKey::Tool, &format!("tool{at}"));
        let expected: Vec<u32> = (0..200).filter(|row| !has_tool(row)).collect();
        assert_eq!(select(&frame, &filters, 1).kept, expected, "not tool{at}");
    }
}

#[test]
fn a_tool_stands_for_its_verbs_and_not_for_longer_names() {
    let mut rows = rows();
    let tool = |name: &str| {
        vec![ToolUse {
            name: name.to_owned(),
            calls: 1,
            errors: 0,
        }]
    };
    rows[0].tools = tool("editor:view");
    rows[1].tools = tool("editor");
    rows[2].tools = tool("editor2:view");
    assert_eq!(selection(&rows, "tool=editor").kept, [0, 1]);
    assert_eq!(selection(&rows, "tool=editor:view").kept, [0]);
    assert_eq!(selection(&rows, "tool=!editor").kept, [2, 3]);
    assert_eq!(selection(&rows, "tool=none").kept, [3]);
}

#[test]
fn labels_are_told_apart_by_case() {
    assert_eq!(selection(&rows(), "language=python").kept, [] as [u32; 0]);
    assert!(ListKey::Language.label() == Some(Label::Language));
}

/// A row of a survey: what no text decides.
fn surveyed(row: u64, outcome: Outcome, files: Option<u64>) -> Measurements {
    let model = Declared {
        files,
        lines: Some(7),
    };
    Measurements {
        row,
        outcome,
        turns: 3,
        declared: Some(DeclaredPatches {
            model,
            ..DeclaredPatches::default()
        }),
        ..Measurements::default()
    }
}

#[test]
fn in_a_survey_rules_that_need_texts_wait_and_the_others_count() {
    let mut rows = vec![
        surveyed(0, Outcome::Success, Some(1)),
        surveyed(1, Outcome::Failure, Some(0)),
        surveyed(2, Outcome::Success, Some(0)),
    ];
    let rules = "outcome=success&tokens=1..&added=1..&patch=present&turns=1..&flag=!unpaired";
    let chosen = selection(&rows, rules);
    assert_eq!(chosen.kept, [0]);
    let waiting: Vec<&str> = chosen
        .steps
        .iter()
        .filter(|s| s.is_waiting)
        .map(|s| &*s.key)
        .collect();
    assert_eq!(waiting, ["flag", "tokens", "added"]);
    assert!(chosen.waits_for_patches());

    // Where nothing is stated of the patch, a rule on it waits, too.
    let unstated: Vec<Measurements> = (0..2)
        .map(|row| surveyed(row, Outcome::Success, None))
        .collect();
    let chosen = selection(&unstated, "patch=present&files=1..");
    assert_eq!(chosen.kept, [0, 1]);
    assert!(chosen.waits_for_patches());

    // With the patches read, rules on them count; with a row measured, all do.
    rows[0].patch = Some(PatchCounts {
        files: 1,
        ..PatchCounts::default()
    });
    let chosen = selection(&rows, "added=1..");
    assert_eq!(chosen.kept, [] as [u32; 0]);
    assert!(!chosen.waits_for_patches());
    rows[2] = Measurements {
        row: 2,
        outcome: Outcome::Success,
        tokens: Some(TokenCounts::default()),
        ..Measurements::default()
    };
    let chosen = selection(&rows, "tokens=0..");
    assert_eq!(chosen.kept, [2]);
    assert_eq!(chosen.steps[0].unknown, 2);
}
