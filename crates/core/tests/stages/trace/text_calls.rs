//! Calls that assistants write in their text: each form by which a model is trained, and prose that only looks like one.

use serde_json::json;
use tracesift_core::trace::Repair;

use crate::trace::shared::{assert_paired, called, calls, read, repaired, said};

/// A row in which the assistant writes this and a tool answers.
fn answered_by_tool(text: &str) -> String {
    json!({"messages": [
        {"role": "user", "content": "do"}, {"role": "assistant", "content": text},
        {"role": "tool", "content": "done"}]})
    .to_string()
}

/// A row in which the assistant writes this and the user goes on.
fn answered_by_user(text: &str, answer: &str) -> String {
    json!({"messages": [
        {"role": "user", "content": "do"}, {"role": "assistant", "content": text},
        {"role": "user", "content": answer}]})
    .to_string()
}

#[test]
fn each_form_is_read_to_the_same_call() {
    const MARK: &str = "｜DSML｜";
    let dsml = format!(
        "<{MARK}function_calls>\n<{MARK}invoke name=\"f\">\n<{MARK}parameter name=\"a\" string=\"true\">b</{MARK}parameter>\n\
         </{MARK}invoke>\n</{MARK}function_calls>"
    );
    let texts = [
        "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}</tool_call>",
        "<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>b</arg_value>\n</tool_call>",
        "<tool_call>f<arg_key>a</arg_key><arg_value>b</arg_value></tool_call>",
        "<function=f><parameter=a>b</parameter></function>",
        "<function_calls><invoke name=\"f\"><parameter name=\"a\">b</parameter></invoke></function_calls>",
        "<invoke name=\"f\"><parameter name=\"a\">b</parameter></invoke>",
        "<minimax:tool_call><invoke name=\"f\"><parameter name=\"a\">b</parameter></invoke></minimax:tool_call>",
        dsml.as_str(),
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{\"a\":\"b\"}\
         <|tool_call_end|><|tool_calls_section_end|>",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"a\":\"b\"}\n```<｜tool▁call▁end｜>\
         <｜tool▁calls▁end｜>",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\":\"b\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        "[TOOL_CALLS][{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}]",
        "[TOOL_CALLS]f[ARGS]{\"a\":\"b\"}",
        "[TOOL_CALLS]f[CALL_ID]x1[ARGS]{\"a\":\"b\"}",
        "<|python_tag|>{\"name\":\"f\",\"parameters\":{\"a\":\"b\"}}<|eom_id|>",
        "<|python_tag|>f(a=\"b\")",
        "<TOOLCALL>[{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}]</TOOLCALL>",
        "<functioncall> {\"name\":\"f\",\"arguments\":'{\"a\":\"b\"}'} <|endoftext|>",
        "<tool_calls>[{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}]</tool_calls>",
        "<|tool_call|>[{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}]<|/tool_call|>",
        "<|action_start|><|plugin|>{\"name\":\"f\",\"parameters\":{\"a\":\"b\"}}<|action_end|>",
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\":\"b\"}<|call|>",
        "[f(a=\"b\")]",
        "{\"name\":\"f\",\"parameters\":{\"a\":\"b\"}}",
        "[{\"name\":\"f\",\"arguments\":{\"a\":\"b\"}}]",
        "Action: f\nAction Input: {\"a\":\"b\"}\nObservation",
        "Action:\n```json\n{\"action\":\"f\",\"action_input\":{\"a\":\"b\"}}\n```",
        "Action: f(a=\"b\")",
    ];
    for text in texts {
        let row = answered_by_tool(text);
        let t = read(&row);
        assert_paired(&t);
        assert_eq!(called(&t), [("f", r#"{"a":"b"}"#)], "{text}");
        assert_eq!(said(&t)[1], ("assistant", ""), "{text}");
        assert_eq!(calls(&t)[0].answer, Some(2), "{text}");
        let words = repaired(&t, Repair::CallFromXml);
        assert_eq!(words, 1, "{text}");
    }
}

#[test]
fn several_calls_of_one_section_are_several_calls() {
    let texts = [
        "Both.\n<function_calls>\n<invoke name=\"f\">\n</invoke>\n<invoke name=\"g\">\n<parameter name=\"x\">\n1\n2\n\
         </parameter>\n</invoke>\n</function_calls>",
        "Both.\n<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}<|tool_call_end|>\
         <|tool_call_begin|>functions.g:1<|tool_call_argument_begin|>{\"x\":\"1\\n2\"}<|tool_call_end|>\
         <|tool_calls_section_end|>",
        "Both.[TOOL_CALLS]f[ARGS]{}[TOOL_CALLS]g[ARGS]{\"x\":\"1\\n2\"}",
        "Both.\n<|python_tag|>{\"name\":\"f\",\"parameters\":{}}; {\"name\":\"g\",\"parameters\":{\"x\":\"1\\n2\"}}",
    ];
    for text in texts {
        let row = answered_by_tool(text);
        let t = read(&row);
        let expected = [("f", "{}"), ("g", r#"{"x":"1\n2"}"#)];
        assert_eq!(called(&t), expected, "{text}");
        assert_eq!(said(&t)[1], ("assistant", "Both."), "{text}");
    }
}

#[test]
fn a_call_in_the_text_keeps_its_id_and_every_other_field() {
    let row = answered_by_tool(
        "<tool_call>{\"id\":\"c7\",\"type\":\"function\",\"name\":\"f\",\"arguments\":{},\"why\":\"to see\",\"no\":null}</tool_call>",
    );
    let t = read(&row);
    assert_eq!((&*calls(&t)[0].id, called(&t)[0]), ("c7", ("f", "{}")));
    assert_eq!(said(&t)[1], ("assistant", r#"{"why":"to see"}"#));
}

#[test]
fn a_form_that_prose_may_look_like_is_a_call_only_where_the_conversation_shows_it() {
    let texts = [
        "Action: get some sleep",
        "[f(a=\"b\")]",
        "{\"name\":\"f\",\"arguments\":{}}",
        "<read_file>\n<path>a</path>\n</read_file>",
        "Action: f\nAction Input: x",
    ];
    for text in texts {
        let row = answered_by_user(text, "thanks");
        let t = read(&row);
        assert_eq!(
            said(&t)[1..],
            [("assistant", text), ("user", "thanks")],
            "{text}"
        );
        assert_eq!((calls(&t).len(), t.repairs.total()), (0, 0), "{text}");
    }
}

#[test]
fn a_prompt_a_declared_tool_or_an_answer_shows_that_a_call_is_meant() {
    let list = "[Market Trends(kind=\"up\"), f()]";
    let prompt = "Functions: [{\"name\": \"Market Trends\"}, {\"name\": \"f\"}]";
    let row = json!({"system": prompt, "conversations": [
        {"from": "user", "value": "do"}, {"from": "assistant", "value": list}]});
    let row = row.to_string();
    assert_eq!(
        called(&read(&row)),
        [("Market Trends", r#"{"kind":"up"}"#), ("f", "{}")]
    );

    let row = json!({"tools": [{"name": "f"}], "messages": [
        {"role": "user", "content": "do"}, {"role": "assistant", "content": "{\"name\": \"f\", \"parameters\": {}}"}]});
    let row = row.to_string();
    assert_eq!(called(&read(&row)), [("f", "{}")]);

    let text = "I read it.\n\n<read_file>\n<path>a.md</path>\n</read_file>";
    let row = answered_by_user(text, "[read_file for 'a.md'] Result:\nx");
    let t = read(&row);
    assert_eq!(called(&t), [("read_file", r#"{"path":"a.md"}"#)]);
    assert_eq!(
        said(&t)[1..],
        [
            ("assistant", "I read it."),
            ("tool", "[read_file for 'a.md'] Result:\nx")
        ]
    );

    let row = answered_by_user("Action: Search[the sun]", "Observation: a star");
    assert_eq!(called(&read(&row)), [("Search", r#"{"input":"the sun"}"#)]);

    // Where one is meant, the last one is, too, which no one answers.
    let row = json!({"messages": [
        {"role": "user", "content": "do"},
        {"role": "assistant", "content": "<read_file>\n<path>a</path>\n</read_file>"},
        {"role": "user", "content": "[read_file for 'a'] Result:\nx"},
        {"role": "assistant", "content": "<attempt_completion>\n<result>x</result>\n</attempt_completion>"}]});
    let row = row.to_string();
    let t = read(&row);
    assert_eq!(called(&t)[1], ("attempt_completion", r#"{"result":"x"}"#));

    let row = answered_by_user(
        "Thought: so\nAction: search\nAction Input: the sun",
        "Observation: a star",
    );
    let t = read(&row);
    assert_eq!(called(&t), [("search", r#"{"input":"the sun"}"#)]);
    assert_eq!(
        said(&t)[1..],
        [
            ("assistant", "Thought: so"),
            ("tool", "Observation: a star")
        ]
    );
}

#[test]
fn tags_that_are_not_well_formed_stay_text() {
    for text in [
        "<function_calls> are tags",
        "<invoke name=\"f\"> and so on",
        "<|python_tag|>",
        "[TOOL_CALLS] is a token",
        "<execute_bash> runs a command",
        "<tool_call>f</arg_key>",
        "<|tool_calls_section_begin|>",
        "<TOOLCALL>none</TOOLCALL>",
    ] {
        let row = answered_by_user(text, "ok");
        let t = read(&row);
        assert_eq!((said(&t)[1].1, calls(&t).len()), (text, 0), "{text}");
    }
}
