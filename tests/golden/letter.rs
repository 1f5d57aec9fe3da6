//! Notices in words: the same fields in the languages of both states.

use limes::domain::ids::{CrossingId, NoticeId, OperationId, RoomId, State, UnitId};
use limes::domain::law::basis::{Basis, PersonCategory};
use limes::domain::law::finding::Duty;
use limes::domain::measure::{Position, Timestamp};
use limes::domain::operations::letter::{Letter, Written};
use limes::domain::operations::notice::{NoticeCrossing, NoticeFields};
use limes::domain::registry::{Marks, UnitKind};
use limes::wire::letter::write;

fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

fn entry(name: &str, likely: &str) -> NoticeCrossing {
    NoticeCrossing {
        unit: UnitId::parse(name).unwrap(),
        callsign: name.into(),
        kind: UnitKind::Vehicle,
        marks: Some(Marks::Covert),
        crossing: Some(CrossingId::parse("c.1").unwrap()),
        point: Position::new(46.17, 20.73).unwrap(),
        earliest: Timestamp::parse("2027-03-16T11:33:15Z").unwrap(),
        likely: Timestamp::parse(likely).unwrap(),
        expected: false,
        taken_back: false,
    }
}

fn fields() -> NoticeFields {
    NoticeFields {
        operation: OperationId::parse("NAGYLAK-27").unwrap(),
        name: "NAGYLAK-27".into(),
        basis: Basis::SurveillanceUrgent,
        requesting_state: state("HU"),
        host_state: state("RO"),
        offence: "drug_trafficking".into(),
        person_category: PersonCategory::Suspect,
        authorisation: None,
        grounds: Some("nem volt idő".into()),
        crossings: vec![entry("HU-1", "2027-03-16T11:33:17.900Z")],
        amends: None,
        missing: Vec::new(),
    }
}

fn written(fields: &NoticeFields, exercise: bool) -> Vec<Written> {
    let rulebook = limes::service::ruledata::rulebook(None).unwrap();
    write(&Letter {
        fields,
        duty: Duty::NoticeOfCrossing,
        from: &RoomId::parse("budapest").unwrap(),
        to: &RoomId::parse("arad").unwrap(),
        exercise,
        rulebook: &rulebook,
    })
}

#[test]
fn a_notice_is_written_in_the_languages_of_both_states_from_the_same_fields() {
    let [sender, receiver] = &written(&fields(), false)[..] else {
        panic!("two languages");
    };
    assert_eq!((&*sender.language, &*receiver.language), ("hu", "ro"));
    let lines: Vec<&str> = receiver.text.lines().collect();
    assert_eq!(
        lines,
        [
            "Notificarea trecerii",
            "De la budapest (HU) către arad (RO)",
            "Autoritatea din RO: CCPI (SIRENE office) receives; prosecutor's office at the High Court executes \
             (din datele juridice; încredere: ridicată)",
            "Operațiune: NAGYLAK-27 (NAGYLAK-27)",
            "Temei: Supraveghere urgentă, art. 40(2)",
            "Infracțiune: drug_trafficking",
            "Persoana urmărită: suspect",
            "De ce nu s-a putut cere în prealabil: nem volt idő",
            "O unitate a trecut frontiera",
            "- HU-1 (vehicul, sub acoperire). Probabil: 2027-03-16 11:33:17 UTC (12:33:17 HU, 13:33:17 RO). \
             Cel mai devreme: 2027-03-16 11:33:15 UTC (12:33:15 HU, 13:33:15 RO). Loc: 46.17000, 20.73000",
            "Nu se indică în această notificare: identitatea persoanei, itinerarul și durata, numele polițiștilor, \
             conducătorul și telefonul, armele, mijloacele tehnice, condițiile cerute",
        ]
    );
    assert_eq!(sender.text.lines().count(), lines.len());
    assert!(sender.text.contains("Egy egység átlépte a határt"));
    assert!(!receiver.text.contains("Lipsește"), "nothing is missing");
}

#[test]
fn what_is_missing_corrected_expected_or_taken_back_is_said() {
    let mut fields = fields();
    fields.host_state = state("SK");
    fields.amends = Some(NoticeId::parse("NAGYLAK-27.1").unwrap());
    fields.missing = vec!["authorisation".into(), "grounds".into()];
    let expected = NoticeCrossing {
        expected: true,
        crossing: None,
        ..entry("HU-2", "2027-03-16T23:30:00Z")
    };
    let back = NoticeCrossing {
        taken_back: true,
        ..entry("HU-3", "2027-03-16T11:40:00Z")
    };
    fields.crossings.extend([expected, back]);
    let written = written(&fields, true);
    let english = &written[1];
    assert_eq!(&*english.language, "en", "the house speaks no Slovak");
    for said in [
        "EXERCISE: nothing in this notice happened\n",
        "Corrects notice NAGYLAK-27.1, told before\n",
        "One unit has crossed the frontier\n- HU-1",
        "One unit is expected at the frontier\n- HU-2",
        "2027-03-16 23:30:00 UTC (2027-03-17 00:30:00 HU, 2027-03-17 00:30:00 SK)",
        "Taken back: one unit did not cross as told\n- HU-3",
        "Still missing: number of the authorisation, why it could not be asked for beforehand\n",
    ] {
        assert!(english.text.contains(said), "{said}: {}", english.text);
    }
}

#[test]
fn an_authority_that_the_rule_data_do_not_name_is_said_to_be_unknown() {
    let english = |basis: Basis, host: &str| {
        let mut fields = fields();
        (fields.basis, fields.host_state) = (basis, state(host));
        let written = written(&fields, false);
        let english = written.into_iter().find(|one| &*one.language == "en");
        english.unwrap().text
    };
    let pursuit = english(Basis::PursuitEscape, "RS");
    assert!(
        pursuit.contains(
            "Authority of RS: International operational police cooperation (from the rule data; confidence: low)\n"
        ),
        "{pursuit}"
    );
    for (basis, host) in [
        (Basis::SurveillanceUrgent, "RS"),
        (Basis::JointPatrol, "SK"),
        (Basis::PursuitEscape, "US"),
    ] {
        let said = english(basis, host);
        let unknown = format!("Authority of {host}: not known from the rule data\n");
        assert!(said.contains(&unknown), "{said}");
    }
}

#[test]
fn two_states_of_one_language_read_one_text() {
    let mut fields = fields();
    fields.requesting_state = state("AT");
    fields.host_state = state("DE");
    let tags: Vec<_> = written(&fields, false);
    assert_eq!(tags.len(), 1);
    assert_eq!(&*tags[0].language, "de");
}
