//! What a shell command runs: its simple commands, each as its words.
//! A script is split roughly as a shell would split it, so that a text that speaks of a command is not taken for one.

/// Whether a tool runs programs, whose output is not the tool's own words.
pub(crate) fn is_shell(tool: &str) -> bool {
    let holds = |word: &&str| {
        let mut parts = tool.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    ["bash", "shell", "terminal", "ipython", "jupyter"]
        .iter()
        .any(holds)
        || [
            "run",
            "exec",
            "execute",
            "cmd",
            "command",
            "python",
            "run_command",
            "execute_command",
            "exec_command",
        ]
        .iter()
        .any(|word| tool.eq_ignore_ascii_case(word))
}

/// The simple commands of a line (or script) of shell and of scripts in it (`bash -c '…'`, one deep), each as its words:
/// behind assignments, `sudo`, `timeout 60` and the like. Here-documents and comment lines are not commands.
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
        // A document that does not end is not one: `<<` stood in a text.
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

/// The simple commands of a script, each as its words, without quotes.
pub(super) fn commands(script: &str) -> impl Iterator<Item = Vec<String>> {
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

/// The command behind assignments, `sudo`, `timeout 60`, `poetry run` and the like.
pub(super) fn unwrapped(mut words: &[String]) -> &[String] {
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
pub(super) fn inline_script(words: &[String]) -> Option<&str> {
    let (program, arguments) = unwrapped(words).split_first()?;
    let is_shell = matches!(file_name(program), "bash" | "sh" | "zsh");
    let is_inline =
        |word: &String| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
    let at = arguments.iter().position(is_inline).filter(|_| is_shell)?;
    arguments.get(at + 1).map(String::as_str)
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
