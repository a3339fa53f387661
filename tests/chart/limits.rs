//! What token limits keep, part by part: what the chart says, for every choice, and that its lines are the counts.

use std::collections::BTreeMap;

use tracesift::draw::{Theme, svg};
use tracesift_core::figure::{Body, Limits};
use tracesift_core::figure::{Count, Figure, Kind};
use tracesift_core::frame::Frame;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::limit::Curves;
use tracesift_core::measure::Measurements;
use tracesift_core::recipe::limits::{By, CurveChoice, Measure, limits};
use tracesift_core::tokens::TokenCounts;
use tracesift_core::trace::Outcome;

use crate::drawing::{drawn, elements, labels_are_apart};
use crate::frames::{BUDGET, framed, frames, ordinary};

fn curves(frame: &Frame, budget: u64) -> Curves {
    let marks: Vec<u64> = limits(budget).iter().map(|limit| limit.tokens).collect();
    let mask = vec![true; frame.len()];
    let facets = [Facet::Outcome, Facet::Language];
    Curves::of(frame, &mask, &marks, &facets, 5)
}

fn figure(frame: &Frame, measure: Measure, by: By, budget: u64) -> Figure {
    let rows = frame.len() as u64;
    let rows = Count {
        all: rows,
        selected: rows,
    };
    let choice = CurveChoice { measure, by };
    Figure::of_limits(&curves(frame, budget), choice, budget, rows)
}

fn body(figure: &Figure) -> &Limits {
    match &figure.body {
        Body::Limits(limits) => limits,
        other => panic!("{other:?}"),
    }
}

/// A row of so many tokens, a tenth of them to learn from.
fn row(row: u64, language: &'static str, outcome: Outcome, tokens: u32) -> Measurements {
    let mut measurements = Measurements {
        row,
        outcome,
        tokens: Some(TokenCounts {
            observations: tokens / 10 * 9,
            assistant: tokens / 10,
            ..TokenCounts::default()
        }),
        ..Measurements::default()
    };
    measurements.labels.language = Some(language.into());
    measurements
}

/// Three rows in Go that fit into 32,768 tokens, two in Rust of which one does.
fn five() -> Frame {
    let (good, bad) = (Outcome::Success, Outcome::Failure);
    framed([
        row(0, "Go", good, 10_000),
        row(1, "Go", good, 20_000),
        row(2, "Go", bad, 30_000),
        row(3, "Rust", good, 20_000),
        row(4, "Rust", bad, 120_000),
    ])
}

#[test]
fn it_says_what_the_budget_and_the_windows_beside_it_do() {
    let frame = five();
    let by_language = figure(&frame, Measure::Rows, By::Language, BUDGET);
    let sentences = body(&by_language).sentences();
    assert_eq!(
        sentences,
        [
            "At 16,384 tokens 20\u{a0}% of the rows and 5\u{a0}% of their tokens (5\u{a0}% of those that a trainer learns from) stay; \
             of the rows, least of Rust (0\u{a0}%) and most of Go (33\u{a0}%).",
            "At 32,768 tokens 80\u{a0}% of the rows and 40\u{a0}% of their tokens (40\u{a0}% of those that a trainer learns from) stay; \
             of the rows, least of Rust (50\u{a0}%) and most of Go (100\u{a0}%).",
            "At 65,536 tokens 80\u{a0}% of the rows and 40\u{a0}% of their tokens (40\u{a0}% of those that a trainer learns from) stay; \
             of the rows, least of Rust (50\u{a0}%) and most of Go (100\u{a0}%).",
        ]
    );
    for sentence in &sentences {
        assert!(by_language.alt.contains(sentence));
    }
    let by_outcome = figure(&frame, Measure::Tokens, By::Outcome, BUDGET);
    let words = body(&by_outcome).words(BUDGET);
    assert!(
        words.ends_with(
            "of the tokens, least of failure (20\u{a0}%) and most of success (100\u{a0}%)."
        ),
        "{words}"
    );
    let all = figure(&frame, Measure::Rows, By::All, 1_000);
    let sentences = body(&all).sentences();
    assert_eq!(sentences.len(), 2);
    assert!(
        sentences[0]
            .starts_with("At 1,000 tokens 0\u{a0}% of the rows and 0\u{a0}% of their tokens")
    );
    assert!(sentences[0].ends_with("stay."), "{}", sentences[0]);
}

#[test]
fn each_line_is_the_share_of_its_own_part() {
    let frame = five();
    let figure = figure(&frame, Measure::Rows, By::Language, BUDGET);
    let limits = body(&figure);
    let names: Vec<&str> = limits.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["all rows", "Go", "Rust"]);
    let at = |limit: u64| {
        let step = limits.step(limit).unwrap();
        let shares = limits.lines.iter().map(|line| line.shares[step]);
        shares.collect::<Vec<f64>>()
    };
    assert_eq!(at(1_024), [0.0, 0.0, 0.0]);
    assert_eq!(at(BUDGET), [0.8, 1.0, 0.5]);
    assert_eq!(at(131_072), [1.0, 1.0, 1.0]);
    // The table has the counts of the same steps.
    let table = figure.table();
    assert_eq!(table.len(), limits.steps.len() + 1);
    assert_eq!(table[0].len(), 4);
    let line = table.iter().find(|line| line[0] == "32768").unwrap();
    assert_eq!(line[1..], ["4", "3", "1"]);
}

#[test]
fn every_choice_is_drawn_and_its_labels_stay_apart() {
    for (name, frame) in frames() {
        for (word, CurveChoice { measure, by }) in CurveChoice::WORDS {
            for budget in [1, BUDGET, u64::MAX] {
                let figure = figure(&frame, measure, by, budget);
                assert_eq!(figure.kind, Kind::Limits);
                for (width, theme) in [(320, Theme::Light), (640, Theme::Dark)] {
                    let file = svg(&figure, width, theme).unwrap();
                    let what = format!("{name} {word} {budget} {width}");
                    labels_are_apart(&file, width, &figure, &what);
                    let Body::Limits(limits) = &figure.body else {
                        continue;
                    };
                    for line in &limits.lines {
                        let is_rising = line.shares.is_sorted();
                        let ends = line.shares.iter().all(|share| (0.0..=1.0).contains(share));
                        assert!(is_rising && ends, "{what}: {}", line.name);
                    }
                }
            }
        }
    }
}

/// Of each colour in the legend, how long its pieces are: the legend's lines are level and above the plot.
fn strokes(figure: &Figure) -> Vec<Vec<f64>> {
    let (file, plot) = drawn(figure, 900, Theme::Light, 4);
    let mut strokes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in elements(&file).iter().filter(|e| e.name == "polyline") {
        let points = points(line.attributes["points"]);
        let (first, last) = (points[0], points[points.len() - 1]);
        if points.iter().all(|point| point.1 < plot.rect.top * 4.0) {
            let ink = line.attributes["stroke"].to_owned();
            strokes.entry(ink).or_default().push(last.0 - first.0);
        }
    }
    strokes.into_values().collect()
}

fn points(text: &str) -> Vec<(f64, f64)> {
    let pairs = text
        .split_whitespace()
        .map(|pair| pair.split_once(',').unwrap());
    pairs
        .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
        .collect()
}

#[test]
fn lines_are_told_apart_without_colour() {
    let frame = framed((0..600).map(ordinary));
    for (by, lines) in [(By::All, 1), (By::Outcome, 5), (By::Language, 6)] {
        let figure = figure(&frame, Measure::Rows, by, BUDGET);
        assert_eq!(body(&figure).lines.len(), lines);
        let mut strokes = strokes(&figure);
        assert_eq!(strokes.len(), lines, "{by:?}: {strokes:?}");
        strokes.sort_by(|a, b| a.partial_cmp(b).unwrap());
        strokes.dedup();
        assert_eq!(strokes.len(), lines, "{by:?}: {strokes:?}");
    }
}

#[test]
fn a_row_of_one_length_is_a_step_and_not_a_slope() {
    let frame = framed([row(0, "Go", Outcome::Success, 10_000)]);
    let figure = figure(&frame, Measure::Rows, By::All, BUDGET);
    let (file, plot) = drawn(&figure, 640, Theme::Light, 1);
    let longest = elements(&file)
        .iter()
        .filter(|element| element.name == "polyline")
        .map(|element| points(element.attributes["points"]))
        .max_by_key(Vec::len);
    let points = longest.unwrap();
    let (low, high) = (points[0].1, points[points.len() - 1].1);
    assert!(low > high);
    assert!(points.iter().all(|point| point.1 == low || point.1 == high));
    let step = points
        .windows(2)
        .find(|pair| pair[0].1 != pair[1].1)
        .unwrap();
    assert!(step[1].0 - step[0].0 <= 1.0, "{step:?}");
    let at = plot.px_of(10_000.0).unwrap();
    assert!((step[1].0 - at).abs() <= 1.0);
}

#[test]
fn what_has_nothing_to_show_says_why() {
    let none = figure(&Frame::default(), Measure::Rows, By::All, BUDGET);
    let Body::Empty(why) = &none.body else {
        panic!("{:?}", none.body);
    };
    assert!(why.contains("no text was read"));
    let frame = framed([row(0, "Go", Outcome::Success, 9)]);
    let none = figure(&frame, Measure::Trainable, By::All, BUDGET);
    let Body::Empty(why) = &none.body else {
        panic!("{:?}", none.body);
    };
    assert!(why.contains("no tokens that a trainer learns from"));
    assert!(none.alt.contains(why.as_str()));
}
