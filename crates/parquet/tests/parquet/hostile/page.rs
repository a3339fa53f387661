//! Pages that lie: sizes, levels, values, dictionaries and differences that are not what they are said to be.

use tracesift_parquet::ParquetError;

use super::super::drive::Served;
use super::super::forge::{
    BYTES, DELTA_BINARY, DELTA_BYTES, DELTA_LENGTH, DICTIONARY, FIXED, Forged, INT32, INT64,
    OPTIONAL, PLAIN, REPEATED, REQUIRED, SPLIT,
    Word::{Bool, Int, Struct},
    data, dictionary, items, levels, page, plain, run, signed, unsigned,
};
use super::{MB, deltas, is_damaged, read, refused, texts};

#[test]
fn sizes_in_a_pages_header_that_are_lies_are_refused() {
    let numbers = [-1, i64::from(i32::MAX), i64::MAX, i64::MIN, 1 << 20];
    let body = [plain(b"a"), plain(b"bc")].concat();
    for number in numbers {
        for field in [1, 2, 3] {
            let header = Struct(vec![
                (1, Int(0)),
                (2, Int(10)),
                (3, Int(10)),
                (5, data(2, PLAIN)),
            ]);
            let pages = [header.with(field, Int(number)).bytes(), body.clone()].concat();
            let forged = Forged::texts(REQUIRED, 2, pages);
            // How large an uncompressed page gets is of no interest, unless it is too large.
            if (field, number) != (2, 1 << 20) {
                refused(forged.bytes(), MB);
            }
        }
        for field in [1, 2] {
            let numbers = data(2, PLAIN).with(field, Int(number));
            is_damaged(Forged::texts(REQUIRED, 2, page(0, numbers, 10, &body)).bytes());
        }
        // Levels of the second version.
        for field in [1, 2, 5, 6] {
            let numbers = Struct(vec![
                (1, Int(2)),
                (2, Int(0)),
                (3, Int(2)),
                (4, Int(PLAIN)),
                (5, Int(0)),
                (6, Int(0)),
                (7, Bool(false)),
            ]);
            let forged = Forged::texts(
                REQUIRED,
                2,
                page(3, numbers.with(field, Int(number)), 10, &body),
            );
            // The number of nulls follows from the levels.
            let (rows, taken) = read(forged.bytes());
            assert_eq!(rows.is_ok(), field == 2, "{field} {number}");
            assert!(taken < MB);
        }
    }
}

#[test]
fn a_pages_header_without_end_is_refused() {
    let endless = [
        vec![0x80; 20 * MB as usize],
        // Fields of a number each.
        [0x16, 0x00].repeat(20 * MB as usize),
        // A text of which there is less.
        [vec![0x88], signed(99), unsigned(1 << 40), vec![0; 1000]].concat(),
        [vec![0x09], signed(99), items((1 << 31) - 1, 1)].concat(),
        [vec![0x09], signed(99), items(1 << 60, 3)].concat(),
        [0x1c].repeat(1000),
        [0x19, 0x19].repeat(1000),
    ];
    for bytes in endless {
        let size = bytes.len() as u64;
        let error = refused(Forged::texts(REQUIRED, 1, bytes).bytes(), 3 * size + MB);
        assert!(matches!(error, ParquetError::Corrupt(_)), "{error:?}");
    }
}

#[test]
fn levels_that_are_not_what_the_page_says_are_refused() {
    let one = plain(b"a");
    let optional = |runs: &[u8]| {
        let body = [levels(runs), one.clone()].concat();
        Forged::texts(OPTIONAL, 2, texts(2, &body)).bytes()
    };
    assert!(read(optional(&[run(1, 1), run(1, 0)].concat())).0.is_ok());
    assert!(read(optional(&[0x03, 0b01])).0.is_ok());
    for runs in [
        run(1, 1),                                         // too few
        vec![],                                            // none
        run(2, 2),                                         // above the highest
        run(2, 1),                                         // more values than there are
        [vec![0x80; 9], vec![0x01, 1]].concat(),           // a count of too many bytes
        [vec![0xff; 20], vec![0x01, 1]].concat(),          // which the decoder panics at
        [unsigned(u64::MAX), vec![1]].concat(),            // too long a run
        [unsigned(u64::from(u32::MAX)), vec![1]].concat(), // too many packed ones
        vec![0x00, 0x00],                                  // nothing but the padding
        vec![0x03],                                        // packed ones, and no bytes
    ] {
        is_damaged(optional(&runs));
    }
    for length in [5, 1 << 20, u32::MAX, i32::MAX as u32] {
        let body = [&length.to_le_bytes()[..], &run(2, 0)].concat();
        is_damaged(Forged::texts(OPTIONAL, 2, texts(2, &body)).bytes());
    }
    // A row that begins in the middle of one.
    let body = [levels(&run(2, 1)), levels(&run(2, 1)), one.repeat(2)].concat();
    let _ = read(Forged::texts(REPEATED, 1, texts(2, &body)).bytes());
}

#[test]
fn values_that_end_before_the_page_says_are_refused() {
    for body in [
        plain(b"a"),
        [plain(b"a"), vec![1, 0]].concat(),
        [plain(b"a"), vec![5, 0, 0, 0, b'a']].concat(),
        [plain(b"a"), u32::MAX.to_le_bytes().to_vec()].concat(),
        vec![0xff; 3],
        vec![],
    ] {
        is_damaged(Forged::texts(REQUIRED, 2, texts(2, &body)).bytes());
        // Passed over, not read.
        let dictionary_too = [
            page(2, dictionary(2), body.len(), &body),
            page(0, data(2, DICTIONARY), 3, &[1, 3, 0b10]),
        ];
        is_damaged(Forged::texts(REQUIRED, 2, dictionary_too.concat()).bytes());
    }
    for kind in [INT32, INT64] {
        for encoding in [PLAIN, SPLIT, DELTA_BINARY] {
            let body = page(0, data(2, encoding), 7, &[1; 7]);
            is_damaged(Forged::texts(REQUIRED, 2, body).of_kind(kind).bytes());
        }
    }
    for length in [None, Some(0), Some(-1), Some(i64::from(i32::MAX))] {
        let mut forged =
            Forged::texts(REQUIRED, 2, page(0, data(2, PLAIN), 7, &[1; 7])).of_kind(FIXED);
        if let Some(length) = length {
            forged.schema[1] = forged.schema[1].clone().with(2, Int(length));
        }
        is_damaged(forged.bytes());
    }
}

#[test]
fn a_dictionary_that_is_missing_or_too_short_is_refused() {
    let values = [plain(b"a"), plain(b"b")].concat();
    let known = page(2, dictionary(2), values.len(), &values);
    let indices = |body: &[u8]| page(0, data(2, DICTIONARY), body.len(), body);
    let file = |pages: &[Vec<u8>]| Forged::texts(REQUIRED, 2, pages.concat()).bytes();
    assert!(
        read(file(&[known.clone(), indices(&[1, 3, 0b10])]))
            .0
            .is_ok()
    );
    for body in [
        vec![],
        vec![1],
        vec![33, 2, 0],
        vec![255, 2, 0],
        vec![2, 3, 0b1011, 0],
        vec![32, 4, 255, 255, 255, 255],
        vec![
            1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1,
        ],
        vec![0, 4],
    ] {
        let (rows, _) = read(file(&[known.clone(), indices(&body)]));
        assert_eq!(rows.is_ok(), body == [0, 4], "{body:?}");
    }
    is_damaged(file(&[indices(&[1, 3, 0b10])]));
    is_damaged(file(&[
        known.clone(),
        known.clone(),
        indices(&[1, 3, 0b10]),
    ]));
    is_damaged(file(std::slice::from_ref(&known)));
    for count in [3, 1 << 22, i64::from(i32::MAX)] {
        let lie = page(2, dictionary(count), values.len(), &values);
        is_damaged(file(&[lie, indices(&[1, 3, 0b10])]));
    }
}

/// A number so many times.
fn same(total: u64, number: i64) -> Vec<u8> {
    let blocks = (total - 1).div_ceil(1 << 20);
    let block = [signed(0), vec![0]].concat();
    [
        deltas(1 << 20, 1, total, number),
        block.repeat(blocks as usize),
    ]
    .concat()
}

#[test]
fn differences_that_are_lies_are_refused() {
    let heads = [
        deltas(0, 0, 2, 1),
        deltas(128, 0, 2, 1),
        deltas(128, 3, 2, 1),
        deltas(128, 128, 2, 1),
        deltas(1 << 60, 1, 2, 1),
        deltas(u64::MAX, u64::MAX, 2, 1),
        deltas(128, 4, u64::MAX, 1),
        deltas(128, 4, 0, 1),
        deltas(128, 4, 1, 1),
        [deltas(128, 4, 2, 1), vec![0, 65, 0, 0, 0]].concat(),
        [deltas(128, 4, 2, 1), vec![0, 64, 0, 0, 0]].concat(),
        [deltas(128, 4, 2, 1), vec![0, 0]].concat(),
        vec![0xff; 40],
        vec![],
    ];
    for head in &heads {
        for (kind, encoding) in [
            (INT32, DELTA_BINARY),
            (INT64, DELTA_BINARY),
            (BYTES, DELTA_LENGTH),
            (BYTES, DELTA_BYTES),
        ] {
            let body = page(0, data(2, encoding), head.len(), head);
            is_damaged(Forged::texts(REQUIRED, 2, body).of_kind(kind).bytes());
        }
    }
    for length in [-1, 3, i64::from(i32::MAX)] {
        let body = [same(2, length), b"ab".to_vec()].concat();
        let one = page(0, data(2, DELTA_LENGTH), body.len(), &body);
        is_damaged(Forged::texts(REQUIRED, 2, one).bytes());
        let body = [same(2, length), same(2, 1), b"ab".to_vec()].concat();
        let one = page(0, data(2, DELTA_BYTES), body.len(), &body);
        is_damaged(Forged::texts(REQUIRED, 2, one).bytes());
    }
}

#[test]
fn a_page_after_the_last_row_and_one_without_rows_change_nothing() {
    let body = [
        levels(&[run(1, 0), run(1, 1)].concat()),
        levels(&run(2, 1)),
        plain(b"a"),
        plain(b"b"),
    ];
    let pages = |after: Vec<u8>| [texts(2, &body.concat()), after].concat();
    let none = texts(0, &[levels(&[]), levels(&[])].concat());
    let index = Struct(vec![
        (1, Int(1)),
        (2, Int(3)),
        (3, Int(3)),
        (6, Struct(vec![])),
    ])
    .bytes();
    for after in [vec![], none, [index, vec![1, 2, 3]].concat()] {
        let (rows, _) = read(Forged::texts(REPEATED, 1, pages(after)).bytes());
        assert_eq!(rows.unwrap(), [r#"{"t":["a","b"]}"#]);
    }
}

#[test]
fn a_reader_that_met_damage_still_reads_other_rows() {
    let good = texts(2, &[plain(b"a"), plain(b"b")].concat());
    let bad = texts(2, &plain(b"c"));
    let forged = Forged::texts(REQUIRED, 4, [good, bad].concat());
    let mut served = Served::new(forged.bytes());
    let file = served.open().unwrap();
    let columns = tracesift_parquet::schema::Columns::of(file.schema(), |_| true);
    let columns = std::sync::Arc::new(columns.unwrap());
    let mut reader = served.group(&file, 0, &columns, true).unwrap();
    for _ in 0..2 {
        assert!(served.rows(&mut reader, 1..3).is_err());
        assert!(reader.needs().is_err());
        assert_eq!(
            served.rows(&mut reader, 0..2).unwrap(),
            [r#"{"t":"a"}"#, r#"{"t":"b"}"#]
        );
    }
}
