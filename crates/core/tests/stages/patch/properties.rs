//! What holds of any patch: git agrees, and no byte is lost.

use proptest::prelude::*;
use tracesift_core::patch::{LineKind, count, counts, lines, overlap, parse};

use crate::patch::edits::{LINES, NAMES, a_file, an_edit, two_trees};
use crate::patch::git::{git, name_status, numstat, our_numstat};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_lines_and_paths_are_those_that_git_says(
        files in proptest::collection::vec((a_file(), an_edit()), NAMES.len()),
        options in proptest::sample::subsequence(
            vec!["-M", "--binary", "-U0", "--full-index", "--function-context", "-C", "--src-prefix=i/", "--no-prefix"], 0..5),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (before, after) = two_trees(folder, &files);
        let trees = [before.as_str(), after.as_str()];
        let patch = git(folder, &[&["diff-tree", "-p"], &options[..], &trees[..]].concat(), "").unwrap();

        let ours = parse(&patch);
        prop_assert!(!ours.torn);
        let text = |path: &Option<std::borrow::Cow<str>>| path.as_ref().map(|p| p.to_string());
        let statuses: Vec<_> = ours.files.iter().map(|f| (f.status, text(&f.old), text(&f.new))).collect();
        let no_prefix = options.contains(&"--no-prefix");
        if !no_prefix {
            prop_assert_eq!(&statuses, &name_status(folder, &options, &trees));
            if !patch.is_empty() {
                prop_assert_eq!(&our_numstat(&ours), &numstat(folder, &patch).unwrap());
            }
        }
        // Harnesses trim the final newline.
        if let Some(trimmed) = patch.strip_suffix('\n') {
            prop_assert_eq!(our_numstat(&parse(trimmed)), our_numstat(&ours));
            prop_assert_eq!(counts(trimmed), count(&ours));
        }
        // SWE-Gym's lines end with \r\n; git reads some of their heads otherwise, or not at all.
        let windows = patch.replace('\n', "\r\n");
        prop_assert_eq!(our_numstat(&parse(&windows)), our_numstat(&ours));
        let comparable = !no_prefix && !ours.files.iter().any(|file| file.binary);
        if comparable && let Ok(expected) = numstat(folder, &windows) {
            prop_assert_eq!(our_numstat(&parse(&windows)), expected);
        }
    }

    #[test]
    fn a_damaged_patch_counts_as_git_counts_it_and_is_torn_only_where_git_refuses_it(
        files in proptest::collection::vec((a_file(), an_edit()), 4),
        damages in proptest::collection::vec(damage(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (before, after) = two_trees(folder, &files);
        let patch = git(folder, &["diff-tree", "-p", "-M", &before, &after], "").unwrap();
        // Away from the repository: there git leaves out paths of other folders.
        let outside = tempfile::tempdir().unwrap();
        for damage in damages {
            let text = damage.to(&patch);
            let ours = parse(&text);
            let Ok(theirs) = numstat(outside.path(), &text) else { continue };
            let no_change = ours.files.iter().any(|file| file.hunks.is_empty() && !file.binary);
            prop_assert!(!ours.torn || no_change, "{:?}", text);
            // Behind a head that git passes over it calls the next file by that one's name; what it counts stays right.
            let counts = |files: Vec<(String, String, String)>| -> Vec<(String, String)> {
                files.into_iter().map(|(added, deleted, _)| (added, deleted)).collect()
            };
            prop_assert_eq!(counts(our_numstat(&ours)), counts(theirs), "{:?}", text);
        }
    }

    #[test]
    fn any_text_is_read_and_no_byte_is_lost(text in hostile_patch()) {
        let patch = parse(&text);
        let first = patch.files.first().map_or(text.len(), |file| file.range.start);
        let mut pieces = text[..first].to_owned();
        for file in &patch.files {
            prop_assert_eq!(file.range.start, pieces.len());
            pieces.push_str(&text[file.range.clone()]);
            for hunk in &file.hunks {
                prop_assert!(file.range.start <= hunk.range.start && hunk.range.end <= file.range.end);
                prop_assert!(hunk.range.start < hunk.body.start && hunk.body.end == hunk.range.end);
            }
        }
        prop_assert_eq!(&pieces, &text);
        let all: String = lines(&text).map(|line| &text[line.start..line.end]).collect();
        prop_assert_eq!(&all, &text);
        let of_kind = |kind| lines(&text).filter(|line| line.kind == kind).count() as u32;
        let counts = count(&patch);
        prop_assert_eq!(counts.added, of_kind(LineKind::Added));
        prop_assert_eq!(counts.deleted, of_kind(LineKind::Deleted));
        prop_assert_eq!(counts.hunks, of_kind(LineKind::Hunk));
        prop_assert_eq!(counts.files, of_kind(LineKind::File));
        prop_assert!(counts.modified <= counts.added.min(counts.deleted));
        if let Some(overlap) = overlap(&patch, &patch) {
            prop_assert_eq!((overlap.files, overlap.lines), (1.0, 1.0));
        }
    }
}

/// Lines that look like a patch's, in any order, with any ends.
fn hostile_patch() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        proptest::sample::select(&LINES[..]).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "diff --git a/x y b/x y",
            "diff --git ",
            "diff --git \"a/\\303\\244\" \"b/\\3",
            "--- /dev/null",
            "+++ \"b/x\\",
            "rename to y",
            "new file mode 100644",
            "Binary files a/x and b/x differ",
            "@@ -1,99999999999999999999 +1 @@",
            "@@ -1,2 +3,4 @@ fn x()",
            "@@ -",
            " x",
            "+x",
            "-x",
            "\\",
        ])
        .prop_map(str::to_owned),
        ".{0,20}",
    ];
    let end = proptest::sample::select(vec!["\n", "\r\n", "\n\n", ""]);
    proptest::collection::vec((odd, end), 0..60)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + end).collect())
}

/// What may happen to a patch on its way.
#[derive(Debug, Clone)]
enum Damage {
    Cut(usize),
    Without(usize),
    Twice(usize),
    Swapped(usize, usize),
    With(usize, &'static str),
    Instead(usize, &'static str),
}

impl Damage {
    fn to(&self, patch: &str) -> String {
        let mut lines: Vec<&str> = patch.split_inclusive('\n').collect();
        let at = |at: usize| at % lines.len().max(1);
        match *self {
            _ if lines.is_empty() => {}
            Self::Cut(n) => lines.truncate(at(n)),
            Self::Without(n) => drop(lines.remove(at(n))),
            Self::Twice(n) => lines.insert(at(n), lines[at(n)]),
            Self::Swapped(n, m) => {
                let (n, m) = (at(n), at(m));
                lines.swap(n, m);
            }
            Self::With(n, line) => lines.insert(at(n), line),
            Self::Instead(n, line) => {
                let n = at(n);
                lines[n] = line;
            }
        }
        lines.concat()
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let line = || {
        proptest::sample::select(vec![
            "\n",
            " \n",
            "+\n",
            "-\n",
            " x\n",
            "+x\n",
            "-x\n",
            "\\\n",
            "\\ No newline at end of file\n",
            "text\n",
            "diff --git a/x b/x\n",
            "index 1234567..89abcde 100644\n",
            "@@ -+1 +1 @@\n",
            "@@ -1 +1 @@\n",
            "@@ -x\n",
            "@@ -99999999999999999999999 +1 @@\n",
            "@@ -1,99999999999999999999999 +1 @@\n",
            "@@ -1 +99999999999999999999 @@\n",
            "GIT binary patch\n",
            "literal 9\n",
            "Binary files a/x and b/x differ\n",
            "old mode 100644\n",
            "new mode 100755\n",
            "similarity index 100%\n",
            "--- a/x\n",
            "+++ b/x\n",
            "--- /dev/null\n",
            "+++ /dev/null\n",
        ])
    };
    let n = || 0..1000_usize;
    prop_oneof![
        n().prop_map(Damage::Cut),
        n().prop_map(Damage::Without),
        n().prop_map(Damage::Twice),
        (n(), n()).prop_map(|(n, m)| Damage::Swapped(n, m)),
        (n(), line()).prop_map(|(n, line)| Damage::With(n, line)),
        (n(), line()).prop_map(|(n, line)| Damage::Instead(n, line)),
    ]
}
