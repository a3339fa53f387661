//! A Python with PyArrow, in a virtual environment that the first test that wants it makes.
//! It lies in the target folder: nothing of the system is changed, and `cargo clean` removes it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The version that is installed.
pub const VERSION: &str = "26.0.1";

/// The folder for what tests make and keep.
pub fn kept() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

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
        let home = kept().join(format!("pyarrow-{VERSION}"));
        // Other test programs may run at the same time: the file's lock ends with it.
        let lock = File::create(kept().join("pyarrow.lock")).expect("a file to lock");
        lock.lock().expect("the lock");
        let python = home.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let ready = home.join("ready");
        if !(ready.is_file() && python.is_file()) {
            fs::remove_dir_all(&home).ok();
            install(&home, &python);
            fs::write(ready, VERSION).expect("the mark of a whole installation");
        }
        python
    })
}

fn install(home: &Path, python: &Path) {
    let system = if cfg!(windows) { "python" } else { "python3" };
    step(
        Command::new(system).args(["-m", "venv"]).arg(home),
        "This test compares with PyArrow and needs Python with venv and pip: \
         sudo apt-get install python3 python3-venv",
    );
    step(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"])
            .arg(format!("pyarrow=={VERSION}")),
        "This test compares with PyArrow, which pip could not install",
    );
}

/// Runs a command; where it fails, the sentence says what is missing.
fn step(command: &mut Command, missing: &str) {
    match command.output() {
        Err(error) => panic!("{missing}\n({error})"),
        Ok(ran) => assert!(
            ran.status.success(),
            "{missing}\n{}{}",
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        ),
    }
}
