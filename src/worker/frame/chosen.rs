//! The rows that are chosen at one moment: all that leaves the page is made of them, whatever is chosen or read meanwhile.
//! They are held under a number until they are released, and handed out in chunks.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use std::sync::Arc;
use tracesift_core::export::options::CsvTexts;
use tracesift_core::export::table;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::manifest::{Rule, TokenTotals};
use tracesift_core::recipe::pairs::{Pair, PairRule, pairs};
use tracesift_core::recipe::{Filters, Preference, Selection};
use tracesift_parquet::table::{GROUP_ROWS, TableError, TableWriter};

/// The frame and the selection as they were.
#[derive(Debug)]
pub(super) struct Chosen {
    frame: Arc<Frame>,
    selection: Arc<Selection>,
    /// The table as Parquet while it is written, and how many rows are in it.
    table: Option<(usize, TableWriter)>,
}

impl Chosen {
    /// The row at a position.
    fn row(&self, at: u32) -> Option<ChosenRow> {
        let row = *self.frame.rows().get(at as usize)?;
        let tokens = self.frame.number_at(at as usize, Number::Tokens);
        Some(ChosenRow {
            row,
            tokens: tokens.is_finite().then_some(tokens as u64),
            is_measured: self.frame.is_measured(at as usize),
        })
    }

    /// The table's next row group, and after the last rows the file's end.
    fn row_group(&mut self, from: usize, rows: usize, recipe: &str) -> Result<Vec<u8>, TableFault> {
        let mut writer = match self.table.take() {
            _ if from == 0 => TableWriter::new(recipe)?,
            Some((written, writer)) if written == from => writer,
            _ => return Err(TableFault::Order),
        };
        let (kept, end) = (&self.selection.kept, from + rows);
        let mut piece = writer.rows(&self.frame, kept.get(from..end).unwrap_or_default())?;
        match end < kept.len() {
            true => self.table = Some((end, writer)),
            false => piece.extend(writer.end()?),
        }
        Ok(piece)
    }
}

/// Why there is no next piece of the table.
#[derive(Debug, thiserror::Error)]
enum TableFault {
    /// What a piece of Parquet holds depends on all pieces before it.
    #[error("the table's parts were asked for out of order")]
    Order,
    #[error(transparent)]
    Write(#[from] TableError),
}

/// To hold the rows that some rules choose now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// The rules: the page may have newer ones than it has told.
    pub filters: Filters,
    /// The seed of draws among the rows.
    pub seed: u64,
    /// The indices of the first rows of the places that rows are from, rising.
    pub places: Vec<u64>,
    /// Likewise of the files that were opened.
    pub files: Vec<u64>,
}

/// What is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldRows {
    /// Its number.
    pub number: u64,
    /// Changes of the rows before it, as [`super::Shown`] counts them.
    pub rows_version: u64,
    /// All rows.
    pub len: u64,
    /// Those that are chosen.
    pub kept: u64,
    /// What each rule cost.
    pub funnel: Vec<Rule>,
    /// The chosen rows' tokens.
    #[serde(with = "as_json")]
    pub tokens: TokenTotals,
    /// Of each place, all rows and those that are chosen.
    pub places: Vec<(u64, u64)>,
    /// Likewise of each file.
    pub files: Vec<(u64, u64)>,
}

/// What the manifest leaves out where it is not known would be missed in the middle of a message.
mod as_json {
    use serde::de::{DeserializeOwned, Error};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &impl Serialize, to: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(value).map_err(serde::ser::Error::custom)?;
        text.serialize(to)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        serde_json::from_str(&text).map_err(D::Error::custom)
    }
}

impl Ask for Hold {
    type Answer = HeldRows;

    fn answer(self, held: &mut Held) -> HeldRows {
        let selection = match (held.filters(), held.seed()) == (&self.filters, self.seed) {
            true => held.now().1,
            false => Arc::new(held.selection_by(&self.filters, self.seed)),
        };
        let frame = held.frame().clone();
        let number = held.chosen.last_key_value().map_or(1, |(last, _)| last + 1);
        let answer = HeldRows {
            number,
            rows_version: held.shown().rows_version,
            len: frame.len() as u64,
            kept: selection.kept.len() as u64,
            funnel: selection.steps.iter().map(Into::into).collect(),
            tokens: TokenTotals::of(&frame, &selection.kept),
            places: by_place(&frame, &selection, &self.places),
            files: by_place(&frame, &selection, &self.files),
        };
        let chosen = Chosen {
            frame,
            selection,
            table: None,
        };
        held.chosen.insert(number, chosen);
        answer
    }
}

/// Of each place, all rows and those that are chosen.
fn by_place(frame: &Frame, selection: &Selection, places: &[u64]) -> Vec<(u64, u64)> {
    let mut counts = vec![(0, 0); places.len()];
    for (row, is_chosen) in frame.rows().iter().zip(&selection.mask) {
        let place = places.partition_point(|first| first <= row).checked_sub(1);
        if let Some((all, chosen)) = place.and_then(|place| counts.get_mut(place)) {
            *all += 1;
            *chosen += u64::from(*is_chosen);
        }
    }
    counts
}

/// To hold some rows no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Their number.
    pub of: u64,
}

impl Ask for Release {
    type Answer = ();

    fn answer(self, held: &mut Held) {
        held.chosen.remove(&self.of);
    }
}

/// A chosen row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenRow {
    /// Its index.
    pub row: u64,
    /// Its tokens, where counted.
    pub tokens: Option<u64>,
    /// Whether its texts were read.
    pub is_measured: bool,
}

/// The next chosen rows, in the order of their indices; none after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsOf {
    /// The number under which they are held.
    pub of: u64,
    /// How many come before them.
    pub from: usize,
    /// How many are wanted.
    pub most: usize,
}

impl Ask for RowsOf {
    type Answer = Vec<ChosenRow>;

    fn answer(self, held: &mut Held) -> Vec<ChosenRow> {
        let Some(chosen) = held.chosen.get(&self.of) else {
            return Vec::new();
        };
        let kept = chosen.selection.kept.iter();
        let kept = kept.skip(self.from).take(self.most);
        kept.filter_map(|&at| chosen.row(at)).collect()
    }
}

/// Any row by its index, chosen or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneChosen {
    /// The number under which the rows are held.
    pub of: u64,
    /// Its index.
    pub row: u64,
}

impl Ask for OneChosen {
    type Answer = Option<ChosenRow>;

    fn answer(self, held: &mut Held) -> Option<ChosenRow> {
        let chosen = held.chosen.get(&self.of)?;
        let at = chosen.frame.position(self.row)?;
        chosen.row(u32::try_from(at).ok()?)
    }
}

/// The next piece of the table, with the next chosen rows; nothing after the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOf {
    /// The number under which the rows are held.
    pub of: u64,
    /// How many rows come before them.
    pub from: usize,
    /// How many are wanted.
    pub most: usize,
    /// What is written.
    pub file: TableFile,
}

/// The file that a table is written as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableFile {
    /// Lines; how texts are written that a spreadsheet would run.
    Csv(CsvTexts),
    /// Row groups, of which each is asked for after the one before it.
    Parquet {
        /// The link to the rows, which the file holds.
        recipe: String,
    },
}

impl TableFile {
    /// So many rows are well asked for at once.
    pub fn rows_at_once(&self) -> usize {
        match self {
            Self::Csv(_) => 5_000,
            Self::Parquet { .. } => GROUP_ROWS,
        }
    }
}

impl Ask for TableOf {
    /// The piece's bytes, or in words why the table can't be written.
    type Answer = Result<Bytes, String>;

    fn answer(self, held: &mut Held) -> Self::Answer {
        let Some(chosen) = held.chosen.get_mut(&self.of) else {
            return Ok(Bytes::new());
        };
        let (frame, kept) = (&chosen.frame, &chosen.selection.kept);
        let end = self.from.saturating_add(self.most).min(kept.len());
        let rows = kept.get(self.from..end).unwrap_or_default();
        let piece = match self.file {
            _ if rows.is_empty() => Vec::new(),
            TableFile::Csv(texts) if self.from == 0 => table::write(frame, rows, texts),
            TableFile::Csv(texts) => table::write_more(frame, rows, texts),
            TableFile::Parquet { recipe } => {
                let rows = rows.len();
                let group = chosen.row_group(self.from, rows, &recipe);
                group.map_err(|fault| fault.to_string())?
            }
        };
        Ok(piece.into())
    }
}

/// The pairs among chosen rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairsOf {
    /// The number under which the rows are held.
    pub of: u64,
    /// What makes a pair.
    pub rule: PairRule,
    /// By what one row is better than another.
    pub prefer: Vec<Preference>,
    /// The seed that decides among equals.
    pub seed: u64,
}

impl Ask for PairsOf {
    type Answer = Vec<Pair>;

    fn answer(self, held: &mut Held) -> Vec<Pair> {
        let Some(chosen) = held.chosen.get(&self.of) else {
            return Vec::new();
        };
        let (frame, selection) = (&chosen.frame, &chosen.selection);
        let (mask, signs) = (&selection.mask, &selection.signs);
        pairs(frame, mask, self.rule, &self.prefer, signs, self.seed)
    }
}

/// How many pairs there are among the rows that are selected now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairCount {
    /// What makes a pair.
    pub rule: PairRule,
    /// By what one row is better than another.
    pub prefer: Vec<Preference>,
}

impl Ask for PairCount {
    type Answer = u64;

    fn answer(self, held: &mut Held) -> u64 {
        let (frame, selection) = held.now();
        let (mask, signs) = (&selection.mask, &selection.signs);
        pairs(&frame, mask, self.rule, &self.prefer, signs, held.seed()).len() as u64
    }
}
