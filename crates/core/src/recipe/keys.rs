//! The keys of the address: what each is, which choice of the recipe it reads and writes. One entry a key.
//! The page and the README print this table; the address is read and written by nothing else.

use super::filter::{ListKey, PatchPresence, RangeKey};
use super::key::{Key, Kind, list, range, text};
use super::limits;
use super::name::{dataset, digest, model, server};
use super::value::{
    mask, number, one_of, positive, preferences, read_cap, read_shares, whole, word_of, write_cap,
    write_shares,
};
use super::{Pairing, Pairs, Read, Recipe, Via};
use crate::export::Format;
use crate::export::options::{Arguments, Compression, CsvTexts, Group, Package, Reasoning, Shares};
use crate::frame::facet::Facet;
use crate::ground::Sample;
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

/// Every key, in the order in which an address is written.
pub const KEYS: &[Key] = &[
    text(
        "dataset",
        "The data set on the Hub; `demo` is the built-in one, `file` a file of yours.",
        "nvidia/Open-SWE-Traces",
        |recipe, text| set(&mut recipe.reading.dataset, dataset(text)),
        |recipe| recipe.reading.dataset.clone(),
    ),
    text(
        "config",
        "The data set's config (subset); the first one where it is not given, `*` for all of them.",
        "openhands",
        |recipe, text| set(&mut recipe.reading.config, Ok(text.to_owned())),
        |recipe| recipe.reading.config.clone(),
    ),
    text(
        "split",
        "The config's split; the first one where it is not given, `*` for all of them.",
        "minimax_m25",
        |recipe, text| set(&mut recipe.reading.split, Ok(text.to_owned())),
        |recipe| recipe.reading.split.clone(),
    ),
    text(
        "rows",
        "How many rows to read, up to 1,000,000.",
        "500",
        |recipe, text| set(&mut recipe.reading.rows, whole(text, 1..=1_000_000)),
        |recipe| recipe.reading.rows.to_string(),
    ),
    text(
        "sample",
        "Which rows: `head` (the first), `spread` (evenly spaced pages) or `random` (pages drawn by the seed).",
        "spread",
        |recipe, text| set(&mut recipe.reading.sample, one_of(text, SAMPLES)),
        |recipe| word_of(recipe.reading.sample, SAMPLES),
    ),
    text(
        "seed",
        "The seed of every draw: the same seed draws the same rows.",
        "7",
        |recipe, text| set(&mut recipe.reading.seed, whole(text, 0..=u64::MAX)),
        |recipe| recipe.reading.seed.to_string(),
    ),
    text(
        "read",
        "What is read: a `sample` of rows, a `survey` of all rows without their texts, or the `selection`: a survey, \
         and then the rows that pass the rules, whole.",
        "survey",
        |recipe, text| set(&mut recipe.reading.read, one_of(text, READS)),
        |recipe| word_of(recipe.reading.read, READS),
    ),
    text(
        "via",
        "How rows are fetched: `auto`, `rows` (the row API only) or `parquet` (the Parquet files only).",
        "rows",
        |recipe, text| set(&mut recipe.reading.via, one_of(text, VIAS)),
        |recipe| word_of(recipe.reading.via, VIAS),
    ),
    text(
        "endpoint",
        "Another server of the datasets API: a mirror or a test server.",
        "http://127.0.0.1:8081",
        |recipe, text| set(&mut recipe.reading.endpoint, server(text).map(Some)),
        |recipe| recipe.reading.endpoint.clone().unwrap_or_default(),
    ),
    text(
        "hub",
        "Another server of the Hub's own API.",
        "http://127.0.0.1:8082",
        |recipe, text| set(&mut recipe.reading.hub, server(text).map(Some)),
        |recipe| recipe.reading.hub.clone().unwrap_or_default(),
    ),
    text(
        "revision",
        "The data set's commit that the link was made with; the page says where it is another one now.",
        "b0df91c0a1a1ad2bd7b4e6d5d3f4b4e5f1b8b0a5",
        |recipe, text| set(&mut recipe.made.revision, digest(text).map(Some)),
        |recipe| written(recipe.made.revision.as_ref()),
    ),
    text(
        "sha256",
        "The checksum of the file that the link was made for; the page says whether yours is the same.",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        |recipe, text| set(&mut recipe.made.sha256, digest(text).map(Some)),
        |recipe| written(recipe.made.sha256.as_ref()),
    ),
    Key {
        name: "map",
        what: "Which field holds what, where the rows' shape is not recognized: what:field, comma-separated.",
        example: "messages:dialog,role:speaker",
        kind: Kind::Map,
    },
    list(
        ListKey::Outcome,
        "Whether the task was solved: `success`, `partial`, `failure`, `unknown`.",
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
    list(ListKey::Category, "The task's kind.", "bug-fix"),
    list(
        ListKey::Tool,
        "Tools of which the trajectory used one; a tool's name stands for all of its verbs.",
        "str_replace_editor:create,!browser",
    ),
    list(
        ListKey::Flag,
        "Quality signs of which the row carries one; `none` is a row without any.",
        "!empty-patch,!edits-tests",
    ),
    list(
        ListKey::Difficulty,
        "How often the row's task is solved, by all rows that were read: `never`, `sometimes`, `always`, `unknown`.",
        "sometimes,always",
    ),
    Key {
        name: "signs",
        what: "From which number on a row carries a quality sign, where it is not the usual one: sign:number, \
               comma-separated.",
        example: "loop-same:6,error-rate:0.4",
        kind: Kind::Signs,
    },
    Key {
        name: "bench",
        what: "Repositories (`owner/name`) and ids of tasks that count as a benchmark's, beside the known ones.",
        example: "me/my-tests,django/django",
        kind: Kind::Bench,
    },
    range(
        RangeKey::Tokens,
        "Tokens of the row, by the tokenizer chosen.",
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
        "Share of files that the model's patch and the reference patch have in common, 0 to 1.",
        "0.5..",
    ),
    text(
        "patch",
        "Whether the model's patch touches a file: `present` or `empty`.",
        "present",
        |recipe, text| set(&mut recipe.filters.patch, one_of(text, PATCHES).map(Some)),
        |recipe| {
            let patch = recipe.filters.patch;
            patch.map_or_else(String::new, |patch| word_of(patch, PATCHES))
        },
    ),
    text(
        "per-instance",
        "At most so many rows of one instance, drawn by the seed among the rows that pass all other rules.",
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
        "Which rows of an instance are kept before others, a list: `success`, `shorter`, `fewer-signs`; the seed decides \
         among equals.",
        "success,shorter",
        |recipe, text| set(&mut recipe.filters.prefer, preferences(text)),
        |recipe| {
            let words = recipe.filters.prefer.iter().map(|prefer| prefer.name());
            words.collect::<Vec<_>>().join(",")
        },
    ),
    text(
        "balance",
        "By what the selection is balanced: `language`, `outcome`, `harness`, `teacher`, `category`, `license` or `repo`. \
         Without `share` and `cap` every value gets as many rows as the others.",
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
        "The share of the selection that values shall have, a list of value:share; what they leave is for all others.",
        "Python:0.3,Go:0.2",
        |recipe, text| set(&mut recipe.filters.balance.shares, read_shares(text)),
        |recipe| write_shares(&recipe.filters.balance.shares),
    ),
    text(
        "cap",
        "How much of the selection one value may be: a number of rows or, below 1, a share.",
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
        "The tokenizer that counts: `qwen2`, `o200k_base`, `cl100k_base`, `llama3`, `deepseek_v3`, \
               `minimax_m2`, `mistral_v3`, `kimi_k2` or `glm4`.",
        "o200k_base",
        |recipe, text| set(&mut recipe.count.tokenizer, one_of(text, &tokenizers())),
        |recipe| recipe.count.tokenizer.name().to_owned(),
    ),
    text(
        "model",
        "A model of the Hub whose own tokenizer counts, in the place of `tokenizer`, as `namespace/name`; `file`: files \
         that are chosen on the page.",
        "Qwen/Qwen3-8B",
        |recipe, text| set(&mut recipe.count.model, model(text).map(Some)),
        |recipe| recipe.count.model.clone().unwrap_or_default(),
    ),
    text(
        "template",
        "The chat template that tokens are counted with: `none` (texts only), `own` (the tokenizer's or the model's), or \
         that of a family: `qwen2_5`, `qwen3`, `llama3_1`, `deepseek_v3`, `minimax_m2`, `mistral`, `kimi_k2` or `glm4`.",
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
        "The token budget that charts mark: what a trainer takes of one row.",
        "65536",
        |recipe, text| set(&mut recipe.budget, whole(text, 1..=u64::MAX)),
        |recipe| recipe.budget.to_string(),
    ),
    text(
        "curves",
        "What is drawn as a function of the token limit: the `rows`, `tokens` or `trainable` tokens that it keeps, after a \
         colon by what the rows are told apart, `outcome` or `language`.",
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
        "How often each token is trained on, for the cost.",
        "3",
        |recipe, text| set(&mut recipe.cost.epochs, whole(text, 1..=10_000)),
        |recipe| recipe.cost.epochs.to_string(),
    ),
    text(
        "price",
        "The price of a million tokens of training, in any currency, for the cost.",
        "0.5",
        |recipe, text| set(&mut recipe.cost.price, positive(text).map(Some)),
        |recipe| recipe.cost.price.map(number).unwrap_or_default(),
    ),
    text(
        "speed",
        "Tokens that are trained on in a second, for the time it takes.",
        "20000",
        |recipe, text| set(&mut recipe.cost.speed, positive(text).map(Some)),
        |recipe| recipe.cost.speed.map(number).unwrap_or_default(),
    ),
    text(
        "compare",
        "What two groups of rows that are compared are told apart by: `outcome`, `language`, `harness`, `teacher`, \
         `category`, `license` or `repo`.",
        "harness",
        |recipe, text| set(&mut recipe.compare.facet, one_of(text, &facets())),
        |recipe| recipe.compare.facet.name().to_owned(),
    ),
    text(
        "group-a",
        "The first of the two groups: a value of what `compare` says.",
        "openhands",
        |recipe, text| set(&mut recipe.compare.first, Ok(text.to_owned())),
        |recipe| recipe.compare.first.clone(),
    ),
    text(
        "group-b",
        "The second of the two groups.",
        "sweagent",
        |recipe, text| set(&mut recipe.compare.second, Ok(text.to_owned())),
        |recipe| recipe.compare.second.clone(),
    ),
    text(
        "format",
        "The format of the downloaded file: the trainer that will read it.",
        "messages",
        |recipe, text| set(&mut recipe.export.format, one_of(text, &formats())),
        |recipe| recipe.export.format.name().to_owned(),
    ),
    text(
        "reasoning",
        "What becomes of the reasoning in the download: `keep` (apart from the text), `inline` (in the text, as \
         <think>…</think>) or `drop`.",
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
        "Whether system prompts are downloaded: `keep` or `drop`.",
        "drop",
        |recipe, text| set(&mut recipe.export.drop_system, one_of(text, SYSTEM)),
        |recipe| word_of(recipe.export.drop_system, SYSTEM),
    ),
    text(
        "parallel",
        "What becomes of the results of calls that were made at once: `keep` (one message each) or `merge`.",
        "merge",
        |recipe, text| set(&mut recipe.export.merge_parallel, one_of(text, PARALLEL)),
        |recipe| word_of(recipe.export.merge_parallel, PARALLEL),
    ),
    text(
        "observations",
        "Tokens of a tool's result at most: of a longer one head and tail are downloaded.",
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
        "Tokens of a downloaded row at most: a longer run is cut between turns into several rows, each with the task \
         at its start.",
        "32768",
        |recipe, text| set(&mut recipe.export.cut, whole(text, TOKENS).map(Some)),
        |recipe| written(recipe.export.cut),
    ),
    text(
        "end",
        "Where a downloaded row ends: `whole` (where the run ends) or `assistant` (at its last message of the \
         assistant).",
        "assistant",
        |recipe, text| set(&mut recipe.export.end_at_assistant, one_of(text, ENDS)),
        |recipe| word_of(recipe.export.end_at_assistant, ENDS),
    ),
    text(
        "arguments",
        "How arguments of tool calls are written, where the format leaves the choice: `text` or `object`.",
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
        "mask",
        "What the trainer shall not learn from, a list: turns whose call `failed`, turns with a `malformed` call, \
         `reasoning`.",
        "failed,reasoning",
        |recipe, text| set(&mut recipe.export.mask, mask(text)),
        |recipe| recipe.export.mask.words().join(","),
    ),
    text(
        "limit",
        "Tokens of a downloaded row at most: a longer one is left out.",
        "65536",
        |recipe, text| set(&mut recipe.export.limit, whole(text, TOKENS).map(Some)),
        |recipe| written(recipe.export.limit),
    ),
    text(
        "validation",
        "Percent of the tasks that are kept for validation, 0 to 50; drawn by the seed.",
        "10",
        |recipe, text| set(&mut recipe.export.shares.validation, percent(text)),
        |recipe| recipe.export.shares.validation.to_string(),
    ),
    text(
        "test",
        "Percent of the tasks that are kept for the test, 0 to 50; drawn by the seed.",
        "5",
        |recipe, text| set(&mut recipe.export.shares.test, percent(text)),
        |recipe| recipe.export.shares.test.to_string(),
    ),
    text(
        "group",
        "What is never on two sides of training, validation and test: rows of one `instance` (task) or of one `repo`.",
        "repo",
        |recipe, text| set(&mut recipe.export.shares.group, one_of(text, &Group::WORDS)),
        |recipe| word_of(recipe.export.shares.group, &Group::WORDS),
    ),
    text(
        "shard",
        "Megabytes of a downloaded file at most: more become several files.",
        "500",
        |recipe, text| set(&mut recipe.export.shard, whole(text, 1..=100_000).map(Some)),
        |recipe| written(recipe.export.shard),
    ),
    text(
        "shard-rows",
        "Lines of a downloaded file at most: more become several files.",
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
        "Whether downloaded files are compressed: `none` or `gzip`.",
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
        "What several files are put into: `auto`, `folder` or `zip`.",
        "zip",
        |recipe, text| set(&mut recipe.export.package, one_of(text, &Package::WORDS)),
        |recipe| word_of(recipe.export.package, &Package::WORDS),
    ),
    text(
        "csv",
        "How a text that a spreadsheet would run as a formula stands in the downloaded table and in the report of what \
         was not written: `safe` (with a `'` before it) or `exact`.",
        "exact",
        |recipe, text| set(&mut recipe.export.csv, one_of(text, &CsvTexts::WORDS)),
        |recipe| word_of(recipe.export.csv, &CsvTexts::WORDS),
    ),
    text(
        "pairs",
        "What a pair for preference training is: a success and a failure of one task (`verdict`), or the best and the \
         worst by `prefer` (`best`). Said, it opens the panel.",
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
        "Pairs of one task and harness at most.",
        "2",
        |recipe, text| {
            let most = whole(text, 1..=u64::from(Pairs::MOST))?;
            set(&mut recipe.pairs.most, Ok(u32::try_from(most).ok()))
        },
        |recipe| written(recipe.pairs.most),
    ),
    text(
        "row",
        "The row that the reader shows, by its index in the split.",
        "42",
        |recipe, text| set(&mut recipe.row, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.row),
    ),
    text(
        "step",
        "The message that the reader shows, counted from 0.",
        "12",
        |recipe, text| set(&mut recipe.step, whole(text, 0..=u64::MAX).map(Some)),
        |recipe| written(recipe.step),
    ),
    text(
        "run",
        "`1`: start at once.",
        "1",
        |recipe, text| set(&mut recipe.run, whole(text, 0..=1).map(|one| one == 1)),
        |recipe| u8::from(recipe.run).to_string(),
    ),
];

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

fn formats() -> Vec<(&'static str, Format)> {
    Format::all()
        .map(|format| (format.name(), format))
        .collect()
}

const SYSTEM: &[(&str, bool)] = &[("keep", false), ("drop", true)];

const ENDS: &[(&str, bool)] = &[("whole", false), ("assistant", true)];

const PARALLEL: &[(&str, bool)] = &[("keep", false), ("merge", true)];

/// Tokens that a limit may say: fewer hold no row, and no marker.
const TOKENS: std::ops::RangeInclusive<u64> = 32..=10_000_000;

/// Percent of a side.
fn percent(text: &str) -> Result<u8, String> {
    let percent = whole(text, 0..=u64::from(Shares::MOST))?;
    Ok(u8::try_from(percent).unwrap_or(Shares::MOST))
}

/// Puts a value that could be read into its place.
fn set<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

fn written(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
