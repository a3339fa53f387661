//! ATIF documents and the trials that hold them, by their right values.

use serde_json::{Value, json};
use tracesift_core::trace::{
    self, Outcome, Repair, Reported, Role, RowContext, RowError, Thread, object_runs, subagent_runs,
};

use crate::trace::shared::{
    answered, assert_paired, called, calls, fixture, label, read, real_traces, repaired, said,
    unanswered,
};

#[test]
fn atif_has_its_steps_tools_and_labels() {
    let t = read(include_str!("../../fixtures/cases/atif-trajectory.json"));
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("system", "be brief"),
            ("user", "list files"),
            ("assistant", "Looking."),
            ("tool", "a.py"),
            ("assistant", "There is a.py.")
        ]
    );
    assert_eq!(t.messages[2].reasoning, "use ls");
    assert_eq!(called(&t), [("bash", r#"{"command":"ls"}"#)]);
    assert_eq!(answered(&t), [Some(2)]);
    assert_eq!(t.tools.len(), 1);
    assert_eq!(t.tools[0].name, "bash");
    let labels = &t.labels;
    let labels = [&labels.harness, &labels.teacher, &labels.trajectory_id];
    assert_eq!(labels.map(label), ["terminus2", "m", "s1"]);
    assert_eq!((t.outcome, t.repairs.total()), (Outcome::Unknown, 0));
}

#[test]
fn atif_copies_borders_and_what_no_model_wrote_are_not_learned() {
    let rows = fixture("atif");
    let t = read(&rows[1]);
    assert_paired(&t);
    let context: Vec<&str> = t
        .messages
        .iter()
        .filter(|m| m.copied)
        .map(|m| &*m.text)
        .collect();
    assert_eq!(context, ["old"]);
    let unlearned = t.messages.iter().filter(|m| m.weight == Some(0.0));
    let unlearned: Vec<&str> = unlearned.map(|m| &*m.text).collect();
    assert_eq!(unlearned, ["old", "Context was summarized.", "dispatched"]);
    assert_eq!(t.messages[0].text, "see this\n\n[image]");
    assert_eq!(t.messages[0].media[0].reference.as_deref(), Some("a.png"));
}

#[test]
fn atif_steps_of_one_reply_are_one_turn_and_harbors_labels_are_no_words_of_the_agent() {
    let rows = fixture("atif");
    let t = read(&rows[1]);
    let turn = t.messages.iter().position(|m| m.text == "I look.").unwrap();
    let reply = &t.messages[turn];
    assert_eq!(reply.reasoning, "first ls");
    let names: Vec<&str> = reply.calls.iter().map(|call| &*call.arguments).collect();
    assert_eq!(names, [r#"{"command":"ls -a"}"#, r#"{"command":"cat b"}"#]);
    let results = [&t.messages[turn + 1], &t.messages[turn + 2]];
    assert_eq!(results.map(|m| &*m.text), ["a.py", "no b"]);
    let reported = results.map(|m| m.reported);
    assert_eq!(reported, [Some(Reported::Ok), Some(Reported::Error)]);
}

#[test]
fn a_terminals_screen_answers_all_commands_of_its_turn() {
    let rows = fixture("atif");
    let t = read(&rows[1]);
    let keys = t.messages.iter().find(|m| m.text == "Two keys.").unwrap();
    let answers: Vec<_> = keys.calls.iter().map(|call| call.answer).collect();
    assert!(answers[0].is_some() && answers[0] == answers[1]);
    assert_eq!(unanswered(&t), 0);
    assert_eq!(repaired(&t, Repair::ObservationGuessed), 0);
    // What is said to an agent that called nothing is no observation.
    let said_back = t
        .messages
        .iter()
        .find(|m| m.text.contains("parsing errors"));
    assert_eq!(said_back.unwrap().role, Role::User);
}

#[test]
fn the_runs_of_subagents_are_runs_of_their_own() {
    let rows = fixture("atif");
    let runs = subagent_runs(&rows[1]);
    assert_eq!(runs.len(), 1);
    let t = read(&runs[0]);
    assert_eq!(said(&t), [("user", "sum up"), ("assistant", "all is well")]);
    assert_eq!(label(&t.labels.trajectory_id), "t-2");
    assert!(!read(&rows[1]).messages.iter().any(|m| m.text == "sum up"));
    assert!(subagent_runs(&rows[0]).is_empty());
    let trial = format!(r#"{{"trial":"t","trajectory":{},"result":{{}}}}"#, rows[1]);
    assert_eq!(subagent_runs(&trial), runs);
    let all = object_runs(&rows[1]);
    let threads: Vec<Thread> = all.iter().map(|run| run.thread).collect();
    assert_eq!(threads, [Thread::Main, Thread::Subagent]);
    assert_eq!((&*all[0].json, &*all[1].json), (&*rows[1], &*runs[0]));
}

#[test]
fn wild_trajectory_keeps_its_steps_as_text_and_has_a_score() {
    let rows = fixture("atif");
    let t = read(&rows[2]);
    assert_eq!(t.messages.len(), 5);
    assert_eq!(t.outcome, Outcome::Partial);
    assert_eq!(label(&t.labels.category), "coding");
}

#[test]
fn a_trial_has_its_task_model_harness_and_its_verifiers_verdict() {
    let rows = fixture("harbor");
    let [solved, timed_out, old] = [0, 1, 2].map(|at| read(&rows[at]));
    for (trial, outcome) in [
        (&solved, Outcome::Success),
        (&timed_out, Outcome::Unknown),
        (&old, Outcome::Failure),
    ] {
        assert_eq!(trial.outcome, outcome);
        assert_eq!(trial.messages.len(), 5);
    }
    let labels = &solved.labels;
    let labels = [
        &labels.trajectory_id,
        &labels.instance_id,
        &labels.teacher,
        &labels.harness,
    ];
    assert_eq!(labels.map(label), ["fix__a1", "fix", "kimi", "terminus2"]);
    assert_eq!(solved.exit, None);
    let as_json = rows[0].replace(r#""1\n""#, r#""{\"accuracy\": 0.5, \"reward\": 0.0}""#);
    assert_eq!(read(&as_json).outcome, Outcome::Failure);
    assert_eq!(timed_out.exit.as_deref(), Some("AgentTimeoutError"));
    assert_eq!(old.exit.as_deref(), Some("agent_timeout"));
    assert_eq!(label(&old.labels.instance_id), "hello");
}

#[test]
fn a_trial_that_took_no_step_says_why() {
    let died = |result: Value, exception: Value| {
        let row = json!({"trial": "t", "trajectory": null, "session": null, "result": result,
            "config": {}, "reward": null, "exception": exception});
        match trace::read(&row.to_string(), &RowContext::default()) {
            Err(RowError::Died(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    let traceback = json!("Traceback …\nharbor.x.AgentTimeoutError: timed out after 900 s\n");
    assert_eq!(
        died(json!({}), traceback),
        "AgentTimeoutError: timed out after 900 s"
    );
    let info = json!({"exception_info": {"exception_type": "DockerError", "exception_message": "no space"}});
    assert_eq!(died(info, Value::Null), "DockerError: no space");
    assert_eq!(died(Value::Null, Value::Null), "its files name no error");
}

#[test]
fn sessions_of_other_readers_are_read_as_they_read_them() {
    let Some(sessions) = real_traces().map(|traces| traces.join("../sessions")) else {
        return;
    };
    for name in ["atif", "openhands"] {
        let row = std::fs::read_to_string(sessions.join(format!("{name}.json"))).unwrap();
        let expected =
            std::fs::read_to_string(sessions.join(format!("{name}.expected.json"))).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        let t = read(&row);
        assert_paired(&t);
        let records = expected["records"].as_array().unwrap();
        let of = |role: &'static str| records.iter().filter(move |record| record["role"] == role);
        let results: Vec<&str> = of("tool")
            .map(|r| r["tool_call_id"].as_str().unwrap())
            .collect();
        let asked = calls(&t);
        let ids: Vec<&str> = asked.iter().map(|call| &*call.id).collect();
        assert_eq!(ids, results, "{name}");
        let wanted = of("assistant").flat_map(|r| r["tool_calls"].as_array().into_iter().flatten());
        let wanted: Vec<Value> = wanted
            .map(|call| serde_json::from_str(call["args"].as_str().unwrap()).unwrap())
            .collect();
        let found: Vec<Value> = asked
            .iter()
            .map(|call| serde_json::from_str(&call.arguments).unwrap())
            .collect();
        assert_eq!(found, wanted, "{name}");
        let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let users: Vec<String> = of("user")
            .map(|r| joined(r["content"].as_str().unwrap()))
            .collect();
        let said = t.messages.iter().filter(|m| m.role == Role::User);
        assert_eq!(
            said.map(|m| joined(&m.text)).collect::<Vec<_>>(),
            users,
            "{name}"
        );
        let last = of("assistant").next_back().unwrap()["content"]
            .as_str()
            .unwrap();
        assert_eq!(t.messages.last().unwrap().text, last, "{name}");
    }
}

#[test]
fn the_trials_of_a_real_job_are_read() {
    let Some(job) = real_traces().map(|traces| traces.join("harbor")) else {
        return;
    };
    let mut outcomes = Vec::new();
    for (name, is_solved) in [
        ("fix-git__cCozJVA", false),
        ("prove-plus-comm__YDACMLN", true),
        ("qemu-startup__8shUpSy", false),
        ("query-optimize__xcBWV57", true),
    ] {
        let text = |file: &str| std::fs::read_to_string(job.join(name).join(file)).ok();
        let parsed = |file| -> Value { serde_json::from_str(&text(file).unwrap()).unwrap() };
        let trajectory = text("agent/trajectory.json").unwrap();
        let row = format!(
            r#"{{"trial":{},"trajectory":{trajectory},"session":null,"result":{},"config":{},"reward":{},"exception":{}}}"#,
            json!(name),
            parsed("result.json"),
            parsed("config.json"),
            json!(text("verifier/reward.txt")),
            json!(text("exception.txt")),
        );
        let t = read(&row);
        assert_paired(&t);
        assert_eq!(t.outcome == Outcome::Success, is_solved, "{name}");
        assert_eq!(
            label(&t.labels.instance_id),
            name.split_once("__").unwrap().0
        );
        assert_eq!(label(&t.labels.teacher), "kimi-k2.5");
        let steps: Value = serde_json::from_str(&trajectory).unwrap();
        let count = |of: &dyn Fn(&Value) -> usize| -> usize {
            steps["steps"].as_array().unwrap().iter().map(of).sum()
        };
        let asked = count(&|step| step["tool_calls"].as_array().map_or(0, Vec::len));
        let seen = count(&|step| {
            step["observation"]["results"]
                .as_array()
                .map_or(0, Vec::len)
        });
        assert_eq!(calls(&t).len(), asked, "{name}");
        assert_eq!(asked - unanswered(&t), seen, "{name}");
        assert!(!t.messages.iter().any(|m| m.text.starts_with("Executed ")));
        outcomes.push(t.exit.is_some());
    }
    assert_eq!(outcomes, [false, false, false, true]);
}

#[test]
fn a_trial_without_a_document_is_read_by_what_its_agent_printed() {
    let Some(job) = real_traces().map(|traces| traces.join("harbor")) else {
        return;
    };
    let folder = job.join("vulnerable-secret__9tUKcpe");
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let printed = text("agent/claude-code.txt");
    let events = printed.lines().filter(|line| line.starts_with('{'));
    let row = format!(
        r#"{{"trial":"vulnerable-secret__9tUKcpe","trajectory":null,"session":[{}],"result":{},"config":{},"reward":{},"exception":{}}}"#,
        events.collect::<Vec<_>>().join(","),
        text("result.json"),
        text("config.json"),
        json!(text("verifier/reward.txt")),
        json!(text("exception.txt")),
    );
    let t = read(&row);
    assert_paired(&t);
    assert!(!calls(&t).is_empty());
    assert_eq!(
        (t.outcome, t.exit.as_deref()),
        (Outcome::Failure, Some("AgentTimeoutError"))
    );
    let labels = [&t.labels.instance_id, &t.labels.harness];
    assert_eq!(labels.map(label), ["vulnerable-secret", "claude-code"]);
}
