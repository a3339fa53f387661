//! The same text as `transformers.apply_chat_template`, for our templates and for those of many models of the Hub.

use tracesift_core::export::Origin;
use tracesift_core::tokens::template::{Arguments, Edges, Family, Template};

use crate::export::shared::line;
use crate::template::oracle::{self, Case, Rendered};
use crate::template::shared;

/// What one template does with one row, here and in Python.
struct Pair {
    name: String,
    row: usize,
    ours: Result<String, String>,
}

/// Compares each template on each row, arguments as they are given or as the template wants them; the share of rows that
/// both write is given back.
fn compare(
    templates: &[(String, String, Edges)],
    rows: &[String],
    arguments: Option<Arguments>,
) -> f64 {
    let mut cases = Vec::new();
    let mut pairs = Vec::new();
    for (name, source, edges) in templates {
        let template = Template::new(name, source, edges.clone());
        let template = template.unwrap_or_else(|error| panic!("{name}: {error}"));
        for (row, json) in rows.iter().enumerate() {
            let trajectory = shared::read(json);
            let add_generation_prompt = row % 3 == 2;
            let ours = template.render_given(&trajectory, arguments, add_generation_prompt);
            pairs.push(Pair {
                name: name.clone(),
                row,
                ours: ours.map_err(|error| error.to_string()),
            });
            cases.push(Case {
                template: source.clone(),
                line: line(&trajectory, &Origin::default()),
                objects: arguments.unwrap_or(template.arguments()) == Arguments::Objects,
                add_generation_prompt,
                bos_token: edges.begin.clone(),
                eos_token: edges.end.clone(),
            });
        }
    }
    let (mut written, mut wrong) = (0, Vec::new());
    let theirs = oracle::render(&cases);
    assert_eq!(theirs.len(), pairs.len());
    for (Pair { name, row, ours }, theirs) in pairs.iter().zip(&theirs) {
        match (ours, theirs) {
            (Ok(ours), Rendered::Text(theirs)) => {
                written += 1;
                if ours != theirs {
                    wrong.push(format!("{name}, row {row}: {}", difference(ours, theirs)));
                }
            }
            (Err(_), Rendered::Error(_)) => {}
            (Err(ours), Rendered::Text(_)) => {
                wrong.push(format!("{name}, row {row}: here only: {ours}"));
            }
            (Ok(_), Rendered::Error(theirs)) => {
                wrong.push(format!("{name}, row {row}: there only: {theirs}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    f64::from(written) / pairs.len() as f64
}

/// Where two texts part.
fn difference(ours: &str, theirs: &str) -> String {
    let same = ours.chars().zip(theirs.chars());
    let at = same.take_while(|(a, b)| a == b).count();
    let show = |text: &str| {
        let near = text.chars().skip(at.saturating_sub(60)).take(160);
        near.collect::<String>()
    };
    format!("\nhere:  {:?}\nthere: {:?}", show(ours), show(theirs))
}

#[test]
fn our_templates_write_what_transformers_writes() {
    let templates = Family::ALL.map(|family| {
        (
            family.name().to_owned(),
            family.source().to_owned(),
            family.edges(),
        )
    });
    let share = compare(&templates, &shared::all(), None);
    assert!(share > 0.8, "{share}");
    // Trainers hand on what a file has, whatever the template wants: here and there the same rows fail.
    for arguments in [Arguments::Text, Arguments::Objects] {
        let share = compare(&templates, &shared::few(), Some(arguments));
        assert!(share > 0.3, "{arguments:?}: {share}");
    }
}

#[test]
fn templates_of_the_hub_write_what_transformers_writes() {
    let edges = Edges {
        begin: Some("<bos>".to_owned()),
        end: Some("<eos>".to_owned()),
    };
    let collection = oracle::collection();
    assert!(collection.len() > 60, "{}", collection.len());
    let templates: Vec<_> = collection
        .into_iter()
        .map(|(name, source)| (name, source, edges.clone()))
        .collect();
    let share = compare(&templates, &shared::few(), None);
    assert!(share > 0.5, "{share}");
}

#[test]
fn what_we_took_is_what_was_published() {
    let collection = oracle::collection();
    for (family, name) in [
        (Family::Qwen25, "qwen2_5"),
        (Family::Qwen3, "qwen3"),
        (Family::Llama31, "llama3_1"),
        (Family::DeepseekV3, "deepseekv3"),
        (Family::Glm4, "glm4moe"),
    ] {
        let (comment, template) = family.source().split_once("-#}\n").expect("a source");
        assert!(comment.contains("Apache License"), "{comment}");
        assert_eq!(template, collection[name], "{name}");
    }
}

/// `formats.json` holds a row and what becomes of it by the chat templates that Kimi K2 Thinking and MiniMax M2 are
/// published with, rendered by `jinja2`, and by `InstructTokenizerV13` of PyPI's `mistral-common` 1.13.1.
#[test]
fn formats_that_we_wrote_out_are_those_that_were_published() {
    let fixture = include_str!("../../fixtures/formats.json");
    let fixture: serde_json::Value = serde_json::from_str(fixture).unwrap();
    let row = fixture["row"].to_string();
    let trajectory = shared::read(&row);
    for family in [Family::KimiK2, Family::MinimaxM2, Family::Mistral] {
        let ours = family
            .template()
            .unwrap()
            .render(&trajectory, false)
            .unwrap();
        let theirs = fixture[family.name()].as_str().expect("a text");
        assert!(ours == theirs, "{family:?}: {}", difference(&ours, theirs));
    }
}
