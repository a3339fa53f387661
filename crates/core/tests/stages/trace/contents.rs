//! What stands inside messages: parts, items, thoughts, results and media, as each API writes them.

use serde_json::json;
use tracesift_core::trace::{MediaKind, Repair, Reported};

use crate::trace::shared::{
    answered, assert_paired, called, calls, each, read, repaired, row, said,
};

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
    let old = crate::trace::shared::row(
        &json!([{"role": "assistant", "content": "so", "toolInvocations": invocations}]),
    );
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
fn fields_that_are_null_hide_no_others() {
    let row = crate::trace::shared::row(&json!([
        {"role": "assistant", "content": [
            {"type": "tool_use", "id": "a", "name": "f", "input": {}, "text": null, "toolName": null, "toolCallId": null},
            {"type": "text", "text": null, "id": null, "name": null, "input": null}],
            "tool_calls": [{"id": "b", "name": "g", "arguments": {}, "tool_call_id": null, "toolName": null}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "1", "toolCallId": null, "output": null}]}]));
    let t = read(&row);
    assert_eq!(called(&t), [("g", "{}"), ("f", "{}")]);
    assert_eq!((&*calls(&t)[0].id, &*calls(&t)[1].id), ("b", "a"));
    assert_eq!(said(&t), [("assistant", ""), ("tool", "1")]);
    assert_eq!(calls(&t)[1].answer, Some(1));
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
