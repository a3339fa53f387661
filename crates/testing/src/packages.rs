//! Lists of Python packages, each of which pip installs into a virtual environment.
//! Other lists are another environment: its name holds their checksum.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::venv::step;

/// A name for the packages of these lists and their versions.
pub fn version(lists: impl IntoIterator<Item = PathBuf>) -> String {
    let mut hash = Sha256::new();
    for list in lists {
        hash.update(fs::read(list).expect("a list of packages"));
    }
    let digest = hash.finalize();
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Installs the packages of a list; `more` is what pip is told besides. Where that fails, the sentence says what is
/// missing.
pub fn install(python: &Path, list: &Path, more: &[&str], missing: &str) {
    step(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-compile"])
            .args(["--disable-pip-version-check", "--only-binary", ":all:"])
            .args(more)
            .arg("--requirement")
            .arg(list),
        missing,
    );
}
