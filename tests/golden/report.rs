//! The report after an operation, from the ledgers of scenarios.

mod drawn;
mod quarter;
mod redacted;

use crate::chase::{Chase, opened, state};
use crate::nagylak_27::{PLAYED, lap, room, scenario};
use crate::rooms::Entry;
use limes::domain::event::What;
use limes::domain::ids::{OperationId, RoomId, Seq, UnitId};
use limes::domain::input::{Cause, OrderKind, Register};
use limes::domain::law::basis::Basis;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::{
    Closing, Detention, DetentionStep, DetentionStepKind, OperationChange, Outcome, SignedReport,
    Statement, Topic,
};
use limes::domain::registry::Marks;
use limes::domain::report::duties::{DutyKind, Kept};
use limes::domain::report::sources::Heard;
use limes::domain::report::{Draft, Entry as Record, Report};
use limes::domain::world::Answer;
use limes::wire::report::content;
use limes::wire::report::html::page;
use limes::wire::report::pdf::pdf;
use limes::wire::report::sheet::{Languages, Sheet};
use limes::wire::report::{MadeWire, ReportWire};
use limes::wire::words::Language;
use std::collections::BTreeMap;
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

/// A person is held in France, by a unit or by the host's own officers.
fn holds(chase: &mut Chase, unit: Option<&str>, host_national: Option<bool>) {
    let detention = Detention {
        host: state("FR"),
        since: chase.now,
        unit: unit.map(|unit| UnitId::parse(unit).unwrap()),
        host_national,
        findings: Vec::new(),
    };
    opened(&chase.change(OperationChange::Detained(detention)));
}

/// The person held there is handed to officers of France.
fn hands_over(chase: &mut Chase) {
    let step = DetentionStep {
        kind: DetentionStepKind::HandedOver,
        at: chase.now,
        note: "Gendarmerie, Le Boulou".into(),
    };
    let host = state("FR");
    opened(&chase.change(OperationChange::DetentionEnded { host, step }));
}

#[test]
fn a_pursuit_beyond_its_limit_with_a_person_held_is_told_as_it_was() {
    let mut chase = chase();
    holds(&mut chase, None, None);
    chase.pass(Span::from_minutes(7));
    hands_over(&mut chase);
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
