//! A folder that lies elsewhere gives the same runs by the files that are fetched of it as by all of them.

use tracesift_files::{Listed, Most, Wanted, wanted};

use super::folders::job;
use super::opened::open_all;

const ALL: Most = Most {
    files: usize::MAX,
    bytes: u64::MAX,
};

fn listed(files: &[(&str, &[u8])]) -> Vec<Listed> {
    let listed = files.iter().map(|(name, bytes)| Listed {
        name: (*name).to_owned(),
        size: bytes.len() as u64,
    });
    listed.collect()
}

/// The wanted files: names, and bytes of those that are fetched.
fn fetched<'f>(files: &[(&'f str, &'f [u8])], wanted: &Wanted) -> Vec<(&'f str, &'f [u8])> {
    let whole = wanted.fetched.iter().map(|at| files[*at]);
    let named = wanted.named.iter().map(|at| (files[*at].0, &[][..]));
    whole.chain(named).collect()
}

fn names<'f>(files: &[(&'f str, &[u8])], places: &[usize]) -> Vec<&'f str> {
    places.iter().map(|at| files[*at].0).collect()
}

#[test]
fn files_that_can_be_opened_are_fetched_and_no_others() {
    let files: [(&str, &[u8]); 9] = [
        (".gitattributes", b"*"),
        ("README.md", b"# Traces"),
        ("data/train.parquet", b"PAR1"),
        ("pictures/1.png", b"\x89PNG"),
        ("sessions/2.JSONL", b"{}"),
        ("sessions/1.jsonl", b"{}"),
        ("sessions/old.tar.gz", b"\x1f\x8b"),
        ("sessions/.DS_Store", b"x"),
        ("model.safetensors", b"w"),
    ];
    let found = wanted(&listed(&files), ALL);
    assert_eq!(
        names(&files, &found.fetched),
        [
            "sessions/1.jsonl",
            "sessions/2.JSONL",
            "sessions/old.tar.gz"
        ]
    );
    assert_eq!((found.left.len(), found.too_large.len()), (0, 0));
}

#[test]
fn a_jobs_trials_are_the_same_runs_by_what_is_fetched_of_them() {
    let mut files = job();
    files.push(("job/t__5/config.json", b"{\"task_name\":\"t\"}"));
    files.push(("job/t__5/trial.log", b"died"));
    let found = wanted(&listed(&files), ALL);
    let fetched = fetched(&files, &found);
    let bytes = fetched.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    assert!(bytes < files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>());
    let (all, some) = (open_all(&files), open_all(&fetched));
    assert_eq!(all.rows.len(), 5);
    assert_eq!(some.rows, all.rows);
    assert_eq!(some.skipped(), all.skipped());
}

#[test]
fn where_there_are_too_many_the_first_ones_are_fetched_and_trials_are_never_cut() {
    let mut files = job();
    files.insert(0, ("a.jsonl", b"{\"messages\":[]}"));
    files.push(("z.jsonl", b"{}"));
    // Six files: the single one, the first trial's four, and the first of the second trial.
    let most = Most { files: 6, ..ALL };
    let found = wanted(&listed(&files), most);
    let kept = names(&files, &found.fetched);
    assert_eq!(kept.len(), 5, "{kept:?}");
    assert!(kept.iter().all(|name| !name.contains("t__2")), "{kept:?}");
    assert_eq!(names(&files, &found.left).last(), Some(&"z.jsonl"));
    let opened = open_all(&fetched(&files, &found));
    assert_eq!(opened.names(), ["a.jsonl", "job/t__1"]);
    assert_eq!(opened.skipped(), []);
    // By their bytes it is the same, and one that is too large by itself does not stand in the way of the others.
    files.push(("b.jsonl", &[b' '; 5_000]));
    let found = wanted(
        &listed(&files),
        Most {
            bytes: 4_000,
            ..ALL
        },
    );
    assert_eq!(names(&files, &found.too_large), ["b.jsonl"]);
    assert_eq!(names(&files, &found.fetched).last(), Some(&"z.jsonl"));
}
