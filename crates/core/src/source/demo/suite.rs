//! What a run of the tests prints: the tests of the files as they stand, each passed or failed.

use super::draw::Draw;
use super::language::{Language, Suite};
use super::task::Task;
use super::workspace::Workspace;

/// The output of a run, and its exit code.
pub(super) struct Output {
    pub text: String,
    pub exit: i32,
}

/// The command that runs one test file.
pub(super) fn command(language: &Language, file: &str) -> String {
    language
        .suite
        .one
        .replace("{file}", file)
        .replace("{dir}", folder(file))
        .replace("{stem}", stem(file))
}

/// A file's name without folders and ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// Runs the tests of these files; a test fails where `fails` says so of its name.
pub(super) fn run(
    task: &Task,
    workspace: &Workspace,
    files: &[String],
    draw: &mut Draw,
    fails: impl Fn(&str) -> bool,
) -> Output {
    let suite = &task.language.suite;
    let tests: Vec<(String, &String, usize)> = files
        .iter()
        .flat_map(|file| {
            declared(suite, workspace.text(file)).map(move |(name, line)| (name, file, line))
        })
        .collect();
    let failed: Vec<_> = tests.iter().filter(|(name, _, _)| fails(name)).collect();
    let file = files.first().map_or("", |file| file.as_str());
    let ending = if failed.is_empty() {
        suite.good
    } else {
        suite.bad
    };
    let time = format!("{}.{:02}", draw.below(4), draw.below(100));
    let sum = |text: &str| {
        text.replace("{file}", file)
            .replace("{total}", &tests.len().to_string())
            .replace("{failed}", &failed.len().to_string())
            .replace("{passed}", &(tests.len() - failed.len()).to_string())
            .replace("{time}", &time)
            .replace("{project}", &task.nouns.project)
            .replace("{dir}", folder(file))
            .replace("{stem}", stem(file))
    };
    let one = |form: &str, (name, file, line): &(String, &String, usize)| {
        form.replace("{file}", file)
            .replace("{name}", name)
            .replace("{stem}", stem(file))
            .replace("{n}", &(line + 4).to_string())
    };
    let mut text = sum(suite.head);
    for test in &tests {
        text += &one(
            if fails(&test.0) {
                suite.fail
            } else {
                suite.pass
            },
            test,
        );
    }
    for test in &failed {
        text += &one(suite.detail, test);
    }
    text += &sum(ending);
    Output {
        text,
        exit: if failed.is_empty() { 0 } else { suite.exit },
    }
}

/// The tests that a file declares, each with its line.
fn declared<'a>(suite: &'a Suite, text: &'a str) -> impl Iterator<Item = (String, usize)> + 'a {
    let (open, kept, close) = suite.declared;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let (name, _) = line.trim_start().strip_prefix(open)?.split_once(close)?;
        (!name.contains('(')).then(|| (format!("{kept}{name}"), at + 1))
    })
}
