//! Whether a shell command runs tests: then an exit code other than 0 is the tests' verdict, not a failed call.
//! The command is split as a shell would split it, roughly; what can't be told from its words is no test run.

/// Whether a tool runs programs, whose output is not the tool's own words.
pub(crate) fn is_shell(tool: &str) -> bool {
    let tool = tool.to_ascii_lowercase();
    ["bash", "shell", "terminal", "ipython", "jupyter"]
        .iter()
        .any(|word| tool.contains(word))
        || matches!(
            tool.as_str(),
            "run"
                | "exec"
                | "execute"
                | "cmd"
                | "command"
                | "python"
                | "run_command"
                | "execute_command"
                | "exec_command"
        )
}

/// The simple commands of a line (or script) of shell and of scripts in it (`bash -c '…'`, one deep), each as its words:
/// behind assignments, `sudo`, `timeout 60` and the like. Here-documents and lines of comment are no commands.
pub(crate) fn simple_commands(script: &str) -> Vec<Vec<String>> {
    let script = without_documents(script);
    let mut found = Vec::new();
    for words in commands(&script) {
        match inline_script(&words) {
            Some(inner) => found.extend(commands(inner).map(|words| unwrapped(&words).to_vec())),
            None => found.push(unwrapped(&words).to_vec()),
        }
    }
    found.retain(|words| !words.is_empty());
    found
}

/// A script without what its here-documents hold, and without lines that are comments only.
fn without_documents(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut lines = script.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        kept.push_str(line);
        let Some(end) = document_end(line) else {
            continue;
        };
        // A document that does not end is none: `<<` stood in a text.
        let mut rest = lines.clone();
        if rest.any(|line| line.trim() == end) {
            lines = rest;
        }
    }
    kept
}

/// The word that ends the here-document which begins in a line.
fn document_end(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("<<")?;
    if before.ends_with('<') || after.starts_with('<') {
        return None;
    }
    let word = after.trim_start_matches('-').trim_start();
    let word = word.trim_start_matches(['\'', '"', '\\']);
    let length = word
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    word.get(..length).filter(|word| !word.is_empty())
}

/// Whether one of the commands of a line (or script) of shell runs tests. A script in a command (`bash -c '…'`) is
/// read, one in that is not.
pub(super) fn runs_tests(script: &str) -> bool {
    commands(script).any(|words| match inline_script(&words) {
        Some(script) => commands(script).any(|words| runs_tests_by(&words)),
        None => runs_tests_by(&words),
    })
}

/// The simple commands of a script, each as its words, without quotes.
fn commands(script: &str) -> impl Iterator<Item = Vec<String>> {
    let mut chars = script.chars().peekable();
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut words = vec![String::new()];
        let mut quote = None;
        loop {
            let Some(c) = chars.next() else {
                ended = true;
                break;
            };
            match (quote, c) {
                (Some(q), c) if q == c => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                (None | Some('"'), '\\') => match chars.next() {
                    Some('\n') | None => {}
                    Some(escaped) => push(&mut words, escaped),
                },
                (None, '\n' | ';' | '&' | '|' | '(' | ')') => break,
                (None, c) if c.is_whitespace() => {
                    if words.last().is_some_and(|word| !word.is_empty()) {
                        words.push(String::new());
                    }
                }
                (_, c) => push(&mut words, c),
            }
        }
        words.retain(|word| !word.is_empty());
        Some(words)
    })
}

fn push(words: &mut [String], c: char) {
    if let Some(word) = words.last_mut() {
        word.push(c);
    }
}

/// Programs that run tests whatever their arguments.
const RUNNERS: [&str; 22] = [
    "pytest",
    "py.test",
    "tox",
    "nox",
    "nosetests",
    "nose2",
    "trial",
    "stestr",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "karma",
    "jasmine",
    "phpunit",
    "pest",
    "ctest",
    "rspec",
    "bats",
    "gotestsum",
    "runtests.py",
    "busted",
];

/// Programs that run the command behind them, and how many of their arguments stand between.
const WRAPPERS: [(&str, usize); 16] = [
    ("sudo", 0),
    ("env", 0),
    ("time", 0),
    ("nohup", 0),
    ("exec", 0),
    ("command", 0),
    ("then", 0),
    ("do", 0),
    ("!", 0),
    ("timeout", 1),
    ("npx", 0),
    ("bunx", 0),
    ("xvfb-run", 0),
    ("nice", 0),
    ("stdbuf", 0),
    ("if", 0),
];

/// Tools whose `run` (or `exec`) runs the command behind it.
const RUN_WRAPPERS: [&str; 9] = [
    "poetry", "uv", "pipenv", "pdm", "hatch", "conda", "mamba", "rye", "bundle",
];

fn runs_tests_by(words: &[String]) -> bool {
    let Some((program, arguments)) = unwrapped(words).split_first() else {
        return false;
    };
    let name = file_name(program);
    let plain = || arguments.iter().filter(|word| !word.starts_with('-'));
    let first = || plain().next().map_or("", String::as_str);
    let any = |is_test: fn(&str) -> bool| plain().any(|word| is_test(word));
    match name {
        _ if RUNNERS.contains(&name) => true,
        _ if is_python(name) => python_runs_tests(arguments),
        "coverage" => first() == "run" && python_runs_tests(arguments.get(1..).unwrap_or_default()),
        "go" | "cargo" | "swift" | "dotnet" | "mix" | "deno" | "zig" | "flutter" | "dart"
        | "stack" | "cabal" | "lein" | "bazel" | "rails" | "meson" | "dune" => {
            any(|word| matches!(word, "test" | "nextest" | "t"))
        }
        "composer" | "ant" | "sbt" | "make" | "gmake" | "ninja" | "just" | "task" | "rake" => {
            any(is_test_target)
        }
        "npm" | "yarn" | "pnpm" | "bun" | "lerna" | "nx" | "turbo" => {
            any(|word| is_test_target(word) || RUNNERS.contains(&word)) || first() == "t"
        }
        "mvn" | "mvnw" | "gradle" | "gradlew" => any(|word| {
            word.to_ascii_lowercase().contains("test") || matches!(word, "verify" | "check")
        }),
        "php" => is_test_script(first()) || any(|word| word == "test"),
        "node" | "ts-node" | "tsx" | "ruby" | "perl" | "bash" | "sh" | "zsh" | "source" | "."
        | "Rscript" | "lua" | "julia" => is_test_script(first()),
        _ => program.contains('/') && is_test_script(program),
    }
}

/// The command behind assignments, `sudo`, `timeout 60`, `poetry run` and the like.
fn unwrapped(mut words: &[String]) -> &[String] {
    while let Some((program, arguments)) = words.split_first() {
        let name = file_name(program);
        let wrapper = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name);
        words = if is_assignment(program) {
            arguments
        } else if let Some((_, between)) = wrapper {
            behind_options(arguments, *between)
        } else if RUN_WRAPPERS.contains(&name) {
            behind_run(arguments)
        } else {
            break;
        };
    }
    words
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// The words behind a wrapper's options and its own arguments.
fn behind_options(words: &[String], between: usize) -> &[String] {
    let options = words
        .iter()
        .take_while(|word| word.starts_with('-'))
        .count();
    words.get(options + between..).unwrap_or_default()
}

/// The words behind `run` or `exec` and its options; `-n name` takes a word of its own.
fn behind_run(words: &[String]) -> &[String] {
    let at = words
        .iter()
        .position(|word| word == "run" || word == "exec");
    let mut rest = at.and_then(|at| words.get(at + 1..)).unwrap_or_default();
    while let Some((option, after)) = rest.split_first().filter(|(word, _)| word.starts_with('-')) {
        let takes_word = matches!(
            option.as_str(),
            "-n" | "--name" | "-p" | "--prefix" | "--with" | "--python"
        );
        rest = after.get(usize::from(takes_word)..).unwrap_or_default();
    }
    rest
}

/// The script of `bash -c '…'`.
fn inline_script(words: &[String]) -> Option<&str> {
    let (program, arguments) = unwrapped(words).split_first()?;
    let is_shell = matches!(file_name(program), "bash" | "sh" | "zsh");
    let is_inline =
        |word: &String| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
    let at = arguments.iter().position(is_inline).filter(|_| is_shell)?;
    arguments.get(at + 1).map(String::as_str)
}

fn is_python(name: &str) -> bool {
    let version = name
        .strip_prefix("python")
        .or_else(|| name.strip_prefix("pypy"));
    version.is_some_and(|version| version.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// `python -m pytest`, `python test_a.py`, `python manage.py test`, `python -m coverage run -m unittest`.
fn python_runs_tests(arguments: &[String]) -> bool {
    let modules = arguments
        .iter()
        .zip(arguments.iter().skip(1))
        .filter(|(option, _)| *option == "-m");
    for (_, module) in modules {
        let module = module.split('.').next().unwrap_or_default();
        if matches!(module, "unittest" | "doctest" | "test" | "nose") || RUNNERS.contains(&module) {
            return true;
        }
    }
    if arguments.iter().any(|word| word == "-c") {
        return false;
    }
    let mut plain = arguments.iter().filter(|word| !word.starts_with('-'));
    let script = plain.next().map_or("", String::as_str);
    let runs_by_name = matches!(file_name(script), "manage.py" | "setup.py" | "run.py");
    is_test_script(script)
        || RUNNERS.contains(&file_name(script))
        || (runs_by_name && plain.any(|word| word == "test"))
}

/// A target of a build tool that is named for tests: `test`, `test-unit`, `unit:test`, `check`.
fn is_test_target(word: &str) -> bool {
    word.split([':', '-', '_', '/'])
        .any(|part| matches!(part, "test" | "tests" | "check" | "spec"))
}

/// A script that is named for a test or for the reproduction of a bug.
fn is_test_script(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let words = || stem.split(['_', '-']);
    RUNNERS.contains(&name.as_str())
        || words().any(|word| matches!(word, "test" | "tests" | "runtests"))
        || words().any(|word| word.starts_with("repro"))
        || name.contains(".test.")
        || name.contains(".spec.")
}

pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_runs_are_known_by_their_words() {
        for command in [
            "pytest",
            "cd /testbed && python -m pytest tests/test_a.py -x 2>&1 | tail -5",
            "python3.11 -m unittest a.b",
            "python reproduce_issue.py",
            "python /a/b/test_fix.py --verbose",
            "PYTHONPATH=. python3 repro.py",
            "tox -e py38",
            "go test ./...",
            "cd x; GOFLAGS=-v go test -run X ./pkg",
            "cargo test --lib",
            "cargo +nightly nextest run",
            "npm test",
            "npm run test:unit -- --grep x",
            "yarn jest a.test.ts",
            "pnpm --filter x test",
            "npx vitest run",
            "./node_modules/.bin/mocha",
            "mvn -q -Dtest=Foo test",
            "./gradlew :core:test",
            "vendor/bin/phpunit tests",
            "make test",
            "make -j4 check",
            "ctest --output-on-failure",
            "bundle exec rspec spec/a_spec.rb",
            "timeout 60 pytest -x",
            "sudo -E env X=1 pytest",
            "bash -lc 'cd a && pytest -k b'",
            "poetry run pytest",
            "conda run -n testbed python -m pytest",
            "python manage.py test app",
            "coverage run -m pytest",
            "./run_tests.sh",
            "node repro.js",
            "bash ./scripts/test.sh",
            "python -m coverage run -m unittest",
            "uv run --with x pytest",
            "(cd a && pytest)",
            "if pytest; then echo ok; fi",
            "php artisan test",
            "python \"my test.py\" || python 'a test_b.py'; tox",
        ] {
            assert!(runs_tests(command), "{command}");
        }
    }

    #[test]
    fn commands_are_found_where_a_shell_would_run_them() {
        let found = |script: &str| -> Vec<String> {
            let commands = simple_commands(script);
            commands.iter().map(|words| words.join(" ")).collect()
        };
        assert_eq!(
            found("cd a && sudo git log; X=1 ls"),
            ["cd a", "git log", "ls"]
        );
        assert_eq!(found("bash -lc 'git log --all'"), ["git log --all"]);
        assert_eq!(found("# git log\nls # git log"), ["ls # git log"]);
        assert_eq!(
            found("cat > a <<'EOF'\ngit log --all\nit's\nEOF\nls"),
            ["cat > a <<EOF", "ls"]
        );
        assert_eq!(found("echo \"1 << 2\"\nls"), ["echo 1 << 2", "ls"]);
        assert_eq!(found("cat <<< x\nls"), ["cat <<< x", "ls"]);
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn other_commands_are_no_test_runs() {
        for command in [
            "",
            "ls tests",
            "cat test_a.py",
            "grep -rn pytest .",
            "mypy reproduce_error.py",
            "python setup.py build",
            "python script.py",
            "python -c 'import pytest; pytest.main()'",
            "pip install pytest",
            "echo 'pytest; tox'",
            "git diff tests/test_a.py",
            "go build ./...",
            "go vet",
            "cargo build",
            "npm install",
            "npm run build",
            "make",
            "rm reproduce.py",
            "node index.js",
            "find . -name 'test_*.py'",
            "sed -n 1,5p latest.py",
            "python latest.py",
            "bash -c 'ls test'",
            "cd tests && ls",
            "vim test_a.py",
        ] {
            assert!(!runs_tests(command), "{command}");
        }
    }
}
