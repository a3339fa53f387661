//! A row, or a part of one, as the JSON that it stands for: for whoever reads JSON and nothing else.
//! It is compact, its fields in their order.

use super::Row;
use super::read::{Item, Reader};

impl Row<'_> {
    /// The row's JSON.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(usize::try_from(self.json_bytes).unwrap_or_default());
        let mut reader = self.values();
        write(&mut reader, &mut json);
        json
    }
}

/// Writes the next value.
pub(super) fn write(reader: &mut Reader, json: &mut String) {
    match reader.value() {
        Item::Null => json.push_str("null"),
        Item::Bool(truth) => json.push_str(if truth { "true" } else { "false" }),
        Item::Whole(number) => push(json, &number),
        Item::Negative(number) => push(json, &number),
        Item::Float(number) => push(json, &number),
        Item::Text(text) => push(json, text),
        Item::List(items) => {
            json.push('[');
            for item in 0..items {
                if item > 0 {
                    json.push(',');
                }
                write(reader, json);
            }
            json.push(']');
        }
        Item::Object(fields) => {
            json.push('{');
            for field in 0..fields {
                if field > 0 {
                    json.push(',');
                }
                push(json, reader.key());
                json.push(':');
                write(reader, json);
            }
            json.push('}');
        }
    }
}

/// A number or a text is always written.
fn push<T: serde::Serialize + ?Sized>(json: &mut String, value: &T) {
    json.push_str(&serde_json::to_string(value).unwrap_or_default());
}
