//! Few bytes that stand for many: what is unpacked, repeated or built up is stopped before it fills the memory.

use tracesift_parquet::ParquetError;

use super::super::drive::Served;
use super::super::forge::{
    BYTES, DELTA_BYTES, DICTIONARY, Forged, OPTIONAL, PLAIN, REPEATED, REQUIRED,
    Word::{Int, Struct},
    data, dictionary, leaf, levels, page, plain, root, run, signed, text, unsigned,
};
use super::{MB, deltas, is_damaged, read, refused, texts};

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
        let columns = tracesift_parquet::schema::Columns::of(file.schema(), |_| true);
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
