//! Numbers and labels as people read them: `12,345`, `1.2M`, `44 %`, and names of a data set made harmless.
//! Labels come from strangers: whatever could hide, reorder or flood text is taken out before it is drawn.

use crate::frame::words::thousands;

/// How many characters of a label are drawn; the rest is cut and said by `…`.
pub const LABEL: usize = 24;

/// `12,345`.
pub fn count(n: u64) -> String {
    thousands(n as f64)
}

/// A number for an axis, in at most four characters: `950`, `1.5k`, `12k`, `1.2M`, `34M`, `2B`.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return "?".to_owned();
    }
    let size = x.abs();
    for (unit, name) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] {
        // 999,950 is 1M, not 1000k.
        if size >= unit * 0.99995 {
            let scaled = x / unit;
            return format!("{}{name}", trimmed(scaled, scaled.abs() < 9.95));
        }
    }
    trimmed(x, size < 9.95)
}

fn trimmed(x: f64, decimal: bool) -> String {
    let words = if decimal {
        format!("{x:.1}")
    } else {
        format!("{x:.0}")
    };
    words
        .strip_suffix(".0")
        .map_or(words.clone(), str::to_owned)
}

/// `44 %`; never `0 %` for some nor `100 %` for not quite all.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let whole = (share * 100.0).round();
    if share > 0.0 && whole < 1.0 {
        "<1 %".to_owned()
    } else if share < 1.0 && whole >= 100.0 {
        ">99 %".to_owned()
    } else {
        format!("{whole:.0} %")
    }
}

/// `part` of `whole` as [`percent`]; `–` of nothing.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    percent(part as f64 / whole as f64)
}

/// `1 row`, `12,345 rows`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A text of the data set as a label: one line, nothing invisible, at most [`LABEL`] characters.
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

/// A text cut to so many pixels.
pub fn fitted(text: &str, size: f64, most: f64) -> String {
    let mut chars = 64;
    loop {
        let words = cut(text, chars);
        if chars <= 2 || width(&words, size) <= most {
            return words;
        }
        chars = words.chars().count().min(chars) - 1;
    }
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

/// About how wide a text is in pixels, in a common sans-serif face.
///
/// An estimate on purpose: the same in every backend, so that a chart is laid out alike on the page, in a file and
/// in a test. It errs to the wide side, since a gap is better than two labels on top of each other.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

fn em(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'j' | 'l' | 'I' => 0.31,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '·' => 0.40,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' | '→' | '←' => 0.96,
        '0'..='9' => 0.62,
        'A'..='Z' | '<' | '>' | '–' | '−' | '+' | '=' | '&' => 0.72,
        c if c.is_ascii() => 0.60,
        c if u32::from(c) >= 0x1100 => 1.05,
        _ => 0.70,
    }
}

/// Breaks a text into lines of at most `most` pixels, between words; a number and its `%` stay together.
pub fn wrap(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let glued = text.replace(" %", "\u{a0}%");
    for word in glued.split(' ').filter(|word| !word.is_empty()) {
        let word = word.replace('\u{a0}', " ");
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(&word);
        } else if width(line, size) + width(" ", size) + width(&word, size) <= most {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
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
    fn numbers_are_written_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(34_209_809), "34,209,809");
        for (x, words) in [
            (0.0, "0"),
            (2.5, "2.5"),
            (950.0, "950"),
            (1_000.0, "1k"),
            (1_500.0, "1.5k"),
            (12_345.0, "12k"),
            (999_960.0, "1M"),
            (1_234_567.0, "1.2M"),
            (34_209_809.0, "34M"),
            (2e9, "2B"),
        ] {
            assert_eq!(short(x), words);
        }
    }

    #[test]
    fn some_is_never_none_and_most_is_never_all() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.001), "<1 %");
        assert_eq!(percent(0.44), "44 %");
        assert_eq!(percent(0.999), ">99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(share(1, 0), "–");
    }

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

    #[test]
    fn a_fitted_text_is_no_wider_than_asked() {
        for text in [
            "str_replace_editor:view",
            "WWWWWWWWWWWWWWWW",
            "日本語のツール名前",
            "a b c d e f g h i j",
        ] {
            for most in [20.0, 50.0, 90.0, 200.0] {
                let words = fitted(text, 12.0, most);
                assert!(
                    width(&words, 12.0) <= most.max(width("日…", 12.0)),
                    "{words}"
                );
            }
        }
        assert_eq!(
            fitted("str_replace_editor:view", 12.0, 100.0),
            "str_repla…:view"
        );
    }

    #[test]
    fn a_wrapped_text_keeps_every_word_within_the_width() {
        let text = "Half of the 500 rows have at most 43 turns; one in ten has more. Not known for 50 (3 %).";
        let lines = wrap(text, 12.0, 160.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| !line.starts_with('%')));
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 160.0));
    }
}
