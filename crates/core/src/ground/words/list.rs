//! Several names in one sentence.
//! Whoever lists datasets or files in words does it here.

/// `a`, `a and b`, `a, b and c`; nothing of nothing.
pub fn all_of(mut words: Vec<String>) -> String {
    match (words.pop(), words.is_empty()) {
        (Some(last), true) => last,
        (Some(last), false) => format!("{} and {last}", words.join(", ")),
        (None, _) => String::new(),
    }
}
