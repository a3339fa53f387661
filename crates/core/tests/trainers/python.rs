//! A Python with the trainers' data code, in a virtual environment that the first test that wants it makes.
//! It lies in the target folder: nothing of the system is changed, and `cargo clean` removes it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::packages;
use super::venv::{self, kept};

/// Runs a script of this folder on a file and gives what it told, a JSON value.
pub fn tell(script: &str, arguments: &[impl AsRef<OsStr>]) -> Value {
    let cache = tempfile::tempdir_in(kept()).expect("a folder");
    let ran = Command::new(python())
        .arg(folder().join(script))
        .args(arguments)
        .env("PYTHONUTF8", "1")
        // Modules are compiled once, and not beside their sources.
        .env("PYTHONPYCACHEPREFIX", kept().join("pycache"))
        .env("HF_HUB_OFFLINE", "1")
        .env("HF_HOME", cache.path())
        .env("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
        .env("TRANSFORMERS_VERBOSITY", "error")
        .env("TMPDIR", cache.path())
        .output()
        .expect("Python starts");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(
        ran.status.success(),
        "{script} did not take the file.\n{errors}"
    );
    let answer = serde_json::from_slice(&ran.stdout);
    answer.unwrap_or_else(|error| panic!("{script} told no JSON: {error}\n{errors}"))
}

/// The folder of the scripts.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trainers")
}

/// The Python that has the trainers.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let missing = "This test reads the exported rows with the trainers' own code and needs Python 3.11 or newer \
             with venv and pip: sudo apt-get install python3 python3-venv";
        venv::python("trainers", &versions(), missing, install)
    })
}

/// A name for the packages and their versions.
fn versions() -> String {
    packages::version(["requirements.txt", "trainers.txt"].map(|list| folder().join(list)))
}

fn install(python: &Path) {
    let pip = |list: &str, more: &[&str]| {
        let missing = format!(
            "This test reads the exported rows with the trainers' own code; pip could not install the packages of \
             tests/trainers/{list}. It needs Python 3.11 or newer and PyPI"
        );
        packages::install(python, &folder().join(list), more, &missing);
    };
    pip("requirements.txt", &[]);
    // Some say that they want a newer Python than they need for reading rows.
    pip("trainers.txt", &["--no-deps", "--ignore-requires-python"]);
}
