//! One file per command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. An error is one sentence on standard error.

pub mod account;
pub mod borders;
pub mod demo;
pub mod device;
pub mod journal;
pub mod locate;
mod profile;
mod register;
pub mod replay;
pub mod report;
pub mod room;
pub mod rules;
pub mod serve;
pub mod token;
pub mod unit;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Two control rooms, one frontier, one operation.
#[derive(Debug, Parser)]
#[command(name = "limes", version, about)]
struct Arguments {
    /// Read border and rule data from this folder instead of the built-in ones.
    #[arg(long, global = true, value_name = "DIR")]
    border_data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Play the exercise on a service of its own, until stopped.
    Demo(demo::DemoArgs),
    /// Run the service.
    Serve(serve::ServeArgs),
    /// Say in which state positions lie.
    Locate(locate::Arguments),
    /// Validate or describe the border data.
    Borders(borders::Arguments),
    /// Verify, export, back up or restore the append-only record.
    Journal(journal::Args),
    /// Validate the rule data, or show what it says of a pair of states.
    Rules(rules::RulesArgs),
    /// Make keys, sign, check or show what two states agreed on.
    Profile(profile::ProfileArgs),
    /// Play recorded tracks, offline or into a running service.
    Replay(replay::Arguments),
    /// What is read after an operation, and a quarter's figures.
    Report(report::ReportArgs),
    /// The control rooms of this service.
    Room(room::RoomArgs),
    /// The persons who may log in.
    Account(account::AccountArgs),
    /// The units that may post positions.
    Unit(unit::UnitArgs),
    /// The phones and trackers whose fixes are a unit's.
    Device(device::DeviceArgs),
    /// The tokens that units and gateways speak with.
    Token(token::TokenArgs),
}

/// What every command may need.
#[derive(Debug)]
pub struct Context {
    /// The folder of border and rule data; none for the built-in ones.
    pub border_data: Option<PathBuf>,
}

/// Runs the command of the process arguments.
#[must_use]
pub fn main() -> ExitCode {
    // Wrong usage ends here, with code 2.
    let arguments = Arguments::parse();
    let context = Context {
        border_data: arguments.border_data,
    };
    let done = check_folder(context.border_data.as_deref())
        .and_then(|()| run(&context, arguments.command));
    match done {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("limes: {error:#}");
            if error.is::<WrongUsage>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn run(context: &Context, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(arguments) => demo::run(context, &arguments),
        Command::Serve(arguments) => serve::run(context, &arguments),
        Command::Locate(arguments) => locate::run(context, &arguments),
        Command::Borders(arguments) => borders::run(context, &arguments),
        Command::Journal(arguments) => journal::run(arguments),
        Command::Rules(arguments) => rules::run(context, arguments),
        Command::Profile(arguments) => profile::run(context, arguments),
        Command::Replay(arguments) => replay::run(context, &arguments),
        Command::Report(arguments) => report::run(context, arguments),
        Command::Room(arguments) => room::run(arguments),
        Command::Account(arguments) => account::run(arguments),
        Command::Unit(arguments) => unit::run(arguments),
        Command::Device(arguments) => device::run(arguments),
        Command::Token(arguments) => token::run(arguments),
    }
}

/// Arguments or a configuration that no command can work with: ends with code 2, as what clap finds does.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);

impl WrongUsage {
    /// From any error, with all that it says.
    fn of(error: &anyhow::Error) -> anyhow::Error {
        Self(format!("{error:#}")).into()
    }
}

/// Whoever reads our output has read enough: that is no error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let cause = cause.downcast_ref::<std::io::Error>();
        cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// The folder of `--border-data`, which must be there.
fn check_folder(folder: Option<&std::path::Path>) -> anyhow::Result<()> {
    match folder {
        Some(folder) if !folder.is_dir() => {
            let sentence = format!(
                "--border-data {} is no folder: name one with MANIFEST.toml and the published files",
                folder.display()
            );
            Err(WrongUsage(sentence).into())
        }
        Some(_) | None => Ok(()),
    }
}
