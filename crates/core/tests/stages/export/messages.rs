//! The default form, TRL's conversational one: the lines, by hand and of any text.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::export::Origin;
use tracesift_core::trace::{Labels, Outcome, Role, RowContext, Tool, Trajectory, read};

use crate::export::shared::{
    assistant, call, line, message, observation, rows_to_export, run, tool,
};

fn exported(trajectory: &Trajectory) -> Value {
    serde_json::from_str(&line(trajectory, &Origin::default())).unwrap()
}

fn exported_tools(tools: Vec<Tool<'static>>) -> Value {
    let row = exported(&Trajectory {
        tools,
        ..Trajectory::default()
    });
    serde_json::from_str(row["tools"].as_str().unwrap()).unwrap()
}

#[test]
fn each_message_has_the_keys_that_it_needs_and_no_others() {
    let row = exported(&run(vec![
        message(Role::System, "be brief"),
        message(Role::User, "fix it"),
        assistant(
            "",
            "look first",
            vec![call("c1", "bash", r#"{"command":"ls"}"#)],
        ),
        observation("a.py", Some((2, 0))),
        assistant("done", "", Vec::new()),
    ]));
    assert_eq!(
        row["messages"],
        json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "fix it"},
            {"role": "assistant", "content": "", "reasoning_content": "look first", "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "bash", "arguments": "{\"command\":\"ls\"}"}},
            ]},
            {"role": "tool", "content": "a.py", "tool_call_id": "c1", "name": "bash"},
            {"role": "assistant", "content": "done"},
        ])
    );
}

#[test]
fn parallel_calls_keep_their_own_answers() {
    let row = exported(&run(vec![
        assistant(
            "",
            "",
            vec![call("a", "view", "{}"), call("b", "bash", "{}")],
        ),
        observation("of b", Some((0, 1))),
        observation("of a", Some((0, 0))),
    ]));
    assert_eq!(row["messages"][1]["tool_call_id"], "b");
    assert_eq!(row["messages"][1]["name"], "bash");
    assert_eq!(row["messages"][2]["tool_call_id"], "a");
    assert_eq!(row["messages"][2]["name"], "view");
}

#[test]
fn an_orphan_has_an_id_that_no_call_has() {
    let row = exported(&run(vec![
        assistant("", "", vec![call("orphan_1", "bash", "{}")]),
        observation("of nothing", None),
        observation("of nothing either", Some((7, 7))),
        observation("of the call", Some((0, 0))),
    ]));
    assert_eq!(row["messages"][1]["tool_call_id"], "orphan_1_");
    assert_eq!(row["messages"][2]["tool_call_id"], "orphan_2");
    assert_eq!(row["messages"][3]["tool_call_id"], "orphan_1");
    assert_eq!(row["messages"][1].get("name"), None);
}

#[test]
fn arguments_that_are_no_json_stay_as_they_are() {
    let row = exported(&run(vec![assistant(
        "",
        "",
        vec![call("c", "bash", "{\"command\": \"ls")],
    )]));
    assert_eq!(
        row["messages"][0]["tool_calls"][0]["function"]["arguments"],
        "{\"command\": \"ls"
    );
}

#[test]
fn tools_are_one_text_that_holds_a_list_of_wrapped_schemas() {
    let wrapped =
        r#"{"type":"function","function":{"name":"bash","parameters":{"type":"object"}}}"#;
    let bare = r#"{"name":"view","description":"shows","parameters":{"type":"object"}}"#;
    let text_of_json = serde_json::to_string(wrapped).unwrap();
    assert_eq!(
        exported_tools(vec![
            tool("bash", wrapped),
            tool("view", bare),
            tool("bash", &text_of_json)
        ]),
        json!([
            {"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}},
            {"type": "function", "function": {"name": "view", "description": "shows", "parameters": {"type": "object"}}},
            {"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}},
        ])
    );
    // No tools are null: a chat template may take an empty list for some.
    assert_eq!(exported_tools(Vec::new()), Value::Null);
}

#[test]
fn a_schema_that_is_no_json_leaves_the_name_of_its_tool() {
    for schema in ["", "run a command", "[1, 2]", "null", "{\"a\":", "\"text\""] {
        assert_eq!(
            exported_tools(vec![tool("bash", schema)]),
            json!([{"type": "function", "function": {"name": "bash"}}]),
            "schema {schema:?}"
        );
    }
}

#[test]
fn null_keys_of_a_schema_are_dropped_and_the_others_keep_their_order() {
    let schema = r#"{"type":"function","function":{"name":"edit","parameters":{"type":"object","properties":
        {"path":{"type":"string","enum":null},"command":{"type":"string","enum":["view",null]},"old":null}}}}"#;
    let row = exported(&Trajectory {
        tools: vec![tool("edit", schema)],
        ..Trajectory::default()
    });
    assert_eq!(
        row["tools"].as_str().unwrap(),
        r#"[{"type":"function","function":{"name":"edit","parameters":{"type":"object","properties":{"path":{"type":"string"},"command":{"type":"string","enum":["view",null]}}}}}]"#
    );
}

#[test]
fn metadata_has_the_same_keys_in_the_same_order_whatever_is_known() {
    let known = Trajectory {
        labels: Labels {
            trajectory_id: Some("t".into()),
            instance_id: Some("i".into()),
            repo: Some("o/n".into()),
            license: Some("MIT".into()),
            language: Some("go".into()),
            ..Labels::default()
        },
        outcome: Outcome::Failure,
        ..Trajectory::default()
    };
    let origin = Origin {
        dataset: "a/b".to_owned(),
        config: "openhands".to_owned(),
        split: "minimax".to_owned(),
        revision: Some("9c0e".to_owned()),
        row: 7,
        tokens: Some(12),
    };
    let text = line(&known, &origin);
    assert!(
        text.ends_with(
            r#""metadata":{"dataset":"a/b","config":"openhands","split":"minimax","revision":"9c0e","row":7,"trajectory_id":"t","instance_id":"i","repo":"o/n","license":"MIT","language":"go","outcome":"failure","tokens":12}}"#
        ),
        "{text}"
    );
    let text = line(&Trajectory::default(), &Origin::default());
    assert_eq!(
        text,
        r#"{"messages":[],"tools":"null","metadata":{"dataset":"","config":"","split":"","revision":"","row":0,"trajectory_id":"","instance_id":"","repo":"","license":"","language":"","outcome":"unknown","tokens":null}}"#
    );
}

proptest! {
    #[test]
    fn every_text_comes_back_from_its_line_and_the_line_has_no_break(
        text in any::<String>(), reasoning in any::<String>(), arguments in any::<String>(), name in any::<String>(),
        schema in any::<String>(), answer in any::<String>(), id in any::<String>(),
    ) {
        let trajectory = Trajectory {
            messages: vec![
                assistant(&text, &reasoning, vec![call(&id, &name, &arguments)]),
                observation(&answer, Some((0, 0))),
            ],
            tools: vec![tool(&name, &schema)],
            ..Trajectory::default()
        };
        let written = line(&trajectory, &Origin::default());
        prop_assert!(!written.contains(['\n', '\r']));
        let row: Value = serde_json::from_str(&written).unwrap();
        let first = &row["messages"][0];
        prop_assert_eq!(first["content"].as_str().unwrap(), text);
        prop_assert_eq!(first.get("reasoning_content").map_or("", |r| r.as_str().unwrap()), reasoning);
        prop_assert_eq!(first["tool_calls"][0]["function"]["arguments"].as_str().unwrap(), arguments);
        prop_assert_eq!(row["messages"][1]["content"].as_str().unwrap(), answer);
        prop_assert_eq!(&row["messages"][1]["tool_call_id"], &first["tool_calls"][0]["id"]);
        let tools: Value = serde_json::from_str(row["tools"].as_str().unwrap()).unwrap();
        prop_assert!(tools[0]["function"]["name"].is_string());
    }
}

#[test]
fn an_exported_row_pairs_every_observation_and_keeps_its_types_whatever_the_harness() {
    for row in rows_to_export() {
        let trajectory = read(row, &RowContext::default()).unwrap();
        let out = exported(&trajectory);
        let messages = out["messages"].as_array().unwrap();
        assert_eq!(messages.len(), trajectory.messages.len());
        let mut ids = std::collections::HashSet::new();
        for message in messages {
            assert!(message["content"].is_string());
            assert!(
                message
                    .as_object()
                    .unwrap()
                    .values()
                    .all(|value| !value.is_null())
            );
            for call in message
                .get("tool_calls")
                .map_or(&Vec::new(), |calls| calls.as_array().unwrap())
            {
                assert!(call["function"]["arguments"].is_string());
                assert!(ids.insert(call["id"].as_str().unwrap().to_owned()));
            }
            assert_eq!(
                message["role"] == "tool",
                message.get("tool_call_id").is_some()
            );
            if let Some(id) = message.get("tool_call_id") {
                assert!(
                    ids.contains(id.as_str().unwrap()),
                    "{id} belongs to no earlier call"
                );
            }
        }
        let tools: Value = serde_json::from_str(out["tools"].as_str().unwrap()).unwrap();
        assert!(tools.is_array() || tools.is_null(), "{tools}");
        for tool in tools.as_array().into_iter().flatten() {
            assert_eq!(tool["type"], "function");
            assert!(!tool["function"]["name"].as_str().unwrap().is_empty());
        }
    }
}
