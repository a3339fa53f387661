//! One small row of each dialect of chats and sessions that are not from SWE datasets.

use serde_json::json;
use tracesift_core::trace::{Repair, Role};

use crate::trace::shared::{answered, assert_paired, called, calls, read, repaired, said};

#[test]
fn share_gpt_rows_have_from_value_call_roles_and_a_system_column() {
    let row = json!({"system": "Be brief.", "tools": "[{\"name\": \"f\"}]", "conversations": [
        {"from": "human", "value": "do"},
        {"from": "function_call", "value": "{\"name\": \"f\", \"arguments\": {\"x\": 1}}"},
        {"from": "observation", "value": "2"},
        {"from": "gpt", "value": "It is 2."}]});
    let row = row.to_string();
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("system", "Be brief."),
            ("user", "do"),
            ("assistant", ""),
            ("tool", "2"),
            ("assistant", "It is 2.")
        ]
    );
    assert_eq!(called(&t), [("f", r#"{"x": 1}"#)]);
    assert_eq!(
        (t.tools[0].name.as_ref(), answered(&t)),
        ("f", vec![Some(2)])
    );
}

#[test]
fn tool_call_and_tool_response_roles_become_a_call_and_its_observation() {
    let row = json!({"messages": [
        {"role": "user", "content": "do"},
        {"role": "tool_call", "content": "{'name': 'f', 'arguments': '{\"x\": 1}'}"},
        {"role": "tool_call", "content": "not a call"},
        {"role": "tool_response", "content": "2"},
        {"role": "assistant", "content": "", "function_call": {"name": "g", "arguments": "{}"}},
        {"role": "function", "content": "3"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(
        said(&t)[1..3],
        [("assistant", ""), ("assistant", "not a call")]
    );
    assert_eq!(called(&t), [("f", r#"{"x": 1}"#), ("g", "{}")]);
    assert_eq!(
        (answered(&t), repaired(&t, Repair::CallFromFunctionCall)),
        (vec![Some(1), Some(4)], 1)
    );
}

#[test]
fn the_hubs_agent_traces_have_parts_with_thinking_tool_use_and_results() {
    let row = json!({"harness": "claude_code", "session_id": "s", "prompt": "fix", "num_user_messages": 1, "trace": [{"huge": true}],
        "tools": [], "metadata": {"cwd": "/"}, "file_path": "a.jsonl", "messages": [
        {"role": "user", "content": "fix"},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}},
            {"type": "tool_use", "id": "t2", "name": "Read", "input": {}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
            {"type": "tool_result", "tool_use_id": "t1", "content": "a.py", "is_error": false},
            {"type": "text", "text": "Go on."}, {"type": "image"}]},
        {"type": "message", "message": {"role": "assistant", "content": [{"type": "text", "text": "done"}]}}]});
    let row = row.to_string();
    let t = read(&row);
    assert_paired(&t);
    assert_eq!(
        said(&t),
        [
            ("user", "fix"),
            ("assistant", "I look."),
            ("tool", "one\n\ntwo"),
            ("tool", "a.py"),
            ("user", "Go on.\n\n[image]"),
            ("assistant", "done")
        ]
    );
    assert_eq!(t.messages[1].reasoning, "hm");
    assert_eq!(
        called(&t),
        [("Bash", r#"{"command":"ls"}"#), ("Read", "{}")]
    );
    assert_eq!(
        calls(&t).iter().map(|call| call.answer).collect::<Vec<_>>(),
        [Some(3), Some(2)]
    );
    assert_eq!(
        (
            t.labels.harness.as_deref(),
            t.labels.trajectory_id.as_deref()
        ),
        (Some("claude-code"), Some("s"))
    );
}

#[test]
fn a_code_block_in_an_ordinary_conversation_is_no_call() {
    let row = json!({"messages": [
        {"role": "user", "content": "How do I list files?"}, {"role": "assistant", "content": "So:\n```bash\nls\n```"},
        {"role": "user", "content": "Thanks"}, {"role": "assistant", "content": "Gladly."}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!((calls(&t).len(), t.messages[2].role), (0, Role::User));
    assert_eq!(t.messages[1].text, "So:\n```bash\nls\n```");
}

#[test]
fn a_question_about_a_shell_command_is_no_protocol() {
    let row = json!({"messages": [
        {"role": "user", "content": "What does this do?\n```bash\nls -a\n```"}, {"role": "assistant", "content": "Try:\n```bash\nls\n```"}]});
    let row = row.to_string();
    assert_eq!(calls(&read(&row)).len(), 0);
}

#[test]
fn a_call_with_its_fields_in_the_message_itself_is_a_call() {
    let row = json!({"messages": [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "do"}]},
        {"type": "function_call", "name": "shell", "arguments": "{\"command\": [\"ls\"]}", "call_id": "c1"},
        {"type": "function_call_output", "call_id": "c1", "output": "a.py"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(called(&t), [("shell", r#"{"command": ["ls"]}"#)]);
    assert_eq!(
        said(&t),
        [("user", "do"), ("assistant", ""), ("tool", "a.py")]
    );
    assert_eq!(
        (answered(&t), repaired(&t, Repair::ObservationPaired)),
        (vec![Some(1)], 0)
    );
}
