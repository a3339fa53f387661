//! Rows to measure the speed with: JSONL in the shape of Open-SWE-Traces, both harnesses.
//! Made of real trajectories by the script in the folder that `TRACESIFT_TRACES` names; the demo's rows without it.

use std::path::Path;
use std::process::Command;

use tracesift_core::source::demo;

/// JSONL of about so many rows.
pub fn jsonl(rows: u64) -> String {
    let maker = std::env::var_os("TRACESIFT_TRACES")
        .map(|folder| Path::new(&folder).join("make_open_swe_traces.py"))
        .filter(|maker| maker.is_file());
    match maker {
        Some(maker) => ["openhands", "sweagent"]
            .map(|harness| made(&maker, harness, rows / 2))
            .concat(),
        None => (0..rows)
            .map(|row| demo::row(1 + row / demo::ROWS, row % demo::ROWS) + "\n")
            .collect(),
    }
}

/// Where the rows come from, in words for the report.
pub fn origin() -> &'static str {
    match std::env::var_os("TRACESIFT_TRACES") {
        Some(_) => "rows made of real trajectories",
        None => "rows of the demo (TRACESIFT_TRACES is not set)",
    }
}

fn made(maker: &Path, harness: &str, rows: u64) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rows-{harness}-{rows}.jsonl"));
    let made = Command::new("python3")
        .arg(maker)
        .args(["--rows", &rows.to_string(), "--harness", harness, "--out"])
        .arg(&file)
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "{} fails",
        maker.display()
    );
    std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}
