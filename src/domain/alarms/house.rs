//! Which facts of the service itself, and of its links to others, need a person?

use super::board::Subject;
use super::causes::Cause;
use super::kind::AlarmKind;
use crate::domain::event::{Cut, DiskRoom, Missing};
use crate::domain::ids::{RoomId, State};
use crate::domain::law::clocks::utc;
use crate::domain::measure::{Span, Timestamp};

/// What is known of the link to a room in another service.
#[derive(Debug, Clone, Copy)]
pub struct LinkSeen<'a> {
    /// The room.
    pub partner: &'a RoomId,
    /// Its state.
    pub state: State,
    /// How the link is cut, when it is.
    pub cut: Option<&'a Cut>,
    /// After how long that is an alarm (T11).
    pub lost_after: Span,
    /// By how much its clock is ahead, and since when, where the two are not as good as equal.
    pub clock: Option<(Span, Timestamp)>,
    /// What is missing between the two records, as long as an operation runs that it may concern.
    pub missing: Option<(Missing, Timestamp)>,
}

/// The causes of the service: `nearly_full` is what was left of the disk of the records when it became little, and since when.
#[must_use]
pub fn of_house<'a>(
    nearly_full: Option<(DiskRoom, Timestamp)>,
    links: impl Iterator<Item = LinkSeen<'a>>,
) -> Vec<Cause> {
    let recording = nearly_full.map(|(room, since)| {
        let sentence = format!(
            "Recording at risk: {} MiB were left on the disk of the records",
            room.left_mib
        );
        let action = "Technician: make room; keep a paper log until then";
        let kind = AlarmKind::RecordingAtRisk;
        Cause::now(kind, Subject::default(), since, sentence, action)
    });
    let mut causes: Vec<Cause> = recording.into_iter().collect();
    for link in links {
        causes.extend(lost(&link));
        causes.extend(clock_differs(&link));
        causes.extend(records_differ(&link));
    }
    causes
}

fn lost(link: &LinkSeen<'_>) -> Option<Cause> {
    let cut = link.cut?;
    let sentence = format!(
        "Link to {} lost since {}: {}",
        link.partner,
        utc(cut.since, cut.since),
        in_words(*cut)
    );
    let kind = AlarmKind::LinkLost;
    let cause = Cause::now(kind, of(link), cut.since, sentence, "Speak by telephone");
    Some(cause.after(link.lost_after))
}

/// What of a link is cut.
pub(super) const fn in_words(cut: Cut) -> &'static str {
    match (cut.hears, cut.is_heard) {
        (true, false) => "it is heard, and does not hear this room",
        (false, true) => "it hears this room, and is not heard",
        (true, true) | (false, false) => "it is not heard",
    }
}

fn clock_differs(link: &LinkSeen<'_>) -> Option<Cause> {
    let (by, since) = link.clock?;
    let sentence = format!(
        "The clock of {} differs from this one by {} ms",
        link.partner,
        by.as_millis()
    );
    let action = "Technician: compare both with a third";
    let kind = AlarmKind::ClockDiffers;
    Some(Cause::now(kind, of(link), since, sentence, action))
}

fn records_differ(link: &LinkSeen<'_>) -> Option<Cause> {
    let (missing, since) = link.missing?;
    let partner = link.partner;
    let Missing { from, through, .. } = missing;
    let sentence = if missing.told_here {
        format!(
            "This room was set back: {partner} has words of it ({from} to {through}) that no record here knows. \
             Who leads and what is agreed may be other than shown here"
        )
    } else {
        format!(
            "Words of {partner} ({from} to {through}) never came and cannot come any more. Who leads and what is \
             agreed may be other than shown here"
        )
    };
    let action = "Compare by telephone; close, and open anew";
    let kind = AlarmKind::RecordsDiffer;
    Some(Cause::now(kind, of(link), since, sentence, action))
}

fn of(link: &LinkSeen<'_>) -> Subject {
    Subject {
        host: Some(link.state),
        room: Some(link.partner.clone()),
        ..Subject::default()
    }
}
