//! Harbor's models of ATIF and their JSON schema, on a file of documents.

use serde_json::Value;
use tracesift_core::export::Options;
use tracesift_core::trace::{RowContext, read};

use super::file::{export, options};
use super::python::tell;
use super::rows;

#[test]
fn harbor_takes_every_document_and_what_it_writes_is_read_as_the_same_run() {
    let options = Options {
        end_at_assistant: false,
        ..options("atif")
    };
    let file = export(&rows::all(), &options);
    assert_eq!(file.refused, [""; 0]);
    let told = tell("with_harbor.py", &[file.path()]);
    let documents: &Vec<Value> = told["rows"].as_array().expect("a list of documents");
    assert_eq!(documents.len(), file.rows.len());
    for (document, row) in documents.iter().zip(&file.rows) {
        let document = document.to_string();
        let again = read(&document, &RowContext::default()).expect("a document");
        assert!(again == row.trajectory, "{document}");
    }
}
