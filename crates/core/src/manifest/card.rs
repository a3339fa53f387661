//! The card of an exported dataset: the README.md that the Hub shows, with the front matter it reads. All of it comes
//! from the manifest; upload the files beside it and the dataset loads with its splits.
//! <https://huggingface.co/docs/hub/datasets-cards>

use std::fmt::Write as _;

use super::{Manifest, Provenance, SourceRows};
use crate::export::features::Feature;
use crate::export::options::{Arguments, BrokenCalls, Group, Images, Options, Reasoning, Tools};
use crate::export::split::Split;
use crate::export::yaml;
use crate::ground::words::{all_of, thousands};

const REPAIRED: &str =
    "Arguments of calls were repaired where it was certain which JSON object was meant.";

/// What the manifest does not know of the dataset that the rows are from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The Hub's identifier of its licence, such as `cc-by-4.0`; of several datasets that of each, in the manifest's
    /// order.
    pub licenses: Vec<Option<String>>,
    /// Languages that people speak, by code, such as `en`.
    pub languages: Vec<String>,
}

/// The card, in Markdown. `features` are those that a loader must be told: [`Feature::to_be_told`].
pub fn write(manifest: &Manifest, source: &Source, features: Option<&Feature>) -> String {
    let mut text = front_matter(manifest, source, features);
    let _ = writeln!(
        text,
        "\n# {}, selected for fine-tuning\n",
        title(&manifest.provenance)
    );
    text += &how(manifest);
    text += &mixture(manifest, source);
    text += &rows(manifest);
    text += &changes(&manifest.options);
    text += &licenses(manifest, source);
    text += &warnings(manifest);
    text += &training(&manifest.options);
    text += &files(manifest);
    text
}

fn front_matter(manifest: &Manifest, source: &Source, features: Option<&Feature>) -> String {
    let mut text = String::from("---\n");
    text += &license_field(&source.licenses);
    if !source.languages.is_empty() {
        text += "language:\n";
        list(&mut text, source.languages.iter().map(String::as_str));
    }
    text += "task_categories:\n- text-generation\ntags:\n";
    let tags = ["agent", "tool-use", "sft", "code", "tracesift"];
    list(
        &mut text,
        tags.into_iter().chain([manifest.options.format.name()]),
    );
    let lines = manifest.files.iter().map(|file| file.file.lines).sum();
    let _ = writeln!(text, "size_categories:\n- {}", size_category(lines));
    let sources = sources(&manifest.provenance);
    let names = sources.iter().map(|source| source.dataset.as_str());
    let on_hub = once_each(names.filter(|name| is_on_hub(name)));
    if !on_hub.is_empty() {
        text += "source_datasets:\n";
        list(&mut text, on_hub.into_iter());
    }
    text += "configs:\n- config_name: default\n  data_files:\n";
    for split in Split::ALL {
        let files = manifest.files.iter().filter(|file| file.split == split);
        let mut files = files.map(|file| file.file.file.as_str()).peekable();
        if files.peek().is_some() {
            let _ = writeln!(text, "  - split: {}\n    path:", split.name());
            for file in files {
                let _ = writeln!(text, "    - {}", yaml::text(file));
            }
        }
    }
    if let Some(features) = features {
        text += "dataset_info:\n  features:\n";
        text += &features.to_yaml(2);
    }
    text + "---\n"
}

fn list<'t>(text: &mut String, items: impl Iterator<Item = &'t str>) {
    for item in items {
        let _ = writeln!(text, "- {}", yaml::text(item));
    }
}

/// The Hub's word for a number of rows.
fn size_category(lines: u64) -> &'static str {
    match lines {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "10M<n<100M",
    }
}

/// The licence of the dataset, or the list of the licences of several.
fn license_field(licenses: &[Option<String>]) -> String {
    let names = licenses.iter().map(|l| l.as_deref().unwrap_or("unknown"));
    let names = once_each(names);
    match names.as_slice() {
        [] => "license: unknown\n".to_owned(),
        [only] => format!("license: {}\n", yaml::text(only)),
        several => {
            let mut text = String::from("license:\n");
            list(&mut text, several.iter().copied());
            text
        }
    }
}

fn once_each<'t>(names: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// Where the rows are from: one dataset, or each of several.
fn sources(provenance: &Provenance) -> Vec<SourceRows> {
    if !provenance.sources.is_empty() {
        return provenance.sources.clone();
    }
    vec![SourceRows {
        dataset: provenance.dataset.clone(),
        config: provenance.config.clone(),
        split: provenance.split.clone(),
        revision: provenance.revision.clone(),
        first_row: 0,
        rows_measured: provenance.rows_measured,
        rows_selected: provenance.rows_selected,
    }]
}

fn is_on_hub(name: &str) -> bool {
    name.contains('/')
}

fn title(provenance: &Provenance) -> String {
    let sources = sources(provenance);
    let names = once_each(sources.iter().map(|source| source.dataset.as_str()));
    let titles = names
        .iter()
        .enumerate()
        .map(|(at, name)| match (at, *name) {
            (0, "demo") => "The demo".to_owned(),
            (_, "demo") => "the demo".to_owned(),
            (_, name) => plain(name),
        });
    all_of(titles.collect())
}

/// The dataset with its place and version, as a link where it is on the Hub.
fn link_to(source: &SourceRows) -> String {
    let name = plain(&source.dataset);
    let from = match is_on_hub(&source.dataset) {
        true => format!(
            "[{name}](https://huggingface.co/datasets/{})",
            source.dataset
        ),
        false => name,
    };
    let place = [&source.config, &source.split];
    let place: Vec<String> = place
        .iter()
        .filter(|p| !p.is_empty())
        .map(|p| plain(p))
        .collect();
    let place = match place.is_empty() {
        true => String::new(),
        false => format!(" ({})", place.join(", ")),
    };
    let version = source.revision.as_deref().map(plain);
    let version = version.map_or_else(String::new, |revision| format!(" at version {revision}"));
    format!("{from}{place}{version}")
}

fn how(manifest: &Manifest) -> String {
    let sources = sources(&manifest.provenance);
    let from = all_of(sources.iter().map(link_to).collect());
    format!(
        "Agent trajectories of {from}, selected and written as {} by {} {}. \
         [This link]({}) opens the page with the same rows, rules and choices.\n\n",
        manifest.options.format.target().title(),
        manifest.provenance.app.app,
        manifest.provenance.app.version,
        manifest.provenance.recipe.replace([')', ' ', '\n'], "%20"),
    )
}

fn rows(manifest: &Manifest) -> String {
    let count = |n: u64| thousands(n as f64);
    let mut text = String::from("## Rows\n\n| rule | rows left |\n|---|---|\n");
    let _ = writeln!(
        text,
        "| rows read | {} |",
        count(manifest.provenance.rows_measured)
    );
    for rule in &manifest.provenance.funnel {
        let _ = writeln!(
            text,
            "| {} | {} |",
            plain(&rule.words),
            count(rule.rows_left)
        );
    }
    let written = &manifest.written;
    for (fault, rows) in &written.rejected {
        let _ = writeln!(
            text,
            "| not written: {} | −{} |",
            fault.words(),
            count(*rows)
        );
    }
    let _ = writeln!(text, "\n| split | rows |\n|---|---|");
    for (split, rows) in &written.splits {
        let _ = writeln!(text, "| {} | {} |", split.name(), count(*rows));
    }
    let tokenizer = manifest
        .provenance
        .tokenizer
        .map(|tokenizer| tokenizer.title());
    let counted_by = tokenizer.or(manifest.provenance.model.as_deref());
    if let (Some(tokens), Some(counted_by)) = (written.tokens, counted_by) {
        let trainable = written.trainable.map_or_else(String::new, |trainable| {
            format!(", of which a trainer learns from {}", count(trainable))
        });
        let longest = written.longest.map_or_else(String::new, |longest| {
            format!("; the longest row has {}", count(longest))
        });
        let _ = writeln!(
            text,
            "\n{} tokens{trainable}{longest} ({counted_by}; {}).",
            count(tokens),
            manifest
                .provenance
                .token_method
                .split(':')
                .next()
                .unwrap_or_default(),
        );
    }
    text + "\n"
}

/// What was changed in the rows, in the order in which it was done.
fn changes(options: &Options) -> String {
    let mut changes: Vec<String> = Vec::new();
    let mut add = |change: &str| changes.push(change.to_owned());
    match options.format.target().reasoning(options) {
        Reasoning::Keep => {}
        Reasoning::Inline => add("Reasoning is written into the text, as `<think>…</think>`."),
        Reasoning::Drop => add("Reasoning was left out."),
    }
    if options.drop_system {
        add("System prompts were left out.");
    }
    if options.merge_parallel || options.format.target().merges_parallel() {
        add("Results of calls that were made at once are one message.");
    }
    if let Some(limit) = options.observations {
        let limit = thousands(limit as f64);
        add(&format!(
            "Of tools' results longer than {limit} tokens, head and tail were kept."
        ));
    }
    if let Some(limit) = options.cut {
        let limit = thousands(limit as f64);
        add(&format!(
            "Runs longer than {limit} tokens were cut between turns; each part begins with the task{}.",
            if options.format.target().is_for_training() {
                " and ends with the assistant"
            } else {
                ""
            }
        ));
    }
    match options.broken {
        BrokenCalls::Keep => {}
        BrokenCalls::Repair => add(REPAIRED),
        BrokenCalls::Mask => add(&format!(
            "{REPAIRED} The turns of other broken calls are left out of learning."
        )),
        BrokenCalls::End => add(&format!(
            "{REPAIRED} Rows end before the first other broken call."
        )),
    }
    if options.end_at_assistant {
        add("Rows end at the assistant's last message.");
    }
    if options.arguments == Arguments::Object && options.format.target().has_arguments_choice() {
        add("Arguments of calls are objects.");
    }
    if options.images == Images::Word && options.format.target().has_images() {
        add("A word stands in the place of each image.");
    }
    if options.tools == Tools::Harness {
        add(
            "Runs that declared no tools have those that their harness publishes, where these are known.",
        );
    }
    let mask = options.mask.and(options.format.target().carries(options));
    if mask.is_set() {
        add(&format!(
            "Marked as not to be learned from: {}.",
            mask.words().join(", ")
        ));
    }
    if Split::of(options.shares).len() > 1 {
        let group = match options.shares.group {
            Group::Instance => "task",
            Group::Repo => "repository",
        };
        add(&format!("No {group} is in two splits."));
    }
    match changes.is_empty() {
        true => String::new(),
        false => format!("## Changes\n\n- {}\n\n", changes.join("\n- ")),
    }
}

/// What came from which of several datasets.
fn mixture(manifest: &Manifest, source: &Source) -> String {
    let sources = &manifest.provenance.sources;
    if sources.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "## Sources\n\n| source | rows read | rows selected | licence |\n|---|---|---|---|\n",
    );
    for (at, from) in sources.iter().enumerate() {
        let license = source.licenses.get(at).cloned().flatten();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            link_to(from),
            thousands(from.rows_measured as f64),
            thousands(from.rows_selected as f64),
            license.map_or_else(|| "not known".to_owned(), |license| plain(&license)),
        );
    }
    text + "\n"
}

fn licenses(manifest: &Manifest, source: &Source) -> String {
    let mut text = String::from("## Licences\n\n");
    let license = source.licenses.first().and_then(Option::as_deref);
    let _ = match license {
        _ if !manifest.provenance.sources.is_empty() => writeln!(
            text,
            "The licence of each source dataset stands beside its name above."
        ),
        Some(license) => writeln!(text, "The source dataset's licence is {}.", plain(license)),
        None => writeln!(
            text,
            "The source dataset's licence was not known when this was written."
        ),
    };
    let known = manifest.written.licenses.iter();
    let known = known.filter(|(license, _)| !license.is_empty());
    let mut known = known.peekable();
    if known.peek().is_some() {
        text += "The repositories that the tasks are from have licences of their own:\n\n| licence | rows |\n|---|---|\n";
        for (license, rows) in known {
            let _ = writeln!(text, "| {} | {} |", plain(license), thousands(*rows as f64));
        }
    }
    text + "\n"
}

fn warnings(manifest: &Manifest) -> String {
    if manifest.warnings.is_empty() {
        return String::new();
    }
    let warnings: Vec<String> = manifest
        .warnings
        .iter()
        .map(|warning| plain(warning))
        .collect();
    format!("## Before you train\n\n- {}\n\n", warnings.join("\n- "))
}

/// How to train on the files as they lie there.
fn training(options: &Options) -> String {
    match options.format.target().command() {
        Some(command) => format!(
            "## Train\n\nIn the folder of these files, with {} installed:\n\n```sh\n{command}\n```\n\n",
            options.format.target().trainer()
        ),
        None => String::new(),
    }
}

fn files(manifest: &Manifest) -> String {
    let mut text =
        String::from("## Files\n\n| file | rows | bytes | SHA-256 |\n|---|---|---|---|\n");
    for file in &manifest.files {
        let file = &file.file;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            plain(&file.file),
            thousands(file.lines as f64),
            thousands(file.bytes as f64),
            file.sha256,
        );
    }
    text
}

/// A text of the dataset as text of a table: no markup of it counts.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
