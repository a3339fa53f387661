//! What git says of a patch: the oracle.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tracesift_core::patch::{FileStatus, LineKind, Patch};

pub fn git(folder: &Path, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut child = Command::new("git")
        .args(["-c", "core.autocrlf=false", "-c", "core.safecrlf=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests compare with git: install it");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    let said = String::from_utf8_lossy(&output.stderr);
    // Of some errors git speaks, leaves out the rest of the patch, and ends as if all were well.
    match output.status.success() && !said.contains("error: ") {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(said.into_owned()),
    }
}

/// What git counts of a patch: `added, deleted, path` a file, with `-` for binary files.
pub fn numstat(folder: &Path, patch: &str) -> Result<Vec<(String, String, String)>, String> {
    let newline = if patch.ends_with('\n') { "" } else { "\n" };
    let answer = git(
        folder,
        &["apply", "--numstat", "-z", "-"],
        &format!("{patch}{newline}"),
    )?;
    let field = |entry: &str, n| entry.splitn(3, '\t').nth(n).unwrap().to_owned();
    Ok(answer
        .split_terminator('\0')
        .map(|entry| (field(entry, 0), field(entry, 1), field(entry, 2)))
        .collect())
}

/// The same by us.
pub fn our_numstat(patch: &Patch) -> Vec<(String, String, String)> {
    let files = patch.files.iter();
    files
        .map(|file| {
            let lines = file.hunks.iter().flat_map(|hunk| hunk.lines(patch.text));
            let kinds: Vec<_> = lines.map(|(kind, _)| kind).collect();
            let times = |kind| kinds.iter().filter(|k| **k == kind).count().to_string();
            let (added, deleted) = match file.binary {
                true => ("-".into(), "-".into()),
                false => (times(LineKind::Added), times(LineKind::Deleted)),
            };
            (added, deleted, file.path().to_owned())
        })
        .collect()
}

/// `status, old path, new path` of every file, as `git diff --name-status` says it.
pub fn name_status(
    folder: &Path,
    options: &[&str],
    trees: &[&str],
) -> Vec<(FileStatus, Option<String>, Option<String>)> {
    let arguments = [&["diff-tree", "-r", "--name-status", "-z"], options, trees].concat();
    let answer = git(folder, &arguments, "").unwrap();
    let mut words = answer.split_terminator('\0').map(str::to_owned);
    let mut files = Vec::new();
    while let Some(status) = words.next() {
        let path = words.next();
        files.push(match &status[..1] {
            "A" => (FileStatus::Added, None, path),
            "D" => (FileStatus::Deleted, path, None),
            "R" => (FileStatus::Renamed, path, words.next()),
            "C" => (FileStatus::Added, None, words.next()),
            _ => (FileStatus::Modified, path.clone(), path),
        });
    }
    files
}
