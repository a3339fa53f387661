//! What OpenAI publishes to check a file with: the types of its API, the checks of its cookbook.

use serde_json::{Value, json};

use tracesift_core::export::Options;
use tracesift_core::export::options::Mask;

use super::file::{export, options};
use super::python::tell;
use super::rows;

#[test]
fn openai_finds_no_fault_with_or_without_masks() {
    for failed in [false, true] {
        let options = Options {
            mask: Mask {
                failed,
                ..Mask::NOTHING
            },
            ..options("openai")
        };
        let file = export(&rows::all(), &options);
        assert_eq!(file.refused, [""; 0]);
        let answer = tell("with_openai.py", &[file.path()]);
        assert_eq!(answer["faults"], json!({}));
        let told = answer["rows"].as_array().unwrap();
        assert_eq!(told.len(), file.rows.len());
        for (row, told) in file.rows.iter().zip(told) {
            let messages = told["messages"].as_array().unwrap();
            for ((message, &learned), told) in row
                .trajectory
                .messages
                .iter()
                .zip(&row.learned)
                .zip(messages)
            {
                let content = told["content"].as_str().unwrap();
                assert!(content.ends_with(message.text.as_ref()), "{content:?}");
                assert!(content.contains(message.reasoning.as_ref()), "{content:?}");
                let calls = told["tool_calls"].as_array().map_or(&[][..], Vec::as_slice);
                let names: Vec<&str> = calls
                    .iter()
                    .filter_map(|call| call["function"]["name"].as_str())
                    .collect();
                let expected: Vec<&str> = message
                    .calls
                    .iter()
                    .map(|call| call.name.as_ref())
                    .collect();
                assert_eq!(names, expected);
                let is_masked = told["role"] == "assistant" && !learned;
                assert_eq!(told.get("weight") == Some(&Value::from(0)), is_masked);
            }
        }
    }
}
