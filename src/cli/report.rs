//! `limes report`: what is read after an operation, and a quarter's figures. Reads beside a running service.

use super::register::DataArgs;
use super::{Context, WrongUsage};
use crate::domain::ids::{OperationId, RoomId, State};
use crate::domain::measure::{Day, Timestamp};
use crate::domain::report::quarter::Quarter;
use crate::service::borderdata;
use crate::service::clock::Clock;
use crate::service::datadir::DataDir;
use crate::service::journal::SqliteReader;
use crate::service::{reports, reviews};
use crate::wire::report::content;
use crate::wire::report::html::page;
use crate::wire::report::map::Ground;
use crate::wire::report::pdf::pdf;
use crate::wire::report::quarter as figures;
use crate::wire::report::redacted::redacted;
use crate::wire::report::sheet::{Languages, Sheet};
use crate::wire::words::Language;
use clap::ValueEnum;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// What is read after an operation, and a quarter's figures.
///
/// `limes report OPERATION --data DIR --room ROOM`, or `limes report quarter STATE 2026Q2 --data DIR`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReportArgs {
    #[command(subcommand)]
    quarter: Option<Command>,
    #[command(flatten)]
    one: One,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The figures of a state's operations in a quarter, for its ministry: never per officer, small numbers as <5
    Quarter(OfQuarter),
    /// The closed operations and the day on which it is to be reviewed whether their personal data are still needed
    Reviews(Reviews),
}

#[derive(Debug, clap::Args)]
struct One {
    /// The operation
    #[arg(value_name = "OPERATION", required = true, value_parser = operation)]
    operation: Option<OperationId>,
    #[command(flatten)]
    data: DataArgs,
    /// The room whose ledger is read; may be left out where one room alone has the operation
    #[arg(long, value_name = "ROOM", value_parser = room)]
    room: Option<RoomId>,
    /// As JSON, as a page that prints, or as PDF/A
    #[arg(long, value_enum, default_value_t = Form::Html)]
    format: Form,
    /// A redacted copy: without persons, units, telephone numbers, free words and exact places; never signed
    #[arg(long)]
    redacted: bool,
}

#[derive(Debug, clap::Args)]
struct OfQuarter {
    /// The state, such as HU
    #[arg(value_name = "STATE", value_parser = state)]
    state: State,
    /// The quarter, such as 2026Q2
    #[arg(value_name = "QUARTER", value_parser = quarter)]
    quarter: Quarter,
    #[command(flatten)]
    data: DataArgs,
    /// As CSV, as a page that prints, or as PDF/A
    #[arg(long, value_enum, default_value_t = Table::Csv)]
    format: Table,
    /// The language of the page; the state's own when not given
    #[arg(long, value_name = "TAG", value_parser = language)]
    language: Option<Language>,
}

#[derive(Debug, clap::Args)]
struct Reviews {
    #[command(flatten)]
    data: DataArgs,
    /// So many days after the closing, and after each review
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
    every: u16,
    /// Only those whose day has come
    #[arg(long)]
    due: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Html,
    Pdf,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    Csv,
    Html,
    Pdf,
}

fn operation(text: &str) -> Result<OperationId, String> {
    OperationId::parse(text).map_err(|error| error.to_string())
}

fn room(text: &str) -> Result<RoomId, String> {
    RoomId::parse(text).map_err(|error| error.to_string())
}

fn state(text: &str) -> Result<State, String> {
    State::parse(text).map_err(|error| error.to_string())
}

fn quarter(text: &str) -> Result<Quarter, String> {
    Quarter::parse(text).map_err(|error| error.to_string())
}

fn language(text: &str) -> Result<Language, String> {
    let tags = Language::ALL.map(Language::tag).join(", ");
    Language::parse(text).ok_or_else(|| format!("write one of {tags}"))
}

/// Runs the command.
///
/// # Errors
/// When the journal cannot be read or has no such operation, in one sentence that names what to do.
pub(super) fn run(context: &Context, args: ReportArgs) -> anyhow::Result<ExitCode> {
    let made = match args.quarter {
        Some(Command::Quarter(of)) => of_quarter(&of)?,
        Some(Command::Reviews(of)) => reviews_due(&of)?,
        None => of_operation(context, &args.one)?,
    };
    let mut out = io::stdout().lock();
    out.write_all(&made)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn of_operation(context: &Context, args: &One) -> anyhow::Result<Vec<u8>> {
    let Some(operation) = &args.operation else {
        return Err(WrongUsage("name an operation".to_owned()).into());
    };
    let reader = SqliteReader::open(&args.data.data)?;
    let now = now(&args.data.data, &reader)?;
    let rooms: Vec<RoomId> = if let Some(room) = &args.room {
        vec![room.clone()]
    } else {
        let registered = args.data.existing()?.picture();
        registered.rooms().map(|card| card.room.clone()).collect()
    };
    let mut found = Vec::new();
    for room in &rooms {
        found.extend(reports::report(&reader, room, operation, now)?);
    }
    match found.as_slice() {
        [] => {
            anyhow::bail!("no ledger here has an operation {operation}: see `limes journal stats`")
        }
        [only] => {
            let copy = args.redacted.then(|| redacted(&only.report));
            let report = copy.as_ref().unwrap_or(&only.report);
            let sheet = || -> anyhow::Result<Sheet> {
                let languages = Languages::of(report);
                if copy.is_some() {
                    return Ok(content::sheet(report, None, languages));
                }
                let atlas = borderdata::atlas(context.border_data.as_deref())?;
                let ground = Ground {
                    ways: &only.ways,
                    atlas: &atlas,
                };
                Ok(content::sheet(report, Some(&ground), languages))
            };
            Ok(match args.format {
                Form::Html => page(&sheet()?, false).into_bytes(),
                Form::Pdf => pdf(&sheet()?)?,
                Form::Json => report.to_bytes(),
            })
        }
        several => {
            let ledgers: Vec<&str> = (several.iter())
                .map(|one| one.report.made.ledger.as_str())
                .collect();
            let sentence = format!(
                "the ledgers of {} have an operation {operation}: name one with --room",
                ledgers.join(" and ")
            );
            Err(WrongUsage(sentence).into())
        }
    }
}

fn of_quarter(args: &OfQuarter) -> anyhow::Result<Vec<u8>> {
    let registered = args.data.existing()?.picture();
    let of_state = registered.rooms().filter(|card| card.state == args.state);
    let rooms: Vec<RoomId> = of_state.map(|card| card.room.clone()).collect();
    anyhow::ensure!(
        !rooms.is_empty(),
        "no room of {} here: see `limes room list`",
        args.state
    );
    let reader = SqliteReader::open(&args.data.data)?;
    let now = now(&args.data.data, &reader)?;
    let exercise = is_exercise(&args.data.data)?;
    let asked = (args.quarter, exercise);
    let counted = reports::quarter(&reader, (args.state, &rooms), asked, now)?;
    let language = args.language.unwrap_or_else(|| Language::of(args.state));
    let sheet = || -> Sheet {
        figures::sheet(
            args.state,
            args.quarter,
            &counted,
            (language, exercise),
            now,
        )
    };
    Ok(match args.format {
        Table::Csv => figures::csv(args.state, args.quarter, &counted).into_bytes(),
        Table::Html => page(&sheet(), false).into_bytes(),
        Table::Pdf => pdf(&sheet())?,
    })
}

/// One line each, as CSV: room, operation, closed, last review, and the day of the next one.
fn reviews_due(args: &Reviews) -> anyhow::Result<Vec<u8>> {
    let reader = SqliteReader::open(&args.data.data)?;
    let today = Day::of(now(&args.data.data, &reader)?);
    let mut lines = "room,operation,closed,reviewed,review_on,due\n".to_owned();
    for one in reviews::reviewed(&reader)? {
        let review_on = one.due(args.every.into());
        let is_due = review_on <= today;
        if args.due && !is_due {
            continue;
        }
        let reviewed = one.reviewed_at.map(|at| Day::of(at).to_string());
        let fields = [
            one.room.to_string(),
            one.operation.to_string(),
            Day::of(one.closed_at).to_string(),
            reviewed.unwrap_or_default(),
            review_on.to_string(),
            is_due.to_string(),
        ];
        lines.push_str(&fields.join(","));
        lines.push('\n');
    }
    Ok(lines.into_bytes())
}

fn is_exercise(data: &Path) -> anyhow::Result<bool> {
    Ok(DataDir::existing(data)?.exercise()?.is_some())
}

/// Our time; of an exercise, whose time is another, when its last record was made.
pub(super) fn now(data: &Path, reader: &SqliteReader) -> anyhow::Result<Timestamp> {
    if is_exercise(data)? {
        Ok(reports::last_recorded(reader)?.unwrap_or(Timestamp::EPOCH))
    } else {
        Ok(Clock::real().now())
    }
}
