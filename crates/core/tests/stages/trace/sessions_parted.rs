//! Sessions parted into their runs: several in one file, branches, what was taken back, subagents.
//! Which values are of which run is told apart from what they say.

use serde_json::{Value, json};
use tracesift_core::trace::{Reported, Thread, session_runs};

use crate::trace::sessions::{SESSIONS, labels, reported, rows_of, told, values};
use crate::trace::shared::{read, said};

#[test]
fn each_run_of_a_session_is_told_and_parted_the_same_by_itself() {
    for (dialect, name, _) in SESSIONS {
        for row in rows_of(dialect).iter().filter(|row| row.starts_with('[')) {
            let (_, runs) = told(&values(row)).unwrap();
            for (thread, run) in runs {
                let (again, parts) = told(&values(&run)).unwrap();
                assert_eq!((again, parts.len()), (*name, 1), "{run}");
                assert_eq!(
                    parts[0].0 == Thread::Subagent,
                    thread == Thread::Subagent,
                    "{run}"
                );
            }
        }
    }
}

#[test]
fn a_claude_code_stream_has_its_subagent_as_a_run_of_its_own() {
    let rows = rows_of("claude_code");
    let (_, runs) = told(&values(&rows[1])).unwrap();
    assert_eq!(runs.len(), 2);
    let main = read(&runs[0].1);
    assert_eq!(labels(&main), ["claude-code", "kimi-k2.5", "s-st"]);
    let expected = [
        ("assistant", "I look."),
        ("tool", "seen"),
        ("assistant", "Done."),
    ];
    assert_eq!(said(&main), expected);
    let tools: Vec<&str> = main.tools.iter().map(|tool| &*tool.name).collect();
    assert_eq!(tools, ["Bash", "Task"]);
    assert_eq!(runs[1].0, Thread::Subagent);
    let expected = [("user", "look"), ("assistant", "seen")];
    assert_eq!(said(&read(&runs[1].1)), expected);
    // The row of all of its lines is the main run.
    assert_eq!(said(&read(&rows[1])), said(&main));
}

#[test]
fn messages_that_name_their_conversation_are_parted_by_it() {
    let lines = [
        r#"{"conversation_id":"A","role":"user","content":"a?"}"#,
        r#"{"conversation_id":7,"role":"user","content":"b?"}"#,
        r#"{"role":"assistant","content":"b!"}"#,
        r#"{"conversation_id":"A","role":"assistant","content":"a!"}"#,
    ];
    let runs: Vec<Vec<usize>> = session_runs(&lines)
        .into_iter()
        .map(|run| run.values)
        .collect();
    assert_eq!(runs, [vec![0, 3], vec![1, 2]]);
    let nameless = lines.map(|line| line.replace("conversation_id", "other"));
    assert_eq!(
        session_runs(&nameless.each_ref().map(|line| &**line)).len(),
        1
    );
}

#[test]
fn sessions_in_one_file_are_runs_of_their_own() {
    for dialect in ["codex", "pi", "droid", "claude_code", "copilot_cli"] {
        let row = &rows_of(dialect)[0];
        let mut lines = values(row);
        let own = session_runs(&lines.iter().map(String::as_str).collect::<Vec<_>>()).len();
        let other = lines.iter().map(|line| line.replace("\"s-", "\"other-"));
        let other: Vec<String> = other
            .map(|line| {
                line.replace("\"uuid\":\"", "\"uuid\":\"o")
                    .replace("\"parentUuid\":\"", "\"parentUuid\":\"o")
                    .replace("\"logicalParentUuid\":\"", "\"logicalParentUuid\":\"o")
            })
            .collect();
        lines.extend(other);
        let (_, runs) = told(&lines).unwrap();
        assert_eq!(runs.len(), 2 * own, "{dialect}");
        assert_eq!(said(&read(&runs[0].1)), said(&read(row)), "{dialect}");
        let (first, last) = (read(&runs[0].1), read(&runs[own].1));
        assert_eq!(said(&first), said(&last), "{dialect}");
        assert_ne!(labels(&first), labels(&last), "{dialect}");
    }
}

#[test]
fn a_forked_codex_session_goes_on_with_the_lines_of_the_other() {
    let line = |kind: &str, payload: Value| json!({"type": kind, "payload": payload}).to_string();
    let message = |role: &str, text: &str| {
        let content = json!([{"type": "text", "text": text}]);
        line(
            "response_item",
            json!({"type": "message", "role": role, "content": content}),
        )
    };
    let lines = [
        line(
            "session_meta",
            json!({"id": "b", "forked_from_id": "a", "source": {"subagent": "review"}}),
        ),
        line("session_meta", json!({"id": "a"})),
        message("user", "Go."),
        message("assistant", "Gone."),
    ];
    let (_, runs) = told(&lines).unwrap();
    assert_eq!((runs.len(), runs[0].0), (1, Thread::Subagent));
    assert_eq!(labels(&read(&runs[0].1))[2], "b");
}

#[test]
fn turns_of_a_codex_session_that_were_taken_back_are_a_branch() {
    let item = |payload: Value| json!({"type": "response_item", "payload": payload}).to_string();
    let message =
        |role: &str, text: &str| item(json!({"type": "message", "role": role, "content": text}));
    let lines = [
        json!({"type": "session_meta", "payload": {"id": "s"}}).to_string(),
        message("user", "a"),
        message("assistant", "b"),
        message("user", "c"),
        message("assistant", "d"),
        json!({"type": "event_msg", "payload": {"type": "thread_rolled_back", "num_turns": 1}})
            .to_string(),
        message("user", "e"),
        message("assistant", "f"),
    ];
    let (_, runs) = told(&lines).unwrap();
    let texts = |row: &str| {
        let read = read(row);
        said(&read)
            .into_iter()
            .map(|(_, text)| text)
            .collect::<String>()
    };
    let runs: Vec<(Thread, String)> = runs
        .iter()
        .map(|(thread, row)| (*thread, texts(row)))
        .collect();
    let expected = [
        (Thread::Main, "abef".to_owned()),
        (Thread::Branch, "abcd".to_owned()),
    ];
    assert_eq!(runs, expected);
}

#[test]
fn a_branch_of_a_pi_session_is_a_run_where_it_was_answered() {
    let entry = |id: &str, parent: Option<&str>, role: &str, text: &str| {
        json!({"type": "message", "id": id, "parentId": parent, "message": {"role": role, "content": text}}).to_string()
    };
    let lines = [
        json!({"type": "session", "version": 3, "id": "s"}).to_string(),
        entry("1", None, "user", "a"),
        entry("2", Some("1"), "assistant", "b"),
        entry("3", Some("2"), "user", "c"),
        entry("4", Some("3"), "assistant", "d"),
        entry("5", Some("2"), "user", "given up"),
        entry("6", Some("2"), "user", "e"),
        entry("7", Some("6"), "assistant", "f"),
    ];
    let (_, runs) = told(&lines).unwrap();
    let texts = |row: &str| {
        let texts: Vec<String> = said(&read(row))
            .into_iter()
            .map(|(_, text)| text.to_owned())
            .collect();
        texts.join("")
    };
    let runs: Vec<(Thread, String)> = runs
        .iter()
        .map(|(thread, row)| (*thread, texts(row)))
        .collect();
    let expected = [
        (Thread::Main, "abef".to_owned()),
        (Thread::Branch, "abcd".to_owned()),
    ];
    assert_eq!(runs, expected);
}

#[test]
fn a_rewound_gemini_session_leaves_out_what_was_taken_back() {
    let rows = rows_of("gemini_cli");
    let expected = [
        ("user", "Read a.py and b.py."),
        ("assistant", "I read."),
        ("tool", "x = 1"),
        ("tool", r#"{"error":"no such file"}"#),
        ("assistant", "x is 1."),
    ];
    for row in &rows {
        let t = read(row);
        assert_eq!(said(&t), expected);
        assert_eq!(t.messages[1].reasoning, "Plan — read both\n\nthen tell");
        assert_eq!(reported(&t), [Some(Reported::Ok), Some(Reported::Error)]);
    }
}
