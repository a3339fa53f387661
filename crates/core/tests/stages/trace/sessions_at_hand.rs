//! Sessions as agents wrote them: the small cases, and those at hand, in which another reader's findings are found.
//!

use std::path::{Path, PathBuf};

use serde_json::Value;
use tracesift_core::trace::{Reported, Role, Trajectory, session_name, session_runs};

use crate::trace::shared::{assert_paired, read, real_traces};

/// One thing that another reader found: who, what was said, and of a call its name and arguments.
type Found = (String, String);

/// What the other reader found, with a call as its name and arguments, and how calls ended.
fn expected(path: &Path) -> (Vec<Found>, Vec<Option<bool>>, Option<String>) {
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut found, mut ends, mut model) = (Vec::new(), Vec::new(), None);
    for record in json["records"].as_array().unwrap() {
        let text = record["content"].as_str().unwrap_or_default().to_owned();
        match record["role"].as_str().unwrap() {
            "meta" => model = record["model"].as_str().map(str::to_owned),
            "tool" => {
                ends.push(record["ok"].as_bool());
                found.push(("tool".to_owned(), text));
            }
            role if record["tool_calls"].is_null() => found.push((role.to_owned(), text)),
            _ => {
                for call in record["tool_calls"].as_array().unwrap() {
                    let call = ["name", "args"].map(|field| call[field].as_str().unwrap());
                    found.push(("call".to_owned(), call.join(" ")));
                }
            }
        }
    }
    (found, ends, model)
}

/// The same of a trajectory; what the system says the other reader leaves out.
fn found(trajectory: &Trajectory) -> Vec<Found> {
    let mut found = Vec::new();
    for message in trajectory
        .messages
        .iter()
        .filter(|m| m.role != Role::System)
    {
        let mut add = |what: &str, text: &str| {
            if !text.is_empty() {
                found.push((what.to_owned(), text.to_owned()));
            }
        };
        add("reasoning", &message.reasoning);
        add(message.role.name(), &message.text);
        for call in &message.calls {
            add("call", &format!("{} {}", call.name, call.arguments));
        }
    }
    found
}

fn ends(trajectory: &Trajectory) -> Vec<Option<bool>> {
    let observations = trajectory.messages.iter().filter(|m| m.role == Role::Tool);
    let ended = observations.map(|m| m.reported);
    ended
        .map(|end| end.map(|end| matches!(end, Reported::Ok | Reported::Exit(0))))
        .collect()
}

#[test]
fn sessions_at_hand_are_read_as_another_reader_reads_them() {
    let Some(folder) = real_traces().map(|folder| folder.join("../sessions")) else {
        return;
    };
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(agent) = name.strip_suffix(".expected.json") else {
            continue;
        };
        // Harnesses with a shape of their own have tests of their own.
        if matches!(agent, "atif" | "openhands") {
            continue;
        }
        let (expected, expected_ends, model) = expected(&path);
        let session: PathBuf = ["jsonl", "json"]
            .map(|extension| folder.join(agent).with_extension(extension))
            .into_iter()
            .find(|path| path.exists())
            .unwrap();
        let text = std::fs::read_to_string(session).unwrap();
        let row = match text.trim_start().starts_with("[")
            || serde_json::from_str::<Value>(&text).is_ok()
        {
            true => text,
            false => format!("[{}]", text.lines().collect::<Vec<_>>().join(",")),
        };
        let t = read(&row);
        assert_eq!(found(&t), expected, "{agent}");
        for (end, expected) in ends(&t).into_iter().zip(expected_ends) {
            assert_eq!(end.filter(|_| expected.is_some()), expected, "{agent}");
        }
        assert_eq!(t.labels.teacher.as_deref(), model.as_deref(), "{agent}");
    }
}

#[test]
fn streams_at_hand_have_each_call_and_each_result() {
    let Some(jobs) = real_traces().map(|folder| folder.join("harbor")) else {
        return;
    };
    let Ok(trials) = std::fs::read_dir(jobs) else {
        return;
    };
    for trial in trials {
        let stream = trial.unwrap().path().join("agent/claude-code.txt");
        let Ok(text) = std::fs::read_to_string(&stream) else {
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(session_name(&lines), Some("Claude Code session"));
        let runs = session_runs(&lines);
        assert_eq!(runs.len(), 1, "{}", stream.display());
        let row = format!("[{}]", lines.join(","));
        let t = read(&row);
        assert_paired(&t);
        let blocks = |kind: &str| {
            let lines = lines
                .iter()
                .map(|line| serde_json::from_str::<Value>(line).unwrap());
            let blocks = lines.map(|line| match &line["message"]["content"] {
                Value::Array(blocks) => blocks.iter().filter(|b| b["type"] == kind).count(),
                _ => 0,
            });
            blocks.sum::<usize>()
        };
        let calls: usize = t.messages.iter().map(|m| m.calls.len()).sum();
        let results = t.messages.iter().filter(|m| m.role == Role::Tool);
        assert_eq!(
            (calls, results.count()),
            (blocks("tool_use"), blocks("tool_result"))
        );
        assert!(
            t.messages
                .iter()
                .all(|m| m.role != Role::Tool || m.answers.is_some())
        );
    }
}

#[test]
fn the_small_cases_of_sessions_are_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases");
    let session = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let lines = |name: &str| format!("[{}]", session(name).lines().collect::<Vec<_>>().join(","));
    for (row, thought, looked, call, last) in [
        (
            lines("claude-code-session.jsonl"),
            "ls",
            "",
            ["Bash", r#"{"command": "ls"}"#],
            "a.py",
        ),
        (
            lines("codex-rollout.jsonl"),
            "use ls",
            "",
            ["shell", r#"{"command":["ls"]}"#],
            "There is a.py.",
        ),
        (
            session("gemini-cli-session.json"),
            "Plan — use ls",
            "Looking.",
            ["run_shell_command", r#"{"command": "ls"}"#],
            "There is a.py.",
        ),
    ] {
        let t = read(&row);
        let texts: Vec<&str> = t.messages.iter().map(|m| &*m.text).collect();
        assert_eq!(texts, ["list files", looked, "a.py", last]);
        assert_eq!(t.messages[1].reasoning, thought);
        let found = &t.messages[1].calls[0];
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(
            (&*found.name, json(&found.arguments)),
            (call[0], json(call[1]))
        );
        assert_eq!(found.answer, Some(2));
    }
}
