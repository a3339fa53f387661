//! A person's own chart: every kind of choice is drawn, counts the selected rows and no others, and opens them.

use tracesift::draw::{Theme, svg};
use tracesift_core::figure::explore::{Explore, Marks, Stack};
use tracesift_core::figure::{Body, Figure, Rule};
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::words;
use tracesift_core::recipe::Selection;
use tracesift_core::recipe::explore::{Explored, Field};

use crate::drawing::{drawn, labels_are_apart};
use crate::frames::{all, filtered, framed, frames, ordinary, successes};

const TURNS: Field = Field::Number(Number::Turns);
const TOKENS: Field = Field::Number(Number::Tokens);
const LANGUAGE: Field = Field::Facet(Facet::Language);
const OUTCOME: Field = Field::Facet(Facet::Outcome);
const HARNESS: Field = Field::Facet(Facet::Harness);

fn choices() -> Vec<Explored> {
    let axes = [
        (TURNS, Some(TOKENS)),
        (TOKENS, None),
        (LANGUAGE, None),
        (LANGUAGE, Some(OUTCOME)),
        (LANGUAGE, Some(TOKENS)),
        (TURNS, Some(LANGUAGE)),
    ];
    let colors = [None, Some(OUTCOME), Some(TOKENS)];
    let charts = [None, Some(HARNESS), Some(TURNS)];
    let all = axes.into_iter().flat_map(|(x, y)| {
        colors.into_iter().flat_map(move |color| {
            charts
                .into_iter()
                .map(move |by| Explored { x, y, color, by })
        })
    });
    all.collect()
}

fn explored(frame: &Frame, selection: &Selection, choice: Explored) -> (Figure, Explore) {
    let figure = Figure::explored(frame, selection, choice);
    let Body::Explore(explore) = figure.body.clone() else {
        panic!("{choice:?} shows nothing: {:?}", figure.body);
    };
    (figure, explore)
}

#[test]
fn every_choice_is_drawn_and_its_labels_stay_apart() {
    for (name, frame) in frames() {
        for selection in [all(&frame), successes(&frame)] {
            for choice in choices() {
                let figure = Figure::explored(&frame, &selection, choice);
                let table = figure.table();
                assert!(
                    table.iter().all(|row| row.len() == table[0].len()),
                    "{name} {choice:?}: {table:?}"
                );
                for width in [320, 640, 1200] {
                    let file = svg(&figure, width, Theme::Light).unwrap();
                    labels_are_apart(&file, width, &figure, &format!("{name} {choice:?} {width}"));
                }
            }
        }
    }
}

#[test]
fn bars_and_columns_count_each_selected_row_once() {
    let frame = framed((0..600).map(ordinary));
    let selection = successes(&frame);
    for choice in choices()
        .into_iter()
        .filter(|choice| choice.by != Some(TOKENS))
    {
        let (_, explore) = explored(&frame, &selection, choice);
        let stacks = explore.panels.iter().map(|panel| match &panel.marks {
            Marks::Bars(stacks) | Marks::Columns(stacks) => stacks.iter().map(Stack::rows).sum(),
            _ => 0,
        });
        let counted: u64 = stacks.sum();
        let is_known = |number: Number, at: usize| !frame.number(number)[at].is_nan();
        // What is not known has no column, no colour and no chart.
        let needs_tokens =
            [Some(choice.x), choice.color].contains(&Some(TOKENS)) && choice.y != Some(OUTCOME);
        let expected = selection
            .kept
            .iter()
            .filter(|&&at| !needs_tokens || is_known(Number::Tokens, at as usize));
        if counted > 0 {
            assert_eq!(counted, expected.count() as u64, "{choice:?}");
        }
    }
}

#[test]
fn a_bar_stands_for_the_rows_that_its_filter_selects() {
    let frame = framed((0..600).map(ordinary));
    let choice = Explored {
        x: LANGUAGE,
        y: None,
        color: Some(OUTCOME),
        by: None,
    };
    let (figure, explore) = explored(&frame, &all(&frame), choice);
    let (_, plot) = drawn(&figure, 640, Theme::Light, 1);
    // Nine languages: seven of them, and two as one that no filter says.
    assert_eq!(plot.marks(), 7);
    let Marks::Bars(stacks) = &explore.panels[0].marks else {
        panic!("no bars");
    };
    // The last one is all other languages.
    for stack in stacks.iter().filter(|stack| stack.rule.is_some()) {
        let kept = filtered(&frame, stack.rule.clone().unwrap()).kept;
        assert_eq!(kept.len() as u64, stack.rows(), "{}", stack.name);
    }
    assert!(figure.alt.contains(&stacks[0].name), "{}", figure.alt);
}

#[test]
fn a_dot_opens_its_row_and_a_box_holds_the_middle_half() {
    let frame = framed((0..600).map(ordinary));
    let dots = Explored {
        x: TURNS,
        y: Some(TOKENS),
        color: Some(OUTCOME),
        by: Some(HARNESS),
    };
    let (figure, explore) = explored(&frame, &all(&frame), dots);
    assert_eq!(explore.panels.len(), 2);
    let (_, plot) = drawn(&figure, 640, Theme::Light, 1);
    let opened = (0..640)
        .step_by(4)
        .flat_map(|x| (0..280).step_by(4).map(move |y| (x, y)));
    let mut opened = opened.filter_map(|(x, y)| plot.hit(f64::from(x), f64::from(y)));
    assert!(opened.any(|hit| matches!(hit.rows[..], [Rule::Row(_)])));
    let boxes = Explored {
        x: HARNESS,
        y: Some(TURNS),
        color: None,
        by: None,
    };
    let (_, explore) = explored(&frame, &all(&frame), boxes);
    let Marks::Boxes(boxes) = &explore.panels[0].marks else {
        panic!("no boxes");
    };
    for of in boxes {
        let [Some(q)] = of.parts[..] else {
            panic!("one part")
        };
        let rows = filtered(&frame, of.rule.clone().unwrap()).kept;
        let turns = rows
            .iter()
            .map(|&at| frame.number(Number::Turns)[at as usize]);
        let turns: Vec<f64> = turns.collect();
        assert_eq!(q.n as usize, turns.len());
        let within = turns
            .iter()
            .filter(|turns| (q.p25..=q.p75).contains(turns))
            .count();
        assert!(
            (0.45..0.62).contains(&(within as f64 / turns.len() as f64)),
            "{within} of {}",
            turns.len()
        );
    }
}

#[test]
fn it_says_how_many_dots_are_drawn_and_of_how_many_rows_nothing_is_known() {
    let frame = framed((0..4_000).map(ordinary));
    let choice = Explored {
        x: TURNS,
        y: Some(TOKENS),
        color: None,
        by: None,
    };
    let (figure, explore) = explored(&frame, &all(&frame), choice);
    let Marks::Dots(dots) = &explore.panels[0].marks else {
        panic!("no dots");
    };
    let known = frame
        .number(Number::Tokens)
        .iter()
        .filter(|n| !n.is_nan())
        .count();
    assert!(dots.len() <= 1_500 && dots.len() > 1_000, "{}", dots.len());
    let drawn = words::count(dots.len() as u64);
    let said = format!("{drawn} of {} dots are drawn.", words::count(known as u64));
    assert!(figure.caption.contains(&said), "{}", figure.caption);
    let unknown = words::count((frame.len() - known) as u64);
    assert!(
        figure
            .caption
            .contains(&format!("Not known for {unknown} rows.")),
        "{}",
        figure.caption
    );
}

#[test]
fn of_no_selected_row_it_says_so() {
    let frame = framed((0..60).map(ordinary));
    let none = filtered(
        &frame,
        Rule::Is(
            tracesift_core::recipe::ListKey::Language,
            "nothing".to_owned(),
        ),
    );
    let figure = Figure::explored(&frame, &none, Explored::default());
    assert_eq!(figure.body, Body::Empty("No row is selected.".to_owned()));
}
