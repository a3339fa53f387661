//! Several datasets as one run: their rows are counted on, and one schedule asks for the pages of all.
//! A single dataset goes the same way and stays as it is.

use super::active::{Stage, Work};
use super::prepare::Prepared;
use super::value::Run;
use crate::app::store::Known;
use tracesift_core::ground::{PageRange, words};
use tracesift_core::recipe::Reading;
use tracesift_hub::schedule::{Limits, Schedule};

/// There is always a dataset: the first one of the form.
const NOTHING: &str = "There is no dataset to read.";

const TWICE: &str = "The same rows of it are asked for twice. Choose another config or split, or take one line out.";

/// A run that can start, and what is known of it.
pub struct Ready {
    /// What it reads.
    pub run: Run,
    /// What there is to do.
    pub work: Work,
    /// What is known of the rows.
    pub known: Known,
    /// By which way they are read, and why, where that is worth saying.
    pub route: Option<String>,
}

/// Datasets that are put together.
#[derive(Default)]
pub struct Joining {
    runs: Vec<(Run, u64)>,
    pages: Vec<PageRange>,
    cached: Vec<PageRange>,
    limits: Option<Limits>,
    revisions: Vec<(u64, String)>,
    routes: Vec<(String, String)>,
    known: Option<Known>,
    /// What is done with the pages, and how many rows are asked for at once.
    work: Option<(Stage, u32)>,
    /// The number of the next row; `None` where it is not known.
    next: Option<u64>,
}

impl Joining {
    /// Adds a dataset.
    ///
    /// # Errors
    /// Why its rows can't stand beside the others, in words.
    pub fn add(&mut self, one: Prepared) -> Result<(), String> {
        if self
            .runs
            .iter()
            .any(|(run, _)| run.places() == one.run.places())
        {
            return Err(TWICE.to_owned());
        }
        let offset = match self.runs.last() {
            None => 0,
            Some((before, _)) => self.next.ok_or_else(|| not_counted(before))?,
        };
        let shifted = |page: &PageRange| PageRange {
            start: page.start.saturating_add(offset),
            ..*page
        };
        self.pages.extend(one.pages.iter().map(shifted));
        self.cached.extend(one.cached.iter().map(shifted));
        let limits = self.limits.map_or(one.limits, |all| all.both(one.limits));
        self.limits = Some(limits);
        self.revisions
            .extend(one.revision.map(|revision| (offset, revision)));
        let name = one.run.name();
        self.routes.extend(one.route.map(|route| (name, route)));
        self.next = one.known.total.map(|total| offset.saturating_add(total));
        self.known = Some(match self.known.take() {
            None => one.known,
            Some(known) => Known {
                total: self.next,
                partial: known.partial || one.known.partial,
                files_tried: false,
            },
        });
        self.work.get_or_insert((one.stage, one.page_len));
        self.runs.push((one.run, offset));
        Ok(())
    }

    /// The run.
    ///
    /// # Errors
    /// Where there is nothing to read.
    pub fn done(self, id: u64, asked: Reading) -> Result<Ready, String> {
        let (stage, page_len) = self.work.ok_or(NOTHING)?;
        let is_mixture = self.runs.len() > 1;
        let run = match is_mixture {
            true => Run::joined(id, asked, self.runs),
            false => self.runs.into_iter().next().ok_or(NOTHING)?.0,
        };
        let routes = self.routes.into_iter();
        let routes: Vec<String> = match is_mixture {
            true => routes
                .map(|(name, route)| format!("{name}: {route}"))
                .collect(),
            false => routes.map(|(_, route)| route).collect(),
        };
        let schedule = Schedule::new(self.pages, self.limits.unwrap_or_default());
        let schedule = schedule.with_places(run.offsets());
        let mut schedule = schedule.with_cache(&self.cached);
        for (row, revision) in &self.revisions {
            schedule.revision(*row, Some(revision));
        }
        Ok(Ready {
            run,
            work: Work {
                schedule,
                stage,
                page_len,
            },
            known: self.known.unwrap_or_default(),
            route: (!routes.is_empty()).then(|| routes.join(" ")),
        })
    }
}

fn not_counted(run: &Run) -> String {
    let name = words::cut(&run.name(), 80);
    format!(
        "The server does not say how many rows {name} has, so no others can be counted after them. Put it last."
    )
}
