//! The keys that say what is read: which datasets, which of their rows, and how they are fetched.
//! One entry a key, in the order in which an address is written.

use super::{set, words, written};
use crate::ground::Sample;
use crate::recipe::key::{Key, Kind, Takes, text};
use crate::recipe::name::{digest, server};
use crate::recipe::places::{
    read_datasets, read_revisions, write_configs, write_datasets, write_revisions, write_splits,
};
use crate::recipe::value::{one_of, whole, word_of};
use crate::recipe::{Read, Via};

pub(super) const KEYS: &[Key] = &[
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
    ("files", Via::Files),
];
