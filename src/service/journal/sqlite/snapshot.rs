//! Snapshots: beside the chain, never part of it.

use super::super::chain::{self, PartContent};
use super::super::keys::OpenKey;
use super::super::record::{HeaderHash, KeyId, PartDigest};
use super::super::seal::Place;
use super::super::{JournalError, Snapshot};
use super::reader::SqliteReader;
use super::row::{number, seq_at};
use crate::domain::ids::{RoomId, Seq};
use rusqlite::{OptionalExtension as _, params};

/// No record has so many parts: a snapshot's salt is never a record's.
const PART: usize = usize::MAX;

/// A snapshot as it is stored.
pub(super) struct Stored {
    through: Seq,
    schema: i64,
    key: Vec<u8>,
    digest: Vec<u8>,
    sealed: Vec<u8>,
}

/// Seals a snapshot that rests on the record with this hash.
pub(super) fn seal(snapshot: &Snapshot, key: &OpenKey, hash: HeaderHash) -> Option<Stored> {
    let text = text(snapshot);
    let digest = digest(snapshot, key, &text);
    Some(Stored {
        through: snapshot.through,
        schema: i64::from(snapshot.schema),
        key: key.id.0.to_vec(),
        digest: digest.0.to_vec(),
        sealed: key.sealer.seal(digest, hash, &text)?,
    })
}

/// What is sealed: the schema, two bytes, and the picture.
fn text(snapshot: &Snapshot) -> Vec<u8> {
    [&snapshot.schema.to_be_bytes(), snapshot.bytes.as_slice()].concat()
}

fn digest(snapshot: &Snapshot, key: &OpenKey, text: &[u8]) -> PartDigest {
    let salt = key.sealer.salt(Place {
        ledger: &snapshot.ledger,
        seq: snapshot.through,
        part: PART,
    });
    chain::digest(
        &salt,
        PartContent {
            unit: None,
            operation: None,
            spans: &[],
            payload: text,
        },
    )
}

/// Keeps it in place of the earlier one.
pub(super) fn store(
    connection: &rusqlite::Connection,
    ledger: i64,
    stored: &Stored,
) -> Result<(), rusqlite::Error> {
    connection
        .execute(
            "INSERT OR REPLACE INTO snapshots (ledger, through, schema, key, digest, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                ledger,
                number(stored.through),
                stored.schema,
                stored.key,
                stored.digest,
                stored.sealed
            ],
        )
        .map(drop)
}

/// The stored snapshot of a ledger, unopened.
pub(super) fn find(reader: &SqliteReader, ledger: i64) -> Result<Option<Stored>, JournalError> {
    reader
        .connection
        .prepare_cached(
            "SELECT through, schema, key, digest, sealed FROM snapshots WHERE ledger = ?1",
        )
        .and_then(|mut statement| {
            statement
                .query_row([ledger], |row| {
                    Ok(Stored {
                        through: seq_at(row, 0)?,
                        schema: row.get(1)?,
                        key: row.get(2)?,
                        digest: row.get(3)?,
                        sealed: row.get(4)?,
                    })
                })
                .optional()
        })
        .map_err(JournalError::reading("reading a snapshot"))
}

/// Opens a stored snapshot, or says why it is of no use.
pub(super) fn open(
    reader: &SqliteReader,
    ledger: &RoomId,
    stored: &Stored,
) -> Result<Result<Snapshot, &'static str>, JournalError> {
    let Some(id) = reader.ledger_id(ledger)? else {
        return Ok(Err("its ledger has no records"));
    };
    let Some(hash) = reader.hash_at(ledger, id, stored.through)? else {
        return Ok(Err("the record it rests on is not there"));
    };
    let (Some(key), Some(digest), Ok(schema)) = (
        KeyId::from_slice(&stored.key),
        PartDigest::from_slice(&stored.digest),
        u16::try_from(stored.schema),
    ) else {
        return Ok(Err("it is damaged"));
    };
    let Some(sealer) = reader.keys.get(key)? else {
        return Ok(Err("its key is gone"));
    };
    let Some(text) = sealer.open(digest, hash, &stored.sealed) else {
        return Ok(Err("it is damaged or rests on another record"));
    };
    let snapshot = Snapshot {
        ledger: ledger.clone(),
        through: stored.through,
        schema,
        bytes: text.get(2..).unwrap_or_default().to_vec(),
    };
    let open_key = OpenKey { id: key, sealer };
    if self::text(&snapshot) == text && self::digest(&snapshot, &open_key, &text) == digest {
        Ok(Ok(snapshot))
    } else {
        Ok(Err("it is damaged"))
    }
}

/// See [`super::super::JournalRead::latest_snapshot`].
pub(super) fn latest(
    reader: &SqliteReader,
    ledger: &RoomId,
    schema: u16,
) -> Result<Option<Snapshot>, JournalError> {
    let Some(id) = reader.ledger_id(ledger)? else {
        return Ok(None);
    };
    let Some(stored) = find(reader, id)? else {
        return Ok(None);
    };
    let why = match open(reader, ledger, &stored)? {
        Ok(snapshot) if snapshot.schema == schema => return Ok(Some(snapshot)),
        Ok(_) => "it has another schema",
        Err(why) => why,
    };
    tracing::warn!(
        ledger.id = %ledger,
        snapshot.through = stored.through.0,
        "snapshot passed over, folding from the beginning: {why}"
    );
    Ok(None)
}
