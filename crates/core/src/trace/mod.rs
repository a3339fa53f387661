//! One row of any dataset, as one [`Trajectory`]: what was asked, thought, done and seen, in one form.
//! What tells one dialect from another is in `dialect/`, one file each; the steps here are shared by all of them.

pub(crate) mod borrow; // a trajectory that borrows every text of another
mod cell; // the row's small columns
mod column; // what a column of a row may hold
mod compact; // JSON in its shortest form
mod context; // what is known of a row beside the row
mod dialect; // one file per dialect, and the table of them
mod draft; // a message on its way from the row's form to ours; speakers, reasoning, observations
mod error; // why a row could not be read
mod fenced; // calls in the last fenced block of a text
mod function; // a tool as chat APIs declare it
mod given; // what a call gave back
mod harness; // which harness ran the agent
mod ids; // every call gets an id of its own
mod json; // any JSON value as text
mod labels; // the row's names and kinds
mod layout; // one message's parts laid out; reasoning in the text
mod mapped; // rows whose fields the user named, however deep
mod media; // where images and other media are kept
mod mend; // JSON that Python and Node write and JSON does not have
mod message; // a message as the row has it
mod metadata; // a row of which only those columns were read that a survey reads
mod metadata_columns; // which columns a survey reads
mod nested; // runs that lie deeper in an object
mod object; // a JSON object's fields, raw
mod outcome; // whether the task was solved
mod pairing; // which observation answers which call
mod part; // one of them
mod parts; // a text that is a list of parts
mod patches; // the two patches
mod python; // Python's `repr` as JSON
mod python_calls; // calls written as Python calls
mod reading; // a message that is being read
mod repair; // how a row was mended
mod reported; // what a field says of how a call ended
mod results; // one message that answers several calls
mod row; // the row's columns
mod seen; // what there is in a row of unknown shape
mod session; // runs that are lists of events
mod speaker; // who speaks, by any of the names in use
mod structured; // calls in fields of their own
mod tagged; // calls between tags in the text
mod thought; // reasoning in a field of its own
mod tools; // the tools' schemas
mod trajectory; // the one form
mod transcript; // a run of a session, put together event by event
mod tree; // the runs of a session that is a tree
mod turns; // events put together into messages
pub(crate) mod unread; // text that looks like calls that no dialect reads
mod vocabulary; // the words of all dialects together
mod written; // calls in forms that prose may look like

use std::borrow::Cow;

use column::Column;

use crate::packed;

pub(crate) use python::to_json as python_as_json;

pub use context::{FieldMap, RowContext};
pub use dialect::names as dialects;
pub(crate) use dialect::{EndMark, atif_own as atif, plain, result_words};
pub use error::{BadRow, FieldSeen, RowError};
pub use harness::spelled as harness_spelled;
pub use mend::mend;
pub use metadata_columns::{is_metadata_column, is_patch_text};
pub use nested::{ObjectRun, object_runs, runs_in_object, subagent_runs};
pub use repair::{Repair, Repairs};
pub use session::{SessionRun, TELLING_VALUES, session_name, session_runs};
pub use trajectory::{
    Call, CallAt, CallForm, Declared, Labels, Media, MediaKind, Message, Outcome, Reported, Role,
    Thread, Tool, Trajectory,
};

/// Reads one row: `row` is the JSON text of one object.
///
/// # Errors
/// [`RowError`] where the text is not a JSON object or nothing in it looks like a conversation.
pub fn read<'a>(row: &'a str, context: &RowContext) -> Result<Trajectory<'a>, RowError> {
    if let Some(trajectory) = dialect::read_whole(row) {
        return Ok(trajectory);
    }
    let mut repairs = Repairs::default();
    let row = row::read(row, &context.map, &mut repairs)?;
    Ok(assemble(row, context, repairs))
}

/// A row as it comes.
#[derive(Debug, Clone, Copy)]
pub enum RowText<'a> {
    /// The JSON text of one object.
    Json(&'a str),
    /// An object whose texts are borrowed as they are.
    Packed(packed::Row<'a>),
}

impl<'a> RowText<'a> {
    /// Its JSON.
    pub fn to_json(&self) -> Cow<'a, str> {
        match self {
            RowText::Json(json) => Cow::Borrowed(json),
            RowText::Packed(row) => Cow::Owned(row.to_json()),
        }
    }

    /// Bytes of its JSON.
    pub fn json_bytes(&self) -> u64 {
        match self {
            RowText::Json(json) => json.len() as u64,
            RowText::Packed(row) => row.json_bytes,
        }
    }
}

impl<'a> From<packed::Row<'a>> for RowText<'a> {
    fn from(row: packed::Row<'a>) -> Self {
        RowText::Packed(row)
    }
}

impl<'a> From<&'a String> for RowText<'a> {
    fn from(json: &'a String) -> Self {
        RowText::Json(json)
    }
}

impl<'a> From<&'a str> for RowText<'a> {
    fn from(json: &'a str) -> Self {
        RowText::Json(json)
    }
}

/// Reads one row and gives it to `with`; a row that is not JSON only because of what Python and Node write beyond it is
/// mended first ([`mend`]). `before` is what was mended in the row's text already.
///
/// # Errors
/// As [`read`].
pub fn with<'r, T>(
    row: impl Into<RowText<'r>>,
    context: &RowContext,
    before: &Repairs,
    with: impl FnOnce(&Trajectory) -> T,
) -> Result<T, RowError> {
    let row = row.into();
    if let RowText::Packed(row) = row {
        let texts = packed::Texts::new();
        if let Some(mut trajectory) = read_packed(&row, &texts, context) {
            trajectory.repairs.add_all(before);
            return Ok(with(&trajectory));
        }
    }
    with_json(&row.to_json(), context, before, with)
}

fn with_json<T>(
    row: &str,
    context: &RowContext,
    before: &Repairs,
    with: impl FnOnce(&Trajectory) -> T,
) -> Result<T, RowError> {
    let error = match read(row, context) {
        Ok(mut trajectory) => {
            trajectory.repairs.add_all(before);
            return Ok(with(&trajectory));
        }
        Err(error) => error,
    };
    let mended = match &error {
        RowError::Json(_) => mend(row),
        _ => None,
    };
    let (row, repairs) = mended.ok_or(error)?;
    let mut trajectory = read(&row, context)?;
    trajectory.repairs.add_all(before);
    trajectory.repairs.add_all(&repairs);
    Ok(with(&trajectory))
}

/// Reads a row that is not JSON; `None` where only its JSON tells what it is. `texts` keeps the parts of it that are read as
/// JSON.
pub fn read_packed<'a>(
    row: &packed::Row<'a>,
    texts: &'a packed::Texts,
    context: &RowContext,
) -> Option<Trajectory<'a>> {
    let mut repairs = Repairs::default();
    let row = row::read_packed(row, texts, &context.map, &mut repairs)?;
    Some(assemble(row, context, repairs))
}

/// Reads a row of which only the metadata columns were read, and gives it to `with`.
///
/// # Errors
/// As [`read`].
pub fn with_metadata<T>(
    row: packed::Row,
    context: &RowContext,
    with: impl FnOnce(&Trajectory) -> T,
) -> Result<T, RowError> {
    let texts = packed::Texts::new();
    if let Some(trajectory) = metadata::read(&row, &texts, context) {
        return Ok(with(&trajectory));
    }
    self::with(row, context, &Repairs::default(), with)
}

/// The steps that follow once a row's messages and columns are known, the same for every dialect.
fn assemble<'a>(row: row::Row<'a>, context: &RowContext, mut repairs: Repairs) -> Trajectory<'a> {
    let (columns, mut tools, mut messages) = (row.columns, row.tools, row.messages);
    if tools.is_empty() {
        let mut brought = messages
            .iter_mut()
            .map(|message| std::mem::take(&mut message.tools));
        tools = brought.find(|tools| !tools.is_empty()).unwrap_or_default();
    }

    let mut drafts = draft::from_raw(messages, row.system, &mut repairs);
    if tools.is_empty() {
        tools = draft::prompted_tools(&drafts);
    }
    draft::place_media(&mut drafts, row.media);
    dialect::take_calls(&mut drafts, &mut tools, &mut repairs);
    tagged::take_calls(&mut drafts, &mut repairs);
    written::take_calls(&mut drafts, &tools, &mut repairs);
    fenced::take_calls(&mut drafts, &mut repairs);
    draft::find_observations(&mut drafts, &mut repairs);
    results::part(&mut drafts, &mut repairs);
    let answers = pairing::pair(&drafts, &mut repairs);
    ids::make_unique(&mut drafts, &mut repairs);
    let messages = pairing::apply(drafts, answers);
    name(columns, tools, messages, context, repairs)
}

/// The trajectory of these messages, with all that the row's columns say of it.
fn name<'a>(
    mut columns: cell::Columns<'a>,
    tools: Vec<Tool<'a>>,
    messages: Vec<Message<'a>>,
    context: &RowContext,
    repairs: Repairs,
) -> Trajectory<'a> {
    let labels = labels::read(&columns, context, &messages, &tools);
    let outcome = outcome::read(&columns, &context.split);
    let (declared, reference_declared) = patches::declared(&columns);
    let exit = columns.first_text(Column::Exit);
    let git_hack = columns.first_bool(Column::GitHack);
    let (model_patch, reference_patch) = patches::take(&mut columns);
    Trajectory {
        labels,
        outcome,
        messages,
        tools,
        model_patch,
        reference_patch,
        declared,
        reference_declared,
        exit,
        git_hack,
        thread: context.thread,
        repairs,
    }
}
