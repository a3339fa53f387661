//! What holds of any row in any format: it is written or refused, nothing panics, nothing is lost, types are stable.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::export::check::Reason;
use tracesift_core::export::options::{
    Arguments, BrokenCalls, Group, Mask, Options, Reasoning, Shares, Tools,
};
use tracesift_core::export::{Format, Origin};
use tracesift_core::trace::{RowContext, Trajectory, read};

use crate::export::shared::{counter, named, options, rows_to_export, trimmed, write, writer};

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "look",
            "<think>a</think>b",
            "<tool_call>",
            "</tool_call>",
            "ERROR: no",
            "a\nb",
            "\u{2028}",
            "{}",
            "[1]",
            "{\"command\":\"ls\"}",
            "{\"a\":{\"b\":[null,1.5e300]}}",
            "{\"a\":1,\"a\":2}",
            "bash",
            "view",
            "<function=bash><parameter=command>ls</parameter></function>",
            "```\nls\n```",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

fn called() -> impl Strategy<Value = Value> {
    (word(), word(), word()).prop_map(|(id, name, arguments)| {
        json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
    })
}

fn message() -> impl Strategy<Value = Value> {
    let role = prop::sample::select(vec![
        "system",
        "user",
        "assistant",
        "assistant",
        "tool",
        "tool",
    ]);
    (role, word(), word(), prop::collection::vec(called(), 0..3), word()).prop_map(
        |(role, content, reasoning, calls, id)| match role {
            "assistant" => json!({"role": role, "content": content, "reasoning_content": reasoning, "tool_calls": calls}),
            "tool" => json!({"role": role, "content": content, "tool_call_id": id}),
            role => json!({"role": role, "content": content}),
        },
    )
}

/// A row as the normalizer may get it.
pub fn row() -> impl Strategy<Value = String> {
    let schema = prop_oneof![
        Just(
            json!({"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}})
        ),
        Just(json!({"name": "view", "parameters": [], "description": 7, "strict": null})),
        word().prop_map(Value::String),
    ];
    (
        prop::collection::vec(message(), 0..9),
        prop::collection::vec(schema, 0..3),
        word(),
    )
        .prop_map(|(messages, tools, instance)| {
            json!({"messages": messages, "tools": tools, "instance_id": instance}).to_string()
        })
}

pub fn any_options() -> impl Strategy<Value = Options> {
    let limit = || prop::option::of(0_u64..200);
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    (
        prop::sample::select(Format::all().collect::<Vec<_>>()),
        prop::sample::select(vec![Reasoning::Keep, Reasoning::Inline, Reasoning::Drop]),
        flags,
        limit(),
        limit(),
        limit(),
        any::<bool>(),
        prop::sample::select(vec![Tools::Own, Tools::Harness]),
        prop::sample::select(BrokenCalls::WORDS.map(|(_, choice)| choice).to_vec()),
    )
        .prop_map(
            |(format, reasoning, flags, observations, cut, limit, object, tools, broken)| Options {
                broken,
                tools,
                format,
                reasoning,
                drop_system: flags.0,
                end_at_assistant: flags.1,
                merge_parallel: flags.2,
                observations,
                cut,
                arguments: if object {
                    Arguments::Object
                } else {
                    Arguments::Text
                },
                mask: Mask {
                    failed: flags.3,
                    malformed: flags.4,
                    reasoning: flags.5,
                },
                limit,
                shares: Shares {
                    validation: 20,
                    test: 10,
                    group: Group::Repo,
                },
                ..Options::default()
            },
        )
}

/// What each trainer counts on, read from the line itself.
fn assert_valid(format: Format, row: &Value) {
    let list = |key: &str| row[key].as_array().unwrap();
    match format.name() {
        "llamafactory" => {
            let turns = list("conversations");
            assert!(!turns.is_empty() && turns.len() % 2 == 0);
            for (at, turn) in turns.iter().enumerate() {
                let from = turn["from"].as_str().unwrap();
                let allowed = [["human", "observation"], ["gpt", "function_call"]][at % 2];
                assert!(allowed.contains(&from), "{from} at {at}");
                let value = turn["value"].as_str().unwrap();
                if from == "function_call" {
                    assert_calls(value);
                }
            }
            assert!(row["system"].is_string() && row["tools"].is_string());
        }
        "openai" => {
            let messages = list("messages");
            assert_eq!(messages.last().unwrap()["role"], "assistant");
            let mut open: Vec<&str> = Vec::new();
            for message in messages {
                if message["role"] == "tool" {
                    let id = message["tool_call_id"].as_str().unwrap();
                    let at = open.iter().position(|open| *open == id).unwrap();
                    open.remove(at);
                } else {
                    assert_eq!(open, [""; 0], "a call is not answered");
                    for call in message["tool_calls"].as_array().into_iter().flatten() {
                        open.push(call["id"].as_str().unwrap());
                        let arguments = call["function"]["arguments"].as_str().unwrap();
                        assert!(
                            serde_json::from_str::<Value>(arguments)
                                .unwrap()
                                .is_object()
                        );
                    }
                }
            }
        }
        "swift" => {
            for message in list("messages") {
                let known = ["system", "user", "assistant", "tool_call", "tool_response"];
                assert!(known.contains(&message["role"].as_str().unwrap()));
                assert!(message["content"].is_string());
            }
        }
        "verl" => {
            let roles: Vec<&Value> = list("messages").iter().map(|m| &m["role"]).collect();
            assert!(
                !roles
                    .windows(2)
                    .any(|two| two[0] == "tool" && two[1] == "tool")
            );
        }
        "atif" => {
            let steps = list("steps").iter().enumerate();
            assert!(!list("steps").is_empty() && row["agent"]["name"].is_string());
            for (at, step) in steps {
                assert_eq!(step["step_id"], at + 1);
                assert!(["system", "user", "agent"].contains(&step["source"].as_str().unwrap()));
                assert!(step["message"].is_string());
            }
        }
        "prompt-completion" => {
            assert!(!list("prompt").is_empty());
            assert_eq!(list("completion")[0]["role"], "assistant");
        }
        _ => assert!(row["messages"].is_array()),
    }
}

/// As LLaMA-Factory reads them: one block, or the whole text.
fn assert_calls(value: &str) {
    let json = match value.split_once("<tool_call>") {
        Some((_, rest)) => rest.split_once("</tool_call>").unwrap().0,
        None => value,
    };
    let calls: Value = serde_json::from_str(json).unwrap();
    let calls = calls.as_array().cloned().unwrap_or_else(|| vec![calls]);
    assert!(!calls.is_empty());
    assert!(
        calls
            .iter()
            .all(|call| call["name"].is_string() && call["arguments"].is_object())
    );
}

fn texts(trajectory: &Trajectory) -> Vec<String> {
    let messages = trajectory.messages.iter();
    let texts =
        messages.flat_map(|message| [message.text.to_string(), message.reasoning.to_string()]);
    texts.filter(|text| !text.is_empty()).collect()
}

/// All text of a JSON value, JSON texts in it read, too.
fn all_text(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| all_text(item, out)),
        Value::Object(fields) => fields.values().for_each(|item| all_text(item, out)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_row_is_written_as_its_trainer_wants_it_or_refused_with_a_reason(row in row(), options in any_options()) {
        let Ok(trajectory) = read(&row, &RowContext::default()) else { return Ok(()) };
        let lines = writer(&options, Some(counter())).write(&trajectory, &Origin::default());
        prop_assert!(!lines.is_empty());
        for line in lines {
            match line {
                Ok(line) => {
                    prop_assert!(!line.text.contains(['\n', '\r']));
                    assert_valid(options.format, &serde_json::from_str(&line.text).unwrap());
                    let (tokens, trainable) = (line.tokens.unwrap(), line.trainable.unwrap());
                    prop_assert!(trainable <= tokens);
                    prop_assert!(options.most_tokens().is_none_or(|most| tokens <= most));
                }
                Err(rejected) => {
                    prop_assert!(!rejected.reasons.is_empty());
                    prop_assert!(!rejected.to_string().is_empty());
                }
            }
        }
    }

    #[test]
    fn no_text_is_lost_in_any_format(row in row(), format in prop::sample::select(Format::all().collect::<Vec<_>>())) {
        let Ok(trajectory) = read(&row, &RowContext::default()) else { return Ok(()) };
        for line in write(&trajectory, &options(format)) {
            let Ok(line) = line else { continue };
            let mut all = String::new();
            all_text(&serde_json::from_str(&line.text).unwrap(), &mut all);
            for text in texts(&trajectory) {
                prop_assert!(all.contains(&text), "{text:?} in {all}");
            }
        }
    }

    #[test]
    fn what_the_normalizer_gives_comes_back_from_its_plain_line(row in row()) {
        let Ok(trajectory) = read(&row, &RowContext::default()) else { return Ok(()) };
        let line = write(&trajectory, &options(named("plain"))).remove(0).unwrap().text;
        prop_assert_eq!(read(&line, &RowContext::default()).unwrap(), trajectory);
    }

    #[test]
    fn what_the_normalizer_gives_comes_back_from_its_atif_document(row in row()) {
        let Ok(trajectory) = read(&row, &RowContext::default()) else { return Ok(()) };
        let line = write(&trajectory, &options(named("atif"))).remove(0).unwrap().text;
        prop_assert_eq!(read(&line, &RowContext::default()).unwrap(), trajectory);
    }
}

/// The types of a value, keys of objects in lists joined, as Arrow sees them; a text where two differ.
fn merge_types(into: &mut Value, of: &Value, path: &str) {
    match of {
        Value::Object(fields) => {
            if into.is_null() {
                *into = json!({});
            }
            let into = into
                .as_object_mut()
                .unwrap_or_else(|| panic!("{path} is an object only here"));
            for (key, value) in fields {
                merge_types(
                    into.entry(key.clone()).or_insert(Value::Null),
                    value,
                    &format!("{path}.{key}"),
                );
            }
        }
        Value::Array(items) => {
            if into.is_null() {
                *into = json!([null]);
            }
            let into = into
                .as_array_mut()
                .unwrap_or_else(|| panic!("{path} is a list only here"));
            for item in items {
                merge_types(&mut into[0], item, &format!("{path}[]"));
            }
        }
        Value::Null => {}
        scalar => {
            let kind = json!(match scalar {
                Value::Bool(_) => "bool",
                Value::Number(_) => "number",
                _ => "text",
            });
            assert!(
                into.is_null() || *into == kind,
                "{path} is {into} and {kind}"
            );
            *into = kind;
        }
    }
}

#[test]
fn real_rows_are_written_in_every_format_and_have_one_type_where_arrow_reads_them() {
    for format in Format::all() {
        let mut types = Value::Null;
        let (mut lines, mut refused) = (0, Vec::new());
        for row in rows_to_export() {
            let trajectory = read(row, &RowContext::default()).unwrap();
            for line in write(&trajectory, &trimmed(format)) {
                match line {
                    Ok(line) => {
                        lines += 1;
                        let row: Value = serde_json::from_str(&line.text).unwrap();
                        assert_valid(format, &row);
                        let is_for_arrow =
                            !["openai", "verl", "nemo", "atif"].contains(&format.name());
                        if is_for_arrow {
                            merge_types(&mut types, &row, "");
                        }
                    }
                    Err(why) => refused.push(why.to_string()),
                }
            }
        }
        println!(
            "{}: {lines} written, {} refused: {refused:#?}",
            format.name(),
            refused.len()
        );
        assert!(
            lines * 2 > rows_to_export().len(),
            "{format:?}: {lines} {refused:?}"
        );
    }
}

#[test]
fn rows_of_the_demo_are_refused_only_where_a_call_is_damaged() {
    let mut refused = 0;
    for format in Format::all() {
        for index in 0..40 {
            let row = tracesift_core::source::demo::row(1, index);
            let trajectory = read(&row, &RowContext::default()).unwrap();
            let Err(why) = write(&trajectory, &trimmed(format)).remove(0) else {
                continue;
            };
            refused += 1;
            assert!(
                matches!(why.reasons[..], [Reason::BadArguments { .. }]),
                "{why}"
            );
            let mut calls = trajectory
                .messages
                .iter()
                .flat_map(|message| &message.calls);
            assert!(calls.any(|call| serde_json::from_str::<Value>(&call.arguments).is_err()));
        }
    }
    assert!(refused > 0, "the demo has damaged calls");
}
