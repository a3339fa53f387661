//! What to ask: the URLs of the datasets server and of the Hub.
//! All values are percent-encoded here and nowhere else.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path segment may hold as it is (RFC 3986's unreserved characters); all else is percent-encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The Hub's own limit of a dataset's name, without its namespace.
const MAX_NAME_CHARS: usize = 96;

/// Why what was typed can't be asked for, and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was typed.
    #[error("No dataset is named. Type one as namespace/name, such as nvidia/Open-SWE-Traces.")]
    NoDataset,
    /// What was typed can't be the name of a dataset.
    #[error(
        "“{0}” can't be a dataset's name. Type it as namespace/name (letters, digits, “-”, “_” and “.”), or paste the address of its page."
    )]
    Dataset(String),
    /// What was typed can't be the name of a repository to write to.
    #[error(
        "“{0}” can't be a repository's name. Type it as you/name: your user name or an organisation, a slash, and a name of letters, digits, “-”, “_” and “.”."
    )]
    Repository(String),
    /// What was typed can't be the address of a server.
    #[error(
        "“{0}” can't be the address of a server. Type it as https://host, without a question mark or a user name."
    )]
    Endpoint(String),
}

/// A dataset as a person named it: by its id, or by the address of one of its pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// `namespace/name`, or the name alone for the Hub's oldest datasets.
    pub dataset: String,
    /// The config, where the address of a viewer page says it.
    pub config: Option<String>,
    /// The split, where the address of a viewer page says it.
    pub split: Option<String>,
}

/// Reads what a person typed or pasted into the dataset field: `namespace/name`, a canonical name, or the address
/// of the dataset's page on any Hub (`https://huggingface.co/datasets/namespace/name/viewer/config/split`).
///
/// # Errors
/// [`AddressError`] where it can't name a dataset by the Hub's rules of names.
pub fn read_dataset(typed: &str) -> Result<Named, AddressError> {
    let typed = typed.trim();
    let path = typed.split(['?', '#']).next().unwrap_or_default();
    let (path, is_page) = match path.split_once("datasets/") {
        Some((before, path)) if before.is_empty() || before.ends_with('/') => (path, true),
        _ => (path, false),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return Err(AddressError::NoDataset);
    }
    let parts: Vec<String> = path.split('/').map(decoded).collect();
    let named = match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => named(name),
        [namespace, name] => named(&format!("{namespace}/{name}")),
        // Of a page's address only a viewer's says more: config and split.
        [namespace, name, "viewer", ref place @ ..] if is_page => Named {
            config: place.first().map(|config| (*config).to_owned()),
            split: place.get(1).map(|split| (*split).to_owned()),
            ..named(&format!("{namespace}/{name}"))
        },
        [namespace, name, ..] if is_page => named(&format!("{namespace}/{name}")),
        _ => Named::default(),
    };
    let is_id = !named.dataset.is_empty() && named.dataset.split('/').all(is_name);
    is_id
        .then_some(named)
        .ok_or_else(|| AddressError::Dataset(shortened(typed)))
}

/// Reads the name of a repository to write to: as [`read_dataset`] does, but with a namespace.
///
/// # Errors
/// [`AddressError::Repository`] where it is none by the Hub's rules of names.
pub fn read_repository(typed: &str) -> Result<String, AddressError> {
    let named = read_dataset(typed).ok().map(|named| named.dataset);
    let named = named.filter(|name| name.contains('/') && !name.ends_with(".git"));
    named.ok_or_else(|| AddressError::Repository(shortened(typed.trim())))
}

fn named(dataset: &str) -> Named {
    Named {
        dataset: dataset.to_owned(),
        ..Named::default()
    }
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// The Hub's rules of a name (`huggingface_hub.utils.validate_repo_id`).
fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_edge = |c: char| matches!(c, '-' | '.');
    (1..=MAX_NAME_CHARS).contains(&name.len())
        && name.chars().all(is_allowed)
        && !name.starts_with(is_edge)
        && !name.ends_with(is_edge)
        && !name.contains("--")
        && !name.contains("..")
}

/// Reads the address of a server: trimmed, without a final slash.
///
/// # Errors
/// [`AddressError::Endpoint`] where it is not `http` or `https`, has no host, or holds a query, a fragment, a user
/// name or white space.
pub fn read_endpoint(typed: &str) -> Result<String, AddressError> {
    let endpoint = typed.trim().trim_end_matches('/');
    let wrong = || AddressError::Endpoint(shortened(typed.trim()));
    let (scheme, rest) = endpoint.split_once("://").ok_or_else(wrong)?;
    let is_http = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str());
    let has_host = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || "?#@\\\"<>".contains(c);
    if is_http && has_host && !rest.contains(is_foreign) {
        Ok(endpoint.to_owned())
    } else {
        Err(wrong())
    }
}

fn shortened(typed: &str) -> String {
    tracesift_core::ground::words::plain(typed, 60)
}

/// Whether a server may be given the user's token: the Hub's own servers over `https`, and this machine.
///
/// An address can be sent by anyone, and it may name any server; a token must not follow it there.
pub fn is_trusted_with_token(endpoint: &str) -> bool {
    let Some((scheme, rest)) = endpoint.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    };
    let host = host.to_ascii_lowercase();
    let is_of_the_hub = ["huggingface.co", "hf.co"]
        .iter()
        .any(|own| host == *own || host.ends_with(&format!(".{own}")));
    let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str());
    (scheme.eq_ignore_ascii_case("https") && is_of_the_hub) || is_here
}

/// The configs and splits of a dataset.
pub fn splits(endpoint: &str, dataset: &str) -> String {
    url(endpoint, "splits", &[("dataset", &dataset)])
}

/// The sizes of a dataset's splits.
pub fn size(endpoint: &str, dataset: &str) -> String {
    url(endpoint, "size", &[("dataset", &dataset)])
}

/// What the server can do with a dataset.
pub fn is_valid(endpoint: &str, dataset: &str) -> String {
    url(endpoint, "is-valid", &[("dataset", &dataset)])
}

/// The Parquet files of a config; of all configs where none is named.
pub fn parquet(endpoint: &str, dataset: &str, config: Option<&str>) -> String {
    let mut query: Vec<(&str, &dyn Display)> = vec![("dataset", &dataset)];
    if let Some(config) = &config {
        query.push(("config", config));
    }
    url(endpoint, "parquet", &query)
}

/// The address of a Parquet file as `/parquet` gives it, its folders and name percent-encoded: the server encodes
/// the revision only.
pub fn file(url: &str) -> String {
    let whole = || url.to_owned();
    let Some((repository, rest)) = url.split_once("/resolve/") else {
        return whole();
    };
    let Some((revision, path)) = rest.split_once('/') else {
        return whole();
    };
    let path: Vec<String> = path.split('/').map(segment).collect();
    format!("{repository}/resolve/{revision}/{}", path.join("/"))
}

/// The address of a file at another Hub: a mirror's files are asked of the mirror.
pub fn at_hub(url: &str, hub: &str) -> String {
    match url.strip_prefix(super::HUB) {
        Some(path) if path.starts_with('/') => format!("{hub}{path}"),
        _ => url.to_owned(),
    }
}

/// Rows `offset..offset + length` of a split; the server takes lengths up to
/// [`MAX_PAGE_ROWS`](tracesift_core::ground::MAX_PAGE_ROWS).
pub fn rows(
    endpoint: &str,
    dataset: &str,
    config: &str,
    split: &str,
    offset: u64,
    length: u32,
) -> String {
    let query: [(&str, &dyn Display); 5] = [
        ("dataset", &dataset),
        ("config", &config),
        ("split", &split),
        ("offset", &offset),
        ("length", &length),
    ];
    url(endpoint, "rows", &query)
}

/// Datasets whose name holds `query`, most downloaded first, `limit` at most.
pub fn suggest(hub: &str, query: &str, limit: u32) -> String {
    let query: [(&str, &dyn Display); 6] = [
        ("search", &query.trim()),
        ("limit", &limit),
        ("sort", &"downloads"),
        ("direction", &-1),
        ("expand", &"downloads"),
        ("expand", &"gated"),
    ];
    url(hub, "api/datasets", &query)
}

/// What the Hub says of a dataset: its licence is among its tags.
pub fn dataset_facts(hub: &str, dataset: &str) -> String {
    let segments: Vec<String> = dataset.split('/').map(segment).collect();
    format!("{hub}/api/datasets/{}", segments.join("/"))
}

/// Which commit of a dataset is the newest.
pub fn dataset_commit(hub: &str, dataset: &str) -> String {
    format!("{}?expand=sha", dataset_facts(hub, dataset))
}

/// The files of a dataset at a commit, those in folders too; `cursor` is where a page begins that is not the first.
pub fn tree(hub: &str, dataset: &str, commit: &str, cursor: Option<&str>) -> String {
    let endpoint = dataset_facts(hub, dataset);
    let mut query: Vec<(&str, &dyn Display)> = vec![("recursive", &true)];
    if let Some(cursor) = &cursor {
        query.push(("cursor", cursor));
    }
    url(&endpoint, &format!("tree/{}", segment(commit)), &query)
}

/// A file of a dataset at a commit.
pub fn dataset_file(hub: &str, dataset: &str, commit: &str, path: &str) -> String {
    let page = dataset_page(hub, dataset);
    file(&format!("{page}/resolve/{}/{path}", segment(commit)))
}

/// A file of a model's main branch.
pub fn model_file(hub: &str, model: &str, file: &str) -> String {
    let segments: Vec<String> = model.split('/').map(segment).collect();
    format!(
        "{hub}/{}/resolve/main/{}",
        segments.join("/"),
        segment(file)
    )
}

/// The page of a dataset, where its terms can be read and accepted.
pub fn dataset_page(hub: &str, dataset: &str) -> String {
    let segments: Vec<String> = dataset.split('/').map(segment).collect();
    format!("{hub}/datasets/{}", segments.join("/"))
}

/// The Hub's own page of a row.
pub fn row_page(hub: &str, dataset: &str, config: &str, split: &str, row: u64) -> String {
    let page = dataset_page(hub, dataset);
    format!(
        "{page}/viewer/{}/{}?row={row}",
        segment(config),
        segment(split)
    )
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

fn url(endpoint: &str, path: &str, query: &[(&str, &dyn Display)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (key, value) in query {
        pairs.append_pair(key, &value.to_string());
    }
    format!("{endpoint}/{path}?{}", pairs.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    const SERVER: &str = "https://datasets-server.huggingface.co";

    fn dataset(typed: &str) -> Option<String> {
        read_dataset(typed).ok().map(|named| named.dataset)
    }

    #[test]
    fn rows_are_asked_with_every_value_encoded() {
        assert_eq!(
            rows(
                SERVER,
                "nvidia/Open-SWE-Traces",
                "open hands&x",
                "é",
                200,
                20
            ),
            "https://datasets-server.huggingface.co/rows?dataset=nvidia%2FOpen-SWE-Traces\
             &config=open+hands%26x&split=%C3%A9&offset=200&length=20"
        );
    }

    #[test]
    fn suggestions_are_asked_by_downloads_and_with_what_is_shown_of_them() {
        assert_eq!(
            suggest("https://huggingface.co", " swe ", 10),
            "https://huggingface.co/api/datasets?search=swe&limit=10&sort=downloads&direction=-1\
             &expand=downloads&expand=gated"
        );
    }

    #[test]
    fn a_models_file_is_asked_of_its_main_branch() {
        assert_eq!(
            model_file("https://hub", "Qwen/Qwen3 8B", "tokenizer.json"),
            "https://hub/Qwen/Qwen3%208B/resolve/main/tokenizer.json"
        );
    }

    #[test]
    fn a_datasets_files_are_listed_and_asked_for_at_a_commit() {
        assert_eq!(
            dataset_commit("https://hub", "a/b"),
            "https://hub/api/datasets/a/b?expand=sha"
        );
        assert_eq!(
            tree("https://hub", "a/b", "9c0e", None),
            "https://hub/api/datasets/a/b/tree/9c0e?recursive=true"
        );
        assert_eq!(
            tree("https://hub", "a/b", "9c0e", Some("Zm8=&x")),
            "https://hub/api/datasets/a/b/tree/9c0e?recursive=true&cursor=Zm8%3D%26x"
        );
        assert_eq!(
            dataset_file("https://hub", "a/b", "9c0e", "runs #1/50%?.jsonl"),
            "https://hub/datasets/a/b/resolve/9c0e/runs%20%231/50%25%3F.jsonl"
        );
    }

    #[test]
    fn pages_of_the_hub_keep_the_slash_of_an_id_and_no_other() {
        assert_eq!(
            row_page("https://hub", "a/b", "x/y", "train", 3),
            "https://hub/datasets/a/b/viewer/x%2Fy/train?row=3"
        );
    }

    #[test]
    fn a_dataset_is_read_as_typed_or_pasted() {
        let id = Some("nvidia/Open-SWE-Traces".to_owned());
        for typed in [
            "nvidia/Open-SWE-Traces",
            "  nvidia/Open-SWE-Traces/ \n",
            "datasets/nvidia/Open-SWE-Traces",
            "https://huggingface.co/datasets/nvidia/Open-SWE-Traces",
            "huggingface.co/datasets/nvidia/Open-SWE-Traces/tree/main/data",
            "https://hf-mirror.example/datasets/nvidia/Open-SWE-Traces?row=1#top",
            "hf://datasets/nvidia/Open-SWE-Traces",
        ] {
            assert_eq!(dataset(typed), id, "{typed}");
        }
        assert_eq!(dataset("glue"), Some("glue".to_owned()));
        assert_eq!(
            dataset("mydatasets/x"),
            Some("mydatasets/x".to_owned()),
            "a namespace that ends with the word is a namespace"
        );
    }

    #[test]
    fn a_viewers_address_says_config_and_split_too() {
        let pasted = "https://huggingface.co/datasets/nvidia/Open-SWE-Traces/viewer/open%20hands/minimax_m25?row=7";
        let named = read_dataset(pasted).unwrap();
        assert_eq!(named.dataset, "nvidia/Open-SWE-Traces");
        assert_eq!(named.config.as_deref(), Some("open hands"));
        assert_eq!(named.split.as_deref(), Some("minimax_m25"));
    }

    #[test]
    fn what_can_not_be_a_name_is_refused_in_words() {
        for typed in [
            "a/b/c", "-a/b", "a/b.", "a--b", "a..b", "a b", "<script>", "ä/ö", "/x", "a//b", "..",
        ] {
            let error = read_dataset(typed).unwrap_err();
            assert_eq!(error, AddressError::Dataset(typed.to_owned()));
            assert!(error.to_string().contains("namespace/name"), "{error}");
        }
        for typed in ["", "  ", "https://huggingface.co/datasets/"] {
            assert_eq!(read_dataset(typed), Err(AddressError::NoDataset));
        }
    }

    #[test]
    fn an_endpoint_loses_its_final_slash_and_must_be_a_web_address() {
        let read = |typed| read_endpoint(typed).ok();
        assert_eq!(read(" https://a.b/ "), Some("https://a.b".to_owned()));
        assert_eq!(
            read("HTTP://127.0.0.1:80/x//"),
            Some("HTTP://127.0.0.1:80/x".to_owned())
        );
        assert_eq!(
            read("http://[::1]:8080"),
            Some("http://[::1]:8080".to_owned())
        );
        for typed in [
            "",
            "a.b",
            "ftp://a.b",
            "javascript://a",
            "https://",
            "https:///x",
            "https://a b",
            "https://me:secret@a.b",
            "https://a.b?x",
            "https://a.b#x",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_token_goes_to_the_hub_and_to_this_machine_only() {
        for trusted in [
            "https://datasets-server.huggingface.co",
            "https://huggingface.co:443",
            "https://us.aws.cdn.hf.co/x",
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(is_trusted_with_token(trusted), "{trusted}");
        }
        for other in [
            "http://huggingface.co",
            "https://huggingface.co.evil.example",
            "https://evilhuggingface.co",
            "https://evil.example/huggingface.co",
            "https://evil.example?.hf.co",
            "https://huggingface.co@evil.example",
            "huggingface.co",
        ] {
            assert!(!is_trusted_with_token(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_question_gives_its_values_back_when_it_is_parsed(
            config in any::<String>(), split in any::<String>(), offset: u64, length: u32,
        ) {
            let asked = rows(SERVER, "a/b", &config, &split, offset, length);
            prop_assert!(asked.is_ascii());
            let query = asked.strip_prefix(SERVER).and_then(|path| path.strip_prefix("/rows?")).unwrap();
            let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let expected = [
                ("dataset", "a/b"), ("config", &config), ("split", &split),
                ("offset", &offset.to_string()), ("length", &length.to_string()),
            ];
            prop_assert_eq!(pairs, expected.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec());
        }

        #[test]
        fn whatever_is_read_as_a_dataset_reads_again_as_the_same(typed in any::<String>()) {
            if let Ok(named) = read_dataset(&typed) {
                prop_assert_eq!(dataset(&named.dataset), Some(named.dataset));
            }
        }
    }
}
