//! A virtual environment of Python in the target folder, which the first test that wants it makes.
//! Nothing of the system is changed, and `cargo clean` removes it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

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

/// The Python of the environment `name-version`, into which `install` puts its packages the first time. Where there is no
/// Python to begin with, `missing` says so.
pub fn python(name: &str, version: &str, missing: &str, install: impl FnOnce(&Path)) -> PathBuf {
    let home = kept().join(format!("{name}-{version}"));
    // Other test programs may run at the same time: the file's lock ends with it.
    let lock = File::create(kept().join(format!("{name}.lock"))).expect("a file to lock");
    lock.lock().expect("the lock");
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let ready = home.join("ready");
    if !(ready.is_file() && python.is_file()) {
        fs::remove_dir_all(&home).ok();
        let system = if cfg!(windows) { "python" } else { "python3" };
        step(
            Command::new(system).args(["-m", "venv"]).arg(&home),
            missing,
        );
        install(&python);
        fs::write(ready, version).expect("the mark of a whole installation");
    }
    python
}

/// Runs a command; where it fails, the sentence says what is missing.
pub fn step(command: &mut Command, missing: &str) {
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
