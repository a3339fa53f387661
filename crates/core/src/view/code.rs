//! The colours of code: which bytes of a text are keywords, strings, numbers or comments, for the page to set them apart.
//!
//! By a lexer of our own over tables of languages, since no library fits. `syntect`'s grammars are regular expressions that may
//! go back again and again, over texts that anyone may have written, and weigh as much as the worker's tokenizers; tree-sitter
//! needs a C compiler; the small lexers at crates.io know few languages. And none of them reads code that stands between a
//! listing's line numbers or a patch's markers. What is not certain has no colour.

mod fences; // code in a text, between fences
mod languages; // what the lexer knows of each language
mod lexer; // keywords, strings, numbers and comments of a text
mod listing; // a file's lines with their numbers
mod places; // which texts of a run are code

pub use languages::Language;
pub(super) use places::{Code, of_arguments, of_observation};

use serde::{Deserialize, Serialize};

/// Bytes of a text that are coloured; what is beyond is read by no one in a page.
pub const COLOURED_BYTES: usize = 128 * 1024;

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ink {
    /// A word of the language.
    Keyword,
    /// A string, or a letter.
    Text,
    /// A number, or a word that stands for a value.
    Number,
    /// A comment.
    Comment,
}

/// Bytes of a text that are of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first of them.
    pub start: usize,
    /// The byte behind them.
    pub end: usize,
    /// What they are.
    pub ink: Ink,
}

impl Span {
    /// The same, so many bytes later.
    fn moved(self, by: usize) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
            ..self
        }
    }

    /// What of it lies in a text of so many bytes.
    pub(super) fn within(self, bytes: usize) -> Option<Self> {
        let end = self.end.min(bytes);
        (self.start < end).then_some(Self { end, ..self })
    }
}

/// The colours of a text that is code from its beginning; `is_cut`: it goes on.
pub fn colours(code: &str, language: &'static Language, is_cut: bool) -> Vec<Span> {
    lexer::lex(code, language, is_cut).spans
}

/// The colours of lines of code, each by itself; `is_start`: the first is the file's. Lines from the middle of a file may begin in a
/// string or a comment: where one of those does not end in them, none that goes on for lines is believed in.
///
/// Whoever has many lines gives only those that are worth it.
pub fn colours_of_lines(
    lines: &[&str],
    language: &'static Language,
    is_start: bool,
) -> Vec<Vec<Span>> {
    let code = lines.join("\n");
    let lexed = lexer::lex(&code, language, is_start);
    if lexed.is_open && !is_start {
        let alone = |line: &&str| lexer::lex(line, language, false).spans;
        return lines.iter().map(alone).collect();
    }
    let mut spans = lexed.spans.into_iter().peekable();
    let mut start = 0;
    let mut coloured = Vec::with_capacity(lines.len());
    let mut rest: Option<Span> = None;
    for line in lines {
        let end = start + line.len();
        let mut of_line = Vec::new();
        while let Some(span) = rest
            .take()
            .or_else(|| spans.next_if(|span| span.start < end))
        {
            if span.start < end {
                let (from, to) = (span.start.max(start), span.end.min(end));
                of_line.extend((from < to).then_some(Span {
                    start: from - start,
                    end: to - start,
                    ink: span.ink,
                }));
            }
            if span.end > end {
                rest = Some(span);
                break;
            }
        }
        coloured.push(of_line);
        start = end + 1;
    }
    coloured
}
