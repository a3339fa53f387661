//! The program that drives Chromium: found, started on a free port, and ended with all that it started.
//! Where it or Chromium is missing, the test fails with the command that installs both.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

const INSTALL: &str = "install both with: sudo apt-get install chromium chromium-driver";

/// Runs the driver and ends it with all that it started, Chromium among them, as soon as nobody holds the other end of
/// the standard input: libtest ends its program without a word to what its tests have left.
#[cfg(unix)]
const WATCHED: &str = r#"
    profile=$1; shift
    "$@" & read -r _
    trap : TERM; kill -TERM 0; sleep 1; rm -rf -- "$profile"; kill -KILL 0
"#;

/// Whether a Chromium that is left running ends with the test program.
pub const IS_WATCHED: bool = cfg!(unix);

/// A running chromedriver.
pub struct ChromeDriver {
    process: Child,
    port: u16,
    /// What it and Chromium say.
    log: NamedTempFile,
}

impl ChromeDriver {
    /// Starts one for a Chromium on this profile and waits until it listens.
    pub fn start(profile: &Path) -> Self {
        let program = std::env::var_os("CHROMEDRIVER")
            .map(PathBuf::from)
            .or_else(|| in_path("chromedriver"))
            .unwrap_or_else(|| {
                panic!("chromedriver, which drives Chromium in these tests, is missing; {INSTALL}")
            });
        let port = free_port().expect("a free port for chromedriver");
        let log = NamedTempFile::new().expect("a file for the log");
        let said = || Stdio::from(log.reopen().expect("the log can be written"));
        let process = watched(&program, profile)
            .arg(format!("--port={port}"))
            .arg("--enable-chrome-logs")
            .stdin(Stdio::piped())
            .stdout(said())
            .stderr(said())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{} does not start: {error}; {INSTALL}", program.display())
            });
        let driver = Self { process, port, log };
        driver.wait_until_it_listens();
        driver
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The last lines of what it and Chromium said.
    pub fn last_words(&self) -> String {
        let said = std::fs::read(self.log.path()).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        // Of a desktop's services, which a test has none of, it speaks most.
        let lines: Vec<&str> = said.lines().filter(|line| !line.contains("dbus")).collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    fn wait_until_it_listens(&self) {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "chromedriver does not answer"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for ChromeDriver {
    /// Ends it with all that it started.
    fn drop(&mut self) {
        if IS_WATCHED {
            // It leads its group of processes.
            let group = format!("-{}", self.process.id());
            let kill = Command::new("kill").args(["-KILL", "--", &group]).status();
            kill.ok();
        }
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The driver's program, watched where the system can do that.
#[cfg(unix)]
fn watched(program: &Path, profile: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCHED, "sh"]).args([profile, program]);
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    shell
}

/// The driver's program, watched where the system can do that.
#[cfg(not(unix))]
fn watched(program: &Path, _: &Path) -> Command {
    Command::new(program)
}

/// The Chromium to drive: of the variable `CHROMIUM`, or by its usual names.
pub fn chromium() -> String {
    let program = std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(in_path)
    });
    let program = program.unwrap_or_else(|| {
        panic!("Chromium, which shows the page in these tests, is missing; {INSTALL}")
    });
    program.display().to_string()
}

/// The processes of the Chromium that runs on a profile.
pub fn processes_of(profile: &Path) -> Vec<u32> {
    let mark = format!("--user-data-dir={}", profile.display());
    let marked = |process: u32| {
        std::fs::read(format!("/proc/{process}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(&mark))
    };
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&process| marked(process))
        .collect()
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
