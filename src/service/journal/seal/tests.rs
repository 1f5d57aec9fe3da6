use super::*;

fn sealer(byte: u8, slot: &str) -> Sealer {
    Sealer::new(&Zeroizing::new([byte; 32]), slot)
}

#[test]
fn a_seal_opens_with_its_own_key_digest_and_header_only() {
    let (digest, hash) = (PartDigest([1; 32]), HeaderHash([2; 32]));
    let key = sealer(7, "budapest unit:U-1 positions 20000");
    let sealed = key.seal(digest, hash, b"a place".to_vec()).unwrap();
    assert_eq!(sealed.len(), 7 + OVERHEAD);
    assert_eq!(key.open(digest, hash, &sealed).unwrap(), b"a place");
    let others = [
        sealer(8, "budapest unit:U-1 positions 20000"),
        sealer(7, "budapest unit:U-2 positions 20000"),
    ];
    assert!(
        others
            .iter()
            .all(|other| other.open(digest, hash, &sealed).is_none())
    );
    assert!(key.open(PartDigest([9; 32]), hash, &sealed).is_none());
    assert!(key.open(digest, HeaderHash([9; 32]), &sealed).is_none());
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(key.open(digest, hash, &altered).is_none());
    }
    assert!(key.open(digest, hash, &sealed[1..]).is_none());
}

#[test]
fn every_place_has_a_salt_of_its_own() {
    let (budapest, arad) = (
        RoomId::parse("budapest").unwrap(),
        RoomId::parse("arad").unwrap(),
    );
    let place = |ledger, seq, part| Place {
        ledger,
        seq: Seq(seq),
        part,
    };
    let key = sealer(7, "slot");
    let salts = [
        key.salt(place(&budapest, 1, 0)),
        key.salt(place(&budapest, 1, 1)),
        key.salt(place(&budapest, 2, 0)),
        key.salt(place(&arad, 1, 0)),
        sealer(8, "slot").salt(place(&budapest, 1, 0)),
    ];
    let different: std::collections::BTreeSet<_> = salts.iter().collect();
    assert_eq!(different.len(), salts.len());
}
