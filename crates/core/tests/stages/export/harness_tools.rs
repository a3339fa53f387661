//! Tools that are added to runs which declare none: from which list, which of them, and that it is said.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use tracesift_core::export::Options;
use tracesift_core::export::harness_tools::HarnessTools;
use tracesift_core::export::options::Tools;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::warning::of_rows;
use tracesift_core::trace::{Repair, Role, RowContext, Trajectory, read};

use crate::export::shared::{
    assistant, call, linked, message, named, observation, options, run, sample, tool, write,
    written,
};

const CLAUDE_CODE: &str = r#"[
    {"parentUuid":null,"isSidechain":false,"sessionId":"s","version":"2.0.1","type":"user","uuid":"u","message":{"role":"user","content":"Fix it."}},
    {"parentUuid":"u","isSidechain":false,"sessionId":"s","version":"2.0.1","type":"assistant","uuid":"a","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[
        {"type":"tool_use","id":"t1","name":"Read","input":{"file_path":"/a.py"}},
        {"type":"tool_use","id":"t2","name":"Bash","input":{"command":"pytest","description":"Run the tests"}}]}},
    {"parentUuid":"a","isSidechain":false,"sessionId":"s","version":"2.0.1","type":"user","uuid":"r","message":{"role":"user","content":[
        {"type":"tool_result","tool_use_id":"t1","content":"x"},{"type":"tool_result","tool_use_id":"t2","content":"1 passed"}]}},
    {"parentUuid":"r","isSidechain":false,"sessionId":"s","version":"2.0.1","type":"assistant","uuid":"e","message":{"id":"n","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"Done."}]}}]"#;

const CODEX: &str = r#"[
    {"timestamp":"t","type":"session_meta","payload":{"id":"s","cwd":"/w","cli_version":"0.144.1"}},
    {"timestamp":"t","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"Fix it."}]}},
    {"timestamp":"t","type":"response_item","payload":{"type":"function_call","name":"exec_command","arguments":"{\"cmd\":\"ls\",\"workdir\":\"/w\"}","call_id":"c1"}},
    {"timestamp":"t","type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"a.py"}},
    {"timestamp":"t","type":"response_item","payload":{"type":"custom_tool_call","name":"apply_patch","input":"*** Begin Patch\n*** End Patch","call_id":"c2"}},
    {"timestamp":"t","type":"response_item","payload":{"type":"custom_tool_call_output","call_id":"c2","output":"Success."}},
    {"timestamp":"t","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Done."}]}}]"#;

const GEMINI_CLI: &str = r#"{"sessionId":"s","projectHash":"h","startTime":"t","messages":[
    {"id":"1","type":"user","content":[{"text":"Fix it."}]},
    {"id":"2","type":"gemini","content":"I look.","model":"gemini-3","toolCalls":[
        {"id":"c1","name":"search_file_content","args":{"pattern":"x"},"result":[{"functionResponse":{"id":"c1","name":"f","response":{"output":"a.py:1"}}}],"status":"success"},
        {"id":"c2","name":"read_file","args":{"absolute_path":"/a.py"},"result":[{"functionResponse":{"id":"c2","name":"f","response":{"output":"x"}}}],"status":"success"}]},
    {"id":"3","type":"gemini","content":"Done.","model":"gemini-3"}]}"#;

const OPENHANDS: &str = r#"[
    {"kind":"SystemPromptEvent","source":"agent","system_prompt":{"type":"text","text":"You are OpenHands."},"tools":[]},
    {"kind":"MessageEvent","source":"user","llm_message":{"role":"user","content":[{"type":"text","text":"Fix it."}]}},
    {"kind":"ActionEvent","source":"agent","thought":[],"tool_name":"terminal","tool_call_id":"c1","tool_call":{"id":"c1","name":"terminal","arguments":"{\"command\":\"ls\",\"security_risk\":\"LOW\"}"},"action":{"command":"ls","kind":"TerminalAction"}},
    {"kind":"ObservationEvent","source":"environment","tool_name":"terminal","tool_call_id":"c1","observation":{"content":[{"type":"text","text":"a.py"}]}},
    {"kind":"MessageEvent","source":"agent","llm_message":{"role":"assistant","content":[{"type":"text","text":"Done."}]}}]"#;

fn with_tools(format: &str) -> Options {
    Options {
        tools: Tools::Harness,
        ..options(named(format))
    }
}

/// The tools of a line, which the format may keep as a text.
fn tools(line: &Value) -> Vec<Value> {
    match &line["tools"] {
        Value::String(text) if text == "null" => Vec::new(),
        Value::String(text) => serde_json::from_str(text).unwrap(),
        Value::Array(tools) => tools.clone(),
        _ => Vec::new(),
    }
}

fn names(line: &Value) -> BTreeSet<String> {
    let tools = tools(line);
    let names = tools.iter().map(|tool| &tool["function"]["name"]);
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn called(trajectory: &Trajectory) -> BTreeSet<String> {
    let calls = trajectory.messages.iter().flat_map(|m| &m.calls);
    calls.map(|call| call.name.to_string()).collect()
}

/// A run of a harness that makes these calls, each with a result.
fn run_of(harness: &str, calls: &[(&str, &str, &str)]) -> Trajectory<'static> {
    let mut messages = vec![message(Role::User, "Fix it.")];
    for (at, (name, arguments, result)) in calls.iter().enumerate() {
        let made = call(&format!("c{at}"), name, arguments);
        messages.push(assistant("", "", vec![made]));
        messages.push(observation(result, Some((2 * at + 1, 0))));
    }
    messages.push(assistant("Done.", "", Vec::new()));
    let mut trajectory = run(messages);
    trajectory.labels.harness = Some(harness.to_owned().into());
    linked(trajectory)
}

/// From which list tools are added to a run, and which.
fn added(trajectory: &Trajectory) -> (String, BTreeSet<String>) {
    let line = written(trajectory, &with_tools("messages"));
    let list = line["metadata"]["tools_from"].as_str().unwrap();
    (list.to_owned(), names(&line))
}

#[test]
fn every_list_is_read_and_its_tools_are_json_schemas_of_objects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export/harness_tools");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(HarnessTools::all().len(), files);
    let titles: BTreeSet<&str> = HarnessTools::all()
        .iter()
        .map(|list| &*list.title)
        .collect();
    assert_eq!(titles.len(), files);
    for list in HarnessTools::all() {
        assert!(list.source.contains(' '), "{}", list.title);
        let mut seen = BTreeSet::new();
        for tool in list.tools() {
            let schema: Value = serde_json::from_str(&tool.schema).unwrap();
            assert_eq!(schema["name"], *tool.name);
            assert!(seen.insert(tool.name), "{}: {}", list.title, schema["name"]);
            assert!(schema["description"].as_str().unwrap().ends_with('.'));
            is_schema(&schema["parameters"], "object");
        }
    }
}

/// Whether a value is a schema of JSON of that type, with all within it.
fn is_schema(schema: &Value, of: &str) {
    assert_eq!(schema["type"], of, "{schema}");
    match of {
        "object" => {
            let none = serde_json::Map::new();
            let properties = schema["properties"].as_object().unwrap_or(&none);
            for property in properties.values() {
                is_schema(property, property["type"].as_str().unwrap());
            }
            let required = schema["required"].as_array().into_iter().flatten();
            for name in required {
                assert!(properties.contains_key(name.as_str().unwrap()), "{schema}");
            }
        }
        "array" => is_schema(&schema["items"], schema["items"]["type"].as_str().unwrap()),
        "string" | "number" | "integer" | "boolean" => {}
        other => panic!("{other} is no type"),
    }
}

#[test]
fn a_session_without_tools_is_written_with_those_of_its_harness() {
    for (session, list) in [
        (CLAUDE_CODE, "claude-code 2.1.332"),
        (CODEX, "codex exec_command"),
        (GEMINI_CLI, "gemini-cli 0.8.2"),
        (OPENHANDS, "openhands SDK 1.58.2"),
    ] {
        let trajectory = read(session, &RowContext::default()).unwrap();
        assert!(trajectory.tools.is_empty());
        for format in ["messages", "openai"] {
            let line = written(&trajectory, &with_tools(format));
            let (names, called) = (names(&line), called(&trajectory));
            assert!(
                names.is_superset(&called),
                "{list}: {called:?} in {names:?}"
            );
            // The model was given more tools than it called.
            assert!(names.len() > called.len(), "{list}");
            for tool in tools(&line) {
                assert_eq!(tool["type"], "function");
                is_schema(&tool["function"]["parameters"], "object");
            }
        }
        let line = written(&trajectory, &with_tools("messages"));
        assert_eq!(line["metadata"]["tools_from"], list);

        for format in ["messages", "openai"] {
            let line = written(&trajectory, &options(named(format)));
            assert_eq!(tools(&line), Vec::<Value>::new());
            assert_eq!(line["metadata"].get("tools_from"), None);
        }
    }
}

#[test]
fn the_version_that_fits_the_calls_best_is_taken() {
    let old = run_of(
        "claude-code",
        &[
            ("LS", r#"{"path":"/"}"#, "a"),
            ("Bash", r#"{"command":"ls"}"#, "a"),
        ],
    );
    assert_eq!(added(&old).0, "claude-code 1.0.60");
    let bash = ("execute_bash", r#"{"command":"ls"}"#, "a");
    assert_eq!(added(&run_of("openhands", &[bash])).0, "openhands 0.40.0");
    let risky = r#"{"command":"ls","security_risk":"LOW"}"#;
    let bash = ("execute_bash", risky, "a");
    assert_eq!(added(&run_of("openhands", &[bash])).0, "openhands 0.62.0");
    let escalated = r#"{"command":["ls"],"with_escalated_permissions":true,"timeout_ms":9}"#;
    let shell = ("shell", escalated, "a");
    assert_eq!(added(&run_of("codex", &[shell])).0, "codex 0.47.0");
}

#[test]
fn a_tool_that_a_call_contradicts_is_left_out_unless_the_call_failed() {
    let good = ("bash", r#"{"command":"ls"}"#, "a");
    let lacks = ("read", r#"{"offset":1}"#, "a");
    let other = ("write", r#"{"path":"a","content":"b","mode":7}"#, "done");
    let (list, names) = added(&run_of("pi", &[good, lacks, other]));
    assert_eq!(list, "pi 0.73.1");
    assert_eq!(names, ["bash", "edit"].map(str::to_owned).into());
    let failed = ("read", r#"{"offset":1}"#, "ERROR: path is missing");
    let (_, names) = added(&run_of("pi", &[good, failed]));
    assert!(names.contains("read"));
}

#[test]
fn what_was_added_counts_among_what_was_mended() {
    let run = run_of("minisweagent", &[("bash", r#"{"command":"ls"}"#, "a")]);
    let repairs = |options: &Options| {
        let line = written(&run, options).to_string();
        read(&line, &RowContext::default()).unwrap().repairs.0
    };
    let added = [(Repair::ToolAdded, 1)];
    assert_eq!(repairs(&with_tools("plain")), added);
    assert_eq!(repairs(&options(named("plain"))), []);
}

#[test]
fn nothing_is_added_where_nothing_is_known() {
    let nothing = (String::new(), BTreeSet::new());
    let call = ("bash", r#"{"command":"ls"}"#, "a");
    assert_eq!(added(&run_of("my-agent", &[call])), nothing);
    assert_eq!(added(&run_of("claude-code", &[call])), nothing);
    assert_eq!(added(&run_of("pi", &[])), nothing);
    let own = sample();
    let line = written(&own, &with_tools("messages"));
    assert_eq!(line["metadata"]["tools_from"], "");
    let default = written(&own, &options(named("messages")));
    assert_eq!(line["tools"], default["tools"]);
}

#[test]
fn tools_of_which_only_the_names_are_known_get_their_schemas() {
    let mut run = run_of("claude-code", &[("Bash", r#"{"command":"ls"}"#, "a")]);
    run.tools = ["Bash", "mcp__own"].map(|name| tool(name, name)).into();
    let line = written(&run, &with_tools("messages"));
    assert_eq!(line["metadata"]["tools_from"], "claude-code 2.1.332");
    let tools = tools(&line);
    assert_eq!(tools.len(), 2);
    assert_eq!(
        tools[0]["function"]["parameters"]["required"],
        json!(["command"])
    );
    assert_eq!(tools[1]["function"], json!({"name": "mcp__own"}));
}

#[test]
fn the_file_says_how_many_rows_were_given_tools_and_by_which_lists() {
    let runs = [
        run_of("pi", &[("bash", r#"{"command":"ls"}"#, "a")]),
        run_of("codex", &[("shell_command", r#"{"command":"ls"}"#, "a")]),
        run_of("pi", &[("write", r#"{"path":"a","content":"b"}"#, "a")]),
        sample(),
    ];
    let tally = |options: &Options| {
        let mut tally = Tally::default();
        for run in &runs {
            tally.add_line(&write(run, options)[0].clone().unwrap());
        }
        tally
    };
    let options = with_tools("messages");
    let counted = tally(&options);
    let lists = json!({"codex shell_command": 1, "pi 0.73.1": 2});
    assert_eq!(json!(counted)["tools_from"], lists);
    let warnings = of_rows(&options, &counted);
    let said = warnings.iter().map(ToString::to_string);
    let said: Vec<String> = said
        .filter(|said| said.contains("Tools were added"))
        .collect();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("3 rows") && said[0].contains("codex shell_command (1), pi 0.73.1 (2)"),
        "{said:?}"
    );
    let default = tally(&Options::default());
    assert_eq!(json!(default).get("tools_from"), None);
}
