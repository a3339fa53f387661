//! A folder that `dist` wrote: all that is referred to is there, and hashed names hold the hashes.
//! What is built quickly and what is deployed have to pass the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

/// Every file that is referred to exists and is named without a root; every program is reached.
pub fn check_references(dist: &Path) {
    let mut reached = BTreeSet::new();
    let mut open = vec!["index.html".to_owned()];
    while let Some(name) = open.pop() {
        let bytes = fs::read(dist.join(&name)).unwrap_or_else(|why| panic!("{name}: {why}"));
        if reached.insert(name.clone()) && !name.ends_with(".wasm") && !name.ends_with(".png") {
            let text = String::from_utf8(bytes).unwrap();
            for reference in references(&text) {
                assert!(
                    !reference.starts_with('/') && !reference.contains(':'),
                    "{name}: {reference}"
                );
                let folder = Path::new(&name).parent().unwrap();
                open.push(folder.join(reference).to_string_lossy().into_owned());
            }
        }
    }
    for program in ["page", "worker", "hub", "frame"] {
        for part in ["_bg.", ".start.", "."] {
            let found = reached
                .iter()
                .any(|name| name.starts_with(&format!("{program}{part}")));
            assert!(
                found,
                "{program}{part}* is not reached from index.html: {reached:?}"
            );
        }
    }
}

/// A hashed name holds the hash of the file.
pub fn check_hashes(dist: &Path) {
    let mut hashed = 0;
    let mut of_both = BTreeSet::new();
    for name in files(dist) {
        let parts: Vec<&str> = name.rsplit('.').collect();
        if !matches!(parts[0], "js" | "css" | "wasm") {
            continue;
        }
        // The page's bindings and the loader of its parts name each other: they share one hash of both.
        if name.ends_with(".js") && name.starts_with("page.") && !name.starts_with("page.start.") {
            of_both.insert(parts[1].to_owned());
            continue;
        }
        let digest = Sha256::digest(fs::read(dist.join(&name)).unwrap());
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(
            digits.starts_with(parts[1]) && parts[1].len() >= 8,
            "{name}: {digits}"
        );
        hashed += 1;
    }
    assert!(hashed >= 10, "only {hashed} hashed files");
    assert_eq!(of_both.len(), 1, "{of_both:?}");
}

/// The names of all files below a folder, relative to it.
pub fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).iter().map(|below| format!("{name}/{below}")));
        } else {
            found.insert(name);
        }
    }
    found
}

/// What a file of the page loads: by attributes of HTML, imports and `new URL` of JavaScript, `src` of the manifest.
pub fn references(text: &str) -> Vec<String> {
    let before = [
        "href=\"",
        "src=\"",
        " from \"",
        " from '",
        "new URL('",
        "new URL(\"",
        "\"src\": \"",
    ];
    let metas = [
        "\"tracesift-worker\" content=\"",
        "\"tracesift-hub\" content=\"",
        "\"tracesift-frame\" content=\"",
    ];
    let mut found = Vec::new();
    for before in before.iter().chain(&metas) {
        for rest in text.split(before).skip(1) {
            let end = rest.find(['"', '\'']).unwrap();
            found.push(rest[..end].trim_start_matches("./").to_owned());
        }
    }
    found
}
