//! Our own form: whatever was read comes back from its line.

use serde_json::Value;
use tracesift_core::export::Origin;
use tracesift_core::export::options::{Mask, Options, Reasoning};
use tracesift_core::trace::{CallForm, Declared, Outcome, Repair, RowContext, Trajectory, read};

use crate::export::shared::{named, options, rows_to_export, run, sample, write, writer};

fn back(trajectory: &Trajectory, options: &Options) -> Trajectory<'static> {
    let line = write(trajectory, options).remove(0).unwrap().text;
    // A place must not change what the line says.
    let place = RowContext {
        config: "sweagent".to_owned(),
        split: "unresolved".to_owned(),
        ..RowContext::default()
    };
    read(Box::leak(line.into_boxed_str()), &place).unwrap()
}

#[test]
fn all_that_a_trajectory_has_comes_back() {
    let mut full = sample();
    full.labels.trajectory_id = Some("t".into());
    full.labels.license = Some("MIT".into());
    full.labels.language = Some("go".into());
    full.labels.teacher = Some("teacher".into());
    full.labels.category = Some("bug-fix".into());
    full.outcome = Outcome::Partial;
    full.model_patch = Some("".into());
    full.reference_patch = Some("diff --git a/x b/x\n\"\\\u{2028}".into());
    full.declared = Some(Declared {
        files: Some(3),
        lines: None,
    });
    full.repairs.add(Repair::CallFromXml, 7);
    full.messages[2].calls[0].form = CallForm::Xml;
    full.messages[5].calls[0].form = CallForm::Fenced;
    full.messages[7].text =
        "<think>x</think><function=f><parameter=a>1</parameter></function>".into();
    for trajectory in [full, sample(), run(Vec::new())] {
        assert_eq!(back(&trajectory, &options(named("plain"))), trajectory);
    }
}

#[test]
fn orphans_open_calls_and_merged_results_come_back_as_they_were() {
    let mut row = sample();
    row.messages[6].answers = None;
    row.messages[5].calls[0].answer = None;
    assert_eq!(back(&row, &options(named("plain"))), row);
    let merged = Options {
        merge_parallel: true,
        ..options(named("plain"))
    };
    let row = back(&sample(), &merged);
    let answers: Vec<_> = row.messages[2]
        .calls
        .iter()
        .map(|call| call.answer)
        .collect();
    assert_eq!(answers, [Some(3), Some(3)]);
}

#[test]
fn rows_of_the_demo_and_real_ones_come_back() {
    for row in rows_to_export() {
        let trajectory = read(row, &RowContext::default()).unwrap();
        assert_eq!(back(&trajectory, &options(named("plain"))), trajectory);
    }
}

#[test]
fn a_mask_and_a_changed_row_can_be_written_too() {
    let masked = Options {
        mask: Mask::TURNS,
        reasoning: Reasoning::Drop,
        ..options(named("plain"))
    };
    let line = writer(&masked, None)
        .write(&sample(), &Origin::default())
        .remove(0)
        .unwrap();
    let row: Value = serde_json::from_str(&line.text).unwrap();
    assert_eq!(row["messages"][5]["train"], false);
    assert_eq!(row["messages"][7]["train"], true);
    assert!(line.text.starts_with(r#"{"tracesift":1,"#));
    let back = back(&sample(), &masked);
    assert_eq!(back.messages[2].reasoning, "");
    assert_eq!(back.messages[5], sample().messages[5]);
}

#[test]
fn every_key_is_in_every_row() {
    let keys = |trajectory: &Trajectory| -> Vec<String> {
        let line = write(trajectory, &options(named("plain")))
            .remove(0)
            .unwrap();
        let row: Value = serde_json::from_str(&line.text).unwrap();
        let row = row.as_object().unwrap();
        assert!(
            row.iter()
                .all(|(key, value)| !value.is_null() && (key == "metadata" || !value.is_object()))
        );
        row.keys().cloned().collect()
    };
    assert_eq!(keys(&sample()), keys(&run(Vec::new())));
}

#[test]
fn a_row_that_only_begins_like_one_is_read_by_its_shape() {
    for row in [
        r#"{"tracesift":1,"messages":[{"role":"user","content":"hello"}]}"#,
        r#"{"tracesift":2,"messages":[{"role":"user","content":"hello"}]}"#,
        r#"{"tracesift":"x","messages":[{"role":"user","content":"hello"}],"reading":"{"}"#,
    ] {
        let read = read(row, &RowContext::default()).unwrap();
        assert_eq!(read.messages.len(), 1);
        assert_eq!(read.messages[0].text, "hello");
    }
}
