//! `limes rules`: checks the rule data, shows what officers of one state may meet in another, and writes docs/RULES.md.

mod book;
mod text;

use super::Context;
use crate::domain::ids::State;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::row::Pair;
use crate::service::ruledata;
use crate::wire::rules::show;
use anyhow::Context as _;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// `limes rules …`.
#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// Lay this file of a legal service over the rules; may be given several times.
    #[arg(long = "rules", global = true, value_name = "FILE")]
    overlays: Vec<PathBuf>,
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, clap::Subcommand)]
enum RulesCommand {
    /// Check the rule data: sources, lists, states, words, days, one row at a time.
    Check,
    /// Show what officers of FROM may do in TERRITORY, and how well it is known.
    Show {
        /// The state whose officers enter, such as HU.
        from: String,
        /// The state whose soil is entered, such as RO.
        territory: String,
        /// How to write it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write docs/RULES.md: every pair, by means and basis, with every figure and how well it is known.
    Book,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command: exit 0 when done, 1 for flawed data or an unknown state.
///
/// # Errors
/// When the rule data cannot be read or has flaws, a state is not known, or standard output is closed.
pub(super) fn run(context: &Context, arguments: RulesArgs) -> anyhow::Result<ExitCode> {
    let rulebook = ruledata::overlaid(context.border_data.as_deref(), &arguments.overlays)?;
    let written = match arguments.command {
        RulesCommand::Check => checked(&rulebook),
        RulesCommand::Book => book::write(&rulebook),
        RulesCommand::Show {
            from,
            territory,
            format,
        } => {
            let pair = Pair {
                territory: known_state(&rulebook, &territory)?,
                from: known_state(&rulebook, &from)?,
            };
            shown(&rulebook, pair, format)?
        }
    };
    let mut out = std::io::stdout().lock();
    out.write_all(written.as_bytes())
        .and_then(|()| out.flush())
        .context("standard output cannot be written: check where it goes")?;
    Ok(ExitCode::SUCCESS)
}

/// What `rules check` says of sound data.
fn checked(rulebook: &Rulebook) -> String {
    let rows = rulebook.rows().count();
    let mut overlays = String::new();
    for overlay in rulebook.overlays() {
        let _ = writeln!(overlays, "with the {overlay}");
    }
    format!(
        "rules v{} of {}: {rows} rows, {} states, {} offences, {} offence lists, {} sources: no flaw found\n{overlays}",
        rulebook.version(),
        rulebook.as_of(),
        rulebook.states().len(),
        rulebook.offences().len(),
        rulebook.lists().len(),
        rulebook.sources().len(),
    )
}

fn known_state(rulebook: &Rulebook, written: &str) -> anyhow::Result<State> {
    State::parse(&written.to_ascii_uppercase())
        .ok()
        .filter(|state| rulebook.state(*state).is_some())
        .with_context(|| {
            let known: Vec<&str> = rulebook.states().map(|info| info.state.as_str()).collect();
            format!(
                "`{written}` is no state of rules v{}: name one of {}",
                rulebook.version(),
                known.join(" ")
            )
        })
}

fn shown(rulebook: &Rulebook, pair: Pair, format: Format) -> anyhow::Result<String> {
    anyhow::ensure!(
        pair.from != pair.territory,
        "{} is named twice: name the state whose officers enter, then the state they enter",
        pair.from
    );
    let pair = show::pair(rulebook, pair).context("a state is not in the rules")?;
    match format {
        Format::Text => Ok(text::table(rulebook, &pair)),
        Format::Json => {
            let json = serde_json::to_string_pretty(&pair).context("cannot write JSON")?;
            Ok(json + "\n")
        }
    }
}

#[cfg(test)]
mod tests;
