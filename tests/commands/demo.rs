//! `limes demo`, from the outside: the exercise plays through the public interface, keeps to its own folder, and ends
//! tidily.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a step of the exercise may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A demonstration that runs; it is killed when dropped.
struct Demo {
    child: Child,
    address: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_limes"));
    command
        .args(["demo", "--listen", "127.0.0.1:0", "--speed", "30", "--data"])
        .arg(folder)
        .stdin(Stdio::null());
    command
}

impl Demo {
    fn begin(folder: &Path) -> Self {
        let mut child = command(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("limes starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut told = || lines.next().expect("a line").expect("text");
        let first = told();
        let address = first
            .strip_prefix("Listening on ")
            .expect(&first)
            .to_owned();
        assert!(told().starts_with("EXERCISE NAGYLAK-27"));
        let log_ins = told();
        for name in ["budapest", "arad", "budapest-supervisor", "arad-legal"] {
            assert!(log_ins.contains(name), "{log_ins}");
        }
        Self { child, address }
    }

    /// Ends it as a person does with Ctrl-C, and answers whether it ended well.
    fn end(mut self) -> bool {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill is there").success());
        self.child.wait().expect("it ends").success()
    }

    async fn log_in(&self, account: &str) -> String {
        let answer: Value = reqwest::Client::new()
            .post(format!("{}/api/v1/sessions", self.address))
            .json(&json!({"account": account, "password": "exercise"}))
            .send()
            .await
            .expect("the service answers")
            .json()
            .await
            .expect("JSON");
        answer["token"].as_str().expect("a token").to_owned()
    }

    /// All events of a room so far, page by page.
    async fn events(&self, token: &str) -> Vec<Value> {
        let (mut all, mut since) = (Vec::new(), 0);
        loop {
            let address = format!("{}/api/v1/events?since={since}&limit=10000", self.address);
            let page: Value = reqwest::Client::new()
                .get(address)
                .bearer_auth(token)
                .send()
                .await
                .expect("the service answers")
                .json()
                .await
                .expect("JSON");
            let events = page["events"].as_array().expect("events").clone();
            if events.is_empty() {
                return all;
            }
            all.extend(events);
            since = page["next"].as_u64().expect("next");
        }
    }

    /// The events of a room once they have one of this kind and operation.
    async fn until(&self, token: &str, kind: &str, operation: &str) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let events = self.events(token).await;
            if events.iter().any(|event| is(event, kind, operation)) {
                return events;
            }
            assert!(begun.elapsed() < PATIENCE, "no {kind} of {operation} came");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

fn is(event: &Value, kind: &str, operation: &str) -> bool {
    event["kind"] == kind && event["operation"] == operation
}

fn ended(mut command: Command) -> Output {
    command.output().expect("limes ends")
}

#[tokio::test]
async fn the_exercise_plays_through_the_public_interface_and_begins_again_where_it_was_stopped() {
    let temp = tempfile::tempdir().expect("a folder");
    let folder = temp.path().join("exercise");
    let demo = Demo::begin(&folder);
    let arad = demo.log_in("arad").await;
    let events = demo.until(&arad, "notice.seen", "NAGYLAK-27.1").await;
    let confirmed: Vec<&Value> = events
        .iter()
        .filter(|event| event["kind"] == "crossing.confirmed")
        .collect();
    assert_eq!(confirmed.len(), 1, "{confirmed:?}");
    assert_eq!(confirmed[0]["unit"], "HU-1");
    assert_eq!(
        (&confirmed[0]["from"], &confirmed[0]["to"]),
        (&json!("HU"), &json!("RO"))
    );
    for kind in ["fix.quarantined", "order.refused", "notice.drafted"] {
        assert!(!events.iter().any(|event| event["kind"] == kind), "{kind}");
    }
    let newest = events
        .iter()
        .map(|event| event["recorded_at"].to_string())
        .max();
    assert!(demo.end(), "it ends with code 0");

    let mut serve = Command::new(env!("CARGO_BIN_EXE_limes"));
    serve
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&folder);
    let refused = ended(serve);
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("exercise NAGYLAK-27"), "{told}");

    let again = Demo::begin(&folder);
    let budapest = again.log_in("budapest").await;
    let events = again
        .until(&budapest, "operation.opened", "NAGYLAK-27.2")
        .await;
    let closed: Vec<&Value> = events
        .iter()
        .filter(|event| event["kind"] == "operation.closed")
        .collect();
    assert_eq!(closed.len(), 1, "the first lap was closed once");
    let opened = events
        .iter()
        .find(|event| is(event, "operation.opened", "NAGYLAK-27.2"));
    let recorded_at = opened.map(|event| event["recorded_at"].to_string());
    assert!(recorded_at > newest, "time went back");
}

#[test]
fn the_demonstration_refuses_a_folder_that_holds_something_else() {
    let temp = tempfile::tempdir().expect("a folder");
    std::fs::write(temp.path().join("notes.txt"), "mine").expect("written");
    let refused = ended(command(temp.path()));
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("neither empty nor"), "{told}");
    assert_eq!(std::fs::read_dir(temp.path()).expect("read").count(), 1);
}

#[test]
fn the_demonstration_refuses_other_addresses_than_loopback_and_senseless_speeds() {
    for wrong in [
        ["--listen", "0.0.0.0:0"],
        ["--speed", "0"],
        ["--speed", "1000"],
        ["--from", "moon"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_limes"));
        command.arg("demo").args(wrong).stdin(Stdio::null());
        assert_eq!(ended(command).status.code(), Some(2), "{wrong:?}");
    }
}
