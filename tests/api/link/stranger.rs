//! Somebody who speaks to a service as a partner's would, word by word.

use super::{Side, Two, Wishes, lead, open, pass_the_lead};
use crate::house::{ARAD, BUDAPEST, Desk, House, until};
use crate::link::papers::Paper;
use futures_util::{SinkExt as _, StreamExt as _};
use limes::domain::ids::{MessageId, RoomId, State};
use limes::domain::input::{Frame, MessageBody};
use limes::domain::operations::handover::{Envelope, Epoch, Post as _, Said};
use limes::service::clock::Clock;
use limes::service::datadir::DataDir;
use limes::service::signing::Signing;
use limes::wire::dialogue::letter;
use limes::wire::link::CarriedWire;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

struct Stranger {
    socket: WebSocketStream<TlsStream<TcpStream>>,
}

impl Stranger {
    /// Dials as Budapest's service would, perhaps with its certificate.
    async fn dial(to: SocketAddr, root: &Path, paper: Option<&Paper>) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(root)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let config = match paper {
            None => builder.with_no_client_auth(),
            Some(paper) => {
                let chain = vec![CertificateDer::from_pem_file(&paper.chain)?];
                builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(&paper.key)?)?
            }
        };
        let stream = TcpStream::connect(to).await?;
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect("localhost".try_into()?, stream).await?;
        let (socket, _) = tokio_tungstenite::client_async("wss://localhost/", stream).await?;
        Ok(Self { socket })
    }

    async fn say(&mut self, talk: Value) {
        let text = Message::text(talk.to_string());
        self.socket.send(text).await.unwrap();
    }

    /// What is said next, but for beats; null when it is over.
    async fn hear(&mut self) -> Value {
        loop {
            let next = tokio::time::timeout(crate::house::PATIENCE, self.socket.next());
            match next.await.expect("something is said") {
                Some(Ok(Message::Text(text))) => {
                    let said: Value = serde_json::from_str(&text).unwrap();
                    if said["beat"].is_null() {
                        return said;
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Value::Null,
                Some(Ok(_)) => {}
            }
        }
    }

    async fn hello(&mut self, versions: &[u32], from: &str, to: &str) -> Value {
        let hello = json!({"hello": {"versions": versions, "from": from, "to": to}});
        self.say(hello).await;
        self.hear().await
    }
}

/// Arad's service, and what Budapest's would have.
struct Alone {
    arad: House,
    desk: Desk,
    budapest: Side,
    root: tempfile::TempDir,
}

impl Alone {
    async fn new() -> Self {
        let (budapest, arad) = (Side::new(BUDAPEST).await, Side::new(ARAD).await);
        let root = tempfile::tempdir().unwrap();
        std::fs::copy(&arad.root, root.path().join("root.pem")).unwrap();
        let link = arad.link(budapest.as_partner());
        let wishes = Wishes {
            rooms: ARAD,
            link,
            data: Some(arad.data),
            ..Wishes::default()
        };
        let arad = House::with(wishes).await;
        let desk = arad.log_in("arad-operator").await;
        Self {
            arad,
            desk,
            budapest,
            root,
        }
    }

    async fn dial(&self, paper: Option<&Paper>) -> anyhow::Result<Stranger> {
        let address = self.arad.running.link_address().unwrap();
        Stranger::dial(address, &self.root.path().join("root.pem"), paper).await
    }

    async fn dialled(&self) -> Stranger {
        let mut stranger = self.dial(Some(&self.budapest.paper)).await.unwrap();
        let welcome = stranger.hello(&[1, 7], "budapest", "arad").await;
        assert_eq!(welcome["welcome"]["version"], 1, "{welcome}");
        stranger
    }

    /// An empty frame, signed by the key in this folder.
    fn frame(number: u64, folder: &Path) -> Value {
        let room = |name| RoomId::parse(name).unwrap();
        let frame = Frame {
            from: room("budapest"),
            to: room("arad"),
            number,
            at: Clock::real().now(),
            messages: Vec::new(),
        };
        let signing = Signing::new(&DataDir::create(folder).unwrap());
        let sealed = signing
            .seal_frame(&frame, State::parse("HU").unwrap())
            .unwrap();
        json!({"frame": serde_json::to_value(CarriedWire::from(&sealed)).unwrap()})
    }

    fn taken(&self) -> u64 {
        let links = self.arad.running.desk.links();
        let links = links.borrow();
        let links = &links[&RoomId::parse("arad").unwrap()];
        links.partners[&RoomId::parse("budapest").unwrap()].taken
    }

    async fn refused(&self, guard: &str) {
        until(async || {
            let refused = self.desk.events("link.refused").await;
            refused.iter().any(|it| it["guard"] == guard)
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_signed_by_another_key_or_changed_on_the_way_is_refused_and_not_taken() {
    let alone = Alone::new().await;
    let strange = tempfile::tempdir().unwrap();
    let mut stranger = alone.dialled().await;
    stranger.say(Alone::frame(1, strange.path())).await;
    assert_eq!(stranger.hear().await["sorry"]["guard"], "key");
    assert_eq!(stranger.hear().await, Value::Null, "nothing follows");
    alone.refused("key").await;

    let mut stranger = alone.dialled().await;
    let mut changed = Alone::frame(1, alone.budapest.data.path());
    let bytes = changed["frame"]["bytes"].as_str().unwrap();
    changed["frame"]["bytes"] = bytes.replace("budapest", "szeged").into();
    stranger.say(changed).await;
    assert_eq!(stranger.hear().await["sorry"]["guard"], "signature");
    alone.refused("signature").await;
    assert_eq!(alone.taken(), 0);
}

#[tokio::test]
async fn a_frame_that_comes_again_is_taken_once_and_a_gap_only_when_it_is_told() {
    let alone = Alone::new().await;
    let frame = |number| Alone::frame(number, alone.budapest.data.path());
    let (first, second) = (frame(1), frame(2));
    let mut stranger = alone.dialled().await;
    stranger.say(first.clone()).await;
    assert_eq!(stranger.hear().await["taken"]["through"], 1);
    stranger.say(first).await;
    stranger.say(second).await;
    assert_eq!(stranger.hear().await["taken"]["through"], 2);
    // Another connection takes the place of the first, and learns where it was.
    let mut again = alone.dial(Some(&alone.budapest.paper)).await.unwrap();
    let welcome = again.hello(&[1], "budapest", "arad").await;
    assert_eq!(welcome["welcome"]["taken"], 2, "{welcome}");
    assert_eq!(welcome["welcome"]["digest"].as_str().unwrap().len(), 64);
    assert_eq!(stranger.hear().await, Value::Null);
    again.say(frame(5)).await;
    again.say(json!({"goes_on_with": 5})).await;
    assert_eq!(again.hear().await["taken"]["through"], 4);
    again.say(frame(5)).await;
    assert_eq!(again.hear().await["taken"]["through"], 5);
    let missing = alone.desk.events("link.missing").await;
    assert_eq!(missing.len(), 1);
    assert_eq!(
        (&missing[0]["from"], &missing[0]["through"]),
        (&json!(3), &json!(4))
    );
}

#[tokio::test]
async fn who_shows_no_certificate_or_speaks_for_another_room_or_version_is_not_let_in() {
    let alone = Alone::new().await;
    // The refusal comes after the handshake, with the first word.
    assert!(alone.dial(None).await.is_err());
    alone.refused("certificate").await;
    let paper = Some(&alone.budapest.paper);
    for (versions, from, to, guard) in [
        (&[1][..], "vienna", "arad", "room"),
        (&[1], "budapest", "timisoara", "room"),
        (&[1], "a b", "", "room"),
        (&[2, 3], "budapest", "arad", "version"),
        (&[], "budapest", "arad", "version"),
    ] {
        let mut stranger = alone.dial(paper).await.unwrap();
        let sorry = stranger.hello(versions, from, to).await;
        assert_eq!(sorry["sorry"]["guard"], guard, "{sorry}");
        assert_eq!(stranger.hear().await, Value::Null);
    }
    alone.refused("version").await;
    // What is no hello has no answer.
    let mut stranger = alone.dial(paper).await.unwrap();
    stranger.say(json!({"taken": {"through": 1}})).await;
    assert_eq!(stranger.hear().await, Value::Null);
}

/// Says this to Budapest as the next frames of Arad, with the certificate and the key of Arad's service.
async fn says(two: &Two, envelopes: Vec<Envelope>) {
    let folder = two.arad.data();
    let file = |ending| folder.join(format!("localhost-limes.arad.example.{ending}"));
    let paper = Paper {
        chain: file("pem"),
        key: file("key"),
    };
    let root = two.budapest.data().join("authority.pem");
    let address = two.budapest.running.link_address().unwrap();
    let mut stranger = Stranger::dial(address, &root, Some(&paper)).await.unwrap();
    let welcome = stranger.hello(&[1], "arad", "budapest").await;
    let mut number = welcome["welcome"]["taken"].as_u64().unwrap();
    let signing = Signing::new(&DataDir::create(folder).unwrap());
    for envelope in envelopes {
        number += 1;
        let frame = Frame {
            from: RoomId::parse("arad").unwrap(),
            to: RoomId::parse("budapest").unwrap(),
            number,
            at: Clock::real().now(),
            messages: vec![MessageBody::Said(envelope)],
        };
        let state = State::parse("RO").unwrap();
        let sealed = signing.seal_frame(&frame, state).unwrap();
        stranger
            .say(json!({"frame": serde_json::to_value(CarriedWire::from(&sealed)).unwrap()}))
            .await;
        // What a message says is judged by itself: the frame is taken.
        assert_eq!(stranger.hear().await["taken"]["through"], number);
    }
}

#[tokio::test]
async fn a_replayed_assumption_a_forged_epoch_and_the_words_of_another_room_move_no_lead() {
    let two = Two::new().await;
    let (budapest, arad) = two.desks().await;
    open(&budapest).await;
    pass_the_lead(&budapest, &arad).await;
    // From here on somebody else speaks in Arad's name, with all that its service has.
    two.to_budapest.refuse(true);
    two.to_budapest.cut();
    let assumed = &arad.events("handover.mas").await[0]["envelope"];
    let assumed: CarriedWire = serde_json::from_value(assumed.clone()).unwrap();
    let said = letter::read(&assumed.bytes).unwrap();
    let signed_by = |folder: &Path, said: &Said| {
        let signing = Signing::new(&DataDir::create(folder).unwrap());
        signing.seal(said, State::parse("RO").unwrap()).unwrap()
    };
    let again = |number, epoch| Said {
        id: MessageId::of(&said.from, &said.to, number),
        number,
        epoch: Epoch(epoch),
        ..said.clone()
    };
    let (own, strange) = (two.arad.data(), tempfile::tempdir().unwrap());
    let of_another = Said {
        from: RoomId::parse("szeged").unwrap(),
        ..again(93, 2)
    };
    let same_number = Said {
        epoch: Epoch(2),
        ..said.clone()
    };
    says(
        &two,
        vec![
            assumed.into(),
            signed_by(own, &again(90, 1)),
            signed_by(own, &again(91, 9)),
            signed_by(own, &same_number),
            signed_by(strange.path(), &again(92, 2)),
            signed_by(own, &of_another),
        ],
    )
    .await;
    assert_eq!(lead(&budapest).await, (json!("arad"), json!(2)));
    assert_eq!(budapest.events("lead.moved").await.len(), 1);
    let refused = budapest.events("handover.lrm").await;
    let refused = refused.iter().map(|it| &it["message"]["reason"]);
    let refused: Vec<&Value> = refused.collect();
    // Who does not lead has nothing to give, in whatever epoch; a number is given once.
    assert_eq!(
        refused,
        ["does_not_lead", "does_not_lead", "number_taken"],
        "the same message again is confirmed again"
    );
    // Another key, and another room's: no key of Arad's. Recorded once.
    let guards = budapest.events("link.refused").await;
    let guards: Vec<&Value> = guards.iter().map(|it| &it["guard"]).collect();
    assert_eq!(guards, ["key"]);
}
