//! Tells one partner what a room of this service has to tell it: dials, says every frame in order, dials again.
//!
//! Three things go on at once on a connection: it is listened to, it is spoken on, and what the partner has recorded is told
//! to the desk. Whichever ends first ends it, and from where the partner stands it goes on.

use super::line::{Ear, Heard, Hearing, Voice, both, limits};
use super::pair::{BEAT, LOOK, Links, Pair, TELL_AGAIN};
use super::tls::{PartnerTls, of_certificate};
use super::watch::SILENT;
use crate::domain::input::LinkNews;
use crate::service::desk::DeskError;
use crate::wire::link::CarriedWire;
use crate::wire::link::talk::{
    HelloWire, SorryWire, TakenWire, TalkWire, VERSIONS, WelcomeWire, YoursWire,
};
use futures_util::FutureExt as _;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::client_async_with_config;

/// How long dialling may take, to the answer to who we are.
const DIAL_MAX: Duration = Duration::from_secs(5);
/// The first wait before it is dialled again, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(15));
/// So many frames are told without an answer.
pub(super) const UNANSWERED_MAX: usize = 64;
/// A frame that has no answer for so long is told again, on another connection.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// What the partner has recorded is told to the desk so often at most.
const CONFIRM_EVERY: Duration = Duration::from_millis(200);

type Line = Ear<TlsStream<TcpStream>>;

/// How a connection, or the attempt to make one, ended.
enum End {
    /// The service itself ends.
    Closed,
    /// The connection is gone, or leads nowhere.
    Gone(String),
    /// Who answered is not the partner.
    Stranger(&'static str),
    /// The partner refuses what we say.
    Sorry(SorryWire),
}

impl From<DeskError> for End {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Closed => Self::Closed,
            DeskError::Full | DeskError::Failing => Self::Gone(error.to_string()),
        }
    }
}

/// Dials until the service ends.
pub(super) async fn run(pair: &Pair, tls: &PartnerTls, links: &Links) {
    let mut wait = Wait::default();
    let (room, partner) = (&pair.room, pair.partner_room());
    loop {
        match once(pair, tls, links.clone(), &mut wait).await {
            End::Closed => return,
            End::Gone(because) => {
                tracing::info!(room.id = %room, partner.id = %partner, because, "a partner is not reached");
            }
            End::Stranger(why) => {
                pair.metrics.refused("certificate");
                let host = pair.partner.host.to_str();
                let sentence = format!(
                    "The certificate of {host}, where {partner} is called, is refused: {why}."
                );
                pair.refused("certificate", &sentence).await;
            }
            End::Sorry(SorryWire { guard, sentence }) => {
                let sentence: String = sentence.chars().take(300).collect();
                tracing::warn!(room.id = %room, partner.id = %partner, guard, sentence, "a partner refuses what it is told");
            }
        }
        sleep(wait.next()).await;
    }
}

/// How long is waited before the next attempt.
struct Wait {
    next: Duration,
}

impl Default for Wait {
    fn default() -> Self {
        Self { next: WAITS.0 }
    }
}

impl Wait {
    fn longest(&mut self) {
        self.next = WAITS.1;
    }

    /// The wait, half of it to one and a half: two services that lost each other do not dial in step.
    fn next(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(WAITS.1);
        let chance =
            getrandom::u32().map_or(1.0, |number| 0.5 + f64::from(number) / f64::from(u32::MAX));
        wait.mul_f64(chance)
    }
}

/// One connection, from the dialling to its end.
async fn once(pair: &Pair, tls: &PartnerTls, links: Links, wait: &mut Wait) -> End {
    let opened = timeout(DIAL_MAX, open(pair, tls)).await;
    let (mut voice, mut hearing, heard, welcome) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(end)) => return end,
        Err(_) => return End::Gone(format!("no answer within {DIAL_MAX:?}")),
    };
    *wait = Wait::default();
    let taken = welcome.taken;
    let met = LinkNews::Met {
        taken,
        digest: Arc::from(welcome.digest),
        said: welcome.said,
    };
    let talk = Talk {
        pair,
        links,
        heard,
        yours: Mutex::default(),
        told: AtomicU64::new(taken),
        taken: watch::Sender::new(taken),
        met: watch::Sender::new(false),
    };
    let end = tokio::select! {
        end = talk.hear(&mut hearing) => end,
        end = talk.speak(&mut voice, taken) => end,
        end = talk.confirm(taken, met) => end,
    };
    if matches!(end, End::Sorry(_)) {
        // The same frame is refused again: there is no hurry.
        wait.longest();
    }
    end
}

type Opened = (Voice<Line>, Hearing<Line>, Heard, WelcomeWire);

/// Dials, and says who we are.
async fn open(pair: &Pair, tls: &PartnerTls) -> Result<Opened, End> {
    let partner = &pair.partner;
    let gone = |error: io::Error| match of_certificate(&error) {
        Some(why) => End::Stranger(why),
        None => End::Gone(error.to_string()),
    };
    let host = partner.host.to_str();
    let stream = TcpStream::connect((&*host, partner.port)).await;
    let stream = stream.map_err(gone)?;
    stream.set_nodelay(true).map_err(gone)?;
    let stream = tls.connector.connect(partner.host.clone(), stream).await;
    let (ear, heard) = Ear::new(stream.map_err(gone)?);
    let opened = client_async_with_config(partner.url.as_str(), ear, Some(limits())).await;
    let (socket, _) = opened.map_err(|error| End::Gone(error.to_string()))?;
    let (mut voice, mut hearing) = both(socket);
    let hello = TalkWire::Hello(HelloWire {
        versions: VERSIONS.to_vec(),
        from: pair.room.to_string(),
        to: pair.partner_room().to_string(),
    });
    voice.say(&hello).await.map_err(End::Gone)?;
    match hearing.next().await.map_err(End::Gone)? {
        TalkWire::Welcome(welcome)
            if VERSIONS.contains(&welcome.version)
                && is_number(welcome.taken)
                && is_number(welcome.said) =>
        {
            Ok((voice, hearing, heard, welcome))
        }
        TalkWire::Sorry(sorry) => Err(End::Sorry(sorry)),
        other => Err(End::Gone(unexpected(&other))),
    }
}

/// A number that frames can reach.
pub(super) const fn is_number(number: u64) -> bool {
    number <= i64::MAX as u64
}

/// What was said at the wrong moment.
pub(super) fn unexpected(talk: &TalkWire) -> String {
    let text: String = talk.to_text().chars().take(40).collect();
    format!("`{text}…` was said where it has no place")
}

/// A conversation under way.
struct Talk<'p> {
    pair: &'p Pair,
    links: Links,
    heard: Heard,
    yours: Mutex<Option<YoursWire>>,
    /// The last frame that was told, or passed over.
    told: AtomicU64,
    /// Through which frame the partner has everything.
    taken: watch::Sender<u64>,
    /// Whether the desk knows where the partner stood when the two met: before that no frame is told.
    met: watch::Sender<bool>,
}

impl Talk<'_> {
    /// Listens to the answers.
    async fn hear(&self, hearing: &mut Hearing<Line>) -> End {
        let began = Instant::now();
        let mut answered = began;
        loop {
            match timeout(LOOK, hearing.next()).await {
                Err(_) => {}
                Ok(Err(gone)) => return End::Gone(gone),
                Ok(Ok(TalkWire::Taken(TakenWire { through }))) => {
                    if through > self.told.load(Ordering::Relaxed) {
                        return End::Gone(format!("frame {through} is confirmed and was not told"));
                    }
                    answered = Instant::now();
                    self.taken.send_if_modified(|taken| {
                        let more = through > *taken;
                        *taken = through.max(*taken);
                        more
                    });
                }
                Ok(Ok(TalkWire::Beat(beat))) => {
                    let ago = beat.heard_ms_ago.map(Duration::from_millis);
                    let on = ago.and_then(|ago| Instant::now().checked_sub(ago));
                    answered = answered.max(on.unwrap_or(began));
                    if beat.heard_ms_ago.is_some() {
                        self.pair.answered(answered);
                    }
                    *self.yours.lock().unwrap_or_else(PoisonError::into_inner) =
                        Some(self.pair.beat(&beat));
                    continue;
                }
                Ok(Ok(TalkWire::Sorry(sorry))) => return End::Sorry(sorry),
                Ok(Ok(other)) => return End::Gone(unexpected(&other)),
            }
            if answered > began {
                self.pair.answered(answered);
            }
            let heard = self.heard.last().unwrap_or(began);
            if heard.max(began).elapsed() >= SILENT {
                return End::Gone(format!("nothing came for {SILENT:?}"));
            }
            if answered.elapsed() >= SILENT {
                return End::Gone(format!("the partner has heard nothing for {SILENT:?}"));
            }
        }
    }

    /// Tells the desk what the partner has.
    async fn confirm(&self, mut confirmed: u64, met: LinkNews) -> End {
        let mut taken = self.taken.subscribe();
        if let Err(error) = self.pair.tell_surely(met).await {
            return error.into();
        }
        self.met.send_replace(true);
        loop {
            let through = *taken.borrow_and_update();
            if through > confirmed {
                let told = self.pair.tell_surely(LinkNews::Confirmed(through)).await;
                if let Err(error) = told {
                    return error.into();
                }
                confirmed = through;
                sleep(CONFIRM_EVERY).await;
            } else if taken.changed().await.is_err() {
                return End::Closed;
            }
        }
    }

    /// Says every frame, and that we are here.
    async fn speak(&self, voice: &mut Voice<Line>, taken: u64) -> End {
        match self.tell(voice, taken).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn tell(&self, voice: &mut Voice<Line>, mut last: u64) -> Result<Never, End> {
        let mut links = self.links.clone();
        let mut taken = self.taken.subscribe();
        let mut met = self.met.subscribe();
        let mut unanswered: VecDeque<u64> = VecDeque::new();
        let mut progress = Instant::now();
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let through = *taken.borrow_and_update();
            while unanswered.front().is_some_and(|number| *number <= through) {
                unanswered.pop_front();
                progress = Instant::now();
            }
            if unanswered.is_empty() {
                progress = Instant::now();
            } else if progress.elapsed() >= ANSWER_MAX {
                return Err(End::Gone(format!(
                    "no answer to a frame for {ANSWER_MAX:?}"
                )));
            }
            links.borrow_and_update();
            // Before the frames are asked for: what is missing among them is gone, not to come yet.
            let sent = self.pair.numbers_of(&links).sent;
            let most = UNANSWERED_MAX - unanswered.len();
            let mut later = false;
            if *met.borrow_and_update() && sent > last && most > 0 {
                let (room, partner) = (&self.pair.room, self.pair.partner_room());
                match self.pair.desk.frames(room, partner, last, most).await {
                    Ok(frames) => {
                        let next = frames.first().map_or(sent + 1, |(number, _)| *number);
                        if next > last + 1 {
                            say(voice, &TalkWire::GoesOnWith(next)).await?;
                            last = next - 1;
                            self.told.store(last, Ordering::Relaxed);
                        }
                        for (number, envelope) in frames {
                            if number != last + 1 {
                                // A hole: it is told with the next look.
                                break;
                            }
                            if beat.tick().now_or_never().is_some() {
                                self.beat(voice).await?;
                            }
                            // Told before it is said: the answer may be there first.
                            self.told.store(number, Ordering::Relaxed);
                            say(voice, &TalkWire::Frame(CarriedWire::from(&envelope))).await?;
                            self.pair.counted("sent");
                            unanswered.push_back(number);
                            last = number;
                        }
                        continue;
                    }
                    Err(DeskError::Closed) => return Err(End::Closed),
                    Err(DeskError::Full | DeskError::Failing) => later = true,
                }
            }
            tokio::select! {
                _ = beat.tick() => self.beat(voice).await?,
                changed = taken.changed() => changed.map_err(|_| End::Closed)?,
                changed = met.changed() => changed.map_err(|_| End::Closed)?,
                changed = links.changed() => changed.map_err(|_| End::Closed)?,
                () = sleep(TELL_AGAIN), if later => {}
            }
        }
    }

    async fn beat(&self, voice: &mut Voice<Line>) -> Result<(), End> {
        let yours = {
            let yours = self.yours.lock().unwrap_or_else(PoisonError::into_inner);
            yours.clone()
        };
        let beat = self.pair.our_beat(&self.links, self.heard.last(), yours);
        say(voice, &TalkWire::Beat(beat)).await
    }
}

/// What never comes.
enum Never {}

async fn say(voice: &mut Voice<Line>, talk: &TalkWire) -> Result<(), End> {
    voice.say(talk).await.map_err(End::Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_fifteen_seconds_and_never_fall_in_step() {
        let mut wait = Wait::default();
        let waits: Vec<Duration> = (0..10).map(|_| wait.next()).collect();
        for (number, waited) in waits.iter().enumerate() {
            let whole = (WAITS.0 * 2_u32.pow(number as u32)).min(WAITS.1);
            let range = whole.mul_f64(0.5)..=whole.mul_f64(1.5);
            assert!(range.contains(waited), "{number}: {waited:?}");
        }
        assert!(Wait::default().next() <= WAITS.0.mul_f64(1.5));
    }
}
