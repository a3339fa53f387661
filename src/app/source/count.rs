//! What tokens are counted with: a built-in tokenizer, a model of the Hub or a file, and a chat template beside it.
//! A change counts the rows anew; until they are, the former numbers are grey.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement, Url};

use super::{servers, token};
use crate::app::info::Info;
use crate::app::store::{Phase, Store, store};
use crate::app::{browser, run};
use crate::worker::{Counting, ModelAt};
use tracesift_core::recipe::Recipe;
use tracesift_core::recipe::address::parse;
use tracesift_core::tokens::model::choose::choose;
use tracesift_core::tokens::template::Family;
use tracesift_core::tokens::{Method, Templated, Tokenizer};
use tracesift_hub::address::model_file;

/// The choice of a model, among the tokenizers.
const MODEL: &str = "model";

/// What counts by the recipe, and where its files are.
pub fn counting(store: Store, recipe: &Recipe) -> Counting {
    let model = match recipe.count.model.as_deref() {
        None => None,
        Some(Method::FILE) => store.workers.model_files.get_untracked(),
        Some(model) => Some(at_hub(store, recipe, model)),
    };
    Counting {
        method: recipe.count.clone(),
        model,
    }
}

fn at_hub(store: Store, recipe: &Recipe, model: &str) -> ModelAt {
    let hub = servers::hub(&recipe.reading);
    let file = |name| model_file(&hub, model, name);
    let tokenizer = file("tokenizer.json");
    ModelAt {
        token: token::token_for_file(store, &servers::endpoint(&recipe.reading), &tokenizer),
        tokenizer,
        config: Some(file("tokenizer_config.json")),
        template: Some(file("chat_template.jinja")),
    }
}

/// The fields.
#[component]
pub fn CountFields() -> impl IntoView {
    let store = store();
    // A model is chosen, but not named yet.
    let is_naming = RwSignal::new(false);
    let chosen = Memo::new(move |_| {
        let count = store.run.recipe.with(|recipe| recipe.count.clone());
        match count.model.as_deref() {
            _ if is_naming.get() => MODEL.to_owned(),
            Some(Method::FILE) => Method::FILE.to_owned(),
            Some(_) => MODEL.to_owned(),
            None => count.tokenizer.name().to_owned(),
        }
    });
    let choose = move |event| {
        let name = browser::value_of(&event);
        is_naming.set(name == MODEL);
        match (name.as_str(), Tokenizer::from_name(&name)) {
            (Method::FILE, _) => {
                store.choose(|recipe| recipe.count.model = Some(name));
                if store.workers.model_files.with_untracked(Option::is_some) {
                    recount(store);
                }
            }
            (_, Some(tokenizer)) => count_with(store, |count| {
                count.tokenizer = tokenizer;
                count.model = None;
            }),
            _ => {}
        }
    };
    let others = [
        (MODEL, "a model of the Hub …"),
        (Method::FILE, "a model's files on this computer …"),
    ];
    let built_in = Tokenizer::ALL.map(|tokenizer| (tokenizer.name(), tokenizer.title()));
    view! {
        <div class="field">
            <span class="labelled"><label for="tokenizer">"Count tokens with"</label><Info of="Count tokens with" words="Tokens are counted exactly, with the vocabulary of these models."/></span>
            <select id="tokenizer" on:change=choose>
                {built_in.into_iter().chain(others).map(|(name, title)| view! {
                    <option value=name selected=move || chosen.with(|chosen| chosen == name)>{title}</option>
                }).collect_view()}
            </select>
        </div>
        <Show when=move || chosen.with(|chosen| chosen == MODEL)>
            <ModelField is_naming/>
        </Show>
        <Show when=move || chosen.with(|chosen| chosen == Method::FILE)>
            <FilesField/>
        </Show>
        <TemplateField/>
    }
}

/// The name of a model.
#[component]
fn ModelField(is_naming: RwSignal<bool>) -> impl IntoView {
    let store = store();
    let wrong = RwSignal::new(None::<String>);
    let named = move || {
        let model = store.run.recipe.with(|recipe| recipe.count.model.clone());
        model
            .filter(|model| model != Method::FILE)
            .unwrap_or_default()
    };
    let typed = move |event| match model_of(&browser::value_of(&event)) {
        Ok(model) => {
            wrong.set(None);
            count_with(store, |count| count.model = Some(model));
            is_naming.set(false);
        }
        Err(why) => wrong.set(Some(why)),
    };
    view! {
        <div class="field">
            <span class="labelled"><label for="model">"Model"</label><Info of="Model" words="Its tokenizer.json is fetched from the Hub, and its chat template where one is wanted."/></span>
            <input id="model" type="text" placeholder="Qwen/Qwen3-8B" autocomplete="off" spellcheck="false"
                prop:value=named on:change=typed/>
            {move || wrong.get().map(|why| view! { <p class="hint error" role="alert">{why}</p> })}
        </div>
    }
}

/// A model's name, as typed or as pasted from the Hub's page of it.
fn model_of(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let name = typed
        .strip_prefix("https://huggingface.co/")
        .unwrap_or(typed)
        .trim_end_matches('/');
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let (recipe, notices) = parse(&format!("model={name}"));
    match (recipe.count.model, notices.into_iter().next()) {
        (Some(model), None) if model != Method::FILE => Ok(model),
        (_, Some(notice)) => Err(notice.why),
        _ => Err("Type the model's name as on the Hub: namespace/name.".to_owned()),
    }
}

/// The files of a model on this computer.
#[component]
fn FilesField() -> impl IntoView {
    let store = store();
    // What is wrong with the files chosen, or which of them are not used.
    let said = RwSignal::new(None::<(bool, String)>);
    let chosen = move |event: web_sys::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(files) = input.and_then(|input| input.files()) else {
            return;
        };
        let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
        if files.is_empty() {
            return;
        }
        match model_in(&files) {
            Ok((model, note)) => {
                said.set(note.map(|note| (false, note)));
                forget_files(store);
                store.workers.model_files.set(Some(model));
                count_with(store, |count| count.model = Some(Method::FILE.to_owned()));
            }
            Err(why) => said.set(Some((true, why))),
        }
    };
    view! {
        <div class="field">
            <label for="model-files">"Files of the model"</label>
            <input id="model-files" type="file" multiple=true accept=".json,.jinja,.txt,application/json" on:change=chosen/>
            <p class="hint">"tokenizer.json; for the chat template also tokenizer_config.json or chat_template.jinja"</p>
            {move || said.get().map(|(is_wrong, said)| view! {
                <p class="hint" class:error=is_wrong role=if is_wrong { "alert" } else { "status" }>{said}</p>
            })}
        </div>
    }
}

/// The files by their names, and what to say of those that are not used; the workers read them by addresses that the
/// browser makes.
fn model_in(files: &[File]) -> Result<(ModelAt, Option<String>), String> {
    let names: Vec<String> = files.iter().map(File::name).collect();
    let chosen = choose(&names).map_err(|error| error.to_string())?;
    let url = |at: usize| {
        let url = files
            .get(at)
            .map(|file| Url::create_object_url_with_blob(file));
        let url = url.and_then(Result::ok);
        url.ok_or_else(|| "The browser does not open these files. Choose them again.".to_owned())
    };
    let model = ModelAt {
        tokenizer: url(chosen.tokenizer)?,
        config: chosen.config.map(url).transpose()?,
        template: chosen.template.map(url).transpose()?,
        token: None,
    };
    Ok((model, chosen.note()))
}

fn forget_files(store: Store) {
    if let Some(former) = store.workers.model_files.get_untracked() {
        let urls = [Some(former.tokenizer), former.config, former.template];
        for url in urls.into_iter().flatten() {
            let _ = Url::revoke_object_url(&url);
        }
    }
}

/// The chat template.
#[component]
fn TemplateField() -> impl IntoView {
    let store = store();
    let own = [("none", "raw text"), ("own", "with the chat template")];
    let families = Family::ALL.map(|family| (family.name(), family.title()));
    let is_chosen = move |name: &str| {
        let chosen = store.run.recipe.with(|recipe| recipe.count.template);
        let words = Templated::words();
        words
            .iter()
            .any(|&(word, template)| word == name && template == chosen)
    };
    let choose = move |event| {
        let name = browser::value_of(&event);
        let words = Templated::words();
        if let Some(&(_, template)) = words.iter().find(|(word, _)| *word == name) {
            count_with(store, |count| count.template = template);
        }
    };
    let option = move |(name, title): (&'static str, &'static str)| {
        view! { <option value=name selected=move || is_chosen(name)>{title}</option> }
    };
    view! {
        <div class="field">
            <span class="labelled"><label for="template">"Token count"</label><Info of="Token count" words="A trainer puts the texts into a chat template, which adds tokens: who speaks, where a turn ends, how tools are described. They are shown separately."/></span>
            <select id="template" on:change=choose>
                {own.map(option).collect_view()}
                <optgroup label="by the chat template of">{families.map(option).collect_view()}</optgroup>
            </select>
        </div>
    }
}

fn count_with(store: Store, change: impl FnOnce(&mut Method)) {
    store.choose(|recipe| change(&mut recipe.count));
    recount(store);
}

fn recount(store: Store) {
    if store.run.phase.get_untracked() != Phase::Idle {
        run::recount(store);
    }
}
