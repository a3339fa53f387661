//! Factory's Droid (`~/.factory/sessions`): a head `session_start`, then messages of Anthropic's blocks, one reply in several
//! lines. `todo_state`, `compaction_state` and `session_end` hold no conversation.

use super::{Column, Dialect, Session};
use crate::trace::Repairs;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::session::{join_turns, parted_at};
use crate::trace::transcript::{Transcript, events, note_unknown};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Droid session",
        tells: |values| events(values).any(|event| is_head(&event)),
        runs: |values| parted_at(values, is_head),
        read,
    }),
    ..Dialect::new("droid")
};

fn is_head(event: &Object) -> bool {
    event.is("type", "session_start") && event.has("id")
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("droid");
    for event in events(values) {
        match &*event.text("type") {
            "session_start" => {
                run.label(Column::Trajectory, event.text("id"));
                run.chose(event.text("model"));
            }
            "message" => {
                let message = event.object("message");
                let model = ["model", "modelId"].map(|field| message.text(field));
                model.into_iter().for_each(|model| run.wrote(model));
                run.push(
                    event
                        .raw("message")
                        .map(RawMessage::read)
                        .unwrap_or_default(),
                );
            }
            "todo_state" | "session_end" | "compaction_state" => {}
            _ => note_unknown(&event, repairs),
        }
    }
    let messages = std::mem::take(run.messages());
    *run.messages() = join_turns(messages);
    run.into_row()
}
