//! A recording through the core, without a service: at recorded times, as fast as it goes.

use super::load::{Recorded, Recording};
use super::progress::Progress;
use crate::cli::WrongUsage;
use crate::domain::borders::{Atlas, CrossingPoints};
use crate::domain::event::{Crossing, Event, TrackEventKind, What};
use crate::domain::ids::{AccountId, CrossingId, RoomId, Seq, SourceId, State, UnitId};
use crate::domain::input::{Cause, Input, Order, OrderKind, Register};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::operations::OperationCard;
use crate::domain::operations::channels::Channels;
use crate::domain::registry::{Person, RoomCard, UnitCard, UnitKind};
use crate::domain::tracks::fix::ReportedFix;
use crate::domain::tracks::{GateLimits, Watch};
use crate::domain::world::{Answer, Grounds, World};
use crate::service::borderdata;
use crate::service::ruledata::rulebook;
use crate::wire::dialogue::letter::Unsigned;
use crate::wire::event::{EventBody, EventWire};
use crate::wire::letter;
use crate::wire::operation::OperationCardWire;
use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// The name of the room, the person and the source that a recording does not have.
const REPLAY: &str = "replay";

/// What the units of the recording are.
pub(super) struct Units<'a> {
    pub(super) state: Option<State>,
    pub(super) kind: UnitKind,
    pub(super) operation: Option<&'a Path>,
    /// The file of crossing points that their approaches may name.
    pub(super) crossing_points: Option<&'a Path>,
}

/// Replays a recording; writes one event a line.
pub(super) fn replay(
    border_data: Option<&Path>,
    recording: &Recording,
    units: &Units<'_>,
    out: impl Write,
) -> anyhow::Result<Summary> {
    let atlas = borderdata::atlas(border_data)?;
    let rulebook = rulebook(border_data)?;
    let cards = cards(recording, units, &atlas)?;
    let operation = units
        .operation
        .map(|path| operation(path, &cards))
        .transpose()?;
    let points = borderdata::crossing_points(units.crossing_points, &atlas)
        .map_err(|error| WrongUsage::of(&error))?;
    let mut run = Run::new(&atlas, &points, &rulebook, out)?;
    run.prepare(&cards, operation, recording.begins())?;
    let mut progress = Progress::new(!std::io::stdout().is_terminal());
    for (done, recorded) in recording.fixes.iter().enumerate() {
        run.pass_until(recorded.arrives)?;
        run.fix(recorded)?;
        progress.show(done, recording.fixes.len(), "replayed");
    }
    run.out.flush()?;
    Ok(run.summary)
}

fn room() -> anyhow::Result<RoomId> {
    Ok(RoomId::parse(REPLAY)?)
}

/// Each unit of the recording, in the state given or the one in which it starts.
fn cards(recording: &Recording, units: &Units<'_>, atlas: &Atlas) -> anyhow::Result<Vec<UnitCard>> {
    let mut cards: BTreeMap<&UnitId, UnitCard> = BTreeMap::new();
    for recorded in &recording.fixes {
        if cards.contains_key(&recorded.unit) {
            continue;
        }
        let state = match units.state {
            Some(state) => state,
            None => match first_state(recorded, atlas) {
                Some(state) => state,
                // A fix without a place tells nothing: a later one may.
                None if Position::new(recorded.fix.lat, recorded.fix.lon).is_err() => continue,
                None => bail!(
                    "{} does not start in exactly one state: name its own with --state",
                    recorded.unit
                ),
            },
        };
        let card = UnitCard {
            id: recorded.unit.clone(),
            room: room()?,
            state,
            kind: units.kind,
            callsign: recorded.unit.as_str().into(),
            marks: None,
        };
        cards.insert(&recorded.unit, card);
    }
    Ok(cards.into_values().collect())
}

fn first_state(recorded: &Recorded, atlas: &Atlas) -> Option<State> {
    let position = Position::new(recorded.fix.lat, recorded.fix.lon).ok()?;
    let states = atlas.locate_with_accuracy(position, Metres::ZERO).states;
    let mut states = states.iter();
    states.next().filter(|_| states.next().is_none())
}

/// An operation as a file tells it; what a recording implies may be left out.
fn operation(path: &Path, units: &[UnitCard]) -> anyhow::Result<OperationCard> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    let told: Map<String, Value> = serde_json::from_str(&text)
        .with_context(|| format!("{name} is not an operation as a JSON object"))?;
    let hosts: Vec<String> = told
        .get("host_states")
        .and_then(Value::as_array)
        .map(|states| {
            states
                .iter()
                .filter_map(Value::as_str)
                .map(host_room)
                .collect()
        })
        .unwrap_or_default();
    let unit_ids: Vec<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
    let implied = json!({
        "id": REPLAY, "name": REPLAY, "room": REPLAY, "host_rooms": hosts, "units": unit_ids, "exercise": false,
        "opened_by": { "account": REPLAY, "room": REPLAY },
    });
    let Value::Object(mut whole) = implied else {
        bail!("an operation is an object");
    };
    whole.extend(told);
    let wire: OperationCardWire = serde_json::from_value(Value::Object(whole))
        .with_context(|| format!("{name} is not an operation"))?;
    OperationCard::try_from(&wire).with_context(|| format!("{name} is not an operation"))
}

/// The room of a host state that a recording does not have.
fn host_room(state: &str) -> String {
    format!("{REPLAY}-{state}")
}

/// One room's world, and where its events go.
struct Run<'a, W: Write> {
    atlas: &'a Atlas,
    points: &'a CrossingPoints,
    rulebook: &'a Rulebook,
    gate: GateLimits,
    world: World,
    out: W,
    seq: Seq,
    source: SourceId,
    summary: Summary,
}

impl<'a, W: Write> Run<'a, W> {
    fn new(
        atlas: &'a Atlas,
        points: &'a CrossingPoints,
        rulebook: &'a Rulebook,
        out: W,
    ) -> anyhow::Result<Self> {
        let summary = Summary {
            crossing_points: points.all().count(),
            ..Summary::default()
        };
        Ok(Self {
            atlas,
            points,
            rulebook,
            gate: GateLimits::default(),
            world: World::new(room()?),
            out,
            seq: Seq::ZERO,
            source: SourceId::parse(REPLAY)?,
            summary,
        })
    }

    /// Registers rooms and units, and opens the operation.
    fn prepare(
        &mut self,
        units: &[UnitCard],
        operation: Option<OperationCard>,
        at: Timestamp,
    ) -> anyhow::Result<()> {
        let mut register = |change| {
            self.take(&Input {
                at,
                cause: Cause::Register(change),
            })
        };
        let own = operation
            .as_ref()
            .map(|card| card.declared.requesting_state)
            .or_else(|| units.first().map(|unit| unit.state));
        if let Some(state) = own {
            let room = room()?;
            register(Register::RoomAdded(RoomCard { room, state }))?;
        }
        for state in operation.iter().flat_map(|card| &card.declared.host_states) {
            let room = RoomId::parse(&host_room(state.as_str()))?;
            register(Register::RoomAdded(RoomCard {
                room,
                state: *state,
            }))?;
        }
        for unit in units {
            register(Register::UnitAdded(unit.clone()))?;
        }
        let Some(card) = operation else { return Ok(()) };
        let order = Order {
            by: Person {
                account: AccountId::parse(REPLAY)?,
                room: room()?,
            },
            key: None,
            kind: OrderKind::Open(Box::new(card)),
        };
        match self.take(&Input {
            at,
            cause: Cause::Order(order),
        })? {
            Answer::Refused(refusal) => bail!("the operation is refused: {}", refusal.sentence),
            Answer::Silence
            | Answer::Accepted
            | Answer::Duplicate
            | Answer::Quarantined { .. }
            | Answer::Done { .. } => Ok(()),
        }
    }

    /// Lets time pass: silences and clocks speak before the next fix does.
    fn pass_until(&mut self, moment: Timestamp) -> anyhow::Result<()> {
        let mut last = None;
        while let Some(deadline) =
            self.world
                .next_deadline(Watch::ALWAYS, &self.gate, Profiles::none())
        {
            // A deadline that stays has nothing more to say.
            if deadline >= moment || last.is_some_and(|last| deadline <= last) {
                break;
            }
            last = Some(deadline);
            let cause = Cause::Tick;
            self.take(&Input {
                at: deadline,
                cause,
            })?;
        }
        Ok(())
    }

    fn fix(&mut self, recorded: &Recorded) -> anyhow::Result<()> {
        let fix = &recorded.fix;
        let cause = Cause::Fix(ReportedFix {
            unit: recorded.unit.clone(),
            source: fix.source.clone().unwrap_or_else(|| self.source.clone()),
            fixed_at: fix.fixed_at,
            lat: fix.lat,
            lon: fix.lon,
            measured: fix.measured,
        });
        let answer = self.take(&Input {
            at: recorded.arrives,
            cause,
        })?;
        self.summary.fix(&answer);
        Ok(())
    }

    /// Decides, folds and writes.
    fn take(&mut self, input: &Input) -> anyhow::Result<Answer> {
        let grounds = Grounds {
            borders: self.atlas,
            crossing_points: self.points,
            rulebook: self.rulebook,
            profiles: Profiles::none(),
            scribe: letter::write,
            post: &Unsigned,
            channels: Channels::none(),
            gate: &self.gate,
            listening_since: Watch::ALWAYS,
        };
        let decision = self.world.decide(input, grounds);
        for event in &decision.events {
            self.world.apply(event);
            self.summary.event(event);
            self.write(event, input.at)?;
        }
        Ok(decision.answer)
    }

    fn write(&mut self, event: &Event, recorded_at: Timestamp) -> std::io::Result<()> {
        // Rooms and units are made up for the replay; a fix is no line of its own.
        if matches!(event.what, What::Register(_)) {
            return Ok(());
        }
        let Some(body) = EventBody::of(event) else {
            return Ok(());
        };
        self.seq = self.seq.next();
        let wire = EventWire {
            seq: self.seq.0,
            at: event.at.to_string(),
            recorded_at: recorded_at.to_string(),
            shared_by: None,
            body,
        };
        serde_json::to_writer(&mut self.out, &wire)?;
        self.out.write_all(b"\n")
    }
}

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Summary {
    /// The crossing points known by name.
    pub(super) crossing_points: usize,
    pub(super) accepted: u64,
    pub(super) duplicate: u64,
    pub(super) quarantined: BTreeMap<&'static str, u64>,
    pub(super) released: u64,
    pub(super) retracted: u64,
    /// The confirmed crossings that stand, as last told.
    pub(super) crossings: BTreeMap<CrossingId, (UnitId, Crossing)>,
}

impl Summary {
    fn fix(&mut self, answer: &Answer) {
        match answer {
            Answer::Accepted => self.accepted += 1,
            Answer::Duplicate => self.duplicate += 1,
            Answer::Quarantined { reason, .. } => {
                *self.quarantined.entry(reason.as_str()).or_default() += 1;
            }
            Answer::Silence | Answer::Done { .. } | Answer::Refused(_) => {}
        }
    }

    fn event(&mut self, event: &Event) {
        let What::Track(track) = &event.what else {
            return;
        };
        match &track.kind {
            TrackEventKind::CrossingConfirmed(crossing) => {
                let stands = (track.unit.clone(), (**crossing).clone());
                self.crossings.insert(crossing.id.clone(), stands);
            }
            TrackEventKind::CrossingRevised(crossing) => {
                if let Some(stands) = self.crossings.get_mut(&crossing.id) {
                    stands.1 = (**crossing).clone();
                }
            }
            TrackEventKind::CrossingRetracted { crossing, .. } => {
                self.retracted += 1;
                self.crossings.remove(&crossing.id);
            }
            TrackEventKind::FixReleased { .. } => self.released += 1,
            _ => {}
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apart: u64 = self.quarantined.values().sum();
        let all = self.accepted + self.duplicate + apart;
        let (accepted, duplicate) = (self.accepted, self.duplicate);
        writeln!(
            f,
            "{all} fixes: {accepted} admitted, {duplicate} duplicate, {apart} quarantined"
        )?;
        for (reason, count) in &self.quarantined {
            writeln!(f, "  {reason}: {count}")?;
        }
        if self.released > 0 {
            writeln!(f, "  released later: {}", self.released)?;
        }
        if self.crossing_points > 0 {
            writeln!(f, "{} crossing points by name", self.crossing_points)?;
        }
        let (confirmed, retracted) = (self.crossings.len(), self.retracted);
        writeln!(f, "{confirmed} confirmed crossings, {retracted} retracted")?;
        let mut crossings: Vec<_> = self.crossings.values().collect();
        crossings.sort_by_key(|(unit, crossing)| (crossing.likely, unit.clone()));
        for (unit, crossing) in crossings {
            let (likely, from, to) = (crossing.likely, crossing.from, crossing.to);
            let inferred = if crossing.inferred {
                ", inferred in a gap"
            } else {
                ""
            };
            writeln!(f, "  {likely} {unit} {from} to {to}{inferred}")?;
        }
        Ok(())
    }
}
