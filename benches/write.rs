//! The speed of writing lines natively, in every format, beside Python's `json.dumps` on the same rows: ratios from one run.
//! `cargo bench --bench write`; it needs Python. Both sides start from rows in memory and keep what they write in memory.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "rows/mod.rs"]
mod rows;

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use tracesift_core::export::writer::Writer;
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::trace::{self, RowContext, Trajectory};

const ROWS: u64 = 100;
const ROUNDS: usize = 5;

/// Reads rows, then writes them several times; prints the best speed in bytes per second.
const PYTHON: &str = "
import json, sys, time
rows = [json.loads(line) for line in sys.stdin.buffer]
best = 0
for _ in range(5):
    begun = time.perf_counter()
    written = sum(len((json.dumps(row) + '\\n').encode()) for row in rows)
    best = max(best, written / (time.perf_counter() - begun))
print(best)
";

fn main() {
    let text = rows::jsonl(ROWS);
    let place = RowContext::default();
    let read = |line| trace::read(line, &place).unwrap();
    let trajectories: Vec<Trajectory> = text.lines().map(read).collect();
    let python = python(&text);
    println!(
        "{} rows, {}; json.dumps: {:.0} MB/s",
        trajectories.len(),
        rows::origin(),
        python / 1e6
    );
    for format in Format::all() {
        let speed = (0..ROUNDS)
            .map(|_| speed(format, &trajectories))
            .fold(0.0, f64::max);
        println!(
            "{:<18} {:>6.0} MB/s, {:.1} times json.dumps",
            format.name(),
            speed / 1e6,
            speed / python
        );
    }
}

/// Bytes per second that one worker's writer writes.
fn speed(format: Format, trajectories: &[Trajectory]) -> f64 {
    let options = Options {
        format,
        end_at_assistant: true,
        ..Options::default()
    };
    let writer = Writer {
        options: &options,
        seed: 1,
        counter: None,
    };
    let begun = Instant::now();
    let written: usize = trajectories
        .iter()
        .map(|trajectory| {
            let lines = black_box(writer.write(trajectory, &Origin::default()));
            lines
                .iter()
                .flatten()
                .map(|line| line.text.len() + 1)
                .sum::<usize>()
        })
        .sum();
    written as f64 / begun.elapsed().as_secs_f64()
}

fn python(rows: &str) -> f64 {
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python is installed");
    let mut input = python.stdin.take().expect("its input is piped");
    input.write_all(rows.as_bytes()).expect("it reads the rows");
    drop(input);
    let output = python.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.trim().parse().expect("it prints a number")
}
