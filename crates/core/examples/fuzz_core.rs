//! The core's readers against mutated inputs: `cargo run --release -p tracesift-core --example fuzz_core -- --seconds 60 --seed 1`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken promise ends the program"
)]

use std::process::ExitCode;

use tracesift_core::export::writer::Writer;
use tracesift_core::export::{Format, Options, Origin};
use tracesift_core::patch::{count, lines, parse};
use tracesift_core::recipe::address;
use tracesift_core::source::demo;
use tracesift_core::source::file::{Splitter, each_row};
use tracesift_core::tokens::template::{Edges, Template};
use tracesift_core::{measure, trace, view};
use tracesift_testing::fuzz::{self, Reader};

fn main() -> ExitCode {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let rows: Vec<Vec<u8>> = (0..6).map(|row| demo::row(1, row).into_bytes()).collect();
    let files = [
        rows.join(&b'\n'),
        [b"[".to_vec(), rows.join(&b','), b"]".to_vec()].concat(),
    ];
    let python_rows = PYTHON_ROWS.iter().map(|row| row.as_bytes().to_vec());
    let rows: Vec<Vec<u8>> = rows.into_iter().chain(python_rows).collect();
    fuzz::main(vec![
        Reader {
            name: "row",
            seeds: rows.clone(),
            pieces: &ROW_PIECES,
            check: read_row,
        },
        Reader {
            name: "export",
            seeds: rows,
            pieces: &ROW_PIECES,
            check: export_row,
        },
        Reader {
            name: "python",
            seeds: texts(&PYTHON),
            pieces: &PYTHON_PIECES,
            check: read_python,
        },
        Reader {
            name: "file",
            seeds: files.to_vec(),
            pieces: &[
                "\n", "\r\n", "\u{feff}", "[", "]", ",", "{", "}", "\"", "\\",
            ],
            check: read_file,
        },
        Reader {
            name: "patch",
            seeds: texts(&PATCHES),
            pieces: &PATCH_PIECES,
            check: read_patch,
        },
        Reader {
            name: "template",
            seeds: texts(&TEMPLATES),
            pieces: &TEMPLATE_PIECES,
            check: read_template,
        },
        Reader {
            name: "address",
            seeds: texts(&ADDRESSES),
            pieces: &["&", "=", ",", "..", "!", "%", "%2C", "+", "#"],
            check: read_address,
        },
    ])
}

const ROW_PIECES: [&str; 15] = [
    "\"",
    "\\\"",
    "{",
    "[",
    "]",
    "}",
    "'",
    "\\u0000",
    "null",
    "<function=a>",
    "</function>",
    "```",
    "\\n",
    "tool",
    "assistant",
];

/// Rows whose conversations are Python's text.
const PYTHON_ROWS: [&str; 2] = [
    r#"{"trajectory": "[{'role': 'user', 'content': 'Fix \"it\".\\n'}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'a', 'function': {'name': 'bash', 'arguments': '{}'}}]}]", "resolved": true}"#,
    r#"{"messages": "[{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": \"<think>a</think>\\n```bash\\nls\\n```\"}]", "patch": "", "exit_status": "submitted"}"#,
];

/// Conversations as Python prints them.
const PYTHON: [&str; 3] = [
    "[{'role': 'user', 'content': 'Fix \"it\".\\n\\x41\\u00e4\\U0001f642\\''}, {'role': 'assistant', 'content': None, 'tool_calls': [{'id': 'a', 'function': {'name': 'bash', 'arguments': '{\"command\": \"ls\"}'}}]}, {'role': 'tool', 'content': \"it's\", 'tool_call_id': 'a'}]",
    "({'role': 'user', 'content': [{'type': 'text', 'text': 'x'}], 'masked': True, 'cost': -1.5e-3}, {'role': 'assistant', 'content': '', 'tokens': (), 'more': {}},)",
    "[{'role': 'system', 'content': 'a'\n 'b'}, {'role': 'user', 'content': u'c', 'at': 12, 3: False}]",
];

const PYTHON_PIECES: [&str; 19] = [
    "'",
    "\"",
    "\\",
    "\\x",
    "\\u12",
    "\\ud83d",
    "\\N{DASH}",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ": ",
    "None",
    "nan",
    "'''",
    "b'",
];

const PATCHES: [&str; 4] = [
    "diff --git a/a.py b/a.py\nindex 1234567..89abcde 100644\n--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,4 @@ def f():\n a\n-b\n+c\n+d\n e\n",
    "diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\ndiff --git a/n b/n\nnew file mode 100755\nindex 0000000..1\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n",
    "diff --git a/b b/b\nindex 1..2 100644\nGIT binary patch\nliteral 5\nMcmYdfU|?VXVgLXD\n\nliteral 0\nHcmV?d00001\n\n",
    "text\r\n--- src/a.py\t2024-01-01\r\n+++ src/a.py\t2024-01-02\r\n@@ -1 +1,2 @@\r\n-a\r\n+b\r\n+c\r\n",
];

const PATCH_PIECES: [&str; 14] = [
    "\n",
    "\r\n",
    "+",
    "-",
    " ",
    "\\",
    "@@ -1 +1 @@\n",
    "@@ -1,99999999999999999999 +1 @@\n",
    "diff --git a/x b/x\n",
    "--- a/x\n",
    "+++ b/x\n",
    "\"a/\\303\\244\"",
    "GIT binary patch\n",
    "Binary files a/x and b/x differ\n",
];

const TEMPLATES: [&str; 3] = [
    "{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>\\n' }}{%- endfor %}",
    "{%- set ns = namespace(found=false, all=[]) %}{%- for m in messages[::-1] %}{%- if m.role == 'user' and not ns.found %}{%- set ns.found = true %}{%- set ns.all = ns.all + [m] %}{%- endif %}{%- endfor %}{{ ns.all | tojson(indent=2) }}",
    "{%- macro call(c, d={'a': (1, 2)}) %}{{ c.function.name }}({{ c.function.arguments | tojson }}){{ d }}{%- endmacro %}{%- for m in messages if m.tool_calls %}{%- for c in m.tool_calls %}{{ call(c) }}{%- endfor %}{%- endfor %}",
];

const TEMPLATE_PIECES: [&str; 26] = [
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{# ",
    " #}",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ", ",
    " + ",
    " ~ ",
    " | tojson",
    " | string",
    " | join",
    ".items()",
    "[::-1]",
    "{% set ns.all = [ns.all, ns.all] %}",
    "{% for i in range(9999) %}",
    "{% endfor %}",
    "not ",
    "'",
    "namespace(",
];

const ADDRESSES: [&str; 3] = [
    "dataset=nvidia/Open-SWE-Traces&config=openhands&split=minimax_m25&rows=120&sample=random&seed=7&outcome=success,partial&tokens=..32768&lang=python,!go",
    "dataset=demo&patch=present&per-instance=2&tokenizer=qwen2&budget=32768&format=openai&row=3&step=2&run=1",
    "model=a/b&template=own&repo=!a/b&turns=3..&errors=..5&overlap=0.1..0.9&flag=!loop-same:3",
];

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

fn read_row(input: &[u8]) -> Result<(), String> {
    let row = text(input);
    if let Ok(trajectory) = trace::read(&row, &Default::default()) {
        let measured = measure::measure(0, row.len() as u64, &trajectory, None);
        let messages = trajectory.messages.len();
        let seen = view::view(&trajectory, 0, None);
        if measured.messages as usize != messages || seen.turns.len() != messages {
            return Err("messages are lost".to_owned());
        }
    }
    Ok(())
}

/// Every format writes the row on one line of JSON or refuses it; what ours writes is read back as the same row.
fn export_row(input: &[u8]) -> Result<(), String> {
    let row = text(input);
    let Ok(trajectory) = trace::read(&row, &Default::default()) else {
        return Ok(());
    };
    for format in Format::all() {
        let options = Options {
            format,
            ..Options::default()
        };
        let writer = Writer {
            options: &options,
            seed: 1,
            counter: None,
        };
        let lines = writer.write(&trajectory, &Origin::default());
        for line in lines.into_iter().flatten() {
            serde_json::from_str::<serde::de::IgnoredAny>(&line.text)
                .map_err(|error| format!("{format:?}: {error}"))?;
            if line.text.contains('\n') {
                return Err(format!("{format:?}: a line break within a line"));
            }
            if format.name() == "plain" {
                let back = trace::read(&line.text, &Default::default())
                    .map_err(|error| format!("the plain line is not read: {error}"))?;
                if back != trajectory {
                    return Err("the plain line is another row".to_owned());
                }
            }
        }
    }
    Ok(())
}

/// A row whose conversation is a text of Python's.
fn read_python(input: &[u8]) -> Result<(), String> {
    let row = serde_json::json!({ "messages": text(input) }).to_string();
    read_row(row.as_bytes())
}

fn read_file(input: &[u8]) -> Result<(), String> {
    let pages = |size: usize| {
        let mut splitter = Splitter::new();
        input.chunks(size).for_each(|piece| splitter.push(piece));
        splitter.finish()
    };
    let whole = pages(input.len().max(1));
    if whole != pages(1 + input.len() / 7) {
        return Err("pieces of the file are other pages than the file".to_owned());
    }
    for page in whole {
        let (start, length) = page.bytes.ok_or("a page without bytes")?;
        let bytes = &input[start as usize..(start + length) as usize];
        let mut rows = 0;
        each_row(bytes, &page, |_| rows += 1);
        if rows != page.len {
            return Err("rows are lost".to_owned());
        }
    }
    Ok(())
}

fn read_patch(input: &[u8]) -> Result<(), String> {
    let text = text(input);
    let patch = parse(&text);
    let whole: String = lines(&text)
        .map(|line| &text[line.start..line.end])
        .collect();
    let mut at = patch
        .files
        .first()
        .map_or(text.len(), |file| file.range.start);
    for file in &patch.files {
        if file.range.start != at {
            return Err("bytes between two files".to_owned());
        }
        at = file.range.end;
    }
    count(&patch);
    match whole == text && at == text.len() {
        true => Ok(()),
        false => Err("bytes are lost".to_owned()),
    }
}

fn read_template(input: &[u8]) -> Result<(), String> {
    let row = demo::row(1, 0);
    let trajectory = trace::read(&row, &Default::default()).map_err(|error| error.to_string())?;
    if let Ok(template) = Template::new("x", &text(input), Edges::default()) {
        let _ = template.render(&trajectory, false);
    }
    Ok(())
}

fn read_address(input: &[u8]) -> Result<(), String> {
    let (recipe, _) = address::parse(&text(input));
    let printed = address::print(&recipe);
    let (again, notices) = address::parse(&printed);
    match again == recipe && notices.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{printed} is another recipe, or has notices: {notices:?}"
        )),
    }
}
