//! The library's side of the browser's bench: what a worker does with bytes of JSONL, without the messages around it.
//! Built for the browser by `cargo bench --bench browser`.
#![allow(missing_docs)]

#[cfg(target_arch = "wasm32")]
mod sums; // what both sides add up

#[cfg(target_arch = "wasm32")]
mod bench {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use tracesift_core::figure::{Figure, Ground, Kind};
    use tracesift_core::frame::Frame;
    use tracesift_core::measure::{Measurements, measure};
    use tracesift_core::recipe::{self, Selection, address};
    use tracesift_core::tokens::model::{self, Files};
    use tracesift_core::tokens::{Counter, Templated, Tokenizer};
    use tracesift_core::trace::{self, RowContext};
    use wasm_bindgen::prelude::{JsError, wasm_bindgen};

    use super::sums;

    /// Holds what a worker holds between two pages of rows.
    #[wasm_bindgen]
    #[derive(Default)]
    pub struct Library {
        counter: Option<Counter>,
        few: Vec<Measurements>,
        frame: Frame,
        /// What charts take from the rows alone, kept while only rules change, as the frame's worker keeps it.
        ground: Ground,
        selection: Selection,
    }

    #[wasm_bindgen]
    impl Library {
        /// With the vocabulary unpacked, or without one.
        #[wasm_bindgen(constructor)]
        pub fn new(tokens: bool) -> Self {
            let counter = tokens.then(|| Counter::new(Tokenizer::O200kBase));
            Self {
                counter,
                ..Self::default()
            }
        }

        /// With the tokenizer of a model, out of its `tokenizer.json`.
        pub fn with_model(tokenizer: String) -> Result<Self, JsError> {
            let files = Files {
                tokenizer,
                ..Files::default()
            };
            let counter = model::counter("the model", &files, Templated::None)?;
            Ok(Self {
                counter: Some(counter),
                ..Self::default()
            })
        }

        /// Reads and measures every line; gives the sums as JSON, under the names that the plain side uses.
        pub fn measure_all(&self, bytes: &[u8]) -> String {
            let mut sums = BTreeMap::new();
            for row in rows(bytes, self.counter.as_ref()) {
                sums::add(&mut sums, &row);
            }
            serde_json::to_string(&sums).unwrap_or_default()
        }

        /// Reads the rows that a frame is filled with.
        pub fn read_few(&mut self, bytes: &[u8]) {
            self.few = self::rows(bytes, self.counter.as_ref()).collect();
        }

        /// Fills the frame with so many rows like those few, of 20,000 tasks in 3,000 repositories; gives the frame's
        /// bytes.
        pub fn fill_frame(&mut self, rows: u32) -> usize {
            self.frame.expect(rows as usize);
            self.ground = Ground::default();
            for (index, row) in (0..rows).zip(self.few.iter().cycle()) {
                let mut row = row.clone();
                let hash = index.wrapping_mul(2_654_435_761);
                let task = hash % 20_000;
                row.row = u64::from(index);
                row.turns += hash % 97;
                if let Some(tokens) = &mut row.tokens {
                    tokens.observations += hash % 50_021;
                }
                row.labels.trajectory_id = Some(Cow::Owned(format!("{hash:08x}-{index}")));
                row.labels.instance_id = Some(Cow::Owned(format!("owner__name-{task}")));
                row.labels.repo = Some(Cow::Owned(format!("owner/name-{}", task % 3_000)));
                self.frame.push(&row);
            }
            self.frame.bytes()
        }

        /// Applies the rules of an address; gives how many rows are left.
        pub fn select(&mut self, query: &str) -> usize {
            let (recipe, _) = address::parse(query);
            self.selection = recipe::select(&self.frame, &recipe.filters, recipe.reading.seed);
            self.selection.kept.len()
        }

        /// Makes the figures of all charts for the rows that are left.
        pub fn figures(&self) {
            for kind in Kind::ALL {
                std::hint::black_box(Figure::on(
                    &self.ground,
                    kind,
                    &self.frame,
                    &self.selection,
                    32_768,
                ));
            }
        }
    }

    /// Every row of JSONL, measured. Lines that are not rows are left out; the sums would show it.
    fn rows(bytes: &[u8], counter: Option<&Counter>) -> impl Iterator<Item = Measurements> {
        let place = RowContext::default();
        let lines = std::str::from_utf8(bytes).unwrap_or_default().lines();
        (0..).zip(lines).filter_map(move |(index, line)| {
            let trajectory = trace::read(line, &place).ok()?;
            Some(measure(index, line.len() as u64, &trajectory, counter))
        })
    }
}

fn main() {}
