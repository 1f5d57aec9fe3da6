use super::agreed::{Adopted, FigureOrigin, Figures, Profiles, Wanted, strictest};
use super::figure::{ASCENDING, Figure, Stricter};
use super::*;
use crate::domain::law::clocks::{LimitStage, stages_of};
use crate::domain::law::finding::{Citation, ClockKind, ClockSpec, Confidence, Origin, Radius};
use proptest::prelude::*;

fn state(code: &str) -> State {
    State::parse(code).expect("a state")
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn pair() -> Frontier {
    Frontier::between(state("HU"), state("RO"))
}

fn parts() -> Parts {
    Parts {
        named: ProfileVersion {
            pair: pair(),
            version: 3,
            digest: "d3".into(),
        },
        reference: "12/2026".into(),
        from: day("2027-01-01"),
        until: day("2027-12-31"),
        exercise: false,
        figures: BTreeMap::new(),
        overlap: Overlap::default(),
        limits: Vec::new(),
        crossing_points: Vec::new(),
        voice_numbers: Vec::new(),
        transfers: Vec::new(),
    }
}

fn with(figures: &[(Figure, i64)]) -> Profile {
    Profile::new(Parts {
        figures: figures.iter().copied().collect(),
        ..parts()
    })
    .expect("sound")
}

fn say(parts: &mut Parts, figure: Figure, number: i64) {
    parts.figures.insert(figure, number);
}

/// What is wrong once `change` was made.
fn flaws(change: impl FnOnce(&mut Parts)) -> Vec<String> {
    let mut parts = parts();
    change(&mut parts);
    let flaws = Profile::new(parts).map_or_else(|flaws| flaws, |_| Vec::new());
    let told = |flaw: Flaw| format!("{}: {}", flaw.place, flaw.says);
    flaws.into_iter().map(told).collect()
}

const HU_INTO_RO: fn() -> AgreedLimit = || AgreedLimit {
    from: state("HU"),
    into: state("RO"),
    consent: None,
    period: None,
    radius: None,
};

fn citation() -> Citation {
    Citation {
        origin: Origin::Law,
        instrument: "CISA Art. 40(2)".into(),
        sources: Vec::new(),
        confidence: Confidence::High,
        rules_version: 1,
    }
}

fn consent(hours: i64) -> ClockSpec {
    let starts = at("2027-03-16T11:33:17Z");
    ClockSpec {
        kind: ClockKind::Consent,
        starts,
        ends: starts.plus(Span::from_hours(hours)),
        citation: citation(),
    }
}

#[test]
fn the_defaults_of_the_workflow_are_possible_and_in_order() {
    for figure in Figure::ALL {
        let ((least, most), number) = (figure.range(), figure.workflow());
        assert!((least..=most).contains(&number), "{figure}");
        let (table, key) = figure.place();
        assert_eq!(
            Figure::parse(table, key),
            Some(*figure),
            "one place, one figure"
        );
        let ending = key.rsplit('_').next().expect("a unit");
        let sign = match figure.unit().sign() {
            "%" => "pct",
            sign => sign,
        };
        assert_eq!(ending, sign, "{figure} names its unit");
    }
    for (less, more) in ASCENDING {
        assert!(less.workflow() < more.workflow(), "{less} {more}");
    }
}

#[test]
fn what_a_profile_leaves_out_is_the_workflows_and_said_so() {
    let profile = with(&[(Figure::NoticeUnread, 45)]);
    let figures = Figures::of(&profile);
    assert_eq!(
        figures.get(Figure::NoticeUnread),
        (45, FigureOrigin::Profile)
    );
    assert_eq!(
        figures.get(Figure::EyesMissed),
        (60, FigureOrigin::Workflow)
    );
    assert_eq!(FigureOrigin::Workflow.in_words(), "default of the workflow");
    assert_eq!(
        Figures::WORKFLOW.get(Figure::NoticeUnread),
        (60, FigureOrigin::Workflow)
    );
    for origin in [
        FigureOrigin::Workflow,
        FigureOrigin::Profile,
        FigureOrigin::Exercise,
    ] {
        let word = origin.origin();
        assert!(!matches!(word, Origin::Law | Origin::Treaty), "never law");
        assert_eq!(FigureOrigin::of(word, origin.is_agreed()), origin);
    }
}

#[test]
fn of_several_pairs_the_strictest_reading_holds() {
    let (loose, strict) = (
        with(&[(Figure::UnitMissed, 300), (Figure::StandOff, 200)]),
        with(&[(Figure::UnitMissed, 90), (Figure::StandOff, 500)]),
    );
    let both = || [&loose, &strict].map(Figures::of).into_iter();
    assert_eq!(strictest(both(), Figure::UnitMissed), 90);
    assert_eq!(strictest(both(), Figure::StandOff), 500);
    assert_eq!(strictest(std::iter::empty(), Figure::UnitMissed), 120);
    assert_eq!(Stricter::Less.of(3, 3), 3);
}

#[test]
fn figures_out_of_range_or_order_are_told() {
    assert_eq!(flaws(|_| ()), [""; 0]);
    assert_eq!(
        flaws(|parts| say(parts, Figure::NoticeUnread, 400)),
        ["T5.alarm_s: 400 s is not possible: from 10 to 300"]
    );
    assert_eq!(
        flaws(|parts| say(parts, Figure::NoticeWarns, 60)),
        ["T5.warn_s: 60 s must be less than T5.alarm_s, which is 60 s, the workflow's default"]
    );
    assert_eq!(
        flaws(|parts| say(parts, Figure::ConsentFirst, 30)),
        [
            "T8.first_min: 30 min must be more than T8.second_min, which is 30 min, the workflow's default"
        ]
    );
}

#[test]
fn the_rest_of_a_document_is_looked_at_too() {
    type Change = fn(&mut Parts);
    let wrong: [(Change, &str); 14] = [
        (
            |parts| parts.named.pair = Frontier::between(state("HU"), state("HU")),
            "profile.states",
        ),
        (|parts| parts.named.version = 0, "profile.version"),
        (
            |parts| parts.until = day("2026-12-31"),
            "profile.valid_until",
        ),
        (|parts| parts.reference = " ".into(), "profile.reference"),
        (
            |parts| parts.overlap.distance = Some(Metres::new(5.0)),
            "overlap.distance_m",
        ),
        (
            |parts| parts.overlap.duration = Some(Span::ZERO),
            "overlap.duration_min",
        ),
        (
            |parts| parts.limits.push(HU_INTO_RO()),
            "limit 1: limits nothing",
        ),
        (
            |parts| {
                parts.limits.push(AgreedLimit {
                    into: state("AT"),
                    period: Some(Span::from_minutes(1)),
                    ..HU_INTO_RO()
                });
            },
            "limit 1: from HU into AT",
        ),
        (
            |parts| {
                parts.limits.push(AgreedLimit {
                    radius: Some(Metres::ZERO),
                    ..HU_INTO_RO()
                });
            },
            "limit 1: a limit of nothing",
        ),
        (
            |parts| {
                let one = AgreedLimit {
                    radius: Some(Metres::new(1_000.0)),
                    ..HU_INTO_RO()
                };
                parts.limits.extend([one, one]);
            },
            "limit 2: from HU into RO stands here twice",
        ),
        (
            |parts| parts.voice_numbers.push(voice("call me")),
            "voice_number 1: number: `call me` cannot be dialled",
        ),
        (
            |parts| {
                parts.voice_numbers.extend([voice("+40 1"), voice("+40 2")]);
            },
            "voice_number 2: duty officer of arad stands here twice",
        ),
        (
            |parts| {
                parts.voice_numbers.push(VoiceNumber {
                    checked_on: day("2028-01-01"),
                    ..voice("+40 12")
                });
            },
            "voice_number 1: checked_on",
        ),
        (
            |parts| {
                let one = Transfer {
                    to: state("RS"),
                    basis: TransferBasis::Safeguards,
                    instrument: "an agreement".into(),
                };
                parts.transfers.extend([one.clone(), one]);
            },
            "transfer 2: RS stands here twice",
        ),
    ];
    for (change, says) in wrong {
        let told = flaws(change);
        assert!(
            told.iter().any(|flaw| flaw.starts_with(says)),
            "{says}: {told:?}"
        );
    }
}

fn voice(number: &str) -> VoiceNumber {
    VoiceNumber {
        room: RoomId::parse("arad").expect("a room"),
        desk: "duty officer".into(),
        number: number.into(),
        checked_on: day("2027-01-02"),
        checked_by: "Sgt Pop".into(),
    }
}

#[test]
fn it_is_in_force_from_its_first_day_to_the_end_of_its_last() {
    let profile = with(&[]);
    for (moment, is) in [
        ("2026-12-31T23:59:59.999Z", false),
        ("2027-01-01T00:00:00Z", true),
        ("2027-12-31T23:59:59.999Z", true),
        ("2028-01-01T00:00:00Z", false),
    ] {
        assert_eq!(profile.is_in_force(at(moment)), is, "{moment}");
    }
}

#[test]
fn an_operation_rests_on_what_its_room_had_adopted_then() {
    let (earlier, now) = (with(&[]), {
        let mut parts = parts();
        parts.named.version = 4;
        parts.named.digest = "d4".into();
        Profile::new(parts).expect("sound")
    });
    let adopted: Adopted = BTreeMap::from([(pair(), earlier.named().clone())]);
    let profiles = Profiles::new([now]).expect("one").keeping([earlier]);
    let wanted = |opened_at: &str, exercise| Wanted {
        pair: pair(),
        opened_at: at(opened_at),
        exercise,
    };
    let version = |adopted: Option<&Adopted>, wanted: Wanted| {
        let figures = profiles.figures(adopted, wanted);
        figures.profile().map(|profile| profile.named().version)
    };
    let in_time = wanted("2027-03-16T00:00:00Z", false);
    assert_eq!(version(Some(&adopted), in_time), Some(3));
    assert_eq!(version(Some(&Adopted::new()), in_time), None);
    assert_eq!(version(None, in_time), Some(4), "a partner's");
    let too_late = wanted("2028-03-16T00:00:00Z", false);
    assert_eq!(version(Some(&adopted), too_late), None, "it had ended");
    let exercise = wanted("2027-03-16T00:00:00Z", true);
    assert_eq!(version(Some(&adopted), exercise), None, "an exercise");
}

#[test]
fn two_profiles_of_one_pair_are_none() {
    assert_eq!(Profiles::new([with(&[]), with(&[])]), Err(pair()));
}

#[test]
fn an_agreed_end_comes_before_the_laws_and_names_both() {
    let mut parts = parts();
    parts.limits.push(AgreedLimit {
        consent: Some(Span::from_hours(4)),
        radius: Some(Metres::new(8_000.0)),
        ..HU_INTO_RO()
    });
    let profile = Profile::new(parts).expect("sound");
    let figures = Figures::of(&profile);
    let way = (state("HU"), state("RO"));
    let clock = figures.shorten(way, &consent(5));
    assert_eq!(clock.ends.since(clock.starts), Span::from_hours(4));
    assert_eq!(clock.citation.origin, Origin::Profile);
    assert_eq!(
        &*clock.citation.instrument,
        "profile HU-RO v3, within CISA Art. 40(2)"
    );
    let radius = Radius {
        max: Metres::new(10_000.0),
        citation: citation(),
    };
    let narrow = figures.narrow(way, radius.clone());
    assert_eq!(narrow.max, Metres::new(8_000.0));
    assert_eq!(narrow.citation.origin, Origin::Profile);
    let back = (state("RO"), state("HU"));
    assert_eq!(
        figures.shorten(back, &consent(5)),
        consent(5),
        "one way only"
    );
    assert_eq!(figures.narrow(back, radius.clone()), radius);
}

proptest! {
    /// Whatever two states agree on: what the law ends ends no later, and every warning comes before that end.
    #[test]
    fn no_profile_weakens_what_the_law_gives(
        numbers in proptest::collection::vec(0_i64..2_000, Figure::ALL.len()),
        (agreed_h, law_h) in (1_i64..48, 1_i64..24),
        (agreed_m, law_m) in (1_i32..60_000, 1_i32..60_000),
        length_min in 1_i64..3_000,
    ) {
        let mut parts = parts();
        parts.figures = Figure::ALL.iter().copied().zip(numbers).collect();
        for figure in Figure::ALL {
            let (least, most) = figure.range();
            parts.figures.entry(*figure).and_modify(|number| *number = (*number).clamp(least, most));
        }
        parts.limits.push(AgreedLimit {
            consent: Some(Span::from_hours(agreed_h)),
            period: Some(Span::from_hours(agreed_h)),
            radius: Some(Metres::new(agreed_m.into())),
            ..HU_INTO_RO()
        });
        // Not all of these are in order; what holds must hold even so.
        let profile = Profile { parts, signed: BTreeMap::new() };
        let figures = Figures::of(&profile);
        let way = (state("HU"), state("RO"));
        let clock = figures.shorten(way, &consent(law_h));
        prop_assert!(clock.ends <= consent(law_h).ends);
        prop_assert_eq!(clock.starts, consent(law_h).starts);
        let radius = Radius { max: Metres::new(law_m.into()), citation: citation() };
        prop_assert!(figures.narrow(way, radius.clone()).max <= radius.max);
        prop_assert_eq!(LimitStage::Exceeded.percent(figures), 100);
        for kind in [ClockKind::Consent, ClockKind::AuthorisationWindow, ClockKind::PursuitPeriod, ClockKind::Release] {
            for stage in stages_of(kind, Span::from_minutes(length_min), figures) {
                prop_assert!(stage.left > Span::ZERO, "{:?} warns before the end", kind);
            }
        }
    }
}
