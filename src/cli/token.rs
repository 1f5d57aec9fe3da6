//! `limes token`: what units and gateways speak with.

use super::register::{Console, DataArgs, Table, made, on_process};
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry_change::Holder;
use crate::service::registry::TokenCard;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to do when there is no token.
const NO_TOKEN: &str = "no token yet: make one with `limes token create --unit ID` or `limes token create --gateway ROOM`";

/// The longest a token may hold: ten years.
const HOLDS_MAX_DAYS: i64 = 3_660;

/// `limes token …`
#[derive(Debug, Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    what: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token; it stands alone on the last line of standard output and is never shown again
    Create(Create),
    /// List the tokens, without their secrets
    List(List),
    /// Revoke all tokens of a unit or gateway
    Revoke(Revoke),
}

#[derive(Debug, Args)]
struct Create {
    #[command(flatten)]
    holder: HolderArgs,
    /// How long it holds (12h, 30d, 8w), the last day it holds (2027-01-31, UTC), or a moment in RFC 3339
    #[arg(long, value_name = "D", value_parser = expires, default_value = "90d")]
    expires: Expires,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct Revoke {
    #[command(flatten)]
    holder: HolderArgs,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct HolderArgs {
    /// A unit, which speaks for itself
    #[arg(long, value_name = "ID", value_parser = UnitId::parse)]
    unit: Option<UnitId>,
    /// A gateway, which speaks for every unit of the room
    #[arg(long, value_name = "ROOM", value_parser = RoomId::parse)]
    gateway: Option<RoomId>,
}

impl HolderArgs {
    fn holder(self) -> Holder {
        match (self.unit, self.gateway) {
            (Some(unit), None) => Holder::Unit(unit),
            (None, Some(room)) => Holder::Gateway(room),
            (Some(_), Some(_)) | (None, None) => unreachable!("exactly one of the group is given"),
        }
    }
}

/// When a token expires, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expires {
    /// So long after it is made.
    After(Span),
    /// At this moment.
    At(Timestamp),
}

impl Expires {
    fn from(self, made_at: Timestamp) -> Timestamp {
        match self {
            Self::After(span) => made_at.plus(span),
            Self::At(moment) => moment,
        }
    }
}

fn expires(text: &str) -> Result<Expires, String> {
    duration(text)
        .map(Expires::After)
        .or_else(|| last_day(text).map(Expires::At))
        .or_else(|| Timestamp::parse(text).ok().map(Expires::At))
        .ok_or_else(|| {
            format!(
                "`{text}` is no time to expire: say 12h, 30d or 8w (at most {HOLDS_MAX_DAYS}d), a last day as \
                 2027-01-31, or a moment as 2027-01-31T12:00:00Z"
            )
        })
}

/// `45m`, `12h`, `30d`, `8w`.
fn duration(text: &str) -> Option<Span> {
    let minutes = match text.chars().last()? {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        'w' => 7 * 24 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let well_formed = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let count: i64 = digits.parse().ok().filter(|_| well_formed)?;
    let minutes = count.checked_mul(minutes)?;
    (1..=HOLDS_MAX_DAYS * 24 * 60)
        .contains(&minutes)
        .then(|| Span::from_minutes(minutes))
}

/// The end of a day in UTC.
fn last_day(text: &str) -> Option<Timestamp> {
    let day: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let end = day
        .tomorrow()
        .ok()?
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()?;
    Some(Timestamp::from_millis(end.timestamp().as_millisecond()))
}

/// Runs `limes token …`.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(args: TokenArgs) -> anyhow::Result<ExitCode> {
    on_process(|console| answer(args, console))
}

fn answer(args: TokenArgs, console: &mut Console<'_>) -> anyhow::Result<ExitCode> {
    match args.what {
        TokenCommand::Create(create) => create_token(create, console)?,
        TokenCommand::List(list) => show(&list, console)?,
        TokenCommand::Revoke(Revoke { holder, data }) => {
            let holder = holder.holder();
            let revoked = data
                .existing()?
                .change(&made(), |writer| writer.revoke_tokens(&holder))?;
            match revoked.len() {
                0 => writeln!(console.out, "{holder} had no token to revoke")?,
                1 => writeln!(console.out, "1 token of {holder} is revoked")?,
                several => writeln!(console.out, "{several} tokens of {holder} are revoked")?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn create_token(create: Create, console: &mut Console<'_>) -> anyhow::Result<()> {
    let holder = create.holder.holder();
    let made = made();
    let expires_at = create.expires.from(made.at);
    let issued = create
        .data
        .existing()?
        .change(&made, |writer| writer.create_token(&holder, expires_at))?;
    writeln!(
        console.hint,
        "token {} of {holder} holds until {}; it is shown only now, so put it into the device",
        issued.token, issued.expires_at
    )?;
    writeln!(console.out, "{}", issued.secret.reveal())?;
    Ok(())
}

fn show(list: &List, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut table = Table::new(&["TOKEN", "FOR", "CREATED", "EXPIRES", "STATUS"]);
    if let Some(registry) = list.data.look()? {
        let picture = registry.picture();
        let mut cards: Vec<_> = picture.tokens().collect();
        cards.sort_by_key(|card| (&card.holder, card.created_at, &card.token));
        let now = made().at;
        for card in cards {
            table.row(vec![
                card.token.to_string(),
                card.holder.to_string(),
                card.created_at.to_string(),
                card.expires_at.to_string(),
                status(card, now),
            ]);
        }
    }
    table.show(console, NO_TOKEN)
}

fn status(card: &TokenCard, now: Timestamp) -> String {
    match card.revoked_at {
        Some(at) => format!("revoked {at}"),
        None if now >= card.expires_at => "expired".to_owned(),
        None => "valid".to_owned(),
    }
}

#[cfg(test)]
mod tests;
