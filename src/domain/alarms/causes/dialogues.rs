//! What two rooms say to each other and what needs a person of it: no answer, no receipt, no agreement, units that do not
//! turn.

use super::{Asked, Cause};
use crate::domain::alarms::board::Subject;
use crate::domain::alarms::house::in_words;
use crate::domain::alarms::kind::AlarmKind;
use crate::domain::ids::{RoomId, State, UnitId};
use crate::domain::law::clocks::utc;
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::handover::notify::other_crossing_point;
use crate::domain::operations::handover::{Code, Dispute, Handover, Phase, Recall, RecallKind};

/// What to do where the line says nothing.
const CALL: &str = "Call the other room";

impl Asked<'_> {
    /// Of every dialogue of this room about the operation, and of what hosts ordered of its units.
    pub(super) fn dialogues(&mut self, own: &RoomId) {
        let operation = self.operation;
        let ours = operation.card.room == *own;
        let rooms = if ours {
            operation.card.host_rooms.as_slice()
        } else {
            std::slice::from_ref(&operation.card.room)
        };
        for partner in rooms {
            let states = (self.roster.state_of(own), self.roster.state_of(partner));
            let (Some(here), Some(there)) = states else {
                continue;
            };
            let host = if ours { there } else { here };
            let known = operation.handovers.get(partner);
            let state = known.map(|dialogue| &dialogue.state);
            if let Some(state) = state {
                self.of_dialogue(own, host, state);
            }
            if ours {
                self.without_agreement(partner, host, state);
            }
        }
        for recall in &operation.recalls {
            self.recalled(own, recall);
        }
        for (partner, dispute) in &operation.disputes {
            self.in_dispute(partner, dispute);
        }
    }

    fn of_dialogue(&mut self, own: &RoomId, host: State, state: &Handover) {
        let agreed = self.agreed(host);
        self.unreceipted(host, state, agreed);
        self.out_of_touch(host, state, agreed);
        let leads = self.operation.lead.room == *own;
        if leads && let Some(offer) = &state.offered {
            let sentence = format!(
                "{} has not assumed the lead that was offered: {own} still leads",
                state.partner
            );
            let kind = AlarmKind::OfferUnanswered;
            let cause = self.with_host(host, kind, offer.at, sentence, CALL);
            self.causes
                .push(cause.after(agreed.span(Figure::AssumeLate)));
        }
        self.unanswered(own, host, state, agreed);
        if leads {
            self.other_terms(host, state);
        }
        if state.phase == Phase::Passed {
            self.overlap(host, state, agreed);
        }
    }

    /// A partner names another lead than this room.
    fn in_dispute(&mut self, partner: &RoomId, dispute: &Dispute) {
        let Some(there) = self.roster.state_of(partner) else {
            return;
        };
        let lead = &self.operation.lead;
        let sentence = format!(
            "Who leads is in dispute: {} here ({}), {} at {partner} ({})",
            lead.room, lead.epoch, dispute.room, dispute.epoch
        );
        let kind = AlarmKind::LeadDisputed;
        let action = "Supervisors: settle it by telephone; close, and open anew";
        let cause = self.with_host(there, kind, dispute.since, sentence, action);
        self.causes.push(cause);
    }

    /// T11: what was agreed cannot be spoken of any more.
    fn out_of_touch(&mut self, host: State, state: &Handover, agreed: Figures<'_>) {
        let held = state.phase >= Phase::Agreed || state.agreed.is_some();
        let Some(cut) = self.roster.cut_to(&state.partner).filter(|_| held) else {
            return;
        };
        let lead = &self.operation.lead;
        let sentence = format!(
            "Link to {} lost since {}: {}; {} leads ({})",
            state.partner,
            utc(cut.since, cut.since),
            in_words(*cut),
            lead.room,
            lead.epoch
        );
        let kind = AlarmKind::LinkLostInHandover;
        let cause = self.with_host(host, kind, cut.since, sentence, CALL);
        self.causes
            .push(cause.after(agreed.span(Figure::LinkPressing)));
    }

    /// T1: no machine of the other room has it.
    fn unreceipted(&mut self, host: State, state: &Handover, agreed: Figures<'_>) {
        let delay = agreed.span(Figure::ReceiptLate);
        let pressing = |code: Code| matches!(code, Code::Mas | Code::Cease);
        for (kind, presses) in [
            (AlarmKind::MessageNotReceived, false),
            (AlarmKind::PressingMessageNotReceived, true),
        ] {
            // The first of them stands for those after it: they wait behind it.
            // A notice of a crossing has an alarm of its own (A02).
            let mut waiting = state.unreceipted.iter().filter(|one| one.code != Code::Xng);
            let Some(first) = waiting.find(|one| pressing(one.code) == presses) else {
                continue;
            };
            let sentence = format!(
                "{} of {} has not reached {}",
                first.code.as_str(),
                utc(first.at, first.at),
                state.partner
            );
            let cause = self.with_host(host, kind, first.at, sentence, CALL);
            self.causes.push(cause.after(delay));
        }
    }

    /// T2 and T3: what this room proposed, and nobody has decided.
    fn unanswered(&mut self, own: &RoomId, host: State, state: &Handover, agreed: Figures<'_>) {
        let Some(open) = state.proposed.as_ref().filter(|open| open.by == *own) else {
            return;
        };
        let partner = &state.partner;
        let Some(deciding) = &state.stand_by else {
            let sentence = format!("{partner} has not answered what was proposed");
            let kind = AlarmKind::ProposalUnanswered;
            let cause = self.with_host(host, kind, open.at, sentence, CALL);
            self.causes
                .push(cause.after(agreed.span(Figure::AnswerLate)));
            return;
        };
        let sentence = format!(
            "{} of {partner} promised a decision by {}",
            deciding.who,
            utc(deciding.until, open.at)
        );
        let pressing = deciding.until.plus(agreed.span(Figure::DecisionPressing));
        let near = agreed.span(Figure::DecisionNear);
        let expected = open.terms.expected.map(|at| at.likely);
        let pressing = expected.map(|at| pressing.max(before(at, near)));
        let mut steps = vec![(AlarmKind::ProposalUnanswered, deciding.until)];
        steps.extend(pressing.map(|at| (AlarmKind::DecisionPressing, at)));
        let subject = self.of_host(host);
        self.ladder(&subject, deciding.until, &steps, &sentence, CALL);
    }

    /// What both hold is not what will be.
    fn other_terms(&mut self, host: State, state: &Handover) {
        if let Some(open) = state.proposed.as_ref().filter(|_| state.is_revising()) {
            let sentence = format!(
                "{} still holds the old terms: it has not answered the new ones",
                state.partner
            );
            let kind = AlarmKind::OldTerms;
            let cause = self.with_host(host, kind, open.at, sentence, "Ask the other room");
            self.causes.push(cause);
        }
        let roster = self.roster;
        for unit in &self.operation.card.units {
            let told = roster.approach(unit).filter(|(to, _)| to.to.contains(host));
            let Some((approach, at)) = told else { continue };
            if let Some(other) = other_crossing_point(state, approach) {
                let sentence = format!(
                    "{} goes to {other}, and another crossing point is agreed",
                    self.name(unit)
                );
                let kind = AlarmKind::OtherCrossingPoint;
                let cause = self.with_host(host, kind, at, sentence, "Send a revision (RVR)");
                self.causes.push(cause);
                return;
            }
        }
    }

    /// A crossing is near, and nothing is agreed with the room that it leads to.
    fn without_agreement(&mut self, partner: &RoomId, host: State, state: Option<&Handover>) {
        if state.is_some_and(|state| state.phase >= Phase::Agreed) {
            return;
        }
        let near = self.agreed(host).span(Figure::AgreementMissing);
        let units = self.operation.card.units.iter();
        let expected = units.filter_map(|unit| {
            let (approach, at) = self.roster.approach(unit)?;
            let comes = approach.to.contains(host) && !self.operation.abroad.contains_key(unit);
            comes.then(|| (at.plus(approach.eta), unit))
        });
        let Some((at, unit)) = expected.min() else {
            return;
        };
        let sentence = format!(
            "{} crosses into {host} at about {}, and nothing is agreed with {partner}",
            self.name(unit),
            utc(at, at)
        );
        let (kind, due) = (AlarmKind::NoAgreement, before(at, near));
        let cause = self.with_host(host, kind, due, sentence, "Propose, or call");
        self.causes.push(Cause { due, ..cause });
    }

    /// T7: how long units of the room that handed over may stay with the target.
    fn overlap(&mut self, host: State, state: &Handover, agreed: Figures<'_>) {
        let terms = state.agreed.as_ref().map(|agreed| &agreed.terms);
        let Some(period) = terms.and_then(|terms| terms.overlap.period) else {
            return;
        };
        // Who was released and said that it turns is on its way home.
        let turns = |unit: &UnitId| {
            let mut released = self.operation.recalls.iter();
            released.any(|recall| recall.units.get(unit).is_some_and(Option::is_some))
        };
        let mut there = self.operation.abroad.iter();
        let stays = there.find(|(unit, abroad)| abroad.territory.contains(host) && !turns(unit));
        let Some((unit, _)) = stays else {
            return;
        };
        let near = period.as_millis() * agreed.number(Figure::OverlapNear) / 100;
        let near = Span::from_millis(near);
        let steps = [
            (AlarmKind::OverlapNear, state.since.plus(near)),
            (AlarmKind::OverlapOver, state.since.plus(period)),
        ];
        let sentence = format!(
            "{} is still in {host}: both rooms' units were to be there until {}",
            self.name(unit),
            utc(state.since.plus(period), state.since)
        );
        let subject = self.of_host(host);
        self.ladder(
            &subject,
            state.since,
            &steps,
            &sentence,
            "Release the units, or return",
        );
    }

    /// What a host ordered of units, until they turn.
    fn recalled(&mut self, own: &RoomId, recall: &Recall) {
        if recall.kind != RecallKind::Cease || recall.is_done(self.operation) {
            return;
        }
        let Some(host) = self.roster.state_of(&recall.room) else {
            return;
        };
        let ours = self.operation.card.room == *own;
        if ours {
            let sentence = format!("CEASE ordered by {}: {}", recall.room, recall.words);
            let kind = AlarmKind::CeaseOrdered;
            let action = "Order the units to stop, and confirm with each";
            let cause = self.with_host(host, kind, recall.at, sentence, action);
            self.causes.push(cause);
        }
        let agreed = self.agreed(host);
        let kind = AlarmKind::CeaseUnanswered;
        if recall.read.is_none() {
            let room = &self.operation.card.room;
            let sentence = format!("CEASE: nobody in {room} has confirmed it");
            let cause = self.with_host(host, kind, recall.at, sentence, "Call; radio the units");
            self.causes
                .push(cause.after(agreed.span(Figure::CeaseRoomLate)));
        }
        for unit in recall.open(self.operation) {
            let sentence = format!("CEASE: {} has not confirmed it", self.name(unit));
            let subject = self.of_unit(unit, Some(host));
            let action = "Radio, or call the unit";
            let cause = Cause::now(kind, subject, recall.at, sentence, action);
            self.causes
                .push(cause.after(agreed.span(Figure::CeaseUnitLate)));
        }
    }

    /// What is amiss with the room of a host, or with this room as that of one.
    fn with_host(
        &self,
        host: State,
        kind: AlarmKind,
        since: Timestamp,
        sentence: String,
        action: &'static str,
    ) -> Cause {
        Cause::now(kind, self.of_host(host), since, sentence, action)
    }

    fn of_host(&self, host: State) -> Subject {
        self.subject(|subject| subject.host = Some(host))
    }
}

/// So long before a moment.
fn before(at: Timestamp, span: Span) -> Timestamp {
    at.plus(Span::from_millis(-span.as_millis()))
}
