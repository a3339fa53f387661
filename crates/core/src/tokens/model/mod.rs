//! The tokenizer and the chat template of any model of the Hub, out of the files that stand beside its weights.
//! The `tokenizers` crate reads them: the library whose tokens the trainers count.

pub mod choose; // which of a person's files are a model's
mod split; // whether it ends a token with every line

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use tokenizers::Tokenizer;

use super::counter::{LINES, number};
use super::cut::{lines, pieces};
use super::known::Known;
use super::template::{Edges, Template, TemplateError};
use super::{Counter, Reuse, Templated, Vocabulary};
use crate::ground::words::plain;

/// The largest file that is read, in bytes: the largest vocabularies in use have some 35 MB.
pub const MOST_BYTES: u64 = 100_000_000;

/// The files of a model, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// `tokenizer.json`.
    pub tokenizer: String,
    /// `tokenizer_config.json`, where there is one.
    pub config: Option<String>,
    /// `chat_template.jinja` or `chat_template.json`, where there is one. It counts more than the template in `config`.
    pub template: Option<String>,
}

/// Why a model can't count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ModelError {
    /// The Hub wants a token that may read the model, or does not tell whether there is such a model.
    #[error(
        "The Hub does not give out the files of {name}: there is no such model, or its terms must be accepted first. \
         Look at its page on the Hub, and enter an access token under “This dataset needs permission?”."
    )]
    Gated {
        /// The model.
        name: String,
    },
    /// It is of files, and they are not there.
    #[error("Choose the model's files again: a page can't open them by itself.")]
    NoFiles,
    /// It has no `tokenizer.json`.
    #[error(
        "{name} has no tokenizer.json. Choose a model of the same family that has one (often one whose name ends in \
         -hf), or a built-in tokenizer."
    )]
    NoTokenizer {
        /// The model.
        name: String,
    },
    /// A file is too large.
    #[error(
        "A file of {name} is larger than {} MB, more than a tab can hold. Choose a built-in tokenizer.",
        MOST_BYTES / 1_000_000
    )]
    TooLarge {
        /// The model.
        name: String,
    },
    /// The Hub answered with something else.
    #[error(
        "The Hub does not give out the files of {name} now (status {status}). Try again later."
    )]
    Refused {
        /// The model.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// There was no answer.
    #[error("The files of {name} could not be fetched. Check the connection and try again.")]
    Lost {
        /// The model.
        name: String,
    },
    /// A file is not what it should be.
    #[error("{file} of {name} can't be read: {why}. Choose another model or a built-in tokenizer.")]
    Unreadable {
        /// The model.
        name: String,
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// It has no chat template.
    #[error(
        "{name} has no chat template. Count without one, or with that of a family: models that were not made for \
         conversations (base models) have none."
    )]
    NoTemplate {
        /// The model.
        name: String,
    },
    /// Its chat template can't be used.
    #[error("{0}")]
    Template(#[from] TemplateError),
}

/// What counts with a model's tokenizer, and with its chat template where it is chosen.
///
/// # Errors
/// [`ModelError::Unreadable`], [`ModelError::NoTemplate`], [`ModelError::Template`].
pub fn counter(name: &str, files: &Files, templated: Templated) -> Result<Counter, ModelError> {
    let template = match templated {
        Templated::None => None,
        Templated::Own => Some(own_template(name, files)?),
        Templated::Family(family) => Some(family.template()?),
    };
    let vocabulary = Model::read(name, &files.tokenizer)?;
    Ok(Counter::of(Box::new(vocabulary), template))
}

/// The longest that a library's own words are shown, in characters.
const WORDS: usize = 200;

fn own_template(name: &str, files: &Files) -> Result<Template, ModelError> {
    let config = files.config.as_deref().map(serde_json::from_str::<Config>);
    let config = config
        .transpose()
        .map_err(|error| ModelError::Unreadable {
            name: name.to_owned(),
            file: "tokenizer_config.json".to_owned(),
            why: plain(&error.to_string(), WORDS),
        })?
        .unwrap_or_default();
    let edges = Edges {
        begin: config.bos_token.map(Token::text),
        end: config.eos_token.map(Token::text),
    };
    let in_config = config.chat_template.map(Templates::chosen);
    let from_file = files.template.as_deref().map(template_of_file);
    let Some((source, for_tools)) = from_file.or(in_config) else {
        return Err(ModelError::NoTemplate {
            name: name.to_owned(),
        });
    };
    let template = Template::new(name, &source, edges.clone())?;
    Ok(match for_tools {
        Some(source) => template.with_tools(Template::new(name, &source, edges)?),
        None => template,
    })
}

/// The template in a file of its own: its text, or the JSON that processors keep it in. No template is JSON.
fn template_of_file(text: &str) -> (String, Option<String>) {
    let json = serde_json::from_str::<Config>(text).ok();
    let template = json.and_then(|json| json.chat_template);
    template.map_or_else(|| (text.to_owned(), None), Templates::chosen)
}

/// What is read of `tokenizer_config.json`.
#[derive(Debug, Default, Deserialize)]
struct Config {
    bos_token: Option<Token>,
    eos_token: Option<Token>,
    chat_template: Option<Templates>,
}

/// A special token: its text, or an object that holds it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Token {
    Text(String),
    Added { content: String },
}

impl Token {
    fn text(self) -> String {
        match self {
            Self::Text(text) | Self::Added { content: text } => text,
        }
    }
}

/// One template, or several by name: `transformers` takes `tool_use` where there are tools, and else `default`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Templates {
    One(String),
    Several(Vec<Named>),
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
    template: String,
}

impl Templates {
    /// The template, and that for conversations with tools where it is another one.
    fn chosen(self) -> (String, Option<String>) {
        match self {
            Self::One(template) => (template, None),
            Self::Several(templates) => {
                let named = |name: &str| {
                    let found = templates.iter().find(|named| named.name == name);
                    found.map(|named| named.template.clone())
                };
                let any = || templates.first().map(|named| named.template.clone());
                let template = named("default").or_else(any).unwrap_or_default();
                (template, named("tool_use"))
            }
        }
    }
}

/// A model's tokenizer.
struct Model {
    tokenizer: RefCell<Tokenizer>,
    /// Counts of lines, where it ends a token with every line.
    known: Option<KnownLines>,
}

/// Counts of lines, by themselves and in rendered conversations: there special tokens are one each.
struct KnownLines {
    texts: Known,
    rendered: Known,
}

impl Model {
    fn read(name: &str, tokenizer: &str) -> Result<Self, ModelError> {
        let unreadable = |error: tokenizers::Error| ModelError::Unreadable {
            name: name.to_owned(),
            file: "tokenizer.json".to_owned(),
            why: plain(&error.to_string(), WORDS),
        };
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(unreadable)?;
        // Files may carry what a model was once used with: texts are counted whole.
        tokenizer.with_truncation(None).map_err(unreadable)?;
        tokenizer.with_padding(None);
        // A vocabulary that lacks letters and has nothing in their place can't count any text.
        tokenizer
            .encode_fast("a \u{1F6E0} \u{65E5}\n", false)
            .map_err(unreadable)?;
        let known = split::ends_lines(&tokenizer).then(|| KnownLines {
            texts: Known::new(LINES),
            rendered: Known::new(LINES),
        });
        let tokenizer = RefCell::new(tokenizer);
        Ok(Self { tokenizer, known })
    }

    /// The tokens of a text, line by line where there is a memory of lines.
    fn tokens(&self, text: &str, known: Option<&Known>) -> usize {
        let Some(known) = known else {
            return self.anew(text);
        };
        let counts = lines(text).map(|line| known.or_count(line, || number(self.anew(line))));
        counts.map(|tokens| tokens as usize).sum()
    }

    fn anew(&self, text: &str) -> usize {
        let tokenizer = self.tokenizer.borrow();
        let counts = pieces(text).map(|piece| {
            let encoded = tokenizer.encode_fast(piece, false);
            // What can't be encoded is as long as its bytes: no text is shorter than it is told.
            encoded.map_or(piece.len(), |encoded| encoded.len())
        });
        counts.sum()
    }
}

impl Vocabulary for Model {
    fn count(&self, text: &str) -> usize {
        self.tokenizer.borrow_mut().set_encode_special_tokens(true);
        self.tokens(text, self.known.as_ref().map(|known| &known.texts))
    }

    fn count_rendered(&self, text: &str) -> usize {
        self.tokenizer.borrow_mut().set_encode_special_tokens(false);
        self.tokens(text, self.known.as_ref().map(|known| &known.rendered))
    }

    fn reuse(&self) -> Reuse {
        let known = self.known.as_ref();
        known.map_or_else(Reuse::default, |known| known.texts.reuse())
    }
}
