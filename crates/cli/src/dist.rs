//! Writes the page as a folder for any static host: optimized, each name with its content's hash, paths relative.
//! A host may then keep every hashed file for ever, and the page works below any path.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::site::Site;

/// Hexadecimal digits of a file's hash in its name.
const HASH_DIGITS: usize = 12;

/// WebAssembly features that every browser of the last three years has. Not `--all-features`: that writes
/// encodings which no browser reads yet.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// What a static Hugging Face Space reads about itself.
const SPACE: &str = "---
title: tracesift
colorFrom: indigo
colorTo: green
sdk: static
app_file: index.html
hf_oauth: true
hf_oauth_scopes:
  - contribute-repos
pinned: false
short_description: Agent trajectories on the Hub, turned into SFT data
---

This Space holds the built page of tracesift and no server: all work is done in the visitor's browser.
";

/// Why the folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DistError {
    /// A file or folder can't be written or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// wasm-opt is there and fails.
    #[error("wasm-opt can't optimize {name}; update it or take it off the PATH:\n{messages}")]
    WasmOpt {
        /// The file.
        name: String,
        /// Its messages.
        messages: String,
    },
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> DistError {
    let path = path.to_owned();
    move |source| DistError::Io { path, source }
}

/// The oldest wasm-opt that is used. Version 108, which Debian 12 has, confuses the tables of a program with reference
/// types, so that the page does not start.
const OLDEST: u32 = 120;

/// The version of the wasm-opt on the PATH.
fn version() -> Option<u32> {
    let said = Command::new("wasm-opt").arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let (_, rest) = said.split_once("version ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Runs wasm-opt over the WebAssembly where it is found and new enough; says so where it is not.
pub fn optimized(mut site: Site) -> Result<Site, DistError> {
    match version() {
        Some(version) if version >= OLDEST => {}
        found => {
            let found = found.map_or_else(
                || "is not on the PATH".to_owned(),
                |version| format!("is of version {version}, which is older than {OLDEST}"),
            );
            eprintln!(
                "wasm-opt {found}, so the WebAssembly stays a little larger (binaryen has a new one)."
            );
            return Ok(site);
        }
    }
    for (name, bytes) in &mut site.0 {
        if name.ends_with(".wasm") {
            *bytes = wasm_opt(name, bytes)?;
        }
    }
    Ok(site)
}

/// One file through wasm-opt: workers for speed, all else for size.
fn wasm_opt(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DistError> {
    let scratch = std::env::temp_dir().join(format!("tracesift-{}-{name}", std::process::id()));
    fs::write(&scratch, bytes).map_err(io_error(&scratch))?;
    let is_fast = ["worker", "frame"]
        .iter()
        .any(|program| name.starts_with(program));
    let level = if is_fast { "-O3" } else { "-Os" };
    let ran = Command::new("wasm-opt")
        .arg(level)
        .args(FEATURES)
        .arg(&scratch)
        .arg("-o")
        .arg(&scratch)
        .output();
    let smaller = fs::read(&scratch);
    let _ = fs::remove_file(&scratch);
    let ran = ran.map_err(io_error(Path::new("wasm-opt")))?;
    if !ran.status.success() {
        let messages = String::from_utf8_lossy(&ran.stderr).into_owned();
        return Err(DistError::WasmOpt {
            name: name.to_owned(),
            messages,
        });
    }
    smaller.map_err(io_error(&scratch))
}

/// Gives scripts, styles and WebAssembly names with their hash, and every reference to them the new name.
pub fn with_hashed_names(site: Site) -> Site {
    let mut levels: BTreeMap<Depth, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for (name, bytes) in site.0 {
        levels.entry(depth(&name)).or_default().push((name, bytes));
    }
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut hashed = Site::default();
    for (depth, mut files) in levels {
        for (_, bytes) in &mut files {
            *bytes = with_new_references(std::mem::take(bytes), &renamed);
        }
        let names = new_names(depth, &files);
        for (_, bytes) in &mut files {
            *bytes = with_new_references(std::mem::take(bytes), &names);
        }
        let named = names.iter().zip(files);
        let named = named.map(|((_, new), (_, bytes))| (new.clone(), bytes));
        hashed.0.extend(named);
        renamed.extend(names);
    }
    hashed
}

/// Old and new name of each file of one depth. Files of one program refer to each other in circles, so that each takes
/// its hash from all of them.
fn new_names(depth: Depth, files: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    let new = |(name, _): &(String, Vec<u8>)| {
        let new = match depth {
            Depth::Entry => name.clone(),
            _ => {
                let program = files.iter().filter(|(other, _)| of(other) == of(name));
                hashed_name(name, program.map(|(_, bytes)| bytes.as_slice()))
            }
        };
        (name.clone(), new)
    };
    files.iter().map(new).collect()
}

/// The program that a file belongs to: `page` of `page.parts.js`.
fn of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// How far a file stands from the entry: a file refers only to files that come before it in this order, or beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// WebAssembly, styles, the libraries' scripts.
    Leaf,
    /// The bindings.
    Module,
    /// What starts a program.
    Starter,
    /// What others link to, so that its name must stay: the shell, icons, the manifest.
    Entry,
}

fn depth(name: &str) -> Depth {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" if name.starts_with("snippets/") => Depth::Leaf,
        "js" if name.ends_with(".start.js") => Depth::Starter,
        "js" => Depth::Module,
        "wasm" | "css" => Depth::Leaf,
        _ => Depth::Entry,
    }
}

/// `worker.start.js` → `worker.start.0123456789ab.js`.
fn hashed_name<'a>(name: &str, contents: impl Iterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    contents.for_each(|bytes| digest.update(bytes));
    let hash: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    let hash = hash.get(..HASH_DIGITS).unwrap_or(&hash);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

/// Replaces names where they stand as a whole quoted text, with or without `./`; leaves everything else alone.
fn with_new_references(bytes: Vec<u8>, renamed: &[(String, String)]) -> Vec<u8> {
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(binary) => return binary.into_bytes(),
    };
    for (old, new) in renamed {
        for (open, close) in [("\"", "\""), ("'", "'"), ("\"./", "\""), ("'./", "'")] {
            text = with_new_name(
                &text,
                &format!("{open}{old}{close}"),
                &format!("{open}{new}{close}"),
            );
        }
    }
    text.into_bytes()
}

/// Replaces a quoted name, but not where it is the key of an object: the bindings give the WebAssembly its imports
/// by the names that it was linked with.
fn with_new_name(text: &str, old: &str, new: &str) -> String {
    let mut pieces = text.split(old);
    let mut replaced = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        replaced += if piece.starts_with(':') { old } else { new };
        replaced += piece;
    }
    replaced
}

/// Writes the files and prints their sizes. Files of an earlier run are removed, so that a host gets only these.
pub fn write(site: &Site, out: &Path, space: bool) -> Result<(), DistError> {
    fs::create_dir_all(out).map_err(io_error(out))?;
    remove_hashed(out)?;
    for (name, bytes) in &site.0 {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io_error(folder))?;
        }
        fs::write(&path, bytes).map_err(io_error(&path))?;
        println!("{:>11}  {name}", bytes.len());
    }
    if space {
        let path = out.join("README.md");
        fs::write(&path, SPACE).map_err(io_error(&path))?;
    }
    eprintln!(
        "{} holds the page: copy it to any static host.",
        out.display()
    );
    Ok(())
}

/// Removes files whose names bear a hash of ours; anything else in the folder is somebody's.
fn remove_hashed(out: &Path) -> Result<(), DistError> {
    for entry in fs::read_dir(out).map_err(io_error(out))? {
        let path = entry.map_err(io_error(out))?.path();
        if path.is_file()
            && path
                .file_name()
                .is_some_and(|name| bears_hash(&name.to_string_lossy()))
        {
            fs::remove_file(&path).map_err(io_error(&path))?;
        }
    }
    Ok(())
}

fn bears_hash(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let (extension, hash) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    matches!(extension, "js" | "css" | "wasm")
        && hash.len() == HASH_DIGITS
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}
