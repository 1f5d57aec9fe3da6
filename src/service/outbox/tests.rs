use super::settings::OutboxSettings;
use crate::domain::ids::{AccountId, NoticeId, OperationId, RoomId, State};
use crate::domain::law::basis::{Basis, PersonCategory};
use crate::domain::law::finding::Duty;
use crate::domain::measure::Timestamp;
use crate::domain::operations::NoticeFields;
use crate::domain::operations::channels::ChannelKind;
use crate::domain::operations::letter::Written;
use crate::domain::registry::Person;
use crate::domain::world::outbox::Outgoing;
use crate::wire::channels::{CloudEvent, mail_text, subject};
use crate::wire::config::ChannelsWire;

fn read(text: &str) -> Result<OutboxSettings, String> {
    let written: ChannelsWire = toml::from_str(text).map_err(|error| error.to_string())?;
    OutboxSettings::read(&written).map_err(|error| format!("{error:#}"))
}

fn addressee(rest: &str) -> String {
    format!("[[addressees]]\nname = \"RO\"\n{rest}")
}

#[test]
fn what_is_wrong_is_said_with_its_key_and_no_secret() {
    let webhook = |url: &str| addressee(&format!("webhook = \"{url}\""));
    let smtp =
        |rest: &str| format!("[smtp]\nhost = \"mail.example\"\nfrom = \"a@b.example\"\n{rest}");
    let table = [
        ("attempts_max = 0".to_owned(), "attempts_max"),
        (
            "first_wait_ms = 5000\nwait_max_ms = 100".to_owned(),
            "wait_max_ms",
        ),
        ("attempt_timeout_ms = 1".to_owned(), "attempt_timeout_ms"),
        ("ca_file = \"/nowhere\"".to_owned(), "ca_file"),
        (addressee(""), "an email or a webhook"),
        (addressee("email = \"nobody\""), "no mail address"),
        (
            addressee("email = \"a@b.example\""),
            "channels.smtp.host is missing",
        ),
        (addressee("webhok = \"x\""), "webhok"),
        (webhook("http://far.example/s3cret"), "allow_http"),
        (webhook("ftp://far.example/s3cret"), "https://"),
        (webhook("https://user:s3cret@far.example/"), "no user"),
        (webhook("not an address s3cret"), "no web address"),
        (smtp("tls = \"maybe\""), "`implicit`, `starttls`"),
        (smtp("tls = \"none\""), "loopback"),
        (smtp("port = 0"), "smtp.port"),
        (smtp("user = \"limes\""), "password_file"),
        (
            smtp("user = \"limes\"\npassword_file = \"/nowhere\""),
            "/nowhere",
        ),
        ("[smtp]\nhost = \"mail.example\"".to_owned(), "smtp.from"),
    ];
    for (text, says) in table {
        let refused = read(&text).unwrap_err();
        assert!(refused.contains(says), "{text}\n{refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
    }
    let twice = [addressee("webhook = \"https://a.example/\"").as_str(); 2].join("\n");
    assert!(read(&twice).unwrap_err().contains("twice"));
    let loopback =
        "[smtp]\nhost = \"127.0.0.1\"\nport = 25\ntls = \"none\"\nfrom = \"a@b.example\"";
    assert!(read(loopback).is_ok());
}

#[test]
fn no_secret_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "s3cret\nmore\n").unwrap();
    let text = format!(
        "[smtp]\nhost = \"mail.example\"\nfrom = \"a@b.example\"\nuser = \"limes\"\npassword_file = {file:?}\n{}",
        addressee("webhook = \"https://far.example:8443/s3cret?token=s3cret\"")
    );
    let settings = read(&text).unwrap();
    let login = settings.smtp.as_ref().and_then(|smtp| smtp.login.as_ref());
    assert_eq!(login.unwrap().1.tell(), "s3cret", "its first line");
    let shown = format!("{settings:?}");
    assert!(
        shown.contains("https://far.example:8443") && !shown.contains("s3cret"),
        "{shown}"
    );
    let written: ChannelsWire = toml::from_str(&text).unwrap();
    let masked = &written.masked().addressees[0].webhook;
    assert_eq!(masked, "https://far.example:8443/…");
}

fn outgoing() -> Outgoing {
    let room = |id: &str| RoomId::parse(id).unwrap();
    let state = |code: &str| State::parse(code).unwrap();
    Outgoing {
        from: room("budapest"),
        operation: OperationId::parse("NAGYLAK-27").unwrap(),
        name: "NAGYLAK-27".into(),
        exercise: true,
        notice: NoticeId::parse("NAGYLAK-27.1").unwrap(),
        duty: Duty::NoticeOfCrossing,
        to: room("RO"),
        channel: ChannelKind::Webhook,
        number: 2,
        due: Timestamp::parse("2027-03-16T11:34:00Z").unwrap(),
        sent_by: Person {
            account: AccountId::parse("kovacs").unwrap(),
            room: room("budapest"),
        },
        sent_at: Timestamp::parse("2027-03-16T11:33:24Z").unwrap(),
        fields: NoticeFields {
            operation: OperationId::parse("NAGYLAK-27").unwrap(),
            name: "NAGYLAK-27".into(),
            basis: Basis::SurveillanceAuthorised,
            requesting_state: state("HU"),
            host_state: state("RO"),
            offence: "drugs".into(),
            person_category: PersonCategory::Suspect,
            authorisation: Some("RO-27-0312".into()),
            grounds: None,
            crossings: Vec::new(),
            amends: None,
            missing: Vec::new(),
        },
        texts: ["hu", "ro"]
            .map(|language| Written {
                language: language.into(),
                text: format!("in {language}\n").into(),
            })
            .to_vec(),
    }
}

#[test]
fn a_notice_is_a_cloud_event_that_is_the_same_in_every_attempt() {
    let first = outgoing();
    let event = CloudEvent::from(&first);
    let shown: serde_json::Value = serde_json::from_slice(&event.to_json()).unwrap();
    insta::assert_json_snapshot!(shown);
    let later = Outgoing {
        number: 5,
        due: Timestamp::parse("2027-03-16T12:00:00Z").unwrap(),
        ..first
    };
    assert_eq!(CloudEvent::from(&later).to_json(), event.to_json());
}

#[test]
fn a_mail_says_what_it_is_in_both_languages() {
    let outgoing = outgoing();
    let subject = subject(&outgoing);
    assert!(subject.starts_with("EXERCISE NAGYLAK-27.1: "), "{subject}");
    assert!(subject.contains(" / "), "{subject}");
    assert_eq!(mail_text(&outgoing), "in hu\n\n----\n\nin ro\n");
}
