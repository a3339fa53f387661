//! What is held for files: the rows and the choice of one moment, whatever comes after it.

use tracesift::worker::frame::{
    ChosenRow, Clear, HeldRows, Hold, NoteFound, OneChosen, PairsOf, Push, Release, RowsOf,
    TableFile, TableOf,
};
use tracesift_core::export::options::CsvTexts;
use tracesift_core::recipe::pairs::Pair;
use tracesift_core::search::TextQuery;
use tracesift_testing::parquet::read_parquet;

use super::{Held, ask, recipe, rows, select, with_rows};

fn hold(held: &mut Held, query: &str) -> HeldRows {
    let hold = Hold {
        filters: recipe(query).filters,
        seed: 24,
        places: vec![0, 50],
        files: Vec::new(),
    };
    ask(held, hold)
}

/// A piece of the table, of nine rows at most.
fn piece(held: &mut Held, of: u64, from: usize, file: &TableFile) -> Result<Vec<u8>, String> {
    let (most, file) = (9, file.clone());
    let piece = TableOf {
        of,
        from,
        most,
        file,
    };
    ask(held, piece).map(Vec::from)
}

/// The table in pieces.
fn table(held: &mut Held, of: u64, file: &TableFile) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    loop {
        match piece(held, of, pieces.len() * 9, file).unwrap() {
            end if end.is_empty() => return pieces,
            piece => pieces.push(piece),
        }
    }
}

fn as_parquet() -> TableFile {
    TableFile::Parquet {
        recipe: "?outcome=success".to_owned(),
    }
}

/// All that can be had of what is held: rows in chunks, the table in both forms, pairs.
fn all_of(held: &mut Held, of: u64) -> (Vec<ChosenRow>, [Vec<u8>; 2], Vec<Pair>) {
    let mut chosen: Vec<ChosenRow> = Vec::new();
    loop {
        let from = chosen.len();
        let next = ask(held, RowsOf { of, from, most: 9 });
        if next.is_empty() {
            break;
        }
        chosen.extend(next);
    }
    let csv = TableFile::Csv(CsvTexts::Safe);
    let table = [csv, as_parquet()].map(|file| table(held, of, &file).concat());
    let pairing = recipe("pairs=best&prefer=success,shorter");
    let pairs = PairsOf {
        of,
        rule: pairing.pairs.rule(),
        prefer: pairing.filters.prefer,
        seed: 24,
    };
    (chosen, table, ask(held, pairs))
}

#[test]
fn what_is_held_stays_as_it_was_until_it_is_released() {
    let mut held = with_rows(0..100);
    let shown = select(&mut held, "outcome=success");
    let success = hold(&mut held, "outcome=success");
    assert_eq!((success.len, success.kept), (100, shown.kept));
    assert_eq!(success.rows_version, shown.rows_version);
    assert_eq!(success.funnel.len(), 1);
    let (read, chosen): (u64, u64) = success
        .places
        .iter()
        .fold((0, 0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
    assert_eq!((read, chosen), (100, success.kept));
    assert_eq!(success.places[0].0, 50);

    let (rows_before, table_before, pairs_before) = all_of(&mut held, success.number);
    assert_eq!(rows_before.len() as u64, success.kept);
    assert!(rows_before.is_sorted_by_key(|row| row.row));
    let tokens: u64 = rows_before.iter().filter_map(|row| row.tokens).sum();
    assert_eq!(tokens, success.tokens.total);
    let csv = String::from_utf8_lossy(&table_before[0]);
    assert_eq!(csv.lines().count() as u64, success.kept + 1);
    assert!(!pairs_before.is_empty());

    // Rules that the worker was not told yet hold all the same.
    let failure = hold(&mut held, "outcome=failure");
    assert_ne!(failure.number, success.number);
    let (failures, ..) = all_of(&mut held, failure.number);
    assert!(failures.iter().all(|row| !rows_before.contains(row)));

    select(&mut held, "outcome=unknown");
    held.ask(Push {
        rows: rows(100..130),
    });
    ask(&mut held, Clear);
    let after = all_of(&mut held, success.number);
    assert_eq!(after, (rows_before.clone(), table_before, pairs_before));
    let (of, row) = (success.number, failures[0].row);
    assert_eq!(ask(&mut held, OneChosen { of, row }), Some(failures[0]));
    assert_eq!(ask(&mut held, OneChosen { of, row: 110 }), None);

    ask(&mut held, Release { of });
    assert_eq!(all_of(&mut held, of), Default::default());
    assert_eq!(all_of(&mut held, failure.number).0, failures);
}

#[test]
fn what_is_found_in_texts_chooses_among_the_rows_and_changes_none() {
    let mut held = with_rows(0..40);
    let all = hold(&mut held, "");
    let before = all_of(&mut held, all.number);
    let shown = select(&mut held, "text=needle");
    assert_eq!((shown.kept, shown.steps[0].unknown), (0, 40));
    let note = |searched: std::ops::Range<u64>, found: &[u64]| NoteFound {
        query: TextQuery::read("needle").unwrap(),
        searched: searched.collect(),
        found: found.to_vec(),
    };
    let half = ask(&mut held, note(0..20, &[3, 5]));
    assert_eq!((half.kept, half.steps[0].unknown), (2, 20));
    let whole = ask(&mut held, note(20..40, &[30]));
    assert_eq!((whole.kept, whole.steps[0].unknown), (3, 0));
    assert_eq!(whole.rows_version, shown.rows_version);
    let found = hold(&mut held, "text=needle");
    let chosen = all_of(&mut held, found.number).0;
    assert!(chosen.iter().map(|row| row.row).eq([3, 5, 30]));
    assert_eq!(all_of(&mut held, all.number), before);
    // Other rows may hold anything.
    ask(&mut held, Clear);
    let again = held.ask(Push { rows: rows(0..40) });
    assert_eq!((again.kept, again.steps[0].unknown), (0, 40));
}

#[test]
fn a_table_in_pieces_is_one_parquet_file_of_the_chosen_rows() {
    let mut held = with_rows(0..100);
    let success = hold(&mut held, "outcome=success");
    let pieces = table(&mut held, success.number, &as_parquet());
    assert_eq!(pieces.len() as u64, success.kept.div_ceil(9));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    std::fs::write(&path, pieces.concat()).unwrap();
    let read = read_parquet(&[path]);
    let groups = read["files"][0]["groups"].as_array().unwrap();
    assert_eq!(groups.len(), pieces.len());
    let (chosen, ..) = all_of(&mut held, success.number);
    let rows = read["rows"].as_array().unwrap().iter();
    let rows: Vec<(u64, Option<f64>)> = rows
        .map(|row| (row["row"].as_u64().unwrap(), row["tokens"].as_f64()))
        .collect();
    let expected = chosen
        .iter()
        .map(|row| (row.row, row.tokens.map(|tokens| tokens as f64)));
    assert_eq!(rows, expected.collect::<Vec<_>>());
}

#[test]
fn pieces_of_a_parquet_file_are_given_in_their_order_only() {
    let mut held = with_rows(0..100);
    let of = hold(&mut held, "outcome=success").number;
    let file = as_parquet();
    assert!(piece(&mut held, of, 9, &file).is_err());
    let first = piece(&mut held, of, 0, &file);
    assert!(piece(&mut held, of, 18, &file).is_err());
    // What went wrong once goes on from the beginning only.
    assert!(piece(&mut held, of, 9, &file).is_err());
    assert_eq!(piece(&mut held, of, 0, &file), first);
    assert!(piece(&mut held, of, 9, &file).is_ok_and(|piece| !piece.is_empty()));
    // A CSV may be had meanwhile.
    let csv = TableFile::Csv(CsvTexts::Exact);
    assert!(piece(&mut held, of, 0, &csv).is_ok());
    assert!(piece(&mut held, of, 18, &file).is_ok());
    ask(&mut held, Release { of });
    for from in [0, 27] {
        assert_eq!(piece(&mut held, of, from, &file), Ok(Vec::new()));
    }
    let none = hold(&mut held, "repo=nowhere/nothing");
    assert_eq!(none.kept, 0);
    assert_eq!(piece(&mut held, none.number, 0, &file), Ok(Vec::new()));
}
