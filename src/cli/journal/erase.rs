//! `limes journal erase`, and what `verify` says of erasures.

use super::super::WrongUsage;
use super::super::register::os_user;
use super::super::report::now;
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::measure::{Day, Timestamp};
use crate::domain::retention::{Retention, RetentionClass};
use crate::service::config::Config;
use crate::service::erasure::{self, Grounds, Held, LedgerPlan, Lot, Moment, Wanted};
use crate::service::journal::{JournalError, LedgerVerified, SqliteJournal, SqliteReader};
use crate::service::reports;
use crate::wire::journal::{ErasedOfWire, ErasedWire};
use anyhow::Context as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use toml::{Table, Value};

/// The longest name and reason, characters.
const TEXT_MAX: usize = 500;

/// Erases what is past its time, or one unit's positions by order.
///
/// A day of recording (UTC) is the least that is erased. Positions of an operation that is open, or whose report is owed and
/// not signed, are held. What a backup holds is not reached.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["due", "unit"])))]
pub(super) struct Erase {
    /// The data folder; that of the configuration when not given
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration, whose [retention] says how long what is kept
    #[arg(long, value_name = "F")]
    config: Option<PathBuf>,
    /// Erase whatever is past the time that [retention] gives it
    #[arg(long)]
    due: bool,
    /// As of this moment, such as 2027-03-16T00:00:00Z; now when not given
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "due")]
    at: Option<Timestamp>,
    /// Erase this unit's positions
    #[arg(long, value_name = "ID", value_parser = unit, requires_all = ["room", "until", "by", "reason"])]
    unit: Option<UnitId>,
    /// In the ledger of this room
    #[arg(long, value_name = "ROOM", value_parser = super::room, requires = "unit")]
    room: Option<RoomId>,
    /// Recorded on this day or later, such as 2027-03-01; from the beginning when not given
    #[arg(long, value_name = "DAY", value_parser = day, requires = "unit")]
    from: Option<Day>,
    /// Recorded on this day or earlier, the whole day
    #[arg(long, value_name = "DAY", value_parser = day, requires = "unit")]
    until: Option<Day>,
    /// Who erases, kept for ever; the user of the operating system when not given with --due
    #[arg(long, value_name = "NAME", value_parser = text)]
    by: Option<String>,
    /// Why, kept for ever: no personal data
    #[arg(long, value_name = "TEXT", value_parser = text, requires = "unit")]
    reason: Option<String>,
    /// Say what would be erased and what is held, and change nothing; also beside a running service
    #[arg(long)]
    dry_run: bool,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

fn unit(text: &str) -> Result<UnitId, String> {
    UnitId::parse(text).map_err(|error| error.to_string())
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "expected a day such as 2027-03-16".to_owned())
}

fn text(text: &str) -> Result<String, String> {
    let kept = text.trim();
    let sound = !kept.is_empty() && !kept.chars().any(char::is_control);
    if sound && kept.chars().count() <= TEXT_MAX {
        Ok(kept.to_owned())
    } else {
        Err(format!("expected 1 to {TEXT_MAX} characters on one line"))
    }
}

/// Runs the command.
pub(super) fn run(args: &Erase, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut flags = Table::new();
    if let Some(data) = &args.data {
        flags.insert("data".to_owned(), Value::String(data.display().to_string()));
    }
    let config = Config::read(args.config.as_deref(), std::env::vars_os(), flags)
        .map_err(|error| WrongUsage::of(&error))?;
    let data = config.data.as_path();
    // An empty journal is never made by erasing.
    let reader = SqliteReader::open(data)?;
    let moment = Moment {
        now: asked_at(args, now(data, &reader)?)?,
        age: config.gate.age,
    };
    let wanted = wanted(args, &config)?;
    if args.dry_run {
        let plans = plan(&reader, &wanted, moment)?;
        show(&plans, "would be erased", &wanted, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    drop(reader);
    let mut journal = SqliteJournal::open(data).map_err(|error| match error {
        JournalError::Locked { path } => anyhow::anyhow!(
            "a service is using `{}`, and no erasure reaches what it holds in memory: stop it, erase, start it again",
            path.display()
        ),
        other => other.into(),
    })?;
    // Read under the lock: what is held cannot change any more.
    let reader = SqliteReader::open(data)?;
    let plans = plan(&reader, &wanted, moment)?;
    let recorded_at = moment.now.max(newest(&reader)?);
    drop(reader);
    let by = match &args.by {
        Some(name) => name.clone(),
        None => format!("user {} of the operating system", os_user()),
    };
    let grounds = Grounds {
        by: &by,
        reason: args.reason.as_deref().unwrap_or("retention"),
        unit: args.unit.as_ref(),
    };
    erasure::carry_out(&mut journal, &plans, recorded_at, grounds).context(
        "what `limes journal verify` calls erased is erased, its traces in the files may not be yet: run the same again",
    )?;
    show(&plans, "erased", &wanted, out)?;
    if plans.iter().any(|plan| !plan.erase.is_empty()) {
        writeln!(
            out,
            "no trace is left in {}; backups made before still hold it",
            data.display()
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The moment to count from: nothing is due that will only be.
fn asked_at(args: &Erase, now: Timestamp) -> anyhow::Result<Timestamp> {
    match args.at {
        Some(at) if at > now && !args.dry_run => {
            Err(WrongUsage(format!("--at {at} is not yet: use it with --dry-run")).into())
        }
        Some(at) => Ok(at),
        None => Ok(now),
    }
}

fn newest(reader: &SqliteReader) -> anyhow::Result<Timestamp> {
    Ok(reports::last_recorded(reader)?.unwrap_or(Timestamp::EPOCH))
}

fn wanted(args: &Erase, config: &Config) -> anyhow::Result<Wanted> {
    match (&args.unit, &args.room, args.until) {
        (Some(unit), Some(room), Some(until)) => {
            let from = args.from.unwrap_or(Day(i64::MIN));
            if from > until {
                return Err(WrongUsage(format!("--from {from} is after --until {until}")).into());
            }
            Ok(Wanted::Unit {
                room: room.clone(),
                unit: unit.clone(),
                from,
                until,
            })
        }
        _ => Ok(Wanted::Due(config.retention)),
    }
}

fn plan(reader: &SqliteReader, wanted: &Wanted, moment: Moment) -> anyhow::Result<Vec<LedgerPlan>> {
    let plans = erasure::plan(reader, wanted, moment)?;
    if let Wanted::Unit { room, .. } = wanted {
        anyhow::ensure!(
            !plans.is_empty(),
            "room `{room}` has no ledger here: see `limes room list`"
        );
    }
    Ok(plans)
}

fn show(plans: &[LedgerPlan], done: &str, wanted: &Wanted, out: &mut dyn Write) -> io::Result<()> {
    if let Wanted::Due(retention) = wanted {
        undecided(*retention, out)?;
    }
    for plan in plans {
        let room = &plan.room;
        for lot in &plan.erase {
            writeln!(out, "{room}: {}: {done}", sum(lot))?;
        }
        for (held, lot) in &plan.held {
            write!(out, "{room}: {}: held back, ", sum(lot))?;
            match held {
                Held::Operation(operation, because) => {
                    writeln!(out, "operation {operation} {}", because.words())?;
                }
                Held::Young => writeln!(
                    out,
                    "a fix of that time may still come, and a repeat is told by what is kept"
                )?,
                Held::Mixed => writeln!(
                    out,
                    "an earlier version sealed with it what a start rests on"
                )?,
            }
        }
    }
    if plans.iter().all(|plan| plan.erase.is_empty()) {
        writeln!(out, "nothing to erase")?;
    }
    Ok(())
}

fn undecided(retention: Retention, out: &mut dyn Write) -> io::Result<()> {
    for class in RetentionClass::ERASABLE {
        if retention.days(class).is_none() {
            let class = class.as_str();
            writeln!(
                out,
                "{class}: kept until somebody decides (no retention.{class}_days)"
            )?;
        }
    }
    Ok(())
}

fn sum(lot: &Lot) -> String {
    format!(
        "{} recorded {} to {}, {} parts of {} records",
        lot.class.as_str(),
        lot.from,
        lot.until,
        lot.tally.parts,
        lot.tally.records
    )
}

/// What the records of erasures say, as `verify` tells it.
pub(super) fn told(ledger: &LedgerVerified, out: &mut dyn Write) -> io::Result<()> {
    let room = &ledger.head.ledger;
    for (seq, erased) in &ledger.erasures {
        let parts = ledger.erased.iter().filter(|part| part.by == *seq).count();
        let by = erased.by.as_deref().unwrap_or("not stated");
        writeln!(
            out,
            "{room}: erased by record {seq}: {parts} parts, by {by}, because: {}",
            erased.reason
        )?;
        for of in &erased.of {
            writeln!(out, "{room}:   {}", line(erased, of))?;
        }
    }
    Ok(())
}

fn line(erased: &ErasedWire, of: &ErasedOfWire) -> String {
    let unit = erased.unit.as_ref().map(|unit| format!(", of unit {unit}"));
    let operations = match of.operations.as_slice() {
        [] => String::new(),
        some => format!(", of operation {}", some.join(", ")),
    };
    format!(
        "{} recorded {} to {}, from {} records{}{operations}",
        of.class,
        of.from_day,
        of.to_day,
        of.records,
        unit.unwrap_or_default()
    )
}
