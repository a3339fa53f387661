//! No file makes the reader panic, run without end, or take much memory: the worst that it gets is an error.

use std::time::Instant;

use tracesift::source::parquet::ParquetError;
use tracesift::source::parquet::group::page_locations;

use super::drive::Served;
use super::forge::{
    BYTES, DELTA_BINARY, DELTA_BYTES, DELTA_LENGTH, DICTIONARY, FIXED, Forged, INT32, INT64,
    OPTIONAL, PLAIN, REPEATED, REQUIRED, SPLIT,
    Word::{self, Bool, Int, List, Raw, Struct},
    data, dictionary, items, leaf, levels, page, plain, root, run, signed, text, unsigned, whole,
};

const MB: u64 = 1024 * 1024;

/// Reads all of a file; what it gave and the most memory that it took, the file itself put aside.
pub fn read(file: Vec<u8>) -> (Result<Vec<String>, ParquetError>, u64) {
    let mut served = Served::new(file);
    let mut rows = Ok(Vec::new());
    let begun = Instant::now();
    let taken = allocation_counter::measure(|| rows = served.all(3));
    assert!(begun.elapsed().as_secs() < 60, "it took too long");
    (rows, taken.bytes_max)
}

/// The file is refused, at the cost of no more than so much memory.
#[track_caller]
fn refused(file: Vec<u8>, most: u64) -> ParquetError {
    let (rows, taken) = read(file);
    assert!(taken <= most, "{taken} bytes for {rows:?}");
    rows.expect_err("the file is refused")
}

#[track_caller]
fn is_damaged(file: Vec<u8>) {
    let error = refused(file, MB);
    assert!(matches!(error, ParquetError::Corrupt(_)), "{error:?}");
}

/// One page of texts.
fn texts(count: i64, body: &[u8]) -> Vec<u8> {
    page(0, data(count, PLAIN), body.len(), body)
}

fn two_texts() -> Forged {
    let body = [plain(b"a"), plain(b"bc")].concat();
    Forged::texts(REQUIRED, 2, texts(2, &body))
}

#[test]
fn a_forged_file_that_tells_the_truth_is_read() {
    let (rows, taken) = read(two_texts().bytes());
    assert_eq!(rows.unwrap(), [r#"{"t":"a"}"#, r#"{"t":"bc"}"#]);
    assert!(taken < MB / 10, "{taken}");
}

#[test]
fn what_is_no_parquet_file_is_said_to_be_none() {
    for bytes in [&b""[..], b"PAR", b"PAR1", b"PAR1PAR1", b"{\"a\": 1}\n"] {
        assert!(read(bytes.to_vec()).0.is_err());
    }
    let error = refused(b"PAR1....\0\0\0\0PARE".to_vec(), MB);
    assert_eq!(error, ParquetError::Encrypted);
    let large = [&b"PAR1"[..], &u32::MAX.to_le_bytes(), b"PAR1"].concat();
    assert_eq!(
        refused(large, MB),
        ParquetError::FooterTooLarge(u64::from(u32::MAX))
    );
    is_damaged([&b"PAR1"[..], &100_u32.to_le_bytes(), b"PAR1"].concat());
}

#[test]
fn counts_and_places_in_the_footer_that_are_lies_are_refused() {
    let numbers = [-1, 1 << 31, i64::MIN, i64::MAX, 1 << 62];
    for number in numbers {
        for field in [7, 9, 11] {
            let mut forged = two_texts();
            forged.column.push((field, Int(number)));
            let (rows, taken) = read(forged.bytes());
            // A dictionary before the file is none.
            assert_eq!(rows.is_ok(), field == 11 && (number <= 0 || number > 100));
            assert!(taken < MB, "{taken}");
        }
        let mut forged = two_texts();
        forged.rows = number;
        is_damaged(forged.bytes());
        let mut forged = two_texts();
        forged.file.push((3, Int(number)));
        is_damaged(forged.bytes());
    }
    let mut elsewhere = two_texts();
    elsewhere.rows = 3;
    is_damaged(elsewhere.bytes());
}

#[test]
fn a_schema_that_is_no_tree_is_refused() {
    let schema = |words: Vec<Word>| {
        let mut forged = two_texts();
        forged.schema = words;
        forged.bytes()
    };
    for children in [2, -1, i64::from(i32::MAX), 1 << 32, (1 << 32) + 1] {
        is_damaged(schema(vec![root(children), leaf("t", BYTES, REQUIRED)]));
    }
    is_damaged(schema(vec![]));
    is_damaged(schema(vec![leaf("t", BYTES, REQUIRED)]));
    is_damaged(schema(vec![
        root(1),
        leaf("t", BYTES, REQUIRED),
        leaf("u", BYTES, REQUIRED),
    ]));
    let group = || Struct(vec![(3, Int(OPTIONAL)), (4, text("g")), (5, Int(1))]);
    for depth in [60, 100, 100_000] {
        let mut words = vec![root(1)];
        words.extend((0..depth).map(|_| group()));
        words.push(leaf("t", BYTES, REQUIRED));
        let error = refused(schema(words), 16 * MB);
        assert!(matches!(error, ParquetError::Corrupt(_)), "{error:?}");
    }
    // Two million columns of the shortest kind.
    let mut words = vec![root(2_000_000)];
    words.extend((0..2_000_000).map(|_| leaf("", INT32, REQUIRED)));
    refused(schema(words), 64 * MB);
}

#[test]
fn lists_in_the_footer_that_claim_more_items_than_there_are_are_refused() {
    let claimed = [1 << 10, 1 << 20, (1 << 31) - 1, 1 << 40, u64::MAX];
    for count in claimed {
        for (field, kind) in [
            (2, 12),
            (4, 12),
            (5, 12),
            (7, 12),
            (20, 1),
            (20, 12),
            (20, 9),
        ] {
            let mut forged = two_texts();
            forged.file.push((field, Raw(9, items(count, kind))));
            is_damaged(forged.bytes());
        }
        let mut forged = two_texts();
        let pairs = [unsigned(count), vec![0x11]].concat();
        forged.file.push((20, Raw(11, pairs)));
        is_damaged(forged.bytes());
    }
    // As many as there are bytes, each of them empty.
    for (field, kind) in [(2, 12), (4, 12), (5, 12), (7, 12)] {
        let empty = [items(15_000_000, kind), vec![0; 15_000_000]].concat();
        let mut forged = two_texts();
        forged.file.push((field, Raw(9, empty)));
        refused(forged.bytes(), MB);
    }
}

#[test]
fn a_field_of_another_kind_than_the_formats_is_refused() {
    for id in 1..=7 {
        for word in [
            Int(1),
            Bool(true),
            text("text"),
            List(vec![Int(1)]),
            Struct(vec![]),
            Raw(13, vec![0; 16]),
            Raw(7, vec![0; 8]),
        ] {
            let mut forged = two_texts();
            forged.file.push((id, word));
            let _ = read(forged.bytes());
        }
    }
    // Another reader would take these bytes for a list of two milliards of truths.
    let hidden = [items((1 << 31) - 1, 1), vec![0; 10]].concat();
    let mut forged = two_texts();
    forged.file.push((3, Word::Bytes(hidden)));
    is_damaged(forged.bytes());
}

#[test]
fn an_index_of_pages_that_lies_is_none() {
    for count in [1, 1 << 20, (1 << 31) - 1, u64::MAX] {
        let index = [vec![0x19], items(count, 12), vec![0; 20]].concat();
        let mut locations = None;
        let taken = allocation_counter::measure(|| locations = page_locations(&index));
        assert!(locations.is_none() && taken.bytes_max < MB);
    }
    assert!(page_locations(&[]).is_none());
}

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

/// The head of differences: numbers of a block, its parts, all, and the first.
fn deltas(block: u64, parts: u64, total: u64, first: i64) -> Vec<u8> {
    [
        unsigned(block),
        unsigned(parts),
        unsigned(total),
        signed(first),
    ]
    .concat()
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
fn differences_that_grow_beyond_measure_are_stopped() {
    // A megabyte, and then millions of texts that all begin with it.
    let total: u64 = 4_000_000;
    let first = vec![b'a'; MB as usize];
    let prefixes = [
        deltas(1 << 20, 2, total, 0),
        signed(0),
        vec![20, 0],
        // The second text begins with the whole first, the rest with as much.
        [
            &(MB as u32).to_le_bytes()[..3],
            &vec![0; (1 << 19) * 20 / 8 - 3],
        ]
        .concat(),
    ];
    let blocks = [signed(0), vec![0, 0]].concat().repeat(4);
    let suffixes = [
        deltas(1 << 20, 2, total, MB as i64),
        signed(-(MB as i64)),
        vec![21, 0],
    ];
    let mut body: Vec<u8> = [prefixes.concat(), blocks].concat();
    body.extend(suffixes.concat());
    body.extend(vec![0; 8 * MB as usize]);
    body.extend(first);
    let pages = page(0, data(total as i64, DELTA_BYTES), body.len(), &body);
    refused(
        Forged::texts(REQUIRED, total as i64, pages).bytes(),
        600 * MB,
    );
}

/// A frame of zstd in which one byte comes again and again.
fn zstd(size: usize) -> Vec<u8> {
    const BLOCK: usize = 128 * 1024;
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for at in 0..size.div_ceil(BLOCK) {
        let is_last = u32::from((at + 1) * BLOCK >= size);
        let head = (BLOCK as u32) << 3 | 1 << 1 | is_last;
        out.extend(&head.to_le_bytes()[..3]);
        out.push(0);
    }
    out
}

#[test]
fn a_page_that_unpacks_to_more_than_the_limit_is_stopped() {
    use std::io::Write;
    let size = 400 * MB as usize;
    let gzip = || {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; MB as usize];
        (0..400).for_each(|_| out.write_all(&zeros).unwrap());
        out.finish().unwrap()
    };
    let brotli = || {
        let mut out = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 1,
            ..Default::default()
        };
        let mut zeros = std::io::Read::take(std::io::repeat(0), size as u64);
        brotli::BrotliCompress(&mut zeros, &mut out, &parameters).unwrap();
        out
    };
    let lz4 = || {
        // One literal, then a copy of it that goes on and on.
        let mut out = vec![0x1f, 0, 1, 0];
        out.extend(vec![255; size / 255]);
        out.extend([0, 0x50, 0, 0, 0, 0, 0]);
        out
    };
    let snappy = || {
        // The size, one literal, copies of 64 bytes.
        let mut out = [unsigned(size as u64), vec![0, 0]].concat();
        out.extend([0xfe, 1, 0].repeat(size / 64));
        out
    };
    let bombs: [(i64, Vec<u8>); 6] = [
        (1, snappy()),
        (2, gzip()),
        (4, brotli()),
        (5, lz4()),
        (6, zstd(size)),
        (7, lz4()),
    ];
    for (codec, body) in bombs {
        for stated in [10, 200 * MB as usize, size] {
            let mut forged = Forged::texts(REQUIRED, 1, page(0, data(1, PLAIN), stated, &body));
            forged.codec = codec;
            let error = refused(forged.bytes(), 600 * MB);
            assert!(
                matches!(error, ParquetError::PageTooLarge { .. })
                    // LZ4 as Hadoop frames it is tried first, and said to be damaged last.
                    || codec == 5 && matches!(error, ParquetError::Corrupt(_)),
                "{codec}: {error:?}"
            );
        }
        // Cut off in the middle, or not what it is said to be.
        let mut forged = Forged::texts(
            REQUIRED,
            1,
            page(0, data(1, PLAIN), size / 2, &body[..body.len() / 1000]),
        );
        forged.codec = codec;
        refused(forged.bytes(), 600 * MB);
    }
    for codec in [1, 2, 4, 5, 6, 7] {
        for body in [vec![], vec![0; 9], vec![0xff; 9]] {
            let mut forged = Forged::texts(REQUIRED, 1, page(0, data(1, PLAIN), 200 << 20, &body));
            forged.codec = codec;
            refused(forged.bytes(), 8 * MB);
        }
    }
}

#[test]
fn a_compression_that_nobody_reads_is_named() {
    let mut forged = two_texts();
    forged.codec = 3;
    let error = refused(forged.bytes(), MB);
    assert!(matches!(error, ParquetError::Codec { .. }), "{error:?}");
    forged.codec = 99;
    is_damaged(forged.bytes());
}

/// A row that is a list of objects, each with a text or none.
fn items_of_one_row(name: &str, pages: Vec<u8>) -> Vec<u8> {
    let mut forged = Forged::texts(REPEATED, 1, pages);
    forged.schema = vec![
        root(1),
        Struct(vec![(3, Int(REPEATED)), (4, text("l")), (5, Int(1))]),
        leaf(name, BYTES, OPTIONAL),
    ];
    forged.bytes()
}

#[test]
fn levels_that_take_a_few_bytes_and_stand_for_millions_take_bounded_memory() {
    let rows = 16_000_000;
    // Nulls, row by row: as many as are asked for at a time.
    let body = levels(&run(rows, 0));
    let forged = Forged::texts(OPTIONAL, rows as i64, texts(rows as i64, &body));
    let mut served = Served::new(forged.bytes());
    let taken = allocation_counter::measure(|| {
        let file = served.open().unwrap();
        let columns = tracesift::source::parquet::schema::Columns::of(file.schema(), |_| true);
        let columns = std::sync::Arc::new(columns.unwrap());
        let mut reader = served.group(&file, 0, &columns, true).unwrap();
        let read = served.rows(&mut reader, 15_999_990..15_999_999).unwrap();
        assert_eq!(read, [r#"{"t":null}"#; 9]);
    });
    assert!(taken.bytes_max < 64 * MB, "{}", taken.bytes_max);
    // One row of all of them.
    let body = [
        levels(&[run(1, 0), run(rows - 1, 1)].concat()),
        levels(&run(rows, 0)),
    ];
    is_damaged(Forged::texts(REPEATED, 1, texts(rows as i64, &body.concat())).bytes());
    // One row of as many as are read; page after page of it.
    let few = 3_000_000;
    let first = [
        levels(&[run(1, 0), run(few - 1, 1)].concat()),
        levels(&run(few, 1)),
    ];
    let (read, taken) = read(items_of_one_row("t", texts(few as i64, &first.concat())));
    assert_eq!(read.unwrap().len(), 1);
    assert!(taken < 200 * MB, "{taken}");
    let more = [levels(&run(few, 1)), levels(&run(few, 1))];
    let pages = [
        texts(few as i64, &first.concat()),
        texts(few as i64, &more.concat()).repeat(50),
    ];
    refused(Forged::texts(REPEATED, 1, pages.concat()).bytes(), 200 * MB);
    // More than any page has.
    let body = levels(&run(1 << 30, 0));
    is_damaged(Forged::texts(OPTIONAL, 1, texts(1 << 30, &body)).bytes());
}

#[test]
fn one_text_that_is_named_again_and_again_fills_no_memory() {
    let long = plain(&vec![b'x'; MB as usize]);
    let times = 1_000_000;
    let indices = [
        levels(&[run(1, 0), run(times - 1, 1)].concat()),
        levels(&run(times, 1)),
        vec![0],
        unsigned(times << 1),
    ];
    let indices = indices.concat();
    let pages = [
        page(2, dictionary(1), long.len(), &long),
        page(0, data(times as i64, DICTIONARY), indices.len(), &indices),
    ];
    let error = refused(Forged::texts(REPEATED, 1, pages.concat()).bytes(), 600 * MB);
    assert!(matches!(error, ParquetError::RowTooLarge(_)), "{error:?}");
}

#[test]
fn a_text_that_grows_as_json_is_stopped() {
    for byte in [0x01, 0xff] {
        let long = plain(&vec![byte; 100 * MB as usize]);
        let error = refused(
            Forged::texts(REQUIRED, 1, texts(1, &long)).bytes(),
            600 * MB,
        );
        assert!(matches!(error, ParquetError::RowTooLarge(_)), "{error:?}");
    }
    // JSON in a text, of which most would be built up.
    let nested = [&b"["[..], &b"[],".repeat(20 * MB as usize), b"0]"].concat();
    let mut forged = Forged::texts(REQUIRED, 1, texts(1, &plain(&nested)));
    forged.schema[1] = forged.schema[1].clone().with(6, Int(19));
    let (rows, taken) = read(forged.bytes());
    assert_eq!(rows.unwrap()[0].len(), nested.len() + r#"{"t":}"#.len());
    assert!(taken < 600 * MB, "{taken}");
    let deep = b"[".repeat(MB as usize);
    let mut forged = Forged::texts(REQUIRED, 1, texts(1, &plain(&deep)));
    forged.schema[1] = forged.schema[1].clone().with(6, Int(19));
    let (rows, _) = read(forged.bytes());
    assert!(rows.unwrap()[0].starts_with(r#"{"t":"[["#));
}

#[test]
fn a_long_name_of_a_column_that_stands_in_each_item_is_stopped() {
    let times: u64 = 1_000_000;
    let name = "n".repeat(MB as usize);
    let body = [
        levels(&[run(1, 0), run(times - 1, 1)].concat()),
        levels(&run(times, 1)),
    ];
    let file = items_of_one_row(&name, texts(times as i64, &body.concat()));
    let error = refused(file, 600 * MB);
    assert!(matches!(error, ParquetError::RowTooLarge(_)), "{error:?}");
}

#[test]
fn a_reader_that_met_damage_still_reads_other_rows() {
    let good = texts(2, &[plain(b"a"), plain(b"b")].concat());
    let bad = texts(2, &plain(b"c"));
    let forged = Forged::texts(REQUIRED, 4, [good, bad].concat());
    let mut served = Served::new(forged.bytes());
    let file = served.open().unwrap();
    let columns = tracesift::source::parquet::schema::Columns::of(file.schema(), |_| true);
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
fn footers_that_are_nothing_but_noise_are_refused() {
    for byte in 0..=255 {
        for length in [1, 10, 1000] {
            refused(whole(&[], &vec![byte; length]), MB);
        }
    }
}
