//! What two states agreed on: adopted, shown, kept with an operation over a start with another, and missed by name.

use crate::house::{Desk, House, Wishes, opening, until};
use limes::domain::ids::State;
use limes::service::clock::Clock;
use limes::service::profiles::{Against, SignedProfiles, signature_file};
use limes::service::ruledata;
use limes::service::signing::keys::{PrivateKey, PublicKey};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A profile of this version that both sides signed.
pub(crate) fn signed(version: u32, alarm_s: u32) -> SignedProfiles {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hu-ro.toml");
    let text = format!(
        "format = 1\n[profile]\nstates = [\"HU\", \"RO\"]\nversion = {version}\nreference = \"12/2026\"\n\
         valid_from = 2020-01-01\nvalid_until = 2099-12-31\n[T5]\nwarn_s = 5\nalarm_s = {alarm_s}\n"
    );
    std::fs::write(&file, &text).unwrap();
    let sign = |code: &str| -> PublicKey {
        let state = State::parse(code).unwrap();
        let path = folder.path().join(code);
        let public = PrivateKey::make(state, &path).unwrap();
        let key = PrivateKey::read(&path).unwrap();
        std::fs::write(signature_file(&file, state), key.sign(text.as_bytes())).unwrap();
        public
    };
    let keys = ["HU", "RO"].map(sign);
    let against = Against {
        keys: &keys,
        exercise: false,
        rulebook: &ruledata::rulebook(None).unwrap(),
        now: Clock::real().now(),
    };
    SignedProfiles::read(&[file], against).unwrap()
}

/// A house whose states agreed on this.
pub(crate) async fn agreed() -> House {
    House::with(Wishes {
        profiles: signed(3, 45),
        ..Wishes::default()
    })
    .await
}

async fn open(desk: &Desk, name: &str, unit: &str) {
    let mut body = opening(name);
    body["units"] = json!([unit]);
    let opened = desk.post("/api/v1/operations", &body).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
}

fn kept(house: &House) -> Vec<PathBuf> {
    let files = std::fs::read_dir(house.data().join("profiles")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// The versions of profiles that an operation rests on.
async fn rests_on(desk: &Desk, name: &str) -> Value {
    let answer = desk.get(&format!("/api/v1/operations/{name}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body["rests_on"].clone()
}

#[tokio::test]
async fn what_was_agreed_is_recorded_shown_and_on_the_map() {
    let house = agreed().await;
    let desk = house.log_in("budapest-operator").await;
    let adopted = desk.events("profile.adopted").await;
    assert_eq!(adopted.len(), 1, "{adopted:?}");
    let named = &adopted[0]["profiles"][0];
    assert_eq!(
        (&named["pair"], &named["version"]),
        (&json!("HU-RO"), &json!(3))
    );
    let digest = named["digest"].as_str().unwrap();
    assert!(kept(&house)[0].ends_with(format!("{digest}.json")));

    let shown = desk.get("/api/v1/profiles").await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    let profile = &shown.body["profiles"][0];
    assert_eq!(
        (&profile["digest"], &profile["origin"]),
        (&json!(digest), &json!("profile"))
    );
    assert_eq!(profile["signatures"].as_array().unwrap().len(), 2);
    let figure = |list: &Value, key: &str| {
        let all = list.as_array().unwrap();
        let one = all.iter().find(|figure| figure["key"] == key).unwrap();
        (one["value"].clone(), one["origin"].clone())
    };
    let figures = &profile["figures"];
    assert_eq!(figure(figures, "T5.alarm_s"), (json!(45), json!("profile")));
    let by_default = json!("default of the workflow");
    assert_eq!(
        figure(figures, "T12.eyes_s"),
        (json!(60), by_default.clone())
    );
    let defaults = &shown.body["defaults"];
    assert_eq!(figure(defaults, "T5.alarm_s"), (json!(60), by_default));
    assert_eq!(
        house.nobody().get("/api/v1/profiles").await.status,
        StatusCode::UNAUTHORIZED
    );

    let rules = desk.get("/api/v1/rules").await.body;
    let of_record = desk.events("rules.adopted").await;
    assert_eq!(rules["digest"], of_record[0]["digest"]);

    open(&desk, "AGREED", "HU-1").await;
    let mut map = desk.watch("").await;
    let snapshot = map.next_of("snapshot").await;
    assert_eq!(snapshot["rests_on"]["profiles"][0]["digest"], json!(digest));
    assert_eq!(snapshot["rests_on"]["rules"]["digest"], rules["digest"]);
    assert_eq!(snapshot["operations"][0]["rests_on"], snapshot["rests_on"]);
    assert_eq!(snapshot["alarms"], json!([]), "nothing is missed");
    let ready = house.nobody().get("/readyz").await.body;
    assert_eq!(ready["notes"], json!([]), "{ready}");
}

#[tokio::test]
async fn without_a_profile_the_service_runs_and_says_so() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let ready = house.nobody().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    let note = ready.body["notes"][0].as_str().unwrap();
    assert!(note.contains("the workflow's defaults hold"), "{note}");
    assert_eq!(desk.events("profile.adopted").await.len(), 0);
    open(&desk, "ALONE", "HU-1").await;
    until(async || desk.get("/api/v1/alarms").await.body["alarms"][0]["code"] == "A25").await;
    let alarm = desk.get("/api/v1/alarms").await.body["alarms"][0].clone();
    assert_eq!(
        (&alarm["priority"], &alarm["host"]),
        (&json!(2), &json!("RO"))
    );
    let sentence = alarm["sentence"].as_str().unwrap();
    assert!(sentence.contains("No profile of HU-RO"), "{sentence}");
    assert_eq!(rests_on(&desk, "ALONE").await["profiles"], json!([]));
}

#[tokio::test]
async fn an_operation_keeps_its_profile_over_a_start_with_another_and_none() {
    let house = agreed().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "BEFORE", "HU-1").await;
    let rulebook = || ruledata::rulebook(None).unwrap();
    let house = house.again_as(rulebook(), signed(4, 50)).await.unwrap();
    let desk = house.log_in("budapest-operator").await;
    let adopted = desk.events("profile.adopted").await;
    assert_eq!(adopted.len(), 2, "{adopted:?}");
    let changed = adopted[1]["changed"].as_str().unwrap();
    assert!(
        changed.contains("HU-RO v4 takes the place of v3."),
        "{changed}"
    );
    open(&desk, "AFTER", "HU-2").await;
    let version = async |desk: &Desk, name: &str| {
        rests_on(desk, name).await["profiles"][0]["version"].clone()
    };
    assert_eq!(version(&desk, "BEFORE").await, 3);
    assert_eq!(version(&desk, "AFTER").await, 4);
    assert_eq!(kept(&house).len(), 2);

    // Taken out of the configuration: both operations keep theirs, and no alarm says otherwise.
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    let adopted = desk.events("profile.adopted").await;
    assert_eq!(adopted[2]["profiles"], json!([]));
    assert_eq!(version(&desk, "BEFORE").await, 3);
    let alarms = desk.get("/api/v1/alarms").await.body["alarms"].clone();
    assert_eq!(alarms, json!([]));
}

#[tokio::test]
async fn a_start_without_the_profile_of_an_operation_is_refused_and_names_the_file() {
    let house = agreed().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "BEFORE", "HU-1").await;
    let file = kept(&house).remove(0);
    std::fs::remove_file(&file).unwrap();
    let rulebook = ruledata::rulebook(None).unwrap();
    let refused = house.again_as(rulebook, signed(4, 50)).await.err().unwrap();
    let said = format!("{refused:#}");
    assert!(said.contains(&file.display().to_string()), "{said}");
    assert!(
        said.contains("HU-RO v3") && said.contains("backup"),
        "{said}"
    );
}
