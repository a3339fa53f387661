//! The keys that say which rows are selected: the filters, the most runs per task, the balance.
//! One entry a key, in the order in which an address is written.

use super::{facets, set, words, written};
use crate::recipe::Preference;
use crate::recipe::filter::{ListKey, PatchPresence, RangeKey};
use crate::recipe::key::{Key, Kind, Takes, list, range, text};
use crate::recipe::list::{read_shares, write_shares};
use crate::recipe::value::{one_of, preferences, read_cap, whole, word_of, write_cap};
use crate::search::TextQuery;

pub(super) const KEYS: &[Key] = &[
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
];

const PATCHES: &[(&str, PatchPresence)] = &[
    (PatchPresence::Present.name(), PatchPresence::Present),
    (PatchPresence::Empty.name(), PatchPresence::Empty),
];
