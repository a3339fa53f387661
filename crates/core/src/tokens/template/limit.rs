//! How large a chat template may be: its size, its nesting, and how much one tag may chain.
//! Measured on its tokens before it is parsed: the parser and the compiler recurse, and a worker's stack is small.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;
use serde::{Deserialize, Serialize};

/// The largest template that is read, in bytes: the largest in use have some 50 KB.
const MOST_BYTES: usize = 1_000_000;

/// The longest line, in characters: minijinja counts columns in 16 bits, and an error at the last one would overflow.
const MOST_COLUMNS: usize = 65_000;

/// The most operators, brackets and attributes in one tag: each may be one level of the tree that is compiled. Real
/// templates stay below a hundred.
const MOST_LINKS: usize = 500;

/// How deep brackets may stand within each other.
const MOST_BRACKETS: usize = 30;

/// How deep blocks may stand within each other, each `elif` being within the one before.
const MOST_BLOCKS: usize = 100;

/// What a template has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Limit {
    /// Bytes.
    #[error("it is larger than {} KB", MOST_BYTES / 1000)]
    Size,
    /// Characters in one line.
    #[error("line {line} is longer than {MOST_COLUMNS} characters")]
    Line {
        /// The line of the template, from 1.
        line: u32,
    },
    /// Operators and attributes in one tag.
    #[error("line {line} chains more than {MOST_LINKS} operators in one tag")]
    Chain {
        /// The line of the template, from 1.
        line: u32,
    },
    /// Brackets within brackets.
    #[error("line {line} has brackets more than {MOST_BRACKETS} deep")]
    Brackets {
        /// The line of the template, from 1.
        line: u32,
    },
    /// Blocks within blocks.
    #[error("line {line} has blocks or branches more than {MOST_BLOCKS} deep")]
    Blocks {
        /// The line of the template, from 1.
        line: u32,
    },
}

/// Measures a template. What is not a template is left to the parser, which stops at the same token.
pub(super) fn check(source: &str, syntax: &SyntaxConfig) -> Result<(), Limit> {
    if source.len() > MOST_BYTES {
        return Err(Limit::Size);
    }
    for (line, text) in (1..).zip(source.split('\n')) {
        if text.chars().count() > MOST_COLUMNS {
            return Err(Limit::Line { line });
        }
    }
    let mut measured = Measured::default();
    for token in tokenize(source, false, syntax.clone()) {
        let Ok((token, span)) = token else { break };
        measured.add(&token);
        let line = u32::from(span.start_line);
        if measured.links > MOST_LINKS {
            return Err(Limit::Chain { line });
        }
        if measured.brackets > MOST_BRACKETS {
            return Err(Limit::Brackets { line });
        }
        if measured.blocks > MOST_BLOCKS {
            return Err(Limit::Blocks { line });
        }
    }
    Ok(())
}

#[derive(Default)]
struct Measured {
    /// Operators and attributes since the tag began.
    links: usize,
    brackets: usize,
    blocks: usize,
    /// Of each open block: how many levels it and its `elif`s are.
    open: Vec<usize>,
    /// Whether the next token names a block.
    is_name: bool,
}

impl Measured {
    fn add(&mut self, token: &Token) {
        let is_name = std::mem::take(&mut self.is_name);
        match token {
            Token::BlockStart | Token::VariableStart => {
                self.is_name = matches!(token, Token::BlockStart);
                (self.links, self.brackets) = (0, 0);
            }
            Token::Ident(name) if is_name => self.block(name),
            Token::Ident("not" | "and" | "or" | "if" | "else" | "in" | "is") => self.links += 1,
            Token::BracketOpen | Token::ParenOpen | Token::BraceOpen => {
                self.links += 1;
                self.brackets += 1;
            }
            Token::BracketClose | Token::ParenClose | Token::BraceClose => {
                self.brackets = self.brackets.saturating_sub(1);
            }
            Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::FloorDiv => {
                self.links += 1;
            }
            Token::Pow | Token::Mod | Token::Dot | Token::Tilde | Token::Pipe => self.links += 1,
            Token::Eq | Token::Ne | Token::Gt | Token::Gte | Token::Lt | Token::Lte => {
                self.links += 1;
            }
            _ => {}
        }
    }

    fn block(&mut self, name: &str) {
        match name {
            "elif" => {
                self.blocks += 1;
                if let Some(levels) = self.open.last_mut() {
                    *levels += 1;
                }
            }
            // A `set` without a value is a block, too; those with one only make the measure stricter until the next end.
            "for" | "if" | "macro" | "call" | "with" | "filter" => {
                self.blocks += 1;
                self.open.push(1);
            }
            name if name.starts_with("end") => {
                let levels = if name == "endset" {
                    None
                } else {
                    self.open.pop()
                };
                self.blocks = self.blocks.saturating_sub(levels.unwrap_or(0));
            }
            _ => {}
        }
    }
}
