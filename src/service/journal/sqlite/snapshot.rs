//! Snapshots: beside the chain, never part of it.
//!
//! A snapshot may be large, and no commit waits for all of it: it is kept in small pieces, each sealed alone. What makes
//! them a snapshot is its head, written with the last piece: it names the key, and its digest covers the digests of all
//! pieces in their order. Then the pieces of the earlier one, whose key is destroyed, are cleared away one by one.
//!
//! ```text
//! step      0     1     2     3      4       5       6
//! pieces    new 0 new 1 new 2 new 3  - old 0 - old 1 none is left
//! head      old   old   old   new    new     new     new
//! ```

use super::super::chain::{self, PartContent};
use super::super::keys::OpenKey;
use super::super::record::{HeaderHash, KeyId, PartDigest};
use super::super::seal::Place;
use super::super::{JournalError, Snapshot};
use super::reader::SqliteReader;
use super::row::{number, seq_at};
use super::{SqliteJournal, erase};
use crate::domain::ids::{RoomId, Seq};
use rusqlite::{Connection, OptionalExtension as _, params};

/// No record has so many parts: a snapshot's salts are never a record's. The pieces count down from here.
const PART: usize = usize::MAX;
/// Bytes in one piece: written durably in about a millisecond. In tests few, so that they have many pieces.
const PIECE: usize = if cfg!(test) { 4 } else { 128 << 10 };

/// A snapshot that is being kept.
pub(super) struct UnderWay {
    ledger: i64,
    room: RoomId,
    through: Seq,
    key: OpenKey,
    /// Of the record it rests on.
    hash: HeaderHash,
    /// Of the pieces that are written.
    digests: Vec<PartDigest>,
}

/// The head of a snapshot as it is stored.
pub(super) struct Stored {
    ledger: i64,
    through: Seq,
    schema: i64,
    key: Vec<u8>,
    digest: Vec<u8>,
}

fn pieces(snapshot: &Snapshot) -> usize {
    snapshot.bytes.len().div_ceil(PIECE).max(1)
}

fn piece(bytes: &[u8], index: usize) -> &[u8] {
    let rest = bytes.get(index * PIECE..).unwrap_or_default();
    &rest[..rest.len().min(PIECE)]
}

fn digest(
    key: &OpenKey,
    (room, through): (&RoomId, Seq),
    part: usize,
    payload: &[u8],
) -> PartDigest {
    let salt = key.sealer.salt(Place {
        ledger: room,
        seq: through,
        part,
    });
    chain::digest(
        &salt,
        PartContent {
            unit: None,
            operation: None,
            spans: &[],
            payload,
        },
    )
}

/// What the digest of the head covers: the schema, and the digests of the pieces.
fn covered(schema: u16, digests: &[PartDigest]) -> Vec<u8> {
    let digests = digests.iter().flat_map(|digest| digest.0);
    schema.to_be_bytes().into_iter().chain(digests).collect()
}

const fn part_of(piece: usize) -> usize {
    PART - 1 - piece
}

impl SqliteJournal {
    /// See [`super::super::Journal::keep_step`].
    pub(super) fn store_piece(
        &mut self,
        snapshot: &Snapshot,
        step: usize,
    ) -> Result<bool, JournalError> {
        let writing = |source| JournalError::writing("storing a snapshot", source);
        if step == 0 {
            self.under_way = Some(self.begin(snapshot)?);
        }
        let of = |under_way: &&mut UnderWay| {
            (&under_way.room, under_way.through) == (&snapshot.ledger, snapshot.through)
        };
        let Some(under_way) = self.under_way.as_mut().filter(of) else {
            return Err(unfit("it was given up"));
        };
        let (count, written) = (pieces(snapshot), under_way.digests.len());
        if written == count {
            // Kept; what is left of the earlier one goes.
            let left = clear(&self.connection, under_way.ledger, under_way.key.id);
            return left.map_err(writing);
        }
        if step != written {
            return Err(unfit("a step was left out"));
        }
        let text = piece(&snapshot.bytes, step);
        let place = (&snapshot.ledger, snapshot.through);
        let digest = digest(&under_way.key, place, part_of(step), text);
        let sealed = (under_way.key.sealer).seal(digest, under_way.hash, text.to_vec());
        let sealed = sealed.ok_or_else(|| unfit("it is too large"))?;
        let mut digests = under_way.digests.clone();
        digests.push(digest);
        self.checkpointer.before_commit(&self.connection);
        let transaction = self.connection.transaction().map_err(writing)?;
        insert(&transaction, under_way, (step, digest), &sealed).map_err(writing)?;
        if digests.len() == count {
            let head = head(snapshot, under_way, &digests);
            store(&transaction, &head).map_err(writing)?;
        }
        transaction.commit().map_err(writing)?;
        self.checkpointer
            .committed((sealed.len() / 4_096 + 4) as u64);
        under_way.digests = digests;
        if under_way.digests.len() == count {
            let kept = Some(under_way.key.id);
            self.keys.destroy_snapshot_keys(&snapshot.ledger, kept)?;
        }
        Ok(true)
    }

    fn begin(&mut self, snapshot: &Snapshot) -> Result<UnderWay, JournalError> {
        let id = self.reader.ledger_id(&snapshot.ledger)?;
        let found = match id {
            Some(id) => self
                .reader
                .hash_at(&snapshot.ledger, id, snapshot.through)?
                .map(|hash| (id, hash)),
            None => None,
        };
        let Some((ledger, hash)) = found.filter(|_| snapshot.through > Seq::ZERO) else {
            return Err(unfit("the record it rests on is not there"));
        };
        let reading = JournalError::reading("reading what was erased");
        let erased = erase::erased_keys(&self.connection, ledger).map_err(reading)?;
        if erased.values().any(|seq| *seq > snapshot.through) {
            return Err(unfit("something was erased since"));
        }
        Ok(UnderWay {
            ledger,
            room: snapshot.ledger.clone(),
            through: snapshot.through,
            key: self.keys.for_snapshot(&snapshot.ledger)?,
            hash,
            digests: Vec::new(),
        })
    }
}

fn unfit(why: &'static str) -> JournalError {
    JournalError::Unfit {
        kind: "snapshot".to_owned(),
        why,
    }
}

fn head(snapshot: &Snapshot, under_way: &UnderWay, digests: &[PartDigest]) -> Stored {
    let place = (&snapshot.ledger, snapshot.through);
    let covered = covered(snapshot.schema, digests);
    Stored {
        ledger: under_way.ledger,
        through: snapshot.through,
        schema: i64::from(snapshot.schema),
        key: under_way.key.id.0.to_vec(),
        digest: digest(&under_way.key, place, PART, &covered).0.to_vec(),
    }
}

fn insert(
    connection: &Connection,
    under_way: &UnderWay,
    (piece, digest): (usize, PartDigest),
    sealed: &[u8],
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT INTO snapshot_pieces (ledger, key, piece, digest, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            under_way.ledger,
            &under_way.key.id.0[..],
            piece as i64,
            &digest.0[..],
            sealed
        ])
        .map(drop)
}

/// The head takes the earlier one's place.
fn store(connection: &Connection, head: &Stored) -> Result<(), rusqlite::Error> {
    connection
        .execute(
            "INSERT OR REPLACE INTO snapshots (ledger, through, schema, key, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                head.ledger,
                number(head.through),
                head.schema,
                head.key,
                head.digest
            ],
        )
        .map(drop)
}

/// Clears away one piece of a ledger that is not under this key. Whether there was one.
fn clear(connection: &Connection, ledger: i64, kept: KeyId) -> Result<bool, rusqlite::Error> {
    let cleared = connection
        .prepare_cached(
            "DELETE FROM snapshot_pieces WHERE rowid =
                 (SELECT rowid FROM snapshot_pieces WHERE ledger = ?1 AND key <> ?2 LIMIT 1)",
        )?
        .execute(params![ledger, &kept.0[..]])?;
    Ok(cleared > 0)
}

/// Clears away every piece that belongs to no head: of a snapshot that was not kept to its end, or of an earlier one.
pub(super) fn clear_all(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection
        .execute(
            "DELETE FROM snapshot_pieces WHERE (ledger, key) NOT IN (SELECT ledger, key FROM snapshots)",
            [],
        )
        .map(drop)
}

/// Takes away the snapshot of a ledger, and what there is of the next.
pub(super) fn forget(connection: &Connection, ledger: i64) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM snapshots WHERE ledger = ?1", [ledger])?;
    connection
        .execute("DELETE FROM snapshot_pieces WHERE ledger = ?1", [ledger])
        .map(drop)
}

/// The head of the stored snapshot of a ledger.
pub(super) fn find(reader: &SqliteReader, ledger: i64) -> Result<Option<Stored>, JournalError> {
    reader
        .connection
        .prepare_cached("SELECT through, schema, key, digest FROM snapshots WHERE ledger = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([ledger], |row| {
                    Ok(Stored {
                        ledger,
                        through: seq_at(row, 0)?,
                        schema: row.get(1)?,
                        key: row.get(2)?,
                        digest: row.get(3)?,
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
    let Some(hash) = reader.hash_at(ledger, stored.ledger, stored.through)? else {
        return Ok(Err("the record it rests on is not there"));
    };
    let (Some(key), Ok(schema)) = (KeyId::from_slice(&stored.key), u16::try_from(stored.schema))
    else {
        return Ok(Err("it is damaged"));
    };
    let Some(sealer) = reader.keys.get(key)? else {
        return Ok(Err("its key is gone"));
    };
    let key = OpenKey { id: key, sealer };
    let place = (ledger, stored.through);
    let mut digests = Vec::new();
    let mut bytes = Vec::new();
    let read = each_piece(reader, stored, |index, claimed, sealed| {
        let text = PartDigest::from_slice(claimed)
            .filter(|_| index == digests.len() as i64)
            .and_then(|claimed| Some((claimed, key.sealer.open(claimed, hash, sealed)?)))
            .filter(|(claimed, text)| {
                digest(&key, place, part_of(digests.len()), text) == *claimed
            });
        let Some((claimed, text)) = text else {
            return false;
        };
        digests.push(claimed);
        bytes.extend_from_slice(&text);
        true
    });
    let sound = read.map_err(JournalError::reading("reading a snapshot"))?;
    let of_all = digest(&key, place, PART, &covered(schema, &digests));
    if !sound || of_all.0[..] != stored.digest {
        return Ok(Err("it is damaged or rests on another record"));
    }
    Ok(Ok(Snapshot {
        ledger: ledger.clone(),
        through: stored.through,
        schema,
        bytes,
    }))
}

/// Shows number, digest and sealed bytes of every piece, in order, while `take` wants more: whether it wanted all of them.
fn each_piece(
    reader: &SqliteReader,
    stored: &Stored,
    mut take: impl FnMut(i64, &[u8], &[u8]) -> bool,
) -> Result<bool, rusqlite::Error> {
    let mut statement = reader.connection.prepare_cached(
        "SELECT piece, digest, sealed FROM snapshot_pieces WHERE ledger = ?1 AND key = ?2 ORDER BY piece",
    )?;
    let mut rows = statement.query(params![stored.ledger, stored.key])?;
    while let Some(row) = rows.next()? {
        let (digest, sealed) = (row.get_ref(1)?.as_blob()?, row.get_ref(2)?.as_blob()?);
        if !take(row.get(0)?, digest, sealed) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// See [`super::super::JournalRead::latest_snapshot`].
pub(super) fn latest(
    reader: &SqliteReader,
    ledger: &RoomId,
    schema: u16,
) -> Result<Option<Snapshot>, JournalError> {
    // One transaction: head and pieces of the same moment.
    let _moment = reader
        .connection
        .unchecked_transaction()
        .map_err(JournalError::reading("reading a snapshot"))?;
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
