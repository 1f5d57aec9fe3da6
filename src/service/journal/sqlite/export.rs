//! Records as lines for other eyes.

use super::super::record::{PartDigest, Record};
use super::super::seal::Place;
use super::super::{JournalError, JournalRead as _};
use super::reader::SqliteReader;
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::wire::journal::{ExportedPart, ExportedPayload, ExportedRecord, ExportedSpan};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportRequest {
    /// Only this ledger.
    pub only: Option<RoomId>,
    /// Of each ledger only records after this one.
    pub since: Seq,
    /// Only these kinds; empty: all.
    pub kinds: Vec<String>,
}

impl SqliteReader {
    /// Shows records in the order they were appended, with all that is needed to compute digests and chain again.
    ///
    /// # Errors
    /// When the store cannot be read or a record is damaged: what was shown before it is sound.
    pub fn export(
        &self,
        request: &ExportRequest,
        visit: &mut dyn FnMut(ExportedRecord) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let wanted = |room: &RoomId| request.only.as_ref().is_none_or(|only| only == room);
        let mut after = BTreeMap::new();
        for head in self.heads()? {
            let seq = if wanted(&head.ledger) {
                request.since.min(head.seq)
            } else {
                head.seq
            };
            after.insert(head.ledger, seq);
        }
        let mut failed = None;
        self.fold(&after, &mut |record| {
            let kind = &record.header.kind;
            let asked = wanted(&record.header.ledger)
                && (request.kinds.is_empty() || request.kinds.contains(kind));
            if !asked {
                return ControlFlow::Continue(());
            }
            match self.exported(&record) {
                Ok(line) => visit(line),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    fn exported(&self, record: &Record) -> Result<ExportedRecord, JournalError> {
        let header = &record.header;
        let id = self.ledger_id(&header.ledger)?.unwrap_or_default();
        let damaged = |why| JournalError::Damaged {
            ledger: header.ledger.clone(),
            seq: header.seq,
            why,
        };
        let mut spans = self.spans(id, header.seq).map_err(damaged)?;
        let mut parts = Vec::with_capacity(header.parts.len());
        for (part, head) in header.parts.iter().enumerate() {
            let place = Place {
                ledger: &header.ledger,
                seq: header.seq,
                part,
            };
            let salt = self.keys.get(head.key)?.map(|key| key.salt(place));
            let spans = spans.remove(&part).unwrap_or_default();
            parts.push(ExportedPart {
                key: head.key.to_string(),
                digest: head.digest.to_string(),
                salt: salt.map(|salt| PartDigest(salt).to_string()),
                positions: spans
                    .into_iter()
                    .map(|span| ExportedSpan {
                        unit: span.unit.to_string(),
                        source: span.source.to_string(),
                        from: span.from.to_string(),
                        to: span.to.to_string(),
                    })
                    .collect(),
                payload: ExportedPayload::of(record.payloads[part].as_deref()),
            });
        }
        Ok(ExportedRecord {
            ledger: header.ledger.to_string(),
            seq: header.seq.0,
            at: header.at.to_string(),
            recorded_at: header.recorded_at.to_string(),
            kind: header.kind.clone(),
            schema: header.schema,
            retention: header.retention.as_str(),
            unit: record.unit.as_ref().map(UnitId::to_string),
            operation: record.operation.as_ref().map(OperationId::to_string),
            parts,
            prev: header.prev.to_string(),
            hash: record.hash.to_string(),
        })
    }
}
