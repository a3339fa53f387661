//! Text in other forms than JSON lines in UTF-8: nothing of it is lost, and what was replaced is counted.

use tracesift_core::trace::Repair;

use super::opened::{lines, open_one, row};

fn utf16(text: &str, is_big_endian: bool, has_mark: bool) -> Vec<u8> {
    let mark = has_mark.then_some(0xfeff);
    let units = mark.into_iter().chain(text.encode_utf16());
    let bytes = |unit: u16| match is_big_endian {
        true => unit.to_be_bytes(),
        false => unit.to_le_bytes(),
    };
    units.flat_map(bytes).collect()
}

#[test]
fn utf16_is_read_as_any_text() {
    let text = lines(&["grüße 😀", "b"]);
    let expected = open_one("rows.jsonl", &text);
    for (is_big_endian, has_mark) in [(false, true), (true, true), (false, false), (true, false)] {
        let opened = open_one("rows.jsonl", utf16(&text, is_big_endian, has_mark));
        assert_eq!(
            opened.texts(),
            expected.texts(),
            "{is_big_endian} {has_mark}"
        );
    }
    let pretty = format!("[\n  {},\n  {}\n]\n", row("grüße"), row("b"));
    assert_eq!(
        open_one("rows.json", utf16(&pretty, false, true))
            .rows
            .len(),
        2
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_row() {
    for name in ["rows.jsonl", "rows.json"] {
        let opened = open_one(name, format!("\u{feff}{}", lines(&["a", "b"])));
        assert_eq!(opened.rows[0].said().unwrap()[0].1, "a");
    }
}

#[test]
fn lines_may_end_as_windows_ends_them() {
    let opened = open_one("rows.jsonl", lines(&["a", "b"]).replace('\n', "\r\n"));
    assert_eq!(opened.texts(), [row("a"), row("b")]);
}

#[test]
fn bytes_that_are_no_text_are_replaced_with_a_word() {
    let opened = open_one("latin1.jsonl", include_bytes!("cases/latin1.jsonl"));
    assert_eq!(opened.rows[0].said().unwrap()[0].1, "caf\u{fffd}");
    assert_eq!(opened.rows[0].repaired(Repair::BytesReplaced), 1);
    let good = open_one("rows.jsonl", lines(&["a"]));
    assert_eq!(good.rows[0].repaired(Repair::BytesReplaced), 0);
}

#[test]
fn numbers_that_json_can_not_hold_are_null() {
    let opened = open_one("nan.jsonl", include_bytes!("cases/nan.jsonl"));
    assert_eq!(opened.rows.len(), 3);
    for row in &opened.rows {
        assert_eq!(row.said().unwrap()[1].1, "a");
        assert_eq!(row.repaired(Repair::NumberFromNan), 1);
    }
}

#[test]
fn half_a_character_is_replaced() {
    let opened = open_one(
        "lone-surrogate.jsonl",
        include_bytes!("cases/lone-surrogate.jsonl"),
    );
    let said = opened.rows[0].said().unwrap();
    assert_eq!(said[2].1, "half an emoji \u{fffd} cut");
    assert_eq!(opened.rows[0].repaired(Repair::SurrogateReplaced), 1);
}

#[test]
fn a_pretty_printed_list_has_its_rows() {
    let opened = open_one("pretty.json", include_bytes!("cases/pretty-arguments.json"));
    assert_eq!(opened.rows.len(), 1);
    assert!(opened.rows[0].said().is_ok());
}

#[test]
fn the_records_of_a_table_are_rows() {
    let messages = r#"[{""role"":""user"",""content"":""a, b""},{""role"":""assistant"",""content"":""c\nd""}]"#;
    for (name, text) in [
        (
            "runs.csv",
            format!("id,reward,messages\r\n7,1.0,\"{messages}\"\r\n8,,\"{messages}\"\r\n"),
        ),
        (
            "runs.csv",
            format!("\u{feff}id;reward;messages\n7;1.0;\"{messages}\"\n8;;\"{messages}\"\n"),
        ),
        (
            "runs.tsv",
            format!("id\treward\tmessages\n7\t1.0\t\"{messages}\"\n8\t\t\"{messages}\"\n"),
        ),
    ] {
        let opened = open_one(name, text);
        assert_eq!(opened.rows.len(), 2, "{name}");
        assert_eq!(opened.rows[0].said().unwrap()[1].1, "c\nd");
        let row: serde_json::Value = serde_json::from_str(&opened.rows[1].json).unwrap();
        assert_eq!(
            (&row["id"], &row["reward"]),
            (&"8".into(), &serde_json::Value::Null)
        );
    }
}

#[test]
fn a_table_of_one_conversation_is_one_run() {
    let opened = open_one(
        "chat.csv",
        "role,content\nuser,hi\nassistant,\"a \"\"b\"\"\"\n",
    );
    assert_eq!(opened.rows.len(), 1);
    assert_eq!(opened.rows[0].said().unwrap()[1].1, "a \"b\"");
}

#[test]
fn bytes_of_a_table_that_are_no_text_are_counted_too() {
    let mut text = b"messages\n\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"caf".to_vec();
    text.extend(b"\xe9\"\"}]\"\n");
    let opened = open_one("runs.csv", text);
    assert_eq!(opened.rows[0].said().unwrap()[0].1, "caf\u{fffd}");
    assert_eq!(opened.rows[0].repaired(Repair::BytesReplaced), 1);
}
