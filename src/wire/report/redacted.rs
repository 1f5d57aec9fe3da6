//! A redacted copy of a report, for those who may not read of persons and units.
//!
//! ```text
//!   HU-1 "Maros 1"            ─▶ car 1               the same name wherever it is meant
//!   kovacs, +40 257 000       ─▶ ————                who did it is left out, that and when it was done stays
//!   46.16180, 20.70140        ─▶ 46.16, 20.70        to a kilometre; ways are not drawn
//!   a sentence, a person's word ▶ ————               it may name anybody
//! ```
//!
//! What is coded stays: conditions, duties, times, records, digests. Every struct is written out in full, so that a new field
//! is decided on here before it can leave the house. It names the digest of the report it is a copy of, has another one
//! itself, and carries no signature.

use super::{
    AlarmRowWire, AnswerRowWire, ByWire, ChangeRowWire, ClosedRowWire, CrossingRowWire,
    DutyRowWire, ErasedPositionsWire, FactWire, FailedRowWire, LedWire, MadeWire, MessageRowWire,
    NoticeRowWire, PutAsideWire, RefusalRowWire, ReportWire, SourceRowWire, StatementRowWire,
    StayWire, TurnedWire, VoiceRowWire,
};
use crate::wire::airspace::AirspaceWire;
use crate::wire::alarm::{AlarmSubjectWire, RaisedWire};
use crate::wire::answer::HostAnswerWire;
use crate::wire::call::CallWire;
use crate::wire::detention::{DetainedWire, DetentionStepWire};
use crate::wire::event::{ChangedWire, CrossingWire, StatementWire, WhyWire};
use crate::wire::operation::{
    AmendmentWire, AuthorisationWire, OperationCardWire, PatrolWire, RecognisableWire, TargetWire,
};
use crate::wire::parts::{PersonWire, Point, UnitCardWire};
use crate::wire::refusal::HostRefusedWire;
use crate::wire::resting::RestingAnewWire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What stands in place of what is left out.
pub const BAR: &str = "————";
/// How much a place rounded to a hundredth of a degree is off at most, metres: half of 1.2 km each way.
const ROUNDED_M: f64 = 800.0;

/// That a report is a redacted copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RedactedWire {
    /// The digest (`made.facts`) of the report that it is a copy of.
    pub of: String,
}

/// The redacted copy of a report. A copy of a copy is the same copy.
#[must_use]
pub fn redacted(report: &ReportWire) -> ReportWire {
    if report.redacted.is_some() {
        return report.clone();
    }
    let names = Names::of(report);
    let mut copy = ReportWire {
        format: report.format,
        redacted: Some(RedactedWire {
            of: report.made.facts.clone(),
        }),
        made: names.made(&report.made),
        operation: names.card(&report.operation),
        opened: by(&report.opened),
        closed: report.closed.as_ref().map(closed),
        rules: report.rules.clone(),
        profiles: report.profiles.clone(),
        units: report
            .units
            .iter()
            .map(|unit| names.unit_card(unit))
            .collect(),
        led: report.led.iter().map(led).collect(),
        crossings: (report.crossings.iter().zip(1..))
            .map(|(row, number)| names.crossing(row, number))
            .collect(),
        stays: report.stays.iter().map(|stay| names.stay(stay)).collect(),
        duties: report.duties.iter().map(|row| names.duty(row)).collect(),
        notices: report.notices.iter().map(notice).collect(),
        messages: (report.messages.iter())
            .map(|row| names.message(row))
            .collect(),
        alarms: report.alarms.iter().map(|row| names.alarm(row)).collect(),
        alarm_totals: report.alarm_totals.clone(),
        sources: report.sources.iter().map(|row| names.source(row)).collect(),
        changes: report.changes.iter().map(|row| names.change(row)).collect(),
        refusals: report.refusals.iter().map(refusal).collect(),
        owed: report.owed.clone(),
        statements: report.statements.iter().map(statement).collect(),
        signatures: Vec::new(),
    };
    copy.made.facts = copy.digest();
    copy
}

/// What units are called in a copy.
struct Names(BTreeMap<String, String>);

impl Names {
    /// Every unit that a report names, in the order of the alphabet: `car 1`, `drone 1`; `unit 1` when nobody introduced it.
    fn of(report: &ReportWire) -> Self {
        let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
        let named = (report.operation.units.iter())
            .chain(report.changes.iter().flat_map(|row| &row.before.units))
            .chain(
                report
                    .changes
                    .iter()
                    .filter_map(|row| row.change.units.as_ref())
                    .flatten(),
            )
            .chain(report.crossings.iter().map(|row| &row.crossing.unit))
            .chain(report.stays.iter().map(|stay| &stay.unit))
            .chain(report.duties.iter().filter_map(|row| row.unit.as_ref()))
            .chain(report.sources.iter().map(|row| &row.unit))
            .chain(
                report
                    .alarms
                    .iter()
                    .filter_map(|row| row.alarm.subject.unit.as_ref()),
            )
            .chain(report.made.erased_positions.iter().map(|of| &of.unit));
        kinds.extend(named.map(|unit| (unit.as_str(), "unit")));
        for card in &report.units {
            let kind = match card.unit_kind.as_str() {
                "vehicle" => "car",
                other => other,
            };
            kinds.insert(&card.unit, kind);
        }
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut called = BTreeMap::new();
        for (unit, kind) in kinds {
            let count = counts.entry(kind).or_default();
            *count += 1;
            called.insert(unit.to_owned(), format!("{kind} {count}"));
        }
        Self(called)
    }

    /// What a unit is called.
    fn unit(&self, unit: &str) -> String {
        self.0.get(unit).cloned().unwrap_or_else(bar)
    }

    fn maybe(&self, unit: Option<&String>) -> Option<String> {
        unit.map(|unit| self.unit(unit))
    }

    fn units(&self, units: &[String]) -> Vec<String> {
        units.iter().map(|unit| self.unit(unit)).collect()
    }

    fn made(&self, made: &MadeWire) -> MadeWire {
        let erased = |of: &ErasedPositionsWire| ErasedPositionsWire {
            unit: self.unit(&of.unit),
            from_day: of.from_day.clone(),
            to_day: of.to_day.clone(),
            record: of.record,
        };
        MadeWire {
            ledger: made.ledger.clone(),
            at: made.at.clone(),
            through: made.through,
            erased: made.erased,
            erased_positions: made.erased_positions.iter().map(erased).collect(),
            head: made.head.clone(),
            program: made.program.clone(),
            facts: String::new(),
        }
    }

    fn card(&self, card: &OperationCardWire) -> OperationCardWire {
        OperationCardWire {
            id: card.id.clone(),
            name: card.name.clone(),
            room: card.room.clone(),
            basis: card.basis.clone(),
            purpose: card.purpose.clone(),
            offence: card.offence.clone(),
            person_category: card.person_category.clone(),
            requesting_state: card.requesting_state.clone(),
            host_states: card.host_states.clone(),
            host_rooms: card.host_rooms.clone(),
            target: card.target.as_ref().map(|_| TargetWire {
                id: bar(),
                description: bar(),
            }),
            units: self.units(&card.units),
            authorisation: card.authorisation.as_ref().map(document),
            patrol: card.patrol.as_ref().map(|patrol| PatrolWire {
                state: patrol.state.clone(),
                area: None,
            }),
            extraditable: card.extraditable,
            grounds: card.grounds.as_ref().map(|_| bar()),
            evaded_check: None,
            exercise: card.exercise,
            opened_by: person(&card.opened_by),
        }
    }

    fn unit_card(&self, card: &UnitCardWire) -> UnitCardWire {
        UnitCardWire {
            unit: self.unit(&card.unit),
            room: card.room.clone(),
            state: card.state.clone(),
            unit_kind: card.unit_kind.clone(),
            callsign: self.unit(&card.unit),
            marks: card.marks.clone(),
        }
    }

    /// The place to a kilometre, and without the fixes it was weighed from.
    fn crossing(&self, row: &CrossingRowWire, number: usize) -> CrossingRowWire {
        let of = &row.crossing;
        CrossingRowWire {
            crossing: CrossingWire {
                crossing: format!("crossing {number}"),
                unit: self.unit(&of.unit),
                from: of.from.clone(),
                to: of.to.clone(),
                point: rounded(of.point),
                earliest: of.earliest.clone(),
                likely: of.likely.clone(),
                latest: of.latest.clone(),
                position_error_m: of.position_error_m + ROUNDED_M,
                border_error_m: of.border_error_m,
                border_set: of.border_set.clone(),
                inferred: of.inferred,
                why: WhyWire {
                    rule: of.why.rule.clone(),
                    fixes: Vec::new(),
                },
            },
            standing: row.standing.clone(),
            records: row.records.clone(),
        }
    }

    fn message(&self, row: &MessageRowWire) -> MessageRowWire {
        MessageRowWire {
            by: row.by.as_ref().map(person),
            words: row.words.as_ref().map(|_| bar()),
            read: row.read.as_ref().map(by),
            refused: row.refused.as_ref().map(|refused| FailedRowWire {
                because: bar(),
                ..refused.clone()
            }),
            turned: (row.turned.iter())
                .map(|turned| TurnedWire {
                    unit: self.unit(&turned.unit),
                    ..turned.clone()
                })
                .collect(),
            ..row.clone()
        }
    }

    fn stay(&self, stay: &StayWire) -> StayWire {
        StayWire {
            unit: self.unit(&stay.unit),
            states: stay.states.clone(),
            since: stay.since.clone(),
            until: stay.until.clone(),
        }
    }

    fn duty(&self, row: &DutyRowWire) -> DutyRowWire {
        let fact = |fact: &FactWire| FactWire {
            at: fact.at.clone(),
            what: fact.what.clone(),
            said: fact.said.as_ref().map(|_| bar()),
            unit: self.maybe(fact.unit.as_ref()),
            measured_m: fact.measured_m,
            max_m: fact.max_m,
            record: fact.record,
        };
        DutyRowWire {
            kind: row.kind.clone(),
            what: row.what.clone(),
            notice: row.notice.clone(),
            unit: self.maybe(row.unit.as_ref()),
            host: row.host.clone(),
            kept: row.kept.clone(),
            facts: row.facts.iter().map(fact).collect(),
            citation: row.citation.clone(),
        }
    }

    fn alarm(&self, row: &AlarmRowWire) -> AlarmRowWire {
        let of = &row.alarm;
        let aside = |aside: &PutAsideWire| PutAsideWire {
            at: aside.at.clone(),
            by: person(&aside.by),
            until: aside.until.clone(),
            record: aside.record,
        };
        AlarmRowWire {
            alarm: RaisedWire {
                alarm: of.alarm.clone(),
                code: of.code.clone(),
                priority: of.priority,
                subject: AlarmSubjectWire {
                    operation: of.subject.operation.clone(),
                    unit: self.maybe(of.subject.unit.as_ref()),
                    notice: of.subject.notice.clone(),
                    host: of.subject.host.clone(),
                    room: of.subject.room.clone(),
                },
                since: of.since.clone(),
                sentence: bar(),
                action: bar(),
            },
            raised: row.raised.clone(),
            acknowledged: row.acknowledged.as_ref().map(by),
            shelved: row.shelved.iter().map(aside).collect(),
            cleared: row.cleared.clone(),
            taken_after_s: row.taken_after_s,
        }
    }

    fn source(&self, row: &SourceRowWire) -> SourceRowWire {
        SourceRowWire {
            unit: self.unit(&row.unit),
            devices: row.devices.iter().map(|_| bar()).collect(),
            fixes: row.fixes,
            first: row.first.clone(),
            last: row.last.clone(),
            gaps: row.gaps.clone(),
            gap_count: row.gap_count,
            stored: row.stored,
            latest_by_s: row.latest_by_s,
            kept_apart: row.kept_apart.clone(),
            silences: row.silences.clone(),
            sealed: row.sealed.clone(),
        }
    }

    fn change(&self, row: &ChangeRowWire) -> ChangeRowWire {
        ChangeRowWire {
            at: row.at.clone(),
            by: person(&row.by),
            record: row.record,
            change: self.changed(&row.change),
            before: self.card(&row.before),
        }
    }

    fn changed(&self, change: &ChangedWire) -> ChangedWire {
        ChangedWire {
            units: change.units.as_deref().map(|units| self.units(units)),
            authorisation: change.authorisation.as_ref().map(document),
            host_refused: change.host_refused.as_ref().map(|no| HostRefusedWire {
                host: no.host.clone(),
                kind: no.kind.clone(),
                at: no.at.clone(),
                said_by: bar(),
                because: bar(),
            }),
            recognisable: change.recognisable.as_ref().map(|ticked| RecognisableWire {
                unit: self.unit(&ticked.unit),
                by: ticked.by.clone(),
            }),
            amendment: change.amendment.as_ref().map(|amended| AmendmentWire {
                offence: amended.offence.clone(),
                extraditable: amended.extraditable,
                person_category: amended.person_category.clone(),
                grounds: amended.grounds.as_ref().map(|_| bar()),
                more_hosts: amended.more_hosts.clone(),
                because: bar(),
            }),
            resting_anew: change.resting_anew.as_ref().map(|wanted| RestingAnewWire {
                rules: wanted.rules.clone(),
                profiles: wanted.profiles.clone(),
                because: bar(),
                holds: wanted.holds,
            }),
            detained: change.detained.as_ref().map(|held| DetainedWire {
                host: held.host.clone(),
                since: held.since.clone(),
                unit: self.maybe(held.unit.as_ref()),
                host_national: None,
                findings: Vec::new(),
            }),
            detention_step: change
                .detention_step
                .as_ref()
                .map(|step| DetentionStepWire {
                    host: step.host.clone(),
                    step: step.step.clone(),
                    at: step.at.clone(),
                    note: bar(),
                }),
        }
    }
}

fn bar() -> String {
    BAR.to_owned()
}

/// A hundredth of a degree: 1.1 km north, less than that east.
fn rounded([lon, lat]: Point) -> Point {
    [lon, lat].map(|degrees| (degrees * 100.0).round() / 100.0)
}

fn person(of: &PersonWire) -> PersonWire {
    PersonWire {
        account: bar(),
        room: of.room.clone(),
    }
}

fn by(of: &ByWire) -> ByWire {
    ByWire {
        at: of.at.clone(),
        by: person(&of.by),
        record: of.record,
    }
}

fn closed(of: &ClosedRowWire) -> ClosedRowWire {
    ClosedRowWire {
        at: of.at.clone(),
        by: person(&of.by),
        reason: bar(),
        outcome: of.outcome.clone(),
        record: of.record,
    }
}

fn document(of: &AuthorisationWire) -> AuthorisationWire {
    AuthorisationWire {
        number: of.number.clone(),
        from: of.from.clone(),
        to: of.to.clone(),
        conditions: bar(),
        state: of.state.clone(),
        drone: of.drone.as_ref().map(|airspace| AirspaceWire {
            area: airspace
                .area
                .as_ref()
                .map(|ring| ring.iter().map(|at| rounded(*at)).collect()),
            altitude_max_m: airspace.altitude_max_m,
        }),
    }
}

fn call(of: &CallWire) -> CallWire {
    CallWire {
        name: bar(),
        number: bar(),
        at: of.at.clone(),
        reference: of.reference.as_ref().map(|_| bar()),
    }
}

fn led(of: &LedWire) -> LedWire {
    LedWire {
        by: of.by.as_ref().map(person),
        ..of.clone()
    }
}

fn notice(row: &NoticeRowWire) -> NoticeRowWire {
    let failed = |of: &FailedRowWire| FailedRowWire {
        at: of.at.clone(),
        record: of.record,
        because: bar(),
    };
    let answer = |of: &AnswerRowWire| AnswerRowWire {
        answer: HostAnswerWire {
            name: bar(),
            answered_at: of.answer.answered_at.clone(),
            answer: of.answer.answer.clone(),
            words: bar(),
        },
        by: person(&of.by),
        record: of.record,
    };
    NoticeRowWire {
        notice: row.notice.clone(),
        duty: row.duty.clone(),
        from: row.from.clone(),
        to: row.to.clone(),
        owed: row.owed.clone(),
        sent: row.sent.as_ref().map(by),
        failed: row.failed.iter().map(failed).collect(),
        delivered: row.delivered.clone(),
        seen: row.seen.as_ref().map(by),
        seen_call: row.seen_call.as_ref().map(call),
        answers: row.answers.iter().map(answer).collect(),
        voice: row.voice.as_ref().map(|voice| VoiceRowWire {
            call: call(&voice.call),
            by: person(&voice.by),
            record: voice.record,
        }),
        withdrawn: row.withdrawn.clone(),
        because: row.because.as_ref().map(|_| bar()),
        latency_s: row.latency_s,
    }
}

fn refusal(row: &RefusalRowWire) -> RefusalRowWire {
    RefusalRowWire {
        at: row.at.clone(),
        by: person(&row.by),
        order: row.order.clone(),
        guard: row.guard.clone(),
        sentence: bar(),
        record: row.record,
    }
}

fn statement(row: &StatementRowWire) -> StatementRowWire {
    StatementRowWire {
        at: row.at.clone(),
        by: person(&row.by),
        statement: StatementWire {
            topic: row.statement.topic.clone(),
            text: bar(),
            language: row.statement.language.clone(),
        },
        record: row.record,
    }
}
