//! Compiles the page, the worker and the scout for the browser by a nested cargo, and binds each to JavaScript.
//! What is missing is added (the compile target) or named with the command that adds it.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// What the build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be built again soon: little optimization, names kept for stack traces.
    Develop,
    /// To be fetched by strangers: small and fast.
    Deploy,
}

impl Purpose {
    /// The programs of the page, each with the cargo profile it is compiled with.
    ///
    /// What a visitor waits for is made small; the worker, which is fetched while the page already stands, fast.
    fn profiles(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Purpose::Develop => &[("page-dev", &["page", "worker", "scout", "parquet", "model"])],
            Purpose::Deploy => &[
                ("page", &["page", "scout"]),
                ("release", &["worker", "parquet", "model"]),
            ],
        }
    }
}

/// One program for the browser: its WebAssembly and the JavaScript module that starts it.
pub struct Program {
    /// `page`, `worker` or `scout`.
    pub name: String,
    /// The module with the bindings; its default export fetches `NAME_bg.wasm` beside it.
    pub javascript: String,
    /// The WebAssembly.
    pub wasm: Vec<u8>,
    /// JavaScript that libraries bring along: path below the module, text.
    pub snippets: Vec<(String, String)>,
}

/// Why the page could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A program of the toolchain could not be started.
    #[error("`{program}` could not be started ({source}); install Rust from https://rustup.rs")]
    NoProgram {
        /// Its name.
        program: String,
        /// What the system says.
        source: io::Error,
    },
    /// The toolchain can't compile for the browser, and there is no rustup to teach it.
    #[error(
        "this Rust can't compile for the browser: its standard library for {TARGET} is missing.\n\
         With rustup: `rustup target add {TARGET}`. Without: install your distribution's package of it \
         (Debian: libstd-rust-dev-wasm32, Fedora: rust-std-static-{TARGET})"
    )]
    NoTarget,
    /// The compiler's own messages stand above this one.
    #[error("the page does not compile (see above; the command was `{command}`)")]
    Compile {
        /// The command.
        command: String,
    },
    /// Cargo ended well and named no file for a program.
    #[error("cargo built no file for `{program}`: is it still in Cargo.toml?")]
    NoArtifact {
        /// The program's name.
        program: String,
    },
    /// wasm-bindgen refused.
    #[error("wasm-bindgen can't bind `{program}`: {why}")]
    Bind {
        /// The program's name.
        program: String,
        /// Its message.
        why: String,
    },
}

/// The project's folder: the one this program was compiled in.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles and binds all programs of the page. The compiler's progress goes to standard error.
pub fn build(purpose: Purpose) -> Result<Vec<Program>, BuildError> {
    let mut programs = Vec::new();
    for (profile, names) in purpose.profiles() {
        programs.extend(build_targets(profile, "--bin", names, purpose)?);
    }
    Ok(programs)
}

/// Compiles and binds some of the package's programs; `kind` is cargo's option that names them.
pub fn build_targets(
    profile: &str,
    kind: &str,
    names: &[&str],
    purpose: Purpose,
) -> Result<Vec<Program>, BuildError> {
    ensure_target()?;
    let compiled = compile(profile, kind, names)?;
    let program = |&name: &&str| {
        let wasm = compiled.iter().find(|(built, _)| built == name);
        let (_, wasm) = wasm.ok_or_else(|| BuildError::NoArtifact {
            program: name.to_owned(),
        })?;
        bind(name, wasm, purpose)
    };
    names.iter().map(program).collect()
}

/// Adds the compile target where the toolchain lacks it.
fn ensure_target() -> Result<(), BuildError> {
    if target_is_installed()? {
        return Ok(());
    }
    eprintln!("Adding the compile target {TARGET} …");
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(root())
        .status();
    match added {
        Ok(status) if status.success() && target_is_installed()? => Ok(()),
        _ => Err(BuildError::NoTarget),
    }
}

/// Asks the compiler itself, since not every toolchain is rustup's.
fn target_is_installed() -> Result<bool, BuildError> {
    let output = Command::new(program_of("RUSTC", "rustc"))
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root())
        .output()
        .map_err(|source| BuildError::NoProgram {
            program: "rustc".to_owned(),
            source,
        })?;
    let folder = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(folder.trim()).is_dir())
}

/// Compiles programs with one profile; gives each one's name and file.
fn compile(
    profile: &str,
    kind: &str,
    names: &[&str],
) -> Result<Vec<(String, PathBuf)>, BuildError> {
    let mut cargo = Command::new(program_of("CARGO", "cargo"));
    cargo.args(["build", "--target", TARGET, "--profile", profile]);
    cargo.arg("--message-format=json-render-diagnostics");
    for name in names {
        cargo.args([kind, name]);
    }
    eprintln!("Building {} ({profile}) …", names.join(", "));
    let failed = || BuildError::Compile {
        command: format!(
            "cargo build --target {TARGET} --profile {profile} {kind} {}",
            names.join(&format!(" {kind} "))
        ),
    };
    let no_cargo = |source| BuildError::NoProgram {
        program: "cargo".to_owned(),
        source,
    };
    let mut child = cargo
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(no_cargo)?;
    let messages = child.stdout.take().ok_or_else(failed)?;
    let compiled = BufReader::new(messages)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| artifact(&line))
        .collect();
    if child.wait().map_err(no_cargo)?.success() {
        Ok(compiled)
    } else {
        Err(failed())
    }
}

/// The program and its file that a line of cargo's JSON messages announces, if it announces one.
fn artifact(line: &str) -> Option<(String, PathBuf)> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let name = message.pointer("/target/name")?.as_str()?;
    let file = message.get("executable")?.as_str()?;
    Some((name.to_owned(), PathBuf::from(file)))
}

/// Makes the JavaScript module of one compiled program.
fn bind(name: &str, wasm: &Path, purpose: Purpose) -> Result<Program, BuildError> {
    let deploy = purpose == Purpose::Deploy;
    let bound = || {
        let mut bindgen = Bindgen::new();
        bindgen
            .input_path(wasm)
            .out_name(name)
            .web(true)?
            .typescript(false);
        bindgen
            .remove_name_section(deploy)
            .remove_producers_section(deploy);
        // The library, unlike the tool, leaves out the path of the WebAssembly by default: the page stays blank.
        bindgen.omit_default_module_path(false).generate_output()
    };
    let mut output = bound().map_err(|why| BuildError::Bind {
        program: name.to_owned(),
        why: format!("{why:#}"),
    })?;
    let inline = output.snippets().iter().flat_map(|(library, texts)| {
        texts
            .iter()
            .enumerate()
            .map(move |(i, text)| (format!("snippets/{library}/inline{i}.js"), text.clone()))
    });
    let modules = output
        .local_modules()
        .iter()
        .map(|(path, text)| (format!("snippets/{path}"), text.clone()));
    let snippets = inline.chain(modules).collect();
    Ok(Program {
        name: name.to_owned(),
        javascript: output.js().to_owned(),
        snippets,
        wasm: output.wasm_mut().emit_wasm(),
    })
}

/// A program of the toolchain: the one that cargo names in the environment, else the one on the path.
fn program_of(variable: &str, name: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| name.into())
}
