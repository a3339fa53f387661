//! Pairs for preference training, by `datasets` and TRL's preparation for DPO: as many pairs come out as went in, and
//! both runs of each have all that the agent said, with the loss from its first turn on.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use tracesift_core::calls::is_object;
use tracesift_core::export::options::Arguments;
use tracesift_core::export::preference::PairWriter;
use tracesift_core::export::{Options, Origin};
use tracesift_core::frame::Frame;
use tracesift_core::measure::measure;
use tracesift_core::recipe::Pairs;
use tracesift_core::recipe::pairs::pairs;
use tracesift_core::recipe::signs::SignRules;
use tracesift_core::source::demo;
use tracesift_core::trace::{Message, Role, RowContext, Trajectory, read};

use super::datasets::gives_its_rows_back;
use super::file::{Row, options};
use super::python::tell;
use super::rows;
use super::turn::{Loss, Template, Told, compare_with, told};

/// Two runs of one task: the better one and the other.
type Pair = [Trajectory<'static>; 2];

/// Rows of the demo among which there are pairs.
const DEMO: u64 = 120;

/// A file of pairs.
struct Exported {
    _folder: TempDir,
    path: PathBuf,
    /// Both runs of each pair, one after the other.
    runs: Vec<Row>,
}

fn run(text: String) -> Trajectory<'static> {
    read(String::leak(text), &RowContext::default()).expect("a row")
}

/// The same task given up after the first turn, or at once where there is no other.
fn given_up(run: &Trajectory<'static>) -> Trajectory<'static> {
    let mut run = run.clone();
    let mut turns = (0..run.messages.len()).filter(|&at| run.messages[at].role == Role::Assistant);
    let (first, second) = (turns.next().expect("a turn"), turns.next());
    run.messages.truncate(second.unwrap_or(first));
    run.messages.push(Message {
        role: Role::Assistant,
        text: "I give up.".into(),
        reasoning: "It is \"hard\".".into(),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    });
    run
}

/// What formats stumble over, on either side of a pair; real rows where there are some.
fn made() -> Vec<Pair> {
    let runs = rows::few().into_iter().map(run);
    runs.zip([true, false].into_iter().cycle())
        .map(|(run, is_chosen)| match is_chosen {
            true => [run.clone(), given_up(&run)],
            false => [given_up(&run), run],
        })
        .collect()
}

/// Pairs of the demo as the page finds them; those with arguments that were cut short can't be compared call by call.
fn found() -> Vec<Pair> {
    let runs: Vec<Trajectory> = (0..DEMO).map(|row| run(demo::row(1, row))).collect();
    let mut frame = Frame::default();
    for (run, row) in runs.iter().zip(0..) {
        frame.push(&measure(row, 0, run, None));
    }
    let (mask, signs) = (vec![true; frame.len()], SignRules::default());
    let pairs = pairs(&frame, &mask, Pairs::default().rule(), &[], &signs, 1);
    let run = |row: u64| runs[usize::try_from(row).unwrap()].clone();
    let pairs = pairs
        .iter()
        .map(|pair| [run(pair.chosen), run(pair.rejected)]);
    let mut pairs: Vec<Pair> = pairs.collect();
    pairs.retain(|pair| {
        let messages = pair.iter().flat_map(|run| &run.messages);
        let mut calls = messages.flat_map(|message| &message.calls);
        calls.all(|call| is_object(&call.arguments))
    });
    pairs
}

fn export(pairs: &[Pair], options: &Options) -> Exported {
    let writer = PairWriter {
        options,
        seed: 1,
        counter: None,
    };
    let folder = tempfile::tempdir_in(tracesift_testing::python::kept()).expect("a folder");
    let path = folder.path().join("pairs.jsonl");
    let (mut lines, mut runs) = (String::new(), Vec::new());
    for ([chosen, rejected], at) in pairs.iter().zip(0..) {
        let origin = |row| Origin {
            dataset: "o/n".to_owned(),
            row,
            ..Origin::default()
        };
        let line = writer.write((chosen, &origin(2 * at)), (rejected, &origin(2 * at + 1)));
        lines.push_str(&line.expect("a pair").text);
        lines.push('\n');
        runs.extend([chosen, rejected].map(|run| Row {
            trajectory: run.clone(),
            learned: vec![true; run.messages.len()],
            learns_reasoning: true,
        }));
    }
    fs::write(&path, lines).expect("the pairs are written");
    Exported {
        _folder: folder,
        path,
        runs,
    }
}

/// Both runs of each pair as TRL prepares them by a published template.
fn prepared(file: &Exported, template: &str) -> Vec<Vec<Told>> {
    let arguments = [OsStr::new(template), file.path.as_os_str()];
    told(tell("with_trl_dpo.py", &arguments))
}

fn compare_pairs(pairs: &[Pair], options: &Options, template: &str, kind: Template) {
    assert!(pairs.len() >= 3, "{} pairs", pairs.len());
    let file = export(pairs, options);
    compare_with(
        &file.runs,
        &prepared(&file, template),
        kind,
        Loss::Completion,
    );
}

#[test]
fn datasets_opens_pairs_and_gives_them_back() {
    for arguments in [Arguments::Text, Arguments::Object] {
        let options = Options {
            arguments,
            ..options("prompt-completion")
        };
        let pairs: Vec<Pair> = made().into_iter().chain(found()).collect();
        let file = export(&pairs, &options);
        assert_eq!(gives_its_rows_back(&file.path), pairs.len());
    }
}

#[test]
fn trl_prepares_pairs_that_the_page_finds_by_qwens_template() {
    compare_pairs(
        &found(),
        &options("prompt-completion"),
        "qwen3",
        Template::Qwen,
    );
}

#[test]
fn trl_prepares_pairs_of_any_rows_by_qwens_template_for_training() {
    // The published one leaves out what was thought before the user's last word.
    let options = options("prompt-completion");
    compare_pairs(&made(), &options, "qwen3_training", Template::Qwen);
}

#[test]
fn trl_prepares_pairs_by_llamas_template() {
    let options = Options {
        arguments: Arguments::Object,
        ..options("prompt-completion")
    };
    let mut pairs = made();
    // Llama 3.1 refuses several calls at once.
    pairs.retain(|pair| {
        let mut messages = pair.iter().flat_map(|run| &run.messages);
        messages.all(|message| message.calls.len() < 2)
    });
    compare_pairs(&pairs, &options, "llama3_1", Template::Llama);
}
