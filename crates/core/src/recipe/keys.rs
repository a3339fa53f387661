//! The keys of the address: what each means, which values it takes, which choice of the recipe it reads and writes.
//! One entry per key: the address is read and written by this table alone, and `docs/address.md` is made from it.

use super::explore::{Explored, Field};
use super::filter::{ListKey, PatchPresence, RangeKey};
pub use super::key::{Key, Takes};
use super::key::{Kind, list, range, text};
use super::limits;
use super::list::{read_shares, write_shares};
use super::name::{digest, model, server};
use super::places::{
    read_datasets, read_revisions, write_configs, write_datasets, write_revisions, write_splits,
};
use super::table::{read_columns, read_sorting, write_columns, write_sorting};
use super::value::{
    mask, number, one_of, positive, preferences, read_cap, whole, word_of, write_cap,
};
use super::{PagePlace, Pairing, Pairs, Preference, Read, Recipe, Via};
use crate::export::Format;
use crate::export::options::{
    Arguments, BrokenCalls, Compression, CsvTexts, Group, Images, Mask, Package, Reasoning, Shares,
    Tools,
};
use crate::export::table::TableForm;
use crate::frame::facet::Facet;
use crate::ground::Sample;
use crate::search::TextQuery;
use crate::tokens::{Templated, Tokenizer};

/// The value of a key that holds one text, as a control shows it.
pub fn value(name: &str, recipe: &Recipe) -> String {
    let key = KEYS.iter().find(|key| key.name == name);
    key.map(|key| key.value(recipe)).unwrap_or_default()
}

/// Chooses a value of a key that holds one text, as it was typed; the default where nothing is.
///
/// # Errors
/// Why it is not a value, in words; then the recipe stays as it is.
pub fn choose(name: &str, recipe: &mut Recipe, typed: &str) -> Result<(), String> {
    let key = KEYS.iter().find(|key| key.name == name);
    key.map_or(Ok(()), |key| key.choose(recipe, typed))
}

/// The sections of the documentation: the first key of each, and its title.
pub const SECTIONS: &[(&str, &str)] = &[
    ("dataset", "What is read"),
    ("outcome", "Which rows are selected"),
    ("tokenizer", "How rows are counted and compared"),
    ("format", "What is exported"),
    ("place", "What is open"),
];

/// Every key, in the order in which an address is written.
pub const KEYS: &[Key] = &[
    text(
        "dataset",
        Takes::Form("`owner/name`, `demo`, `file`"),
        "The dataset: its name on the Hub, the built-in demo, or files of yours; or [several](#several-datasets), \
         separated by commas.",
        "nvidia/Open-SWE-Traces",
        read_datasets,
        write_datasets,
    ),
    text(
        "config",
        Takes::Form("a name, `*`"),
        "The config (subset) of the dataset: the first one unless given, or all of them. In Open-SWE-Traces it \
         is the harness.",
        "openhands",
        |recipe, text| set(&mut recipe.reading.config, Ok(text.to_owned())),
        write_configs,
    ),
    text(
        "split",
        Takes::Form("a name, `*`"),
        "The split of the config: the first one unless given, or all of them. In Open-SWE-Traces it is the \
         teacher.",
        "minimax_m25",
        |recipe, text| set(&mut recipe.reading.split, Ok(text.to_owned())),
        write_splits,
    ),
    text(
        "rows",
        Takes::Form("1 to 1,000,000"),
        "How many rows to read; of several datasets, so many of each.",
        "500",
        |recipe, text| set(&mut recipe.reading.rows, whole(text, 1..=1_000_000)),
        |recipe| recipe.reading.rows.to_string(),
    ),
    text(
        "sample",
        Takes::OneOf(|| words(SAMPLES)),
        "Which rows to read: the first ones, evenly spaced pages, or pages drawn by `seed`.",
        "spread",
        |recipe, text| set(&mut recipe.reading.sample, one_of(text, SAMPLES)),
        |recipe| word_of(recipe.reading.sample, SAMPLES),
    ),
    text(
        "seed",
        Takes::Form("a whole number"),
        "The seed of every draw: the same seed draws the same rows everywhere.",
        "7",
        |recipe, text| set(&mut recipe.reading.seed, whole(text, 0..=u64::MAX)),
        |recipe| recipe.reading.seed.to_string(),
    ),
    text(
        "read",
        Takes::OneOf(|| words(READS)),
        "What to read: a sample of whole rows; a survey of all rows of the split, without their texts; or a \
         survey and then, in full, the rows that pass the filters.",
        "survey",
        |recipe, text| set(&mut recipe.reading.read, one_of(text, READS)),
        |recipe| word_of(recipe.reading.read, READS),
    ),
    text(
        "via",
        Takes::OneOf(|| words(VIAS)),
        "How rows are fetched: whichever way works, only from the row service, only from the Parquet files, or \
         from the files of the dataset as they were uploaded, opened as files of yours are.",
        "rows",
        |recipe, text| set(&mut recipe.reading.via, one_of(text, VIAS)),
        |recipe| word_of(recipe.reading.via, VIAS),
    ),
    text(
        "endpoint",
        Takes::Form("`https://…`"),
        "Another server for the datasets API, such as a mirror.",
        "http://127.0.0.1:8081",
        |recipe, text| set(&mut recipe.reading.endpoint, server(text).map(Some)),
        |recipe| recipe.reading.endpoint.clone().unwrap_or_default(),
    ),
    text(
        "hub",
        Takes::Form("`https://…`"),
        "Another server for the Hub itself, such as a mirror.",
        "http://127.0.0.1:8082",
        |recipe, text| set(&mut recipe.reading.hub, server(text).map(Some)),
        |recipe| recipe.reading.hub.clone().unwrap_or_default(),
    ),
    text(
        "revision",
        Takes::Form("a commit"),
        "The commit of the dataset that the link was made with. The page says if the dataset has changed since; \
         of several datasets it is a list.",
        "b0df91c0a1a1ad2bd7b4e6d5d3f4b4e5f1b8b0a5",
        |recipe, text| set(&mut recipe.made.revisions, read_revisions(text)),
        |recipe| write_revisions(&recipe.made.revisions),
    ),
    text(
        "sha256",
        Takes::Form("a checksum"),
        "The checksum of the file that the link was made for. The page says whether your file is the same.",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        |recipe, text| set(&mut recipe.made.sha256, digest(text).map(Some)),
        |recipe| written(recipe.made.sha256.as_ref()),
    ),
    Key {
        name: "map",
        what: "Which field holds what, for datasets whose form is not recognized.",
        example: "messages:dialog,role:speaker",
        kind: Kind::Map,
    },
    list(
        ListKey::Outcome,
        "Whether the task was solved.",
        "success,partial",
    ),
    list(
        ListKey::Language,
        "The repository's main language, as the rows spell it.",
        "Python,Go",
    ),
    list(
        ListKey::License,
        "The repository's license, as the rows spell it.",
        "MIT,Apache-2.0",
    ),
    list(ListKey::Repo, "The repository.", "!django/django"),
    list(
        ListKey::Harness,
        "The program that ran the agent.",
        "openhands",
    ),
    list(
        ListKey::Teacher,
        "The model that wrote the trajectory.",
        "minimax_m25",
    ),
    list(ListKey::Category, "The kind of task.", "bug-fix"),
    list(
        ListKey::Source,
        "Where the row is from: the dataset, or the file in which it stands.",
        "nvidia/Open-SWE-Traces",
    ),
    list(
        ListKey::Tool,
        "Tools that the run used. The name of a tool stands for all of its verbs.",
        "str_replace_editor:create,!browser",
    ),
    list(
        ListKey::Flag,
        "[Quality signs](signs.md) that the row carries; `none` is a row without any.",
        "!empty-patch,!edits-tests",
    ),
    list(
        ListKey::Difficulty,
        "How often the task is solved, over all rows read that have a verdict.",
        "sometimes,always",
    ),
    Key {
        name: "signs",
        what: "The threshold from which a row carries a quality sign, where it is not the default.",
        example: "loop-same:6,error-rate:0.4",
        kind: Kind::Signs,
    },
    Key {
        name: "bench",
        what: "Repositories (`owner/name`) and task ids that count as part of a benchmark, besides the known ones.",
        example: "me/my-tests,django/django",
        kind: Kind::Bench,
    },
    range(
        RangeKey::Tokens,
        "Tokens of the row, by the chosen tokenizer.",
        "..32768",
    ),
    range(RangeKey::Turns, "Assistant messages.", "5..100"),
    range(RangeKey::Calls, "Tool calls.", "1.."),
    range(RangeKey::Errors, "Calls that failed.", "..3"),
    range(
        RangeKey::Added,
        "Lines that the model's patch adds.",
        "1..500",
    ),
    range(
        RangeKey::Deleted,
        "Lines that the model's patch deletes.",
        "..200",
    ),
    range(
        RangeKey::Modified,
        "Lines that the model's patch changes in place.",
        "1..",
    ),
    range(
        RangeKey::Files,
        "Files that the model's patch touches.",
        "1..5",
    ),
    range(
        RangeKey::Overlap,
        "The share of files that the model's patch and the reference patch have in common, from 0 to 1.",
        "0.5..",
    ),
    text(
        "patch",
        Takes::OneOf(|| words(PATCHES)),
        "Whether the model's patch touches any file.",
        "present",
        |recipe, text| set(&mut recipe.filters.patch, one_of(text, PATCHES).map(Some)),
        |recipe| {
            let patch = recipe.filters.patch;
            patch.map_or_else(String::new, |patch| word_of(patch, PATCHES))
        },
    ),
    text(
        "text",
        Takes::Form("`kind:words`, `kind:/pattern/`"),
        "What the texts of the run hold: words in any case, or a regular expression between slashes; in all of them, or \
         only in the texts of the `user`, of the `assistant`, in an `observation`, a `call` or the `patch`. `!` at the \
         front leaves such runs out.",
        "observation:Traceback",
        |recipe, text| set(&mut recipe.filters.text, TextQuery::read(text).map(Some)),
        |recipe| {
            let query = recipe.filters.text.as_ref();
            query.map_or_else(String::new, TextQuery::written)
        },
    ),
    text(
        "per-instance",
        Takes::Form("1 to 1,000"),
        "The most rows to keep per task, drawn by `seed` from the rows that pass the filters above.",
        "1",
        |recipe, text| {
            let most = whole(text, 1..=1000)?;
            set(
                &mut recipe.filters.per_instance,
                Ok(u32::try_from(most).ok()),
            )
        },
        |recipe| written(recipe.filters.per_instance),
    ),
    text(
        "prefer",
        Takes::AnyOf(|| words(&Preference::ALL.map(|prefer| (prefer.name(), prefer)))),
        "Which rows of a task to keep first; `seed` decides between equals.",
        "success,shorter",
        |recipe, text| set(&mut recipe.filters.prefer, preferences(text)),
        |recipe| {
            let words = recipe.filters.prefer.iter().map(|prefer| prefer.name());
            words.collect::<Vec<_>>().join(",")
        },
    ),
    text(
        "balance",
        Takes::OneOf(|| words(&facets())),
        "What to balance the selection by, after all other filters. Without `share` and `cap`, every value gets \
         the same number of rows. With only one of those given, it is `language`.",
        "repo",
        |recipe, text| {
            set(
                &mut recipe.filters.balance.by,
                one_of(text, &facets()).map(Some),
            )
        },
        |recipe| {
            let by = recipe.filters.balance.by;
            by.map_or_else(String::new, |facet| facet.name().to_owned())
        },
    ),
    text(
        "share",
        Takes::Form("`value:share` pairs"),
        "The share of the selection that each value should make up; all other values together get the rest.",
        "Python:0.3,Go:0.2",
        |recipe, text| set(&mut recipe.filters.balance.shares, read_shares(text)),
        |recipe| write_shares(&recipe.filters.balance.shares),
    ),
    text(
        "cap",
        Takes::Form("a number of rows, or a share below 1"),
        "The most of the selection that any one value may make up.",
        "0.1",
        |recipe, text| set(&mut recipe.filters.balance.cap, read_cap(text).map(Some)),
        |recipe| {
            recipe
                .filters
                .balance
                .cap
                .map(write_cap)
                .unwrap_or_default()
        },
    ),
    text(
        "tokenizer",
        Takes::OneOf(|| words(&tokenizers())),
        "The built-in tokenizer that counts tokens.",
        "o200k_base",
        |recipe, text| set(&mut recipe.count.tokenizer, one_of(text, &tokenizers())),
        |recipe| recipe.count.tokenizer.name().to_owned(),
    ),
    text(
        "model",
        Takes::Form("`owner/name`, `file`"),
        "A model on the Hub whose own tokenizer counts tokens instead of `tokenizer`, or the files of a model \
         that you choose on the page.",
        "Qwen/Qwen3-8B",
        |recipe, text| set(&mut recipe.count.model, model(text).map(Some)),
        |recipe| recipe.count.model.clone().unwrap_or_default(),
    ),
    text(
        "template",
        Takes::OneOf(|| words(&Templated::words())),
        "The chat template that tokens are counted with: none (only the texts), the tokenizer's or the model's \
         own, or that of a model family.",
        "own",
        |recipe, text| {
            set(
                &mut recipe.count.template,
                one_of(text, &Templated::words()),
            )
        },
        |recipe| word_of(recipe.count.template, &Templated::words()),
    ),
    text(
        "budget",
        Takes::Form("a number of tokens"),
        "The token budget (context length) that the charts mark.",
        "65536",
        |recipe, text| set(&mut recipe.budget, whole(text, 1..=u64::MAX)),
        |recipe| recipe.budget.to_string(),
    ),
    text(
        "curves",
        Takes::OneOf(|| words(&limits::CurveChoice::WORDS)),
        "What to draw as a function of the token limit, and what to split the rows by.",
        "tokens:language",
        |recipe, text| {
            set(
                &mut recipe.curves,
                one_of(text, &limits::CurveChoice::WORDS),
            )
        },
        |recipe| word_of(recipe.curves, &limits::CurveChoice::WORDS),
    ),
    text(
        "epochs",
        Takes::Form("1 to 10,000"),
        "How many epochs to train for, to estimate the cost.",
        "3",
        |recipe, text| set(&mut recipe.cost.epochs, whole(text, 1..=10_000)),
        |recipe| recipe.cost.epochs.to_string(),
    ),
    text(
        "price",
        Takes::Form("a number above 0"),
        "The price of training on a million tokens, in any currency.",
        "0.5",
        |recipe, text| set(&mut recipe.cost.price, positive(text).map(Some)),
        |recipe| recipe.cost.price.map(number).unwrap_or_default(),
    ),
    text(
        "speed",
        Takes::Form("a number above 0"),
        "How many tokens are trained on per second, to estimate the time.",
        "20000",
        |recipe, text| set(&mut recipe.cost.speed, positive(text).map(Some)),
        |recipe| recipe.cost.speed.map(number).unwrap_or_default(),
    ),
    text(
        "compare",
        Takes::OneOf(|| words(&facets())),
        "What the two compared groups of rows differ in.",
        "harness",
        |recipe, text| set(&mut recipe.compare.facet, one_of(text, &facets())),
        |recipe| recipe.compare.facet.name().to_owned(),
    ),
    text(
        "group-a",
        Takes::Form("a value"),
        "The first group, as a value of `compare`. Unless given, the groups are success and failure, or else the \
         two largest.",
        "openhands",
        |recipe, text| set(&mut recipe.compare.first, Ok(text.to_owned())),
        |recipe| recipe.compare.first.clone(),
    ),
    text(
        "group-b",
        Takes::Form("a value"),
        "The second group.",
        "sweagent",
        |recipe, text| set(&mut recipe.compare.second, Ok(text.to_owned())),
        |recipe| recipe.compare.second.clone(),
    ),
    text(
        "explore-x",
        Takes::OneOf(|| words(&Field::words())),
        "What lies across in the chart of your own: a number or a label.",
        "tokens",
        |recipe, text| set(&mut recipe.explore.x, one_of(text, &Field::words())),
        |recipe| recipe.explore.x.name().to_owned(),
    ),
    text(
        "explore-y",
        Takes::OneOf(|| words(&Field::words_or(Explored::ROWS))),
        "What lies up in it; `rows` counts rows.",
        "language",
        |recipe, text| {
            let fields = Field::words_or(Explored::ROWS);
            set(&mut recipe.explore.y, one_of(text, &fields))
        },
        |recipe| {
            recipe
                .explore
                .y
                .map_or(Explored::ROWS, Field::name)
                .to_owned()
        },
    ),
    text(
        "explore-color",
        Takes::OneOf(|| words(&Field::words_or(Explored::NONE))),
        "What its colours tell apart; a number is cut in three.",
        "harness",
        |recipe, text| {
            let fields = Field::words_or(Explored::NONE);
            set(&mut recipe.explore.color, one_of(text, &fields))
        },
        |recipe| {
            recipe
                .explore
                .color
                .map_or(Explored::NONE, Field::name)
                .to_owned()
        },
    ),
    text(
        "explore-by",
        Takes::OneOf(|| words(&Field::words_or(Explored::NONE))),
        "What has a small chart each; a number is cut in three.",
        "teacher",
        |recipe, text| {
            let fields = Field::words_or(Explored::NONE);
            set(&mut recipe.explore.by, one_of(text, &fields))
        },
        |recipe| {
            recipe
                .explore
                .by
                .map_or(Explored::NONE, Field::name)
                .to_owned()
        },
    ),
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
        "place",
        Takes::OneOf(|| words(&places())),
        "The place of the page that is open; where a row is open, that of the rows unless given.",
        "export",
        |recipe, text| set(&mut recipe.place, one_of(text, &places()).map(Some)),
        |recipe| {
            recipe
                .place
                .map_or_else(String::new, |place| place.name().to_owned())
        },
    ),
    text(
        "columns",
        Takes::Form("names of the downloaded table's columns, `signs`"),
        "The columns of the table of rows, in their order.",
        "row,outcome,tokens",
        |recipe, text| set(&mut recipe.table.columns, read_columns(text)),
        |recipe| write_columns(&recipe.table.columns),
    ),
    text(
        "sort",
        Takes::Form("a column's name, with `-` before it for the greatest first"),
        "How the table of rows is sorted; the reader steps from run to run in this order.",
        "-tokens",
        |recipe, text| set(&mut recipe.table.order.sorting, read_sorting(text)),
        |recipe| write_sorting(recipe.table.order.sorting),
    ),
    text(
        "find",
        Takes::Form("a text"),
        "Which of the selected rows the table shows: a row's index, or a part of the name of a task or a trajectory. It \
         changes nothing else: neither charts nor files.",
        "django",
        |recipe, text| set(&mut recipe.table.order.find, Ok(text.trim().to_owned())),
        |recipe| recipe.table.order.find.clone(),
    ),
    text(
        "row",
        Takes::Form("a number"),
        "The row that is open in the reader, by its index in the split; rows of several splits or datasets are counted \
         on.",
        "42",
        |recipe, text| set(&mut recipe.row, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.row),
    ),
    text(
        "step",
        Takes::Form("a number"),
        "The message that the reader scrolls to, counted from 0.",
        "12",
        |recipe, text| set(&mut recipe.step, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.step),
    ),
    text(
        "beside",
        Takes::Form("numbers"),
        "Rows that are shown beside that row, turn by turn: other runs of the same task.",
        "57,80",
        |recipe, text| set(&mut recipe.beside, read_beside(text)),
        |recipe| written_all(&recipe.beside),
    ),
    text(
        "run",
        Takes::Form("`1`"),
        "Start at once.",
        "1",
        |recipe, text| set(&mut recipe.run, whole(text, 0..=1).map(|one| one == 1)),
        |recipe| u8::from(recipe.run).to_string(),
    ),
];

/// The words of a choice.
fn words<T: Copy>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|&(word, _)| word).collect()
}

const SAMPLES: &[(&str, Sample)] = &[
    ("head", Sample::Head),
    ("spread", Sample::Spread),
    ("random", Sample::Random),
];

const READS: &[(&str, Read)] = &[
    ("sample", Read::Sample),
    ("survey", Read::Survey),
    ("selection", Read::Selection),
];

const VIAS: &[(&str, Via)] = &[
    ("auto", Via::Auto),
    ("rows", Via::Rows),
    ("parquet", Via::Parquet),
    ("files", Via::Files),
];

const PATCHES: &[(&str, PatchPresence)] = &[
    (PatchPresence::Present.name(), PatchPresence::Present),
    (PatchPresence::Empty.name(), PatchPresence::Empty),
];

fn tokenizers() -> [(&'static str, Tokenizer); Tokenizer::ALL.len()] {
    Tokenizer::ALL.map(|tokenizer| (tokenizer.name(), tokenizer))
}

fn facets() -> [(&'static str, Facet); Facet::ALL.len()] {
    Facet::ALL.map(|facet| (facet.name(), facet))
}

fn places() -> [(&'static str, PagePlace); PagePlace::ALL.len()] {
    PagePlace::ALL.map(|place| (place.name(), place))
}

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

/// Puts a value that could be read into its place.
fn set<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

/// Rows that are shown at once beside another: more columns are too narrow to be read.
const BESIDE: usize = 3;

/// Rows, separated by commas, each once.
fn read_beside(text: &str) -> Result<Vec<u64>, String> {
    let mut rows = Vec::new();
    for number in text.split(',').filter(|number| !number.trim().is_empty()) {
        let row = whole(number, 0..=u64::MAX)?;
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    match rows.len() > BESIDE {
        true => Err(format!("it names more than {BESIDE} rows")),
        false => Ok(rows),
    }
}

fn written_all(rows: &[u64]) -> String {
    let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
    rows.join(",")
}

fn written(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
