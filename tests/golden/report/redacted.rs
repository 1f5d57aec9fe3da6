//! A redacted copy of a report.

use super::{chase, hands_over, holds, nagylak, report_of, sheet, shown};
use crate::chase::opened;
use limes::domain::ids::OperationId;
use limes::domain::input::OrderKind;
use limes::domain::operations::{Closing, Statement, Topic};
use limes::wire::report::html::page;
use limes::wire::report::pdf::pdf;
use limes::wire::report::redacted::redacted;
use limes::wire::report::sheet::Languages;
use std::collections::BTreeSet;

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
    holds(&mut chase, Some("CAR"), Some(true));
    hands_over(&mut chase);
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
