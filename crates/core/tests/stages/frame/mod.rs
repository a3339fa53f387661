//! The frame against brute force and against pandas and statsmodels: columns, quantiles, bins, groups, budgets.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod bins;
mod columns;
mod groups;
mod statistics;
mod storage;

use std::borrow::Cow;

use proptest::prelude::*;
use tracesift_core::frame::Frame;
use tracesift_core::measure::{Measurements, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::sign::{SIGNATURE, Signs};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

/// A row as a real dataset has it: its own id, an instance of four runs, a long repository name, eight tools.
fn realistic(row: u64) -> Measurements {
    let text = |text: String| Some(Cow::Owned(text));
    let n = u32::try_from(row % 1000).unwrap();
    let mut measurements = Measurements {
        row,
        outcome: Outcome::ALL[n as usize % 4],
        messages: n,
        turns: n / 2,
        patch: Some(PatchCounts {
            files: n % 5,
            hunks: n % 7,
            added: n,
            test_files: n % 2,
            ..PatchCounts::default()
        }),
        tokens: Some(TokenCounts {
            assistant: n * 37,
            ..TokenCounts::default()
        }),
        bytes: 300_000 + row,
        tools: (0..8)
            .map(|tool| ToolUse {
                name: format!("str_replace_editor:verb{tool}"),
                calls: n % 9,
                errors: n % 3,
            })
            .collect(),
        signs: Signs {
            patch: Some(row / 3 + 1),
            calls: Some(row + 1),
            words: (1_u8..)
                .take(SIGNATURE)
                .map(|at| at.wrapping_mul((n % 200) as u8 + 1))
                .collect(),
            ..Signs::default()
        },
        ..Measurements::default()
    };
    measurements.labels.trajectory_id = text(format!("{row:032x}-openhands-run-0"));
    measurements.labels.instance_id =
        text(format!("apache__airflow-providers.{:08}.{}", row / 4, 7));
    measurements.labels.repo = text(format!("apache/airflow-providers-{}", row % 300));
    measurements.labels.language = text(["Python", "Go", "Rust"][n as usize % 3].to_owned());
    measurements.labels.license = text("Apache-2.0".to_owned());
    measurements
}

fn frame(rows: &[Measurements]) -> Frame {
    let mut frame = Frame::default();
    rows.iter().for_each(|row| frame.push(row));
    frame
}
/// A small row that shares labels, tools and outcomes with others.
fn row() -> impl Strategy<Value = Measurements> {
    let tokens = prop::option::of(0_u32..300_000);
    let tools = prop::collection::btree_map(0_u32..5, (1_u32..9, 0_u32..3), 0..4);
    (
        0_u64..200,
        0_usize..4,
        prop::option::of(0_u32..4),
        tokens,
        tools,
    )
        .prop_map(|(row, outcome, language, tokens, tools)| {
            let mut measurements = Measurements {
                row,
                outcome: Outcome::ALL[outcome],
                tokens: tokens.map(|user| TokenCounts {
                    user,
                    ..TokenCounts::default()
                }),
                tools: tools
                    .into_iter()
                    .map(|(name, (calls, errors))| ToolUse {
                        name: format!("t{name}"),
                        calls,
                        errors,
                    })
                    .collect(),
                ..Measurements::default()
            };
            measurements.labels.language = language.map(|l| Cow::Owned(format!("L{l}")));
            measurements
        })
}

fn rows_and_mask() -> impl Strategy<Value = (Vec<Measurements>, Vec<bool>)> {
    let rows = prop::collection::vec(row(), 0..120);
    (rows, prop::collection::vec(any::<bool>(), 0..120))
}
