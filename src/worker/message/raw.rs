//! What the repository of a dataset holds for whoever reads it without a table: which files are to be fetched, and words on it.
//! It is found by the files' names; what is in them is known when they are opened.

use serde::{Deserialize, Serialize};

use tracesift_core::ground::words::{self, plural};
use tracesift_core::source::inventory::Skipped;
use tracesift_hub::answer::RepoFile;

/// The files of a dataset as they were uploaded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawFiles {
    /// The commit that they are of.
    pub commit: String,
    /// How many files there are.
    pub all: u64,
    /// Those that are fetched.
    pub fetched: Vec<RepoFile>,
    /// Paths of those that show by their names what the others are.
    pub named: Vec<String>,
    /// How many more could be opened, and their bytes: together they are more than is fetched.
    pub left: (u64, u64),
    /// Those of which a single one is more than is fetched.
    pub too_large: Vec<RepoFile>,
    /// How many are Parquet files.
    pub parquet: u64,
    /// Whether there are so many files that not all of them were listed.
    pub is_cut: bool,
}

impl RawFiles {
    /// The name that a file is opened by: as a folder's files have the folder's name before theirs, it has the dataset's.
    pub fn name(dataset: &str, path: &str) -> String {
        format!("{dataset}/{path}")
    }

    /// Whether there is anything to read.
    pub fn is_readable(&self) -> bool {
        !self.fetched.is_empty()
    }

    /// The bytes of what is fetched.
    pub fn bytes(&self) -> u64 {
        self.fetched
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// How much is fetched: `91 files (14 MB)`; `the first 3,000 of its 10,000 files (1.2 GB)`.
    pub fn words(&self) -> String {
        let (count, bytes) = (self.fetched.len() as u64, words::bytes(self.bytes()));
        match self.left.0 {
            0 if !self.is_cut => format!("{} ({bytes})", plural(count, "file", "files")),
            0 => format!("the first {} ({bytes})", plural(count, "file", "files")),
            left => format!(
                "the first {} of {} ({bytes} of {})",
                words::count(count),
                plural(count.saturating_add(left), "file", "files"),
                words::bytes(self.bytes().saturating_add(self.left.1))
            ),
        }
    }

    /// Why nothing is read: what there is in place of files that can be opened.
    pub fn why_not(&self) -> String {
        if let Some(file) = self.too_large.first() {
            return format!(
                "Its file {} has {}, more than this page fetches: download it, and open it here by “Open files”.",
                words::cut(&file.path, 120),
                words::bytes(file.size)
            );
        }
        if self.left.0 > 0 {
            return format!(
                "Its files are {} together, more than this page fetches: download it, and open a part of it here by “Open a folder”.",
                words::bytes(self.left.1)
            );
        }
        if self.parquet > 0 {
            return format!(
                "It holds {}: download one, and open it here by “Open files”.",
                plural(self.parquet, "Parquet file", "Parquet files")
            );
        }
        match self.all {
            0 => "It holds no files at all. Check the name, or choose another dataset.".to_owned(),
            all => format!(
                "It holds {}, but none of a kind that agent runs come in (JSONL, JSON, CSV, Parquet, archives of these). Choose another dataset.",
                plural(all, "file", "files")
            ),
        }
    }

    /// Files that are left out beforehand.
    pub fn skipped(&self, dataset: &str) -> Vec<Skipped> {
        let skipped = self.too_large.iter().map(|file| Skipped {
            name: Self::name(dataset, &file.path),
            why: format!("{}, more than is fetched", words::bytes(file.size)),
        });
        skipped.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(sizes: &[u64]) -> Vec<RepoFile> {
        let file = |(at, size): (usize, &u64)| RepoFile {
            path: format!("{at}.jsonl"),
            size: *size,
        };
        sizes.iter().enumerate().map(file).collect()
    }

    #[test]
    fn what_is_fetched_is_said_with_its_count_and_its_size() {
        let mut raw = RawFiles {
            all: 3,
            fetched: files(&[1_000_000, 13_000_000]),
            ..RawFiles::default()
        };
        assert_eq!(raw.words(), "2 files (14 MB)");
        raw.left = (9_998, 40_000_000_000);
        assert_eq!(raw.words(), "the first 2 of 10,000 files (14 MB of 40 GB)");
        raw.fetched.truncate(1);
        raw.left = (0, 0);
        assert_eq!(raw.words(), "1 file (1.0 MB)");
        raw.is_cut = true;
        assert_eq!(raw.words(), "the first 1 file (1.0 MB)");
    }

    #[test]
    fn where_nothing_can_be_read_it_is_said_what_there_is_and_what_to_do() {
        let mut raw = RawFiles::default();
        assert!(raw.why_not().contains("no files at all"));
        raw.all = 12;
        assert!(raw.why_not().contains("12 files, but none of a kind"));
        raw.parquet = 2;
        assert!(raw.why_not().contains("2 Parquet files: download one"));
        raw.left = (1, 3_000_000_000);
        assert!(raw.why_not().contains("3.0 GB together"));
        raw.too_large = files(&[9_000_000_000]);
        let why = raw.why_not();
        assert!(why.contains("0.jsonl has 9.0 GB"), "{why}");
        let skipped = raw.skipped("a/b");
        let expected = Skipped {
            name: "a/b/0.jsonl".to_owned(),
            why: "9.0 GB, more than is fetched".to_owned(),
        };
        assert_eq!(skipped, [expected]);
    }
}
