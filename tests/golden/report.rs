//! The report after an operation, from the ledgers of scenarios.

use crate::chase::{Chase, opened};
use crate::nagylak_27::{PLAYED, lap, room, scenario};
use crate::rooms::Entry;
use limes::domain::event::What;
use limes::domain::ids::{NoticeId, OperationId, RoomId, Seq, UnitId};
use limes::domain::input::{Cause, HostSaid, OrderKind, Register, UnitAct};
use limes::domain::law::basis::Basis;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::{
    AnswerKind, Closing, Detention, DetentionStep, DetentionStepKind, HostAnswer, OperationChange,
    Outcome, SignedReport, Statement, Topic,
};
use limes::domain::registry::Marks;
use limes::domain::report::duties::{DutyKind, Kept};
use limes::domain::report::quarter::{Count, Quarter, QuarterReport, Side};
use limes::domain::report::sources::Heard;
use limes::domain::report::{Draft, Entry as Record, Report};
use limes::domain::tracks::act::Act;
use limes::domain::world::Answer;
use limes::wire::report::content;
use limes::wire::report::html::page;
use limes::wire::report::map::Ground;
use limes::wire::report::pdf::pdf;
use limes::wire::report::redacted::redacted;
use limes::wire::report::sheet::{Languages, Sheet};
use limes::wire::report::{ErasedPositionsWire, MadeWire, ReportWire};
use limes::wire::words::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What the journal makes of a ledger: every event has a number, the positions stand apart, and what units tell belongs to
/// the operation while it is open.
fn report(of: &RoomId, ledger: &[Entry], now: Timestamp) -> Report {
    let mut draft = Draft::of(of.clone());
    let mut heard: BTreeMap<_, Heard> = BTreeMap::new();
    let events = ledger.iter().map(|entry| &entry.event);
    let mut is_open = false;
    let told = events
        .clone()
        .filter(|event| !matches!(event.what, What::Fix(_)));
    for (event, seq) in told.zip(1..) {
        is_open |= event.kind() == "operation.opened";
        let is_register = matches!(event.what, What::Register(_) | What::House(_));
        if is_open || is_register || event.operation().is_some() {
            draft.take(&Record {
                seq: Seq(seq),
                event: event.clone(),
            });
        }
        is_open &= event.kind() != "operation.closed";
    }
    let (from, until) = draft.period().expect("the ledger has an opening");
    for event in events {
        if let What::Fix(fix) = &event.what
            && (from..=until.unwrap_or(now)).contains(&fix.fixed_at)
        {
            heard.entry(fix.unit.clone()).or_default().take(fix);
        }
    }
    draft.finish(heard, now).expect("the ledger has an opening")
}

fn shown(report: &Report) -> ReportWire {
    let made = MadeWire {
        ledger: report.card.room.to_string(),
        at: "2027-03-16T12:00:00.000Z".to_owned(),
        through: report.through.0,
        erased_positions: Vec::new(),
        erased: 0,
        head: "ledger:0:00".to_owned(),
        program: "limes".to_owned(),
        facts: String::new(),
    };
    ReportWire::of(report, made)
}

/// The sheet of a report without its map.
fn sheet(report: &ReportWire, languages: Languages) -> Sheet {
    content::sheet(report, None, languages)
}

/// A report as a person reads it in a review.
fn told(report: &ReportWire) -> String {
    let mut told = String::new();
    let or = |text: Option<&String>| text.map_or("-".to_owned(), Clone::clone);
    let closed = report.closed.as_ref();
    writeln!(
        told,
        "{} {} opened {} closed {} {}",
        report.operation.id,
        report.operation.basis,
        report.opened.at,
        or(closed.map(|closed| &closed.at)),
        or(closed.and_then(|closed| closed.outcome.as_ref())),
    )
    .unwrap();
    for of in &report.profiles {
        writeln!(told, "profile {} v{} #{}", of.pair, of.version, of.record).unwrap();
    }
    for row in &report.crossings {
        let of = &row.crossing;
        writeln!(
            told,
            "crossing {} {}>{} {} {} #{:?}",
            of.unit, of.from, of.to, row.standing, of.likely, row.records
        )
        .unwrap();
    }
    for stay in &report.stays {
        let (since, until) = (or(stay.since.as_ref()), or(stay.until.as_ref()));
        writeln!(
            told,
            "stay {} {} {since} to {until}",
            stay.unit, stay.states
        )
        .unwrap();
    }
    for row in &report.duties {
        let (what, unit) = (or(row.what.as_ref()), or(row.unit.as_ref()));
        writeln!(
            told,
            "duty {} {what} {unit} {}: {}",
            row.kind,
            or(row.host.as_ref()),
            row.kept
        )
        .unwrap();
        for fact in &row.facts {
            write!(told, "    {} {} #{}", fact.at, fact.what, fact.record).unwrap();
            if let (Some(measured), Some(max)) = (fact.measured_m, fact.max_m) {
                write!(told, " {measured} of {max} m").unwrap();
            }
            writeln!(told).unwrap();
        }
    }
    told_tables(report, &mut told);
    told
}

/// Tables B to D, and the changes.
fn told_tables(report: &ReportWire, told: &mut String) {
    let or = |text: Option<&String>| text.map_or("-".to_owned(), Clone::clone);
    for row in &report.notices {
        let by = row.sent.as_ref().map(|sent| &sent.by.account);
        let seen = row.seen.as_ref().map(|seen| &seen.by.account);
        writeln!(
            told,
            "notice {} {} to {}: owed {} sent by {} after {:?} s, read by {}",
            row.notice,
            row.duty,
            row.to,
            or(row.owed.as_ref().map(|owed| &owed.at)),
            or(by),
            row.latency_s,
            or(seen),
        )
        .unwrap();
    }
    for row in &report.alarms {
        let cleared = row.cleared.as_ref().map(|cleared| &cleared.at);
        writeln!(
            told,
            "alarm {} {} raised {} cleared {}",
            row.alarm.alarm,
            row.alarm.code,
            row.raised.at,
            or(cleared)
        )
        .unwrap();
    }
    for row in &report.sources {
        writeln!(
            told,
            "source {}: {} fixes from {} to {}, {} gaps, {} late, {:?} apart",
            row.unit,
            row.fixes,
            or(row.first.as_ref()),
            or(row.last.as_ref()),
            row.gap_count,
            row.stored,
            row.kept_apart,
        )
        .unwrap();
    }
    for row in &report.changes {
        writeln!(
            told,
            "change {} by {} #{}",
            row.at, row.by.account, row.record
        )
        .unwrap();
    }
}

/// What a room's ledger says of the exercise.
fn nagylak(of: &str) -> Report {
    let end = lap(&scenario()).end();
    report(&room(of), &PLAYED.ledgers[&room(of)], end)
}

#[test]
fn the_report_of_nagylak_27_says_what_happened() {
    insta::assert_snapshot!(told(&shown(&nagylak("budapest"))));
}

#[test]
fn the_partner_reads_of_it_what_was_shared() {
    insta::assert_snapshot!(told(&shown(&nagylak("arad"))));
}

#[test]
fn the_same_records_give_the_same_bytes_and_the_bytes_read_back() {
    let bytes = shown(&nagylak("budapest")).to_bytes();
    assert_eq!(bytes, shown(&nagylak("budapest")).to_bytes());
    let read: ReportWire = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read, shown(&nagylak("budapest")));
}

/// A report drawn as a page, with its map.
fn drawn(report: &Report) -> String {
    let atlas = limes::service::borderdata::atlas(None).unwrap();
    let ground = Ground {
        ways: &report.ways,
        atlas: &atlas,
    };
    let shown = shown(report);
    let sheet = content::sheet(&shown, Some(&ground), Languages::of(&shown));
    assert_eq!(pdf(&sheet).unwrap(), pdf(&sheet).unwrap());
    page(&sheet, false)
}

/// Lines of this colour on a page.
fn lines(page: &str, colour: &str) -> usize {
    let stroke = format!("stroke=\"{colour}\"");
    let of_colour = page.split("<polyline").skip(1);
    of_colour
        .filter(|line| {
            line.split('>')
                .next()
                .is_some_and(|tag| tag.contains(&stroke))
        })
        .count()
}

#[test]
fn the_map_shows_the_frontier_the_ways_the_crossings_and_where_somebody_was_held() {
    let mut chase = chase();
    let held = Detention {
        host: crate::chase::state("FR"),
        since: chase.now,
        unit: Some(UnitId::parse("CAR").unwrap()),
        host_national: None,
        findings: Vec::new(),
    };
    opened(&chase.change(OperationChange::Detained(held)));
    // Two minutes in which nothing is heard, and then the way home.
    chase.pass(Span::from_minutes(2));
    chase.to(42.55, 2.87);
    let report = report_of(&chase);
    let way = &report.ways.of[0];
    assert_eq!((way.unit.as_str(), way.pieces.len()), ("CAR", 2));
    assert!(report.ways.held[0].place.is_some());
    let page = drawn(&report);
    assert_eq!(page, drawn(&report), "the same records, the same bytes");
    for said in [
        ">FR</text>",
        ">ES</text>",
        ">N</text>",
        "km</text>",
        ">1</text>",
        "Carte",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // Two pieces, and the sample of the legend.
    assert_eq!(lines(&page, "#1f5fbf"), 3);
    assert!(
        lines(&page, "#16181d") > 4,
        "the frontier, the legend, the scale"
    );
    assert!(
        page.matches("fill=\"#9a3412\"").count() > 2,
        "the place of the detention"
    );
    assert!(
        !page.contains("style="),
        "the page lets no style of an element in"
    );
}

#[test]
fn after_an_erasure_the_map_says_so_and_draws_no_way() {
    let mut report = report_of(&chase());
    report.ways.of[0].pieces.clear();
    let atlas = limes::service::borderdata::atlas(None).unwrap();
    let ground = Ground {
        ways: &report.ways,
        atlas: &atlas,
    };
    let mut shown = shown(&report);
    let of = |shown: &ReportWire| {
        let sheet = content::sheet(shown, Some(&ground), Languages::of(shown));
        page(&sheet, false)
    };
    assert!(
        of(&shown).contains("CAR not recorded"),
        "nobody says that it was erased"
    );
    shown.made.erased_positions = vec![ErasedPositionsWire {
        unit: "CAR".to_owned(),
        from_day: "2027-03-16".to_owned(),
        to_day: "2027-03-16".to_owned(),
        record: 99,
    }];
    let page = of(&shown);
    assert_eq!(lines(&page, "#1f5fbf"), 0);
    assert!(page.contains("CAR positions erased"), "{page}");
    assert!(
        page.contains(">1</text>"),
        "the crossing is told all the same"
    );
}

#[test]
fn where_nothing_is_known_of_places_no_map_is_drawn() {
    let mut report = report_of(&chase());
    report.ways.of.clear();
    report.crossings.clear();
    let page = drawn(&report);
    let map = page
        .split("<h2>")
        .find(|section| section.contains("Carte"))
        .unwrap();
    assert!(
        !map.contains("<svg") && map.contains("not recorded"),
        "{map}"
    );
}

#[test]
fn the_timeline_sets_side_by_side_what_the_tables_say() {
    let mut chase = chase();
    opened(&chase.voice("CHASE.1"));
    let answer = HostAnswer {
        name: "Cdt Petit".into(),
        at: chase.now,
        kind: AnswerKind::No,
        words: "Stop at Le Boulou.".into(),
    };
    let said = OrderKind::HostSaid {
        operation: OperationId::parse("CHASE").unwrap(),
        notice: NoticeId::parse("CHASE.1").unwrap(),
        said: HostSaid::Answered(answer),
    };
    opened(&chase.order(said));
    let text = drawn(&report_of(&chase));
    let timeline = text
        .split("<h2>")
        .find(|part| part.contains("Chronologie"))
        .unwrap();
    for said in [
        "room-ES",
        "CAR FR",
        "CHASE.1 → room-FR",
        "2027-03-16 10:",
        "given by telephone",
        "answered",
    ] {
        assert!(timeline.contains(said), "{said}: {timeline}");
    }
    // Of a unit that is abroad still, the end is open.
    assert!(timeline.contains("&gt;</text>"), "{timeline}");
    assert!(!timeline.contains("Cdt Petit"), "no names of persons");
    for said in ["Cdt Petit", "Stop at Le Boulou.", "answered: no"] {
        assert!(text.contains(said), "{said}: the table has it");
    }
}

/// Everything that a report says of persons, units and devices, and every free word, by the keys it stands under.
fn secrets(value: &serde_json::Value, key: &str, found: &mut BTreeSet<String>) {
    const KEYS: [&str; 20] = [
        "account",
        "unit",
        "callsign",
        "units",
        "sentence",
        "action",
        "said",
        "because",
        "reason",
        "text",
        "name",
        "number",
        "reference",
        "description",
        "conditions",
        "grounds",
        "note",
        "words",
        "said_by",
        "crossing",
    ];
    match value {
        serde_json::Value::String(text) if KEYS.contains(&key) => {
            found.insert(text.clone());
        }
        serde_json::Value::Array(all) => all.iter().for_each(|one| secrets(one, key, found)),
        serde_json::Value::Object(all) => {
            // What the operation itself is called is no secret of the copy, nor is the number of its document.
            let is_card = all.contains_key("person_category");
            let is_document = all.contains_key("conditions");
            for (key, one) in all {
                let open = (is_card && key == "name") || (is_document && key == "number");
                if !open {
                    secrets(one, key, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_that_is_redacted_stands_anywhere_in_a_copy() {
    let mut chase = chase();
    opened(&chase.voice("CHASE.1"));
    let held = Detention {
        host: crate::chase::state("FR"),
        since: chase.now,
        unit: Some(UnitId::parse("CAR").unwrap()),
        host_national: Some(true),
        findings: Vec::new(),
    };
    opened(&chase.change(OperationChange::Detained(held)));
    let step = DetentionStep {
        kind: DetentionStepKind::HandedOver,
        at: chase.now,
        note: "Gendarmerie, Le Boulou".into(),
    };
    let host = crate::chase::state("FR");
    opened(&chase.change(OperationChange::DetentionEnded { host, step }));
    opened(&chase.order(OrderKind::StateInReport {
        operation: OperationId::parse("CHASE").unwrap(),
        statement: Statement {
            topic: Topic::Injuries,
            text: "Jean Blanc was bruised".into(),
            language: None,
        },
    }));
    chase.to(42.40, 2.87);
    opened(&chase.order(OrderKind::Close {
        operation: OperationId::parse("CHASE").unwrap(),
        version: None,
        closing: Closing::because("told by Maria Negre"),
    }));
    for report in [report_of(&chase), nagylak("budapest"), nagylak("arad")] {
        let whole = shown(&report);
        let copy = redacted(&whole);
        assert_eq!(redacted(&copy), copy, "a copy of a copy");
        let mut found = BTreeSet::new();
        secrets(&serde_json::to_value(&whole).unwrap(), "", &mut found);
        // A room may be called as an account is: who it is, is an authority.
        let rooms = [&whole.operation.room, &whole.made.ledger];
        found.retain(|secret| !rooms.contains(&secret) && !secret.is_empty() && secret != "arad");
        assert!(found.len() > 8, "{found:?}");
        for row in &whole.crossings {
            let [lon, lat] = row.crossing.point;
            found.extend([format!("{lon:.4}"), format!("{lat:.4}")]);
        }
        let json = String::from_utf8(copy.to_bytes()).unwrap();
        let sheet = sheet(&copy, Languages::of(&copy));
        let page = page(&sheet, false);
        // What the PDF is drawn from: its letters stand compressed in it.
        let drawn = format!("{sheet:?}");
        let bytes = pdf(&sheet).unwrap();
        let bytes = String::from_utf8_lossy(&bytes);
        for secret in &found {
            for (form, text) in [
                ("JSON", &*json),
                ("HTML", &*page),
                ("sheet", &*drawn),
                ("PDF", &*bytes),
            ] {
                // A short word may stand in compressed bytes by chance.
                let told = form != "PDF" || secret.len() > 5;
                assert!(
                    !told || !text.contains(secret.as_str()),
                    "{secret} in the {form}"
                );
            }
        }
        let accounts = json.matches("\"account\": ").count();
        assert_eq!(json.matches("\"account\": \"————\"").count(), accounts);
        for (said, text) in [
            ("redacted copy's digest", &page),
            ("the copy's own digest", &json),
        ] {
            let digest = if said.starts_with("redacted") {
                &copy.redacted.as_ref().unwrap().of
            } else {
                &copy.made.facts
            };
            assert!(text.contains(digest.as_str()), "{said}");
        }
        assert_ne!(copy.made.facts, whole.made.facts);
        assert_eq!(copy.redacted.as_ref().unwrap().of, whole.made.facts);
        let mut devices = copy.sources.iter().flat_map(|row| &row.devices);
        assert!(devices.all(|device| device == "————"));
        assert!(copy.signatures.is_empty());
        assert!(!page.contains("Ed25519"), "never signed as the report");
        let foot = sheet.foot.as_ref().unwrap();
        assert!(foot.contains(&whole.made.facts), "{foot}");
        let left_out = limes::wire::words::say(Languages::of(&copy).0[0], "left-out");
        assert!(page.contains(&left_out), "the map: {left_out}");
    }
}

/// A Spanish car in France, farther than the ten kilometres of that pair.
fn chase() -> Chase {
    let mut chase = Chase::begin("ES", &["FR"], Some(Marks::MarkedCar), (42.40, 2.87));
    opened(&chase.open(Basis::PursuitCaughtInTheAct, &["FR"], |_| {}));
    chase.to(42.62, 2.87);
    chase
}

fn report_of(chase: &Chase) -> Report {
    report(
        &chase.room(),
        &chase.rooms.ledgers[&chase.room()],
        chase.now,
    )
}

#[test]
fn a_pursuit_beyond_its_limit_with_a_person_held_is_told_as_it_was() {
    let mut chase = chase();
    let since = chase.now;
    let held = Detention {
        host: crate::chase::state("FR"),
        since,
        unit: None,
        host_national: None,
        findings: Vec::new(),
    };
    opened(&chase.change(OperationChange::Detained(held)));
    chase.pass(Span::from_minutes(7));
    let step = DetentionStep {
        kind: DetentionStepKind::HandedOver,
        at: chase.now,
        note: "Gendarmerie, Le Boulou".into(),
    };
    let host = crate::chase::state("FR");
    opened(&chase.change(OperationChange::DetentionEnded { host, step }));
    let report = report_of(&chase);
    insta::assert_snapshot!(told(&shown(&report)));
    let kept = |kind: &DutyKind| {
        let mut rows = report.duties.iter();
        rows.find(|row| row.kind == *kind).map(|row| row.kept)
    };
    assert_eq!(kept(&DutyKind::Limit), Some(Kept::NotMet));
    assert_eq!(kept(&DutyKind::Held), Some(Kept::Met));
    let stay = &report.stays[0];
    assert!(stay.since.is_some() && stay.until.is_none(), "{stay:?}");
}

#[test]
fn a_notice_given_by_telephone_is_told_with_whom_and_when_and_keeps_the_duty() {
    let mut chase = chase();
    opened(&chase.voice("CHASE.1"));
    let spoke = chase.now;
    let report = report_of(&chase);
    let notice = &report.notices[0];
    assert_eq!((&notice.sent, notice.given()), (&None, Some(spoke)));
    let owed = notice.owed.as_ref().unwrap().value;
    assert_eq!(notice.latency(), Some(spoke.since(owed)));
    let of_notice = |row: &&limes::domain::report::duties::DutyRow| {
        row.kind == DutyKind::Notice(notice.duty, notice.notice.clone())
    };
    let duty = report.duties.iter().find(of_notice).unwrap();
    assert_eq!(duty.kept, Kept::Met);
    let shown = shown(&report);
    let voice = shown.notices[0].voice.as_ref().unwrap();
    assert_eq!(voice.by.account, "operator");
    let text = page(&sheet(&shown, Languages::of(&shown)), false);
    for said in [
        "donné par téléphone",
        "given by telephone",
        "Adjudant Roux, +33 4 68 00 00",
        "2027/118",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_nobody_recorded_is_said_to_be_not_recorded_in_both_languages() {
    let report = shown(&report_of(&chase()));
    assert_eq!(report.closed, None);
    let text = page(&sheet(&report, Languages::of(&report)), false);
    assert!(text.contains("non enregistré"), "{text}");
    assert!(text.contains("not recorded"));
    assert!(text.contains("Rapport sur l’opération CHASE"));
    assert!(text.contains("Report of operation CHASE"));
}

#[test]
fn what_persons_wrote_stands_in_the_page_as_text() {
    let mut chase = chase();
    chase.to(42.40, 2.87);
    let close = OrderKind::Close {
        operation: OperationId::parse("CHASE").unwrap(),
        version: None,
        closing: Closing {
            reason: "<script>alert(1)</script> & \"over\"".into(),
            outcome: Some(Outcome::Lost),
        },
    };
    opened(&chase.send("CHASE.1"));
    opened(&chase.order(close));
    let report = shown(&report_of(&chase));
    let text = page(
        &sheet(&report, Languages([Language::Bg, Language::De])),
        true,
    );
    assert!(!text.contains("<script"));
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;over&quot;"));
    assert!(text.contains("Sicht verloren"), "the outcome");
    assert!(text.contains("изгубен от поглед"));
    assert!(text.contains("/api/v1/events?since="));
}

#[test]
fn the_pdf_is_one_for_archives_and_the_same_for_the_same_report() {
    let report = shown(&nagylak("budapest"));
    let sheet = sheet(&report, Languages::of(&report));
    let drawn = pdf(&sheet).unwrap();
    assert!(drawn.starts_with(b"%PDF-1."));
    assert_eq!(drawn, pdf(&sheet).unwrap());
    let metadata = String::from_utf8_lossy(&drawn);
    assert!(metadata.contains("pdfaid:part"), "it says that it is PDF/A");
}

#[test]
fn a_text_longer_than_a_page_and_letters_of_no_type_are_drawn_too() {
    let mut report = shown(&report_of(&chase()));
    report.operation.name = "x".repeat(20_000);
    report.operation.id = "\u{1f694} \u{202e}gnorw \u{0}".to_owned();
    let sheet = sheet(&report, Languages::of(&report));
    assert!(pdf(&sheet).unwrap().len() > 10_000);
}

#[test]
fn a_quarter_counts_operations_and_tells_small_numbers_as_few() {
    let report = nagylak("budapest");
    let of = |times: u64, state: &str| {
        let mut quarter = QuarterReport::default();
        for _ in 0..times {
            quarter.take(crate::chase::state(state), &report);
        }
        quarter
    };
    let few = of(1, "HU");
    let first = few.operations().next().unwrap();
    assert_eq!(
        first,
        (Side::Requesting, Basis::SurveillanceAuthorised, Count::Few)
    );
    assert_eq!(few.latency(Side::Requesting).median, None);
    let enough = of(6, "HU");
    let first = enough.operations().next().unwrap();
    assert_eq!(first.2, Count::Exactly(6));
    assert!(enough.latency(Side::Requesting).median.is_some());
    let csv = limes::wire::report::quarter::csv(
        crate::chase::state("HU"),
        Quarter::parse("2027Q1").unwrap(),
        &enough,
    );
    insta::assert_snapshot!(csv);
    // In the other room they are others' officers: what it was sent it knows, what it was not sent it does not.
    let mut host = QuarterReport::default();
    for _ in 0..6 {
        host.take(crate::chase::state("RO"), &nagylak("arad"));
    }
    assert_eq!(host.operations().next().unwrap().0, Side::Host);
    let latency = host.latency(Side::Host);
    assert_eq!((latency.sent, latency.not_sent), (Count::Exactly(6), None));
    assert_eq!(latency.median, None);
    assert_eq!(host.latency(Side::Requesting).sent, Count::Exactly(0));
}

#[test]
fn an_overlap_counts_from_the_hand_over_that_a_unit_recorded_until_it_had_left() {
    let mut report = report_of(&chase());
    let stay = report.stays[0].clone();
    let came = stay.since.unwrap();
    let after = |minutes: i64| came.plus(Span::from_minutes(minutes));
    let figures = |report: &Report, state: &str| {
        let mut quarter = QuarterReport::default();
        for _ in 0..5 {
            quarter.take(crate::chase::state(state), report);
        }
        let [ours, host] = [Side::Requesting, Side::Host].map(|side| quarter.overlap(side));
        assert_eq!((host.handovers, host.median), (None, None));
        (ours.handovers, ours.median, ours.most)
    };
    let none = Some(Count::Exactly(0));
    assert_eq!(figures(&report, "ES"), (none, None, None), "nobody pressed");
    report.handed_over = vec![
        (stay.unit.clone(), came.plus(Span::from_secs(-1))),
        (UnitId::parse("OTHER").unwrap(), after(1)),
        (stay.unit.clone(), after(4)),
        (stay.unit.clone(), after(6)),
    ];
    let five = Some(Count::Exactly(5));
    assert_eq!(figures(&report, "ES"), (five, None, None), "still abroad");
    report.stays[0].until = Some(after(13));
    let stayed = Some(Span::from_minutes(9));
    assert_eq!(figures(&report, "ES"), (five, stayed, stayed));
    assert_eq!(
        figures(&report, "FR"),
        (none, None, None),
        "the host's record"
    );
}

#[test]
fn a_hand_over_is_read_from_the_units_own_button() {
    let mut chase = chase();
    let press = |chase: &mut Chase, act: Act| {
        let told = UnitAct {
            unit: UnitId::parse("CAR").unwrap(),
            act,
            at: chase.now,
            key: format!("{act:?}").into(),
        };
        let (room, now) = (chase.room(), chase.now);
        chase.rooms.decide(&room, Cause::Act(told), now);
    };
    press(&mut chase, Act::HaveTarget);
    press(&mut chase, Act::HandedOver);
    let at = chase.now;
    chase.to(42.40, 2.87);
    let report = report_of(&chase);
    assert_eq!(report.handed_over, [(UnitId::parse("CAR").unwrap(), at)]);
    assert!(report.stays[0].until.is_some());
}

#[test]
fn a_quarter_begins_and_ends_on_its_days() {
    let quarter = Quarter::parse("2026Q4").unwrap();
    assert_eq!(quarter.begins().to_string(), "2026-10-01T00:00:00.000Z");
    assert_eq!(quarter.ends().to_string(), "2027-01-01T00:00:00.000Z");
    assert!(quarter.has(quarter.begins()) && !quarter.has(quarter.ends()));
    for wrong in [
        "2026", "2026Q5", "26Q1", "+026Q1", "2026q1", "2026Q01", "3000Q1", "Q1", "",
    ] {
        assert!(Quarter::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_report_is_owed_once_the_last_unit_is_home_and_the_alarms_wait_for_a_signature() {
    let mut chase = chase();
    let owed = |chase: &Chase| {
        let owed = chase.events().filter(|event| event.kind() == "report.owed");
        owed.count()
    };
    assert_eq!(owed(&chase), 0);
    opened(&chase.send("CHASE.1"));
    chase.to(42.40, 2.87);
    chase.pass(Span::from_secs(2));
    assert_eq!(owed(&chase), 1);
    // Out and home again it is the same report.
    chase.to(42.50, 2.87);
    opened(&chase.send("CHASE.2"));
    chase.to(42.40, 2.87);
    chase.pass(Span::from_secs(2));
    assert_eq!(owed(&chase), 1, "{}", chase.told());
    let sign = |chase: &mut Chase, facts: &str| {
        let signed = Box::new(SignedReport {
            document: "{}".into(),
            facts: facts.into(),
            key: "k".into(),
            signature: "s".into(),
        });
        let operation = OperationId::parse("CHASE").unwrap();
        chase.order(OrderKind::SignReport { operation, signed })
    };
    assert_eq!(guard(&sign(&mut chase, "one")), "operation_open");
    let close = OrderKind::Close {
        operation: OperationId::parse("CHASE").unwrap(),
        version: None,
        closing: Closing::because("over"),
    };
    opened(&chase.order(close));
    let standing = |chase: &Chase, code: &str| {
        let world = &chase.rooms.worlds[&chase.room()];
        world
            .alarms()
            .standing()
            .any(|alarm| alarm.kind.code() == code)
    };
    assert!(!standing(&chase, "A35"));
    chase.pass(Span::from_hours(12));
    assert!(standing(&chase, "A35"), "{}", chase.told());
    chase.pass(Span::from_hours(12));
    assert!(!standing(&chase, "A35") && standing(&chase, "A50"));
    opened(&chase.order(OrderKind::StateInReport {
        operation: OperationId::parse("CHASE").unwrap(),
        statement: Statement {
            topic: Topic::Injuries,
            text: "nobody".into(),
            language: Some("en".into()),
        },
    }));
    opened(&sign(&mut chase, "one"));
    assert!(!standing(&chase, "A50"));
    assert_eq!(guard(&sign(&mut chase, "one")), "report_signed");
    // Facts that changed since are signed as an addendum.
    opened(&sign(&mut chase, "two"));
    let report = shown(&report_of(&chase));
    assert_eq!(report.signatures.len(), 2);
    assert_eq!(report.statements[0].statement.text, "nobody");
    let text = page(&sheet(&report, Languages::of(&report)), false);
    assert!(text.contains("nobody") && text.contains("Ed25519 k"));
}

#[test]
fn who_signs_and_when_it_is_made_change_nothing_of_what_a_report_says() {
    let mut chase = chase();
    opened(&chase.send("CHASE.1"));
    chase.to(42.40, 2.87);
    let operation = || OperationId::parse("CHASE").unwrap();
    let (version, closing) = (None, Closing::because("over"));
    opened(&chase.order(OrderKind::Close {
        operation: operation(),
        version,
        closing,
    }));
    let facts = |chase: &Chase| shown(&report_of(chase)).made.facts;
    let first = facts(&chase);
    // A day later the alarms about the report have come and gone.
    chase.pass(Span::from_hours(25));
    assert_eq!(facts(&chase), first);
    let signed = Box::new(SignedReport {
        document: "{}".into(),
        facts: first.as_str().into(),
        key: "k".into(),
        signature: "s".into(),
    });
    opened(&chase.order(OrderKind::SignReport {
        operation: operation(),
        signed,
    }));
    assert_eq!(facts(&chase), first);
    opened(&chase.order(OrderKind::StateInReport {
        operation: operation(),
        statement: Statement {
            topic: Topic::Remark,
            text: "one more word".into(),
            language: None,
        },
    }));
    assert_ne!(facts(&chase), first, "a statement is said");
}

#[test]
fn a_unit_stands_in_the_report_as_it_was_in_the_operation() {
    let mut chase = chase();
    opened(&chase.send("CHASE.1"));
    chase.to(42.40, 2.87);
    opened(&chase.order(OrderKind::Close {
        operation: OperationId::parse("CHASE").unwrap(),
        version: None,
        closing: Closing::because("over"),
    }));
    let before = shown(&report_of(&chase));
    let room = chase.room();
    let mut card = chase.rooms.worlds[&room].units()[&UnitId::parse("CAR").unwrap()]
        .card
        .clone();
    card.callsign = "renamed".into();
    let change = Cause::Register(Register::UnitAdded(card));
    let now = chase.now;
    chase.rooms.decide(&room, change, now);
    let after = shown(&report_of(&chase));
    assert_eq!(after.units[0].callsign, "CAR");
    assert_eq!(after.made.facts, before.made.facts);
}

fn guard(answer: &Answer) -> &str {
    match answer {
        Answer::Refused(refusal) => &refusal.guard,
        other => panic!("{other:?}"),
    }
}
