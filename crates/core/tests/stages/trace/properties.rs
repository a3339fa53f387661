//! What holds of any row, however odd.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::trace::{self, Repair, RowContext, RowError, Trajectory};

use crate::trace::shared::{assert_paired, calls, read, repaired};

/// Words that mean something to one dialect or another, and some that mean nothing.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "messages",
        "trajectory",
        "conversations",
        "role",
        "from",
        "content",
        "value",
        "text",
        "system_prompt",
        "parts",
        "assistant",
        "user",
        "tool",
        "ai",
        "gpt",
        "human",
        "observation",
        "tool_call",
        "tool_calls",
        "function_call",
        "function",
        "name",
        "arguments",
        "id",
        "tool_call_id",
        "reasoning_content",
        "think",
        "type",
        "tool_use",
        "tool_result",
        "input",
        "tools",
        "metadata",
        "resolved",
        "model_patch",
        "patch",
        "message",
        "thought",
        "schema_version",
        "ATIF-v1.8",
        "steps",
        "source",
        "agent",
        "observation",
        "results",
        "source_call_id",
        "trial",
        "trajectory",
        "result",
        "session",
        "history",
        "action",
        "args",
        "tool_call_metadata",
        "kind",
        "ActionEvent",
        "tool_name",
        "info",
        "exit_status",
        "simulations",
        "reward_info",
        "samples",
        "scores",
        "response",
        "choices",
        "{\"commands\": [{\"keystrokes\": \"ls\"}]}",
        "<response><commands><keystrokes>ls</keystrokes></commands></response>",
        "<think>a</think>b",
        "<think>",
        "<function=f><parameter=k>v</parameter></function>",
        "<function=f><parameter=",
        "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
        "<tool_call>",
        "OBSERVATION: x",
        "```\nls\n```",
        "```bash\nls\n```\n",
        "[{'role': 'user', 'content': 'x'}]",
        "[{\"role\":\"user\"}]",
        "{'name': 'f'}",
        "[",
        "{",
        "\"",
        "'",
        "é😀",
        "\u{0}",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word(), inner.clone()), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

/// An object that is almost a message.
fn almost_message() -> impl Strategy<Value = Value> {
    let role = prop::sample::select(vec![
        "system",
        "user",
        "assistant",
        "tool",
        "ai",
        "tool_call",
        "odd",
    ]);
    (role, any_json(), any_json(), any_json()).prop_map(
        |(role, content, calls, id)| json!({"role": role, "content": content, "tool_calls": calls, "tool_call_id": id}),
    )
}

/// A message of the usual form: who speaks, text, reasoning, calls (name, arguments, id), the id it answers.
type Plain = (
    &'static str,
    String,
    String,
    Vec<(String, String, Option<u8>)>,
    Option<u8>,
);

fn plain_message() -> impl Strategy<Value = Plain> {
    let role = prop::sample::select(vec![
        "system",
        "user",
        "assistant",
        "assistant",
        "tool",
        "tool",
    ]);
    let call = ("[a-z]{1,8}", ".{0,20}", prop::option::of(0_u8..5));
    (
        role,
        ".{0,40}",
        ".{0,40}",
        prop::collection::vec(call, 0..4),
        prop::option::of(0_u8..6),
    )
}

/// A part of a message, and the words in it.
fn part() -> impl Strategy<Value = (Value, Vec<String>)> {
    let kinds = prop::sample::select(vec!["text", "thinking", "tool_use", "tool_result", "odd"]);
    // No mark of a form: what stands in one is read as more than words.
    let word = || "[a-zA-Z0-9 .,;é\n]{0,20}";
    (kinds, word(), word(), "[a-z]{1,8}").prop_map(|(kind, first, second, name)| match kind {
        "text" => (json!({"type": "text", "text": first}), vec![first]),
        "thinking" => (
            json!({"type": "thinking", "thinking": first, "signature": "s"}),
            vec![first],
        ),
        "tool_use" => {
            let input = json!({"k": second});
            let part = json!({"type": "tool_use", "name": name, "input": input, "text": first});
            (part, vec![first, name, input.to_string()])
        }
        "tool_result" => {
            let content =
                json!([{"type": "text", "text": first}, {"type": "text", "text": second}]);
            (
                json!({"type": "tool_result", "content": content}),
                vec![first, second],
            )
        }
        _ => {
            let part = json!({"type": "odd_part", "some": first});
            let words = part.to_string();
            (part, vec![words])
        }
    })
}

fn plain_row(messages: &[Plain]) -> Value {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(role, text, reasoning, calls, answers)| {
            let assistant = *role == "assistant";
            let calls: Vec<Value> = calls
                .iter()
                .filter(|_| assistant)
                .map(|(name, arguments, id)| {
                    json!({"id": id.map(|id| format!("c{id}")), "type": "function", "function": {"name": name, "arguments": arguments}})
                })
                .collect();
            json!({"role": role, "content": text, "reasoning_content": if assistant { reasoning } else { "" },
                "tool_calls": calls, "tool_call_id": answers.map(|id| format!("c{id}"))})
        })
        .collect();
    json!({ "messages": messages })
}

/// How often each character that is not whitespace stands in these texts.
fn letters<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<char> {
    let mut letters: Vec<char> = texts
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    letters.sort_unstable();
    letters
}

fn words<'t>(trajectory: &'t Trajectory<'_>) -> Vec<&'t str> {
    let messages = trajectory
        .messages
        .iter()
        .flat_map(|m| [&*m.text, &*m.reasoning]);
    let calls = calls(trajectory)
        .into_iter()
        .flat_map(|call| [&*call.name, &*call.arguments]);
    messages.chain(calls).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_panics(value in any_json()) {
        let _ = trace::read(&value.to_string(), &RowContext::default());
    }

    #[test]
    fn no_text_panics(text in ".{0,200}", list in "[\\[\\]{}()'\"a,: \\\\]{0,60}") {
        let _ = trace::read(&text, &RowContext::default());
        let _ = trace::read(&json!({"messages": list, "tools": list}).to_string(), &RowContext::default());
        let text = text + &list;
        let _ = trace::read(&json!({"messages": [{"role": "assistant", "content": text}]}).to_string(), &RowContext::default());
    }

    #[test]
    fn almost_messages_are_read_and_paired(messages in prop::collection::vec(almost_message(), 1..8)) {
        let row = json!({ "messages": messages }).to_string();
        let trajectory = read(&row);
        let joined = repaired(&trajectory, Repair::TurnJoined) as usize;
        prop_assert!(trajectory.messages.len() + joined >= messages.len());
        assert_paired(&trajectory);
    }

    #[test]
    fn structured_messages_lose_no_character_and_keep_their_order(messages in prop::collection::vec(plain_message(), 1..12)) {
        let row = plain_row(&messages).to_string();
        let trajectory = read(&row);
        assert_paired(&trajectory);
        prop_assert_eq!(trajectory.messages.len(), messages.len());
        let wrote = messages.iter().flat_map(|(role, text, reasoning, calls, _)| {
            let calls = calls.iter().flat_map(|(name, arguments, _)| [name.as_str(), arguments.as_str()]);
            let of_assistant = std::iter::once(reasoning.as_str()).chain(calls).filter(|_| *role == "assistant");
            std::iter::once(text.as_str()).chain(of_assistant)
        });
        prop_assert_eq!(letters(words(&trajectory).into_iter()), letters(wrote));
        for (message, (_, text, ..)) in trajectory.messages.iter().zip(&messages) {
            prop_assert_eq!(&*message.text, text.as_str());
        }
    }

    #[test]
    fn a_list_stored_as_text_reads_like_the_list(messages in prop::collection::vec(plain_message(), 1..6)) {
        let row = plain_row(&messages);
        let text = json!({"messages": row["messages"].to_string()}).to_string();
        let (row, mut stored) = (row.to_string(), read(&text));
        let direct = read(&row);
        stored.repairs = direct.repairs.clone();
        prop_assert_eq!(stored, direct);
    }

    #[test]
    fn parts_lose_no_character(parts in prop::collection::vec(part(), 0..8), by_user in any::<bool>()) {
        let role = if by_user { "user" } else { "assistant" };
        let values: Vec<&Value> = parts.iter().map(|(value, _)| value).collect();
        let row = json!({"messages": [{"role": role, "content": values}]}).to_string();
        let trajectory = read(&row);
        assert_paired(&trajectory);
        let wrote = parts.iter().flat_map(|(_, words)| words).map(String::as_str);
        prop_assert_eq!(letters(words(&trajectory).into_iter()), letters(wrote));
    }

    #[test]
    fn written_calls_come_out_as_they_went_in(value in "[a-z0-9 ,.:;!?éß\u{1F600}\n]{0,30}", before in "[a-z .]{0,20}") {
        let json = json!({"k": value}).to_string();
        let call = json!({"name": "f", "arguments": {"k": value}}).to_string();
        let texts = [
            format!("<tool_call>{call}</tool_call>"),
            format!("<tool_call>f\n<arg_key>k</arg_key>\n<arg_value>\n{value}\n</arg_value>\n</tool_call>"),
            format!("<invoke name=\"f\"><parameter name=\"k\">\n{value}\n</parameter></invoke>"),
            format!("[TOOL_CALLS][{call}]"),
            format!("[TOOL_CALLS]f[ARGS]{json}"),
            format!("<|python_tag|>{call}"),
            format!("<TOOLCALL>[{call}]</TOOLCALL>"),
            format!("<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{json}\
                <|tool_call_end|><|tool_calls_section_end|>"),
            format!("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{json}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
            format!("\nAction: f\nAction Input: {json}"),
        ];
        for text in texts {
            let row = json!({"messages": [{"role": "assistant", "content": format!("{before}{text}")}, {"role": "tool", "content": "x"}]});
            let row = row.to_string();
            let trajectory = read(&row);
            let calls = calls(&trajectory);
            prop_assert_eq!(calls.len(), 1, "{}", text);
            prop_assert_eq!(&*calls[0].name, "f");
            let arguments: Value = serde_json::from_str(&calls[0].arguments).unwrap();
            prop_assert_eq!(arguments, json!({"k": value}), "{}", text);
            prop_assert_eq!(trajectory.messages[0].text.trim(), before.trim());
        }
    }

    #[test]
    fn calls_written_as_xml_come_out_as_they_went_in(values in prop::collection::vec("[^<>]{0,30}", 1..4), before in "[^<`]{0,20}") {
        let parameters: String = values.iter().enumerate().map(|(i, v)| format!("<parameter=p{i}>\n{v}\n</parameter>\n")).collect();
        let text = format!("{before}\n<function=f>\n{parameters}</function>");
        let row = json!({"messages": [{"role": "assistant", "content": text}]}).to_string();
        let trajectory = read(&row);
        let calls = calls(&trajectory);
        prop_assert_eq!(calls.len(), 1);
        let arguments: serde_json::Map<String, Value> = serde_json::from_str(&calls[0].arguments).unwrap();
        let expected: serde_json::Map<String, Value> =
            values.iter().enumerate().map(|(i, v)| (format!("p{i}"), Value::from(v.as_str()))).collect();
        prop_assert_eq!(arguments, expected);
        prop_assert_eq!(trajectory.messages[0].text.trim_start(), before.trim());
    }
}

#[test]
fn a_row_that_is_no_json_or_no_object_says_so() {
    let read = |row: &str| trace::read(row, &RowContext::default()).unwrap_err();
    assert!(matches!(read("{\"messages\": ["), RowError::Json(_)));
    assert!(matches!(read(""), RowError::Json(_)));
    assert!(matches!(read("{\"messages\": []} x"), RowError::Json(_)));
    assert_eq!(
        read("[1, 2]"),
        RowError::NotAnObject("list of 2 values".to_owned())
    );
}

#[test]
fn a_row_without_messages_tells_its_columns() {
    let row = json!({"id": 7, "steps": [{"action": "ls", "state": null}], "note": "é".repeat(200), "none": null});
    let RowError::NoMessages(fields) =
        trace::read(&row.to_string(), &RowContext::default()).unwrap_err()
    else {
        panic!("another error");
    };
    let field = |name: &str| fields.iter().find(|f| f.name == name).unwrap();
    assert_eq!(field("steps").kind, "list of 1 object with action, state");
    assert_eq!(field("note").sample, "é".repeat(80));
    assert_eq!(
        (field("id").kind.as_str(), field("none").kind.as_str()),
        ("number", "nothing (null)")
    );
    let many: serde_json::Map<String, Value> =
        (0..200).map(|i| (format!("c{i}"), json!(i))).collect();
    let RowError::NoMessages(fields) =
        trace::read(&Value::from(many).to_string(), &RowContext::default()).unwrap_err()
    else {
        panic!("another error");
    };
    assert_eq!(fields.len(), 60);
}

#[test]
fn messages_that_are_null_are_none() {
    assert_eq!(read(r#"{"messages": null, "resolved": 1}"#).messages, []);
    assert_eq!(read(r#"{"messages": [], "resolved": 1}"#).messages, []);
}

#[test]
fn a_conversation_in_a_column_of_any_name_is_found() {
    assert_eq!(
        read(r#"{"id": 1, "chat": [{"from": "human", "value": "hi"}]}"#)
            .messages
            .len(),
        1
    );
    assert_eq!(
        read(r#"{"chat": "[{\"role\": \"user\", \"content\": \"hi\"}]"}"#)
            .messages
            .len(),
        1
    );
}

#[test]
fn the_users_map_of_fields_comes_before_all_detection() {
    let fields = [
        ("messages", "steps"),
        ("role", "who"),
        ("text", "words"),
        ("reasoning", "why"),
        ("outcome", "score"),
        ("patch", "diff"),
        ("reference", "metadata.gold"),
        ("instance", "issue"),
        ("tools", "kit"),
    ];
    let place = RowContext {
        map: trace::FieldMap {
            fields: fields
                .iter()
                .map(|(w, f)| ((*w).to_owned(), (*f).to_owned()))
                .collect(),
        },
        ..RowContext::default()
    };
    let row = json!({"messages": [{"role": "user", "content": "not these"}], "resolved": 0, "patch": "not this",
        "steps": [{"who": "user", "words": "hi"}, {"who": "assistant", "words": "ho", "why": "so"}],
        "score": 0.5, "diff": "d", "metadata": {"gold": "g"}, "issue": 12, "kit": ["{\"name\": \"f\"}"]}).to_string();
    let t = trace::read(&row, &place).unwrap();
    assert_eq!(
        (
            t.messages[0].text.as_ref(),
            t.messages[1].reasoning.as_ref()
        ),
        ("hi", "so")
    );
    assert_eq!(
        (t.model_patch.as_deref(), t.reference_patch.as_deref()),
        (Some("d"), Some("g"))
    );
    assert_eq!(
        (
            t.outcome.name(),
            t.labels.instance_id.as_deref(),
            t.tools[0].name.as_ref()
        ),
        ("partial", Some("12"), "f")
    );
    let absent = trace::read(
        r#"{"messages": [{"role": "user", "content": "x"}]}"#,
        &place,
    );
    assert!(
        matches!(absent, Err(RowError::NoMessages(_))),
        "the chosen column is the only one"
    );
}

#[test]
fn a_minus_one_is_unknown_wherever_it_stands() {
    for column in ["resolved", "target", "verified", "result"] {
        for value in [json!(-1), json!(-1.0), json!("-1")] {
            let row = json!({"messages": [], column: value}).to_string();
            assert_eq!(read(&row).outcome.name(), "unknown", "{row}");
        }
    }
}

#[test]
fn deep_nesting_is_an_error_or_kept_but_never_a_crash() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
    let values = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        deep("[{\"content\":", "}]"),
        deep("[{\"type\":\"text\",\"text\":", "}]"),
        deep("{\"message\":", "}"),
        deep("{\"function\":", "}"),
    ];
    for value in values {
        for row in [
            format!("{{\"messages\":{value}}}"),
            format!(
                "{{\"messages\":[{{\"role\":\"user\",\"content\":{value},\"tool_calls\":{value}}}],\"metadata\":{value}}}"
            ),
            format!(
                "{{\"messages\":[{{\"role\":\"user\",\"content\":[{value}]}}],\"tools\":{value}}}"
            ),
            format!("{{\"messages\":[{value}],\"other\":{value}}}"),
            format!("{{\"other\":{value}}}"),
        ] {
            let _ = trace::read(&row, &RowContext::default());
        }
    }
}

/// Texts of about `size` bytes that begin one form or another again and again and end none.
fn hostile_texts(size: usize) -> Vec<String> {
    let bodies = [
        "<function=a><parameter=b>",
        "<tool_call>{",
        "<tool_call>[[",
        "</parameter><parameter=<",
        "```\n",
        "<think>",
        "<function=",
        "'a'",
        "<",
        "<tool_call>a<arg_key>b</arg_key><arg_value>",
        "<invoke name=\"a\"><parameter name=\"b\">",
        "</parameter> </parameter>",
        "<function_calls><invoke name=\"a\"></invoke>",
        "<|tool_calls_section_begin|><|tool_call_begin|>",
        "[TOOL_CALLS]a[CALL_ID]",
        "[TOOL_CALLS][{",
        "<|python_tag|>f(",
        "<|channel|>analysis<|message|>",
        "<execute_bash>",
        "<|python_tag|>a<|eom_id|>",
        "<|channel|>final<|message|>a",
        "<|tool_calls_section_begin|><|tool_call_begin|>f<|tool_call_argument_begin|>{}<|tool_call_end|>",
        "<read_file><path>",
        "<tools>",
        "</think>",
        "[f(a=",
        "[f(),",
        "Action: f\nAction Input: {",
        "</tool_response>",
    ];
    let repeated = |body: &str| body.repeat(size / body.len());
    let mut texts: Vec<String> = bodies.iter().map(|body| repeated(body)).collect();
    texts.push(repeated("<function=a><parameter=b>") + "</parameter><parameter=<");
    texts.push(repeated("<tool_call>{'a': 1} ") + "</tool_call>");
    texts.push(repeated("[f(a=") + ")]");
    texts.push(String::from("<read_file><path>") + &repeated("</path> "));
    texts.push(
        String::from("<invoke name=\"a\"><parameter name=\"b\">") + &repeated("</parameter> "),
    );
    texts
}

/// How long it takes to read the row so many times.
fn time(row: &str, times: usize) -> Duration {
    let started = Instant::now();
    for _ in 0..times {
        assert_eq!(read(row).messages.len(), 1);
    }
    started.elapsed()
}

#[test]
fn hostile_texts_take_linear_time() {
    const TIMES: usize = 32;
    const SMALL: usize = 6_000;
    let row = |text: &String, size: usize| {
        let python = "1:".repeat(size / 10);
        let python = format!("[{{'role': 'assistant', 'content': {python}}}]");
        json!({"messages": [{"role": "assistant", "content": text}], "history": python}).to_string()
    };
    let texts = hostile_texts(SMALL)
        .into_iter()
        .zip(hostile_texts(SMALL * TIMES));
    for (small, large) in texts {
        let begins: String = small.chars().take(30).collect();
        let (small, large) = (row(&small, SMALL), row(&large, SMALL * TIMES));
        // The same bytes at once and in pieces: as long for a linear reader, 32 times as long for a quadratic one. Of
        // each the shortest time counts, since other programs only make it longer.
        let (mut at_once, mut in_pieces) = (Duration::MAX, Duration::MAX);
        let is_linear = (0..12).any(|round| {
            at_once = at_once.min(time(&large, 1));
            in_pieces = in_pieces.min(time(&small, TIMES));
            round >= 2 && at_once < in_pieces * 6
        });
        assert!(
            is_linear,
            "{begins}… takes {at_once:?} at once and {in_pieces:?} in {TIMES} pieces"
        );
    }
}
