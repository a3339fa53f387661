//! Which texts of a run are code, and in which language: by the tool, by the file that a call names, by the command that an
//! observation answers.

use super::fences::fenced;
use super::listing::listed;
use super::{COLOURED_BYTES, Language, Span, colours, colours_of_lines};
use crate::calls::shell::{file_name, is_shell, simple_commands};
use crate::calls::{CallResult, Doing};
use crate::ground::text::head;

/// How a text is code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::view) enum Code {
    /// It is none.
    None,
    /// It is a text with code between fences.
    Fenced,
    /// It is a program, or a file, from the beginning.
    Whole(&'static Language),
    /// It is a part of a file.
    Part(&'static Language),
    /// It lists lines with their numbers.
    Listed(&'static Language),
    /// It is what a command printed: a file from its beginning, or a part of one, and what the harness says of the command.
    Printed {
        /// The file's language.
        language: &'static Language,
        /// Whether it is the file's beginning.
        is_start: bool,
    },
}

impl Code {
    /// The colours of a text; `is_cut`: it goes on.
    pub fn colours(self, text: &str, is_cut: bool) -> Vec<Span> {
        let coloured = head(text, COLOURED_BYTES);
        let is_cut = is_cut || coloured.len() < text.len();
        match self {
            Self::None => Vec::new(),
            Self::Fenced => fenced(coloured, is_cut),
            Self::Whole(language) => colours(coloured, language, is_cut),
            Self::Part(language) => of_part(coloured, language),
            Self::Listed(language) => listed(coloured, language),
            Self::Printed { language, is_start } => {
                let (from, printed) = printed(coloured);
                let spans = match is_start {
                    true => colours(printed, language, is_cut),
                    false => of_part(printed, language),
                };
                spans.into_iter().map(|span| span.moved(from)).collect()
            }
        }
    }
}

fn of_part(text: &str, language: &'static Language) -> Vec<Span> {
    let lines: Vec<&str> = text.split('\n').collect();
    let coloured = colours_of_lines(&lines, language, false);
    let mut at = 0;
    let mut spans = Vec::new();
    for (line, of_line) in lines.iter().zip(coloured) {
        spans.extend(of_line.into_iter().map(|span| span.moved(at)));
        at += line.len() + 1;
    }
    spans
}

/// What a command printed, without what harnesses say around it, and where it begins.
fn printed(text: &str) -> (usize, &str) {
    let mut printed = text;
    for before in ["<returncode>0</returncode>", "\n", "<output>", "\n"] {
        printed = printed.strip_prefix(before).unwrap_or(printed);
    }
    let from = text.len() - printed.len();
    loop {
        let rest = printed.trim_end();
        let (before, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
        let is_said = last == "</output>" || (last.starts_with('[') && last.ends_with(']'));
        if !is_said || last.is_empty() {
            return (from, printed);
        }
        printed = before;
    }
}

/// Names of arguments that name a file.
const PATHS: [&str; 6] = [
    "path",
    "file_path",
    "filename",
    "file",
    "target_file",
    "filepath",
];

/// Names of arguments that hold a whole file.
const FILES: [&str; 5] = ["file_text", "content", "contents", "file_content", "code"];

/// Names of arguments that hold a part of one.
const PARTS: [&str; 12] = [
    "old_str",
    "new_str",
    "old_string",
    "new_string",
    "insert_text",
    "new_text",
    "old_text",
    "search",
    "replace",
    "replacement",
    "code_edit",
    "text",
];

/// Names of arguments that a shell runs; one without a name is all that there is.
const COMMANDS: [&str; 6] = ["command", "cmd", "script", "code", "input", ""];

/// How each argument of a call is code; `arguments` are names and texts.
pub(in crate::view) fn of_arguments<'a>(
    tool: &str,
    arguments: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> impl Iterator<Item = Code> {
    let is_shell = is_shell(tool);
    let program = if is_shell { program_of(tool) } else { None };
    let language = language_of_file(arguments.clone());
    arguments.map(move |(name, _)| {
        let has = |names: &[&str]| names.contains(&name);
        match (program, language) {
            (Some(program), _) if has(&COMMANDS) => Code::Whole(program),
            (None, Some(language)) if has(&FILES) => Code::Whole(language),
            (None, Some(language)) if has(&PARTS) => Code::Part(language),
            _ => Code::None,
        }
    })
}

/// What a tool that runs programs takes.
fn program_of(tool: &str) -> Option<&'static Language> {
    let tool = tool.to_ascii_lowercase();
    let is_python = ["python", "jupyter"].iter().any(|word| tool.contains(word));
    Language::by_name(if is_python { "python" } else { "shell" })
}

fn language_of_file<'a>(
    arguments: impl Iterator<Item = (&'a str, &'a str)>,
) -> Option<&'static Language> {
    let mut paths = arguments.filter(|(name, _)| PATHS.contains(name));
    let (_, path) = paths.next()?;
    Language::by_path(path.trim())
}

/// How the answer to a call is code.
pub(in crate::view) fn of_observation<'a>(
    tool: &str,
    arguments: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    doing: Doing,
    result: CallResult,
) -> Code {
    let is_file = match is_shell(tool) {
        // Many list the lines that they have changed.
        false => matches!(doing, Doing::Read | Doing::Edit),
        true => doing == Doing::Read,
    };
    if !is_file || result != CallResult::Ok {
        return Code::None;
    }
    if !is_shell(tool) {
        return language_of_file(arguments).map_or(Code::None, Code::Listed);
    }
    let mut commands = arguments.filter(|(name, _)| COMMANDS.contains(name));
    let command = commands.next().map(|(_, command)| command);
    command.and_then(of_command).unwrap_or(Code::None)
}

/// What a command prints, where it prints one file.
fn of_command(script: &str) -> Option<Code> {
    if script.contains(['|', '>', '<', '$', '`', '*']) {
        return None;
    }
    let commands = simple_commands(script);
    let mut commands = commands
        .iter()
        .filter(|words| words.first().is_none_or(|word| word != "cd"));
    let (Some(words), None) = (commands.next(), commands.next()) else {
        return None;
    };
    let (program, words) = words.split_first()?;
    let has = |option: &str| words.iter().any(|word| word == option);
    let mut files = words
        .iter()
        .filter(|word| !word.starts_with('-') && word.contains('.'));
    let (Some(file), None) = (files.next(), files.next()) else {
        return None;
    };
    let language = Language::by_path(file)?;
    Some(match file_name(program) {
        "cat" if has("-n") => Code::Listed(language),
        "nl" => Code::Listed(language),
        program @ ("cat" | "head" | "tail" | "sed") => Code::Printed {
            language,
            is_start: matches!(program, "cat" | "head"),
        },
        _ => return None,
    })
}
