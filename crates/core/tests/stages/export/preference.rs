//! Pairs of runs for preference training: the line of two rows, and the manifest of the file.

use serde_json::{Value, json};
use tracesift_core::export::check::Fault;
use tracesift_core::export::file::FileCounter;
use tracesift_core::export::options::{Arguments, Group, Shares};
use tracesift_core::export::preference::{PairFault, PairLine, PairWriter};
use tracesift_core::export::{Options, Origin};
use tracesift_core::manifest::{PairManifest, PairsWritten, Provenance};
use tracesift_core::recipe::pairs::Pair;
use tracesift_core::recipe::pairs::PairStyle;
use tracesift_core::recipe::{PairRule, Pairing, Preference};
use tracesift_core::trace::{Outcome, Role, Trajectory};

use crate::export::shared::{assistant, call, counter, message, run, sample};

#[test]
fn a_manifest_says_which_rows_were_paired_and_all_that_it_takes_to_pair_them_again() {
    let rule = PairRule {
        pairing: Pairing::Verdict,
        most: 2,
        style: PairStyle::Any,
    };
    let pairs = vec![Pair {
        chosen: 3,
        rejected: 7,
    }];
    let rows = crate::manifest::manifest();
    let mut manifest = PairManifest::of(rows.clone(), rule, &[Preference::Shorter], pairs);
    let read = |manifest: &PairManifest| -> Value {
        let text = manifest.to_json();
        assert_eq!(
            &serde_json::from_str::<PairManifest>(&text).unwrap(),
            manifest
        );
        serde_json::from_str(&text).unwrap()
    };
    let said = read(&manifest);
    assert_eq!(
        (
            &said["pairing"],
            &said["most"],
            &said["prefer"],
            &said["pairs"]
        ),
        (
            &json!("verdict"),
            &json!(2),
            &json!(["shorter"]),
            &json!([{"chosen": 3, "rejected": 7}])
        )
    );
    assert_eq!(said["written"], Value::Null);
    // Of the rows it says what their own manifest says, but for what that writes.
    let of_rows = serde_json::to_value(&rows).unwrap();
    for (key, value) in of_rows.as_object().unwrap() {
        if !["tokens", "written", "warnings", "files"].contains(&key.as_str()) {
            assert_eq!(&said[key], value, "{key}");
        }
    }
    let before = manifest.clone();
    let mut file = FileCounter::default();
    file.add(b"{}\n");
    manifest.written = Some(PairsWritten {
        apart: 1,
        refused: vec!["rows 1 and 2 are the same run".to_owned()],
        file: file.file("demo-pairs.jsonl"),
    });
    assert!(before.is_before(&manifest));
    let of_another_seed = PairManifest {
        provenance: Provenance {
            seed: 9,
            ..manifest.provenance.clone()
        },
        ..manifest.clone()
    };
    assert!(!before.is_before(&of_another_seed));
    let written = &read(&manifest)["written"];
    assert_eq!(
        (&written["apart"], &written["file"]["lines"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        written["file"]["sha256"],
        // printf '{}\n' | sha256sum
        "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"
    );
}

/// A run of the sample's task that goes another way.
fn other() -> Trajectory<'static> {
    let mut other = sample();
    other.messages.truncate(2);
    other.messages.push(assistant("I give up.", "", Vec::new()));
    other.outcome = Outcome::Failure;
    other
}

fn write(
    chosen: &Trajectory,
    rejected: &Trajectory,
    options: &Options,
) -> Result<PairLine, PairFault> {
    let origin = |row| Origin {
        row,
        ..Origin::default()
    };
    let writer = PairWriter {
        options,
        seed: 1,
        counter: None,
    };
    writer.write((chosen, &origin(3)), (rejected, &origin(7)))
}

#[test]
fn a_pair_is_the_prompt_and_what_each_run_does() {
    let line = write(&sample(), &other(), &Options::default()).unwrap();
    let value: Value = serde_json::from_str(&line.text).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["prompt", "chosen", "rejected", "tools", "metadata"]);
    assert_eq!(
        value["prompt"],
        json!([{"role": "system", "content": "be brief"}, {"role": "user", "content": "fix it"}])
    );
    assert_eq!(
        value["rejected"],
        json!([{"role": "assistant", "content": "I give up."}])
    );
    let chosen = value["chosen"].as_array().unwrap();
    assert_eq!(chosen.len(), 6);
    assert_eq!(chosen[0]["reasoning_content"], "look first");
    assert_eq!(
        chosen[0]["tool_calls"][0]["function"]["arguments"],
        r#"{"command":"ls"}"#
    );
    assert_eq!(chosen[5]["content"], "done");
    let tools: Value = serde_json::from_str(value["tools"].as_str().unwrap()).unwrap();
    assert_eq!(tools.as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &value["metadata"]["chosen"]["row"],
            &value["metadata"]["rejected"]["row"]
        ),
        (&json!(3), &json!(7))
    );
    assert_eq!(value["metadata"]["rejected"]["outcome"], "failure");
    let objects = Options {
        arguments: Arguments::Object,
        drop_system: true,
        ..Options::default()
    };
    let line = write(&sample(), &other(), &objects).unwrap();
    let value: Value = serde_json::from_str(&line.text).unwrap();
    assert_eq!(
        value["prompt"],
        json!([{"role": "user", "content": "fix it"}])
    );
    assert_eq!(
        value["chosen"][0]["tool_calls"][0]["function"]["arguments"],
        json!({"command": "ls"})
    );
}

#[test]
fn a_pair_without_tools_says_null_which_a_template_takes_for_none() {
    let without = |mut run: Trajectory<'static>| {
        run.tools.clear();
        run
    };
    let line = write(&without(sample()), &without(other()), &Options::default()).unwrap();
    let value: Value = serde_json::from_str(&line.text).unwrap();
    // A text, as the tools of other pairs are.
    assert_eq!(value["tools"], "null");
}

#[test]
fn rows_that_are_no_pair_are_refused_with_the_reason() {
    let default = Options::default();
    let rows = |fault: PairFault| fault.to_string();
    let mut elsewhere = other();
    elsewhere.messages[1].text = "fix that".into();
    assert_eq!(
        rows(write(&sample(), &elsewhere, &default).unwrap_err()),
        "rows 3 and 7 begin with different prompts"
    );
    let mut with_less = other();
    with_less.tools.pop();
    assert_eq!(
        rows(write(&sample(), &with_less, &default).unwrap_err()),
        "rows 3 and 7 have different tools"
    );
    assert_eq!(
        rows(write(&sample(), &sample(), &default).unwrap_err()),
        "rows 3 and 7 are the same run"
    );
    let reason = |fault: PairFault| match fault {
        PairFault::Row { row, reason } => (row, reason.fault()),
        other => panic!("{other}"),
    };
    let silent = run(vec![message(Role::User, "fix it")]);
    assert_eq!(
        reason(write(&sample(), &silent, &default).unwrap_err()),
        (7, Fault::Empty)
    );
    let promptless = run(vec![assistant("hello", "", Vec::new())]);
    assert_eq!(
        reason(write(&promptless, &other(), &default).unwrap_err()),
        (3, Fault::Order)
    );
    let mut malformed = other();
    malformed.messages[2].calls.push(call("c9", "bash", "ls"));
    assert!(write(&sample(), &malformed, &default).is_ok());
    let objects = Options {
        arguments: Arguments::Object,
        ..Options::default()
    };
    assert_eq!(
        reason(write(&sample(), &malformed, &objects).unwrap_err()),
        (7, Fault::BadArguments)
    );
    let limited = Options {
        limit: Some(40),
        ..Options::default()
    };
    assert_eq!(
        reason(write(&sample(), &other(), &limited).unwrap_err()),
        (3, Fault::NotCounted)
    );
    let counted = PairWriter {
        options: &limited,
        seed: 1,
        counter: Some(counter()),
    };
    let origin = Origin::default();
    let refused = counted
        .write((&sample(), &origin), (&other(), &origin))
        .unwrap_err();
    assert_eq!(reason(refused), (0, Fault::TooLong));
}

#[test]
fn a_pair_is_whole_whatever_is_cut_and_goes_to_the_split_of_its_task() {
    let shares = Shares {
        validation: 50,
        test: 0,
        group: Group::Instance,
    };
    let options = Options {
        cut: Some(32),
        shares,
        ..Options::default()
    };
    let counted = PairWriter {
        options: &options,
        seed: 1,
        counter: Some(counter()),
    };
    let origin = Origin::default();
    let line = counted
        .write((&sample(), &origin), (&other(), &origin))
        .unwrap();
    let back = counted
        .write((&other(), &origin), (&sample(), &origin))
        .unwrap();
    assert_eq!(line.split, back.split);
    let (chosen, rejected) = line.tokens.unwrap();
    assert_eq!(
        (chosen, rejected),
        (
            counter().row(&sample()).total(),
            counter().row(&other()).total()
        )
    );
}
