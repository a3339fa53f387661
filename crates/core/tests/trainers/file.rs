//! A file in a format, written by the library, and the trajectories that are in it.

use std::path::PathBuf;

use tempfile::TempDir;

use tracesift_core::export::file::{FileCounter, SplitFile};
use tracesift_core::export::mask::learned;
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::writer::Writer;
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::trace::{Role, RowContext, Trajectory, read};

/// Rows as they were written for a trainer, in a folder with all that goes beside them.
pub struct Exported {
    folder: TempDir,
    /// The name of the file with the rows.
    pub name: String,
    /// Each written row, in the order of the lines.
    pub rows: Vec<Row>,
    /// Each row that was not written, and why.
    pub refused: Vec<String>,
}

/// A row of a file: what the agent said, and whether each message is learned from.
pub struct Row {
    pub trajectory: Trajectory<'static>,
    pub learned: Vec<bool>,
    /// Whether reasoning is learned from.
    pub learns_reasoning: bool,
}

impl Exported {
    pub fn path(&self) -> PathBuf {
        self.beside(&self.name)
    }

    /// Leaves out the rows of which `is_kept` says no.
    pub fn keep(&mut self, is_kept: impl Fn(&Row) -> bool) {
        let text = std::fs::read_to_string(self.path()).expect("the rows");
        let kept = text.lines().zip(&self.rows).filter(|(_, row)| is_kept(row));
        let lines: String = kept.map(|(line, _)| format!("{line}\n")).collect();
        std::fs::write(self.path(), lines).expect("the rows are written");
        self.rows.retain(is_kept);
    }

    /// A test of a mask must have something to mask.
    pub fn expect_masked_turns(&self) {
        let is_masked = |row: &Row| {
            let mut messages = row.trajectory.messages.iter().zip(&row.learned);
            messages.any(|(message, learned)| message.role == Role::Assistant && !learned)
        };
        let masked = self.rows.iter().filter(|row| is_masked(row));
        let mut names = masked.filter_map(|row| row.trajectory.labels.instance_id.as_deref());
        assert!(
            names.any(|name| name == "failing"),
            "a turn that failed is masked"
        );
    }

    /// A file beside the rows; without a name, the folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The options of a format by its word in the address; every row ends with the assistant.
pub fn options(format: &str) -> Options {
    Options {
        format: Format::from_name(format).expect("a format of this name"),
        end_at_assistant: true,
        ..Options::default()
    }
}

/// Writes all rows that the format takes.
pub fn export(rows: &[String], options: &Options) -> Exported {
    let target = options.format.target();
    let writer = Writer {
        options,
        seed: 1,
        counter: None,
    };
    let folder = tempfile::tempdir_in(tracesift_testing::python::kept()).expect("a folder");
    let (mut lines, mut kept, mut refused) = (String::new(), Vec::new(), Vec::new());
    let mut tally = Tally::default();
    for (at, text) in rows.iter().enumerate() {
        let text: &'static str = String::leak(text.clone());
        let trajectory = read(text, &RowContext::default()).expect("a row");
        let origin = Origin {
            dataset: "o/n".to_owned(),
            row: at as u64,
            ..Origin::default()
        };
        let [written] = &writer.write(&trajectory, &origin)[..] else {
            panic!("a row that is not cut has one line");
        };
        match written {
            Ok(line) => {
                tally.add_line(line);
                lines.push_str(&line.text);
                lines.push('\n');
                kept.push(Row {
                    learned: learned(&trajectory, options.mask),
                    trajectory,
                    learns_reasoning: !options.mask.reasoning,
                });
            }
            Err(rejected) => refused.push(rejected.to_string()),
        }
    }
    let name = target.file_name("rows", None, None);
    std::fs::write(folder.path().join(&name), &lines).expect("the rows are written");
    let mut counted = FileCounter::default();
    counted.add(lines.as_bytes());
    let file = SplitFile {
        split: Split::Train,
        file: counted.file(&name),
    };
    let encoder = options.format.encoder();
    for sidecar in encoder.sidecars(&[file], options, &tally) {
        std::fs::write(folder.path().join(&sidecar.name), &sidecar.text).expect("a sidecar");
    }
    Exported {
        folder,
        name,
        rows: kept,
        refused,
    }
}
