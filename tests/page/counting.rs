//! What tokens are counted with: a chat template, a model of the Hub, and what is said where a model can't be had.

use std::time::Duration;

use serde_json::json;
use tracesift_core::tokens::model::{Files, counter};
use tracesift_core::tokens::{Counter, Templated, Tokenizer};
use tracesift_core::trace::{self, RowContext};

use super::browser::Browser;
use super::rows;
use super::standin::StandIn;
use super::standin::dataset::{DataSet, Split};
use super::steps::{self, Table};

const ROWS: usize = 30;

/// A tokenizer of words: small, and other than any built-in one.
fn words() -> String {
    json!({
        "version": "1.0",
        "added_tokens": [{"id": 1, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true}],
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"},
    })
    .to_string()
}

const CONFIG: &str = r#"{"eos_token": "<|end|>",
    "chat_template": "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}"}"#;

fn table(browser: &Browser) -> Table {
    steps::table(&browser.download("Download table"))
}

/// Tokens and what the template adds, as a counter has them, as the table writes them.
fn counted(texts: &[String], counter: &Counter) -> (Vec<String>, Vec<String>) {
    let counts = texts.iter().map(|text| {
        let trajectory = trace::read(text, &RowContext::default()).expect("a row");
        let counts = counter.row(&trajectory);
        let added = counts
            .template
            .map_or_else(String::new, |added| added.to_string());
        (counts.total_with_template().to_string(), added)
    });
    counts.unzip()
}

fn assert_counted(browser: &Browser, texts: &[String], counter: &Counter) {
    let (tokens, added) = counted(texts, counter);
    let table = browser.wait_for("the new counts", Duration::from_secs(60), |b| {
        let table = table(b);
        (steps::texts(&table, "tokens") == tokens).then_some(table)
    });
    assert_eq!(steps::texts(&table, "tokens_template"), added);
}

#[test]
fn tokens_are_counted_with_a_chat_template_and_with_a_model_of_the_hub() {
    let made = rows::small(ROWS);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(Split::of(
        "c",
        "s",
        &made.texts,
    ))]);
    standin.add_model(
        "a/words",
        &[
            ("tokenizer.json", &words()),
            ("tokenizer_config.json", CONFIG),
        ],
    );
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", ROWS as u64));
    browser.wait_until_done();
    browser.allow_failed_requests(); // most models have no chat_template.jinja

    browser.choose("Token count", "own");
    browser.wait_until("the address", |b| {
        b.key("template").as_deref() == Some("own")
    });
    browser.wait_until_done();
    let built_in = Counter::with_template(Tokenizer::Qwen2, Templated::Own).expect("a template");
    assert_counted(&browser, &made.texts, &built_in);
    assert!(
        browser
            .text_of("#headline")
            .contains("chat template of Qwen 3")
    );

    browser.choose("Count tokens with", "model");
    browser.fill("Model", "a/words\t");
    browser.wait_until("the address", |b| {
        b.key("model").as_deref() == Some("a/words")
    });
    browser.wait_until_done();
    let files = Files {
        tokenizer: words(),
        config: Some(CONFIG.to_owned()),
        template: None,
    };
    let model = counter("a/words", &files, Templated::Own).expect("a model");
    assert_counted(&browser, &made.texts, &model);
    assert!(browser.text_of("#headline").contains("a/words"));

    // A model that there is not says so, and another choice goes on from there.
    browser.fill("Model", "a/none\t");
    browser.wait_until("the reason", |b| {
        b.text_of("main")
            .contains("The Hub does not give out the files of a/none")
    });
    browser.choose("Count tokens with", "qwen2");
    browser.wait_until_done();
    assert_counted(&browser, &made.texts, &built_in);
}

#[test]
fn tokens_are_counted_with_a_models_files_on_this_computer() {
    let made = rows::small(ROWS);
    let split = Split::of("c", "s", &made.texts);
    let standin = StandIn::start(vec![DataSet::new("a/b").with(split)]);
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("tokenizer.json", words()),
        ("tokenizer_config.json", CONFIG.to_owned()),
    ];
    let paths = files.map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    });
    let browser = Browser::start();
    browser.open(&steps::run_of(&standin, "a/b", "c", "s", ROWS as u64));
    browser.wait_until_done();
    browser.choose("Token count", "own");
    browser.choose("Count tokens with", "file");
    browser.give_files("Files of the model", &paths);
    browser.wait_until("the address", |b| b.key("model").as_deref() == Some("file"));
    browser.wait_until_done();
    let files = Files {
        tokenizer: words(),
        config: Some(CONFIG.to_owned()),
        template: None,
    };
    let model = counter("file", &files, Templated::Own).expect("a model");
    assert_counted(&browser, &made.texts, &model);

    // Files are of this computer: another page that has the link asks for them.
    browser.reload();
    browser.wait_until("what is missing", |b| {
        b.text_of("main")
            .contains("tokenizer.json; for the chat template also")
    });
}
