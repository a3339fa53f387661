//! A project's files as they are written in `code/`: real code about a `widget`, with the places of four bugs marked.
//! A project is made from it by another noun, another name and one of the bugs.
//!
//! ```text
//! %% file source src/widget.py     a file: `source` and `test` are made for each noun, `common` once
//! %% old stale rename              a place of the bug `stale`, in the function (or test) `rename`: wrong so …
//! %% new                           … and right so
//! %% end
//! %% cut                           in a test file: the tests stand between two of these
//! %% each                          the next line is repeated for each noun
//! ```

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The code that holds the bug.
    Source,
    /// Its tests; the new side of each place is the test that upstream added.
    Test,
    /// What the whole project shares.
    Common,
}

/// A file before its nouns are filled in.
pub(super) struct Template {
    pub kind: Kind,
    pub path: &'static str,
    pub pieces: Vec<Piece>,
}

/// A part of a file, in lines with their breaks.
pub(super) enum Piece {
    Text(String),
    BugSite(BugSite),
    Cut,
    Each(String),
}

/// A place where a bug is.
#[derive(Debug, Clone, Default)]
pub(super) struct BugSite {
    /// The bug's name.
    pub bug: &'static str,
    /// The function or test that it is in.
    pub name: &'static str,
    /// The line before it, so that an editor finds it.
    pub before: String,
    pub old: String,
    pub new: String,
}

/// Reads all files of one text of `code/`.
pub(super) fn parse(text: &'static str) -> Vec<Template> {
    let mut files = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut words = line.split(' ').skip(1);
        match (words.next(), files.last_mut()) {
            (Some("file"), _) if line.starts_with("%%") => files.push(Template {
                kind: kind(words.next()),
                path: words.next().unwrap_or_default(),
                pieces: Vec::new(),
            }),
            (Some("old"), Some(file)) if line.starts_with("%%") => {
                let bug = words.next().unwrap_or_default();
                let name = line
                    .strip_prefix("%% old ")
                    .and_then(|rest| rest.split_once(' '))
                    .map_or("", |(_, name)| name);
                file.pieces.push(Piece::BugSite(BugSite {
                    bug,
                    name,
                    before: last_line(&file.pieces),
                    old: until(&mut lines, "%% new"),
                    new: until(&mut lines, "%% end"),
                }));
            }
            (Some("cut"), Some(file)) if line.starts_with("%%") => file.pieces.push(Piece::Cut),
            (Some("each"), Some(file)) if line.starts_with("%%") => {
                file.pieces.push(Piece::Each(format!(
                    "{}\n",
                    lines.next().unwrap_or_default()
                )));
            }
            (_, Some(file)) => push_line(&mut file.pieces, line),
            (_, None) => {}
        }
    }
    files
}

fn kind(word: Option<&str>) -> Kind {
    match word {
        Some("source") => Kind::Source,
        Some("test") => Kind::Test,
        _ => Kind::Common,
    }
}

fn push_line(pieces: &mut Vec<Piece>, line: &str) {
    if let Some(Piece::Text(text)) = pieces.last_mut() {
        text.push_str(line);
        text.push('\n');
    } else {
        pieces.push(Piece::Text(format!("{line}\n")));
    }
}

fn last_line(pieces: &[Piece]) -> String {
    match pieces.last() {
        Some(Piece::Text(text)) => format!("{}\n", text.lines().last().unwrap_or_default()),
        _ => String::new(),
    }
}

fn until<'a>(lines: &mut impl Iterator<Item = &'a str>, end: &str) -> String {
    lines
        .take_while(|line| *line != end)
        .flat_map(|line| [line, "\n"])
        .collect()
}

impl Template {
    /// The file's text; `wrong` says of which bug the places are wrong.
    pub fn text(
        &self,
        wrong: impl Fn(&str) -> bool,
        nouns: &Nouns,
        all: &[&'static str],
    ) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(lines) => text.push_str(&nouns.fill(lines)),
                Piece::BugSite(place) if wrong(place.bug) => text.push_str(&nouns.fill(&place.old)),
                Piece::BugSite(place) => text.push_str(&nouns.fill(&place.new)),
                Piece::Cut => {}
                Piece::Each(line) => {
                    for noun in all {
                        text.push_str(&nouns.with(noun).fill(line));
                    }
                }
            }
        }
        text
    }

    /// The places of a bug.
    pub fn places(&self, bug: &str) -> impl Iterator<Item = &BugSite> {
        self.pieces.iter().filter_map(move |piece| match piece {
            Piece::BugSite(place) if place.bug == bug => Some(place),
            _ => None,
        })
    }

    /// How many lines a test file has before the last cut while none of the marked tests is in it.
    pub fn lines_before_tail(&self) -> usize {
        let cut = self
            .pieces
            .iter()
            .rposition(|piece| matches!(piece, Piece::Cut));
        let lines = |piece: &Piece| match piece {
            Piece::Text(text) => text.lines().count(),
            _ => 0,
        };
        self.pieces
            .iter()
            .take(cut.unwrap_or(self.pieces.len()))
            .map(lines)
            .sum()
    }

    /// A test file that holds nothing but the test of this bug.
    pub fn only(&self, bug: &str, nouns: &Nouns) -> String {
        let mut cuts = 0;
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Cut => cuts += 1,
                Piece::Text(lines) if cuts != 1 => text.push_str(&nouns.fill(lines)),
                Piece::BugSite(place) if place.bug == bug => text.push_str(&nouns.fill(&place.new)),
                _ => {}
            }
        }
        text
    }
}

/// What stands for `widget` and `PROJECT` in one project.
#[derive(Debug, Clone)]
pub(super) struct Nouns {
    pub noun: &'static str,
    pub project: String,
}

impl Nouns {
    /// The same project with another noun.
    pub fn with(&self, noun: &'static str) -> Self {
        Self {
            noun,
            project: self.project.clone(),
        }
    }

    /// The text with its nouns filled in.
    pub fn fill(&self, text: &str) -> String {
        text.replace("widget", self.noun)
            .replace("Widget", &capital(self.noun))
            .replace("WIDGET", &self.noun.to_uppercase())
            .replace("PROJECT", &self.project)
    }
}

/// The word with a capital letter.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
