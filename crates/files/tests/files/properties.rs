//! What holds of any files: nothing breaks the opening, no row is lost, and work grows as the files do.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_testing::growth::assert_linear;

use super::archives::{gzip, tarred, zipped};
use super::opened::{open_all, open_one, row};

/// What Python and Node write of any text, among rows that are runs.
fn any_rows() -> impl Strategy<Value = Vec<Value>> {
    let text = prop_oneof![".{0,20}", "[\\[\\]{},\"\\\\\n a-c]{0,12}"];
    let row = (text, any::<bool>()).prop_map(|(text, tool)| {
        let mut messages = vec![json!({"role": "user", "content": text})];
        if tool {
            messages.push(json!({"role": "assistant", "content": text}));
        }
        json!({"id": text, "messages": messages})
    });
    prop::collection::vec(row, 0..60)
}

/// Beginnings, ends and breaks of everything that is told apart.
const PIECES: [&[u8]; 18] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\"",
    b"\\",
    b"\n",
    b"\\ud83d",
    b"NaN",
    b"\xff\xfe",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"BZh91AY&SY",
    b"\xfd7zXZ\0",
    b"{\"role\":\"user\",\"content\":\"a\"}\n",
    b"{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}\n",
];

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(PIECES.to_vec());
    let near = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => near, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_file_breaks_it(bytes in any_bytes(), name in prop_oneof![
        Just("a"), Just("a.jsonl"), Just("a.json"), Just("a.csv"), Just("a.txt"), Just("x/agent/a.txt"), Just("x/result.json")
    ]) {
        open_one(name, &bytes);
        open_all(&[(name, &bytes), ("x/config.json", &bytes), ("x/trial.log", b"")]);
        open_one("a.zip", zipped(&[(name, &bytes)]));
        open_one("a.tgz", gzip(&tarred(&[(name, &bytes)])));
    }

    #[test]
    fn no_damage_to_an_archive_breaks_it(bytes in any_bytes(), at in any::<prop::sample::Index>(), kind in 0..3_u8, byte: u8) {
        let files: [(&str, &[u8]); 2] = [("a.jsonl", &bytes), ("b/agent/trajectory.json", b"{}")];
        let mut archive = match kind {
            0 => zipped(&files),
            1 => tarred(&files),
            _ => gzip(&tarred(&files)),
        };
        let at = at.index(archive.len());
        archive[at] = byte;
        open_one("a", &archive);
        open_one("a", &archive[..at]);
    }

    #[test]
    fn no_row_is_lost_in_any_form(values in any_rows()) {
        let lines: String = values.iter().map(|value| value.to_string() + "\n").collect();
        let list = serde_json::to_string_pretty(&values).unwrap();
        let pretty: String = values.iter().map(|value| serde_json::to_string_pretty(value).unwrap() + "\n").collect();
        let utf16: Vec<u8> = format!("\u{feff}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, bytes) in [
            ("rows.jsonl", lines.clone().into_bytes()),
            ("rows.json", list.into_bytes()),
            ("rows.json", pretty.into_bytes()),
            ("rows.jsonl", lines.replace('\n', "\r\n").into_bytes()),
            ("rows.jsonl", utf16),
            ("rows.jsonl.gz", gzip(lines.as_bytes())),
            ("rows.zip", zipped(&[("rows.jsonl", lines.as_bytes())])),
        ] {
            let rows: Vec<Value> = open_one(name, bytes).rows.iter()
                .map(|row| serde_json::from_str(&row.json).unwrap()).collect();
            prop_assert_eq!(&rows, &values);
        }
    }

    #[test]
    fn no_message_of_a_session_is_lost(texts in prop::collection::vec(".{1,20}", 1..40)) {
        let message = |(at, text): (usize, &String)| {
            let role = ["user", "assistant"][at % 2];
            json!({"role": role, "content": format!("x{text}x")})
        };
        let messages: Vec<Value> = texts.iter().enumerate().map(message).collect();
        let lines: String = messages.iter().map(|message| message.to_string() + "\n").collect();
        let opened = open_one("chat.jsonl", lines);
        prop_assert_eq!(opened.rows.len(), 1);
        let said: Vec<String> = opened.rows[0].said().unwrap().into_iter().map(|(_, text)| text).collect();
        let expected: Vec<String> = texts.iter().map(|text| format!("x{text}x")).collect();
        prop_assert_eq!(said, expected);
    }
}

#[test]
fn work_grows_as_the_files_do() {
    let rows = |count: usize| -> String {
        (0..count)
            .map(|n| row(&format!("{n} \\ud83d \\\\")) + "\n")
            .collect()
    };
    assert_linear(3_000, rows, |text| open_one("rows.jsonl", text).rows.len());
    let messages = |count: usize| -> String {
        let line = r#"{"role":"user","content":"a \ud83d","score":NaN}"#;
        format!("{line}\n").repeat(count)
    };
    assert_linear(3_000, messages, |text| {
        open_one("chat.jsonl", text).rows.len()
    });
    let object = |count: usize| format!("{{ \"a\":\n[{}1]}}", "{\"b\":[]},\n".repeat(count));
    assert_linear(10_000, object, |text| open_one("a.json", text).rows.len());
    let table = |count: usize| {
        format!(
            "messages,b\n{}",
            "\"[{\"\"role\"\":\"\"user\"\"}]\",x\n".repeat(count)
        )
    };
    assert_linear(5_000, table, |text| open_one("a.csv", text).rows.len());
    let open = |count: usize| "{\"a\":".repeat(count);
    assert_linear(100_000, open, |text| open_one("a.json", text).rows.len());
    let files = |count: usize| -> Vec<(String, String)> {
        (0..count)
            .map(|n| (format!("j/t{n}/agent/trajectory.json"), row("a")))
            .collect()
    };
    assert_linear(500, files, |files| {
        let files: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(name, text)| (&**name, text.as_bytes()))
            .collect();
        open_all(&files).rows.len()
    });
}
