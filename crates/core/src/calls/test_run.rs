//! Whether a shell command runs tests: then an exit code other than 0 is the tests' verdict, not a failed call.
//! A command whose words do not say so is not a test run.

use super::shell::{commands, file_name, inline_script, unwrapped};

/// Whether one of the commands of a line (or script) of shell runs tests. A script in a command (`bash -c '…'`) is
/// read, one in that is not.
pub(super) fn runs_tests(script: &str) -> bool {
    commands(script).any(|words| match inline_script(&words) {
        Some(script) => commands(script).any(|words| runs_tests_by(&words)),
        None => runs_tests_by(&words),
    })
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
    fn other_commands_are_not_test_runs() {
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
