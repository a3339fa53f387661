//! Numbers as the page writes them: thousands set apart, no more decimals than a reader needs.
//! Charts, filters and the funnel write numbers by these functions only, so that they look the same everywhere.

/// A number with its thousands set apart: `34,209,809`, `0.25`, `1,234.5`. At most three decimals.
/// What is not known is `—`.
pub fn thousands(value: f64) -> String {
    if !value.is_finite() {
        return "—".to_owned();
    }
    let rounded = format!("{:.3}", value.abs());
    let (whole, decimals) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let decimals = decimals.trim_end_matches('0');
    let sign = if value < 0.0 && (whole != "0" || !decimals.is_empty()) {
        "−"
    } else {
        ""
    };
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals}", grouped(whole))
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart_and_needless_decimals_left_out() {
        let written = [
            0.0,
            -0.0001,
            7.0,
            999.0,
            1000.0,
            34_209_809.0,
            0.25,
            -1234.5,
            2.0 / 3.0,
        ];
        let read: Vec<String> = written.into_iter().map(thousands).collect();
        let expected = [
            "0",
            "0",
            "7",
            "999",
            "1,000",
            "34,209,809",
            "0.25",
            "−1,234.5",
            "0.667",
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        assert_eq!(thousands(f64::NAN), "—");
        assert_eq!(thousands(f64::INFINITY), "—");
    }
}
