//! Two services, one room each: what one says reaches the other over TLS, whatever happens to the line between.

mod papers;
mod stranger;
mod wire;

use crate::house::{ARAD, BUDAPEST, Desk, House, Wishes, opening, until};
use crate::profiles::signed;
use limes::domain::ids::{RoomId, State};
use limes::service::datadir::DataDir;
use limes::service::link::LinkSettings;
use limes::service::profiles::SignedProfiles;
use limes::service::ruledata;
use limes::service::signing::Signing;
use limes::wire::config::{LinkWire, PartnerWire};
use papers::{Authority, Made, Paper};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use wire::{Way, Wire};

const OPERATION: &str = "/api/v1/operations/NAGYLAK-27";
const MESSAGES: &str = "/api/v1/operations/NAGYLAK-27/messages";

/// One service before it runs.
struct Side {
    rooms: &'static [(&'static str, &'static str)],
    data: tempfile::TempDir,
    key: String,
    authority: Authority,
    root: String,
    paper: Paper,
    wire: Wire,
}

impl Side {
    async fn new(rooms: &'static [(&'static str, &'static str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (room, state) = rooms[0];
        let signing = Signing::new(&DataDir::create(data.path()).unwrap());
        let state = State::parse(state).unwrap();
        let key = signing
            .public(&RoomId::parse(room).unwrap(), state)
            .unwrap();
        let authority = Authority::new(room);
        let root = authority.root(data.path(), "authority.pem");
        let names = ["localhost", &format!("limes.{room}.example")];
        Self {
            rooms,
            key: key.to_string(),
            paper: authority.paper(data.path(), &names, Made::Well),
            authority,
            root,
            wire: Wire::new().await,
            data,
        }
    }

    /// How this one is written down in the configuration of the other one.
    fn as_partner(&self) -> PartnerWire {
        let (room, state) = self.rooms[0];
        PartnerWire {
            room: room.to_owned(),
            state: state.to_owned(),
            url: self.wire.url(),
            authority_file: self.root.clone(),
            revoked_file: String::new(),
            certificate_name: format!("limes.{room}.example"),
            keys: vec![self.key.clone()],
        }
    }

    fn link(&self, partner: PartnerWire) -> LinkSettings {
        LinkSettings::read(&LinkWire {
            listen: "127.0.0.1:0".to_owned(),
            certificate_file: self.paper.chain.display().to_string(),
            key_file: self.paper.key.display().to_string(),
            partners: vec![partner],
        })
        .unwrap()
    }

    /// Begins to run, with this partner; the other side keeps its line.
    async fn run(self, partner: PartnerWire, profiles: SignedProfiles) -> (House, Wire) {
        let link = self.link(partner);
        let house = House::with(Wishes {
            rooms: self.rooms,
            link,
            profiles,
            data: Some(self.data),
            ..Wishes::default()
        })
        .await;
        self.wire.leads_to(house.running.link_address());
        (house, self.wire)
    }
}

/// Two services that know each other.
struct Two {
    budapest: House,
    arad: House,
    /// The lines to each.
    to_budapest: Wire,
    to_arad: Wire,
    profiles: SignedProfiles,
}

impl Two {
    async fn new() -> Self {
        Self::with(|_, _| {}, |_, _| {}).await
    }

    /// Each side, and how it is written down at the other one, may be changed first.
    async fn with(
        of_budapest: impl FnOnce(&mut Side, &mut PartnerWire) + Send,
        of_arad: impl FnOnce(&mut Side, &mut PartnerWire) + Send,
    ) -> Self {
        let (mut budapest, mut arad) = (Side::new(BUDAPEST).await, Side::new(ARAD).await);
        let (mut as_budapest, mut as_arad) = (budapest.as_partner(), arad.as_partner());
        of_budapest(&mut budapest, &mut as_budapest);
        of_arad(&mut arad, &mut as_arad);
        // Both states signed the same one.
        let profiles = signed(3, 45);
        let (budapest, to_budapest) = budapest.run(as_arad, profiles.clone()).await;
        let (arad, to_arad) = arad.run(as_budapest, profiles.clone()).await;
        Self {
            budapest,
            arad,
            to_budapest,
            to_arad,
            profiles,
        }
    }

    /// The service of Arad is started anew.
    async fn arad_again(mut self) -> Self {
        let rulebook = ruledata::rulebook(None).unwrap();
        self.arad = self
            .arad
            .again_as(rulebook, self.profiles.clone())
            .await
            .unwrap();
        self.to_arad.leads_to(self.arad.running.link_address());
        self
    }

    async fn desks(&self) -> (Desk, Desk) {
        (
            self.budapest.log_in("budapest-operator").await,
            self.arad.log_in("arad-operator").await,
        )
    }
}

async fn open(budapest: &Desk) {
    let opened = budapest
        .post("/api/v1/operations", &opening("NAGYLAK-27"))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
}

/// Said, once what was said before is confirmed.
async fn said(desk: &Desk, message: Value) {
    until(async || {
        let answer = desk.post(MESSAGES, &message).await;
        let waits = answer.body["guard"] == "awaits_receipt";
        assert!(waits || answer.status == StatusCode::OK, "{}", answer.body);
        !waits
    })
    .await;
}

fn proposal(point: &str) -> Value {
    json!({"code": "PRO", "terms": {
        "crossing_points": [{"name": point}], "units": ["HU-1"], "takes_eyes": "RO-1", "transfer_at_m": 0.0,
        "overlap_m": 10_000.0, "overlap_s": 900.0, "voice": "group 7"}})
}

async fn state(desk: &Desk) -> Value {
    let operation = desk.get(OPERATION).await.body;
    operation["dialogues"][0]["state"].clone()
}

async fn lead(desk: &Desk) -> (Value, Value) {
    let operation = desk.get(OPERATION).await.body;
    (operation["lead"].clone(), operation["epoch"].clone())
}

/// Every step of the passing of the lead, from the proposal to the assumption.
async fn pass_the_lead(budapest: &Desk, arad: &Desk) {
    said(budapest, proposal("COP-1")).await;
    until(async || state(arad).await["phase"] == "proposed").await;
    let digest = state(arad).await["proposed"]["digest"].clone();
    said(arad, json!({"code": "ACP", "accepts": digest})).await;
    until(async || state(budapest).await["phase"] == "agreed").await;
    said(arad, json!({"code": "ROF"})).await;
    until(async || state(budapest).await["requested"].is_string()).await;
    said(budapest, json!({"code": "HOP"})).await;
    until(async || state(arad).await["phase"] == "transferring").await;
    said(arad, json!({"code": "MAS"})).await;
    let moved = (json!("arad"), json!(2));
    until(async || lead(budapest).await == moved && lead(arad).await == moved).await;
}

/// Both records tell the same, each thing once.
async fn told_once(budapest: &Desk, arad: &Desk) {
    for kind in [
        "handover.pro",
        "handover.acp",
        "handover.rof",
        "handover.hop",
        "handover.mas",
        "lead.moved",
    ] {
        let (one, other) = (budapest.events(kind).await, arad.events(kind).await);
        assert_eq!(
            (one.len(), other.len()),
            (1, 1),
            "{kind}: {one:?} {other:?}"
        );
        assert_eq!(one[0]["envelope"], other[0]["envelope"], "{kind}");
    }
}

#[tokio::test]
async fn what_a_room_says_reaches_the_room_of_another_service() {
    let two = Two::new().await;
    let (budapest, arad) = two.desks().await;
    open(&budapest).await;
    pass_the_lead(&budapest, &arad).await;
    told_once(&budapest, &arad).await;
    for (house, room, partner) in [
        (&two.budapest, "budapest", "arad"),
        (&two.arad, "arad", "budapest"),
    ] {
        let whole = format!("limes_link_whole{{room=\"{room}\",partner=\"{partner}\"}} 1");
        until(async || house.nobody().get("/metrics").await.text.contains(&whole)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_cut_again_and_again_loses_and_repeats_nothing() {
    let two = Two::new().await;
    let (budapest, arad) = two.desks().await;
    open(&budapest).await;
    let seed = limes::service::clock::Clock::real().now().as_millis() as u64;
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let breaking = async {
        loop {
            tokio::time::sleep(Duration::from_millis(rng.random_range(50..700))).await;
            let wire = if rng.random_range(0..2) == 0 {
                &two.to_budapest
            } else {
                &two.to_arad
            };
            let pause = Duration::from_millis(rng.random_range(50..500));
            match rng.random_range(0..4) {
                0 => wire.stall(Way::Stalled, Way::Open),
                1 => wire.stall(Way::Open, Way::Stalled),
                2 => wire.refuse(true),
                _ => wire.cut(),
            }
            tokio::time::sleep(pause).await;
            // Some of what was held back still arrives, some is lost.
            if rng.random_range(0..2) == 0 {
                wire.cut();
            }
            wire.stall(Way::Open, Way::Open);
            wire.refuse(false);
        }
    };
    tokio::select! {
        () = breaking => {}
        () = pass_the_lead(&budapest, &arad) => {}
    }
    for wire in [&two.to_budapest, &two.to_arad] {
        wire.stall(Way::Open, Way::Open);
        wire.refuse(false);
    }
    let confirmed = async |house: &House, partner: &str| {
        let links = house.running.desk.links().borrow().clone();
        let numbers =
            links.values().next().unwrap().partners[&RoomId::parse(partner).unwrap()].clone();
        numbers.sent == numbers.confirmed
    };
    until(async || confirmed(&two.budapest, "arad").await).await;
    until(async || confirmed(&two.arad, "budapest").await).await;
    told_once(&budapest, &arad).await;
    for desk in [&budapest, &arad] {
        assert_eq!(desk.events("link.missing").await, Vec::<Value>::new());
        assert_eq!(desk.events("link.refused").await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn a_service_that_is_started_anew_goes_on_where_it_was() {
    let two = Two::new().await;
    let (budapest, arad) = two.desks().await;
    open(&budapest).await;
    said(&budapest, proposal("COP-1")).await;
    until(async || state(&arad).await["phase"] == "proposed").await;
    two.to_arad.refuse(true);
    // Said while nobody hears it: it waits.
    said(&budapest, json!({"code": "TXT", "words": "are you there?"})).await;
    let two = two.arad_again().await;
    two.to_arad.refuse(false);
    let (budapest, arad) = two.desks().await;
    until(async || arad.events("handover.txt").await.len() == 1).await;
    let digest = state(&arad).await["proposed"]["digest"].clone();
    said(&arad, json!({"code": "ACP", "accepts": digest})).await;
    until(async || state(&budapest).await["phase"] == "agreed").await;
    for desk in [&budapest, &arad] {
        assert_eq!(desk.events("link.missing").await, Vec::<Value>::new());
    }
}

/// The last cut that was told, as `[hears, is_heard]`; none while the link is whole.
async fn cut(desk: &Desk) -> Option<[bool; 2]> {
    let lost = desk.events("link.lost").await;
    let last = lost.last()?;
    let restored = desk.events("link.restored").await;
    let is_over = restored
        .last()
        .is_some_and(|it| it["seq"].as_u64() > last["seq"].as_u64());
    let way = |key: &str| last[key].as_bool().unwrap();
    (!is_over).then(|| [way("hears"), way("is_heard")])
}

#[tokio::test]
async fn a_line_that_is_dead_one_way_is_told_as_such_by_both() {
    let two = Two::new().await;
    let (budapest, arad) = two.desks().await;
    for desk in [&budapest, &arad] {
        until(async || desk.events("link.restored").await.len() == 1).await;
    }
    two.to_arad.stall(Way::Stalled, Way::Open);
    until(async || cut(&arad).await == Some([false, true])).await;
    until(async || cut(&budapest).await == Some([true, false])).await;
    two.to_arad.stall(Way::Open, Way::Open);
    for desk in [&budapest, &arad] {
        until(async || cut(desk).await.is_none()).await;
        assert_eq!(desk.events("link.lost").await.len(), 1);
    }
}

/// Waits until Arad has refused what came with this certificate, and both say that they do not hear each other.
async fn refused(two: Two, why: &str, of_arad: [bool; 2], of_budapest: [bool; 2]) {
    let (budapest, arad) = two.desks().await;
    until(async || {
        let refused = arad.events("link.refused").await;
        let mut refused = refused.iter().filter(|it| it["guard"] == "certificate");
        refused.any(|it| it["sentence"].as_str().unwrap().contains(why))
    })
    .await;
    let told = async |desk: &Desk, wanted: [bool; 2]| {
        let asking = until(async || cut(desk).await == Some(wanted));
        let in_time = tokio::time::timeout(Duration::from_secs(15), asking).await;
        assert!(in_time.is_ok(), "{why}: {:?}", cut(desk).await);
    };
    told(&arad, of_arad).await;
    told(&budapest, of_budapest).await;
    let metrics = two.arad.nobody().get("/metrics").await.text;
    assert!(
        metrics.contains("limes_link_refused_total{why=\"certificate\"}"),
        "{metrics}"
    );
    assert!(
        metrics.contains("limes_link_whole{room=\"arad\",partner=\"budapest\"} 0"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_certificate_that_is_not_the_partners_is_refused_and_the_link_stays_lost() {
    let names = ["localhost", "limes.budapest.example"];
    let strange = Two::with(
        |budapest, _| {
            budapest.paper =
                Authority::new("budapest").paper(budapest.data.path(), &names, Made::Well);
        },
        |_, _| {},
    );
    let expired = Two::with(
        |budapest, _| {
            budapest.paper = budapest
                .authority
                .paper(budapest.data.path(), &names, Made::Expired);
        },
        |_, _| {},
    );
    let revoked = Two::with(
        |budapest, written| {
            written.revoked_file = budapest.authority.revoked(budapest.data.path(), true);
        },
        |_, _| {},
    );
    let other = Two::with(
        |_, written| written.certificate_name = "limes.other.example".to_owned(),
        |_, _| {},
    );
    let (strange, expired, revoked, other) = tokio::join!(strange, expired, revoked, other);
    let neither = [false, false];
    tokio::join!(
        refused(strange, "is not by the authority", neither, neither),
        refused(expired, "has expired", neither, neither),
        refused(revoked, "is revoked", neither, neither),
        // Arad still dials Budapest, whose certificate bears the name of the host.
        refused(other, "bears another name", [false, true], [true, false]),
    );
}

#[tokio::test]
async fn a_list_that_revokes_others_lets_the_partner_in() {
    let two = Two::with(
        |budapest, written| {
            written.revoked_file = budapest.authority.revoked(budapest.data.path(), false);
        },
        |_, _| {},
    )
    .await;
    let (_, arad) = two.desks().await;
    until(async || arad.events("link.restored").await.len() == 1).await;
}

#[tokio::test]
async fn a_partner_that_is_a_room_of_this_service_refuses_the_start() {
    let side = Side::new(BUDAPEST).await;
    let link = side.link(side.as_partner());
    let house = House::with(Wishes {
        rooms: BUDAPEST,
        ..Wishes::default()
    })
    .await;
    let refused = house.again_linked(link).await.err().unwrap().to_string();
    assert!(
        refused.contains("budapest is a room of this service"),
        "{refused}"
    );
}
