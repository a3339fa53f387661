//! A row as strict turns: someone speaks to the model, the model answers, and so on. For trainers that count messages by
//! two and skip or stop at a row that does not fit.

use super::check::{Reason, speaker};
use super::prepare::Part;
use crate::trace::{Call, Message, Role};

/// A row whose turns alternate.
#[derive(Debug, Default)]
pub(super) struct Turns<'a> {
    /// The system prompt; empty where there is none.
    pub system: String,
    /// The first is someone's, the second the model's, and so on.
    pub turns: Vec<Turn<'a>>,
}

/// One turn.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// The user's.
    User { texts: Vec<&'a str> },
    /// Results of calls.
    Results { texts: Vec<&'a str> },
    /// The model's.
    Model {
        /// Each message's index and text; the last one has the calls.
        texts: Vec<(usize, &'a str)>,
        calls: &'a [Call<'a>],
    },
}

/// Reads a row as turns. Messages of one speaker that follow each other are one turn; an assistant's only where the
/// first of them called nothing.
///
/// # Errors
/// [`Reason::Order`] at the first message that is not its speaker's turn.
pub(super) fn of<'a>(part: &'a Part) -> Result<Turns<'a>, Reason> {
    let mut turns = Turns::default();
    for (at, message) in part.trajectory.messages.iter().enumerate() {
        let added = match message.role {
            Role::System if turns.turns.is_empty() => {
                turns.add_system(&message.text);
                Ok(())
            }
            Role::System => Err("the user, a tool or the assistant"),
            _ => turns.add(at, message),
        };
        added.map_err(|wanted| Reason::Order {
            message: part.from(at),
            found: speaker(message.role).to_owned(),
            wanted: wanted.to_owned(),
        })?;
    }
    Ok(turns)
}

impl<'a> Turns<'a> {
    fn add_system(&mut self, text: &str) {
        if !self.system.is_empty() {
            self.system.push_str("\n\n");
        }
        self.system.push_str(text);
    }

    fn add(&mut self, at: usize, message: &'a Message) -> Result<(), &'static str> {
        let text = message.text.as_ref();
        let open = self.turns.last_mut();
        match (open, message.role) {
            (Some(Turn::User { texts }), Role::User) => texts.push(text),
            (Some(Turn::Results { texts }), Role::Tool) => texts.push(text),
            (Some(Turn::Model { texts, calls }), Role::Assistant) if calls.is_empty() => {
                texts.push((at, text));
                *calls = &message.calls;
            }
            (Some(Turn::Model { .. }), Role::Assistant) => return Err("a tool's result"),
            (Some(Turn::User { .. } | Turn::Results { .. }), Role::User | Role::Tool) => {
                return Err("the assistant");
            }
            (None, Role::Assistant) => return Err("the user"),
            (_, Role::Assistant) => self.turns.push(Turn::Model {
                texts: vec![(at, text)],
                calls: &message.calls,
            }),
            (_, Role::Tool) => self.turns.push(Turn::Results { texts: vec![text] }),
            (_, _) => self.turns.push(Turn::User { texts: vec![text] }),
        }
        Ok(())
    }
}

/// The texts that say something, a blank line between them.
pub(super) fn joined<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let spoken: Vec<&str> = texts.into_iter().filter(|t| !t.is_empty()).collect();
    spoken.join("\n\n")
}
