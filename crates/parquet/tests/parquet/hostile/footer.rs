//! Footers and indices that lie: counts, places, trees and lists that are not there.

use tracesift_parquet::ParquetError;
use tracesift_parquet::group::page_locations;

use super::super::forge::{
    BYTES, INT32, OPTIONAL, REQUIRED,
    Word::{self, Bool, Int, List, Raw, Struct},
    items, leaf, root, text, unsigned, whole,
};
use super::{MB, is_damaged, read, refused, two_texts};

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
fn a_compression_that_nobody_reads_is_named() {
    let mut forged = two_texts();
    forged.codec = 3;
    let error = refused(forged.bytes(), MB);
    assert!(matches!(error, ParquetError::Codec { .. }), "{error:?}");
    forged.codec = 99;
    is_damaged(forged.bytes());
}

#[test]
fn footers_that_are_nothing_but_noise_are_refused() {
    for byte in 0..=255 {
        for length in [1, 10, 1000] {
            refused(whole(&[], &vec![byte; length]), MB);
        }
    }
}
