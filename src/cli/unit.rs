//! `limes unit`: the units that post positions.

use super::register::{Console, DataArgs, Table, made, on_process};
use crate::domain::ids::{RoomId, State, UnitId};
use crate::domain::registry::{Marks, UnitCard, UnitKind};
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do when there is no unit.
const NO_UNIT: &str = "no unit yet: add one with `limes unit add ID --room ROOM --state XX --kind vehicle --callsign C`";

/// `limes unit …`
#[derive(Debug, Args)]
pub struct UnitArgs {
    #[command(subcommand)]
    what: UnitCommand,
}

#[derive(Debug, Subcommand)]
enum UnitCommand {
    /// Add a unit to a room
    Add(Add),
    /// List the units
    List(List),
    /// Retire a unit for good and revoke its tokens
    Retire(Retire),
}

#[derive(Debug, Args)]
struct Add {
    /// Its id: 1 to 64 of A-Z a-z 0-9 . _ -
    #[arg(value_name = "ID", value_parser = UnitId::parse)]
    unit: UnitId,
    /// The room it belongs to; may be left out while the state has one room
    #[arg(long, value_parser = RoomId::parse)]
    room: Option<RoomId>,
    /// The state whose officers it carries, by ISO 3166-1 alpha-2
    #[arg(long, value_name = "XX", value_parser = State::parse)]
    state: State,
    /// vehicle, officer, helicopter, boat or drone
    #[arg(long, value_parser = kind)]
    kind: UnitKind,
    /// How it is called on the air
    #[arg(long)]
    callsign: String,
    /// How it can be recognised as police: uniform, `marked_car` or covert; not stated when left out
    #[arg(long, value_parser = marks)]
    marks: Option<Marks>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Retire {
    /// The unit's id
    #[arg(value_name = "ID", value_parser = UnitId::parse)]
    unit: UnitId,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn kind(word: &str) -> Result<UnitKind, String> {
    UnitKind::parse(word).ok_or_else(|| {
        format!(
            "`{word}` is not a kind of unit: say one of vehicle, officer, helicopter, boat, drone"
        )
    })
}

fn marks(word: &str) -> Result<Marks, String> {
    Marks::parse(word).ok_or_else(|| {
        let known = Marks::ALL.map(Marks::as_str).join(", ");
        format!("`{word}` is none of the marks: say one of {known}")
    })
}

/// Runs `limes unit …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: UnitArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: UnitArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        UnitCommand::Add(add) => add_unit(add, console)?,
        UnitCommand::List(list) => show(&list, console)?,
        UnitCommand::Retire(Retire { unit, data }) => {
            data.existing()?
                .change(&made(), |writer| writer.retire_unit(&unit))?;
            writeln!(
                console.out,
                "unit {unit} is retired; its tokens are revoked"
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add_unit(add: Add, console: &mut Console<'_>) -> anyhow::Result<()> {
    let registry = add.data.existing()?;
    let said = registry.change(&made(), |writer| {
        let room = match add.room {
            Some(room) => room,
            None => writer.picture().room_of_state(add.state)?.room.clone(),
        };
        let said = format!(
            "unit {} ({}) added to room {room}",
            add.unit,
            add.kind.as_str()
        );
        writer.add_unit(UnitCard {
            id: add.unit,
            room,
            state: add.state,
            kind: add.kind,
            callsign: add.callsign.into(),
            marks: add.marks,
        })?;
        Ok(said)
    })?;
    writeln!(console.out, "{said}")?;
    Ok(())
}

fn show(list: &List, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut table = Table::new(&[
        "UNIT", "ROOM", "STATE", "KIND", "CALLSIGN", "MARKS", "STATUS",
    ]);
    if let Some(registry) = list.data.look()? {
        let picture = registry.picture();
        let mut entries: Vec<_> = picture.units().collect();
        entries.sort_by_key(|entry| (&entry.card.room, &entry.card.id));
        for entry in entries {
            let status = entry
                .retired_at
                .map_or_else(|| "active".to_owned(), |at| format!("retired {at}"));
            table.row(vec![
                entry.card.id.to_string(),
                entry.card.room.to_string(),
                entry.card.state.to_string(),
                entry.card.kind.as_str().to_owned(),
                entry.card.callsign.to_string(),
                entry.card.marks.map_or("-", Marks::as_str).to_owned(),
                status,
            ]);
        }
    }
    table.show(console, NO_UNIT)
}

#[cfg(test)]
pub(in crate::cli) mod tests;
