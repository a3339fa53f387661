//! Real files, damaged at random: cut, turned over, spliced. They are read, or refused, in bounded time and memory.
//! `PROPTEST_CASES` says how many are tried.

use std::sync::{Arc, OnceLock};

use parquet::basic::Compression;
use parquet::file::properties::WriterVersion;
use proptest::prelude::*;
use tracesift_parquet::file::ParquetFile;
use tracesift_parquet::plan::{metadata_ranges, survey_cost};
use tracesift_parquet::schema::{Columns, is_metadata_column};

use super::drive::Served;
use super::made::table;
use super::written::encoded;

/// Rows that are read of a row group, which may claim any number.
const ROWS: u64 = 80;

/// One thing that is done to a file. Places are parts of the whole, or of its end, in 65536ths.
#[derive(Debug, Clone)]
enum Damage {
    Cut(u16),
    Turn {
        place: u16,
        is_footer: bool,
        bit: u8,
    },
    Set {
        place: u16,
        is_footer: bool,
        bytes: Vec<u8>,
    },
    Insert {
        place: u16,
        is_footer: bool,
        bytes: Vec<u8>,
    },
    Remove {
        place: u16,
        is_footer: bool,
        count: u8,
    },
    Copy {
        from: u16,
        to: u16,
        count: u8,
    },
}

fn damage() -> impl Strategy<Value = Damage> {
    let odd = prop_oneof![
        any::<u8>(),
        Just(0),
        Just(0xff),
        Just(0x80),
        Just(0x7f),
        Just(1)
    ];
    let bytes = proptest::collection::vec(odd, 1..6);
    let at = (any::<u16>(), any::<bool>());
    prop_oneof![
        1 => any::<u16>().prop_map(Damage::Cut),
        6 => (at, 0..8_u8)
            .prop_map(|((place, is_footer), bit)| Damage::Turn { place, is_footer, bit }),
        6 => (at, bytes.clone())
            .prop_map(|((place, is_footer), bytes)| Damage::Set { place, is_footer, bytes }),
        2 => (at, bytes)
            .prop_map(|((place, is_footer), bytes)| Damage::Insert { place, is_footer, bytes }),
        2 => (at, 1..20_u8)
            .prop_map(|((place, is_footer), count)| Damage::Remove { place, is_footer, count }),
        2 => (any::<u16>(), any::<u16>(), any::<u8>())
            .prop_map(|(from, to, count)| Damage::Copy { from, to, count }),
    ]
}

/// A file in its three parts: what comes before the footer, the footer; its length and mark follow from these.
struct Parts {
    body: Vec<u8>,
    footer: Vec<u8>,
    rest: Option<usize>,
}

impl Parts {
    fn of(file: &[u8]) -> Self {
        let end = file.len() - 8;
        let length = u32::from_le_bytes(file[end..end + 4].try_into().unwrap()) as usize;
        Self {
            body: file[..end - length].to_vec(),
            footer: file[end - length..end].to_vec(),
            rest: None,
        }
    }

    fn take(&mut self, damage: &Damage) {
        let scaled = |place: u16, size: usize| place as usize * size / 65_536;
        match damage {
            Damage::Cut(place) => self.rest = Some(*place as usize),
            Damage::Copy { from, to, count } => {
                let from = scaled(*from, self.body.len());
                let end = self.body.len().min(from + *count as usize);
                let bytes = self.body[from..end].to_vec();
                let to = scaled(*to, self.body.len() - bytes.len());
                self.body[to..to + bytes.len()].copy_from_slice(&bytes);
            }
            Damage::Turn {
                place,
                is_footer,
                bit,
            } => {
                let part = self.part(*is_footer);
                let at = scaled(*place, part.len());
                if let Some(byte) = part.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Damage::Set {
                place,
                is_footer,
                bytes,
            } => {
                let part = self.part(*is_footer);
                let at = scaled(*place, part.len());
                for (old, new) in part[at..].iter_mut().zip(bytes) {
                    *old = *new;
                }
            }
            Damage::Insert {
                place,
                is_footer,
                bytes,
            } => {
                let part = self.part(*is_footer);
                let at = scaled(*place, part.len());
                part.splice(at..at, bytes.iter().copied());
            }
            Damage::Remove {
                place,
                is_footer,
                count,
            } => {
                let part = self.part(*is_footer);
                let at = scaled(*place, part.len());
                let end = part.len().min(at + *count as usize);
                part.drain(at..end);
            }
        }
    }

    fn part(&mut self, is_footer: bool) -> &mut Vec<u8> {
        if is_footer {
            &mut self.footer
        } else {
            &mut self.body
        }
    }

    fn file(self) -> Vec<u8> {
        let length = (self.footer.len() as u32).to_le_bytes();
        let mut file = [&self.body[..], &self.footer, &length, b"PAR1"].concat();
        if let Some(rest) = self.rest {
            file.truncate(rest * file.len() / 65_536);
        }
        file
    }
}

/// Small files of every kind; what is not compressed is damaged the deepest.
fn files() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files: Vec<Vec<u8>> = Vec::new();
        for name in ["trajectories", "kinds", "gaps", "int96"] {
            let layouts = table(name).layouts.values();
            files.extend(layouts.map(|parts| parts[0].clone()));
        }
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            files.push(encoded(version, Compression::UNCOMPRESSED).file);
        }
        let plain = table("trajectories").layouts.iter();
        let plain: Vec<_> = plain.filter(|(name, _)| name.starts_with("none")).collect();
        for _ in 0..4 {
            files.extend(plain.iter().map(|(_, parts)| parts[0].clone()));
        }
        files
    })
}

/// Reads what can be read of a file, in order and not; no error of one part keeps from another.
fn read_all(file: Vec<u8>) {
    let mut served = Served::new(file);
    let Ok(file) = served.open() else { return };
    let _ = survey_cost(&file);
    let Ok(metadata) = Columns::of(file.schema(), is_metadata_column) else {
        return;
    };
    let Ok(all) = Columns::of(file.schema(), |_| true) else {
        return;
    };
    for columns in [metadata, all] {
        let columns = Arc::new(columns);
        for group in 0..file.groups.len().min(5) {
            let _ = metadata_ranges(&file, group, &columns);
            for with_index in [true, false] {
                read_group(&mut served, &file, group, &columns, with_index);
            }
        }
    }
}

fn read_group(
    served: &mut Served,
    file: &ParquetFile,
    group: usize,
    columns: &Arc<Columns>,
    with_index: bool,
) {
    let Ok(mut reader) = served.group(file, group, columns, with_index) else {
        return;
    };
    let rows = file.groups[group].rows;
    for (start, end) in [
        (0, 1),
        (1, ROWS),
        (rows / 2, rows / 2 + 3),
        (rows.saturating_sub(2), rows),
        (0, 3),
    ] {
        let _ = served.rows(&mut reader, start..end);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_damaged_file_is_read_or_refused_with_bounded_memory(
        file in any::<prop::sample::Index>(),
        damages in proptest::collection::vec(damage(), 1..5),
    ) {
        let files = files();
        let mut parts = Parts::of(&files[file.index(files.len())]);
        for damage in &damages {
            parts.take(damage);
        }
        let file = parts.file();
        let taken = allocation_counter::measure(|| read_all(file));
        prop_assert!(taken.bytes_max < 400 << 20, "{} bytes", taken.bytes_max);
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let whole = encoded(WriterVersion::PARQUET_2_0, Compression::UNCOMPRESSED).file;
    for length in (0..whole.len()).step_by(7) {
        assert!(Served::new(whole[..length].to_vec()).open().is_err());
    }
}
