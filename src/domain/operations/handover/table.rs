//! To where a message leads from where two rooms are (WORKFLOW 4.1, the rows in brackets).
//!
//! The table is one for both rooms: it does not ask who of them looks. A message that does not fit is refused with a guard
//! word that stays, and a sentence for people. What the table does not know (who leads, where units are, what a profile
//! tolerates) is asked in [`super::speak`] and [`super::hear`].

use super::code::Code;
use super::said::{BackTo, Body, Said};
use super::state::{Agreement, Handover, Offer, Phase, Proposal, StandBy, Withdrawal};
use super::terms::Terms;
use crate::domain::event::Refusal;
use crate::domain::ids::RoomId;
use crate::domain::operations::orders::refuse;
use std::sync::Arc;

/// How often terms can be countered before the rooms must speak by voice (section 2: three rounds).
pub const COUNTERS_MOST: u8 = 3;

/// The dialogue after a message holds for both rooms. `digest`: of its bytes.
///
/// # Errors
/// A [`Refusal`] when it does not fit.
pub fn after(before: &Handover, said: &Said, digest: &Arc<str>) -> Result<Handover, Refusal> {
    let step = Step {
        state: before.clone(),
        said,
        digest,
    };
    step.is_not_over()?;
    match &said.body {
        Body::Notifies(terms) => step.notifies(terms),
        Body::Proposes(terms) => step.proposes(terms),
        Body::Updates(terms) => step.updates(terms),
        Body::Revises(terms) => step.revises(terms),
        Body::StandsBy { who, until } => step.stands_by(StandBy {
            who: Arc::clone(who),
            until: *until,
        }),
        Body::Counters(terms) => step.counters(terms),
        Body::Accepts { digest } => step.accepts(digest),
        Body::Refuses { .. } => step.refuses(),
        Body::Withdraws { back_to, .. } => step.withdraws(*back_to),
        Body::Offers => step.offers(),
        Body::Requests => step.requests(),
        Body::Assumes => step.assumes(),
        Body::HasRead => Ok(step.has_read()),
        Body::Closes => Ok(step.closes()),
        Body::Tells(_)
        | Body::Authorises(_)
        | Body::Eyes { .. }
        | Body::Releases(_)
        | Body::Ceases { .. }
        | Body::AsksForMore { .. }
        | Body::Text { .. }
        | Body::Receipts
        | Body::Unfit { .. } => Ok(step.state),
    }
}

struct Step<'a> {
    state: Handover,
    said: &'a Said,
    digest: &'a Arc<str>,
}

type Stepped = Result<Handover, Refusal>;

impl Step<'_> {
    /// [1] and [18]: also by the room that took the lead, when the target turns: then the sides change.
    fn notifies(mut self, terms: &Terms) -> Stepped {
        self.begins_anew()?;
        self.of_giver()?;
        self.within(&[Phase::Idle, Phase::Notified], "already_proposed")?;
        self.state.notified = Some(terms.clone());
        self.state.to(Phase::Notified, self.said.at);
        Ok(self.state)
    }

    /// [2]; what was proposed and not answered is replaced.
    fn proposes(mut self, terms: &Terms) -> Stepped {
        self.begins_anew()?;
        self.of_giver()?;
        let open = [
            Phase::Idle,
            Phase::Notified,
            Phase::Proposed,
            Phase::StandBy,
        ];
        self.within(&open, "answer_first")?;
        (self.state.counters, self.state.stand_by) = (0, None);
        // Who is asked is notified by that.
        self.state.notified.get_or_insert_with(|| terms.clone());
        self.state.proposed = Some(self.proposal(terms));
        self.state.to(Phase::Proposed, self.said.at);
        Ok(self.state)
    }

    /// [8]: what both hold is told as it is now.
    fn updates(mut self, terms: &Terms) -> Stepped {
        self.of_giver()?;
        self.within(&[Phase::Notified, Phase::Agreed], "nothing_to_update")?;
        match &mut self.state.agreed {
            Some(agreed) => agreed.terms = terms.clone(),
            None => self.state.notified = Some(terms.clone()),
        }
        Ok(self.state)
    }

    /// [9]: the old terms are in force until the new ones are accepted.
    fn revises(mut self, terms: &Terms) -> Stepped {
        self.of_giver()?;
        self.within(&[Phase::Agreed], "nothing_agreed")?;
        let countered = self.state.proposed.as_ref();
        if countered.is_some_and(|open| open.by != self.said.from) {
            return Err(no(
                "answer_first",
                "The other room has made other terms: answer those first.",
            ));
        }
        (self.state.counters, self.state.stand_by) = (0, None);
        self.state.proposed = Some(self.proposal(terms));
        Ok(self.state)
    }

    /// [3], [10].
    fn stands_by(mut self, stand_by: StandBy) -> Stepped {
        self.answers()?;
        self.state.stand_by = Some(stand_by);
        if self.state.phase == Phase::Proposed {
            self.state.to(Phase::StandBy, self.said.at);
        }
        Ok(self.state)
    }

    /// [5], [6], [10].
    fn counters(mut self, terms: &Terms) -> Stepped {
        self.answers()?;
        if self.state.counters >= COUNTERS_MOST {
            let sentence =
                "Terms were countered three times: speak by telephone, then accept or refuse.";
            return Err(no("too_many_counters", sentence));
        }
        self.state.counters += 1;
        self.state.stand_by = None;
        self.state.proposed = Some(self.proposal(terms));
        if self.state.phase < Phase::Agreed {
            let phase = if self.said.from == self.state.giver {
                Phase::Proposed
            } else {
                Phase::Countered
            };
            self.state.to(phase, self.said.at);
        }
        Ok(self.state)
    }

    /// [4], [6], [10] and invariant I3: what is accepted is named by its hash.
    fn accepts(mut self, digest: &str) -> Stepped {
        self.answers()?;
        match self.state.proposed.take() {
            Some(open) if *open.digest == *digest => {
                self.state.agreed = Some(Agreement {
                    message: open.message,
                    digest: open.digest,
                    terms: open.terms,
                    since: self.said.at,
                });
            }
            _ => {
                let sentence = "What is accepted is not what was proposed last: look again.";
                return Err(no("other_hash", sentence));
            }
        }
        (self.state.counters, self.state.stand_by) = (0, None);
        if self.state.phase < Phase::Agreed {
            self.state.to(Phase::Agreed, self.said.at);
        }
        Ok(self.state)
    }

    /// [7], [10], [15]: of terms, of an offer, of a request.
    fn refuses(mut self) -> Stepped {
        let answered = self.said.reply_to.as_ref();
        let offer = self.state.offered.as_ref().map(|offer| &offer.message);
        if answered.is_some() && answered == offer && self.said.from != self.state.giver {
            self.takes_offer_back();
            return Ok(self.state);
        }
        let request = self.state.requested.as_ref();
        if answered.is_some() && answered == request && self.said.from == self.state.giver {
            self.state.requested = None;
            return Ok(self.state);
        }
        self.answers()?;
        self.state.proposed = None;
        (self.state.counters, self.state.stand_by) = (0, None);
        if self.state.phase < Phase::Agreed {
            self.state.to(Phase::Notified, self.said.at);
        }
        Ok(self.state)
    }

    /// [11], [15]: what is taken back holds until a person of the other room has read that. Two that cross are one.
    fn withdraws(mut self, back_to: BackTo) -> Stepped {
        match self.state.phase {
            Phase::Idle => return Err(no("nothing_to_withdraw", "There is nothing to take back.")),
            Phase::Passed => return Err(Self::already_moved()),
            // An offer that was refused in the meantime is nothing to take back any more.
            phase if back_to == BackTo::Agreement && phase != Phase::Transferring => {
                return Err(no("nothing_to_withdraw", "No offer stands."));
            }
            Phase::Transferring if back_to != BackTo::Agreement => {
                let sentence = "The lead is offered: take the offer back, or refuse it, first.";
                return Err(no("offer_first", sentence));
            }
            Phase::Notified
            | Phase::Proposed
            | Phase::StandBy
            | Phase::Countered
            | Phase::Agreed
            | Phase::Transferring => {}
        }
        match self.state.withdrawing.take() {
            Some(other) if other.by != self.said.from => {
                self.falls_back(other.back_to.min(back_to));
            }
            Some(own) => {
                self.state.withdrawing = Some(own);
                return Err(no("being_withdrawn", "It is being taken back already."));
            }
            None => {
                self.state.withdrawing = Some(Withdrawal {
                    message: self.said.id.clone(),
                    by: self.said.from.clone(),
                    back_to,
                });
            }
        }
        Ok(self.state)
    }

    /// A person has read it: of what is being taken back, that ends it.
    fn has_read(mut self) -> Handover {
        let of_withdrawal = |one: &Withdrawal| {
            self.said.reply_to.as_ref() == Some(&one.message) && one.by != self.said.from
        };
        if let Some(withdrawn) = self.state.withdrawing.take_if(|one| of_withdrawal(one)) {
            self.falls_back(withdrawn.back_to);
        }
        self.state
    }

    /// [12], [13]. A withdrawal wins over an offer that crosses it.
    fn offers(mut self) -> Stepped {
        self.of_giver()?;
        if self.state.withdrawing.is_some() {
            return Err(no(
                "being_withdrawn",
                "It is being taken back: the lead stays.",
            ));
        }
        let eager = self.state.requested.is_some() && self.state.phase < Phase::Agreed;
        if self.state.phase != Phase::Agreed && !eager {
            let sentence = match self.state.phase {
                Phase::Transferring => "The lead is offered already.",
                Phase::Passed => return Err(Self::already_moved()),
                _ => {
                    "Nothing is agreed, and the other room did not ask for the lead: propose first."
                }
            };
            return Err(no("nothing_agreed", sentence));
        }
        self.state.requested = None;
        self.state.offered = Some(Offer {
            message: self.said.id.clone(),
            epoch: self.said.epoch,
            at: self.said.at,
        });
        self.state.to(Phase::Transferring, self.said.at);
        Ok(self.state)
    }

    /// [13]; by the room that had handed over, it asks for the lead back: then the sides change.
    fn requests(mut self) -> Stepped {
        if self.state.phase == Phase::Passed && self.said.from == self.state.giver {
            self.other_way(self.said.to.clone());
        }
        if self.said.from == self.state.giver {
            return Err(no(
                "leads_already",
                "This room leads: there is nothing to ask for.",
            ));
        }
        match self.state.phase {
            Phase::Transferring => Err(no("offered_already", "The lead is offered: assume it.")),
            Phase::Passed => Err(Self::already_moved()),
            Phase::Idle
            | Phase::Notified
            | Phase::Proposed
            | Phase::StandBy
            | Phase::Countered
            | Phase::Agreed => {
                self.state.requested = Some(self.said.id.clone());
                Ok(self.state)
            }
        }
    }

    /// [14] and invariant I2: an assumption answers the offer of the epoch that runs.
    fn assumes(mut self) -> Stepped {
        let Some(offer) = self.state.offered.take() else {
            if self.state.phase == Phase::Passed {
                return Err(Self::already_moved());
            }
            return Err(no("not_offered", "The lead is not offered: ask for it."));
        };
        if self.said.from == self.state.giver {
            return Err(no(
                "leads_already",
                "This room leads: it offers, the other one assumes.",
            ));
        }
        let answers = self.said.reply_to.as_ref() == Some(&offer.message);
        if !answers || self.said.epoch != offer.epoch {
            return Err(no(
                "stale_epoch",
                "That is not the offer that stands: look again.",
            ));
        }
        self.state.proposed = None;
        self.state.stand_by = None;
        self.state.withdrawing = None;
        self.state.requested = None;
        self.state.to(Phase::Passed, self.said.at);
        Ok(self.state)
    }

    fn closes(mut self) -> Handover {
        self.state.closed_by.insert(self.said.from.clone());
        self.state
    }

    /// What both rooms have closed only a new round opens again.
    fn is_not_over(&self) -> Result<(), Refusal> {
        let code = self.said.body.code();
        let goes_on = code.negotiates() || code == Code::Abr;
        if self.state.is_closed() && goes_on && !matches!(code, Code::Ntf | Code::Pro) {
            return Err(no(
                "closed",
                "Both rooms have closed: notify or propose anew.",
            ));
        }
        Ok(())
    }

    /// A new round begins where the lead has passed, or both rooms had closed.
    fn begins_anew(&mut self) -> Result<(), Refusal> {
        if self.state.is_closed() {
            self.other_way(self.said.from.clone());
            self.state.closed_by.clear();
        } else if !self.state.closed_by.is_empty() {
            return Err(no(
                "closed",
                "One of the rooms has closed its side: speak by telephone.",
            ));
        }
        if self.state.phase == Phase::Passed {
            if self.said.from == self.state.giver {
                return Err(Self::already_moved());
            }
            self.other_way(self.said.from.clone());
        }
        Ok(())
    }

    /// Nothing is said yet, and this room hands over. Who has closed its side has closed it all the same.
    fn other_way(&mut self, giver: RoomId) {
        let fresh = Handover::new(self.state.partner.clone(), giver, self.said.at);
        let unreceipted = std::mem::take(&mut self.state.unreceipted);
        let closed_by = std::mem::take(&mut self.state.closed_by);
        self.state = Handover {
            unreceipted,
            closed_by,
            ..fresh
        };
    }

    fn of_giver(&self) -> Result<(), Refusal> {
        if self.said.from == self.state.giver {
            return Ok(());
        }
        Err(no(
            "of_other_side",
            "That is for the room that hands the lead over.",
        ))
    }

    fn within(&self, phases: &[Phase], guard: &str) -> Result<(), Refusal> {
        if phases.contains(&self.state.phase) {
            return Ok(());
        }
        let sentence = match self.state.phase {
            Phase::Passed => return Err(Self::already_moved()),
            Phase::Transferring => "The lead is offered: take the offer back first.",
            Phase::Agreed => "Terms are agreed: revise them, or take them back.",
            Phase::Countered => "The other room has made other terms: answer those first.",
            Phase::Idle => "Nothing was said yet: notify or propose first.",
            Phase::Notified => "Nothing is agreed yet: propose first.",
            Phase::Proposed | Phase::StandBy => "Terms are proposed and not answered yet.",
        };
        Err(no(guard, sentence))
    }

    /// That terms wait for an answer, of this sender, and that it answers those.
    fn answers(&self) -> Result<(), Refusal> {
        let Some(open) = &self.state.proposed else {
            return Err(no("nothing_proposed", "No terms wait for an answer."));
        };
        if open.by == self.said.from {
            return Err(no("of_other_side", "The other room answers."));
        }
        if self.said.reply_to.as_ref() != Some(&open.message) {
            return Err(no(
                "outdated",
                "Other terms were proposed since: look again.",
            ));
        }
        Ok(())
    }

    fn proposal(&self, terms: &Terms) -> Proposal {
        Proposal {
            message: self.said.id.clone(),
            digest: Arc::clone(self.digest),
            by: self.said.from.clone(),
            at: self.said.at,
            terms: terms.clone(),
        }
    }

    /// The offer is no more, nor what would have taken it back. Of an eager one terms may still wait for an answer.
    fn takes_offer_back(&mut self) {
        self.state.offered = None;
        let of_offer = |one: &mut Withdrawal| one.back_to == BackTo::Agreement;
        self.state.withdrawing.take_if(of_offer);
        let state = &self.state;
        let phase = match (&state.agreed, &state.proposed, &state.notified) {
            (Some(_), _, _) => Phase::Agreed,
            (None, Some(open), _) if open.by != state.giver => Phase::Countered,
            (None, Some(_), _) if state.stand_by.is_some() => Phase::StandBy,
            (None, Some(_), _) => Phase::Proposed,
            (None, None, Some(_)) => Phase::Notified,
            (None, None, None) => Phase::Idle,
        };
        self.state.to(phase, self.said.at);
    }

    fn falls_back(&mut self, back_to: BackTo) {
        if back_to == BackTo::Agreement {
            if self.state.phase == Phase::Transferring {
                self.takes_offer_back();
            }
            return;
        }
        self.state.agreed = None;
        self.state.proposed = None;
        self.state.stand_by = None;
        self.state.requested = None;
        self.state.offered = None;
        self.state.counters = 0;
        let keeps = back_to == BackTo::Notice && self.state.notified.is_some();
        if !keeps {
            self.state.notified = None;
        }
        let phase = if keeps { Phase::Notified } else { Phase::Idle };
        self.state.to(phase, self.said.at);
    }

    fn already_moved() -> Refusal {
        no("control_already_moved", "The lead has passed already.")
    }
}

fn no(guard: &str, sentence: &str) -> Refusal {
    refuse(guard, sentence.to_owned())
}

#[cfg(test)]
mod tests;
