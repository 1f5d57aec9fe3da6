//! `limes replay`: recorded tracks through the same core, offline or into a running service.

mod connection;
mod load;
mod offline;
mod post;
mod progress;
mod schedule;

#[cfg(test)]
mod tests;

use super::unit::kind;
use super::{Context, WrongUsage};
use crate::domain::ids::{State, UnitId};
use crate::domain::registry::UnitKind;
use schedule::Speed;
use std::path::PathBuf;
use std::process::ExitCode;

/// `limes replay …`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[arg(
        required = true,
        value_name = "FILE",
        help = "Recorded tracks: CSV with the keys of a fix as its header, NDJSON, GPX, GeoJSON, NMEA 0183, IGC or FIT"
    )]
    files: Vec<PathBuf>,
    /// The unit of all fixes; else the file's own, else the file's name.
    #[arg(long, value_name = "ID", value_parser = UnitId::parse)]
    unit: Option<UnitId>,
    /// The state whose officers the units carry; else the state in which each of them starts.
    #[arg(long, value_name = "XX", value_parser = State::parse, conflicts_with = "to")]
    state: Option<State>,
    /// What the units are.
    #[arg(long, value_name = "KIND", value_parser = kind_of_a_track, default_value = "vehicle", conflicts_with = "to")]
    kind: UnitKind,
    /// An operation that the units belong to, as a JSON object with the keys of an operation.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    operation: Option<PathBuf>,
    /// The crossing points that both rooms speak of by name: TOML, the file that `crossing_points_file` of the service's
    /// configuration names.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    crossing_points: Option<PathBuf>,
    /// Post to the service at this address instead of replaying offline.
    #[arg(long, value_name = "URL", requires = "token")]
    to: Option<String>,
    /// The token to post with.
    #[arg(long, value_name = "TOKEN", requires = "to")]
    token: Option<String>,
    /// How fast to post: a factor, or max for as fast as it goes.
    #[arg(long, value_name = "X|max", default_value = "1", requires = "to")]
    speed: Speed,
    /// Post the recorded times as they are.
    #[arg(long, requires = "to")]
    keep_times: bool,
}

fn kind_of_a_track(word: &str) -> Result<UnitKind, String> {
    match kind(word)? {
        UnitKind::Tracker => {
            Err("a technical source is sealed by the service alone, and replayed by nobody: leave it out".to_owned())
        }
        other => Ok(other),
    }
}

/// Runs it.
///
/// # Errors
/// When a file, the border or rule data cannot be read, or the service does not take the fixes.
pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let (Some(to), Some(token)) = (&arguments.to, &arguments.token) {
        connection::request(to, token).map_err(|error| WrongUsage::of(&error))?;
    }
    let recording = load::load(&arguments.files, arguments.unit.as_ref())?;
    let (Some(to), Some(token)) = (&arguments.to, &arguments.token) else {
        return replay_offline(context, arguments, &recording);
    };
    let schedule = schedule::Schedule {
        speed: arguments.speed,
        keep_times: arguments.keep_times,
    };
    // A connection that broke is not a reader of our output that has seen enough.
    let posted = post::post(to, token, &recording, schedule)
        .map_err(|error| anyhow::anyhow!("{error:#}"))?;
    eprint!("{posted}");
    Ok(ExitCode::SUCCESS)
}

fn replay_offline(
    context: &Context,
    arguments: &Arguments,
    recording: &load::Recording,
) -> anyhow::Result<ExitCode> {
    let units = offline::Units {
        state: arguments.state,
        kind: arguments.kind,
        operation: arguments.operation.as_deref(),
        crossing_points: arguments.crossing_points.as_deref(),
    };
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    let summary = offline::replay(context.border_data.as_deref(), recording, &units, out)?;
    eprint!("{summary}");
    Ok(ExitCode::SUCCESS)
}
