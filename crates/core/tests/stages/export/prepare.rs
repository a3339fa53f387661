//! What is changed in a row before it is written.

use proptest::prelude::*;
use std::borrow::Cow;
use tracesift_core::export::check::Reason;
use tracesift_core::export::options::{BrokenCalls, Reasoning};
use tracesift_core::export::prepare::{Part, Prepared, prepare, prepare_whole};
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::trace::{Role, RowContext, Trajectory, read};

use crate::export::shared::{
    assistant, call, counter, linked, message, named, observation, rows_to_export, run, sample,
    tool, writer,
};

fn prepared(trajectory: &Trajectory<'static>, options: &Options) -> Part<'static> {
    assert_eq!(options.cut, None);
    let part = prepare_whole(trajectory.clone(), options, Some(counter())).unwrap();
    let prepared = prepare(trajectory.clone(), options, Some(counter())).unwrap();
    assert_eq!(parts(&prepared), std::slice::from_ref(&part));
    part
}

fn parts<'p>(prepared: &'p Prepared) -> Vec<Part<'p>> {
    prepared.parts().map(Cow::into_owned).collect()
}

#[test]
fn nothing_is_changed_by_default() {
    assert_eq!(
        prepared(&sample(), &Options::default()),
        Part::whole(sample())
    );
}

#[test]
fn reasoning_is_kept_put_into_the_text_or_dropped() {
    let with = |reasoning| Options {
        reasoning,
        ..Options::default()
    };
    let part = prepared(&sample(), &with(Reasoning::Inline));
    let message = &part.trajectory.messages[2];
    assert_eq!(message.text, "<think>\nlook first\n</think>\n\nI look.");
    assert_eq!(message.reasoning, "");
    assert_eq!(&message.text[part.marks[2].thought..], "I look.");
    assert_eq!(part.trajectory.messages[7].text, "done");
    let part = prepared(&sample(), &with(Reasoning::Drop));
    assert_eq!(part.trajectory.messages[2].text, "I look.");
    assert!(
        part.trajectory
            .messages
            .iter()
            .all(|m| m.reasoning.is_empty())
    );
}

#[test]
fn without_system_prompts_calls_and_answers_still_find_each_other() {
    let options = Options {
        drop_system: true,
        ..Options::default()
    };
    let part = prepared(&sample(), &options);
    let messages = &part.trajectory.messages;
    assert_eq!(messages.len(), 7);
    assert_eq!(messages[0].role, Role::User);
    assert_eq!(
        messages[2].answers.map(|at| (at.message, at.call)),
        Some((1, 0))
    );
    assert_eq!(messages[1].calls[1].answer, Some(3));
    let from: Vec<usize> = part.marks.iter().map(|mark| mark.from).collect();
    assert_eq!(from, [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_row_ends_at_the_last_assistant_message_and_its_calls_are_open_then() {
    let mut trajectory = sample();
    trajectory.messages.pop();
    let options = Options {
        end_at_assistant: true,
        ..Options::default()
    };
    let part = prepared(&trajectory, &options);
    assert_eq!(part.trajectory.messages.len(), 6);
    assert_eq!(part.trajectory.messages[5].calls[0].answer, None);
    let nobody = run(vec![message(Role::User, "hello")]);
    assert_eq!(prepared(&nobody, &options), Part::whole(nobody.clone()));
}

#[test]
fn results_of_parallel_calls_become_one_and_others_do_not() {
    let options = Options {
        merge_parallel: true,
        ..Options::default()
    };
    let part = prepared(&sample(), &options);
    let messages = &part.trajectory.messages;
    assert_eq!(messages.len(), 7);
    assert_eq!(messages[3].text, "a.py\n\ntext");
    let answers: Vec<_> = messages[2].calls.iter().map(|call| call.answer).collect();
    assert_eq!(answers, [Some(3), Some(3)]);
    assert_eq!(messages[5].text, "ERROR: no");
    assert_eq!(messages[4].calls[0].answer, Some(5));

    // A message between them keeps them apart, and so does another call's result.
    let apart = linked(run(vec![
        assistant("", "", vec![call("a", "x", "{}"), call("b", "x", "{}")]),
        observation("1", Some((0, 0))),
        message(Role::User, "go on"),
        observation("2", Some((0, 1))),
    ]));
    assert_eq!(prepared(&apart, &options), Part::whole(apart.clone()));
}

fn with_observation(text: &str) -> Trajectory<'static> {
    let mut trajectory = sample();
    trajectory.messages[3].text = text.to_owned().into();
    trajectory
}

#[test]
fn a_long_observation_keeps_head_and_tail_and_says_how_much_is_missing() {
    let lines: Vec<String> = (0..5000).map(|n| format!("line {n}")).collect();
    let text = lines.join("\n");
    let all = counter().count(&text);
    let options = Options {
        observations: Some(200),
        ..Options::default()
    };
    let part = prepared(&with_observation(&text), &options);
    let short = &part.trajectory.messages[3].text;
    let count = counter().count(short);
    assert!((150..=200).contains(&count), "{count} tokens");
    assert!(short.starts_with("line 0\nline 1\n"), "{short}");
    assert!(short.ends_with("line 4998\nline 4999"), "{short}");
    let (head, rest) = short.split_once("\n[… ").unwrap();
    let (number, tail) = rest.split_once(" tokens left out …]\n").unwrap();
    let missing: u32 = number.replace(',', "").parse().unwrap();
    assert_eq!(missing, all - counter().count(head) - counter().count(tail));
    // Shorter ones stay, and so does what the user says.
    assert_eq!(part.trajectory.messages[4].text, "text");
    assert_eq!(part.trajectory.messages[1].text, "fix it");
}

#[test]
fn what_needs_tokens_is_not_done_without_counting() {
    for options in [
        Options {
            observations: Some(100),
            ..Options::default()
        },
        Options {
            cut: Some(100),
            ..Options::default()
        },
    ] {
        assert!(options.needs_tokens());
        let refused = prepare(sample(), &options, None);
        assert_eq!(refused.err(), Some(Reason::NotCounted));
    }
}

fn long(turns: usize) -> Trajectory<'static> {
    let mut messages = vec![
        message(Role::System, "be brief"),
        message(Role::User, "fix it"),
    ];
    for turn in 0..turns {
        let at = messages.len();
        messages.push(assistant(
            &format!("turn {turn}: I look at a thing or two before I go on"),
            "",
            vec![call(&format!("c{turn}"), "bash", "{\"command\": \"ls\"}")],
        ));
        messages.push(observation("a.py b.py c.py d.py", Some((at, 0))));
    }
    linked(run(messages))
}

/// Every turn is in a part, in order; each part begins with the task, ends with the assistant and fits; no call before the
/// last message lost its result.
fn assert_cut(trajectory: &Trajectory, parts: &[Part], limit: u64) {
    let turns = |t: &Trajectory| t.messages.iter().position(|m| m.role == Role::Assistant);
    let head = turns(trajectory).unwrap_or(trajectory.messages.len());
    let mut from = Vec::new();
    for (number, part) in (1..).zip(parts) {
        assert_eq!((part.number, part.of as usize), (number, parts.len()));
        assert_eq!(part.marks.len(), part.trajectory.messages.len());
        assert_eq!(
            part.trajectory.messages[..head],
            trajectory.messages[..head]
        );
        let last = part.trajectory.messages.len() - 1;
        assert_eq!(part.trajectory.messages[last].role, Role::Assistant);
        from.extend(part.marks[head..].iter().map(|mark| mark.from));
        for (message, mark) in part.trajectory.messages.iter().zip(&part.marks) {
            let whole = &trajectory.messages[mark.from];
            assert_eq!((&message.text, message.role), (&whole.text, whole.role));
            assert_eq!(message.answers.is_some(), whole.answers.is_some());
            for (call, of) in message.calls.iter().zip(&whole.calls) {
                if mark.from == part.marks[last].from {
                    assert_eq!(call.answer, None);
                    continue;
                }
                assert_eq!(call.answer.is_some(), of.answer.is_some());
                let answer = call.answer.map(|at| part.marks[at].from);
                assert_eq!(answer, of.answer);
            }
        }
        let turns = part
            .trajectory
            .messages
            .iter()
            .filter(|m| m.role == Role::Assistant);
        let tokens = counter().row(&part.trajectory).total();
        // What can't be cut may be longer.
        assert!(
            tokens <= limit
                || turns.count() == 1
                || trajectory.messages.iter().any(|m| m.calls.len() > 1)
        );
    }
    // What is left out stands behind the last turn of a part, and is no turn.
    let messages = trajectory.messages.iter().enumerate().skip(head);
    let turns = messages.filter(|(at, m)| m.role == Role::Assistant || from.contains(at));
    assert_eq!(from, turns.map(|(at, _)| at).collect::<Vec<_>>());
    let is_turn = |at: &usize| trajectory.messages[*at].role == Role::Assistant;
    for (at, next) in from.iter().zip(from.iter().skip(1)) {
        assert!(
            next - at == 1 || (is_turn(at) && is_turn(next)),
            "{at}, {next}"
        );
    }
}

#[test]
fn the_parts_of_what_is_not_trained_on_are_the_whole_run() {
    let trajectory = long(40);
    for format in ["plain", "atif"].map(named) {
        let options = Options {
            cut: Some(200),
            format,
            ..Options::default()
        };
        let prepared = prepare(trajectory.clone(), &options, Some(counter())).unwrap();
        let parts = parts(&prepared);
        assert!(parts.len() > 4, "{}", parts.len());
        let from = parts.iter().flat_map(|part| part.marks[2..].iter());
        let from: Vec<usize> = from.map(|mark| mark.from).collect();
        assert_eq!(from, (2..trajectory.messages.len()).collect::<Vec<_>>());
    }
}

#[test]
fn every_part_of_a_cut_run_is_written_by_every_format() {
    let trajectory = long(40);
    for format in Format::all() {
        let options = Options {
            cut: Some(200),
            format,
            ..Options::default()
        };
        let lines = writer(&options, Some(counter())).write(&trajectory, &Origin::default());
        assert!(lines.len() > 4, "{format:?}: {}", lines.len());
        for line in lines {
            line.unwrap_or_else(|rejected| panic!("{format:?}: {rejected}"));
        }
    }
}

#[test]
fn a_long_run_is_cut_between_turns_and_each_part_begins_with_the_task() {
    let trajectory = long(40);
    let options = Options {
        cut: Some(200),
        ..Options::default()
    };
    let prepared = prepare(trajectory.clone(), &options, Some(counter())).unwrap();
    let parts = parts(&prepared);
    assert!(parts.len() > 4, "{}", parts.len());
    assert_cut(&trajectory, &parts, 200);
    let enough = Options {
        cut: Some(1_000_000),
        ..Options::default()
    };
    let prepared = prepare(trajectory.clone(), &enough, Some(counter())).unwrap();
    assert_eq!(self::parts(&prepared), [Part::whole(trajectory)]);
}

#[test]
fn a_result_that_comes_late_keeps_its_turns_together() {
    let mut trajectory = run(vec![
        message(Role::User, "go"),
        assistant("first", "", vec![call("a", "x", "{}")]),
        assistant("second", "", vec![call("b", "x", "{}")]),
        observation("of b", Some((2, 0))),
        observation("of a", Some((1, 0))),
        assistant("third", "", Vec::new()),
    ]);
    trajectory = linked(trajectory);
    let options = Options {
        cut: Some(1),
        ..Options::default()
    };
    let prepared = prepare(trajectory.clone(), &options, Some(counter())).unwrap();
    let from: Vec<Vec<usize>> = parts(&prepared)
        .iter()
        .map(|part| part.marks.iter().map(|mark| mark.from).collect())
        .collect();
    assert_eq!(from, [vec![0, 1, 2], vec![0, 5]]);
}

#[test]
fn real_rows_are_cut_and_shortened_within_the_limits() {
    for row in rows_to_export().iter().step_by(5) {
        let trajectory = read(row, &RowContext::default()).unwrap();
        let cut = Options {
            cut: Some(8000),
            ..Options::default()
        };
        let prepared = prepare(trajectory.clone(), &cut, Some(counter())).unwrap();
        assert_cut(&trajectory, &parts(&prepared), 8000);
        let short = Options {
            observations: Some(120),
            ..Options::default()
        };
        let part = prepare_whole(trajectory.clone(), &short, Some(counter())).unwrap();
        for (message, whole) in part.trajectory.messages.iter().zip(&trajectory.messages) {
            if message.role == Role::Tool {
                assert!(counter().count(&message.text) <= 120);
            } else {
                assert_eq!(message, whole);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_observation_is_within_its_limit_and_begins_and_ends_as_it_did(
        text in prop_oneof!["\\PC{0,600}", "[a-c \n]{0,900}", "(日本|é|\u{301}|🦀){0,200}"], limit in 16_u64..120,
    ) {
        let options = Options { observations: Some(limit), ..Options::default() };
        let part = prepared(&with_observation(&text), &options);
        let short = &part.trajectory.messages[3].text;
        if u64::from(counter().count(&text)) <= limit {
            prop_assert_eq!(short, &text);
        } else {
            prop_assert!(u64::from(counter().count(short)) <= limit);
            let (head, rest) = short.split_once("\n[… ").unwrap();
            let (_, tail) = rest.split_once(" tokens left out …]\n").unwrap();
            prop_assert!(text.starts_with(head) && text.ends_with(tail));
        }
    }
}

// ---- calls that can't be read

/// A run of three turns, whose second calls with such arguments.
fn broken(arguments: &str) -> Trajectory<'static> {
    let mut messages = vec![message(Role::User, "go")];
    for (id, arguments) in [("a", "{}"), ("b", arguments), ("c", "{}")] {
        let at = messages.len();
        messages.push(assistant("I look", "", vec![call(id, "bash", arguments)]));
        messages.push(observation("a.py", Some((at, 0))));
    }
    messages.push(assistant("done", "", Vec::new()));
    let mut run = linked(run(messages));
    run.tools
        .push(tool("bash", r#"{"name": "bash", "parameters": {}}"#));
    run
}

fn with_broken(calls: BrokenCalls, format: &str) -> Options {
    Options {
        broken: calls,
        format: named(format),
        ..Options::default()
    }
}

#[test]
fn a_call_that_is_certain_is_repaired_and_counted_and_others_are_not() {
    let options = with_broken(BrokenCalls::Repair, "llamafactory");
    let lines = writer(&options, None).write(&broken("{'command': 'ls'}"), &Origin::default());
    let line = lines.into_iter().next().unwrap().unwrap();
    assert_eq!(line.mended.repaired, 1);
    let value: serde_json::Value = serde_json::from_str(&line.text).unwrap();
    assert_eq!(value["metadata"]["repaired_calls"], 1);
    assert!(
        line.text.contains(r#"{\"command\": \"ls\"}"#)
            || line.text.contains(r#"{\"command\":\"ls\"}"#),
        "{}",
        line.text
    );
    let lines = writer(&options, None).write(&broken("ls -la"), &Origin::default());
    let rejected = lines.into_iter().next().unwrap().unwrap_err();
    assert!(matches!(
        rejected.reasons[..],
        [Reason::BadArguments { .. }]
    ));
}

#[test]
fn a_run_ends_at_the_last_turn_before_a_call_that_is_not_certain() {
    let options = with_broken(BrokenCalls::End, "llamafactory");
    let part = prepared(&broken("ls -la"), &options);
    let from: Vec<usize> = part.marks.iter().map(|mark| mark.from).collect();
    assert_eq!((from, part.mended.ended), (vec![0, 1], 1));
    let lines = writer(&options, None).write(&broken("ls -la"), &Origin::default());
    assert!(lines[0].is_ok(), "{lines:?}");
    // Nothing to learn from comes before the first one.
    let first = run(vec![
        message(Role::User, "go"),
        assistant("", "", vec![call("a", "bash", "ls")]),
    ]);
    let lines = writer(&options, None).write(&first, &Origin::default());
    let rejected = lines.into_iter().next().unwrap().unwrap_err();
    assert!(rejected.reasons.contains(&Reason::Empty), "{rejected}");
}

#[test]
fn a_turn_with_a_call_that_is_not_certain_stays_and_is_left_out_of_learning_where_the_format_can() {
    let run = broken("ls -la");
    for format in ["axolotl", "swift"] {
        let options = with_broken(BrokenCalls::Mask, format);
        let lines = writer(&options, Some(counter())).write(&run, &Origin::default());
        let line = lines.into_iter().next().unwrap().unwrap();
        assert_eq!(line.mended.masked, 1, "{format}");
        let whole = writer(&with_broken(BrokenCalls::Keep, "openai"), Some(counter()))
            .write(&broken("{}"), &Origin::default());
        let whole = whole.into_iter().next().unwrap().unwrap();
        assert!(line.trainable < whole.trainable, "{format}");
        assert!(line.text.contains("ls -la"), "{}", line.text);
    }
    let options = with_broken(BrokenCalls::Mask, "axolotl");
    let lines = writer(&options, None).write(&run, &Origin::default());
    let text = lines.into_iter().next().unwrap().unwrap().text;
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    let trained: Vec<_> = line["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["train"].as_bool())
        .collect();
    let masked = Some(false);
    assert_eq!(
        trained,
        [
            masked,
            Some(true),
            masked,
            masked,
            masked,
            Some(true),
            masked,
            Some(true)
        ]
    );
    // A format without a place for it refuses the row as before.
    let options = with_broken(BrokenCalls::Mask, "verl");
    let options_kept = with_broken(BrokenCalls::Keep, "verl");
    let [masked, kept] = [&options, &options_kept].map(|options| {
        let lines = writer(options, None).write(&run, &Origin::default());
        lines
            .into_iter()
            .next()
            .unwrap()
            .map(|line| line.mended.masked)
            .map_err(|r| r.reasons)
    });
    assert_eq!(masked, kept);
}
