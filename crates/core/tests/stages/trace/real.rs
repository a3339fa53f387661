//! The real rows, against counts made by hand; without them, rows of the same three shapes.

use tracesift_core::trace::{Outcome, Role, Trajectory};

use crate::trace::shared::{assert_paired, calls, read, real_traces};

/// Messages, turns, calls, observations, unanswered.
type Counts = (usize, usize, usize, usize, usize);

const SWE_GYM: [Counts; 5] = [
    (41, 17, 21, 20, 1),
    (23, 11, 9, 8, 1),
    (26, 12, 11, 10, 1),
    (37, 18, 17, 16, 1),
    (61, 30, 29, 28, 1),
];
const SWE_SMITH: [Counts; 5] = [
    (31, 15, 15, 14, 1),
    (47, 23, 23, 22, 1),
    (37, 18, 18, 17, 1),
    (45, 22, 22, 21, 1),
    (77, 38, 38, 37, 1),
];
const NEBIUS: [Counts; 5] = [
    (13, 6, 6, 5, 1),
    (29, 14, 14, 13, 1),
    (11, 5, 5, 4, 1),
    (17, 8, 8, 7, 1),
    (33, 16, 16, 15, 1),
];

fn counts(trajectory: &Trajectory<'_>) -> Counts {
    let of = |role| {
        trajectory
            .messages
            .iter()
            .filter(|m| m.role == role)
            .count()
    };
    let calls = calls(trajectory);
    let unanswered = calls.iter().filter(|call| call.answer.is_none()).count();
    (
        trajectory.messages.len(),
        of(Role::Assistant),
        calls.len(),
        of(Role::Tool),
        unanswered,
    )
}

/// A file of real rows, and what holds of each of them.
struct Family {
    file: &'static str,
    golden: [Counts; 5],
    /// A row of the same shape, for where the real ones are not there, and its counts.
    made: (&'static str, Counts),
    harness: &'static str,
    has_teacher: bool,
}

fn check(family: &Family) {
    let (rows, expected) = match real_traces() {
        Some(folder) => (
            std::fs::read_to_string(folder.join(family.file)).unwrap(),
            family.golden.to_vec(),
        ),
        None => (family.made.0.to_owned(), vec![family.made.1]),
    };
    let all: Vec<Trajectory> = rows.lines().map(read).collect();
    assert_eq!(all.iter().map(counts).collect::<Vec<_>>(), expected);
    for trajectory in &all {
        assert_paired(trajectory);
        assert_eq!(trajectory.outcome, Outcome::Success);
        assert_eq!(trajectory.labels.harness.as_deref(), Some(family.harness));
        assert_eq!(trajectory.labels.teacher.is_some(), family.has_teacher);
        assert!(trajectory.labels.instance_id.is_some());
        assert!(trajectory.model_patch.is_some());
    }
}

#[test]
fn swe_gym_rows_are_read_whole() {
    check(&Family {
        file: "swe-gym-openhands.jsonl",
        golden: SWE_GYM,
        made: (
            r#"{"instance_id":"a__b-1","run_id":"r","resolved":true,"tools":[{"type":"function","function":{"name":"execute_bash"}}],"test_result":{"git_patch":"diff\r\n"},"messages":[{"role":"user","content":"fix it","function_call":null,"name":null,"tool_call_id":null,"tool_calls":null},{"role":"assistant","content":null,"function_call":null,"name":null,"tool_call_id":null,"tool_calls":[{"function":{"arguments":"{}","name":"execute_bash"},"id":"x","index":null,"type":"function"},{"function":{"arguments":"{}","name":"finish"},"id":"y","index":null,"type":"function"}]},{"role":"tool","content":"OBSERVATION:\nok","function_call":null,"name":"execute_bash","tool_call_id":"x","tool_calls":null}]}"#,
            (3, 1, 2, 1, 1),
        ),
        harness: "openhands",
        has_teacher: false,
    });
}

#[test]
fn swe_smith_rows_are_read_whole() {
    check(&Family {
        file: "swe-smith-xml.jsonl",
        golden: SWE_SMITH,
        made: (
            r#"{"instance_id":"a__b-1","traj_id":"t","model":"claude","resolved":true,"patch":"","messages":[{"role":"user","content":"fix it"},{"role":"assistant","content":"I look.\n\n<function=bash>\n<parameter=command>ls</parameter>\n</function>"},{"role":"user","content":"Your command ran successfully and did not produce any output."},{"role":"assistant","content":"<function=submit>\n</function>"}]}"#,
            (4, 2, 2, 1, 1),
        ),
        harness: "sweagent",
        has_teacher: true,
    });
}

#[test]
fn nebius_rows_are_read_whole() {
    check(&Family {
        file: "nebius-swe-agent.jsonl",
        golden: NEBIUS,
        made: (
            r#"{"instance_id":"a__b-1","model_name":"llama","target":true,"generated_patch":"\ndiff","trajectory":[{"role":"system","system_prompt":"DISCUSSION, then one command in ```.","text":null},{"role":"user","system_prompt":null,"text":"fix it"},{"role":"ai","system_prompt":null,"text":"I look.\n```\nopen a.py\n```"},{"role":"user","system_prompt":null,"text":"[File: a.py]\nbash-$"},{"role":"ai","system_prompt":null,"text":"```\nsubmit\n```"}]}"#,
            (5, 2, 2, 1, 1),
        ),
        harness: "sweagent",
        has_teacher: true,
    });
}
