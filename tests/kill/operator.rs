//! An operator who gives orders until the service is gone, and gives those again that were not answered.

use crate::checks::Trace;
use crate::senders::now_ms;
use limes::domain::measure::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

/// An order with its key: given again under the same key until it is answered.
struct Order {
    key: String,
    path: String,
    body: Value,
    trace: Trace,
}

/// An operator over several lives of the service.
#[derive(Default)]
pub(crate) struct Operator {
    /// The trace of each order, and whether it was acknowledged.
    pub(crate) given: Vec<(Trace, bool)>,
    pub(crate) faults: Vec<String>,
    waiting: Option<Order>,
    opened: u32,
    sights: u32,
    is_open: bool,
    /// How often an operation could not be closed: its unit was abroad.
    refused: u32,
}

fn moment(ms: i64) -> String {
    Timestamp::from_millis(ms).to_string()
}

impl Operator {
    fn operation(&self) -> String {
        format!("OP-{}", self.opened)
    }

    fn open(&mut self) -> Order {
        self.opened += 1;
        let id = self.operation();
        let (from, to) = (moment(now_ms() - 86_400_000), moment(now_ms() + 86_400_000));
        Order {
            key: format!("open-{id}"),
            path: "operations".to_owned(),
            body: json!({
                "id": id, "basis": "40(1)", "offence": "drugs", "person_category": "suspect",
                "host_states": ["RO"], "units": ["HU-6"], "target": {"id": "TGT-1", "description": "silver estate car"},
                "authorisation": {"number": "RO-27-0312", "from": from, "to": to, "conditions": ""},
            }),
            trace: Trace {
                kind: "operation.opened",
                pointer: "/operation",
                value: id,
            },
        }
    }

    fn close(&self) -> Order {
        let id = self.operation();
        Order {
            key: format!("close-{id}-{}", self.refused),
            path: format!("operations/{id}/close"),
            body: json!({"reason": "The exercise is over."}),
            trace: Trace {
                kind: "operation.closed",
                pointer: "/operation",
                value: id,
            },
        }
    }

    fn sight(&mut self) -> Order {
        self.sights += 1;
        let id = self.operation();
        let seen_at = moment(now_ms() - 60_000 + i64::from(self.sights % 1_000));
        Order {
            key: format!("sight-{}", self.sights),
            path: format!("operations/{id}/sightings"),
            body: json!({
                "target": "TGT-1", "seen_at": seen_at, "lat": 46.17, "lon": 20.74, "source": "voice",
            }),
            trace: Trace {
                kind: "target.sighted",
                pointer: "/seen_at",
                value: seen_at,
            },
        }
    }

    fn send(&self, notice: &str) -> Order {
        let id = self.operation();
        Order {
            key: format!("send-{notice}"),
            path: format!("operations/{id}/messages"),
            body: json!({"code": "XNG", "notice": notice}),
            trace: Trace {
                kind: "notice.sent",
                pointer: "/notice",
                value: notice.to_owned(),
            },
        }
    }

    /// Closes the operation of the life before and opens another, sends every notice, and reports where the target is.
    pub(crate) async fn work(mut self, address: String, session: String) -> Self {
        let client = reqwest::Client::new();
        let at = |path: &str| format!("http://{address}/api/v1/{path}");
        if let Some(order) = self.waiting.take()
            && !self.give(&client, &at, &session, order).await
        {
            return self;
        }
        let refused = self.refused;
        if self.is_open {
            let close = self.close();
            if !self.give(&client, &at, &session, close).await {
                return self;
            }
        }
        if !self.is_open || self.refused == refused {
            let open = self.open();
            self.is_open = true;
            if !self.give(&client, &at, &session, open).await {
                return self;
            }
        }
        loop {
            let path = format!("operations/{}", self.operation());
            let asked = client.get(at(&path)).bearer_auth(&session).send().await;
            let Ok(answer) = asked else { return self };
            let Ok(shown) = answer.json::<Value>().await else {
                return self;
            };
            for notice in unsent(&shown) {
                let send = self.send(&notice);
                if !self.give(&client, &at, &session, send).await {
                    return self;
                }
            }
            let sight = self.sight();
            if !self.give(&client, &at, &session, sight).await {
                return self;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Gives an order; `false` when the service is gone, or the answer cannot be right.
    async fn give(
        &mut self,
        client: &reqwest::Client,
        at: &impl Fn(&str) -> String,
        session: &str,
        order: Order,
    ) -> bool {
        let known = self
            .given
            .iter()
            .any(|(trace, _)| trace.value == order.trace.value && trace.kind == order.trace.kind);
        if !known {
            self.given.push((order.trace.clone(), false));
        }
        loop {
            let given = client
                .post(at(&order.path))
                .bearer_auth(session)
                .header("idempotency-key", &order.key)
                .json(&order.body)
                .send()
                .await;
            let status = match &given {
                Ok(answer) => answer.status().as_u16(),
                Err(_) => 0,
            };
            let answer = match given {
                Ok(answer) => answer.json::<Value>().await,
                Err(error) => Err(error),
            };
            match (status, answer) {
                (_, Err(_)) => {
                    self.waiting = Some(order);
                    return false;
                }
                (200 | 201, Ok(_)) => break,
                (409, Ok(answer)) if answer["guard"] == "units_abroad" => {
                    self.refused += 1;
                    return true;
                }
                (503 | 429, Ok(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                (_, Ok(answer)) => {
                    self.faults
                        .push(format!("{}: {status} {answer}", order.key));
                    return false;
                }
            }
        }
        for (trace, acknowledged) in &mut self.given {
            if trace.kind == order.trace.kind && trace.value == order.trace.value {
                *acknowledged = true;
            }
        }
        true
    }
}

/// The notices of a crossing that are owed or drafted in full.
fn unsent(operation: &Value) -> Vec<String> {
    let notices = operation["notices"].as_array().into_iter().flatten();
    notices
        .filter(|notice| notice["duty"] == "notice_of_crossing" && notice["sent_at"].is_null())
        .filter(|notice| {
            notice["fields"]["missing"]
                .as_array()
                .is_none_or(Vec::is_empty)
        })
        .filter(|notice| !notice["fields"].is_null())
        .filter_map(|notice| notice["id"].as_str().map(str::to_owned))
        .collect()
}
