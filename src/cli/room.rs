//! `limes room`: the control rooms of this service.

use super::register::{Console, DataArgs, Table, made, on_process};
use crate::domain::ids::{RoomId, State};
use crate::domain::registry::RoomCard;
use crate::service::datadir::DataDir;
use crate::service::signing::Signing;
use anyhow::bail;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do when there is no room.
const NO_ROOM: &str = "no room yet: add one with `limes room add ROOM --state XX`";

/// `limes room …`
#[derive(Debug, Args)]
pub struct RoomArgs {
    #[command(subcommand)]
    what: RoomCommand,
}

#[derive(Debug, Subcommand)]
enum RoomCommand {
    /// Add a control room of a state
    Add(Add),
    /// List the rooms
    List(List),
    /// Print the public key by which what a room signs is checked: its reports, what it sends by webhook, and what it tells rooms
    /// of other services
    Key(Key),
}

#[derive(Debug, Args)]
struct Add {
    /// Its name: 1 to 64 of A-Z a-z 0-9 . _ -
    #[arg(value_parser = RoomId::parse)]
    room: RoomId,
    /// Its state, by ISO 3166-1 alpha-2
    #[arg(long, value_name = "XX", value_parser = State::parse)]
    state: State,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Key {
    /// Whose
    #[arg(value_parser = RoomId::parse)]
    room: RoomId,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    data: DataArgs,
}

/// Runs `limes room …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: RoomArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: RoomArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        RoomCommand::Add(add) => {
            let card = RoomCard {
                room: add.room,
                state: add.state,
            };
            let said = format!("room {} ({}) added", card.room, card.state);
            add.data
                .create()?
                .change(&made(), |writer| writer.add_room(card))?;
            writeln!(console.out, "{said}")?;
        }
        RoomCommand::List(list) => {
            let mut table = Table::new(&["ROOM", "STATE", "UNITS", "ACCOUNTS"]);
            if let Some(registry) = list.data.look()? {
                let picture = registry.picture();
                for card in picture.rooms() {
                    let units = picture
                        .units()
                        .filter(|unit| unit.card.room == card.room && unit.retired_at.is_none());
                    let accounts = picture
                        .accounts()
                        .filter(|it| it.card.room == card.room && it.disabled_at.is_none());
                    table.row(vec![
                        card.room.to_string(),
                        card.state.to_string(),
                        units.count().to_string(),
                        accounts.count().to_string(),
                    ]);
                }
            }
            table.show(console, NO_ROOM)?;
        }
        RoomCommand::Key(key) => {
            let picture = key.data.existing()?.picture();
            let card = picture.rooms().find(|card| card.room == key.room);
            let Some(card) = card else {
                bail!("there is no room {}: see `limes room list`", key.room);
            };
            let signing = Signing::new(&DataDir::existing(&key.data.data)?);
            let public = signing.public(&card.room, card.state)?;
            writeln!(console.out, "{public}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
pub(in crate::cli) mod tests;
