use super::*;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use proptest::prelude::*;

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

proptest! {
    /// Another implementation of the same cipher: what either sealed, both open.
    #[test]
    fn a_seal_is_that_of_the_cipher_as_others_have_it(
        secret in any::<[u8; 32]>(),
        digest in any::<[u8; 32]>(),
        hash in any::<[u8; 32]>(),
        payload in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let key = Sealer::new(&Zeroizing::new(secret), "budapest unit:U-1 positions 20000");
        let other = XChaCha20Poly1305::new((&*key.key).into());
        let nonce = XNonce::try_from(&digest[..24]).unwrap();
        let text = Payload { msg: &payload, aad: &hash };
        let expected = other.encrypt(&nonce, text).unwrap();
        let (digest, hash) = (PartDigest(digest), HeaderHash(hash));
        let sealed = key.seal(digest, hash, payload.clone()).unwrap();
        prop_assert_eq!(&sealed, &expected);
        prop_assert_eq!(key.open(digest, hash, &sealed), Some(payload));
    }
}
