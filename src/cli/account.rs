//! `limes account`: the people who log in.

use super::register::{Console, DataArgs, Table, made, on_process};
use crate::domain::ids::{AccountId, RoomId};
use crate::domain::registry_change::AccountCard;
use crate::domain::rights::Role;
use crate::service::auth::passwords;
use crate::service::registry::RegistryError;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do when there is no account.
const NO_ACCOUNT: &str =
    "no account yet: add one with `limes account add NAME --room ROOM --role operator`";

/// `limes account …`
#[derive(Debug, Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    what: AccountCommand,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Add an account; the password is asked for, or read as the first line of standard input
    Add(Add),
    /// List the accounts
    List(List),
    /// Give an account another password; its open sessions end
    SetPassword(Named),
    /// Disable an account for good; its open sessions end
    Disable(Named),
}

#[derive(Debug, Args)]
struct Add {
    /// The name to log in with: 1 to 64 of A-Z a-z 0-9 . _ -
    #[arg(value_name = "NAME", value_parser = AccountId::parse)]
    account: AccountId,
    /// The room the person sits in
    #[arg(long, value_parser = RoomId::parse)]
    room: RoomId,
    /// operator, supervisor, legal, observer, auditor or admin
    #[arg(long, value_parser = role)]
    role: Role,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Named {
    /// The account's name
    #[arg(value_name = "NAME", value_parser = AccountId::parse)]
    account: AccountId,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    data: DataArgs,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| {
        let known = Role::ALL.map(Role::as_str).join(", ");
        format!("`{word}` is not a role: say one of {known}")
    })
}

/// Runs `limes account …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: AccountArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: AccountArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        AccountCommand::Add(add) => add_account(add, console)?,
        AccountCommand::List(list) => show(&list, console)?,
        AccountCommand::SetPassword(Named { account, data }) => {
            let registry = data.existing()?;
            if registry.picture().account_entry(&account).is_none() {
                return Err(RegistryError::NoAccount { account }.into());
            }
            let hash = passwords::hash(&account, &console.read_password()?)?;
            registry.change(&made(), |writer| writer.set_password(&account, &hash))?;
            writeln!(
                console.out,
                "account {account} has a new password; its open sessions end"
            )?;
        }
        AccountCommand::Disable(Named { account, data }) => {
            data.existing()?
                .change(&made(), |writer| writer.disable_account(&account))?;
            writeln!(
                console.out,
                "account {account} is disabled; its open sessions end"
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add_account(add: Add, console: &mut Console<'_>) -> anyhow::Result<()> {
    let registry = add.data.existing()?;
    // Said before the password is asked for.
    if registry.picture().room(&add.room).is_none() {
        return Err(RegistryError::NoRoom { room: add.room }.into());
    }
    let hash = passwords::hash(&add.account, &console.read_password()?)?;
    let card = AccountCard {
        account: add.account,
        room: add.room,
        role: add.role,
    };
    let said = format!(
        "account {} ({}, {}) added",
        card.account,
        card.room,
        card.role.as_str()
    );
    registry.change(&made(), |writer| writer.add_account(card, &hash))?;
    writeln!(console.out, "{said}")?;
    Ok(())
}

fn show(list: &List, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut table = Table::new(&["ACCOUNT", "ROOM", "ROLE", "STATUS"]);
    if let Some(registry) = list.data.look()? {
        for entry in registry.picture().accounts() {
            let status = entry
                .disabled_at
                .map_or_else(|| "active".to_owned(), |at| format!("disabled {at}"));
            table.row(vec![
                entry.card.account.to_string(),
                entry.card.room.to_string(),
                entry.card.role.as_str().to_owned(),
                status,
            ]);
        }
    }
    table.show(console, NO_ACCOUNT)
}

#[cfg(test)]
mod tests;
