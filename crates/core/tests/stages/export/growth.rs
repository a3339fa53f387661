//! Writing takes time and memory in proportion to the row and to what is written of it.

use std::cell::Cell;
use std::rc::Rc;

use tracesift_core::export::check::Reason;
use tracesift_core::export::prepare::{Part, prepare};
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::tokens::template::Family;
use tracesift_core::tokens::{Counter, Vocabulary};
use tracesift_core::trace::{Role, Trajectory};
use tracesift_testing::growth::assert_linear;

use crate::export::shared::{
    assistant, call, counter, linked, message, observation, options, run, tool, writer,
};

/// A vocabulary of tokens of four bytes that adds up how many bytes it was asked about.
struct Meter(Rc<Cell<u64>>);

impl Vocabulary for Meter {
    fn count(&self, text: &str) -> usize {
        self.0.set(self.0.get() + text.len() as u64);
        text.len().div_ceil(4)
    }

    fn count_rendered(&self, text: &str) -> usize {
        self.count(text)
    }
}

/// A run of so many turns of some 100 tokens each, whose task has so many bytes; both patches grow with the turns.
fn long(turns: usize, task: usize) -> Trajectory<'static> {
    let mut messages = vec![message(Role::User, &"task ".repeat(task / 5))];
    for turn in 0..turns {
        let at = messages.len();
        let id = format!("c{turn}");
        let call = call(&id, "bash", r#"{"command": "ls -la"}"#);
        let text = format!("turn {turn}: I look at a thing or two before I go on");
        messages.push(assistant(&text, "", vec![call]));
        let listing = format!("file-{turn}.py ").repeat(20);
        messages.push(observation(&listing, Some((at, 0))));
    }
    let mut run = linked(run(messages));
    run.tools = vec![tool(
        "bash",
        r#"{"name": "bash", "description": "Runs.", "parameters": {}}"#,
    )];
    let patch = "+a line of the patch\n".repeat(turns * 20);
    run.model_patch = Some(patch.clone().into());
    run.reference_patch = Some(patch.into());
    run
}

fn cut(limit: u64) -> Options {
    Options {
        cut: Some(limit),
        ..Options::default()
    }
}

/// Bytes that are counted, rendered or not, when a run is cut with a chat template.
fn counted(trajectory: &Trajectory, limit: u64) -> u64 {
    let bytes = Rc::new(Cell::new(0));
    let template = Family::Qwen3.template().unwrap();
    let counter = Counter::of(Box::new(Meter(bytes.clone())), Some(template));
    let lines = writer(&cut(limit), Some(&counter)).write(trajectory, &Origin::default());
    assert!(!lines.is_empty());
    bytes.get()
}

#[test]
fn what_is_counted_of_a_row_that_is_cut_grows_with_the_row() {
    for limit in [300, 500, 2_000] {
        let of = |turns| counted(&long(turns, 100), limit);
        let (few, many) = (of(60), of(240));
        assert!(many < 6 * few, "{few} and {many} bytes at {limit} tokens");
    }
}

#[test]
fn a_row_whose_task_is_longer_than_a_part_is_refused_once_and_at_once() {
    // Four times the turns and four times the task: each part by itself would be counted sixteen times as much.
    let of = |turns, task| counted(&long(turns, task), 200);
    let (few, many) = (of(60, 4_000), of(240, 16_000));
    assert!(many < 6 * few, "{few} and {many} bytes");

    let lines = writer(&cut(200), Some(counter())).write(&long(60, 4_000), &Origin::default());
    let [Err(rejected)] = &lines[..] else {
        panic!("{} lines", lines.len());
    };
    let [Reason::LongTask { tokens, limit: 200 }] = rejected.reasons[..] else {
        panic!("{rejected}");
    };
    assert_eq!(tokens, counter().row(&long(0, 4_000)).total());
}

#[test]
fn the_parts_of_a_row_that_is_cut_hold_no_copy_of_what_they_share() {
    let trajectory = long(60, 100);
    let prepared = prepare(trajectory, &cut(300), Some(counter())).unwrap();
    let parts: Vec<_> = prepared.parts().collect();
    assert!(parts.len() > 10);
    let shared = |part: &Part| {
        let run = &part.trajectory;
        let patches = [&run.model_patch, &run.reference_patch];
        let patches = patches.map(|patch| patch.as_ref().unwrap().as_ptr());
        (
            patches,
            run.messages[0].text.as_ptr(),
            run.tools[0].schema.as_ptr(),
        )
    };
    for part in &parts {
        assert_eq!(shared(part), shared(&parts[0]));
    }
}

/// A message with so many calls, and their results.
fn parallel(calls: usize) -> Trajectory<'static> {
    let asked = (0..calls).map(|at| call(&format!("c{at}"), "bash", "{}"));
    let mut messages = vec![
        message(Role::User, "go"),
        assistant("all at once", "", asked.collect()),
    ];
    messages.extend((0..calls).map(|at| observation("done", Some((1, at)))));
    messages.push(assistant("done", "", Vec::new()));
    linked(run(messages))
}

#[test]
fn the_calls_of_one_message_are_written_in_time_proportional_to_their_number() {
    for format in Format::all() {
        let options = options(format);
        let write = |row: &Trajectory| {
            let lines = writer(&options, None).write(row, &Origin::default());
            assert!(matches!(lines[..], [Ok(_)]), "{format:?}");
        };
        assert_linear(3_000, parallel, write);
    }
}
