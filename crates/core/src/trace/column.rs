//! What a column of a row may hold. A dialect names its columns by these words; where several dialects' columns hold
//! the same, the table's order says which is asked first.

use super::MediaKind;
use super::dialect::Dialect;
use super::vocabulary::Lookup;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The messages: a list, or JSON or Python text that holds one.
    Conversation,
    /// The same, or what was said before what other columns hold: an empty list says nothing.
    History,
    /// Images or other media, in the order of their places in the messages.
    Media(MediaKind),
    /// The system prompt.
    System,
    /// The schemas of the tools.
    Tools,
    /// An object of further columns. In a dialect's file, a name `metadata.…` means the column in there alone, and any
    /// other name the column of the row and the one in there.
    Metadata,
    /// The task's name.
    Instance,
    /// The task's name or its whole text; only what is short is a name.
    Task,
    /// A name that tells the task where no other does.
    InstanceElse,
    /// The run's name.
    Trajectory,
    /// The name of a run over many tasks.
    Run,
    /// A name that tells the run where no other does.
    TrajectoryElse,
    /// `owner/name`.
    Repo,
    /// The repository's licence.
    License,
    /// The repository's main language.
    Language,
    /// The task's kind.
    Category,
    /// The program that ran the agent.
    Harness,
    /// The model that wrote the trajectory.
    Teacher,
    /// A verdict: 1, 0, or anything else for unknown; a truth value; a word. Asked before rewards.
    Flag,
    /// A verdict: 1 and more is success, 0 and less failure. Asked before results.
    Reward,
    /// A verdict from 0, nothing, to 100, all. Asked like rewards.
    Percent,
    /// A verdict in words, or a reward of which −1 is unknown.
    Result,
    /// The agent's final patch.
    ModelPatch,
    /// A column that holds the agent's patch unless the row has a [`ModelPatch`](Self::ModelPatch), even a null one:
    /// then it holds another.
    PatchUnlessNamed,
    /// The agent's patch where no column above has one.
    ModelPatchElse,
    /// The same, and only inside an object.
    ModelPatchInside,
    /// The patch that solved the task upstream.
    ReferencePatch,
    /// How the run ended.
    Exit,
    /// Whether the agent looked into the repository's future.
    GitHack,
}

impl Column {
    /// Whether it is worth reading for the row's labels, verdict and patches.
    fn is_cell(self) -> bool {
        !matches!(
            self,
            Column::Conversation
                | Column::History
                | Column::Media(_)
                | Column::System
                | Column::Tools
                | Column::Metadata
        )
    }

    /// Whether it is the text of a patch, or of an object around one.
    pub fn is_patch(self) -> bool {
        matches!(
            self,
            Column::ModelPatch
                | Column::PatchUnlessNamed
                | Column::ModelPatchElse
                | Column::ModelPatchInside
                | Column::ReferencePatch
        )
    }

    /// Whether it may be a text longer than a name.
    fn is_text(self) -> bool {
        self.is_patch() || self == Column::Task
    }

    /// What it is asked for: a task is an instance's name where it is short enough for one.
    pub fn as_name(self) -> Column {
        match self {
            Column::Task => Column::Instance,
            other => other,
        }
    }
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Top,
    Metadata,
}

/// What reading a row does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It may hold the conversation; the lower the rank, the likelier.
    Conversation(usize),
    /// The same, if it holds anything.
    History(usize),
    Media(MediaKind),
    System,
    Tools,
    Metadata,
    /// It is kept under this name.
    Cell(&'static str),
}

impl Use {
    /// The name under which a cell is kept.
    pub fn as_cell(self) -> Option<&'static str> {
        match self {
            Use::Cell(name) => Some(name),
            _ => None,
        }
    }
}

/// A column by name, in the row and in its metadata, or in one of them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ColumnName {
    /// Its name there.
    pub name: &'static str,
    /// Where it stands; `None` for both.
    level: Option<Level>,
}

impl ColumnName {
    fn of(name: &'static str) -> Self {
        match name.strip_prefix("metadata.") {
            Some(name) => ColumnName {
                name,
                level: Some(Level::Metadata),
            },
            None => ColumnName { name, level: None },
        }
    }

    pub fn stands_at(self, level: Level) -> bool {
        self.level.is_none_or(|only| only == level)
    }
}

/// The names of all dialects' columns.
pub(super) struct ColumnNames {
    /// What is done with a column of the row.
    pub top: Lookup<Use>,
    /// The name under which a column of the metadata is kept.
    pub in_metadata: Lookup<&'static str>,
    /// What a column holds, of those that may hold a text longer than a name.
    pub texts: Lookup<Column>,
    /// The names by what the columns hold, the likeliest first.
    holding: Vec<(Column, Vec<ColumnName>)>,
}

impl ColumnNames {
    pub fn of(table: &[&Dialect]) -> Self {
        let all = || table.iter().flat_map(|dialect| dialect.columns).copied();
        let cells = || all().filter(|(_, column)| column.is_cell());
        let mut holding: Vec<(Column, Vec<ColumnName>)> = Vec::new();
        for (name, column) in all() {
            let (name, column) = (ColumnName::of(name), column.as_name());
            match holding.iter_mut().find(|(known, _)| *known == column) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => holding.push((column, vec![name])),
            }
        }
        let mut ranks = 0..;
        let top = all().filter_map(|(name, column)| match column {
            _ if name.contains('.') => None,
            Column::Conversation => Some((name, Use::Conversation(ranks.next()?))),
            Column::History => Some((name, Use::History(ranks.next()?))),
            Column::Media(kind) => Some((name, Use::Media(kind))),
            Column::System => Some((name, Use::System)),
            Column::Tools => Some((name, Use::Tools)),
            Column::Metadata => Some((name, Use::Metadata)),
            _ => Some((name, Use::Cell(name))),
        });
        let in_metadata = cells().map(|(name, _)| ColumnName::of(name).name);
        ColumnNames {
            top: Lookup::of(top),
            in_metadata: Lookup::of(in_metadata.map(|name| (name, name))),
            texts: Lookup::of(cells().filter(|(_, column)| column.is_text())),
            holding,
        }
    }

    /// The columns that hold this, the likeliest first.
    pub fn holding(&self, column: Column) -> &[ColumnName] {
        let found = self.holding.iter().find(|(known, _)| *known == column);
        found.map_or(&[], |(_, names)| names)
    }

    /// Whether a column of that name holds this.
    pub fn is_held(&self, column: Column, name: &str) -> bool {
        self.holding(column).iter().any(|known| known.name == name)
    }
}
