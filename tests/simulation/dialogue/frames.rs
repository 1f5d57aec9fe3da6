//! What one service tells another: once and in order, and after a room was set back to an earlier state nothing is lost in
//! silence.

use super::checks::{self, count};
use super::people::{ROOMS, operation_id};
use super::play::{Play, Setting, Step};
use super::service::Service;
use limes::domain::event::{
    HandoverEvent, LinkEventKind, Missing, OperationEvent, OperationEventKind, What,
};
use limes::domain::exercise::noise::Random;
use limes::domain::ids::RoomId;
use limes::domain::input::{Cause, LinkNews};
use limes::domain::operations::handover::{Body, Code, Envelope};
use limes::domain::world::Answer;
use std::sync::Arc;

/// An exercise that has begun: some words were said, and everything has arrived.
fn begun() -> Play {
    let mut play = Play::new(7, Setting::default());
    play.step(Step::Pass(5_000)).unwrap();
    say(&mut play, 0, Code::Ntf);
    play.settle().unwrap();
    play
}

fn say(play: &mut Play, me: usize, code: Code) {
    // The dice of a screen that fills everything in as it should be.
    let mut dice = Random::seeded(4);
    let body = match code {
        Code::Txt => Body::Text {
            words: "a word".into(),
            language: None,
        },
        _ => play.desk(me).body(code, &mut dice),
    };
    let cause = play.desk(me).says(body, None, None);
    let answer = play.services[me].decide(cause, play.now).unwrap();
    assert!(
        matches!(answer, Answer::Done { .. }),
        "{code:?}: {answer:?}"
    );
}

fn texts(service: &Service) -> usize {
    count(&service.ledger, "handover.txt")
}

/// What a room has not confirmed of the other one's frames, oldest first.
fn waiting(service: &Service) -> Vec<Envelope> {
    service
        .link()
        .waiting(0)
        .map(|(_, it)| it.clone())
        .collect()
}

/// The two meet: each says what it has of the other one.
fn meet(play: &mut Play) {
    for me in [0, 1] {
        let theirs = play.services[1 - me].link();
        let news = [
            Some(LinkNews::Met {
                taken: theirs.taken(),
                digest: Arc::clone(theirs.taken_digest()),
                said: play.services[1 - me].heard(),
            }),
            None,
        ];
        tell(play, me, news.into_iter().flatten());
        // Then what the other one waits for, or that it can never come.
        let link = play.services[me].link();
        let first = link
            .waiting(0)
            .next()
            .map_or(link.sent() + 1, |(number, _)| number);
        tell(play, 1 - me, [LinkNews::GoesOnWith(first)]);
    }
}

fn tell(play: &mut Play, me: usize, news: impl IntoIterator<Item = LinkNews>) {
    let partner = RoomId::parse(ROOMS[1 - me]).unwrap();
    for news in news {
        let partner = partner.clone();
        let cause = Cause::Link { partner, news };
        play.services[me].decide(cause, play.now).unwrap();
    }
}

/// What of the words of this room, or of the other one's, is missing for good.
fn missing(service: &Service, told_here: bool) -> Vec<Missing> {
    let of = |what: &What| match what {
        What::Link(link) => match link.kind {
            LinkEventKind::Missing(missing) => Some(missing),
            _ => None,
        },
        _ => None,
    };
    let all = service.ledger.iter().filter_map(|event| of(&event.what));
    all.filter(|missing| missing.told_here == told_here)
        .collect()
}

/// The alarms of the link that stand in a room.
fn alarms(service: &Service) -> Vec<&'static str> {
    let standing = service.world().alarms().standing();
    let of_link = standing.filter(|alarm| alarm.subject.room.is_some());
    of_link.map(|alarm| alarm.kind.code()).collect()
}

/// Why the other room's machine refused what this one said.
fn refused(service: &Service) -> Vec<Arc<str>> {
    let of = |what: &What| match what {
        What::Operation(OperationEvent {
            kind:
                OperationEventKind::Handover(HandoverEvent::Said {
                    said, sent: false, ..
                }),
            ..
        }) => match &said.body {
            Body::Unfit { guard, .. } => Some(Arc::clone(guard)),
            _ => None,
        },
        _ => None,
    };
    let all = service.ledger.iter();
    all.filter_map(|event| of(&event.what)).collect()
}

#[test]
fn a_frame_is_taken_once_and_in_order_however_often_and_whenever_it_comes() {
    let mut play = begun();
    let now = play.now;
    say(&mut play, 0, Code::Txt);
    say(&mut play, 0, Code::Txt);
    let frames = waiting(&play.services[0]);
    let [first, second] = &frames[..] else {
        panic!("two frames, not {}", frames.len());
    };
    let before = play.services[1].link().taken();
    let taken: Vec<u64> = [second, first, first, second, second, first]
        .map(|frame| play.services[1].take(frame.clone(), now).unwrap())
        .to_vec();
    let at = |more: u64| before + more;
    assert_eq!(taken, [at(0), at(1), at(1), at(2), at(2), at(2)]);
    assert_eq!(texts(&play.services[1]), 2);
}

#[test]
fn a_frame_of_another_room_or_of_no_form_is_refused_and_kept_as_refused_once() {
    let mut play = begun();
    let now = play.now;
    say(&mut play, 0, Code::Txt);
    let frame = waiting(&play.services[0]).remove(0);
    let before = play.services[1].link().taken();
    let of = |bytes: String| Envelope {
        bytes: bytes.into(),
        ..frame.clone()
    };
    let bytes = frame.bytes.to_string();
    let other_room = of(bytes.replacen("\"from\":\"budapest\"", "\"from\":\"szeged\"", 1));
    let other_version = of(bytes.replacen("\"schema\":1", "\"schema\":9", 1));
    for wrong in [
        other_room.clone(),
        other_version,
        of("{".to_owned()),
        other_room,
    ] {
        assert_eq!(play.services[1].take(wrong, now).unwrap(), before);
    }
    assert_eq!(count(&play.services[1].ledger, "link.refused"), 3);
    assert_eq!(texts(&play.services[1]), 0);
    play.settle().unwrap();
    assert_eq!(texts(&play.services[1]), 1);
}

#[test]
fn a_room_that_was_set_back_tells_what_it_says_then_under_numbers_that_nobody_has_seen() {
    let mut play = begun();
    let earlier = play.services[0].ledger.len();
    say(&mut play, 0, Code::Txt);
    play.settle().unwrap();
    let told = play.services[0].link().sent();
    play.services[0].set_back(earlier, play.now);
    assert!(
        play.services[0].link().sent() < told,
        "it does not know what it told"
    );
    // Before the two meet it says something else, under a number that the partner has.
    say(&mut play, 0, Code::Txt);
    // The partner knows another message under its number: what was said before the two met is refused, and said again.
    meet(&mut play);
    let [missing] = missing(&play.services[0], true)[..] else {
        panic!("what is missing is told once");
    };
    assert_eq!(missing.through, told);
    assert_eq!(alarms(&play.services[0]), ["A59"]);
    play.settle().unwrap();
    assert_eq!(texts(&play.services[1]), 1, "the lost word alone");
    assert_eq!(refused(&play.services[0]), ["number_taken".into()]);
    say(&mut play, 0, Code::Txt);
    play.settle().unwrap();
    assert_eq!(texts(&play.services[1]), 2, "a number of its own");
    assert_eq!(refused(&play.services[0]).len(), 1);
    assert!(play.services[0].link().sent() > told);
}

#[test]
fn a_partner_that_was_set_back_hears_what_comes_next_and_what_is_missing_is_recorded() {
    let mut play = begun();
    let earlier = play.services[1].ledger.len();
    say(&mut play, 0, Code::Txt);
    play.settle().unwrap();
    let told = play.services[0].link().sent();
    play.services[1].set_back(earlier, play.now);
    say(&mut play, 0, Code::Txt);
    meet(&mut play);
    let [missing] = missing(&play.services[1], false)[..] else {
        panic!("what is missing is told once");
    };
    assert_eq!(missing.through, told);
    play.settle().unwrap();
    assert_eq!(texts(&play.services[1]), 1, "the word that is not missing");
}

/// Each says who leads, as with every heartbeat.
fn compare_leads(play: &mut Play) {
    for me in [0, 1] {
        let theirs = &play.services[1 - me];
        let link = theirs.link();
        let news = LinkNews::Leads {
            sent: link.sent(),
            taken: link.taken(),
            leads: theirs
                .world()
                .leads_told_to(&RoomId::parse(ROOMS[me]).unwrap()),
        };
        tell(play, me, [news]);
    }
}

/// Everything arrives, whatever holds meanwhile.
fn deliver(play: &mut Play) {
    let now = play.now;
    while play.services.iter().any(|service| service.waits() > 0) {
        for me in [0, 1] {
            for frame in waiting(&play.services[me]) {
                let taken = play.services[1 - me].take(frame, now).unwrap();
                play.services[me].confirmed(taken, now).unwrap();
            }
        }
    }
}

/// Who leads, as each room says.
fn leads(play: &Play) -> [String; 2] {
    play.services.each_ref().map(|service| {
        let lead = &service.world().operations()[&operation_id()].lead;
        format!("{} {}", lead.room, lead.epoch)
    })
}

#[test]
fn two_rooms_that_name_different_leads_say_so_and_nothing_of_the_lead_is_said_until_they_agree() {
    let mut play = begun();
    for (me, code) in [(0, Code::Pro), (1, Code::Acp)] {
        say(&mut play, me, code);
        play.settle().unwrap();
    }
    let earlier = play.services[0].ledger.len();
    for (me, code) in [(1, Code::Rof), (0, Code::Hop), (1, Code::Mas)] {
        say(&mut play, me, code);
        play.settle().unwrap();
    }
    assert_eq!(leads(&play), ["arad e2", "arad e2"]);
    compare_leads(&mut play);
    let disputed = |play: &Play| {
        let services = play.services.each_ref();
        services.map(|service| count(&service.ledger, "lead.disputed"))
    };
    assert_eq!(disputed(&play), [0, 0]);
    play.services[0].set_back(earlier, play.now);
    assert_eq!(leads(&play), ["budapest e1", "arad e2"]);
    meet(&mut play);
    // While something is still under way nothing is said of it: it may be what makes them agree.
    say(&mut play, 1, Code::Txt);
    compare_leads(&mut play);
    assert_eq!(disputed(&play), [0, 0]);
    deliver(&mut play);
    checks::at_every_moment(&play.services).unwrap_err();
    compare_leads(&mut play);
    compare_leads(&mut play);
    assert_eq!(disputed(&play), [1, 1]);
    checks::at_every_moment(&play.services).unwrap();
    for service in &play.services {
        let alarms = service.world().alarms().standing();
        let mut codes = alarms.map(|alarm| alarm.kind.code());
        assert!(codes.any(|code| code == "A06"), "{}", service.room);
    }
    let offers = play.desk(0).says(Body::Offers, None, None);
    let answer = play.services[0].decide(offers, play.now).unwrap();
    let Answer::Refused(refusal) = answer else {
        panic!("the lead is in dispute: {answer:?}");
    };
    assert_eq!(&*refusal.guard, "lead_disputed");
}

#[test]
fn two_rooms_that_meet_with_nothing_lost_record_nothing_of_it() {
    let mut play = begun();
    let ledgers = play.services.each_ref().map(|service| service.ledger.len());
    meet(&mut play);
    meet(&mut play);
    assert_eq!(
        play.services.each_ref().map(|service| service.ledger.len()),
        ledgers
    );
}
