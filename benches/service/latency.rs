//! From just before a fix is sent to the bulletin that carries it, at a viewer's socket.

use crate::fleet::{self, Mix, Way};
use crate::house::{self, House};
use crate::senders::write_fix;
use crate::{disk, gauge};
use anyhow::Context as _;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt as _, StreamExt as _};
use limes::domain::borders::Atlas;
use limes::domain::measure::Timestamp;
use limes::wire::live::LiveMessage;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Fixes sent a second, each a message of its own: every unit once.
const RATE: u32 = house::STEADY_UNITS as u32;
/// Fixes sent at once, as fine as timers are.
const AT_ONCE: u32 = 2;
/// Viewers of the fan-out.
const VIEWERS: usize = 100;
/// Bytes of a commit while fixes trickle in, about.
const COMMIT_BYTES: usize = 4_096;
/// Syncs of the disk's own measurement.
const SYNCS: usize = 300;
/// How long after the last fix is waited for its bulletin.
const LAST: Duration = Duration::from_secs(2);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
/// A unit and its device time: which fix it is.
type Key = (String, i64);
type Arrived = Vec<(Instant, String)>;
type Until = tokio::sync::watch::Receiver<()>;

/// One viewer.
pub(crate) async fn to_the_map(house: &House, atlas: &Atlas, span: Duration) -> anyhow::Result<()> {
    let before = disk::appends(house.folder.path(), COMMIT_BYTES, SYNCS, span / 2)?;
    let (used, commits) = (house.processor_time(), house.commits().await?);
    let (sent, mut arrived) = run(house, atlas, 1, span).await?;
    let used = house.processor_time().saturating_sub(used);
    let commits = house.commits().await?.since(commits);
    let mut synced = disk::appends(house.folder.path(), COMMIT_BYTES, SYNCS, span / 2)?;
    synced.extend(before);
    synced.sort_unstable();
    let arrived = arrived.pop().context("there is one viewer")?;
    let took = times(&sent, &arrived)?;
    let each = |times: &[Duration], share| disk::ms(disk::quantile(times, share));
    println!(
        "fix to map at {RATE}/s: p50 {:.2} ms, p99 {:.2} ms, most {:.1} ms ({} of {} fixes seen, {} messages, {:.0} % of one core); \
         {} of {} commits took more than 4 ms, {} of {} beside a snapshot; \
         fdatasync beside it p50 {:.2} ms, p99 {:.2} ms; load {}",
        each(&took, 0.5),
        each(&took, 0.99),
        each(&took, 1.0),
        took.len(),
        sent.len(),
        arrived.len(),
        100.0 * used.as_secs_f64() / span.as_secs_f64(),
        commits.all.1,
        commits.all.0,
        commits.beside_snapshot.1,
        commits.beside_snapshot.0,
        each(&synced, 0.5),
        each(&synced, 0.99),
        gauge::load()
    );
    Ok(())
}

/// Many viewers of the same room.
pub(crate) async fn to_many(house: &House, atlas: &Atlas, span: Duration) -> anyhow::Result<()> {
    let used = house.processor_time();
    let (sent, arrived) = run(house, atlas, VIEWERS, span).await?;
    let used = house.processor_time().saturating_sub(used);
    let mut took = Vec::new();
    let mut seen_least = usize::MAX;
    let mut messages = 0;
    for arrived in &arrived {
        let of_viewer = times(&sent, arrived)?;
        seen_least = seen_least.min(of_viewer.len());
        messages += arrived.len();
        took.extend(of_viewer);
    }
    took.sort_unstable();
    println!(
        "fix to {VIEWERS} maps at {RATE}/s: p50 {:.2} ms, p99 {:.2} ms (each saw at least {seen_least} of {} fixes, \
         {messages} messages, {:.0} % of one core); load {}",
        disk::ms(disk::quantile(&took, 0.5)),
        disk::ms(disk::quantile(&took, 0.99)),
        sent.len(),
        100.0 * used.as_secs_f64() / span.as_secs_f64(),
        gauge::load()
    );
    Ok(())
}

async fn connect(house: &House, path: &str, token: &str) -> anyhow::Result<Socket> {
    let mut request = format!("ws://{}{path}", house.address).into_client_request()?;
    let bearer = format!("Bearer {token}").parse()?;
    request.headers_mut().insert("authorization", bearer);
    // The first picture of a fleet with its tails is larger than a client takes by default.
    let unbounded = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let (socket, _) = connect_async_with_config(request, Some(unbounded), false).await?;
    Ok(socket)
}

async fn run(
    house: &House,
    atlas: &Atlas,
    viewers: usize,
    span: Duration,
) -> anyhow::Result<(BTreeMap<Key, Instant>, Vec<Arrived>)> {
    let mut watching = Vec::with_capacity(viewers);
    let (over, until) = tokio::sync::watch::channel(());
    for _ in 0..viewers {
        let mut socket = connect(house, "/api/v1/live", &house.session).await?;
        // The snapshot: from here on nothing is missed.
        socket
            .next()
            .await
            .context("a viewer is given a picture")??;
        watching.push(tokio::spawn(watch(socket, until.clone())));
    }
    let mix = Mix { near: 1, across: 1 };
    let ways = fleet::fleet(atlas, mix, house::STEADY_UNITS, 20_260_106);
    let mut socket = connect(house, "/api/v1/fixes/stream", &house.gateway).await?;
    speak_first(&mut socket, &ways).await?;
    let sent = send(socket, &ways, span).await?;
    tokio::time::sleep(LAST).await;
    drop(over);
    let mut arrived = Vec::with_capacity(viewers);
    for watching in watching {
        arrived.push(watching.await??);
    }
    Ok((sent, arrived))
}

/// Notes what arrives and when, until it is over.
async fn watch(mut socket: Socket, mut until: Until) -> anyhow::Result<Arrived> {
    let mut arrived = Vec::new();
    loop {
        let message = tokio::select! {
            message = socket.next() => message,
            // Its other end is dropped: nothing else ever happens to it.
            _ = until.changed() => return Ok(arrived),
        };
        let now = Instant::now();
        if let Message::Text(text) = message.context("the socket is open")??
            && text.starts_with(r#"{"kind":"bulletin""#)
        {
            arrived.push((now, text.to_string()));
        }
    }
}

/// Every unit once: its first fix of a day has a key made for it, which the steady stream has not.
async fn speak_first(socket: &mut Socket, ways: &[Way]) -> anyhow::Result<()> {
    let at = limes::service::app::real_now().as_millis() - 1_000;
    let mut text = String::new();
    for (index, way) in ways.iter().enumerate() {
        text.push(if index == 0 { '[' } else { ',' });
        write_fix(&mut text, &house::unit(house::UNITS + index), at, way, 0);
    }
    text.push(']');
    socket.send(Message::text(text)).await?;
    socket.next().await.context("the socket is open")??;
    Ok(())
}

async fn send(
    socket: Socket,
    ways: &[Way],
    span: Duration,
) -> anyhow::Result<BTreeMap<Key, Instant>> {
    let mut sent = BTreeMap::new();
    let mut pace = interval(Duration::from_secs(1) / (RATE / AT_ONCE));
    // A tick that came late is made up for: the rate holds.
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let total = span.as_secs() as u32 * RATE;
    let (mut sink, stream) = socket.split();
    let answers = tokio::spawn(durable(stream, (total + RATE).into()));
    for number in 0..total {
        if number % AT_ONCE == 0 {
            pace.tick().await;
        }
        let index = (number % RATE) as usize;
        let at = limes::service::app::real_now().as_millis();
        let mut text = String::with_capacity(160);
        let unit = house::unit(house::UNITS + index);
        write_fix(&mut text, &unit, at, &ways[index], number / RATE);
        sent.insert((unit, at), Instant::now());
        sink.send(Message::text(text)).await?;
    }
    answers.await??;
    Ok(sent)
}

/// Reads answers until so many fixes are durable: a socket that is dropped before loses what is under way.
async fn durable(mut stream: SplitStream<Socket>, total: u64) -> anyhow::Result<()> {
    loop {
        let message = stream.next().await.context("the socket is open")??;
        let Message::Text(text) = message else {
            continue;
        };
        let answer: serde_json::Value = serde_json::from_str(&text)?;
        if answer["through"].as_u64() >= Some(total) {
            return Ok(());
        }
    }
}

/// How long each fix took that was seen, sorted.
fn times(sent: &BTreeMap<Key, Instant>, arrived: &Arrived) -> anyhow::Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(sent.len());
    for (at, text) in arrived {
        let LiveMessage::Bulletin(bulletin) = serde_json::from_str(text)? else {
            continue;
        };
        for position in bulletin.positions {
            let fixed_at = Timestamp::parse(&position.fixed_at)?.as_millis();
            if let Some(begun) = sent.get(&(position.unit, fixed_at)) {
                took.push(at.duration_since(*begun));
            }
        }
    }
    took.sort_unstable();
    Ok(took)
}
