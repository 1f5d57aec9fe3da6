//! One file per command.

pub mod account;
mod register;
pub mod room;
pub mod token;
pub mod unit;

use std::process::ExitCode;

/// Runs the command of the process arguments.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(2)
}
