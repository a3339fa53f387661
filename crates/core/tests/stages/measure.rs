//! What `measure` counts of a trajectory, one definition a test.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use tracesift_testing::trajectory; // made by hand

use std::borrow::Cow;

use proptest::prelude::*;
use tracesift_core::calls::{CallResult, call_result, tool_name};
use tracesift_core::measure::{Measurements, ToolUse, measure};
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{Labels, Outcome, Repair, Role, RowContext, Trajectory, read};

use trajectory::{add_call, message};

/// A trajectory of one call per turn: tool, arguments, observation.
fn of_calls<'a>(calls: &[(&'a str, &'a str, Option<&'a str>)]) -> Trajectory<'a> {
    let mut trajectory = Trajectory {
        messages: vec![
            message(Role::System, "be good"),
            message(Role::User, "fix it"),
        ],
        ..Trajectory::default()
    };
    for (name, arguments, observation) in calls {
        add_call(&mut trajectory, name, *arguments, *observation);
    }
    trajectory
}

fn results(trajectory: &Trajectory) -> Vec<CallResult> {
    (0..trajectory.messages.len())
        .filter_map(|message| call_result(trajectory, message, 0))
        .collect()
}

#[test]
fn a_row_is_counted_by_the_definitions() {
    let mut trajectory = of_calls(&[
        (
            "str_replace_editor",
            r#"{"command": "view", "path": "/a"}"#,
            Some("Here's the result of running `cat -n` on /a"),
        ),
        (
            "str_replace_editor",
            r#"{"command": "view", "path": "/b"}"#,
            Some("OBSERVATION:\nERROR:\nThe path /b does not exist."),
        ),
        (
            "bash",
            r#"{"command": "pytest"}"#,
            Some("1 failed\n[Command finished with exit code 1]"),
        ),
        (
            "bash",
            r#"{"command": "ls x"}"#,
            Some("ls: x\n[Command finished with exit code 2]"),
        ),
        ("bash", "ls", Some("[Command finished with exit code 0]")),
        ("submit", "", None),
    ]);
    trajectory.messages.push(message(Role::Tool, "for no one"));
    trajectory.outcome = Outcome::Success;
    trajectory.labels = Labels {
        repo: Some("a/b".into()),
        license: Some("ä".repeat(1000).into()),
        ..Labels::default()
    };
    trajectory.repairs.add(Repair::CallIdMade, 3);
    trajectory.model_patch = Some("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b".into());
    trajectory.reference_patch = Some("".into());

    let tool = |name: &str, calls, errors| ToolUse {
        name: name.into(),
        calls,
        errors,
    };
    let measured = measure(7, 1234, &trajectory, None);
    let patch = measured.patch.clone().unwrap();
    assert_eq!(
        (patch.files, patch.added, patch.deleted, patch.modified),
        (1, 1, 1, 1)
    );
    assert_eq!(
        measured.labels.license.as_deref(),
        Some("ä".repeat(64).as_str())
    );
    let expected = Measurements {
        declared: None,
        row: 7,
        labels: measured.labels.clone(),
        outcome: Outcome::Success,
        messages: 14,
        turns: 6,
        calls: 6,
        errors: 2,
        first_error: Some(2),
        nonzero_exits: 1,
        unanswered: 1,
        orphans: 1,
        bad_arguments: 2,
        tools: vec![
            tool("bash", 3, 1),
            tool("str_replace_editor:view", 2, 1),
            tool("submit", 1, 0),
        ],
        patch: Some(patch),
        reference: Some(Default::default()),
        overlap: None,
        tokens: None,
        unrendered: None,
        bytes: 1234,
        repairs: trajectory.repairs.clone(),
        unread_call: None,
        signs: measured.signs.clone(),
    };
    assert_eq!(measured, expected);
    assert_eq!(measured.labels.repo.as_deref(), Some("a/b"));

    let json = serde_json::to_string(&measured).unwrap();
    assert_eq!(
        serde_json::from_str::<Measurements>(&json).unwrap(),
        measured
    );
}

#[test]
fn a_failing_test_run_is_a_nonzero_exit_and_any_other_failing_command_an_error() {
    let failed = Some("OBSERVATION:\nx\n[Command finished with exit code 1]");
    let trajectory = of_calls(&[
        (
            "execute_bash",
            r#"{"command": "cd /a && python -m pytest -x"}"#,
            failed,
        ),
        (
            "execute_bash",
            r#"{"command": "python /a/reproduce_error.py"}"#,
            failed,
        ),
        (
            "execute_bash",
            r#"{"command": "mypy /a/reproduce_error.py"}"#,
            failed,
        ),
        (
            "execute_bash",
            r#"{"cmd": ["bash", "-lc", "go test ./..."]}"#,
            failed,
        ),
        ("execute_bash", "pytest", failed),
        ("execute_bash", r#"{"code": "pytest"}"#, failed),
        (
            "execute_bash",
            r#"{"command": "pytest"}"#,
            Some("<returncode>-1</returncode>"),
        ),
        (
            "execute_bash",
            r#"{"command": "pytest"}"#,
            Some(r#"{"returncode": 127, "output": ""}"#),
        ),
        (
            "execute_bash",
            r#"{"command": "pytest"}"#,
            Some(r#"{"returncode": 2, "output": ""}"#),
        ),
        (
            "execute_bash",
            r#"{"command": "pytest"}"#,
            Some("1 failed, error, Traceback, ERROR:"),
        ),
        ("execute_bash", r#"{"command": "pytest"}"#, None),
    ]);
    use CallResult::{Error, NonzeroExit, Ok, Unanswered};
    assert_eq!(
        results(&trajectory),
        [
            NonzeroExit,
            NonzeroExit,
            Error,
            NonzeroExit,
            NonzeroExit,
            Error,
            Error,
            Error,
            NonzeroExit,
            Ok,
            Unanswered
        ]
    );
    assert_eq!(call_result(&trajectory, 2, 1), None);
    assert_eq!(call_result(&trajectory, 999, 0), None);
}

#[test]
fn a_tool_with_verbs_is_counted_by_verb_and_a_shell_never() {
    for (name, arguments, expected) in [
        (
            "str_replace_editor",
            r#"{"command":"undo_edit","path":"/a"}"#,
            "str_replace_editor:undo_edit",
        ),
        (
            "str_replace_editor",
            r#"{"path":"/a","file_text":"x","command":"create","command":"view"}"#,
            "str_replace_editor:view",
        ),
        (
            "str_replace_editor",
            r#"{"command":"vi\u0065w","path":"/a"}"#,
            "str_replace_editor:view",
        ),
        (
            "str_replace_editor",
            r#"{"command":"view"}"#,
            "str_replace_editor",
        ),
        (
            "str_replace_editor",
            r#"{"command":"view","path":null}"#,
            "str_replace_editor",
        ),
        (
            "str_replace_editor",
            r#"{"command":"View it","path":"/a"}"#,
            "str_replace_editor",
        ),
        (
            "str_replace_editor",
            r#"{"command":"view","path":"/a""#,
            "str_replace_editor",
        ),
        (
            "str_replace_editor",
            r#"{"command":3,"path":"/a"}"#,
            "str_replace_editor",
        ),
        (
            "execute_bash",
            r#"{"command":"ls","path":"/a"}"#,
            "execute_bash",
        ),
        ("bash", r#"{"command":"ls"}"#, "bash"),
        ("think", "", "think"),
    ] {
        assert_eq!(tool_name(name, arguments), expected, "{arguments}");
    }
}

#[test]
fn arguments_are_bad_unless_they_are_a_json_object() {
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    for (arguments, bad) in [
        ("{}", 0),
        (" {\"a\": {\"b\": [1, \"\\ud800\"]}}\n", 0),
        (deep.as_str(), 0),
        ("", 1),
        ("null", 1),
        ("[]", 1),
        ("\"{}\"", 1),
        ("{\"a\": 1", 1),
        ("{} {}", 1),
    ] {
        let measured = measure(0, 0, &of_calls(&[("x", arguments, Some(""))]), None);
        assert_eq!(measured.bad_arguments, bad, "{arguments:.40}");
    }
}

#[test]
fn what_is_kept_of_a_hostile_row_stays_small() {
    let names: Vec<String> = (0..5_000)
        .map(|n| format!("{n}{}", "x".repeat(10_000)))
        .collect();
    let calls: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), "{", None))
        .collect();
    let measured = measure(0, 0, &of_calls(&calls), None);
    assert_eq!(
        measured.tools.iter().map(|tool| tool.calls).sum::<u32>(),
        5_000
    );
    assert_eq!(measured.tools.last().unwrap().name, "…");
    assert!(serde_json::to_string(&measured).unwrap().len() < 8 * 1024);
}

#[test]
fn an_observation_of_5_mb_is_read_in_a_moment() {
    for piece in [
        "[x]\n",
        "{",
        "[Command finished with exit code ",
        "a",
        "sudo ",
        "bash -c '",
        "\"",
        "\\",
    ] {
        let long = piece.repeat(5_000_000 / piece.len());
        let arguments = serde_json::to_string(&serde_json::json!({ "command": long })).unwrap();
        let failed = format!("{long}\n[Command finished with exit code 1]");
        let trajectory = of_calls(&[
            ("bash", &arguments, Some(&failed)),
            ("x", &long, Some(&long)),
        ]);
        let start = std::time::Instant::now();
        let measured = measure(0, 0, &trajectory, None);
        assert_eq!((measured.calls, measured.unanswered), (2, 0));
        // Whatever is quadratic takes hours here.
        assert!(start.elapsed().as_secs() < 20, "{piece}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_call_is_counted_once(
        calls in proptest::collection::vec((".{0,12}", hostile_text(), proptest::option::of(hostile_text())), 0..12),
        patch in proptest::option::of(hostile_text()),
    ) {
        let calls: Vec<_> = calls.iter().map(|(n, a, o)| (n.as_str(), a.as_str(), o.as_deref())).collect();
        let mut trajectory = of_calls(&calls);
        trajectory.model_patch = patch.clone().map(Cow::Owned);
        trajectory.reference_patch = patch.map(Cow::Owned);
        let measured = measure(0, 0, &trajectory, None);
        let results = results(&trajectory);
        let times = |result| results.iter().filter(|r| **r == result).count() as u32;
        prop_assert_eq!(measured.calls as usize, calls.len());
        prop_assert_eq!(measured.errors, times(CallResult::Error));
        prop_assert_eq!(measured.nonzero_exits, times(CallResult::NonzeroExit));
        prop_assert_eq!(measured.unanswered, times(CallResult::Unanswered));
        prop_assert_eq!(measured.tools.iter().map(|tool| tool.calls).sum::<u32>(), measured.calls);
        prop_assert_eq!(measured.tools.iter().map(|tool| tool.errors).sum::<u32>(), measured.errors);
        prop_assert_eq!(measured.patch, measured.reference);
    }
}

fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "{",
            "}",
            "\"command\":",
            "\"path\":",
            "\"pytest\"",
            ",",
            "[Command finished with exit code 1]",
            "\n",
            "ERROR:",
            "<returncode>",
            "</returncode>",
            "1",
            "OBSERVATION:",
            "EXECUTION RESULT of [",
            "]:",
            "'",
            "\\",
            "[",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

// ---- whole rows

/// The files of rows and what they measure. Those of the real rows, with Qwen's tokens, were checked by hand and by a
/// script of its own that reads the rows' JSON in Python, asks `git apply --numstat` and counts tokens with the vendor's
/// tokenizer. The rows that stand in for them, made by hand in the same dialects, were counted by hand, without tokens.
const GOLDEN: [(&str, &str, &str, &str); 3] = [
    (
        "nebius-swe-agent.jsonl",
        include_str!("../fixtures/golden/nebius-swe-agent.json"),
        include_str!("../fixtures/rows/nebius-swe-agent.jsonl"),
        include_str!("../fixtures/rows/nebius-swe-agent.json"),
    ),
    (
        "swe-gym-openhands.jsonl",
        include_str!("../fixtures/golden/swe-gym-openhands.json"),
        include_str!("../fixtures/rows/swe-gym-openhands.jsonl"),
        include_str!("../fixtures/rows/swe-gym-openhands.json"),
    ),
    (
        "swe-smith-xml.jsonl",
        include_str!("../fixtures/golden/swe-smith-xml.json"),
        include_str!("../fixtures/rows/swe-smith-xml.jsonl"),
        include_str!("../fixtures/rows/swe-smith-xml.json"),
    ),
];

/// Measures every row of a file and compares with what was counted by hand.
fn assert_measured(file: &str, rows: &str, golden: &str, counter: Option<&Counter>) {
    let golden: Vec<Measurements> = serde_json::from_str(golden).unwrap();
    assert_eq!(rows.lines().count(), golden.len(), "{file}");
    for ((index, row), golden) in rows.lines().enumerate().zip(golden) {
        let trajectory = read(row, &RowContext::default()).unwrap();
        let mut measured = measure(index as u64, row.len() as u64, &trajectory, counter);
        // The fixture holds numbers only; the instance tells the row.
        measured.labels = Labels {
            instance_id: measured.labels.instance_id,
            ..Labels::default()
        };
        // Saved by shortening: compared with each observation's count in tests/tokens.rs.
        if let Some(tokens) = &mut measured.tokens {
            tokens.beyond = Default::default();
        }
        // The signs of these rows stand in a test of their own.
        measured.signs = Default::default();
        assert_eq!(measured, golden, "{file} {index}");
    }
}

#[test]
fn whole_rows_measure_as_counted_by_hand() {
    let counter = Counter::new(Tokenizer::Qwen2);
    for (file, golden, made, counted) in GOLDEN {
        assert_measured(file, made, counted, None);
        if let Some(folder) = std::env::var_os("TRACESIFT_TRACES") {
            let real = std::fs::read_to_string(std::path::Path::new(&folder).join(file)).unwrap();
            assert_measured(file, &real, golden, Some(&counter));
        }
    }
}
