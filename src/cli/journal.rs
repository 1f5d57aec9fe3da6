//! `limes journal`: the append-only record, per room. Everything but `restore` and `erase` reads beside a running service.

mod erase;
mod heads;

use crate::domain::ids::{RoomId, Seq};
use crate::service::datadir::DataDir;
use crate::service::journal::{
    ExportRequest, Head, JournalError, JournalRead as _, SqliteReader, Verified, VerifyRequest,
};
use crate::service::registry::Registry;
use crate::service::{profiles, ruledata, signing};
use anyhow::Context as _;
use clap::Subcommand;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[cfg(test)]
mod tests;

/// The append-only record, per room.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks every record, and says what was erased; exit 1 when something is wrong
    Verify(Verify),
    /// Writes records as NDJSON to standard output
    Export(Export),
    /// Prints how far the records of partners had come, for `verify --heads` of theirs
    Heads(heads::Heads),
    /// Counts records by kind
    Stats(Which),
    /// Copies the journal and its keys into a new folder, and verifies the copy
    Backup(Backup),
    /// Puts a backup into a new data folder, and verifies it
    Restore(Restore),
    /// Erases what is past its time, or one unit's positions by order; the service must be stopped
    Erase(erase::Erase),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only this room's ledger
    #[arg(long, value_name = "ROOM", value_parser = room)]
    room: Option<RoomId>,
}

#[derive(Debug, clap::Args)]
struct Verify {
    #[command(flatten)]
    which: Which,
    /// A head noted earlier, here or by a partner; it must still be in its ledger (may be repeated)
    #[arg(long, value_name = "LEDGER:SEQ:HASH", value_parser = head)]
    head: Vec<Head>,
    /// A file of such heads, a line each: what a partner's `limes journal heads` printed
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// Name each part that was erased, not only each erasure
    #[arg(long)]
    parts: bool,
}

#[derive(Debug, clap::Args)]
struct Export {
    #[command(flatten)]
    which: Which,
    /// Only records after this number
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    since: u64,
    /// Only records of this kind (may be repeated)
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Backup {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A new folder for the copy
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Restore {
    /// The folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// A new data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

fn room(text: &str) -> Result<RoomId, String> {
    RoomId::parse(text).map_err(|error| error.to_string())
}

fn head(text: &str) -> Result<Head, String> {
    Head::parse(text).ok_or_else(|| "expected LEDGER:SEQ:HASH as `verify` prints it".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the journal cannot be read or the copy cannot be written, in one sentence that names what to do.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = match args.command {
        Command::Verify(args) => verify(&args, &mut out),
        Command::Export(args) => export(&args, &mut out),
        Command::Heads(args) => heads::run(&args, &mut out),
        Command::Stats(args) => stats(&args, &mut out),
        Command::Backup(args) => back_up(&args.data, &args.to, &mut out),
        Command::Restore(args) => back_up(&args.from, &args.data, &mut out),
        Command::Erase(args) => erase::run(&args, &mut out),
    };
    let flushed = out.flush();
    let code = outcome?;
    flushed?;
    Ok(code)
}

fn verify(args: &Verify, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let reader = SqliteReader::open(&args.which.data)?;
    let mut noted = args.head.clone();
    if let Some(file) = &args.heads {
        let of_all = heads::read(file)?;
        // A partner may keep the heads of rooms of several services.
        let here = reader.heads()?;
        for head in of_all {
            if here.iter().any(|one| one.ledger == head.ledger) {
                noted.push(head);
            } else {
                writeln!(out, "{}: no such ledger here", head.ledger)?;
            }
        }
        anyhow::ensure!(
            !noted.is_empty(),
            "{} names no head of a ledger here: ask the partner for `limes journal heads`",
            file.display()
        );
    }
    let request = VerifyRequest {
        only: args.which.room.clone(),
        noted,
    };
    let shown = io::stderr().is_terminal();
    let mut progress = |records: u64| {
        if shown && records.is_multiple_of(10_000) {
            eprint!("\r{records} records");
        }
    };
    let verified = reader.verify(&request, &mut progress)?;
    if shown {
        eprint!("\r\x1b[K");
    }
    if let Some(room) = &args.which.room {
        let known = verified
            .ledgers
            .iter()
            .any(|ledger| ledger.head.ledger == *room);
        anyhow::ensure!(
            known,
            "room `{room}` has no ledger here: see `limes room list`"
        );
    }
    if reader.has_traces() {
        writeln!(
            out,
            "the last erasure was cut off, its traces are not overwritten yet: start the service, or erase again"
        )?;
    }
    report(&verified, args.parts, out)
}

fn report(verified: &Verified, parts: bool, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    for ledger in &verified.ledgers {
        let room = &ledger.head.ledger;
        write!(
            out,
            "{room}: {} records, {} parts opened, {} erased",
            ledger.records,
            ledger.parts,
            ledger.erased.len()
        )?;
        match ledger.snapshot {
            Some(through) => writeln!(out, ", snapshot through {through}")?,
            None => writeln!(out)?,
        }
        erase::told(ledger, out)?;
        for part in ledger.erased.iter().filter(|_| parts) {
            writeln!(
                out,
                "{room}: erased: record {}, part {}, key {}, by record {}",
                part.seq, part.part, part.key, part.by
            )?;
        }
        writeln!(out, "head {}", ledger.head)?;
    }
    for finding in &verified.findings {
        let ledger = finding.ledger.as_ref().map_or("journal", RoomId::as_str);
        match finding.seq.filter(|seq| *seq > Seq::ZERO) {
            Some(seq) => writeln!(out, "WRONG {ledger}: record {seq}: {}", finding.what)?,
            None => writeln!(out, "WRONG {ledger}: {}", finding.what)?,
        }
    }
    let count = verified.findings.len();
    if count == 0 {
        writeln!(out, "whole")?;
        return Ok(ExitCode::SUCCESS);
    }
    // What was found goes out before the sentence that says what to do about it.
    out.flush()?;
    eprintln!("limes: {count} findings: restore a backup, keep this folder as evidence");
    Ok(ExitCode::FAILURE)
}

fn export(args: &Export, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let reader = SqliteReader::open(&args.which.data)?;
    let request = ExportRequest {
        only: args.which.room.clone(),
        since: Seq(args.since),
        kinds: args.kind.clone(),
    };
    let mut failed = None;
    reader.export(&request, &mut |record| {
        let line = serde_json::to_writer(&mut *out, &record).map_err(io::Error::from);
        match line.and_then(|()| out.write_all(b"\n")) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match failed {
        None => Ok(ExitCode::SUCCESS),
        Some(error) => Err(error.into()),
    }
}

fn stats(args: &Which, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let reader = SqliteReader::open(&args.data)?;
    writeln!(
        out,
        "ledger,kind,records,sealed_bytes,first_recorded_at,last_recorded_at"
    )?;
    for ledger in reader.stats(args.room.as_ref())? {
        for kind in &ledger.kinds {
            writeln!(
                out,
                "{},{},{},{},{},{}",
                ledger.ledger, kind.kind, kind.records, kind.bytes, kind.first, kind.last
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn back_up(from: &Path, to: &Path, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let reader = SqliteReader::open(from).map_err(|error| match error {
        JournalError::Missing { path } => anyhow::anyhow!(
            "`{}` has no journal: name the folder of a service or of a backup",
            path.display()
        ),
        other => other.into(),
    })?;
    let (from, target) = (DataDir::existing(from)?, DataDir::create(to)?);
    reader.back_up(to)?;
    Registry::back_up(&from, &target)?;
    ruledata::kept::copy(&from, &target)?;
    profiles::kept::copy(&from, &target)?;
    signing::copy(&from, &target)?;
    if let Some(exercise) = from.exercise()? {
        target.mark(&exercise)?;
    }
    let copy = SqliteReader::open(to).context("the copy cannot be opened: try again")?;
    let verified = copy.verify(&VerifyRequest::default(), &mut |_| ())?;
    report(&verified, false, out)
}
