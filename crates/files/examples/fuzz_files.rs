//! Opened files, mutated: `cargo run --release -p tracesift-files --example fuzz_files -- --seconds 60 --seed 1`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken promise ends the program"
)]

use std::io::{self, Cursor, Write};
use std::process::ExitCode;

use tracesift_core::source::item::each_row;
use tracesift_core::trace::{self, RowContext};
use tracesift_files::{Input, Output, open};
use tracesift_testing::fuzz::{self, Reader};

const ROWS: &str = r#"{"messages":[{"role":"user","content":"a \ud83d"},{"role":"assistant","content":"b"}],"reward":NaN}
{"messages":[{"role":"user","content":"c"}]}
"#;
const MESSAGES: &str = r#"{"role":"user","content":"a"}
{"role":"assistant","content":"b"}
"#;
const TABLE: &str = "id,messages\n1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"a\"\"}]\"\n";
const TRIAL: [(&str, &str); 4] = [
    (
        "t/agent/trajectory.json",
        r#"{"steps": [{"source": "user", "message": "a"}]}"#,
    ),
    ("t/config.json", r#"{"trial_name": "t"}"#),
    ("t/result.json", r#"{"trial_name": "t"}"#),
    ("u/rows.jsonl", ROWS),
];

fn main() -> ExitCode {
    let utf16: Vec<u8> = ROWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let list = format!("[{}]", MESSAGES.trim().replace('\n', ",\n"));
    let seeds = vec![
        ROWS.as_bytes().to_vec(),
        MESSAGES.as_bytes().to_vec(),
        TABLE.as_bytes().to_vec(),
        list.into_bytes(),
        utf16,
        gzip(ROWS.as_bytes()),
        zipped(),
        tarred(),
        gzip(&tarred()),
    ];
    fuzz::main(vec![Reader {
        name: "opened",
        seeds,
        pieces: &[
            "\n",
            "\r\n",
            "\u{feff}",
            "[",
            "]",
            ",",
            "{",
            "}",
            "\"",
            "\\",
            "\\ud800",
            "PK\u{3}\u{4}",
            "NaN",
        ],
        check,
    }])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zipped() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in TRIAL {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tarred() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in TRIAL {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap()
}

struct Memory<'f>(&'f [u8], Vec<u8>);

impl Output for Memory<'_> {
    fn position(&self) -> u64 {
        self.1.len() as u64
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.1.extend_from_slice(bytes);
        Ok(())
    }

    fn refer(&mut self, _: usize, bytes: u64) -> io::Result<()> {
        self.1.extend_from_slice(&self.0[..bytes as usize]);
        Ok(())
    }

    fn truncate(&mut self, position: u64) -> io::Result<()> {
        self.1.truncate(position as usize);
        Ok(())
    }
}

/// Whatever was opened, each page read by itself gives the rows that it was said to have.
fn check(input: &[u8]) -> Result<(), String> {
    let name = if input.starts_with(b"id,") {
        "a.csv"
    } else {
        "a.jsonl"
    };
    let mut inputs = [Input {
        name: name.to_owned(),
        size: input.len() as u64,
        bytes: Box::new(Cursor::new(input)),
    }];
    let context = RowContext::default();
    let mut output = Memory(input, Vec::new());
    let inventory = open(&mut inputs, &context, &mut output, &mut |_| {});
    for page in &inventory.pages {
        let (start, length) = page.bytes.ok_or("a page without bytes")?;
        let bytes = &output.1[start as usize..(start + length) as usize];
        let mut rows = 0;
        each_row(bytes, page, inventory.items_of(page), |row| {
            rows += 1;
            let _ = trace::with(row.row.json, &context, &row.repairs, |_| ());
        });
        if rows != page.len {
            return Err("rows are lost".to_owned());
        }
    }
    Ok(())
}
