//! The card: front matter that the Hub reads, and what people read.

use tracesift_core::export::check::Fault;
use tracesift_core::export::file::{File, SplitFile};
use tracesift_core::export::options::{Group, Options, Shares};
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::manifest::card::{Source, write};
use tracesift_core::manifest::{Manifest, Provenance};

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
        license: Some("cc-by-4.0".to_owned()),
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
