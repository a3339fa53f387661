//! One file as one run, as several, or as rows: told by its first lines.

use super::opened::{lines, open_one, row};

const MESSAGES: &str = r#"{"role":"user","content":"list files"}
{"role":"assistant","content":"a.py"}
"#;

#[test]
fn lines_that_are_messages_are_one_run() {
    let opened = open_one("chat.jsonl", MESSAGES);
    assert_eq!(opened.rows.len(), 1);
    let said = opened.rows[0].said().unwrap();
    assert_eq!(said[0], ("user".to_owned(), "list files".to_owned()));
    assert_eq!(said[1], ("assistant".to_owned(), "a.py".to_owned()));
    assert_eq!(
        opened.inventory.words().unwrap(),
        "1 list of messages, 2 events"
    );
}

#[test]
fn a_list_of_messages_is_one_run_however_it_is_laid_out() {
    let opened = open_one(
        "message-list.json",
        include_bytes!("cases/message-list.json"),
    );
    assert_eq!(opened.rows.len(), 1);
    let said = opened.rows[0].said().unwrap();
    assert_eq!(said[0].0, "system");
    let compact: serde_json::Value =
        serde_json::from_slice(include_bytes!("cases/message-list.json")).unwrap();
    let other = open_one("m.json", compact.to_string());
    assert_eq!(other.rows[0].said().unwrap(), said);
}

#[test]
fn a_list_of_lists_of_messages_has_a_run_each() {
    let list = r#"[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]"#;
    for (name, text) in [
        ("runs.json", format!("[{list},\n{list}]")),
        ("runs.jsonl", format!("{list}\n{list}\n")),
        ("runs.jsonl", format!("\u{feff}{list}\r\n\r\n{list}")),
    ] {
        let opened = open_one(name, text);
        assert_eq!(opened.texts(), [list, list], "{name}");
        assert_eq!(opened.rows[1].said().unwrap().len(), 2);
        assert_eq!(opened.inventory.words(), None, "a file of rows, as any");
    }
}

#[test]
fn a_cut_last_line_and_a_programs_own_words_are_left_out_of_a_session_and_counted() {
    let text = format!("Loading the model\n{MESSAGES}\r\n{{\"role\":\"user\",\"cont");
    let opened = open_one("chat.jsonl", text);
    assert_eq!(opened.rows.len(), 1);
    assert_eq!(opened.rows[0].said().unwrap().len(), 2);
    let words = opened.inventory.words().unwrap();
    assert!(words.contains("2 lines left out"), "{words}");
}

#[test]
fn a_cut_last_row_is_a_row_that_can_not_be_read() {
    let opened = open_one(
        "rows.jsonl",
        format!("{}{{\"messages\":[{{\"ro", lines(&["a", "b"])),
    );
    assert_eq!(opened.rows.len(), 3);
    assert!(opened.rows[2].said().is_err());
}

#[test]
fn an_object_that_holds_runs_has_a_row_each() {
    let tau = include_bytes!("cases/tau2-simulations.json");
    let opened = open_one("tau2-simulations.json", tau);
    assert_eq!(opened.rows.len(), 1);
    let said = opened.rows[0].said().unwrap();
    assert_eq!(said[0].1, "Hi");

    let run =
        |text| format!(r#"{{"id":"{text}","messages":[{{"role":"user","content":"{text}"}}]}}"#);
    let object = format!(
        "{{\"info\": {{\"model\": \"m\"}},\n \"simulations\": [{},\n{}]}}",
        run("a"),
        run("b")
    );
    let opened = open_one("results.json", object);
    let said: Vec<_> = opened
        .rows
        .iter()
        .map(|row| row.said().unwrap()[0].1.clone())
        .collect();
    assert_eq!(said, ["a", "b"]);
    assert_eq!(opened.inventory.words().unwrap(), "1 file (2 runs)");
}

#[test]
fn an_object_over_several_lines_is_one_row_wherever_its_first_line_breaks() {
    let value: serde_json::Value = serde_json::from_str(&row("a")).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let joined = pretty.replacen("{\n  ", "{ ", 1);
    assert_ne!(pretty, joined);
    for text in [pretty.clone(), joined, format!("\u{feff}{pretty}\n\n")] {
        let opened = open_one("run.json", text);
        assert_eq!(opened.rows.len(), 1);
        assert_eq!(opened.rows[0].said().unwrap()[0].1, "a");
    }
}

#[test]
fn an_object_of_any_size_is_one_row() {
    let long = "x".repeat(20_000_000);
    let value: serde_json::Value = serde_json::from_str(&row(&long)).unwrap();
    let opened = open_one("run.json", serde_json::to_string_pretty(&value).unwrap());
    assert_eq!(opened.rows.len(), 1);
    assert_eq!(opened.rows[0].said().unwrap()[0].1.len(), long.len());
}

#[test]
fn lone_halves_of_characters_in_a_session_are_replaced_and_counted() {
    use tracesift_core::trace::Repair;
    let text = MESSAGES.replace("a.py", "half \\ud83d, whole \\ud83d\\ude00");
    let opened = open_one("chat.jsonl", text);
    assert_eq!(
        opened.rows[0].said().unwrap()[1].1,
        "half \u{fffd}, whole \u{1f600}"
    );
    assert_eq!(opened.rows[0].repaired(Repair::SurrogateReplaced), 1);
    let text = MESSAGES.replace("\"a.py\"", "\"a.py\",\"score\":NaN");
    let opened = open_one("chat.jsonl", text);
    assert_eq!(opened.rows[0].said().unwrap()[1].1, "a.py");
    assert_eq!(opened.rows[0].repaired(Repair::NumberFromNan), 1);
}
