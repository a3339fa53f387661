//! Rows with images, read by the loaders of the trainers that find images in a line.

use std::ffi::OsStr;

use serde_json::{Value, json};

use super::file::{export, options};
use super::python::tell;

/// A row without images, one with an image of the user's, and one with an image that a tool shows.
fn rows() -> Vec<String> {
    let image = |url: &str| json!({"type": "image_url", "image_url": {"url": url}});
    let text = |text: &str| json!({"type": "text", "text": text});
    let rows = [
        json!({"messages": [
            {"role": "user", "content": "Hello."},
            {"role": "assistant", "content": "Yes?"},
        ]}),
        json!({"messages": [
            {"role": "user", "content": [text("Like this:"), image("https://x/a.png"), text("please.")]},
            {"role": "assistant", "content": "Done."},
        ]}),
        json!({"messages": [
            {"role": "user", "content": [image("https://x/b.png"), image("https://x/c.png")]},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}},
            ]},
            {"role": "tool", "tool_call_id": "c", "content": [text("Now:"), image("now.png")]},
            {"role": "assistant", "content": "Done."},
        ], "tools": [{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}}]}),
    ];
    rows.map(|row| row.to_string()).into()
}

/// Each image is where its mark is, in the order of the row.
fn check(told: &Value, images: &[&[&str]]) {
    let told = told["rows"].as_array().unwrap();
    assert_eq!(told.len(), images.len());
    for (row, images) in told.iter().zip(images) {
        assert_eq!(row["images"], json!(images));
        let texts = row["texts"].as_array().unwrap().iter();
        let texts: Vec<&str> = texts.map(|text| text.as_str().unwrap()).collect();
        assert_eq!(texts.join("\n").matches("<image>").count(), images.len());
        assert!(!texts.concat().contains("[image]"), "{texts:?}");
    }
}

const ALL: [&[&str]; 3] = [
    &[],
    &["https://x/a.png"],
    &["https://x/b.png", "https://x/c.png", "now.png"],
];

#[test]
fn llamafactory_finds_as_many_images_as_marks() {
    let file = export(&rows(), &options("llamafactory"));
    let folder = file.beside("");
    let arguments = [folder.as_os_str(), OsStr::new("rows")];
    check(&tell("with_llamafactory_images.py", &arguments), &ALL);
}

#[test]
fn swift_finds_as_many_images_as_marks() {
    let file = export(&rows(), &options("swift"));
    check(&tell("with_swift_images.py", &[file.path()]), &ALL);
}

#[test]
fn openai_finds_no_fault_with_images_of_the_user() {
    let file = export(&rows(), &options("openai"));
    let answer = tell("with_openai.py", &[file.path()]);
    assert_eq!(answer["faults"], json!({}));
    let content = &answer["rows"][2]["messages"][0]["content"];
    let urls = content.as_array().unwrap().iter();
    let urls: Vec<&Value> = urls
        .filter_map(|part| part["image_url"].get("url"))
        .collect();
    assert_eq!(urls, ["https://x/b.png", "https://x/c.png"]);
    assert_eq!(
        answer["rows"][2]["messages"][2]["content"],
        "Now:\n\n[image]"
    );
}
