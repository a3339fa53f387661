//! What holds of any session, however odd: its words are all there, it is read or refused, and in linear time.
//!

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::trace::{self, Role, RowContext, session_name, session_runs};
use tracesift_testing::growth::assert_linear;

use crate::trace::shared::{assert_paired, read};

/// A session of each agent in which these are the words: the user's, thoughts, the reply, arguments, a result, the last
/// reply.
type Make = fn(&[Value; 6]) -> Value;

const SESSIONS: &[(&str, Make)] = &[
    (
        "claude_code",
        |[user, thought, reply, argument, result, last]| {
            let line = |kind: &str, id: &str, parent: Value, message: Value| json!({"type": kind, "uuid": id, "parentUuid": parent, "sessionId": "s", "message": message});
            let block = |block: Value| json!({"id": "m", "role": "assistant", "content": [block]});
            json!([
                line(
                    "user",
                    "1",
                    json!(null),
                    json!({"role": "user", "content": user})
                ),
                line(
                    "assistant",
                    "2",
                    json!("1"),
                    block(json!({"type": "thinking", "thinking": thought}))
                ),
                line(
                    "assistant",
                    "3",
                    json!("2"),
                    block(json!({"type": "text", "text": reply}))
                ),
                line(
                    "assistant",
                    "4",
                    json!("3"),
                    block(
                        json!({"type": "tool_use", "id": "t", "name": "f", "input": {"a": argument}})
                    )
                ),
                line(
                    "user",
                    "5",
                    json!("4"),
                    json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": result}]})
                ),
                line(
                    "assistant",
                    "6",
                    json!("5"),
                    json!({"id": "n", "role": "assistant", "content": [{"type": "text", "text": last}]})
                ),
            ])
        },
    ),
    ("codex", |[user, thought, reply, argument, result, last]| {
        let item = |payload: Value| json!({"type": "response_item", "payload": payload});
        let message = |role: &str, text: &Value| {
            item(
                json!({"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}),
            )
        };
        let arguments = json!({"a": argument}).to_string();
        json!([
            {"type": "session_meta", "payload": {"id": "s"}},
            message("user", user),
            item(json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": thought}]})),
            message("assistant", reply),
            item(json!({"type": "function_call", "call_id": "t", "name": "f", "arguments": arguments})),
            item(json!({"type": "function_call_output", "call_id": "t", "output": result})),
            message("assistant", last),
        ])
    }),
    (
        "copilot_cli",
        |[user, thought, reply, argument, result, last]| {
            json!([
                {"type": "user.message", "data": {"content": user}},
                {"type": "assistant.message", "data": {"messageId": "1", "content": reply, "reasoningText": thought, "toolRequests": [{"toolCallId": "t", "name": "f", "arguments": {"a": argument}}]}},
                {"type": "tool.execution_complete", "data": {"toolCallId": "t", "success": true, "result": {"content": result}}},
                {"type": "assistant.message", "data": {"messageId": "2", "content": last}},
            ])
        },
    ),
    (
        "cursor",
        |[user, thought, reply, argument, result, last]| {
            let line =
                |role: &str, content: Value| json!({"role": role, "message": {"content": content}});
            json!([
                line("user", json!([{"type": "text", "text": user}])),
                line(
                    "assistant",
                    json!([{"type": "thinking", "thinking": thought}, {"type": "text", "text": reply}, {"type": "tool_use", "id": "t", "name": "f", "input": {"a": argument}}])
                ),
                line(
                    "user",
                    json!([{"type": "tool_result", "tool_use_id": "t", "content": result}])
                ),
                line("assistant", json!([{"type": "text", "text": last}])),
            ])
        },
    ),
    ("droid", |[user, thought, reply, argument, result, last]| {
        let line = |role: &str, block: Value| json!({"type": "message", "message": {"role": role, "content": [block]}});
        json!([
            {"type": "session_start", "id": "s"},
            line("user", json!({"type": "text", "text": user})),
            line("assistant", json!({"type": "thinking", "thinking": thought})),
            line("assistant", json!({"type": "text", "text": reply})),
            line("assistant", json!({"type": "tool_use", "id": "t", "name": "f", "input": {"a": argument}})),
            line("user", json!({"type": "tool_result", "tool_use_id": "t", "content": result})),
            line("assistant", json!({"type": "text", "text": last})),
        ])
    }),
    (
        "gemini_cli",
        |[user, thought, reply, argument, result, last]| {
            let response = json!([{"functionResponse": {"response": {"output": result}}}]);
            json!({"sessionId": "s", "projectHash": "h", "messages": [
                {"id": "1", "type": "user", "content": [{"text": user}]},
                {"id": "2", "type": "gemini", "content": reply, "thoughts": [{"subject": "", "description": thought}],
                    "toolCalls": [{"id": "t", "name": "f", "args": {"a": argument}, "result": response, "status": "success"}]},
                {"id": "3", "type": "gemini", "content": last},
            ]})
        },
    ),
    ("letta", |[user, thought, reply, argument, result, last]| {
        let arguments = json!({"a": argument}).to_string();
        json!([
            {"captured_at": "t", "kind": "user", "text": user},
            {"captured_at": "t", "kind": "reasoning", "text": thought},
            {"captured_at": "t", "kind": "assistant", "text": reply},
            {"captured_at": "t", "kind": "tool_call", "name": "f", "argsText": arguments, "resultText": result, "source_line_id": "t"},
            {"captured_at": "t", "kind": "assistant", "text": last},
        ])
    }),
    (
        "opencode",
        |[user, thought, reply, argument, result, last]| {
            json!({"info": {"id": "s"}, "messages": [
                {"info": {"role": "user"}, "parts": [{"type": "text", "text": user}]},
                {"info": {"role": "assistant"}, "parts": [
                    {"type": "reasoning", "text": thought},
                    {"type": "text", "text": reply},
                    {"type": "tool", "callID": "t", "tool": "f", "state": {"status": "completed", "input": {"a": argument}, "output": result}},
                    {"type": "text", "text": last},
                ]},
            ]})
        },
    ),
    ("pi", |[user, thought, reply, argument, result, last]| {
        let entry = |message: Value| json!({"type": "message", "message": message});
        json!([
            {"type": "session", "id": "s"},
            entry(json!({"role": "user", "content": user})),
            entry(json!({"role": "assistant", "content": [{"type": "thinking", "thinking": thought}, {"type": "text", "text": reply}, {"type": "toolCall", "id": "t", "name": "f", "arguments": {"a": argument}}]})),
            entry(json!({"role": "toolResult", "toolCallId": "t", "content": [{"type": "text", "text": result}]})),
            entry(json!({"role": "assistant", "content": [{"type": "text", "text": last}]})),
        ])
    }),
    ("sts", |[user, thought, reply, argument, result, last]| {
        let entry = |message: Value| json!({"type": "message", "message": message});
        let arguments = json!({"a": argument}).to_string();
        json!([
            {"type": "session", "id": "s", "harness": "h"},
            entry(json!({"role": "user", "content": user})),
            entry(json!({"role": "assistant", "content": reply, "reasoningContent": thought, "toolCalls": [{"id": "t", "function": {"name": "f", "arguments": arguments}}]})),
            entry(json!({"role": "tool", "toolCallId": "t", "content": result})),
            entry(json!({"role": "assistant", "content": last})),
        ])
    }),
];

/// Words that are no markup of any dialect's.
fn words() -> impl Strategy<Value = Value> {
    "[a-zé0-9 \"\\\\\n]{0,12}[a-z]".prop_map(|text| json!(format!("w{text}")))
}

proptest! {
    #[test]
    fn no_word_of_a_session_is_lost(words in [words(), words(), words(), words(), words(), words()]) {
        for (agent, make) in SESSIONS {
            let row = make(&words).to_string();
            let t = read(&row);
            assert_paired(&t);
            let [user, thought, reply, argument, result, last] = words.each_ref().map(|word| word.as_str().unwrap());
            let found: Vec<(Role, &str)> = t.messages.iter().map(|m| (m.role, &*m.text)).collect();
            let expected = [
                (Role::User, user),
                (Role::Assistant, reply),
                (Role::Tool, result),
                (Role::Assistant, last),
            ];
            prop_assert_eq!(&found, &expected, "{}", agent);
            prop_assert_eq!(&*t.messages[1].reasoning, thought, "{}", agent);
            let call = &t.messages[1].calls[0];
            let arguments: Value = serde_json::from_str(&call.arguments).unwrap();
            prop_assert_eq!(arguments, json!({"a": argument}), "{}", agent);
            prop_assert_eq!(call.answer, Some(2), "{}", agent);
        }
    }

    #[test]
    fn events_of_any_shape_are_read_or_refused(events in prop::collection::vec(event(), 0..8)) {
        let values: Vec<String> = events.iter().map(Value::to_string).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        if session_name(&values).is_some() {
            for run in session_runs(&values) {
                prop_assert!(run.values.is_sorted());
                prop_assert!(run.values.iter().all(|at| *at < values.len()));
            }
        }
        let row = format!("[{}]", values.join(","));
        if let Ok(t) = trace::read(&row, &RowContext::default()) {
            assert_paired(&t);
        }
    }
}

/// An event with fields of sessions, of any kind each.
fn event() -> impl Strategy<Value = Value> {
    let kinds = [
        "user",
        "assistant",
        "system",
        "session",
        "message",
        "session_meta",
        "response_item",
        "event_msg",
        "function_call",
        "gemini",
        "session_start",
        "cursor_session_meta",
        "assistant.message",
        "user.message",
        "external_message",
        "compaction",
        "custom",
        "tool_call",
        "x",
    ];
    let names = [
        "uuid",
        "parentUuid",
        "sessionId",
        "isSidechain",
        "message",
        "payload",
        "id",
        "parentId",
        "role",
        "content",
        "data",
        "kind",
        "text",
        "message_type",
        "info",
        "parts",
        "sessionID",
        "part",
        "$rewindTo",
        "session_id",
        "active",
        "call_id",
        "parent_tool_use_id",
        "logicalParentUuid",
        "harness",
        "version",
    ];
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        prop::sample::select(vec!["1", "2", "3", "user", "assistant", "x"]).prop_map(Value::from),
        Just(
            json!([{"type": "text", "text": "x"}, {"type": "tool_result", "tool_use_id": "1", "content": null}])
        ),
        Just(
            json!({"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "f", "input": {}}]})
        ),
        Just(json!({"type": "message", "role": "user", "content": "x"})),
        Just(json!({"type": "function_call_output", "call_id": "1", "output": {"content": [1]}})),
    ];
    let fields = prop::collection::hash_map(prop::sample::select(names.to_vec()), leaf, 0..7);
    let kind = prop::option::of(prop::sample::select(kinds.to_vec()));
    (kind, fields).prop_map(|(kind, fields)| {
        let mut event: serde_json::Map<String, Value> = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        if let Some(kind) = kind {
            event.insert("type".to_owned(), json!(kind));
        }
        Value::Object(event)
    })
}

#[test]
fn a_session_is_parted_and_read_in_linear_time() {
    for (agent, make) in SESSIONS {
        let words = [
            json!("u"),
            json!("t"),
            json!("r"),
            json!("a"),
            json!("o"),
            json!("l"),
        ];
        let Value::Array(events) = make(&words) else {
            continue;
        };
        let many = |size: usize| {
            let events = events.iter().cycle().take(size).enumerate();
            let values: Vec<String> = events
                .map(|(at, event)| event.to_string().replace("\"t\"", &format!("\"t{at}\"")))
                .collect();
            values
        };
        assert_linear(2_000, many, |values| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            session_name(&values).unwrap_or_else(|| panic!("{agent}"));
            let runs = session_runs(&values);
            let row = format!("[{}]", values.join(","));
            (
                runs.len(),
                trace::read(&row, &RowContext::default()).is_ok(),
            )
        });
    }
}

#[test]
fn a_tree_of_many_branches_is_parted_in_linear_time() {
    let tree = |size: usize| {
        let entry = |at: usize| {
            let parent = if at < size / 2 {
                at.checked_sub(1)
            } else {
                Some(size / 2)
            };
            let parent = parent.map(|at| at.to_string());
            json!({"type": "message", "id": at.to_string(), "parentId": parent, "message": {"role": "assistant", "content": "x"}}).to_string()
        };
        let head = json!({"type": "session", "id": "s"}).to_string();
        let mut values = vec![head];
        values.extend((0..size).map(entry));
        values
    };
    assert_linear(2_000, tree, |values| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        session_runs(&values).len()
    });
}
