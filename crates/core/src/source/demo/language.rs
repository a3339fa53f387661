//! The nine languages: how many instances have them, where their projects' files are, how their tests speak.
//! In the texts, `{file}`, `{name}`, `{n}` (a line), `{dir}`, `{stem}`, `{project}`,
//! `{passed}`, `{failed}`, `{total}` and `{time}` are filled in.

/// One language of the demo.
pub(super) struct Language {
    /// As the dataset spells it.
    pub name: &'static str,
    /// Of how many instances in 200.
    pub weight: u32,
    /// What it adds to the chance of success.
    pub ease: f64,
    /// Its projects' files.
    pub code: &'static str,
    /// What begins a comment.
    pub comment: &'static str,
    /// How its files end.
    pub extension: &'static str,
    /// Where a script that reproduces the bug is put.
    pub script: &'static str,
    /// A command that checks the code without running it, and what it says.
    pub lint: (&'static str, &'static str),
    /// Its tests.
    pub suite: Suite,
}

/// How a language's tests are declared, run and reported.
pub(super) struct Suite {
    /// What stands before a test's name, which part of it belongs to the name, what stands behind it.
    pub declared: (&'static str, &'static str, &'static str),
    /// Runs one file.
    pub one: &'static str,
    /// Runs all.
    pub all: &'static str,
    /// Before the tests.
    pub head: &'static str,
    /// A test that passed.
    pub pass: &'static str,
    /// A test that failed.
    pub fail: &'static str,
    /// More about a test that failed, after all tests.
    pub detail: &'static str,
    /// The end where all passed.
    pub good: &'static str,
    /// The end where some failed.
    pub bad: &'static str,
    /// The exit code where some failed.
    pub exit: i32,
}

/// Every language, most instances first.
pub(super) const LANGUAGES: [Language; 9] = [
    Language {
        name: "python",
        weight: 46,
        ease: 0.07,
        code: include_str!("code/python.txt"),
        comment: "#",
        extension: "py",
        script: "reproduce_issue.py",
        lint: ("python -m ruff check src", "All checks passed!\n"),
        suite: Suite {
            declared: ("def test_", "test_", "("),
            one: "python -m pytest {file} -v",
            all: "python -m pytest -v",
            head: "============================= test session starts ==============================\nplatform linux -- Python 3.11.9, pytest-8.2.2, pluggy-1.5.0 -- /opt/venv/bin/python\ncachedir: .pytest_cache\ncollected {total} items\n\n",
            pass: "{file}::{name} PASSED\n",
            fail: "{file}::{name} FAILED\n",
            detail: "\n=================================== FAILURES ===================================\n_____________________ {name} _____________________\n{file}:{n}: in {name}\nE   AssertionError: the last comparison of this test does not hold\n=========================== short test summary info ============================\nFAILED {file}::{name} - AssertionError\n",
            good: "\n============================== {passed} passed in {time}s ===============================\n",
            bad: "========================= {failed} failed, {passed} passed in {time}s ==========================\n",
            exit: 1,
        },
    },
    Language {
        name: "go",
        weight: 36,
        ease: 0.03,
        code: include_str!("code/go.txt"),
        comment: "//",
        extension: "go",
        script: "internal/widget/reproduce_test.go",
        lint: ("go vet ./...", ""),
        suite: Suite {
            declared: ("func Test", "Test", "("),
            one: "go test -v ./{dir}/",
            all: "go test -v ./...",
            head: "",
            pass: "=== RUN   {name}\n--- PASS: {name} (0.00s)\n",
            fail: "=== RUN   {name}\n    {file}:{n}: got a value that was not expected\n--- FAIL: {name} (0.00s)\n",
            detail: "",
            good: "PASS\nok  \texample.com/{project}/{dir}\t{time}s\n",
            bad: "FAIL\nFAIL\texample.com/{project}/{dir}\t{time}s\nFAIL\n",
            exit: 1,
        },
    },
    Language {
        name: "typescript",
        weight: 30,
        ease: 0.0,
        code: include_str!("code/typescript.txt"),
        comment: "//",
        extension: "ts",
        script: "packages/core/test/reproduce.test.ts",
        lint: ("npx tsc --noEmit -p packages/core", ""),
        suite: Suite {
            declared: ("it(\"", "", "\""),
            one: "npx vitest run {file}",
            all: "npx vitest run",
            head: "\n RUN  v1.6.0 {file}\n\n",
            pass: "   ✓ {name}\n",
            fail: "   × {name}\n     → expected values to be equal\n",
            detail: "\n⎯⎯⎯⎯⎯⎯⎯ Failed Tests ⎯⎯⎯⎯⎯⎯⎯\n\n FAIL  {file} > {name}\nAssertionError: expected values to be equal\n ❯ {file}:{n}:5\n",
            good: "\n Test Files  1 passed (1)\n      Tests  {passed} passed ({total})\n   Duration  {time}s\n",
            bad: "\n Test Files  1 failed (1)\n      Tests  {failed} failed | {passed} passed ({total})\n   Duration  {time}s\n",
            exit: 1,
        },
    },
    Language {
        name: "javascript",
        weight: 26,
        ease: 0.01,
        code: include_str!("code/javascript.txt"),
        comment: "//",
        extension: "js",
        script: "test/reproduce.test.js",
        lint: ("npx eslint lib test", ""),
        suite: Suite {
            declared: ("it('", "", "'"),
            one: "npx mocha {file}",
            all: "npm test --silent",
            head: "\n\n  {file}\n",
            pass: "    ✔ {name}\n",
            fail: "    {n}) {name}\n",
            detail: "\n  {n}) {name}:\n\n      AssertionError: expected the values to be deeply equal\n      at Context.<anonymous> ({file}:{n}:31)\n      at process.processImmediate (node:internal/timers:476:21)\n",
            good: "\n\n  {passed} passing ({time}s)\n\n",
            bad: "\n\n  {passed} passing ({time}s)\n  {failed} failing\n\n",
            exit: 1,
        },
    },
    Language {
        name: "rust",
        weight: 22,
        ease: -0.03,
        code: include_str!("code/rust.txt"),
        comment: "//",
        extension: "rs",
        script: "tests/reproduce.rs",
        lint: ("cargo clippy --quiet", ""),
        suite: Suite {
            declared: ("fn ", "", "() {"),
            one: "cargo test --test {stem}",
            all: "cargo test",
            head: "    Finished `test` profile [unoptimized + debuginfo] target(s) in {time}s\n     Running {file}\n\nrunning {total} tests\n",
            pass: "test {name} ... ok\n",
            fail: "test {name} ... FAILED\n",
            detail: "\nfailures:\n\n---- {name} stdout ----\nthread '{name}' panicked at {file}:{n}:5:\nassertion `left == right` failed\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
            good: "\ntest result: ok. {passed} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in {time}s\n",
            bad: "\ntest result: FAILED. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out\n\nerror: test failed\n",
            exit: 101,
        },
    },
    Language {
        name: "java",
        weight: 16,
        ease: -0.03,
        code: include_str!("code/java.txt"),
        comment: "//",
        extension: "java",
        script: "src/test/java/org/PROJECT/ReproduceTest.java",
        lint: ("mvn -q compile", ""),
        suite: Suite {
            declared: ("void ", "", "()"),
            one: "mvn test -Dtest={stem}",
            all: "mvn test",
            head: "[INFO] -------------------------------------------------------\n[INFO]  T E S T S\n[INFO] -------------------------------------------------------\n[INFO] Running {stem}\n",
            pass: "",
            fail: "[ERROR]   {name} -- Time elapsed: 0.006 s <<< FAILURE!\norg.opentest4j.AssertionFailedError: the values differ\n\tat {stem}.{name}({stem}.java:{n})\n",
            detail: "",
            good: "[INFO] Tests run: {total}, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: {time} s\n[INFO]\n[INFO] BUILD SUCCESS\n",
            bad: "[ERROR] Tests run: {total}, Failures: {failed}, Errors: 0, Skipped: 0, Time elapsed: {time} s <<< FAILURE!\n[INFO] BUILD FAILURE\n[ERROR] There are test failures.\n",
            exit: 1,
        },
    },
    Language {
        name: "php",
        weight: 12,
        ease: -0.01,
        code: include_str!("code/php.txt"),
        comment: "//",
        extension: "php",
        script: "tests/ReproduceTest.php",
        lint: (
            "php -l src/Settings.php",
            "No syntax errors detected in src/Settings.php\n",
        ),
        suite: Suite {
            declared: ("public function test", "test", "("),
            one: "vendor/bin/phpunit {file} --testdox",
            all: "vendor/bin/phpunit --testdox",
            head: "PHPUnit 10.5.20 by Sebastian Bergmann and contributors.\n\nRuntime:       PHP 8.2.18\n\n",
            pass: " ✔ {name}\n",
            fail: " ✘ {name}\n   │\n   │ Failed asserting that two values are identical.\n   │ {file}:{n}\n   │\n",
            detail: "",
            good: "\nTime: 00:0{time}, Memory: 10.00 MB\n\nOK ({total} tests, {total} assertions)\n",
            bad: "\nTime: 00:0{time}, Memory: 10.00 MB\n\nFAILURES!\nTests: {total}, Assertions: {total}, Failures: {failed}.\n",
            exit: 1,
        },
    },
    Language {
        name: "c",
        weight: 6,
        ease: -0.1,
        code: include_str!("code/c.txt"),
        comment: "//",
        extension: "c",
        script: "tests/test_reproduce.c",
        lint: (
            "make -n check | tail -1",
            "for t in build/test_*; do ./$t || exit 1; done\n",
        ),
        suite: Suite {
            declared: ("TEST(", "", ")"),
            one: "make check TESTS=build/{stem}",
            all: "make check",
            head: "cc -std=c11 -Wall -Wextra -O2 -g -Isrc -o build/check {file}\n",
            pass: "ok   {name}\n",
            fail: "FAIL {name}\n     {file}:{n}: the values differ\n",
            detail: "",
            good: "{total} tests, 0 failures\n",
            bad: "{total} tests, {failed} failures\nmake: *** [Makefile:12: check] Error 1\n",
            exit: 2,
        },
    },
    Language {
        name: "cpp",
        weight: 6,
        ease: -0.12,
        code: include_str!("code/cpp.txt"),
        comment: "//",
        extension: "cpp",
        script: "tests/reproduce_test.cpp",
        lint: (
            "cmake --build build 2>&1 | tail -1",
            "[100%] Built target unit_tests\n",
        ),
        suite: Suite {
            declared: ("TEST_CASE(\"", "", "\""),
            one: "cmake --build build && ./build/unit_tests -# '[#{stem}]'",
            all: "cmake --build build && ctest --test-dir build --output-on-failure",
            head: "[ 50%] Built target core\n[100%] Built target unit_tests\n",
            pass: "",
            fail: "-------------------------------------------------------------------------------\n{name}\n-------------------------------------------------------------------------------\n{file}:{n}: FAILED:\n  REQUIRE( the last comparison of this test )\n\n",
            detail: "",
            good: "===============================================================================\nAll tests passed ({total} assertions in {total} test cases)\n",
            bad: "===============================================================================\ntest cases: {total} | {passed} passed | {failed} failed\n",
            exit: 1,
        },
    },
];
