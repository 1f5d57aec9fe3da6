use super::*;
use crate::domain::ids::{Seq, SourceId};
use crate::domain::measure::Timestamp;
use crate::service::journal::record::{KeyId, PartHeader, RetentionClass};
use std::collections::BTreeSet;

fn header() -> Header {
    Header {
        ledger: RoomId::parse("budapest").unwrap(),
        seq: Seq(7),
        at: Timestamp::from_millis(-1),
        recorded_at: Timestamp::from_millis(1_805_196_797_000),
        kind: "crossing.confirmed".to_owned(),
        schema: 1,
        retention: RetentionClass::Operation,
        parts: vec![PartHeader {
            key: KeyId([1; 16]),
            digest: PartDigest([2; 32]),
        }],
        prev: HeaderHash([3; 32]),
    }
}

#[test]
fn the_hash_of_a_header_stays_what_it_is() {
    assert_eq!(
        genesis(&header().ledger).to_string(),
        "3cc618cf2f4f9887937b29fbbbb4df07edd66e432bded4c72d255b7120c6876d"
    );
    assert_eq!(
        hash(&header()).to_string(),
        "3f728f0b689b777dfb7912e43eeda7b682f95847ce24691eddb3ae788ffc04f0"
    );
}

/// The bytes of the canonical form, written out by hand as the module's text says.
#[test]
fn the_hash_of_a_header_is_that_of_its_documented_bytes() {
    let header = header();
    let mut bytes = Vec::new();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    text(&mut bytes, "limes.journal.header.v1");
    text(&mut bytes, "budapest");
    bytes.extend_from_slice(&7_u64.to_be_bytes());
    bytes.extend_from_slice(&(-1_i64).to_be_bytes());
    bytes.extend_from_slice(&1_805_196_797_000_i64.to_be_bytes());
    text(&mut bytes, "crossing.confirmed");
    bytes.extend_from_slice(&1_u16.to_be_bytes());
    text(&mut bytes, "operation");
    bytes.extend_from_slice(&1_u16.to_be_bytes());
    bytes.extend_from_slice(&[1; 16]);
    bytes.extend_from_slice(&[2; 32]);
    bytes.extend_from_slice(&[3; 32]);
    assert_eq!(hash(&header).0, <[u8; 32]>::from(Sha256::digest(bytes)));
}

#[test]
fn every_field_of_a_header_changes_its_hash() {
    let changes: [fn(&mut Header); 12] = [
        |_| (),
        |header| header.ledger = RoomId::parse("arad").unwrap(),
        |header| header.seq = Seq(8),
        |header| header.at = Timestamp::EPOCH,
        |header| header.recorded_at = Timestamp::EPOCH,
        |header| header.kind = "crossing.retracted".to_owned(),
        |header| header.schema = 2,
        |header| header.retention = RetentionClass::Access,
        |header| header.parts[0].key = KeyId([9; 16]),
        |header| header.parts[0].digest = PartDigest([9; 32]),
        |header| header.parts.clear(),
        |header| header.prev = HeaderHash([9; 32]),
    ];
    let hashes: BTreeSet<HeaderHash> = changes
        .iter()
        .map(|change| {
            let mut header = header();
            change(&mut header);
            hash(&header)
        })
        .collect();
    assert_eq!(hashes.len(), changes.len());
}

#[test]
fn salt_index_spans_and_payload_change_the_digest_of_a_part() {
    let unit = UnitId::parse("a").unwrap();
    let operation = OperationId::parse("a").unwrap();
    let span = |to| PositionSpan {
        unit: UnitId::parse("a").unwrap(),
        source: SourceId::parse("a").unwrap(),
        from: Timestamp::EPOCH,
        to: Timestamp::from_millis(to),
    };
    let plain = PartContent {
        unit: None,
        operation: None,
        spans: &[],
        payload: b"a",
    };
    let spans = [[span(1)], [span(2)]];
    let contents = [
        plain,
        PartContent {
            payload: b"",
            ..plain
        },
        PartContent {
            payload: b"aa",
            ..plain
        },
        PartContent {
            unit: Some(&unit),
            ..plain
        },
        PartContent {
            operation: Some(&operation),
            ..plain
        },
        PartContent {
            spans: &spans[0],
            ..plain
        },
        PartContent {
            spans: &spans[1],
            ..plain
        },
    ];
    let mut digests: BTreeSet<PartDigest> = contents
        .into_iter()
        .map(|content| digest(&[0; 32], content))
        .collect();
    digests.insert(digest(&[1; 32], plain));
    assert_eq!(digests.len(), contents.len() + 1);
}
