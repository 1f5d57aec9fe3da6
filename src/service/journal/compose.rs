//! From a new record to a sealed one with its number: what every journal does alike.

use super::JournalError;
use super::chain::{self, PartContent};
use super::keys::{OpenKey, Slot};
use super::record::{
    Appended, Header, HeaderHash, KIND_ERASED, KIND_MAX, KeyId, NewRecord, PARTS_MAX, PartHeader,
    PositionSpan,
};
use super::seal::Place;
use crate::domain::ids::{OperationId, Seq, UnitId};
use crate::domain::measure::Timestamp;

/// The largest payload of one record, all parts together, bytes.
const PAYLOAD_MAX: usize = 256 << 20;

/// A record with its number, sealed.
pub(crate) struct SealedRecord {
    pub(crate) header: Header,
    pub(crate) hash: HeaderHash,
    pub(crate) unit: Option<UnitId>,
    pub(crate) operation: Option<OperationId>,
    /// The sealed bytes of each part.
    pub(crate) sealed: Vec<Vec<u8>>,
    /// Which part holds which positions.
    pub(crate) spans: Vec<(usize, PositionSpan)>,
}

impl SealedRecord {
    /// Where it goes.
    pub(crate) fn appended(&self) -> Appended {
        Appended {
            ledger: self.header.ledger.clone(),
            seq: self.header.seq,
        }
    }

    /// Erases what is sealed under these keys.
    pub(crate) fn blank(&mut self, keys: &[KeyId]) {
        for (part, head) in self.header.parts.iter().enumerate() {
            if keys.contains(&head.key) {
                self.sealed[part].clear();
                self.spans.retain(|(of, _)| *of != part);
            }
        }
        if self.sealed.iter().all(Vec::is_empty) {
            (self.unit, self.operation) = (None, None);
        }
    }
}

/// The keys that these records are sealed under, each as often as it is used.
pub(crate) fn slots(recorded_at: Timestamp, records: &[NewRecord]) -> impl Iterator<Item = Slot> {
    let parts = records
        .iter()
        .flat_map(|record| record.parts.iter().map(move |part| (record, part)));
    parts.map(move |(record, part)| {
        Slot::new(&record.ledger, &part.subject, record.retention, recorded_at)
    })
}

fn unfit(record: &NewRecord, why: &'static str) -> JournalError {
    JournalError::Unfit {
        kind: record.kind.clone(),
        why,
    }
}

/// Refuses what no journal takes.
pub(crate) fn check(records: &[NewRecord]) -> Result<(), JournalError> {
    records.iter().try_for_each(check_one)
}

fn check_one(record: &NewRecord) -> Result<(), JournalError> {
    let bytes: usize = record.parts.iter().map(|part| part.payload.len()).sum();
    let spans = record.parts.iter().map(|part| part.positions.len()).max();
    let why = if record.kind.is_empty() || record.kind.len() > KIND_MAX {
        "a kind has 1 to 64 bytes"
    } else if record.kind == KIND_ERASED {
        "only the journal itself writes that kind"
    } else if record.parts.is_empty() || record.parts.len() > PARTS_MAX {
        "it needs 1 to 20,000 parts"
    } else if bytes > PAYLOAD_MAX {
        "its payload is larger than 256 MiB"
    } else if spans.is_some_and(|spans| spans > PARTS_MAX) {
        "a part has more than 20,000 spans of positions"
    } else {
        return Ok(());
    };
    Err(unfit(record, why))
}

/// Seals a record as the one after the record with this number and hash. `keys` are those of its parts, in their order.
pub(crate) fn seal(
    recorded_at: Timestamp,
    record: NewRecord,
    (seq, prev): (Seq, HeaderHash),
    keys: &[OpenKey],
) -> Result<SealedRecord, JournalError> {
    // The caller has a key for each.
    if keys.len() != record.parts.len() {
        return Err(JournalError::Stopped);
    }
    let seq = seq.next();
    let mut parts = Vec::with_capacity(keys.len());
    let mut sealed = Vec::with_capacity(keys.len());
    let mut spans = Vec::with_capacity(keys.len());
    for (index, (part, key)) in record.parts.into_iter().zip(keys).enumerate() {
        let place = Place {
            ledger: &record.ledger,
            seq,
            part: index,
        };
        let part_spans = merged(part.positions);
        let content = PartContent {
            unit: record.unit.as_ref(),
            operation: record.operation.as_ref(),
            spans: &part_spans,
            payload: &part.payload,
        };
        parts.push(PartHeader {
            key: key.id,
            digest: chain::digest(&key.sealer.salt(place), content),
        });
        spans.extend(part_spans.into_iter().map(|span| (index, span)));
        sealed.push(part.payload);
    }
    let header = Header {
        ledger: record.ledger,
        seq,
        at: record.at,
        recorded_at,
        kind: record.kind,
        schema: record.schema,
        retention: record.retention,
        parts,
        prev,
    };
    let hash = chain::hash(&header);
    for ((part, key), head) in sealed.iter_mut().zip(keys).zip(&header.parts) {
        let payload = std::mem::take(part);
        let bytes = key.sealer.seal(head.digest, hash, payload);
        *part = bytes.ok_or_else(|| JournalError::Unfit {
            kind: header.kind.clone(),
            why: "a payload is too large",
        })?;
    }
    Ok(SealedRecord {
        header,
        hash,
        unit: record.unit,
        operation: record.operation,
        sealed,
        spans,
    })
}

/// The spans of a part, sorted, one per unit and source.
fn merged(mut spans: Vec<PositionSpan>) -> Vec<PositionSpan> {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let same = next.unit == kept.unit && next.source == kept.source;
        if same {
            kept.to = kept.to.max(next.to);
        }
        same
    });
    spans
}
