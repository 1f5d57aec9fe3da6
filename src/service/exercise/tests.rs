use super::*;
use crate::domain::borders::CrossingPoints;
use crate::domain::exercise::{Deed, Lap};
use crate::domain::ids::{AccountId, OperationId, RoomId};
use crate::domain::input::{Order, OrderKind};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::handover::Body;
use crate::domain::operations::handover::speak::Speech;
use crate::domain::registry::{Person, UnitKind};
use crate::domain::tracks::act::Act;
use crate::service::app::{self, Running, Settings};
use crate::service::clock::Clock;
use crate::service::config::Config;
use crate::service::datadir::DataDir;
use crate::service::desk::OrderAnswer;
use crate::service::http::HttpLimits;
use crate::service::link::LinkSettings;
use crate::service::outbox::OutboxSettings;
use crate::service::profiles::SignedProfiles;
use crate::service::registry::Registry;
use crate::service::{borderdata, ruledata};
use crate::wire::dialogue::DialoguePicture;
use crate::wire::live::ModeWire;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

fn lap(scenario: &Scenario, from: Span) -> Lap<'_> {
    Lap {
        scenario,
        number: 3,
        start: Timestamp::from_millis(1_800_000_000_000),
        from,
    }
}

#[test]
fn cars_and_drones_go_as_fast_as_cars_and_drones_do() {
    let scenario = nagylak_27().unwrap();
    for unit in &scenario.units {
        let most = match unit.card.kind {
            UnitKind::Drone => 18.0,
            // 110 km/h.
            _ => 30.6,
        };
        for second in 0..scenario.length.as_millis() / 1_000 {
            let place = unit.way.at(Span::from_secs(second), [0.0, 0.0]).unwrap();
            let speed = place.speed_mps;
            assert!(
                speed <= most,
                "{} goes {speed} m/s at {second} s",
                unit.card.id
            );
        }
    }
}

#[test]
fn what_cannot_be_sent_in_a_gap_is_sent_at_its_end_in_one_batch() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, Span::ZERO);
    let gap = scenario
        .units
        .iter()
        .find_map(|unit| unit.gaps.first())
        .unwrap();
    let batches: Vec<_> = lap
        .steps()
        .into_iter()
        .filter_map(|step| match step.deed {
            Deed::Fixes { fixes, .. } if fixes.len() > 1 => Some((step.at, fixes)),
            _ => None,
        })
        .collect();
    let [(at, fixes)] = &batches[..] else {
        panic!("{} batches", batches.len());
    };
    assert_eq!(fixes.len(), 70);
    assert!(*at >= lap.start.plus(gap.to));
    assert!(
        fixes
            .windows(2)
            .all(|two| two[0].fixed_at < two[1].fixed_at)
    );
}

#[test]
fn steps_come_in_the_order_of_time_and_nothing_is_posted_before_the_unit_signs_on() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, scenario.marks["line"]);
    let steps = lap.steps();
    assert!(steps.windows(2).all(|two| two[0].at <= two[1].at));
    let first = steps
        .iter()
        .position(|step| matches!(step.deed, Deed::Fixes { .. }));
    let signed_on = |step: &&crate::domain::exercise::Step| matches!(&step.deed, Deed::Act { act, .. } if act.act == Act::SignOn);
    let on = steps[..first.unwrap()].iter().filter(signed_on).count();
    assert_eq!(on, scenario.units.len());
    assert!(steps.iter().all(|step| step.at >= lap.start.plus(lap.from)));
}

#[test]
fn keys_of_acts_differ_within_a_lap_and_between_laps() {
    let scenario = nagylak_27().unwrap();
    let keys = |number| -> Vec<_> {
        let lap = Lap {
            number,
            ..lap(&scenario, Span::ZERO)
        };
        lap.steps()
            .into_iter()
            .filter_map(|step| match step.deed {
                Deed::Act { act, .. } => Some((act.unit, act.key)),
                _ => None,
            })
            .collect()
    };
    let mut all = keys(1);
    all.extend(keys(2));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn the_operation_of_a_lap_is_an_exercise_and_names_the_lap() {
    let scenario = nagylak_27().unwrap();
    let lap = lap(&scenario, Span::ZERO);
    assert_eq!(lap.operation().as_str(), "NAGYLAK-27.3");
    let opened = lap.steps().into_iter().find_map(|step| match step.deed {
        Deed::Order(order) => match order.kind {
            OrderKind::Open(card) => Some(card),
            _ => None,
        },
        _ => None,
    });
    let card = opened.unwrap();
    assert!(card.exercise);
    let document = card.declared.authorisations[0].clone();
    assert!(document.number.starts_with("EXERCISE"));
}

/// How fast the exercise runs here.
const RATE: f64 = 60.0;

/// A service for the exercise, as the demonstration starts it.
async fn service(folder: &Path, scenario: &Scenario) -> (Running, Tokens) {
    let now = app::real_now();
    let data = DataDir::create(folder).unwrap();
    data.keep_apart(Some(&scenario.name)).unwrap();
    let tokens = seed(&Registry::open(&data).unwrap(), scenario, now).unwrap();
    let atlas = borderdata::atlas(None).unwrap();
    let listed = scenario.crossing_points.iter().cloned();
    let crossing_points = CrossingPoints::laid(&atlas, listed).unwrap();
    let rulebook = ruledata::rulebook(None).unwrap();
    let config = Config::read(None, std::iter::empty(), toml::Table::new()).unwrap();
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: folder.to_owned(),
        atlas,
        crossing_points: Arc::new(crossing_points),
        profiles: SignedProfiles::of_exercise(&rulebook, now).unwrap(),
        rulebook,
        clock: Clock::exercise(RATE),
        mode: ModeWire {
            exercise: true,
            name: Some(scenario.name.to_string()),
            rate: RATE,
        },
        gate: config.gate,
        http: HttpLimits::default(),
        keep_every: config.keep_every,
        least_free_mib: 0,
        ingest: config.ingest,
        sessions: config.sessions,
        behind_proxy: false,
        tls: None,
        outbox: OutboxSettings::default(),
        link: LinkSettings::default(),
    };
    (app::start(settings).await.unwrap(), tokens)
}

/// What a room says with the other one, once it is so.
async fn once(
    running: &Running,
    room: &RoomId,
    is: impl Fn(&DialoguePicture) -> bool,
) -> DialoguePicture {
    let began = Instant::now();
    loop {
        let dialogue = running.hub.look(room, |picture| {
            let mut operations = picture.operations.values();
            operations.find_map(|of| of.dialogues.first().cloned())
        });
        if let Some(dialogue) = dialogue.flatten().filter(&is) {
            return dialogue;
        }
        assert!(
            began.elapsed() < Duration::from_secs(90),
            "it does not come"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What persons of the room said, oldest first.
fn said(dialogue: &DialoguePicture) -> Vec<&str> {
    let messages = dialogue.messages.iter();
    let own = messages.filter(|of| of.direction == "sent" && of.message.by.is_some());
    own.map(|of| &*of.message.code).collect()
}

/// Plays laps from a mark; sending `true` ends it.
fn playing(
    running: &Running,
    (scenario, tokens): (Arc<Scenario>, Tokens),
    mark: &str,
) -> (watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    let stage = Stage::of(running, tokens);
    let player = Player::new(stage, scenario, stopped, Box::new(|_| {}));
    let mark = LapMark(mark.into());
    let playing = tokio::spawn(async move {
        player.play(&mark).await;
    });
    (stop, playing)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_hands_the_lead_over_after_the_notice_of_the_crossing_that_it_sent() {
    let temp = tempfile::tempdir().unwrap();
    let scenario = Arc::new(nagylak_27().unwrap());
    let (running, tokens) = service(&temp.path().join("exercise"), &scenario).await;
    let (stop, playing) = playing(&running, (scenario, tokens), "line");
    for room in ["budapest", "arad"] {
        let room = RoomId::parse(room).unwrap();
        let dialogue = once(&running, &room, |of| of.state.phase == "passed").await;
        let codes = dialogue.messages.iter().map(|of| &*of.message.code);
        let codes: Vec<&str> = codes
            .filter(|code| ["XNG", "HOP", "MAS"].contains(code))
            .collect();
        assert_eq!(codes, ["XNG", "HOP", "MAS"]);
    }
    stop.send_replace(true);
    playing.await.unwrap();
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_takes_a_room_over_and_the_script_goes_on_for_the_other_one_alone() {
    let temp = tempfile::tempdir().unwrap();
    let scenario = Arc::new(nagylak_27().unwrap());
    let (running, tokens) = service(&temp.path().join("exercise"), &scenario).await;
    let (stop, playing) = playing(&running, (scenario, tokens), "proposal");

    let arad = RoomId::parse("arad").unwrap();
    let proposed = once(&running, &arad, |of| of.state.proposed.is_some()).await;
    // A person of Arad accepts at once what the script would counter.
    let digest = proposed.state.proposed.unwrap().digest.as_str().into();
    let order = Order {
        by: Person {
            account: AccountId::parse("arad-supervisor").unwrap(),
            room: arad.clone(),
        },
        key: None,
        kind: OrderKind::Speak {
            operation: OperationId::parse("NAGYLAK-27.1").unwrap(),
            speech: Box::new(Speech {
                to: RoomId::parse("budapest").unwrap(),
                body: Body::Accepts { digest },
                reply_to: None,
                call: None,
            }),
        },
    };
    let answer = running.desk.order(order).await.unwrap();
    assert!(matches!(answer, OrderAnswer::Done { .. }), "{answer:?}");

    // The script of Budapest goes on: it passes its own acceptance over, and revises what was agreed. Nobody of Arad answers.
    let revised = |of: &DialoguePicture| of.messages.iter().any(|of| of.message.code == "RVR");
    once(&running, &arad, revised).await;
    let passed = Duration::from_secs_f64(60.0 / RATE);
    tokio::time::sleep(passed + Duration::from_millis(500)).await;
    let dialogue = once(&running, &arad, |_| true).await;
    let of_persons = said(&dialogue);
    assert_eq!(of_persons.last(), Some(&"ACP"), "{of_persons:?}");
    assert!(!of_persons.contains(&"CDN"), "{of_persons:?}");
    assert!(dialogue.state.proposed.is_some() && dialogue.state.agreed.is_some());
    let budapest = RoomId::parse("budapest").unwrap();
    let dialogue = once(&running, &budapest, |_| true).await;
    assert_eq!(said(&dialogue), ["PRO", "RVR"]);

    stop.send_replace(true);
    playing.await.unwrap();
    running.stop().await.unwrap();
}
