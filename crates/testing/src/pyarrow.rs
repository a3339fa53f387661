//! A Python with PyArrow, in a virtual environment that the first test that wants it makes.
//! It lies in the target folder: nothing of the system is changed, and `cargo clean` removes it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::venv;
pub use super::venv::kept;

/// The version that is installed.
pub const VERSION: &str = "26.0.1";

/// Runs a script with arguments and gives what it printed.
pub fn run(script: &Path, arguments: &[impl AsRef<OsStr>]) -> String {
    let ran = Command::new(python())
        .arg("-B")
        .arg(script)
        .args(arguments)
        .env("PYTHONUTF8", "1")
        .output()
        .expect("Python starts");
    assert!(
        ran.status.success(),
        "{} failed.\n{}",
        script.display(),
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("the script prints UTF-8")
}

/// The Python that has PyArrow.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let missing = "This test compares with PyArrow and needs Python with venv and pip: \
             sudo apt-get install python3 python3-venv";
        venv::python("pyarrow", VERSION, missing, |python| {
            venv::step(
                Command::new(python)
                    .args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"])
                    .arg(format!("pyarrow=={VERSION}")),
                "This test compares with PyArrow, which pip could not install",
            );
        })
    })
}
