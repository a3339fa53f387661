//! Rows whose fields the user named: however deep they lie, with calls and their results.

use serde_json::json;
use tracesift_core::measure::measure;
use tracesift_core::trace::{self, FieldMap, RowContext, RowError, Trajectory};

use super::shared::{answered, assert_paired, called, said};

fn mapped<T>(row: &str, fields: &[(&str, &str)], test: impl FnOnce(&Trajectory) -> T) -> T {
    let own = |text: &str| text.to_owned();
    let fields = fields.iter().map(|(what, field)| (own(what), own(field)));
    let place = RowContext {
        map: FieldMap {
            fields: fields.collect(),
        },
        ..RowContext::default()
    };
    let trajectory = trace::read(row, &place).unwrap();
    assert_paired(&trajectory);
    test(&trajectory)
}

/// A row that no dialect knows.
fn row() -> String {
    json!({"won": true, "data": {"log": {"entries": [
        {"by": "boss", "body": {"words": "list files"}},
        {"by": "robot", "body": {"words": "Looking."}, "acts": [
            {"what": "ls", "with": {"path": "/"}, "key": "a1", "gave": "a.py"},
            {"what": "pwd", "with": "{}", "key": "a2", "gave": "/"},
        ]},
        {"by": "robot", "body": {"words": "There is a.py."}},
    ]}}})
    .to_string()
}

#[test]
fn fields_that_lie_deeper_calls_and_results_are_read_where_the_map_says() {
    let map = [
        ("messages", "data.log.entries"),
        ("role", "by"),
        ("agent", "robot"),
        ("text", "body.words"),
        ("calls", "acts"),
        ("name", "what"),
        ("arguments", "with"),
        ("id", "key"),
        ("result", "gave"),
    ];
    mapped(&row(), &map, |trajectory| {
        let expected = [
            ("user", "list files"),
            ("assistant", "Looking."),
            ("tool", "a.py"),
            ("tool", "/"),
            ("assistant", "There is a.py."),
        ];
        assert_eq!(said(trajectory), expected);
        assert_eq!(
            called(trajectory),
            [("ls", r#"{"path":"/"}"#), ("pwd", "{}")]
        );
        assert_eq!(answered(trajectory), [Some(1), Some(1)]);
    });
}

#[test]
fn a_call_that_is_a_message_and_its_answer_are_paired_by_the_id_that_the_map_names() {
    let row = json!({"steps_of": [
        {"who": "user", "say": "go"},
        {"who": "bot", "say": "", "fn": "ls", "in": {"a": 1}, "key": "k"},
        {"who": "env", "say": "a.py", "key": "k"},
    ]});
    let map = [
        ("messages", "steps_of"),
        ("role", "who"),
        ("agent", "bot"),
        ("observation", "env"),
        ("text", "say"),
        ("name", "fn"),
        ("arguments", "in"),
        ("id", "key"),
    ];
    mapped(&row.to_string(), &map, |trajectory| {
        assert_eq!(called(trajectory), [("ls", r#"{"a":1}"#)]);
        assert_eq!(answered(trajectory), [Some(1)]);
        assert_eq!(said(trajectory).last(), Some(&("tool", "a.py")));
    });
}

#[test]
fn a_conversation_that_lies_deeper_as_json_text_is_read() {
    let list = json!([{"by": "user", "words": "q"}, {"by": "assistant", "words": "a"}]);
    let row = json!({"a": {"b": list.to_string()}}).to_string();
    let map = [("messages", "a.b"), ("role", "by"), ("text", "words")];
    mapped(&row, &map, |trajectory| {
        assert_eq!(said(trajectory), [("user", "q"), ("assistant", "a")]);
    });
}

#[test]
fn only_a_row_that_may_hold_messages_asks_for_the_field() {
    let why = |row: serde_json::Value| {
        trace::read(&row.to_string(), &RowContext::default())
            .unwrap_err()
            .to_string()
    };
    assert!(why(json!({"x": [{"y": 1}]})).contains("say below"));
    assert!(!why(json!({"x": 1, "y": "text"})).contains("say below"));
    let numbers = trace::read(r#"{"x": 1}"#, &RowContext::default());
    let Err(RowError::NoMessages(fields)) = numbers else {
        panic!("{numbers:?}")
    };
    assert!(!fields.iter().any(|field| field.may_hold_messages()));
}

#[test]
fn what_looks_like_a_call_is_told_where_no_call_is_read() {
    let unread = |text: &str| {
        let row = json!({"messages": [{"role": "user", "content": "go"}, {"role": "assistant", "content": text}]});
        let row = row.to_string();
        let trajectory = trace::read(&row, &RowContext::default()).unwrap();
        measure(0, 0, &trajectory, None).unread_call
    };
    let odd = "Now.\n<toolbox:run name=\"ls\"/>";
    assert_eq!(unread(odd).as_deref(), Some("<toolbox:run name=\"ls\"/>"));
    assert!(unread(r#"So: {"tool": "ls", "args": {}} it is"#).is_some());
    assert_eq!(unread("A name and its arguments are prose."), None);
    // A call that is read is none that is not.
    assert_eq!(
        unread("<tool_call>{\"name\": \"ls\", \"arguments\": {}}</tool_call>"),
        None
    );
}
