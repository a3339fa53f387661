//! What is wrong with the model's patch: files that are left over, hunks that do not add up.
//! What only counts (tests, size, emptiness) is told by the patch's own measures.

use super::{Found, Sign};
use crate::measure::shell::file_name;
use crate::patch::{FilePatch, FileStatus, Patch};

pub(super) fn find(patch: Option<&Patch>, found: &mut Found) {
    let files = patch.map_or(&[][..], |patch| &patch.files);
    let junk = files.iter().filter(|file| is_junk(file)).count();
    found.set(Sign::JunkFiles, junk as f32);
    let torn = patch.is_some_and(|patch| patch.torn);
    found.set(Sign::MalformedPatch, f32::from(u8::from(torn)));
}

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
