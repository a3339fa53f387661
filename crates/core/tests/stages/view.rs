//! What the reader is given of a trajectory: folded texts, arguments laid out, patches as diffs.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use tracesift_testing::growth::assert_linear;
use tracesift_testing::trajectory; // made by hand

use proptest::prelude::*;
use tracesift_core::calls::CallResult;
use tracesift_core::measure::measure;
use tracesift_core::patch::{FileStatus, LineKind, count, lines, parse};
use tracesift_core::search::Part;
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{CallAt, Repair, Role, Tool, Trajectory};
use tracesift_core::view::{DiffView, HEAD_BYTES, LINES, View, diff_more, full_text, pieces, view};

use trajectory::{add_call, message};

/// A task, one turn with one call, its answer.
fn with_call<'a>(arguments: &'a str, observation: &'a str) -> Trajectory<'a> {
    let mut trajectory = Trajectory {
        messages: vec![message(Role::User, "Fix it.")],
        tools: vec![Tool {
            name: "bash".into(),
            schema: "{}".into(),
        }],
        ..Trajectory::default()
    };
    add_call(
        &mut trajectory,
        "str_replace_editor",
        arguments,
        Some(observation),
    );
    let turn = &mut trajectory.messages[1];
    turn.text = "I look.".into();
    turn.reasoning = "Where?".into();
    trajectory
}

fn with_patch(patch: &str) -> View {
    let trajectory = Trajectory {
        model_patch: Some(patch.into()),
        ..Trajectory::default()
    };
    view(&trajectory, 0, None)
}

#[test]
fn a_trajectory_is_laid_out_message_by_message() {
    let mut trajectory = with_call(
        r#"{"command": "view", "path": "/a"}"#,
        "ERROR:\nThe path /a does not exist.\n",
    );
    trajectory.repairs.add(Repair::CallIdMade, 2);
    let counter = Counter::new(Tokenizer::Qwen2);
    let seen = view(&trajectory, 7, Some(&counter));

    assert_eq!(seen.measured, measure(7, 0, &trajectory, Some(&counter)));
    assert_eq!(seen.tools, ["bash"]);
    assert_eq!(
        seen.repairs,
        [("a tool call was given an id".to_owned(), 2)]
    );
    assert_eq!(seen.turns.len(), 3);
    let turn = &seen.turns[1];
    assert_eq!(
        (
            turn.index,
            turn.role,
            turn.text.head.as_str(),
            turn.reasoning.head.as_str()
        ),
        (1, Role::Assistant, "I look.", "Where?")
    );
    let call = &turn.calls[0];
    assert_eq!(
        (call.name.as_str(), call.result, call.answer),
        ("str_replace_editor", CallResult::Error, Some(2))
    );
    assert_eq!(
        seen.turns[2].answers,
        Some(CallAt {
            message: 1,
            call: 0
        })
    );
    assert_eq!(
        (seen.turns[2].text.bytes, seen.turns[2].text.lines),
        (35, 2)
    );
    let tokens: u64 = seen.turns.iter().map(|turn| turn.tokens.unwrap()).sum();
    assert_eq!(
        tokens + u64::from(seen.measured.tokens.unwrap().tools),
        seen.measured.tokens.unwrap().total()
    );
    assert_eq!((seen.patch.clone(), seen.reference.clone()), (None, None));

    let json = serde_json::to_string(&seen).unwrap();
    assert_eq!(serde_json::from_str::<View>(&json).unwrap(), seen);
    assert_eq!(view(&trajectory, 7, None).turns[1].tokens, None);
}

#[test]
fn arguments_are_shown_by_name_texts_without_escapes_and_all_else_indented() {
    let arguments = "{\"path\":\"/a\\nb\",\"n\":1.50,\"list\":[1,{\"a\":[],\"b \\\" [\":{ }}],\"bad\":\"\\ud800\",\"path\":null}";
    let trajectory = with_call(arguments, "");
    let seen = view(&trajectory, 0, None);
    let shown: Vec<_> = seen.turns[1].calls[0]
        .arguments
        .iter()
        .map(|(k, v)| (k.as_str(), v.head.as_str()))
        .collect();
    let list = "[\n  1,\n  {\n    \"a\": [],\n    \"b \\\" [\": {}\n  }\n]";
    assert_eq!(
        shown,
        [
            ("path", "/a\nb"),
            ("n", "1.50"),
            ("list", list),
            ("bad", "\"\\ud800\""),
            ("path", "null")
        ]
    );
    for (at, (_, text)) in shown.iter().enumerate() {
        let part = Part::Argument {
            call: 0,
            argument: at,
        };
        assert_eq!(full_text(&trajectory, 1, part).as_deref(), Some(*text));
    }
    assert_eq!(
        full_text(
            &trajectory,
            1,
            Part::Argument {
                call: 0,
                argument: 5
            }
        ),
        None
    );
    assert_eq!(
        full_text(
            &trajectory,
            1,
            Part::Argument {
                call: 1,
                argument: 0
            }
        ),
        None
    );
}

#[test]
fn arguments_that_are_no_object_are_shown_as_they_stand() {
    for (arguments, shown) in [
        ("ls -la", vec![("", "ls -la")]),
        ("[1]", vec![("", "[1]")]),
        ("{\"a\": 1", vec![("", "{\"a\": 1")]),
        ("", vec![]),
        ("{}", vec![]),
    ] {
        let seen = view(&with_call(arguments, ""), 0, None);
        let laid_out: Vec<_> = seen.turns[1].calls[0]
            .arguments
            .iter()
            .map(|(k, v)| (k.as_str(), v.head.as_str()))
            .collect();
        assert_eq!(laid_out, shown);
    }
}

#[test]
fn a_long_text_is_folded_at_a_letter_and_unfolded_whole() {
    let long = format!("x{}\n", "ä\n".repeat(5_000));
    let trajectory = with_call("{}", &long);
    let text = view(&trajectory, 0, None).turns[2].text.clone();
    assert!(text.is_folded());
    assert_eq!((text.bytes, text.lines), (long.len(), 5_001));
    assert!(long.starts_with(&text.head));
    assert!((HEAD_BYTES - 3..=HEAD_BYTES).contains(&text.head.len()));
    assert_eq!(full_text(&trajectory, 2, Part::Text), Some(long.clone()));
    assert_eq!(
        full_text(&trajectory, 1, Part::Reasoning).as_deref(),
        Some("Where?")
    );
    assert_eq!(full_text(&trajectory, 3, Part::Text), None);
}

#[test]
fn a_patch_is_shown_with_its_files_its_lines_and_the_words_that_differ() {
    let patch = "diff --git a/x.py b/y.py\nsimilarity index 90%\nrename from x.py\nrename to y.py\n--- a/x.py\n+++ b/y.py\n\
                 @@ -1,3 +1,3 @@ def f():\n a\r\n-    return old_value + 1\n-b\n\\ No newline at end of file\n+    return new_value + 2\n+completely different\n";
    let seen = with_patch(patch).patch.unwrap();
    let file = &seen.files[0];
    assert_eq!(
        (file.path.as_str(), file.old_path.as_deref(), file.status),
        ("y.py", Some("x.py"), FileStatus::Renamed)
    );
    assert_eq!(
        (file.added, file.deleted, file.line, seen.total_files),
        (2, 2, 0, 1)
    );
    assert_eq!(
        (seen.total_lines, seen.lines.len(), seen.torn),
        (13, 13, false)
    );
    let from_hunk: Vec<_> = seen.lines[6..]
        .iter()
        .map(|line| (line.kind, line.text.as_str()))
        .collect();
    use LineKind::{Added, Context, Deleted, Hunk, Note};
    assert_eq!(
        from_hunk,
        [
            (Hunk, "@@ -1,3 +1,3 @@ def f():"),
            (Context, "a"),
            (Deleted, "    return old_value + 1"),
            (Deleted, "b"),
            (Note, "\\ No newline at end of file"),
            (Added, "    return new_value + 2"),
            (Added, "completely different"),
        ]
    );
    let emphasized = |at: usize| -> Vec<_> {
        let line = &seen.lines[at];
        line.emphasis
            .iter()
            .map(|(start, end)| &line.text[*start..*end])
            .collect()
    };
    assert_eq!(emphasized(8), ["old_value", "1"]);
    assert_eq!(emphasized(11), ["new_value", "2"]);
    assert_eq!(emphasized(9), [""; 0]);
    assert_eq!(emphasized(12), [""; 0]);
}

#[test]
fn a_long_patch_comes_in_pages_and_a_run_over_their_border_keeps_its_words() {
    let n = 3_000;
    let old: String = (0..n).map(|n| format!("-let x{n} = 1;\n")).collect();
    let new: String = (0..n).map(|n| format!("+let x{n} = 2;\n")).collect();
    let patch = format!("--- a/x\n+++ b/x\n@@ -1,{n} +1,{n} @@\n{old}{new}");
    let seen = with_patch(&patch).patch.unwrap();
    assert_eq!((seen.total_lines, seen.lines.len()), (6_003, LINES));
    let mut all = seen.lines;
    while all.len() < seen.total_lines {
        all.extend(diff_more(&patch, all.len()));
    }
    assert_eq!(all.len(), 6_003);
    assert!(all[3..].iter().all(|line| line.emphasis.len() == 1));
    assert_eq!(diff_more(&patch, 6_003), []);
    assert_eq!(diff_more(&patch, usize::MAX), []);
}

#[test]
fn a_hostile_row_is_laid_out_in_linear_time() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let escaped = |count: usize| format!("{{\"a\":\"{}\"}}", "\\u65e5 ".repeat(count));
    let laid_out = |text: &String| {
        let seen = view(&with_call(text, text), 0, None);
        assert!(serde_json::to_string(&seen).unwrap().len() < 64 * 1024);
    };
    assert_linear(20_000, nested, laid_out);
    assert_linear(50_000, escaped, laid_out);
    let patch = |lines: usize| {
        let deleted: String = (0..lines)
            .map(|n| format!("-{}{n}\n", "a b ".repeat(90)))
            .collect();
        let added = deleted.replace('-', "+").replace("a b", "b a");
        format!("--- a/x\n+++ b/x\n@@ -1,{lines} +1,{lines} @@\n{deleted}{added}")
    };
    assert_linear(4_000, patch, |patch| {
        let seen = with_patch(patch).patch.unwrap();
        let all = patch.lines().count();
        assert_eq!((seen.total_lines, seen.lines.len()), (all, LINES));
        assert_eq!(diff_more(patch, all - 3).len(), 3);
    });
    let long_line = |bytes: usize| {
        format!(
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{0}\n+{0}",
            "x".repeat(bytes)
        )
    };
    assert_linear(500_000, long_line, |patch| {
        let bytes = (patch.len() - 31) / 2;
        let seen = with_patch(patch).patch.unwrap();
        assert_eq!(seen.lines[3].cut, bytes - 2_000);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_the_text_and_lie_in_the_ranges_that_cover_them(
        length in 0..40_usize,
        layers in proptest::array::uniform3(proptest::collection::vec((0..6_usize, 0..6_usize), 0..6)),
    ) {
        let layers = layers.map(|layer| {
            let mut at = 0;
            let ranges = layer.into_iter().map(|(gap, length)| {
                let start = at + gap;
                at = start + length;
                (start, at)
            });
            ranges.collect::<Vec<_>>()
        });
        let cut = pieces(length, [&layers[0], &layers[1], &layers[2]]);
        let mut at = 0;
        for piece in &cut {
            prop_assert!(piece.start == at && piece.end > at);
            at = piece.end;
            for (ranges, within) in layers.iter().zip(piece.of) {
                for byte in piece.start..piece.end {
                    let of = ranges.iter().position(|(start, end)| (*start..*end).contains(&byte));
                    prop_assert_eq!(within, of);
                }
            }
        }
        prop_assert_eq!(at, length);
    }

    #[test]
    fn a_diff_shows_every_line_and_its_emphasis_fits(
        pieces in proptest::collection::vec(prop_oneof![
            proptest::sample::select(vec!["diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -1,3 +1,3 @@", "-a b c", "+a b d", " a", "\\ x", "+日本 x", "-日本 y"]).prop_map(str::to_owned),
            "[-+ ]?.{0,12}",
        ], 0..40),
        arguments in "\\PC{0,40}",
    ) {
        let patch = pieces.join("\n");
        let seen: DiffView = with_patch(&patch).patch.unwrap();
        let kinds: Vec<_> = lines(&patch).map(|line| line.kind).collect();
        prop_assert_eq!(seen.lines.iter().map(|line| line.kind).collect::<Vec<_>>(), kinds);
        prop_assert_eq!(seen.files.len(), parse(&patch).files.len());
        let counts = count(&parse(&patch));
        prop_assert_eq!(seen.files.iter().map(|file| file.added).sum::<usize>(), counts.added as usize);
        for line in &seen.lines {
            let mut at = 0;
            for (start, end) in &line.emphasis {
                prop_assert!(at <= *start && line.text.get(*start..*end).is_some_and(|text| !text.is_empty()));
                at = *end;
            }
        }
        prop_assert_eq!(&diff_more(&patch, 1)[..], seen.lines.get(1..).unwrap_or_default());
        view(&with_call(&arguments, &patch), 0, None);
    }
}
