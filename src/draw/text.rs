//! How wide a text is, and how it is cut or broken to fit: an estimate that is the same in every backend.
//! Labels of a dataset come harmless from the figure; here they only have to fit.

use tracesift_core::ground::words::cut;

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

/// About how wide a text is in pixels, in a common sans-serif face.
///
/// An estimate on purpose: the same in every backend, so that a chart is laid out alike on the page, in a file and
/// in a test. It errs to the wide side, since a gap is better than two labels on top of each other.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

fn em(c: char) -> f64 {
    match c {
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'j' | 'l' | 'I' => 0.31,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '·' => 0.40,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' | '→' | '←' => 0.96,
        '0'..='9' => 0.62,
        'A'..='Z' | '<' | '>' | '–' | '−' | '+' | '=' | '&' => 0.72,
        c if c.is_ascii() => 0.60,
        c if u32::from(c) >= 0x1100 => 1.05,
        _ => 0.70,
    }
}

/// Breaks a text into lines of at most `most` pixels, between words.
pub fn wrap(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if width(line, size) + width(" ", size) + width(word, size) <= most {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = "Half of the 500 rows have at most 43 turns; one in ten has more. Not known for 50 (3\u{a0}%).";
        let lines = wrap(text, 12.0, 160.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| !line.starts_with('%')));
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 160.0));
    }
}
