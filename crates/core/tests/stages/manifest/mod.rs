//! How a selection was made: the manifest beside the files, byte for byte, and the card.

mod card; // the README of a dataset

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tracesift_core::export::Options;
use tracesift_core::export::check::Fault;
use tracesift_core::export::file::{FileCounter, SplitFile};
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::ground::Sample;
use tracesift_core::manifest::{
    App, Manifest, OpenedFiles, PairManifest, PairsWritten, Provenance, Rule, TokenTotals,
    token_method,
};
use tracesift_core::recipe::funnel::Step;
use tracesift_core::recipe::pairs::Pair;
use tracesift_core::recipe::pairs::PairStyle;
use tracesift_core::recipe::{PairRule, Pairing, Preference};
use tracesift_core::tokens::{Method, TokenCounts, Tokenizer};

pub fn manifest() -> Manifest {
    let mut file = FileCounter::default();
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
        template: None,
        ..TokenCounts::default()
    };
    tokens.add(&row);
    tokens.add(&row);
    Manifest {
        provenance: Provenance {
            app: App::this(),
            recipe: "https://example.org/?outcome=success".to_owned(),
            dataset: "demo".to_owned(),
            config: String::new(),
            split: String::new(),
            revision: None,
            sources: Vec::new(),
            opened: OpenedFiles::default(),
            sample: Sample::Head,
            seed: 1,
            rows_wanted: 500,
            rows_measured: 499,
            rows_bad: 1,
            rows_selected: 2,
            funnel: vec![Rule::from(&Step {
                is_waiting: false,
                key: "outcome".into(),
                words: "outcome is success".to_owned(),
                left: 2,
                alone: 497,
                unknown: 0,
            })],
            tokenizer: Some(Tokenizer::Qwen2),
            model: None,
            token_method: token_method(&Method::default()),
        },
        tokens: Some(tokens),
        options: Options::default(),
        written: Tally::default(),
        warnings: Vec::new(),
        files: vec![SplitFile {
            split: Split::Train,
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

#[test]
fn a_manifest_says_how_many_rows_came_from_each_opened_file() {
    let rows = [("a.jsonl", true), ("a.jsonl", false), ("b/c.traj", false)];
    let mut manifest = manifest();
    assert!(!manifest.to_json().contains("opened"));
    manifest.provenance.opened = OpenedFiles::of_rows(rows);
    let read: Value = serde_json::from_str(&manifest.to_json()).unwrap();
    assert_eq!(
        read["opened"],
        json!({"files": [
                {"file": "a.jsonl", "rows_measured": 2, "rows_selected": 1},
                {"file": "b/c.traj", "rows_measured": 1, "rows_selected": 0},
            ], "more_files": 0, "more_rows_measured": 0, "more_rows_selected": 0})
    );

    let names: Vec<String> = (0..OpenedFiles::LISTED + 2)
        .map(|n| n.to_string())
        .collect();
    let rows = names
        .iter()
        .flat_map(|name| [(&**name, true), (&**name, false), (&**name, false)]);
    let many = OpenedFiles::of_rows(rows);
    assert_eq!(many.files.len(), OpenedFiles::LISTED);
    assert!(
        many.files
            .iter()
            .all(|file| file.rows_measured == 3 && file.rows_selected == 1)
    );
    assert_eq!(
        [
            many.more_files,
            many.more_rows_measured,
            many.more_rows_selected
        ],
        [2, 6, 2]
    );
}

/// A manifest with a value in every key.
fn full() -> Manifest {
    let manifest = manifest();
    Manifest {
        provenance: Provenance {
            app: App {
                app: "tracesift".to_owned(),
                version: "1.2.3".to_owned(),
            },
            revision: Some("b0df91c0".to_owned()),
            tokenizer: None,
            model: Some("Qwen/Qwen3-8B".to_owned()),
            ..manifest.provenance
        },
        written: Tally {
            splits: BTreeMap::from([(Split::Train, 2)]),
            rejected: BTreeMap::from([(Fault::TooLong, 1)]),
            rejected_rows: 1,
            ..Tally::default()
        },
        warnings: vec!["A warning.".to_owned()],
        created: Some("2026-11-23T21:37:00Z".to_owned()),
        ..manifest
    }
}

#[test]
fn manifests_keep_the_bytes_that_they_had_when_they_were_first_written() {
    // Both files were written before the two manifests shared their first part.
    let rows = include_str!("../../fixtures/manifest.json");
    assert_eq!(full().to_json(), rows);
    assert_eq!(serde_json::from_str::<Manifest>(rows).unwrap(), full());
    let rule = PairRule {
        pairing: Pairing::Verdict,
        most: 2,
        style: PairStyle::Any,
    };
    let pair = Pair {
        chosen: 3,
        rejected: 7,
    };
    let mut manifest = PairManifest::of(full(), rule, &[Preference::Shorter], vec![pair]);
    let mut file = FileCounter::default();
    file.add(b"{}\n");
    manifest.written = Some(PairsWritten {
        apart: 1,
        refused: vec!["rows 1 and 2 are the same run".to_owned()],
        file: file.file("demo-pairs.jsonl"),
    });
    let pairs = include_str!("../../fixtures/pair-manifest.json");
    assert_eq!(manifest.to_json(), pairs);
    assert_eq!(
        serde_json::from_str::<PairManifest>(pairs).unwrap(),
        manifest
    );
}
