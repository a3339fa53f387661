//! How the selection is written: the trainer's format, changes to the rows, what a model learns from, which rows are
//! kept apart, and the files. Every choice is a key of the address.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::{Store, store};
use tracesift_core::export::Format;
use tracesift_core::export::options::{Mask, Options};
use tracesift_core::export::warning::of_options;
use tracesift_core::recipe::keys;

/// A choice: the address' key, its label, what it means, and what can be chosen (nothing: a number is typed).
struct Choice {
    key: &'static str,
    label: &'static str,
    hint: &'static str,
    words: &'static [(&'static str, &'static str)],
}

const ROWS: [Choice; 10] = [
    Choice {
        key: "reasoning",
        label: "Reasoning",
        hint: "What the agent thought before it acted",
        words: &[
            ("keep", "Keep it apart from the text"),
            ("inline", "Put it into the text as <think>"),
            ("drop", "Leave it out"),
        ],
    },
    Choice {
        key: "system",
        label: "System prompt",
        hint: "The harness's instructions at the start",
        words: &[("keep", "Keep it"), ("drop", "Leave it out")],
    },
    Choice {
        key: "parallel",
        label: "Parallel tool results",
        hint: "Some trainers want one message for all of them",
        words: &[
            ("keep", "One message each"),
            ("merge", "One message for all"),
        ],
    },
    Choice {
        key: "end",
        label: "Where a run ends",
        hint: "Nothing is learned from what comes after the last word of the assistant",
        words: &[
            ("whole", "Where it ended"),
            ("assistant", "At the assistant's last message"),
        ],
    },
    Choice {
        key: "arguments",
        label: "Arguments of tool calls",
        hint: "As text, a file of any rows can be loaded; most chat templates want objects",
        words: &[("text", "As text"), ("object", "As objects")],
    },
    Choice {
        key: "broken",
        label: "Calls that can't be read",
        hint: "Arguments that are not a JSON object; repaired is what is certain: JSON in a JSON text, a comma too many, a Python literal",
        words: &[
            ("keep", "Leave them as they are"),
            ("repair", "Repair what is certain"),
            ("mask", "Repair; learn nothing from turns with others"),
            ("end", "Repair; end the run before others"),
        ],
    },
    Choice {
        key: "images",
        label: "Images",
        hint: "OpenAI, LLaMA-Factory and ms-swift find images by their addresses and paths; a model that reads only text needs a word",
        words: &[
            ("keep", "Keep where they are to be found"),
            ("word", "Write [image] in their place"),
        ],
    },
    Choice {
        key: "tools",
        label: "Tools of runs that declare none",
        hint: "A model learns better to call tools that it is told of; Claude Code, Codex, Gemini CLI, OpenHands, SWE-agent, \
               mini-swe-agent, Pi, OpenCode, Copilot CLI and Hermes publish theirs",
        words: &[
            ("own", "Add none"),
            ("harness", "Add those that their harness publishes"),
        ],
    },
    Choice {
        key: "observations",
        label: "Most tokens per tool result",
        hint: "A longer result keeps its beginning and its end",
        words: &[],
    },
    Choice {
        key: "cut",
        label: "Cut runs into parts of at most so many tokens",
        hint: "Between turns; each part begins with the task",
        words: &[],
    },
];

const SIDES: [Choice; 3] = [
    Choice {
        key: "validation",
        label: "Validation, percent",
        hint: "Held out to see how well the model learns",
        words: &[],
    },
    Choice {
        key: "test",
        label: "Test, percent",
        hint: "Held out to be looked at only once",
        words: &[],
    },
    Choice {
        key: "group",
        label: "Keep together",
        hint: "Runs of the same task, or of the same repository, stay together",
        words: &[
            ("instance", "Runs of one task"),
            ("repo", "Runs of one repository"),
        ],
    },
];

const FILES: [Choice; 5] = [
    Choice {
        key: "limit",
        label: "Leave out lines of more tokens than",
        hint: "They are listed in the report",
        words: &[],
    },
    Choice {
        key: "compress",
        label: "Compression",
        hint: "Most trainers read .gz as it is",
        words: &[("none", "None"), ("gzip", "gzip (.gz)")],
    },
    Choice {
        key: "shard",
        label: "Max file size (MB)",
        hint: "A larger export becomes several files",
        words: &[],
    },
    Choice {
        key: "shard-rows",
        label: "Most lines per file",
        hint: "A larger export becomes several files",
        words: &[],
    },
    Choice {
        key: "package",
        label: "Put the files into",
        hint: "A folder or a .zip also takes the manifest, the card and what the trainer needs",
        words: &[
            ("auto", "One file, or a folder if there are more"),
            ("folder", "A folder"),
            ("zip", "A .zip"),
        ],
    },
];

/// The trainers that most people use, a click each.
const COMMON: [&str; 5] = ["messages", "llamafactory", "axolotl", "swift", "verl"];

/// A format's title without what is said in brackets.
fn short_title(format: Format) -> &'static str {
    let title = format.target().title();
    title.split_once(" (").map_or(title, |(title, _)| title)
}

/// All choices.
#[component]
pub fn Choices() -> impl IntoView {
    let store = store();
    let options = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.export.clone()));
    let is_set = move |set: fn(&Options) -> bool| options.with_untracked(set);
    let sentence = move || options.with(|options| options.format.target().sentence());
    let warned = move || {
        let warnings = options.with(of_options).into_iter();
        let items = warnings.map(|warning| view! { <li>{warning.to_string()}</li> });
        items.collect_view()
    };
    let choose = move |event| set(store, "format", &browser::value_of(&event));
    let card = move |format: Format| {
        let is_chosen = move || options.with(|options| options.format == format);
        view! {
            <button type="button" class="quick" data-format=format.name() aria-pressed=move || is_chosen().to_string()
                on:click=move |_| set(store, "format", format.name())>{short_title(format)}</button>
        }
    };
    view! {
        <div class="choices">
            <div class="quicks" role="group" aria-label="Common trainers">{COMMON.iter().filter_map(|name| Format::from_name(name)).map(card).collect_view()}</div>
            <div class="field">
                <label for="format">"Trainer"</label>
                <select id="format" on:change=choose prop:value=move || options.with(|options| options.format.name())>
                    {Format::all().map(|format| {
                        let is_chosen = options.with_untracked(|options| options.format == format);
                        view! { <option value=format.name() selected=is_chosen>{format.target().title()}</option> }
                    }).collect_view()}
                </select>
            </div>
            <p class="hint">{sentence}</p>
            <ul class="warnings" aria-label="About this format">{warned}</ul>
            {group("Transform", &ROWS, is_set(|options| options.is_changed(&Options::default())), None)}
            {group("Loss masking", &[], is_set(|options| options.mask.is_set()), Some(masks(store).into_any()))}
            {group("Train/validation/test split", &SIDES, is_set(|options| options.shares != Default::default()), None)}
            {group("Files", &FILES, is_set(|options| options.limit.is_some() || options.is_packed()), None)}
        </div>
    }
}

fn group(
    title: &'static str,
    choices: &'static [Choice],
    is_open: bool,
    more: Option<AnyView>,
) -> AnyView {
    let store = store();
    view! {
        <details open=is_open>
            <summary>{title}</summary>
            <div class="fields">{more}{choices.iter().map(|choice| field(store, choice)).collect_view()}</div>
        </details>
    }
    .into_any()
}

fn field(store: Store, choice: &'static Choice) -> AnyView {
    let Choice {
        key,
        label,
        hint,
        words,
    } = *choice;
    let value = Memo::new(move |_| store.run.recipe.with(|recipe| keys::value(key, recipe)));
    let change = move |event| set(store, key, &browser::value_of(&event));
    // A chart may have a key's name for its id.
    let id = format!("choice-{key}");
    let control = if words.is_empty() {
        view! { <input id=id.clone() type="number" min="0" inputmode="numeric" title=hint prop:value=value on:change=change/> }.into_any()
    } else {
        let options = words.iter().map(|&(word, name)| {
            view! { <option value=word selected=move || value.get() == word>{name}</option> }
        });
        view! { <select id=id.clone() title=hint on:change=change>{options.collect_view()}</select> }
            .into_any()
    };
    view! { <div class="field"><label for=id>{label}</label>{control}<span class="hint">{hint}</span></div> }.into_any()
}

/// What is left out of learning: one box each.
fn masks(store: Store) -> impl IntoView {
    let names = [
        "Turns whose call failed",
        "Turns with a malformed call",
        "Reasoning",
    ];
    let boxes = Mask::WORDS.into_iter().zip(names).map(move |((word, mask), name)| {
        let is_on = move || store.run.recipe.with(|recipe| recipe.export.mask.and(mask).is_set());
        let toggle = move |_| {
            store.choose(|recipe| {
                let now = recipe.export.mask;
                recipe.export.mask = match now.and(mask).is_set() {
                    true => now.without(mask),
                    false => now.or(mask),
                };
            });
        };
        view! {
            <label class="check"><input type="checkbox" name=word prop:checked=is_on on:change=toggle/>{name}</label>
        }
    });
    view! {
        <fieldset>
            <legend>"The model learns from all of the assistant's turns except:"</legend>
            {boxes.collect_view()}
        </fieldset>
    }
}

/// A value that can't be used leaves the choice as it was.
fn set(store: Store, key: &'static str, value: &str) {
    store.choose(|recipe| {
        let _ = keys::choose(key, recipe, value);
    });
}
