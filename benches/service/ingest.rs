//! Durable fixes a second: a batch counts when its receipt is there.

use crate::house::House;
use crate::senders::{BATCH, Form, Sender};
use crate::{disk, gauge};
use anyhow::{Context as _, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// Messages that a socket's sender has under way at most.
const UNDER_WAY: usize = 4;

/// What a sender got done.
#[derive(Debug, Default)]
struct Sent {
    fixes: u64,
    bytes: usize,
    batches: usize,
}

/// One request after the other, each a batch in NDJSON.
pub(crate) async fn http(
    house: &House,
    senders: &mut Vec<Sender>,
    span: Duration,
) -> anyhow::Result<()> {
    let url = format!("http://{}/api/v1/fixes", house.address);
    let client = reqwest::Client::new();
    let mut sending = JoinSet::new();
    let (began, used) = (Instant::now(), house.processor_time());
    for mut sender in senders.drain(..) {
        let (url, client, token) = (url.clone(), client.clone(), house.gateway.clone());
        sending.spawn(async move {
            let mut sent = Sent::default();
            while began.elapsed() < span {
                let body = sender.batch(Form::Lines);
                sent.bytes += body.len();
                sent.batches += 1;
                let request = client
                    .post(&url)
                    .bearer_auth(&token)
                    .header("content-type", "application/x-ndjson")
                    .body(body);
                let receipt: serde_json::Value =
                    request.send().await?.error_for_status()?.json().await?;
                sent.fixes += accepted(&receipt)?;
            }
            anyhow::Ok((sender, sent))
        });
    }
    let sent = together(sending, senders).await?;
    report("HTTP NDJSON", house, &sent, (began, used))
}

fn accepted(receipt: &serde_json::Value) -> anyhow::Result<u64> {
    let accepted = receipt["accepted"].as_u64().context("a receipt counts")?;
    ensure!(accepted == BATCH as u64, "not all was admitted: {receipt}");
    Ok(accepted)
}

/// One socket for each sender, with a few messages under way.
pub(crate) async fn websocket(
    house: &House,
    senders: &mut Vec<Sender>,
    span: Duration,
) -> anyhow::Result<()> {
    let mut sending = JoinSet::new();
    let (began, used) = (Instant::now(), house.processor_time());
    for mut sender in senders.drain(..) {
        let mut request =
            format!("ws://{}/api/v1/fixes/stream", house.address).into_client_request()?;
        let bearer = format!("Bearer {}", house.gateway).parse()?;
        request.headers_mut().insert("authorization", bearer);
        sending.spawn(async move {
            let (mut socket, _) = connect_async(request).await?;
            let mut sent = Sent::default();
            let mut under_way = VecDeque::new();
            let mut durable = 0;
            while began.elapsed() < span || !under_way.is_empty() {
                if began.elapsed() < span && under_way.len() < UNDER_WAY {
                    let body = sender.batch(Form::Array);
                    sent.bytes += body.len();
                    sent.batches += 1;
                    socket.send(Message::text(body)).await?;
                    under_way.push_back((sent.batches * BATCH) as u64);
                    continue;
                }
                let answer = socket.next().await.context("the socket is open")??;
                let Message::Text(text) = answer else {
                    continue;
                };
                let answer: serde_json::Value = serde_json::from_str(&text)?;
                durable = through(&answer)?;
                under_way.retain(|number| *number > durable);
            }
            sent.fixes = durable;
            socket.close(None).await?;
            anyhow::Ok((sender, sent))
        });
    }
    let sent = together(sending, senders).await?;
    report("WebSocket", house, &sent, (began, used))
}

fn through(answer: &serde_json::Value) -> anyhow::Result<u64> {
    let spotless =
        answer["duplicate"] == 0 && (answer["quarantined"].as_array()).is_some_and(Vec::is_empty);
    ensure!(spotless, "not all was admitted: {answer}");
    answer["through"].as_u64().context("an answer counts")
}

async fn together(
    mut sending: JoinSet<anyhow::Result<(Sender, Sent)>>,
    senders: &mut Vec<Sender>,
) -> anyhow::Result<Sent> {
    let mut all = Sent::default();
    while let Some(done) = sending.join_next().await {
        let (sender, sent) = done??;
        senders.push(sender);
        all.fixes += sent.fixes;
        all.bytes += sent.bytes;
        all.batches += sent.batches;
    }
    Ok(all)
}

fn report(
    way: &str,
    house: &House,
    sent: &Sent,
    (began, used): (Instant, Duration),
) -> anyhow::Result<()> {
    let took = began.elapsed();
    let used = house.processor_time().saturating_sub(used);
    let bytes = sent.bytes / sent.batches;
    let bare = disk::appends(house.folder.path(), bytes, sent.batches, took / 2)?;
    let disk: Duration = bare.iter().sum();
    let rate = sent.fixes as f64 / took.as_secs_f64();
    let bare_rate = (bare.len() * BATCH) as f64 / disk.as_secs_f64();
    println!(
        "ingest {way:<11} {rate:>8.0} fixes/s durable, {:.2} µs of the service's processor time a fix; \
         bare append+fdatasync of the same {bytes} bytes a batch {bare_rate:>9.0} fixes/s (p50 {:.2} ms): ratio {:.3}; load {}",
        used.as_secs_f64() * 1e6 / sent.fixes as f64,
        disk::ms(disk::quantile(&bare, 0.5)),
        rate / bare_rate,
        gauge::load()
    );
    Ok(())
}
