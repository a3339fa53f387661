//! What is written down of a run: messages with every field, as the real dataset has them.
//! A model that thinks says nothing and is quoted in `reasoning_content`; another one says it in `content`.

use serde::Serialize;

use super::toolbox::Action;

/// A message with every field. Observations have no ids, as in the real dataset.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    role: &'static str,
    content: String,
    reasoning_content: String,
    tool_calls: Vec<Call>,
}

#[derive(Debug, Serialize)]
struct Call {
    function: Function,
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Function {
    arguments: String,
    name: &'static str,
}

/// The messages so far.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    pub messages: Vec<Message>,
    /// Assistant messages among them.
    pub turns: u32,
    pub thinks: bool,
    calls: u32,
}

impl Transcript {
    pub fn new(thinks: bool) -> Self {
        Self {
            thinks,
            ..Self::default()
        }
    }

    /// A message of anyone but the agent.
    pub fn say(&mut self, role: &'static str, content: String) {
        self.messages.push(Message {
            role,
            content,
            reasoning_content: String::new(),
            tool_calls: Vec::new(),
        });
    }

    /// A turn of the agent: its words or thoughts, its calls, what they give back.
    pub fn act(&mut self, words: String, thought: String, actions: Vec<Action>) {
        let calls = actions
            .iter()
            .map(|action| (action.tool, action.arguments.to_string()));
        self.call(words, thought, calls.collect());
        for action in actions {
            self.say("tool", action.observation);
        }
    }

    /// A turn without what its calls give back.
    pub fn call(&mut self, words: String, thought: String, calls: Vec<(&'static str, String)>) {
        let mut tool_calls = Vec::new();
        for (name, arguments) in calls {
            self.calls += 1;
            tool_calls.push(Call {
                function: Function { arguments, name },
                id: format!("call_{}", self.calls),
                kind: "function",
            });
        }
        let (content, reasoning_content) = if self.thinks {
            (String::new(), thought)
        } else {
            (words, String::new())
        };
        self.turns += 1;
        self.messages.push(Message {
            role: "assistant",
            content,
            reasoning_content,
            tool_calls,
        });
    }

    /// Forgets the last observation: the run ended before it came.
    pub fn cut(&mut self) {
        if self.messages.last().is_some_and(|last| last.role == "tool") {
            self.messages.pop();
        }
    }
}
