//! What a file is, by its path alone: its programming language, and whether it is a test.
//! Names of languages are lower case, as Open-SWE-Traces spells them.

/// The programming language of a file; `None` for prose, data, configuration and whatever is not in the table.
pub fn language(path: &str) -> Option<&'static str> {
    let name = file_name(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let by_name = match name.as_str() {
        "makefile" | "gnumakefile" => Some("make"),
        "dockerfile" => Some("dockerfile"),
        "rakefile" | "gemfile" => Some("ruby"),
        "cmakelists.txt" => Some("cmake"),
        "build.bazel" => Some("starlark"),
        _ => None,
    };
    by_name.or_else(|| by_extension(extension))
}

fn by_extension(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "py" | "pyi" | "pyw" => "python",
        "pyx" | "pxd" => "cython",
        "go" => "go",
        "ts" | "tsx" | "mts" | "cts" => "typescript",
        "js" | "jsx" | "mjs" | "cjs" => "javascript",
        "rs" => "rust",
        "java" => "java",
        "php" | "phtml" => "php",
        "c" | "h" => "c",
        "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" | "ipp" | "inl" => "cpp",
        "cu" | "cuh" => "cuda",
        "cs" => "csharp",
        "fs" | "fsx" => "fsharp",
        "vb" => "visual basic",
        "rb" | "rake" | "gemspec" | "erb" => "ruby",
        "kt" | "kts" => "kotlin",
        "swift" => "swift",
        "m" | "mm" => "objective-c",
        "scala" | "sbt" => "scala",
        "groovy" | "gradle" => "groovy",
        "clj" | "cljs" | "cljc" => "clojure",
        "dart" => "dart",
        "lua" => "lua",
        "pl" | "pm" => "perl",
        "r" => "r",
        "jl" => "julia",
        "hs" => "haskell",
        "ml" | "mli" => "ocaml",
        "ex" | "exs" => "elixir",
        "erl" | "hrl" => "erlang",
        "elm" => "elm",
        "zig" => "zig",
        "nim" => "nim",
        "sol" => "solidity",
        "f" | "f90" | "f95" | "for" => "fortran",
        "asm" | "s" => "assembly",
        "sh" | "bash" | "zsh" | "fish" | "bats" => "shell",
        "ps1" | "psm1" => "powershell",
        "sql" => "sql",
        "vue" => "vue",
        "svelte" => "svelte",
        "html" | "htm" => "html",
        "css" | "scss" | "sass" | "less" => "css",
        "proto" => "protobuf",
        "tf" => "terraform",
        "nix" => "nix",
        "bzl" => "starlark",
        "cmake" => "cmake",
        "mk" => "make",
        _ => return None,
    })
}

/// Whether a path is a test's: `test`, `tests`, `__tests__` or `spec` among its parts, or `test_`, `_test.`,
/// `.test.` or `.spec.` in the file's name.
pub fn is_test(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let folders = path.strip_suffix(file_name(path)).unwrap_or_default();
    let is_folder_of_tests = |part: &str| {
        ["test", "tests", "__tests__", "spec"]
            .iter()
            .any(|word| part.eq_ignore_ascii_case(word))
    };
    folders.split('/').any(is_folder_of_tests)
        || name.starts_with("test_")
        || ["_test.", ".test.", ".spec."]
            .iter()
            .any(|mark| name.contains(mark))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
