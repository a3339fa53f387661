#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
//! The worker that holds the frame: what it answers, and that every answer comes through as bytes.

mod held;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tracesift::worker::End;
use tracesift::worker::frame::{
    About, Ask, BudgetOf, Clear, Comparing, Ends, Expect, FigureOf, FindDuplicates, HeadlineOf,
    Held, KeptRows, Learned, MixesOf, PairCount, PartNames, PlaceOf, Push, Question, RemovedAlone,
    RunsOf, Select, Shown, SizesOf, Standing, Tallies, ValuesOf, Window, WindowOf,
};
use tracesift::worker::page::Lines;
use tracesift_core::export::check::{Reason, Rejected};
use tracesift_core::export::shape::LineShape;
use tracesift_core::export::split::Split;
use tracesift_core::export::tally::Tally;
use tracesift_core::export::writer::Line;
use tracesift_core::figure::{Body, Kind};
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::order::Direction;
use tracesift_core::frame::{Label, Number};
use tracesift_core::measure::{Measurements, measure};
use tracesift_core::recipe::address::parse;
use tracesift_core::recipe::table::{Column, Order, Sorting};
use tracesift_core::recipe::{Filters, ListKey, RangeKey, Recipe};
use tracesift_core::sign::Sign;
use tracesift_core::source::demo;
use tracesift_core::tokens::{Counter, Tokenizer};
use tracesift_core::trace::{BadRow, RowContext, RowError, read};

/// Rows of the demo, measured.
pub fn rows(range: std::ops::Range<u64>) -> Vec<Measurements> {
    let counter = Counter::new(Tokenizer::Qwen2);
    let row = |row: u64| {
        let json = demo::row(1, row);
        let trajectory = read(&json, &RowContext::default()).unwrap();
        measure(row, json.len() as u64, &trajectory, Some(&counter))
    };
    range.map(row).collect()
}

/// A value after its way to the other side.
fn travelled<T: Serialize + DeserializeOwned>(value: &T) -> T {
    postcard::from_bytes(&postcard::to_allocvec(value).unwrap()).unwrap()
}

/// The answer to a question, after both have travelled.
pub fn ask<A>(held: &mut Held, question: A) -> A::Answer
where
    A: Ask + Clone,
    A::Answer: PartialEq + Debug,
{
    let whole: Question = question.clone().into();
    assert_eq!(travelled(&whole), whole);
    let answer = held.ask(question);
    let came = travelled(&answer);
    assert_eq!(came, answer);
    came
}

pub fn recipe(query: &str) -> Recipe {
    let (recipe, left_out) = parse(query);
    assert_eq!(left_out, []);
    recipe
}

pub fn select(held: &mut Held, query: &str) -> Shown {
    let filters = recipe(query).filters;
    ask(held, Select { filters, seed: 24 })
}

pub fn with_rows(range: std::ops::Range<u64>) -> Held {
    let mut held = Held::default();
    held.ask(Push { rows: rows(range) });
    held
}

#[test]
fn rows_and_rules_change_what_is_shown_and_each_change_has_a_number() {
    let mut held = Held::default();
    assert!(ask(&mut held, Clear).is_empty());
    let first = held.ask(Push { rows: rows(0..40) });
    assert_eq!((first.len, first.measured, first.kept), (40, 40, 40));
    assert!(!first.is_compared && !first.is_survey());
    let more = held.ask(Push { rows: rows(30..60) });
    assert_eq!((more.len, more.kept), (60, 60));
    assert!(more.rows_version > first.rows_version && more.version > first.version);

    let some = select(&mut held, "outcome=success");
    assert!(some.kept > 0 && some.kept < 60);
    assert_eq!(some.rows_version, more.rows_version);
    assert!(some.version > more.version);
    assert_eq!(some.steps[0].left as u64, some.kept);
    // The same rules change nothing.
    assert_eq!(select(&mut held, "outcome=success"), some);

    let compared = ask(&mut held, FindDuplicates);
    assert!(compared.is_compared && compared.rows_version > some.rows_version);
    let (kept, waits) = ask(&mut held, KeptRows);
    assert_eq!((kept.len() as u64, waits), (compared.kept, false));
    assert!(kept.is_sorted());

    // Whatever a server says of how many there are.
    for rows in [10, u64::MAX] {
        ask(&mut held, Expect(rows));
    }
    let none = ask(&mut held, Clear);
    assert!(none.is_empty() && none.version > compared.version);
    assert_eq!(none.kept, 0);
}

#[test]
fn a_lists_counts_leave_out_its_own_rule_and_no_other() {
    let mut held = with_rows(0..120);
    let key = ListKey::Language;
    let free = ask(&mut held, ValuesOf { key });
    let first = free[0].name.clone();
    select(&mut held, &format!("language={first}"));
    // Each language still says how many rows it would add.
    assert_eq!(ask(&mut held, ValuesOf { key }), free);
    // Other lists count the rows of that language only.
    let outcomes = ask(
        &mut held,
        ValuesOf {
            key: ListKey::Outcome,
        },
    );
    let selected: u32 = outcomes.iter().map(|value| value.selected).sum();
    assert_eq!(selected, free[0].all);
    // And another rule counts in every list but its own.
    select(&mut held, &format!("language={first}&outcome=success"));
    let languages = ask(&mut held, ValuesOf { key });
    let successes = outcomes_of(&mut held, "success");
    assert!(languages.iter().skip(1).any(|value| value.selected > 0));
    let of_first = languages.iter().find(|value| value.name == first).unwrap();
    assert_eq!(of_first.selected, successes);
}

/// The selected rows of an outcome, of the outcomes' list.
fn outcomes_of(held: &mut Held, name: &str) -> u32 {
    let outcomes = ask(
        held,
        ValuesOf {
            key: ListKey::Outcome,
        },
    );
    let found = outcomes.iter().find(|value| value.name == name);
    found.map_or(0, |value| value.selected)
}

#[test]
fn that_a_filter_moves_its_own_facet_goes_without_saying() {
    let mut held = with_rows(0..120);
    select(&mut held, "outcome=success");
    let mixes = ask(&mut held, MixesOf { most: 3 });
    let ruled: Vec<Facet> = mixes
        .iter()
        .filter(|of| of.is_ruled)
        .map(|of| of.mix.facet)
        .collect();
    assert_eq!(ruled, [Facet::Outcome]);
    assert!(mixes.len() > 1);
}

#[test]
fn every_answer_comes_through_as_bytes() {
    let mut held = with_rows(0..120);
    ask(&mut held, FindDuplicates);
    for query in ["", "outcome=success&tokens=..9000&flag=!near-duplicate"] {
        let shown = select(&mut held, query);
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Limits) {
            let figure = FigureOf {
                kind,
                budget: 32_768,
            };
            let figure = ask(&mut held, figure).unwrap();
            assert!(!matches!(figure.body, Body::Limits(_)));
            assert_eq!((figure.rows.all, figure.rows.selected), (120, shown.kept));
        }
        let method = "Qwen 3".to_owned();
        assert!(ask(&mut held, HeadlineOf { method }).is_some());
        assert!(ask(&mut held, Learned).contains("runs with"));
        let mixes = ask(&mut held, MixesOf { most: 3 });
        assert_eq!(mixes.is_empty(), query.is_empty());
        assert!(mixes.iter().all(|of| of.mix.parts.len() <= 3));
        for step in shown.steps {
            let (key, most) = (step.key.into_owned(), 5);
            let alone = ask(&mut held, RemovedAlone { key, most }).unwrap();
            assert_eq!((alone.all, alone.words), (step.alone as u64, step.words));
            assert_eq!(alone.rows.len(), step.alone.min(5));
        }
        for key in ListKey::ALL {
            let values = ask(&mut held, ValuesOf { key });
            assert!(values.iter().all(|value| value.selected <= value.all));
        }
        let signs = Sign::ALL.to_vec();
        let rules = Default::default();
        let tallies = ask(&mut held, Tallies { signs, rules });
        assert_eq!(tallies.len(), Sign::COUNT);
        let choice = recipe("compare=outcome").compare;
        let groups = ask(&mut held, Comparing { choice, seed: 24 }).unwrap();
        assert_eq!(groups.first.name, "success");
        let budget = ask(&mut held, BudgetOf { budget: 9_000 }).unwrap();
        assert_eq!(budget.rows.selected, shown.kept);
        let fitting = budget.packing.rows + budget.packing.longer;
        assert_eq!(fitting, u64::from(budget.curves.all.whole.rows));
        let pairing = recipe("pairs=best");
        let (rule, prefer) = (pairing.pairs.rule(), pairing.filters.prefer);
        assert!(ask(&mut held, PairCount { rule, prefer }) <= shown.kept / 2);
    }
    let number = RangeKey::Turns.number();
    let (least, most) = ask(&mut held, Ends { number }).unwrap();
    assert!(least >= 1.0 && most > least);
    let sizes = SizesOf {
        facet: Facet::Language,
        most: 2,
    };
    let sizes = ask(&mut held, sizes);
    assert!(sizes.len() == 2 && sizes[0].1 >= sizes[1].1);
    let names = PartNames {
        facet: Facet::Outcome,
        most: 10,
    };
    assert!(ask(&mut held, names).contains(&"failure".to_owned()));
}

/// All rows in an order.
fn sorted(sorting: Sorting) -> Order {
    Order {
        sorting,
        find: String::new(),
    }
}

fn window(held: &mut Held, sorting: Sorting, from: usize, most: usize) -> Window {
    let columns = vec![
        Column::Row,
        Column::Number(Number::Turns),
        Column::Label(Label::Language),
        Column::Signs,
    ];
    ask(
        held,
        WindowOf {
            order: sorted(sorting),
            columns,
            from,
            most,
        },
    )
}

#[test]
fn windows_of_the_table_add_up_to_the_sorted_selection() {
    let mut held = with_rows(0..100);
    let shown = select(&mut held, "outcome=success,failure");
    for direction in [Direction::Ascending, Direction::Descending] {
        for column in [
            Column::Row,
            Column::Number(Number::Turns),
            Column::Signs,
            Column::Label(Label::Language),
        ] {
            let sorting = Sorting { column, direction };
            let whole = window(&mut held, sorting, 0, 1_000);
            assert_eq!(
                (whole.len as u64, whole.rows.len()),
                (shown.kept, whole.len)
            );
            let parts = (0..whole.len).step_by(7);
            let parts = parts.flat_map(|from| window(&mut held, sorting, from, 7).rows);
            assert_eq!(parts.collect::<Vec<_>>(), whole.rows);
            let turns = |row: &[String]| row[1].replace(',', "").parse::<u32>().unwrap();
            if column == Column::Number(Number::Turns) {
                let turns: Vec<u32> = whole.rows.iter().map(|row| turns(&row.cells)).collect();
                match direction {
                    Direction::Ascending => assert!(turns.is_sorted()),
                    Direction::Descending => assert!(turns.is_sorted_by(|a, b| a >= b)),
                }
            }
        }
    }
    let past = Sorting {
        column: Column::Row,
        direction: Direction::Ascending,
    };
    assert_eq!(window(&mut held, past, 5_000, 10).rows, []);
}

#[test]
fn a_row_says_what_leaves_it_out_and_its_neighbours_are_selected() {
    let mut held = with_rows(0..80);
    ask(&mut held, FindDuplicates);
    select(&mut held, "outcome=success");
    let (kept, _) = ask(&mut held, KeptRows);
    let (first, second) = (kept[0], kept[1]);
    let about = ask(&mut held, About { row: first }).unwrap();
    assert!(about.is_measured && about.left_out.is_empty());
    let lost = (0..80).find(|row| !kept.contains(row)).unwrap();
    let about = ask(&mut held, About { row: lost }).unwrap();
    assert_eq!(about.left_out, ["outcome is success"]);
    assert_eq!(ask(&mut held, About { row: 500 }), None);

    let mut place = |row| {
        let order = Order::default();
        ask(&mut held, PlaceOf { row, order })
    };
    assert_eq!(place(first).after, Some(second));
    assert_eq!(place(second).before, Some(first));
    assert_eq!((place(first).at, place(first).before), (Some(0), None));
    assert_eq!(place(*kept.last().unwrap()).after, None);
    // A row that is not selected lies between two that are.
    let Standing {
        at, before, after, ..
    } = place(lost);
    assert_eq!(at, None);
    assert!(before.is_none_or(|before| before < lost && kept.contains(&before)));
    assert!(after.is_none_or(|after| after > lost && kept.contains(&after)));
}

#[test]
fn who_steps_from_row_to_row_sees_the_table_from_top_to_bottom() {
    let mut held = with_rows(0..80);
    select(&mut held, "outcome=success");
    for column in [
        Column::Number(Number::Turns),
        Column::Label(Label::Language),
    ] {
        let sorting = Sorting::default().by(column);
        let table = window(&mut held, sorting, 0, 1_000);
        let table: Vec<u64> = table.rows.iter().map(|row| row.row).collect();
        let mut stepped = vec![table[0]];
        loop {
            let (row, order) = (*stepped.last().unwrap(), sorted(sorting));
            let place = ask(&mut held, PlaceOf { row, order });
            assert_eq!(
                (place.at, place.len),
                (Some(stepped.len() - 1), table.len())
            );
            let Some(after) = place.after else { break };
            stepped.push(after);
        }
        assert_eq!(stepped, table);
    }
}

#[test]
fn rows_are_found_by_their_index_and_by_parts_of_their_names() {
    let mut held = with_rows(0..80);
    let mut found = |find: &str| {
        let order = Order {
            find: find.to_owned(),
            ..Order::default()
        };
        let columns = vec![Column::Row, Column::Label(Label::InstanceId)];
        let window = WindowOf {
            order,
            columns,
            from: 0,
            most: 1_000,
        };
        ask(&mut held, window).rows
    };
    let all = found("");
    assert_eq!(all.len(), 80);
    assert!(found("17").iter().any(|row| row.row == 17));
    assert!(found("#17").len() < 80 && found("nowhere").is_empty());
    let task = all[5].cells[1].clone();
    let of_task = found(&task.to_uppercase());
    assert!(of_task.iter().any(|row| row.row == all[5].row));
    assert!(of_task.iter().all(|row| row.cells[1].contains(&task)));
}

#[test]
fn a_row_knows_the_other_runs_of_its_task_selected_or_not() {
    let mut held = with_rows(0..200);
    select(&mut held, "outcome=success");
    let window = WindowOf {
        order: Order::default(),
        columns: vec![Column::Row],
        from: 0,
        most: 1_000,
    };
    let rows = ask(&mut held, window).rows;
    let row = rows
        .iter()
        .find(|row| row.runs > 1)
        .expect("a task with several runs");
    let others = ask(&mut held, RunsOf { row: row.row });
    assert_eq!(others.len() as u32, row.runs - 1);
    for other in others {
        assert!(other.row != row.row && !other.words.is_empty());
        assert_eq!(other.is_selected, other.words.starts_with("success"));
        let back = ask(&mut held, RunsOf { row: other.row });
        assert!(back.iter().any(|run| run.row == row.row));
    }
}

#[test]
fn a_row_that_is_like_another_says_which() {
    let mut held = with_rows(0..200);
    ask(&mut held, FindDuplicates);
    let alike = Filters {
        lists: recipe("flag=near-duplicate").filters.lists,
        ..Filters::default()
    };
    held.ask(Select {
        filters: alike,
        seed: 1,
    });
    let (kept, _) = ask(&mut held, KeptRows);
    assert!(!kept.is_empty());
    for row in kept {
        let about = ask(&mut held, About { row }).unwrap();
        let near = |(sign, _): &&_| *sign == Sign::NearDuplicate;
        let (_, duplicate) = about.duplicates.iter().find(near).unwrap();
        assert!(duplicate.row != row && duplicate.share.is_some_and(|share| share >= 0.8));
        assert!(
            duplicate
                .words()
                .contains(&format!("row {}", duplicate.row))
        );
    }
}

#[test]
fn the_end_of_an_export_comes_through_whether_its_tally_has_much_to_say_or_nothing() {
    let lists = [("codex 0.47.0".to_owned(), 2)].into();
    let full = Tally {
        images: 3,
        tools_from: lists,
        ..Tally::default()
    };
    for tally in [Tally::default(), full] {
        let end = End {
            tally,
            bad: 7,
            ..End::default()
        };
        let bytes = postcard::to_allocvec(&end).unwrap();
        assert_eq!(postcard::from_bytes::<End>(&bytes).unwrap(), end);
    }
}

#[test]
fn lines_come_through_as_they_were_encoded_with_what_was_refused_and_could_not_be_read() {
    let line = Line {
        text: r#"{"messages":[]}"#.to_owned(),
        split: Split::Validation,
        tokens: Some(7),
        trainable: None,
        harness: Some("openhands".to_owned()),
        license: String::new(),
        language: "rust".to_owned(),
        shape: LineShape::default(),
        tools_from: None,
        mended: Default::default(),
        odd: vec![Reason::Orphan { message: 3 }],
    };
    let lines = Lines {
        lines: vec![line],
        rejected: vec![Rejected {
            row: 4,
            part: 1,
            reasons: vec![Reason::Empty, Reason::AllMasked],
        }],
        bad: vec![BadRow {
            row: 5,
            error: RowError::Truncated("messages".to_owned()),
        }],
    };
    for lines in [Lines::default(), lines] {
        let bytes = postcard::to_allocvec(&lines).unwrap();
        assert_eq!(postcard::from_bytes::<Lines>(&bytes).unwrap(), lines);
    }
}
