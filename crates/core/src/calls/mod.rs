//! Every call of a trajectory, resolved: what its arguments say, what became of it, and a key by which calls are compared.
//! Measures and signs count by the same calls, so that both say the same of them.

mod arguments; // what a call's arguments say: an object or not, a command, a path
mod canonical; // the hash of a JSON value, whatever the order of its keys
mod doing; // what a call is for
mod laid_out; // a call's arguments one by one, as a person reads them
mod result; // what an observation says of its call, by the harness's own words
pub(crate) mod shell; // what a shell command runs
mod test_run; // whether it runs tests

use serde::{Deserialize, Serialize};

use crate::ground::hash::{both, hash};
use crate::trace::{Call, CallAt, Trajectory};

pub(crate) use arguments::{CountedBy, ReadArguments};
pub use doing::Doing;
pub(crate) use doing::is_submit;
pub(crate) use laid_out::lay_out;
use result::Verdict;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallResult {
    /// It was answered, and the answer is not an error.
    Ok,
    /// A test run that ended with a non-zero exit code.
    NonzeroExit,
    /// The harness says that it failed.
    Error,
    /// It was never answered.
    Unanswered,
}

/// A call with all that is known of it, read once for everyone who counts by it.
#[derive(Debug)]
pub(crate) struct ResolvedCall<'t> {
    /// Where it stands.
    pub at: CallAt,
    /// The call.
    pub call: &'t Call<'t>,
    /// What its arguments say.
    pub arguments: ReadArguments<'t>,
    /// What became of it.
    pub result: CallResult,
    /// What it does: equal for calls of one tool with the same arguments.
    pub key: u64,
}

impl ResolvedCall<'_> {
    /// What the call is counted by; see [`tool_name`].
    pub fn counted_by(&self) -> CountedBy<'_> {
        CountedBy::call(&self.call.name, &self.arguments)
    }
}

/// Every call of a trajectory, in order.
pub(crate) fn resolve<'t>(trajectory: &'t Trajectory) -> Vec<ResolvedCall<'t>> {
    let messages = trajectory.messages.iter().enumerate();
    let calls = messages.flat_map(|(message, turn)| {
        let calls = turn.calls.iter().enumerate();
        calls.map(move |(call, of)| (CallAt { message, call }, of))
    });
    calls
        .map(|(at, call)| {
            let arguments = arguments::read(&call.arguments);
            ResolvedCall {
                at,
                call,
                result: result_of(trajectory, call, &arguments),
                key: key(call, &arguments),
                arguments,
            }
        })
        .collect()
}

fn key(call: &Call, arguments: &ReadArguments) -> u64 {
    let said = match arguments {
        Ok(arguments) => arguments.hash,
        Err(_) => hash(call.arguments.trim().as_bytes()),
    };
    both(hash(call.name.as_bytes()), said)
}

/// What became of the call `messages[message].calls[call]`; `None` where there is no such call.
pub fn call_result(trajectory: &Trajectory, message: usize, call: usize) -> Option<CallResult> {
    let call = trajectory.messages.get(message)?.calls.get(call)?;
    let arguments = arguments::read(&call.arguments);
    Some(result_of(trajectory, call, &arguments))
}

/// The name by which a call is counted: the tool's, with its verb where it has one (`str_replace_editor:view`).
///
/// A verb is a `command` of one word (`a`–`z` and `_`) beside a `path`. A shell's command is not a verb.
pub fn tool_name(name: &str, arguments: &str) -> String {
    CountedBy::call(name, &arguments::read(arguments)).tool_name()
}

/// Whether a call's arguments are a JSON object.
pub fn is_object(arguments: &str) -> bool {
    arguments::read(arguments).is_ok()
}

fn result_of(trajectory: &Trajectory, call: &Call, arguments: &ReadArguments) -> CallResult {
    let answer = call.answer.and_then(|at| trajectory.messages.get(at));
    let Some(observation) = answer else {
        return CallResult::Unanswered;
    };
    match result::verdict(&call.name, observation) {
        Verdict::Ok => CallResult::Ok,
        Verdict::Error => CallResult::Error,
        Verdict::Exit if runs_tests(call, arguments) => CallResult::NonzeroExit,
        Verdict::Exit => CallResult::Error,
    }
}

fn runs_tests(call: &Call, arguments: &ReadArguments) -> bool {
    let command = match arguments {
        Ok(arguments) => arguments.command.as_deref().unwrap_or_default(),
        Err(_) => &call.arguments,
    };
    test_run::runs_tests(command)
}
