//! When clocks warn, and why a clock that is over means stop.

use super::facts::CrossingFacts;
use super::finding::{Answer, Citation, ClockKind, ClockSpec, Duty, Finding, Origin, Weight};
use super::rulebook::Rulebook;
use super::rulebook::row::{Granted, Pair, Row};
use crate::domain::ids::State;
use crate::domain::measure::{Span, Timestamp};

/// Where the stages come from: they are agreed by the rooms, not law, until a bilateral profile replaces them.
pub const STAGES_ORIGIN: Origin = Origin::Profile;

/// Stages of the consent clock, counted from its end.
const CONSENT_STAGES: [Span; 4] = [
    Span::from_minutes(-60),
    Span::from_minutes(-30),
    Span::from_minutes(-10),
    Span::ZERO,
];

/// Stages of the authorisation window, counted from its end.
const AUTHORISATION_WINDOW_STAGES: [Span; 3] =
    [Span::from_minutes(-30), Span::from_minutes(-10), Span::ZERO];

/// Stages of the release of an arrested person, counted from its end.
const RELEASE_STAGES: [Span; 2] = [Span::from_minutes(-60), Span::ZERO];

/// Stages of the request under Art. 40(2), counted from the crossing.
const REQUEST_STAGES: [Span; 2] = [Span::from_minutes(5), Span::from_minutes(15)];

/// Stages of the report, counted from the end of the operation.
const REPORT_STAGES: [Span; 2] = [Span::from_hours(12), Span::from_hours(24)];

/// The stages of a pursuit's radius or period, by what is used of it. Origin [`STAGES_ORIGIN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitStage {
    /// Below the first stage again.
    Within,
    /// 80 per cent and more.
    Near80,
    /// 95 per cent and more.
    Near95,
    /// All of it, and beyond.
    Exceeded,
}

impl LimitStage {
    /// The share from which it counts, per cent.
    #[must_use]
    pub const fn percent(self) -> u8 {
        match self {
            Self::Within => 0,
            Self::Near80 => 80,
            Self::Near95 => 95,
            Self::Exceeded => 100,
        }
    }

    /// Those at which it is told, the least first; the last is the limit itself.
    pub const TOLD: [Self; 3] = [Self::Near80, Self::Near95, Self::Exceeded];

    /// The stage of this share.
    #[must_use]
    pub fn of_percent(percent: u8) -> Option<Self> {
        let mut all = Self::TOLD.into_iter().chain([Self::Within]);
        all.find(|stage| stage.percent() == percent)
    }
}

/// When a clock of this length warns, earliest first, counted from its end. The last is the end itself. Origin
/// [`STAGES_ORIGIN`].
#[must_use]
pub fn stages_of(kind: ClockKind, length: Span) -> Vec<Span> {
    match kind {
        ClockKind::Consent => CONSENT_STAGES.to_vec(),
        ClockKind::AuthorisationWindow => AUTHORISATION_WINDOW_STAGES.to_vec(),
        ClockKind::PursuitPeriod => LimitStage::TOLD
            .iter()
            .map(|stage| {
                let left = length.as_millis() * i64::from(100 - stage.percent()) / 100;
                Span::from_millis(-left)
            })
            .collect(),
        ClockKind::Release => RELEASE_STAGES.to_vec(),
    }
}

/// When a duty not yet done warns, earliest first: the request counts from the crossing, the report from the end of the
/// operation; the notice of a crossing has no stage, it is owed at once. Origin [`STAGES_ORIGIN`].
#[must_use]
pub const fn duty_stages(duty: Duty) -> &'static [Span] {
    match duty {
        Duty::NoticeOfCrossing => &[],
        Duty::Request => &REQUEST_STAGES,
        Duty::Report => &REPORT_STAGES,
    }
}

/// The finding that a clock is over: not met, with the reason and the clock's own citation.
#[must_use]
pub fn expired(clock: &ClockSpec, host: State) -> Finding {
    let (condition, sentence) = match clock.kind {
        ClockKind::Consent => (
            "consent_in_time",
            format!(
                "The consent of {host} was not there by {end}, the last moment counted from the earliest possible crossing at {start}: stop the surveillance.",
                end = utc(clock.ends, clock.starts),
                start = utc(clock.starts, clock.ends),
            ),
        ),
        ClockKind::PursuitPeriod => (
            "pursuit_period_open",
            format!(
                "The period of the pursuit in {host}, counted from the earliest possible crossing at {start}, ended at {end}: stop and return, or hand over.",
                end = utc(clock.ends, clock.starts),
                start = utc(clock.starts, clock.starts),
            ),
        ),
        ClockKind::Release => (
            "release_in_time",
            format!(
                "The person held in {host} since {start} was to be released by {end}: ask {host} whether a request for arrest is there; if not, release.",
                start = utc(clock.starts, clock.ends),
                end = utc(clock.ends, clock.starts),
            ),
        ),
        ClockKind::AuthorisationWindow => (
            "authorisation_in_force",
            format!(
                "What {host} authorised ended at {end}: stop and leave {host}.",
                end = utc(clock.ends, clock.starts),
            ),
        ),
    };
    Finding {
        condition: condition.into(),
        answer: Answer::NotMet,
        sentence: sentence.into(),
        citation: clock.citation.clone(),
        weight: Weight::Stops,
    }
}

/// The finding that the host state asked to stop, or refused or withdrew its authorisation: stop at once.
#[must_use]
pub fn host_asked_to_stop(rulebook: &Rulebook, host: State, at: Timestamp) -> Finding {
    Finding {
        condition: "host_did_not_ask_to_stop".into(),
        answer: Answer::NotMet,
        sentence: format!("{host} asked at {} to stop: stop at once.", utc(at, at)).into(),
        citation: rulebook.cite_convention("Art. 40(2)"),
        weight: Weight::Stops,
    }
}

/// How the notes of a row say that the figure is not from the pair's own text: then that text is not cited for it, and
/// the note stands beside the figure.
const NOT_READ: &str = "not read";

/// How many hours a pair gives for consent, and on what that rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentHours {
    /// Whole hours from the earliest possible crossing.
    pub hours: u32,
    /// On what they rest.
    pub citation: Citation,
}

impl ConsentHours {
    /// `5 h`, and for the strict reading what it is.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} h ({})", self.hours, self.citation.instrument)
    }
}

/// The hours until which consent under Art. 40(2) must be there, in this row: its own figure; where it has none the
/// Convention's, if the Convention binds both states at that moment; otherwise none. None too where the row gives no
/// urgent surveillance: there is no consent to wait for.
#[must_use]
pub fn consent_hours(rulebook: &Rulebook, row: &Row, at: Timestamp) -> Option<ConsentHours> {
    match row.surveillance.urgent {
        Granted::Yes => {}
        Granted::No | Granted::WithImplementingAgreement => return None,
    }
    if let Some(hours) = row.surveillance.consent_hours {
        let field = "surveillance.consent_hours";
        let citation = row.cite_field(field, "Art. 40(2)", rulebook.version());
        let overlaid = row.overlaid.contains_key(field);
        let citation = match row.surveillance.notes.as_deref() {
            Some(notes) if !overlaid && notes.contains(NOT_READ) => Citation {
                origin: Origin::Law,
                instrument: format!("CISA Art. 40(2); {}: {notes}", row.instrument).into(),
                ..citation
            },
            Some(_) | None => citation,
        };
        return Some(ConsentHours { hours, citation });
    }
    let hours = rulebook.convention().surveillance.consent_hours?;
    if !rulebook.convention_binds(row.pair, at) {
        return None;
    }
    let convention = rulebook.cite_convention("Art. 40(2)");
    Some(ConsentHours {
        hours,
        citation: Citation {
            instrument: "CISA Art. 40(2); pair's own text not read".into(),
            confidence: convention.confidence.max(row.surveillance.confidence),
            ..convention
        },
    })
}

/// The consent clock of a crossing: from its earliest possible moment.
pub(super) fn consent_clock(facts: &CrossingFacts<'_>, consent: &ConsentHours) -> ClockSpec {
    let starts = facts.earliest.min(facts.likely);
    ClockSpec {
        kind: ClockKind::Consent,
        starts,
        ends: starts.plus(Span::from_hours(i64::from(consent.hours))),
        citation: consent.citation.clone(),
    }
}

/// The clock of a pursuit's period, where the pair has one: from the earliest possible crossing.
pub(super) fn pursuit_clock(
    facts: &CrossingFacts<'_>,
    row: &Row,
    citation: Citation,
) -> Option<ClockSpec> {
    let starts = facts.earliest.min(facts.likely);
    row.pursuit.minutes.map(|minutes| ClockSpec {
        kind: ClockKind::PursuitPeriod,
        starts,
        ends: starts.plus(Span::from_minutes(i64::from(minutes))),
        citation,
    })
}

/// The pair of a unit's state and a host.
pub(super) const fn pair_into(host: State, unit_state: State) -> Pair {
    Pair {
        territory: host,
        from: unit_state,
    }
}

/// `16:33:17Z`, with the day before it when it is not the day of `beside`. Fractions of a second are cut off.
pub(in crate::domain) fn utc(at: Timestamp, beside: Timestamp) -> String {
    let (text, other) = (at.to_string(), beside.to_string());
    // Both are `2027-03-16T11:33:17.000Z`, except beyond the calendar.
    let (Some((day, time)), Some((other_day, _))) = (text.split_once('T'), other.split_once('T'))
    else {
        return text;
    };
    let seconds = time.split('.').next().unwrap_or(time);
    if day == other_day {
        format!("{seconds}Z")
    } else {
        format!("{day} {seconds}Z")
    }
}
