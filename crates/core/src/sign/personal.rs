//! E-mail addresses of people: not of examples, robots, harnesses, and not what only looks like one (`git@github.com:a/b`,
//! `icon@2x.png`, `a@b.T` in code).

/// Ends of domains that count; what else stands behind an `@` in these rows is code, versions and file names.
const ENDS: [&str; 62] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "io", "ai", "dev",
    "app", "cloud", "tech", "me", "co", "eu", "uk", "de", "fr", "it", "es", "nl", "be", "ch", "at",
    "se", "no", "dk", "fi", "pt", "ie", "gr", "cz", "hu", "ro", "bg", "ua", "ru", "by", "lt", "lv",
    "ee", "us", "ca", "mx", "br", "ar", "cl", "au", "nz", "jp", "cn", "kr", "tw", "hk", "sg", "in",
    "il", "za",
];

/// Domains of examples (RFC 2606 and what tests use), of robots and of harnesses.
const NO_ONES: [&str; 19] = [
    "example.com",
    "example.org",
    "example.net",
    "example.edu",
    "test.com",
    "test.org",
    "domain.com",
    "email.com",
    "mail.com",
    "foo.com",
    "bar.com",
    "host.com",
    "server.com",
    "company.com",
    "mydomain.com",
    "yourdomain.com",
    "users.noreply.github.com",
    "all-hands.dev",
    "swe-agent.com",
];

/// Names of no one.
const NAMES: [&str; 14] = [
    "noreply",
    "no-reply",
    "donotreply",
    "git",
    "test",
    "user",
    "username",
    "foo",
    "bar",
    "you",
    "your",
    "me",
    "root",
    "openhands",
];

/// Letters of a name or a domain at most (RFC 5321).
const LONGEST: usize = 64;

/// The address around the `@` at `at`.
pub(super) fn at(text: &str, at: usize) -> Option<&str> {
    let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
    let is_of_name =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-');
    let is_of_domain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let length = before
        .bytes()
        .rev()
        .take(LONGEST + 1)
        .take_while(is_of_name)
        .count();
    let name = before
        .get(at - length..)?
        .trim_start_matches(['.', '-', '+', '%']);
    // Most of these letters stand for themselves in code.
    if name.is_empty() {
        return None;
    }
    let length = after
        .bytes()
        .take(LONGEST + 1)
        .take_while(is_of_domain)
        .count();
    let domain = after.get(..length)?.trim_end_matches(['.', '-']);
    let (label, end) = domain.rsplit_once('.')?;
    let is_name =
        (1..=LONGEST).contains(&name.len()) && name.bytes().any(|b| b.is_ascii_alphabetic());
    let is_domain = !label.is_empty() && domain.len() <= LONGEST && !domain.contains("..");
    let is_end = ENDS.iter().any(|known| known.eq_ignore_ascii_case(end));
    if !is_name || !is_domain || !is_end || is_code(text, at - name.len(), at + 1 + domain.len()) {
        return None;
    }
    (!is_no_one(name, domain)).then(|| text.get(at - name.len()..at + 1 + domain.len()))?
}

/// Whether what stands around says that it is not an address: a call, an assignment, the user of a URL, `host:path`.
fn is_code(text: &str, start: usize, end: usize) -> bool {
    let after = text.as_bytes().get(end);
    let before = start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    let is_path = after == Some(&b':')
        && text
            .as_bytes()
            .get(end + 1)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'~'));
    matches!(after, Some(b'(' | b'[' | b'_' | b'/' | b'@'))
        || matches!(before, Some(b'/' | b'@' | b'$' | b'{' | b'}'))
        || is_path
        || (before == Some(&b':') && is_in_url(text.get(..start).unwrap_or_default()))
}

/// Whether a text ends within a URL: `https://user:` before the password and the `@`.
fn is_in_url(before: &str) -> bool {
    let word = before
        .rsplit([' ', '\n', '"', '\''])
        .next()
        .unwrap_or_default();
    word.contains("://")
}

fn is_no_one(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    let is_below = |known: &&str| {
        let below = domain.strip_suffix(known);
        below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    };
    NO_ONES.iter().any(is_below)
        || NAMES.contains(&name.as_str())
        || name.contains("noreply")
        || name.contains("no-reply")
        || name.ends_with("bot")
        || name.starts_with("example")
        || domain.split('.').any(|part| matches!(part, "example" | "localhost" | "test" | "invalid"))
        // `a@b.com`: one letter stands for any.
        || (name.len() == 1 && domain.split('.').next().is_some_and(|label| label.len() == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        let signs = text.bytes().enumerate().filter(|(_, byte)| *byte == b'@');
        signs.filter_map(|(index, _)| at(text, index)).collect()
    }

    #[test]
    fn addresses_of_people_are_found() {
        for (text, address) in [
            (
                "Author: Ada L <ada.l@royal-society.org.uk>",
                "ada.l@royal-society.org.uk",
            ),
            ("mailto:grace+navy@yale.edu.", "grace+navy@yale.edu"),
            ("(linus@kernel.org)", "linus@kernel.org"),
            ("\"to\": \"x.y@sub.site.io\"", "x.y@sub.site.io"),
        ] {
            assert_eq!(all(text), [address], "{text}");
        }
    }

    #[test]
    fn what_is_no_persons_address_is_left_out() {
        for text in [
            "me@example.com, a@b.com, john@mail.example.org",
            "noreply@github.com 12+ada@users.noreply.github.com dependabot@github.com",
            "git@github.com:a/b.git",
            "https://user:pass@host.org/x postgres://pg:pw@db.net:5432",
            "icon@2x.png left-pad@1.3.0 @types/node @property",
            "y = w@x.T + a@b.shape; z = u@v.co(1)",
            "openhands@all-hands.dev",
            "é@ü.com @ @@ a@ @b.com",
            "",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
    }
}
