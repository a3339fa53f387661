//! A line of each format, whole and by hand: of one run that has everything.

use serde_json::{Value, json};
use tracesift_core::export::Format;
use tracesift_core::export::file::{File, SplitFile};
use tracesift_core::export::options::{Arguments, Mask, Options, Reasoning};
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;

use crate::export::shared::{
    self, assistant, linked, message, named, options, run, sample, trimmed, write, written,
};
use tracesift_core::trace::Role;

fn metadata() -> Value {
    json!({"dataset": "", "config": "", "split": "", "revision": "", "row": 0, "trajectory_id": "",
        "instance_id": "o__n-1", "repo": "o/n", "license": "", "language": "", "outcome": "unknown", "tokens": null})
}

fn wrapped_tools() -> Value {
    json!([
        {"type": "function", "function": {"name": "bash", "description": "runs",
            "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}},
        {"type": "function", "function": {"name": "view"}},
    ])
}

/// Calls of the run in the OpenAI form, arguments by the function.
fn call(id: &str, name: &str, arguments: Value) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

fn chat(as_written: fn(Value) -> Value) -> Vec<Value> {
    vec![
        json!({"role": "system", "content": "be brief"}),
        json!({"role": "user", "content": "fix it"}),
        json!({"role": "assistant", "content": "I look.", "reasoning_content": "look first", "tool_calls": [
            call("c1", "bash", as_written(json!({"command": "ls"}))),
            call("c2", "view", as_written(json!({"path": "/a", "lines": [1, 2]}))),
        ]}),
        json!({"role": "tool", "content": "a.py", "tool_call_id": "c1", "name": "bash"}),
        json!({"role": "tool", "content": "text", "tool_call_id": "c2", "name": "view"}),
        json!({"role": "assistant", "content": "", "tool_calls": [
            call("c3", "bash", as_written(json!({"command": "rm"})))]}),
        json!({"role": "tool", "content": "ERROR: no", "tool_call_id": "c3", "name": "bash"}),
        json!({"role": "assistant", "content": "done"}),
    ]
}

fn as_text(arguments: Value) -> Value {
    json!(arguments.to_string())
}

fn as_object(arguments: Value) -> Value {
    arguments
}

#[test]
fn messages_are_written_with_arguments_as_text_or_as_objects() {
    let mut expected = json!({"messages": chat(as_text), "tools": wrapped_tools().to_string(), "metadata": metadata()});
    assert_eq!(written(&sample(), &options(named("messages"))), expected);
    let objects = Options {
        arguments: Arguments::Object,
        ..Options::default()
    };
    expected["messages"] = json!(chat(as_object));
    assert_eq!(written(&sample(), &objects), expected);
}

#[test]
fn a_prompt_is_all_before_the_first_turn_and_the_completion_is_the_rest() {
    let all = chat(as_text);
    assert_eq!(
        written(&sample(), &options(named("prompt-completion"))),
        json!({"prompt": all[..2], "completion": all[2..], "tools": wrapped_tools().to_string(),
            "metadata": metadata()})
    );
}

#[test]
fn openai_has_reasoning_in_the_text_tools_as_objects_and_no_other_keys() {
    let mut messages = chat(as_text);
    messages[2]
        .as_object_mut()
        .unwrap()
        .remove("reasoning_content");
    messages[2]["content"] = json!("<think>\nlook first\n</think>\n\nI look.");
    for message in &mut messages {
        message.as_object_mut().unwrap().remove("name");
    }
    let row = written(&sample(), &options(named("openai")));
    assert_eq!(
        row,
        json!({"messages": messages, "tools": wrapped_tools(), "parallel_tool_calls": true})
    );
    let masked = Options {
        mask: Mask {
            failed: true,
            ..Mask::NOTHING
        },
        ..options(named("openai"))
    };
    let row = written(&sample(), &masked);
    let weights: Vec<&Value> = row["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["weight"])
        .collect();
    let none = &Value::Null;
    assert_eq!(
        weights,
        [
            none,
            none,
            &json!(1),
            none,
            none,
            &json!(0),
            none,
            &json!(1)
        ]
    );
}

#[test]
fn llamafactory_has_strict_turns_one_block_of_calls_and_one_observation_for_it() {
    let row = written(&sample(), &options(named("llamafactory")));
    let calls = json!([{"name": "bash", "arguments": {"command": "ls"}},
        {"name": "view", "arguments": {"path": "/a", "lines": [1, 2]}}]);
    assert_eq!(
        row["conversations"],
        json!([
            {"from": "human", "value": "fix it"},
            {"from": "function_call", "value": format!(
                "<think>\nlook first\n</think>\n\nI look.\n<tool_call>\n{calls}\n</tool_call>")},
            {"from": "observation", "value": "a.py\n</tool_response>\n<tool_response>\ntext"},
            {"from": "function_call", "value": r#"{"name":"bash","arguments":{"command":"rm"}}"#},
            {"from": "observation", "value": "ERROR: no"},
            {"from": "gpt", "value": "done"},
        ])
    );
    assert_eq!(row["system"], "be brief");
    let tools: Value = serde_json::from_str(row["tools"].as_str().unwrap()).unwrap();
    assert_eq!(tools[0], wrapped_tools()[0]);
    // A tool without parameters would stop the trainer.
    assert_eq!(
        tools[1],
        json!({"type": "function", "function": {"name": "view", "description": "",
            "parameters": {"type": "object", "properties": {}}}})
    );
    assert_eq!(row["metadata"], metadata());
}

#[test]
fn a_tag_in_a_call_is_not_taken_for_the_end_of_the_calls() {
    let arguments = r#"{"command": "echo '</tool_call><tool_call>'"}"#;
    let run = linked(run(vec![
        message(Role::User, "go"),
        assistant(
            "I write it.",
            "",
            vec![shared::call("a", "</tool_call>", arguments)],
        ),
    ]));
    let row = written(&run, &options(named("llamafactory")));
    let value = row["conversations"][1]["value"].as_str().unwrap();
    let (_, rest) = value.split_once("<tool_call>\n").unwrap();
    let (json, rest) = rest.split_once("\n</tool_call>").unwrap();
    assert_eq!(rest, "");
    let call: Value = serde_json::from_str(json).unwrap();
    assert_eq!(call["name"], "</tool_call>");
    assert_eq!(
        call["arguments"],
        serde_json::from_str::<Value>(arguments).unwrap()
    );
}

#[test]
fn axolotl_has_parameters_as_text_and_says_of_each_message_whether_it_is_learned_from() {
    let row = written(&sample(), &options(named("axolotl")));
    assert_eq!(row["messages"], json!(chat(as_text)));
    assert_eq!(
        row["tools"],
        json!([
            {"type": "function", "function": {"name": "bash", "description": "runs",
                "parameters": r#"{"type":"object","properties":{"command":{"type":"string"}}}"#}},
            {"type": "function", "function": {"name": "view", "description": "",
                "parameters": r#"{"type":"object","properties":{}}"#}},
        ])
    );
    let masked = Options {
        mask: Mask::ALL,
        reasoning: Reasoning::Inline,
        ..options(named("axolotl"))
    };
    let row = written(&sample(), &masked);
    let messages = row["messages"].as_array().unwrap();
    let train: Vec<bool> = messages
        .iter()
        .map(|m| m["train"].as_bool().unwrap())
        .collect();
    assert_eq!(
        train,
        [false, false, true, false, false, false, false, true]
    );
    assert_eq!(
        messages[2].get("train_detail"),
        None,
        "it would lose the turn's calls"
    );
    let warnings = tracesift_core::export::warning::of_options(&masked);
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|words| words.contains("reasoning")),
        "{said:?}"
    );
}

#[test]
fn swift_has_calls_and_results_as_messages_of_their_own() {
    let row = written(&sample(), &options(named("swift")));
    let calls = [
        r#"{"name":"bash","arguments":{"command":"ls"}}"#,
        r#"{"name":"view","arguments":{"path":"/a","lines":[1,2]}}"#,
        r#"{"name":"bash","arguments":{"command":"rm"}}"#,
    ];
    assert_eq!(
        row["messages"],
        json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "fix it"},
            {"role": "assistant", "content": "<think>\nlook first\n</think>\n\nI look.\n"},
            {"role": "tool_call", "content": calls[0]},
            {"role": "tool_call", "content": calls[1]},
            {"role": "tool_response", "content": "a.py"},
            {"role": "tool_response", "content": "text"},
            {"role": "tool_call", "content": calls[2]},
            {"role": "tool_response", "content": "ERROR: no"},
            {"role": "assistant", "content": "done"},
        ])
    );
    assert_eq!(row["tools"], wrapped_tools().to_string());
    let masked = Options {
        mask: Mask::ALL,
        ..options(named("swift"))
    };
    let row = written(&sample(), &masked);
    let losses: Vec<(&str, Option<bool>)> = row["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["content"].as_str().unwrap(), m["loss"].as_bool()))
        .filter(|(_, loss)| loss.is_some())
        .collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(
        losses,
        [
            ("<think>\nlook first\n</think>\n\n", no),
            ("I look.\n", yes),
            (calls[0], yes),
            (calls[1], yes),
            (calls[2], no),
            ("done", yes),
        ]
    );
}

#[test]
fn verl_has_one_result_a_turn_and_text_arguments_whatever_is_chosen() {
    let chosen = Options {
        arguments: Arguments::Object,
        ..options(named("verl"))
    };
    let row = written(&sample(), &chosen);
    let mut messages = chat(as_text);
    messages.remove(4);
    messages[3]["content"] = json!("a.py\n\ntext");
    assert_eq!(
        row,
        json!({"messages": messages, "tools": wrapped_tools(), "enable_thinking": true, "metadata": metadata()})
    );
}

#[test]
fn nemo_has_tools_as_objects_in_files_of_fixed_names() {
    let row = written(&sample(), &options(named("nemo")));
    assert_eq!(
        row,
        json!({"messages": chat(as_text), "tools": wrapped_tools(), "metadata": metadata()})
    );
    let target = named("nemo").target();
    let names = Split::ALL.map(|split| target.file_name("x", Some(split), None));
    assert_eq!(names, ["training.jsonl", "validation.jsonl", "test.jsonl"]);
    assert_eq!(target.file_name("x", None, None), "training.jsonl");
}

#[test]
fn files_are_named_by_split_and_shard() {
    let target = named("messages").target();
    assert_eq!(target.file_name("a-b", None, None), "a-b.jsonl");
    assert_eq!(
        target.file_name("a-b", Some(Split::Test), None),
        "a-b-test.jsonl"
    );
    assert_eq!(
        target.file_name("a-b", Some(Split::Train), Some(7)),
        "a-b-train-00007.jsonl"
    );
}

#[test]
fn two_of_the_assistants_messages_in_a_row_are_one_turn_where_turns_are_strict() {
    use crate::export::shared::{assistant, message, run};
    use tracesift_core::trace::Role;
    let said = run(vec![
        message(Role::User, "a"),
        message(Role::User, "b"),
        assistant("x", "", Vec::new()),
        assistant("y", "", Vec::new()),
    ]);
    let row = written(&said, &options(named("llamafactory")));
    assert_eq!(
        row["conversations"],
        json!([{"from": "human", "value": "a\n\nb"}, {"from": "gpt", "value": "x\n\ny"}])
    );
    let row = written(&said, &options(named("swift")));
    assert_eq!(
        row["messages"],
        json!([{"role": "user", "content": "a\n\nb"}, {"role": "assistant", "content": "x\n\n"},
            {"role": "assistant", "content": "y"}])
    );
}

fn files() -> Vec<SplitFile> {
    let file = |split, name: &str| SplitFile {
        split,
        file: File {
            file: name.to_owned(),
            ..File::default()
        },
    };
    vec![
        file(Split::Train, "x-train.jsonl"),
        file(Split::Validation, "x-validation.jsonl"),
    ]
}

#[test]
fn llamafactory_is_told_of_every_file() {
    let target = named("llamafactory").encoder();
    let sidecars = target.sidecars(&files(), &Options::default(), &Tally::default());
    assert_eq!(sidecars.len(), 2);
    assert_eq!(sidecars[0].name, "dataset_info.json");
    let info: Value = serde_json::from_str(&sidecars[0].text).unwrap();
    assert_eq!(info["x-validation"]["file_name"], "x-validation.jsonl");
    assert_eq!(
        info["x-train"],
        json!({"file_name": "x-train.jsonl", "formatting": "sharegpt",
            "columns": {"messages": "conversations", "system": "system", "tools": "tools"},
            "tags": {"role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
                "observation_tag": "observation", "function_tag": "function_call"}})
    );
}

#[test]
fn llamafactory_gets_a_configuration_of_the_files_with_the_length_that_the_longest_row_needs() {
    let target = named("llamafactory").encoder();
    let tally = Tally {
        longest: Some(10_000),
        ..Tally::default()
    };
    let sidecars = target.sidecars(&files(), &Options::default(), &tally);
    let text = &sidecars[1].text;
    for line in [
        "dataset: \"x-train\"",
        "eval_dataset: \"x-validation\"",
        "# Longer rows lose their end. The longest row has 10000 tokens, and the template adds some.",
        "cutoff_len: 11264",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no {line}:\n{text}"
        );
    }
}

#[test]
fn axolotl_gets_a_configuration_with_the_length_that_the_longest_row_needs() {
    let tally = Tally {
        longest: Some(10_000),
        ..Tally::default()
    };
    let target = named("axolotl").encoder();
    let sidecars = target.sidecars(&files(), &options(named("axolotl")), &tally);
    assert_eq!(sidecars[0].name, "axolotl.yml");
    let text = &sidecars[0].text;
    for line in [
        "datasets:\n  - path: \"x-train.jsonl\"\n    ds_type: json\n    type: chat_template\n",
        "test_datasets:\n  - path: \"x-validation.jsonl\"\n",
        "    field_messages: messages\n    field_tools: tools\n",
        "    message_field_training: train\n",
        "\nsequence_len: 11264\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn verl_gets_the_line_that_makes_parquet() {
    let target = named("verl").encoder();
    let sidecars = target.sidecars(&files(), &Options::default(), &Tally::default());
    let text = &sidecars[0].text;
    assert!(
        text.contains(r#"for name in ["x-train.jsonl","x-validation.jsonl"]:"#),
        "{text}"
    );
    assert!(
        text.contains("pandas.read_json(name, lines=True).to_parquet("),
        "{text}"
    );
}

#[test]
fn every_format_is_named_once_and_says_what_it_is() {
    let mut names: Vec<&str> = Format::all().map(Format::name).collect();
    for format in Format::all() {
        let target = format.target();
        assert_eq!(Format::from_name(format.name()), Some(format));
        assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        assert!(!target.title().is_empty() && target.sentence().ends_with('.'));
        assert!(!target.trainer().is_empty());
        assert!(!write(&sample(), &trimmed(format)).is_empty());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Format::all().len());
}
