//! Sessions of agents: how they are told, parted into runs and read; that rows are never taken for one.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tracesift_core::trace::{
    Repair, Reported, Role, Thread, Trajectory, session_name, session_runs,
};

use crate::trace::shared::{answered, assert_paired, called, read, repaired, said};

fn fixtures(folder: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(folder)
}

/// The values of a session: the elements of a list, or the lines of a text.
fn values(text: &str) -> Vec<String> {
    match serde_json::from_str(text) {
        Ok(Value::Array(elements)) => elements.iter().map(Value::to_string).collect(),
        _ => text.lines().map(str::to_owned).collect(),
    }
}

/// What the values are called, and the rows of their runs.
fn told(values: &[String]) -> Option<(&'static str, Vec<(Thread, String)>)> {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let name = session_name(&values)?;
    let runs = session_runs(&values).into_iter().map(|run| {
        let own: Vec<&str> = run.values.iter().map(|at| values[*at]).collect();
        (run.thread, format!("[{}]", own.join(",")))
    });
    Some((name, runs.collect()))
}

/// The rows of the fixture of a dialect.
fn rows_of(dialect: &str) -> Vec<String> {
    let path = fixtures("dialects").join(dialect).with_extension("jsonl");
    let rows = std::fs::read_to_string(path).unwrap();
    rows.lines().map(str::to_owned).collect()
}

/// Harness, teacher and the run's name.
fn labels<'t>(trajectory: &'t Trajectory) -> [&'t str; 3] {
    let labels = &trajectory.labels;
    [&labels.harness, &labels.teacher, &labels.trajectory_id]
        .map(|label| label.as_deref().unwrap_or_default())
}

fn reported(trajectory: &Trajectory) -> Vec<Option<Reported>> {
    let observations = trajectory.messages.iter().filter(|m| m.role == Role::Tool);
    observations.map(|m| m.reported).collect()
}

/// The sessions among the dialects: their files, the names of what their rows are, and the harness.
const SESSIONS: &[(&str, &str, &[&str])] = &[
    ("amp", "", &["amp"]),
    (
        "claude_code",
        "Claude Code session",
        &["claude-code", "claude-code"],
    ),
    ("claude_web", "", &["claude.ai", "claude.ai"]),
    ("codex", "Codex session", &["codex", "codex"]),
    ("codex_exec", "stream of Codex", &["codex"]),
    ("copilot_cli", "Copilot CLI session", &["copilot-cli"]),
    ("cursor", "Cursor session", &["cursor", "cursor"]),
    ("droid", "Droid session", &["droid"]),
    (
        "gemini_cli",
        "Gemini CLI session",
        &["gemini-cli", "gemini-cli"],
    ),
    (
        "hermes_session",
        "Hermes session",
        &["hermes", "hermes", "hermes", "hermes"],
    ),
    ("letta", "Letta session", &["letta-code", "letta"]),
    ("omp", "OMP session", &["omp"]),
    ("openclaw", "OpenClaw session", &["openclaw"]),
    ("opencode", "OpenCode session", &["opencode", "opencode"]),
    ("pi", "Pi session", &["pi"]),
    ("sts", "session in the Hub's format", &["my-agent"]),
];

#[test]
fn every_session_is_told_by_its_first_values_and_labelled_with_its_harness() {
    for (dialect, name, harnesses) in SESSIONS {
        let rows = rows_of(dialect);
        assert_eq!(rows.len(), harnesses.len(), "{dialect}");
        for (row, harness) in rows.iter().zip(*harnesses) {
            if row.starts_with('[') {
                assert_eq!(told(&values(row)).unwrap().0, *name, "{row}");
            }
            assert_eq!(labels(&read(row))[0], *harness, "{row}");
        }
    }
}

#[test]
fn rows_are_never_taken_for_a_session() {
    for entry in std::fs::read_dir(fixtures("dialects")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_none_or(|extension| extension != "jsonl")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let rows: Vec<&str> = text.lines().filter(|row| row.starts_with('{')).collect();
        assert_eq!(session_name(&rows), None, "{}", path.display());
        for row in rows {
            assert_eq!(session_name(&[row]), None, "{row}");
        }
    }
    for row in [
        json!({"id": "1", "messages": [{"role": "user", "content": "x"}], "session_id": "s"}),
        json!({"type": "session", "id": "1", "messages": [{"role": "user", "content": "x"}]}),
        json!({"kind": "user", "text": "x"}),
        json!({"type": "error", "message": "x"}),
        json!({"type": "user", "message": "x", "session_id": "s"}),
        json!({"info": {"role": "x"}, "messages": []}),
    ] {
        assert_eq!(session_name(&[&row.to_string()]), None, "{row}");
    }
    assert_eq!(session_name(&["{}", "1", "no JSON"]), None);
    assert_eq!(session_name(&[]), None);
}

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
fn a_claude_code_session_has_its_replies_whole_and_its_results_with_their_calls() {
    let rows = rows_of("claude_code");
    let t = read(&rows[0]);
    assert_paired(&t);
    assert_eq!(labels(&t), ["claude-code", "claude-opus-4-6", "s-cc"]);
    let expected = [
        ("user", "Why does the test fail?"),
        ("assistant", "I look."),
        ("tool", "1 failed"),
        ("tool", "def f(): pass"),
        ("user", "And brief."),
        ("user", "Be quick."),
        ("user", "So far: a test fails."),
        ("assistant", "API Error: overloaded"),
        ("assistant", "`f` returns nothing."),
    ];
    assert_eq!(said(&t), expected);
    assert_eq!(t.messages[1].reasoning, "Look first.");
    let calls = [
        ("Bash", r#"{"command":"pytest"}"#),
        ("Read", r#"{"file_path":"a.py"}"#),
    ];
    assert_eq!(called(&t), calls);
    assert_eq!(answered(&t), [Some(1), Some(1)]);
    assert_eq!(reported(&t), [Some(Reported::Error), None]);
    assert_eq!(t.messages[7].weight, Some(0.0));
    assert_eq!(repaired(&t, Repair::EventLeftOut), 1);
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
fn a_call_of_a_reply_that_was_asked_for_again_leaves_its_result_to_the_last() {
    let reply = |id: &str, command: &str| {
        let call =
            json!({"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": command}});
        let message = json!({"id": id, "role": "assistant", "content": [call]});
        json!({"type": "assistant", "session_id": "s", "uuid": id, "message": message})
    };
    let result = json!([{"type": "tool_result", "tool_use_id": "t", "content": "a.py"}]);
    let row = json!([
        reply("1", "cat"),
        reply("2", "ls"),
        {"type": "user", "session_id": "s", "uuid": "3", "message": {"role": "user", "content": result}},
    ]);
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(answered(&t), [Some(1)]);
    assert_eq!(repaired(&t, Repair::ObservationGuessed), 0);
}

#[test]
fn a_codex_session_parts_the_users_words_from_what_the_program_puts_before_them() {
    let rows = rows_of("codex");
    let t = read(&rows[0]);
    assert_paired(&t);
    assert_eq!(labels(&t), ["codex", "gpt-5.3-codex", "s-cx"]);
    let system = "You are Codex.\n\n<permissions instructions>All is allowed.</permissions instructions>\n\n\
        # AGENTS.md instructions for /w\n\n<INSTRUCTIONS>Be brief.</INSTRUCTIONS>\n\n\
        <environment_context>sh</environment_context>";
    let expected = [
        ("system", system),
        ("user", "List the files."),
        ("assistant", "I list them."),
        (
            "tool",
            "Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 0\nOutput:\na.py",
        ),
        ("tool", r#"{"output":"","metadata":{"exit_code":1}}"#),
        ("assistant", ""),
        ("tool", "Done!"),
        ("assistant", ""),
        ("user", "So far: the files are listed."),
        ("assistant", "There is a.py."),
    ];
    assert_eq!(said(&t), expected);
    assert_eq!(t.messages[2].reasoning, "Use ls");
    let calls = [
        ("exec_command", r#"{"cmd":"ls"}"#),
        ("local_shell", r#"{"type":"exec","command":["false"]}"#),
        (
            "apply_patch",
            r#"{"input":"*** Begin Patch\n*** End Patch"}"#,
        ),
        ("web_search", r#"{"type":"search","query":"ls"}"#),
    ];
    assert_eq!(called(&t), calls);
    let ends = [Reported::Exit(0), Reported::Exit(1), Reported::Ok];
    assert_eq!(reported(&t), ends.map(Some));
    assert_eq!(t.tools[0].name, "look");
}

#[test]
fn an_old_codex_session_is_a_list_of_bare_items() {
    let rows = rows_of("codex");
    let t = read(&rows[1]);
    assert_eq!(labels(&t), ["codex", "", "s-old"]);
    let roles: Vec<&str> = said(&t).into_iter().map(|(role, _)| role).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "assistant"]);
    assert_eq!(
        (&*t.messages[2].reasoning, answered(&t)),
        ("Use ls", vec![Some(2)])
    );
    assert_eq!(reported(&t), [Some(Reported::Exit(0))]);
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

#[test]
fn the_rows_that_datasets_makes_of_session_files_are_read_by_their_events() {
    for (dialect, harness, column) in [
        ("claude_code", "claude_code", "trace"),
        ("codex", "codex", "traces"),
        ("pi", "pi", "messages"),
    ] {
        let session = &rows_of(dialect)[0];
        let row = format!(
            r#"{{"harness":"{harness}","session_id":"s","{column}":{session},"tools":[{{"name":"f"}}],"file_path":"a.jsonl"}}"#
        );
        let (own, expected) = (read(&row), read(session));
        assert_eq!(said(&own), said(&expected), "{dialect}");
        assert_eq!(labels(&own), labels(&expected), "{dialect}");
        assert!(!own.tools.is_empty(), "{dialect}");
    }
}

#[test]
fn the_names_of_harnesses_are_spelled_one_way() {
    let chat = json!([{"role": "user", "content": "x"}]);
    for (named, expected) in [
        ("claude_code", "claude-code"),
        ("Gemini CLI", "gemini-cli"),
        ("Codex", "codex"),
        ("my own", "my own"),
    ] {
        let row = json!({"harness": named, "messages": chat}).to_string();
        assert_eq!(labels(&read(&row))[0], expected);
    }
}

#[test]
fn of_an_answer_that_was_written_anew_the_last_counts() {
    let rows = rows_of("claude_web");
    let t = read(&rows[1]);
    assert_eq!(said(&t), [("user", "Hi"), ("assistant", "Hello.")]);
    assert_eq!(repaired(&t, Repair::EventLeftOut), 1);
}
