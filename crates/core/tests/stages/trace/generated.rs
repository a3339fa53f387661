//! Rows in the shape of Open-SWE-Traces, made by a script beside the real rows, against the script's own truth.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use tracesift_core::trace::{Outcome, Role, Trajectory};

use crate::trace::shared::{assert_paired, calls, read_at, real_traces};

/// What a row holds.
#[derive(Deserialize)]
struct Truth {
    calls: BTreeMap<String, usize>,
    unanswered: usize,
    bad_arguments: usize,
    trajectory_id: String,
    messages: usize,
    language: String,
    resolved: i8,
    assistant_turns: usize,
    patch_bytes: usize,
}

/// One row and its truth, for where the script is not there.
const ROW: &str = r#"{"instance_id":"a__b-1","repo":"a/b","license":"MIT","language":"go","trajectory_id":"t1","LIST":[{"role":"system","content":"s","reasoning_content":"","tool_calls":[]},{"role":"user","content":"u","reasoning_content":"","tool_calls":[]},{"role":"assistant","content":"","reasoning_content":"think","tool_calls":[{"function":{"arguments":"{\"command\": \"ls\"}","name":"bash"},"id":"call_0","type":"function"},{"function":{"arguments":"{\"command\"","name":"bash"},"id":"call_1","type":"function"}]},{"role":"tool","content":"a","reasoning_content":"","tool_calls":[]},{"role":"tool","content":"b","reasoning_content":"","tool_calls":[]},{"role":"assistant","content":"done","reasoning_content":"","tool_calls":[{"function":{"arguments":"{}","name":"submit"},"id":"call_2","type":"function"}]}],"tools":["{\"function\": {\"name\": \"bash\"}}"],"resolved":-1,"metadata":{"category":"bug-fix","reference_patch":{"patch":"diff","num_modified_files":1,"num_modified_lines":1},"model_patch":{"patch":"diff --git","num_modified_files":1,"num_modified_lines":null}},"hf_dataset_name":"x"}"#;

fn made_here(generation: &str) -> (String, Vec<Truth>) {
    let list = if generation == "g1" {
        "trajectory"
    } else {
        "messages"
    };
    let calls = BTreeMap::from([("bash".to_owned(), 2), ("submit".to_owned(), 1)]);
    let truth = Truth {
        calls,
        unanswered: 1,
        bad_arguments: 1,
        trajectory_id: "t1".to_owned(),
        messages: 6,
        language: "go".to_owned(),
        resolved: -1,
        assistant_turns: 2,
        patch_bytes: 10,
    };
    (ROW.replace("LIST", list), vec![truth])
}

fn made_by_script(
    script: &Path,
    harness: &str,
    teacher: &str,
    generation: &str,
) -> (String, Vec<Truth>) {
    let folder = tempfile::tempdir().unwrap();
    let (rows, truth) = (
        folder.path().join("rows.jsonl"),
        folder.path().join("truth.json"),
    );
    let status = Command::new("python3")
        .arg(script)
        .args([
            "--rows",
            "8",
            "--seed",
            "7",
            "--harness",
            harness,
            "--teacher",
            teacher,
            "--generation",
            generation,
        ])
        .arg("--out")
        .arg(&rows)
        .arg("--truth")
        .arg(&truth)
        .status()
        .unwrap();
    assert!(status.success());
    let truths = serde_json::from_str(&std::fs::read_to_string(truth).unwrap()).unwrap();
    (std::fs::read_to_string(rows).unwrap(), truths)
}

fn outcome(resolved: i8) -> Outcome {
    match resolved {
        1 => Outcome::Success,
        0 => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

fn check(trajectory: &Trajectory<'_>, truth: &Truth) {
    assert_paired(trajectory);
    let mut by_name = BTreeMap::new();
    for call in calls(trajectory) {
        *by_name.entry(call.name.to_string()).or_insert(0) += 1;
    }
    let all = calls(trajectory);
    let bad = |arguments: &str| {
        serde_json::from_str::<serde_json::Map<_, serde_json::Value>>(arguments).is_err()
    };
    assert_eq!(by_name, truth.calls);
    assert_eq!(
        all.iter().filter(|call| call.answer.is_none()).count(),
        truth.unanswered
    );
    assert_eq!(
        all.iter().filter(|call| bad(&call.arguments)).count(),
        truth.bad_arguments
    );
    assert_eq!(trajectory.messages.len(), truth.messages);
    assert_eq!(
        trajectory
            .messages
            .iter()
            .filter(|m| m.role == Role::Assistant)
            .count(),
        truth.assistant_turns
    );
    assert!(
        trajectory
            .messages
            .iter()
            .all(|m| m.role != Role::Tool || m.answers.is_some()),
        "no orphans"
    );
    assert_eq!(trajectory.outcome, outcome(truth.resolved));
    assert_eq!(
        trajectory.labels.trajectory_id.as_deref(),
        Some(&*truth.trajectory_id)
    );
    assert_eq!(
        trajectory.labels.language.as_deref(),
        Some(&*truth.language)
    );
    assert!(trajectory.labels.category.is_some() && trajectory.labels.license.is_some());
    assert_eq!(
        trajectory
            .model_patch
            .as_deref()
            .map_or(0, |p| p.chars().count()),
        truth.patch_bytes
    );
    assert!(trajectory.reference_patch.is_some());
    assert!(
        !trajectory.tools.is_empty() && trajectory.tools.iter().all(|tool| !tool.name.is_empty())
    );
}

#[test]
fn every_generation_harness_and_teacher_of_open_swe_traces_is_read_as_it_was_made() {
    for harness in ["openhands", "sweagent"] {
        for teacher in ["minimax_m25", "qwen35_122b"] {
            for generation in ["g1", "g2", "g3"] {
                let (rows, truths) = match real_traces() {
                    Some(folder) => made_by_script(
                        &folder.join("make_open_swe_traces.py"),
                        harness,
                        teacher,
                        generation,
                    ),
                    None => made_here(generation),
                };
                assert_eq!(rows.lines().count(), truths.len());
                for (row, truth) in rows.lines().zip(&truths) {
                    let trajectory = read_at(row, harness, teacher);
                    check(&trajectory, truth);
                    assert_eq!(trajectory.labels.harness.as_deref(), Some(harness));
                    assert!(trajectory.labels.teacher.is_some());
                }
            }
        }
    }
}
