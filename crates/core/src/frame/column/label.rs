//! The labels, one record each: what each is called, what it is, and where it stands among a row's labels.
//! The downloaded table, the filters, the charts and the tooltips all read this table.

use serde::{Deserialize, Serialize};

use crate::ground::table::table;
use crate::trace::Labels;

table! {
    /// A column of text. The order is that of the page and of the downloaded table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum Label of LabelRecord {
        TrajectoryId = TRAJECTORY_ID,
        InstanceId = INSTANCE_ID,
        Repo = REPO,
        License = LICENSE,
        Language = LANGUAGE,
        Harness = HARNESS,
        Teacher = TEACHER,
        Category = CATEGORY,
        Source = SOURCE,
    }
}

/// All that is said of a label, and how it is read.
#[derive(Debug)]
pub(super) struct LabelRecord {
    /// The column's name in the downloaded table.
    name: &'static str,
    /// The column's name for people.
    title: &'static str,
    /// What the label is, in a sentence.
    definition: &'static str,
    /// The label of one row.
    of: for<'r> fn(&'r Labels<'_>) -> Option<&'r str>,
}

/// This run.
const TRAJECTORY_ID: LabelRecord = LabelRecord {
    name: "trajectory_id",
    title: "Trajectory",
    definition: "The name that the dataset gives to this run.",
    of: |labels| labels.trajectory_id.as_deref(),
};

/// The task.
const INSTANCE_ID: LabelRecord = LabelRecord {
    name: "instance_id",
    title: "Instance",
    definition: "The task to be solved. Several trajectories may share one.",
    of: |labels| labels.instance_id.as_deref(),
};

/// `owner/name`.
const REPO: LabelRecord = LabelRecord {
    name: "repo",
    title: "Repository",
    definition: "The repository that the task comes from, as owner/name.",
    of: |labels| labels.repo.as_deref(),
};

/// The repository's licence.
const LICENSE: LabelRecord = LabelRecord {
    name: "license",
    title: "License",
    definition: "The repository's license, as given in the row.",
    of: |labels| labels.license.as_deref(),
};

/// The repository's main language.
const LANGUAGE: LabelRecord = LabelRecord {
    name: "language",
    title: "Language",
    definition: "The repository's main language, as given in the row.",
    of: |labels| labels.language.as_deref(),
};

/// The program that ran the agent.
const HARNESS: LabelRecord = LabelRecord {
    name: "harness",
    title: "Harness",
    definition: "The program that ran the agent: openhands, sweagent, …",
    of: |labels| labels.harness.as_deref(),
};

/// The model that wrote it.
const TEACHER: LabelRecord = LabelRecord {
    name: "teacher",
    title: "Teacher",
    definition: "The model that wrote the trajectory.",
    of: |labels| labels.teacher.as_deref(),
};

/// The task's kind.
const CATEGORY: LabelRecord = LabelRecord {
    name: "category",
    title: "Category",
    definition: "The task's kind: bug-fix, enhancement, …",
    of: |labels| labels.category.as_deref(),
};

/// The dataset or the file.
const SOURCE: LabelRecord = LabelRecord {
    name: "source",
    title: "Source",
    definition: "Where the row is from: the dataset, or the file in which it stands.",
    of: |labels| labels.source.as_deref(),
};

impl Label {
    /// The column's name in the downloaded table.
    pub fn name(self) -> &'static str {
        self.record().name
    }

    /// The column's name for people.
    pub fn title(self) -> &'static str {
        self.record().title
    }

    /// What the label is, in a sentence.
    pub fn definition(self) -> &'static str {
        self.record().definition
    }

    /// The label of one row.
    pub fn of<'r>(self, labels: &'r Labels<'_>) -> Option<&'r str> {
        (self.record().of)(labels)
    }
}
