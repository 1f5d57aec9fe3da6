//! Hours on the road: long stretches deep inside a state, and fixes that come late, again, or from nowhere.

use crate::checks::Broken;
use crate::house::{Committed, House};
use limes::domain::borders::Atlas;
use limes::domain::event::Crossing;
use limes::domain::exercise::noise::Random;
use limes::domain::ids::{RoomId, SourceId, State, StateSet, UnitId};
use limes::domain::input::{Cause, Register};
use limes::domain::measure::{Position, Span, Timestamp};
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::Standing;
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::service::borderdata;
use limes::service::journal::simulated::Fault;
use std::sync::{Arc, LazyLock};

static ATLAS: LazyLock<Arc<Atlas>> =
    LazyLock::new(|| borderdata::atlas(None).expect("the border data are built in"));

/// 25 km inside Hungary, and 30 km inside Romania; the straight way between them meets the frontier once.
const ENDS: [[f64; 2]; 2] = [[46.45, 20.45], [46.17, 21.1]];
/// The speed on the way, metres a second, and how far it is, metres.
const SPEED_MPS: f64 = 30.0;
const WAY_M: f64 = 58_800.0;
/// The car reports this often.
const INTERVAL: Span = Span::from_secs(20);
/// How many times it drives over, and how long it stands at each end.
const LEGS: usize = 4;
const STANDS: Span = Span::from_minutes(40);

struct Trip {
    random: Random,
    house: House,
    room: RoomId,
    unit: UnitId,
    posted: Vec<ReportedFix>,
    /// Not sent yet: there was no network.
    kept_back: Vec<ReportedFix>,
    /// How far the car's clock is ahead of ours.
    ahead: Span,
    /// Where it was last, and when.
    before: Option<(StateSet, Timestamp)>,
    /// From when to when it truly went over the frontier.
    went_over: Vec<(Timestamp, Timestamp)>,
}

impl Trip {
    fn new(seed: u64) -> Self {
        let now = Timestamp::parse("2027-03-16T05:00:00Z").unwrap();
        let room = RoomId::parse("budapest").unwrap();
        let state = State::parse("HU").unwrap();
        let unit = UnitId::parse("HU-1").unwrap();
        let mut house = House::new(std::slice::from_ref(&room), now);
        for change in [
            Register::RoomAdded(RoomCard {
                room: room.clone(),
                state,
            }),
            Register::UnitAdded(UnitCard {
                id: unit.clone(),
                room: room.clone(),
                state,
                kind: UnitKind::Vehicle,
                callsign: "Maros 1".into(),
                marks: None,
            }),
        ] {
            house.decide(&room, Cause::Register(change));
        }
        Self {
            random: Random::seeded(seed),
            house,
            room,
            unit,
            posted: Vec::new(),
            kept_back: Vec::new(),
            ahead: Span::ZERO,
            before: None,
            went_over: Vec::new(),
        }
    }

    /// The fix at a share of the way, as the receiver sees it.
    fn sees(&mut self, share: f64) -> ReportedFix {
        let at = |axis: usize| ENDS[0][axis] + (ENDS[1][axis] - ENDS[0][axis]) * share;
        let (lat, lon) = (at(0), at(1));
        ReportedFix {
            unit: self.unit.clone(),
            source: SourceId::parse("gps").unwrap(),
            fixed_at: self.house.now.plus(self.ahead),
            lat: lat + 0.000_03 * self.random.normal(),
            lon: lon + 0.000_04 * self.random.normal(),
            measured: Measured {
                accuracy_m: Some(8.0),
                ..Measured::default()
            },
        }
    }

    /// A place on the other side of the frontier at some moment of the last hours.
    fn wrong_place(&mut self) -> Option<ReportedFix> {
        let known = self.random.below(self.posted.len().max(1));
        let mut fix = self.posted.get(known)?.clone();
        let east = fix.lon > 20.75;
        (fix.lat, fix.lon) = if east { (47.0, 19.5) } else { (45.8, 22.5) };
        let after = 1 + self.random.below(9) as i64;
        fix.fixed_at = fix.fixed_at.plus(Span::from_secs(after));
        Some(fix)
    }

    fn post(&mut self, fix: ReportedFix) {
        self.house.decide(&self.room, Cause::Fix(fix));
    }

    /// Notes when it goes over the frontier.
    fn notes(&mut self, share: f64) {
        let at = |axis: usize| ENDS[0][axis] + (ENDS[1][axis] - ENDS[0][axis]) * share;
        let place = Position::new(at(0), at(1)).expect("a place in Hungary or Romania");
        let (states, now) = (ATLAS.locate(place), self.house.now);
        if let Some((_, last)) = self.before.filter(|(before, _)| *before != states) {
            self.went_over.push((last, now));
        }
        self.before = Some((states, now));
    }

    fn step(&mut self, share: f64) -> Result<(), Broken> {
        self.notes(share);
        let fix = self.sees(share);
        self.kept_back.push(fix);
        // Short gaps in the network: longer ones make inferred crossings, and these are counted elsewhere.
        if self.random.below(4) > 0 {
            for fix in std::mem::take(&mut self.kept_back) {
                self.posted.push(fix.clone());
                self.post(fix);
            }
        }
        if self.random.below(10) == 0 && !self.posted.is_empty() {
            let again = self.random.below(self.posted.len());
            self.post(self.posted[again].clone());
        }
        if self.random.below(20) == 0
            && let Some(fix) = self.wrong_place()
        {
            self.post(fix);
        }
        self.house.pass(INTERVAL);
        while self.house.commit()? == Committed::Waits {}
        if self.random.below(100) == 0 {
            self.house.begin_anew()?;
        }
        Ok(())
    }

    fn run(&mut self) -> Result<(), Broken> {
        for _ in 0..6 {
            let fault = [Fault::Full, Fault::Torn { kept: true }][self.random.below(2)];
            self.house.disk.plan(self.random.below(100), fault);
        }
        let share = SPEED_MPS * INTERVAL.as_secs_f64() / WAY_M;
        let drives = (1.0 / share).ceil() as i64;
        let stands = STANDS.as_millis() / INTERVAL.as_millis();
        let ahead = self.ahead;
        for leg in 0..LEGS {
            // Half way through its day the clock is set right.
            self.ahead = if leg < LEGS / 2 { ahead } else { Span::ZERO };
            for step in 0..drives + stands {
                let done = (step as f64 * share).min(1.0);
                self.step(if leg % 2 == 0 { done } else { 1.0 - done })?;
            }
        }
        self.house.begin_anew()
    }

    /// The crossings that stand, as ways.
    fn crossings(&self) -> Vec<String> {
        let way = |crossing: &&Crossing| format!("{}>{}", crossing.from, crossing.to);
        self.standing().iter().map(way).collect()
    }

    /// The crossings that stand.
    fn standing(&self) -> Vec<&Crossing> {
        let track = &self.house.worlds[&self.room].units()[&self.unit].track;
        let standing = track
            .crossings()
            .iter()
            .filter(|recorded| recorded.standing == Standing::Confirmed);
        let mut crossings: Vec<_> = standing.map(|recorded| &*recorded.crossing).collect();
        crossings.sort_by_key(|crossing| crossing.likely);
        crossings
    }
}

#[test]
fn hours_of_late_repeated_and_wrong_fixes_end_in_the_crossings_there_were() {
    for seed in 0..4 {
        let mut trip = Trip::new(seed);
        if let Err(broken) = trip.run() {
            panic!("seed {seed}: {}", broken.0);
        }
        let crossings = trip.crossings();
        assert_eq!(
            crossings,
            ["HU>RO", "RO>HU", "HU>RO", "RO>HU"],
            "seed {seed}"
        );
        let track = &trip.house.worlds[&trip.room].units()[&trip.unit].track;
        assert!(
            track.quarantined() > 10,
            "seed {seed}: nothing came from nowhere"
        );
    }
}

#[test]
fn a_clock_that_runs_ahead_widens_what_is_told_until_it_is_set_right() {
    for seed in 0..4 {
        let mut trip = Trip::new(seed);
        trip.ahead = Span::from_secs(45);
        if let Err(broken) = trip.run() {
            panic!("seed {seed}: {}", broken.0);
        }
        let (told, truth) = (trip.standing(), &trip.went_over);
        assert_eq!((told.len(), truth.len()), (4, 4), "seed {seed}");
        for (told, (after, before)) in told.iter().zip(truth) {
            let holds = told.earliest <= *before && told.latest >= *after;
            assert!(holds, "seed {seed}: {told:?} for {after} to {before}");
        }
        let says_so = |crossing: &&&Crossing| crossing.why.rule.contains("clock ahead by");
        let wide = told[..2].iter().filter(says_so).count();
        // The fourth is hours after the clock was set right.
        assert_eq!((wide, says_so(&&told[3])), (2, false), "seed {seed}");
    }
}
