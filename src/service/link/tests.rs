//! What is refused of a configuration, and by which sentence.

use super::LinkSettings;
use crate::wire::config::{LinkWire, PartnerWire};
use std::path::Path;

fn written(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// A configuration in which everything is as it must be.
fn right(folder: &Path) -> LinkWire {
    let made = rcgen::generate_simple_self_signed(["limes.arad.example".to_owned()]).unwrap();
    let chain = written(folder, "link.pem", &made.cert.pem());
    LinkWire {
        listen: "0.0.0.0:9443".to_owned(),
        certificate_file: chain.clone(),
        key_file: written(folder, "link.key", &made.signing_key.serialize_pem()),
        partners: vec![PartnerWire {
            room: "arad".to_owned(),
            state: "RO".to_owned(),
            url: "wss://limes.arad.example:9443/".to_owned(),
            authority_file: chain,
            revoked_file: String::new(),
            certificate_name: String::new(),
            keys: vec![format!("RO:{}", "0a".repeat(32))],
        }],
    }
}

#[test]
fn without_a_table_there_is_no_link() {
    let none = LinkSettings::read(&LinkWire::default()).unwrap();
    assert_eq!(none, LinkSettings::default());
    assert!(none.cards().is_empty() && none.keys().is_empty());
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LinkSettings::read(&right(folder.path())).unwrap();
    let partner = &settings.partners[0];
    assert_eq!(partner.port, 9443);
    assert_eq!(partner.host, partner.certificate_name, "by default");
    assert_eq!(settings.cards()[0].room.as_str(), "arad");
    assert_eq!(settings.keys().len(), 1);
    let mut by_address = right(folder.path());
    by_address.partners[0].url = "wss://[::1]/".to_owned();
    let settings = LinkSettings::read(&by_address).unwrap();
    assert_eq!(settings.partners[0].port, 443);
}

#[test]
fn what_is_wrong_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let right = right(folder.path());
    let nothing = written(folder.path(), "nothing.pem", "nothing");
    let other = rcgen::generate_simple_self_signed(["other.example".to_owned()]).unwrap();
    let other = written(
        folder.path(),
        "other.key",
        &other.signing_key.serialize_pem(),
    );
    let refused = |change: &dyn Fn(&mut LinkWire)| {
        let mut wrong = right.clone();
        change(&mut wrong);
        format!("{:#}", LinkSettings::read(&wrong).unwrap_err())
    };
    let of_partner = |change: &dyn Fn(&mut PartnerWire)| {
        refused(&|link: &mut LinkWire| change(&mut link.partners[0]))
    };
    let said = [
        (refused(&|link| link.partners.clear()), "[[link.partners]]"),
        (
            refused(&|link| link.listen = "here".to_owned()),
            "link.listen = `here`",
        ),
        (
            refused(&|link| link.key_file.clear()),
            "both certificate_file and key_file",
        ),
        (
            refused(&|link| link.key_file = nothing.clone()),
            "link.key_file",
        ),
        (
            refused(&|link| link.key_file = other.clone()),
            "do not belong together",
        ),
        (
            refused(&|link| link.certificate_file = nothing.clone()),
            "link.certificate_file",
        ),
        (
            refused(&|link| link.partners.push(link.partners[0].clone())),
            "arad is there twice",
        ),
        (of_partner(&|it| it.room = "a b".to_owned()), "room = `a b`"),
        (
            of_partner(&|it| it.state = "Romania".to_owned()),
            "state = `Romania`",
        ),
        (
            of_partner(&|it| it.url = "https://arad.example/".to_owned()),
            "wss://host:9443/",
        ),
        (
            of_partner(&|it| it.url = "wss://me@arad.example/".to_owned()),
            "wss://host:9443/",
        ),
        (
            of_partner(&|it| it.authority_file.clear()),
            "authority_file is missing",
        ),
        (
            of_partner(&|it| it.authority_file = nothing.clone()),
            "authority_file",
        ),
        (
            of_partner(&|it| it.revoked_file = nothing.clone()),
            "revoked_file",
        ),
        (
            of_partner(&|it| it.revoked_file = "/nowhere.crl".to_owned()),
            "/nowhere.crl",
        ),
        (
            of_partner(&|it| it.certificate_name = "a b".to_owned()),
            "certificate_name = `a b`",
        ),
        (of_partner(&|it| it.keys.clear()), "limes room key arad"),
        (of_partner(&|it| it.keys[0].push('0')), "no public key"),
        (
            of_partner(&|it| it.keys[0] = it.keys[0].replace("RO", "HU")),
            "is not of RO",
        ),
    ];
    for (sentence, named) in said {
        assert!(sentence.contains(named), "{named}: {sentence}");
        assert!(sentence.starts_with("link"), "{sentence}");
    }
}
