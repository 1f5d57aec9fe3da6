//! When clocks warn, and why a clock that is over means stop.

use super::facts::CrossingFacts;
use super::finding::{Answer, Citation, ClockKind, ClockSpec, Duty, Finding, Origin, Weight};
use super::profile::agreed::{FigureOrigin, Figures, Stage};
use super::profile::figure::Figure;
use super::rulebook::Rulebook;
use super::rulebook::row::{Granted, Pair, Row};
use crate::domain::ids::State;
use crate::domain::measure::{Span, Timestamp};

/// The stages of a pursuit's radius or period, by what is used of it. From which share each counts is agreed by the rooms
/// ([`LimitStage::percent`]); the last is the limit itself, which is law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitStage {
    /// Below the first stage again.
    Within,
    /// Somebody is warned.
    Near,
    /// The last stage before the limit.
    NearlyReached,
    /// All of it, and beyond.
    Exceeded,
}

impl LimitStage {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [
        Self::Within,
        Self::Near,
        Self::NearlyReached,
        Self::Exceeded,
    ];

    /// Those at which it is told, the least first; the last is the limit itself.
    pub const TOLD: [Self; 3] = [Self::Near, Self::NearlyReached, Self::Exceeded];

    /// The share from which it counts, per cent.
    #[must_use]
    pub fn percent(self, figures: Figures<'_>) -> u8 {
        let share = |figure| u8::try_from(figures.number(figure)).unwrap_or(ALL_OF_IT);
        match self {
            Self::Within => 0,
            Self::Near => share(Figure::LimitNear),
            Self::NearlyReached => share(Figure::LimitNearlyReached),
            Self::Exceeded => ALL_OF_IT,
        }
    }

    /// Where that share comes from.
    #[must_use]
    pub fn origin(self, figures: Figures<'_>) -> FigureOrigin {
        let figure = match self {
            Self::Within | Self::Near => Figure::LimitNear,
            Self::NearlyReached | Self::Exceeded => Figure::LimitNearlyReached,
        };
        figures.get(figure).1
    }

    /// The word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Near => "near",
            Self::NearlyReached => "nearly_reached",
            Self::Exceeded => "exceeded",
        }
    }

    /// The stage of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// The stage of a share as it was recorded before rooms could agree on one.
    #[must_use]
    pub fn of_percent(percent: u8) -> Option<Self> {
        let figures = Figures::WORKFLOW;
        let mut all = Self::ALL.into_iter();
        all.find(|stage| stage.percent(figures) == percent)
    }
}

/// The limit itself, per cent of it.
const ALL_OF_IT: u8 = 100;

/// At which times left a clock of this length warns, the earliest first. Its end is law and no stage.
#[must_use]
pub fn stages_of(kind: ClockKind, length: Span, figures: Figures<'_>) -> Vec<Stage> {
    let before = |all: &[Figure]| all.iter().map(|one| figures.stage(*one)).collect();
    match kind {
        ClockKind::Consent => before(&[
            Figure::ConsentFirst,
            Figure::ConsentSecond,
            Figure::ConsentLast,
        ]),
        ClockKind::AuthorisationWindow => before(&[Figure::WindowFirst, Figure::WindowLast]),
        ClockKind::PursuitPeriod => [LimitStage::Near, LimitStage::NearlyReached]
            .into_iter()
            .map(|stage| {
                let left = i64::from(ALL_OF_IT - stage.percent(figures));
                Stage {
                    left: Span::from_millis(length.as_millis() * left / i64::from(ALL_OF_IT)),
                    origin: stage.origin(figures),
                }
            })
            .collect(),
        ClockKind::Release => before(&[Figure::ReleaseNear]),
    }
}

/// When a duty not yet done is told, earliest first: the request counts from the crossing, the report from the end of the
/// operation; the notice of a crossing has no stage, it is owed at once.
#[must_use]
pub const fn duty_stages(duty: Duty) -> &'static [Figure] {
    match duty {
        Duty::NoticeOfCrossing => &[],
        Duty::Request => &[Figure::RequestDue, Figure::RequestLate],
        Duty::Report => &[Figure::ReportDue, Figure::ReportLate],
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
