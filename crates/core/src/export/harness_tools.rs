//! The tools that known harnesses publish, for runs of theirs that declare none: few sessions keep what the model was told.
//! Each file beside this one is one version's list, with its source. Names, types and what is required are the harness's
//! own; the descriptions are short and ours, since some harnesses' texts are not free to copy.
//!
//! A run gets the whole list, as its model did, and not only the tools that it calls: a list of these alone would tell a
//! model which tools it is going to need. It gets the version that fits its calls best, without the tools that its calls
//! contradict.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::calls::{CallResult, call_result};
use crate::trace::{Repair, Tool, Trajectory};

/// The lists, of one harness the newest first.
const FILES: [&str; 22] = [
    include_str!("harness_tools/claude-code-2.1.332.json"),
    include_str!("harness_tools/claude-code-2.1.61.json"),
    include_str!("harness_tools/claude-code-2.0.1.json"),
    include_str!("harness_tools/claude-code-1.0.60.json"),
    include_str!("harness_tools/codex-exec.json"),
    include_str!("harness_tools/codex-shell-command.json"),
    include_str!("harness_tools/codex-shell.json"),
    include_str!("harness_tools/codex-0.47.0.json"),
    include_str!("harness_tools/codex-2025-08.json"),
    include_str!("harness_tools/gemini-cli-0.61.0.json"),
    include_str!("harness_tools/gemini-cli-0.8.2.json"),
    include_str!("harness_tools/gemini-cli-0.8.2-exact-edit.json"),
    include_str!("harness_tools/openhands-sdk-1.58.2.json"),
    include_str!("harness_tools/openhands-0.62.0.json"),
    include_str!("harness_tools/openhands-0.40.0.json"),
    include_str!("harness_tools/swe-agent.json"),
    include_str!("harness_tools/mini-swe-agent-2.4.6.json"),
    include_str!("harness_tools/pi-0.73.1.json"),
    include_str!("harness_tools/pi-0.30.2.json"),
    include_str!("harness_tools/opencode-1.0.142.json"),
    include_str!("harness_tools/copilot-cli-0.0.360.json"),
    include_str!("harness_tools/hermes-0.19.0.json"),
];

static LISTS: LazyLock<Vec<HarnessTools>> = LazyLock::new(|| {
    let lists = FILES.iter().map(|text| HarnessTools::read(text));
    lists.filter_map(Result::ok).collect()
});

/// The tools of one version of a harness.
#[derive(Debug, PartialEq, Eq)]
pub struct HarnessTools {
    /// The harness, as rows are labelled.
    pub harness: &'static str,
    /// The harness and its version.
    pub title: String,
    /// Where the list was published.
    pub source: &'static str,
    tools: Vec<ListedTool>,
}

/// A tool of a list.
#[derive(Debug, PartialEq, Eq)]
struct ListedTool {
    name: &'static str,
    schema: &'static str,
    takes: BTreeSet<&'static str>,
    needs: Vec<&'static str>,
}

/// A list as its file has it.
#[derive(Deserialize)]
struct File<'a> {
    harness: &'a str,
    version: &'a str,
    source: &'a str,
    #[serde(borrow)]
    tools: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Schema<'a> {
    name: &'a str,
    #[serde(borrow)]
    parameters: Parameters<'a>,
}

#[derive(Deserialize)]
struct Parameters<'a> {
    #[serde(borrow)]
    properties: BTreeMap<&'a str, IgnoredAny>,
    #[serde(borrow, default)]
    required: Vec<&'a str>,
}

impl HarnessTools {
    /// Every list, of one harness the newest first.
    pub fn all() -> &'static [HarnessTools] {
        &LISTS
    }

    /// All of its tools.
    pub fn tools(&self) -> impl Iterator<Item = Tool<'static>> {
        self.tools.iter().map(ListedTool::tool)
    }

    fn read(text: &'static str) -> serde_json::Result<Self> {
        let file: File = serde_json::from_str(text)?;
        let tools = file.tools.into_iter().map(ListedTool::read);
        Ok(Self {
            harness: file.harness,
            title: format!("{} {}", file.harness, file.version),
            source: file.source,
            tools: tools.collect::<Result<_, _>>()?,
        })
    }

    /// The tools that no call contradicts, and how many calls are of one of them.
    fn fitting(&self, shapes: &Shapes) -> (Vec<&ListedTool>, usize) {
        let fits = self.tools.iter().filter_map(|tool| {
            let calls = shapes.of(tool.name);
            let fit = calls.clone().all(|(names, _)| tool.accepts(names));
            fit.then(|| (tool, calls.map(|(_, calls)| calls).sum::<usize>()))
        });
        let (tools, calls): (Vec<_>, Vec<_>) = fits.unzip();
        (tools, calls.iter().sum())
    }
}

impl ListedTool {
    fn read(schema: &'static RawValue) -> serde_json::Result<Self> {
        let Schema { name, parameters } = serde_json::from_str(schema.get())?;
        Ok(Self {
            name,
            schema: schema.get(),
            takes: parameters.properties.into_keys().collect(),
            needs: parameters.required,
        })
    }

    /// Whether it takes arguments of these names.
    fn accepts(&self, names: &BTreeSet<String>) -> bool {
        let mut needs = self.needs.iter();
        names.iter().all(|name| self.takes.contains(&**name))
            && needs.all(|name| names.contains(*name))
    }

    fn tool(&self) -> Tool<'static> {
        Tool {
            name: Cow::Borrowed(self.name),
            schema: Cow::Borrowed(self.schema),
        }
    }
}

/// The names of the arguments with which each tool was called, and how often. Calls that failed are not among them, since
/// many fail for their arguments, nor are those whose arguments are no object.
struct Shapes<'a>(BTreeMap<&'a str, BTreeMap<BTreeSet<String>, usize>>);

impl<'a> Shapes<'a> {
    fn of_calls(trajectory: &'a Trajectory) -> Self {
        let mut shapes = Self(BTreeMap::new());
        for (at, message) in trajectory.messages.iter().enumerate() {
            for (index, call) in message.calls.iter().enumerate() {
                let names = serde_json::from_str::<BTreeMap<String, IgnoredAny>>(&call.arguments);
                let has_failed = call_result(trajectory, at, index) == Some(CallResult::Error);
                if let Ok(names) = names
                    && !has_failed
                {
                    let names = names.into_keys().collect();
                    let of_tool = shapes.0.entry(&*call.name).or_default();
                    *of_tool.entry(names).or_default() += 1;
                }
            }
        }
        shapes
    }

    fn of(&self, tool: &str) -> impl Iterator<Item = (&BTreeSet<String>, usize)> + Clone {
        let shapes = self.0.get(tool).into_iter().flatten();
        shapes.map(|(names, calls)| (names, *calls))
    }
}

/// Gives a run that declares no tools those that its harness publishes, and one that declares only their names the schemas
/// of these. The answer is the list that they are from; `None` where nothing was added, since the run has schemas, no list
/// of its harness is known, or none has a tool that it calls.
pub(super) fn add(trajectory: &mut Trajectory) -> Option<&'static HarnessTools> {
    if trajectory.tools.iter().any(has_schema) {
        return None;
    }
    let harness = trajectory.labels.harness.as_deref()?;
    let shapes = Shapes::of_calls(trajectory);
    let lists = HarnessTools::all().iter();
    let fitting = lists
        .filter(|list| list.harness == harness)
        .map(|list| (list, list.fitting(&shapes)));
    let (list, (tools, _)) = fitting
        .filter(|(_, (_, calls))| *calls > 0)
        .min_by_key(|(_, (_, calls))| Reverse(*calls))?;
    let named = std::mem::take(&mut trajectory.tools);
    trajectory.tools = match named.is_empty() {
        true => tools.into_iter().map(ListedTool::tool).collect(),
        false => named
            .into_iter()
            .map(|named| {
                let listed = tools.iter().find(|tool| tool.name == named.name);
                listed.map_or(named, |tool| tool.tool())
            })
            .collect(),
    };
    let added = trajectory.tools.iter().filter(|tool| has_schema(tool));
    let added = u32::try_from(added.count()).unwrap_or(u32::MAX);
    trajectory.repairs.add(Repair::ToolAdded, added);
    (added > 0).then_some(list)
}

/// Whether a run says more of a tool than its name.
fn has_schema(tool: &Tool) -> bool {
    tool.schema.trim_start().starts_with('{')
}
