//! Compiles the page and its workers for the browser by a nested cargo, and binds each to JavaScript.
//! What is missing is added (the compile target) or named with the command that adds it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// The program of which a part is split off, to be fetched after the rest.
const SPLIT: &str = "page";

/// The module that fetches what was split off; the page's bindings and it import each other.
const LOADER: &str = "page.parts.js";

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
    /// What a visitor waits for is made small; the workers, which are fetched while the page already stands, fast.
    fn profiles(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Purpose::Develop => &[
                ("page-dev", &["worker", "hub", "frame"]),
                ("page-dev", &[SPLIT]),
            ],
            Purpose::Deploy => &[
                ("page", &[SPLIT]),
                ("page", &["hub"]),
                ("release", &["worker", "frame"]),
            ],
        }
    }
}

/// One program for the browser: its WebAssembly and the JavaScript module that starts it.
pub struct Program {
    /// `page`, `worker`, `hub` and so on.
    pub name: String,
    /// The module with the bindings; its default export fetches `NAME_bg.wasm` beside it.
    pub javascript: String,
    /// The WebAssembly.
    pub wasm: Vec<u8>,
    /// What lies beside the module: JavaScript that libraries bring along, parts that were split off.
    pub beside: Vec<Beside>,
}

/// A file beside a program's module: its path, its bytes.
pub type Beside = (String, Vec<u8>);

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
    /// The program can't be split.
    #[error("`{program}` can't be split: {why}")]
    Split {
        /// The program's name.
        program: String,
        /// What was wrong.
        why: String,
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
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
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
        match name {
            SPLIT => {
                let (wasm, parts) = split(name, wasm, purpose)?;
                let mut program = bind(name, &wasm, purpose)?;
                program.beside.extend(parts);
                Ok(program)
            }
            _ => bind(name, wasm, purpose),
        }
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
    let mut arguments = vec![
        "--package",
        "tracesift",
        "--target",
        TARGET,
        "--profile",
        profile,
    ];
    arguments.extend(names.iter().flat_map(|name| [kind, name]));
    // The linker keeps where the code refers to what: without that nothing can be split off.
    let (build, link): (_, &[&str]) = match names {
        [SPLIT] => ("rustc", &["--", "-Clink-arg=--emit-relocs"]),
        _ => ("build", &[]),
    };
    let mut cargo = Command::new(program_of("CARGO", "cargo"));
    cargo.arg(build).args(&arguments);
    cargo.arg("--message-format=json-render-diagnostics");
    cargo.args(link);
    eprintln!("Building {} ({profile}) …", names.join(", "));
    let failed = || BuildError::Compile {
        command: format!("cargo {build} {} {}", arguments.join(" "), link.join(" ")),
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

/// Splits off the functions that are marked for it (`wasm_split`) with all that only they need; gives the file that
/// stays, and the parts with the module that fetches them.
fn split(name: &str, wasm: &Path, purpose: Purpose) -> Result<(PathBuf, Vec<Beside>), BuildError> {
    let why = |why: String| BuildError::Split {
        program: name.to_owned(),
        why,
    };
    let unreadable = |error: io::Error| why(error.to_string());
    let folder = wasm.with_extension("split");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(unreadable)?;
    }
    let whole = fs::read(wasm).map_err(unreadable)?;
    let main = folder.join("main.wasm");
    let bindings = format!("./{name}.js");
    let loader = format!("./{LOADER}");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.main_module = &bindings;
    options.link_name = &loader;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| why(format!("{error:#}")))?
        .split_modules;
    let loader = fs::read(folder.join(LOADER)).map_err(unreadable)?;
    let mut files = vec![(LOADER.to_owned(), loader)];
    for part in parts {
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        let mut bytes = fs::read(&part).map_err(unreadable)?;
        if purpose == Purpose::Deploy {
            bytes = without_names(&bytes).map_err(why)?;
        }
        files.push((name.into_owned(), bytes));
    }
    Ok((main, files))
}

/// A part without the names of its functions, as wasm-bindgen leaves them out of the rest.
fn without_names(part: &[u8]) -> Result<Vec<u8>, String> {
    let mut config = walrus::ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false);
    let module = config.parse(part).map_err(|error| format!("{error:#}"));
    Ok(module?.emit_wasm())
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
            .remove_producers_section(deploy)
            // What was split off shares the linker's own memory, table and globals.
            .keep_lld_exports(name == SPLIT);
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
    let snippets = inline.chain(modules);
    let beside = snippets
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    Ok(Program {
        name: name.to_owned(),
        javascript: output.js().to_owned(),
        beside,
        wasm: output.wasm_mut().emit_wasm(),
    })
}

/// A program of the toolchain: the one that cargo names in the environment, else the one on the path.
fn program_of(variable: &str, name: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| name.into())
}
