//! The selection into a repository of the Hub: where to, with which token, how far it is, and how it ended.
//! The hub worker asks for it. The token stands in its field and nowhere else: no address, storage or log has it.

use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;

use super::chosen::Chosen;
use super::export::Export;
use super::published::{Files, Published};
use super::signin::{self, Returned};
use crate::app::browser;
use crate::app::source::servers;
use crate::app::store::{Store, store};
use crate::worker::{Answer, Question};
use tracesift_core::ground::words;
use tracesift_hub::address::{is_trusted_with_token, read_repository};
use tracesift_hub::commit::{NewFile, Progress, Secret, Step, Target};

const REPOSITORY: &str = "publish-repository";
const PUBLIC: &str = "publish-public";
const TOKEN: &str = "publish-token";

/// How often it is asked how far the hub worker is, in milliseconds.
const LOOK_MS: u32 = 200;

/// Where publishing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    Idle,
    Writing,
    Sending,
    /// From here on there is no way back.
    Committing,
}

/// What is shown.
#[derive(Clone, Copy)]
struct Panel {
    store: Store,
    files: Files,
    export: Export,
    now: RwSignal<Now>,
    said: RwSignal<String>,
    /// The repository's page, once something is there.
    page: RwSignal<String>,
    /// Bytes sent and all bytes.
    sent: RwSignal<(u64, u64)>,
}

/// The part of the page, folded away until it is needed.
#[component]
pub fn Publish(
    /// Makes the files.
    files: Files,
) -> impl IntoView {
    let panel = Panel {
        store: store(),
        files,
        export: Export::of_the_page(),
        now: RwSignal::new(Now::Idle),
        said: RwSignal::default(),
        page: RwSignal::default(),
        sent: RwSignal::default(),
    };
    let Panel {
        store,
        export,
        now,
        said,
        page,
        sent,
        ..
    } = panel;
    let returned: Option<Returned> = expect_context();
    let is_open = returned.is_some();
    match returned {
        Some(Ok(code)) => panel.sign_in(Question::SignIn(code)),
        Some(Err(why)) => said.set(why),
        None => {}
    }
    let client = StoredValue::new(signin::client());
    let leave = move |_| {
        if let (Some(client), Some(hub)) = (client.get_value(), panel.trusted_hub()) {
            signin::leave(store, hub, client, said);
        }
    };
    let is_idle = move || now.get() == Now::Idle;
    let is_busy = move || export.is_writing();
    let is_empty = move || store.rows.kept.get() == 0;
    let status = move || match (
        now.get(),
        export.progress.get().filter(|_| export.is_writing()),
    ) {
        (Now::Writing, Some((done, all))) => {
            format!(
                "Writing the files: {} of {} rows.",
                words::count(done),
                words::count(all)
            )
        }
        _ => said.get(),
    };
    view! {
        <details class="downloads" open=is_open>
            <summary>"Publish to the Hub"</summary>
            <div class="publish">
                {fields()}
                <p class="hint">{move || where_to(&hub(store))}</p>
                <div class="buttons">
                    <button type="button" class="primary" data-action="publish" disabled=move || !is_idle() || is_empty() || is_busy() || store.is_settling() on:click=move |_| panel.publish()>"Publish"</button>
                    <button type="button" hidden=is_idle disabled=move || now.get() == Now::Committing on:click=move |_| panel.end()>"Cancel publishing"</button>
                    <button type="button" hidden=move || client.with_value(Option::is_none) on:click=leave>"Sign in with Hugging Face"</button>
                </div>
                <progress aria-label="Published" hidden=is_idle prop:max=move || sent.get().1 as f64 prop:value=move || sent.get().0 as f64></progress>
                <p role="status">{status}<a hidden=move || page.with(String::is_empty) href=move || page.get() target="_blank" rel="noopener">{move || page.get()}</a></p>
            </div>
        </details>
    }
}

/// Where to, who sees it, and with which token: what is typed stays in the fields.
fn fields() -> impl IntoView {
    view! {
        <div class="fields">
            <p class="hint">
                "Puts the files that you could download here into a dataset of your own on Hugging Face. One that is \
                 there already keeps its README.md; other files of the same name are replaced, nothing else is \
                 touched. Publish only what the source's licence lets you pass on."
            </p>
            <div class="field">
                <label for=REPOSITORY>"Repository"</label>
                <input id=REPOSITORY type="text" placeholder="you/name" autocomplete="off" spellcheck="false"/>
            </div>
            <fieldset>
                <legend>"Who can see it"</legend>
                <label><input type="radio" name="publish-openness" checked/>" Private"</label>
                <label><input type="radio" name="publish-openness" id=PUBLIC/>" Public"</label>
            </fieldset>
            <div class="field">
                <label for=TOKEN>"Token with write access"</label>
                <input id=TOKEN type="password" autocomplete="off" spellcheck="false"/>
            </div>
            <p class="hint">
                "A fine-grained token with write access to that repository (to your repositories, where it is to be \
                 created), or a token of the kind “write”, from your Hugging Face settings. Signing in, where this page \
                 offers it, takes its place for repositories that this page creates; you come back to the same choices, \
                 but have to choose a file of your own again."
            </p>
        </div>
    }
}

/// The Hub that is published to.
fn hub(store: Store) -> String {
    store
        .run
        .recipe
        .with(|recipe| servers::hub(&recipe.reading))
}

fn where_to(hub: &str) -> String {
    if is_trusted_with_token(hub) {
        format!(
            "The token is sent to {hub} and nowhere else, never stored, and forgotten when this tab is closed or reloaded."
        )
    } else {
        format!(
            "{hub} is not a Hugging Face server, so nothing is published to it. Take “hub” out of the address."
        )
    }
}

fn field(id: &str) -> Option<HtmlInputElement> {
    browser::element(id)?.dyn_into().ok()
}

fn text_of(id: &str) -> String {
    let text = field(id).map(|field| field.value());
    text.unwrap_or_default().trim().to_owned()
}

impl Panel {
    /// An address can name any server; a token that may write goes to the Hub only.
    fn trusted_hub(self) -> Option<String> {
        Some(untrack(|| hub(self.store))).filter(|hub| is_trusted_with_token(hub))
    }

    fn sign_in(self, question: Question) {
        self.said.set("Signing in …".to_owned());
        spawn_local(async move {
            let answer = self
                .store
                .hub_worker()
                .ask(&question, JsValue::UNDEFINED)
                .await;
            self.said.set(match answer {
                Ok((Answer::SignedIn(token, name), _)) => {
                    if let Some(field) = field(TOKEN) {
                        field.set_value(&token.0);
                    }
                    format!("You are signed in as {name}.")
                }
                Ok(_) => String::new(),
                Err(error) => error.to_string(),
            });
        });
    }

    fn publish(self) {
        self.page.set(String::new());
        let chosen = Chosen::now(self.store);
        let target = match self.target() {
            Ok(target) => target,
            Err(why) => return self.said.set(why),
        };
        self.said.set(String::new());
        self.sent.set((0, 0));
        self.now.set(Now::Writing);
        spawn_local(async move {
            let said = match chosen.await {
                Ok(chosen) => self.run(chosen, target).await.unwrap_or_else(|why| why),
                Err(why) => why,
            };
            self.now.set(Now::Idle);
            self.said.set(said);
        });
    }

    /// Where to, as the fields say now.
    fn target(self) -> Result<Target, String> {
        let token = text_of(TOKEN);
        if token.is_empty() {
            return Err("Paste a token with write access first.".to_owned());
        }
        let hub = self
            .trusted_hub()
            .ok_or_else(|| where_to(&untrack(|| hub(self.store))))?;
        Ok(Target {
            hub,
            repo: read_repository(&text_of(REPOSITORY)).map_err(|error| error.to_string())?,
            token: Secret(token),
            private: !field(PUBLIC).is_some_and(|field| field.checked()),
            title: String::new(),
        })
    }

    /// What is to be said of the end.
    async fn run(self, chosen: Chosen, target: Target) -> Result<String, String> {
        let runs = words::plural(chosen.kept(), "run", "runs");
        let target = Target {
            title: format!("Add {runs}, chosen with tracesift"),
            ..target
        };
        let files = (self.files)(self.store, chosen, self.export)
            .await
            .map_err(|why| match why {
                Some(why) => format!("Nothing was published: {why}"),
                None => "Cancelled: nothing was published.".to_owned(),
            })?;
        self.now.set(Now::Sending);
        spawn_local(self.watch());
        let (files, blobs) = split(files);
        let question = Question::Publish { target, files };
        match self.store.hub_worker().ask(&question, blobs.into()).await {
            Ok((Answer::Published(done), _)) => {
                self.page.set(done.page);
                let to = if done.created {
                    "Published to a new repository: "
                } else {
                    "Published: "
                };
                Ok(to.to_owned())
            }
            Ok(_) => Ok(String::new()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Shows how far the hub worker is, as long as it is at it.
    async fn watch(self) {
        let worker = self.store.hub_worker();
        loop {
            let answer = worker.ask(&Question::Publishing, JsValue::UNDEFINED).await;
            if self.now.get_untracked() == Now::Idle {
                return;
            }
            if let Ok((Answer::Publishing(progress), _)) = answer {
                self.sent.set((progress.sent, progress.all));
                self.said.set(doing(&progress));
                if progress.step == Step::Committing {
                    self.now.set(Now::Committing);
                }
            }
            TimeoutFuture::new(LOOK_MS).await;
        }
    }

    fn end(self) {
        self.export.is_cancelled.set(true);
        spawn_local(async move {
            let worker = self.store.hub_worker();
            let _ = worker
                .ask(&Question::StopPublishing, JsValue::UNDEFINED)
                .await;
        });
    }
}

fn split(files: Vec<Published>) -> (Vec<NewFile>, Array) {
    let blobs = Array::new();
    let files = files.into_iter().map(|file| {
        blobs.push(&file.blob);
        file.file
    });
    (files.collect(), blobs)
}

fn doing(progress: &Progress) -> String {
    let step = match progress.step {
        Step::Checking => "Checking the token and the repository.",
        Step::Creating => "Creating the repository.",
        Step::Preparing => "Getting the files ready.",
        Step::Sending => "Sending the files.",
        Step::Committing => "Putting the files into the repository; this can't be cancelled.",
    };
    let (sent, all) = (words::bytes(progress.sent), words::bytes(progress.all));
    format!("{step} {sent} of {all} sent. {}", progress.file)
}
