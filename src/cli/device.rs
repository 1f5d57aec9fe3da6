//! `limes device`: the phones and trackers whose fixes are a unit's, when they come through a gateway's token.

use super::register::{Console, DataArgs, Table, made, on_process};
use crate::domain::ids::{DeviceId, UnitId};
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do when there is no device.
const NO_DEVICE: &str = "no device yet: add one with `limes device add DEVICE --unit ID`; a phone with a unit's own token needs none";

/// `limes device …`
#[derive(Debug, Args)]
pub struct DeviceArgs {
    #[command(subcommand)]
    what: DeviceCommand,
}

#[derive(Debug, Subcommand)]
enum DeviceCommand {
    /// Make the fixes of a device those of a unit
    Add(Add),
    /// List the devices
    List(List),
    /// Make the fixes of a device nobody's
    Remove(Remove),
}

#[derive(Debug, Args)]
struct Add {
    #[arg(
        value_name = "DEVICE",
        value_parser = DeviceId::parse,
        help = "The device as its app names itself: Traccar Client's device identifier, OwnTracks' user/device"
    )]
    device: DeviceId,
    /// The unit it belongs to
    #[arg(long, value_name = "ID", value_parser = UnitId::parse)]
    unit: UnitId,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Remove {
    /// The device as it was added
    #[arg(value_name = "DEVICE", value_parser = DeviceId::parse)]
    device: DeviceId,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    data: DataArgs,
}

/// Runs `limes device …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: DeviceArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: DeviceArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        DeviceCommand::Add(Add { device, unit, data }) => {
            data.existing()?
                .change(&made(), |writer| writer.add_device(&device, &unit))?;
            writeln!(console.out, "device {device} is unit {unit}'s")?;
        }
        DeviceCommand::List(list) => show(&list, console)?,
        DeviceCommand::Remove(Remove { device, data }) => {
            let unit = data
                .existing()?
                .change(&made(), |writer| writer.remove_device(&device))?;
            writeln!(console.out, "device {device} is unit {unit}'s no more")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show(list: &List, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut table = Table::new(&["DEVICE", "UNIT", "ROOM"]);
    if let Some(registry) = list.data.look()? {
        let picture = registry.picture();
        for (device, unit) in picture.devices() {
            let room = picture
                .unit(unit)
                .map_or_else(|| "-".to_owned(), |card| card.room.to_string());
            table.row(vec![device.to_string(), unit.to_string(), room]);
        }
    }
    table.show(console, NO_DEVICE)
}

#[cfg(test)]
mod tests;
