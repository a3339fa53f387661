//! Rows of Parquet files: every row as the writer's own library reads it, and no file that breaks the reader.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod drive;

#[test]
fn adhoc() {
    let truth: Vec<String> = std::fs::read_to_string("/tmp/pq/truth.jsonl")
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let mut names: Vec<_> = std::fs::read_dir("/tmp/pq")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "parquet"))
        .collect();
    names.sort();
    for name in names {
        let mut served = drive::Served::new(std::fs::read(&name).unwrap());
        let begun = std::time::Instant::now();
        let rows = served.all(16).unwrap_or_else(|e| panic!("{name:?}: {e}"));
        assert_eq!(rows.len(), truth.len(), "{name:?}");
        for (i, (a, b)) in rows.iter().zip(&truth).enumerate() {
            if a != b {
                let at = a
                    .bytes()
                    .zip(b.bytes())
                    .position(|(x, y)| x != y)
                    .unwrap_or(a.len().min(b.len()));
                panic!(
                    "{name:?} row {i} at {at}: …{} | …{}",
                    String::from_utf8_lossy(
                        &a.as_bytes()[at.saturating_sub(40)..a.len().min(at + 60)]
                    ),
                    String::from_utf8_lossy(
                        &b.as_bytes()[at.saturating_sub(40)..b.len().min(at + 60)]
                    )
                );
            }
        }
        eprintln!(
            "{:?} {:?} asked {}",
            name.file_name().unwrap(),
            begun.elapsed(),
            served.asked
        );
    }
}
