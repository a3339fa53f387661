//! The native program: what it serves, what it refuses to serve, and what it writes for a host.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod folder; // what every folder that `dist` writes holds

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tracesift");

/// A server of the page; it ends with the test.
struct Served {
    child: Child,
    host: String,
}

impl Served {
    fn start() -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--no-open"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let host = line.trim().strip_prefix("http://").unwrap();
        let host = host.strip_suffix('/').unwrap().to_owned();
        Self { child, host }
    }

    /// The answer's head and body; the path is sent as it is.
    fn get(&self, path: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let host = &self.host;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let body = answer.split_off(end + 4);
        (
            String::from_utf8(answer).unwrap().to_ascii_lowercase(),
            body,
        )
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_is_served_with_the_types_that_browsers_ask_for_and_is_never_kept() {
    let served = Served::start();
    let (head, body) = served.get("/?dataset=demo");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/html"), "{head}");
    let html = String::from_utf8(body).unwrap();
    assert!(html.contains("id=\"app\""), "{html}");
    for (path, kind) in [
        ("/page.js", "text/javascript"),
        ("/page_bg.wasm", "application/wasm"),
        ("/style.css", "text/css"),
        ("/icon.svg", "image/svg+xml"),
        ("/tracesift.webmanifest", "application/manifest+json"),
    ] {
        let (head, body) = served.get(path);
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        assert!(
            head.contains(&format!("content-type: {kind}")),
            "{path}: {head}"
        );
        assert!(head.contains("cache-control: no-store"), "{path}: {head}");
        assert!(!body.is_empty(), "{path} is empty");
    }
    for name in folder::references(&html) {
        let (head, _) = served.get(&format!("/{name}"));
        assert!(head.starts_with("http/1.1 200"), "{name}: {head}");
    }
}

#[test]
fn a_worker_is_told_what_it_may_do_by_the_answer_that_its_script_comes_in() {
    let served = Served::start();
    let policy_of = |path: &str| {
        let (head, _) = served.get(path);
        let policy = head
            .lines()
            .find_map(|line| line.strip_prefix("content-security-policy: "));
        policy.map(str::to_owned)
    };
    let html = String::from_utf8(served.get("/").1).unwrap();
    let workers: Vec<String> = html
        .split("<meta name=\"tracesift-")
        .skip(1)
        .filter_map(|meta| {
            Some(
                meta.split_once("content=\"")?
                    .1
                    .split_once('"')?
                    .0
                    .to_owned(),
            )
        })
        .collect();
    assert_eq!(workers.len(), 3, "{workers:?}");
    for script in workers {
        let policy = policy_of(&format!("/{script}")).unwrap_or_default();
        for rule in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            // Any server: the address may name a mirror; and files of a model that the user chose.
            "connect-src * blob:",
        ] {
            assert!(
                policy.split("; ").any(|told| told == rule),
                "{script}: {policy}"
            );
        }
        assert!(!policy.contains("'unsafe-"), "{script}: {policy}");
    }
    assert_eq!(policy_of("/"), None, "the page's policy is in its shell");
}

#[test]
fn a_path_outside_the_page_is_refused() {
    let served = Served::start();
    for path in [
        "/../Cargo.toml",
        "/www/../../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/..\\Cargo.toml",
        "//etc/passwd",
        "/Cargo.toml",
        "/src/main.rs",
        "/",
    ] {
        let (head, body) = served.get(path);
        let is_page = path == "/";
        assert_eq!(head.starts_with("http/1.1 200"), is_page, "{path}: {head}");
        assert!(!body.windows(9).any(|part| part == b"[package]"), "{path}");
    }
}

#[test]
fn a_port_in_use_is_named_before_anything_is_built() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(PROGRAM)
        .args(["--no-open", "--port", &port])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
    assert!(!said.contains("Building"), "{said}");
}

#[test]
fn an_unknown_option_is_explained() {
    let output = Command::new(PROGRAM)
        .args(["dist", "--sapce"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("--sapce"), "{said}");
}

#[test]
fn every_file_that_dist_refers_to_exists_and_is_named_without_a_root() {
    folder::check_references(dist());
}

#[test]
fn a_hashed_name_holds_the_hash_of_the_file() {
    folder::check_hashes(dist());
}

#[test]
fn dist_removes_its_own_older_files_and_keeps_those_of_others() {
    let names = folder::files(dist());
    assert!(!names.contains("style.00aa00aa00aa.css"), "{names:?}");
    assert!(names.contains("CNAME"), "{names:?}");
}

#[test]
fn a_space_is_told_that_it_is_static() {
    let readme = fs::read_to_string(dist().join("README.md")).unwrap();
    let (front, _) = readme
        .strip_prefix("---\n")
        .unwrap()
        .split_once("\n---\n")
        .unwrap();
    assert!(front.lines().any(|line| line == "sdk: static"), "{front}");
    assert!(
        front.lines().any(|line| line == "app_file: index.html"),
        "{front}"
    );
}

/// The page as `dist --quick` writes it, built once for all tests here, into a folder that held something before.
fn dist() -> &'static Path {
    static DIST: OnceLock<PathBuf> = OnceLock::new();
    DIST.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dist");
        let _ = fs::remove_dir_all(&out);
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("style.00aa00aa00aa.css"), "older").unwrap();
        fs::write(out.join("CNAME"), "example.org").unwrap();
        let built = Command::new(PROGRAM)
            .args(["dist", "--quick", "--space"])
            .arg("--out")
            .arg(&out)
            .status();
        assert!(built.unwrap().success(), "dist fails");
        out
    })
}
