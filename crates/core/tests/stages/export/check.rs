//! What is refused, and why, in words.

use tracesift_core::export::check::{Fault, Reason, Rejected};
use tracesift_core::export::options::{Arguments, Mask, Options};
use tracesift_core::export::{Format, Origin};
use tracesift_core::trace::{Media, MediaKind, Role, Trajectory};

use crate::export::shared::{
    assistant, call, counter, linked, message, named, observation, options, run, sample, write,
    write_counted, writer,
};

/// The faults for which a row is not written; none where it is.
fn refused(trajectory: &Trajectory, options: &Options) -> Vec<Fault> {
    let mut lines = write(trajectory, options);
    match lines.remove(0) {
        Ok(_) => Vec::new(),
        Err(rejected) => rejected.reasons.iter().map(Reason::fault).collect(),
    }
}

/// The faults with which a row is written.
fn odd(trajectory: &Trajectory, options: &Options) -> Vec<Fault> {
    let mut lines = write(trajectory, options);
    lines
        .remove(0)
        .unwrap()
        .odd
        .iter()
        .map(Reason::fault)
        .collect()
}

/// The formats that refuse a run with this fault.
fn all(fault: Fault) -> Vec<&'static str> {
    let row = with(fault);
    let formats = Format::all().filter(|format| refused(&row, &options(*format)).contains(&fault));
    formats.map(Format::name).collect()
}

/// A run with one fault.
fn with(fault: Fault) -> Trajectory<'static> {
    let mut row = sample();
    match fault {
        Fault::Empty => row.messages.retain(|m| m.role == Role::User),
        Fault::Unanswered => {
            row.messages[5].calls.push(call("c4", "bash", "{}"));
        }
        Fault::Orphan => row.messages.insert(7, observation("of nothing", None)),
        Fault::UnknownTool => row.messages[5].calls[0].name = "fly".into(),
        Fault::NoTools => row.tools.clear(),
        Fault::BadArguments => row.messages[5].calls[0].arguments = "{\"command\"".into(),
        Fault::Blank => row.messages[7].text = "".into(),
        Fault::Tag => row.messages[2].text = "I write <tool_call> here".into(),
        Fault::End => {
            row.messages.pop();
        }
        Fault::Order => row.messages.insert(7, message(Role::System, "now")),
        _ => {}
    }
    row
}

#[test]
fn a_good_row_has_no_fault_in_any_format() {
    for format in Format::all() {
        assert_eq!(refused(&sample(), &options(format)), [], "{format:?}");
        assert_eq!(odd(&sample(), &options(format)), [], "{format:?}");
    }
}

#[test]
fn each_format_refuses_what_its_trainer_does() {
    let trainers = [
        "messages",
        "prompt-completion",
        "openai",
        "llamafactory",
        "axolotl",
        "swift",
        "verl",
        "nemo",
    ];
    assert_eq!(all(Fault::Empty), trainers);
    assert_eq!(all(Fault::Unanswered), ["openai"]);
    assert_eq!(all(Fault::Orphan), ["openai"]);
    assert_eq!(all(Fault::UnknownTool), ["openai"]);
    assert_eq!(
        all(Fault::BadArguments),
        ["openai", "llamafactory", "axolotl", "swift"]
    );
    assert_eq!(all(Fault::Blank), ["openai", "swift"]);
    assert_eq!(all(Fault::Tag), ["llamafactory"]);
    assert_eq!(all(Fault::End), ["openai", "llamafactory", "swift"]);
    // A system prompt in the middle; other orders have tests of their own.
    assert_eq!(all(Fault::Order), ["llamafactory", "swift"]);
    assert_eq!(all(Fault::NoTools), [""; 0]);
}

#[test]
fn what_is_not_refused_is_said() {
    for fault in [
        Fault::Unanswered,
        Fault::Orphan,
        Fault::UnknownTool,
        Fault::NoTools,
        Fault::BadArguments,
        Fault::End,
    ] {
        assert!(
            odd(&with(fault), &Options::default()).contains(&fault),
            "{fault:?}"
        );
    }
}

#[test]
fn arguments_that_are_to_be_objects_must_be_objects() {
    let objects = Options {
        arguments: Arguments::Object,
        ..Options::default()
    };
    let mut row = with(Fault::BadArguments);
    assert_eq!(refused(&row, &objects), [Fault::BadArguments]);
    for bad in ["", "[1]", "\"text\"", "null", "{} {}"] {
        row.messages[5].calls[0].arguments = bad.into();
        assert_eq!(refused(&row, &objects), [Fault::BadArguments], "{bad}");
    }
}

#[test]
fn a_prompt_must_be_there() {
    let mut row = sample();
    row.messages.drain(..2);
    row = linked(run(row
        .messages
        .into_iter()
        .map(|mut m| {
            m.answers = m.answers.map(|mut at| {
                at.message -= 2;
                at
            });
            m
        })
        .collect()));
    assert_eq!(
        refused(&row, &options(named("prompt-completion"))),
        [Fault::Order]
    );
}

#[test]
fn verl_takes_no_two_results_in_a_row_unless_they_can_be_merged() {
    let row = run(vec![
        message(Role::User, "go"),
        observation("1", None),
        observation("2", None),
        assistant("so", "", Vec::new()),
    ]);
    assert_eq!(refused(&row, &options(named("verl"))), [Fault::Order]);
}

#[test]
fn openai_gets_a_result_for_each_call_of_a_result_that_several_share() {
    let merged = Options {
        merge_parallel: true,
        ..options(named("openai"))
    };
    let line = write(&sample(), &merged).remove(0).unwrap().text;
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let results = [&line["messages"][3], &line["messages"][4]];
    let ids = results.map(|result| result["tool_call_id"].as_str().unwrap());
    let texts = results.map(|result| result["content"].as_str().unwrap());
    assert_eq!((ids, texts), (["c1", "c2"], ["a.py\n\ntext", ""]));
}

#[test]
fn a_limit_refuses_longer_rows_and_needs_tokens() {
    let tokens = counter().row(&sample()).total();
    let limit = |limit| Options {
        limit: Some(limit),
        ..Options::default()
    };
    assert!(write_counted(&sample(), &limit(tokens))[0].is_ok());
    let rejected = write_counted(&sample(), &limit(tokens - 1))
        .remove(0)
        .unwrap_err();
    assert_eq!(
        rejected.reasons,
        [Reason::TooLong {
            tokens,
            limit: tokens - 1
        }]
    );
    assert_eq!(refused(&sample(), &limit(tokens)), [Fault::NotCounted]);
}

#[test]
fn a_row_of_which_all_turns_are_masked_is_refused() {
    let mask = Options {
        mask: Mask {
            failed: true,
            ..Mask::NOTHING
        },
        ..options(named("axolotl"))
    };
    let mut row = sample();
    row.messages.pop();
    row.messages.drain(2..5);
    for message in &mut row.messages {
        message.answers = message.answers.map(|mut at| {
            at.message -= 3;
            at
        });
    }
    let row = linked(row);
    assert_eq!(refused(&row, &mask), [Fault::AllMasked]);
    // Where the format can't carry the mask, there is something to learn from.
    assert_eq!(
        refused(
            &row,
            &Options {
                format: named("messages"),
                ..mask
            }
        ),
        []
    );
}

#[test]
fn a_reason_says_which_row_and_which_message_of_it() {
    let options = Options {
        drop_system: true,
        ..options(named("openai"))
    };
    let origin = Origin {
        row: 42,
        ..Origin::default()
    };
    let mut row = with(Fault::UnknownTool);
    row.messages[5].calls[0].arguments = "ls".into();
    let rejected: Rejected = writer(&options, None)
        .write(&row, &origin)
        .remove(0)
        .unwrap_err();
    assert_eq!(
        rejected.to_string(),
        "row 42: message 5 calls “fly” with arguments that are not a JSON object; message 5 calls “fly”, which is not \
         among the row's tools"
    );
}

#[test]
fn each_part_of_a_cut_row_is_checked_by_itself() {
    let tokens = counter().row(&sample()).total();
    let cut = Options {
        cut: Some(tokens - 1),
        ..options(named("messages"))
    };
    let lines = write_counted(&sample(), &cut);
    assert!(lines.len() > 1);
    // A short task and turns that are too long each.
    let mut row = sample();
    row.tools.clear();
    let turns = row.messages.iter_mut();
    for turn in turns.filter(|message| message.role == Role::Assistant) {
        turn.text = "a turn ".repeat(40).into();
    }
    let long = Options {
        cut: Some(32),
        ..cut
    };
    let lines = write_counted(&row, &long);
    assert!(lines.len() > 1);
    for (number, line) in (1..).zip(lines) {
        let rejected = line.unwrap_err();
        assert_eq!(rejected.part, number);
        assert!(matches!(
            rejected.reasons[..],
            [Reason::TooLong { limit: 32, .. }]
        ));
    }
}

#[test]
fn media_that_a_format_leaves_out_are_counted() {
    let image = |reference: Option<&'static str>| Media {
        kind: MediaKind::Image,
        reference: reference.map(Into::into),
    };
    let mut row = sample();
    row.messages[1].media = vec![image(Some("a.png")), image(None)];
    row.messages[3].media = vec![image(None)];
    for format in Format::all() {
        let keeps = matches!(format.target().name(), "plain" | "atif");
        let left_out = if keeps { 2 } else { 3 };
        let expected = Reason::Media {
            message: 1,
            left_out,
        };
        assert_eq!(refused(&row, &options(format)), [], "{format:?}");
        let line = write(&row, &options(format)).remove(0).unwrap();
        assert_eq!(line.odd, [expected], "{format:?}");
    }
}
