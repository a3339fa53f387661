//! The demo: rows in the shape of `nvidia/Open-SWE-Traces`, made by a seeded generator, with no network.
//! A row depends on the seed and its index alone, so that any page can be made by itself and is always the same.
//!
//! A row is not a random text. An invented project has a bug ([`task`]); an agent with a plan walks through the
//! project ([`agent`]); what it sees is read from the files as they stand at that moment ([`workspace`]), and its
//! patch is the difference between these files at the end and at the beginning. So the calls, the observations and
//! the patch of a row agree with each other, and so do the measures that are taken of it.

mod agent; // the agent's walk: which call comes next, and what it gives back
mod bug; // the four kinds of bugs, in words
mod draw; // draws that are the same on every platform
mod harness; // prompts, tools and the form of observations of the two harnesses
mod language; // the nine languages: their projects and how their tests speak
mod project; // a project's files, the places of its bug
mod suite; // what a run of the tests prints
mod task; // one instance: a project, its bug, the issue and the reference patch
mod template; // a project's files as they are written in `code/`
mod toolbox; // the tools: a call and what it gives back
mod transcript; // the messages that are written down
mod words; // what the agent says
mod workspace; // the project's files: shown, searched, changed, compared

use serde::Serialize;

use agent::{Agent, Ending};
use draw::{Draw, Stream};
use harness::Harness;
use task::{Patch, Task};
use transcript::Message;

/// How many rows the demo has. A greater index gives a row all the same.
pub const ROWS: u64 = 600;

/// How many instances the rows share; about three rows are of one instance.
const INSTANCES: u32 = 200;

/// The JSON text of row `index` of the demo with this seed: one object without a line break.
pub fn row(seed: u64, index: u64) -> String {
    let mut draw = Draw::new(seed, Stream::Row, index);
    let instance = u64::from(draw.below(INSTANCES));
    let task = Task::new(seed, instance);
    let harness = Harness::of_row(index);
    let teacher = if draw.chance(0.5) { &MINIMAX } else { &QWEN };
    let plan = Plan::draw(&mut draw, &task, harness, teacher);
    let trajectory_id = draw.uuid();
    let ending = Agent::new(&mut draw, &task, &plan, harness, teacher.thinks).run();
    let row = Row::new(&task, harness, teacher, &plan, trajectory_id, ending);
    // Texts and numbers only: there is nothing in it that can't be written as JSON.
    serde_json::to_string(&row).unwrap_or_default()
}

/// A model that writes trajectories.
struct Teacher {
    name: &'static str,
    thinks: bool,
    /// The median number of turns, in OpenHands and in SWE-agent.
    turns: [f64; 2],
    /// What it adds to the chance of success, in OpenHands and in SWE-agent.
    skill: [f64; 2],
}

const MINIMAX: Teacher = Teacher {
    name: "MiniMax-M2.5",
    thinks: true,
    turns: [25.0, 30.0],
    skill: [0.0, 0.04],
};

const QWEN: Teacher = Teacher {
    name: "Qwen3.5-122B-A10B",
    thinks: false,
    turns: [37.0, 47.0],
    skill: [-0.1, 0.06],
};

/// What becomes of a row, decided before its agent takes the first step.
#[derive(Debug)]
struct Plan {
    /// Whether the task's tests pass in the end.
    solved: bool,
    /// Whether the row says so.
    known: bool,
    /// About how many turns the agent takes.
    turns: u32,
    /// How often a step goes wrong, from 0 to 1.
    slips: f64,
    /// What the agent changes.
    change: Change,
    /// Whether it stops without a last word.
    cut_short: bool,
}

/// What the agent changes in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Every place of the bug, as upstream did.
    Whole,
    /// The same, with a comment above each place.
    Commented,
    /// The same, and a test.
    Tested,
    /// The same, and a line in the list of changes.
    Noted,
    /// Only the first place.
    Part,
    /// Only the first place, and a test.
    PartTested,
    /// A place that has nothing to do with it.
    Elsewhere,
    /// Nothing: what was tried is taken back.
    Nothing,
}

impl Change {
    const GOOD: [(Change, u32); 4] = [
        (Change::Whole, 45),
        (Change::Commented, 18),
        (Change::Tested, 22),
        (Change::Noted, 15),
    ];
    const BAD: [(Change, u32); 6] = [
        (Change::Part, 40),
        (Change::PartTested, 12),
        (Change::Elsewhere, 24),
        (Change::Nothing, 11),
        (Change::Whole, 8),
        (Change::Tested, 5),
    ];

    fn has_test(self) -> bool {
        matches!(self, Change::Tested | Change::PartTested)
    }
}

impl Plan {
    /// Success goes with skill, with easy tasks and with the language; a good run is shorter and slips less often.
    fn draw(draw: &mut Draw, task: &Task, harness: Harness, teacher: &Teacher) -> Self {
        let of = |pair: [f64; 2]| match harness {
            Harness::OpenHands => pair[0],
            Harness::SweAgent => pair[1],
        };
        let form = draw.normal();
        let chance = 0.43 + of(teacher.skill) + task.ease() + 0.13 * form;
        let solved = draw.chance(chance.clamp(0.04, 0.96));
        let known = draw.chance(0.77);
        let strain = 0.42 * draw.normal() - 0.1 * form + if solved { -0.12 } else { 0.1 };
        let turns = (of(teacher.turns) * draw::exp(strain)).clamp(12.0, 150.0);
        let change = draw.weighted(if solved { &Change::GOOD } else { &Change::BAD });
        Self {
            solved,
            known,
            // Between 12 and 150: it fits.
            turns: turns as u32,
            slips: if solved { 0.05 } else { 0.11 },
            change: change.unwrap_or(Change::Whole),
            cut_short: !solved && draw.chance(0.2),
        }
    }
}

/// One row, column by column.
#[derive(Serialize)]
struct Row<'a> {
    instance_id: &'a str,
    repo: String,
    license: &'static str,
    language: &'static str,
    trajectory_id: String,
    messages: Vec<Message>,
    tools: Vec<String>,
    resolved: i8,
    metadata: Metadata,
    hf_dataset_name: &'static str,
    /// Not a column of the real dataset, where the config says it.
    harness: &'static str,
}

#[derive(Serialize)]
struct Metadata {
    category: &'static str,
    teacher_model: TeacherModel,
    reference_patch: PatchCell,
    model_patch: PatchCell,
}

#[derive(Serialize)]
struct TeacherModel {
    name: &'static str,
    enable_thinking: bool,
    reasoning_effort: Option<&'static str>,
}

#[derive(Serialize)]
struct PatchCell {
    patch: Option<String>,
    num_modified_files: u32,
    num_modified_lines: u32,
}

impl<'a> Row<'a> {
    fn new(
        task: &'a Task,
        harness: Harness,
        teacher: &Teacher,
        plan: &Plan,
        trajectory_id: String,
        ending: Ending,
    ) -> Self {
        Self {
            instance_id: &task.instance_id,
            repo: task.repo(),
            license: task.license,
            language: task.language.name,
            trajectory_id,
            messages: ending.messages,
            tools: harness.tools(),
            resolved: match (plan.known, plan.solved) {
                (false, _) => -1,
                (true, solved) => i8::from(solved),
            },
            metadata: Metadata {
                category: task.category,
                teacher_model: TeacherModel {
                    name: teacher.name,
                    enable_thinking: teacher.thinks,
                    reasoning_effort: None,
                },
                reference_patch: PatchCell::of(Some(task.reference.clone())),
                model_patch: PatchCell::of(ending.patch),
            },
            hf_dataset_name: "demo",
            harness: harness.name(),
        }
    }
}

impl PatchCell {
    fn of(patch: Option<Patch>) -> Self {
        let counts = patch.clone().unwrap_or_default();
        Self {
            patch: patch.map(|patch| patch.text),
            num_modified_files: counts.files,
            num_modified_lines: counts.lines,
        }
    }
}
