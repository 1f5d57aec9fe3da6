//! Two rooms, each a service of its own, on a line that fails: whatever persons press and whenever the line or a process
//! breaks, the invariants of [`limes::domain::invariant`] hold at every moment, and once everything has arrived both rooms
//! are as far as each other.
//!
//! `LIMES_SEEDS=5000 cargo test --release --test simulation dialogue` plays more of them; a failure prints its seed and the
//! steps that are needed for it. `LIMES_SEED=7` plays one. In every other seed persons also write down what they said by
//! telephone.

mod checks;
mod fault;
mod frames;
mod link;
mod people;
mod play;
mod race;
mod service;

use crate::checks::Broken;
use fault::Fault;
use limes::domain::operations::handover::Code;
use play::{Play, Setting, Step, run, shrink, steps};

/// So many steps has one exercise.
const STEPS: usize = 160;

/// Which seeds are played: as many as asked for, or the one.
fn seeds(ordinary: u64) -> std::ops::Range<u64> {
    let asked = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    match (asked("LIMES_SEED"), asked("LIMES_SEEDS")) {
        (Some(one), _) => one..one + 1,
        (None, many) => 0..many.unwrap_or(ordinary),
    }
}

/// What a failing run needs to fail, to be read by a person.
fn told(seed: u64, broken: &Broken, setting: Setting) -> String {
    let kind = broken.0.split(' ').next().unwrap_or_default();
    let needed = shrink(seed, &steps(seed, STEPS), setting, kind);
    let again = run(seed, &needed, setting).err();
    let again = again.map_or_else(String::new, |broken| broken.0);
    format!(
        "seed {seed}: {}\nwith {} steps: {again}\n{}",
        broken.0,
        needed.len(),
        in_words(seed, &needed, setting)
    )
}

/// What was said in a run, room by room.
fn in_words(seed: u64, needed: &[Step], setting: Setting) -> String {
    let mut play = Play::new(seed, setting);
    let mut lines = Vec::new();
    let mut known = play.services.each_ref().map(|service| service.ledger.len());
    for step in needed {
        let ended = play.step(*step).is_err();
        lines.push(format!("{step:?}"));
        lines.extend(news(&play, &mut known));
        if ended {
            return lines.join("\n");
        }
    }
    // What becomes of it is told, whether it holds or not.
    let _ = play.settle();
    lines.push("settles".to_owned());
    lines.extend(news(&play, &mut known));
    lines.join("\n")
}

fn news(play: &Play, known: &mut [usize; 2]) -> Vec<String> {
    let mut lines = Vec::new();
    for (service, known) in play.services.iter().zip(known) {
        let new = service.ledger[(*known).min(service.ledger.len())..].iter();
        let words = new.filter_map(race::in_words);
        lines.extend(words.map(|words| format!("    {}: {words}", service.room)));
        *known = service.ledger.len();
    }
    lines
}

#[test]
fn two_rooms_on_a_line_that_fails_keep_the_invariants_and_end_as_far_as_each_other() {
    let setting = |seed: u64| Setting {
        by_voice: seed.is_multiple_of(2),
        ..Setting::default()
    };
    let mut failed = Vec::new();
    for seed in seeds(120) {
        if let Err(broken) = run(seed, &steps(seed, STEPS), setting(seed)) {
            eprintln!("seed {seed}: {}", broken.0);
            failed.push((seed, broken));
        }
    }
    if let Some((seed, broken)) = failed.first() {
        let told = told(*seed, broken, setting(*seed));
        panic!("{} fail\n{told}", failed.len());
    }
}

#[test]
fn an_order_to_stop_that_comes_while_a_unit_crosses_stops_it() {
    // The unit is over the line after some fifty seconds, and that is certain a little later.
    for seconds in 40..65 {
        let mut play = Play::new(1, Setting::default());
        let pass = |play: &mut Play, seconds: i64| {
            let step = Step::Pass(seconds * 1_000);
            play.step(step)
                .unwrap_or_else(|broken| panic!("{seconds} s: {}", broken.0));
        };
        pass(&mut play, seconds);
        let mut dice = limes::domain::exercise::noise::Random::seeded(1);
        let body = play.desk(1).body(Code::Cease, &mut dice);
        let cause = play.desk(1).says(body, None, None);
        play.services[1].decide(cause, play.now).unwrap();
        pass(&mut play, 60);
        let ledger = &play.services[0].ledger;
        assert_eq!(checks::count(ledger, "cease.ordered"), 1, "{seconds} s");
        assert!(
            checks::count(ledger, "crossing.confirmed") > 0,
            "{seconds} s"
        );
        let operation = &play.services[0].world().operations()[&people::operation_id()];
        assert!(operation.must_stop().is_some(), "{seconds} s");
    }
}

#[test]
fn the_same_seed_is_the_same_exercise() {
    let end = |seed| {
        let play = run(seed, &steps(seed, STEPS), Setting::default());
        play.map_or_else(
            |broken| broken.0,
            |play| format!("{:?}", play.services[0].ledger),
        )
    };
    assert_eq!(end(3), end(3));
    assert_ne!(end(3), end(4));
}

#[test]
fn the_exercises_are_not_empty() {
    let (mut moved, mut agreed, mut ceased, mut refused, mut crossed) = (0, 0, 0, 0, 0);
    for seed in 0..40 {
        let Ok(play) = run(seed, &steps(seed, STEPS), Setting::default()) else {
            continue;
        };
        let budapest = &play.services[0].ledger;
        moved += checks::count(budapest, "lead.moved");
        agreed += checks::count(budapest, "handover.acp");
        ceased += checks::count(budapest, "cease.ordered");
        refused += checks::count(budapest, "handover.lrm");
        crossed += checks::count(budapest, "crossing.confirmed");
    }
    let all = [moved, agreed, ceased, refused, crossed];
    assert!(
        all.iter().all(|count| *count > 5),
        "moved, agreed, ceased, refused, crossed: {all:?}"
    );
}

/// A planted fault breaks one of the first seeds, and it is this invariant that says so.
fn caught(fault: Fault, by: &str) {
    let setting = Setting {
        fault: Some(fault),
        ..Setting::default()
    };
    let mut others = Vec::new();
    for seed in 0..40 {
        match run(seed, &steps(seed, STEPS), setting) {
            Err(broken) if broken.0.starts_with(by) => return,
            Err(broken) => others.push(broken.0),
            Ok(_) => {}
        }
    }
    panic!("{fault:?} breaks nothing but: {}", others.join("\n"));
}

#[test]
fn every_planted_fault_is_caught_by_its_invariant() {
    for (fault, by) in [
        (Fault::LeadMovesOnReceipt, "I4:"),
        (Fault::AssumesAtOnce, "I13:"),
        (Fault::EpochStays, "I1:"),
        (Fault::EpochJumps, "I2:"),
        (Fault::AcceptsOtherHash, "I3:"),
        (Fault::StopsNobody, "I7:"),
        (Fault::DraftsNothing, "I8:"),
        (Fault::TellsOfTracker, "I12:"),
        (Fault::FramesTakenTwice, "I9:"),
        (Fault::ForgetsToSend, "I9:"),
    ] {
        caught(fault, by);
    }
}
