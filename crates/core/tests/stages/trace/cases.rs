//! Small inputs as people have them, each by what is right for it. The rows are in `fixtures/cases`.

use serde_json::{Value, json};
use tracesift_core::trace::{self, Repair, RowContext, RowError};

use crate::trace::shared::{answered, called, case, each, read, repaired, row, said};

#[test]
fn prompt_and_completion_are_one_conversation() {
    each("prompt-completion.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("user", "ls?"),
                ("assistant", ""),
                ("tool", "x.py"),
                ("assistant", "x.py")
            ]
        );
        assert_eq!(called(t), [("ls", r#"{"path":"/a"}"#)]);
        assert_eq!((answered(t), t.tools.len()), (vec![Some(1)], 1));
    });
}

#[test]
fn of_a_pair_of_answers_the_chosen_one_is_read_and_the_row_says_so() {
    each("preference.jsonl", |_, t| {
        assert_eq!(said(t), [("user", "ls?"), ("assistant", "")]);
        assert_eq!(called(t), [("ls", r#"{"path":"/a"}"#)]);
        assert_eq!(repaired(t, Repair::ChosenOfPair), 1);
    });
    let question = json!({"role": "user", "content": "q"});
    let good = json!({"role": "assistant", "content": "good"});
    let bad = json!({"role": "assistant", "content": "bad"});
    for row in [
        json!({"chosen": [question, good], "rejected": [question, bad], "prompt": "q"}),
        json!({"prompt": [question], "chosen": [good], "rejected": [bad]}),
        json!({"prompt": "q", "chosen": "good", "rejected": "bad"}),
        json!({"input": {"messages": [question]}, "preferred_output": [good], "non_preferred_output": [bad]}),
        json!({"messages": [question, good], "rejected_response": "bad"}),
        json!({"conversations": [{"from": "human", "value": "q"}],
            "chosen": {"from": "gpt", "value": "good"}, "rejected": {"from": "gpt", "value": "bad"}}),
    ] {
        let row = row.to_string();
        let t = read(&row);
        assert_eq!(said(&t), [("user", "q"), ("assistant", "good")], "{row}");
        assert_eq!(repaired(&t, Repair::ChosenOfPair), 1, "{row}");
    }
}

#[test]
fn a_list_of_tools_or_of_calls_is_no_conversation() {
    let row = case("tools-read-as-conversation.jsonl");
    let calls = r#"{"tool_calls": [{"type": "function", "function": {"name": "f"}}]}"#;
    for row in [row.as_str(), calls] {
        let read = trace::read(row, &RowContext::default());
        assert!(matches!(read, Err(RowError::NoMessages(_))), "{row}");
    }
}

#[test]
fn calls_of_one_speaker_in_a_row_are_one_turn() {
    each("swift-consecutive-calls.jsonl", |index, t| {
        let turn = &t.messages[1];
        assert_eq!((&*turn.text, &*turn.reasoning), ("", "search it"));
        assert_eq!(turn.calls.len(), [2, 1][index]);
        assert_eq!(answered(t), [vec![Some(1), Some(1)], vec![Some(1)]][index]);
        let last = t.messages.last().unwrap();
        assert_eq!(&*last.text, ["A or B", "A"][index]);
    });
    let row = row(&json!([
        {"role": "user", "content": "q"},
        {"role": "tool_call", "content": "{\"name\": \"a\", \"arguments\": {}}", "loss": false},
        {"role": "tool_call", "content": "{\"name\": \"b\", \"arguments\": {}}", "loss": true}]));
    let t = read(&row);
    assert_eq!(
        t.messages.len(),
        3,
        "of one more is learned than of the other"
    );
}

#[test]
fn olmos_calls_are_python_and_their_results_stand_one_a_line() {
    each("olmo-function_calls.jsonl", |_, t| {
        assert_eq!(
            called(t),
            [
                ("geo.temp", r#"{"city":"Bern"}"#),
                ("geo.temp", r#"{"city":"Oslo"}"#)
            ]
        );
        assert_eq!(
            said(t)[3..5],
            [("tool", "{\"t\": 3}"), ("tool", "{\"t\": 1}")]
        );
        assert_eq!((answered(t), t.tools.len()), (vec![Some(2), Some(2)], 1));
        assert_eq!(&*t.tools[0].name, "geo.temp");
    });
}

#[test]
fn roles_of_calls_results_and_thoughts_are_one_turn_and_its_observation() {
    each("role-tool_use.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("user", "Rename the flag"),
                ("assistant", ""),
                ("tool", "cli.py:3"),
                ("assistant", "It is in cli.py.")
            ]
        );
        assert_eq!(t.messages[1].reasoning, "find where it is");
        assert_eq!(called(t), [("Grep", r#"{"pattern": "--flag"}"#)]);
        assert_eq!(answered(t), [Some(1)]);
    });
    let row = row(&json!([
        {"role": "user", "content": "q"}, {"role": "reasoning", "content": "why"},
        {"role": "tool_call", "content": "{\"name\": \"f\", \"arguments\": {}}"},
        {"role": "tool_output", "content": "1"}, {"role": "reasoning", "content": "so"},
        {"role": "answer", "content": "one"}]));
    let t = read(&row);
    assert_eq!(
        said(&t)[1..],
        [("assistant", ""), ("tool", "1"), ("assistant", "one")]
    );
    assert_eq!(
        (&*t.messages[1].reasoning, &*t.messages[3].reasoning),
        ("why", "so")
    );
}

#[test]
fn two_responses_in_one_message_are_two_observations() {
    each("hermes-two-responses.jsonl", |_, t| {
        assert_eq!(answered(t), [Some(2), Some(2)]);
        assert!(t.messages[4].text.contains("{\"t\": 1}"));
        assert_eq!(repaired(t, Repair::ObservationParted), 2);
    });
}

#[test]
fn a_list_of_calls_in_one_tag_is_as_many_calls() {
    each("toolcall-list-in-tag.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("user", "rates?"),
                ("assistant", "Both."),
                ("tool", "1.08"),
                ("tool", "1.12"),
                ("assistant", "1.08, 1.12")
            ]
        );
        assert_eq!(answered(t), [Some(1), Some(1)]);
    });
}

#[test]
fn an_input_schema_is_a_functions_parameters() {
    each("anthropic-input_schema.jsonl", |_, t| {
        let function = t.tools[0].as_function();
        assert_eq!(
            function,
            json!({"type": "function", "function": {"name": "get_w", "description": "w",
                "parameters": {"type": "object", "properties": {"c": {"type": "string"}}, "required": ["c"]}}})
        );
    });
}

#[test]
fn a_system_column_and_a_system_message_are_both_kept() {
    each("system-column-and-message.jsonl", |_, t| {
        assert_eq!(
            said(t)[0],
            ("system", "Use the tools below.\n\nYou are kind.")
        );
        assert_eq!(
            (t.messages.len(), repaired(t, Repair::SystemJoined)),
            (3, 1)
        );
    });
    let parts = json!({"system": [{"type": "text", "text": "Be brief."}], "messages": [{"role": "user", "content": "q"}]});
    assert_eq!(said(&read(&parts.to_string()))[0], ("system", "Be brief."));
}

#[test]
fn what_a_source_says_of_learning_is_kept() {
    each("loss-fields.jsonl", |_, t| {
        let weights: Vec<Option<f64>> = t.messages.iter().map(|m| m.weight).collect();
        assert_eq!(weights, [None, Some(0.0), None, Some(1.0)]);
    });
    for field in [
        "loss",
        "training",
        "loss_weight",
        "loss_scale",
        "trainable",
        "step_loss_mask",
    ] {
        for (value, weight) in [(json!(0), 0.0), (json!(1), 1.0)] {
            let mut message = json!({"role": "assistant", "content": "a"});
            message[field] = value;
            let row = row(&json!([message]));
            assert_eq!(read(&row).messages[0].weight, Some(weight), "{field}");
        }
    }
}

#[test]
fn arguments_that_are_an_object_have_the_shortest_form() {
    let text = case("pretty-arguments.json");
    let row = text
        .trim()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .trim();
    let t = read(row);
    assert_eq!(called(&t), [("bash", r#"{"command":"ls","timeout":5}"#)]);
}

#[test]
fn nulls_with_which_arrow_pads_arguments_go_and_null_arguments_are_none() {
    each("arrow-null-arguments.jsonl", |_, t| {
        assert_eq!(
            called(t),
            [("ls", r#"{"path":"/a"}"#), ("grep", r#"{"pattern":"x"}"#)]
        );
        assert_eq!(repaired(t, Repair::NullArguments), 4);
    });
    let call = |arguments: Value| json!({"function": {"name": "f", "arguments": arguments}});
    let row = row(&json!([{"role": "assistant", "tool_calls": [
        call(Value::Null), {"function": {"name": "f"}}, call(json!("{\"a\": null}"))]}]));
    assert_eq!(
        called(&read(&row)),
        [("f", "{}"), ("f", "{}"), ("f", "{\"a\": null}")]
    );
}

#[test]
fn an_observation_comes_after_a_call() {
    each("first-user-observation.jsonl", |_, t| {
        let roles: Vec<&str> = said(t).iter().map(|(role, _)| *role).collect();
        assert_eq!(roles, ["system", "user", "assistant"]);
    });
}

#[test]
fn fenced_calls_and_a_call_of_another_form_stand_beside_each_other() {
    each("fence-and-one-xml.jsonl", |_, t| {
        let names: Vec<&str> = called(t).iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["bash", "bash", "submit"]);
        assert_eq!(answered(t), [Some(2), Some(4)]);
    });
}

#[test]
fn an_empty_history_is_no_conversation_and_pairs_are() {
    let rows = case("history-empty.jsonl");
    let mut rows = rows.lines();
    let empty = trace::read(rows.next().unwrap(), &RowContext::default());
    assert!(matches!(empty, Err(RowError::NoMessages(_))));
    let t = read(rows.next().unwrap());
    assert_eq!(
        said(&t),
        [
            ("user", "q1"),
            ("assistant", "a1"),
            ("user", "q2"),
            ("assistant", "a2")
        ]
    );
}

#[test]
fn calls_in_the_text_are_read_in_every_form() {
    let name = ["get_w"; 11];
    each("text-calls.jsonl", |index, t| {
        let calls = called(t);
        let wanted = match index {
            0 => vec![("get_w", r#"{"c":"Bern"}"#), ("get_w", r#"{"c":"Oslo"}"#)],
            7 => vec![("execute_bash", r#"{"command":"curl wttr.in/Bern"}"#)],
            8 => vec![("get_w", r#"{"c": "Bern"}"#)],
            10 => vec![("read_file", r#"{"path":"src/a.py"}"#)],
            _ => vec![(name[index], r#"{"c":"Bern"}"#)],
        };
        assert_eq!(calls, wanted, "row {index}");
        assert_eq!(answered(t), [Some(2)], "row {index}");
        let text = [
            "Looking.",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "Thought: look",
            "",
            "",
        ][index];
        assert_eq!(said(t)[2], ("assistant", text), "row {index}");
    });
}

#[test]
fn tools_are_found_in_every_column_and_in_the_prompt() {
    let question = json!([{"role": "user", "content": "q"}]);
    for column in ["tools", "functions", "tool_definitions", "available_tools"] {
        let row = json!({"messages": question, column: [{"name": "f"}]}).to_string();
        assert_eq!(read(&row).tools[0].name, "f", "{column}");
    }
    let prompt = "<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"f\"}}\n{\"name\": \"g\"}\n</tools>";
    let messages =
        row(&json!([{"role": "system", "content": prompt}, {"role": "user", "content": "q"}]));
    let t = read(&messages);
    let names: Vec<&str> = t.tools.iter().map(|tool| &*tool.name).collect();
    assert_eq!((names, &*t.messages[0].text), (vec!["f", "g"], prompt));
}
