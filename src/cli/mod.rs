//! One file per command.

pub mod rules;

use std::process::ExitCode;

/// Runs the command of the process arguments.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
