//! One unit's track: what its fixes and acts bring about, and what was decided of it.

use super::apart::ToldApart;
use super::approach::Approaches;
use super::book::{Book, Recorded, Standing};
use super::clock::Clocks;
use super::device::Device;
use super::duty::DutyRoster;
use super::fix::{Fix, QuarantineReason, ReportedFix};
use super::fold::Fold;
use super::ledger::{Admitted, device_digest};
use super::motion::Recent;
use super::silence::LastHeard;
use super::window::{Sample, Window};
use crate::domain::borders::Certainty;
use crate::domain::event::{Approach, Event, Silence, StandOff, TrackEvent, TrackEventKind, What};
use crate::domain::ids::{StateSet, UnitId};
use crate::domain::measure::{Position, Span, Timestamp};
use crate::domain::registry::{UnitCard, UnitKind};

/// Fixes kept apart that are remembered per unit.
const HELD_MOST: usize = 64;

/// Everything known of one unit's way.
///
/// Two things are kept apart, so that they can be folded in any order: what the *fixes* say ([`What::Fix`] feeds window,
/// detector, motion and clock) and what was *decided* (events of the kind [`What::Track`] feed crossings, first place,
/// approach, silence, duty). A decision is the difference between the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    pub(super) unit: UnitId,
    pub(super) kind: UnitKind,
    // Told by fixes.
    pub(super) admitted: Admitted,
    pub(super) latest: Option<Fix>,
    pub(super) window: Window,
    pub(super) fold: Fold,
    pub(super) recent: Recent,
    pub(super) clocks: Clocks,
    // Told by decisions.
    pub(super) book: Book,
    pub(super) located: Option<FirstPlace>,
    pub(super) approaches: Approaches,
    pub(super) unheard: Option<Box<Unheard>>,
    /// Over which states its camera looks, as was told then.
    pub(super) camera: Option<Box<(StateSet, Timestamp)>>,
    /// What was told of its device.
    pub(super) device: Option<Box<Device>>,
    /// What was told of a stand-off that is not kept, and when.
    pub(super) stand_off: Option<Box<(StandOff, Timestamp)>>,
    /// Of a technical source: since when it is sealed, and for want of whose permission.
    pub(super) sealed: Option<Box<(Timestamp, StateSet)>>,
    pub(super) duty: DutyRoster,
    pub(super) held: Vec<Held>,
    /// Most units never need it.
    pub(super) told_apart: Option<Box<ToldApart>>,
    pub(super) quarantined: u64,
}

/// The first known place of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstPlace {
    /// When.
    pub at: Timestamp,
    /// The states it lies in.
    pub states: StateSet,
    /// How sure that is.
    pub certainty: Certainty,
}

/// A silence under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unheard {
    pub(super) silence: Silence,
    pub(super) may_have_crossed: bool,
}

/// A fix kept apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) fix: ReportedFix,
    pub(super) reason: QuarantineReason,
    pub(super) received_at: Timestamp,
}

/// A place whose time cannot be right: shown at the time it arrived, never used for law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockWrong {
    /// The place.
    pub position: Position,
    /// When it arrived.
    pub received_at: Timestamp,
    /// How far its device time lies ahead of that.
    pub ahead: Span,
}

impl Track {
    /// A unit that was never heard.
    #[must_use]
    pub fn new(card: &UnitCard) -> Self {
        Self::blank(card.id.clone(), card.kind)
    }

    fn blank(unit: UnitId, kind: UnitKind) -> Self {
        Self {
            unit,
            kind,
            admitted: Admitted::default(),
            latest: None,
            window: Window::default(),
            fold: Fold::new(),
            recent: Recent::default(),
            clocks: Clocks::default(),
            book: Book::default(),
            located: None,
            approaches: Approaches::default(),
            unheard: None,
            camera: None,
            device: None,
            stand_off: None,
            sealed: None,
            duty: DutyRoster::default(),
            held: Vec::new(),
            told_apart: None,
            quarantined: 0,
        }
    }

    /// An outline of it: its first place and its crossings, as decided, and nothing else. What more such decisions make of
    /// where it is can be tried out on this; the track itself may hold the fixes of a day.
    #[must_use]
    pub fn outline(&self) -> Self {
        Self {
            book: self.book.clone(),
            located: self.located,
            ..Self::blank(self.unit.clone(), self.kind)
        }
    }

    /// Takes over a changed card: the unit moves on something else now.
    pub fn card_changed(&mut self, card: &UnitCard) {
        self.kind = card.kind;
    }

    /// Folds an event of this unit. Events of other kinds change nothing.
    pub fn apply(&mut self, event: &Event) {
        match &event.what {
            What::Fix(fix) => self.apply_fix(fix),
            What::Track(TrackEvent { kind, .. }) => self.note(event.at, kind),
            What::Register(_)
            | What::Operation(_)
            | What::Alarm(_)
            | What::Link(_)
            | What::House(_) => {}
        }
    }

    /// Folds an admitted fix of this unit.
    pub fn apply_fix(&mut self, fix: &Fix) {
        self.admitted.note(fix);
        let sample = sample(fix);
        self.clocks
            .note(sample.source, fix.fixed_at, fix.received_at);
        let newer = self.latest.as_ref().is_none_or(|latest| {
            (latest.fixed_at, device_digest(&latest.source)) < (sample.fixed_at, sample.source)
        });
        if newer {
            self.latest = Some(fix.clone());
            self.recent.push(&sample);
        }
        let index = self.window.place(sample.moment());
        if self.window.has(index, &sample) || self.window.is_covered(index, &sample) {
            return;
        }
        let is_newest = index == self.window.len();
        if is_newest {
            let before = self.window.newest().copied();
            self.fold.push(before.as_ref(), &self.duty, &sample);
        }
        self.window.insert(index, sample);
        if !is_newest {
            self.fold.repair(&self.window, &self.duty, index);
        }
        let fold = &mut self.fold;
        self.window.thin(index, |left_out| fold.forget(left_out));
        while let Some(shed) = self.window.shed() {
            self.fold.shed(&self.duty, &shed);
        }
    }

    fn note(&mut self, at: Timestamp, kind: &TrackEventKind) {
        match kind {
            TrackEventKind::SignedOn => self.duty_changed(at, true),
            TrackEventKind::SignedOff => self.duty_changed(at, false),
            TrackEventKind::Located {
                states, certainty, ..
            } => {
                self.located = Some(FirstPlace {
                    at,
                    states: *states,
                    certainty: *certainty,
                });
            }
            TrackEventKind::Approaching(approach) => self.approaches.note(approach, at),
            TrackEventKind::Receding { .. } => self.approaches.end(at),
            TrackEventKind::CrossingSuspected(crossing) => {
                self.book.note(crossing, Standing::Suspected);
            }
            TrackEventKind::CrossingConfirmed(crossing) => {
                self.book.note(crossing, Standing::Confirmed);
                self.approaches.end(at);
                self.stand_off = None;
            }
            TrackEventKind::CrossingRevised(crossing) => {
                self.book.note(crossing, Standing::Confirmed);
            }
            TrackEventKind::CrossingRetracted { crossing, .. } => {
                self.book.note(crossing, Standing::Retracted);
            }
            TrackEventKind::Silent(silence) => self.silent(silence, false),
            TrackEventKind::MayHaveCrossed(silence) => self.silent(silence, true),
            TrackEventKind::Back => self.unheard = None,
            TrackEventKind::CameraOver { states, .. } => {
                self.camera = Some(Box::new((*states, at)));
            }
            TrackEventKind::Device(news) => self.device.get_or_insert_default().note(*news, at),
            TrackEventKind::StandOffBroken(it) | TrackEventKind::BreachPredicted(it) => {
                self.stand_off = Some(Box::new((StandOff::clone(it), at)));
            }
            TrackEventKind::StandOffKept => self.stand_off = None,
            TrackEventKind::Sealed { without } => {
                self.sealed = Some(Box::new((at, *without)));
                self.approaches.end(at);
                self.unheard = None;
            }
            TrackEventKind::Unsealed => self.sealed = None,
            TrackEventKind::LeftCoverage => {}
            TrackEventKind::FixQuarantined { reason, fix, .. } => {
                self.quarantined += 1;
                if let Some(fix) = fix.as_ref().filter(|_| !reason.is_foreign()) {
                    let told_apart = self.told_apart.get_or_insert_default();
                    told_apart.note(fix, *reason);
                    self.hold(fix, *reason, at);
                }
            }
            TrackEventKind::FixReleased {
                fixed_at,
                reason,
                source,
            } => self.held.retain(|held| {
                let of = source
                    .as_ref()
                    .is_none_or(|source| held.fix.source == *source);
                held.reason != *reason || held.fix.fixed_at != *fixed_at || !of
            }),
            TrackEventKind::Acted { act, key } => self.duty.remember(key, *act, at),
        }
    }

    fn duty_changed(&mut self, at: Timestamp, on: bool) {
        self.duty.change(at, on);
        self.approaches.end(at);
        self.unheard = None;
        self.device = None;
        self.camera = None;
        self.stand_off = None;
        self.fold.rerun(&self.window, &self.duty);
    }

    fn silent(&mut self, silence: &Silence, may_have_crossed: bool) {
        self.unheard = Some(Box::new(Unheard {
            silence: silence.clone(),
            may_have_crossed,
        }));
    }

    fn hold(&mut self, fix: &ReportedFix, reason: QuarantineReason, received_at: Timestamp) {
        if self.held.len() == HELD_MOST {
            self.held.remove(0);
        }
        self.held.push(Held {
            fix: fix.clone(),
            reason,
            received_at,
        });
    }

    /// The unit.
    #[must_use]
    pub const fn unit(&self) -> &UnitId {
        &self.unit
    }

    /// The newest admitted fix, by device time: a late one never takes its place.
    #[must_use]
    pub const fn latest(&self) -> Option<&Fix> {
        self.latest.as_ref()
    }

    /// The states it is in, as far as it is decided: by its confirmed crossings, and before the first by its first known
    /// place. `None` before any fix.
    #[must_use]
    pub fn settled(&self) -> Option<StateSet> {
        let crossed = self.book.last_confirmed();
        match (self.located, crossed) {
            (Some(first), Some(crossing)) if crossing.likely < first.at => Some(first.states),
            (_, Some(crossing)) => Some(crossing.to),
            (Some(first), None) => Some(first.states),
            (None, None) => None,
        }
    }

    /// Its first known place in this shift.
    #[must_use]
    pub const fn located(&self) -> Option<FirstPlace> {
        self.located
    }

    /// Its crossings as recorded, in the order in which they were first told.
    #[must_use]
    pub fn crossings(&self) -> &[Recorded] {
        self.book.crossings()
    }

    /// Whether it was on duty at that moment: at all times, except from a sign-off, inclusive, to its next sign-on,
    /// exclusive.
    #[must_use]
    pub fn on_duty(&self, at: Timestamp) -> bool {
        self.duty.on_duty(at)
    }

    /// The approach under way.
    #[must_use]
    pub fn approach(&self) -> Option<&Approach> {
        self.approaches
            .current
            .as_deref()
            .map(|(approach, _)| approach)
    }

    /// The approach under way, and when it was told.
    #[must_use]
    pub fn approach_told(&self) -> Option<(&Approach, Timestamp)> {
        let (approach, at) = self.approaches.current.as_deref()?;
        Some((approach, *at))
    }

    /// When it signed off, if it is off duty at that moment.
    #[must_use]
    pub fn signed_off(&self, at: Timestamp) -> Option<Timestamp> {
        self.duty.signed_off(at)
    }

    /// The silence under way, and whether the unit may have crossed in it.
    #[must_use]
    pub fn silence(&self) -> Option<(&Silence, bool)> {
        let unheard = self.unheard.as_ref()?;
        Some((&unheard.silence, unheard.may_have_crossed))
    }

    /// Its own reporting interval, as learnt.
    #[must_use]
    pub const fn interval(&self) -> Option<Span> {
        self.recent.interval()
    }

    /// The newest place whose device time lies too far ahead, unless a better fix has arrived since.
    #[must_use]
    pub fn clock_wrong(&self) -> Option<ClockWrong> {
        let held = self
            .held
            .iter()
            .rev()
            .find(|held| held.reason == QuarantineReason::FixedAtInFuture)?;
        let outdone = self.clocks.received_at() >= Some(held.received_at);
        let position = Position::new(held.fix.lat, held.fix.lon).ok()?;
        (!outdone).then(|| ClockWrong {
            position,
            received_at: held.received_at,
            ahead: held.fix.fixed_at.since(held.received_at),
        })
    }

    /// How many fixes were admitted.
    #[must_use]
    pub const fn admitted(&self) -> u64 {
        self.admitted.count()
    }

    /// How many fixes were kept apart.
    #[must_use]
    pub const fn quarantined(&self) -> u64 {
        self.quarantined
    }

    /// Whether it looks as if the unit went into a disputed, undelimited or overlapping area.
    #[must_use]
    pub fn is_suspected_disputed(&self) -> bool {
        let suspicion = self.fold.current().suspicion();
        suspicion.is_some_and(|(_, _, stay)| stay.disputed)
    }

    /// The last crossing that is confirmed.
    #[must_use]
    pub fn last_crossing(&self) -> Option<&crate::domain::event::Crossing> {
        self.book.last_confirmed()
    }

    /// Whether it keeps to roads, and so to crossing points.
    pub(super) const fn goes_by_road(&self) -> bool {
        matches!(self.kind, UnitKind::Vehicle | UnitKind::Tracker)
    }

    pub(super) fn last_heard(
        &self,
        listening_since: Timestamp,
        most_mps: f64,
    ) -> Option<LastHeard<'_>> {
        let posted_mps = self.latest.as_ref()?.measured.speed_mps;
        Some(LastHeard {
            sample: self.window.newest()?,
            received_at: self.clocks.received_at()?,
            shift_began: self.duty.shift_began(),
            listening_since,
            interval: self.recent.interval(),
            recent: &self.recent,
            posted_mps,
            most_mps,
        })
    }

    pub(super) fn event(&self, at: Timestamp, kind: TrackEventKind) -> Event {
        Event {
            at,
            what: What::Track(TrackEvent {
                unit: self.unit.clone(),
                kind,
            }),
        }
    }
}

/// What the window keeps of a fix.
pub(super) fn sample(fix: &Fix) -> Sample {
    Sample {
        fixed_at: fix.fixed_at,
        taken_by: fix.fixed_at.min(fix.received_at),
        position: fix.position,
        depth: fix.depth,
        accuracy: fix.accuracy,
        states: fix.location.states,
        source: device_digest(&fix.source),
        disputed: Sample::is_disputed(fix.location.certainty),
        joined: false,
    }
}
