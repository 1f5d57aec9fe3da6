use super::*;
use crate::domain::ids::{MessageId, OperationId};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::said::{EyesSaid, RefusedFor, WithdrawnFor};
use crate::domain::operations::handover::{Epoch, ExpectedAt};

/// A and B as the table sees them: one state, and messages one after the other.
struct Talk {
    state: Handover,
    number: u64,
    last: MessageId,
}

fn room(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

fn terms(name: &str) -> Terms {
    Terms {
        crossing_points: vec![ExpectedAt {
            name: name.into(),
            position: None,
            percent: None,
        }],
        ..Terms::default()
    }
}

fn digest_of(number: u64) -> Arc<str> {
    format!("digest {number}").into()
}

impl Talk {
    fn new() -> Self {
        let state = Handover::new(room("b"), room("a"), Timestamp::EPOCH);
        Self {
            state,
            number: 0,
            last: MessageId::parse("none").unwrap(),
        }
    }

    fn try_say(
        &mut self,
        from: &str,
        reply_to: Option<&MessageId>,
        body: Body,
    ) -> Result<(), Refusal> {
        let to = if from == "a" { "b" } else { "a" };
        self.number += 1;
        let said = Said {
            id: MessageId::of(&room(from), &room(to), self.number),
            operation: OperationId::parse("OP").unwrap(),
            from: room(from),
            to: room(to),
            by: None,
            at: Timestamp::from_millis(self.number as i64 * 1_000),
            number: self.number,
            epoch: Epoch::FIRST,
            reply_to: reply_to.cloned(),
            rules: None,
            profile: None,
            call: None,
            body,
        };
        self.state = after(&self.state, &said, &digest_of(self.number))?;
        self.last = said.id;
        Ok(())
    }

    fn say(&mut self, from: &str, reply_to: Option<&MessageId>, body: Body) -> MessageId {
        self.try_say(from, reply_to, body).unwrap();
        self.last.clone()
    }

    fn refused(&mut self, from: &str, reply_to: Option<&MessageId>, body: Body) -> Arc<str> {
        let before = self.state.clone();
        let refusal = self.try_say(from, reply_to, body).unwrap_err();
        assert_eq!(self.state, before);
        refusal.guard
    }

    /// Notified, proposed and accepted.
    fn agreed() -> Self {
        let mut talk = Self::new();
        talk.say("a", None, Body::Notifies(terms("COP-2")));
        let proposal = talk.say("a", None, Body::Proposes(terms("COP-2")));
        talk.say("b", Some(&proposal), accepts(2));
        talk
    }
}

fn accepts(number: u64) -> Body {
    Body::Accepts {
        digest: digest_of(number),
    }
}

fn refuses() -> Body {
    Body::Refuses {
        reason: RefusedFor::NoUnit,
        words: "".into(),
    }
}

fn withdraws(back_to: BackTo) -> Body {
    Body::Withdraws {
        back_to,
        reason: WithdrawnFor::Route,
        words: "".into(),
    }
}

fn stands_by() -> Body {
    Body::StandsBy {
        who: "Sgt Pop".into(),
        until: Timestamp::from_millis(99_000),
    }
}

#[test]
fn the_straight_way_leads_from_a_notice_to_the_lead_passed() {
    let mut talk = Talk::new();
    talk.say("a", None, Body::Notifies(terms("COP-2")));
    assert_eq!(talk.state.phase, Phase::Notified);
    let proposal = talk.say("a", None, Body::Proposes(terms("COP-2")));
    assert_eq!(talk.state.phase, Phase::Proposed);
    talk.say("b", Some(&proposal), stands_by());
    assert_eq!(talk.state.phase, Phase::StandBy);
    let counter = talk.say("b", Some(&proposal), Body::Counters(terms("COP-1")));
    assert_eq!(talk.state.phase, Phase::Countered);
    assert_eq!(talk.state.stand_by, None, "what was promised is done");
    talk.say("a", Some(&counter), accepts(4));
    assert_eq!(talk.state.phase, Phase::Agreed);
    assert_eq!(talk.state.agreed.as_ref().unwrap().terms, terms("COP-1"));
    let offer = talk.say("a", None, Body::Offers);
    assert_eq!(talk.state.phase, Phase::Transferring);
    talk.say("b", Some(&offer), Body::Assumes);
    assert_eq!(talk.state.phase, Phase::Passed);
    assert_eq!(talk.state.since, Timestamp::from_millis(7_000));
}

#[test]
fn only_the_hash_of_what_was_proposed_last_is_accepted() {
    let mut talk = Talk::new();
    let first = talk.say("a", None, Body::Proposes(terms("COP-2")));
    assert_eq!(&*talk.refused("b", Some(&first), accepts(9)), "other_hash");
    let second = talk.say("a", None, Body::Proposes(terms("COP-1")));
    assert_eq!(&*talk.refused("b", Some(&first), accepts(1)), "outdated");
    assert_eq!(
        &*talk.refused("a", Some(&second), accepts(3)),
        "of_other_side"
    );
    talk.say("b", Some(&second), accepts(3));
    assert_eq!(talk.state.phase, Phase::Agreed);
}

#[test]
fn terms_are_countered_three_times_and_no_more() {
    let mut talk = Talk::new();
    let mut last = talk.say("a", None, Body::Proposes(terms("COP-2")));
    for from in ["b", "a", "b"] {
        last = talk.say(from, Some(&last), Body::Counters(terms("COP-1")));
    }
    assert_eq!(talk.state.phase, Phase::Countered);
    let guard = talk.refused("a", Some(&last), Body::Counters(terms("COP-3")));
    assert_eq!(&*guard, "too_many_counters");
    talk.say("a", Some(&last), refuses());
    assert_eq!(talk.state.phase, Phase::Notified, "the notice stays");
}

#[test]
fn while_a_revision_waits_the_old_terms_are_in_force() {
    let mut talk = Talk::agreed();
    let revision = talk.say("a", None, Body::Revises(terms("COP-1")));
    assert!(talk.state.is_revising());
    assert_eq!(talk.state.agreed.as_ref().unwrap().terms, terms("COP-2"));
    assert_eq!(
        talk.state.changes(),
        [crate::domain::operations::handover::Term::CrossingPoint]
    );
    talk.say("b", Some(&revision), stands_by());
    assert_eq!(talk.state.phase, Phase::Agreed, "it stays agreed");
    talk.say("b", Some(&revision), refuses());
    assert!(!talk.state.is_revising());
    assert_eq!(talk.state.agreed.as_ref().unwrap().terms, terms("COP-2"));
    let again = talk.say("a", None, Body::Revises(terms("COP-1")));
    talk.say("b", Some(&again), accepts(talk.number));
    assert_eq!(talk.state.agreed.as_ref().unwrap().terms, terms("COP-1"));
}

#[test]
fn an_offer_that_is_refused_or_taken_back_leaves_what_was_agreed() {
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&offer), refuses());
    assert_eq!(
        (talk.state.phase, &talk.state.offered),
        (Phase::Agreed, &None)
    );
    let offer = talk.say("a", None, Body::Offers);
    let back = talk.say("a", None, withdraws(BackTo::Agreement));
    assert_eq!(talk.state.phase, Phase::Transferring, "until it is read");
    let guard = talk.refused("a", None, withdraws(BackTo::Notice));
    assert_eq!(&*guard, "offer_first");
    talk.say("b", Some(&back), Body::HasRead);
    assert_eq!(talk.state.phase, Phase::Agreed);
    assert_eq!(
        &*talk.refused("b", Some(&offer), Body::Assumes),
        "not_offered"
    );
}

#[test]
fn an_assumption_that_meets_a_withdrawal_nobody_has_read_wins() {
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("a", None, withdraws(BackTo::Agreement));
    talk.say("b", Some(&offer), Body::Assumes);
    assert_eq!(
        (talk.state.phase, &talk.state.withdrawing),
        (Phase::Passed, &None)
    );
    let guard = talk.refused("a", None, withdraws(BackTo::Agreement));
    assert_eq!(&*guard, "control_already_moved");
}

#[test]
fn a_withdrawal_holds_when_a_person_of_the_other_room_has_read_it() {
    for (back_to, phase) in [
        (BackTo::Nothing, Phase::Idle),
        (BackTo::Notice, Phase::Notified),
    ] {
        let mut talk = Talk::agreed();
        let back = talk.say("a", None, withdraws(back_to));
        assert_eq!(talk.state.phase, Phase::Agreed);
        talk.say("a", Some(&back), Body::HasRead);
        assert_eq!(
            talk.state.phase,
            Phase::Agreed,
            "its own word does not end it"
        );
        talk.say("b", Some(&back), Body::HasRead);
        assert_eq!((talk.state.phase, &talk.state.agreed), (phase, &None));
    }
}

#[test]
fn two_withdrawals_that_cross_are_one_and_the_wider_one_holds() {
    let mut talk = Talk::agreed();
    talk.say("a", None, withdraws(BackTo::Notice));
    talk.say("b", None, withdraws(BackTo::Nothing));
    assert_eq!(
        (talk.state.phase, &talk.state.withdrawing),
        (Phase::Idle, &None)
    );
}

#[test]
fn a_withdrawal_wins_over_an_offer_that_crosses_it() {
    let mut talk = Talk::agreed();
    talk.say("b", None, withdraws(BackTo::Notice));
    assert_eq!(&*talk.refused("a", None, Body::Offers), "being_withdrawn");
}

#[test]
fn the_lead_is_offered_without_an_agreement_only_to_who_asked_for_it() {
    let mut talk = Talk::new();
    assert_eq!(&*talk.refused("a", None, Body::Offers), "nothing_agreed");
    let asks = talk.say("b", None, Body::Requests);
    assert_eq!(&*talk.refused("a", None, Body::Requests), "leads_already");
    let offer = talk.say("a", Some(&asks), Body::Offers);
    assert_eq!(talk.state.requested, None);
    talk.say("b", Some(&offer), refuses());
    assert_eq!(talk.state.phase, Phase::Idle, "nothing else was said");
    let asks = talk.say("b", None, Body::Requests);
    talk.say("a", Some(&asks), refuses());
    assert_eq!(talk.state.requested, None);
    assert_eq!(&*talk.refused("a", None, Body::Offers), "nothing_agreed");
}

#[test]
fn an_assumption_names_the_offer_and_the_epoch() {
    let mut talk = Talk::agreed();
    let old = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&old), refuses());
    talk.say("a", None, Body::Offers);
    assert_eq!(
        &*talk.refused("b", Some(&old), Body::Assumes),
        "stale_epoch"
    );
    assert_eq!(&*talk.refused("b", None, Body::Assumes), "stale_epoch");
    let offer = talk.state.offered.clone().unwrap();
    talk.state.offered = Some(Offer {
        epoch: Epoch(2),
        ..offer.clone()
    });
    let guard = talk.refused("b", Some(&offer.message), Body::Assumes);
    assert_eq!(&*guard, "stale_epoch", "the epoch of the message is 1");
    assert_eq!(
        &*talk.refused("a", Some(&offer.message), Body::Assumes),
        "leads_already"
    );
}

#[test]
fn when_the_target_turns_the_sides_change() {
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&offer), Body::Assumes);
    assert_eq!(
        &*talk.refused("a", None, Body::Notifies(terms("COP-1"))),
        "control_already_moved"
    );
    talk.say("b", None, Body::Notifies(terms("COP-1")));
    assert_eq!(
        (talk.state.phase, &talk.state.giver),
        (Phase::Notified, &room("b"))
    );
    assert_eq!(
        talk.state.agreed, None,
        "what was agreed was of the way there"
    );
    assert_eq!(
        &*talk.refused("a", None, Body::Proposes(terms("COP-1"))),
        "of_other_side"
    );
}

#[test]
fn who_handed_over_can_ask_for_the_lead_back() {
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&offer), Body::Assumes);
    let asks = talk.say("a", None, Body::Requests);
    assert_eq!(
        (&talk.state.giver, talk.state.phase),
        (&room("b"), Phase::Idle)
    );
    let offer = talk.say("b", Some(&asks), Body::Offers);
    talk.say("a", Some(&offer), Body::Assumes);
    assert_eq!(talk.state.phase, Phase::Passed);
}

#[test]
fn a_dialogue_that_both_have_closed_begins_anew() {
    let mut talk = Talk::agreed();
    talk.say("b", None, Body::Closes);
    assert_eq!(
        &*talk.refused("a", None, Body::Proposes(terms("COP-1"))),
        "closed"
    );
    talk.say("a", None, Body::Closes);
    assert!(talk.state.is_closed());
    talk.say("a", None, Body::Notifies(terms("COP-1")));
    assert_eq!(
        (talk.state.phase, &talk.state.agreed),
        (Phase::Notified, &None)
    );
    assert!(!talk.state.is_closed());
}

#[test]
fn what_both_have_closed_only_a_new_round_opens() {
    let mut talk = Talk::agreed();
    talk.say("a", None, Body::Closes);
    talk.say("b", None, Body::Closes);
    for (from, body) in [
        ("b", Body::Requests),
        ("a", Body::Offers),
        ("a", Body::Revises(terms("COP-1"))),
        ("a", withdraws(BackTo::Notice)),
    ] {
        assert_eq!(&*talk.refused(from, None, body), "closed");
    }
    talk.say("a", None, Body::Proposes(terms("COP-1")));
    assert_eq!(talk.state.phase, Phase::Proposed);
    assert!(talk.state.closed_by.is_empty());
}

#[test]
fn who_has_closed_its_side_has_closed_it_when_the_sides_change() {
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&offer), Body::Assumes);
    talk.say("b", None, Body::Closes);
    talk.say("a", None, Body::Requests);
    assert_eq!(talk.state.giver, room("b"));
    assert!(talk.state.closed_by.contains(&room("b")));
}

#[test]
fn an_offer_refused_while_it_is_taken_back_is_over_in_either_order() {
    let eager = || {
        let mut talk = Talk::new();
        let asks = talk.say("b", None, Body::Requests);
        let offer = talk.say("a", Some(&asks), Body::Offers);
        (talk, offer)
    };
    let (mut talk, offer) = eager();
    talk.say("a", None, withdraws(BackTo::Agreement));
    talk.say("b", Some(&offer), refuses());
    assert_eq!(
        (talk.state.phase, &talk.state.withdrawing),
        (Phase::Idle, &None)
    );
    let mut talk = Talk::agreed();
    let offer = talk.say("a", None, Body::Offers);
    talk.say("b", Some(&offer), refuses());
    let guard = talk.refused("a", None, withdraws(BackTo::Agreement));
    assert_eq!(&*guard, "nothing_to_withdraw");
    assert_eq!(talk.state.withdrawing, None);
}

#[test]
fn terms_that_waited_for_an_answer_wait_for_it_after_an_eager_offer() {
    let mut talk = Talk::new();
    let asks = talk.say("b", None, Body::Requests);
    let proposal = talk.say("a", None, Body::Proposes(terms("COP-2")));
    let offer = talk.say("a", Some(&asks), Body::Offers);
    talk.say("b", Some(&offer), refuses());
    assert_eq!(talk.state.phase, Phase::Proposed);
    talk.say("b", Some(&proposal), accepts(2));
    assert_eq!(talk.state.phase, Phase::Agreed);
}

#[test]
fn what_says_nothing_of_the_lead_changes_nothing_of_it() {
    let mut talk = Talk::agreed();
    let before = talk.state.clone();
    let unit = crate::domain::ids::UnitId::parse("HU-1").unwrap();
    for body in [
        Body::Eyes {
            unit: unit.clone(),
            what: EyesSaid::Has,
        },
        Body::Releases(vec![unit]),
        Body::Ceases {
            words: "now".into(),
        },
        Body::Text {
            words: "ok".into(),
            language: None,
        },
    ] {
        talk.say("b", None, body);
    }
    assert_eq!(talk.state, before);
}
