//! The native program: what it serves, what it refuses to serve, and what it writes for a host.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

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
    for name in references(&html) {
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
    assert_eq!(workers.len(), 4, "{workers:?}");
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
    let mut reached = BTreeSet::new();
    let mut open = vec!["index.html".to_owned()];
    while let Some(name) = open.pop() {
        let bytes = fs::read(dist().join(&name)).unwrap_or_else(|why| panic!("{name}: {why}"));
        if reached.insert(name.clone()) && !name.ends_with(".wasm") && !name.ends_with(".png") {
            let text = String::from_utf8(bytes).unwrap();
            for reference in references(&text) {
                assert!(
                    !reference.starts_with('/') && !reference.contains(':'),
                    "{name}: {reference}"
                );
                let folder = Path::new(&name).parent().unwrap();
                open.push(folder.join(reference).to_string_lossy().into_owned());
            }
        }
    }
    for program in ["page", "worker", "hub", "parquet", "model"] {
        for part in ["_bg.", ".start.", "."] {
            let found = reached
                .iter()
                .any(|name| name.starts_with(&format!("{program}{part}")));
            assert!(
                found,
                "{program}{part}* is not reached from index.html: {reached:?}"
            );
        }
    }
}

#[test]
fn a_hashed_name_holds_the_hash_of_the_file() {
    let mut hashed = 0;
    let mut of_both = BTreeSet::new();
    for name in files(dist()) {
        let parts: Vec<&str> = name.rsplit('.').collect();
        if !matches!(parts[0], "js" | "css" | "wasm") {
            continue;
        }
        // The page's bindings and the loader of its parts name each other: they share one hash of both.
        if name.ends_with(".js") && name.starts_with("page.") && !name.starts_with("page.start.") {
            of_both.insert(parts[1].to_owned());
            continue;
        }
        let digest = Sha256::digest(fs::read(dist().join(&name)).unwrap());
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(
            digits.starts_with(parts[1]) && parts[1].len() >= 8,
            "{name}: {digits}"
        );
        hashed += 1;
    }
    assert!(hashed >= 10, "only {hashed} hashed files");
    assert_eq!(of_both.len(), 1, "{of_both:?}");
}

#[test]
fn dist_removes_its_own_older_files_and_keeps_those_of_others() {
    let names = files(dist());
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

#[test]
fn a_visitor_fetches_at_most_350_kb_before_a_worker_starts() {
    // What is split off is fetched while the first rows are read.
    let shell = files(dist()).into_iter().filter(|name| {
        let later = ["worker", "hub", "parquet", "model", "split_"]
            .iter()
            .any(|program| name.starts_with(program));
        !later
            && [".html", ".js", ".css", ".wasm"]
                .iter()
                .any(|end| name.ends_with(end))
    });
    let sizes: Vec<(String, usize)> = shell
        .map(|name| {
            (
                name.clone(),
                brotli_size(&fs::read(dist().join(&name)).unwrap()),
            )
        })
        .collect();
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    assert!(total <= 350_000, "{total} bytes: {sizes:?}");
}

/// The page as `dist` writes it, built once for all tests here, into a folder that held something before.
fn dist() -> &'static Path {
    static DIST: OnceLock<PathBuf> = OnceLock::new();
    DIST.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dist");
        let _ = fs::remove_dir_all(&out);
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("style.00aa00aa00aa.css"), "older").unwrap();
        fs::write(out.join("CNAME"), "example.org").unwrap();
        let built = Command::new(PROGRAM)
            .arg("dist")
            .arg("--space")
            .arg("--out")
            .arg(&out)
            .status();
        assert!(built.unwrap().success(), "dist fails");
        out
    })
}

/// The names of all files below a folder, relative to it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).iter().map(|below| format!("{name}/{below}")));
        } else {
            found.insert(name);
        }
    }
    found
}

/// What a file of the page loads: by attributes of HTML, imports and `new URL` of JavaScript, `src` of the manifest.
fn references(text: &str) -> Vec<String> {
    let before = [
        "href=\"",
        "src=\"",
        " from \"",
        " from '",
        "new URL('",
        "new URL(\"",
        "\"src\": \"",
    ];
    let metas = [
        "\"tracesift-worker\" content=\"",
        "\"tracesift-hub\" content=\"",
        "\"tracesift-parquet\" content=\"",
        "\"tracesift-model\" content=\"",
    ];
    let mut found = Vec::new();
    for before in before.iter().chain(&metas) {
        for rest in text.split(before).skip(1) {
            let end = rest.find(['"', '\'']).unwrap();
            found.push(rest[..end].trim_start_matches("./").to_owned());
        }
    }
    found
}

fn brotli_size(bytes: &[u8]) -> usize {
    let mut packed = Vec::new();
    let mut input = bytes;
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut input, &mut packed, &params).unwrap();
    packed.len()
}
