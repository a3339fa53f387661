//! A sample of an Inspect log as an object of its own: the log with this sample alone, as its older form had all of them.
//! An `.eval` is an archive with a file per sample, beside which stands once what holds for all.
//! Source: <https://inspect.aisi.org.uk/eval-logs.html>.

use serde_json::value::RawValue;
use tracesift_core::trace::mend;

/// What is kept of what the log says of all.
const KEPT: [&str; 4] = ["version", "status", "eval", "error"];
/// Bytes of any of it.
const LONGEST: usize = 65_536;

/// The beginning of the object, up to the sample, by the log's header; `None` where that is none.
pub(crate) fn beginning(header: Option<&[u8]>) -> String {
    let text = String::from_utf8_lossy(header.unwrap_or_default());
    let mended = mend(&text).map(|(text, _)| text);
    let text = mended.as_deref().unwrap_or(&text);
    let fields: std::collections::BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(text).unwrap_or_default();
    let mut object = String::from("{");
    for name in KEPT {
        let value = fields.get(name).map(|value| value.get());
        if let Some(value) = value.filter(|value| value.len() <= LONGEST) {
            object.push_str(&format!("\"{name}\":{value},"));
        }
    }
    object.push_str("\"samples\":[");
    object
}

/// The end of the object, after the sample.
pub(crate) const END: &str = "]}";
