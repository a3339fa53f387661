//! Preference data: a chosen and a rejected answer to one conversation. The chosen one is read, and the row says so.
//! TRL's and LLaMA-Factory's `chosen` and `rejected`, Together's `preferred_output`, ms-swift's `rejected_response`.

use super::Dialect;
use super::prompt_completion::said;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::speaker::{self, Speaker};
use crate::trace::{Repair, Repairs, Role, tools};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &[
        "rejected",
        "non_preferred_output",
        "rejected_response",
        "rejected_messages",
    ],
    read: Some(read),
    ..Dialect::new("preference")
};

/// Where the conversation before the answers may stand.
const BEFORE: [&str; 6] = [
    "messages",
    "conversations",
    "conversation",
    "prompt",
    "question",
    "input",
];

fn read<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let object = Object::read(row)?;
    let says = |name: &&&str| {
        object
            .raw(name)
            .is_some_and(|raw| raw.starts_with(['"', '[', '{']))
    };
    let rejected = DIALECT.told_by.iter().find(says)?;
    let messages = match chosen(&object) {
        Some(chosen) => with_what_was_before(&object, chosen),
        // ms-swift has the chosen answer at the messages' end.
        None if rejected.starts_with("rejected_") => said(&object, "messages", "user")?,
        None => return None,
    };
    repairs.add(Repair::ChosenOfPair, 1);
    let input = object.object("input");
    Some(Row {
        messages,
        tools: input.raw("tools").map_or_else(Vec::new, tools::from_raw),
        ..Row::default()
    })
}

fn chosen<'a>(object: &Object<'a>) -> Option<Vec<RawMessage<'a>>> {
    let mut fields = ["chosen", "preferred_output", "chosen_messages"].iter();
    fields.find_map(|field| said(object, field, "assistant"))
}

/// The chosen answer after the conversation before it, unless it holds that itself.
fn with_what_was_before<'a>(
    object: &Object<'a>,
    chosen: Vec<RawMessage<'a>>,
) -> Vec<RawMessage<'a>> {
    let first = chosen
        .first()
        .and_then(|message| speaker::of(&message.role));
    if matches!(first, Some(Speaker::One(Role::System | Role::User))) {
        return chosen;
    }
    // Together has the messages one level down.
    let input = object.object("input");
    let mut before = BEFORE
        .iter()
        .filter_map(|field| said(object, field, "user"));
    let before = said(&input, "messages", "user").or_else(|| before.next());
    before
        .unwrap_or_default()
        .into_iter()
        .chain(chosen)
        .collect()
}
