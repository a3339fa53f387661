//! The patch reader against `git apply --numstat` and `git diff --name-status`: on patches that git made of random
//! edits, on patches made by hand, and on those of real trajectories where `TRACESIFT_TRACES` names their folder.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod edits;
mod git;
mod hand;
mod properties;

use std::path::Path;

use git::{numstat, our_numstat};
use tracesift_core::patch::{FileStatus, count, counts, is_test, overlap, parse};
use tracesift_testing::growth::assert_linear;

// ---- whole patches

/// The patches of a file's rows: their file, their row, the patch.
fn patches_of_rows(name: &str, rows: &str) -> Vec<(String, String)> {
    let patch = |line: &str| -> Option<String> {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let columns = [
            &row["generated_patch"],
            &row["patch"],
            &row["test_result"]["git_patch"],
        ];
        columns
            .iter()
            .find_map(|value| Some(value.as_str()?.to_owned()))
    };
    let patches = rows.lines().enumerate();
    patches
        .filter_map(|(index, line)| Some((format!("{name} {index}"), patch(line)?)))
        .collect()
}

/// Patches made by hand, those of the rows made by hand, and every patch of the real rows where their folder is given.
fn whole_patches() -> Vec<(String, String)> {
    let mut patches = hand::PATCHES
        .map(|(name, patch)| (name.to_owned(), patch.to_owned()))
        .to_vec();
    for (name, rows) in ROWS {
        let made = patches_of_rows(name, rows);
        assert!(!made.is_empty(), "{name}");
        patches.extend(made);
        if let Some(folder) = std::env::var_os("TRACESIFT_TRACES") {
            let file = Path::new(&folder).join(format!("{name}.jsonl"));
            let text = std::fs::read_to_string(file).unwrap();
            let real = patches_of_rows(name, &text);
            assert_eq!(real.len(), text.lines().count(), "{name}");
            patches.extend(real);
        }
    }
    patches
}

/// Rows made by hand, by the name of the real file that they stand in for.
const ROWS: [(&str, &str); 3] = [
    (
        "nebius-swe-agent",
        include_str!("../fixtures/rows/nebius-swe-agent.jsonl"),
    ),
    (
        "swe-gym-openhands",
        include_str!("../fixtures/rows/swe-gym-openhands.jsonl"),
    ),
    (
        "swe-smith-xml",
        include_str!("../fixtures/rows/swe-smith-xml.jsonl"),
    ),
];

#[test]
fn whole_patches_count_as_git_counts_them() {
    let folder = tempfile::tempdir().unwrap();
    for (name, patch) in whole_patches() {
        let read = parse(&patch);
        assert!(!read.torn, "{name}");
        if patch.is_empty() {
            assert_eq!(read.files, []);
            continue;
        }
        // Git reads no head of an empty file that ends with \r\n; then it is asked about the same with \n.
        let expected = numstat(folder.path(), &patch)
            .or_else(|_| numstat(folder.path(), &patch.replace("\r\n", "\n")))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!expected.is_empty(), "{name}");
        assert_eq!(our_numstat(&read), expected, "{name}");
        // Of a binary file git says `-`.
        let sum = |n: fn(&(String, String, String)) -> &String| -> u32 {
            let numbers = expected.iter().map(n).filter(|number| *number != "-");
            numbers.map(|number| number.parse::<u32>().unwrap()).sum()
        };
        let binary = expected.iter().filter(|file| file.0 == "-").count();
        let counts = count(&read);
        assert_eq!(
            (counts.added, counts.deleted, counts.files_binary as usize),
            (sum(|f| &f.0), sum(|f| &f.1), binary),
            "{name}"
        );
    }
}

// ---- what git doesn't say

#[test]
fn a_patch_without_diff_git_is_read() {
    let patch = "Here it is:\n--- src/a.py\t2024-01-01\n+++ src/a.py\t2024-01-02\n@@ -1 +1,2 @@\n-a\n+b\n+c\n\
                 --- /dev/null\n+++ b/new.go\n@@ -0,0 +1 @@\n+x\n";
    let read = parse(patch);
    let files: Vec<_> = read.files.iter().map(|f| (f.status, f.path())).collect();
    assert_eq!(
        files,
        [
            (FileStatus::Modified, "src/a.py"),
            (FileStatus::Added, "new.go")
        ]
    );
    assert!(!read.torn);
    let counts = count(&read);
    assert_eq!(
        (counts.added, counts.deleted, counts.modified, counts.hunks),
        (3, 1, 1, 2)
    );
    assert_eq!(
        counts.languages,
        [("go".to_owned(), 1), ("python".to_owned(), 1)]
    );
}

#[test]
fn the_head_of_a_file_may_name_it_more_than_once() {
    let renamed = "diff --git a/x b/y\n+++ /dev/null\nrename from x\nrename to y\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
    let deleted = "diff --git a/x b/x\n+++ /dev/null\nindex 5f190a3..0000000\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
    let folder = tempfile::tempdir().unwrap();
    for (patch, expected) in [(renamed, ("1", "1")), (deleted, ("0", "1"))] {
        for counted in [
            numstat(folder.path(), patch).unwrap(),
            our_numstat(&parse(patch)),
        ] {
            let counts = counted
                .iter()
                .map(|(added, deleted, _)| (added.as_str(), deleted.as_str()));
            assert_eq!(counts.collect::<Vec<_>>(), [expected], "{patch}");
        }
    }
}

#[test]
fn a_torn_patch_gives_what_can_be_read_and_says_so() {
    let head = "diff --git a/a b/a\n--- a/a\n+++ b/a\n";
    for (torn, added) in [
        ("@@ -1,9 +1,9 @@\n a\n+b", 1),
        (
            "@@ -1,9 +1,9 @@\n+b\ndiff --git a/c b/c\nnew file mode 100644\n",
            1,
        ),
        ("@@ -1 +1 @@\n+b\n+c\n", 2),
        ("@@ -x +1 @@\n+b\n", 0),
        ("", 0),
    ] {
        let text = format!("{head}{torn}");
        let patch = parse(&text);
        assert!(patch.torn, "{torn}");
        assert_eq!(patch.files[0].path(), "a");
        assert_eq!(count(&patch).added, added, "{torn}");
    }
    assert!(parse("@@ -1 +1 @@\n-a\n+b\n").torn);
    assert!(!parse("no patch at all\n").torn);
}

#[test]
fn modified_lines_are_runs_of_deleted_lines_directly_followed_by_added_ones() {
    for (body, modified) in [
        ("-a\n+b\n", 1),
        ("-a\n-b\n-c\n+d\n+e\n", 2),
        ("-a\n+b\n+c\n", 1),
        ("+a\n-b\n", 0),
        ("-a\n c\n+b\n", 0),
        ("-a\n+b\n-c\n-d\n+e\n+f\n+g\n", 3),
        ("-a\n\\ No newline at end of file\n+a\n", 1),
    ] {
        let old = body.lines().filter(|l| l.starts_with(['-', ' '])).count();
        let new = body.lines().filter(|l| l.starts_with(['+', ' '])).count();
        let patch = format!("--- a/x\n+++ b/x\n@@ -1,{old} +1,{new} @@\n{body}");
        assert!(!parse(&patch).torn);
        assert_eq!(counts(&patch).modified, modified, "{body}");
    }
}

#[test]
fn complexity_is_of_added_lines_only() {
    let patch = "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,4 @@\n-                  if deep: pass\n+\tif a and elif_b:\n\
                 +      else: try_it()\n+            \n+x\n         for c in d:\n";
    let counts = counts(patch);
    assert_eq!(counts.deepest_indent, 6);
    assert_eq!(counts.control_keywords, 2);
}

#[test]
fn test_files_are_known_by_their_path() {
    for path in [
        "test/a.c",
        "a/tests/b.py",
        "src/__tests__/x.js",
        "spec/a.rb",
        "a_test.go",
        "a.test.ts",
        "a.spec.ts",
        "test_a.py",
        "Tests/Unit/FooTest.php",
    ] {
        assert!(is_test(path), "{path}");
    }
    for path in [
        "testing/a.c",
        "src/latest.py",
        "contest/a.py",
        "a/test",
        "tests",
        "specs.md",
        "protest_a.py",
    ] {
        assert!(!is_test(path), "{path}");
    }
}

#[test]
fn overlap_is_of_files_as_sets_and_of_lines_as_a_multiset() {
    let patch = |path: &str, body: &str| {
        let old = body.lines().filter(|l| l.starts_with('-')).count();
        let new = body.lines().filter(|l| l.starts_with('+')).count();
        format!(
            "diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,{old} +1,{new} @@\n{body}"
        )
    };
    let reference = patch("a.py", "-x\n+y\n+y\n+z\n") + &patch("b.py", "+q\n");
    let model = patch("a.py", "-x\n+y\n-z\n") + &patch("c.py", "+q\n").replace('\n', "\r\n");
    let shared = overlap(&parse(&model), &parse(&reference)).unwrap();
    assert_eq!(shared.files, 1.0 / 3.0);
    assert_eq!(shared.lines, 3.0 / 5.0);
    assert_eq!(overlap(&parse(""), &parse(&reference)), None);
    assert_eq!(overlap(&parse(&model), &parse("\n")), None);
}

#[test]
fn a_long_patch_is_read_and_compared_in_linear_time() {
    let patch = |lines: usize| {
        let body: String = (0..lines)
            .map(|n| format!("-old {n}\n+new {n}\n"))
            .collect();
        format!("--- a/x\n+++ b/x\n@@ -1,{lines} +1,{lines} @@\n{body}")
    };
    assert_linear(10_000, patch, |patch| {
        let read = parse(patch);
        let counts = count(&read);
        assert_eq!(counts.added, counts.modified);
        assert_eq!(overlap(&read, &read).unwrap().lines, 1.0);
    });
    let many =
        |files: usize| "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n".repeat(files);
    assert_linear(10_000, many, |patch| count(&parse(patch)));
    let names = |bytes: usize| {
        format!(
            "--- \"{0}\n+++ \"{0}\"\n@@ -1 +1 @@\n-\n+",
            "\\303".repeat(bytes / 4)
        )
    };
    assert_linear(200_000, names, |patch| parse(patch).torn);
}
