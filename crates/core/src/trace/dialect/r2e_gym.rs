//! R2E-Gym, the harness: an observation begins with `Exit code: n` and the line `Execution output of [tool]`.
//!

use super::{Dialect, ResultWords};

pub(super) const DIALECT: Dialect = Dialect {
    results: ResultWords {
        exit_code: Some(exit_code),
        failed: &["Command timed out"],
        ..ResultWords::NONE
    },
    ..Dialect::new("r2e_gym")
};

/// The exit code, unless a program wrote a line like it: the harness's is followed by a line of its own.
fn exit_code(observation: &str) -> Option<i64> {
    let rest = observation.strip_prefix("Exit code: ")?;
    let (code, output) = rest.split_once('\n')?;
    let code = code.trim().parse().ok()?;
    output.starts_with("Execution output of [").then_some(code)
}
