//! Choices that others published, one click each: how a team chose its rows, as a query of the address.
//! A preset replaces the rules and, where it says so, the seed and the budget; the dataset and the rest stay.

use super::address::{parse, print};
use super::{Filters, Recipe};

/// A choice that someone published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name in the page's marks.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it keeps, in a sentence.
    pub sentence: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The query of the address.
    pub query: &'static str,
}

impl Preset {
    /// Every preset, in the order in which they are offered.
    pub const ALL: [Preset; 5] = [
        Preset {
            name: "tutorial",
            title: "Solved, with patch, ≤ 32k",
            sentence: "Runs that succeed, end with a patch and fit into 32,768 tokens.",
            source: "What most guides to fine-tuning on agent runs start with",
            query: "outcome=success&tokens=..32768&patch=present",
        },
        Preset {
            name: "swe-smith",
            title: "SWE-smith",
            sentence: "Runs that succeed, at most 3 per task, drawn by the seed 24.",
            source: "SWE-smith, combine_trajs.py: only resolved runs, max_per_inst 3, seed 24",
            query: "seed=24&outcome=success&per-instance=3",
        },
        Preset {
            name: "paper",
            title: "Open-SWE-Traces",
            sentence: "Every outcome, up to 131,072 tokens, with a patch.",
            source: "The paper of Open-SWE-Traces (arXiv 2606.16038): failures are kept, empty patches are not",
            query: "tokens=..131072&patch=present&budget=131072",
        },
        Preset {
            name: "sera",
            title: "SERA",
            sentence: "Runs that submit a patch of at most 40 changed lines and whose tool results have at most 600 tokens on \
                average.",
            source: "SERA (arXiv 2601.20789), filter.py: PATCH_EDIT_MAX 40, TOOL_CALL_TOKEN_MAX 600, enforce_submit",
            query: "flag=!big-patch,!heavy-observations,!no-submit&patch=present",
        },
        Preset {
            name: "clean-tool-use",
            title: "Clean tool use",
            sentence: "Runs whose calls are all well-formed, declared and answered, and that do not repeat themselves.",
            source: "The checks of Twinkle's HardScorer",
            query: "flag=!bad-arguments,!unknown-tool,!missing-argument,!unpaired,!loop-same,!spin,!dangling-end",
        },
    ];

    /// The recipe with this preset's choices in place of its rules.
    ///
    /// A recipe that draws its sample by the seed would read other rows with another seed; that is what the preset says.
    #[must_use]
    pub fn of(&self, recipe: &Recipe) -> Recipe {
        let bare = Recipe {
            filters: Filters::default(),
            ..recipe.clone()
        };
        let query = print(&bare);
        let chosen: Vec<&str> = keys(self.query).collect();
        let kept = query.split('&').filter(|pair| {
            let key = pair.split_once('=').map_or(*pair, |(key, _)| key);
            !pair.is_empty() && !chosen.contains(&key)
        });
        let pairs: Vec<&str> = kept.chain([self.query]).collect();
        parse(&pairs.join("&")).0
    }

    /// The recipe without this preset's choices: rules, seed and budget are those from before it, or the defaults where
    /// nobody had others.
    #[must_use]
    pub fn taken_back(recipe: &Recipe, before: Option<&Recipe>) -> Recipe {
        let default = Recipe::default();
        let before = before.unwrap_or(&default);
        let mut reading = recipe.reading.clone();
        reading.seed = before.reading.seed;
        Recipe {
            reading,
            filters: before.filters.clone(),
            budget: before.budget,
            ..recipe.clone()
        }
    }

    /// The preset whose rules a recipe has, if it is one.
    pub fn chosen(recipe: &Recipe) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.is_chosen(recipe))
    }

    /// Whether a recipe's rules are this preset's.
    pub fn is_chosen(&self, recipe: &Recipe) -> bool {
        self.of(recipe) == *recipe
    }
}

/// The keys that a query says.
fn keys(query: &str) -> impl Iterator<Item = &str> {
    let pairs = query.split('&');
    pairs.filter_map(|pair| Some(pair.split_once('=')?.0))
}
