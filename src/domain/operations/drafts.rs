//! The notices of an operation: owed, drafted from coded facts, drafted anew when these change, corrected when they were
//! sent already. Nothing that was sent is ever changed.

use super::crossings::{Consequences, happened};
use super::notice::{Notice, NoticeCrossing, NoticeFields, NoticeStatus};
use super::operation::Operation;
use crate::domain::event::{Crossing, NoticeEvent, OperationEventKind};
use crate::domain::ids::{CrossingId, NoticeId, RoomId, State};
use crate::domain::law::basis::Basis;
use crate::domain::law::finding::{Citation, Duty, DutyOwed};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::registry::UnitCard;
use std::sync::Arc;

/// A notice tells times to the second: what moved by less is told already.
const TOLD_ALIKE: Span = Span::from_secs(1);
/// How far a place may move before it is told again, degrees: about a hundred metres.
const TOLD_ALIKE_DEG: f64 = 0.001;

impl Consequences<'_> {
    /// Owes a room what the law says, since then, and drafts it. A request that was sent is not owed twice: it asks for
    /// the operation, not for a crossing.
    pub(super) fn owe(
        &mut self,
        duties: &[DutyOwed],
        host: State,
        room: &RoomId,
        (since, entry): (Timestamp, Option<&NoticeCrossing>),
    ) {
        // Who is owed something sees the operation that owes it.
        self.share(room, entry.map(|entry| &entry.unit));
        for owed in duties.iter().filter(|owed| owed.duty != Duty::Report) {
            if owed.duty == Duty::Request && self.was_asked(room) {
                continue;
            }
            let notice = self.notice_for(owed.duty, room);
            self.push(OperationEventKind::Notice {
                notice,
                kind: NoticeEvent::Owed {
                    duty: owed.duty,
                    to: room.clone(),
                    since,
                    citation: owed.citation.clone(),
                },
            });
            self.draft(owed.duty, host, room, entry.cloned());
        }
    }

    /// Follows a crossing that may have been drafted or told already: an open draft names it as it is now, what was sent
    /// otherwise is corrected, and what was never told is owed.
    pub(super) fn follow_up(
        &mut self,
        host: State,
        room: &RoomId,
        duties: &[DutyOwed],
        unit: &UnitCard,
        crossing: &Crossing,
    ) {
        let entry = happened(unit, crossing);
        let open: Vec<(Duty, bool)> = self
            .to(room)
            .filter(|(_, notice)| notice.is_open())
            .filter_map(|(_, notice)| Some((notice.duty, notice.entry(&crossing.id)? != &entry)))
            .collect();
        for (duty, _) in open.iter().filter(|(_, differs)| *differs) {
            self.draft(*duty, host, room, Some(entry.clone()));
        }
        let is_notice = |(duty, _): &(Duty, bool)| *duty == Duty::NoticeOfCrossing;
        if open.iter().any(is_notice) {
            return;
        }
        match self.told(room, &crossing.id) {
            Some((_, told)) if is_alike(&told, &entry) => {}
            Some((notice, _)) => self.correct(notice, host, room, entry),
            None => {
                let since = crossing.earliest.min(crossing.likely);
                self.owe(duties, host, room, (since, Some(&entry)));
            }
        }
    }

    /// A notice was given by telephone as it stood when they spoke. What its draft says beyond that is owed by another
    /// notice; what it says no more, or otherwise, is corrected.
    pub(super) fn after_call(
        &mut self,
        (id, draft): (&NoticeId, &Notice),
        told: &NoticeFields,
        citation: Option<&Citation>,
    ) {
        let Some(now) = draft.fields.clone() else {
            return;
        };
        let (duty, room, host) = (draft.duty, &draft.to, now.host_state);
        let is_named = |entry: &NoticeCrossing| {
            let same = |other: &&NoticeCrossing| match &entry.crossing {
                Some(crossing) => other.crossing.as_ref() == Some(crossing),
                None => other.unit == entry.unit,
            };
            told.crossings.iter().any(|other| same(&other))
        };
        for entry in &now.crossings {
            let Some(crossing) = &entry.crossing else {
                if !is_named(entry) {
                    self.draft(duty, host, room, Some(entry.clone()));
                }
                continue;
            };
            match (self.told(room, crossing), citation) {
                (Some((_, before)), _) if is_alike(&before, entry) => {}
                (Some((notice, _)), _) => self.correct(notice, host, room, entry.clone()),
                (None, Some(citation)) if !entry.taken_back => {
                    let owed = DutyOwed {
                        duty,
                        when: "".into(),
                        citation: citation.clone(),
                    };
                    let since = entry.earliest.min(entry.likely);
                    self.owe(&[owed], host, room, (since, Some(entry)));
                }
                (None, _) => {}
            }
        }
        let stands = |entry: &&NoticeCrossing| {
            let same = |other: &NoticeCrossing| other.crossing == entry.crossing;
            entry.crossing.is_some() && !entry.taken_back && !now.crossings.iter().any(same)
        };
        for entry in told.crossings.iter().filter(stands) {
            let entry = NoticeCrossing {
                taken_back: true,
                ..entry.clone()
            };
            self.correct(id.clone(), host, room, entry);
        }
    }

    /// A crossing fell away: open drafts no longer name it and are withdrawn when nothing is left in them; what was sent
    /// is corrected.
    pub(super) fn take_back(&mut self, unit: &UnitCard, crossing: &Crossing) {
        let open: Vec<NoticeId> = self
            .operation
            .notices
            .iter()
            .filter(|(_, notice)| notice.is_open() && notice.entry(&crossing.id).is_some())
            .map(|(id, _)| id.clone())
            .collect();
        for id in open {
            self.leave_out(&id, &crossing.id);
        }
        let told: Vec<(RoomId, State)> = self
            .operation
            .notices
            .values()
            .filter(|notice| !notice.is_open() && notice.entry(&crossing.id).is_some())
            .filter_map(|notice| Some((notice.to.clone(), notice.fields.as_ref()?.host_state)))
            .collect();
        for (room, host) in told {
            if let Some((notice, last)) = self.told(&room, &crossing.id)
                && !last.taken_back
            {
                let entry = NoticeCrossing {
                    taken_back: true,
                    ..happened(unit, crossing)
                };
                self.correct(notice, host, &room, entry);
            }
        }
    }

    /// Drafts one open notice anew without a crossing.
    fn leave_out(&mut self, id: &NoticeId, crossing: &CrossingId) {
        let Some(notice) = self.operation.notices.get(id).cloned() else {
            return;
        };
        let Some(mut before) = notice.fields.clone() else {
            return;
        };
        before
            .crossings
            .retain(|entry| entry.crossing.as_ref() != Some(crossing));
        let nothing_left = before.crossings.is_empty();
        let nothing_owed = !before
            .crossings
            .iter()
            .any(|entry| entry.crossing.is_some());
        let fields = fields(
            &self.operation,
            notice.duty,
            before.host_state,
            Some(&before),
            None,
        );
        let because = "the crossing it was owed for did not happen";
        if nothing_owed && !nothing_left {
            self.withdraw(id, because);
        }
        self.write(id, notice.duty, &notice.to, fields);
        if nothing_left {
            self.withdraw(id, because);
        }
    }

    /// A unit is on its way to no frontier any more: no draft expects it there.
    pub(super) fn not_expected(&mut self, unit: &UnitCard) {
        let expects = |entry: &NoticeCrossing| entry.expected && entry.unit == unit.id;
        let open: Vec<(NoticeId, Notice)> = self
            .operation
            .notices
            .iter()
            .filter(|(_, notice)| notice.is_open())
            .map(|(id, notice)| (id.clone(), notice.clone()))
            .collect();
        for (id, notice) in open {
            let Some(mut before) = notice.fields else {
                continue;
            };
            if !before.crossings.iter().any(expects) {
                continue;
            }
            before.crossings.retain(|entry| !expects(entry));
            let (duty, host) = (notice.duty, before.host_state);
            let fields = fields(&self.operation, duty, host, Some(&before), None);
            self.write(&id, duty, &notice.to, fields);
            // One that is owed for a unit whose crossing is not known stays owed.
            if before.crossings.is_empty() && notice.owed_at.is_none() {
                self.withdraw(&id, "no unit is on its way any more");
            }
        }
    }

    fn withdraw(&mut self, id: &NoticeId, because: &str) {
        self.push(OperationEventKind::Notice {
            notice: id.clone(),
            kind: NoticeEvent::Withdrawn {
                because: because.into(),
            },
        });
    }

    /// Drafts a correction of what was sent.
    fn correct(&mut self, sent: NoticeId, host: State, room: &RoomId, entry: NoticeCrossing) {
        let duty = Duty::NoticeOfCrossing;
        let notice = self.notice_for(duty, room);
        let before = self.fields_of(&notice);
        let mut fields = fields(&self.operation, duty, host, before.as_ref(), Some(entry));
        fields.amends = Some(sent);
        self.write(&notice, duty, room, fields);
    }

    /// Drafts the open notice of this duty to this room anew, with one crossing added or replaced.
    pub(super) fn draft(
        &mut self,
        duty: Duty,
        host: State,
        room: &RoomId,
        entry: Option<NoticeCrossing>,
    ) {
        let notice = self.notice_for(duty, room);
        let before = self.fields_of(&notice);
        let fields = fields(&self.operation, duty, host, before.as_ref(), entry);
        self.write(&notice, duty, room, fields);
    }

    fn write(&mut self, notice: &NoticeId, duty: Duty, room: &RoomId, fields: NoticeFields) {
        let ready = fields.missing.is_empty();
        self.push(OperationEventKind::Notice {
            notice: notice.clone(),
            kind: NoticeEvent::Drafted {
                duty,
                to: room.clone(),
                fields: Box::new(fields),
            },
        });
        if ready {
            self.push(OperationEventKind::Notice {
                notice: notice.clone(),
                kind: NoticeEvent::Ready,
            });
        }
    }

    fn to(&self, room: &RoomId) -> impl Iterator<Item = (&NoticeId, &Notice)> {
        let notices = self.operation.notices.iter();
        notices.filter(move |(_, notice)| notice.to == *room)
    }

    fn fields_of(&self, notice: &NoticeId) -> Option<NoticeFields> {
        self.operation.notices.get(notice)?.fields.clone()
    }

    fn was_asked(&self, room: &RoomId) -> bool {
        self.to(room)
            .any(|(_, notice)| notice.duty == Duty::Request && notice.status >= NoticeStatus::Sent)
    }

    /// What a room was last told of a crossing, and by which notice.
    fn told(&self, room: &RoomId, crossing: &CrossingId) -> Option<(NoticeId, NoticeCrossing)> {
        self.to(room)
            .filter(|(_, notice)| notice.duty == Duty::NoticeOfCrossing && !notice.is_open())
            .filter_map(|(id, notice)| Some((id.clone(), notice.entry(crossing)?.clone())))
            .max_by_key(|(id, _)| number(id))
    }

    /// Whether a notice of this duty to this room is open.
    pub(super) fn has_open(&self, duty: Duty, room: &RoomId) -> bool {
        self.open_notice(duty, room).is_some()
    }

    fn open_notice(&self, duty: Duty, room: &RoomId) -> Option<&NoticeId> {
        self.to(room)
            .find(|(_, notice)| notice.is_open() && notice.duty == duty)
            .map(|(id, _)| id)
    }

    /// The open notice of this duty to this room, or the id of a new one.
    fn notice_for(&self, duty: Duty, room: &RoomId) -> NoticeId {
        let open = self.open_notice(duty, room);
        open.map_or_else(|| self.operation.next_notice(), NoticeId::clone)
    }
}

/// The number of a notice within its operation.
fn number(notice: &NoticeId) -> u64 {
    let number = notice.as_str().rsplit('.').next();
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Whether a notice would tell the same of both.
fn is_alike(told: &NoticeCrossing, now: &NoticeCrossing) -> bool {
    let apart = |one: Timestamp, other: Timestamp| one.since(other).as_millis().abs();
    let moved = |one: f64, other: f64| (one - other).abs() > TOLD_ALIKE_DEG;
    told.taken_back == now.taken_back
        && apart(told.likely, now.likely) < TOLD_ALIKE.as_millis()
        && apart(told.earliest, now.earliest) < TOLD_ALIKE.as_millis()
        && !moved(told.point.lat(), now.point.lat())
        && !moved(told.point.lon(), now.point.lon())
}

/// What a notice says, from coded facts, and what it still misses.
fn fields(
    operation: &Operation,
    duty: Duty,
    host: State,
    before: Option<&NoticeFields>,
    entry: Option<NoticeCrossing>,
) -> NoticeFields {
    let declared = &operation.card.declared;
    let mut crossings: Vec<NoticeCrossing> = before
        .map(|fields| fields.crossings.clone())
        .unwrap_or_default();
    if let Some(entry) = entry {
        // What happened takes the place of all that was expected: a notice of a crossing that names a unit that has
        // not crossed would be false. Should that unit follow, its crossing is owed by itself.
        crossings.retain(|old| {
            let same = old.crossing.is_some() && old.crossing == entry.crossing;
            let expected = old.expected && (old.unit == entry.unit || !entry.expected);
            !(same || expected)
        });
        crossings.push(entry);
    }
    let grounds = before
        .and_then(|fields| fields.grounds.clone())
        .or_else(|| declared.grounds.clone());
    // The number of what this host granted and did not take back; another's says nothing here.
    let mut documents = declared.documents_of(host);
    let authorisation = documents.find(|granted| granted.ends == granted.document.to);
    let mut missing: Vec<Arc<str>> = Vec::new();
    if crossings.is_empty() {
        missing.push("crossing".into());
    }
    let asked_for = declared.host_states.contains(&host);
    if declared.basis == Basis::SurveillanceAuthorised && asked_for && authorisation.is_none() {
        missing.push("authorisation".into());
    }
    if duty == Duty::Request && grounds.is_none() {
        missing.push("grounds".into());
    }
    NoticeFields {
        operation: operation.card.id.clone(),
        name: Arc::clone(&operation.card.name),
        basis: declared.basis,
        requesting_state: declared.requesting_state,
        host_state: host,
        offence: Arc::clone(&declared.offence),
        person_category: declared.person_category,
        authorisation: authorisation.map(|granted| Arc::clone(&granted.document.number)),
        grounds,
        crossings,
        amends: before.and_then(|fields| fields.amends.clone()),
        missing,
    }
}
