//! The files that make.py makes, once a run, and the rows that PyArrow reads in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::support::python;

/// A table in several layouts.
#[derive(Debug, Default)]
pub struct Table {
    /// Its rows, as the datasets server would write them.
    pub rows: Vec<String>,
    /// Each layout's files, in order.
    pub layouts: BTreeMap<String, Vec<Vec<u8>>>,
}

/// A table by its name.
pub fn table(name: &str) -> &'static Table {
    static TABLES: OnceLock<BTreeMap<String, Table>> = OnceLock::new();
    &TABLES.get_or_init(make)[name]
}

fn make() -> BTreeMap<String, Table> {
    let folder = tempfile::tempdir_in(python::kept()).expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet/make.py");
    python::run(&script, &[folder.path()]);
    let entries = fs::read_dir(folder.path()).expect("the files");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for path in paths {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        match name.split_once('-') {
            None => {
                let rows = fs::read_to_string(&path).expect("rows");
                let table = tables.entry(name.to_owned()).or_default();
                table.rows = rows.lines().map(str::to_owned).collect();
            }
            Some((table, layout)) => {
                let (layout, _) = layout.rsplit_once('-').expect("the part's number");
                let table = tables.entry(table.to_owned()).or_default();
                let files = table.layouts.entry(layout.to_owned()).or_default();
                files.push(fs::read(&path).expect("a file"));
            }
        }
    }
    tables
}
