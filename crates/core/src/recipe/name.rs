//! Names that an address may say: of datasets, models, servers and commits. They become part of addresses that are
//! requested, so nothing passes that could lead elsewhere.

use super::value::shown;
use crate::tokens::Method;

/// A commit or a checksum: letters and digits.
pub(super) fn digest(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_digest = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_digest && (1..=64).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("it is not a commit or checksum: up to 64 letters and digits".to_owned())
    }
}

/// The name of a dataset: `demo`, `file`, or what the Hub takes for a name. It becomes part of addresses that
/// are requested, so nothing passes that could lead elsewhere.
pub(super) fn dataset(text: &str) -> Result<String, String> {
    let name = text.trim();
    let part = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && part.len() <= 100 && !part.starts_with('.') && part.chars().all(plain)
    };
    let parts: Vec<&str> = name.splitn(3, '/').collect();
    if parts.len() <= 2 && parts.into_iter().all(part) {
        return Ok(name.to_owned());
    }
    Err(format!(
        "“{}” is not the name of a dataset; write namespace/name",
        shown(text)
    ))
}

/// The name of a model: `file`, or what the Hub takes for a name, as of a dataset.
pub(super) fn model(text: &str) -> Result<String, String> {
    let name = dataset(text).ok();
    let name = name.filter(|name| name.contains('/') || name == Method::FILE);
    name.ok_or_else(|| {
        format!(
            "“{}” is not the name of a model; write namespace/name",
            shown(text)
        )
    })
}

/// A server's address without a final slash. One that carries a user's name or a query is refused.
pub(super) fn server(text: &str) -> Result<String, String> {
    let address = text.trim().trim_end_matches('/');
    let host = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || "?#@\\".contains(c);
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !host.contains(odd) => {
            Ok(address.to_owned())
        }
        _ => Err(format!(
            "“{}” is not a server's address; write https://host",
            shown(text)
        )),
    }
}
