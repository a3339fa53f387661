//! Cline's and Roo Code's calls: a tag named as the tool, and in it one for each parameter. The answer is a user's message
//! `[read_file for 'a.py'] Result:`. <https://github.com/cline/cline>, `src/core/prompts/system.ts`

use super::Dialect;
use crate::trace::tagged::{TaggedCalls, rest, skip_space, text_object, without_newlines};
use crate::trace::written::Written;

pub(super) const DIALECT: Dialect = Dialect {
    written: Some(&Written {
        read,
        is_shown: |prompt, call| prompt.contains(&format!("<{}>", call.name)),
        is_answer: |answer, call| {
            let answer = answer.strip_prefix('[');
            answer.is_some_and(|answer| answer.starts_with(&*call.name))
        },
    }),
    ..Dialect::new("cline")
};

/// Their tools.
const TOOLS: [&str; 24] = [
    "execute_command",
    "read_file",
    "write_to_file",
    "replace_in_file",
    "apply_diff",
    "search_files",
    "list_files",
    "list_code_definition_names",
    "browser_action",
    "use_mcp_tool",
    "access_mcp_resource",
    "ask_followup_question",
    "attempt_completion",
    "plan_mode_respond",
    "new_task",
    "switch_mode",
    "insert_content",
    "search_and_replace",
    "fetch_instructions",
    "update_todo_list",
    "load_mcp_documentation",
    "codebase_search",
    "new_rule",
    "condense",
];

/// The first tag of a tool that is well-formed. A text has one call.
fn read(text: &str) -> Option<TaggedCalls> {
    let mut at = 0;
    let mut failures = 0;
    while let Some(found) = rest(text, at).find('<') {
        let start = at + found;
        at = start + 1;
        let name = rest(text, at).split(['>', '<', ' ', '\n']).next()?;
        if !TOOLS.contains(&name) || !rest(text, at + name.len()).starts_with('>') {
            continue;
        }
        if let Some(call) = call(text, start, name) {
            return Some(call);
        }
        failures += 1;
        if failures > MOST_FAILURES {
            return None;
        }
    }
    None
}

/// After so many tags that are not a call a text has none: each may have cost a look at the whole text.
const MOST_FAILURES: usize = 16;

fn call(text: &str, start: usize, name: &str) -> Option<TaggedCalls> {
    let close = format!("</{name}>");
    let mut parameters = Vec::new();
    let mut at = skip_space(text, start + name.len() + 2);
    while !rest(text, at).starts_with(&close) {
        let (key, value, end) = parameter(text, at)?;
        parameters.push((key, value));
        at = skip_space(text, end);
    }
    let arguments = text_object(&parameters);
    Some(TaggedCalls::one(start..at + close.len(), name, arguments))
}

/// `<key>value</key>` and where it ends. A file's content may hold the closing tag itself: one counts that a tag follows.
fn parameter(text: &str, start: usize) -> Option<(&str, &str, usize)> {
    let head = start + 1;
    let inner = rest(text, start).strip_prefix('<')?;
    let key = inner.get(..inner.find(['>', '<', ' ', '\n'])?)?;
    let from = head + key.len() + 1;
    let is_tag = rest(text, head + key.len()).starts_with('>') && !key.starts_with('/');
    let closing = format!("</{key}>");
    let mut to = from + rest(text, from).find(&closing).filter(|_| is_tag)?;
    while !rest(text, to + closing.len()).trim_start().starts_with('<') {
        to += 1 + rest(text, to + 1).find(&closing)?;
    }
    let value = without_newlines(text.get(from..to)?);
    Some((key, value, to + closing.len()))
}
