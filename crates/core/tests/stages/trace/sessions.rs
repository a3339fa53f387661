//! Sessions of agents: how they are told, parted into runs and read; that rows are never taken for one.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tracesift_core::trace::{
    Repair, Reported, Role, Thread, Trajectory, session_name, session_runs,
};

use crate::trace::shared::{answered, assert_paired, called, read, repaired, said};

pub fn fixtures(folder: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(folder)
}

/// The values of a session: the elements of a list, or the lines of a text.
pub fn values(text: &str) -> Vec<String> {
    match serde_json::from_str(text) {
        Ok(Value::Array(elements)) => elements.iter().map(Value::to_string).collect(),
        _ => text.lines().map(str::to_owned).collect(),
    }
}

/// What the values are called, and the rows of their runs.
pub fn told(values: &[String]) -> Option<(&'static str, Vec<(Thread, String)>)> {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let name = session_name(&values)?;
    let runs = session_runs(&values).into_iter().map(|run| {
        let own: Vec<&str> = run.values.iter().map(|at| values[*at]).collect();
        (run.thread, format!("[{}]", own.join(",")))
    });
    Some((name, runs.collect()))
}

/// The rows of the fixture of a dialect.
pub fn rows_of(dialect: &str) -> Vec<String> {
    let path = fixtures("dialects").join(dialect).with_extension("jsonl");
    let rows = std::fs::read_to_string(path).unwrap();
    rows.lines().map(str::to_owned).collect()
}

/// Harness, teacher and the run's name.
pub fn labels<'t>(trajectory: &'t Trajectory) -> [&'t str; 3] {
    let labels = &trajectory.labels;
    [&labels.harness, &labels.teacher, &labels.trajectory_id]
        .map(|label| label.as_deref().unwrap_or_default())
}

pub fn reported(trajectory: &Trajectory) -> Vec<Option<Reported>> {
    let observations = trajectory.messages.iter().filter(|m| m.role == Role::Tool);
    observations.map(|m| m.reported).collect()
}

/// The sessions among the dialects: their files, the names of what their rows are, and the harness.
pub const SESSIONS: &[(&str, &str, &[&str])] = &[
    ("amp", "", &["amp"]),
    (
        "claude_code",
        "Claude Code session",
        &["claude-code", "claude-code", "qwen-code"],
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
