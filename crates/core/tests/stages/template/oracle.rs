//! `transformers` and `tokenizers` in a virtual environment, with a collection of chat templates: nothing is downloaded
//! but packages.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::template::{packages, venv};

/// What is rendered.
#[derive(Debug, Serialize)]
pub struct Case {
    /// The template's text.
    pub template: String,
    /// The row as the default export writes it.
    pub line: String,
    /// Whether arguments are given as objects.
    pub objects: bool,
    pub add_generation_prompt: bool,
    pub bos_token: Option<String>,
    pub eos_token: Option<String>,
}

/// What came of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rendered {
    Text(String),
    Error(String),
}

/// The cases by `transformers`.
pub fn render(cases: &[Case]) -> Vec<Rendered> {
    let mut file = tempfile::NamedTempFile::new_in(venv::kept()).expect("a file");
    file.write_all(&serde_json::to_vec(cases).expect("JSON"))
        .expect("the cases");
    tell("render.py", &[file.path()])
}

/// Chat templates of models of the Hub, by name.
pub fn collection() -> BTreeMap<String, String> {
    tell("render.py", &[])
}

/// Runs a script of this folder and gives what it told.
pub fn tell<T: DeserializeOwned>(script: &str, arguments: &[&Path]) -> T {
    let ran = Command::new(python())
        .arg(folder().join(script))
        .args(arguments)
        .env("PYTHONUTF8", "1")
        .env("PYTHONPYCACHEPREFIX", venv::kept().join("pycache"))
        .env("HF_HUB_OFFLINE", "1")
        .env("TRANSFORMERS_VERBOSITY", "error")
        .output()
        .expect("Python starts");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{script} failed.\n{errors}");
    serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|error| panic!("{script} told something else: {error}\n{errors}"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages/template")
}

fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let missing = "This test renders chat templates with transformers and needs Python 3.10 or newer with venv and \
             pip: sudo apt-get install python3 python3-venv";
        let version = packages::version(LISTS.map(|(list, _)| folder().join(list)));
        venv::python("template", &version, missing, install)
    })
}

/// The lists of packages, and what pip is told besides.
const LISTS: [(&str, &[&str]); 2] = [
    ("requirements.txt", &[]),
    ("collection.txt", &["--no-deps"]),
];

fn install(python: &Path) {
    for (list, more) in LISTS {
        let missing =
            format!("pip could not install the packages of tests/template/{list}; it needs PyPI");
        packages::install(python, &folder().join(list), more, &missing);
    }
}
