//! The keys that say how rows are counted and compared: the tokenizer, the budget, the groups.
//! One entry a key, in the order in which an address is written.

use super::{facets, set, words};
use crate::recipe::explore::{Explored, Field};
use crate::recipe::key::{Key, Takes, text};
use crate::recipe::limits;
use crate::recipe::name::model;
use crate::recipe::value::{number, one_of, positive, whole, word_of};
use crate::tokens::{Templated, Tokenizer};

pub(super) const KEYS: &[Key] = &[
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
];

fn tokenizers() -> [(&'static str, Tokenizer); Tokenizer::ALL.len()] {
    Tokenizer::ALL.map(|tokenizer| (tokenizer.name(), tokenizer))
}
