//! The page's files in memory, by their path: the shell, what lies in `www/`, and the programs with their starters.
//! Only what is listed here is ever served or written.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::build::Program;

/// What a worker may do. A worker is under the policy of its own script's answer, never under that of the page that
/// starts it, so that this is a header of scripts. Code comes only from where the worker comes from, and WebAssembly may
/// be compiled; the address may name any server for the Hub's two APIs, and a model's files may be ones that the user
/// chose (`blob:`). On a page's own scripts the header has no effect: there the page's policy holds.
pub const WORKER_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src * blob:";

/// The `Content-Security-Policy` of a file's answer, where it needs one: the page's own is in its shell.
pub fn content_policy(path: &str) -> Option<&'static str> {
    path.ends_with(".js").then_some(WORKER_POLICY)
}

/// The page's files: path with forward slashes, bytes.
#[derive(Default)]
pub struct Site(pub BTreeMap<String, Vec<u8>>);

/// A file of the project could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{} can't be read: {source}", path.display())]
pub struct SiteError {
    path: PathBuf,
    source: io::Error,
}

impl Site {
    /// Brings together `index.html`, `www/` and the programs.
    pub fn assemble(root: &Path, programs: Vec<Program>) -> Result<Self, SiteError> {
        let mut site = Self::default();
        site.0
            .insert("index.html".to_owned(), read(&root.join("index.html"))?);
        site.add_folder(&root.join("www"), "")?;
        for program in programs {
            site.add_program(program);
        }
        Ok(site)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str) -> Result<(), SiteError> {
        let failed = |source| SiteError {
            path: folder.to_owned(),
            source,
        };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                self.add_folder(&path, &format!("{prefix}{name}/"))?;
            } else {
                self.0.insert(format!("{prefix}{name}"), read(&path)?);
            }
        }
        Ok(())
    }

    fn add_program(&mut self, program: Program) {
        let Program {
            name,
            javascript,
            wasm,
            beside,
        } = program;
        self.0
            .insert(format!("{name}.start.js"), starter(&name).into_bytes());
        self.0.insert(format!("{name}.js"), javascript.into_bytes());
        self.0.insert(format!("{name}_bg.wasm"), wasm);
        self.0.extend(beside);
    }
}

/// The module that a page or a `Worker` loads to start a program.
fn starter(name: &str) -> String {
    format!("import init from \"./{name}.js\";\nawait init();\n")
}

fn read(path: &Path) -> Result<Vec<u8>, SiteError> {
    fs::read(path).map_err(|source| SiteError {
        path: path.to_owned(),
        source,
    })
}

/// The content type of a file, by its name.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
