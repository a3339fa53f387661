//! An exported file: its name, size, lines and checksum, counted while it is written.
//! Nobody has to read it again for them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::split::Split;

/// An exported file and its split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitFile {
    /// Its split; manifests say `side`.
    #[serde(rename = "side")]
    pub split: Split,
    /// What it holds.
    #[serde(flatten)]
    pub file: File,
}

/// An exported file, as [`FileCounter`] counted it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its lines, one per row.
    pub lines: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// What is in it, where it is compressed.
    #[serde(default)]
    pub unpacked: Option<Unpacked>,
}

/// The lines of a file that is compressed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// Their bytes.
    pub bytes: u64,
    /// Their SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

/// Counts and hashes a file while it is written.
#[derive(Debug, Clone, Default)]
pub struct FileCounter {
    bytes: u64,
    lines: u64,
    hash: Sha256,
}

impl FileCounter {
    /// Notes the next bytes of the file, cut anywhere.
    pub fn add(&mut self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        self.lines = self.lines.saturating_add(lines as u64);
        self.hash.update(bytes);
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// What was written, under the file's name.
    pub fn file(self, name: &str) -> File {
        File {
            file: name.to_owned(),
            bytes: self.bytes,
            lines: self.lines,
            sha256: hexadecimal(&self.hash.finalize()),
            unpacked: None,
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
