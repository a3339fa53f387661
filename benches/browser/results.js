// What became of a call, in plain JavaScript: the harnesses' words for failures, and whether a command runs tests.
// The library's definitions (`calls` of the core), so that both sides count the same errors.

/** `ok`, `error`, `nonzero-exit` or `unanswered`; `given` are the arguments. */
export function resultOf(call, given) {
  if (!call.answer) return "unanswered";
  const said = withoutHeads(call.answer.text);
  const code = exitCode(said) ?? endMark(said);
  if (code === 0) return "ok";
  if (code === FAILED || code < 0 || code === 126 || code === 127) return "error";
  if (code !== null) return runsTests(given.command ?? given.cmd ?? "") ? "nonzero-exit" : "error";
  return saysItFailed(said, call.name) ? "error" : "ok";
}

// An observation.

const FAILED = "failed";

function withoutHeads(text) {
  return text.trimStart()
    .replace(/^(OBSERVATION|Observation):\s*/, "")
    .replace(/^EXECUTION RESULT of \[[^\n\]]*\]:\s*/, "")
    .replace(/^\[Below is the output of the previous command\.\]\s*/, "");
}

function exitCode(said) {
  if (said.startsWith("{")) {
    try {
      return JSON.parse(said).returncode ?? null;
    } catch {
      return null;
    }
  }
  const found = /^<returncode>\s*(-?\d+)\s*<\/returncode>/.exec(said);
  return found ? Number(found[1]) : null;
}

/** What the bracketed lines at the end say, the last first. */
function endMark(said) {
  for (const line of said.trimEnd().slice(-2000).split("\n").slice(-8).reverse()) {
    const mark = line.trim();
    if (!mark.startsWith("[") || !mark.endsWith("]")) return null;
    const code = /^\[(?:Command |The command |Python ).*exit code (-?\d+)[.\]]*$/.exec(mark);
    if (code) return Number(code[1]);
    if (/^\[(?:The command|Command) .*(?: timed out| has no new output after )/.test(mark)
      || /^\[Your command .* is NOT executed\./.test(mark)
      || mark === "[Error occurred in processing last action]") return FAILED;
  }
  return null;
}

const ERRORS = /^(ERROR:|EXECUTION TIMED OUT|COMMAND TIMED OUT|Your proposed edit has introduced new syntax error|Your (bash )?command contained syntax errors)/;
const TOOL_ERRORS = /^(Traceback \(most recent call last\)|Error:|Error executing|No replacement was performed|Invalid `|The path |File already exists at:|Parameter `|Unrecognized command|The `view_range` parameter is not allowed|No edit history found|Multiple occurrences of old_str)/;
const QUOTING = [
  ["The command '", "' was cancelled because it took more than "],
  ["Operation '", "' is not supported by this environment"],
  ["The last command <command>", "</command> timed out and has been killed."],
];
const SHELL = /bash|shell|terminal|ipython|jupyter|^(run|exec|execute|cmd|command|python|run_command|execute_command|exec_command)$/i;

function saysItFailed(said, tool) {
  return ERRORS.test(said)
    || (!SHELL.test(tool) && TOOL_ERRORS.test(said))
    || QUOTING.some(([start, then]) => said.startsWith(start) && said.includes(then));
}

// A command: whether one of the commands of its script runs tests.

function runsTests(script) {
  return commands(String(script)).some(words => {
    const inner = inlineScript(words);
    return inner === null ? runsTestsBy(words) : commands(inner).some(runsTestsBy);
  });
}

/** The simple commands of a script, each as its words, without quotes. */
function commands(script) {
  const found = [];
  let words = [""];
  let quote = null;
  const push = text => words[words.length - 1] += text;
  const end = () => {
    found.push(words.filter(word => word));
    words = [""];
    quote = null;
  };
  for (let at = 0; at < script.length; at++) {
    const c = script[at];
    if (quote === c) quote = null;
    else if (quote === null && (c === "'" || c === '"')) quote = c;
    else if (quote !== "'" && c === "\\") {
      const escaped = script[++at] ?? "\n";
      if (escaped !== "\n") push(escaped);
    } else if (quote === null && "\n;&|()".includes(c)) end();
    else if (quote === null && /\s/.test(c)) words.push("");
    else push(c);
  }
  end();
  return found;
}

const WRAPPERS = new Set(["sudo", "env", "time", "nohup", "exec", "command", "then", "do", "!", "timeout", "npx", "bunx", "xvfb-run", "nice", "stdbuf", "if"]);
const RUN_WRAPPERS = new Set(["poetry", "uv", "pipenv", "pdm", "hatch", "conda", "mamba", "rye", "bundle"]);
const TAKE_A_WORD = new Set(["-n", "--name", "-p", "--prefix", "--with", "--python"]);

const fileName = path => path.slice(path.lastIndexOf("/") + 1);
const isOption = word => word.startsWith("-");

/** The command behind assignments, `sudo`, `timeout 60`, `poetry run` and the like. */
function unwrapped(words) {
  while (words.length) {
    const [program, ...rest] = words;
    const name = fileName(program);
    if (/^\w+=/.test(program)) words = rest;
    else if (WRAPPERS.has(name)) {
      const options = rest.findIndex(word => !isOption(word));
      words = options < 0 ? [] : rest.slice(options + (name === "timeout" ? 1 : 0));
    } else if (RUN_WRAPPERS.has(name)) {
      const run = rest.findIndex(word => word === "run" || word === "exec");
      words = run < 0 ? [] : rest.slice(run + 1);
      while (words.length && isOption(words[0])) words = words.slice(TAKE_A_WORD.has(words[0]) ? 2 : 1);
    } else break;
  }
  return words;
}

/** The script of `bash -c '…'`. */
function inlineScript(words) {
  const [program, ...given] = unwrapped(words);
  if (!program || !["bash", "sh", "zsh"].includes(fileName(program))) return null;
  const at = given.findIndex(word => /^-(?!-).*c$/.test(word));
  return at < 0 ? null : given[at + 1] ?? null;
}

const RUNNERS = new Set(["pytest", "py.test", "tox", "nox", "nosetests", "nose2", "trial", "stestr", "jest", "vitest", "mocha", "ava", "karma", "jasmine", "phpunit", "pest", "ctest", "rspec", "bats", "gotestsum", "runtests.py", "busted"]);
const BUILDERS = new Set(["go", "cargo", "swift", "dotnet", "mix", "deno", "zig", "flutter", "dart", "stack", "cabal", "lein", "bazel", "rails", "meson", "dune"]);
const MAKERS = new Set(["composer", "ant", "sbt", "make", "gmake", "ninja", "just", "task", "rake"]);
const PACKAGERS = new Set(["npm", "yarn", "pnpm", "bun", "lerna", "nx", "turbo"]);
const MAVENS = new Set(["mvn", "mvnw", "gradle", "gradlew"]);
const INTERPRETERS = new Set(["node", "ts-node", "tsx", "ruby", "perl", "bash", "sh", "zsh", "source", ".", "Rscript", "lua", "julia"]);

function runsTestsBy(words) {
  const [program, ...given] = unwrapped(words);
  if (!program) return false;
  const name = fileName(program);
  const plain = given.filter(word => !isOption(word));
  const first = plain[0] ?? "";
  if (RUNNERS.has(name)) return true;
  if (/^(python|pypy)[\d.]*$/.test(name)) return pythonRunsTests(given);
  if (name === "coverage") return first === "run" && pythonRunsTests(given.slice(1));
  if (BUILDERS.has(name)) return plain.some(word => ["test", "nextest", "t"].includes(word));
  if (MAKERS.has(name)) return plain.some(isTestTarget);
  if (PACKAGERS.has(name)) return plain.some(word => isTestTarget(word) || RUNNERS.has(word)) || first === "t";
  if (MAVENS.has(name)) return plain.some(word => /test/i.test(word) || word === "verify" || word === "check");
  if (name === "php") return isTestScript(first) || plain.includes("test");
  if (INTERPRETERS.has(name)) return isTestScript(first);
  return program.includes("/") && isTestScript(program);
}

function pythonRunsTests(given) {
  const modules = given.filter((_, at) => given[at - 1] === "-m").map(module => module.split(".")[0]);
  if (modules.some(module => ["unittest", "doctest", "test", "nose"].includes(module) || RUNNERS.has(module))) return true;
  if (given.includes("-c")) return false;
  const [script = "", ...rest] = given.filter(word => !isOption(word));
  const runsByName = ["manage.py", "setup.py", "run.py"].includes(fileName(script));
  return isTestScript(script) || RUNNERS.has(fileName(script)) || (runsByName && rest.includes("test"));
}

const isTestTarget = word => word.split(/[:\-_/]/).some(part => ["test", "tests", "check", "spec"].includes(part));

function isTestScript(path) {
  const name = fileName(path).toLowerCase();
  const words = name.split(".")[0].split(/[_-]/);
  return RUNNERS.has(name)
    || words.some(word => ["test", "tests", "runtests"].includes(word) || word.startsWith("repro"))
    || name.includes(".test.") || name.includes(".spec.");
}
