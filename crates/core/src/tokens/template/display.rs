//! What a template builds and keeps is paid for there and then: a list, dictionary or tuple becomes `([…]|PAID)`, what
//! `set` keeps `((…)|KEPT)`. So no value is too deep to be dropped or too large to be written.

use minijinja::machinery::{Span, Token, tokenize};
use minijinja::syntax::SyntaxConfig;

/// The filter that pays for a value with all that is in it. No template can put another in its place.
pub(super) const PAID: &str = "__paid";

/// The filter that pays for the items of a list that is kept.
pub(super) const KEPT: &str = "__kept";

/// The template, paying for what it builds and keeps. What is not a template stays as it is from there on.
pub(super) fn paying(source: &str, syntax: &SyntaxConfig) -> String {
    let mut tag = Tag::default();
    for token in tokenize(source, false, syntax.clone()) {
        let Ok((token, span)) = token else { break };
        tag.add(&token, span);
    }
    let mut inserts = tag.inserts;
    inserts.sort_by_key(|insert| insert.at);
    let mut out = String::with_capacity(source.len() + 16 * inserts.len());
    let mut from = 0;
    for Insert { at, text } in inserts {
        out.push_str(source.get(from..at).unwrap_or_default());
        out.push_str(&text);
        from = at;
    }
    out.push_str(source.get(from..).unwrap_or_default());
    out
}

struct Insert {
    at: usize,
    text: String,
}

/// What stands before a token.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Before {
    /// An operator, a keyword or a tag's begin: a bracket opens a display.
    #[default]
    Operator,
    /// The tag's begin: a name is that of the block.
    BlockStart,
    /// A value: a bracket is an index or a call.
    Operand,
}

/// An open bracket, and where it stands.
struct Open {
    at: usize,
    kind: Kind,
}

enum Kind {
    /// An index, a call, or the names of a `for`.
    Other,
    /// A list or a dictionary.
    Display,
    /// Parentheses around an expression; with a comma in them they are a tuple.
    Parens { has_comma: bool },
}

#[derive(Default)]
struct Tag {
    before: Before,
    open: Vec<Open>,
    /// Parentheses that closed at the token before: where they opened and end. A `=` behind them makes them a target.
    tuple: Option<(usize, usize)>,
    /// Whether the names of a `for` are still to come.
    is_target: bool,
    /// In a `set`: where its value begins.
    value: Option<usize>,
    is_set: bool,
    inserts: Vec<Insert>,
}

impl Tag {
    fn add(&mut self, token: &Token, span: Span) {
        let (start, end) = (span.start_offset as usize, span.end_offset as usize);
        if let Some((from, to)) = self.tuple.take()
            && !matches!(token, Token::Assign)
        {
            self.pay(from, to);
        }
        let before = std::mem::take(&mut self.before);
        match token {
            Token::BlockStart | Token::VariableStart => {
                self.open.clear();
                (self.is_target, self.is_set, self.value) = (false, false, None);
                if matches!(token, Token::BlockStart) {
                    self.before = Before::BlockStart;
                }
            }
            Token::BlockEnd => {
                if let Some(from) = self.value.take() {
                    self.insert(from, "((");
                    self.insert(start, &format!(")|{KEPT})"));
                }
            }
            Token::Ident(name) if before == Before::BlockStart => {
                self.is_target = *name == "for";
                self.is_set = *name == "set";
                if matches!(*name, "call" | "macro") {
                    self.before = Before::Operand;
                }
            }
            Token::Ident("in") if self.open.is_empty() => self.is_target = false,
            Token::Ident("in" | "not" | "and" | "or" | "if" | "else" | "is") => {}
            Token::Ident(_)
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_)
            | Token::Int128(_)
            | Token::Float(_) => {
                self.before = Before::Operand;
            }
            Token::BracketOpen | Token::BraceOpen | Token::ParenOpen => {
                let kind = match token {
                    _ if before == Before::Operand || self.is_target => Kind::Other,
                    Token::ParenOpen => Kind::Parens { has_comma: false },
                    _ => Kind::Display,
                };
                self.open.push(Open { at: start, kind });
            }
            Token::BracketClose | Token::BraceClose | Token::ParenClose => {
                self.before = Before::Operand;
                match self.open.pop() {
                    Some(Open {
                        at,
                        kind: Kind::Display,
                    }) => self.pay(at, end),
                    Some(Open {
                        at,
                        kind: Kind::Parens { has_comma: true },
                    }) => {
                        self.tuple = Some((at, end));
                    }
                    _ => {}
                }
            }
            Token::Assign if self.is_set && self.open.is_empty() => self.value = Some(end),
            Token::Comma => {
                if let Some(Open {
                    kind: Kind::Parens { has_comma },
                    ..
                }) = self.open.last_mut()
                {
                    *has_comma = true;
                }
            }
            _ => {}
        }
    }

    /// Puts the filter behind a value.
    fn pay(&mut self, from: usize, to: usize) {
        self.insert(from, "(");
        self.insert(to, &format!("|{PAID})"));
    }

    fn insert(&mut self, at: usize, text: &str) {
        let text = text.to_owned();
        self.inserts.push(Insert { at, text });
    }
}
