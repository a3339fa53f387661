//! How every dialect is read, whole: a file of rows for each, and beside it what they are read as.
//! `TRACESIFT_UPDATE=1` writes the readings anew; a change of one is then seen in the diff.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tracesift_core::trace::{Thread, Trajectory, dialects};

use crate::trace::shared::{assert_paired, read};

fn fixture(dialect: &str, extension: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dialects");
    folder.join(dialect).with_extension(extension)
}

/// All of a trajectory, a line for each thing.
fn lines_of(trajectory: &Trajectory<'_>) -> String {
    let Trajectory {
        labels,
        outcome,
        messages,
        tools,
        model_patch,
        reference_patch,
        declared,
        reference_declared,
        exit,
        git_hack,
        thread,
        repairs,
    } = trajectory;
    let mut lines = format!("{labels:?}\n{outcome:?}, exit {exit:?}, git hack {git_hack:?}\n");
    for message in messages {
        writeln!(lines, "{message:?}").unwrap();
    }
    for tool in tools {
        writeln!(lines, "{tool:?}").unwrap();
    }
    writeln!(lines, "model's patch {model_patch:?}, {declared:?}").unwrap();
    writeln!(
        lines,
        "reference patch {reference_patch:?}, {reference_declared:?}"
    )
    .unwrap();
    if *thread != Thread::Main {
        writeln!(lines, "{thread:?}").unwrap();
    }
    writeln!(lines, "{repairs:?}").unwrap();
    // What few rows have stands in their lines only.
    let unsaid = [
        ", reported: None",
        ", weight: None",
        ", copied: false",
        ", media: []",
        ", source: None",
    ];
    unsaid
        .iter()
        .fold(lines, |lines, words| lines.replace(words, ""))
}

#[test]
fn the_rows_of_every_dialect_are_read_as_they_were() {
    let names: Vec<&str> = dialects().collect();
    let mut changed = Vec::new();
    // Our own form is read back from what the export writes.
    for name in names.into_iter().filter(|name| *name != "plain") {
        let rows = fixture(name, "jsonl");
        let rows = std::fs::read_to_string(&rows)
            .unwrap_or_else(|_| panic!("a dialect has rows in {}", rows.display()));
        let readings: Vec<String> = rows
            .lines()
            .map(|row| {
                let trajectory = read(row);
                assert_paired(&trajectory);
                lines_of(&trajectory)
            })
            .collect();
        let (readings, expected) = (readings.join("\n"), fixture(name, "txt"));
        if std::env::var_os("TRACESIFT_UPDATE").is_some() {
            std::fs::write(&expected, &readings).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != readings {
            changed.push(format!("{name}:\n{readings}"));
        }
    }
    assert!(changed.is_empty(), "read otherwise: {}", changed.join("\n"));
}
