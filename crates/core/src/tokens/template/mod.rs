//! Chat templates: a conversation as one text, as the trainer will see it. The families whose vocabularies we carry have
//! theirs here, one file each; any other comes from the Hub or from a file, and is not trusted.

mod budget; // what writing a value costs
mod conversation; // a trajectory as a template gets it
mod display; // what a template builds and keeps is paid for
mod environment; // the world in which a template runs
mod family; // the built-in templates
mod json; // JSON as Python writes it
mod limit; // how large a template may be

pub use family::Family;
pub use limit::Limit;

use minijinja::{Environment, Error, ErrorKind, Value};
use serde::{Deserialize, Serialize};

use crate::ground::words::plain;
use crate::trace::{Call, CallForm, Message, Role, Trajectory};
use environment::Refusal;

/// A chat template, ready to be used.
///
/// It is run as `transformers` runs it (`trim_blocks`, `lstrip_blocks`, `raise_exception`, `tojson` without escapes, loop
/// controls, Python's methods of texts and dictionaries), but for two things: the date that it is told stays the same, and
/// its size and the steps that it may take are limited, since a template of the Hub is a stranger's program.
pub struct Template {
    name: String,
    environment: Environment<'static>,
    arguments: Arguments,
    begin: Option<String>,
    end: Option<String>,
    /// Another template for conversations with tools, where the model has one.
    for_tools: Option<Box<Template>>,
}

/// How a template wants the arguments of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments {
    /// As JSON text.
    Text,
    /// As an object; what is not an object stays text.
    Objects,
}

/// The texts of the tokens that a template puts in by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edges {
    /// `bos_token`.
    pub begin: Option<String>,
    /// `eos_token`.
    pub end: Option<String>,
}

/// Why a conversation can't be written by a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TemplateError {
    /// The text is not a template.
    #[error(
        "The chat template of {name} can't be read: {why}. Choose another model, or count without a chat template."
    )]
    Unreadable {
        /// Whose template.
        name: String,
        /// Why.
        why: String,
    },
    /// The template is larger than any that is meant well.
    #[error(
        "The chat template of {name} is not read: {limit}. Choose another model, or count without a chat template."
    )]
    Beyond {
        /// Whose template.
        name: String,
        /// What it has too much of.
        limit: Limit,
    },
    /// The template says itself that it can't.
    #[error("the chat template of {name} refuses it: {why}")]
    Refused {
        /// Whose template.
        name: String,
        /// The template's own words.
        why: String,
    },
    /// The template does something that can't be done.
    #[error("the chat template of {name} fails: {why}")]
    Failed {
        /// Whose template.
        name: String,
        /// Why.
        why: String,
    },
    /// The template takes too many steps.
    #[error("the chat template of {name} takes too many steps or writes too much")]
    Endless {
        /// Whose template.
        name: String,
    },
}

/// The longest that a template's own words are shown, in characters.
const WORDS: usize = 300;

/// Steps that a template may take: some for itself, and so many per message or tool. Real ones take some hundred per
/// message. A step also pays for 64 bytes that are written, or for one part of a value that is.
const STEPS: u64 = 200_000;
const STEPS_EACH: u64 = 20_000;

/// Bytes of a conversation that are worth another step: each may be written some sixteen times.
const BYTES_A_STEP: u64 = 4;

/// The name by which the environment knows the template.
const CHAT: &str = "chat";

impl Template {
    /// Reads a template of `name` (a family, a model, a file) and finds out how it wants arguments: with an object, all
    /// that it is given must stand in its text as JSON or XML.
    ///
    /// # Errors
    /// [`TemplateError::Beyond`], [`TemplateError::Unreadable`]
    pub fn new(name: &str, source: &str, edges: Edges) -> Result<Self, TemplateError> {
        let mut template = Self::with_arguments(name, source, edges, Arguments::Objects)?;
        if !template.takes_objects() {
            template.arguments = Arguments::Text;
        }
        Ok(template)
    }

    fn with_arguments(
        name: &str,
        source: &str,
        edges: Edges,
        arguments: Arguments,
    ) -> Result<Self, TemplateError> {
        let unreadable = |error: Error| TemplateError::Unreadable {
            name: name.to_owned(),
            why: words(&error),
        };
        let mut environment = environment::environment().map_err(unreadable)?;
        let source = environment::without_generation_tags(source);
        limit::check(&source, environment.syntax()).map_err(|limit| TemplateError::Beyond {
            name: name.to_owned(),
            limit,
        })?;
        let source = display::paying(&source, environment.syntax());
        environment
            .add_template_owned(CHAT, source)
            .map_err(unreadable)?;
        Ok(Self {
            name: name.to_owned(),
            environment,
            arguments,
            begin: edges.begin,
            end: edges.end,
            for_tools: None,
        })
    }

    /// The template with another one for conversations with tools.
    pub fn with_tools(self, template: Template) -> Self {
        Self {
            for_tools: Some(Box::new(template)),
            ..self
        }
    }

    /// Whose template it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it wants the arguments of calls.
    pub fn arguments(&self) -> Arguments {
        self.arguments
    }

    /// The whole conversation as one text, tools included, arguments as the template wants them.
    /// `add_generation_prompt` opens the assistant's next turn.
    ///
    /// # Errors
    /// [`TemplateError::Refused`], [`TemplateError::Failed`], [`TemplateError::Endless`]
    pub fn render(
        &self,
        trajectory: &Trajectory,
        add_generation_prompt: bool,
    ) -> Result<String, TemplateError> {
        self.render_given(trajectory, None, add_generation_prompt)
    }

    /// The same with arguments as a trainer hands them to the template, whatever that wants.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn render_given(
        &self,
        trajectory: &Trajectory,
        arguments: Option<Arguments>,
        add_generation_prompt: bool,
    ) -> Result<String, TemplateError> {
        if let Some(template) = self
            .for_tools
            .as_ref()
            .filter(|_| !trajectory.tools.is_empty())
        {
            return template.render_given(trajectory, arguments, add_generation_prompt);
        }
        let mut names = vec![
            (
                "messages",
                conversation::messages(trajectory, arguments.unwrap_or(self.arguments)),
            ),
            ("tools", conversation::tools(trajectory)),
            ("documents", Value::from(())),
            ("add_generation_prompt", Value::from(add_generation_prompt)),
        ];
        let edges = [("bos_token", &self.begin), ("eos_token", &self.end)];
        for (name, token) in edges {
            names.extend(token.as_deref().map(|token| (name, Value::from(token))));
        }
        let mut environment = self.environment.clone();
        environment.set_fuel(Some(steps(trajectory)));
        let template = environment.get_template(CHAT);
        let rendered = template.and_then(|template| template.render(Value::from_pairs(names)));
        rendered.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &Error) -> TemplateError {
        let name = self.name.clone();
        if let Some(refusal) = refusal(error) {
            return TemplateError::Refused {
                name,
                why: plain(&refusal.0, WORDS),
            };
        }
        match error.kind() {
            ErrorKind::OutOfFuel => TemplateError::Endless { name },
            _ => TemplateError::Failed {
                name,
                why: words(error),
            },
        }
    }

    /// Whether a call's arguments, given as an object, come out as JSON or XML: a template that wants text fails, or
    /// writes the object as Python would.
    fn takes_objects(&self) -> bool {
        const NEEDLE: &str = "needle";
        let say = |role, text: &'static str| Message {
            role,
            text: text.into(),
            reasoning: "".into(),
            calls: Vec::new(),
            answers: None,
            ..Message::default()
        };
        let mut asking = say(Role::Assistant, "");
        asking.calls.push(Call {
            id: "call00001".into(),
            name: "tool".into(),
            arguments: format!(r#"{{"{NEEDLE}": "{NEEDLE}"}}"#).into(),
            form: CallForm::Structured,
            answer: None,
        });
        let trajectory = Trajectory {
            messages: vec![say(Role::User, "Go."), asking],
            ..Trajectory::default()
        };
        let rendered = self.render(&trajectory, false).unwrap_or_default();
        let as_python = format!("'{NEEDLE}'");
        rendered.contains(NEEDLE) && !rendered.contains(&as_python)
    }
}

/// The steps that a conversation is worth.
fn steps(trajectory: &Trajectory) -> u64 {
    let messages = trajectory.messages.iter().map(|message| {
        let calls = message.calls.iter();
        let calls = calls.map(|call| call.name.len() + call.arguments.len());
        message.text.len() + message.reasoning.len() + calls.sum::<usize>()
    });
    let tools = trajectory.tools.iter().map(|tool| tool.schema.len());
    let bytes = messages.chain(tools).sum::<usize>() as u64;
    let items = (trajectory.messages.len() + trajectory.tools.len()) as u64;
    STEPS_EACH
        .saturating_mul(items)
        .saturating_add(STEPS)
        .saturating_add(bytes / BYTES_A_STEP)
}

/// What the template itself says, if it does.
fn refusal(error: &Error) -> Option<&Refusal> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(refusal) = cause.downcast_ref() {
            return Some(refusal);
        }
        source = cause.source();
    }
    None
}

/// An error in one line: what, and in which line of the template.
fn words(error: &Error) -> String {
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let line = error.line().map(|line| format!(" (line {line})"));
    plain(&what, WORDS) + &line.unwrap_or_default()
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Template")
            .field("name", &self.name)
            .field("arguments", &self.arguments)
            .finish_non_exhaustive()
    }
}
