//! Keywords, strings, numbers and comments of a text, by the tables in `languages`. It goes through the text once, whatever
//! stands there: an end that was looked for in vain is not looked for again.

use super::languages::{Has, Language, QUOTES, Quote};
use super::{Ink, Span};

/// What was found in a text.
pub(super) struct Lexed {
    /// In order; they do not touch each other's bytes.
    pub spans: Vec<Span>,
    /// Whether a string or a comment that may go on for lines does not end.
    pub is_open: bool,
}

/// Goes through a text; `is_cut`: there is more of it, so that what does not end here may end there.
pub(super) fn lex(code: &str, language: &'static Language, is_cut: bool) -> Lexed {
    let mut lexer = Lexer {
        code,
        language,
        is_cut,
        at: 0,
        spans: Vec::new(),
        is_open: false,
        last: b'\n',
        is_behind_keyword: true,
        no_end: [0; QUOTES],
        no_end_of: [0; ENDS],
        templates: Vec::new(),
        documents: Vec::new(),
    };
    if language.has(Has::Tags) {
        lexer.tags();
    } else {
        while lexer.at < code.len() {
            lexer.step();
        }
    }
    Lexed {
        spans: lexer.spans,
        is_open: lexer.is_open,
    }
}

/// Ends that are looked for beside those of quotes.
#[derive(Clone, Copy)]
enum End {
    Comment,
    Raw,
    Regex,
    Template,
    Document,
}

const ENDS: usize = 5;

/// Here-documents without an end after which no more are looked for.
const DOCUMENTS: usize = 3;

/// Bytes of a command that are looked at for what it does with a here-document.
const LINE_BYTES: usize = 500;

struct Lexer<'c> {
    code: &'c str,
    language: &'static Language,
    is_cut: bool,
    at: usize,
    spans: Vec<Span>,
    is_open: bool,
    /// The last byte before this one that is no blank; a line's end counts.
    last: u8,
    /// Whether the last word is a keyword and nothing stands behind it.
    is_behind_keyword: bool,
    /// By kind of string: the place before which no end stands.
    no_end: [usize; QUOTES],
    /// The same of other ends. For here-documents: how many had none.
    no_end_of: [usize; ENDS],
    /// For each template around this place: how many braces are open in it.
    templates: Vec<usize>,
    /// The here-documents that begin with the next line.
    documents: Vec<Document<'c>>,
}

/// A here-document of a shell.
#[derive(Clone, Copy)]
struct Document<'c> {
    end: &'c str,
    has_tabs: bool,
    language: Option<&'static Language>,
}

impl<'c> Lexer<'c> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.code.as_bytes().get(self.at + ahead).copied()
    }

    fn byte_before(&self) -> Option<u8> {
        let before = self.at.checked_sub(1)?;
        self.code.as_bytes().get(before).copied()
    }

    fn starts(&self, what: &str) -> bool {
        starts_at(self.code, self.at, what)
    }

    /// What stands here is of some colour, up to a place.
    fn ink(&mut self, start: usize, end: usize, ink: Ink) {
        if start < end {
            self.spans.push(Span { start, end, ink });
        }
        self.at = end;
        self.last = b'"';
        self.is_behind_keyword = false;
    }

    /// What begins with so many bytes from here does not end: where the text goes on it is coloured, from `start`; else it
    /// may be anything.
    fn unclosed(&mut self, start: usize, open: usize, ink: Ink) {
        self.is_open = true;
        if self.is_cut {
            self.ink(start, self.code.len(), ink);
        } else {
            self.at += open;
        }
    }

    fn step(&mut self) {
        let Some(byte) = self.byte(0) else { return };
        if self.comment() || self.special(byte) || self.string(self.at) || self.word(byte) {
            return;
        }
        self.at += 1;
        match byte {
            b'\n' => {
                self.last = b'\n';
                self.is_behind_keyword = true;
                self.documents();
            }
            b' ' | b'\t' | b'\r' => {}
            b'{' | b'}' => self.brace(byte),
            _ => self.seen(byte),
        }
    }

    fn seen(&mut self, byte: u8) {
        self.last = byte;
        // Where a command begins a shell's keywords are some.
        let begins_command = matches!(byte, b';' | b'|' | b'&' | b'(' | b'{' | b'!' | b'`');
        self.is_behind_keyword = begins_command && self.language.has(Has::Shell);
    }

    fn comment(&mut self) -> bool {
        let start = self.at;
        if let Some((open, close)) = self.language.block_comment
            && self.starts(open)
            && self.may_end(End::Comment)
        {
            match self.comment_end(start + open.len(), open, close) {
                Some(end) => self.comment_to(end),
                None => {
                    self.set_no_end(End::Comment, self.code.len());
                    self.unclosed(start, open.len(), Ink::Comment);
                }
            }
            return true;
        }
        let is_parted = !self.language.has(Has::SpacedComments)
            || matches!(self.byte_before(), None | Some(b' ' | b'\t' | b'\n' | b';'));
        let mut opens = self.language.line_comments.iter();
        if is_parted && opens.any(|open| self.starts(open)) {
            let rest = self.code.get(start..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            self.comment_to(start + length);
            return true;
        }
        false
    }

    /// A comment is as if nothing stood there.
    fn comment_to(&mut self, end: usize) {
        let (last, is_behind_keyword) = (self.last, self.is_behind_keyword);
        self.ink(self.at, end, Ink::Comment);
        (self.last, self.is_behind_keyword) = (last, is_behind_keyword);
    }

    fn comment_end(&self, from: usize, open: &str, close: &str) -> Option<usize> {
        let nests = self.language.has(Has::Lifetimes);
        let (mut at, mut depth) = (from, 1_usize);
        while at < self.code.len() {
            if starts_at(self.code, at, close) {
                at += close.len();
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            } else if nests && starts_at(self.code, at, open) {
                at += open.len();
                depth += 1;
            } else {
                at += 1;
            }
        }
        None
    }

    fn may_end(&self, end: End) -> bool {
        self.no_end_of
            .get(end as usize)
            .is_some_and(|no_end| self.at >= *no_end)
    }

    fn set_no_end(&mut self, end: End, before: usize) {
        if let Some(no_end) = self.no_end_of.get_mut(end as usize) {
            *no_end = before;
        }
    }

    /// A string whose quote stands here; with its prefix it begins at `start`.
    fn string(&mut self, start: usize) -> bool {
        if self.language.has(Has::Yaml)
            && !matches!(self.last, b'\n' | b':' | b'-' | b'[' | b'{' | b',')
        {
            return false;
        }
        let quotes: &'static [Quote] = self.language.quotes;
        for (quote, kind) in quotes.iter().zip(0_usize..) {
            let no_end = self.no_end.get(kind).copied().unwrap_or_default();
            if !self.starts(quote.open) || self.at < no_end {
                continue;
            }
            match string_end(self.code, self.at + quote.open.len(), *quote) {
                Ok(end) => self.ink(start, end, Ink::Text),
                Err(looked) => {
                    if let Some(no_end) = self.no_end.get_mut(kind) {
                        *no_end = looked;
                    }
                    match quote.has_lines {
                        true => self.unclosed(start, quote.open.len(), Ink::Text),
                        // Other kinds may begin alike; if none does, it is no string.
                        false => continue,
                    }
                }
            }
            return true;
        }
        false
    }

    /// What is peculiar to the language.
    fn special(&mut self, byte: u8) -> bool {
        let language = self.language;
        match byte {
            b'\'' if language.has(Has::Lifetimes) => self.letter_or_lifetime(),
            b'`' if language.has(Has::Templates) && self.may_end(End::Template) => {
                self.at += 1;
                self.template(self.at - 1);
            }
            b'/' if language.has(Has::Regexes) && self.may_end(End::Regex) => return self.regex(),
            b'#' if language.has(Has::Preprocessor) && self.last == b'\n' => {
                let end = self.word_end(self.at + 1);
                self.ink(self.at, end, Ink::Keyword);
            }
            b'\\' if language.has(Has::Shell) => {
                self.at = (self.at + 2).min(self.code.len());
                while !self.code.is_char_boundary(self.at) {
                    self.at += 1;
                }
                self.seen(byte);
            }
            b'<' if language.has(Has::Shell) && self.starts("<<") => self.document(),
            _ => return false,
        }
        true
    }

    /// `'a'`, `'\n'`, or the lifetime `'a`.
    fn letter_or_lifetime(&mut self) {
        let start = self.at;
        let rest = self.code.get(start + 1..).unwrap_or_default();
        let mut letters = rest.char_indices();
        let end = match letters.next() {
            // The longest is `'\u{10ffff}'`.
            Some((_, '\\')) => letters.nth(0).and_then(|_| {
                letters
                    .take(10)
                    .find(|(_, c)| *c == '\'')
                    .map(|(at, _)| at + 1)
            }),
            Some((_, c)) if c != '\n' => {
                let (at, next) = letters.next().unwrap_or_default();
                (next == '\'').then_some(at + 1)
            }
            _ => None,
        };
        match end {
            Some(end) => self.ink(start, start + 1 + end, Ink::Text),
            None => {
                self.at = self.word_end(start + 1);
                self.seen(b'\'');
            }
        }
    }

    /// A template from here to its end or to what is set into it.
    fn template(&mut self, start: usize) {
        let bytes = self.code.as_bytes();
        let mut at = self.at;
        loop {
            match bytes.get(at) {
                Some(b'\\') => at += 2,
                Some(b'`') => return self.ink(start, at + 1, Ink::Text),
                Some(b'$') if bytes.get(at + 1) == Some(&b'{') => {
                    self.templates.push(0);
                    self.ink(start, at + 2, Ink::Text);
                    return self.seen(b'{');
                }
                Some(_) => at += 1,
                None => break,
            }
        }
        self.set_no_end(End::Template, self.code.len());
        self.unclosed(start, 0, Ink::Text);
    }

    fn brace(&mut self, byte: u8) {
        self.seen(byte);
        match (self.templates.last_mut(), byte) {
            (Some(open), b'{') => *open += 1,
            (Some(0), _) => {
                self.templates.pop();
                self.template(self.at - 1);
            }
            (Some(open), _) => *open -= 1,
            (None, _) => {}
        }
    }

    /// A regular expression, where no division can stand.
    fn regex(&mut self) -> bool {
        let is_value = self.last.is_ascii_alphanumeric()
            || matches!(self.last, b'_' | b'$' | b')' | b']' | b'}' | b'"' | b'<');
        if is_value && !self.is_behind_keyword {
            return false;
        }
        let bytes = self.code.as_bytes();
        let (mut at, mut is_in_class) = (self.at + 1, false);
        loop {
            match bytes.get(at) {
                Some(b'\\') => at += 1,
                Some(b'[') => is_in_class = true,
                Some(b']') => is_in_class = false,
                Some(b'/') if !is_in_class => break,
                Some(b'\n') | None => {
                    self.set_no_end(End::Regex, at.min(self.code.len()));
                    return false;
                }
                Some(_) => {}
            }
            at += 1;
        }
        let end = self.word_end(at + 1);
        self.ink(self.at, end, Ink::Text);
        true
    }

    /// The place behind the word that begins at a place.
    fn word_end(&self, from: usize) -> usize {
        let rest = self.code.as_bytes().get(from..).unwrap_or_default();
        from.min(self.code.len()) + rest.iter().take_while(|byte| is_word(**byte)).count()
    }

    /// A word or a number.
    fn word(&mut self, byte: u8) -> bool {
        if !is_word(byte) {
            return false;
        }
        if byte.is_ascii_digit() {
            self.number();
            return true;
        }
        let start = self.at;
        let end = self.word_end(start);
        let word = self.code.get(start..end).unwrap_or_default();
        let is_member = self.last == b'.' && self.byte_before() == Some(b'.');
        self.at = end;
        if self.language.has(Has::RawStrings) && self.raw_string(start, word) {
            return true;
        }
        if lists(self.language.prefixes, word) && self.string(start) {
            return true;
        }
        let (is_keyword, is_constant) = self.kind_of(word);
        match (is_keyword, is_constant) {
            _ if is_member => self.seen(b'a'),
            (true, _) if !self.language.has(Has::Shell) || self.is_behind_keyword => {
                self.ink(start, end, Ink::Keyword);
                self.seen(b'a');
                self.is_behind_keyword = true;
            }
            (_, true) if !self.language.has(Has::Yaml) || self.is_whole_value(start, end) => {
                self.ink(start, end, Ink::Number);
                self.seen(b'a');
            }
            _ => self.seen(b'a'),
        }
        true
    }

    fn kind_of(&self, word: &str) -> (bool, bool) {
        let language = self.language;
        let kind = |word: &str| {
            (
                lists(language.keywords, word),
                lists(language.constants, word),
            )
        };
        match language.has(Has::AnyCase) && word.len() < 32 {
            true => kind(&word.to_ascii_lowercase()),
            false => kind(word),
        }
    }

    /// Whether a word of YAML is a value by itself: `a: true`, and not `a: true love`.
    fn is_whole_value(&self, start: usize, end: usize) -> bool {
        let before = self.code.get(..start).unwrap_or_default();
        let after = self.code.get(end..).unwrap_or_default();
        before.ends_with([' ', '[', '{', ','])
            && (after.is_empty() || after.starts_with(['\n', '\r', ',', ']', '}']))
    }

    fn number(&mut self) {
        let start = self.at;
        let bytes = self.code.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1);
            let goes_on = match byte {
                b'.' => next.is_some_and(u8::is_ascii_digit),
                b'\'' => {
                    self.language.has(Has::Preprocessor) && next.is_some_and(u8::is_ascii_hexdigit)
                }
                b'+' | b'-' => {
                    let is_power = bytes
                        .get(at.saturating_sub(1))
                        .is_some_and(|e| matches!(e, b'e' | b'E'));
                    let is_hex = bytes
                        .get(start + 1)
                        .is_some_and(|x| matches!(x, b'x' | b'X'));
                    at > start && is_power && !is_hex && next.is_some_and(u8::is_ascii_digit)
                }
                byte => byte.is_ascii_alphanumeric() || byte == b'_',
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        let has_numbers = !self.language.has(Has::Shell) && !self.language.has(Has::Yaml);
        match has_numbers {
            true => self.ink(start, at, Ink::Number),
            false => self.at = at,
        }
        self.seen(b'0');
    }

    /// `r#"…"#` of Rust, `R"x(…)x"` of C++; the word before it is read.
    fn raw_string(&mut self, start: usize, word: &str) -> bool {
        let rest = self.code.get(self.at..).unwrap_or_default();
        let (open, close) = match word {
            "r" | "br" | "cr" if self.language.has(Has::Lifetimes) => {
                let hashes = rest
                    .bytes()
                    .take(256)
                    .take_while(|byte| *byte == b'#')
                    .count();
                if rest.as_bytes().get(hashes) != Some(&b'"') {
                    return false;
                }
                (hashes + 1, format!("\"{}", "#".repeat(hashes)))
            }
            "R" | "u8R" | "LR" | "uR" | "UR" if rest.starts_with('"') => {
                let Some(name) = rest.bytes().take(18).position(|byte| byte == b'(') else {
                    return false;
                };
                let name = rest.get(1..name).unwrap_or_default();
                (name.len() + 2, format!("){name}\""))
            }
            _ => return false,
        };
        if !self.may_end(End::Raw) {
            return false;
        }
        let within = rest.get(open..).unwrap_or_default();
        match within.find(&close) {
            Some(length) => self.ink(start, self.at + open + length + close.len(), Ink::Text),
            None => {
                self.set_no_end(End::Raw, self.code.len());
                self.unclosed(start, open, Ink::Text);
            }
        }
        true
    }

    /// `<<EOF`: what begins with the next line is no command.
    fn document(&mut self) {
        let start = self.at;
        self.at += 2;
        self.seen(b'<');
        let rest = self.code.get(self.at..).unwrap_or_default();
        if rest.starts_with('<') {
            self.at += 1;
            return;
        }
        let has_tabs = rest.starts_with('-');
        let word = rest.trim_start_matches('-').trim_start_matches(' ');
        let word = word.trim_start_matches(['\'', '"', '\\']);
        let length = word.bytes().take_while(|byte| is_word(*byte)).count();
        let (end, _) = word.split_at_checked(length).unwrap_or_default();
        let is_name = end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name && self.has_documents() {
            let language = language_of_document(self.line_before(start));
            self.documents.push(Document {
                end,
                has_tabs,
                language,
            });
            let to_word = rest.len() - word.len();
            self.at += to_word + length;
            // The quote behind it is none that begins a string.
            if matches!(self.byte(0), Some(b'\'' | b'"')) {
                self.at += 1;
            }
        }
    }

    /// Whether here-documents may still have an end.
    fn has_documents(&self) -> bool {
        let failed = self.no_end_of.get(End::Document as usize);
        failed.is_some_and(|failed| *failed < DOCUMENTS)
    }

    /// What stands in the line before a place, of a very long line the end.
    fn line_before(&self, at: usize) -> &'c str {
        let mut from = at.saturating_sub(LINE_BYTES);
        while !self.code.is_char_boundary(from) {
            from += 1;
        }
        let before = self.code.get(from..at).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default()
    }

    /// The here-documents that begin here.
    fn documents(&mut self) {
        for document in std::mem::take(&mut self.documents) {
            if !self.has_documents() {
                return;
            }
            let rest = self.code.get(self.at..).unwrap_or_default();
            let mut length = 0;
            let found = rest.split_inclusive('\n').any(|line| {
                let tabs = |line: &'c str| line.trim_start_matches('\t');
                let bare = if document.has_tabs { tabs(line) } else { line };
                let is_end = bare.trim_end_matches(['\n', '\r']) == document.end;
                if !is_end {
                    length += line.len();
                }
                is_end
            });
            if !found {
                self.is_open = true;
                if let Some(failed) = self.no_end_of.get_mut(End::Document as usize) {
                    *failed += 1;
                }
                if !self.is_cut {
                    continue;
                }
            }
            let start = self.at;
            let end = start + length;
            match document.language {
                None => self.ink(start, end, Ink::Text),
                Some(language) => {
                    let body = self.code.get(start..end).unwrap_or_default();
                    let within = lex(body, language, !found).spans.into_iter();
                    self.spans.extend(within.map(|span| span.moved(start)));
                    self.at = end;
                }
            }
            // The line that ends it is no command.
            if found {
                self.at = (end + document.end.len()).min(self.code.len());
                if document.has_tabs {
                    let rest = self.code.get(end..).unwrap_or_default();
                    self.at = end
                        + (rest.len() - rest.trim_start_matches('\t').len())
                        + document.end.len();
                }
            }
            (self.last, self.is_behind_keyword) = (b'\n', true);
        }
    }

    /// A text with tags: their names, their strings, comments.
    fn tags(&mut self) {
        let mut is_in_tag = false;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'<' if self.comment() => is_in_tag = false,
                b'<' => {
                    let name =
                        self.at + 1 + usize::from(matches!(self.byte(1), Some(b'/' | b'!' | b'?')));
                    let end = self.word_end(name);
                    is_in_tag = end > name;
                    match is_in_tag {
                        true => self.ink(name, end, Ink::Keyword),
                        false => self.at += 1,
                    }
                }
                b'>' => {
                    is_in_tag = false;
                    self.at += 1;
                }
                b'"' | b'\'' if is_in_tag && self.string(self.at) => {}
                _ => self.at += 1,
            }
        }
    }
}

/// The language of what a line of a shell puts into a file, or has run.
fn language_of_document(line: &str) -> Option<&'static Language> {
    let into_file = || {
        let (_, file) = line
            .rsplit_once("> ")
            .or(line.rsplit_once('>'))
            .or(line.rsplit_once("tee "))?;
        let path = file.split_whitespace().next()?;
        Language::by_path(path.trim_matches(['\'', '"']))
    };
    let program = || {
        let program = line
            .rsplit(['|', ';', '&'])
            .next()?
            .split_whitespace()
            .next()?;
        let name = program.rsplit('/').next()?;
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        matches!(name, "python" | "node" | "ruby" | "php").then(|| Language::by_name(name))?
    };
    let language = into_file().or_else(program);
    // A shell in a shell could go on and on.
    language.filter(|language| !language.has(Has::Shell))
}

/// The place behind a string's end; or how far was looked.
fn string_end(code: &str, from: usize, quote: Quote) -> Result<usize, usize> {
    let bytes = code.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if quote.has_escapes && byte == b'\\' {
            at += 2;
        } else if starts_at(code, at, quote.close) {
            return Ok(at + quote.close.len());
        } else if byte == b'\n' && !quote.has_lines {
            return Err(at);
        } else {
            at += 1;
        }
    }
    Err(code.len())
}

fn starts_at(code: &str, at: usize, what: &str) -> bool {
    let rest = code.as_bytes().get(at..).unwrap_or_default();
    rest.starts_with(what.as_bytes())
}

/// Letters of any script count, and what is no letter of ASCII's.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Whether a word is one of some.
fn lists(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split_ascii_whitespace().any(|one| one == word)
}
