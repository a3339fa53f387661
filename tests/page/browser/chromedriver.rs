//! The program that drives Chromium: found, started on a free port, and ended with all that it started.
//! Where it or Chromium is missing, the test fails with the command that installs both.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

const INSTALL: &str = "install both with: sudo apt-get install chromium chromium-driver";

/// A running chromedriver.
pub struct ChromeDriver {
    process: Child,
    port: u16,
    /// What it and Chromium say.
    log: NamedTempFile,
}

impl ChromeDriver {
    /// Starts one and waits until it listens.
    pub fn start() -> Self {
        let program = std::env::var_os("CHROMEDRIVER")
            .map(PathBuf::from)
            .or_else(|| in_path("chromedriver"))
            .unwrap_or_else(|| {
                panic!("chromedriver, which drives Chromium in these tests, is missing; {INSTALL}")
            });
        let port = free_port().expect("a free port for chromedriver");
        let log = NamedTempFile::new().expect("a file for the log");
        let said = || Stdio::from(log.reopen().expect("the log can be written"));
        let process = Command::new(&program)
            .arg(format!("--port={port}"))
            .arg("--enable-chrome-logs")
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

    /// Ends it, and what is left of the Chromium that ran on this profile.
    pub fn stop(&mut self, profile: &Path) {
        self.process.kill().ok();
        self.process.wait().ok();
        for process in processes_of(profile) {
            Command::new("kill")
                .args(["-KILL", &process.to_string()])
                .status()
                .ok();
        }
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
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
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
