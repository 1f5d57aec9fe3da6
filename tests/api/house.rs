//! The service under test: two rooms, a person of every role, three units.

use futures_util::StreamExt;
use limes::domain::borders::CrossingPoints;
use limes::domain::ids::{AccountId, RoomId, State, UnitId};
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::registry_change::{AccountCard, Author, Holder};
use limes::domain::rights::Role;
use limes::domain::tracks::GateLimits;
use limes::service::app::{self, Running, Settings};
use limes::service::auth::{SessionLimits, passwords};
use limes::service::clock::Clock;
use limes::service::desk::KeepEvery;
use limes::service::http::HttpLimits;
use limes::service::ingest::IngestLimits;
use limes::service::link::LinkSettings;
use limes::service::live::ViewerLimits;
use limes::service::outbox::OutboxSettings;
use limes::service::profiles::SignedProfiles;
use limes::service::registry::{Made, PasswordHash};
use limes::service::{borderdata, ruledata};
use limes::wire::live::ModeWire;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub(crate) const PASSWORD: &str = "a long password";
/// How long anything may take before a test gives up on it: far more than it needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

fn password() -> &'static PasswordHash {
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    HASH.get_or_init(|| passwords::hash(&AccountId::parse("all").unwrap(), PASSWORD).unwrap())
}

/// A service that runs.
pub(crate) struct House {
    pub(crate) running: Running,
    tokens: BTreeMap<String, String>,
    data: tempfile::TempDir,
    outbox: OutboxSettings,
    link: LinkSettings,
}

/// What a test may want otherwise.
pub(crate) struct Wishes {
    pub(crate) http: HttpLimits,
    pub(crate) mode: ModeWire,
    pub(crate) behind_proxy: bool,
    pub(crate) crossing_points: CrossingPoints,
    pub(crate) profiles: SignedProfiles,
    pub(crate) outbox: OutboxSettings,
    /// How much room is to be left on the disk of the records, mebibytes.
    pub(crate) least_free_mib: u64,
    /// The rooms that are here.
    pub(crate) rooms: &'static [(&'static str, &'static str)],
    /// The links to rooms of other services.
    pub(crate) link: LinkSettings,
    /// A data folder that is there already.
    pub(crate) data: Option<tempfile::TempDir>,
}

/// Both rooms, and each alone.
pub(crate) const BOTH: &[(&str, &str)] = &[BUDAPEST[0], ARAD[0]];
pub(crate) const BUDAPEST: &[(&str, &str)] = &[("budapest", "HU")];
pub(crate) const ARAD: &[(&str, &str)] = &[("arad", "RO")];

impl Default for Wishes {
    fn default() -> Self {
        Self {
            http: HttpLimits::default(),
            mode: ModeWire {
                exercise: false,
                name: None,
                rate: 1.0,
            },
            behind_proxy: false,
            crossing_points: CrossingPoints::default(),
            profiles: SignedProfiles::default(),
            outbox: OutboxSettings::default(),
            least_free_mib: 0,
            rooms: BOTH,
            link: LinkSettings::default(),
            data: None,
        }
    }
}

fn settings(data: &std::path::Path, wishes: Wishes) -> Settings {
    Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.to_path_buf(),
        atlas: borderdata::atlas(None).unwrap(),
        crossing_points: Arc::new(wishes.crossing_points),
        rulebook: ruledata::rulebook(None).unwrap(),
        profiles: wishes.profiles,
        clock: Clock::real(),
        mode: wishes.mode,
        gate: GateLimits::default(),
        keep_every: KeepEvery::default(),
        least_free_mib: wishes.least_free_mib,
        ingest: IngestLimits::default(),
        http: wishes.http,
        sessions: SessionLimits::default(),
        behind_proxy: wishes.behind_proxy,
        tls: None,
        outbox: wishes.outbox,
        link: wishes.link,
    }
}

pub(crate) fn made() -> Made {
    Made {
        by: Author::Service,
        at: Clock::real().now(),
    }
}

impl House {
    /// A house with rooms `budapest` and `arad`.
    pub(crate) async fn new() -> Self {
        Self::with(Wishes::default()).await
    }

    pub(crate) async fn with(wishes: Wishes) -> Self {
        let rooms = wishes.rooms;
        let mut house = Self::empty(wishes).await;
        house.furnish(rooms);
        house.settled(rooms).await;
        house
    }

    /// A house with other limits for those who watch.
    pub(crate) async fn watched(viewers: ViewerLimits) -> Self {
        Self::with(Wishes {
            http: HttpLimits {
                viewers,
                ..HttpLimits::default()
            },
            ..Wishes::default()
        })
        .await
    }

    /// A first installation: no rooms.
    pub(crate) async fn empty(wishes: Wishes) -> Self {
        let mut wishes = wishes;
        let data = wishes.data.take();
        let data = data.unwrap_or_else(|| tempfile::tempdir().unwrap());
        let (outbox, link) = (wishes.outbox.clone(), wishes.link.clone());
        let running = app::start(settings(data.path(), wishes)).await.unwrap();
        Self {
            running,
            tokens: BTreeMap::new(),
            data,
            outbox,
            link,
        }
    }

    /// Ends the service and starts it again over the same data.
    pub(crate) async fn again(self) -> Self {
        self.again_with(ruledata::rulebook(None).unwrap())
            .await
            .unwrap()
    }

    /// The same with other rules, which it may refuse.
    pub(crate) async fn again_with(self, rulebook: Arc<Rulebook>) -> anyhow::Result<Self> {
        self.again_as(rulebook, SignedProfiles::default()).await
    }

    /// The same with other rules and profiles.
    pub(crate) async fn again_as(
        self,
        rulebook: Arc<Rulebook>,
        profiles: SignedProfiles,
    ) -> anyhow::Result<Self> {
        self.again_after(rulebook, profiles, |_| {}).await
    }

    /// The same with links, which it may refuse.
    pub(crate) async fn again_linked(self, link: LinkSettings) -> anyhow::Result<Self> {
        let linked = Self { link, ..self };
        linked.again_with(ruledata::rulebook(None).unwrap()).await
    }

    /// The same, with something done to the data folder while the service stands still.
    pub(crate) async fn again_after(
        self,
        rulebook: Arc<Rulebook>,
        profiles: SignedProfiles,
        meanwhile: impl FnOnce(&std::path::Path),
    ) -> anyhow::Result<Self> {
        let Self {
            running,
            tokens,
            data,
            outbox,
            link,
        } = self;
        running.stop().await.unwrap();
        meanwhile(data.path());
        let settings = Settings {
            rulebook,
            profiles,
            outbox: outbox.clone(),
            link: link.clone(),
            ..settings(data.path(), Wishes::default())
        };
        Ok(Self {
            running: app::start(settings).await?,
            tokens,
            data,
            outbox,
            link,
        })
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// The journal's file, opened beside the service.
    pub(crate) fn journal(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.data.path().join("journal.sqlite")).unwrap()
    }

    /// As if retention had given up everything before this number of Budapest's ledger.
    pub(crate) fn give_up_before(&self, oldest: u64) {
        let sql = "UPDATE ledgers SET oldest = ?1 WHERE room = 'budapest'";
        let oldest = i64::try_from(oldest).unwrap();
        assert_eq!(self.journal().execute(sql, [oldest]).unwrap(), 1);
    }

    fn furnish(&mut self, rooms: &[(&str, &str)]) {
        let registry = &self.running.registry;
        for (room, state) in rooms {
            let id = RoomId::parse(room).unwrap();
            let card = RoomCard {
                room: id.clone(),
                state: State::parse(state).unwrap(),
            };
            registry
                .change(&made(), |writer| writer.add_room(card))
                .unwrap();
            for role in Role::ALL {
                let account = AccountCard {
                    account: AccountId::parse(&format!("{room}-{}", role.as_str())).unwrap(),
                    room: id.clone(),
                    role,
                };
                registry
                    .change(&made(), |writer| writer.add_account(account, password()))
                    .unwrap();
            }
        }
        for (unit, room, state) in [
            ("HU-1", "budapest", "HU"),
            ("HU-2", "budapest", "HU"),
            ("RO-1", "arad", "RO"),
        ] {
            if rooms.contains(&(room, state)) {
                self.enroll(unit, (room, state), UnitKind::Vehicle);
            }
        }
    }

    /// Registers a unit and gives it a token.
    pub(crate) fn enroll(&mut self, unit: &str, (room, state): (&str, &str), kind: UnitKind) {
        let forever = made().at.plus(Span::from_hours(24));
        let card = UnitCard {
            id: UnitId::parse(unit).unwrap(),
            room: RoomId::parse(room).unwrap(),
            state: State::parse(state).unwrap(),
            kind,
            callsign: unit.into(),
            marks: None,
        };
        let holder = Holder::Unit(card.id.clone());
        let issued = self.running.registry.change(&made(), |writer| {
            writer.add_unit(card)?;
            writer.create_token(&holder, forever)
        });
        let secret = issued.unwrap().secret.reveal().to_owned();
        self.tokens.insert(unit.to_owned(), secret);
    }

    /// Waits until the desk has taken the register.
    async fn settled(&self, rooms: &[(&str, &str)]) {
        if rooms.contains(&("arad", "RO")) {
            let desk = self.log_in("arad-operator").await;
            until(async || desk.get("/api/v1/units").await.body["units"][0]["id"] == "RO-1").await;
        }
        if rooms.contains(&("budapest", "HU")) {
            let desk = self.log_in("budapest-operator").await;
            until(async || desk.get("/api/v1/units").await.body["units"][1]["id"] == "HU-2").await;
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    pub(crate) async fn log_in(&self, account: &str) -> Desk {
        let body = json!({"account": account, "password": PASSWORD});
        let answer = self.nobody().post("/api/v1/sessions", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        Desk {
            base: self.url(""),
            token: answer.body["token"].as_str().map(str::to_owned),
            client: reqwest::Client::new(),
        }
    }

    /// Somebody who has not logged in.
    /// The same session over another connection.
    pub(crate) fn log_in_again(&self, desk: &Desk) -> Desk {
        Desk {
            token: desk.token.clone(),
            ..self.nobody()
        }
    }

    pub(crate) fn nobody(&self) -> Desk {
        Desk {
            base: self.url(""),
            token: None,
            client: reqwest::Client::new(),
        }
    }

    pub(crate) fn unit(&self, unit: &str) -> Desk {
        Desk {
            token: self.tokens.get(unit).cloned(),
            ..self.nobody()
        }
    }

    /// A unit posts fixes: `(longitude, seconds ago)` each, at 46.165 north.
    pub(crate) async fn post_fixes(&self, unit: &str, way: &[(f64, f64)]) {
        let now = Clock::real().now();
        let fixes: Vec<Value> = way
            .iter()
            .map(|(lon, ago)| {
                let at = now.plus(Span::from_millis((-ago * 1_000.0) as i64));
                json!({"unit": unit, "fixed_at": at.to_string(), "lat": 46.165, "lon": lon, "accuracy_m": 5.0,
                       "speed_mps": 25.0, "course_deg": 90.0})
            })
            .collect();
        let answer = self
            .unit(unit)
            .post("/api/v1/fixes", &Value::Array(fixes))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.body["quarantined"], json!([]), "{}", answer.body);
    }

    /// Drives a unit over the line from Hungary into Romania, ending some seconds ago.
    pub(crate) async fn drive_over(&self, unit: &str) {
        // About 31 metres a second along 46.165 north, over the frontier near 20.70 east.
        let way: Vec<(f64, f64)> = (0..140)
            .map(|second| {
                (
                    20.68 + 0.000_4 * f64::from(second),
                    150.0 - f64::from(second),
                )
            })
            .collect();
        self.post_fixes(unit, &way).await;
    }
}

/// What is no box of degrees, or too large a one.
pub(crate) const WRONG_BOXES: [&str; 7] = [
    "",
    "1,2,3",
    "a,b,c,d",
    "20,46,19,47",
    "0,0,60,60",
    "0,95,1,96",
    "NaN,1,2,3",
];

/// Asks again until it is so.
pub(crate) async fn until(mut so: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .expect("it never came true");
}

/// A client, perhaps logged in.
#[derive(Clone)]
pub(crate) struct Desk {
    base: String,
    pub(crate) token: Option<String>,
    client: reqwest::Client,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Desk {
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request = request.header(name, HeaderValue::from_str(value).unwrap());
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::PATCH, path, Some(body), headers).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Every event of the room's ledger that is of this kind.
    pub(crate) async fn events(&self, kind: &str) -> Vec<Value> {
        let answer = self
            .get(&format!("/api/v1/events?limit=10000&kind={kind}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["events"].as_array().unwrap().clone()
    }

    /// Opens the live feed.
    pub(crate) async fn watch(&self, query: &str) -> Watch {
        self.try_watch(query, &[]).await.expect("the feed opens")
    }

    pub(crate) async fn try_watch(
        &self,
        query: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Watch, tungstenite::Error> {
        let address = format!("{}/api/v1/live{query}", self.base).replace("http://", "ws://");
        let mut request = address.into_client_request().unwrap();
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert("authorization", value);
        }
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Watch { socket })
    }
}

/// A live feed.
pub(crate) struct Watch {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// How a feed ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) reason: String,
    pub(crate) code: u16,
}

impl Watch {
    /// The next message of the feed; `None` when it was closed.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("the feed says something");
            match next?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next message of this kind; others are passed over. The heartbeat alone keeps no test waiting.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        let wanted = async {
            loop {
                let message = self.next().await.expect("the feed goes on");
                if message["kind"] == kind {
                    return message;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wanted)
            .await
            .unwrap_or_else(|_| panic!("the feed says {kind}"))
    }

    /// Reads on until the service says goodbye and closes.
    pub(crate) async fn ended(&mut self) -> Ended {
        let mut reason = String::new();
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("the feed ends")
                .expect("the feed is closed with a close frame")
                .expect("the feed ends in order");
            match next {
                Message::Text(text) => {
                    let said: Value = serde_json::from_str(&text).unwrap();
                    if said["kind"] == "goodbye" {
                        said["reason"].as_str().unwrap().clone_into(&mut reason);
                    }
                }
                Message::Close(Some(frame)) => {
                    let code = frame.code.into();
                    return Ended { reason, code };
                }
                _ => {}
            }
        }
    }
}

/// What opens an operation of Budapest under Art. 40(1).
pub(crate) fn opening(name: &str) -> Value {
    let now = Clock::real().now();
    let at = |hours| now.plus(Span::from_hours(hours)).to_string();
    json!({
        "name": name,
        "basis": "40(1)",
        "host_states": ["RO"],
        "offence": "drugs",
        "person_category": "suspect",
        "target": {"id": "TGT-1", "description": "silver estate car"},
        "units": ["HU-1"],
        "authorisation": {"number": "RO-27-0312", "from": at(-1), "to": at(8), "conditions": "two cars"},
    })
}

/// A moment as the wire has it.
pub(crate) fn moment(text: &Value) -> Timestamp {
    Timestamp::parse(text.as_str().unwrap()).unwrap()
}
