//! Events put together into messages: a reply that its source parted into several events is one turn again, whose calls
//! come first and their results after them.

use super::json;
use super::message::RawMessage;
use super::parts::Content;

/// Messages that are read from events, in order.
#[derive(Debug, Default)]
pub(super) struct Turns<'a> {
    messages: Vec<RawMessage<'a>>,
    /// Where the agent's last turn stands.
    last: Option<usize>,
}

impl<'a> Turns<'a> {
    /// Adds a message of anyone but the agent.
    pub fn say(&mut self, message: RawMessage<'a>) {
        self.messages.push(message);
    }

    /// Adds a turn of the agent.
    pub fn turn(&mut self, message: RawMessage<'a>) {
        self.last = Some(self.messages.len());
        self.messages.push(message);
    }

    /// Adds to the agent's last turn, before whatever has come after it; a turn of its own where there is none.
    pub fn go_on(&mut self, message: RawMessage<'a>) {
        match self.last.and_then(|last| self.messages.get_mut(last)) {
            Some(turn) => add(turn, message),
            None => self.turn(message),
        }
    }

    /// Whether nothing has come after the agent's last turn.
    pub fn is_in_turn(&self) -> bool {
        self.last
            .is_some_and(|last| last + 1 == self.messages.len())
    }

    /// The agent's last turn.
    pub fn last_turn(&self) -> Option<&RawMessage<'a>> {
        self.messages.get(self.last?)
    }

    pub fn into_messages(self) -> Vec<RawMessage<'a>> {
        self.messages
    }
}

/// Adds what a turn goes on with; a turn of one text stays one.
fn add<'a>(turn: &mut RawMessage<'a>, next: RawMessage<'a>) {
    let content = std::mem::take(&mut turn.content);
    turn.content = match (content, next.content) {
        (content, next) if next.is_empty() => content,
        (content, next) if content.is_empty() => next,
        (content, next) => {
            let mut parts = content.into_parts();
            parts.extend(next.into_parts());
            Content::Parts(parts)
        }
    };
    turn.reasoning = json::join(std::mem::take(&mut turn.reasoning), next.reasoning);
    turn.calls.calls.extend(next.calls.calls);
    turn.beside.weight = turn.beside.weight.or(next.beside.weight);
    turn.beside.copied |= next.beside.copied;
}
