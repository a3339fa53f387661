//! Charts as they are drawn: their labels, what the pointer meets, and what a brush selects.

use std::collections::{BTreeMap, BTreeSet};

use plotters::drawing::IntoDrawingArea;
use plotters_svg::SVGBackend;
use tracesift::draw::{ChartError, Plot, Theme, draw, height, svg};
use tracesift_core::figure::Body;
use tracesift_core::figure::{Figure, Kind, Rule, Sets};
use tracesift_core::ground::words;
use tracesift_core::recipe::{ListKey, RangeKey, Selection};

use crate::frames::{BUDGET, all, filtered, framed, frames, hostile, ordinary, outlier, successes};

/// Draws a figure as the page does, at the device's scale: the drawing's text and the plot.
pub fn drawn(figure: &Figure, width: u32, theme: Theme, scale: u32) -> (String, Plot) {
    let high = height(figure, f64::from(width)).ceil() as u32;
    let mut text = String::new();
    let plot = {
        let area =
            SVGBackend::with_string(&mut text, (width * scale, high * scale)).into_drawing_area();
        let plot = draw(figure, &area, theme, f64::from(scale)).unwrap();
        area.present().unwrap();
        plot
    };
    (text, plot)
}

/// An element of a drawing: its name, its attributes, its text.
pub struct Element<'a> {
    pub name: &'a str,
    pub attributes: BTreeMap<&'a str, &'a str>,
    pub text: &'a str,
}

impl Element<'_> {
    pub fn number(&self, name: &str) -> f64 {
        self.attributes[name].parse().unwrap()
    }
}

/// The elements of an SVG file as plotters writes it; whatever is no such element makes the test fail.
pub fn elements(file: &str) -> Vec<Element<'_>> {
    let mut rest = file;
    let mut found = Vec::new();
    while let Some(start) = rest.find('<') {
        assert!(
            rest[..start].trim().is_empty(),
            "text outside of an element: {}",
            &rest[..start]
        );
        let end = start + rest[start..].find('>').unwrap();
        let tag = rest[start + 1..end].trim_end_matches('/');
        rest = &rest[end + 1..];
        let name = tag.split_whitespace().next().unwrap();
        let text = match name {
            "text" | "title" | "desc" => {
                let close = rest.find('<').unwrap();
                let text = rest[..close].trim_matches('\n');
                rest = rest[close..].strip_prefix(&format!("</{name}>")).unwrap();
                text
            }
            "svg" | "/svg" | "rect" | "polyline" | "polygon" | "circle" => "",
            other => panic!("a drawing has no <{other}>"),
        };
        let mut attributes = BTreeMap::new();
        let mut left = tag[name.len()..].trim_start();
        while let Some((key, value)) = left.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap();
            attributes.insert(key.trim(), value);
            left = after;
        }
        assert!(left.trim().is_empty(), "left over: {left}");
        found.push(Element {
            name,
            attributes,
            text,
        });
    }
    found
}

/// Where a text stands: left, top, right, bottom.
pub fn extent(element: &Element<'_>) -> [f64; 4] {
    let size = element.number("font-size");
    let text = element
        .text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    let wide = tracesift::draw::text::width(&text, size);
    let (x, y) = (element.number("x"), element.number("y"));
    let left = match element.attributes["text-anchor"] {
        "start" => x,
        "end" => x - wide,
        _ => x - wide / 2.0,
    };
    [left, y - size / 2.0, left + wide, y + size / 2.0]
}

#[test]
fn every_figure_of_every_frame_is_drawn_in_both_themes_and_widths() {
    for (name, frame) in frames() {
        for selection in [all(&frame), successes(&frame), Selection::default()] {
            for kind in Kind::ALL {
                let figure = Figure::of(kind, &frame, &selection, BUDGET);
                assert!(
                    !figure.alt.is_empty() && !figure.title().is_empty(),
                    "{name} {kind:?}"
                );
                for (width, theme) in [
                    (320, Theme::Light),
                    (340, Theme::Dark),
                    (640, Theme::Light),
                    (1200, Theme::Dark),
                ] {
                    let file = svg(&figure, width, theme).unwrap();
                    assert!(elements(&file).len() > 4, "{name} {kind:?}");
                    let (drawing, plot) = drawn(&figure, width, theme, 2);
                    assert!(elements(&drawing).len() > 2, "{name} {kind:?}");
                    assert!(
                        plot.rect.width() > 0.0 && plot.rect.right <= f64::from(width),
                        "{name} {kind:?}"
                    );
                }
            }
        }
    }
}

/// Fails where a label of an SVG file is outside of it or on another one.
pub fn labels_are_apart(file: &str, width: u32, figure: &Figure, what: &str) {
    let elements = elements(file);
    // Four units of the file are a pixel.
    let right = f64::from(width) * 4.0 + 4.0;
    let texts: Vec<_> = elements.iter().filter(|e| e.name == "text").collect();
    for (i, one) in texts.iter().enumerate() {
        let a = extent(one);
        // The heading is the page's own words, and wider than the least width in no case that matters.
        let heading = one.text == figure.title();
        assert!(
            heading || (a[0] >= -4.0 && a[2] <= right),
            "{what}: {} at {a:?}",
            one.text
        );
        for other in &texts[i + 1..] {
            let b = extent(other);
            let apart = a[2] <= b[0] + 2.0
                || b[2] <= a[0] + 2.0
                || a[3] <= b[1] + 4.0
                || b[3] <= a[1] + 4.0;
            assert!(apart, "{what}: {:?} on {:?}", one.text, other.text);
        }
    }
}

#[test]
fn labels_stay_in_the_picture_and_apart_from_each_other() {
    for (name, frame) in frames() {
        for selection in [all(&frame), successes(&frame)] {
            for kind in Kind::ALL {
                let marked = matches!(
                    kind,
                    Kind::Tokens | Kind::Kept | Kind::Limits | Kind::TurnsTokens
                );
                let budgets: &[u64] = if marked {
                    &[1, 900, BUDGET, 10_000_000]
                } else {
                    &[BUDGET]
                };
                for &budget in budgets {
                    let figure = Figure::of(kind, &frame, &selection, budget);
                    for width in [320, 340, 640] {
                        let file = svg(&figure, width, Theme::Light).unwrap();
                        let what = format!("{name} {kind:?} {width} {budget}");
                        labels_are_apart(&file, width, &figure, &what);
                    }
                }
            }
        }
    }
}

/// Fails where a dot or a mark's line runs through a label.
fn no_mark_is_under_a_label(file: &str, what: &str) {
    let elements = elements(file);
    let is_within = |[left, top, right, bottom]: [f64; 4], x: f64, y: f64| {
        x > left && x < right && y > top + 4.0 && y < bottom - 4.0
    };
    for text in elements.iter().filter(|e| e.name == "text") {
        let place = extent(text);
        for dot in elements.iter().filter(|e| e.name == "circle") {
            let (x, y) = (dot.number("cx"), dot.number("cy"));
            assert!(
                !is_within(place, x, y),
                "{what}: a dot under {:?}",
                text.text
            );
        }
        // The lines of budget and median are thin and run down the plot, the former in dashes.
        let lines = elements.iter().filter(|e| e.name == "rect");
        let is_mark = |fill: &str| matches!(fill, "#A63D7C" | "#1B1F24" | "#8C959F");
        for line in lines.filter(|line| is_mark(line.attributes["fill"])) {
            let x = line.number("x") + line.number("width") / 2.0;
            let y = line.number("y") + line.number("height") / 2.0;
            let is_upright = line.number("width") <= 8.0;
            assert!(
                !(is_upright && is_within(place, x, y)),
                "{what}: a line under {:?}",
                text.text
            );
        }
    }
}

#[test]
fn no_dot_and_no_line_of_a_mark_runs_through_a_label() {
    for (name, frame) in frames() {
        for selection in [all(&frame), successes(&frame)] {
            for kind in Kind::ALL {
                for budget in [900, 20_000, BUDGET, 60_000] {
                    let figure = Figure::of(kind, &frame, &selection, budget);
                    for width in [320, 340, 640] {
                        let file = svg(&figure, width, Theme::Light).unwrap();
                        no_mark_is_under_a_label(
                            &file,
                            &format!("{name} {kind:?} {width} {budget}"),
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn languages_are_written_as_people_do_and_filter_by_the_rows_own_word() {
    let frame = framed((0..60).map(|row| {
        let mut row = ordinary(row);
        row.labels.language = Some(["python", "cpp", "typescript"][row.row as usize % 3].into());
        row
    }));
    for kind in [Kind::Languages, Kind::SuccessRate] {
        let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
        let (drawing, plot) = drawn(&figure, 640, Theme::Light, 1);
        let words: Vec<&str> = elements(&drawing)
            .iter()
            .map(|element| element.text)
            .collect();
        for name in ["Python", "C++", "TypeScript"] {
            assert!(
                words.contains(&name) && figure.alt.contains(name),
                "{kind:?}: {words:?}"
            );
        }
        let rules = (0..plot.marks())
            .filter_map(|at| plot.mark(at))
            .flat_map(|(_, hit)| hit.rows);
        let rules: Vec<Rule> = rules.collect();
        assert!(
            rules.contains(&Rule::Is(ListKey::Language, "cpp".to_owned())),
            "{rules:?}"
        );
    }
}

#[test]
fn keys_walk_over_the_same_marks_that_the_pointer_meets() {
    let frame = framed((0..600).map(ordinary));
    for kind in Kind::ALL {
        let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
        let (_, plot) = drawn(&figure, 640, Theme::Light, 1);
        for (rect, hit) in (0..plot.marks()).filter_map(|at| plot.mark(at)) {
            let (x, y) = (
                (rect.left + rect.right) / 2.0,
                (rect.top + rect.bottom) / 2.0,
            );
            assert_eq!(plot.hit(x, y), Some(hit), "{kind:?}");
        }
        let sets_rows = !matches!(kind, Kind::PatchSize | Kind::TurnsTokens | Kind::Explore);
        assert_eq!(plot.marks() > 0, sets_rows, "{kind:?}");
    }
}

#[test]
fn text_of_a_dataset_stays_text() {
    let frame = framed((0..60).map(hostile));
    for kind in Kind::ALL {
        let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
        let file = svg(&figure, 640, Theme::Light).unwrap();
        // Parsing fails on any element that plotters does not write.
        let hidden = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
        };
        for element in elements(&file) {
            assert!(!element.text.contains(['<', '>']), "{}", element.text);
        }
        assert!(!file.contains(hidden), "{kind:?}");
        for text in [&figure.alt, &figure.caption] {
            assert!(
                !text.contains(hidden) && text.len() < 1_500,
                "{kind:?}: {text}"
            );
        }
        for cell in figure.table().concat() {
            assert!(
                !cell.contains(hidden) && cell.len() < 1_000,
                "{kind:?}: {cell}"
            );
        }
    }
    let tools = Figure::of(Kind::Tools, &frame, &all(&frame), BUDGET);
    let file = svg(&tools, 640, Theme::Light).unwrap();
    assert!(file.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn what_the_pointer_meets_stands_for_exactly_the_rows_that_its_filter_selects() {
    for (name, frame) in frames() {
        for kind in [
            Kind::Languages,
            Kind::Turns,
            Kind::Tokens,
            Kind::Kept,
            Kind::Limits,
            Kind::Outcomes,
            Kind::Signs,
        ] {
            let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
            for width in [340, 640] {
                let (_, plot) = drawn(&figure, width, Theme::Light, 1);
                let mut met = BTreeSet::new();
                for step in 0..4_000 {
                    let x = plot.rect.left + plot.rect.width() * f64::from(step % 80) / 80.0;
                    let y = plot.rect.top + plot.rect.height() * f64::from(step / 80) / 50.0;
                    let Some(hit) = plot.hit(x, y) else { continue };
                    if !met.insert(hit.words.clone()) || hit.rows.is_empty() {
                        continue;
                    }
                    let mut mask = vec![true; frame.len()];
                    for rule in hit.rows {
                        let one = filtered(&frame, rule).mask;
                        mask.iter_mut()
                            .zip(one)
                            .for_each(|(both, one)| *both &= one);
                    }
                    let rows = mask.iter().filter(|on| **on).count() as u64;
                    let said = match kind {
                        Kind::Kept | Kind::Limits => format!("({} of", words::count(rows)),
                        Kind::Outcomes => format!(" {} of ", words::count(rows)),
                        _ => format!(": {}", words::plural(rows, "row", "rows")),
                    };
                    assert!(
                        hit.words.contains(&said),
                        "{name} {kind:?}: {:?} should say {said:?}",
                        hit.words
                    );
                }
                // Made-up rows carry few signs.
                let least = if kind == Kind::Signs { 1 } else { 8 };
                if matches!(name, "ordinary" | "outliers" | "many names") {
                    assert!(met.len() >= least, "{name} {kind:?}: {met:?}");
                }
            }
        }
    }
}

#[test]
fn a_brush_over_a_bar_selects_its_rows() {
    let frame = framed((0..2_000).map(outlier));
    for (kind, key) in [
        (Kind::Turns, RangeKey::Turns),
        (Kind::Tokens, RangeKey::Tokens),
    ] {
        assert_eq!(kind.sets(), Sets::Range(key));
        let figure = Figure::of(kind, &frame, &all(&frame), BUDGET);
        let (_, plot) = drawn(&figure, 640, Theme::Light, 1);
        let Body::Histogram(histogram) = &figure.body else {
            panic!("no histogram");
        };
        let (mut below, columns) = (0, &histogram.columns);
        assert!(columns.last().unwrap().open);
        for column in columns.iter().filter(|column| !column.open) {
            let middle = plot.px_of((column.low + column.high) / 2.0).unwrap();
            let (brushed, bounds) = plot.brush(middle - 0.5, middle + 0.5).unwrap();
            assert_eq!(brushed, key);
            let selection = filtered(&frame, Rule::Within(key, bounds));
            assert_eq!(selection.kept.len() as u64, column.count.all, "{bounds:?}");
            let (left, right) = plot.band(bounds).unwrap();
            assert!(left < middle && middle < right);
            // From the left side on: everything up to the bar.
            below += column.count.all;
            let (_, bounds) = plot.brush(plot.rect.left - 5.0, middle).unwrap();
            assert_eq!(bounds.low, None);
            assert_eq!(
                filtered(&frame, Rule::Within(key, bounds)).kept.len() as u64,
                below
            );
        }
        // To the right side: the open column too.
        let (_, bounds) = plot
            .brush(plot.rect.left - 5.0, plot.rect.right + 5.0)
            .unwrap();
        assert_eq!((bounds.low, bounds.high), (None, None));
    }
}

#[test]
fn bars_are_as_long_as_their_counts() {
    let frame = framed((0..2_000).map(ordinary));
    let figure = Figure::of(Kind::Languages, &frame, &all(&frame), BUDGET);
    let Body::Bars(bars) = &figure.body else {
        panic!("no bars");
    };
    let (drawing, _) = drawn(&figure, 640, Theme::Light, 4);
    let fill = "#2F82B8";
    let drawn: Vec<f64> = elements(&drawing)
        .iter()
        .filter(|element| element.attributes.get("fill") == Some(&fill))
        .map(|element| element.number("width"))
        .collect();
    assert_eq!(drawn.len(), bars.bars.len());
    let unit = drawn[0] / bars.bars[0].count.all as f64;
    for (width, bar) in drawn.iter().zip(&bars.bars) {
        assert!(
            (width - unit * bar.count.all as f64).abs() <= 4.0,
            "{}",
            bar.name
        );
    }
}

#[test]
fn a_finer_screen_gets_the_same_chart_with_more_pixels() {
    let frame = framed((0..2_000).map(ordinary));
    for kind in Kind::ALL {
        let figure = Figure::of(kind, &frame, &successes(&frame), BUDGET);
        let (one, plot) = drawn(&figure, 640, Theme::Light, 1);
        let (three, fine) = drawn(&figure, 640, Theme::Light, 3);
        assert_eq!(plot, fine, "{kind:?}");
        for (a, b) in elements(&one).iter().zip(elements(&three)) {
            assert_eq!((a.name, a.text), (b.name, b.text));
            if a.name == "text" {
                assert!((a.number("x") * 3.0 - b.number("x")).abs() <= 2.0);
                assert!((a.number("font-size") * 3.0 - b.number("font-size")).abs() < 0.01);
            }
        }
    }
}

#[test]
fn a_place_without_room_is_an_error_that_says_what_to_do() {
    let frame = framed([ordinary(1)]);
    let figure = Figure::of(Kind::Turns, &frame, &all(&frame), BUDGET);
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (100, 100)).into_drawing_area();
    assert_eq!(
        draw(&figure, &area, Theme::Light, 1.0),
        Err(ChartError::TooSmall(100, 100))
    );
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = draw(&figure, &area, Theme::Light, scale).unwrap_err();
        assert!(matches!(error, ChartError::Scale(_)));
    }
    assert!(matches!(
        svg(&figure, 0, Theme::Light),
        Err(ChartError::TooSmall(0, _))
    ));
    assert!(ChartError::TooSmall(1, 2).to_string().contains("larger"));
}
