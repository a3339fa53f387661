//! Texts of strangers made harmless: labels for charts and tables, and what servers say in an error.
//! Whatever could hide, reorder or flood text is taken out before anything is shown.

/// How many characters of a label are drawn; the rest is cut and said by `…`.
pub const LABEL: usize = 24;

/// A text of the dataset as a label: one line, nothing invisible, at most [`LABEL`] characters.
pub fn label(text: &str) -> String {
    cut(text, LABEL)
}

/// Like [`label`], with at most `most` characters. What stands after the last colon is kept where it can be: of
/// `str_replace_editor:view` the verb says more than the rest.
pub fn cut(text: &str, most: usize) -> String {
    let clean: Vec<char> = cleaned(text);
    if clean.is_empty() {
        return "(no name)".to_owned();
    }
    if clean.len() <= most {
        return clean.into_iter().collect();
    }
    let verb = clean.iter().rposition(|&c| c == ':');
    let tail = verb.map_or(0, |at| clean.len() - at);
    let tail = if tail + 3 <= most { tail } else { 0 };
    let head = most.saturating_sub(tail + 1);
    let front = clean.iter().take(head).collect::<String>();
    let back = clean.iter().skip(clean.len() - tail).collect::<String>();
    format!("{}…{back}", front.trim_end())
}

/// A text's characters on one line, without what is hidden and without needless spaces.
fn cleaned(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for c in text.chars() {
        if c.is_whitespace() {
            if out.last().is_some_and(|&last| last != ' ') {
                out.push(' ');
            }
        } else if !hidden(c) {
            out.push(c);
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

/// Characters that show nothing or change how others show: controls, direction marks, joiners, tags, private use.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// Foreign text as one harmless line of at most `max_chars` characters: no control characters, no characters that
/// change the direction of writing or can't be seen, no runs of white space.
pub fn plain(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let (mut chars, mut has_gap) = (0, false);
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            has_gap = !line.is_empty();
            continue;
        }
        if chars + usize::from(has_gap) >= max_chars {
            line.push('…');
            break;
        }
        if std::mem::take(&mut has_gap) {
            line.push(' ');
            chars += 1;
        }
        line.push(c);
        chars += 1;
    }
    line
}

/// Marks and overrides of the writing direction, joiners and other characters without a width.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    #[test]
    fn a_label_shows_nothing_hidden_and_stays_short() {
        assert_eq!(label("  bash\t:  run \n"), "bash : run");
        assert_eq!(label("a\u{202e}b\u{200b}c\u{1b}[31md\u{0}"), "abc[31md");
        assert_eq!(label("e\u{301}\u{301}\u{301}vil"), "evil");
        assert_eq!(label("\u{2066}\u{feff}"), "(no name)");
        let long = label(&"x".repeat(100));
        assert_eq!(long.chars().count(), LABEL);
        assert!(long.ends_with('…'));
        assert_eq!(label(&"x".repeat(LABEL)), "x".repeat(LABEL));
        assert_eq!(
            label("str_replace_editor:create_file"),
            "str_replace…:create_file"
        );
        assert_eq!(
            label(&format!("a:{}", "x".repeat(100))).chars().count(),
            LABEL
        );
        let spaced = label(&"ab ".repeat(100));
        assert!(spaced.chars().count() <= LABEL && spaced.ends_with('…'));
    }
}
