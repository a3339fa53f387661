//! Numbers as people read them: `12,345`, `1.2M`, `44 %`, `4.1 MB`, `3 min`.
//! Charts, filters, the funnel and the page write numbers by these functions only, so that they look the same everywhere.

/// A number with its thousands set apart: `34,209,809`, `0.25`, `1,234.5`. At most three decimals.
/// What is not known is `—`.
pub fn thousands(value: f64) -> String {
    if !value.is_finite() {
        return "—".to_owned();
    }
    let rounded = format!("{:.3}", value.abs());
    let (whole, decimals) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let decimals = decimals.trim_end_matches('0');
    let sign = minus(value < 0.0 && (whole != "0" || !decimals.is_empty()));
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

/// `12,345`.
pub fn count(n: u64) -> String {
    thousands(n as f64)
}

/// A number for an axis, in at most four characters and its sign: `950`, `1.5k`, `12k`, `1.2M`, `34M`, `−2B`.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return "?".to_owned();
    }
    let size = x.abs();
    let sign = minus(x < 0.0 && size >= 0.05);
    for (unit, name) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] {
        // 999,950 is 1M, not 1000k.
        if size >= unit * 0.99995 {
            let scaled = size / unit;
            return format!("{sign}{}{name}", trimmed(scaled, scaled < 9.95));
        }
    }
    format!("{sign}{}", trimmed(size, size < 9.95))
}

/// A number of tokens as a power of two, as context windows are named: `32k` is 32,768, `1M` 1,048,576. Another number is
/// written by [`short`].
pub fn power(x: f64) -> String {
    for (unit, name) in [(1_073_741_824.0, "B"), (1_048_576.0, "M"), (1_024.0, "k")] {
        let scaled = x / unit;
        if scaled >= 1.0 && scaled.fract() == 0.0 {
            return format!("{scaled:.0}{name}");
        }
    }
    short(x)
}

/// A difference with its sign: `+0.21`, `−0.21`; 0 has none.
pub fn signed(x: f64, decimals: usize) -> String {
    if !x.is_finite() {
        return "—".to_owned();
    }
    let digits = format!("{:.decimals$}", x.abs());
    let sign = match digits.chars().all(|c| matches!(c, '0' | '.')) {
        true => "",
        false if x < 0.0 => minus(true),
        false => "+",
    };
    format!("{sign}{digits}")
}

/// The sign of a negative number: as wide as a plus, and not a hyphen.
const fn minus(is_negative: bool) -> &'static str {
    if is_negative { "−" } else { "" }
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

/// `44 %`; never `0 %` for some nor `100 %` for not quite all. No line is broken before the sign.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let whole = (share * 100.0).round();
    if share > 0.0 && whole < 1.0 {
        "<1\u{a0}%".to_owned()
    } else if share < 1.0 && whole >= 100.0 {
        ">99\u{a0}%".to_owned()
    } else {
        format!("{whole:.0}\u{a0}%")
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

/// `812 B`, `4.1 MB`, `18 GB`; thousands, as file managers and the Hub count.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, f64); 4] = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)];
    let size = bytes as f64;
    match UNITS.iter().find(|(_, unit)| size >= *unit) {
        Some((name, unit)) if size / unit < 10.0 => format!("{:.1} {name}", size / unit),
        Some((name, unit)) => format!("{:.0} {name}", size / unit),
        None => format!("{bytes} B"),
    }
}

/// `8 s`, `3 min`, `2 h`.
pub fn duration(ms: f64) -> String {
    let seconds = (ms / 1000.0).max(0.0);
    if seconds < 90.0 {
        format!("{:.0} s", seconds.ceil())
    } else if seconds < 5400.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

/// An interval of shares: `39–49 %`.
pub fn interval(low: f64, high: f64) -> String {
    format!("{:.0}–{:.0}\u{a0}%", low * 100.0, high * 100.0)
}

/// A shift of a share in percentage points: `▲ 6`, `▼ 0.4`, `0`.
pub fn points(shift: f64) -> String {
    let points = (shift * 1000.0).round() / 10.0;
    match points {
        p if p > 0.0 => format!("▲ {}", thousands(p)),
        p if p < 0.0 => format!("▼ {}", thousands(-p)),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (-2.5, "−2.5"),
            (-12_345.0, "−12k"),
            (-0.01, "0"),
        ] {
            assert_eq!(short(x), words);
        }
    }

    #[test]
    fn powers_of_two_are_written_as_context_windows_are_named() {
        for (x, words) in [
            (1_024.0, "1k"),
            (32_768.0, "32k"),
            (524_288.0, "512k"),
            (1_048_576.0, "1M"),
            (4_294_967_296.0, "4B"),
            (512.0, "512"),
            (32_000.0, "32k"),
            (1_500.0, "1.5k"),
        ] {
            assert_eq!(power(x), words);
        }
    }

    #[test]
    fn a_difference_says_its_sign_by_plus_and_minus() {
        assert_eq!(signed(0.214, 2), "+0.21");
        assert_eq!(signed(-0.214, 2), "−0.21");
        assert_eq!(signed(-0.001, 2), "0.00");
    }

    #[test]
    fn some_is_never_none_and_most_is_never_all() {
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.001), "<1\u{a0}%");
        assert_eq!(percent(0.44), "44\u{a0}%");
        assert_eq!(percent(0.999), ">99\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(share(1, 0), "–");
    }
}
