//! One instance: an invented project, the bug in it, the issue that reports it, the patch that solved it upstream.
//! Several rows share an instance; it depends on the seed and its own number alone.

use super::bug::{BUGS, Bug};
use super::draw::{Draw, Stream};
use super::language::{LANGUAGES, Language};
use super::project::{self, Fix, Project};
use super::template::{Kind, Nouns, capital};
use super::workspace::Workspace;

const FIRST: [&str; 20] = [
    "amber", "birch", "cinder", "drift", "ember", "fjord", "glade", "hazel", "juniper", "kelp",
    "lumen", "moss", "opal", "quartz", "russet", "slate", "thistle", "umber", "willow", "yarrow",
];
const SECOND: [&str; 16] = [
    "bench", "desk", "dock", "feed", "forge", "gate", "lane", "ledger", "loom", "mill", "path",
    "rack", "shelf", "spool", "wharf", "yard",
];
const OWNERS: [&str; 6] = ["works", "labs", "oss", "tools", "collective", "dev"];
const LICENSES: [(&str, u32); 4] = [
    ("MIT", 52),
    ("Apache-2.0", 31),
    ("BSD-3-Clause", 13),
    ("BSD-2-Clause", 4),
];
const CATEGORIES: [(&str, u32); 4] = [
    ("bug-fix", 68),
    ("enhancement", 18),
    ("feature-request", 9),
    ("refactoring", 5),
];

/// A unified diff and what it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Patch {
    pub text: String,
    pub files: u32,
    /// Lines added and deleted.
    pub lines: u32,
}

/// One instance.
pub(super) struct Task {
    pub language: &'static Language,
    pub bug: &'static Bug,
    pub nouns: Nouns,
    pub owner: String,
    pub instance_id: String,
    pub license: &'static str,
    pub category: &'static str,
    pub commit: String,
    pub issue: String,
    /// The project before the first step.
    pub workspace: Workspace,
    /// The file that holds the bug, and its tests.
    pub source: String,
    pub test: String,
    /// Files of the same kind about other nouns.
    pub siblings: Vec<String>,
    /// Every place of the bug.
    pub fixes: Vec<Fix>,
    /// A place in the same file that has nothing to do with the bug.
    pub elsewhere: Option<Fix>,
    /// The test that upstream added; its name is what fails.
    pub added_test: Fix,
    /// The line of the test file after which a test is put.
    pub test_line: usize,
    /// A file that shows the bug and nothing else: its path and its text.
    pub script: (String, String),
    /// What the project says of itself.
    pub papers: Vec<String>,
    pub reference: Patch,
    hardness: f64,
}

impl Task {
    /// The instance of this number.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut draw = Draw::new(seed, Stream::Task, number);
        let language = language(number);
        let bug_at = draw.below(4) as usize;
        let bug = BUGS.get(bug_at).unwrap_or(&BUGS[0]);
        let nouns = Nouns {
            noun: draw.pick(&project::NOUNS),
            project: format!("{}{}", draw.pick(&FIRST), draw.pick(&SECOND)),
        };
        let owner = format!("{}-{}", draw.pick(&FIRST), draw.pick(&OWNERS));
        let project = Project::new(&mut draw, language, bug, nouns);
        let issue_number = draw.between(12, 4200);
        let changelog = draw.chance(0.3);
        let script = project.script();
        let mut task = Self {
            language,
            bug,
            instance_id: format!("{owner}__{}-{issue_number}", project.nouns.project),
            owner,
            license: draw.weighted(&LICENSES).unwrap_or("MIT"),
            category: draw.weighted(&CATEGORIES).unwrap_or("bug-fix"),
            commit: format!("{}{}{}", draw.hex(16), draw.hex(16), draw.hex(8)),
            issue: String::new(),
            source: project.path_of(Kind::Source),
            test: project.path_of(Kind::Test),
            fixes: project.fixes(bug.name),
            elsewhere: project.elsewhere(&mut draw),
            added_test: project
                .fixes_in(Kind::Test, bug.name)
                .pop()
                .unwrap_or_else(|| project.no_fix()),
            test_line: project.test_line(),
            siblings: project.siblings,
            workspace: project.workspace,
            nouns: project.nouns,
            script,
            papers: vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()],
            reference: Patch::default(),
            hardness: draw.normal(),
        };
        task.issue = task.report(&mut draw);
        task.reference = task.upstream(changelog);
        task
    }

    /// `owner/name`.
    pub fn repo(&self) -> String {
        format!("{}/{}", self.owner, self.nouns.project)
    }

    /// What the task adds to the chance of success.
    pub fn ease(&self) -> f64 {
        self.language.ease - 0.09 * self.hardness
    }

    /// The function that a place of the bug is in.
    pub fn place(&self, at: usize) -> &str {
        self.fixes.get(at).map_or("", |fix| fix.name.as_str())
    }

    /// A text about the bug with its names filled in.
    pub fn words(&self, text: &str) -> String {
        text.replace("{nouns}", &format!("{}s", self.nouns.noun))
            .replace("{noun}", self.nouns.noun)
            .replace("{Noun}", &capital(self.nouns.noun))
            .replace("{a}", self.place(0))
            .replace("{b}", self.place(1))
    }

    fn report(&self, draw: &mut Draw) -> String {
        let title = self.words(draw.pick(&self.bug.titles));
        let happens = self.words(draw.pick(&self.bug.reports));
        let shown = unindented(&self.added_test.new);
        let intro = draw.pick(&[
            "### Steps to reproduce",
            "A test that shows it:",
            "**To reproduce**",
            "Minimal example:",
        ]);
        let version = draw.pick(&[
            "Seen with the latest release and on the main branch.",
            "This used to work a few versions ago.",
            "Happens on Linux and on macOS.",
            "I can send a pull request if that helps.",
        ]);
        let expected = self.words(self.bug.expected);
        format!(
            "{title}\n\n{happens}\n\n{intro}\n\n```{}\n{shown}```\n\n{expected}\n\n{version}",
            self.language.extension
        )
    }

    fn upstream(&self, changelog: bool) -> Patch {
        let mut workspace = self.workspace.clone();
        for fix in &self.fixes {
            workspace.replace(&fix.path, &fix.old, &fix.new);
        }
        if changelog {
            self.note(&mut workspace);
        }
        workspace.patch()
    }

    /// Adds a line to the list of changes.
    pub fn note(&self, workspace: &mut Workspace) -> (String, String) {
        let old = "## Unreleased\n\n".to_owned();
        let new = format!("{old}- {}\n", self.words(self.bug.note));
        workspace.replace("CHANGELOG.md", &old, &new);
        (old, new)
    }
}

/// The languages of 200 instances, each as often as its weight says, neighbours in different ones.
fn language(number: u64) -> &'static Language {
    let mut left = u32::try_from(number.wrapping_mul(77) % 200).unwrap_or_default();
    for language in &LANGUAGES {
        if left < language.weight {
            return language;
        }
        left -= language.weight;
    }
    &LANGUAGES[0]
}

/// The lines without the indentation that all of them share, and without empty lines around them.
fn unindented(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
    let shared = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    lines
        .iter()
        .flat_map(|line| [line.get(shared..).unwrap_or_default(), "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_place_of_every_bug_can_be_edited_in_every_language() {
        let mut seen = BTreeSet::new();
        for number in 0..400 {
            let task = Task::new(number / 200, number % 200);
            seen.insert((task.language.name, task.bug.name));
            assert_eq!(task.fixes.len(), 2, "{}", task.instance_id);
            for fix in task.fixes.iter().chain(&task.elsewhere) {
                let mut files = task.workspace.clone();
                let line = files.replace(&fix.path, &fix.old, &fix.new);
                assert!(line.is_some(), "{} in {}: {}", fix.name, fix.path, fix.old);
                assert_eq!(files.patch().files, 1);
            }
        }
        assert!(seen.len() > 30, "{seen:?}");
    }

    #[test]
    fn a_new_test_stands_behind_the_others_and_makes_the_file_that_upstream_has() {
        for number in 0..200 {
            let task = Task::new(1, number);
            let mut files = task.workspace.clone();
            let before = files.text(&task.test).to_owned();
            files.insert(&task.test, task.test_line, &task.added_test.new);
            let after = files.text(&task.test);
            assert!(after.contains(task.added_test.name.trim_start_matches("test")));
            assert_eq!(after.len(), before.len() + task.added_test.new.len());
            let (head, tail) = after.split_once(&task.added_test.new).unwrap();
            assert_eq!(head.lines().count(), task.test_line);
            assert!(tail.lines().count() <= 2, "{tail}");
        }
    }

    #[test]
    fn no_word_of_the_template_is_left() {
        for number in 0..200 {
            let task = Task::new(1, number);
            for path in task.workspace.paths() {
                let text = task.workspace.text(path);
                assert!(
                    !text.contains("idget") && !text.contains("PROJECT"),
                    "{path}"
                );
                assert!(!text.contains("%%") && text.ends_with('\n'), "{path}");
            }
            for text in [&task.issue, &task.script.1, &task.reference.text] {
                assert!(
                    !text.contains("idget") && !text.contains("{noun") && !text.contains("{a}"),
                    "{text}"
                );
            }
        }
    }
}
