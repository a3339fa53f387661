//! What a loader made of a row, turn by turn, beside what the agent said.
//!
//! Loaders write a turn by a chat template. Texts are compared whole; only white space around a text, a call's place
//! between others and the spaces in JSON are the template's own.

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::{Value, json};

use tracesift_core::trace::{Call, Message, Role, Tool};

use super::file::Row;

/// A turn as a loader gives it.
#[derive(Debug, Deserialize)]
pub struct Told {
    pub role: String,
    /// All of it, with the token that ends it.
    pub text: String,
    /// What of it is learned from.
    pub trained: String,
}

impl Told {
    /// Whether the turn is learned from as one before the first turn of a completion, as that turn, or as one after it.
    fn in_completion(&self, place: Ordering) -> Result<(), String> {
        let (trained, text) = (self.trained.trim(), self.text.trim());
        let is_right = match place {
            Ordering::Less => trained.is_empty(),
            // Who speaks belongs to the prompt.
            Ordering::Equal => trained == text,
            Ordering::Greater => trained.contains(&self.role) && trained.ends_with(text),
        };
        match is_right {
            true => Ok(()),
            false => Err(format!("learned from: {trained:?}")),
        }
    }
}

/// What a loader told: the turns of each row.
pub fn told(answer: Value) -> Vec<Vec<Told>> {
    #[derive(Deserialize)]
    struct Answer {
        rows: Vec<Vec<Told>>,
    }
    let answer: Answer = serde_json::from_value(answer).expect("turns of rows");
    answer.rows
}

/// How a chat template writes turns.
#[derive(Debug, Clone, Copy)]
pub enum Template {
    /// Reasoning, text and calls, each between its tags; results that follow each other are one turn of the user.
    Qwen,
    /// The same, where the results of a message's calls were made one text.
    QwenOneResult,
    /// One call or one text, and no reasoning; a result is a text in quotes.
    Llama,
}

/// What a loader learns from.
#[derive(Debug, Clone, Copy)]
pub enum Loss {
    /// The turns of the assistant that are not masked.
    Assistant,
    /// All that follows from its first turn on.
    Completion,
}

/// A turn as it must be.
#[derive(Debug)]
enum Turn<'a> {
    System(&'a str),
    User(&'a str),
    Assistant {
        said: &'a Message<'a>,
        is_learned: bool,
    },
    Results(Vec<&'a str>),
}

/// Compares every row with what its loader told.
pub fn compare(rows: &[Row], told: &[Vec<Told>], template: Template) {
    compare_with(rows, told, template, Loss::Assistant);
}

/// As [`compare`], where a loader learns from something else.
pub fn compare_with(rows: &[Row], told: &[Vec<Told>], template: Template, loss: Loss) {
    assert_eq!(told.len(), rows.len(), "rows out, rows in");
    for (at, (row, told)) in rows.iter().zip(told).enumerate() {
        if let Err(difference) = compare_row(row, told, template, loss) {
            panic!(
                "line {at} ({:?}): {difference}",
                row.trajectory.labels.instance_id
            );
        }
    }
}

fn compare_row(row: &Row, told: &[Told], template: Template, loss: Loss) -> Result<(), String> {
    let turns = turns(row, template);
    // A template may write a system turn of its own for the tools.
    let own = usize::from(
        !matches!(turns.first(), Some(Turn::System(_)))
            && told.first().is_some_and(|t| t.role == "system"),
    );
    if told.len() - own != turns.len() {
        let roles: Vec<&str> = told.iter().map(|told| told.role.as_str()).collect();
        return Err(format!(
            "{} turns, not {}: {roles:?}",
            told.len() - own,
            turns.len()
        ));
    }
    let tools = &row.trajectory.tools;
    if let Some(first) = told.first().filter(|_| !tools.is_empty()) {
        let places = [Some(&first.text), told.get(1).map(|second| &second.text)];
        declared(places.into_iter().flatten(), tools)?;
    }
    let first = turns
        .iter()
        .position(|turn| matches!(turn, Turn::Assistant { .. }));
    for (at, (turn, told)) in turns.iter().zip(&told[own..]).enumerate() {
        let compared = match loss {
            Loss::Assistant => turn.compare(told, template, row.learns_reasoning),
            Loss::Completion => turn
                .read(&told.text, template)
                .and_then(|()| told.in_completion(Some(at).cmp(&first))),
        };
        compared.map_err(|difference| {
            format!(
                "turn {at}, {}: {difference}\nexpected {turn:?}\ntold {told:?}",
                told.role
            )
        })?;
    }
    Ok(())
}

/// The turns up to the last of the assistant.
fn turns(row: &Row, template: Template) -> Vec<Turn<'_>> {
    let messages = &row.trajectory.messages;
    let last = messages
        .iter()
        .rposition(|m| m.role == Role::Assistant)
        .expect("a turn");
    let mut turns: Vec<Turn> = Vec::new();
    for (message, &is_learned) in messages[..=last].iter().zip(&row.learned) {
        match message.role {
            Role::System => turns.push(Turn::System(&message.text)),
            Role::User => turns.push(Turn::User(&message.text)),
            Role::Assistant => turns.push(Turn::Assistant {
                said: message,
                is_learned,
            }),
            Role::Tool => match (turns.last_mut(), template) {
                (Some(Turn::Results(results)), Template::Qwen | Template::QwenOneResult) => {
                    results.push(&message.text);
                }
                (_, _) => turns.push(Turn::Results(vec![&message.text])),
            },
        }
    }
    turns
}

impl Turn<'_> {
    fn compare(
        &self,
        told: &Told,
        template: Template,
        learns_reasoning: bool,
    ) -> Result<(), String> {
        self.read(&told.text, template)?;
        match self {
            Turn::Assistant {
                said,
                is_learned: true,
            } => {
                if !learns_reasoning {
                    let said = &Message {
                        reasoning: "".into(),
                        ..(*said).clone()
                    };
                    let turn = Turn::Assistant {
                        said,
                        is_learned: true,
                    };
                    return turn
                        .read(&told.trained, template)
                        .map_err(|difference| format!("learned from: {difference}"));
                }
                // Axolotl learns from where two answers differ: not the tag before the reasoning.
                let is_open = !said.reasoning.is_empty() && !told.trained.starts_with("<think>");
                let tag = if is_open && !matches!(template, Template::Llama) {
                    "<think>"
                } else {
                    ""
                };
                let learned = format!("{tag}{}", told.trained);
                self.read(&learned, template)
                    .map_err(|difference| format!("learned from: {difference}"))
            }
            _ if told.trained.is_empty() => Ok(()),
            _ => Err(format!(
                "learned from, and should not be: {:?}",
                told.trained
            )),
        }
    }

    /// Reads the turn piece by piece.
    fn read(&self, text: &str, template: Template) -> Result<(), String> {
        let mut rest = Rest(text);
        let end = match template {
            Template::Llama => {
                self.read_llama(&mut rest)?;
                "<|eot_id|>"
            }
            Template::Qwen => {
                self.read_qwen(&mut rest, "</tool_response>\n<tool_response>")?;
                "<|im_end|>"
            }
            Template::QwenOneResult => {
                self.read_qwen(&mut rest, "")?;
                "<|im_end|>"
            }
        };
        rest.take(end)?;
        match rest.0.trim() {
            "" => Ok(()),
            more => Err(format!("there is more: {more:?}")),
        }
    }

    fn read_qwen(&self, rest: &mut Rest, between_results: &str) -> Result<(), String> {
        match self {
            Turn::System(said) => {
                rest.take(said)?;
                rest.skip_tools();
                Ok(())
            }
            Turn::User(said) => rest.take(said),
            Turn::Assistant { said, .. } => rest.assistant(said),
            Turn::Results(results) => {
                rest.take("<tool_response>")?;
                for (at, result) in results.iter().enumerate() {
                    rest.take(if at > 0 { between_results } else { "" })?;
                    rest.take(result)?;
                }
                rest.take("</tool_response>")
            }
        }
    }

    fn read_llama(&self, rest: &mut Rest) -> Result<(), String> {
        match self {
            Turn::System(said) | Turn::User(said) => rest.find(said),
            Turn::Assistant { said, .. } => match &said.calls[..] {
                [] => rest.take(&said.text),
                calls => rest.calls(calls, "parameters", ["", ""]),
            },
            Turn::Results(results) => {
                let mut results = results.iter();
                results.try_for_each(|result| rest.take_json(&json!(result)))
            }
        }
    }
}

/// What of a turn was not read yet.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn take(&mut self, piece: &str) -> Result<(), String> {
        let (rest, piece) = (self.0.trim_start(), piece.trim());
        match rest.strip_prefix(piece) {
            Some(rest) => self.0 = rest,
            None => return Err(format!("not {:?}, but {:?}", start(piece), start(rest))),
        }
        Ok(())
    }

    /// A piece after what the template says itself.
    fn find(&mut self, piece: &str) -> Result<(), String> {
        let piece = piece.trim();
        match self.0.rfind(piece) {
            Some(at) => self.0 = &self.0[at + piece.len()..],
            None => return Err(format!("no {:?} in {:?}", start(piece), start(self.0))),
        }
        Ok(())
    }

    fn skip_tools(&mut self) {
        if let (true, Some(end)) = (
            self.0.trim_start().starts_with("# Tools"),
            self.0.rfind("<|im_end|>"),
        ) {
            self.0 = &self.0[end..];
        }
    }

    fn take_json(&mut self, expected: &Value) -> Result<(), String> {
        let mut values = serde_json::Deserializer::from_str(self.0).into_iter::<Value>();
        let value = values.next().ok_or("no JSON")?;
        let value = value.map_err(|error| format!("no JSON: {error}: {:?}", start(self.0)))?;
        let length = values.byte_offset();
        self.0 = &self.0[length..];
        match &value == expected {
            true => Ok(()),
            false => Err(format!("not {expected}, but {value}")),
        }
    }

    fn assistant(&mut self, said: &Message) -> Result<(), String> {
        // Qwen 3 writes the tags around no reasoning, too.
        if !said.reasoning.is_empty() || self.0.trim_start().starts_with("<think>") {
            self.take("<think>")?;
            self.take(&said.reasoning)?;
            self.take("</think>")?;
        }
        self.take(&said.text)?;
        self.calls(&said.calls, "arguments", ["<tool_call>", "</tool_call>"])
    }

    fn calls(&mut self, calls: &[Call], arguments: &str, tags: [&str; 2]) -> Result<(), String> {
        for call in calls {
            let given: Value = serde_json::from_str(&call.arguments).expect("arguments are JSON");
            self.take(tags[0])?;
            self.take_json(&json!({"name": call.name, arguments: given}))?;
            self.take(tags[1])?;
        }
        Ok(())
    }
}

fn start(text: &str) -> String {
    text.chars().take(200).collect()
}

/// The tools stand in one of the first two turns, with all that the row says of them.
fn declared<'t>(
    mut places: impl Iterator<Item = &'t String>,
    tools: &[Tool],
) -> Result<(), String> {
    let expected: Vec<Value> = tools
        .iter()
        .map(|tool| without_nothing(wrapped(&tool.schema)))
        .collect();
    match places.any(|place| objects(place) == expected) {
        true => Ok(()),
        false => Err(format!("the tools are not declared as {}", json!(expected))),
    }
}

/// A schema with what trainers want around it.
fn wrapped(schema: &str) -> Value {
    let mut value: Value = serde_json::from_str(schema).expect("a schema is JSON");
    if let Some(text) = value.as_str() {
        value = serde_json::from_str(text).expect("a schema is JSON");
    }
    match value.get("function") {
        Some(_) => value,
        None => json!({"type": "function", "function": value}),
    }
}

/// A schema without what says nothing: a trainer may want a description and parameters of each tool.
fn without_nothing(value: Value) -> Value {
    let says_nothing = |key: &str, value: &Value| match key {
        "description" => value == "",
        "parameters" => value["properties"]
            .as_object()
            .is_none_or(serde_json::Map::is_empty),
        _ => false,
    };
    match value {
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(key, value)| (key, without_nothing(value)));
            fields
                .filter(|(key, value)| !value.is_null() && !says_nothing(key, value))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}

/// The tools in a text: its JSON objects that have a function.
fn objects(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                let length = values.byte_offset();
                rest = &rest[length..];
                if value.get("function").is_some() {
                    found.push(without_nothing(value));
                }
            }
            _ => rest = &rest[1..],
        }
    }
    found
}

mod tests {
    use super::*;
    use crate::file::{export, options};
    use crate::rows;

    /// The row of a thought, a text, a call and its result, as a template writes it.
    fn right() -> Vec<Told> {
        let turn = |role: &str, text: &str| Told {
            role: role.to_owned(),
            text: format!("{text}<|im_end|>\n"),
            trained: String::new(),
        };
        let learned = |text: &str| Told {
            trained: format!("{text}<|im_end|>"),
            ..turn("assistant", text)
        };
        let call = r#"<tool_call>{"name": "bash", "arguments": {"command": "false"}}</tool_call>"#;
        let again = r#"<tool_call>{"name": "bash", "arguments": {"command": "true"}}</tool_call>"#;
        let tools = r#"{"type": "function", "function": {"name": "bash", "description": "runs a command", "parameters":
            {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}}}
            {"type": "function", "function": {"name": "view", "description": null, "parameters": {"type": "object",
            "properties": {"path": {"type": "string"}, "lines": {"type": "array", "items": {"type": "integer"}}}}}}"#;
        let failed = "ERROR: no such command\n[Command finished with exit code 1]";
        vec![
            turn("system", &format!("# Tools {tools}")),
            turn("user", "Run it."),
            learned(&format!(
                "<think>\nIt may fail.\n</think>\n\nI run it.\n{call}"
            )),
            turn(
                "user",
                &format!("<tool_response>\n{failed}\n</tool_response>"),
            ),
            learned(&format!("<think>\n\n</think>\n\nAgain.\n{again}")),
            turn("user", "<tool_response>\nfine\n</tool_response>"),
            learned("It works."),
        ]
    }

    fn difference(told: &[Told]) -> Result<(), String> {
        let file = export(&rows::made()[3..4], &options("messages"));
        compare_row(&file.rows[0], told, Template::Qwen, Loss::Assistant)
    }

    #[test]
    fn a_row_that_is_right_has_no_difference() {
        difference(&right()).unwrap();
    }

    #[test]
    fn every_difference_is_seen() {
        type Change = fn(&mut Vec<Told>);
        let changes: [(&str, Change); 10] = [
            ("a turn is gone", |t| drop(t.remove(1))),
            ("a text is gone", |t| {
                t[2].text = t[2].text.replace("I run it.", "")
            }),
            ("reasoning is gone", |t| {
                t[2].text = t[2].text.replace("It may fail.", "")
            }),
            ("a call is gone", |t| t[6].text = t[4].text.clone()),
            ("an argument is another", |t| {
                t[4].text = t[4].text.replace("true", "1")
            }),
            ("a result is another's", |t| t.swap(3, 5)),
            ("a tool is another", |t| {
                t[0].text = t[0].text.replace("\"view\"", "\"show\"")
            }),
            ("reasoning is not learned from", |t| {
                t[2].trained = t[2].trained.replace("It may fail.", "")
            }),
            ("a turn is not learned from", |t| t[6].trained.clear()),
            ("the user is learned from", |t| {
                t[1].trained = "it".to_owned()
            }),
        ];
        for (what, change) in changes {
            let mut told = right();
            change(&mut told);
            assert!(difference(&told).is_err(), "{what}");
        }
    }

    #[test]
    fn a_completion_is_learned_from_its_first_turn_on_and_the_prompt_is_not() {
        let turn = |trained: &str| Told {
            role: "user".to_owned(),
            text: "fine<|im_end|>\n".to_owned(),
            trained: trained.to_owned(),
        };
        let (none, text, all) = ("", "fine<|im_end|>\n", "<|im_start|>user\nfine<|im_end|>\n");
        let places = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        for (place, right) in places.into_iter().zip([none, text, all]) {
            for trained in [none, text, all, "<|im_start|>user\n"] {
                let is_taken = turn(trained).in_completion(place).is_ok();
                assert_eq!(is_taken, trained == right, "{place:?} {trained:?}");
            }
        }
    }
}
