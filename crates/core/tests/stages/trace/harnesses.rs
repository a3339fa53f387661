//! Runs as harnesses keep them, each in a shape of its own, by their right values.

use serde_json::json;
use tracesift_core::trace::{Outcome, Repair, Reported, Role, session_name};

use crate::trace::shared::{
    answered, assert_paired, called, calls, fixture, label, read, repaired, said, unanswered,
};

/// The lines of a session as the list that they are read as.
fn list(lines: &str) -> String {
    format!("[{}]", lines.lines().collect::<Vec<_>>().join(","))
}

#[test]
fn terminus_commands_are_calls_that_share_the_terminals_output() {
    let t = read(include_str!("../../fixtures/cases/terminus-json.jsonl"));
    assert_paired(&t);
    let roles: Vec<&str> = t.messages.iter().map(|m| m.role.name()).collect();
    assert_eq!(roles, ["user", "assistant", "tool", "assistant"]);
    assert_eq!(
        called(&t),
        [
            ("terminal", r#"{"keystrokes":"ls -la\n","duration":0.1}"#),
            (
                "terminal",
                r#"{"keystrokes":"wc -l a.csv\n","duration":0.1}"#
            )
        ]
    );
    assert_eq!(unanswered(&t), 0);
    assert_eq!(t.messages[1].reasoning, "look first");
    assert_eq!(t.messages[1].text, "Analysis: in /app\nPlan: list");
    assert!(t.messages[3].text.contains("Task complete: true"));
    assert_eq!(t.tools[0].name, "terminal");
    assert_eq!(repaired(&t, Repair::ToolAdded), 1);
    assert_eq!(repaired(&t, Repair::ObservationGuessed), 0);
    assert_eq!(t.outcome, Outcome::Success);
    assert_eq!(label(&t.labels.harness), "terminus2");
}

#[test]
fn terminus_is_read_as_xml_in_a_fence_and_in_its_first_version() {
    let rows = fixture("terminus2");
    let xml = read(&rows[1]);
    assert_eq!(
        called(&xml),
        [
            (
                "terminal",
                r#"{"keystrokes":"ls <a> && \"b\"\n","duration":0.1}"#
            ),
            ("terminal", r#"{"keystrokes":"C-c"}"#)
        ]
    );
    assert_eq!(xml.messages[1].text, "Sure.\n\nAnalysis: empty\nPlan: list");
    let roles: Vec<&str> = xml.messages.iter().map(|m| m.role.name()).collect();
    assert_eq!(
        roles,
        [
            "user",
            "assistant",
            "tool",
            "assistant",
            "user",
            "assistant"
        ]
    );
    assert_eq!(
        xml.outcome,
        Outcome::Failure,
        "who ran out of time did not solve it"
    );

    let odd = read(&rows[2]);
    assert_eq!(odd.messages[1].text, "Analysis: a");
    assert_eq!(odd.messages[2].role, Role::Tool);
    assert_eq!(
        odd.messages[3].text, "{\"analysis\": \"cut",
        "what is no JSON stays as it is"
    );
    assert_eq!(odd.messages[4].role, Role::User);
    assert_eq!(
        odd.messages[5].text,
        "State analysis: b\nTask complete: true\nMore: 1"
    );
    assert_eq!(
        odd.outcome,
        Outcome::Unknown,
        "an error's class is no verdict"
    );
}

#[test]
fn a_row_of_json_answers_without_keystrokes_is_not_terminus() {
    let answer = r#"{"analysis": "a", "commands": ["ls"]}"#;
    let row = json!({"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": answer}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(t.messages[1].text, answer);
    assert!(t.tools.is_empty());
}

#[test]
fn openhands_output_is_its_events() {
    let t = read(include_str!("../../fixtures/cases/openhands-output.jsonl"));
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("system", "You are OpenHands."),
            ("user", "list files"),
            ("assistant", "Looking."),
            ("tool", "a.py"),
            ("assistant", "There is a.py.")
        ]
    );
    assert_eq!(called(&t), [("execute_bash", r#"{"command": "ls"}"#)]);
    assert_eq!(t.tools[0].name, "execute_bash");
    assert!(t.model_patch.as_deref().unwrap().starts_with("diff --git"));
    let labels = [&t.labels.instance_id, &t.labels.harness];
    assert_eq!(labels.map(label), ["o__r-1", "openhands"]);
}

#[test]
fn openhands_events_pair_by_cause_and_keep_parallel_calls_in_one_turn() {
    let rows = fixture("openhands_events");
    let plain = read(&rows[1]);
    assert_paired(&plain);
    assert_eq!(
        said(&plain),
        [
            ("user", "go\n\n[image]"),
            ("assistant", "I look."),
            ("tool", "a.py"),
            ("user", "No action."),
            ("assistant", "Done.")
        ]
    );
    assert_eq!(called(&plain), [("run", r#"{"command":"ls"}"#)]);
    assert_eq!(plain.messages[2].reported, Some(Reported::Exit(2)));
    assert_eq!(plain.outcome, Outcome::Success);
    assert_eq!(label(&plain.labels.teacher), "m");

    let parallel = read(&rows[2]);
    assert_paired(&parallel);
    assert_eq!(
        said(&parallel),
        [
            ("user", "go"),
            ("assistant", "Both."),
            ("tool", "1"),
            ("tool", "2")
        ]
    );
    assert_eq!(called(&parallel), [("a", "{}"), ("b", r#"{"x": 1}"#)]);
    assert_eq!(parallel.messages[1].reasoning, "think");
    assert_eq!(answered(&parallel), [Some(1), Some(1)]);
    assert_eq!(
        read(&rows[3]).messages.len(),
        2,
        "pairs of the first versions"
    );
}

#[test]
fn openhands_sdk_events_are_one_run() {
    let events = include_str!("../../fixtures/cases/openhands-sdk-events.jsonl");
    let lines: Vec<&str> = events.lines().collect();
    assert_eq!(session_name(&lines), Some("OpenHands session"));
    let row = list(events);
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("system", "You are OpenHands."),
            ("user", "list files"),
            ("assistant", "Looking."),
            ("tool", "a.py"),
            ("assistant", "There is a.py.")
        ]
    );
    assert_eq!(called(&t), [("terminal", r#"{"command": "ls"}"#)]);
    assert_eq!(t.messages[2].reasoning, "ls");

    let rows = fixture("openhands_sdk");
    let two = read(&rows[1]);
    assert_paired(&two);
    assert_eq!(
        called(&two),
        [
            ("file_editor", r#"{"path":"a"}"#),
            ("terminal", r#"{"command":"ls"}"#)
        ]
    );
    assert_eq!(calls(&two)[0].id, "oh_e1");
    let reported: Vec<_> = two.messages.iter().map(|m| m.reported).collect();
    assert_eq!(
        reported[2..4],
        [Some(Reported::Error), Some(Reported::Exit(1))]
    );
    let summary = two.messages.last().unwrap();
    assert_eq!((&*summary.text, summary.weight), ("We edited.", Some(0.0)));
    assert_eq!(read(&rows[2]).model_patch.as_deref(), Some("diff"));
}

#[test]
fn a_log_of_a_completion_ends_with_its_response() {
    let rows = fixture("completion_log");
    let t = read(&rows[0]);
    assert_eq!(said(&t), [("user", "go"), ("assistant", "I look.")]);
    assert_eq!(called(&t), [("bash", "{}")]);
    assert_eq!((label(&t.labels.teacher), t.tools.len()), ("m", 1));
    assert_eq!(said(&read(&rows[1])), [("user", "go"), ("assistant", "ok")]);
    let other =
        json!({"query": "q", "response": "r", "messages": [{"role": "user", "content": "x"}]});
    assert_eq!(said(&read(&other.to_string())), [("user", "x")]);
}

#[test]
fn a_block_that_is_answered_by_an_observation_is_a_call() {
    let rows = fixture("swe_zero");
    let t = read(&rows[0]);
    assert_paired(&t);
    assert_eq!(
        called(&t),
        [
            ("bash", r#"{"command":"ls"}"#),
            ("bash", r#"{"command":"submit"}"#)
        ]
    );
    assert_eq!(answered(&t), [Some(2)]);
    assert_eq!(t.messages[2].text, "THOUGHT: look");
}

#[test]
fn sweagent_files_have_a_patch_and_an_exit() {
    let t = read(include_str!("../../fixtures/cases/sweagent-traj-info.json"));
    assert_paired(&t);
    let patch = t.model_patch.as_deref().unwrap();
    let starting = |sign| patch.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!((starting("+"), starting("-")), (2 + 1, 1 + 1));
    assert_eq!(t.exit.as_deref(), Some("submitted (exit_cost)"));
    assert_eq!(label(&t.labels.harness), "sweagent");
    assert_eq!(called(&t), [("bash", r#"{"command": "ls"}"#)]);
    assert_eq!(answered(&t), [Some(2)]);

    let rows = fixture("sweagent_traj");
    let steps = read(&rows[1]);
    assert_paired(&steps);
    assert_eq!(steps.model_patch, None);
    assert_eq!(
        called(&steps),
        [
            ("bash", r#"{"command":"ls"}"#),
            ("bash", r#"{"command":"submit"}"#)
        ]
    );
    let labels = [&steps.labels.teacher, &steps.labels.instance_id];
    assert_eq!(labels.map(label), ["gpt", "own__repo-1"]);

    let demo = read(&rows[2]);
    let copied: Vec<&str> = demo
        .messages
        .iter()
        .filter(|m| m.copied)
        .map(|m| &*m.text)
        .collect();
    assert_eq!(copied, ["demo", "Look.", "x.py"]);
    assert_eq!(called(&demo)[1].0, "submit");
    assert_eq!(demo.model_patch.as_deref(), Some(""));
}

#[test]
fn the_exit_of_a_mini_swe_agent_file_is_its_end_and_no_observation() {
    let t = read(include_str!("../../fixtures/cases/miniswe-v2-info.json"));
    assert_paired(&t);
    let roles: Vec<&str> = t.messages.iter().map(|m| m.role.name()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "assistant"]);
    assert_eq!(calls(&t).len(), 2);
    assert_eq!(calls(&t)[1].answer, None);
    assert!(t.model_patch.as_deref().unwrap().starts_with("diff --git"));
    assert_eq!(t.exit.as_deref(), Some("Submitted"));
    let labels = &t.labels;
    let labels = [&labels.harness, &labels.teacher, &labels.instance_id];
    assert_eq!(labels.map(label), ["minisweagent", "x", "own__repo-1"]);
    assert_eq!(repaired(&t, Repair::ObservationGuessed), 0);

    let rows = fixture("minisweagent_traj");
    let limited = read(&rows[1]);
    assert_paired(&limited);
    assert_eq!(limited.exit.as_deref(), Some("LimitsExceeded"));
    assert_eq!(
        called(&limited),
        [
            ("bash", r#"{"command": "ls"}"#),
            ("bash", r#"{"command":"pwd"}"#)
        ]
    );
    assert_eq!(limited.messages[3].reported, Some(Reported::Exit(2)));
    let responses = read(&rows[2]);
    assert_eq!(called(&responses), [("bash", r#"{"command":"ls"}"#)]);
    assert_eq!(unanswered(&responses), 0);
}
