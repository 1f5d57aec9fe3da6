//! How good are the crossings? Simulated units whose true way is known, through the real engine, beside the two rules of
//! the field: a naive flip, and two fixes in a row.
//!
//! `cargo bench --bench crossings -- [--hours N] [--seed N] [--only WORD] [--session ID] [--detail] [--misses] [--bound]
//! [--pictures DIR [--tracks DIR]]`: so many hours of every scenario and receiver, 40 when not given; on demand each crossing
//! told that was none, each stay missed that holds and each approach whose interval did not hold, with the id of its session;
//! how many stays the best test would miss; pictures of the worst sessions, and of recorded tracks (CSV) of a folder. The same seed (0 when not given) brings
//! the same figures on every machine of the same mathematics library.

#![allow(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "a check fails loudly, and reads best in a straight line"
)]

mod border;
mod bound;
mod dice;
mod judge;
mod matching;
mod picture;
mod places;
mod receiver;
mod recorded;
mod session;
mod truth;
mod ways;

use border::{Frame, StraightLine, View, bridges, stretch};
use dice::Dice;
use judge::{Score, judge};
use limes::domain::measure::Position;
use limes::domain::registry::UnitKind;
use limes::service::borderdata;
use picture::Picture;
use receiver::{HONEST, Habit, Report, reports};
use session::{Outcome, run};
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use truth::Truth;
use ways::Way;

const SESSION_S: usize = 3_600;
const DEVIATIONS_M: [f64; 4] = [3.0, 8.0, 15.0, 50.0];
const INTERVALS_S: [usize; 4] = [1, 5, 15, 60];

/// A place where units move, and how.
struct Scenario {
    name: &'static str,
    ways: Vec<Way>,
    kind: UnitKind,
    view: View,
    frame: Frame,
    line: Vec<(f64, f64)>,
}

/// One kind of session.
#[derive(Clone, Copy)]
struct Case {
    scenario: usize,
    way: usize,
    habit: Habit,
    deviation_m: f64,
    interval_s: usize,
    seed: u64,
}

fn scenarios() -> anyhow::Result<Vec<Scenario>> {
    let frame = Frame::at(46.0, 21.0);
    let straight: View = Arc::new(StraightLine(frame, Vec::new()));
    let river: View = Arc::new(StraightLine(frame, bridges(frame)));
    let atlas = borderdata::atlas(None)?;
    let real: View = atlas.clone();
    let plain = |name, ways: &[Way], kind| Scenario {
        name,
        ways: ways.to_vec(),
        kind,
        view: Arc::clone(&straight),
        frame,
        line: Vec::new(),
    };
    let on_atlas = |name, way, kind, (lat, lon): (f64, f64), frontier: &str| {
        let frame = Frame::at(lat, lon);
        Scenario {
            name,
            ways: vec![way],
            kind,
            view: Arc::clone(&real),
            frame,
            line: stretch(&atlas, frame, 0.15, frontier),
        }
    };
    let parked = [2.0, 5.0, 10.0, 20.0, 50.0].map(Way::Parked);
    Ok(vec![
        plain("parked 2 to 50 m from the line", &parked, UnitKind::Vehicle),
        plain("walking about the line", &[Way::Walking], UnitKind::Officer),
        plain("short stays beyond it", &[Way::Stays], UnitKind::Vehicle),
        plain("driving along it", &[Way::Along], UnitKind::Vehicle),
        plain("motorway", &[Way::Motorway], UnitKind::Vehicle),
        plain("motorway, tunnel", &[Way::Tunnel], UnitKind::Vehicle),
        plain("aircraft", &[Way::Aircraft], UnitKind::Helicopter),
        plain("drone", &[Way::Drone], UnitKind::Drone),
        on_atlas(
            "road 25 m from HU-RO",
            Way::Real(25.0),
            UnitKind::Vehicle,
            (46.30, 20.80),
            "HU-RO",
        ),
        on_atlas(
            "boat on the Danube, HU-SK",
            Way::Real(-60.0),
            UnitKind::Boat,
            (47.75, 18.30),
            "HU-SK",
        ),
        on_atlas(
            "about Baarle, BE-NL",
            Way::Square(900.0),
            UnitKind::Vehicle,
            (51.441, 4.931),
            "BE-NL",
        ),
        Scenario {
            view: river,
            ..plain(
                "roads over three bridges",
                &[Way::Bridges],
                UnitKind::Vehicle,
            )
        },
    ])
}

/// A session of a case: what happened, what was reported, and what was made of it.
struct Session {
    truth: Truth,
    reports: Vec<Report>,
    outcome: Outcome,
}

fn play(case: Case, scenario: &Scenario) -> Session {
    let mut dice = Dice(case.seed);
    let radius_m = HONEST * case.deviation_m;
    let way = scenario.ways[case.way].places(SESSION_S, &scenario.line, radius_m, &mut dice);
    let places: Vec<Position> = way.iter().map(|at| scenario.frame.place(*at)).collect();
    let truth = Truth::of(&places, &scenario.view, 2.0 * radius_m);
    let mut reports = reports(
        &way,
        case.interval_s,
        case.deviation_m,
        case.habit,
        &mut dice,
    );
    if scenario.ways[case.way] == Way::Tunnel {
        let dark_m = dice.between(200.0, 1_500.0);
        reports.retain(|report| way[report.taken_s as usize].0.abs() > dark_m);
    }
    let outcome = run(&reports, scenario.frame, &scenario.view, scenario.kind);
    Session {
        truth,
        reports,
        outcome,
    }
}

fn score(case: Case, scenario: &Scenario, against_bound: bool) -> Score {
    let session = play(case, scenario);
    let interval_s = case.interval_s as f64;
    judge(
        &session.truth,
        &session.outcome,
        (SESSION_S as f64, interval_s),
        Some(case.deviation_m).filter(|_| against_bound && case.habit == Habit::Honest),
    )
}

/// Draws the session of each scenario and of each habit whose raw state errs most, those with a false crossing of ours first.
fn draw(folder: &Path, scenarios: &[Scenario], scores: &[(Case, Score)]) -> anyhow::Result<()> {
    for (index, scenario) in scenarios.iter().enumerate() {
        for habit in [Habit::Honest, Habit::Outliers] {
            let worst = scores
                .iter()
                .filter(|(case, _)| case.scenario == index && case.habit == habit)
                .max_by_key(|(_, score)| (score.ours.falsely, score.flip.falsely));
            let Some((case, _)) = worst else {
                continue;
            };
            let name = format!("{}, {}", scenario.name, habit.name());
            let title = format!(
                "{name}: {} m of error, every {} s",
                case.deviation_m, case.interval_s
            );
            let session = play(*case, scenario);
            let picture = Picture::simulated(
                title,
                &session.reports,
                scenario.frame,
                &session.truth,
                &session.outcome,
                &scenario.view,
            );
            std::fs::write(folder.join(file_name(&name)), picture.svg())?;
        }
    }
    Ok(())
}

fn file_name(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    format!("{}.svg", words.join("-"))
}

fn cases(scenarios: &[Scenario], (hours, of): (usize, u64), only: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for (scenario, its) in scenarios.iter().enumerate() {
        for habit in Habit::ALL {
            let wanted = format!("{} {}", its.name, habit.name()).contains(only);
            for hour in (0..hours).filter(|_| wanted) {
                // Spread evenly over noise, interval and way.
                let deviation_m = DEVIATIONS_M[hour % 4];
                let interval_s = INTERVALS_S[hour / 4 % 4];
                let way = hour / 16 % its.ways.len();
                let seed = (scenario as u64) << 40 | (habit as u64) << 32 | hour as u64;
                cases.push(Case {
                    scenario,
                    way,
                    habit,
                    deviation_m,
                    interval_s,
                    seed: Dice(seed ^ of << 48).word(),
                });
            }
        }
    }
    cases
}

fn all(scenarios: &[Scenario], cases: &[Case], against_bound: bool) -> Vec<(Case, Score)> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else {
                        return;
                    };
                    let score = score(*case, &scenarios[case.scenario], against_bound);
                    done.lock().unwrap().push((index, score));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(index, _)| *index);
    let scores = done.into_iter().map(|(_, score)| score);
    cases.iter().copied().zip(scores).collect()
}

/// The value below which such a share lies.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share) as usize;
    values
        .get(index.min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}

fn percent(part: usize, of: usize) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    format!("{:.1} %", 100.0 * part as f64 / of as f64)
}

fn row(name: &str, mut score: Score) -> String {
    let rate = |count: usize| format!("{:.1}", count as f64 / score.hours);
    let number = |value: f64, digits: usize| {
        if value.is_nan() {
            "-".to_owned()
        } else {
            format!("{value:.digits$}")
        }
    };
    let in_time = score.arrivals - score.arrivals_early - score.arrivals_late;
    let (flip, two) = (rate(score.flip.falsely), rate(score.two.falsely));
    format!(
        "| {name} | {:.0} | {} | {flip} | {two} | {} | {} | {} | {} | {} | {} | {} | {} / {} | {} | {} / {} | {} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} | {} / {} | {} / {} / {} |",
        score.hours,
        score.ours.falsely,
        score.stays,
        score.ours.missed,
        score.flip.missed,
        score.two.missed,
        score.holds,
        score.ours.missed_held,
        score.ours.by_place,
        number(quantile(&mut score.delays_s, 0.5), 1),
        number(quantile(&mut score.delays_s, 0.95), 1),
        number(quantile(&mut score.fixes_beyond, 0.95), 0),
        number(quantile(&mut score.place_errors_m, 0.5), 0),
        number(quantile(&mut score.place_errors_m, 0.95), 0),
        percent(score.places_covered, score.matched),
        percent(score.times_covered, score.matched),
        number(quantile(&mut score.widths_s, 0.5), 0),
        score.words as f64 / score.hours,
        score.approaches,
        percent(score.taken_back, score.approaches),
        percent(score.without_arrival, score.approaches),
        percent(score.ran_out, score.approaches),
        percent(in_time, score.arrivals),
        percent(in_time, score.arrivals + score.ran_out),
        percent(score.arrivals_early, score.arrivals),
        percent(score.arrivals_late, score.arrivals),
        number(quantile(&mut score.arrival_widths_s, 0.5), 0),
        number(quantile(&mut score.arrival_widths_s, 0.95), 0),
        number(quantile(&mut score.arrival_widths, 0.5), 2),
    )
}

const HEAD: &str = "| | hours | false | flip, false an hour | two, false an hour | stays | missed | by flip | by two | stays that hold | missed | found with no crossing | delay, median / 95 % s | fixes beyond, 95 % | place error, median / 95 % m | place covered | time covered | interval, median s | words on approach an hour | approaches told | taken back before | no arrival | ran out | arrival covered | with those run out | early / late | interval, median / 95 % s / by time foretold |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let hours: usize = value("--hours").map_or(Ok(40), |text| text.parse())?;
    let of: u64 = value("--seed").map_or(Ok(0), |text| text.parse())?;
    let only = value("--only").unwrap_or_default();
    let detail = arguments.iter().any(|argument| argument == "--detail");
    let scenarios = scenarios()?;
    let mut cases = cases(&scenarios, (hours, of), &only);
    if let Some(session) = value("--session") {
        let seed = u64::from_str_radix(&session, 16)?;
        cases.retain(|case| case.seed == seed);
    }
    let begun = std::time::Instant::now();
    let against_bound = arguments.iter().any(|argument| argument == "--bound");
    let scores = all(&scenarios, &cases, against_bound);
    println!("{HEAD}");
    for (index, scenario) in scenarios.iter().enumerate() {
        for habit in Habit::ALL {
            let of: Vec<&(Case, Score)> = scores
                .iter()
                .filter(|(case, _)| case.scenario == index && case.habit == habit)
                .collect();
            let mut sum = Score::default();
            for (_, score) in &of {
                sum.add(score.clone());
            }
            if !of.is_empty() {
                println!(
                    "{}",
                    row(&format!("{}, {}", scenario.name, habit.name()), sum)
                );
            }
            for interval_s in INTERVALS_S.into_iter().filter(|_| detail) {
                for deviation_m in DEVIATIONS_M {
                    let mut sum = Score::default();
                    for (case, score) in &of {
                        if case.interval_s == interval_s
                            && case.deviation_m.to_bits() == deviation_m.to_bits()
                        {
                            sum.add(score.clone());
                        }
                    }
                    if sum.hours > 0.0 {
                        println!(
                            "{}",
                            row(&format!("- {interval_s} s, {deviation_m} m"), sum)
                        );
                    }
                }
            }
        }
    }
    if against_bound {
        print!("{}", bound::head());
        for (index, scenario) in scenarios.iter().enumerate() {
            let of = scores.iter().filter(|(case, _)| case.scenario == index);
            let held: Vec<_> = of.flat_map(|(_, score)| score.held.clone()).collect();
            if !held.is_empty() {
                print!("{}", bound::row(scenario.name, &held));
            }
        }
    }
    let mut told_places = Score::default();
    for (_, score) in &scores {
        told_places.add(score.clone());
    }
    print!("{}", places::table(&told_places.places));
    if arguments.iter().any(|argument| argument == "--misses") {
        for (case, score) in &scores {
            let (name, habit) = (scenarios[case.scenario].name, case.habit.name());
            let (every_s, error_m) = (case.interval_s, case.deviation_m);
            for miss in &score.misses {
                println!(
                    "{name}, {habit}, {every_s} s, {error_m} m, session {:x}: {miss}",
                    case.seed
                );
            }
        }
    }
    if let Some(folder) = value("--pictures") {
        let folder = Path::new(&folder);
        std::fs::create_dir_all(folder)?;
        draw(folder, &scenarios, &scores)?;
        if let Some(tracks) = value("--tracks") {
            let view: View = borderdata::atlas(None)?;
            for (name, picture) in recorded::pictures(Path::new(&tracks), &view)? {
                std::fs::write(folder.join(file_name(&name)), picture.svg())?;
            }
        }
    }
    let fixes: usize = scores.iter().map(|(_, score)| score.fixes).sum();
    println!(
        "\n{} sessions of an hour, {fixes} fixes, {:.0?}.",
        cases.len(),
        begun.elapsed()
    );
    Ok(())
}
