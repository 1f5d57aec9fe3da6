//! A recording posted to a running service: in order, acknowledged, and sent again over a new connection as far as it
//! was not. What was durable already is a duplicate there.

use super::connection::{Lost, Socket, open, request};
use super::load::Recording;
use super::progress::Progress;
use super::schedule::Schedule;
use crate::domain::measure::Timestamp;
use crate::service::clock::Clock;
use crate::wire::fix::{FixBody, PostedFix, StreamAnswer};
use anyhow::{Context, bail};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::Request;

/// Fixes in one message.
const MESSAGE_FIXES: usize = 500;
/// Fixes that may be under way; above it the poster waits for answers.
const UNDER_WAY: usize = 10_000;
/// Attempts to connect for the first time.
const FIRST_ATTEMPTS: u32 = 4;
/// How long a lost connection is tried again.
const PATIENCE: Duration = Duration::from_mins(5);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
const HEARING: Duration = Duration::from_secs(2);
const PROGRESS_INTERVAL: Duration = Duration::from_millis(500);

/// What a posting came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Posted {
    pub(super) durable: usize,
    pub(super) duplicate: u64,
    pub(super) quarantined: BTreeMap<String, u64>,
    pub(super) reconnects: u32,
}

impl fmt::Display for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apart: u64 = self.quarantined.values().sum();
        let (durable, duplicate) = (self.durable, self.duplicate);
        writeln!(
            f,
            "{durable} fixes posted and durable: {duplicate} duplicate, {apart} quarantined"
        )?;
        for (reason, count) in &self.quarantined {
            writeln!(f, "  {reason}: {count}")?;
        }
        if self.reconnects > 0 {
            writeln!(
                f,
                "the connection was lost {} times and taken up again",
                self.reconnects
            )?;
        }
        Ok(())
    }
}

/// Posts a whole recording and waits until all of it is durable.
pub(super) fn post(
    to: &str,
    token: &str,
    recording: &Recording,
    schedule: Schedule,
) -> anyhow::Result<Posted> {
    let request = request(to, token)?;
    // A provider that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(async {
        let outgoing = Outgoing::new(recording, schedule, Clock::real().now());
        post_all(&request, &outgoing).await
    })
}

/// The fixes as they go out.
pub(super) struct Outgoing {
    fixes: Vec<Due>,
}

struct Due {
    at: Instant,
    body: String,
}

impl Outgoing {
    /// The fixes of a recording whose posting starts now, which is `start` in UTC.
    pub(super) fn new(recording: &Recording, schedule: Schedule, start: Timestamp) -> Self {
        let now = Instant::now();
        let far = Duration::from_hours(24 * 365);
        let times = schedule.device_times(recording, start);
        let fixes = recording
            .fixes
            .iter()
            .zip(times)
            .map(|(recorded, fixed_at)| {
                let fix = PostedFix {
                    fixed_at,
                    ..recorded.fix.clone()
                };
                Due {
                    at: now + schedule.due(recording, recorded.arrives).min(far),
                    // Plain numbers and texts always serialise.
                    body: serde_json::to_string(&FixBody::of(&fix, recorded.unit.as_str()))
                        .unwrap_or_default(),
                }
            });
        Self {
            fixes: fixes.collect(),
        }
    }

    /// How many of the fixes from `from` on are due, and fit into one message.
    fn due(&self, from: usize, now: Instant) -> &[Due] {
        let rest = self.fixes.get(from..).unwrap_or_default();
        let due = rest
            .iter()
            .take(MESSAGE_FIXES)
            .take_while(|fix| fix.at <= now);
        &rest[..due.count()]
    }
}

/// Posts until all is durable, over as many connections as it takes.
pub(super) async fn post_all(request: &Request, outgoing: &Outgoing) -> anyhow::Result<Posted> {
    let mut posted = Posted::default();
    let mut trouble = Trouble::default();
    let mut connected = false;
    loop {
        let lost = match open(request).await {
            Ok(socket) => {
                let before = posted.durable;
                posted.reconnects += u32::from(connected);
                connected = true;
                let lost = talk(socket, outgoing, &mut posted).await;
                if posted.durable > before {
                    trouble = Trouble::default();
                }
                lost
            }
            Err(lost) => Some(lost),
        };
        match lost {
            None => return Ok(posted),
            Some(Lost::ForGood(sentence)) => {
                bail!(
                    "{} of {} fixes are durable: {sentence}",
                    posted.durable,
                    outgoing.fixes.len()
                );
            }
            Some(Lost::ForNow(sentence)) => {
                let Some(pause) = trouble.pause(connected) else {
                    bail!(
                        "{} of {} fixes are durable: {sentence}",
                        posted.durable,
                        outgoing.fixes.len()
                    );
                };
                sleep(pause).await;
            }
        }
    }
}

/// How long the connection has been bad.
#[derive(Default)]
struct Trouble {
    attempts: u32,
    since: Option<Instant>,
}

impl Trouble {
    /// How long to wait before the next attempt; `None` when it is time to give up.
    fn pause(&mut self, was_connected: bool) -> Option<Duration> {
        self.attempts += 1;
        let since = *self.since.get_or_insert_with(Instant::now);
        let hopeless = if was_connected {
            since.elapsed() > PATIENCE
        } else {
            self.attempts >= FIRST_ATTEMPTS
        };
        let full = FIRST_PAUSE * 2_u32.saturating_pow(self.attempts.min(8) - 1);
        // Jitter, so that many posters do not come back in step; without randomness they may.
        let jitter = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let pause = full.min(LONGEST_PAUSE).mul_f64(0.5 + 0.5 * jitter);
        (!hopeless).then_some(pause)
    }
}

/// Posts what is not yet durable over one connection; `None` when all of it is.
async fn talk(socket: Socket, outgoing: &Outgoing, posted: &mut Posted) -> Option<Lost> {
    let begin = posted.durable;
    let (durable, seen) = watch::channel(begin);
    let (mut sink, stream) = socket.split();
    let lost = tokio::select! {
        lost = send(&mut sink, outgoing, seen.clone()) => lost,
        lost = hear(stream, outgoing, posted, &durable) => lost,
        never = show_progress(seen, outgoing.fixes.len()) => never,
    };
    if lost.is_none() {
        // All is durable; whether the goodbye arrives changes nothing.
        let _ = sink.send(Message::Close(None)).await;
    }
    lost
}

/// Sends each fix when it is due; ends only with the connection.
async fn send(
    sink: &mut SplitSink<Socket, Message>,
    outgoing: &Outgoing,
    mut durable: watch::Receiver<usize>,
) -> Option<Lost> {
    let mut next = *durable.borrow();
    while let Some(fix) = outgoing.fixes.get(next) {
        sleep_until(fix.at).await;
        if durable
            .wait_for(|durable| next - durable < UNDER_WAY)
            .await
            .is_err()
        {
            break;
        }
        let due = outgoing.due(next, Instant::now());
        let bodies: Vec<&str> = due.iter().map(|fix| fix.body.as_str()).collect();
        next += bodies.len();
        let text = format!("[{}]", bodies.join(","));
        if let Err(error) = sink.send(Message::text(text)).await {
            // The other side may have said why before it hung up: hearing goes first.
            sleep(HEARING).await;
            return Some(Lost::failed(&error));
        }
    }
    std::future::pending().await
}

/// Hears answers until all is durable or the connection ends.
async fn hear(
    mut stream: SplitStream<Socket>,
    outgoing: &Outgoing,
    posted: &mut Posted,
    durable: &watch::Sender<usize>,
) -> Option<Lost> {
    let begin = posted.durable;
    while posted.durable < outgoing.fixes.len() {
        let text = match stream.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(frame))) => return Some(Lost::closed(frame.as_ref())),
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Some(Lost::failed(&error)),
            None => return Some(Lost::closed(None)),
        };
        let Ok(answer) = serde_json::from_str::<StreamAnswer>(&text) else {
            return Some(Lost::ForGood(
                "the service answers in a way this program does not know".to_owned(),
            ));
        };
        posted.durable = begin + answer.through as usize;
        posted.duplicate += answer.duplicate;
        for fix in answer.quarantined {
            *posted.quarantined.entry(fix.reason).or_default() += 1;
        }
        durable.send_replace(posted.durable);
    }
    None
}

/// Shows how far it is on a terminal; never ends.
async fn show_progress(durable: watch::Receiver<usize>, all: usize) -> Option<Lost> {
    let mut progress = Progress::new(true);
    let mut ticks = tokio::time::interval(PROGRESS_INTERVAL);
    loop {
        ticks.tick().await;
        progress.show(*durable.borrow(), all, "durable");
    }
}
