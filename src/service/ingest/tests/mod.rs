//! The real router on a port of its own, a real client, and a small desk behind it.

mod acts;
mod bad_input;
mod http;
mod phones;
mod rates;
mod stream;

use super::{
    AuthRefusal, Authenticated, Gatekeeper, IngestLimits, IngestMetrics, IngestParts, IngestState,
    router,
};
use crate::domain::ids::{DeviceId, RoomId, SourceId, UnitId};
use crate::domain::tracks::fix::{QuarantineReason, ReportedFix};
use crate::service::desk::stand_in::{Came, StandIn, stand_in};
use crate::service::desk::{FixReceipt, FixSender, OrderAnswer, Quarantined};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub(crate) const CAR: &str = "token-of-the-car";
pub(crate) const GATEWAY: &str = "token-of-the-gateway";
/// The one device that the register knows: the car's.
pub(crate) const PHONE: &str = "kovacs/pixel";

/// A gate with one car and one gateway; both can be revoked.
pub(crate) struct TestGate {
    revoked: Mutex<BTreeSet<String>>,
    bell: watch::Sender<u64>,
}

impl TestGate {
    fn new() -> Self {
        Self {
            revoked: Mutex::default(),
            bell: watch::Sender::new(0),
        }
    }

    pub(crate) fn revoke(&self, token_id: &str) {
        self.revoked.lock().unwrap().insert(token_id.to_owned());
        self.bell.send_modify(|rings| *rings += 1);
    }
}

impl Gatekeeper for TestGate {
    fn authenticate(&self, token: &str) -> Result<Authenticated, AuthRefusal> {
        let room = RoomId::parse("budapest").unwrap();
        let (sender, id) = match token {
            CAR => {
                let unit = UnitId::parse("HU-1").unwrap();
                (FixSender::Unit { room, unit }, "t-car")
            }
            GATEWAY => (FixSender::Gateway { room }, "t-gateway"),
            _ => {
                return Err(AuthRefusal {
                    sentence: "this token is not known here: ask for one".to_owned(),
                });
            }
        };
        let who = Authenticated {
            sender,
            token: SourceId::parse(id).unwrap(),
        };
        self.stands(&who).map(|()| who)
    }

    fn stands(&self, who: &Authenticated) -> Result<(), AuthRefusal> {
        if self.revoked.lock().unwrap().contains(who.token.as_str()) {
            return Err(AuthRefusal {
                sentence: "this token was revoked: ask for a new one".to_owned(),
            });
        }
        Ok(())
    }

    fn unit_of(&self, room: &RoomId, device: &DeviceId) -> Option<UnitId> {
        let known = room.as_str() == "budapest" && device.as_str() == PHONE;
        known.then(|| UnitId::parse("HU-1").unwrap())
    }

    fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }
}

/// A served router; ends with the test's runtime.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) gate: Arc<TestGate>,
    pub(crate) ending: watch::Sender<bool>,
    pub(crate) registry: prometheus_client::registry::Registry,
}

impl House {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn stream_url(&self) -> String {
        format!("ws://{}/api/v1/fixes/stream", self.address)
    }

    pub(crate) fn metrics(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        text
    }
}

/// Serves the router over a queue of `capacity` requests, whose other end is handed out.
pub(crate) async fn open_house(limits: IngestLimits, capacity: usize) -> (House, StandIn) {
    let (desk, stand_in) = stand_in(capacity);
    let gate = Arc::new(TestGate::new());
    let (ending, end) = watch::channel(false);
    let mut registry = prometheus_client::registry::Registry::default();
    let state = IngestState::new(IngestParts {
        desk,
        gate: gate.clone(),
        limits,
        metrics: IngestMetrics::new(&mut registry),
        ending: end,
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router(state)).await });
    let house = House {
        address,
        gate,
        ending,
        registry,
    };
    (house, stand_in)
}

/// Serves the router over a desk that keeps what it is given.
pub(crate) async fn house(limits: IngestLimits) -> (House, Arc<Mutex<Kept>>) {
    let (house, stand_in) = open_house(limits, 64).await;
    let kept = Arc::new(Mutex::new(Kept::default()));
    tokio::spawn(keep(stand_in, kept.clone()));
    (house, kept)
}

/// What the small desk has taken.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) fixes: BTreeMap<(UnitId, SourceId, i64), ReportedFix>,
    pub(crate) quarantined: Vec<ReportedFix>,
    pub(crate) acts: Vec<String>,
}

async fn keep(mut desk: StandIn, kept: Arc<Mutex<Kept>>) {
    while let Some(came) = desk.next().await {
        match came {
            Came::Fixes(came) => {
                let receipt = kept.lock().unwrap().take(&came.sender, came.fixes);
                let _ = came.answer.send(Ok(receipt));
            }
            Came::Act(came) => {
                let key = came.act.key.to_string();
                let mut kept = kept.lock().unwrap();
                let repeated = kept.acts.contains(&key);
                kept.acts.push(key);
                let id = came.act.key.clone();
                let _ = came.answer.send(Ok(OrderAnswer::Done {
                    id,
                    version: 1,
                    repeated,
                }));
            }
            Came::Other => {}
        }
    }
}

impl Kept {
    fn take(&mut self, sender: &FixSender, fixes: Vec<ReportedFix>) -> FixReceipt {
        let mut receipt = FixReceipt::default();
        for (index, fix) in fixes.into_iter().enumerate() {
            let foreign = matches!(sender, FixSender::Unit { unit, .. } if *unit != fix.unit);
            let reason = if foreign {
                Some(QuarantineReason::NotYourUnit)
            } else if fix.unit.as_str() != "HU-1" {
                Some(QuarantineReason::UnknownUnit)
            } else if !(-90.0..=90.0).contains(&fix.lat) || !(-180.0..=180.0).contains(&fix.lon) {
                Some(QuarantineReason::OutOfRange)
            } else {
                None
            };
            if let Some(reason) = reason {
                self.quarantined.push(fix);
                let detail = reason.as_str().into();
                receipt.quarantined.push(Quarantined {
                    index,
                    reason,
                    detail,
                });
                continue;
            }
            let key = (
                fix.unit.clone(),
                fix.source.clone(),
                fix.fixed_at.as_millis(),
            );
            if self.fixes.insert(key, fix).is_some() {
                receipt.duplicate += 1;
            } else {
                receipt.accepted += 1;
            }
        }
        receipt
    }
}

/// One well-formed fix of the car, `second` seconds into the exercise.
pub(crate) fn fix(second: u64) -> String {
    let at = 1_805_196_797_000 + second * 1_000;
    format!(r#"{{"unit":"HU-1","fixed_at":{at},"lat":46.2,"lon":20.4}}"#)
}

/// An array of `count` fixes of the car.
pub(crate) fn batch(from: u64, count: u64) -> String {
    let fixes: Vec<String> = (from..from + count).map(fix).collect();
    format!("[{}]", fixes.join(","))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
