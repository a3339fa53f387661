//! One message in the reader: who speaks, reasoning, text, calls with their arguments laid out, observations.
//! It is built when it comes near. Long texts are folded; the rest is brought by a worker, a piece at a time into the document.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chips::Marks;
use super::marked;
use super::messages::{SHORT_LINES, id_of, messages, who};
use super::reader::open_row;
use super::search::search;
use crate::app::store::store;
use crate::worker::Question;
use tracesift_core::calls::CallResult;
use tracesift_core::ground::words;
use tracesift_core::search::{Hit, Part, Place};
use tracesift_core::sign::Sign;
use tracesift_core::trace::Role;
use tracesift_core::view::{CallView, Folded, Span, TurnView, Unfolded};

/// So many characters of a long text are put into the document at a time: laying them out takes a few milliseconds.
const PIECE: usize = 60_000;

/// The same of code, whose colours are elements.
const CODE_PIECE: usize = 16_000;

/// Bytes of a text that are about as much as its first [`SHORT_LINES`].
const SHORT_BYTES: usize = 1600;

/// One message; its place only, as long as it is far away.
#[component]
pub fn Turn(turn: TurnView, step: Memo<Option<u64>>, carried: Memo<Vec<Sign>>) -> impl IntoView {
    let messages = messages();
    let index = turn.index;
    let is_chosen = move || step.get() == Some(index as u64);
    let item = NodeRef::<html::Li>::new();
    let is_near = messages.is_near(index);
    Effect::new(move |_| {
        if let Some(item) = item.get() {
            messages.watch(&item);
        }
    });
    let (is_error, height) = messages.all.with_value(|all| {
        let outline = all.get(index);
        outline.map_or((false, 0), |one| (one.is_error, one.height()))
    });
    let failed = if is_error { " failed" } else { "" };
    let height = move || (!is_near.get()).then(|| format!("{height}px"));
    let turn = StoredValue::new(turn);
    let content = move || view! { <Content turn=turn.get_value() carried/> };
    view! {
        <li id=id_of(index) class=format!("turn {}{failed}", turn.with_value(|turn| turn.role.name())) class:chosen=is_chosen
            style:min-height=height node_ref=item>
            {move || is_near.get().then(content)}
        </li>
    }
}

/// All of a message.
#[component]
pub fn Content(turn: TurnView, carried: Memo<Vec<Sign>>) -> impl IntoView {
    let store = store();
    let messages = messages();
    let index = turn.index;
    let answers = turn.answers.map(|call| {
        view! {
            <button type="button" class="bare" on:click=move |_| messages.go_to(store, call.message)>
                {format!("answers message {}", call.message)}
            </button>
        }
    });
    let tokens = turn
        .tokens
        .map(|tokens| words::plural(tokens, "token", "tokens"));
    // What a tool gives back is often long, and seldom read whole.
    let is_short = turn.role == Role::Tool;
    view! {
        <div class="who">
            <button type="button" class="bare" on:click=move |_| messages.go_to(store, index)
                aria-label=format!("Message {index}, link to it")>{format!("#{index}")}</button>
            <strong>{who(turn.role)}</strong>
            {answers}
            {turn.left_out.map(|why| view! { <span class="hint">{why.words()}</span> })}
            {tokens.map(|words| view! { <span>{words}</span> })}
            {(!turn.signs.is_empty()).then(|| view! { <Marks message=index carried/> })}
        </div>
        {(turn.reasoning.bytes > 0).then(|| view! {
            <div class="reasoning">
                <span class="hint">"Reasoning"</span>
                <Text folded=turn.reasoning.clone() message=index part=Part::Reasoning is_short=false/>
            </div>
        })}
        {(turn.text.bytes > 0).then(|| view! {
            <Text folded=turn.text.clone() message=index part=Part::Text is_short/>
        })}
        {turn.calls.into_iter().enumerate().map(|(at, call)| view! { <Call call message=index at/> }).collect_view()}
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
            <div class="who"><strong class="mono"><Name name message part=Part::Tool { call: at }/></strong><span class=class>{result}</span></div>
            <dl>{call.arguments.into_iter().enumerate().map(|(argument, (key, folded))| {
                let part = Part::Argument { call: at, argument };
                view! {
                    <dt><Name name=key message part=Part::Key { call: at, argument }/></dt>
                    <dd><Text folded message part is_short=false/></dd>
                }
            }).collect_view()}</dl>
        </div>
    }
}

/// A short text, whole or its beginning.
#[component]
fn Name(name: String, message: usize, part: Part) -> impl IntoView {
    let piece = Piece {
        from: 0,
        text: name,
        colours: Vec::new(),
    };
    view! { <Marked piece place=Place::Message(message, part)/> }
}

/// A piece of a text with its matches marked.
#[component]
fn Marked(piece: Piece, place: Place) -> impl IntoView {
    let search = search();
    let hits = Memo::new(move |_| search.hits_in(place));
    move || {
        let part = marked::Part {
            text: &piece.text,
            from: piece.from,
            colours: &piece.colours,
            changed: &[],
            hits: &hits.get(),
            now: search.now,
        };
        part.shown()
    }
}

/// A text, folded where it is long. The pieces that are shown of it are those from one to another, as someone may look for
/// what is in the middle.
#[component]
fn Text(
    folded: Folded,
    message: usize,
    part: Part,
    /// Whether only its first lines are in sight before someone wants all.
    is_short: bool,
) -> impl IntoView {
    let store = store();
    let open = open_row();
    let search = search();
    let whole = RwSignal::new(None::<Vec<Piece>>);
    let shown = RwSignal::new((0_usize, 1_usize));
    let trouble = RwSignal::new(None::<String>);
    let is_folded = folded.is_folded();
    let is_long = folded.lines > SHORT_LINES || folded.bytes > SHORT_BYTES;
    let is_cut = RwSignal::new(is_short && is_long);
    let size = format!(
        "{}, {}",
        words::bytes(folded.bytes as u64),
        words::plural(folded.lines as u64, "line", "lines")
    );
    let bring = move |at: usize| {
        is_cut.set(false);
        let of = move |pieces: &Vec<Piece>| pieces.iter().rposition(|piece| piece.from <= at);
        let Some(open) = open.get_value().filter(|_| is_folded) else {
            return;
        };
        if let Some(piece) = whole.with_untracked(|whole| whole.as_ref().and_then(of)) {
            shown.set((piece, piece + 1));
            return;
        }
        spawn_local(async move {
            let question = |at, row| Question::Unfold {
                at,
                row,
                message,
                part,
            };
            match open.ask(store, question).await {
                Ok(unfolded) => {
                    let pieces = cut(&unfolded);
                    let piece = of(&pieces).unwrap_or_default();
                    shown.try_set((piece, piece + 1));
                    whole.try_set(Some(pieces));
                }
                Err(error) => {
                    trouble.try_set(Some(error.to_string()));
                }
            }
        });
    };
    // The match that is looked at may be in what is folded.
    let place = Place::Message(message, part);
    let now = search.now_in(place);
    let head = folded.head.len();
    Effect::new(move |_| {
        let Some(Hit { start: at, end, .. }) = now.get() else {
            return;
        };
        let (from, to) = shown.get_untracked();
        let is_there = whole.with_untracked(|whole| match whole {
            None => end <= head,
            Some(pieces) => pieces.get(from..to).is_some_and(|pieces| {
                pieces
                    .iter()
                    .any(|piece| (piece.from..piece.from + piece.text.len()).contains(&at))
            }),
        });
        match is_there {
            true => is_cut.set(false),
            false => bring(at),
        }
    });
    let pieces = move || match whole.get() {
        Some(all) => {
            let (from, to) = shown.get();
            let to = to.min(all.len());
            all.get(from..to).unwrap_or_default().to_vec()
        }
        None => vec![Piece {
            from: 0,
            text: folded.head.clone(),
            colours: folded.colours.clone(),
        }],
    };
    let count = move || whole.with(|all| all.as_ref().map_or(0, Vec::len));
    let before = move || if count() > 0 { shown.get().0 } else { 0 };
    let after = move || count().saturating_sub(shown.get().1);
    let is_hidden = move || is_cut.get() || (is_folded && whole.with(Option::is_none));
    view! {
        <Show when=move || { before() > 0 }>
            <button type="button" class="link" on:click=move |_| shown.update(|shown| shown.0 = shown.0.saturating_sub(1))>
                {move || format!("Show what is before ({})", words::plural(before() as u64, "piece", "pieces"))}
            </button>
        </Show>
        <div class="text" class:cut=is_cut>
            <For each=pieces key=|piece| (piece.from, piece.text.len()) let(piece)>
                <pre><Marked piece place/></pre>
            </For>
        </div>
        <Show when=is_hidden>
            <button type="button" class="link" on:click=move |_| bring(0)>{format!("Show all ({size})")}</button>
        </Show>
        <Show when=move || { after() > 0 }>
            <button type="button" class="link" on:click=move |_| shown.update(|shown| shown.1 += 1)>
                {move || format!("Show more ({} to come)", words::plural(after() as u64, "piece", "pieces"))}
            </button>
        </Show>
        {move || trouble.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
    }
}

/// A piece of a text, and the byte of the text at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    from: usize,
    text: String,
    /// The piece's own.
    colours: Vec<Span>,
}

/// A text in pieces that the browser lays out quickly, cut at line ends where there are any.
fn cut(unfolded: &Unfolded) -> Vec<Piece> {
    let text = &*unfolded.text;
    let most = match unfolded.colours.is_empty() {
        true => PIECE,
        false => CODE_PIECE,
    };
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let limit = rest
            .char_indices()
            .nth(most)
            .map_or(rest.len(), |(at, _)| at);
        let (within, _) = rest.split_at(limit);
        let at = if limit == rest.len() {
            limit
        } else {
            within.rfind('\n').map_or(limit, |at| at + 1)
        };
        let (piece, after) = rest.split_at(at);
        let from = text.len() - rest.len();
        pieces.push(Piece {
            from,
            text: piece.to_owned(),
            colours: between(&unfolded.colours, from, from + piece.len()),
        });
        rest = after;
    }
    pieces
}

/// The colours between two places of a text, as places of what is between them.
fn between(colours: &[Span], from: usize, to: usize) -> Vec<Span> {
    let first = colours.partition_point(|span| span.end <= from);
    let colours = colours.iter().skip(first);
    let within = |at: usize| at.clamp(from, to) - from;
    colours
        .take_while(|span| span.start < to)
        .map(|span| Span {
            start: within(span.start),
            end: within(span.end),
            ink: span.ink,
        })
        .collect()
}
