//! Units that post until the service is gone, and remember what was answered.

use crate::checks::Fix;
use futures_util::{SinkExt as _, StreamExt as _};
use limes::domain::measure::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// The most fixes of one unit in one batch.
const BATCH_MOST: usize = 60;
/// Between two fixes of a backlog: so short that hours of it last for the whole test.
const BACKLOG_STEP_MS: i64 = 100;
/// Batches on their way on one socket.
const OUTSTANDING: usize = 4;
/// How far a car drives to and fro, ten-millionths of a degree of longitude: some 400 m, across the line.
const REACH: i64 = 50_000;
/// The middle of its way.
const MIDDLE: i64 = 207_180_000;

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock after 1970").as_millis() as i64
}

/// When a unit's fixes were taken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Times {
    /// One after the other from this moment on: a backlog of many hours.
    Backlog { next: i64 },
    /// As they are sent.
    Live { last: i64 },
}

/// One token and the units it speaks for.
pub(crate) struct Sender {
    units: Vec<String>,
    token: String,
    times: Times,
    random: StdRng,
    pub(crate) acknowledged: Vec<Fix>,
    /// Sent, not answered; each is one batch.
    pub(crate) unanswered: VecDeque<Vec<Fix>>,
    /// Answers that cannot be right.
    pub(crate) faults: Vec<String>,
}

/// Where a unit is at a moment: to and fro at 60 m/s, each on its own latitude.
fn place(unit: &str, at: i64) -> (f64, f64) {
    let number = i64::from(unit.bytes().last().unwrap_or(0) - b'0');
    // A degree of longitude is 77 km here, so 60 m/s are 7,792 ten-millionths a second.
    let way = (at - 1_700_000_000_000) * 7_792 / 1_000 % (4 * REACH);
    let offset = if way < 2 * REACH {
        way - REACH
    } else {
        3 * REACH - way
    };
    let lat = 461_700_000 + number * 10_000;
    (lat as f64 / 1e7, (MIDDLE + offset) as f64 / 1e7)
}

impl Sender {
    pub(crate) fn new(units: &[&str], token: String, times: Times, seed: u64) -> Self {
        Self {
            units: units.iter().map(ToString::to_string).collect(),
            token,
            times,
            random: StdRng::seed_from_u64(seed),
            acknowledged: Vec::new(),
            unanswered: VecDeque::new(),
            faults: Vec::new(),
        }
    }

    fn batch(&mut self) -> Vec<Fix> {
        let (first, step, count) = match &mut self.times {
            Times::Backlog { next } => {
                let count = self.random.random_range(1..=BATCH_MOST);
                let first = *next;
                *next += count as i64 * BACKLOG_STEP_MS;
                (first, BACKLOG_STEP_MS, count)
            }
            Times::Live { last } => {
                *last = now_ms().max(*last + 1);
                (*last, 1, 1)
            }
        };
        let moments = (0..count as i64).map(|index| first + index * step);
        moments
            .flat_map(|at| self.units.iter().map(move |unit| (unit, at)))
            .map(|(unit, fixed_at)| {
                let (lat, lon) = place(unit, fixed_at);
                let unit = unit.clone();
                Fix {
                    unit,
                    fixed_at,
                    lat,
                    lon,
                }
            })
            .collect()
    }

    fn body(batch: &[Fix]) -> Value {
        let fix = |fix: &Fix| {
            json!({
                "unit": fix.unit, "fixed_at": fix.fixed_at, "lat": fix.lat, "lon": fix.lon, "accuracy_m": 5.0,
                "source": "phone",
            })
        };
        batch.iter().map(fix).collect()
    }

    /// Takes the answer to the oldest unanswered batch: all of it admitted now, or all of it there before.
    fn answered(&mut self, repeated: bool, accepted: u64, duplicate: u64) {
        let Some(batch) = self.unanswered.pop_front() else {
            self.faults.push("an answer to nothing".to_owned());
            return;
        };
        let whole = batch.len() as u64;
        let right = (accepted, duplicate) == (whole, 0)
            || (repeated && (accepted, duplicate) == (0, whole));
        if !right {
            self.faults.push(format!(
                "of {whole} fixes of {} from {} on {accepted} were accepted and {duplicate} duplicates",
                batch[0].unit, batch[0].fixed_at
            ));
        }
        self.acknowledged.extend(batch);
    }

    fn quarantined(&mut self, answer: &Value) {
        if answer["quarantined"]
            .as_array()
            .is_none_or(|of| !of.is_empty())
        {
            self.faults.push(format!("kept apart: {answer}"));
        }
    }

    /// Posts by HTTP until the service is gone; what was not answered last time comes first.
    pub(crate) async fn post(mut self, address: String) -> Self {
        let client = reqwest::Client::new();
        let mut repeated = !self.unanswered.is_empty();
        loop {
            if self.unanswered.is_empty() {
                let batch = self.batch();
                self.unanswered.push_back(batch);
            }
            let posted = client
                .post(format!("http://{address}/api/v1/fixes"))
                .bearer_auth(&self.token)
                .json(&Self::body(&self.unanswered[0]))
                .send()
                .await;
            let Ok(answer) = posted else { return self };
            let status = answer.status().as_u16();
            let Ok(answer) = answer.json::<Value>().await else {
                return self;
            };
            match status {
                200 => {
                    self.quarantined(&answer);
                    let number = |key: &str| answer[key].as_u64().unwrap_or(0);
                    self.answered(repeated, number("accepted"), number("duplicate"));
                    repeated = false;
                }
                429 | 503 => {
                    // A write that failed may have been kept all the same.
                    repeated = true;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                _ => {
                    self.faults.push(format!("{status}: {answer}"));
                    return self;
                }
            }
            if let Times::Live { .. } = self.times {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Sends on a socket until the service is gone, some batches ahead of the answers.
    pub(crate) async fn stream(mut self, address: String) -> Self {
        let mut request = format!("ws://{address}/api/v1/fixes/stream")
            .into_client_request()
            .expect("an address");
        let bearer = format!("Bearer {}", self.token);
        let headers = request.headers_mut();
        headers.insert("authorization", bearer.parse().expect("a header"));
        let Ok((mut socket, _)) = tokio_tungstenite::connect_async(request).await else {
            return self;
        };
        let mut sent = 0;
        let mut repeated = self.unanswered.len();
        let (mut through, mut duplicates) = (0, 0);
        loop {
            while sent < OUTSTANDING {
                if sent == self.unanswered.len() {
                    let batch = self.batch();
                    self.unanswered.push_back(batch);
                }
                let text = Self::body(&self.unanswered[sent]).to_string();
                if socket.send(Message::text(text)).await.is_err() {
                    return self;
                }
                sent += 1;
            }
            let Some(Ok(message)) = socket.next().await else {
                return self;
            };
            let Message::Text(text) = message else {
                continue;
            };
            let answer: Value = serde_json::from_str(&text).expect("answers are JSON");
            self.quarantined(&answer);
            let covered = answer["through"].as_u64().unwrap_or(0);
            duplicates += answer["duplicate"].as_u64().unwrap_or(0);
            while let Some(batch) = self.unanswered.front() {
                let whole = batch.len() as u64;
                if sent == 0 || through + whole > covered {
                    break;
                }
                (through, sent) = (through + whole, sent - 1);
                let known = if duplicates >= whole { whole } else { 0 };
                duplicates -= known;
                self.answered(repeated > 0, whole - known, known);
                repeated = repeated.saturating_sub(1);
            }
            if duplicates > 0 {
                self.faults
                    .push(format!("{duplicates} duplicates too many: {answer}"));
                duplicates = 0;
            }
        }
    }
}

/// Milliseconds since 1970 of a moment as the service writes it.
pub(crate) fn millis(text: &Value) -> i64 {
    let parsed = Timestamp::parse(text.as_str().unwrap_or_default());
    parsed.expect("a moment").as_millis()
}

/// A fix as the service writes it.
pub(crate) fn fix(value: &Value) -> Fix {
    Fix {
        unit: value["unit"].as_str().unwrap_or_default().to_owned(),
        fixed_at: millis(&value["fixed_at"]),
        lat: value["lat"].as_f64().unwrap_or(f64::NAN),
        lon: value["lon"].as_f64().unwrap_or(f64::NAN),
    }
}
