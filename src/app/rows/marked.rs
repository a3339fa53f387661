//! A text with its code coloured, its changed words set off and its matches marked. Where all that begins and ends is known by
//! now: by the worker that read the row, and by the one that looked through it.

use leptos::html;
use leptos::prelude::*;

use super::messages::messages;
use tracesift_core::search::Hit;
use tracesift_core::view::{Ink, Piece, Ranges, Span, pieces};

/// Colours that a part has at most: each is an element of the document.
const MOST: usize = 4000;

/// A part of a text, and what is known of it.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The part itself.
    pub text: &'a str,
    /// The byte of the whole text at which it begins.
    pub from: usize,
    /// Its colours.
    pub colours: &'a [Span],
    /// Its words that another line has otherwise.
    pub changed: Ranges<'a>,
    /// The whole text's matches.
    pub hits: &'a [Hit],
    /// The match that is looked at.
    pub now: Memo<Option<Hit>>,
}

impl Part<'_> {
    /// The part in the document.
    pub fn shown(self) -> Vec<AnyView> {
        let within = |at: usize| at.saturating_sub(self.from).min(self.text.len());
        let marks = self.hits.iter();
        let marks: Vec<_> = marks
            .map(|hit| (within(hit.start), within(hit.end)))
            .collect();
        let colours = self.colours.iter().take(MOST);
        let colours: Vec<_> = colours.map(|span| (span.start, span.end)).collect();
        let pieces = pieces(self.text.len(), [&colours, self.changed, &marks]);
        let hit = |piece: &Piece| piece.of.last().copied().flatten();
        let marked = pieces.chunk_by(|a, b| hit(a) == hit(b));
        let shown = marked.map(|pieces| {
            let texts = pieces.iter().map(|piece| {
                let text = self.text.get(piece.start..piece.end).unwrap_or_default();
                let [colour, changed, _] = piece.of;
                let colour = colour.and_then(|at| self.colours.get(at));
                let text = match colour {
                    Some(span) => {
                        view! { <span class=class(span.ink)>{text.to_owned()}</span> }.into_any()
                    }
                    None => text.to_owned().into_any(),
                };
                match changed {
                    Some(_) => view! { <em>{text}</em> }.into_any(),
                    None => text,
                }
            });
            let texts: Vec<_> = texts.collect();
            let of = pieces.first().and_then(hit);
            match of.and_then(|of| self.hits.get(of).copied()) {
                // A match that goes on in the next part comes into sight by its beginning.
                Some(hit) => {
                    let begins = hit.start >= self.from;
                    view! { <Match texts hit begins now=self.now/> }.into_any()
                }
                None => texts.into_any(),
            }
        });
        shown.collect()
    }
}

fn class(ink: Ink) -> &'static str {
    match ink {
        Ink::Keyword => "ink-keyword",
        Ink::Text => "ink-string",
        Ink::Number => "ink-number",
        Ink::Comment => "ink-comment",
    }
}

/// A match; it comes into sight when it is the one that is looked at.
#[component]
fn Match(texts: Vec<AnyView>, hit: Hit, begins: bool, now: Memo<Option<Hit>>) -> impl IntoView {
    let messages = messages();
    let mark = NodeRef::<html::Mark>::new();
    let is_now = Memo::new(move |_| now.get() == Some(hit));
    Effect::new(move |_| {
        if let (true, true, Some(mark)) = (begins, is_now.get(), mark.get()) {
            messages.bring_element(&mark);
        }
    });
    view! { <mark class:now=is_now node_ref=mark>{texts}</mark> }
}
