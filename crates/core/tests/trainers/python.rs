//! A script of this folder, which reads a file with a trainer's own code and tells what it read.
//! The Python that runs it has the trainers; all tests share it.

use std::ffi::OsStr;
use std::path::Path;

use serde_json::Value;
use tracesift_testing::python;

/// Runs a script of this folder on a file and gives what it told, a JSON value.
pub fn tell(script: &str, arguments: &[impl AsRef<OsStr>]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trainers");
    python::tell(&folder.join(script), arguments)
}
