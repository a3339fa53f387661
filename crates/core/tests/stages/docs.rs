//! The tables in `docs/` say what the code's tables say. They stand between marks in files that are otherwise written by
//! hand; `TRACESIFT_UPDATE=1` writes them anew.

use std::path::Path;

use tracesift_core::export::Format;
use tracesift_core::export::harness_tools::HarnessTools;
use tracesift_core::export::options::{Mask, Options};
use tracesift_core::figure::Kind;
use tracesift_core::frame::{Label, Number};
use tracesift_core::ground::words::thousands;
use tracesift_core::recipe::keys::{self, Key, SECTIONS, Takes};
use tracesift_core::recipe::preset::Preset;
use tracesift_core::recipe::{Difficulty, Recipe, address};
use tracesift_core::sign::{Compare, Family, Sign};
use tracesift_core::trace::{FieldMap, Outcome};

const UPDATE: &str = "TRACESIFT_UPDATE=1 cargo test -p tracesift-core --test stages docs::";

#[test]
fn the_address_is_documented_as_its_keys_are_defined() {
    let fields = FieldMap::WHAT.map(code).join(", ");
    check("address.md", &[("keys", keys()), ("fields", fields)]);
}

#[test]
fn the_signs_are_documented_as_they_are_defined() {
    check("signs.md", &[("signs", signs())]);
}

#[test]
fn the_measures_are_documented_as_they_are_defined() {
    let labels = Label::ALL.map(|label| vec![code(label.name()), label.definition().to_owned()]);
    let numbers = Number::ALL.map(|number| {
        let mut definition = number.definition().to_owned();
        if !number.is_in_table() {
            definition += " Not in the downloaded table.";
        }
        vec![code(number.name()), number.unit().to_owned(), definition]
    });
    let charts = Kind::ALL.map(|kind| vec![kind.title().to_owned(), kind.definition().to_owned()]);
    check(
        "measures.md",
        &[
            ("outcome", Outcome::DEFINITION.to_owned()),
            ("difficulty", Difficulty::DEFINITION.to_owned()),
            ("labels", table(&["Column", "Definition"], labels)),
            ("numbers", table(&["Column", "Unit", "Definition"], numbers)),
            ("charts", table(&["Chart", "Definition"], charts)),
        ],
    );
}

#[test]
fn the_formats_are_documented_as_they_are_defined() {
    let sections: Vec<String> = Format::all().map(format).collect();
    let overview = Format::all().map(|format| {
        let target = format.target();
        vec![
            code(target.name()),
            target.title().to_owned(),
            length(format),
        ]
    });
    let overview = table(&["`format=`", "Format", "Default length"], overview);
    let tools = HarnessTools::all().iter().map(|list| {
        let names: Vec<String> = list.tools().map(|tool| code(&tool.name)).collect();
        vec![list.title.clone(), names.join(", "), list.source.to_owned()]
    });
    let tools = table(&["Harness", "Tools", "Source"], tools);
    check(
        "formats.md",
        &[
            ("overview", overview),
            ("formats", sections.join("\n")),
            ("tools", tools),
        ],
    );
}

#[test]
fn the_presets_are_documented_as_they_are_defined() {
    let presets = Preset::ALL.map(|preset| {
        let cells = [preset.title, preset.sentence, preset.source];
        let mut cells = cells.map(str::to_owned).to_vec();
        cells.push(code(preset.query));
        cells
    });
    let presets = table(&["Preset", "Keeps", "Source", "Address"], presets);
    check("guide.md", &[("presets", presets)]);
}

/// A table of keys under each section's title.
fn keys() -> String {
    let row = |key: &Key| {
        vec![
            code(key.name),
            takes(key),
            default(key),
            key.what.to_owned(),
            code(&format!("{}={}", key.name, key.example)),
        ]
    };
    let mut text = String::new();
    for section in &SECTIONS {
        let heads = ["Key", "Values", "Default", "Meaning", "Example"];
        let keys: Vec<_> = section.keys.iter().map(row).collect();
        text += &format!("### {}\n\n{}\n\n", section.title, table(&heads, keys));
    }
    text.trim_end().to_owned()
}

fn takes(key: &Key) -> String {
    let words =
        |words: Vec<&'static str>| words.into_iter().map(code).collect::<Vec<_>>().join(", ");
    match key.takes() {
        Takes::OneOf(all) => words(all()),
        Takes::AnyOf(all) => format!("a list of {}", words(all())),
        Takes::Form(form) => form.to_owned(),
    }
}

/// The value of a key in the empty address.
fn default(key: &Key) -> String {
    match keys::value(key.name, &Recipe::default()) {
        value if value.is_empty() => String::new(),
        value => code(&value),
    }
}

/// A table of signs under each family's title.
fn signs() -> String {
    let row = |sign: Sign| {
        let from = match sign.compare() {
            Compare::AtLeast => format!("{} ({})", sign.default_threshold(), sign.unit()),
            Compare::MoreThan => {
                format!("more than {} ({})", sign.default_threshold(), sign.unit())
            }
            Compare::Yes => sign.unit().to_owned(),
        };
        vec![
            code(sign.name()),
            from,
            sign.definition().to_owned(),
            sign.source().to_owned(),
        ]
    };
    let heads = ["Sign", "Carried from", "Definition", "Source"];
    let family = |family: Family| {
        let signs = Sign::ALL.into_iter().filter(|sign| sign.family() == family);
        let rows: Vec<_> = signs.map(row).collect();
        format!("## {}\n\n{}", family.title(), table(&heads, rows))
    };
    Family::ALL.map(family).join("\n\n")
}

/// What is said of one format.
fn format(format: Format) -> String {
    let options = Options {
        format,
        ..Options::default()
    };
    let target = format.target();
    let mut lines = vec![
        match target.has_reasoning() {
            true => "Reasoning has a field of its own.".to_owned(),
            false => "Reasoning has no field of its own: it is written before the text as `<think>…</think>`, or dropped.".to_owned(),
        },
        match target.has_arguments_choice() {
            true => "Arguments of calls are text or an object, as you choose.".to_owned(),
            false => "The format decides how arguments of calls are written.".to_owned(),
        },
        mask(target.carries(&options), target.instead_of_mask()),
    ];
    if target.has_images() {
        lines.push(
            "Keeps images by their addresses and paths; other media are left out.".to_owned(),
        );
    }
    if target.merges_parallel() {
        lines.push("Results of parallel calls are always merged into one message.".to_owned());
    }
    if target.has_sidecars() {
        lines.push(
            "The files that the trainer needs beside the rows are written with them.".to_owned(),
        );
    }
    if !target.takes_shards() {
        lines.push("The trainer reads one file per split, so files are not divided.".to_owned());
    }
    lines.extend(target.notes(&options).into_iter().map(str::to_owned));
    let lines = lines
        .into_iter()
        .map(|line| format!("- {}\n", escaped(&line)));
    format!(
        "## {}\n\n`format={}`. {}\n\n{}",
        target.title(),
        target.name(),
        escaped(target.sentence()),
        lines.collect::<String>(),
    )
}

/// How long a row the trainer takes unless told otherwise.
fn length(format: Format) -> String {
    match format.target().default_length() {
        Some(length) => format!(
            "{} tokens (`{}`); longer rows {}",
            thousands(length.tokens as f64),
            length.setting,
            length.longer
        ),
        None => "none".to_owned(),
    }
}

/// What of a mask a format carries.
fn mask(carried: Mask, instead: &str) -> String {
    let words = carried.words().into_iter().map(code).collect::<Vec<_>>();
    let carried = match words.is_empty() {
        true => "Carries no mask.".to_owned(),
        false => format!("Carries the masks {}.", words.join(", ")),
    };
    format!("{carried} {instead}").trim_end().to_owned()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Text in which nothing is taken for HTML.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.replace('<', "&lt;").replace('*', "\\*"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// A Markdown table.
fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads_line = line(heads.iter().map(|&head| head.to_owned()).collect());
    let rule = format!("|{}\n", "---|".repeat(heads.len()));
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.iter().map(|cell| escaped(cell).replace('|', "\\|"));
        line(cells.collect())
    });
    (heads_line + &rule + &rows.collect::<String>())
        .trim_end()
        .to_owned()
}

/// Compares the parts of a file that are made here with what they should be, or writes them.
fn check(name: &str, parts: &[(&str, String)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    let before = std::fs::read_to_string(&path).unwrap();
    let after = parts.iter().fold(before.clone(), |text, (part, made)| {
        let (begin, end) = (
            format!("<!-- made from the code: {part} -->\n"),
            format!("<!-- end: {part} -->"),
        );
        let (head, rest) = text
            .split_once(&begin)
            .unwrap_or_else(|| panic!("docs/{name} has no line {begin}"));
        let (_, tail) = rest
            .split_once(&end)
            .unwrap_or_else(|| panic!("docs/{name} has no line {end}"));
        format!("{head}{begin}\n{}\n\n{end}{tail}", made.trim())
    });
    if std::env::var_os("TRACESIFT_UPDATE").is_some() {
        std::fs::write(&path, after).unwrap();
    } else {
        let differs = before
            .lines()
            .zip(after.lines())
            .find(|(was, is)| was != is);
        assert!(
            before == after,
            "docs/{name} does not say what the code says; renew it with\n{UPDATE}\n{differs:?}"
        );
    }
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let docs = std::fs::read_dir(root.join("docs")).unwrap();
    let mut files: Vec<_> = docs.map(|file| file.unwrap().path()).collect();
    files.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root.join(name)));
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split_once(')'));
        for (link, _) in links.filter(|(link, _)| !link.contains("://")) {
            let path = link.split('#').next().unwrap_or_default();
            let target = file.parent().unwrap().join(path);
            assert!(target.exists(), "{} links to {link}", file.display());
            count += 1;
        }
    }
    assert!(count > 30, "{count} links");
}

#[test]
fn the_examples_of_the_readme_are_read_without_a_notice() {
    let links = include_str!("../../../../README.md")
        .lines()
        .filter_map(|line| line.strip_prefix("    ?"));
    let read: Vec<_> = links.map(address::parse).collect();
    assert_eq!(read.len(), 3);
    for (recipe, notices) in read {
        assert_eq!(notices, [], "{recipe:?}");
    }
}
