#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
//! Charts: what they say about ordinary and odd frames, and how they are drawn.

mod drawing;
mod explore;
mod frames;
mod limits;

use std::borrow::Cow;

use drawing::{drawn, elements};
use frames::{BUDGET, all, filtered, framed, frames, ordinary, outlier, successes};
use proptest::prelude::*;
use tracesift::draw::{Theme, svg};
use tracesift_core::figure::{Body, Curve};
use tracesift_core::figure::{Figure, Ground, Kind, Rule};
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::words;
use tracesift_core::measure::{Measurements, ToolUse};
use tracesift_core::patch::PatchCounts;
use tracesift_core::recipe::ListKey;
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::{Labels, Outcome};

#[test]
fn an_empty_frame_says_so() {
    for kind in Kind::ALL {
        let frame = Frame::default();
        let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
        let Body::Empty(why) = &figure.body else {
            panic!("{kind:?} shows something");
        };
        assert!(why.ends_with('.') && figure.alt.contains(why.as_str()));
        assert_eq!(
            drawn(&figure, 340, Theme::Light, 1).1.hit(170.0, 60.0),
            None
        );
    }
}

/// The sums of the second and third column of a figure's table.
fn sums(figure: &Figure) -> (u64, u64) {
    let table = figure.table();
    let sum = |column: usize| {
        table[1..]
            .iter()
            .map(|row| row[column].parse::<u64>().unwrap())
            .sum()
    };
    (sum(1), sum(2))
}

#[test]
fn bars_sum_to_all_and_to_the_selected_rows() {
    for (name, frame) in frames().into_iter().filter(|(_, frame)| !frame.is_empty()) {
        for selection in [all(&frame), successes(&frame)] {
            let rows = (
                frame.len() as u64,
                selection.mask.iter().filter(|on| **on).count() as u64,
            );
            for kind in [Kind::Languages, Kind::Turns, Kind::Tokens, Kind::PatchSize] {
                let figure = Figure::of(kind, &frame, &selection, BUDGET);
                if !matches!(figure.body, Body::Empty(_)) {
                    assert_eq!(sums(&figure), rows, "{name} {kind:?}");
                }
                assert_eq!((figure.rows.all, figure.rows.selected), rows);
            }
            if let Body::Shares(shares) =
                &Figure::of(Kind::Outcomes, &frame, &selection, BUDGET).body
            {
                let all: u64 = shares.groups.iter().map(|group| group.rows().all).sum();
                let selected: u64 = shares
                    .groups
                    .iter()
                    .map(|group| group.rows().selected)
                    .sum();
                assert_eq!((all, selected), rows, "{name}");
            }
            let calls: u64 = (0..frame.len())
                .flat_map(|position| frame.tools(position))
                .map(|tool| u64::from(tool.1))
                .sum();
            if let Body::Bars(bars) = &Figure::of(Kind::Tools, &frame, &selection, BUDGET).body {
                assert_eq!(
                    bars.bars.iter().map(|bar| bar.count.all).sum::<u64>(),
                    calls,
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn past_fifteen_names_the_rest_is_one_bar_that_says_how_many() {
    let (_, frame) = frames().pop().unwrap();
    for (kind, rest) in [(Kind::Languages, "25 others"), (Kind::Tools, "28 others")] {
        let Body::Bars(bars) = Figure::of(kind, &frame, &all(&frame), BUDGET).body else {
            panic!("no bars");
        };
        assert_eq!(bars.bars.len(), 16);
        let last = bars.bars.last().unwrap();
        assert_eq!((last.name.as_str(), &last.rule), (rest, &None));
    }
}

#[test]
fn the_text_alternative_gives_the_numbers_of_the_frame() {
    let frame = framed((0..2_000).map(ordinary));
    let selection = successes(&frame);
    let alt = |kind| Figure::of(kind, &frame, &selection, BUDGET).alt;
    let selected = selection.kept.len();
    let opening = format!("{} of 2,000 rows selected", words::count(selected as u64));
    for kind in Kind::ALL {
        assert!(alt(kind).starts_with(kind.title()), "{}", alt(kind));
        assert!(alt(kind).contains(&opening), "{}", alt(kind));
    }
    let tokens = frame.number(Number::Tokens);
    let known: Vec<f64> = selection
        .kept
        .iter()
        .map(|&at| tokens[at as usize])
        .filter(|n| !n.is_nan())
        .collect();
    let fit: Vec<f64> = known
        .iter()
        .copied()
        .filter(|&n| n <= BUDGET as f64)
        .collect();
    let percent = |part: f64, whole: f64| format!("{:.0}\u{a0}%", 100.0 * part / whole);
    let kept = format!(
        "A budget of 32,768 tokens keeps {} of the selected rows ({} of {}) and {} of their tokens.",
        percent(fit.len() as f64, known.len() as f64),
        words::count(fit.len() as u64),
        words::count(known.len() as u64),
        percent(fit.iter().sum(), known.iter().sum()),
    );
    assert!(
        alt(Kind::Kept).contains(&kept),
        "{}\n{kept}",
        alt(Kind::Kept)
    );
    let mut turns: Vec<f64> = selection
        .kept
        .iter()
        .map(|&at| frame.number(Number::Turns)[at as usize])
        .collect();
    turns.sort_by(f64::total_cmp);
    let middle = f64::midpoint(turns[(turns.len() - 1) / 2], turns[turns.len() / 2]).ceil();
    let half = format!("Half of the selected rows have at most {middle} turns");
    assert!(
        alt(Kind::Turns).contains(&half),
        "{}\n{half}",
        alt(Kind::Turns)
    );
    let outcomes = format!(
        "{} of {} selected rows have a known outcome; 100\u{a0}%",
        words::count(selected as u64),
        words::count(selected as u64)
    );
    assert!(
        alt(Kind::Outcomes).contains(&outcomes),
        "{}\n{outcomes}",
        alt(Kind::Outcomes)
    );
}

#[test]
fn the_curve_never_falls_and_ends_with_everything() {
    let frame = framed((0..2_000).map(outlier));
    let figure = Figure::of(Kind::Kept, &frame, &successes(&frame), BUDGET);
    let Body::Curve(curve) = &figure.body else {
        panic!("no curve");
    };
    let shares: Vec<(f64, f64)> = curve
        .steps
        .iter()
        .map(|kept| Curve::shares(kept.selected, curve.whole.selected))
        .collect();
    assert!(
        shares
            .windows(2)
            .all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
    );
    assert_eq!(shares.last(), Some(&(1.0, 1.0)));
    // Short rows come first, so rows are ahead of tokens.
    assert!(shares.iter().all(|(rows, tokens)| rows >= tokens));
}

#[test]
fn of_many_rows_a_fixed_number_is_drawn_evenly_and_the_caption_says_so() {
    let frame = framed((0..9_000).map(ordinary));
    let selection = filtered(&frame, Rule::Is(ListKey::Outcome, "success".to_owned()));
    let figure = Figure::of(Kind::TurnsTokens, &frame, &selection, BUDGET);
    let Body::Scatter(scatter) = &figure.body else {
        panic!("no scatter");
    };
    assert_eq!(scatter.dots.len(), 3_000);
    assert_eq!(
        scatter.dots.iter().filter(|dot| dot.selected).count(),
        1_500
    );
    assert!(
        figure.caption.starts_with("3,000 of "),
        "{}",
        figure.caption
    );
    assert_eq!(
        figure,
        Figure::of(Kind::TurnsTokens, &frame, &selection, BUDGET)
    );
    let rows: Vec<u64> = scatter
        .dots
        .iter()
        .filter(|dot| dot.selected)
        .map(|dot| dot.row)
        .collect();
    let widest = rows.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(widest < 60, "a gap of {widest} rows");
    let (_, plot) = drawn(&figure, 640, Theme::Light, 1);
    let dot = scatter.dots.iter().find(|dot| dot.selected).unwrap();
    let x = plot.px_of(dot.turns).unwrap();
    let met = (0..400)
        .filter_map(|y| plot.hit(x, f64::from(y)))
        .any(|hit| hit.rows == [Rule::Row(dot.row)]);
    assert!(met, "no pointer meets row {}", dot.row);
}

#[test]
fn a_kept_ground_changes_nothing() {
    let frame = framed((0..2_000).map(outlier));
    let ground = Ground::default();
    for selection in [all(&frame), successes(&frame)] {
        for kind in Kind::ALL {
            let kept = Figure::on(&ground, kind, &frame, &selection, BUDGET);
            assert_eq!(kept, Figure::of(kind, &frame, &selection, BUDGET));
        }
    }
}

#[test]
fn a_table_has_a_cell_for_every_heading() {
    for (name, frame) in frames() {
        for kind in Kind::ALL {
            let table = Figure::of(kind, &frame, &successes(&frame), BUDGET).table();
            assert!(table.len() > 1, "{name} {kind:?}");
            assert!(
                table.iter().all(|row| row.len() == table[0].len()),
                "{name} {kind:?}"
            );
        }
    }
}

#[test]
fn every_chart_has_a_name_a_heading_and_a_definition_of_its_own() {
    let kinds = Kind::ALL;
    for (i, kind) in kinds.iter().enumerate() {
        assert!(kind.definition().ends_with('.') && kind.definition().len() > 40);
        for other in &kinds[i + 1..] {
            assert!(kind.name() != other.name() && kind.title() != other.title());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_frame_is_drawn_and_its_bars_sum_to_its_rows(
        rows in prop::collection::vec((any::<u32>(), any::<u32>(), any::<u32>(), 0usize..4, ".{0,40}", any::<bool>()), 1..60),
        width in 320u32..900,
        budget: u64,
    ) {
        let frame = framed(rows.iter().zip(0..).map(|((turns, tokens, added, outcome, name, known), row)| Measurements {
            row,
            turns: *turns,
            outcome: Outcome::ALL[*outcome],
            labels: Labels { language: known.then(|| Cow::Owned(name.clone())), harness: Some(Cow::Owned(name.clone())), ..Labels::default() },
            tools: vec![ToolUse { name: name.clone(), calls: *turns, errors: *added }],
            patch: known.then(|| PatchCounts { added: *added, deleted: *turns, ..PatchCounts::default() }),
            tokens: known.then(|| TokenCounts { user: *tokens, ..TokenCounts::default() }),
            ..Measurements::default()
        }));
        let selection = successes(&frame);
        for kind in Kind::ALL {
            let figure = Figure::of(kind, &frame, &selection, budget);
            let file = svg(&figure, width, Theme::Dark).unwrap();
            prop_assert!(!elements(&file).is_empty());
            if let Body::Histogram(_) = figure.body {
                prop_assert_eq!(sums(&figure), (figure.rows.all, figure.rows.selected));
            }
        }
    }
}
