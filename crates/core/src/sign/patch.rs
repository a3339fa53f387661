//! The model's patch: files that are left over, hunks that do not add up, tests, size, emptiness.
//! What only counts is told by the patch's own measures.

use super::record::{OURS, PAPER, SERA, SignRecord, YES_OR_NO};
use super::{Compare, Family, Points, Sign};
use crate::calls::shell::file_name;
use crate::patch::{FilePatch, FileStatus};

/// The patch touches tests.
pub(super) const EDITS_TESTS: SignRecord = SignRecord {
    name: "edits-tests",
    title: "Edits tests",
    definition: "Test files, by their path, that the model's patch touches.",
    unit: "files",
    count: Some(|counts| counts.patch_test_files.map(f64::from)),
    ..PATCH
};

/// The patch adds files that the run left over.
pub(super) const JUNK_FILES: SignRecord = SignRecord {
    name: "junk-files",
    title: "Left-over files",
    definition: "New files in the model's patch that look like leftovers of the run: reproduce…, debug…, *.orig, \
                 *.rej, *.log, binary files.",
    source: OURS,
    unit: "files",
    find: Some(|row, found| {
        let files = row.patch.map_or(&[][..], |patch| &patch.files);
        let junk = files.iter().filter(|file| is_junk(file)).count();
        found.set(Sign::JunkFiles, junk as f32);
    }),
    ..PATCH
};

/// The patch is large.
pub(super) const BIG_PATCH: SignRecord = SignRecord {
    name: "big-patch",
    title: "Big patch",
    definition: "Lines that the model's patch adds or deletes.",
    source: SERA,
    unit: "lines",
    threshold: 40.0,
    compare: Compare::MoreThan,
    count: Some(|counts| counts.patch_lines.map(f64::from)),
    ..PATCH
};

/// The patch does not add up.
pub(super) const MALFORMED_PATCH: SignRecord = SignRecord {
    name: "malformed-patch",
    title: "Malformed patch",
    definition: "A hunk of the model's patch does not have the lines its header says, or a file has no change: git \
                 would not apply it.",
    unit: YES_OR_NO,
    compare: Compare::Yes,
    find: Some(|row, found| {
        let torn = row.patch.is_some_and(|patch| patch.torn);
        found.flag(Sign::MalformedPatch, torn);
    }),
    ..PATCH
};

/// There is no patch, or it changes nothing.
pub(super) const EMPTY_PATCH: SignRecord = SignRecord {
    name: "empty-patch",
    title: "Empty patch",
    definition: "The row has no model patch, or one that touches no file.",
    unit: YES_OR_NO,
    compare: Compare::Yes,
    count: Some(|counts| {
        counts
            .patch_files
            .map(|files| f64::from(u8::from(files == 0)))
    }),
    ..PATCH
};

/// What all of them have.
const PATCH: SignRecord = SignRecord {
    source: PAPER,
    family: Family::Patch,
    points: Points::Row,
    ..SignRecord::DEFAULT
};

/// A new file that a run leaves over: the script that reproduced the bug, what an editor or `patch` put aside, what was
/// built.
fn is_junk(file: &FilePatch) -> bool {
    if file.status != FileStatus::Added {
        return false;
    }
    let name = file_name(file.path()).to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let first = stem.split(['_', '-', '.']).next().unwrap_or_default();
    file.binary
        || matches!(
            extension,
            "orig" | "rej" | "bak" | "swp" | "pyc" | "log" | "tmp"
        )
        || matches!(first, "reproduce" | "repro" | "reproduction" | "debug")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patch::parse;

    fn junk(head: &str, path: &str) -> bool {
        let patch = format!(
            "diff --git a/{path} b/{path}\n{head}--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
        );
        parse(&patch).files.iter().any(is_junk)
    }

    #[test]
    fn files_that_a_run_leaves_over_are_known_by_their_names() {
        for path in [
            "reproduce.py",
            "reproduce_issue.py",
            "a/repro-1.js",
            "debug_it.go",
            "debug.log",
            "a.py.orig",
            "a.rej",
            "x/__pycache__/a.pyc",
        ] {
            assert!(junk("new file mode 100644\n", path), "{path}");
        }
        for path in [
            "src/reproducer.rs",
            "a/debugger.ts",
            "tests/test_debug.py",
            "rejoin.py",
            "a.py",
        ] {
            assert!(!junk("new file mode 100644\n", path), "{path}");
        }
    }

    #[test]
    fn only_new_files_are_left_over() {
        let changed = "--- a/debug.py\n+++ b/debug.py\n@@ -1 +1 @@\n-a\n+b\n";
        assert!(!parse(changed).files.iter().any(is_junk));
        let binary = "diff --git a/x.dat b/x.dat\nnew file mode 100644\nindex 0..1\nBinary files /dev/null and b/x.dat differ\n";
        assert!(parse(binary).files.iter().any(is_junk));
    }
}
