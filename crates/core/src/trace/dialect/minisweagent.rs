//! mini-swe-agent, the harness: `bash` is its only tool, called by a field or by a fenced block, and every observation
//! begins with the return code.

use super::{Dialect, ResultWords};
use crate::trace::fenced::Fences;
use crate::trace::harness::Evidence;
use serde::Deserialize;

pub(super) const DIALECT: Dialect = Dialect {
    fences: Fences {
        prompt_words: &["bash code block", "your_command_here", "mswea_bash_command"],
        languages: &["bash", "mswea_bash_command"],
        ..Fences::NONE
    },
    observation_starts: &["<returncode>"],
    is_harness: Some(is_harness),
    results: ResultWords {
        exit_code: Some(exit_code),
        failed_quoting: &[(
            "The last command <command>",
            "</command> timed out and has been killed.",
        )],
        ..ResultWords::NONE
    },
    ..Dialect::new("minisweagent")
};

fn is_harness(run: &Evidence) -> bool {
    let is_alone = run.has_tool("bash") && run.tool_names().all(|name| name == "bash");
    (is_alone || run.has_fenced_calls()) && answers_with_return_code(run)
}

/// Whether one of the first observations begins as this harness's do.
pub(super) fn answers_with_return_code(run: &Evidence) -> bool {
    run.first_observations().any(|observation| {
        let text = observation.trim_start();
        let json = text.strip_prefix('{').map(str::trim_start);
        text.starts_with("<returncode>")
            || json.is_some_and(|json| json.starts_with("\"returncode\""))
    })
}

/// The return code, as JSON or as a tag.
fn exit_code(observation: &str) -> Option<i64> {
    if observation.starts_with('{') {
        let answer: Answer = serde_json::from_str(observation).ok()?;
        return answer.returncode;
    }
    let rest = observation.strip_prefix("<returncode>")?;
    let (code, _) = rest.split_once("</returncode>")?;
    code.trim().parse().ok()
}

#[derive(Deserialize)]
struct Answer {
    returncode: Option<i64>,
}
