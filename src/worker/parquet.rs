//! What a worker does with Parquet files: reads their footers, surveys rows by their metadata columns, and reads pages of
//! rows out of row groups. Files and row groups that were begun stay open, since rows are asked for in order.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::try_join_all;
use futures_util::lock::Mutex;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::job::{PageRead, file_of, slice};
use super::page::PageText;
use super::serve::{Reply, busy, with_rows};
use super::{Answer, Depth, Measured, PageAt, Question, WorkerError};
use crate::net::cache::{self, Key};
use crate::net::range;
use tracesift_core::ground::FileAt;
use tracesift_core::measure::measure_metadata;
use tracesift_core::packed::{Rows, Writer};
use tracesift_core::trace::{self, BadRow, RowError, Trajectory};
use tracesift_parquet::file::{Footer, ParquetFile, footer, tail};
use tracesift_parquet::group::{GroupReader, index_ranges, page_locations};
use tracesift_parquet::layout::{FileShape, Piece};
use tracesift_parquet::plan::{GAP, MOST, merged, survey_cost};
use tracesift_parquet::schema::{Columns, is_metadata_column, is_metadata_or_patch};
use tracesift_parquet::{ParquetError, Result as ParquetResult};

/// Row groups that stay open, each with the pages that it is in the middle of.
const OPEN_GROUPS: usize = 4;

/// A row group's reader, once there is one. Only one question has it at a time.
type Slot = Rc<Mutex<Option<GroupReader>>>;

thread_local! {
    static FILES: RefCell<HashMap<String, Rc<Opened>>> = RefCell::default();
    static GROUPS: RefCell<VecDeque<(GroupKey, Slot)>> = RefCell::default();
}

/// Answers the questions about Parquet files.
///
/// # Errors
/// What went wrong, in words for the page.
pub async fn answer(question: Question, attachment: JsValue) -> Reply {
    match question {
        Question::Shapes {
            files,
            revision,
            token,
        } => {
            let shapes = files.iter().map(|file| {
                let reach = Reach::new(file, token.clone(), revision.clone(), &attachment);
                async move { shape(&reach?).await }
            });
            Ok((Answer::Shapes(try_join_all(shapes).await?), None))
        }
        Question::Survey { at, depth, only } => {
            let measured = survey(&at, depth, only.as_deref(), &attachment).await?;
            Ok(with_rows(measured))
        }
        _ => Err(WorkerError::Protocol),
    }
}

/// A file, and how its bytes are had.
struct Reach<'q> {
    file: &'q FileAt,
    token: Option<String>,
    revision: String,
    local: Option<File>,
}

impl<'q> Reach<'q> {
    fn new(
        file: &'q FileAt,
        token: Option<String>,
        revision: Option<String>,
        attachment: &JsValue,
    ) -> Result<Self, WorkerError> {
        let local = if file.url.is_empty() {
            Some(file_of(attachment)?)
        } else {
            None
        };
        Ok(Self {
            file,
            token,
            revision: revision.unwrap_or_default(),
            local,
        })
    }

    /// What tells this file's bytes from all others': for a local file also when it was last changed, since one that was
    /// edited and chosen again may have the same name and size.
    fn identity(&self) -> String {
        let FileAt {
            url, name, size, ..
        } = self.file;
        match &self.local {
            Some(file) => format!("{name}#{size}#{}", file.last_modified()),
            None => format!("{url}#{}#{size}", self.revision),
        }
    }

    async fn bytes(&self, range: &Range<u64>) -> Result<Bytes, WorkerError> {
        match &self.local {
            Some(file) => Ok(slice(file, range.start as f64, range.end as f64)
                .await?
                .into()),
            None => range::get(&self.file.url, self.token.as_deref(), range)
                .await
                .map_err(WorkerError::Hub),
        }
    }

    /// Bytes that are worth keeping: small, and wanted again by the next visit. How many of them were asked for.
    async fn kept_bytes(&self, range: &Range<u64>) -> Result<(Bytes, u64), WorkerError> {
        let key = Key::bytes(self.file, &self.revision, range);
        if let Some(key) = &key
            && let Some(kept) = cache::get_bytes(key).await
            && kept.len() as u64 == range.end - range.start
        {
            return Ok((kept.into(), 0));
        }
        let bytes = self.bytes(range).await?;
        if let Some(key) = &key {
            // A full disk only means that they are asked for again.
            let _ = cache::put_bytes(key, &bytes, Some(&self.revision)).await;
        }
        let fetched = bytes.len() as u64;
        Ok((bytes, fetched))
    }

    fn broken(&self, error: ParquetError) -> WorkerError {
        WorkerError::Parquet {
            name: self.file.name.clone(),
            error,
        }
    }
}

/// A file whose footer was read.
struct Opened {
    file: ParquetFile,
    all: Arc<Columns>,
    metadata: Arc<Columns>,
    patches: Arc<Columns>,
}

impl Opened {
    fn new(file: ParquetFile) -> ParquetResult<Self> {
        Ok(Self {
            all: Arc::new(Columns::of(file.schema(), |_| true)?),
            metadata: Arc::new(Columns::of(file.schema(), is_metadata_column)?),
            patches: Arc::new(Columns::of(file.schema(), is_metadata_or_patch)?),
            file,
        })
    }
}

async fn open(reach: &Reach<'_>) -> Result<Rc<Opened>, WorkerError> {
    let identity = reach.identity();
    if let Some(opened) = FILES.with_borrow(|files| files.get(&identity).cloned()) {
        return Ok(opened);
    }
    let size = reach.file.size;
    let mut range = tail(size);
    let (mut last, _) = reach.kept_bytes(&range).await?;
    let file = loop {
        busy();
        match footer(size, &last).map_err(|error| reach.broken(error))? {
            Footer::Whole(file) => break file,
            Footer::More(more) if more != range => {
                range = more;
                last = reach.kept_bytes(&range).await?.0;
            }
            Footer::More(_) => return Err(reach.broken(ParquetError::NotParquet)),
        }
    };
    let opened = Rc::new(Opened::new(file).map_err(|error| reach.broken(error))?);
    FILES.with_borrow_mut(|files| files.insert(identity, opened.clone()));
    Ok(opened)
}

/// What the page needs to know of a file.
async fn shape(reach: &Reach<'_>) -> Result<FileShape, WorkerError> {
    let opened = open(reach).await?;
    let cost = survey_cost(&opened.file).map_err(|error| reach.broken(error))?;
    let groups = opened.file.groups.iter().map(|group| group.rows).collect();
    let indices = index_ranges(&opened.file, 0, &opened.all);
    let is_indexed = indices.is_ok_and(|indices| indices.iter().all(Option::is_some));
    Ok(FileShape {
        groups,
        cost,
        is_indexed,
    })
}

/// Which reader of a row group is meant: of which file ([`Reach::identity`]), which group, how much of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct GroupKey {
    file: String,
    group: usize,
    depth: Option<Depth>,
}

/// The reader of a row group, opened before or now. Only one question has it at a time.
fn slot_of(reach: &Reach<'_>, piece: &Piece, depth: Option<Depth>) -> Slot {
    let key = GroupKey {
        file: reach.identity(),
        group: piece.group,
        depth,
    };
    GROUPS.with_borrow_mut(|groups| {
        if let Some((_, slot)) = groups.iter().find(|(known, _)| *known == key) {
            return slot.clone();
        }
        if groups.len() >= OPEN_GROUPS {
            groups.pop_front();
        }
        let slot = Rc::new(Mutex::new(None));
        groups.push_back((key, slot.clone()));
        slot
    })
}

/// Writes the rows of a piece, each by its index in the split. How many bytes were asked for.
async fn read_piece(
    reach: &Reach<'_>,
    piece: &Piece,
    depth: Option<Depth>,
    rows: &mut Writer,
) -> Result<u64, WorkerError> {
    let opened = open(reach).await?;
    let columns = match depth {
        None => &opened.all,
        Some(Depth::Metadata) => &opened.metadata,
        Some(Depth::Patches) => &opened.patches,
    };
    let slot = slot_of(reach, piece, depth);
    let mut slot = slot.lock().await;
    let mut fetched = 0;
    let reader = match &mut *slot {
        Some(reader) => reader,
        empty => {
            let (reader, index) = begin(reach, &opened.file, piece.group, columns, depth).await?;
            fetched += index;
            empty.insert(reader)
        }
    };
    let read = go_on(reach, reader, piece, depth, rows).await;
    if read.is_err() {
        // What was half read is begun anew.
        *slot = None;
    }
    Ok(fetched + read?)
}

/// A row group's reader. The indices of its pages are asked for where texts are read: metadata columns are read whole.
async fn begin(
    reach: &Reach<'_>,
    file: &ParquetFile,
    group: usize,
    columns: &Arc<Columns>,
    depth: Option<Depth>,
) -> Result<(GroupReader, u64), WorkerError> {
    let broken = |error| reach.broken(error);
    let mut locations = Vec::new();
    let mut fetched = 0;
    if depth != Some(Depth::Metadata) {
        let ranges = index_ranges(file, group, columns).map_err(broken)?;
        let together = merged(ranges.iter().flatten().cloned().collect(), GAP, MOST);
        let parts = together.iter().map(|range| async move {
            let (bytes, fetched) = reach.kept_bytes(range).await?;
            Ok::<_, WorkerError>((range.start, bytes, fetched))
        });
        let parts = try_join_all(parts).await?;
        fetched = parts.iter().map(|(_, _, fetched)| fetched).sum();
        locations = ranges
            .into_iter()
            .map(|range| {
                let range = range?;
                let found = parts.iter().find_map(|(start, bytes, _)| {
                    let from = usize::try_from(range.start.checked_sub(*start)?).ok()?;
                    let to = usize::try_from(range.end.checked_sub(*start)?).ok()?;
                    bytes.get(from..to)
                });
                page_locations(found?)
            })
            .collect();
    }
    let reader = GroupReader::new(file, group, columns.clone(), &locations).map_err(broken)?;
    Ok((reader, fetched))
}

async fn go_on(
    reach: &Reach<'_>,
    reader: &mut GroupReader,
    piece: &Piece,
    depth: Option<Depth>,
    rows: &mut Writer,
) -> Result<u64, WorkerError> {
    let broken = |error| reach.broken(error);
    let mut fetched = 0;
    reader.go_to(piece.rows.clone());
    loop {
        let needs = merged(reader.needs().map_err(broken)?, GAP, MOST);
        if needs.is_empty() {
            break;
        }
        let parts = needs.iter().map(|range| async move {
            let (bytes, fetched) = match depth {
                Some(Depth::Metadata) => reach.kept_bytes(range).await?,
                _ => (reach.bytes(range).await?, range.end - range.start),
            };
            Ok::<_, WorkerError>((range.start, bytes, fetched))
        });
        for (start, bytes, asked) in try_join_all(parts).await? {
            fetched += asked;
            busy();
            reader.push(start, &bytes).map_err(broken)?;
        }
    }
    let first = piece.first.saturating_sub(piece.rows.start);
    busy();
    reader.read(first, rows).map_err(broken)?;
    Ok(fetched)
}

fn reach_of<'q>(
    at: &PageAt,
    piece: &'q Piece,
    attachment: &JsValue,
) -> Result<Reach<'q>, WorkerError> {
    Reach::new(
        &piece.file,
        at.token.clone(),
        at.revision.clone(),
        attachment,
    )
}

/// Measures rows without their texts.
async fn survey(
    at: &PageAt,
    depth: Depth,
    only: Option<&[u64]>,
    attachment: &JsValue,
) -> Result<Measured, WorkerError> {
    let mut measured = Measured {
        revision: at.revision.clone(),
        ..Measured::default()
    };
    let begun = js_sys::Date::now();
    for piece in &at.pieces {
        let received = u32::try_from(piece.rows.end - piece.rows.start).unwrap_or(u32::MAX);
        measured.received = measured.received.saturating_add(received);
        let reach = reach_of(at, piece, attachment)?;
        let mut rows = Writer::default();
        let fetched = match read_piece(&reach, piece, Some(depth), &mut rows).await {
            Ok(fetched) => {
                measured.add_metadata(at, &rows.finish(), only);
                fetched
            }
            // A row group that is damaged costs its own rows only.
            Err(error @ WorkerError::Parquet { .. }) => {
                measured.lose(at, piece, &error.to_string());
                0
            }
            Err(error) => return Err(error),
        };
        measured.bytes = measured.bytes.saturating_add(fetched);
    }
    measured.from_cache = measured.bytes == 0;
    measured.fetch_ms = js_sys::Date::now() - begun;
    Ok(measured)
}

impl Measured {
    /// Adds what the metadata of rows say, or of those that are wanted.
    fn add_metadata(&mut self, at: &PageAt, rows: &Rows, only: Option<&[u64]>) {
        for row in rows.iter() {
            let number = row.index.saturating_add(at.offset);
            if only.is_some_and(|only| only.binary_search(&number).is_err()) {
                continue;
            }
            let measure = |t: &Trajectory| measure_metadata(number, t);
            match trace::with_metadata(row, &at.place, measure) {
                Ok(row) => self.rows.push(row),
                Err(error) => self.bad.push(BadRow { row: number, error }),
            }
        }
    }

    /// Every row of a piece is one that could not be read.
    fn lose(&mut self, at: &PageAt, piece: &Piece, why: &str) {
        let rows = piece.rows.end - piece.rows.start;
        let first = piece.first.saturating_add(at.offset);
        let rows = first..first.saturating_add(rows);
        self.bad.extend(rows.map(|row| BadRow {
            row,
            error: RowError::Damaged(why.to_owned()),
        }));
    }
}

/// A page of rows, kept under the same key as one of the row service: whichever way a page came first, it comes from the
/// cache the second time.
///
/// # Errors
/// Why it can't be had.
pub(super) async fn read_page(at: &PageAt, attachment: &JsValue) -> Result<PageRead, WorkerError> {
    let revision = at.revision.as_deref().unwrap_or_default();
    let key = Key::page(&at.source, revision, &at.range);
    let mut page = PageRead {
        revision: at.revision.clone(),
        ..PageRead::default()
    };
    if let Some(key) = &key
        && let Some(kept) = cache::get_bytes(key).await
        && let Some(kept) = PageText::kept(kept)
    {
        page.text = kept;
        page.from_cache = true;
        return Ok(page);
    }
    let begun = js_sys::Date::now();
    let mut rows = Writer::default();
    for piece in &at.pieces {
        let reach = reach_of(at, piece, attachment)?;
        page.fetched += read_piece(&reach, piece, None, &mut rows).await?;
    }
    page.text = PageText::Packed(rows.finish());
    page.fetch_ms = js_sys::Date::now() - begun;
    if let Some(key) = &key
        && let Some(bytes) = page.text.to_keep()
    {
        let kept = cache::put_bytes(key, &bytes, at.revision.as_deref()).await;
        page.cache_off = kept.err();
    }
    Ok(page)
}
