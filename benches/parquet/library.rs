//! The library's side of the Parquet bench: what the workers do with a file whose bytes are at hand.
//! Built for the browser by `cargo bench --bench parquet`.
#![allow(missing_docs)]

#[cfg(target_arch = "wasm32")]
#[path = "../browser/sums.rs"]
mod sums; // what both sides add up

#[cfg(target_arch = "wasm32")]
mod bench {
    use std::borrow::Cow;
    use std::collections::{BTreeMap, BTreeSet};
    use std::hint::black_box;
    use std::ops::Range;
    use std::sync::Arc;

    use bytes::Bytes;
    use js_sys::Uint8Array;
    use tracesift::worker::PageAt;
    use tracesift::worker::page::{PageText, measure_page};
    use tracesift_core::frame::Frame;
    use tracesift_core::ground::{PageRange, Source};
    use tracesift_core::measure::{Measurements, measure, measure_metadata};
    use tracesift_core::packed::Writer;
    use tracesift_core::trace::{self, Outcome, Repairs, RowContext, Trajectory};
    use tracesift_hub::answer::SplitSize;
    use tracesift_hub::plan::page_len;
    use tracesift_parquet::Result;
    use tracesift_parquet::file::{Footer, ParquetFile, footer, tail};
    use tracesift_parquet::group::{GroupReader, index_ranges, page_locations};
    use tracesift_parquet::plan::{GAP, MOST, merged};
    use tracesift_parquet::schema::{Columns, is_metadata_column};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::{JsError, wasm_bindgen};
    use web_sys::WorkerGlobalScope;

    use super::sums;

    type Fallible<T> = std::result::Result<T, JsError>;

    /// A file of which ranges are taken as a worker fetches them.
    #[wasm_bindgen]
    pub struct Library {
        bytes: Uint8Array,
        /// Bytes of all its rows as JSON, which decide how many make a page.
        unpacked: u64,
    }

    #[wasm_bindgen]
    impl Library {
        #[wasm_bindgen(constructor)]
        pub fn new(bytes: Uint8Array, unpacked: f64) -> Self {
            let unpacked = unpacked as u64;
            Self { bytes, unpacked }
        }

        /// Every row, whole; the sums as JSON.
        pub fn whole_rows(&self) -> Fallible<String> {
            let file = self.open()?;
            let mut sums = BTreeMap::new();
            self.each_page(&file, Depth::Whole, |first, range, reader| {
                let mut rows = Writer::default();
                reader.read(first, &mut rows)?;
                let page = PageText::Packed(rows.finish());
                let measured = measure_page(&page, &at(range), None, None);
                // A page or a row that could not be read would be missed in the sums.
                for row in measured.unwrap_or_default().rows {
                    sums::add(&mut sums, &row);
                }
                Ok(())
            })?;
            Ok(serde_json::to_string(&sums).unwrap_or_default())
        }

        /// Every row, whole, of which nothing is made: the bytes of its JSON.
        pub fn whole_rows_decoded(&self) -> Fallible<f64> {
            let file = self.open()?;
            let mut bytes = 0;
            self.each_page(&file, Depth::Whole, |first, _, reader| {
                let mut rows = Writer::default();
                reader.read(first, &mut rows)?;
                bytes += rows.finish().iter().map(|row| row.json_bytes).sum::<u64>();
                Ok(())
            })?;
            Ok(bytes as f64)
        }

        /// Milliseconds of each step on the way of whole rows: bytes brought, columns decoded to rows, rows read, rows
        /// measured.
        pub fn steps(&self) -> Fallible<Vec<f64>> {
            let file = self.open()?;
            let place = RowContext::default();
            let [mut bring, mut decode, mut read, mut count] = [0.0; 4];
            let mut ended = now();
            self.each_page(&file, Depth::Whole, |first, _, reader| {
                let brought = now();
                let mut rows = Writer::default();
                reader.read(first, &mut rows)?;
                let rows = rows.finish();
                let decoded = now();
                let mut counted = 0.0;
                for row in rows.iter() {
                    let measured = |trajectory: &Trajectory| {
                        let begun = now();
                        black_box(measure(row.index, 0, trajectory, None));
                        counted += now() - begun;
                    };
                    // A row that is none would be missed in the sums.
                    let _ = trace::with(row, &place, &Repairs::default(), measured);
                }
                bring += brought - ended;
                decode += decoded - brought;
                ended = now();
                read += ended - decoded - counted;
                count += counted;
                Ok(())
            })?;
            Ok(vec![bring, decode, read, count])
        }

        /// The metadata columns of every row; the sums as JSON.
        pub fn metadata_columns(&self) -> Fallible<String> {
            let mut sums = BTreeMap::<&str, u64>::new();
            self.survey_rows(|row| {
                let mut add = |name, value| *sums.entry(name).or_default() += value;
                add("rows", 1);
                add("messages", row.messages.into());
                add("turns", row.turns.into());
                add("calls", row.calls.into());
                add("tools", row.tools.len() as u64);
                add("solved", u64::from(row.outcome == Outcome::Success));
                let declared = row.declared.unwrap_or_default();
                for patch in [declared.model, declared.reference] {
                    add("statedFiles", patch.files.unwrap_or_default());
                    add("statedLines", patch.lines.unwrap_or_default());
                }
            })?;
            Ok(serde_json::to_string(&sums).unwrap_or_default())
        }

        /// The columns of the row that the metadata columns lie in.
        pub fn light_columns(&self) -> Fallible<Vec<String>> {
            let file = self.open()?;
            let leaves = file.schema().columns().iter();
            let light = leaves
                .map(|leaf| leaf.path().parts())
                .filter(|path| is_metadata_column(path));
            let names: BTreeSet<&String> = light.filter_map(<[String]>::first).collect();
            Ok(names.into_iter().cloned().collect())
        }

        /// Surveys the file again and again until a frame has so many rows, of a task for every four of them; gives
        /// the bytes of the frame.
        pub fn survey(&self, rows: u32) -> Fallible<f64> {
            let mut frame = Frame::default();
            // The page says how many rows there are.
            frame.expect(rows as usize);
            let mut next = 0_u32;
            while next < rows {
                self.survey_rows(|mut row| {
                    if next == rows {
                        return;
                    }
                    let hash = next.wrapping_mul(2_654_435_761);
                    let task = hash % (rows / 4);
                    row.row = u64::from(next);
                    row.labels.trajectory_id =
                        Some(Cow::Owned(format!("{hash:08x}-0000-0000-0000-{next:012x}")));
                    row.labels.instance_id = Some(Cow::Owned(format!("owner__name-{task}")));
                    row.labels.repo = Some(Cow::Owned(format!("owner/name-{}", task % 3_000)));
                    frame.push(&row);
                    next += 1;
                })?;
            }
            Ok(frame.bytes() as f64)
        }
    }

    /// The worker's clock, in milliseconds.
    fn now() -> f64 {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        scope.performance().map_or(0.0, |clock| clock.now())
    }

    /// What is read, as a worker reads it.
    #[derive(Clone, Copy, PartialEq)]
    enum Depth {
        /// Whole rows, as many as make a page, by an index of the pages.
        Whole,
        /// The metadata columns of a thousand rows.
        Metadata,
    }

    fn at(range: PageRange) -> PageAt {
        PageAt {
            source: Source::Demo { seed: 0 },
            range,
            offset: 0,
            place: RowContext::default(),
            revision: None,
            token: None,
            first: 0,
            pieces: Vec::new(),
            items: Vec::new(),
        }
    }

    impl Library {
        fn survey_rows(&self, mut each: impl FnMut(Measurements)) -> Result<()> {
            let place = RowContext::default();
            self.each_page(&self.open()?, Depth::Metadata, |first, _, reader| {
                let mut rows = Writer::default();
                reader.read(first, &mut rows)?;
                for row in rows.finish().iter() {
                    // A row that is none would be missed in the sums.
                    let measure = |t: &Trajectory| measure_metadata(row.index, t);
                    if let Ok(row) = trace::with_metadata(row, &place, measure) {
                        each(row);
                    }
                }
                Ok(())
            })
        }

        /// Calls `each` for every page with the index of its row group's first row, its rows, and what reads them.
        fn each_page(
            &self,
            file: &ParquetFile,
            depth: Depth,
            mut each: impl FnMut(u64, PageRange, &mut GroupReader) -> Result<()>,
        ) -> Result<()> {
            let is_wanted = |path: &[String]| depth == Depth::Whole || is_metadata_column(path);
            let columns = Arc::new(Columns::of(file.schema(), is_wanted)?);
            let step = match depth {
                Depth::Whole => self.rows_of_a_page(file),
                Depth::Metadata => 1_000,
            };
            for (at, group) in file.groups.iter().enumerate() {
                let ranges = index_ranges(file, at, &columns)?.into_iter();
                let locations: Vec<_> = ranges
                    .map(|range| {
                        page_locations(&self.get(&range.filter(|_| depth == Depth::Whole)?))
                    })
                    .collect();
                let mut reader = GroupReader::new(file, at, columns.clone(), &locations)?;
                let mut start = 0;
                while start < group.rows {
                    let end = group.rows.min(start + step);
                    reader.go_to(start..end);
                    self.bring(&mut reader)?;
                    let page = PageRange::rows(group.first + start, (end - start) as u32);
                    each(group.first, page, &mut reader)?;
                    start = end;
                }
            }
            Ok(())
        }

        fn rows_of_a_page(&self, file: &ParquetFile) -> u64 {
            let size = SplitSize {
                rows: Some(file.rows),
                bytes_memory: Some(self.unpacked),
                ..SplitSize::default()
            };
            page_len(&size).into()
        }

        fn bring(&self, reader: &mut GroupReader) -> Result<()> {
            loop {
                let needs = merged(reader.needs()?, GAP, MOST);
                if needs.is_empty() {
                    return Ok(());
                }
                for range in needs {
                    reader.push(range.start, &self.get(&range))?;
                }
            }
        }

        fn open(&self) -> Result<ParquetFile> {
            let size = u64::from(self.bytes.length());
            let mut range = tail(size);
            loop {
                match footer(size, &self.get(&range))? {
                    Footer::Whole(file) => return Ok(file),
                    Footer::More(more) => range = more,
                }
            }
        }

        fn get(&self, range: &Range<u64>) -> Bytes {
            let part = self.bytes.subarray(range.start as u32, range.end as u32);
            part.to_vec().into()
        }
    }
}

fn main() {}
