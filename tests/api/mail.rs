//! Notices by mail, to a real mail server on the loopback (`web-map/dev/mail_server.mjs`), over TLS.

use crate::channels::{alone, crossed, notice, send};
use crate::house::{PATIENCE, until};
use limes::service::outbox::OutboxSettings;
use limes::wire::config::{AddresseeWire, ChannelsWire, SmtpWire};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

const PASSWORD: &str = "an exacting password";

/// A mail server, and what it said.
struct MailServer {
    port: u16,
    said: Arc<Mutex<Vec<Value>>>,
    folder: tempfile::TempDir,
    process: Child,
    // It ends with its standard input.
    input: Option<ChildStdin>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.input.take());
        // How it ended is nobody's concern.
        let _ = self.process.wait();
    }
}

impl MailServer {
    /// `tls`: `implicit`, `starttls`, or `none` for one that offers no TLS.
    fn start(tls: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (cert, key) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&cert, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        std::fs::write(folder.path().join("password"), format!("{PASSWORD}\n")).unwrap();
        let wanted =
            json!({"tls": tls, "cert": cert, "key": key, "user": "limes", "password": PASSWORD});
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("web-map/dev/mail_server.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(wanted.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js is there, and `npm ci` was run in web-map");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&said);
        let (opened, first) = mpsc::channel::<Value>();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line: Value = serde_json::from_str(&line).unwrap();
                if line["port"].is_u64() {
                    opened.send(line).unwrap();
                } else {
                    heard.lock().unwrap().push(line);
                }
            }
        });
        let first = first.recv_timeout(PATIENCE);
        let first = first.expect("the mail server names its port");
        Self {
            port: u16::try_from(first["port"].as_u64().unwrap()).unwrap(),
            said,
            folder,
            input: process.stdin.take(),
            process,
        }
    }

    /// Romania is reached by mail over this server.
    fn settings(&self, tls: &str, change: impl FnOnce(&mut ChannelsWire)) -> OutboxSettings {
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        let mut written = ChannelsWire {
            attempts_max: 2,
            first_wait_ms: 20,
            ca_file: file("cert.pem"),
            smtp: SmtpWire {
                host: "localhost".to_owned(),
                port: self.port,
                tls: tls.to_owned(),
                user: "limes".to_owned(),
                password_file: file("password"),
                from: "Limes Budapest <limes@police.example>".to_owned(),
            },
            addressees: vec![AddresseeWire {
                name: "RO".to_owned(),
                email: "room@politia.example".to_owned(),
                ..AddresseeWire::default()
            }],
            ..ChannelsWire::default()
        };
        change(&mut written);
        OutboxSettings::read(&written).unwrap()
    }

    fn mails(&self) -> Vec<Value> {
        let said = self.said.lock().unwrap();
        let mails = said.iter().filter(|one| one["raw"].is_string());
        mails.cloned().collect()
    }
}

#[tokio::test]
async fn a_notice_goes_by_mail_over_tls_and_is_delivered_when_the_server_has_taken_it() {
    for tls in ["implicit", "starttls"] {
        let server = MailServer::start(tls);
        let house = alone(server.settings(tls, |_| {})).await;
        let (desk, id) = crossed(&house).await;
        send(&desk, &id).await;
        until(async || notice(&desk).await["status"] == "delivered").await;
        let shown = notice(&desk).await;
        assert_eq!(shown["attempts"][0]["address"], "room@politia.example");
        let said = shown["attempts"][0]["said"].as_str().unwrap();
        assert!(said.starts_with("250 "), "{said}");
        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0]["secure"], true);
        assert_eq!(mails[0]["to"], json!(["room@politia.example"]));
        let raw = mails[0]["raw"].as_str().unwrap();
        assert!(raw.contains("Message-ID: <notice."), "{raw}");
        assert!(raw.contains("@police.example>"), "{raw}");
        // The whole text, in the languages of both states, as it is kept.
        let plain = quoted_printable(raw);
        for text in shown["texts"].as_array().unwrap() {
            let text = text["text"].as_str().unwrap();
            assert!(
                plain.contains(text.trim_end()),
                "{plain}\n-- lacks --\n{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_password_that_is_wrong_is_tried_again_and_fails_with_the_servers_word() {
    let server = MailServer::start("implicit");
    std::fs::write(server.folder.path().join("password"), "another\n").unwrap();
    let house = alone(server.settings("implicit", |_| {})).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let shown = notice(&desk).await;
    assert_eq!(shown["attempts"].as_array().unwrap().len(), 2, "{shown}");
    let why = shown["failed_because"].as_str().unwrap();
    assert!(
        why.contains("535") && why.contains("the password is wrong here"),
        "{why}"
    );
    assert!(
        !why.contains("another"),
        "the password stands nowhere: {why}"
    );
    assert_eq!(server.mails(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_receiver_that_the_server_does_not_know_fails_at_once() {
    let server = MailServer::start("starttls");
    let settings = server.settings("starttls", |written| {
        written.addressees[0].email = "nobody@politia.example".to_owned();
    });
    let house = alone(settings).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let shown = notice(&desk).await;
    assert_eq!(shown["attempts"].as_array().unwrap().len(), 1, "{shown}");
    assert!(
        shown["failed_because"].to_string().contains("550"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_server_without_starttls_or_with_a_strange_certificate_is_told_nothing() {
    let plain = MailServer::start("none");
    let other = MailServer::start("starttls");
    let strange = other.settings("starttls", |written| {
        written.ca_file = plain.folder.path().join("cert.pem").display().to_string();
    });
    for settings in [plain.settings("starttls", |_| {}), strange] {
        let house = alone(settings).await;
        let (desk, id) = crossed(&house).await;
        send(&desk, &id).await;
        until(async || notice(&desk).await["status"] == "failed").await;
    }
    for server in [plain, other] {
        assert_eq!(*server.said.lock().unwrap(), Vec::<Value>::new());
    }
}

/// The text of a mail whose body is encoded as quoted-printable or not at all.
fn quoted_printable(raw: &str) -> String {
    let joined = raw.replace("\r\n", "\n").replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = (*first == b'=').then(|| after.get(..2)).flatten();
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
