//! The keys that say what is exported: the trainer, what is changed in the rows, the files.
//! One entry a key, in the order in which an address is written.

use super::{set, words, written};
use crate::export::Format;
use crate::export::options::{
    Arguments, BrokenCalls, Compression, CsvTexts, Group, Images, Mask, Package, Reasoning, Shares,
    Tools,
};
use crate::export::table::TableForm;
use crate::recipe::key::{Key, Takes, text};
use crate::recipe::pairs::PairStyle;
use crate::recipe::value::{mask, one_of, whole, word_of};
use crate::recipe::{Pairing, Pairs};

pub(super) const KEYS: &[Key] = &[
    text(
        "format",
        Takes::OneOf(|| words(&formats())),
        "The [format](formats.md) of the exported lines, named after the trainer that reads them.",
        "messages",
        |recipe, text| set(&mut recipe.export.format, one_of(text, &formats())),
        |recipe| recipe.export.format.name().to_owned(),
    ),
    text(
        "reasoning",
        Takes::OneOf(|| words(&Reasoning::WORDS)),
        "Whether reasoning is exported in a field of its own, in the text as `<think>…</think>`, or not at all.",
        "inline",
        |recipe, text| {
            set(
                &mut recipe.export.reasoning,
                one_of(text, &Reasoning::WORDS),
            )
        },
        |recipe| word_of(recipe.export.reasoning, &Reasoning::WORDS),
    ),
    text(
        "system",
        Takes::OneOf(|| words(SYSTEM)),
        "Whether system prompts are exported.",
        "drop",
        |recipe, text| set(&mut recipe.export.drop_system, one_of(text, SYSTEM)),
        |recipe| word_of(recipe.export.drop_system, SYSTEM),
    ),
    text(
        "parallel",
        Takes::OneOf(|| words(PARALLEL)),
        "Whether the results of parallel calls stay separate messages or are merged into one.",
        "merge",
        |recipe, text| set(&mut recipe.export.merge_parallel, one_of(text, PARALLEL)),
        |recipe| word_of(recipe.export.merge_parallel, PARALLEL),
    ),
    text(
        "observations",
        Takes::Form("32 to 10,000,000"),
        "The most tokens of a tool's result to export; a longer one keeps its beginning and its end.",
        "2000",
        |recipe, text| {
            set(
                &mut recipe.export.observations,
                whole(text, TOKENS).map(Some),
            )
        },
        |recipe| written(recipe.export.observations),
    ),
    text(
        "cut",
        Takes::Form("32 to 10,000,000"),
        "The most tokens of an exported row; a longer run is cut between turns into several rows, each starting \
         with the task and, where it is trained on, ending with the assistant.",
        "32768",
        |recipe, text| set(&mut recipe.export.cut, whole(text, TOKENS).map(Some)),
        |recipe| written(recipe.export.cut),
    ),
    text(
        "end",
        Takes::OneOf(|| words(ENDS)),
        "Whether an exported row ends where the run ends or at the assistant's last message.",
        "assistant",
        |recipe, text| set(&mut recipe.export.end_at_assistant, one_of(text, ENDS)),
        |recipe| word_of(recipe.export.end_at_assistant, ENDS),
    ),
    text(
        "arguments",
        Takes::OneOf(|| words(&Arguments::WORDS)),
        "How the arguments of tool calls are written, in formats that leave the choice.",
        "object",
        |recipe, text| {
            set(
                &mut recipe.export.arguments,
                one_of(text, &Arguments::WORDS),
            )
        },
        |recipe| word_of(recipe.export.arguments, &Arguments::WORDS),
    ),
    text(
        "images",
        Takes::OneOf(|| words(&Images::WORDS)),
        "Whether images are exported by their addresses and paths, in formats that a trainer finds them in, or a word stands \
         in their place, for models that read only text.",
        "word",
        |recipe, text| set(&mut recipe.export.images, one_of(text, &Images::WORDS)),
        |recipe| word_of(recipe.export.images, &Images::WORDS),
    ),
    text(
        "broken",
        Takes::OneOf(|| words(&BrokenCalls::WORDS)),
        "What becomes of exported calls whose arguments are not a JSON object, for which several formats refuse a row: \
         they stay; are repaired where it is certain what was meant (JSON in a JSON text, a comma too many, a Python \
         literal); and of the others the turns are left out of learning, or the run ends before the first of them.",
        "end",
        |recipe, text| set(&mut recipe.export.broken, one_of(text, &BrokenCalls::WORDS)),
        |recipe| word_of(recipe.export.broken, &BrokenCalls::WORDS),
    ),
    text(
        "tools",
        Takes::OneOf(|| words(&Tools::WORDS)),
        "Which tools an exported row has whose run declares none: none, or [those that its harness \
         publishes](formats.md#tools-that-harnesses-publish).",
        "harness",
        |recipe, text| set(&mut recipe.export.tools, one_of(text, &Tools::WORDS)),
        |recipe| word_of(recipe.export.tools, &Tools::WORDS),
    ),
    text(
        "mask",
        Takes::AnyOf(|| words(&Mask::WORDS)),
        "What the trainer should not learn from: turns with a failed call, turns with a malformed call, \
         reasoning.",
        "failed,reasoning",
        |recipe, text| set(&mut recipe.export.mask, mask(text)),
        |recipe| recipe.export.mask.words().join(","),
    ),
    text(
        "limit",
        Takes::Form("32 to 10,000,000"),
        "The most tokens of an exported row; a longer one is left out.",
        "65536",
        |recipe, text| set(&mut recipe.export.limit, whole(text, TOKENS).map(Some)),
        |recipe| written(recipe.export.limit),
    ),
    text(
        "validation",
        Takes::Form("0 to 50"),
        "The percentage of tasks to hold out for validation, drawn by `seed`.",
        "10",
        |recipe, text| set(&mut recipe.export.shares.validation, percent(text)),
        |recipe| recipe.export.shares.validation.to_string(),
    ),
    text(
        "test",
        Takes::Form("0 to 50"),
        "The percentage of tasks to hold out for testing, drawn by `seed`.",
        "5",
        |recipe, text| set(&mut recipe.export.shares.test, percent(text)),
        |recipe| recipe.export.shares.test.to_string(),
    ),
    text(
        "group",
        Takes::OneOf(|| words(&Group::WORDS)),
        "What is never divided between training, validation and test: the rows of a task or of a repository.",
        "repo",
        |recipe, text| set(&mut recipe.export.shares.group, one_of(text, &Group::WORDS)),
        |recipe| word_of(recipe.export.shares.group, &Group::WORDS),
    ),
    text(
        "shard",
        Takes::Form("1 to 100,000"),
        "The most megabytes per exported file; a larger export becomes several files.",
        "500",
        |recipe, text| set(&mut recipe.export.shard, whole(text, 1..=100_000).map(Some)),
        |recipe| written(recipe.export.shard),
    ),
    text(
        "shard-rows",
        Takes::Form("1 to 10,000,000"),
        "The most lines per exported file; a larger export becomes several files.",
        "10000",
        |recipe, text| {
            set(
                &mut recipe.export.shard_rows,
                whole(text, 1..=10_000_000).map(Some),
            )
        },
        |recipe| written(recipe.export.shard_rows),
    ),
    text(
        "compress",
        Takes::OneOf(|| words(&Compression::WORDS)),
        "Whether exported files are compressed.",
        "gzip",
        |recipe, text| {
            set(
                &mut recipe.export.compression,
                one_of(text, &Compression::WORDS),
            )
        },
        |recipe| word_of(recipe.export.compression, &Compression::WORDS),
    ),
    text(
        "package",
        Takes::OneOf(|| words(&Package::WORDS)),
        "How several files are saved: in a folder where the browser allows it and otherwise in a `.zip`, or \
         always one of the two.",
        "zip",
        |recipe, text| set(&mut recipe.export.package, one_of(text, &Package::WORDS)),
        |recipe| word_of(recipe.export.package, &Package::WORDS),
    ),
    text(
        "csv",
        Takes::OneOf(|| words(&CsvTexts::WORDS)),
        "How texts that a spreadsheet would run as formulas are written in the downloaded table and in the report: with a \
         `'` before them, or exactly as they are.",
        "exact",
        |recipe, text| set(&mut recipe.export.csv, one_of(text, &CsvTexts::WORDS)),
        |recipe| word_of(recipe.export.csv, &CsvTexts::WORDS),
    ),
    text(
        "table",
        Takes::OneOf(|| words(&TableForm::WORDS)),
        "The form of the downloaded table. In Parquet every column has its type, and texts are exactly as they are.",
        "parquet",
        |recipe, text| set(&mut recipe.table_form, one_of(text, &TableForm::WORDS)),
        |recipe| word_of(recipe.table_form, &TableForm::WORDS),
    ),
    text(
        "pairs",
        Takes::OneOf(|| words(&Pairing::WORDS)),
        "What makes a pair for preference training: a success and a failure of one task, or its best and its \
         worst run by `prefer`. Opens the panel.",
        "best",
        |recipe, text| {
            set(
                &mut recipe.pairs.pairing,
                one_of(text, &Pairing::WORDS).map(Some),
            )
        },
        |recipe| {
            let pairing = recipe.pairs.pairing;
            pairing.map_or_else(String::new, |pairing| word_of(pairing, &Pairing::WORDS))
        },
    ),
    text(
        "pairs-most",
        Takes::Form("1 to 100"),
        "The most pairs per task and harness.",
        "2",
        |recipe, text| {
            let most = whole(text, 1..=u64::from(Pairs::MOST))?;
            set(&mut recipe.pairs.most, Ok(u32::try_from(most).ok()))
        },
        |recipe| written(recipe.pairs.most),
    ),
    text(
        "pairs-style",
        Takes::OneOf(|| words(&PairStyle::WORDS)),
        "Whether both runs of a pair are of one style: both have reasoning, or neither.",
        "same",
        |recipe, text| {
            let style = one_of(text, &PairStyle::WORDS).map(Some);
            set(&mut recipe.pairs.style, style)
        },
        |recipe| {
            let style = recipe.pairs.style;
            style.map_or_else(String::new, |style| word_of(style, &PairStyle::WORDS))
        },
    ),
];

fn formats() -> Vec<(&'static str, Format)> {
    Format::all()
        .map(|format| (format.name(), format))
        .collect()
}

const SYSTEM: &[(&str, bool)] = &[("keep", false), ("drop", true)];

const ENDS: &[(&str, bool)] = &[("whole", false), ("assistant", true)];

const PARALLEL: &[(&str, bool)] = &[("keep", false), ("merge", true)];

/// Tokens that a limit may name: fewer hold neither a row nor the mark that something was cut.
const TOKENS: std::ops::RangeInclusive<u64> = 32..=10_000_000;

/// The percentage of a side.
fn percent(text: &str) -> Result<u8, String> {
    let percent = whole(text, 0..=u64::from(Shares::MOST))?;
    Ok(u8::try_from(percent).unwrap_or(Shares::MOST))
}
