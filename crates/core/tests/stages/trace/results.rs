//! Results files that hold many runs, the verdicts in them, and runs at any depth of an object.

use serde_json::{Value, json};
use tracesift_core::trace::{Outcome, Reported, runs_in_object};

use crate::trace::shared::{
    answered, arguments, assert_paired, called, calls, fixture, label, read, read_at, said,
};

#[test]
fn tau_simulations_have_a_reward_and_their_users_calls_are_not_the_agents() {
    let runs = runs_in_object(include_str!("../../fixtures/cases/tau2-simulations.json"));
    assert_eq!(runs.len(), 1);
    for row in [
        include_str!("../../fixtures/cases/tau2-simulations.json"),
        &*runs[0],
    ] {
        let t = read(row);
        assert_paired(&t);
        assert_eq!(t.outcome, Outcome::Success);
        assert_eq!(
            (arguments(&t), &*calls(&t)[0].name),
            (vec![json!({"id": 1})], "cancel")
        );
        assert_eq!(answered(&t), [Some(2)]);
        assert_eq!(t.messages[3].reported, Some(Reported::Ok));
        let labels = [&t.labels.instance_id, &t.labels.trajectory_id];
        assert_eq!(labels.map(label), ["1", "a"]);
    }
    let rows = fixture("tau");
    assert_eq!(label(&read(&rows[0]).labels.teacher), "gpt");
    let telecom = read(&rows[1]);
    assert_paired(&telecom);
    assert_eq!(telecom.outcome, Outcome::Failure);
    assert_eq!(called(&telecom), [("reset", "{}"), ("look", "{}")]);
    assert_eq!(said(&telecom)[2], ("user", "2 bars"));
    let reported: Vec<_> = telecom.messages.iter().filter_map(|m| m.reported).collect();
    assert_eq!(reported, [Reported::Error, Reported::Ok]);
    let first = read(&rows[2]);
    assert_eq!((first.outcome, first.messages.len()), (Outcome::Success, 3));
}

#[test]
fn a_verifiers_task_is_its_number_in_the_set_of_tasks() {
    let rows = fixture("verifiers");
    let t = read(&rows[0]);
    assert_eq!(
        (label(&t.labels.instance_id), t.outcome),
        ("3", Outcome::Success)
    );
    assert_eq!(said(&t), [("user", "q"), ("assistant", "a")]);
}

#[test]
fn inspects_samples_have_scores() {
    let rows = fixture("inspect");
    let [log, incorrect, half, other] = [0, 1, 2, 3].map(|at| read(&rows[at]));
    let outcomes = [&log, &incorrect, &half, &other].map(|t| t.outcome);
    let expected = [
        Outcome::Success,
        Outcome::Failure,
        Outcome::Partial,
        Outcome::Unknown,
    ];
    assert_eq!(outcomes, expected);
    assert_paired(&log);
    assert_eq!(arguments(&log), [json!({"cmd": "ls"})]);
    assert_eq!(log.messages[1].reasoning, "hm");
    assert_eq!(log.messages[2].reported, Some(Reported::Error));
    assert_eq!(log.tools[0].name, "bash");
    let labels = &log.labels;
    let labels = [&labels.teacher, &labels.category, &labels.instance_id];
    assert_eq!(labels.map(label), ["openai/gpt", "ctf", "s1"]);
    assert_eq!(label(&incorrect.labels.teacher), "m");
}

#[test]
fn verdicts_are_what_their_sources_say() {
    let verdict = |columns: Value| {
        let mut row = json!({"messages": [{"role": "user", "content": "x"}]});
        row.as_object_mut()
            .unwrap()
            .extend(columns.as_object().unwrap().clone());
        read(&row.to_string()).outcome
    };
    assert_eq!(verdict(json!({"result": "timeout"})), Outcome::Failure);
    assert_eq!(
        verdict(json!({"result": "AgentTimeoutError"})),
        Outcome::Unknown
    );
    assert_eq!(verdict(json!({"result": "0.0"})), Outcome::Failure);
    assert_eq!(verdict(json!({"result": "success"})), Outcome::Success);
    assert_eq!(verdict(json!({"score_norm": 1.0})), Outcome::Success);
    assert_eq!(
        verdict(json!({"session": {"session_success": "100"}})),
        Outcome::Success
    );
    assert_eq!(
        verdict(json!({"session": {"session_success": 40}})),
        Outcome::Partial
    );
    assert_eq!(
        verdict(json!({"session": {"session_success": 0}})),
        Outcome::Failure
    );
}

#[test]
fn coder_forges_runs_are_of_a_task_and_one_split_holds_solved_ones_only() {
    let row = json!({"trajectory_id": "pandas-dev__pandas-12_run3", "finish_reason": "submit",
        "messages": [{"role": "user", "content": "x"}]});
    let row = row.to_string();
    let t = read_at(&row, "trajectories", "filtered_reward1");
    assert_eq!(label(&t.labels.instance_id), "pandas-dev__pandas-12");
    assert_eq!(
        (t.outcome, t.exit.as_deref()),
        (Outcome::Success, Some("submit"))
    );
}

#[test]
fn runs_lie_in_lists_at_any_depth_with_the_facts_around_them() {
    let run =
        |id: u8| json!({"id": id, "messages": [{"role": "user", "content": format!("run {id}")}]});
    for object in [
        json!({"model": "m", "data": [run(1), run(2)]}),
        json!({"model": "m", "more": {"results": [run(1), run(2)]}}),
        json!({"model": "m", "runs": {"a": run(1), "b": run(2)}}),
    ] {
        let runs = runs_in_object(&object.to_string());
        assert_eq!(runs.len(), 2, "{object}");
        for (run, id) in runs.iter().zip(["1", "2"]) {
            let t = read(run);
            assert_eq!(t.messages[0].text, format!("run {id}"));
            assert_eq!(label(&t.labels.teacher), "m");
        }
    }
    assert!(
        runs_in_object(&run(1).to_string()).is_empty(),
        "a run holds no others"
    );
    assert!(runs_in_object("[]").is_empty());
    assert!(
        runs_in_object(&fixture("harbor")[0]).is_empty(),
        "a trial is one run"
    );
}

#[test]
fn many_runs_do_not_multiply_what_is_told_around_them() {
    let run = r#"{"messages":[{"role":"user","content":"x"}]}"#;
    let runs = vec![run; 20_000].join(",");
    let fact = "x".repeat(4_000);
    let facts = (0..8)
        .map(|at| format!(r#""f{at}":"{fact}""#))
        .collect::<Vec<_>>();
    let object = format!(r#"{{{},"data":[{runs}]}}"#, facts.join(","));
    let parted = runs_in_object(&object);
    assert_eq!(parted.len(), 20_000);
    let all: usize = parted.iter().map(String::len).sum();
    assert!(all < 6 * object.len(), "{all} of {}", object.len());
}
