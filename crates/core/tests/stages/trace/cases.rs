//! Small inputs as people have them, each by what is right for it. The rows are in `fixtures/cases`.

use serde_json::{Value, json};
use tracesift_core::trace::{self, MediaKind, Repair, Reported, RowContext, RowError, Trajectory};

use crate::trace::shared::{answered, assert_paired, called, calls, read, repaired, said};

/// The text of a case's file.
fn case(name: &str) -> String {
    let path = format!("{}/tests/fixtures/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// Reads every row of a case and hands it to the test.
fn each(name: &str, mut test: impl FnMut(usize, &Trajectory<'_>)) {
    for (index, row) in case(name).lines().enumerate() {
        let trajectory = read(row);
        assert_paired(&trajectory);
        test(index, &trajectory);
    }
}

/// A row of these messages.
fn row(messages: &Value) -> String {
    json!({ "messages": messages }).to_string()
}

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
fn responses_items_are_turns_with_what_was_thought() {
    each("responses-items.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("system", "be brief"),
                ("user", "weather in Bern"),
                ("assistant", ""),
                ("tool", "{\"t\":3}"),
                ("assistant", "3 degrees")
            ]
        );
        assert_eq!(t.messages[2].reasoning, "need the tool");
        assert_eq!(called(t), [("get_w", r#"{"c":"Bern"}"#)]);
        assert_eq!(answered(t), [Some(2)]);
    });
}

#[test]
fn every_item_of_responses_is_a_call_its_output_or_no_message() {
    let row = row(&json!([
        {"role": "user", "content": "do"},
        {"type": "item_reference", "id": "x"},
        {"type": "compaction", "encrypted_content": "gAAA"},
        {"type": "custom_tool_call", "call_id": "1", "name": "apply_patch", "input": "*** Begin"},
        {"type": "custom_tool_call_output", "call_id": "1", "output": "Done"},
        {"type": "local_shell_call", "call_id": "2", "action": {"type": "exec", "command": ["ls"], "env": {}}},
        {"type": "local_shell_call_output", "call_id": "2", "output": "a"},
        {"type": "shell_call", "call_id": "3", "action": {"commands": ["ls"]}},
        {"type": "shell_call_output", "call_id": "3", "output": [
            {"stdout": "a", "stderr": "", "outcome": {"type": "exit", "exit_code": 2}}]},
        {"type": "apply_patch_call", "call_id": "4", "operation": {"type": "delete_file", "path": "a"}},
        {"type": "apply_patch_call_output", "call_id": "4", "status": "failed", "output": "no a"},
        {"type": "web_search_call", "id": "w", "status": "completed", "action": {"type": "search", "query": "x"}},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "found"}]},
        {"type": "mcp_call", "id": "m", "name": "ask", "arguments": "{\"q\":1}", "output": "two", "error": null},
        {"type": "code_interpreter_call", "id": "c", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}]},
        {"type": "computer_call", "call_id": "5", "action": {"type": "screenshot"}},
        {"type": "computer_call_output", "call_id": "5",
            "output": {"type": "computer_screenshot", "image_url": "https://a.b/c.png"}}]));
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(
        called(&t),
        [
            ("apply_patch", r#"{"input":"*** Begin"}"#),
            (
                "local_shell",
                r#"{"type":"exec","command":["ls"],"env":{}}"#
            ),
            ("shell", r#"{"commands":["ls"]}"#),
            ("apply_patch", r#"{"type":"delete_file","path":"a"}"#),
            ("web_search", r#"{"type":"search","query":"x"}"#),
            ("ask", r#"{"q":1}"#),
            ("code_interpreter", r#"{"code":"1+1"}"#),
            ("computer", r#"{"type":"screenshot"}"#)
        ]
    );
    let answers: Vec<bool> = calls(&t).iter().map(|call| call.answer.is_some()).collect();
    assert_eq!(answers, [true, true, true, true, false, true, true, true]);
    let reported: Vec<Option<Reported>> = t.messages.iter().map(|m| m.reported).collect();
    assert!(reported.contains(&Some(Reported::Exit(2))));
    assert!(reported.contains(&Some(Reported::Error)));
    let last = t.messages.last().unwrap();
    assert_eq!(&*last.text, "[image]");
    assert_eq!(
        last.media[0].reference.as_deref(),
        Some("https://a.b/c.png")
    );
    assert!(!row.is_empty() && t.messages.iter().all(|m| !m.text.contains("gAAA")));
}

#[test]
fn geminis_contents_have_calls_results_thoughts_and_tools() {
    each("gemini-contents.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("system", "be brief"),
                ("user", "weather in Bern"),
                ("assistant", ""),
                ("tool", "{\"t\": 3}"),
                ("assistant", "3 degrees")
            ]
        );
        assert_eq!(t.messages[2].reasoning, "need it");
        assert_eq!(called(t), [("get_w", r#"{"c":"Bern"}"#)]);
        assert_eq!((answered(t), &*t.tools[0].name), (vec![Some(2)], "get_w"));
        let parameters = &t.tools[0].as_function()["function"]["parameters"];
        assert_eq!(parameters["type"], "OBJECT");
    });
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
fn llama_factorys_parts_of_type_and_value_are_texts_thoughts_and_calls() {
    each("llamafactory-v1-parts.jsonl", |_, t| {
        assert_eq!(
            said(t),
            [
                ("system", "be brief"),
                ("user", "rate of EUR?"),
                ("assistant", ""),
                ("tool", "1.08"),
                ("assistant", "1.08")
            ]
        );
        assert_eq!(t.messages[2].reasoning, "call it");
        assert_eq!(called(t), [("rate", r#"{"cur": "EUR"}"#)]);
        let weights: Vec<Option<f64>> = t.messages.iter().map(|m| m.weight).collect();
        assert_eq!(
            weights,
            [Some(0.0), Some(0.0), Some(1.0), Some(0.0), Some(1.0)]
        );
    });
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
fn a_lone_closing_tag_ends_the_reasoning() {
    each("think-only-closed.jsonl", |_, t| {
        assert_eq!(said(t)[1], ("assistant", "the answer"));
        assert_eq!(t.messages[1].reasoning, "weigh it up");
    });
}

#[test]
fn reasoning_is_read_from_every_field_that_holds_it() {
    each("reasoning-fields.jsonl", |index, t| {
        assert_eq!(
            said(t),
            [("user", "weather in Bern?"), ("assistant", "a")],
            "{index}"
        );
        assert_eq!(t.messages[1].reasoning, "because", "{index}");
    });
    for fields in [
        json!({"reasoning": "because", "reasoning_details": [{"type": "reasoning.text", "text": "because", "format": "x"}]}),
        json!({"reasoning_content": "because", "thinking_blocks": [{"type": "thinking", "thinking": "because", "signature": "s"}]}),
        json!({"reasoning": {"effort": "high", "summary": "because"}}),
        json!({"reasoning_details": [{"type": "reasoning.encrypted", "data": "gAAA"}], "reasoning": "because"}),
        json!({"thoughts": "because", "reasoning": {"effort": null}}),
    ] {
        let mut message = json!({"role": "assistant", "content": "a"});
        message
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let row = row(&json!([message]));
        assert_eq!(read(&row).messages[0].reasoning, "because", "{row}");
    }
    let text = "<|channel|>analysis<|message|>because<|end|><|start|>assistant<|channel|>commentary \
        to=functions.get_w <|constrain|>json<|message|>{\"c\":\"Bern\"}<|call|>";
    let row = row(
        &json!([{"role": "assistant", "content": text}, {"role": "tool", "content": "3"},
        {"role": "assistant", "content": "<|channel|>final<|message|>3<|return|>"}]),
    );
    let t = read(&row);
    assert_eq!(
        said(&t),
        [("assistant", ""), ("tool", "3"), ("assistant", "3")]
    );
    assert_eq!(t.messages[0].reasoning, "because");
    assert_eq!(
        (called(&t), answered(&t)),
        (vec![("get_w", r#"{"c":"Bern"}"#)], vec![Some(0)])
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
fn images_have_a_placeholder_and_a_reference_where_there_is_one() {
    each("images.jsonl", |index, t| {
        let message = &t.messages[[0, 0, 2][index]];
        let text = [
            "what is this?\n\n[image]",
            "[image]\n\nwhat?",
            "[image]\n\ntaken",
        ][index];
        assert_eq!(&*message.text, text);
        let reference = message.media[0].reference.as_deref();
        assert_eq!(reference, [None, Some("a.png"), None][index]);
        assert_eq!(message.media[0].kind, MediaKind::Image);
        assert_eq!(repaired(t, Repair::MediaPlaceholder), 1);
        assert!(t.messages.iter().all(|m| !m.text.contains("iVBO")));
    });
    let row = json!({"images": [{"bytes": null, "path": "a.png"}, {"path": "b.png"}], "messages": [
        {"role": "user", "content": "<image> and <image>?"}, {"role": "assistant", "content": "two"}]});
    let row = row.to_string();
    let t = read(&row);
    let references = t.messages[0].media.iter().map(|m| m.reference.as_deref());
    assert_eq!(
        references.collect::<Vec<_>>(),
        [Some("a.png"), Some("b.png")]
    );
}

#[test]
fn the_ai_sdks_parts_are_calls_and_their_results() {
    each("aisdk-ui-parts.jsonl", |index, t| {
        assert_eq!(called(t), [("get_w", r#"{"c":"Bern"}"#)]);
        assert_eq!(answered(t), [Some(1)]);
        assert_eq!(t.messages[1].reasoning, "need it");
        assert_eq!(said(t)[2], ("tool", r#"{"t": 3}"#));
        assert_eq!(said(t)[3], ("assistant", ["3", "3 degrees"][index]));
    });
    let row = row(&json!([{"role": "assistant", "content": "", "parts": [
        {"type": "tool-f", "toolCallId": "1", "state": "output-error", "input": {}, "errorText": "no"},
        {"type": "tool-g", "toolCallId": "2", "state": "input-available", "input": {"a": 1}},
        {"type": "tool-invocation", "toolInvocation": {"state": "result", "toolCallId": "3", "toolName": "h",
            "args": {}, "result": "yes"}}]}]));
    let t = read(&row);
    assert_eq!(called(&t), [("f", "{}"), ("g", r#"{"a":1}"#), ("h", "{}")]);
    let invocations = json!([{"state": "result", "toolCallId": "1", "toolName": "f", "args": {"a": 1}, "result": "b"}]);
    let old =
        self::row(&json!([{"role": "assistant", "content": "so", "toolInvocations": invocations}]));
    let old = read(&old);
    assert_eq!(
        (called(&old), answered(&old)),
        (vec![("f", r#"{"a":1}"#)], vec![Some(0)])
    );
    let given: Vec<_> = t.messages.iter().filter(|m| m.answers.is_some()).collect();
    assert_eq!(
        (&*given[0].text, given[0].reported),
        ("no", Some(Reported::Error))
    );
    assert_eq!((&*given[1].text, given[1].reported), ("yes", None));
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
fn anthropics_blocks_are_read_and_none_of_their_words_is_lost() {
    let row = row(&json!([
        {"role": "user", "content": [
            {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
            {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
            {"type": "text", "text": "search"}]},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "redacted_thinking", "data": "EmwK"},
            {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}},
            {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [
                {"type": "web_search_result", "url": "https://a.b", "title": "A"}]},
            {"type": "server_tool_use", "id": "s2", "name": "bash_code_execution", "input": {"command": "ls"}},
            {"type": "bash_code_execution_tool_result", "tool_use_id": "s2", "content":
                {"type": "bash_code_execution_result", "stdout": "", "stderr": "no", "return_code": 2, "content": []}},
            {"type": "text", "text": "I try."},
            {"type": "tool_use", "id": "t1", "name": "f", "input": null, "text": "first"},
            {"type": "tool_use", "id": "t2", "name": "g", "input": {}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": "", "text": "kept", "is_error": true},
            {"type": "tool_result", "tool_use_id": "t2"}]}]));
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(&*t.messages[0].text, "T\n\nwords\n\n[file]\n\nsearch");
    assert_eq!(t.messages[1].reasoning, "hm");
    let (names, given): (Vec<&str>, Vec<_>) = calls(&t)
        .iter()
        .map(|call| (&*call.name, &t.messages[call.answer.unwrap()]))
        .unzip();
    assert_eq!(names, ["web_search", "bash_code_execution", "f", "g"]);
    assert!(given[0].text.contains("https://a.b"));
    assert_eq!(given[1].reported, Some(Reported::Exit(2)));
    assert_eq!(
        (&*given[2].text, given[2].reported),
        ("kept", Some(Reported::Error))
    );
    assert_eq!((&*given[3].text, given[3].reported), ("", None));
    let turn = t
        .messages
        .iter()
        .find(|m| m.text.contains("I try."))
        .unwrap();
    assert_eq!(&*turn.text, "I try.\n\nfirst");
    assert!(calls(&t)[2].arguments == "{}");
    assert!(
        t.messages
            .iter()
            .all(|m| !m.text.contains("EmwK") && !m.text.contains("JVBERi0="))
    );
}

#[test]
fn a_call_and_a_thought_that_stand_in_a_field_and_in_a_part_are_one() {
    let row = row(
        &json!([{"type": "ai", "reasoning_content": "why", "tool_calls": [{"name": "f", "args": {"a": 1}, "id": "x"}],
            "content": [{"type": "thinking", "thinking": "why"}, {"type": "text", "text": "so"},
                {"type": "tool_use", "id": "x", "name": "f", "input": {"a": 1}},
                {"type": "tool_use", "id": "y", "name": "g", "input": {}}]}]),
    );
    let t = read(&row);
    assert_eq!(called(&t), [("f", r#"{"a":1}"#), ("g", "{}")]);
    assert_eq!(
        (said(&t), &*t.messages[0].reasoning),
        (vec![("assistant", "so")], "why")
    );
}

#[test]
fn what_a_field_says_of_a_calls_end_is_reported() {
    for (field, value, reported) in [
        ("is_error", json!(true), Reported::Error),
        ("isError", json!(false), Reported::Ok),
        ("ok", json!(false), Reported::Error),
        ("success", json!(true), Reported::Ok),
        ("status", json!("error"), Reported::Error),
        ("exit_code", json!(1), Reported::Exit(1)),
        ("error", json!("no file"), Reported::Error),
    ] {
        let mut answer = json!({"role": "tool", "content": "x"});
        answer[field] = value.clone();
        let call = json!({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]});
        let messages = row(&json!([call, answer]));
        let t = read(&messages);
        assert_eq!(t.messages[1].reported, Some(reported), "{field}");
        assert_eq!(t.messages[1].text.contains("no file"), field == "error");
    }
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
