//! Reading takes time in proportion to the row, whatever is in it.

use tracesift_core::trace::{self, RowContext, runs_in_object, session_runs, subagent_runs};
use tracesift_testing::growth::assert_linear;

/// Bytes of the smaller of two rows.
const SIZE: usize = 400_000;

/// So many repetitions of a text, a comma between them, as fill `size` bytes.
fn many(text: &str, size: usize) -> String {
    vec![text; size / (text.len() + 1)].join(",")
}

/// Reads rows of a kind in all ways that a row may be taken.
#[track_caller]
fn assert_read_in_linear_time(make: impl Fn(usize) -> String) {
    assert_linear(SIZE, make, |row| {
        let context = RowContext::default();
        let read = trace::read(row, &context);
        let messages = read.map_or(0, |trajectory| trajectory.messages.len());
        (
            messages,
            runs_in_object(row).len(),
            subagent_runs(row).len(),
        )
    });
}

#[test]
fn lists_in_an_object_that_are_no_runs_are_looked_at_a_few_times() {
    assert_read_in_linear_time(|size| format!(r#"{{"a":[{}]}}"#, many("[{}]", size)));
    assert_read_in_linear_time(|size| format!(r#"{{{}}}"#, many(r#""steps":[1]"#, size)));
    assert_read_in_linear_time(|size| format!(r#"{{{}}}"#, many(r#""a":{"b":{"c":[{}]}}"#, size)));
    assert_read_in_linear_time(|size| format!(r#"{{{}}}"#, many(r#""a":{"messages":[1]}"#, size)));
}

#[test]
fn runs_within_runs_are_parted_in_linear_time() {
    let deep = |open: &str, close: &str, size: usize| {
        let levels = size / (open.len() + close.len());
        format!("{}1{}", open.repeat(levels), close.repeat(levels))
    };
    for (open, close) in [
        (r#"{"steps":["#, "]}"),
        (r#"{"a":{"messages":["#, "]}}"),
        (r#"{"trial":"t","result":1,"trajectory":"#, "}"),
        (r#"{"subagent_trajectories":["#, "]}"),
        (r#"{"simulations":["#, "]}"),
        ("[", "]"),
    ] {
        assert_read_in_linear_time(|size| deep(open, close, size));
    }
    let run = r#"{"messages":[{"role":"user","content":"x"}]}"#;
    assert_read_in_linear_time(|size| format!(r#"{{"model":"m","data":[{}]}}"#, many(run, size)));
}

#[test]
fn steps_that_go_on_and_results_are_put_together_in_linear_time() {
    let step = r#"{"source":"agent","message":"a","reasoning_content":"r","tool_calls":[{"tool_call_id":"c","function_name":"f","arguments":{}}]}"#;
    assert_read_in_linear_time(|size| {
        format!(
            r#"{{"schema_version":"ATIF-v1.8","steps":[{}]}}"#,
            many(step, size)
        )
    });
    let shared = r#"{"source":"agent","message":"a","tool_calls":[{"tool_call_id":"c","function_name":"f","arguments":{}},{"function_name":"g"}],"observation":{"results":[{"content":"x"}]}}"#;
    assert_read_in_linear_time(|size| {
        format!(
            r#"{{"schema_version":"ATIF-v1.8","steps":[{}]}}"#,
            many(shared, size)
        )
    });
}

#[test]
fn replies_of_terminus_are_taken_apart_in_linear_time() {
    let row = |reply: &str| {
        let turn = serde_json::json!({"role": "assistant", "content": reply});
        format!(r#"{{"messages":[{turn},{{"role":"user","content":"x"}}]}}"#)
    };
    let command = r#"{"keystrokes":"ls\n","duration":0.1}"#;
    assert_read_in_linear_time(|size| row(&format!(r#"{{"commands":[{}]}}"#, many(command, size))));
    assert_read_in_linear_time(|size| row(&format!("\"keystrokes\" {}", "{".repeat(size))));
    assert_read_in_linear_time(|size| {
        row(&format!("\"keystrokes\" {}", r#"{"a":"#.repeat(size / 5)))
    });
    let keys = "<keystrokes>a</keystrokes>";
    assert_read_in_linear_time(|size| {
        let keys = keys.repeat(size / keys.len());
        row(&format!("<response><commands>{keys}</commands></response>"))
    });
    assert_read_in_linear_time(|size| row(&"<response><commands><keystrokes".repeat(size / 31)));
}

#[test]
fn events_are_put_together_in_linear_time() {
    let action = r#"{"id":1,"source":"agent","action":"run","args":{"command":"ls"}}"#;
    let seen = r#"{"id":2,"source":"agent","observation":"run","cause":1,"content":"x"}"#;
    let pair = format!("{action},{seen}");
    assert_read_in_linear_time(|size| format!("[{}]", many(&pair, size)));
    let event = r#"{"kind":"ActionEvent","llm_response_id":"r","thought":[{"type":"text","text":"t"}],"tool_name":"x"}"#;
    assert_read_in_linear_time(|size| format!("[{}]", many(event, size)));
    assert_linear(
        SIZE,
        |size| vec![event; size / event.len()],
        |events| session_runs(events).len(),
    );
}
