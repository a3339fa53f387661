//! Texts as YAML, for the card's front matter.
//! A plain word stays a plain word; anything else is a JSON text, which YAML reads, too.

/// A text as a YAML scalar that every reader takes for a text.
pub fn text(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain);
    // Words that YAML does not read as a text, among them Norway's code.
    let is_special = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        .contains(&text.to_ascii_lowercase().as_str());
    if is_word && !is_special {
        text.to_owned()
    } else {
        serde_json::to_string(text).unwrap_or_default()
    }
}
