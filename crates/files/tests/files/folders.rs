//! Many files: each with its name, trials as one run each, and what only repeats others left out.

use tracesift_core::trace::Thread;

use super::archives::{gzip, tarred, zipped};
use super::opened::{Opened, lines, open_all, open_one, row};

const TRAJECTORY: &str = r#"{
  "schema_version": "ATIF-v1.6",
  "agent": {"name": "a", "version": "1"},
  "steps": [{"step_id": 1, "source": "user", "message": "fix it"}]
}"#;
const EVENTS: &str = "warning: no colour\n{\"type\":\"system\",\"subtype\":\"init\"}\n{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":[]}}\n{\"type\":\"res";
const RESULT: &str = "{\n \"task_name\": \"t\",\n \"trial_name\": \"t__x\"\n}";

/// A job of four trials: one with a trajectory, one with events only, one that died before its first step, one of which
/// the trajectory was cut.
pub fn job() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("job/config.json", b"{\"job_name\":\"job\"}"),
        ("job/job.log", b"begun"),
        ("job/result.json", b"{\"n_total_trials\":3}"),
        ("job/t__1/agent/episode-0/prompt.txt", b"p"),
        (
            "job/t__1/agent/recording.cast",
            b"{\"version\": 2}\n[0.1, \"o\", \"x\"]\n",
        ),
        ("job/t__1/agent/trajectory.json", TRAJECTORY.as_bytes()),
        ("job/t__1/config.json", RESULT.as_bytes()),
        ("job/t__1/result.json", RESULT.as_bytes()),
        ("job/t__1/trial.log", b"log"),
        ("job/t__1/verifier/ctrf.json", b"{}"),
        ("job/t__1/verifier/reward.txt", b"1\n"),
        ("job/t__2/agent/claude-code.txt", EVENTS.as_bytes()),
        ("job/t__2/config.json", RESULT.as_bytes()),
        (
            "job/t__2/exception.txt",
            b"Traceback\nAgentTimeoutError: timed out\n",
        ),
        ("job/t__2/result.json", RESULT.as_bytes()),
        ("job/t__3/config.json", RESULT.as_bytes()),
        (
            "job/t__3/exception.txt",
            b"Traceback\nEnvironmentStartTimeoutError: no room\n",
        ),
        ("job/t__3/result.json", RESULT.as_bytes()),
        ("job/t__4/agent/claude-code.txt", EVENTS.as_bytes()),
        ("job/t__4/agent/trajectory.json", b"{\"steps\": [{\"st"),
        ("job/t__4/result.json", RESULT.as_bytes()),
    ]
}

fn value(row: &super::opened::Row) -> serde_json::Value {
    serde_json::from_str(&row.json).unwrap_or_else(|error| panic!("{error}: {}", row.json))
}

fn assert_job(opened: &Opened, place: &str) {
    assert_eq!(opened.rows.len(), 4, "{:?}", opened.names());
    assert_eq!(opened.skipped(), []);
    assert_eq!(opened.names()[0], format!("{place}job/t__1"));
    let rows: Vec<_> = opened.rows.iter().map(value).collect();
    let trajectory: serde_json::Value = serde_json::from_str(TRAJECTORY).unwrap();
    assert_eq!(rows[0]["trial"], "t__1");
    assert_eq!(rows[0]["trajectory"], trajectory);
    assert_eq!(rows[0]["session"], serde_json::Value::Null);
    assert_eq!(rows[0]["reward"], "1");
    assert_eq!(rows[0]["result"]["task_name"], "t");
    assert_eq!(rows[0]["exception"], serde_json::Value::Null);
    for at in [1, 3] {
        assert_eq!(rows[at]["trajectory"], serde_json::Value::Null);
        assert_eq!(
            rows[at]["session"].as_array().unwrap().len(),
            2,
            "what is no event is left out"
        );
    }
    assert_eq!(rows[1]["reward"], serde_json::Value::Null);
    assert!(
        rows[1]["exception"]
            .as_str()
            .unwrap()
            .ends_with("timed out")
    );
    assert_eq!(
        (&rows[2]["trajectory"], &rows[2]["session"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert!(rows[2]["exception"].as_str().unwrap().contains("no room"));
}

#[test]
fn a_jobs_folder_has_a_run_per_trial_in_any_archive_and_any_order() {
    let job = job();
    assert_job(&open_all(&job), "");
    let mut turned = job.clone();
    turned.reverse();
    assert_job(&open_all(&turned), "");
    assert_job(&open_one("j.zip", zipped(&turned)), "j.zip/");
    assert_job(&open_one("j.tar.gz", gzip(&tarred(&job))), "j.tar.gz/");
    let opened = open_all(&job);
    assert_eq!(opened.inventory.words().unwrap(), "4 files: 4 trials");
}

#[test]
fn a_trials_folder_alone_is_one_run() {
    let trial: Vec<(&str, &[u8])> = job()
        .into_iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix("job/")?, bytes)))
        .filter(|(name, _)| name.starts_with("t__1/"))
        .collect();
    let opened = open_all(&trial);
    assert_eq!(opened.names(), ["t__1"]);
    let inside: Vec<(&str, &[u8])> = trial
        .iter()
        .map(|(name, bytes)| (name.strip_prefix("t__1/").unwrap(), *bytes))
        .collect();
    let opened = open_one("t__1.zip", zipped(&inside));
    assert_eq!(value(&opened.rows[0])["trial"], "t__1.zip");
}

#[test]
fn an_archive_that_was_cut_in_a_trial_has_the_trials_before_it() {
    let tar = tarred(&job());
    let opened = open_one("j.tar", &tar[..tar.len() / 2 + 100]);
    assert!(!opened.rows.is_empty());
    assert!(
        opened
            .skipped()
            .iter()
            .any(|(_, why)| why.starts_with("damaged")),
        "{:?}",
        opened.skipped()
    );
}

#[test]
fn a_folder_that_is_no_trial_loses_nothing() {
    let runs = lines(&["a", "b"]);
    let result = lines(&["c"]);
    let opened = open_all(&[
        ("p/agent/main.py", b"print(1)"),
        ("p/agent/log.txt", b"words"),
        ("p/config.json", b"{\"lr\": 1}"),
        ("p/result.json", result.as_bytes()),
        ("p/runs.jsonl", runs.as_bytes()),
    ]);
    let mut names = opened.names();
    names.dedup();
    assert_eq!(names, ["p/result.json", "p/runs.jsonl"]);
}

#[test]
fn outputs_of_swe_agent_and_openhands_are_read_file_by_file() {
    let traj = row("a").replace(
        "\"messages\"",
        "\"info\":{\"exit_status\":\"submitted\"},\"history\"",
    );
    let run = lines(&["b"]);
    let completion = row("c");
    let opened = open_all(&[
        ("out/i__1/i__1.traj", traj.as_bytes()),
        (
            "out/i__1/i__1.pred",
            br#"{"instance_id":"i__1","model_patch":""}"#,
        ),
        ("out/i__1/i__1.debug.log", b"debug"),
        ("out/run_batch.config.yaml", b"a: 1"),
        ("oh/output.jsonl", run.as_bytes()),
        ("oh/metadata.json", br#"{"agent_class":"CodeActAgent"}"#),
        (
            "oh/llm_completions/i__1/m-1732198000.1.json",
            completion.as_bytes(),
        ),
        (
            "lone/llm_completions/i__1/m-1732198000.1.json",
            completion.as_bytes(),
        ),
        (
            "lone/llm_completions/i__1/m-1732198007.9.json",
            completion.as_bytes(),
        ),
        ("__MACOSX/._x", b"\0\x05"),
        ("out/.DS_Store", b"\0\0\0\x01Bud1"),
    ]);
    assert_eq!(
        opened.names(),
        [
            "lone/llm_completions/i__1/m-1732198007.9.json",
            "oh/output.jsonl",
            "out/i__1/i__1.traj"
        ]
    );
    let mut skipped = opened.skipped();
    skipped.sort_unstable();
    assert_eq!(
        skipped,
        [
            ("oh/metadata.json", "no run in it"),
            ("out/i__1/i__1.debug.log", "a log"),
            ("out/i__1/i__1.pred", "no run in it"),
            ("out/run_batch.config.yaml", "settings"),
        ]
    );
}

#[test]
fn many_small_files_share_pages_and_a_large_one_has_many() {
    let one = lines(&["a"]);
    let names: Vec<String> = (0..250).map(|n| format!("f/{n:03}.jsonl")).collect();
    let many: String = (0..450).map(|n| row(&n.to_string()) + "\n").collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (&**name, one.as_bytes())).collect();
    files.push(("f/many.jsonl", many.as_bytes()));
    let opened = open_all(&files);
    assert_eq!(opened.rows.len(), 700);
    let lens: Vec<u32> = opened.inventory.pages.iter().map(|page| page.len).collect();
    assert_eq!(lens, [100, 100, 50, 100, 100, 100, 100, 50]);
    assert_eq!(opened.rows[699].said().unwrap()[0].1, "449");
}

#[test]
fn the_real_job_has_a_run_per_trial() {
    let Some(traces) = std::env::var_os("TRACESIFT_TRACES") else {
        return;
    };
    let root = std::path::PathBuf::from(traces);
    let mut open = vec![root.join("harbor")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (&**name, &**bytes))
        .collect();
    let opened = open_all(&files);
    assert_eq!(opened.rows.len(), 5);
    assert_eq!(opened.skipped(), []);
    for row in &opened.rows {
        let value = value(row);
        let has_run = value["trajectory"].is_object() || value["session"].is_array();
        assert!(has_run, "{}", row.name);
        assert!(value["config"]["agent"]["name"] == "claude-code");
        assert!(["0", "1"].contains(&value["reward"].as_str().unwrap()));
        assert!(row.said().unwrap().len() > 3, "{}", row.name);
    }
}

#[test]
fn an_agent_that_sums_up_in_a_trial_has_a_run_of_its_own() {
    let mut job = job();
    job.retain(|(name, _)| name.starts_with("job/t__1/"));
    job.push((
        "job/t__1/agent/trajectory.summarization-1-summary.json",
        TRAJECTORY.as_bytes(),
    ));
    let opened = open_all(&job);
    let mut threads: Vec<(&str, Thread)> = opened
        .rows
        .iter()
        .map(|row| (&*row.name, row.thread))
        .collect();
    threads.sort_by_key(|(name, _)| *name);
    assert_eq!(
        threads,
        [
            ("job/t__1", Thread::Main),
            (
                "job/t__1/agent/trajectory.summarization-1-summary.json",
                Thread::Subagent
            )
        ]
    );
    assert_eq!(opened.skipped(), []);
}

#[test]
fn a_terminal_bench_run_is_a_trial_for_each_of_its_tasks() {
    let result = br#"{"trial_name": "t.1-of-1.run", "task_id": "t", "is_resolved": true}"#;
    let opened = open_all(&[
        ("run/results.json", br#"{"results": [{"task_id": "t"}]}"#),
        ("run/run_metadata.json", b"{}"),
        ("run/t/t.1-of-1.run/results.json", result),
        (
            "run/t/t.1-of-1.run/agent-logs/episode-1/prompt.txt",
            b"seen",
        ),
        (
            "run/t/t.1-of-1.run/agent-logs/episode-1/response.txt",
            b"done",
        ),
        ("run/t/t.1-of-1.run/agent-logs/episode-0/prompt.txt", b"go"),
        (
            "run/t/t.1-of-1.run/agent-logs/episode-0/response.txt",
            b"{}",
        ),
        ("run/t/t.1-of-1.run/agent-logs/episode-0/debug.json", b"{}"),
        ("run/t/t.1-of-1.run/panes/post-agent.txt", b"$"),
        ("run/t/t.1-of-1.run/commands.txt", b"ls"),
    ]);
    assert_eq!(opened.names(), ["run/t/t.1-of-1.run"]);
    assert_eq!(opened.skipped(), []);
    let trial = value(&opened.rows[0]);
    assert_eq!(trial["result"]["task_id"], "t");
    let messages = trial["trajectory"]["messages"].as_array().unwrap();
    let texts: Vec<&str> = messages
        .iter()
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["go", "{}", "seen", "done"]);
}
