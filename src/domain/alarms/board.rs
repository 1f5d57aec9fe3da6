//! The alarms of one room: what stands, who has taken it, and what is written when that changes.

use super::causes::Cause;
use super::kind::{AlarmKind, Priority};
use crate::domain::event::{AlarmChange, AlarmEvent, Refusal};
use crate::domain::ids::{NoticeId, OperationId, RoomId, State, UnitId};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::Person;
use crate::domain::rights::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The longest an operator may put an alarm of the third priority aside.
const SHELVED_BY_OPERATOR: Span = Span::from_minutes(30);
/// The longest a supervisor may put one of the second aside.
const SHELVED_BY_SUPERVISOR: Span = Span::from_minutes(15);

/// A fact that holds again so soon is the alarm that it was, unless it is of the first priority: that one asks anew.
const SAME_WITHIN: Span = Span::from_secs(60);

/// What an alarm is about. One alarm stands for a kind and a subject at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subject {
    /// Which operation.
    pub operation: Option<OperationId>,
    /// Which unit.
    pub unit: Option<UnitId>,
    /// Which notice.
    pub notice: Option<NoticeId>,
    /// Which host state.
    pub host: Option<State>,
    /// Which room in another service.
    pub room: Option<RoomId>,
}

impl Subject {
    /// What its cause is read from.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match (&self.operation, &self.unit) {
            (Some(operation), _) => Owner::Operation(operation.clone()),
            (None, Some(unit)) => Owner::Unit(unit.clone()),
            (None, None) => Owner::House,
        }
    }
}

/// What causes are read from: an operation, a unit by itself, or the service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The service itself.
    House,
    /// An operation.
    Operation(OperationId),
    /// A unit, whatever it takes part in.
    Unit(UnitId),
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its id: the code and a number that counts the alarms of the room.
    pub id: Arc<str>,
    /// What it is.
    pub kind: AlarmKind,
    /// What it is about.
    pub subject: Subject,
    /// Since when the fact holds.
    pub since: Timestamp,
    /// What, who and where, in one sentence.
    pub sentence: Arc<str>,
    /// What to do.
    pub action: Arc<str>,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Before whose eyes a screen showed it first, and when.
    pub annunciated: Option<(Person, Timestamp)>,
    /// Who has taken it, and when.
    pub acknowledged: Option<(Person, Timestamp)>,
    /// Put aside until then.
    pub shelved: Option<Shelf>,
}

impl Alarm {
    fn changed(&self, change: AlarmChange) -> AlarmEvent {
        AlarmEvent {
            id: Arc::clone(&self.id),
            kind: self.kind,
            subject: self.subject.clone(),
            change,
        }
    }
}

/// An alarm put aside for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// Who.
    pub by: Person,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: Arc<str>,
}

/// The alarms of one room.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    standing: BTreeMap<Owner, BTreeMap<(AlarmKind, Subject), Alarm>>,
    /// Those that ended less than [`SAME_WITHIN`] ago, and when.
    ended: BTreeMap<(AlarmKind, Subject), (Alarm, Timestamp)>,
    /// How many were raised so far.
    raised: u64,
    /// What is remembered of single units, as long as it matters.
    noted: BTreeMap<UnitId, Remembered>,
}

/// What the alarms of one unit remember of what it told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// Since when its officer calls for help and has not said that it is over.
    pub calls: Option<Timestamp>,
    /// When its officer said that the line is crossed, while the map has not seen it.
    pub crossed: Option<Timestamp>,
    /// When its last fix was rejected for a jump, and why.
    pub jumped: Option<(Timestamp, Arc<str>)>,
}

impl Board {
    /// What stands.
    pub fn standing(&self) -> impl Iterator<Item = &Alarm> {
        self.standing.values().flat_map(BTreeMap::values)
    }

    /// The alarm of this id, while it stands.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Alarm> {
        self.standing().find(|alarm| *alarm.id == *id)
    }

    /// What alarms stand of: these must be looked at when time passes.
    pub fn owners(&self) -> impl Iterator<Item = &Owner> {
        self.standing.keys()
    }

    /// What is remembered of a unit.
    #[must_use]
    pub fn noted(&self, unit: &UnitId) -> Option<&Remembered> {
        self.noted.get(unit)
    }

    /// The units of which something is remembered.
    pub fn units_noted(&self) -> impl Iterator<Item = &UnitId> {
        self.noted.keys()
    }

    /// Whether the time is over for which some alarm was put aside, after one moment and until another, inclusive.
    #[must_use]
    pub fn return_within(&self, (after, until): (Timestamp, Timestamp)) -> bool {
        let mut ends = self.standing().filter_map(|alarm| alarm.shelved.as_ref());
        ends.any(|aside| after < aside.until && aside.until <= until)
    }

    /// What is to be written of one owner, when these are its causes: what does not stand any more is cleared, what was
    /// put aside until now is back, what stands now and was not raised is raised.
    #[must_use]
    pub fn compare(&self, owner: &Owner, causes: &[Cause], now: Timestamp) -> Vec<AlarmEvent> {
        let due: BTreeSet<(AlarmKind, &Subject)> = causes
            .iter()
            .filter(|cause| cause.stands(now))
            .map(|cause| (cause.kind, &cause.subject))
            .collect();
        let standing = self.standing.get(owner);
        let is_over = |alarm: &&Alarm| !due.contains(&(alarm.kind, &alarm.subject));
        let over = standing
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter(is_over);
        let mut events: Vec<AlarmEvent> = over
            .map(|alarm| alarm.changed(AlarmChange::Cleared))
            .collect();
        let is_back = |alarm: &&Alarm| {
            let aside = alarm.shelved.as_ref();
            !is_over(alarm) && aside.is_some_and(|aside| aside.until <= now)
        };
        let back = standing
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter(is_back);
        events.extend(back.map(|alarm| alarm.changed(AlarmChange::Returned)));
        let mut number = self.raised;
        let mut new = BTreeSet::new();
        for cause in causes.iter().filter(|cause| cause.stands(now)) {
            let key = (cause.kind, cause.subject.clone());
            let known = standing.is_some_and(|standing| standing.contains_key(&key));
            if known || !new.insert(key.clone()) {
                continue;
            }
            if let Some(same) = self.just_ended(&key, now) {
                let again = Alarm {
                    since: cause.since,
                    sentence: Arc::clone(&cause.sentence),
                    ..same.clone()
                };
                events.push(same.changed(AlarmChange::Reopened(Box::new(again))));
                continue;
            }
            number += 1;
            let alarm = Alarm {
                id: format!("{}-{number}", cause.kind.code()).into(),
                kind: cause.kind,
                subject: cause.subject.clone(),
                since: cause.since,
                sentence: Arc::clone(&cause.sentence),
                action: cause.action.into(),
                raised_at: now,
                annunciated: None,
                acknowledged: None,
                shelved: None,
            };
            events.push(alarm.changed(AlarmChange::Raised(Box::new(alarm.clone()))));
        }
        events
    }

    fn just_ended(&self, key: &(AlarmKind, Subject), now: Timestamp) -> Option<&Alarm> {
        let (alarm, ended) = self.ended.get(key)?;
        (now.since(*ended) < SAME_WITHIN).then_some(alarm)
    }

    /// A screen showed an alarm to a person. The first one stands; of an alarm that is over there is nothing to tell.
    #[must_use]
    pub fn annunciate(&self, id: &str, to: &Person) -> Option<AlarmEvent> {
        let alarm = self.get(id)?;
        let is_news = alarm.annunciated.is_none();
        is_news.then(|| alarm.changed(AlarmChange::Annunciated(to.clone())))
    }

    /// A person takes an alarm on themselves. The first one stands; again by the same person changes nothing.
    ///
    /// # Errors
    /// A [`Refusal`] when the alarm does not stand any more, or somebody else has taken it.
    pub fn acknowledge(&self, id: &str, by: &Person) -> Result<Option<AlarmEvent>, Refusal> {
        let alarm = self.get(id).ok_or_else(|| no_alarm(id))?;
        match &alarm.acknowledged {
            Some((taken_by, _)) if taken_by == by => Ok(None),
            Some((taken_by, at)) => Err(refuse(
                "acknowledged_already",
                format!("{} took alarm {id} at {at}.", taken_by.account),
            )),
            None => Ok(Some(alarm.changed(AlarmChange::Acknowledged(by.clone())))),
        }
    }

    /// A person puts an alarm aside for a while: an operator one of the third priority, a supervisor one of the second too.
    /// The first is never put aside.
    ///
    /// # Errors
    /// A [`Refusal`] when the alarm does not stand, or the role may not put it aside, or not for so long.
    pub fn shelve(
        &self,
        id: &str,
        (by, role): (&Person, Role),
        now: Timestamp,
        until: Timestamp,
        reason: &Arc<str>,
    ) -> Result<AlarmEvent, Refusal> {
        let alarm = self.get(id).ok_or_else(|| no_alarm(id))?;
        let most = match (alarm.kind.priority(), role) {
            (Priority::P3, Role::Operator | Role::Supervisor) => SHELVED_BY_OPERATOR,
            (Priority::P2, Role::Supervisor) => SHELVED_BY_SUPERVISOR,
            (priority, _) => {
                return Err(refuse(
                    "may_not_shelve",
                    format!(
                        "A {} may not put aside an alarm of priority {}.",
                        role.as_str(),
                        priority.number()
                    ),
                ));
            }
        };
        if until <= now || until > now.plus(most) {
            let minutes = most.as_millis() / 60_000;
            return Err(refuse(
                "shelved_too_long",
                format!("Put it aside for 1 to {minutes} minutes."),
            ));
        }
        Ok(alarm.changed(AlarmChange::Shelved(Shelf {
            by: by.clone(),
            until,
            reason: Arc::clone(reason),
        })))
    }

    /// Folds one event in. Total: of an alarm that does not stand, nothing changes.
    pub fn apply(&mut self, event: &AlarmEvent, at: Timestamp) {
        let owner = event.subject.owner();
        let key = (event.kind, event.subject.clone());
        match &event.change {
            AlarmChange::Raised(alarm) => {
                self.raised += 1;
                let of_owner = self.standing.entry(owner).or_default();
                of_owner.insert(key, (**alarm).clone());
            }
            AlarmChange::Reopened(alarm) => {
                self.ended.remove(&key);
                let of_owner = self.standing.entry(owner).or_default();
                of_owner.insert(key, (**alarm).clone());
            }
            AlarmChange::Cleared => self.clear(&owner, key, at),
            AlarmChange::Annunciated(to) => self.with(&owner, &key, |alarm| {
                alarm.annunciated = Some((to.clone(), at));
            }),
            AlarmChange::Returned => self.with(&owner, &key, |alarm| {
                (alarm.shelved, alarm.annunciated) = (None, None);
            }),
            AlarmChange::Acknowledged(by) => self.with(&owner, &key, |alarm| {
                alarm.acknowledged = Some((by.clone(), at));
            }),
            AlarmChange::Shelved(aside) => self.with(&owner, &key, |alarm| {
                alarm.shelved = Some(aside.clone());
            }),
        }
    }

    fn clear(&mut self, owner: &Owner, key: (AlarmKind, Subject), at: Timestamp) {
        let Some(of_owner) = self.standing.get_mut(owner) else {
            return;
        };
        let ended = of_owner.remove(&key);
        if of_owner.is_empty() {
            self.standing.remove(owner);
        }
        self.ended
            .retain(|_, (_, ended)| at.since(*ended) < SAME_WITHIN);
        if let Some(alarm) = ended.filter(|alarm| alarm.kind.priority() != Priority::P1) {
            self.ended.insert(key, (alarm, at));
        }
    }

    /// Remembers something of a unit, or no longer.
    pub fn note(&mut self, unit: &UnitId, note: impl FnOnce(&mut Remembered)) {
        let mut noted = self.noted.remove(unit).unwrap_or_default();
        note(&mut noted);
        if noted != Remembered::default() {
            self.noted.insert(unit.clone(), noted);
        }
    }

    fn with(&mut self, owner: &Owner, key: &(AlarmKind, Subject), change: impl FnOnce(&mut Alarm)) {
        let of_owner = self.standing.get_mut(owner);
        if let Some(alarm) = of_owner.and_then(|of_owner| of_owner.get_mut(key)) {
            change(alarm);
        }
    }
}

fn no_alarm(id: &str) -> Refusal {
    refuse(
        "no_such_alarm",
        format!("There is no alarm {id}, or it is over."),
    )
}

fn refuse(guard: &str, sentence: String) -> Refusal {
    Refusal {
        guard: guard.into(),
        sentence: sentence.into(),
        citation: None,
    }
}
