//! One message in the reader: who speaks, reasoning, text, calls with their arguments laid out, observations.
//! Long texts are folded; whatever is unfolded is brought by a worker, a piece at a time into the document.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::reader::open_row;
use crate::app::choose::signs;
use crate::app::store::store;
use crate::worker::{Answer, Question};
use tracesift_core::calls::CallResult;
use tracesift_core::ground::words;
use tracesift_core::sign::Sign;
use tracesift_core::trace::Role;
use tracesift_core::view::{CallView, Folded, Part, TurnView};

/// So many characters of a long text are put into the document at a time: laying them out takes a few milliseconds.
const PIECE: usize = 60_000;

/// One message.
#[component]
pub fn Turn(turn: TurnView, step: Memo<Option<u64>>, carried: Memo<Vec<Sign>>) -> impl IntoView {
    let store = store();
    let index = turn.index;
    let is_chosen = Memo::new(move |_| step.get() == Some(index as u64));
    let item = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if let (true, Some(item)) = (is_chosen.get(), item.get()) {
            item.scroll_into_view();
        }
    });
    let choose = move |_| store.choose(|recipe| recipe.step = Some(index as u64));
    let who = match turn.role {
        Role::System => "System",
        Role::User => "User",
        Role::Assistant => "Agent",
        Role::Tool => "Observation",
    };
    let answers = turn
        .answers
        .map(|call| format!("answers message {}", call.message));
    let tokens = turn
        .tokens
        .map(|tokens| words::plural(tokens, "token", "tokens"));
    view! {
        <li class=format!("turn {}", turn.role.name()) class:chosen=move || is_chosen.get() node_ref=item>
            <div class="who">
                <button type="button" class="link" on:click=choose title="Put this message in the address"
                    aria-label=format!("Message {index}, link to it")>{format!("#{index}")}</button>
                <strong>{who}</strong>
                {answers.map(|words| view! { <span>{words}</span> })}
                {turn.left_out.map(|why| view! { <span class="hint">{why.words()}</span> })}
                {tokens.map(|words| view! { <span>{words}</span> })}
                {(!turn.signs.is_empty()).then(|| view! { <signs::Marks carried signs=turn.signs.clone()/> })}
            </div>
            {(turn.reasoning.bytes > 0).then(|| view! {
                <div class="reasoning">
                    <span class="hint">"Reasoning"</span>
                    <Text folded=turn.reasoning.clone() message=index part=Part::Reasoning/>
                </div>
            })}
            {(turn.text.bytes > 0).then(|| view! {
                <Text folded=turn.text.clone() message=index part=Part::Text/>
            })}
            {turn.calls.into_iter().enumerate().map(|(at, call)| view! { <Call call message=index at/> }).collect_view()}
        </li>
    }
}

#[component]
fn Call(call: CallView, message: usize, at: usize) -> impl IntoView {
    let (class, result) = match call.result {
        CallResult::Ok => ("result-ok", "✓ worked"),
        CallResult::Error => ("result-error", "✗ error"),
        CallResult::NonzeroExit => ("result-error", "! tests failed"),
        CallResult::Unanswered => ("hint", "… no answer"),
    };
    let name = words::cut(&call.name, 80);
    view! {
        <div class="call">
            <div class="who"><strong class="mono">{name}</strong><span class=class>{result}</span></div>
            <dl>{call.arguments.into_iter().enumerate().map(|(argument, (key, folded))| {
                let part = Part::Argument { call: at, argument };
                view! {
                    <dt>{key}</dt>
                    <dd><Text folded message part/></dd>
                }
            }).collect_view()}</dl>
        </div>
    }
}

/// A text, folded where it is long.
#[component]
fn Text(folded: Folded, message: usize, part: Part) -> impl IntoView {
    let store = store();
    let open = open_row();
    let whole = RwSignal::new(None::<Vec<String>>);
    let pieces = RwSignal::new(0_usize);
    let trouble = RwSignal::new(None::<String>);
    let is_folded = folded.is_folded();
    let size = format!(
        "{}, {}",
        words::bytes(folded.bytes as u64),
        words::plural(folded.lines as u64, "line", "lines")
    );
    let unfold = move |_| {
        let Some(open) = open.get_value() else { return };
        spawn_local(async move {
            let question = |at, row| Question::Unfold {
                at,
                row,
                message,
                part,
            };
            match open.ask(store, question).await {
                Ok((Answer::Unfolded(text), _)) => {
                    whole.set(Some(cut(&text)));
                    pieces.set(1);
                }
                Ok(_) => {}
                Err(error) => trouble.set(Some(error.to_string())),
            }
        });
    };
    let shown = move || match whole.get() {
        Some(all) => all.into_iter().take(pieces.get()).collect::<Vec<_>>(),
        None => vec![folded.head.clone()],
    };
    let rest = move || {
        whole.with(|all| {
            all.as_ref()
                .map_or(0, |all| all.len().saturating_sub(pieces.get()))
        })
    };
    view! {
        <For each=move || shown().into_iter().enumerate() key=move |(index, piece)| (*index, piece.len()) let((_, piece))>
            <pre tabindex="0">{piece}</pre>
        </For>
        {is_folded.then(|| view! {
            <Show when=move || whole.with(Option::is_none)>
                <button type="button" class="link" on:click=unfold>{format!("Show all ({size})")}</button>
            </Show>
        })}
        <Show when=move || { rest() > 0 }>
            <button type="button" class="link" on:click=move |_| pieces.update(|pieces| *pieces += 1)>
                {move || format!("Show more ({} to come)", words::plural(rest() as u64, "piece", "pieces"))}
            </button>
        </Show>
        {move || trouble.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
    }
}

/// A text in pieces that the browser lays out quickly, cut at line ends where there are any.
fn cut(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let limit = rest
            .char_indices()
            .nth(PIECE)
            .map_or(rest.len(), |(at, _)| at);
        let (within, _) = rest.split_at(limit);
        let at = if limit == rest.len() {
            limit
        } else {
            within.rfind('\n').map_or(limit, |at| at + 1)
        };
        let (piece, after) = rest.split_at(at);
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces
}
