//! Kill, start again, look whether everything is there.

use crate::checks::{Expected, Fix, Shown, Trace, ledger_faults, order_faults, track_faults};
use crate::operator::Operator;
use crate::senders::{Sender, Times, fix, now_ms};
use crate::service::{House, OPERATOR, PARTNER, Service, log_in, units};
use crate::viewer::Viewer;
use limes::domain::measure::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often the whole journal is verified beside the checks of every round.
const VERIFY_EVERY: usize = 10;
/// How long before the first fix of a backlog lies.
const BACKLOG_MS: i64 = 20 * 3_600_000;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Everybody who uses the service, and what was found of what they were promised.
struct Evening {
    posting: Vec<Sender>,
    streaming: Sender,
    viewer: Viewer,
    operator: Operator,
    session: String,
    /// Every event read, and how far the ledger was read.
    events: Vec<Value>,
    read_to: u64,
    /// The same of the partner's ledger.
    partner: Partner,
    /// Of each unit the fixes found, through the last one that was acknowledged when it was looked at.
    tracks: BTreeMap<String, Vec<Fix>>,
}

/// The partner room: what it was shared.
struct Partner {
    session: String,
    events: Vec<Value>,
    read_to: u64,
}

impl Partner {
    /// Reads on, and says what is wrong: a notice that was acknowledged as sent is there once.
    async fn look(&mut self, address: &str, given: &[(Trace, bool)]) -> Vec<String> {
        let reader = Reader::new(address, &self.session);
        let (events, head) = reader.events(self.read_to).await;
        let mut faults = ledger_faults(&Shown::default(), &events, head);
        self.events.extend(events);
        self.read_to = head;
        let sent = given
            .iter()
            .filter(|(trace, _)| trace.kind == "notice.sent");
        let sent: Vec<(Trace, bool)> = sent.cloned().collect();
        faults.extend(order_faults(&sent, &self.events));
        let wrong = faults.into_iter();
        wrong
            .map(|fault| format!("at the partner: {fault}"))
            .collect()
    }
}

/// A reader of what is kept.
pub(crate) struct Reader {
    client: reqwest::Client,
    address: String,
    session: String,
}

impl Reader {
    pub(crate) fn new(address: &str, session: &str) -> Self {
        Self {
            client: reqwest::Client::new(),
            address: address.to_owned(),
            session: session.to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        let asked = self
            .client
            .get(format!("http://{}/api/v1/{path}", self.address))
            .bearer_auth(&self.session)
            .send()
            .await
            .expect("the service answers");
        let status = asked.status().as_u16();
        let answer: Value = asked.json().await.expect("answers are JSON");
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// The events after `since`, and where the ledger ends.
    async fn events(&self, mut since: u64) -> (Vec<Value>, u64) {
        let mut found = Vec::new();
        loop {
            let page = self.get(&format!("events?since={since}&limit=10000")).await;
            let next = page["next"].as_u64().expect("a number");
            found.extend(page["events"].as_array().expect("a list").iter().cloned());
            if next == since {
                return (found, since);
            }
            since = next;
        }
    }

    pub(crate) async fn track(&self, unit: &str, since: Option<i64>) -> Vec<Fix> {
        let mut found = Vec::new();
        let mut since = since.map(|at| Timestamp::from_millis(at).to_string());
        loop {
            let after = since.map_or_else(String::new, |since| format!("&since={since}"));
            let page = self
                .get(&format!("tracks/{unit}?limit=10000&reason=test{after}"))
                .await;
            found.extend(page["fixes"].as_array().expect("a list").iter().map(fix));
            match page["next"].as_str() {
                Some(next) => since = Some(next.to_owned()),
                None => return found,
            }
        }
    }
}

impl Evening {
    fn begin(house: &House, session: String, partner: String, seed: u64) -> Self {
        let backlog = || Times::Backlog {
            next: now_ms() - BACKLOG_MS,
        };
        let alone = |unit: &str, times| {
            let token = house.token(["--unit", unit]);
            Sender::new(&[unit], token, times, seed ^ token_salt(unit))
        };
        let gateway = house.token(["--gateway", "budapest"]);
        Self {
            posting: vec![
                alone("HU-1", backlog()),
                alone("HU-2", backlog()),
                alone("HU-6", Times::Live { last: 0 }),
                Sender::new(&["HU-4", "HU-5"], gateway, backlog(), seed ^ 45),
            ],
            streaming: alone("HU-3", backlog()),
            viewer: Viewer::default(),
            operator: Operator::default(),
            session,
            events: Vec::new(),
            read_to: 0,
            partner: Partner {
                session: partner,
                events: Vec::new(),
                read_to: 0,
            },
            tracks: BTreeMap::new(),
        }
    }

    /// Lets everybody work until the service is killed, at `after`.
    async fn under_load(self, service: Service, after: Duration) -> Self {
        let address = service.address.clone();
        let posting: Vec<_> = self
            .posting
            .into_iter()
            .map(|sender| tokio::spawn(sender.post(address.clone())))
            .collect();
        let streaming = tokio::spawn(self.streaming.stream(address.clone()));
        let viewer = tokio::spawn(self.viewer.look(address.clone(), self.session.clone()));
        let operator = tokio::spawn(self.operator.work(address, self.session.clone()));
        tokio::time::sleep(after).await;
        service.kill();
        let mut back = Vec::new();
        for sender in posting {
            back.push(sender.await.expect("a sender ends"));
        }
        Self {
            posting: back,
            streaming: streaming.await.expect("the socket ends"),
            viewer: viewer.await.expect("the viewer ends"),
            operator: operator.await.expect("the operator ends"),
            ..self
        }
    }

    fn senders(&self) -> impl Iterator<Item = &Sender> {
        self.posting.iter().chain([&self.streaming])
    }

    /// Reads what is kept since the last look, and says what is wrong.
    async fn look(&mut self, address: &str) -> Vec<String> {
        let reader = Reader::new(address, &self.session);
        let (events, head) = reader.events(self.read_to).await;
        let known = self.read_to;
        let mut shown = std::mem::take(&mut self.viewer.shown);
        shown.events.retain(|seq, _| *seq > known);
        let mut faults = ledger_faults(&shown, &events, head);
        self.viewer.shown = shown;
        self.events.extend(events);
        self.read_to = head;
        faults.extend(order_faults(&self.operator.given, &self.events));
        faults.extend(self.partner.look(address, &self.operator.given).await);
        for unit in units() {
            let of_unit = |fix: &&Fix| fix.unit == unit;
            let acknowledged: Vec<Fix> = self
                .senders()
                .flat_map(|sender| sender.acknowledged.iter().filter(of_unit).cloned())
                .collect();
            let unanswered: Vec<Vec<Fix>> = self
                .senders()
                .flat_map(|sender| &sender.unanswered)
                .map(|batch| batch.iter().filter(of_unit).cloned().collect())
                .collect();
            let shown: Vec<Fix> = self.viewer.fixes.iter().filter(of_unit).cloned().collect();
            let track = self.tracks.entry(unit.clone()).or_default();
            let since = track.last().map(|fix| fix.fixed_at);
            track.extend(reader.track(&unit, since).await);
            let expected = Expected {
                acknowledged: &acknowledged,
                unanswered: &unanswered,
                shown: &shown,
            };
            faults.extend(track_faults(&expected, track));
            // What is not yet promised is read again next time.
            let promised = acknowledged.last().map_or(i64::MIN, |fix| fix.fixed_at);
            track.retain(|fix| fix.fixed_at <= promised);
        }
        faults
    }

    fn complaints(&self) -> Vec<String> {
        let senders = self.senders().flat_map(|sender| &sender.faults);
        let others = self.viewer.faults.iter().chain(&self.operator.faults);
        senders.chain(others).cloned().collect()
    }
}

fn token_salt(unit: &str) -> u64 {
    unit.bytes().map(u64::from).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_or_shown_outlives_every_kill() {
    // Fewer of a build that is named by nobody: most likely it is not optimised.
    let named = std::env::var_os("LIMES_BIN").is_some();
    let kills = from_environment("LIMES_KILLS").unwrap_or(if named { 50 } else { 5 }) as usize;
    let seed = from_environment("LIMES_SEED").unwrap_or_else(|| now_ms() as u64);
    println!("LIMES_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let house = House::build();
    let service = house.start();
    let session = log_in(&service.address, OPERATOR).await;
    let partner = log_in(&service.address, PARTNER).await;
    service.kill();
    let mut evening = Evening::begin(&house, session, partner, seed);
    for round in 1..=kills {
        if random.random_range(0..5) == 0 {
            // Killed while it starts.
            let mut child = house.spawn();
            let after = Duration::from_millis(random.random_range(1..120));
            tokio::time::sleep(after).await;
            child.kill().expect("a child can be killed");
            child.wait().expect("a killed child ends");
        }
        let service = house.start();
        let faults = evening.look(&service.address).await;
        assert!(faults.is_empty(), "seed {seed}, round {round}: {faults:#?}");
        let after = Duration::from_millis(random.random_range(30..500));
        evening = evening.under_load(service, after).await;
        let faults = evening.complaints();
        assert!(faults.is_empty(), "seed {seed}, round {round}: {faults:#?}");
        if round % VERIFY_EVERY == 0 {
            house.verify();
        }
    }
    let service = house.start();
    evening.tracks.clear();
    (evening.read_to, evening.events) = (0, Vec::new());
    (evening.partner.read_to, evening.partner.events) = (0, Vec::new());
    let faults = evening.look(&service.address).await;
    assert!(faults.is_empty(), "seed {seed}, at the end: {faults:#?}");
    service.kill();
    house.verify();
    told(&house, &evening, kills);
}

/// Says how much was tried, and holds that it was something.
fn told(house: &House, evening: &Evening, kills: usize) {
    let fixes: usize = evening
        .senders()
        .map(|sender| sender.acknowledged.len())
        .sum();
    let orders = |kind: &str| {
        let given = evening.operator.given.iter();
        given
            .filter(|(trace, acknowledged)| *acknowledged && trace.kind == kind)
            .count()
    };
    let (events, shown) = (evening.events.len(), evening.viewer.fixes.len());
    let (opened, sent) = (orders("operation.opened"), orders("notice.sent"));
    let sighted = orders("target.sighted");
    println!(
        "{kills} kills: {fixes} fixes acknowledged, {shown} shown, {events} events; {opened} operations opened, {sent} \
         notices sent, {sighted} sightings acknowledged"
    );
    let snapshots = house.log().matches("snapshot kept").count();
    println!("{snapshots} snapshots");
    assert!(snapshots > 0 || kills < 20, "no snapshot was made");
    assert!(fixes > kills && shown > kills, "there was no load");
    assert!(opened > 0 || kills < 5, "no operation was opened");
    assert!(sighted > 0 || kills < 20, "no target was sighted");
    assert!(sent > 0 || kills < 20, "no notice was sent");
}
