//! The folder that a bench's browser gets: scripts, the library's program, what npm fetches.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::build;

/// Makes the folder with an empty page and these scripts of the benches.
pub fn begin(folder: &Path, scripts: &[impl AsRef<Path>]) {
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("index.html"),
        "<!doctype html><title>bench</title><link rel=icon href=data:,>",
    )
    .unwrap();
    for script in scripts {
        let script = build::root().join("benches").join(script);
        fs::copy(&script, folder.join(script.file_name().unwrap())).unwrap();
    }
}

/// Compiles an example for the browser and writes it there.
pub fn write_library(example: &str, profile: &str, folder: &Path) {
    let built = build::build_targets(profile, "--example", &[example], build::Purpose::Deploy);
    for program in built.unwrap_or_else(|why| panic!("{why}")) {
        let bindings = (
            format!("{}.js", program.name),
            program.javascript.into_bytes(),
        );
        let wasm = (format!("{}_bg.wasm", program.name), program.wasm);
        for (path, bytes) in program.beside.into_iter().chain([bindings, wasm]) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

/// Fetches packages of npm once, each `name@version`.
pub fn install(folder: &Path, packages: &[&str]) {
    let is_there = |package: &&str| {
        let (name, version) = package.rsplit_once('@').unwrap();
        let about = folder.join("node_modules").join(name).join("package.json");
        fs::read_to_string(about).is_ok_and(|about| about.contains(&format!("\"{version}\"")))
    };
    if packages.iter().all(is_there) {
        return;
    }
    let npm = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--prefix",
        ])
        .arg(folder)
        .args(packages)
        .status();
    let installed = npm.is_ok_and(|status| status.success());
    assert!(
        installed,
        "npm, which fetches {} to compare with, is missing or fails; install Node.js",
        packages.join(" and ")
    );
}
