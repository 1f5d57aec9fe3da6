//! A record as a row: how its columns are packed and read back.

use super::super::chain;
use super::super::record::{
    Header, HeaderHash, KeyId, PartDigest, PartHeader, Record, RetentionClass,
};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::measure::Timestamp;
use rusqlite::Row;
use std::collections::BTreeSet;

/// The columns that [`StoredRow::read`] wants, of `records AS r`.
pub(crate) const COLUMNS: &str = "r.ledger, r.seq, r.at, r.recorded_at, r.kind, r.schema, r.retention, r.unit, \
                                  r.operation, r.hash, r.parts, r.sealed";
/// How many they are.
pub(crate) const COLUMN_COUNT: usize = 12;
const PART_LEN: usize = 48;

/// A row of `records`, not yet believed.
pub(crate) struct StoredRow {
    pub(crate) ledger: i64,
    pub(crate) seq: Seq,
    at: i64,
    recorded_at: i64,
    pub(crate) kind: String,
    schema: i64,
    retention: String,
    pub(crate) unit: Option<String>,
    pub(crate) operation: Option<String>,
    hash: Vec<u8>,
    parts: Vec<u8>,
    sealed: Vec<u8>,
}

impl StoredRow {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            ledger: row.get(0)?,
            seq: seq_at(row, 1)?,
            at: row.get(2)?,
            recorded_at: row.get(3)?,
            kind: row.get(4)?,
            schema: row.get(5)?,
            retention: row.get(6)?,
            unit: row.get(7)?,
            operation: row.get(8)?,
            hash: row.get(9)?,
            parts: row.get(10)?,
            sealed: row.get(11)?,
        })
    }

    /// About how many bytes it takes.
    pub(crate) const fn len(&self) -> usize {
        self.parts.len() + self.sealed.len()
    }

    /// The hash it claims.
    pub(crate) fn hash(&self) -> Result<HeaderHash, &'static str> {
        HeaderHash::from_slice(&self.hash).ok_or("its hash has not 32 bytes")
    }

    /// The header it claims.
    pub(crate) fn header(&self, ledger: &RoomId, prev: HeaderHash) -> Result<Header, &'static str> {
        if self.parts.is_empty() || !self.parts.len().is_multiple_of(PART_LEN) {
            return Err("its list of parts is cut");
        }
        let parts = self.parts.chunks_exact(PART_LEN).filter_map(|part| {
            Some(PartHeader {
                key: KeyId::from_slice(&part[..16])?,
                digest: PartDigest::from_slice(&part[16..])?,
            })
        });
        Ok(Header {
            ledger: ledger.clone(),
            seq: self.seq,
            at: Timestamp::from_millis(self.at),
            recorded_at: Timestamp::from_millis(self.recorded_at),
            kind: self.kind.clone(),
            schema: u16::try_from(self.schema).map_err(|_| "its schema is out of range")?,
            retention: RetentionClass::parse(&self.retention)
                .ok_or("its retention class is unknown")?,
            parts: parts.collect(),
            prev,
        })
    }

    /// The header and its hash, checked against each other.
    pub(crate) fn checked_header(
        &self,
        ledger: &RoomId,
        prev: HeaderHash,
    ) -> Result<(Header, HeaderHash), &'static str> {
        let (header, hash) = (self.header(ledger, prev)?, self.hash()?);
        if chain::hash(&header) == hash {
            Ok((header, hash))
        } else {
            Err("its header does not match its hash or the record before it")
        }
    }

    /// The sealed bytes of each part; empty when erased.
    pub(crate) fn sealed_parts(&self) -> Result<Vec<&[u8]>, &'static str> {
        let mut rest = self.sealed.as_slice();
        let mut parts = Vec::with_capacity(self.parts.len() / PART_LEN);
        while !rest.is_empty() {
            let (len, tail) = rest.split_first_chunk::<4>().ok_or("its payload is cut")?;
            let (part, tail) = tail
                .split_at_checked(u32::from_be_bytes(*len) as usize)
                .ok_or("its payload is cut")?;
            parts.push(part);
            rest = tail;
        }
        if parts.len() == self.parts.len() / PART_LEN {
            Ok(parts)
        } else {
            Err("its payload has not the parts that its header names")
        }
    }

    /// The key of each part.
    pub(crate) fn part_keys(&self) -> impl Iterator<Item = KeyId> {
        let parts = self.parts.chunks_exact(PART_LEN);
        parts.filter_map(|part| KeyId::from_slice(&part[..16]))
    }

    /// Which parts are sealed under one of these keys.
    pub(crate) fn parts_under(&self, keys: &BTreeSet<KeyId>) -> Vec<usize> {
        let parts = self.part_keys().enumerate();
        parts
            .filter(|(_, key)| keys.contains(key))
            .map(|(index, _)| index)
            .collect()
    }

    /// The unit and the operation of the index.
    pub(crate) fn label(&self) -> Result<(Option<UnitId>, Option<OperationId>), &'static str> {
        let unit = self.unit.as_deref().map(UnitId::parse).transpose();
        let operation = self
            .operation
            .as_deref()
            .map(OperationId::parse)
            .transpose();
        Ok((
            unit.map_err(|_| "its unit is no id")?,
            operation.map_err(|_| "its operation is no id")?,
        ))
    }

    /// The record, with payloads opened elsewhere.
    pub(crate) fn record(
        &self,
        (header, hash): (Header, HeaderHash),
        payloads: Vec<Option<Vec<u8>>>,
    ) -> Result<Record, &'static str> {
        let (unit, operation) = self.label()?;
        Ok(Record {
            header,
            hash,
            unit,
            operation,
            payloads,
        })
    }
}

/// Packs the parts of a header for the column `parts`.
pub(crate) fn pack_parts(parts: &[PartHeader]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.len() * PART_LEN);
    for part in parts {
        bytes.extend_from_slice(&part.key.0);
        bytes.extend_from_slice(&part.digest.0);
    }
    bytes
}

/// Packs sealed parts for the column `sealed`.
pub(crate) fn pack_sealed<'a>(parts: impl Iterator<Item = &'a [u8]> + Clone) -> Vec<u8> {
    let length = parts.clone().map(|part| part.len() + 4).sum();
    let mut bytes = Vec::with_capacity(length);
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// A number as `SQLite` keeps it.
pub(crate) const fn number(seq: Seq) -> i64 {
    seq.0.cast_signed()
}

/// The number in a column. One that no append gave is found with the header that it stands in.
pub(crate) fn seq_at(row: &Row<'_>, column: usize) -> Result<Seq, rusqlite::Error> {
    row.get(column)
        .map(|number: i64| Seq(number.cast_unsigned()))
}
