//! `limes link`: what a partner in another service needs to know of a room here.

use super::register::{Console, DataArgs, on_process};
use super::room::public_key;
use crate::domain::ids::RoomId;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// `limes link …`
#[derive(Debug, Args)]
pub struct LinkArgs {
    #[command(subcommand)]
    what: LinkCommand,
}

#[derive(Debug, Subcommand)]
enum LinkCommand {
    /// Print the public key by which what a room says is checked, for `link.partners` of the other service
    Key(Key),
}

#[derive(Debug, Args)]
struct Key {
    /// Whose
    #[arg(value_parser = RoomId::parse)]
    room: RoomId,
    #[command(flatten)]
    data: DataArgs,
}

/// Runs `limes link …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: LinkArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: LinkArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        LinkCommand::Key(key) => {
            let public = public_key(&key.room, &key.data)?;
            writeln!(console.out, "{public}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::super::register::tests::run;
    use super::super::room::tests::add;
    use super::*;

    #[test]
    fn the_key_of_a_room_is_the_line_that_a_partner_puts_into_its_configuration() {
        let temp = tempfile::tempdir().unwrap();
        let data = temp.path().join("new");
        add(&data, "budapest", "HU");
        let key = run(answer, &data, "key budapest", "").done();
        let read = crate::service::signing::keys::PublicKey::parse(&key).unwrap();
        assert_eq!(format!("{read}\n"), key);
        assert_eq!(run(answer, &data, "key budapest", "").done(), key);
        let none = run(answer, &data, "key arad", "").refusal();
        assert!(none.contains("no room arad"), "{none}");
    }
}
