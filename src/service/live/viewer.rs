//! One viewer's socket: a snapshot or what it missed, then bulletins, and a heartbeat every second.
//!
//! The map checks that each bulletin begins where its picture ends, and so does this end: whenever the next mail does not
//! fit, the viewer reads on from the journal. A viewer that takes nothing is given up; until then it delays nobody.
//!
//! | close code | when |
//! |---|---|
//! | 1008 | the session is over: log in again |
//! | 1011 | the record could not be read |
//! | 1012 | the service is ending |

use super::feeds::Feeds;
use super::history::Stretch;
use super::hub::Subscription;
use super::mailbox::{Mail, Post, encode};
use crate::domain::ids::{RoomId, Seq};
use crate::service::desk::Recording;
use crate::wire::live::{Heartbeat, LiveMessage, LiveRequest, MeWire};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::future::BoxFuture;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout};

/// A heartbeat comes this often, in real time.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// The service is ending and comes back (RFC 6455, section 7.4, registry).
const SERVICE_RESTART: u16 = 1012;
/// The longest reason a close frame carries.
const REASON_BYTES: usize = 123;
/// How long the other side is given to take a goodbye and to answer the close frame.
const GOODBYE: Duration = Duration::from_secs(2);

/// Whether the right to look still stands.
pub trait Standing: Send + Sync {
    /// Whether it does, now. Somebody looks: it counts as used.
    ///
    /// # Errors
    /// One sentence that says why not.
    fn stands(&self) -> Result<(), String>;

    /// Records that the feed is taken up after this record, where that is a look at the past.
    ///
    /// # Errors
    /// One sentence when it cannot be recorded: then nothing of it may be shown.
    fn looks_back(&self, since: u64) -> BoxFuture<'_, Result<(), String>>;
}

/// Who watches which room, and from where on.
pub struct Viewer {
    /// Whose picture.
    pub room: RoomId,
    /// Who looks.
    pub me: Option<MeWire>,
    /// The last record the viewer has; `None` to begin with a snapshot.
    pub since: Option<u64>,
    /// Whether the right to look still stands.
    pub standing: Box<dyn Standing>,
    /// Rings when the right may have been lost.
    pub bell: watch::Receiver<u64>,
}

/// Why a socket ends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// The other side closed, is gone, or takes nothing any more.
    Gone,
    /// We close, with a code and a reason.
    Close { code: u16, reason: String },
}

impl Feeds {
    /// Serves one viewer until it ends.
    pub async fn serve(&self, viewer: Viewer, socket: WebSocket) {
        let Viewer {
            room,
            me,
            since,
            standing,
            bell,
        } = viewer;
        let (mut sink, mut stream) = socket.split();
        let mut ending = self.ending();
        let feed = Feed {
            feeds: self,
            standing: &*standing,
            room,
            me,
            given: 0,
            subscription: None,
            sink: &mut sink,
            stream: &mut stream,
            heard: Instant::now(),
            beat: every(HEARTBEAT),
            ping: every(self.limits().ping_every),
        };
        let end = tokio::select! {
            reason = lost(&*standing, bell) => End::Close { code: close_code::POLICY, reason },
            _ = ending.wait_for(|ending| *ending) => End::Close {
                code: SERVICE_RESTART,
                reason: "the service is ending: it will be back".to_owned(),
            },
            end = feed.run(since) => end,
        };
        let End::Close { code, reason } = end else {
            return;
        };
        let goodbye = say_goodbye(&mut sink, &mut stream, code, reason);
        // The other side may be gone: then nobody is there to be told.
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

fn every(period: Duration) -> Interval {
    let mut every = interval(period);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every
}

/// Ends when the right to look is lost, with the reason.
async fn lost(standing: &dyn Standing, mut bell: watch::Receiver<u64>) -> String {
    loop {
        // Marked as heard before looking: a ring in between is heard the next time round.
        bell.mark_unchanged();
        if let Err(reason) = standing.stands() {
            return reason;
        }
        if let Ok(Err(_)) = timeout(HEARTBEAT, bell.changed()).await {
            // The bell is gone with the registry; the hour still counts.
            tokio::time::sleep(HEARTBEAT).await;
        }
    }
}

/// Says why, closes, and reads on until the other side answers, so that nothing is lost in a reset.
async fn say_goodbye(
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
    code: u16,
    reason: String,
) {
    let end = (0..=REASON_BYTES.min(reason.len()))
        .rfind(|end| reason.is_char_boundary(*end))
        .unwrap_or(0);
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from(&reason[..end]),
    };
    let said = sink
        .send(Message::Text(encode(&LiveMessage::Goodbye { reason })))
        .await;
    if said.is_ok() && sink.send(Message::Close(Some(frame))).await.is_ok() {
        while let Some(Ok(_)) = stream.next().await {}
    }
}

/// What one viewer is being given.
struct Feed<'a> {
    feeds: &'a Feeds,
    standing: &'a dyn Standing,
    room: RoomId,
    me: Option<MeWire>,
    /// The last record the viewer has been given.
    given: u64,
    subscription: Option<Subscription>,
    sink: &'a mut SplitSink<WebSocket, Message>,
    stream: &'a mut SplitStream<WebSocket>,
    /// When the viewer last said anything.
    heard: Instant,
    beat: Interval,
    ping: Interval,
}

/// What happened next.
enum Next {
    Beat,
    Ping,
    Mail(Mail),
    Said(Option<Result<Message, axum::Error>>),
}

impl Feed<'_> {
    async fn run(mut self, since: Option<u64>) -> End {
        match self.follow(since).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn follow(&mut self, since: Option<u64>) -> Result<std::convert::Infallible, End> {
        match since {
            Some(since) => self.resume(since).await?,
            None => self.begin().await?,
        }
        loop {
            match self.next().await {
                Next::Beat => self.heartbeat().await?,
                Next::Ping => self.ping().await?,
                Next::Mail(mail) => self.deliver(mail).await?,
                Next::Said(said) => self.hear(said).await?,
            }
        }
    }

    async fn next(&mut self) -> Next {
        let subscription = self.subscription.as_ref();
        let mail = async {
            match subscription {
                Some(subscription) => subscription.next().await,
                // A feed always has a place in the hub once it has begun.
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.beat.tick() => Next::Beat,
            _ = self.ping.tick() => Next::Ping,
            mail = mail => Next::Mail(mail),
            said = self.stream.next() => Next::Said(said),
        }
    }

    /// The whole picture, and a place from which nothing is missed.
    async fn begin(&mut self) -> Result<(), End> {
        let seen = self.feeds.snapshot(&self.room, self.me.clone()).await;
        let (subscription, text) = seen.ok_or_else(not_here)?;
        self.given = subscription.seq;
        self.subscription = Some(subscription);
        self.feeds.metrics().snapshot();
        self.send(Message::Text(text)).await
    }

    /// What was recorded after `since`, and a place from which nothing is missed; the whole picture when the record does
    /// not reach back so far, or never came so far.
    async fn resume(&mut self, since: u64) -> Result<(), End> {
        let (subscription, ()) = self
            .feeds
            .hub()
            .subscribe(&self.room, |_| ())
            .ok_or_else(not_here)?;
        let oldest = self.feeds.oldest(&self.room).await.map_err(|_| unread())?;
        if since > subscription.seq || since.saturating_add(1) < oldest.0 {
            return self.begin().await;
        }
        self.given = since;
        let through = subscription.seq;
        self.subscription = Some(subscription);
        self.feeds.metrics().resumed();
        self.say_heartbeat(through).await?;
        while self.given < through {
            let stretch = Stretch {
                since: Seq(self.given),
                through: Seq(through),
            };
            let page = self.feeds.page(&self.room, stretch).await;
            let (seq, text) = page.map_err(|_| unread())?.ok_or_else(unread)?;
            self.send(Message::Text(text)).await?;
            self.given = seq;
            if self.beat_is_due() {
                self.say_heartbeat(through).await?;
            }
        }
        Ok(())
    }

    fn beat_is_due(&mut self) -> bool {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        self.beat.poll_tick(&mut context).is_ready()
    }

    async fn deliver(&mut self, mail: Mail) -> Result<(), End> {
        match mail {
            Mail::Fresh(post) => self.give(post).await,
            Mail::Conflated(post) => {
                self.feeds.metrics().conflated();
                self.send(Message::Text(encode(&LiveMessage::Lagging)))
                    .await?;
                self.give(post).await
            }
            Mail::Behind { .. } => {
                self.feeds.metrics().behind();
                self.send(Message::Text(encode(&LiveMessage::Lagging)))
                    .await?;
                self.resume(self.given).await
            }
        }
    }

    async fn give(&mut self, post: Post) -> Result<(), End> {
        if post.prev != self.given {
            // The journal was opened anew: what the record says is what counts.
            return self.resume(self.given).await;
        }
        self.send(Message::Text(post.text)).await?;
        self.given = post.seq;
        Ok(())
    }

    /// What waits is given first, so that a heartbeat never tells of a record that the viewer has not.
    async fn heartbeat(&mut self) -> Result<(), End> {
        while self
            .subscription
            .as_ref()
            .is_some_and(|subscription| subscription.head() > self.given)
        {
            let Some(subscription) = &self.subscription else {
                break;
            };
            // The hub moves its head and fills the mailbox in one: whatever the head tells of is there.
            let mail = subscription.next().await;
            self.deliver(mail).await?;
        }
        self.say_heartbeat(self.given).await
    }

    /// Says that the feed lives, and up to which record it is being brought.
    async fn say_heartbeat(&mut self, head: u64) -> Result<(), End> {
        let recording = match self.feeds.recording() {
            Recording::Ok => "ok",
            Recording::Failing { .. } => "failing",
        };
        let beat = LiveMessage::Heartbeat(Heartbeat {
            seq: self.given,
            head: head.max(self.given),
            room: self.room.to_string(),
            started_at: self.feeds.started_at(),
            at: self.feeds.now(),
            recording: recording.to_owned(),
        });
        self.send(Message::Text(encode(&beat))).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.heard.elapsed() > self.feeds.limits().silence {
            return Err(End::Gone);
        }
        self.send(Message::Ping(bytes::Bytes::new())).await
    }

    async fn hear(&mut self, said: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.heard = Instant::now();
        let text = match said {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
        };
        // What this end does not know, a newer map may say.
        match serde_json::from_str(&text) {
            Ok(LiveRequest::Resume { since }) => {
                let recorded = self.standing.looks_back(since).await;
                recorded.map_err(|reason| End::Close {
                    code: close_code::ERROR,
                    reason,
                })?;
                self.resume(since).await
            }
            Err(_) => Ok(()),
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.feeds.limits().write_time, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => {
                self.feeds.metrics().too_slow();
                Err(End::Gone)
            }
        }
    }
}

fn not_here() -> End {
    End::Close {
        code: close_code::POLICY,
        reason: "this room is not here any more".to_owned(),
    }
}

fn unread() -> End {
    End::Close {
        code: close_code::ERROR,
        reason: "the record cannot be read: try again, and look at the service's log".to_owned(),
    }
}
