//! The sessions of every agent that is known, opened as the files that agents write: one run a thread, said in words.
//!

use std::path::Path;

use serde_json::Value;

use super::opened::open_one;

/// The sessions of a dialect's fixture.
fn sessions(dialect: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/fixtures/dialects");
    let rows = std::fs::read_to_string(folder.join(dialect).with_extension("jsonl")).unwrap();
    let values = rows.lines().map(|row| serde_json::from_str(row).unwrap());
    values.collect()
}

fn lines_of(session: &Value) -> String {
    let events = session.as_array().unwrap().iter();
    events.map(|event| format!("{event}\n")).collect()
}

#[test]
fn a_file_of_events_is_one_session_whichever_agent_wrote_it() {
    for (dialect, what) in [
        ("claude_code", "Claude Code session"),
        ("codex", "Codex session"),
        ("codex_exec", "stream of Codex"),
        ("copilot_cli", "Copilot CLI session"),
        ("cursor", "Cursor session"),
        ("droid", "Droid session"),
        ("letta", "Letta session"),
        ("omp", "OMP session"),
        ("openclaw", "OpenClaw session"),
        ("pi", "Pi session"),
        ("sts", "session in the Hub's format"),
    ] {
        let session = &sessions(dialect)[0];
        let opened = open_one("session.jsonl", lines_of(session));
        let events = session.as_array().unwrap().len();
        let expected = format!("1 {what}, {events} events");
        assert_eq!(opened.inventory.words().unwrap(), expected);
        assert_eq!(opened.rows.len(), 1, "{dialect}");
        assert!(opened.rows[0].said().unwrap().len() > 1, "{dialect}");
    }
}

#[test]
fn an_object_is_one_session_however_it_is_laid_out() {
    for dialect in [
        "amp",
        "claude_web",
        "gemini_cli",
        "hermes_session",
        "opencode",
    ] {
        let session = &sessions(dialect)[0];
        let pretty = serde_json::to_string_pretty(session).unwrap();
        let said = |text: String| {
            let opened = open_one("session.json", text);
            assert_eq!(opened.rows.len(), 1, "{dialect}");
            opened.rows[0].said().unwrap()
        };
        let found = said(pretty);
        assert!(found.len() > 1, "{dialect}");
        assert_eq!(found, said(session.to_string()), "{dialect}");
    }
}

#[test]
fn a_list_of_conversations_has_a_run_each() {
    let export = Value::Array(sessions("claude_web"));
    let opened = open_one(
        "conversations.json",
        serde_json::to_string_pretty(&export).unwrap(),
    );
    assert_eq!(opened.rows.len(), 2);
    assert_eq!(opened.rows[1].said().unwrap()[1].1, "Hello.");
}

#[test]
fn a_subagent_and_another_session_are_runs_of_their_own() {
    let stream = lines_of(&sessions("claude_code")[1]);
    let opened = open_one("claude-code.txt", stream.clone());
    assert_eq!(opened.rows.len(), 2);
    let other = stream
        .replace("s-st", "other")
        .replace("\"uuid\":\"", "\"uuid\":\"o");
    let opened = open_one("both.jsonl", format!("{stream}{other}"));
    assert_eq!(opened.rows.len(), 4);
}
