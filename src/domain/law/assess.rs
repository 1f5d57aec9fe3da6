//! From facts to an assessment: every condition that applies is looked at, anything but "met" stops.

use super::basis::{Basis, Form};
use super::clocks::{consent_clock, consent_hours, pair_into, pursuit_clock};
use super::conditions::documents::Moment;
use super::conditions::pair_rules::Place;
use super::conditions::{
    self, cite_basis, documents, finding, other_crossing, pair_rules, pursuit,
};
use super::facts::{CrossingFacts, Declared};
use super::finding::{
    Answer, Assessment, Citation, ClockSpec, Duty, DutyOwed, Finding, Verdict, Weight,
};
use super::granted::{authorisation_window, cite_granting, pursued_into, row_of};
use super::rulebook::Rulebook;
use super::rulebook::row::{Granted, Row};
use crate::domain::ids::State;
use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// Whether an operation may be opened on what it declares, at `now`. A verdict of stop is a refusal, each obstacle with
/// its citation. No duties and no clocks: nothing was crossed yet.
#[must_use]
pub fn assess_opening(rulebook: &Rulebook, declared: &Declared, now: Timestamp) -> Assessment {
    let mut findings = vec![conditions::offence_known(rulebook, declared)];
    if declared.host_states.is_empty() {
        findings.push(finding(
            "host_state_named",
            Answer::NotMet,
            "No host state is named: name the states the officers may have to enter.".to_owned(),
            cite_basis(rulebook, declared.basis),
        ));
    }
    for host in &declared.host_states {
        let row = row_of(rulebook, declared, *host, now);
        let purpose = conditions::purpose_covered(rulebook, declared, row);
        add_new(&mut findings, vec![purpose]);
        findings.push(conditions::host_state_named(rulebook, declared, *host));
        findings.extend(rules_of_host(rulebook, declared, *host, now));
        findings.extend(limit_ahead(rulebook, declared, *host, now));
    }
    if declared.basis.rests_on_document() {
        let citation = cite_basis(rulebook, declared.basis);
        findings.push(documents::document_given(declared, citation, now));
    }
    conclude(findings, Vec::new(), Vec::new())
}

/// What the law says of a crossing, in every state other than the unit's own whose law applies at the place; the
/// strictest verdict counts. Back in its own state a unit is not abroad: no obstacle, no findings, no duties.
///
/// Duties and clocks hold whatever the verdict: a clock is a last moment, never a permission, and a unit that must stop
/// still owes its notice.
#[must_use]
pub fn assess_crossing(rulebook: &Rulebook, facts: &CrossingFacts<'_>) -> Assessment {
    if facts.is_return_home() {
        return conclude(Vec::new(), Vec::new(), Vec::new());
    }
    let mut findings = Vec::new();
    let (mut duties, mut clocks): (Vec<DutyOwed>, Vec<ClockSpec>) = (Vec::new(), Vec::new());
    for host in facts.foreign_states() {
        let one = assess_crossing_into(rulebook, facts, host);
        add_new(&mut findings, one.findings);
        add_new(&mut duties, one.duties);
        add_new(&mut clocks, one.clocks);
    }
    if facts.foreign_states().next().is_none() {
        findings.push(conditions::place_uncertain(rulebook, facts));
    }
    conclude(findings, duties, clocks)
}

/// What the law says of a unit that is abroad and of which it is not known when it entered: no clock can be counted, so
/// it must stop. It owes what a crossing owes. Where nobody is followed no clock counts from the entry.
#[must_use]
pub fn assess_unknown_entry(rulebook: &Rulebook, facts: &CrossingFacts<'_>) -> Assessment {
    let mut assessment = assess_crossing(rulebook, facts);
    let follows = |declared: &Declared| declared.basis.form().follows_somebody();
    if !facts.declared.is_none_or(follows) {
        return conclude(assessment.findings, assessment.duties, Vec::new());
    }
    assessment.findings.push(finding(
        "entry_known",
        Answer::Unknown,
        "When the unit went abroad is not known, so no clock can be counted. Stop and contact the host state."
            .to_owned(),
        rulebook.cite_no_rule(),
    ));
    conclude(assessment.findings, assessment.duties, Vec::new())
}

/// What the law says of a unit that only seems to be in a disputed area: it must stop; nothing is owed or counted of
/// what is not confirmed.
#[must_use]
pub fn assess_disputed(rulebook: &Rulebook, facts: &CrossingFacts<'_>) -> Assessment {
    conclude(
        vec![conditions::place_uncertain(rulebook, facts)],
        Vec::new(),
        Vec::new(),
    )
}

/// A unit of an operation is home again: no finding, and the report of Art. 40(3)(g) or 41(5)(g) when it was abroad.
#[must_use]
pub fn assess_home(rulebook: &Rulebook, basis: Basis, was_abroad: bool) -> Assessment {
    let duties = report_article(basis)
        .filter(|_| was_abroad)
        .map(|article| owed(Duty::Report, None, rulebook.cite_convention(article)));
    conclude(Vec::new(), duties.into_iter().collect(), Vec::new())
}

/// The same for one host state, for a caller that keeps notices and clocks apart by host.
#[must_use]
pub fn assess_crossing_into(
    rulebook: &Rulebook,
    facts: &CrossingFacts<'_>,
    host: State,
) -> Assessment {
    let mut findings = Vec::new();
    if facts.disputed {
        findings.push(conditions::place_uncertain(rulebook, facts));
    }
    let Some(declared) = facts.declared else {
        findings.push(conditions::undeclared(rulebook, facts.unit_state, host));
        return conclude(findings, Vec::new(), Vec::new());
    };
    findings.push(finding(
        "operation_declared",
        Answer::Met,
        format!(
            "The unit is in an operation on basis {}.",
            declared.basis.as_str()
        ),
        cite_basis(rulebook, declared.basis),
    ));
    let named = conditions::host_state_named(rulebook, declared, host);
    let is_host = named.answer == Answer::Met;
    findings.push(named);
    findings.push(conditions::officers_of_requesting_state(
        rulebook,
        declared,
        facts.unit_state,
    ));
    let moment = moment(facts);
    findings.extend(documents::not_refused(rulebook, declared, host, moment));
    let permitted = cite_granting(rulebook, declared, host, facts.likely);
    let flown = facts.flown.iter().filter(|flown| flown.host == host);
    findings.extend(flown.flat_map(|flown| documents::keeps_to_permission(flown, &permitted)));
    let granted = as_granted(declared, host, moment);
    let crossing = Crossing {
        rulebook,
        facts,
        declared: granted.as_ref().unwrap_or(declared),
        host,
        is_host,
    };
    match declared.basis.form() {
        Form::Surveillance => crossing.surveillance(findings),
        Form::Pursuit => crossing.pursuit(findings),
        Form::JointPatrol => crossing.joint_patrol(findings),
        Form::OtherCrossing => crossing.of_another_kind(findings),
    }
}

/// The article that asks for a report after the operation.
const fn report_article(basis: Basis) -> Option<&'static str> {
    match basis.form() {
        Form::Surveillance => Some("Art. 40(3)(g)"),
        Form::Pursuit => Some("Art. 41(5)(g)"),
        Form::JointPatrol | Form::OtherCrossing => None,
    }
}

/// When the host's document is asked for.
fn moment(facts: &CrossingFacts<'_>) -> Moment {
    let at_crossing = Moment::Crossing {
        earliest: facts.earliest.min(facts.likely),
        likely: facts.likely,
    };
    facts.abroad_at.map_or(at_crossing, Moment::Abroad)
}

/// An urgent surveillance that the host has authorised meanwhile goes on under Art. 40(1), for as long as the document
/// holds; before and after it is what it was.
fn as_granted(declared: &Declared, host: State, moment: Moment) -> Option<Declared> {
    match declared.basis {
        Basis::SurveillanceUrgent if moment.within(declared, host) == Some(true) => {
            Some(Declared {
                basis: Basis::SurveillanceAuthorised,
                ..declared.clone()
            })
        }
        _ => None,
    }
}

/// One crossing of a unit of an operation into one state.
struct Crossing<'a> {
    rulebook: &'a Rulebook,
    facts: &'a CrossingFacts<'a>,
    declared: &'a Declared,
    host: State,
    is_host: bool,
}

impl Crossing<'_> {
    fn surveillance(&self, mut findings: Vec<Finding>) -> Assessment {
        let (declared, facts) = (self.declared, self.facts);
        let row = row_of(self.rulebook, declared, self.host, facts.likely);
        findings.push(conditions::purpose_covered(self.rulebook, declared, row));
        findings.extend(rules_of_host(
            self.rulebook,
            declared,
            self.host,
            facts.likely,
        ));
        if let Some(row) = row {
            let place = self.place(row);
            findings.extend(pair_rules::preventive_area(&place, declared));
            let covered = pair_rules::carrier_covered(&place, declared.basis, facts.carrier);
            findings.push(self.as_permitted(covered));
        }
        let citation = cite_granting(self.rulebook, declared, self.host, facts.likely);
        let mut clocks = Vec::new();
        match declared.basis {
            Basis::SurveillanceAuthorised => {
                findings.push(self.document_in_force(citation.clone()));
                clocks.extend(self.window());
            }
            Basis::SurveillanceUrgent => {
                let consent = row.and_then(|row| consent_hours(self.rulebook, row, facts.likely));
                // Where the host has said no there is no consent left to wait for.
                let waits = declared.refused(self.host, moment(facts).last()).is_none();
                let consent = consent.filter(|_| waits);
                clocks.extend(consent.map(|consent| consent_clock(facts, &consent)));
            }
            _ => {}
        }
        if !self.is_host {
            clocks.clear();
        }
        conclude(findings, self.surveillance_duties(&citation), clocks)
    }

    /// A pursuit rests on no document: a row that gives it, what Art. 41 asks of the officers, and where it has one a
    /// limit. A host that the operation did not name is entered by it all the same: who flees does not keep to a list.
    fn pursuit(&self, mut findings: Vec<Finding>) -> Assessment {
        let (declared, facts) = (self.declared, self.facts);
        let basis = declared.basis;
        // A correction may have named another offence since the opening.
        findings.push(conditions::offence_known(self.rulebook, declared));
        let row = row_of(self.rulebook, declared, self.host, facts.likely);
        findings.push(conditions::purpose_covered(self.rulebook, declared, row));
        findings.extend(rules_of_host(
            self.rulebook,
            declared,
            self.host,
            facts.likely,
        ));
        let (mut clocks, mut when): (Vec<ClockSpec>, Option<Arc<str>>) = (Vec::new(), None);
        if let Some(row) = row {
            let place = self.place(row);
            when = Some(pursuit::when_told(&row.pursuit).into());
            let covered = pursuit::carrier_covered(&place, basis, facts.carrier);
            findings.push(self.as_permitted(covered));
            let document = match moment(facts) {
                Moment::Abroad(at) => declared.document_at(self.host, at),
                Moment::Crossing { likely, .. } => declared.document_at(self.host, likely),
            };
            let document = document.map(|granted| granted.document);
            findings.push(pursuit::limit_known(&place, basis, document));
            findings.extend(pursuit::limit_measured(&place, basis));
            findings.extend(pursuit::from_requesting_state(
                &place,
                basis,
                facts.came_from,
            ));
            findings.push(pursuit::recognisable(&place, facts));
            findings.push(pursuit::host_contacted(&place, basis, facts));
            clocks.extend(pursuit_clock(facts, row, place.cite_for(basis)));
        }
        let citation = cite_granting(self.rulebook, declared, self.host, facts.likely);
        let report = self.rulebook.cite_convention("Art. 41(5)(g)");
        let duties = vec![
            owed(Duty::NoticeOfCrossing, when.as_ref(), citation),
            owed(Duty::Report, None, report),
        ];
        conclude(findings, duties, clocks)
    }

    fn joint_patrol(&self, mut findings: Vec<Finding>) -> Assessment {
        let citation = self.rulebook.cite_joint_operations();
        findings.push(conditions::purpose_covered(
            self.rulebook,
            self.declared,
            None,
        ));
        findings.push(documents::joint_operations_bind_both(
            self.rulebook,
            pair_into(self.host, self.declared.requesting_state),
        ));
        findings.push(self.document_in_force(citation.clone()));
        findings.push(documents::patrol_area(
            self.rulebook,
            self.host,
            self.facts.in_patrol_area,
        ));
        let clocks = if self.is_host {
            self.window().into_iter().collect()
        } else {
            Vec::new()
        };
        let mut assessment = conclude(findings, Vec::new(), clocks);
        match assessment.verdict {
            Verdict::NoObstacle => {}
            Verdict::Stop => assessment
                .duties
                .push(owed(Duty::NoticeOfCrossing, None, citation)),
        }
        assessment
    }

    /// A crossing of another kind rests on the rule of the two states for that reason; help rests on the host's request
    /// besides. It is announced like every other.
    fn of_another_kind(&self, mut findings: Vec<Finding>) -> Assessment {
        let (rulebook, declared, at) = (self.rulebook, self.declared, self.facts.likely);
        let (pair, basis) = (
            pair_into(self.host, declared.requesting_state),
            declared.basis,
        );
        findings.push(conditions::purpose_covered(rulebook, declared, None));
        findings.push(other_crossing::foreseen(rulebook, pair, basis, at));
        let known = rulebook.other_crossing(pair, basis, at);
        let carrier = self.facts.carrier;
        findings
            .extend(known.map(|known| other_crossing::carrier_covered(rulebook, known, carrier)));
        let citation = cite_granting(rulebook, declared, self.host, at);
        let mut clocks = Vec::new();
        if basis.rests_on_document() {
            findings.push(self.document_in_force(citation.clone()));
            clocks.extend(self.window().filter(|_| self.is_host));
        }
        let when = known.and_then(|known| known.notice.as_ref());
        let notice = owed(Duty::NoticeOfCrossing, when, citation);
        conclude(findings, vec![notice], clocks)
    }

    fn place<'r>(&'r self, row: &'r Row) -> Place<'r> {
        Place {
            rulebook: self.rulebook,
            pair: row.pair,
            row,
            at: self.facts.likely,
        }
    }

    fn window(&self) -> Option<ClockSpec> {
        authorisation_window(self.rulebook, self.declared, self.host, self.facts.likely)
    }

    fn as_permitted(&self, covered: Finding) -> Finding {
        let granting = (self.declared, self.host);
        documents::as_permitted(covered, self.facts.carrier, granting, moment(self.facts))
    }

    fn document_in_force(&self, citation: Citation) -> Finding {
        documents::document_in_force(self.declared, self.host, citation, moment(self.facts))
    }

    /// Notice of every crossing, the request where none was granted, and the report.
    fn surveillance_duties(&self, citation: &Citation) -> Vec<DutyOwed> {
        let convention = &self.rulebook.convention().surveillance;
        let report = self.rulebook.cite_convention("Art. 40(3)(g)");
        match self.declared.basis {
            Basis::SurveillanceAuthorised => vec![
                // Art. 40(1) gives no deadline for a notice; the crossing is announced all the same.
                owed(Duty::NoticeOfCrossing, None, citation.clone()),
                owed(Duty::Report, None, report),
            ],
            Basis::SurveillanceUrgent => {
                let notice = owed(
                    Duty::NoticeOfCrossing,
                    convention.notify.as_ref(),
                    self.rulebook.cite_convention("Art. 40(2)(a)"),
                );
                // A state that the operation does not name can not authorise it.
                let request = self.is_host.then(|| {
                    owed(
                        Duty::Request,
                        convention.request.as_ref(),
                        self.rulebook.cite_convention("Art. 40(2)(b)"),
                    )
                });
                let mut duties = vec![notice];
                duties.extend(request);
                duties.push(owed(Duty::Report, None, report));
                duties
            }
            _ => Vec::new(),
        }
    }
}

fn owed(duty: Duty, when: Option<&Arc<str>>, citation: Citation) -> DutyOwed {
    DutyOwed {
        duty,
        when: when.map_or_else(|| "".into(), Arc::clone),
        citation,
    }
}

/// The conditions that the rules of one pair set, at the opening as on a crossing.
fn rules_of_host(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Vec<Finding> {
    let pair = pair_into(host, declared.requesting_state);
    match declared.basis.form() {
        Form::Surveillance | Form::Pursuit => {}
        Form::JointPatrol => {
            return vec![documents::joint_operations_bind_both(rulebook, pair)];
        }
        Form::OtherCrossing => {
            return vec![other_crossing::foreseen(rulebook, pair, declared.basis, at)];
        }
    }
    let Some(row) = row_of(rulebook, declared, host, at) else {
        return vec![pair_rules::no_row(rulebook, pair, at)];
    };
    let place = Place {
        rulebook,
        pair,
        row,
        at,
    };
    let mut findings = vec![
        pair_rules::rule_known(&place, declared.basis),
        pair_rules::instrument_found(&place, declared.basis),
    ];
    findings.extend(pair_rules::implementing_agreement_named(
        &place,
        declared.basis,
    ));
    findings.extend(pair_rules::convention_binds_both(&place, declared.basis));
    findings.extend(pair_rules::form_foreseen(&place, declared.basis));
    findings.push(pair_rules::person_category_covered(&place, declared));
    match declared.basis {
        Basis::SurveillanceUrgent => {
            findings.push(pair_rules::offence_listed(&place, declared));
            if row.surveillance.urgent == Granted::Yes {
                findings.push(pair_rules::consent_hours_known(&place));
            }
        }
        Basis::PursuitCaughtInTheAct | Basis::PursuitEscape | Basis::PursuitEvadedCheck => {
            findings.push(pursuit::foreseen(&place, declared.basis));
            findings.push(pursuit::offence_listed(&place, declared));
            findings.extend(pursuit::check_within_zone(&place, declared));
            findings.push(pursuit::urgency_stated(&place, declared));
        }
        _ => {}
    }
    findings
}

/// What is known of a pursuit's limit before anybody crossed: not known, it is to be asked, and stops only at the line.
fn limit_ahead(
    rulebook: &Rulebook,
    declared: &Declared,
    host: State,
    at: Timestamp,
) -> Option<Finding> {
    let place = pursued_into(rulebook, declared, host, at)?;
    let document = declared
        .document_at(host, at)
        .map(|granted| granted.document);
    Some(Finding {
        weight: Weight::Warns,
        ..pursuit::limit_known(&place, declared.basis, document)
    })
}

/// Adds what is not there yet: two states of a condominium may find the same.
fn add_new<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// The verdict follows from the findings alone: stop unless every one that must be met is.
pub(super) fn conclude(
    findings: Vec<Finding>,
    duties: Vec<DutyOwed>,
    clocks: Vec<ClockSpec>,
) -> Assessment {
    let clear = findings
        .iter()
        .all(|finding| finding.answer == Answer::Met || finding.weight == Weight::Warns);
    Assessment {
        verdict: if clear {
            Verdict::NoObstacle
        } else {
            Verdict::Stop
        },
        findings,
        duties,
        clocks,
    }
}
