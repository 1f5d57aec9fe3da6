//! From just before a fix is sent to the bulletin that carries it, at a viewer's socket.

use crate::disk::{self, Seen};
use crate::fleet::{self, Mix, Way};
use crate::house::{self, House};
use crate::senders::write_fix;
use crate::{gauge, hops};
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
/// How long what was sent is waited for at the maps.
const LAST: Duration = Duration::from_secs(2);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
/// A unit and its device time: which fix it is; and when it was sent.
type Sent = BTreeMap<(String, i64), Instant>;
/// What came to one viewer.
pub(crate) type Arrived = Vec<Bulletin>;
type Until = tokio::sync::watch::Receiver<()>;

/// A bulletin at the viewer's socket.
pub(crate) struct Bulletin {
    at: Instant,
    /// The same by the wall clock, ms: the service tells its own times.
    pub(crate) wall: i64,
    pub(crate) text: String,
}

/// What was sent and what came of it.
struct Run {
    /// The first fix of each unit, all in one message.
    first: Sent,
    /// The steady stream.
    sent: Sent,
    arrived: Vec<Arrived>,
    /// What disk and machine did meanwhile.
    beside: Seen,
    /// Processor time of the service meanwhile.
    used: Duration,
}

/// One viewer.
pub(crate) async fn to_the_map(house: &House, atlas: &Atlas, span: Duration) -> anyhow::Result<()> {
    let commits = house.commits().await?;
    let run = run(house, atlas, 1, span).await?;
    let commits = house.commits().await?.since(commits);
    let arrived = run.arrived.first().context("there is one viewer")?;
    let took = times(&run.sent, arrived)?;
    println!(
        "fix to map at {RATE}/s: p50 {:.2} ms, p99 {:.2} ms, most {:.1} ms ({} of {} fixes seen, {} messages, {:.0} % of one core); \
         {} of {} commits took more than 4 ms, {} of {} beside a snapshot; \
         {}; load {}",
        each(&took, 0.5),
        each(&took, 0.99),
        each(&took, 1.0),
        took.len(),
        run.sent.len(),
        arrived.len(),
        100.0 * run.used.as_secs_f64() / span.as_secs_f64(),
        commits.all.1,
        commits.all.0,
        commits.beside_snapshot.1,
        commits.beside_snapshot.0,
        meanwhile(&run.beside),
        gauge::load()
    );
    hops::tell(std::slice::from_ref(arrived))
}

/// Many viewers of the same room.
pub(crate) async fn to_many(house: &House, atlas: &Atlas, span: Duration) -> anyhow::Result<()> {
    let run = run(house, atlas, VIEWERS, span).await?;
    let (mut took, mut at_once) = (Vec::new(), Vec::new());
    let mut seen_least = usize::MAX;
    let mut messages = 0;
    for arrived in &run.arrived {
        let of_viewer = times(&run.sent, arrived)?;
        seen_least = seen_least.min(of_viewer.len());
        messages += arrived.len();
        took.extend(of_viewer);
        at_once.extend(times(&run.first, arrived)?);
    }
    took.sort_unstable();
    at_once.sort_unstable();
    println!(
        "fix to {VIEWERS} maps at {RATE}/s: p50 {:.2} ms, p99 {:.2} ms, most {:.1} ms (each saw at least {seen_least} of {} \
         fixes, {messages} messages, {:.0} % of one core); {}; \
         before, {RATE} fixes in one message: on half the maps after {:.1} ms, on all after {:.1} ms; load {}",
        each(&took, 0.5),
        each(&took, 0.99),
        each(&took, 1.0),
        run.sent.len(),
        100.0 * run.used.as_secs_f64() / span.as_secs_f64(),
        meanwhile(&run.beside),
        each(&at_once, 0.5),
        each(&at_once, 1.0),
        gauge::load()
    );
    hops::tell(&run.arrived)
}

/// What disk and machine did.
fn meanwhile(seen: &Seen) -> String {
    let Seen { synced, woke_late } = seen;
    format!(
        "meanwhile fdatasync p50 {:.2} ms, p99 {:.2} ms, most {:.1} ms, and a thread woke late by p99 {:.2} ms, most {:.1} ms",
        each(synced, 0.5),
        each(synced, 0.99),
        each(synced, 1.0),
        each(woke_late, 0.99),
        each(woke_late, 1.0)
    )
}

/// A quantile, milliseconds.
fn each(times: &[Duration], share: f64) -> f64 {
    disk::ms(disk::quantile(times, share))
}

async fn connect(house: &House, path: &str, token: &str) -> anyhow::Result<Socket> {
    let mut request = format!("ws://{}{path}", house.address).into_client_request()?;
    let bearer = format!("Bearer {token}").parse()?;
    request.headers_mut().insert("authorization", bearer);
    // A fix is one small message: it must not wait for the one before to be acknowledged.
    // The first picture of a fleet with its tails is larger than a client takes by default.
    let unbounded = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let (socket, _) = connect_async_with_config(request, Some(unbounded), true).await?;
    Ok(socket)
}

async fn run(house: &House, atlas: &Atlas, viewers: usize, span: Duration) -> anyhow::Result<Run> {
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
    let first = speak_first(&mut socket, &ways).await?;
    // Its bulletin is half a megabyte for each map: the steady stream begins when all have it.
    tokio::time::sleep(LAST).await;
    let used = house.processor_time();
    let beside = disk::Beside::begin(house.folder.path(), COMMIT_BYTES)?;
    let sent = send(socket, &ways, span).await?;
    let beside = beside.end()?;
    let used = house.processor_time().saturating_sub(used);
    tokio::time::sleep(LAST).await;
    drop(over);
    let mut arrived = Vec::with_capacity(viewers);
    for watching in watching {
        arrived.push(watching.await??);
    }
    Ok(Run {
        first,
        sent,
        arrived,
        beside,
        used,
    })
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
        let (at, wall) = (Instant::now(), limes::service::app::real_now().as_millis());
        if let Message::Text(text) = message.context("the socket is open")??
            && text.starts_with(r#"{"kind":"bulletin""#)
        {
            let text = text.to_string();
            arrived.push(Bulletin { at, wall, text });
        }
    }
}

/// Every unit once, in one message: its first fix of a day has a key made for it, which the steady stream has not.
async fn speak_first(socket: &mut Socket, ways: &[Way]) -> anyhow::Result<Sent> {
    let at = limes::service::app::real_now().as_millis() - 1_000;
    let mut text = String::new();
    let mut sent = Sent::new();
    for (index, way) in ways.iter().enumerate() {
        text.push(if index == 0 { '[' } else { ',' });
        let unit = house::unit(house::UNITS + index);
        write_fix(&mut text, &unit, at, way, 0);
        sent.insert((unit, at), Instant::now());
    }
    text.push(']');
    socket.send(Message::text(text)).await?;
    socket.next().await.context("the socket is open")??;
    Ok(sent)
}

async fn send(socket: Socket, ways: &[Way], span: Duration) -> anyhow::Result<Sent> {
    let mut sent = Sent::new();
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
fn times(sent: &Sent, arrived: &Arrived) -> anyhow::Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(sent.len());
    for came in arrived {
        let LiveMessage::Bulletin(bulletin) = serde_json::from_str(&came.text)? else {
            continue;
        };
        for position in bulletin.positions {
            let fixed_at = Timestamp::parse(&position.fixed_at)?.as_millis();
            if let Some(begun) = sent.get(&(position.unit, fixed_at)) {
                took.push(came.at.duration_since(*begun));
            }
        }
    }
    took.sort_unstable();
    Ok(took)
}
