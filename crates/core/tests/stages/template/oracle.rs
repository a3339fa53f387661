//! `transformers` and `tokenizers` in a virtual environment, with a collection of chat templates: nothing is downloaded
//! but packages.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tracesift_testing::python;

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
    let mut file = tempfile::NamedTempFile::new_in(python::kept()).expect("a file");
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stages/template");
    python::tell(&folder.join(script), arguments)
}
