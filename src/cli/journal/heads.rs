//! `limes journal heads`: how far the records of partners had come, as they told it: what their own files must still hold.

use crate::domain::event::{LinkEventKind, What};
use crate::domain::ids::{RoomId, Seq};
use crate::service::journal::{Head, JournalRead as _, RecordQuery, SqliteReader};
use crate::wire::stored::StoredEvent;
use anyhow::Context as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// So many records are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct Heads {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only what this partner's room told
    #[arg(long, value_name = "ROOM", value_parser = super::room)]
    of: Option<RoomId>,
}

pub(super) fn run(args: &Heads, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let reader = SqliteReader::open(&args.data)?;
    for ledger in reader.heads()? {
        let mut query = RecordQuery::since(ledger.ledger, Seq::ZERO, PAGE);
        query.kinds = vec!["link.head".to_owned()];
        loop {
            let page = reader.records(&query)?;
            for record in &page.records {
                let Some(payload) = record.payload() else {
                    continue;
                };
                let stored = StoredEvent::from_bytes(record.header.schema, payload)?;
                let event = stored.into_event(record.header.at)?;
                if let What::Link(link) = event.what
                    && let LinkEventKind::Head(head) = link.kind
                    && args.of.as_ref().is_none_or(|of| *of == link.partner)
                {
                    writeln!(out, "{}:{}:{}", link.partner, head.seq, head.hash)?;
                }
            }
            if page.records.len() < PAGE {
                break;
            }
            query.since = page.next;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The heads in a file, a line each; empty lines are passed over.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Head>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("the heads in {shown} cannot be read"))?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            Head::parse(line.trim()).with_context(|| {
                format!(
                    "{shown}, line {}: expected LEDGER:SEQ:HASH as `limes journal heads` prints it",
                    index + 1
                )
            })
        })
        .collect()
}
