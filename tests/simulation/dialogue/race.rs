//! Messages that cross: in every state that two rooms can reach, each says something before it has heard the other one.
//! Whichever arrives first, both must end in one state.

use super::checks;
use super::people::{Desk, SAYABLE, unit};
use super::play::{Play, Setting, Step};
use super::service::Service;
use crate::checks::Broken;
use limes::domain::event::{Event, HandoverEvent, OperationEvent, OperationEventKind, What};
use limes::domain::exercise::noise::Random;
use limes::domain::input::{Cause, Message, MessageBody};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::handover::said::{BackTo, EyesSaid, WithdrawnFor};
use limes::domain::operations::handover::{Body, Code, Handover, Phase};
use limes::wire::dialogue::letter::read;
use std::collections::{BTreeSet, VecDeque};

/// Of those that begin where nothing has crossed, one race of so many is run when nobody asks for more.
const SOME: usize = 29;

/// Two rooms without a line: what is said waits until it is delivered.
#[derive(Clone)]
struct Pair {
    services: [Service; 2],
    /// What waits to be heard by each room.
    waiting: [VecDeque<Message>; 2],
    now: Timestamp,
    /// How it came here, for a person to read.
    path: Vec<String>,
}

impl Pair {
    fn of(play: &Play) -> Self {
        let mut services = play.services.clone();
        for service in &mut services {
            // Nothing is folded again here.
            service.ledger.clear();
        }
        Self {
            services,
            waiting: [VecDeque::new(), VecDeque::new()],
            now: play.now,
            path: Vec::new(),
        }
    }

    fn desk(&self, me: usize) -> Desk<'_> {
        Desk {
            me,
            service: &self.services[me],
            now: self.now,
        }
    }

    fn state(&self, me: usize) -> Handover {
        self.desk(me).state().expect("it is shared")
    }

    fn decide(&mut self, me: usize, cause: Cause) -> Result<(), Broken> {
        self.now = self.now.plus(Span::from_millis(100));
        self.services[me].decide(cause, self.now)?;
        for frame in self.services[me].frames(self.now)? {
            let message = |body| Message {
                from: frame.from.clone(),
                to: frame.to.clone(),
                body,
            };
            self.waiting[1 - me].extend(frame.messages.into_iter().map(message));
        }
        self.services[me].ledger.clear();
        checks::at_every_moment(&self.services)
    }

    /// Delivers everything; what waits for this room first.
    fn deliver(&mut self, first: usize) -> Result<(), Broken> {
        loop {
            let next = [first, 1 - first]
                .into_iter()
                .find(|to| !self.waiting[*to].is_empty());
            let Some(to) = next else { return Ok(()) };
            if let Some(message) = self.waiting[to].pop_front() {
                self.decide(to, Cause::Message(message))?;
            }
        }
    }

    /// What this room could say now that moves the dialogue, with a word for each.
    fn allowed(&mut self, me: usize) -> Vec<(String, Cause)> {
        let mut all = Vec::new();
        for code in SAYABLE {
            all.extend(self.causes(me, code));
        }
        let now = self.now;
        all.retain(|(_, cause)| self.services[me].would(cause, now));
        all
    }

    fn causes(&self, me: usize, code: Code) -> Vec<(String, Cause)> {
        let desk = self.desk(me);
        let word = code.as_str();
        // The dice of a screen that fills everything in as it should be.
        let mut random = Random::seeded(4);
        match code {
            // They move no dialogue, and cross everything.
            Code::Txt | Code::Rel | Code::Cease | Code::Aut | Code::Eye => Vec::new(),
            Code::Abr => {
                let back = |back_to: &BackTo| {
                    let body = Body::Withdraws {
                        back_to: *back_to,
                        reason: WithdrawnFor::Route,
                        words: "".into(),
                    };
                    let named = format!("{word} to {}", back_to.as_str());
                    (named, desk.says(body, None, None))
                };
                BackTo::ALL.iter().map(back).collect()
            }
            Code::Ack => {
                let withdrawing = self.state(me).withdrawing;
                let read = withdrawing.map(|one| desk.says(Body::HasRead, Some(one.message), None));
                read.into_iter()
                    .map(|cause| (word.to_owned(), cause))
                    .collect()
            }
            Code::Acp => {
                let open = self.state(me).proposed;
                let accepts = open.map(|open| Body::Accepts {
                    digest: open.digest,
                });
                let accepts = accepts.map(|body| desk.says(body, None, None));
                accepts
                    .into_iter()
                    .map(|cause| (word.to_owned(), cause))
                    .collect()
            }
            _ => vec![(
                word.to_owned(),
                desk.says(desk.body(code, &mut random), None, None),
            )],
        }
    }

    /// What tells states apart; whether terms are these or those does not.
    fn key(&self) -> String {
        let state = self.state(0);
        let operation = checks::picture(&self.services[0]).remove("lead");
        let leader = operation.unwrap_or_default();
        let leader = leader.split(' ').next().unwrap_or_default().to_owned();
        let proposed = state.proposed.as_ref().map(|open| open.by.clone());
        let withdrawing = state
            .withdrawing
            .as_ref()
            .map(|one| (one.by.clone(), one.back_to));
        format!(
            "{} by {}, {leader} leads; notified {}, agreed {}, proposed {proposed:?} ({}), stand by {}, withdrawing \
             {withdrawing:?}, requested {}, closed {:?}",
            state.phase.as_str(),
            state.giver,
            state.notified.is_some(),
            state.agreed.is_some(),
            state.counters.min(1) + state.counters / 3,
            state.stand_by.is_some(),
            state.requested.is_some(),
            state.closed_by
        )
    }

    fn is_one(&self) -> Result<(), Broken> {
        checks::both_see_the_same(&self.services)?;
        checks::nothing_waits(&self.services)
    }
}

/// A crossing notified and the host's unit at the target; in one of them a unit has crossed, so that nobody can close.
fn roots() -> [Pair; 2] {
    [false, true].map(|crossed| {
        let mut play = Play::new(1, Setting::default());
        if crossed {
            play.step(Step::Pass(80_000)).unwrap();
            play.settle().unwrap();
        }
        let mut pair = Pair::of(&play);
        if !crossed {
            let cause = pair.causes(0, Code::Ntf).remove(0).1;
            pair.decide(0, cause).unwrap();
            pair.deliver(0).unwrap();
        }
        let eyes = Body::Eyes {
            unit: unit("RO-1"),
            what: EyesSaid::Has,
        };
        let cause = pair.desk(1).says(eyes, None, None);
        pair.decide(1, cause).unwrap();
        pair.deliver(0).unwrap();
        pair.path
            .push(if crossed { "crossed" } else { "notified" }.to_owned());
        pair
    })
}

/// Every state that can be reached by messages that do not cross, each once.
fn reachable(roots: &[Pair], broken: &mut BTreeSet<String>) -> Vec<Pair> {
    let mut known = BTreeSet::new();
    let mut found: Vec<Pair> = Vec::new();
    let mut open = VecDeque::from(roots.to_vec());
    while let Some(mut pair) = open.pop_front() {
        if !known.insert((pair.path[0].clone(), pair.key())) {
            continue;
        }
        for me in [0, 1] {
            for (word, cause) in pair.allowed(me) {
                let mut next = pair.clone();
                next.path.push(format!("{} {word}", next.services[me].room));
                let came = next.decide(me, cause).and_then(|()| next.deliver(1 - me));
                match came.and_then(|()| next.is_one()) {
                    Ok(()) => open.push_back(next),
                    Err(it) => {
                        broken.insert(format!("{}: {}", next.path.join(", "), it.0));
                    }
                }
            }
        }
        found.push(pair);
    }
    found
}

#[test]
fn whatever_two_rooms_say_at_the_same_time_they_end_in_one_state() {
    // All of them take minutes.
    let all = std::env::var_os("LIMES_SEEDS").is_some();
    let (from, every) = if all { (2, 1) } else { (1, SOME) };
    let mut broken = BTreeSet::new();
    let states = reachable(&roots()[..from], &mut broken);
    let mut raced = 0_usize;
    for mut pair in states.clone() {
        let ours = pair.allowed(0);
        let theirs = pair.allowed(1);
        for (one, said_here) in &ours {
            for (other, said_there) in &theirs {
                for first in [0, 1] {
                    raced += 1;
                    if !raced.is_multiple_of(every) {
                        continue;
                    }
                    let mut race = pair.clone();
                    let both = race
                        .decide(0, said_here.clone())
                        .and_then(|()| race.decide(1, said_there.clone()));
                    let end = both.and_then(|()| race.deliver(first));
                    if let Err(it) = end.and_then(|()| race.is_one()) {
                        let path = pair.path.join(", ");
                        broken.insert(format!("{one} × {other} after {path}: {}", it.0));
                    }
                }
            }
        }
    }
    eprintln!(
        "{} states, {raced} races, {} broken",
        states.len(),
        broken.len()
    );
    assert!(
        states.len() > 50 && raced > 1_000,
        "{} states, {raced}",
        states.len()
    );
    let told: Vec<String> = broken.into_iter().collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What a machine answered, in the order in which it waits for a room.
fn answers(pair: &Pair, to: usize) -> Vec<Code> {
    let said = |message: &Message| match &message.body {
        MessageBody::Said(envelope) => read(&envelope.bytes).ok().map(|said| said.body.code()),
        _ => None,
    };
    pair.waiting[to].iter().filter_map(said).collect()
}

#[test]
fn what_was_refused_is_refused_again_when_it_comes_again() {
    let [mut pair, _] = roots();
    for (me, code) in [(0, Code::Pro), (1, Code::Acp)] {
        let (_, cause) = pair.causes(me, code).remove(0);
        pair.decide(me, cause).unwrap();
        pair.deliver(0).unwrap();
    }
    // An offer crosses a withdrawal.
    let (_, offers) = pair.causes(0, Code::Hop).remove(0);
    let (_, withdraws) = pair.causes(1, Code::Abr).remove(1);
    pair.decide(1, withdraws).unwrap();
    pair.decide(0, offers).unwrap();
    let offer = pair.waiting[1].pop_front().unwrap();
    for _ in 0..2 {
        pair.decide(1, Cause::Message(offer.clone())).unwrap();
    }
    assert_eq!(answers(&pair, 0), [Code::Abr, Code::Lrm, Code::Lrm]);
    assert_eq!(pair.state(1).phase, Phase::Agreed);
}

/// One line of what was said, or how the lead passed.
pub(crate) fn in_words(event: &Event) -> Option<String> {
    let What::Operation(OperationEvent { kind, .. }) = &event.what else {
        return None;
    };
    let it = match kind {
        OperationEventKind::Handover(it) => it,
        OperationEventKind::OrderRefused { order, refusal, .. } => {
            return Some(format!("may not say {order}: {}", refusal.guard));
        }
        OperationEventKind::Assessed {
            unit: Some(unit),
            assessment,
            ..
        } => return Some(format!("{unit}: {}", assessment.verdict.as_str())),
        _ => return None,
    };
    Some(match it {
        HandoverEvent::Said {
            sent, said, state, ..
        } => format!(
            "{} {} {} {}{} -> {}, {} wait",
            if *sent { "says" } else { "hears" },
            said.id,
            said.body.code().as_str(),
            said.epoch,
            said.reply_to
                .as_ref()
                .map_or(String::new(), |id| format!(" to {id}")),
            state.phase.as_str(),
            state.unreceipted.len()
        ),
        HandoverEvent::LeadMoved { lead, .. } => format!("{} leads ({})", lead.room, lead.epoch),
        other => other.word().to_owned(),
    })
}
