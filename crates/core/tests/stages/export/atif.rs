//! ATIF: whatever was read comes back from its document, and other programs' readers find the format's own fields.

use serde_json::{Value, json};
use tracesift_core::export::options::{Mask, Options};
use tracesift_core::trace::{
    CallAt, CallForm, Media, MediaKind, Reported, RowContext, Thread, Trajectory, read,
};

use crate::export::shared::{named, options, rows_to_export, run, sample, write, written};

fn back(trajectory: &Trajectory) -> Trajectory<'static> {
    let line = write(trajectory, &options(named("atif")))
        .remove(0)
        .unwrap();
    read(
        Box::leak(line.text.into_boxed_str()),
        &RowContext::default(),
    )
    .unwrap()
}

#[test]
fn a_document_has_a_step_for_each_message_and_results_beside_their_calls() {
    let document = written(&sample(), &options(named("atif")));
    assert_eq!(document["schema_version"], "ATIF-v1.8");
    let agent = json!({"name": "openhands", "version": "unknown", "tool_definitions": [
        {"type": "function", "function": {"name": "bash", "description": "runs",
            "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}},
        {"type": "function", "function": {"name": "view"}}]});
    assert_eq!(document["agent"], agent);
    let step = |id: u8, source: &str, message: &str| json!({"step_id": id, "source": source, "message": message});
    let with = |mut step: Value, more: Value| {
        step.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        step
    };
    let steps = json!([
        step(1, "system", "be brief"),
        step(2, "user", "fix it"),
        with(
            step(3, "agent", "I look."),
            json!({"reasoning_content": "look first",
            "tool_calls": [
                {"tool_call_id": "c1", "function_name": "bash", "arguments": {"command": "ls"}},
                {"tool_call_id": "c2", "function_name": "view", "arguments": {"path": "/a", "lines": [1, 2]}}],
            "observation": {"results": [
                {"source_call_id": "c1", "content": "a.py"}, {"source_call_id": "c2", "content": "text"}]}})
        ),
        with(
            step(4, "agent", ""),
            json!({
            "tool_calls": [{"tool_call_id": "c3", "function_name": "bash", "arguments": {"command": "rm"}}],
            "observation": {"results": [{"source_call_id": "c3", "content": "ERROR: no"}]}})
        ),
        step(5, "agent", "done"),
    ]);
    assert_eq!(document["steps"], steps);
    assert_eq!(document["extra"]["metadata"]["instance_id"], "o__n-1");
}

#[test]
fn what_the_format_has_no_place_for_comes_back() {
    let mut full = sample();
    full.labels.harness = Some("openhands".into());
    full.labels.source = Some("a.jsonl".into());
    full.thread = Thread::Subagent;
    full.model_patch = Some("".into());
    full.exit = Some("submitted".into());
    full.messages[1].text = "see [image] and [image]".into();
    full.messages[1].media = ["a.png", "no type"]
        .map(|path| Media {
            kind: MediaKind::Image,
            reference: Some(path.into()),
        })
        .to_vec();
    full.messages[2].copied = true;
    full.messages[2].calls[0].form = CallForm::Xml;
    full.messages[2].calls[0].arguments = "{\n \"command\": \"ls\"\n}".into();
    full.messages[2].calls[1].arguments = "cut off {".into();
    full.messages[3].reported = Some(Reported::Exit(2));
    full.messages[7].weight = Some(0.5);
    let parts = written(&full, &options(named("atif")))["steps"][1]["message"].clone();
    let image = json!({"type": "image", "source": {"media_type": "image/png", "path": "a.png"}});
    let text = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(parts, json!([text("see "), image, text(" and [image]")]));
    for trajectory in [full, sample(), run(Vec::new())] {
        assert_eq!(back(&trajectory), trajectory);
    }
}

#[test]
fn orphans_open_calls_and_shared_and_late_results_come_back() {
    let mut row = sample();
    row.messages[6].answers = None;
    row.messages[5].calls[0].answer = None;
    assert_eq!(back(&row), row);
    // One result for both calls.
    let mut row = sample();
    row.messages[2].calls[1].answer = Some(3);
    row.messages[4].answers = None;
    assert_eq!(back(&row), row);
    // A result after another turn.
    let mut row = sample();
    row.messages[5].calls[0].answer = None;
    row.messages[2].calls[1].answer = Some(6);
    row.messages[6].answers = Some(CallAt {
        message: 2,
        call: 1,
    });
    row.messages[4].answers = None;
    assert_eq!(back(&row), row);
}

#[test]
fn rows_of_the_demo_and_real_ones_come_back() {
    for row in rows_to_export() {
        let trajectory = read(row, &RowContext::default()).unwrap();
        assert_eq!(back(&trajectory), trajectory);
    }
}

#[test]
fn a_document_that_another_program_wrote_anew_is_read_by_its_steps() {
    let document = written(&sample(), &options(named("atif")));
    // Other programs sort keys.
    let anew = json!({"agent": document["agent"], "extra": document["extra"],
        "schema_version": document["schema_version"], "steps": document["steps"]});
    let anew = anew.to_string();
    let read = read(&anew, &RowContext::default()).unwrap();
    let said = |trajectory: &Trajectory| -> Vec<String> {
        let messages = trajectory.messages.iter();
        messages
            .map(|m| {
                format!(
                    "{:?} {:?} {:?} {:?}",
                    m.role, m.text, m.reasoning, m.answers
                )
            })
            .collect()
    };
    assert_eq!(said(&read), said(&sample()));
}

#[test]
fn a_mask_stands_beside_the_steps() {
    let masked = Options {
        mask: Mask::TURNS,
        ..options(named("atif"))
    };
    let document = written(&sample(), &masked);
    let trained = |at: usize| document["steps"][at]["extra"]["train"].clone();
    assert_eq!(
        [trained(1), trained(3), trained(4)],
        [json!(null), json!(false), json!(true)]
    );
}
