//! A project as it is before the agent comes: the files of its language about its nouns, with one bug in them.
//! The places of the bug are known, as are places that have nothing to do with it.

use super::bug::{BUGS, Bug};
use super::draw::Draw;
use super::language::Language;
use super::suite;
use super::template::{self, Kind, Nouns, Template};
use super::workspace::Workspace;

/// What projects keep.
pub(super) const NOUNS: [&str; 22] = [
    "session", "ticket", "job", "route", "channel", "cursor", "snapshot", "plugin", "parcel",
    "bucket", "report", "locale", "payload", "tenant", "webhook", "counter", "voucher", "sensor",
    "track", "layer", "badge", "carrier",
];

/// A place of the bug in one file of the project.
#[derive(Debug, Clone)]
pub(super) struct Fix {
    pub path: String,
    /// The function or test that it is in.
    pub name: String,
    /// The lines that an editor looks for, with the line before them.
    pub old: String,
    pub new: String,
    /// The line before.
    pub before: String,
}

/// A project while it is made.
pub(super) struct Project {
    files: Vec<Template>,
    pub nouns: Nouns,
    bug: &'static str,
    script: &'static str,
    pub workspace: Workspace,
    /// Sources about other nouns.
    pub siblings: Vec<String>,
}

impl Project {
    pub fn new(
        draw: &mut Draw,
        language: &'static Language,
        bug: &'static Bug,
        nouns: Nouns,
    ) -> Self {
        let mut all = vec![nouns.noun];
        while all.len() < 5 {
            let noun = draw.pick(&NOUNS);
            if !all.contains(&noun) {
                all.push(noun);
            }
        }
        let mut project = Self {
            files: template::parse(language.code),
            nouns,
            bug: bug.name,
            script: language.script,
            workspace: Workspace::default(),
            siblings: Vec::new(),
        };
        project.write(&all);
        project
    }

    fn write(&mut self, all: &[&'static str]) {
        for file in &self.files {
            let nouns = if file.kind == Kind::Common {
                all.get(..1).unwrap_or_default()
            } else {
                all
            };
            for noun in nouns {
                let nouns = self.nouns.with(noun);
                let path = nouns.fill(file.path);
                let own = *noun == self.nouns.noun;
                let wrong = |bug: &str| file.kind == Kind::Test || (own && bug == self.bug);
                self.workspace
                    .add(path.clone(), file.text(wrong, &nouns, all));
                if file.kind == Kind::Source && !own {
                    self.siblings.push(path);
                }
            }
        }
        let project = &self.nouns.project;
        let things: String = all.iter().map(|noun| format!("- {noun}s\n")).collect();
        let readme = format!(
            "# {project}\n\nSmall in-memory stores with paging, sorted names and labels.\n\n## What it keeps\n\n{things}\n## Names\n\nNames are compared without case and without blanks around them.\n\n## Development\n\nRun the tests before you send a change, and add a line to `CHANGELOG.md`.\n"
        );
        self.workspace.add("README.md".to_owned(), readme);
        let changes = "# Changes\n\n## Unreleased\n\n## 2.4.0\n\n- Labels.\n- Settings have defaults.\n\n## 2.3.1\n\n- Paging starts at page 1.\n";
        self.workspace
            .add("CHANGELOG.md".to_owned(), changes.to_owned());
    }

    pub fn path_of(&self, kind: Kind) -> String {
        let file = self.files.iter().find(|file| file.kind == kind);
        self.nouns.fill(file.map_or("", |file| file.path))
    }

    pub fn fixes(&self, bug: &str) -> Vec<Fix> {
        let mut fixes = self.fixes_in(Kind::Source, bug);
        fixes.extend(self.fixes_in(Kind::Common, bug));
        fixes
    }

    pub fn fixes_in(&self, kind: Kind, bug: &str) -> Vec<Fix> {
        self.files
            .iter()
            .filter(|file| file.kind == kind)
            .flat_map(|file| file.places(bug).map(move |place| (file, place)))
            .map(|(file, place)| {
                let before = self.nouns.fill(&place.before);
                Fix {
                    path: self.nouns.fill(file.path),
                    name: self.nouns.fill(place.name),
                    old: format!("{before}{}", self.nouns.fill(&place.old)),
                    new: if kind == Kind::Test {
                        self.nouns.fill(&place.new)
                    } else {
                        format!("{before}{}", self.nouns.fill(&place.new))
                    },
                    before,
                }
            })
            .collect()
    }

    /// The place of another bug, to be changed for the worse: the file as it stands has it right.
    pub fn elsewhere(&self, draw: &mut Draw) -> Option<Fix> {
        let others: Vec<&str> = BUGS
            .iter()
            .map(|bug| bug.name)
            .filter(|name| *name != self.bug)
            .collect();
        let fix = self
            .fixes_in(Kind::Source, draw.pick(&others))
            .into_iter()
            .next()?;
        Some(Fix {
            old: fix.new.clone(),
            new: fix.old.clone(),
            ..fix
        })
    }

    pub fn test_line(&self) -> usize {
        let file = self.files.iter().find(|file| file.kind == Kind::Test);
        file.map_or(0, Template::lines_before_tail)
    }

    pub fn no_fix(&self) -> Fix {
        Fix {
            path: self.script.to_owned(),
            name: String::new(),
            old: String::new(),
            new: String::new(),
            before: String::new(),
        }
    }

    /// The test of the bug in a file of its own. A class is named as its file.
    pub fn script(&self) -> (String, String) {
        let path = self.nouns.fill(self.script);
        let file = self.files.iter().find(|file| file.kind == Kind::Test);
        let text = file.map_or_else(String::new, |file| file.only(self.bug, &self.nouns));
        let test = self.path_of(Kind::Test);
        let text = text.replace(
            &format!("class {}", suite::stem(&test)),
            &format!("class {}", suite::stem(&path)),
        );
        (path, text)
    }
}
