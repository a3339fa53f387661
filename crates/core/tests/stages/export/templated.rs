//! Tokens of lines where a chat template is chosen: what it adds is in them, in limits and in cuts.

use tracesift_core::export::check::{Fault, Reason};
use tracesift_core::export::{Options, Origin, options};
use tracesift_core::tokens::template::Arguments;
use tracesift_core::tokens::{Counter, Templated, Tokenizer};
use tracesift_core::trace::Role;

use crate::export::shared::{assistant, call, message, named, observation, run, tool, writer};

fn counter(tokenizer: Tokenizer) -> Counter {
    Counter::with_template(tokenizer, Templated::Own).unwrap()
}

/// A run of so many turns with one call each.
fn turns(turns: usize) -> tracesift_core::trace::Trajectory<'static> {
    let mut messages = vec![
        message(Role::System, "Be brief."),
        message(Role::User, "Go on."),
    ];
    for turn in 0..turns {
        let text = format!("I look at file {turn}.");
        let id = format!("call_{turn}");
        let call = call(&id, "bash", r#"{"command": "ls -la"}"#);
        let at = messages.len();
        messages.push(assistant(&text, "Where is it?", vec![call]));
        messages[at].calls[0].answer = Some(at + 1);
        messages.push(observation("total 48", Some((at, 0))));
    }
    let mut run = run(messages);
    run.tools
        .push(tool("bash", r#"{"name": "bash", "parameters": {}}"#));
    run
}

#[test]
fn a_lines_tokens_are_those_of_the_conversation_as_the_trainer_sees_it() {
    let counter = counter(Tokenizer::Qwen2);
    let mut trajectory = turns(3);
    // JSON as most APIs write it: a template writes an object with spaces, and a text as it is.
    for call in trajectory.messages.iter_mut().flat_map(|m| &mut m.calls) {
        call.arguments = r#"{"command":"ls","path":"/","depth":1}"#.into();
    }
    let (counts, _) = counter.row_given(&trajectory, Some(Arguments::Text));
    assert!(counts.template > Some(100), "{counts:?}");
    let options = Options::default();
    let mut lines = writer(&options, Some(&counter)).write(&trajectory, &Origin::default());
    let line = lines.remove(0).unwrap();
    assert_eq!(line.tokens, Some(counts.total_with_template()));
    assert_eq!(line.trainable, Some(counts.trainable()));

    let objects = counter.row(&trajectory);
    assert_ne!(objects.total_with_template(), counts.total_with_template());
    let tokens = |arguments, format| {
        let options = Options {
            arguments,
            format: named(format),
            ..Options::default()
        };
        let mut lines = writer(&options, Some(&counter)).write(&trajectory, &Origin::default());
        lines.remove(0).unwrap().tokens
    };
    let [text, object] = [&counts, &objects].map(|counts| Some(counts.total_with_template()));
    // TRL and NeMo hand on what is written, verl's file has text, Axolotl makes objects of it.
    for (format, as_text) in [
        ("messages", text),
        ("prompt-completion", text),
        ("nemo", text),
        ("verl", text),
        ("axolotl", object),
    ] {
        assert_eq!(
            tokens(options::Arguments::Text, format),
            as_text,
            "{format:?}"
        );
    }
    assert_eq!(tokens(options::Arguments::Object, "messages"), object);

    // A limit between the texts' tokens and the conversation's refuses the row.
    let options = Options {
        limit: Some(counts.total_with_template() - 1),
        ..options
    };
    let mut lines = writer(&options, Some(&counter)).write(&trajectory, &Origin::default());
    let rejected = lines.remove(0).unwrap_err();
    assert!(
        matches!(rejected.reasons[..], [Reason::TooLong { .. }]),
        "{rejected}"
    );
    let texts = Counter::new(Tokenizer::Qwen2);
    let mut lines = writer(&options, Some(&texts)).write(&trajectory, &Origin::default());
    assert!(lines.remove(0).is_ok());
}

#[test]
fn parts_of_a_cut_run_are_within_the_limit_with_what_the_template_adds() {
    let counter = counter(Tokenizer::Qwen2);
    for limit in [300, 400, 700, 1_000] {
        let options = Options {
            cut: Some(limit),
            ..Options::default()
        };
        let lines = writer(&options, Some(&counter)).write(&turns(40), &Origin::default());
        assert!(lines.len() > 1);
        for line in &lines {
            let line = line
                .as_ref()
                .unwrap_or_else(|rejected| panic!("{limit}: {rejected}"));
            assert!(line.tokens <= Some(limit), "{:?}", line.tokens);
        }
        // Not cut smaller than needed: two parts would not fit into one.
        let tokens: u64 = lines
            .iter()
            .filter_map(|line| line.as_ref().ok()?.tokens)
            .sum();
        assert!(
            tokens > limit * (lines.len() as u64 - 1) / 2,
            "{limit}: {tokens}"
        );
    }
}

#[test]
fn a_row_that_the_template_refuses_is_written_unless_its_length_matters() {
    let counter = counter(Tokenizer::Llama3);
    let mut trajectory = turns(1);
    let asking = &mut trajectory.messages[2];
    asking.calls.push(call("b", "bash", "{}"));
    let mut options = Options::default();
    let mut lines = writer(&options, Some(&counter)).write(&trajectory, &Origin::default());
    let line = lines.remove(0).unwrap();
    let odd: Vec<Fault> = line.odd.iter().map(Reason::fault).collect();
    assert!(odd.contains(&Fault::Unrendered), "{odd:?}");
    options.limit = Some(100_000);
    let mut lines = writer(&options, Some(&counter)).write(&trajectory, &Origin::default());
    let rejected = lines.remove(0).unwrap_err();
    assert!(rejected.to_string().contains("Llama 3.1"), "{rejected}");
}
