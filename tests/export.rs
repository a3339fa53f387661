//! What is written for a trainer: the lines of the OpenAI form, the manifest, the table.
#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use tracesift::export::manifest::{
    App, Manifest, Rule, SideFile, TOKEN_METHOD, TokenTotals, Written,
};
use tracesift::export::messages::line;
use tracesift::export::side::Side;
use tracesift::export::table;
use tracesift::export::tally::Tally;
use tracesift::export::{Options, Origin};
use tracesift::frame::Frame;
use tracesift::measure::{Measurements, Overlap, ToolUse};
use tracesift::patch::PatchCounts;

use tracesift::recipe::funnel::Step;
use tracesift::source::Sample;
use tracesift::tokens::{TokenCounts, Tokenizer};
use tracesift::trace::{
    Call, CallAt, CallForm, Labels, Message, Outcome, Place, Repair, Repairs, Role, Tool,
    Trajectory, read,
};

fn message(role: Role, text: &str) -> Message<'static> {
    Message {
        role,
        text: text.to_owned().into(),
        reasoning: Cow::Borrowed(""),
        calls: Vec::new(),
        answers: None,
    }
}

fn call(id: &str, name: &str, arguments: &str) -> Call<'static> {
    Call {
        id: id.to_owned().into(),
        name: name.to_owned().into(),
        arguments: arguments.to_owned().into(),
        form: CallForm::Structured,
        answer: None,
    }
}

fn observation(text: &str, answers: Option<(usize, usize)>) -> Message<'static> {
    Message {
        answers: answers.map(|(message, call)| CallAt { message, call }),
        ..message(Role::Tool, text)
    }
}

fn assistant(text: &str, reasoning: &str, calls: Vec<Call<'static>>) -> Message<'static> {
    Message {
        reasoning: reasoning.to_owned().into(),
        calls,
        ..message(Role::Assistant, text)
    }
}

fn tool(name: &str, schema: &str) -> Tool<'static> {
    Tool {
        name: name.to_owned().into(),
        schema: schema.to_owned().into(),
    }
}

fn run(messages: Vec<Message<'static>>) -> Trajectory<'static> {
    Trajectory {
        messages,
        ..Trajectory::default()
    }
}

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
    assert_eq!(exported_tools(Vec::new()), json!([]));
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
        r#"{"messages":[],"tools":"[]","metadata":{"dataset":"","config":"","split":"","revision":"","row":0,"trajectory_id":"","instance_id":"","repo":"","license":"","language":"","outcome":"unknown","tokens":null}}"#
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

fn manifest() -> Manifest {
    let mut file = Written::default();
    file.add(b"{\"messages\"");
    file.add(b":[]}\n{}\n");
    let mut tokens = TokenTotals::default();
    let row = TokenCounts {
        system: 1,
        user: 2,
        assistant: 3,
        reasoning: 4,
        calls: 5,
        observations: 6,
        tools: 7,
    };
    tokens.add(&row);
    tokens.add(&row);
    Manifest {
        app: App::this(),
        recipe: "https://example.org/?outcome=success".to_owned(),
        dataset: "demo".to_owned(),
        config: String::new(),
        split: String::new(),
        revision: None,
        sample: Sample::Head,
        seed: 1,
        rows_wanted: 500,
        rows_measured: 499,
        rows_bad: 1,
        rows_selected: 2,
        funnel: vec![Rule::from(&Step {
            is_waiting: false,
            key: "outcome",
            words: "outcome is success".to_owned(),
            left: 2,
            alone: 497,
            unknown: 0,
        })],
        tokenizer: Some(Tokenizer::Qwen2),
        token_method: TOKEN_METHOD.to_owned(),
        tokens: Some(tokens),
        options: Options::default(),
        written: Tally::default(),
        warnings: Vec::new(),
        files: vec![SideFile {
            side: Side::Train,
            file: file.file("demo.jsonl"),
        }],
        created: None,
    }
}

#[test]
fn a_manifest_says_how_the_file_was_made_and_what_it_holds() {
    let text = manifest().to_json();
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["app"], "tracesift");
    assert_eq!(read["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(read["recipe"], "https://example.org/?outcome=success");
    assert_eq!(read["sample"], "head");
    assert_eq!(read["tokenizer"], "qwen2");
    assert_eq!(read["revision"], Value::Null);
    assert_eq!(
        read["funnel"],
        json!([{"rule": "outcome", "words": "outcome is success", "rows_left": 2, "rows_removed_alone": 497,
            "rows_unknown": 0}])
    );
    assert_eq!(
        read["tokens"],
        json!({"total": 56, "trainable": 24, "system": 2, "user": 4, "assistant": 6, "reasoning": 8, "calls": 10,
            "observations": 12, "tools": 14})
    );
    assert_eq!(read["options"]["format"], "messages");
    let file = &read["files"][0];
    assert_eq!(file["side"], "train");
    assert_eq!(file["file"], "demo.jsonl");
    assert_eq!(file["bytes"], 19);
    assert_eq!(file["lines"], 2);
    // printf '{"messages":[]}\n{}\n' | sha256sum
    assert_eq!(
        file["sha256"],
        "94d77767300ed71c7c0b862e917d1ed04a9ed840cd6e9686401bd86e971844a3"
    );
}

#[test]
fn a_manifest_has_no_time_unless_one_is_given_and_can_be_read_back() {
    let plain = manifest();
    assert!(!plain.to_json().contains("created"));
    assert_eq!(plain.to_json(), manifest().to_json());
    let dated = Manifest {
        created: Some("2026-11-23T21:37:00Z".to_owned()),
        ..manifest()
    };
    assert!(dated.to_json().contains("2026-11-23T21:37:00Z"));
    assert_eq!(
        serde_json::from_str::<Manifest>(&dated.to_json()).unwrap(),
        dated
    );
}

const HEAD: &str = "row,trajectory_id,instance_id,repo,license,language,harness,teacher,category,outcome,messages,\
turns,calls,errors,nonzero_exits,unanswered,orphans,bad_arguments,distinct_tools,patch_files,patch_added,\
patch_deleted,patch_modified,patch_hunks,patch_test_files,reference_files,reference_added,reference_deleted,\
overlap_files,overlap_lines,tokens,tokens_system,tokens_user,tokens_assistant,tokens_reasoning,tokens_calls,\
tokens_observations,tokens_tools,bytes,repairs";

#[test]
fn a_table_without_rows_is_its_head() {
    let table = table::write(&Frame::default(), &[]).unwrap();
    assert_eq!(String::from_utf8(table).unwrap(), format!("{HEAD}\n"));
}

fn table_of(frame: &Frame, positions: &[u32]) -> String {
    String::from_utf8(table::write(frame, positions).unwrap()).unwrap()
}

fn measured() -> Measurements {
    let mut repairs = Repairs::default();
    repairs.add(Repair::RoleRenamed, 30);
    repairs.add(Repair::CallIdMade, 9);
    Measurements {
        stated: None,
        row: 12,
        labels: Labels {
            trajectory_id: Some("t-1".into()),
            instance_id: Some("=1+1".into()),
            repo: Some("owner/a, b".into()),
            license: Some("the \"best\"\nlicence".into()),
            language: Some("go".into()),
            harness: Some("openhands".into()),
            teacher: Some("minimax".into()),
            category: Some("bug-fix".into()),
        },
        outcome: Outcome::Success,
        messages: 1,
        turns: 2,
        calls: 3,
        errors: 4,
        nonzero_exits: 5,
        unanswered: 6,
        orphans: 7,
        bad_arguments: 8,
        tools: vec![ToolUse {
            name: "bash".to_owned(),
            calls: 3,
            errors: 0,
        }],
        patch: Some(PatchCounts {
            files: 10,
            added: 11,
            deleted: 12,
            modified: 13,
            hunks: 14,
            test_files: 15,
            ..PatchCounts::default()
        }),
        reference: Some(PatchCounts {
            files: 16,
            added: 17,
            deleted: 18,
            ..PatchCounts::default()
        }),
        overlap: Some(Overlap {
            files: 1.0 / 3.0,
            lines: 1.0,
        }),
        tokens: Some(TokenCounts {
            system: 1_000_000,
            user: 22,
            assistant: 23,
            reasoning: 24,
            calls: 25,
            observations: 26,
            tools: 27,
        }),
        bytes: 3_000_000_000,
        repairs,
    }
}

#[test]
fn a_row_of_the_table_has_every_value_as_it_was_measured() {
    let mut frame = Frame::default();
    frame.push(&measured());
    assert_eq!(
        table_of(&frame, &[0]),
        format!(
            "{HEAD}\n12,t-1,=1+1,\"owner/a, b\",\"the \"\"best\"\"\nlicence\",go,openhands,minimax,bug-fix,success,\
1,2,3,4,5,6,7,8,1,10,11,12,13,14,15,16,17,18,0.3333333333333333,1,1000147,1000000,22,23,24,25,26,27,3000000000,39\n"
        )
    );
}

#[test]
fn what_is_not_known_is_empty_in_the_table() {
    let mut frame = Frame::default();
    frame.push(&Measurements {
        row: 3,
        ..Measurements::default()
    });
    assert_eq!(
        table_of(&frame, &[0]),
        format!("{HEAD}\n3,,,,,,,,,unknown,0,0,0,0,0,0,0,0,0,,,,,,,,,,,,,,,,,,,,0,0\n")
    );
}

#[test]
fn a_table_has_the_rows_that_are_asked_for_in_their_order() {
    let mut frame = Frame::default();
    for row in [5, 6, 7] {
        frame.push(&Measurements {
            row,
            ..Measurements::default()
        });
    }
    let table = table_of(&frame, &[2, 0, 9, u32::MAX]);
    let rows: Vec<&str> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(rows, ["7", "5"]);
}

/// Rows of the demo, and real ones where `TRACESIFT_TRACES` names a folder of them.
fn rows_to_export() -> Vec<String> {
    let mut rows: Vec<String> = (0..40)
        .map(|index| tracesift::source::demo::row(1, index))
        .collect();
    if let Ok(folder) = std::env::var("TRACESIFT_TRACES") {
        for name in ["nebius-swe-agent", "swe-gym-openhands", "swe-smith-xml"] {
            let file = std::path::Path::new(&folder).join(format!("{name}.jsonl"));
            let text = std::fs::read_to_string(file).unwrap();
            rows.extend(text.lines().map(str::to_owned));
        }
    }
    rows
}

#[test]
fn an_exported_row_pairs_every_observation_and_keeps_its_types_whatever_the_harness() {
    for row in rows_to_export() {
        let trajectory = read(&row, &Place::default()).unwrap();
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
                    "{id} is no call's before it"
                );
            }
        }
        let tools: Value = serde_json::from_str(out["tools"].as_str().unwrap()).unwrap();
        for tool in tools.as_array().unwrap() {
            assert_eq!(tool["type"], "function");
            assert!(!tool["function"]["name"].as_str().unwrap().is_empty());
        }
    }
}
