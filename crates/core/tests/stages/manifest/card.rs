//! The card: front matter that the Hub reads, and what people read.

use tracesift_core::export::check::Fault;
use tracesift_core::export::file::{File, SplitFile};
use tracesift_core::export::options::{Group, Options, Shares};
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::manifest::card::{Source, write};
use tracesift_core::manifest::{Manifest, Provenance, SourceRows};

use crate::manifest::manifest;

fn full() -> Manifest {
    let file = |split, name: &str, lines| SplitFile {
        split,
        file: File {
            file: name.to_owned(),
            bytes: 1_234_567,
            lines,
            sha256: "ab".repeat(32),
            unpacked: None,
        },
    };
    let manifest = manifest();
    Manifest {
        provenance: Provenance {
            dataset: "nvidia/Open-SWE-Traces".to_owned(),
            config: "openhands".to_owned(),
            split: "minimax_m25".to_owned(),
            revision: Some("abc123".to_owned()),
            ..manifest.provenance
        },
        options: Options {
            end_at_assistant: true,
            shares: Shares {
                validation: 10,
                test: 0,
                group: Group::Repo,
            },
            ..Options::default()
        },
        written: Tally {
            splits: [(Split::Train, 1800), (Split::Validation, 200)].into(),
            tokens: Some(5_000_000),
            trainable: Some(1_000_000),
            longest: Some(40_000),
            licenses: [("MIT".to_owned(), 1500), ("a|b<script>".to_owned(), 500)].into(),
            rejected: [(Fault::TooLong, 7)].into(),
            rejected_rows: 7,
            ..Tally::default()
        },
        warnings: vec!["Set max_length.".to_owned()],
        files: vec![
            file(Split::Train, "x-train-00000.jsonl", 1000),
            file(Split::Train, "x-train-00001.jsonl", 800),
            file(Split::Validation, "x: validation.jsonl", 200),
        ],
        ..manifest
    }
}

#[test]
fn the_front_matter_says_where_the_splits_are() {
    let source = Source {
        licenses: vec![Some("cc-by-4.0".to_owned())],
        languages: vec!["en".to_owned(), "no".to_owned()],
    };
    let text = write(&full(), &source, None);
    let front = "---
license: cc-by-4.0
language:
- en
- \"no\"
task_categories:
- text-generation
tags:
- agent
- tool-use
- sft
- code
- tracesift
- messages
size_categories:
- 1K<n<10K
source_datasets:
- nvidia/Open-SWE-Traces
configs:
- config_name: default
  data_files:
  - split: train
    path:
    - x-train-00000.jsonl
    - x-train-00001.jsonl
  - split: validation
    path:
    - \"x: validation.jsonl\"
---
";
    assert!(text.starts_with(front), "{text}");
}

#[test]
fn the_text_says_how_it_was_made_what_was_left_out_and_by_which_licences() {
    let text = write(&full(), &Source::default(), None);
    for words in [
        "license: unknown\n",
        "[nvidia/Open-SWE-Traces](https://huggingface.co/datasets/nvidia/Open-SWE-Traces)",
        "(openhands, minimax\\_m25) at version abc123",
        "[This link](https://example.org/?outcome=success)",
        "| outcome is success | 2 |",
        "| not written: longer than the limit | −7 |",
        "| validation | 200 |",
        "5,000,000 tokens, of which a trainer learns from 1,000,000; the longest row has 40,000",
        "- Rows end at the assistant's last message.",
        "- No repository is in two splits.",
        "| MIT | 1,500 |",
        "| a\\|b&lt;script> | 500 |",
        "- Set max\\_length.",
        "| x-train-00001.jsonl | 800 | 1,234,567 | abab",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(text, write(&full(), &Source::default(), None));
}

#[test]
fn a_demo_has_no_link_to_the_hub() {
    let text = write(&manifest(), &Source::default(), None);
    assert!(!text.contains("huggingface.co/datasets"));
    assert!(!text.contains("source_datasets"));
    assert!(text.contains("- n<1K\n"));
}

/// A manifest of rows of two datasets and of a file.
fn mixture() -> Manifest {
    let source = |dataset: &str, revision: Option<&str>, first_row| SourceRows {
        dataset: dataset.to_owned(),
        config: if revision.is_some() { "c" } else { "" }.to_owned(),
        split: if revision.is_some() { "train" } else { "" }.to_owned(),
        revision: revision.map(str::to_owned),
        first_row,
        rows_measured: 1500,
        rows_selected: 700,
    };
    let manifest = full();
    Manifest {
        provenance: Provenance {
            dataset: "a/b,d/e,mine.jsonl".to_owned(),
            config: "c,c,".to_owned(),
            split: "train,train,".to_owned(),
            revision: None,
            sources: vec![
                source("a/b", Some("abc"), 0),
                source("d/e", Some("def"), 2000),
                source("mine.jsonl", None, 9000),
            ],
            ..manifest.provenance
        },
        ..manifest
    }
}

#[test]
fn the_card_of_a_mixture_names_every_source_with_its_licence_and_its_rows() {
    let source = Source {
        licenses: vec![Some("mit".to_owned()), Some("apache-2.0".to_owned()), None],
        ..Source::default()
    };
    let card = write(&mixture(), &source, None);
    for expected in [
        "license:\n- mit\n- apache-2.0\n- unknown\n",
        "source_datasets:\n- a/b\n- d/e\nconfigs:",
        "# a/b, d/e and mine.jsonl, selected for fine-tuning\n",
        "Agent trajectories of [a/b](https://huggingface.co/datasets/a/b) (c, train) at version abc, \
         [d/e](https://huggingface.co/datasets/d/e) (c, train) at version def and mine.jsonl, selected",
        "## Sources\n\n| source | rows read | rows selected | licence |\n|---|---|---|---|\n",
        "(c, train) at version def | 1,500 | 700 | apache-2.0 |\n| mine.jsonl | 1,500 | 700 | not known |\n",
        "The licence of each source dataset stands beside its name above.",
    ] {
        assert!(card.contains(expected), "{expected}\n{card}");
    }
    // One licence for all is said once.
    let same = Source {
        licenses: vec![Some("mit".to_owned()); 3],
        ..Source::default()
    };
    assert!(write(&mixture(), &same, None).starts_with("---\nlicense: mit\n"));
}

#[test]
fn a_manifest_names_the_sources_only_where_there_are_several() {
    assert!(!full().to_json().contains("\"sources\""));
    assert_eq!(full().provenance.datasets(), ["nvidia/Open-SWE-Traces"]);
    let mixture = mixture();
    assert_eq!(mixture.provenance.datasets(), ["a/b", "d/e", "mine.jsonl"]);
    let text = mixture.to_json();
    assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), mixture);
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        read["sources"][1],
        serde_json::json!({"dataset": "d/e", "config": "c", "split": "train", "revision": "def",
            "first_row": 2000, "rows_measured": 1500, "rows_selected": 700})
    );
}
