//! Keys and tokens by the shapes that their issuers gave them. A text is looked at only where the first letters of a shape
//! may stand ([`super::start`]). A checksum is checked where there is one; placeholders are known by their letters.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Crc;
use serde_json::Value;

/// What a secret's letters are.
type Letters = fn(u8) -> bool;

/// A shape: first letters, then so many letters.
struct Shape {
    start: &'static str,
    letters: Letters,
    least: usize,
    most: usize,
    /// Whether the last six letters are the checksum of those before.
    is_checked: bool,
}

const fn shape(start: &'static str, letters: Letters, least: usize, most: usize) -> Shape {
    Shape {
        start,
        letters,
        least,
        most,
        is_checked: false,
    }
}

const fn checked(start: &'static str) -> Shape {
    Shape {
        is_checked: true,
        ..shape(start, is_alphanumeric, 36, 36)
    }
}

/// The shapes, as the issuers document them or as their keys look.
const SHAPES: [Shape; 23] = [
    checked("ghp_"),
    checked("gho_"),
    checked("ghu_"),
    checked("ghs_"),
    checked("ghr_"),
    checked("npm_"),
    shape("github_pat_", is_word, 82, 82),
    shape("glpat-", is_url_safe, 20, 30),
    shape("hf_", is_alphanumeric, 34, 40),
    shape("sk-ant-", is_url_safe, 80, 130),
    shape("sk-proj-", is_url_safe, 40, 200),
    shape("sk-svcacct-", is_url_safe, 40, 200),
    shape("sk-", is_alphanumeric, 48, 64),
    shape("sk_live_", is_alphanumeric, 24, 120),
    shape("rk_live_", is_alphanumeric, 24, 120),
    shape("xoxb-", is_slack, 40, 100),
    shape("xoxp-", is_slack, 40, 100),
    shape("xoxa-", is_slack, 40, 100),
    shape("xoxs-", is_slack, 40, 100),
    shape("pypi-", is_url_safe, 80, 300),
    shape("xapp-", is_slack, 40, 120),
    // Amazon's ids of access keys, and Google's keys.
    shape("AKIA", is_upper, 16, 16),
    shape("AIza", is_url_safe, 35, 35),
];

/// The secret that begins at `start`.
pub(super) fn at(text: &str, start: usize) -> Option<&str> {
    match text.as_bytes().get(start)? {
        b'e' => web_token(text, start),
        b'-' => private_key(text, start),
        _ => SHAPES.iter().find_map(|shape| of_shape(text, start, shape)),
    }
}

fn of_shape<'t>(text: &'t str, start: usize, shape: &Shape) -> Option<&'t str> {
    let found = within(
        text,
        start,
        shape.start,
        shape.letters,
        shape.least,
        shape.most,
    )?;
    let body = found.get(shape.start.len()..)?;
    (!shape.is_checked || is_checksum_right(body)).then_some(found)
}

/// The secret that begins at `start` with these letters, stands alone, and is not a placeholder.
fn within<'t>(
    text: &'t str,
    start: usize,
    first: &str,
    letters: Letters,
    least: usize,
    most: usize,
) -> Option<&'t str> {
    let bytes = text.as_bytes();
    let rest = text.get(start..)?.strip_prefix(first)?;
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let length = rest
        .bytes()
        .take(most + 1)
        .take_while(|b| letters(*b))
        .count();
    let body = rest
        .get(..length)
        .filter(|_| (least..=most).contains(&length))?;
    is_random(body).then(|| text.get(start..start + first.len() + length))?
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_slack(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// GitHub's and npm's tokens end with the CRC-32 of what stands before, in six digits to the base 62
/// ("Behind GitHub's new authentication token formats", 2021).
fn is_checksum_right(body: &str) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((random, sum)) = body.split_at_checked(body.len().saturating_sub(6)) else {
        return false;
    };
    let mut crc = Crc::new();
    crc.update(random.as_bytes());
    let value = sum.bytes().try_fold(0_u64, |value, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        Some(value * 62 + digit as u64)
    });
    value == Some(u64::from(crc.sum()))
}

/// Words that stand in placeholders.
const PLACEHOLDERS: [&str; 14] = [
    "example",
    "test",
    "fake",
    "dummy",
    "sample",
    "your",
    "xxxx",
    "0000",
    "1234",
    "abcd",
    "redacted",
    "placeholder",
    "changeme",
    "secret",
];

/// Bits a letter that a random text has at least, by its own letters.
const ENTROPY: f64 = 3.0;

/// Whether letters look drawn at random: many different ones, and no words of a placeholder.
fn is_random(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    !PLACEHOLDERS.iter().any(|word| lower.contains(word)) && entropy(body) >= ENTROPY
}

/// Shannon's entropy of a text's bytes, in bits a byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = text.len() as f64;
    let bits = counts.into_iter().filter(|count| *count > 0).map(|count| {
        let share = f64::from(count) / length;
        -share * share.log2()
    });
    bits.sum()
}

/// `{"` to the base 64: how a JSON web token begins.
const JSON: &str = "eyJ";

/// A JSON web token (RFC 7519): three parts, of which the first says an algorithm. The tokens of tutorials are none.
fn web_token(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?.strip_prefix(JSON)?;
    let before = start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    if before.is_some_and(|byte| is_url_safe(*byte) || *byte == b'.') {
        return None;
    }
    let is_part = |byte: u8| is_url_safe(byte) || byte == b'.';
    let length = rest.bytes().take(8192).take_while(|b| is_part(*b)).count();
    let token = text
        .get(start..start + JSON.len() + length)?
        .trim_end_matches('.');
    let mut parts = token.split('.');
    let (head, body, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || signature.len() < 20 || !body.starts_with(JSON) {
        return None;
    }
    let read = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    read(head)?.get("alg")?;
    let claims = read(body)?.to_string().to_ascii_lowercase();
    let is_tutorial = ["john doe", "1234567890", "example"]
        .iter()
        .any(|word| claims.contains(word));
    (!is_tutorial && entropy(signature) >= ENTROPY).then_some(token)
}

/// How a private key's head begins.
const KEY: &str = "-----BEGIN ";

/// Letters of a private key's text that are looked for behind its head.
const KEY_LETTERS: usize = 60;

/// A private key in PEM (RFC 7468) or of OpenSSH or PGP: its head and the first of its letters.
fn private_key(text: &str, start: usize) -> Option<&str> {
    let before = start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    if before == Some(&b'-') {
        return None;
    }
    let rest = text.get(start..)?.strip_prefix(KEY)?;
    let head = rest.get(..40).unwrap_or(rest).split("-----").next()?;
    if !(head.ends_with("PRIVATE KEY") || head.ends_with("PRIVATE KEY BLOCK")) {
        return None;
    }
    let body_at = start + KEY.len() + head.len() + "-----".len();
    let body = text.get(body_at..)?;
    // A line break, as it stands in a text or as JSON writes it.
    let body = body.trim_start_matches(['\r', '\n', ' ', '\\', 'n', 'r']);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let length = body
        .bytes()
        .take(KEY_LETTERS)
        .take_while(|b| is_letter(*b))
        .count();
    let letters = body.get(..length).filter(|_| length == KEY_LETTERS)?;
    (entropy(letters) >= ENTROPY && !letters.contains("...")).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::super::start;
    use super::*;

    /// Every secret of a text.
    fn all(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        start::each(text.as_bytes(), |start| all.extend(at(text, start)));
        all
    }

    /// Letters that are drawn at random, always the same.
    fn random(letters: &[u8], length: usize) -> String {
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        (0..length)
            .map(|_| char::from(*letters.get(next() % letters.len()).unwrap_or(&b'a')))
            .collect()
    }

    const MIXED: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ3456789";

    fn url_safe(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    #[test]
    fn every_shape_is_found_where_it_stands_alone() {
        let body = |length| random(MIXED, length);
        for secret in [
            // The token of GitHub's own checksum that is public since the form was explained.
            concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17").to_owned(),
            format!("github_pat_{}", body(82)),
            format!("glpat-{}", body(20)),
            format!("hf_{}", body(34)),
            format!("sk-ant-api03-{}", body(90)),
            format!("sk-proj-{}", body(60)),
            format!("sk-{}", body(48)),
            format!("sk_live_{}", body(24)),
            format!("xoxb-{}", body(50)),
            format!("AIza{}", body(35)),
            format!("AKIA{}", random(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ567", 16)),
            format!(
                "{}.{}.{}",
                url_safe(r#"{"alg":"HS256"}"#),
                url_safe(r#"{"sub":"u-81"}"#),
                body(43)
            ),
        ] {
            assert_eq!(all(&secret), [secret.as_str()]);
            let within = format!("key = \"{secret}\"\n");
            assert_eq!(all(&within), [secret.as_str()], "{within}");
            let longer = format!("a{secret}");
            assert_eq!(all(&longer), [""; 0], "{longer}");
        }
        let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n", body(64));
        assert_eq!(all(&key).len(), 1);
        assert_eq!(all(&key.replace('\n', "\\n")).len(), 1);
    }

    #[test]
    fn where_a_shape_begins_it_is_looked_for() {
        let firsts = SHAPES.iter().map(|shape| shape.start).chain([JSON, KEY]);
        for first in firsts {
            for before in 0..2 {
                let mut found = Vec::new();
                let text = format!("{}{first}  ", " ".repeat(before));
                start::each(text.as_bytes(), |start| found.push(start));
                assert_eq!(found, [before], "{text}");
            }
        }
    }

    #[test]
    fn placeholders_wrong_checksums_and_other_words_are_none() {
        for text in [
            concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"),
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAAAAAAAAAAAAAAAAA",
            "sk-your-key-here",
            "sk-000000000000000000000000000000000000000000000000",
            "hf_abcdefghijklmnopqrstuvwxyzabcdefgh",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo",
            "-----BEGIN PRIVATE KEY-----\n...\n",
            "-----BEGIN PRIVATE KEY-----",
            "some_snake_case_name and some-kebab-case-name, git diff --staged, ------",
            "K z J _ - é_ éJ éK éz",
            "",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }
}
