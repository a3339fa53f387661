//! What went wrong and what to do: a run that can't go on, a dataset that changed, pages and rows that could
//! not be had, keys of the address that were left out; and what was mended in the rows.
//!
//! All but the first needs rows or an answer, and is fetched with what shows rows.

use leptos::prelude::*;

use crate::app::run;
use crate::app::store::{Changed, rows_state, run_state, store};
use crate::worker::Notes;
use tracesift_core::ground::PageRange;
use tracesift_core::ground::words;
use tracesift_core::source::inventory::Inventory;

/// How many bad rows are shown.
const SHOWN: usize = 50;

/// Why the run can't go on.
#[component]
pub fn Stopped() -> impl IntoView {
    let store = store();
    move || {
        store.run.trouble.get().map(|why| {
            view! {
                <div class="notice bad" role="alert">
                    <p><strong>"The run stopped. "</strong>{why}</p>
                    <button type="button" data-action="try-again" on:click=move |_| run::analyze(store)>"Try again"</button>
                </div>
            }
        })
    }
}

/// All other notices; nothing where there is nothing to say.
#[component]
pub fn Notices() -> impl IntoView {
    view! {
        <section class="notices" aria-label="Notices">
            <Opened/>
            <Made/>
            <Changed/>
            <LeftOut/>
            <LostPages/>
            <BadRows/>
            <UnreadCalls/>
            <Mapped/>
            <Unrendered/>
        </section>
    }
}

/// What was found in opened files, and what of them was left out.
#[component]
fn Opened() -> impl IntoView {
    let run = run_state();
    let found = Memo::new(move |_| run.shown.get().and_then(|run| run.inventory().cloned()));
    let listed = |inventory: &Inventory| {
        let skipped = inventory.skipped.iter().take(SHOWN);
        let listed = skipped.map(|skipped| format!("{}: {}", skipped.name, skipped.why));
        let more = inventory.skipped.len().saturating_sub(SHOWN) as u64;
        let more = (more > 0).then(|| format!("and {} more", words::count(more)));
        listed.chain(more).collect::<Vec<_>>()
    };
    view! {
        {move || found.get().and_then(|inventory| {
            let words = inventory.words()?;
            let listed = listed(&inventory);
            Some(view! {
                <div class="notice quiet" role="status" id="opened">
                    <p>{words} "."</p>
                    {(!listed.is_empty()).then(|| view! {
                        <details>
                            <summary>"What was skipped, and why"</summary>
                            <ul>{listed.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                        </details>
                    })}
                </div>
            })
        })}
    }
}

/// The link was made with another commit than the one that is read.
#[component]
fn Made() -> impl IntoView {
    let run = run_state();
    // Of each dataset that is known both then and now.
    let other = move || {
        let then = run.recipe.with(|recipe| recipe.made.revisions.clone());
        let now = run.shown.get()?.revisions();
        let mut both = then.into_iter().zip(now);
        both.find(|(then, now)| then != now && !then.is_empty() && !now.is_empty())
    };
    view! {
        {move || other().map(|(then, now)| view! {
            <div class="notice" role="status" id="made">
                <strong>"The dataset has changed since this link was made. "</strong>
                "It was made with version " <code>{then}</code> ", and this is version " <code>{now}</code>
                ": rows may have come, gone or changed."
            </div>
        })}
    }
}

#[component]
fn Changed() -> impl IntoView {
    let store = store();
    view! {
        {move || store.run.changed.get().map(|Changed { dataset, from, to }| view! {
            <div class="notice bad" role="alert" id="changed">
                <strong>{match dataset {
                    Some(name) => format!("The dataset {} changed while it was read. ", words::cut(&name, 80)),
                    None => "The dataset changed while it was read. ".to_owned(),
                }}</strong>
                "The rows so far are of version " <code>{from}</code> ", the next ones of version " <code>{to}</code> ". "
                <button type="button" on:click=move |_| run::analyze_afresh(store)>"Start again with the new version"</button>
                <button type="button" on:click=move |_| run::keep_old_commit(store)>"Keep the rows so far"</button>
            </div>
        })}
    }
}

#[component]
fn LeftOut() -> impl IntoView {
    let run = run_state();
    view! {
        {move || {
            let left_out = run.left_out.get();
            (!left_out.is_empty()).then(|| view! {
                <div class="notice" role="alert">
                    <strong>"Parts of the address were left out:"</strong>
                    <ul>{left_out.into_iter().map(|notice| view! {
                        <li><code>{notice.key}</code>": "{notice.why}</li>
                    }).collect_view()}</ul>
                </div>
            })
        }}
    }
}

#[component]
fn LostPages() -> impl IntoView {
    let store = store();
    let words = |page: &PageRange| {
        let last = page.end().saturating_sub(1);
        if page.start == last {
            return format!("Row {}", words::count(last));
        }
        format!(
            "Rows {} to {}",
            words::count(page.start),
            words::count(last)
        )
    };
    view! {
        {move || {
            let lost = store.rows.lost_pages.get();
            (!lost.is_empty()).then(|| view! {
                <div class="notice bad" role="alert" id="lost-pages">
                    <strong>{format!("{} could not be fetched.", words::plural(lost.len() as u64, "page", "pages"))}</strong>
                    <ul>{lost.into_iter().map(|(page, error)| view! {
                        <li>
                            {words(&page)} ": " {error.to_string()} " "
                            <button type="button" on:click=move |_| run::retry(store, page)>"Try this page again"</button>
                        </li>
                    }).collect_view()}</ul>
                </div>
            })
        }}
    }
}

#[component]
fn BadRows() -> impl IntoView {
    let rows = rows_state();
    let run = run_state();
    // Of several files, the one that the row is of.
    let name = move |row: u64| {
        let file = run
            .shown
            .with(|run| run.as_ref()?.file_of(row).map(str::to_owned));
        file.map_or_else(String::new, |file| format!(" ({file})"))
    };
    view! {
        {move || {
            let bad = rows.bad_rows.get();
            let all = rows.bad_count.get();
            let more = all.saturating_sub(SHOWN as u64);
            (!bad.is_empty()).then(|| view! {
                <details class="notice" id="bad-rows">
                    <summary>{format!("{} could not be read", words::plural(all, "row", "rows"))}</summary>
                    <ul>{bad.into_iter().take(SHOWN).map(|bad| view! {
                        <li>{format!("Row {}{}: {}", bad.row, name(bad.row), bad.error)}</li>
                    }).collect_view()}</ul>
                    {(more > 0).then(|| format!("and {} more", words::count(more)))}
                </details>
            })
        }}
    }
}

/// Text that looks like tool calls, which no one reads: the counts of calls say nothing then.
#[component]
fn UnreadCalls() -> impl IntoView {
    let rows = rows_state();
    let unread = Memo::new(move |_| {
        let of = |notes: &Notes| (notes.unread_calls.clone(), notes.mapped.rows);
        rows.notes.with(of)
    });
    view! {
        {move || {
            let ((count, sample), all) = unread.get();
            (count > 0).then(|| view! {
                <div class="notice" role="status" id="unread-calls">
                    <strong>{format!(
                        "In {} of {} the assistant writes what looks like tool calls of a form that is not known here. ",
                        words::count(count),
                        words::plural(all, "run", "runs"),
                    )}</strong>
                    "They are read as text, so these runs count no calls. For example: " <code>{sample}</code>
                </div>
            })
        }}
    }
}

/// What a map of fields made that can hardly be meant.
#[component]
fn Mapped() -> impl IntoView {
    let store = store();
    let is_mapped = move || {
        let run = store.run.shown.get();
        run.is_some_and(|run| !run.reading.map.fields.is_empty())
    };
    let mapped = Memo::new(move |_| store.rows.notes.with(|notes| notes.mapped));
    let said = move || {
        let mapped = mapped.get();
        let of = |count: u64| {
            format!(
                "{} of {}",
                words::count(count),
                words::plural(mapped.rows, "run", "runs")
            )
        };
        let one = (mapped.one_speaker > 0).then(|| format!(
            "In {} all messages are the agent's, or none is: check which field says who speaks, and which word names the agent.",
            of(mapped.one_speaker)
        ));
        let nameless = (mapped.nameless > 0).then(|| {
            format!(
                "In {} tools are called that have no name: check which field of a call holds it.",
                of(mapped.nameless)
            )
        });
        one.into_iter().chain(nameless).collect::<Vec<_>>()
    };
    view! {
        {move || is_mapped().then(said).filter(|said| !said.is_empty()).map(|said| view! {
            <div class="notice bad" role="status" id="mapped">
                <strong>"The fields that you named may not be the right ones. "</strong>
                {said.join(" ")}
            </div>
        })}
    }
}

/// Rows that the chat template does not take: they are counted by their texts alone.
#[component]
fn Unrendered() -> impl IntoView {
    let rows = rows_state();
    let unrendered = Memo::new(move |_| rows.notes.with(|notes| notes.unrendered.clone()));
    view! {
        {move || {
            let (count, listed) = unrendered.get();
            let more = count.saturating_sub(listed.len() as u64);
            (count > 0).then(|| view! {
                <details class="notice" id="unrendered">
                    <summary>{format!(
                        "{} can't be rendered by the chat template, so only their texts are counted",
                        words::plural(count, "row", "rows"),
                    )}</summary>
                    <ul>{listed.into_iter().map(|(row, why)| view! {
                        <li>{format!("Row {row}: {why}")}</li>
                    }).collect_view()}</ul>
                    {(more > 0).then(|| format!("and {} more", words::count(more)))}
                </details>
            })
        }}
    }
}

/// What was put into one form while reading: a line at the foot.
#[component]
pub fn Mended() -> impl IntoView {
    let rows = rows_state();
    let repairs = Memo::new(move |_| rows.notes.with(|notes| notes.repairs.clone()));
    view! {
        {move || {
            let repairs = repairs.get();
            (!repairs.is_empty()).then(|| view! {
                <details class="notice quiet" id="repairs">
                    <summary>"Normalizations"</summary>
                    <ul>{repairs.into_iter().map(|(repair, (times, rows))| view! {
                        <li>{format!(
                            "{}: {} in {}", repair.words(), words::plural(times, "time", "times"), words::plural(rows, "row", "rows")
                        )}</li>
                    }).collect_view()}</ul>
                </details>
            })
        }}
    }
}
