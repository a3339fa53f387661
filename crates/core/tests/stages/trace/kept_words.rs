//! Whose words stand in a text: what a template, an API or a harness puts around or in place of words is none of them.

use serde_json::{Value, json};
use tracesift_core::trace::{self, MediaKind, Repair, Reported, RowContext, RowError};

use crate::trace::shared::{
    answered, assert_paired, called, calls, label, read, repaired, row, said, unanswered,
};

/// Two calls that stand in the text of a turn.
const TWO_CALLS: &str = "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\n\
    <tool_call>\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>";

#[test]
fn what_only_a_provider_can_read_is_left_out() {
    let row = row(&json!([{"role": "assistant", "content": [
        {"type": "redacted_thinking", "data": "c1pher"},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "s", "content": [
            {"type": "web_search_result", "title": "A page", "url": "https://a.b", "encrypted_content": "c1pher"}]},
        {"type": "text", "text": "so"}]}]));
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(repaired(&t, Repair::ThoughtHidden), 1);
    let all: Vec<&str> = said(&t).into_iter().map(|(_, text)| text).collect();
    assert!(all.iter().all(|text| !text.contains("c1pher")), "{all:?}");
    assert!(all.concat().contains("A page"));
}

#[test]
fn a_text_that_is_all_an_image_gets_a_placeholder_unless_the_assistant_wrote_it() {
    let url = "data:image/png;base64,iVBORw0KGgo=";
    let row = row(&json!([
        {"role": "user", "content": url},
        {"role": "assistant", "content": url, "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": url}]}]));
    let t = read(&row);
    assert_eq!(
        said(&t),
        [("user", "[image]"), ("assistant", url), ("tool", "[image]")]
    );
    for at in [0, 2] {
        assert_eq!(t.messages[at].media[0].kind, MediaKind::Image);
    }
    assert_eq!(repaired(&t, Repair::MediaPlaceholder), 2);
}

#[test]
fn a_templates_tags_are_no_words_of_a_result() {
    let one = row(&json!([
        {"role": "assistant", "content": TWO_CALLS.split_once("</tool_call>\n").unwrap().0},
        {"role": "user", "content": "<tool_response>\n3 </tool_response> a\n</tool_response>"}]));
    assert_eq!(said(&read(&one))[1], ("tool", "3 </tool_response> a"));
    let unclosed = row(&json!([
        {"role": "assistant", "content": TWO_CALLS},
        {"role": "tool", "content": "<tool_response>\nhalf"}]));
    assert_eq!(said(&read(&unclosed))[1], ("tool", "<tool_response>\nhalf"));
}

#[test]
fn hermes_results_say_how_their_calls_ended() {
    let result = |content: Value| {
        let result = json!({"tool_call_id": "c", "name": "f", "content": content});
        format!("<tool_response>\n{result}\n</tool_response>\n")
    };
    let well = result(json!({"output": "x", "exit_code": 0, "error": null}));
    let badly = result(json!({"output": "", "exit_code": 1, "error": "no"}));
    let row = row(&json!([
        {"role": "assistant", "content": TWO_CALLS},
        {"role": "tool", "content": well + &badly}]));
    let t = read(&row);
    let reported: Vec<Option<Reported>> = t.messages.iter().map(|m| m.reported).collect();
    assert_eq!(
        reported,
        [None, Some(Reported::Exit(0)), Some(Reported::Exit(1))]
    );
}

#[test]
fn a_list_of_results_is_parted_where_it_is_one_for_each_call() {
    let by_line = row(&json!([
        {"role": "assistant", "content": null, "function_calls": "f(a=1)\ng()"},
        {"role": "environment", "content": "[{\"t\": 3}, {\"ok\": true}]"}]));
    let t = read(&by_line);
    assert_eq!(
        said(&t)[1..],
        [("tool", "{\"t\": 3}"), ("tool", "{\"ok\": true}")]
    );
    assert_eq!(unanswered(&t), 0);
    let results = |name: &str| {
        row(&json!([
            {"role": "user", "content": "go"},
            {"role": "assistant", "content": TWO_CALLS},
            {"role": "tool", "content": format!("[{{\"name\": \"f\", \"results\": 1}}, {{\"name\": \"{name}\"}}]")}]))
    };
    assert_eq!(said(&read(&results("g"))).len(), 4);
    assert_eq!(said(&read(&results("h"))).len(), 3);
}

#[test]
fn inspects_errors_and_attachments_are_words_of_the_run() {
    let sample = json!({"id": "s", "epoch": 1, "input": "q", "scores": {}, "messages": [
        {"role": "system", "content": "attachment://a1"},
        {"role": "user", "content": [{"type": "text", "text": "see attachment://none"},
            {"type": "image", "image": "attachment://b2"}]},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "function": "look", "arguments": {"text": "attachment://a1"}}]},
        {"role": "tool", "content": "", "tool_call_id": "c", "function": "look",
            "error": {"type": "unknown", "message": "no such city"}}],
        "attachments": {"a1": "long \"words\"\n", "b2": "data:image/png;base64,iVBO"}});
    let row = sample.to_string();
    let t = read(&row);
    assert_eq!(
        said(&t),
        [
            ("system", "long \"words\"\n"),
            ("user", "see attachment://none\n\n[image]"),
            ("assistant", ""),
            ("tool", "no such city")
        ]
    );
    assert_eq!(called(&t), [("look", r#"{"text":"long \"words\"\n"}"#)]);
    assert_eq!(t.messages[1].media[0].reference, None);
    assert_eq!(t.messages[3].reported, Some(Reported::Error));
}

#[test]
fn an_attachment_that_is_named_without_end_is_put_in_a_few_times_only() {
    let said: Vec<Value> =
        std::iter::repeat_n(json!({"role": "user", "content": "attachment://a"}), 200).collect();
    let row = json!({"epoch": 1, "scores": {}, "messages": said, "attachments": {"a": "x".repeat(10_000)}})
        .to_string();
    let t = read(&row);
    let bytes: usize = t.messages.iter().map(|message| message.text.len()).sum();
    assert!(bytes < 2 * row.len(), "{bytes}");
}

#[test]
fn a_proxys_log_begins_with_its_request() {
    let request = json!({"model": "m", "messages": [{"role": "user", "content": "go"}],
        "tools": [{"type": "function", "function": {"name": "f"}}]});
    let response = json!({"choices": [{"message": {"role": "assistant", "content": "ok"}}]});
    for log in [
        json!({"request": request, "response": response}),
        json!({"request": {"body": request}, "response": {"status": 200, "body": response}}),
    ] {
        let row = log.to_string();
        let t = read(&row);
        assert_eq!(said(&t), [("user", "go"), ("assistant", "ok")]);
        assert_eq!((label(&t.labels.teacher), t.tools.len()), ("m", 1));
    }
}

#[test]
fn a_page_of_openhands_events_is_one_run() {
    let event = |kind: &str, source: &str, text: &str| {
        json!({"kind": kind, "id": text, "source": source,
            "llm_message": {"role": source.replace("agent", "assistant"), "content": [{"type": "text", "text": text}]}})
    };
    let page = json!({"items": [null, event("MessageEvent", "user", "go"), {"kind": "StateEvent"},
        event("MessageEvent", "agent", "done")], "next_page_id": null});
    assert_eq!(
        said(&read(&page.to_string())),
        [("user", "go"), ("assistant", "done")]
    );
}

#[test]
fn a_run_whose_conversation_is_an_object_is_found_in_a_list() {
    let run = |text: &str| {
        json!({"run_id": text, "score": 1,
            "conversation": {"messages": [{"role": "user", "content": text}]}})
    };
    let page =
        json!({"status": "ok", "data": {"page": 1, "results": [run("a"), run("b")]}}).to_string();
    let runs = trace::runs_in_object(&page);
    assert_eq!(runs.len(), 2);
    assert_eq!(said(&read(&runs[1])), [("user", "b")]);
}

#[test]
fn why_a_run_is_empty_is_said() {
    for (run, reason) in [
        (
            json!({"task_id": 1, "traj": [], "info": {"error": "EOF"}}),
            "EOF",
        ),
        (
            json!({"samples": [{"id": 1, "epoch": 1, "messages": [], "error": {"message": "died"}}]}),
            "died",
        ),
        (
            json!({"instance_id": "a", "history": [], "error": "crashed"}),
            "crashed",
        ),
        (
            json!({"schema_version": "ATIF-v1.1", "steps": []}),
            "its conversation is empty",
        ),
        (
            json!({"uuid": "u", "chat_messages": []}),
            "its conversation is empty",
        ),
        (
            json!({"data": {"results": [{"id": 1, "messages": null}]}}),
            "its conversation is empty",
        ),
    ] {
        let read = trace::read(&run.to_string(), &RowContext::default()).err();
        assert_eq!(read, Some(RowError::Died(reason.to_owned())), "{run}");
    }
}

#[test]
fn a_thought_in_a_message_of_its_own_begins_the_reply_that_follows_in_the_hubs_format() {
    let message = |message: Value| json!({"type": "message", "message": message});
    let lines = json!([{"type": "session", "harness": "h", "id": "s"},
        message(json!({"role": "user", "content": "q"})),
        message(json!({"role": "assistant", "content": null, "reasoningContent": "why"})),
        message(json!({"role": "assistant", "content": "b"})),
        message(json!({"role": "assistant", "content": "c"}))]);
    let row = lines.to_string();
    let t = read(&row);
    assert_eq!(
        said(&t),
        [("user", "q"), ("assistant", "b"), ("assistant", "c")]
    );
    assert_eq!(t.messages[1].reasoning, "why");
}

#[test]
fn calls_of_one_reply_of_letta_code_are_parallel() {
    let call = |id: &str, reply: &str, result: Value| {
        json!({"kind": "tool_call", "name": "f", "argsText": "{}", "resultText": result, "resultOk": null,
            "captured_at": "t", "source_line_id": id, "source_message_id": reply})
    };
    let lines = json!([{"kind": "user", "text": "go", "captured_at": "t"},
        call("1", "a", json!("x")), call("2", "a", json!("y")), call("3", "b", Value::Null)]);
    let row = lines.to_string();
    let t = read(&row);
    let roles: Vec<&str> = said(&t).iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, ["user", "assistant", "tool", "tool", "assistant"]);
    assert_eq!(answered(&t), [Some(1), Some(1)]);
    assert_eq!(unanswered(&t), 1);
}

#[test]
fn a_built_in_tool_of_llama_is_called_by_its_own_name() {
    let row = row(
        &json!([{"role": "assistant", "content": "<|python_tag|>brave_search.call(query=\"Bern\")"}]),
    );
    let t = read(&row);
    assert_eq!(called(&t), [("brave_search", r#"{"query":"Bern"}"#)]);
    assert_eq!(calls(&t).len(), 1);
}

#[test]
fn calls_of_one_step_are_parallel() {
    let called = |id: &str| json!({"type": "tool-f", "toolCallId": id, "state": "output-available", "input": {}, "output": id});
    let start = json!({"type": "step-start"});
    let row = json!({"messages": [{"role": "assistant", "parts": [
        start, called("a"), called("b"), start, called("c"), {"type": "text", "text": "so"}]}]})
    .to_string();
    let t = read(&row);
    assert_paired(&t);
    let roles: Vec<&str> = said(&t).iter().map(|(role, _)| *role).collect();
    assert_eq!(
        roles,
        [
            "assistant",
            "tool",
            "tool",
            "assistant",
            "tool",
            "assistant"
        ]
    );
}
