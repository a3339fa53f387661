//! The map of the core, `lib.rs`: data go one way, so a module uses only those that stand above it.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order of the map.
fn modules() -> Vec<String> {
    let map = include_str!("../../src/lib.rs");
    let modules = map.lines().filter_map(|line| line.strip_prefix("pub mod "));
    modules
        .map(|rest| rest.split(';').next().unwrap().to_owned())
        .collect()
}

/// Every source file of the core but `lib.rs`, with the module it belongs to and its text.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let inside = path.strip_prefix(&root).unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if inside != Path::new("lib.rs") && inside.extension().is_some_and(|e| e == "rs")
            {
                let first = Path::new(inside.components().next().unwrap().as_os_str());
                let module = first.file_stem().unwrap().to_str().unwrap().to_owned();
                sources.push((module, inside, fs::read_to_string(path).unwrap()));
            }
        }
    }
    sources
}

/// The code of a file, without its comments and without its tests, which may use anything.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules of the core that a file names: `crate::a`, `use crate::{a, b::c}`.
fn uses<'m>(text: &str, modules: &'m [String]) -> Vec<&'m str> {
    let code = code(text);
    let mut names: Vec<&str> = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let (mut depth, mut item) = (0, 0);
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth > 0 => depth -= 1,
                        ',' | '}' if depth == 0 => {
                            names.push(list[item..at].trim());
                            item = at + 1;
                            if c == '}' {
                                break;
                            }
                        }
                        _ => {}
                    }
                }
            }
            None => names.push(rest),
        }
    }
    let first = |name: &&str| {
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        name[..end.unwrap_or(name.len())].to_owned()
    };
    let names: Vec<String> = names.iter().map(first).collect();
    let named = modules.iter().filter(|module| names.contains(module));
    named.map(String::as_str).collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let modules = modules();
    let place = |name: &str| modules.iter().position(|module| module == name);
    let mut upward = Vec::new();
    for (module, file, text) in sources() {
        let own = place(&module).unwrap_or_else(|| panic!("the map lacks `{module}`"));
        for used in uses(&text, &modules) {
            if place(used).unwrap() > own {
                upward.push(format!("{} uses `{used}`", file.display()));
            }
        }
    }
    assert!(upward.is_empty(), "upward imports: {upward:#?}");
}

#[test]
fn imports_are_seen_in_all_their_forms() {
    let modules = ["sign", "measure", "frame"].map(str::to_owned);
    let seen = |text| uses(text, &modules);
    assert_eq!(seen("use crate::sign::Sign;"), ["sign"]);
    assert_eq!(
        seen("use crate::{measure::{self, Measurements}, frame, table};"),
        ["measure", "frame"]
    );
    assert_eq!(seen("let x = crate::measure::measure(row);"), ["measure"]);
    assert_eq!(seen("// see crate::frame\nuse crate::signs;"), [""; 0]);
    assert_eq!(
        seen("#[cfg(test)]\nmod tests {\n    use crate::frame::Frame;\n}"),
        [""; 0]
    );
}
