//! What people must know of a file: what the format can't carry, what the trainer will do by default, what is odd in
//! the rows. Said before the download as far as the options tell, and after it with the rows' own numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::check::Fault;
use super::features::{FIRST_BLOCK, Feature};
use super::files::Files;
use super::options::{Arguments, Mask, Options, Reasoning};
use super::prepare::Mended;
use super::split::Split;
use super::tally::{Tally, room_for};
use crate::ground::words::{plural, thousands};

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// The trainer takes less of a row than the longest one has, unless it is told otherwise.
    Length {
        /// The trainer.
        trainer: String,
        /// Its setting.
        setting: String,
        /// The setting's default, in tokens.
        default: u64,
        /// What becomes of longer rows.
        longer: String,
        /// Tokens of the longest row, where counted; of texts only, without the chat template.
        longest: Option<u64>,
    },
    /// The format has no place for a mask that was chosen.
    Mask {
        /// The format.
        format: String,
        /// The masks, by their words.
        masks: Vec<String>,
        /// What can be done about it.
        instead: String,
    },
    /// The format has no place for reasoning.
    Reasoning {
        /// The format.
        format: String,
    },
    /// Arguments as objects may not be loadable.
    Objects,
    /// The format decides how arguments are written.
    Arguments {
        /// The format.
        format: String,
    },
    /// Files can't be divided.
    Shards {
        /// The format.
        format: String,
    },
    /// Rows of several harnesses in one file.
    Harnesses {
        /// Their names.
        names: Vec<String>,
    },
    /// Keys that a loader does not find where it looks for all of them.
    LateKeys {
        /// The split whose file lacks them at its beginning.
        split: Split,
        /// The keys, each with those around it.
        keys: Vec<String>,
        /// Whether only datasets 4.7 and later know all of the types that the card lists.
        needs_newer: bool,
    },
    /// Rows have images.
    Images {
        /// So many.
        rows: u64,
    },
    /// Tools were added to rows that declare none.
    Tools {
        /// The lists that they are from, and how many rows have tools of each.
        lists: Vec<(String, u64)>,
    },
    /// Calls whose arguments are not a JSON object were mended.
    Mended {
        /// How many, and how.
        mended: Mended,
    },
    /// Rows were written that have a fault.
    Fault {
        /// The fault.
        fault: Fault,
        /// So many rows have it.
        rows: u64,
    },
    /// Something about the format.
    Note {
        /// A sentence or two.
        text: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Length {
                trainer,
                setting,
                default,
                longer,
                longest,
            } => {
                let default = thousands(*default as f64);
                write!(f, "{trainer} takes {default} tokens of a row by default, and longer rows {longer}. ")?;
                match longest {
                    Some(longest) => write!(
                        f,
                        "The longest row has {} tokens, and the chat template adds some: set {setting} to {} or more.",
                        thousands(*longest as f64),
                        thousands(room_for(*longest) as f64)
                    ),
                    None => write!(f, "Set {setting} above the longest row."),
                }
            }
            Self::Mask {
                format,
                masks,
                instead,
            } => {
                let masks = masks.join(", ");
                write!(f, "{format} has no place for this mask: {masks}. The rows are written without it. {instead}")
            }
            Self::Reasoning { format } => write!(
                f,
                "{format} has no field for reasoning: it is written before the text as <think>…</think>."
            ),
            Self::Objects => f.write_str(
                "Arguments as objects differ from call to call. datasets 4.7 and later load them; older versions fail \
                 on some files or fill them with nulls.",
            ),
            Self::Arguments { format } => {
                write!(f, "{format} says itself how arguments are written: that choice has no effect.")
            }
            Self::Shards { format } => {
                write!(f, "{format} reads one file of each split: the files are not divided.")
            }
            Self::Harnesses { names } => write!(
                f,
                "Rows of several harnesses are in one file ({}): a model then sees tools of one and calls of another. \
                 Choose one harness, or train on each by itself.",
                names.join(", ")
            ),
            Self::LateKeys {
                split,
                keys,
                needs_newer,
            } => {
                let is = if keys.len() == 1 { "is" } else { "are" };
                let by = if *needs_newer { " by datasets 4.7 or later" } else { "" };
                write!(
                    f,
                    "{} {is} filled in no row of the first {} bytes of the {} file (before compression), but in later \
                     rows. datasets learns from these bytes which keys rows have: loaded by itself, the file can fail, \
                     and before datasets 4.7 it does. Load the folder with its README.md{by} (a \
                     single file comes without: package it as a folder or a .zip), or put a row that has all of them \
                     first.",
                    keys.join(", "),
                    thousands(FIRST_BLOCK as f64),
                    split.name(),
                )
            }
            Self::Images { rows } => {
                let have = if *rows == 1 { "row has" } else { "rows have" };
                write!(
                    f,
                    "{} {have} images, by their addresses or paths. They have to be there when you train, and the model \
                     has to see images: for one that reads only text, have a word written in their place.",
                    thousands(*rows as f64)
                )
            }
            Self::Tools { lists } => {
                let rows: u64 = lists.iter().map(|(_, rows)| rows).sum();
                let (word, their) = if rows == 1 { ("row", "its") } else { ("rows", "their") };
                let each = lists.iter().map(|(list, rows)| format!("{list} ({})", thousands(*rows as f64)));
                write!(
                    f,
                    "Tools were added to {} {word} that declared none, from the lists that {their} harness publishes: {}. \
                     Names and parameters are the harness's; descriptions are shorter than those that the model was \
                     given, and tools of the user's own are not among them.",
                    thousands(rows as f64),
                    each.collect::<Vec<_>>().join(", ")
                )
            }
            Self::Mended { mended } => {
                let parts = [
                    (mended.repaired, "call was repaired", "calls were repaired"),
                    (mended.masked, "turn is left out of learning", "turns are left out of learning"),
                    (mended.ended, "row ends before one", "rows end before one"),
                ];
                let parts = parts.into_iter().filter(|(n, ..)| *n > 0);
                let parts: Vec<String> = parts.map(|(n, one, many)| plural(n, one, many)).collect();
                write!(f, "Of calls whose arguments are not a JSON object: {}.", parts.join(", "))
            }
            Self::Fault { fault, rows } => {
                let rows_word = if *rows == 1 { "row" } else { "rows" };
                let rows = thousands(*rows as f64);
                write!(f, "Written though odd: {rows} {rows_word} {}.", fault.words())
            }
            Self::Note { text } => f.write_str(text),
        }
    }
}

/// What must be known before a file is written: what the options alone tell.
pub fn of_options(options: &Options) -> Vec<Warning> {
    let target = options.format.target();
    let format = || target.title().to_owned();
    let mut warnings = Vec::new();
    let missing = options.mask.without(target.carries(options));
    if missing.is_set() {
        warnings.push(Warning::Mask {
            format: format(),
            masks: owned(missing),
            instead: target.instead_of_mask().to_owned(),
        });
    }
    if options.reasoning == Reasoning::Keep && !target.has_reasoning() {
        warnings.push(Warning::Reasoning { format: format() });
    }
    if options.arguments == Arguments::Object {
        if !target.has_arguments_choice() {
            warnings.push(Warning::Arguments { format: format() });
        } else if target.reads_with_arrow() {
            warnings.push(Warning::Objects);
        }
    }
    if options.shard.is_some() && !target.takes_shards() {
        warnings.push(Warning::Shards { format: format() });
    }
    let notes = target.notes(options).into_iter();
    warnings.extend(notes.map(|text| Warning::Note {
        text: text.to_owned(),
    }));
    warnings
}

/// What the rows tell, beside what the options tell.
pub fn of_rows(options: &Options, tally: &Tally) -> Vec<Warning> {
    let target = options.format.target();
    let mut warnings = of_options(options);
    let longest = tally.longest;
    if let Some(length) = target.default_length()
        && longest.is_none_or(|longest| longest > length.tokens)
    {
        warnings.push(Warning::Length {
            trainer: target.trainer().to_owned(),
            setting: length.setting.to_owned(),
            default: length.tokens,
            longer: length.longer.to_owned(),
            longest,
        });
    }
    if tally.harnesses.len() > 1 {
        let names = tally.harnesses.iter().cloned().collect();
        warnings.push(Warning::Harnesses { names });
    }
    if tally.images > 0 {
        warnings.push(Warning::Images { rows: tally.images });
    }
    if !tally.tools_from.is_empty() {
        let lists = tally.tools_from.clone().into_iter().collect();
        warnings.push(Warning::Tools { lists });
    }
    if tally.mended != Mended::default() {
        let mended = tally.mended;
        warnings.push(Warning::Mended { mended });
    }
    let odd = tally.odd.iter();
    warnings.extend(odd.map(|(&fault, &rows)| Warning::Fault { fault, rows }));
    warnings
}

/// What the order of the rows in their files tells.
pub fn of_files(options: &Options, files: &Files) -> Vec<Warning> {
    let late = files.seen().iter().filter_map(|(&split, seen)| {
        let all = Feature::of_lines(options, seen.all)?;
        let first = Feature::of_lines(options, seen.first)?;
        let keys = all.missing_in(&first);
        (!keys.is_empty()).then_some(Warning::LateKeys {
            split,
            keys,
            needs_newer: all.has_json(),
        })
    });
    late.collect()
}

fn owned(mask: Mask) -> Vec<String> {
    mask.words().into_iter().map(str::to_owned).collect()
}
