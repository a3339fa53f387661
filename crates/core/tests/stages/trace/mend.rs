//! What Python and Node write beyond JSON: mended where a row can't be read otherwise, counted, and nothing else touched.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_core::trace::{self, Repair, Repairs, RowContext, RowError, mend};
use tracesift_testing::growth::assert_linear;

use super::shared::repaired;

/// The texts of a row's messages, and how often it was mended in that way.
fn read(row: &str, repair: Repair) -> Result<(Vec<String>, u32), RowError> {
    trace::with(row, &RowContext::default(), &Repairs::default(), |t| {
        let texts = t.messages.iter().map(|message| message.text.to_string());
        (texts.collect(), repaired(t, repair))
    })
}

fn row(text: &str, reward: &str) -> String {
    format!(r#"{{"messages":[{{"role":"user","content":"{text}"}}],"reward":{reward}}}"#)
}

#[test]
fn numbers_that_are_none_are_null() {
    for more in ["NaN", "-Infinity", "[Infinity,1]", "{\"a\":NaN}", "1e999"] {
        let (texts, times) = read(&row("NaN \\\" -Infinity", more), Repair::NumberFromNan).unwrap();
        assert_eq!(texts, ["NaN \" -Infinity"], "{more}");
        assert_eq!(times, 1, "{more}");
    }
    let long = "9".repeat(400);
    let (_, times) = read(&row("a", &long), Repair::NumberFromNan).unwrap();
    assert_eq!(times, 1);
}

#[test]
fn halves_of_characters_are_replaced_and_whole_ones_stay() {
    let whole = "\\ud83d\\ude00";
    for (text, expected, times) in [
        ("a \\ud83d", "a \u{fffd}", 1),
        ("\\ude00\\ud83d", "\u{fffd}\u{fffd}", 2),
        ("\\ud83d\\ud83d\\ude00", "\u{fffd}\u{1f600}", 1),
        ("\\\\ud83d", "\\ud83d", 0),
        (whole, "\u{1f600}", 0),
    ] {
        let found = read(&row(text, "1"), Repair::SurrogateReplaced).unwrap();
        assert_eq!(found, (vec![expected.to_owned()], times), "{text}");
    }
}

#[test]
fn a_session_with_half_a_character_loses_no_text() {
    let list = r#"[{"role":"user","content":"a \uD83D"},{"role":"assistant","content":[{"type":"text","text":"b \udc00"}]}]"#;
    let found = read(list, Repair::SurrogateReplaced).unwrap();
    assert_eq!(found.0, ["a \u{fffd}", "b \u{fffd}"]);
    assert_eq!(found.1, 2);
}

#[test]
fn what_is_broken_in_another_way_stays_an_error() {
    for broken in [
        "{\"messages\": [",
        "{NaN",
        "{\"a\": NoN}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}",
        "\\",
    ] {
        assert!(
            matches!(read(broken, Repair::NumberFromNan), Err(RowError::Json(_))),
            "{broken}"
        );
    }
}

#[test]
fn what_was_mended_before_is_counted_with_the_rest() {
    let mut before = Repairs::default();
    before.add(Repair::BytesReplaced, 3);
    for more in ["1", "NaN"] {
        let times = trace::with(&row("a", more), &RowContext::default(), &before, |t| {
            repaired(t, Repair::BytesReplaced)
        });
        assert_eq!(times.unwrap(), 3);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Null),
        ".{0,12}".prop_map(Value::from),
        "[\\\\\"a-z{}\\[\\]:,NI-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// As Python writes it: everything but ASCII is escaped.
fn escaped(json: &str) -> String {
    let mut text = String::new();
    for character in json.chars() {
        match character {
            ' '..='~' => text.push(character),
            _ => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn good_json_is_not_touched(value in any_json()) {
        for text in [value.to_string(), escaped(&value.to_string()), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(mend(&text), None);
        }
    }

    #[test]
    fn only_what_is_no_json_changes(value in any_json(), text in ".{0,12}") {
        let good = escaped(&value.to_string());
        let text = escaped(&json!(text).to_string());
        let python = format!("[{good}, NaN, {text}, -Infinity, \"\\ud83d\"]");
        let (mended, repairs) = mend(&python).unwrap();
        prop_assert_eq!(repairs.total(), 3);
        let back: Value = serde_json::from_str(&mended).unwrap();
        let expected = format!("[{good}, null, {text}, null, \"\u{fffd}\"]");
        prop_assert_eq!(back, serde_json::from_str::<Value>(&expected).unwrap());
    }

    #[test]
    fn nothing_breaks_it(text in "[\\\\\"u0-9a-fd8NaInfty\\-{}\\[\\]:, \u{e9}\n]{0,60}") {
        let _ = mend(&text);
        let _ = read(&text, Repair::NumberFromNan);
    }
}

#[test]
fn work_grows_as_the_text_does() {
    for unit in [
        "\\ud83d",
        "\\\\",
        "\"",
        "NaN,",
        "1",
        "\\u",
        "-",
        "\\ud83d\\ude00",
    ] {
        assert_linear(
            300_000,
            |size| unit.repeat(size / unit.len()),
            |text| mend(text),
        );
        assert_linear(
            300_000,
            |size| row(&unit.repeat(size / unit.len()), "NaN"),
            |text| mend(text),
        );
    }
}
