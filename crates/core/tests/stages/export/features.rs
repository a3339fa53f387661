//! Features: those of the exemplar are those of the lines; the card has them where a loader does not find them; what is
//! found late is said.

use proptest::prelude::*;
use serde_json::Value;
use tracesift_core::export::features::{FIRST_BLOCK, Feature};
use tracesift_core::export::files::{Entry, Files};
use tracesift_core::export::options::{Arguments, Compression, Mask, Options, Shares};
use tracesift_core::export::shape::{LineShape, MessageShape};
use tracesift_core::export::split::Split;
use tracesift_core::export::warning::{Warning, of_files};
use tracesift_core::export::{Format, Origin};
use tracesift_core::manifest::card::{Source, write as card};
use tracesift_core::trace::{RowContext, read};

use crate::export::properties::{any_options, row};
use crate::export::shared::{counter, named, options, rows_to_export, trimmed, write, writer};
use crate::manifest::manifest;

/// What is wrong with the features of a place where these values stand: it must describe all of them, and have nothing
/// that none of them has.
fn check(feature: &Feature, values: &[&Value], path: &str) -> Result<(), String> {
    let values: Vec<&Value> = values.iter().filter(|v| !v.is_null()).copied().collect();
    let all = |is: fn(&Value) -> bool| match values.iter().all(|value| is(value)) {
        true if !values.is_empty() => Ok(()),
        _ => Err(format!("{path} is not {feature:?}")),
    };
    match feature {
        Feature::Null if values.is_empty() => Ok(()),
        Feature::Null => Err(format!("{path} is more than null")),
        Feature::Bool => all(Value::is_boolean),
        Feature::Int => all(|v| v.is_i64() || v.is_u64()),
        Feature::Float => all(Value::is_f64),
        Feature::Text => all(Value::is_string),
        Feature::Json => all(Value::is_object),
        Feature::List(item) => {
            all(Value::is_array)?;
            let lists = values.iter().filter_map(|value| value.as_array());
            let items: Vec<&Value> = lists.flatten().collect();
            check(item, &items, &format!("{path}[]"))
        }
        Feature::Struct(fields) => {
            all(Value::is_object)?;
            let keys = values.iter().filter_map(|value| value.as_object());
            for key in keys.flat_map(|object| object.keys()) {
                if !fields.iter().any(|(known, _)| known == key) {
                    return Err(format!("{path}.{key} is not known"));
                }
            }
            for (key, field) in fields {
                let of: Vec<&Value> = values.iter().filter_map(|value| value.get(key)).collect();
                if of.is_empty() {
                    return Err(format!("{path}.{key} is in no row"));
                }
                check(field, &of, &format!("{path}.{key}"))?;
            }
            Ok(())
        }
    }
}

/// Writes rows and checks the features of their lines; how many lines there are.
fn check_rows(rows: &[String], options: &Options) -> Result<usize, String> {
    let (mut lines, mut shape) = (Vec::<Value>::new(), LineShape::default());
    for row in rows {
        let Ok(trajectory) = read(row, &RowContext::default()) else {
            continue;
        };
        let counter = options.needs_tokens().then(counter);
        let written = writer(options, counter).write(&trajectory, &Origin::default());
        for line in written.into_iter().flatten() {
            shape |= line.shape;
            lines.push(serde_json::from_str(&line.text).unwrap());
        }
    }
    if let Some(features) = Feature::of_lines(options, shape) {
        let values: Vec<&Value> = lines.iter().collect();
        check(&features, &values, options.format.name())?;
    }
    Ok(lines.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn features_describe_any_rows_and_nothing_else(
        rows in prop::collection::vec(row(), 1..4),
        options in any_options(),
    ) {
        let checked = check_rows(&rows, &options);
        prop_assert!(checked.is_ok(), "{checked:?}");
    }
}

#[test]
fn features_describe_real_rows() {
    let choices = [
        (Mask::NOTHING, Arguments::Text),
        (Mask::ALL, Arguments::Object),
    ];
    for format in Format::all() {
        for (mask, arguments) in choices {
            let options = Options {
                mask,
                arguments,
                ..trimmed(format)
            };
            assert!(check_rows(rows_to_export(), &options).unwrap() > 10);
        }
    }
}

#[test]
fn nothing_is_known_of_no_lines_nor_wanted_where_arrow_is_not_used() {
    assert_eq!(
        Feature::of_lines(&Options::default(), LineShape::default()),
        None
    );
    assert_eq!(Feature::of_lines(&options(named("nemo")), thinking()), None);
}

fn talk() -> LineShape {
    LineShape {
        prompt: MessageShape {
            messages: true,
            ..MessageShape::default()
        },
        turns: MessageShape {
            messages: true,
            ..MessageShape::default()
        },
        ..LineShape::default()
    }
}

fn thinking() -> LineShape {
    let mut shape = talk();
    shape.turns.reasoning = true;
    shape
}

/// All that can occur.
fn all() -> LineShape {
    let kinds = MessageShape {
        messages: true,
        reasoning: true,
        calls: true,
        results: true,
        names: true,
    };
    LineShape {
        prompt: talk().prompt,
        turns: kinds,
        tools: true,
        tokens: true,
        ..LineShape::default()
    }
}

fn files(options: &Options, lines: &[(Split, &str, LineShape)]) -> Files {
    let mut files = Files::new(options);
    let lines = lines.iter();
    files.add(lines.map(|&(split, text, shape)| Entry { split, text, shape }));
    files
}

#[test]
fn the_card_has_the_features_that_a_loader_does_not_find() {
    let long = "x".repeat(FIRST_BLOCK as usize);
    let options = Options {
        arguments: Arguments::Object,
        ..Options::default()
    };
    let late = files(
        &options,
        &[(Split::Train, &long, talk()), (Split::Train, "", all())],
    );
    let features = Feature::to_be_told(&options, &late).unwrap();
    let text = card(&manifest(), &Source::default(), Some(&features));
    let (front, _) = text[4..].split_once("---\n").unwrap();
    let (_, features) = front.split_once("dataset_info:\n").unwrap();
    assert_eq!(
        features,
        "  features:
  - name: messages
    list:
    - name: role
      dtype: string
    - name: content
      dtype: string
    - name: reasoning_content
      dtype: string
    - name: tool_calls
      list:
      - name: id
        dtype: string
      - name: type
        dtype: string
      - name: function
        struct:
        - name: name
          dtype: string
        - name: arguments
          dtype: json
    - name: tool_call_id
      dtype: string
    - name: name
      dtype: string
  - name: tools
    dtype: string
  - name: metadata
    struct:
    - name: dataset
      dtype: string
    - name: config
      dtype: string
    - name: split
      dtype: string
    - name: revision
      dtype: string
    - name: row
      dtype: int64
    - name: trajectory_id
      dtype: string
    - name: instance_id
      dtype: string
    - name: repo
      dtype: string
    - name: license
      dtype: string
    - name: language
      dtype: string
    - name: outcome
      dtype: string
    - name: tokens
      dtype: int64
"
    );
}

#[test]
fn lists_of_plain_values_and_nulls_are_written_as_datasets_writes_them() {
    let yaml = |shape| {
        let features = Feature::of_lines(&options(named("plain")), shape);
        features.unwrap().to_yaml(0)
    };
    assert!(yaml(talk()).contains("- name: tools\n  list: \"null\"\n"));
    assert!(yaml(all()).contains("- name: tools\n  list: string\n"));
    assert!(yaml(talk()).contains("  - name: tokens\n    dtype: \"null\"\n"));
    let openai = Feature::of_lines(&options(named("openai")), all()).unwrap();
    assert!(openai.to_yaml(0).contains("- name: tools\n  list: json\n"));
    assert!(openai.has_json());
}

/// What is said of keys of the lines, per split.
fn late(options: &Options, lines: &[(Split, &str, LineShape)]) -> Vec<(Split, Vec<String>)> {
    let said = of_files(options, &files(options, lines)).into_iter();
    let late = said.map(|warning| match warning {
        Warning::LateKeys { split, keys, .. } => (split, keys),
        other => panic!("{other}"),
    });
    late.collect()
}

#[test]
fn a_key_is_late_from_the_first_byte_on_that_a_loader_does_not_look_at() {
    let keys = vec![(Split::Train, vec!["messages.reasoning_content".to_owned()])];
    for compression in [Compression::None, Compression::Gzip] {
        let options = Options {
            compression,
            ..Options::default()
        };
        // With its line break, the first line ends where the block does: the next one is read, too.
        let whole = "x".repeat(FIRST_BLOCK as usize - 1);
        let lines = |first| {
            [
                (Split::Train, first, talk()),
                (Split::Train, "", thinking()),
            ]
        };
        assert_eq!(late(&options, &lines(&whole)), []);
        let longer = format!("{whole}x");
        assert_eq!(late(&options, &lines(&longer)), keys);
        // It does not help that it comes again.
        let mut more = lines(&longer).to_vec();
        more.push((Split::Train, "", thinking()));
        assert_eq!(late(&options, &more), keys);
        more.insert(0, (Split::Train, "", thinking()));
        assert_eq!(late(&options, &more), []);
    }
}

#[test]
fn only_the_first_file_of_a_split_counts_and_each_split_by_itself() {
    let shards = Options {
        shard_rows: Some(1),
        ..Options::default()
    };
    let lines = [(Split::Train, "a", talk()), (Split::Train, "b", thinking())];
    assert_eq!(late(&shards, &lines).len(), 1);
    assert_eq!(late(&Options::default(), &lines), []);

    let long = "x".repeat(FIRST_BLOCK as usize);
    let splits = Options {
        shares: Shares {
            validation: 10,
            ..Shares::default()
        },
        ..Options::default()
    };
    let lines = [
        (Split::Train, "a", thinking()),
        (Split::Validation, &long, talk()),
        (Split::Validation, "b", thinking()),
    ];
    assert_eq!(late(&splits, &lines)[0].0, Split::Validation);
    // The first split has the key: a loader of all splits finds it.
    let told = |lines: &[_]| Feature::to_be_told(&splits, &files(&splits, lines));
    assert_eq!(told(&lines), None);
    // A loader of all splits does not find what only another one has.
    let lines = [
        (Split::Train, "a", talk()),
        (Split::Validation, "b", thinking()),
    ];
    assert_eq!(late(&splits, &lines), []);
    assert_eq!(told(&lines), Feature::of_lines(&splits, thinking()));
}

#[test]
fn what_is_empty_at_first_is_late_where_it_is_filled() {
    let long = "x".repeat(FIRST_BLOCK as usize);
    // OpenAI's form has no place for reasoning: no line has any.
    let mut filled = all();
    filled.turns.reasoning = false;
    let lines = [
        (Split::Train, long.as_str(), talk()),
        (Split::Train, "", filled),
    ];
    let keys = |format| late(&options(format), &lines).remove(0).1;
    assert_eq!(
        keys(named("plain")),
        ["messages.tool_calls", "tools", "metadata.tokens"]
    );
    assert_eq!(
        keys(named("openai")),
        [
            "messages.tool_calls",
            "messages.tool_call_id",
            "tools",
            "parallel_tool_calls"
        ]
        .map(str::to_owned)
    );
    let said = of_files(
        &options(named("openai")),
        &files(&options(named("openai")), &lines),
    );
    assert_eq!(
        said[0].to_string(),
        "messages.tool_calls, messages.tool_call_id, tools, parallel_tool_calls are filled in no row of the first \
         10,485,760 bytes of the train file (before compression), but in later rows. datasets learns from these bytes \
         which keys rows have: loaded by itself, the file can fail, and before datasets 4.7 it does. Load the folder \
         with its README.md by datasets 4.7 or later (a single file comes without: package it as a folder or a .zip), \
         or put a row that has all of them first."
    );
    assert_eq!(late(&options(named("nemo")), &lines), []);
}

#[test]
fn a_written_line_tells_its_traits() {
    let row = tracesift_core::source::demo::row(1, 0);
    let trajectory = read(&row, &RowContext::default()).unwrap();
    let line = write(&trajectory, &Options::default()).remove(0).unwrap();
    let entry = Entry::from(&line);
    assert_eq!((entry.split, entry.text), (line.split, line.text.as_str()));
    assert_eq!(entry.shape, line.shape);
    assert!(line.shape.turns.calls && line.shape.tools);
}
