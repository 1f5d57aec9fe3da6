//! Rules are kept: an operation rests on those it was opened with, also after a start with others.

use crate::house::{Desk, House, moment, opening, until};
use limes::domain::law::rulebook::Rulebook;
use limes::service::ruledata;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// The built-in rules with three hours for Hungarian officers in Romania.
fn three_hours() -> Arc<Rulebook> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ro.toml");
    let text = "[overlay]\nstate = \"RO\"\nlegal_service = \"Legal service\"\nreference = \"1/2026\"\ndate = 2026-01-02\n\
                [[pair]]\nterritory = \"RO\"\nfrom = \"HU\"\nvalid_from = 2026-01-02\nconfidence = \"high\"\n\
                [pair.surveillance]\nconsent_hours = 3\n";
    std::fs::write(&file, text).unwrap();
    ruledata::overlaid(None, &[file]).unwrap()
}

/// Opens an urgent surveillance with one unit.
async fn open_urgent(desk: &Desk, name: &str, unit: &str) {
    let mut body = opening(name);
    body["basis"] = json!("40(2)");
    body["authorisation"] = Value::Null;
    body["units"] = json!([unit]);
    let opened = desk.post("/api/v1/operations", &body).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
}

/// The hours of the consent clock of an operation, once it runs.
async fn hours(desk: &Desk, operation: &str) -> i64 {
    let of_it = async || -> Option<Value> {
        let started = desk.events("clock.started").await;
        started
            .into_iter()
            .find(|event| event["operation"] == operation && event["clock"] == "consent")
    };
    until(async || of_it().await.is_some()).await;
    let clock = of_it().await.unwrap();
    moment(&clock["ends"])
        .since(moment(&clock["starts"]))
        .as_millis()
        / 3_600_000
}

fn kept(house: &House) -> Vec<PathBuf> {
    let files = std::fs::read_dir(house.data().join("rules")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn an_operation_keeps_the_rules_it_was_opened_with_over_a_start_with_others() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let adopted = desk.events("rules.adopted").await;
    assert_eq!(adopted.len(), 1, "{adopted:?}");
    assert_eq!(kept(&house).len(), 1);
    let digest = adopted[0]["digest"].as_str().unwrap();
    assert!(kept(&house)[0].ends_with(format!("{digest}.json")));
    open_urgent(&desk, "BEFORE", "HU-1").await;

    let house = house.again_with(three_hours()).await.unwrap();
    let desk = house.log_in("budapest-operator").await;
    let adopted = desk.events("rules.adopted").await;
    assert_eq!(adopted.len(), 2, "{adopted:?}");
    let changed = adopted[1]["changed"].as_str().unwrap();
    assert!(changed.contains("rows differ of RO from HU. "), "{changed}");
    open_urgent(&desk, "AFTER", "HU-2").await;
    house.drive_over("HU-1").await;
    house.drive_over("HU-2").await;
    assert_eq!(hours(&desk, "BEFORE").await, 5);
    assert_eq!(hours(&desk, "AFTER").await, 3);
    assert_eq!(kept(&house).len(), 2);
}

#[tokio::test]
async fn the_same_rules_are_adopted_once() {
    let house = House::new().await;
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    assert_eq!(desk.events("rules.adopted").await.len(), 1);
}

#[tokio::test]
async fn a_start_without_the_rules_of_an_operation_is_refused_and_names_the_file() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open_urgent(&desk, "BEFORE", "HU-1").await;
    let file = kept(&house).remove(0);
    std::fs::remove_file(&file).unwrap();
    let refused = house.again_with(three_hours()).await.err().unwrap();
    let said = format!("{refused:#}");
    assert!(said.contains(&file.display().to_string()), "{said}");
    assert!(said.contains("backup"), "{said}");
}

#[tokio::test]
async fn kept_rules_that_were_changed_are_refused() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open_urgent(&desk, "BEFORE", "HU-1").await;
    let file = kept(&house).remove(0);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("consent_hours = 5", "consent_hours = 9"),
    )
    .unwrap();
    let refused = house.again_with(three_hours()).await.err().unwrap();
    assert!(
        refused.to_string().contains("is not the rules v1"),
        "{refused:#}"
    );
}

#[tokio::test]
async fn two_persons_let_an_operation_rest_on_newer_rules_and_the_law_is_asked_again() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open_urgent(&desk, "BEFORE", "HU-1").await;
    let path = "/api/v1/operations/BEFORE";
    let first = desk.events("rules.adopted").await[0]["digest"].clone();

    let house = house.again_with(three_hours()).await.unwrap();
    let operator = house.log_in("budapest-operator").await;
    let supervisor = house.log_in("budapest-supervisor").await;
    let legal = house.log_in("budapest-legal").await;
    let newer = operator.events("rules.adopted").await[1]["digest"].clone();
    let wanting = |rules: &Value| json!({"resting_anew": {"rules": rules, "because": "RO told us on 2 January: three hours"}});
    let patch = async |by: &Desk, change: Value| by.patch(path, &change, &[]).await;

    let answer = patch(&operator, wanting(&newer)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    let answer = patch(&supervisor, wanting(&first)).await;
    assert_eq!(answer.body["guard"], "rules_not_of_now", "{}", answer.body);
    let silent = json!({"resting_anew": {"rules": newer, "because": " "}});
    let answer = patch(&supervisor, silent).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);

    let answer = patch(&supervisor, wanting(&newer)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.body["resting_anew"]["by"]["account"],
        "budapest-supervisor"
    );
    assert_eq!(
        answer.body["rests_on"]["rules"]["digest"], first,
        "nothing changes yet"
    );
    let answer = patch(&supervisor, wanting(&newer)).await;
    assert_eq!(answer.body["guard"], "second_person", "{}", answer.body);

    let answer = patch(&legal, wanting(&newer)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["resting_anew"], Value::Null);
    assert_eq!(answer.body["rests_on"]["rules"]["digest"], newer);
    let answer = patch(&legal, wanting(&newer)).await;
    assert_eq!(answer.body["guard"], "rests_on_these", "{}", answer.body);
    let asked = operator.events("law.assessed").await;
    assert!(
        asked.len() >= 2,
        "asked at the opening, and again: {asked:?}"
    );

    // Also after a start it is the newer rules that count.
    let house = house.again_with(three_hours()).await.unwrap();
    let desk = house.log_in("budapest-operator").await;
    house.drive_over("HU-1").await;
    assert_eq!(hours(&desk, "BEFORE").await, 3);
    let arad = house.log_in("arad-operator").await;
    let shared = arad.events("operation.changed").await;
    assert!(shared.is_empty(), "rules are the room's own: {shared:?}");
}
