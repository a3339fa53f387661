//! One Python for the tests of all packages: a virtual environment with every package that something is compared with.
//! The first test that wants it makes it in the target folder: nothing of the system is changed, `cargo clean` removes it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// The lists of packages in `crates/testing/python`, and what pip is told besides.
const LISTS: [(&str, &[&str]); 2] = [
    ("requirements.txt", &[]),
    // Some say that they want a newer Python than they need for reading rows.
    ("trainers.txt", &["--no-deps", "--ignore-requires-python"]),
];

/// Runs a script with arguments and gives what it printed. It reaches no network.
pub fn run(script: &Path, arguments: &[impl AsRef<OsStr>]) -> String {
    let scratch = tempfile::tempdir_in(kept()).expect("a folder");
    let ran = Command::new(python())
        .arg(script)
        .args(arguments)
        .env("PYTHONUTF8", "1")
        // Modules are compiled once, and not beside their sources.
        .env("PYTHONPYCACHEPREFIX", kept().join("pycache"))
        .env("HF_HUB_OFFLINE", "1")
        .env("HF_HOME", scratch.path())
        .env("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
        .env("TRANSFORMERS_VERBOSITY", "error")
        .env("TMPDIR", scratch.path())
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

/// Runs a script with arguments and reads the JSON value that it printed.
pub fn tell<T: DeserializeOwned>(script: &Path, arguments: &[impl AsRef<OsStr>]) -> T {
    let told = run(script, arguments);
    serde_json::from_str(&told)
        .unwrap_or_else(|error| panic!("{} told {told:?}: {error}", script.display()))
}

/// The folder for what tests make and keep.
pub fn kept() -> &'static Path {
    static KEPT: OnceLock<PathBuf> = OnceLock::new();
    KEPT.get_or_init(|| {
        // A test program is `target/PROFILE/deps/NAME`; cargo's own folder for what tests make is `target/tmp`.
        let program = std::env::current_exe().expect("a program knows where it is");
        let target = program
            .ancestors()
            .nth(3)
            .expect("a test lies in the target folder");
        let kept = target.join("tmp");
        fs::create_dir_all(&kept).expect("a folder for what tests make");
        kept
    })
}

/// A name for the packages and their versions: other lists are another environment.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hash = Sha256::new();
        for (list, _) in LISTS {
            hash.update(fs::read(script(list)).expect("a list of packages"));
        }
        let digest = hash.finalize();
        let digits = digest[..4].iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    })
}

/// A script or list of this package, by its name.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("python")
        .join(name)
}

/// The environment's Python, with all packages installed.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        // Another test program may be installing: this one waits. The file's lock ends with its program.
        let lock = File::create(kept().join("python.lock")).expect("a file to lock");
        lock.lock().expect("the lock");
        let home = kept().join(format!("python-{}", version()));
        let python = home.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let ready = home.join("ready");
        if !(ready.is_file() && python.is_file()) {
            fs::remove_dir_all(&home).ok();
            make(&home);
            for (list, more) in LISTS {
                install(&python, list, more);
            }
            fs::write(ready, version()).expect("the mark of a whole installation");
        }
        python
    })
}

fn make(home: &Path) {
    let system = if cfg!(windows) { "python" } else { "python3" };
    step(
        Command::new(system).args(["-m", "venv"]).arg(home),
        "This test compares with Python's libraries and needs Python 3.11 or newer with venv and pip: \
         sudo apt-get install python3 python3-venv",
    );
}

fn install(python: &Path, list: &str, more: &[&str]) {
    let missing = format!(
        "This test compares with Python's libraries, and pip could not install the packages of \
         crates/testing/python/{list}. It needs Python 3.11 or newer and PyPI"
    );
    step(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-compile"])
            .args(["--disable-pip-version-check", "--only-binary", ":all:"])
            .args(more)
            .arg("--requirement")
            .arg(script(list)),
        &missing,
    );
}

/// Runs a command; where it fails, the sentence says what is missing.
fn step(command: &mut Command, missing: &str) {
    match command.output() {
        Err(error) => panic!("{missing}.\n({error})"),
        Ok(ran) => assert!(
            ran.status.success(),
            "{missing}.\n{}{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        ),
    }
}
