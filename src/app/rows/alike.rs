//! A sign of the open row as a whole; where it is that the row is like others, which those are and the way to them.
//! Without that a person would have to take the likeness on trust.

use leptos::prelude::*;

use crate::app::store::store;
use tracesift_core::frame::Frame;
use tracesift_core::ground::words;
use tracesift_core::sign::Sign;

/// A row that the open one is like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Duplicate {
    /// Its index.
    row: u64,
    /// How many such rows there are.
    of: u64,
    /// The likeness, unless they are equal.
    share: Option<f64>,
}

impl Duplicate {
    /// The next one by its index, and after the last the first: who goes on from row to row sees them all.
    fn after(frame: &Frame, row: u64, sign: Sign) -> Option<Self> {
        let position = frame.position(row)?;
        let duplicates = frame.duplicates(position, sign);
        let next = duplicates.iter().find(|duplicate| **duplicate > row);
        let share = frame.sign_at(position, sign);
        Some(Self {
            row: *next.or(duplicates.first())?,
            of: duplicates.len() as u64,
            share: sign.is_share().then_some(share.into()),
        })
    }

    /// `about 92 % like row 12`, `row 12`, `row 12, and 3 more`.
    fn words(self) -> String {
        let row = format!("row {}", self.row);
        match (self.share, self.of) {
            (Some(share), _) => format!("about {} like {row}", words::percent(share)),
            (None, 1) => row,
            (None, of) => format!("{row}, and {} more", words::count(of - 1)),
        }
    }
}

/// The chip of a sign that points at no message.
#[component]
pub fn Chip(row: u64, sign: Sign) -> impl IntoView {
    let store = store();
    let duplicate = Memo::new(move |_| {
        store
            .rows
            .frame
            .with(|frame| Duplicate::after(frame, row, sign))
    });
    move || match duplicate.get() {
        None => {
            view! { <span class="chip" title=sign.definition()>{sign.title()}</span> }.into_any()
        }
        Some(duplicate) => {
            let words = format!("{}: {}", sign.title(), duplicate.words());
            let label = format!("{words}; open row {}", duplicate.row);
            view! {
                <button type="button" class="chip" title=sign.definition() aria-label=label
                    on:click=move |_| store.open(duplicate.row)>{words}" →"</button>
            }
            .into_any()
        }
    }
}
