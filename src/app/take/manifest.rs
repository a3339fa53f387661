//! What a manifest says of the run at this moment: where the rows are from, which rules they passed, how they are
//! written. Files and counts come when the lines are written.

use leptos::prelude::*;

use crate::app::address::link;
use crate::app::store::Store;
use tracesift_core::export::tally::Tally;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::{ALL, Source};
use tracesift_core::manifest::{App, Manifest, Provenance, TokenTotals, token_method};

/// The manifest of an export that begins now.
pub fn manifest(store: Store) -> Manifest {
    let recipe = store.recipe.get_untracked();
    let selection = store.selection.get_untracked();
    let reading = store.reading.get_untracked();
    Manifest {
        provenance: Provenance {
            app: App::this(),
            recipe: link(store),
            dataset: dataset_name(&reading.source),
            config: reading.config,
            split: reading.split,
            revision: reading.revision.filter(|revision| !revision.is_empty()),
            sample: recipe.reading.sample,
            seed: recipe.reading.seed,
            rows_wanted: recipe.reading.rows,
            rows_measured: store.frame.with_untracked(|frame| frame.len() as u64),
            rows_bad: store.bad_count.get_untracked(),
            rows_selected: selection.kept.len() as u64,
            funnel: selection.steps.iter().map(Into::into).collect(),
            tokenizer: recipe
                .count
                .model
                .is_none()
                .then_some(recipe.count.tokenizer),
            token_method: token_method(&recipe.count),
            model: recipe.count.model,
        },
        tokens: Some(
            store
                .frame
                .with_untracked(|frame| tokens(frame, &selection.kept)),
        ),
        options: recipe.export,
        written: Tally::default(),
        warnings: Vec::new(),
        files: Vec::new(),
        created: None,
    }
}

/// The selected rows' tokens, by role.
pub fn tokens(frame: &Frame, kept: &[u32]) -> TokenTotals {
    let sum = |number: Number| {
        let column = frame.number(number);
        let known = kept
            .iter()
            .filter_map(|&at| column.get(at as usize))
            .filter(|n| n.is_finite());
        known.sum::<f64>() as u64
    };
    let assistant = sum(Number::TokensAssistant);
    let (reasoning, calls) = (sum(Number::TokensReasoning), sum(Number::TokensCalls));
    TokenTotals {
        total: sum(Number::Tokens),
        trainable: assistant + reasoning + calls,
        system: sum(Number::TokensSystem),
        user: sum(Number::TokensUser),
        assistant,
        reasoning,
        calls,
        observations: sum(Number::TokensObservations),
        tools: sum(Number::TokensTools),
        template: template(frame, kept),
    }
}

/// What the chat template adds to the selected rows, where it is known of any.
fn template(frame: &Frame, kept: &[u32]) -> Option<i64> {
    let column = frame.number(Number::TokensTemplate);
    let added = kept.iter().filter_map(|&at| column.get(at as usize));
    let added: Vec<f64> = added.copied().filter(|n| n.is_finite()).collect();
    (!added.is_empty()).then(|| added.iter().sum::<f64>() as i64)
}

/// `namespace/name`, `demo` or the file's name.
pub fn dataset_name(source: &Option<Source>) -> String {
    match source {
        Some(Source::Hub { dataset, .. }) => dataset.clone(),
        Some(Source::File { name, .. }) => name.clone(),
        Some(Source::Demo { .. }) | None => "demo".to_owned(),
    }
}

/// `owner-name-config-split`, with nothing in it that a file system minds.
pub fn base_name(store: Store) -> String {
    let reading = store.reading.get_untracked();
    let named = |name: String| match name.as_str() {
        ALL => "all".to_owned(),
        _ => name,
    };
    let parts = [
        dataset_name(&reading.source),
        named(reading.config),
        named(reading.split),
    ];
    let parts = parts.iter().filter(|part| !part.is_empty()).map(|part| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        part.chars()
            .map(|c| if is_plain(c) { c } else { '-' })
            .collect::<String>()
    });
    parts.collect::<Vec<_>>().join("-")
}
