//! How a call ended, where its source says it in a field beside the observation's words (`is_error`, `exit_code`, …).
//! Only what a field says outright counts; words that tell nothing of success, such as `completed`, say nothing.

use super::object::Object;
use super::{Reported, json};

/// What a field says of a call's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// Whether it failed.
    IsError,
    /// Whether it succeeded.
    IsSuccess,
    /// What went wrong; nothing where nothing did.
    Fault,
    /// One word.
    Status,
    /// The exit code of its command.
    ExitCode,
}

impl Report {
    /// What the field's raw JSON says.
    pub fn read(self, raw: &str) -> Option<Reported> {
        let is_true = match raw.trim_matches('"') {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        };
        let ended = |well: bool| if well { Reported::Ok } else { Reported::Error };
        match self {
            Report::IsError => is_true.map(|failed| ended(!failed)),
            Report::IsSuccess => is_true.map(ended),
            Report::Fault => fault(raw, is_true),
            Report::Status => status(&json::raw_text(raw)),
            Report::ExitCode => raw.trim_matches('"').parse().ok().map(Reported::Exit),
        }
    }
}

fn fault(raw: &str, is_true: Option<bool>) -> Option<Reported> {
    match (is_true, raw) {
        (Some(failed), _) => failed.then_some(Reported::Error),
        (None, "null" | "\"\"" | "{}" | "[]" | "0") => None,
        _ => Some(Reported::Error),
    }
}

fn status(word: &str) -> Option<Reported> {
    match word.to_ascii_lowercase().as_str() {
        "error" | "failed" | "failure" | "errored" | "output-error" | "outcome_failed" => {
            Some(Reported::Error)
        }
        "ok" | "success" | "succeeded" | "successful" | "outcome_ok" => Some(Reported::Ok),
        _ => None,
    }
}

/// What the fields of an object say that is a harness's result.
pub(super) fn of_result(result: &Object) -> Option<Reported> {
    let reports = [
        ("exit_code", Report::ExitCode),
        ("error", Report::Fault),
        ("success", Report::IsSuccess),
    ];
    let said = reports
        .into_iter()
        .filter_map(|(name, report)| report.read(result.raw(name)?));
    said.fold(None, |all, one| both(all, Some(one)))
}

/// Both of what two fields say: an exit code says most, then a failure.
pub(super) fn both(first: Option<Reported>, second: Option<Reported>) -> Option<Reported> {
    match (first, second) {
        (Some(Reported::Error), Some(Reported::Exit(0) | Reported::Ok))
        | (Some(Reported::Exit(0) | Reported::Ok), Some(Reported::Error)) => Some(Reported::Error),
        (Some(Reported::Exit(code)), _) | (_, Some(Reported::Exit(code))) => {
            Some(Reported::Exit(code))
        }
        (Some(Reported::Error), _) | (_, Some(Reported::Error)) => Some(Reported::Error),
        (first, second) => first.or(second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_how_a_call_ended_or_nothing() {
        for (report, raw, ended) in [
            (Report::IsError, "true", Some(Reported::Error)),
            (Report::IsError, "false", Some(Reported::Ok)),
            (Report::IsError, "null", None),
            (Report::IsSuccess, "false", Some(Reported::Error)),
            (Report::Fault, "null", None),
            (Report::Fault, "\"no such file\"", Some(Reported::Error)),
            (Report::Status, "\"completed\"", None),
            (Report::Status, "\"Failed\"", Some(Reported::Error)),
            (Report::ExitCode, "2", Some(Reported::Exit(2))),
            (Report::ExitCode, "null", None),
        ] {
            assert_eq!(report.read(raw), ended, "{report:?} {raw}");
        }
    }

    #[test]
    fn an_exit_code_says_most() {
        let (ok, error) = (Some(Reported::Ok), Some(Reported::Error));
        assert_eq!(
            both(error, Some(Reported::Exit(1))),
            Some(Reported::Exit(1))
        );
        assert_eq!(both(Some(Reported::Exit(0)), error), error);
        assert_eq!(both(None, ok), ok);
    }
}
