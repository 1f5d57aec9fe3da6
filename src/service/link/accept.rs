//! Takes in what partners tell: who they are, their frames in order, and an answer once each is recorded.
//!
//! Nobody is believed by a certificate alone: it must be by the authority of the very partner in whose name somebody speaks,
//! and what is told is signed beside that.

use super::Pairs;
use super::dial::{UNANSWERED_MAX, is_number, unexpected};
use super::line::{Ear, Heard, Hearing, Voice, both, limits};
use super::pair::{BEAT, LOOK, Links, Pair};
use super::tls::{Tls, of_certificate, wrong};
use super::watch::SILENT;
use crate::domain::event::LinkRefusal;
use crate::domain::ids::RoomId;
use crate::domain::input::LinkNews;
use crate::domain::operations::handover::Envelope;
use crate::service::desk::{DeskError, FrameTaken, Numbers};
use crate::service::telemetry::LinkMetrics;
use crate::wire::link::talk::{HelloWire, TakenWire, TalkWire, WelcomeWire, YoursWire};
use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use futures_util::stream::FuturesOrdered;
use rustls::pki_types::CertificateDer;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::accept_async_with_config;

/// So many connections may be saying who they are at once. Of each link one is listened to after that.
const STRANGERS_MAX: usize = 16;
/// How long that may take.
const HELLO_MAX: Duration = Duration::from_secs(5);
/// How long a refusal may take to arrive.
const GOODBYE_MAX: Duration = Duration::from_secs(1);

type Line = Ear<TlsStream<TcpStream>>;

/// Where partners come in.
pub(super) struct Door {
    pub(super) tls: Tls,
    pub(super) pairs: Arc<Pairs>,
    pub(super) links: Links,
    pub(super) metrics: LinkMetrics,
}

/// Somebody who is who they say.
struct Guest {
    pair: Arc<Pair>,
    voice: Voice<Line>,
    hearing: Hearing<Line>,
    heard: Heard,
    taken: u64,
}

/// Why somebody is not let in.
struct Refused {
    guard: &'static str,
    sentence: String,
    /// In which link's name they came, when there is one.
    pair: Option<Arc<Pair>>,
}

/// Takes connections until it is dropped.
pub(super) async fn run(listener: TcpListener, door: Arc<Door>) {
    let free = Arc::new(Semaphore::new(STRANGERS_MAX));
    let mut inside = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let Ok(place) = Arc::clone(&free).try_acquire_owned() else {
                        door.metrics.refused("full");
                        continue;
                    };
                    let door = Arc::clone(&door);
                    inside.spawn(async move {
                        let guest = timeout(HELLO_MAX, door.meet(stream, peer)).await;
                        drop(place);
                        if let Ok(Some(guest)) = guest {
                            guest.listen(&door.links).await;
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection of a partner can be taken");
                    sleep(LOOK).await;
                }
            },
            Some(ended) = inside.join_next(), if !inside.is_empty() => {
                if let Err(fault) = ended {
                    tracing::error!(%fault, "a connection of a partner ended by a fault");
                }
            }
        }
    }
}

impl Door {
    /// Finds out who it is.
    async fn meet(&self, stream: TcpStream, peer: SocketAddr) -> Option<Guest> {
        // Without it answers only come later.
        let _ = stream.set_nodelay(true);
        let stream = match self.tls.acceptor.accept(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                self.not_met(&error, peer).await;
                return None;
            }
        };
        let chain = stream.get_ref().1.peer_certificates();
        let chain = chain.unwrap_or_default().to_vec();
        let (ear, heard) = Ear::new(stream);
        let opened = accept_async_with_config(ear, Some(limits())).await;
        let (mut voice, mut hearing) = both(opened.ok()?);
        let Ok(TalkWire::Hello(hello)) = hearing.next().await else {
            return None;
        };
        match self.judge(&hello, &chain) {
            Ok((pair, version)) => {
                let Numbers {
                    taken,
                    taken_digest,
                    heard: said,
                    ..
                } = pair.numbers_of(&self.links);
                let welcome = TalkWire::Welcome(WelcomeWire {
                    version,
                    taken,
                    digest: taken_digest.to_string(),
                    said,
                });
                voice.say(&welcome).await.ok()?;
                Some(Guest {
                    pair,
                    voice,
                    hearing,
                    heard,
                    taken,
                })
            }
            Err(Refused {
                guard,
                sentence,
                pair,
            }) => {
                tracing::warn!(%peer, guard, sentence, "a connection was refused");
                self.metrics.refused(guard);
                let telling = async {
                    if let Some(pair) = &pair {
                        pair.refused(guard, &sentence).await;
                    }
                };
                tokio::join!(
                    telling,
                    goodbye(&mut voice, &mut hearing, (guard, &sentence))
                );
                None
            }
        }
    }

    /// Which link it is, and in which version it is spoken.
    fn judge(
        &self,
        hello: &HelloWire,
        chain: &[CertificateDer<'static>],
    ) -> Result<(Arc<Pair>, u32), Refused> {
        let rooms = (RoomId::parse(&hello.to), RoomId::parse(&hello.from));
        let pair = match &rooms {
            (Ok(room), Ok(partner)) => self.pairs.find(room, partner),
            _ => None,
        };
        let (Some(pair), (_, Ok(partner))) = (pair, &rooms) else {
            return Err(Refused {
                guard: "room",
                sentence: "This service has no link between these two rooms.".to_owned(),
                pair: None,
            });
        };
        let refused = |guard, sentence| Refused {
            guard,
            sentence,
            pair: Some(Arc::clone(&pair)),
        };
        let tls = self.tls.partners.get(partner);
        let caller = tls.map_or(Err("there is none to check it by"), |tls| {
            let is_caller = tls.is_caller(chain);
            is_caller.map_err(|error| wrong(&error).unwrap_or("it cannot be used"))
        });
        if let Err(why) = caller {
            let sentence = format!(
                "A connection in the name of {partner} came with another certificate: {why}."
            );
            return Err(refused("certificate", sentence));
        }
        let Some(version) = hello.version() else {
            let spoken = &hello.versions;
            let sentence = format!(
                "{partner} speaks the versions {spoken:?} of links, and none of them is spoken here."
            );
            return Err(refused("version", sentence));
        };
        Ok((pair, version))
    }

    /// Somebody whose connection failed before they could say who they are.
    async fn not_met(&self, error: &io::Error, peer: SocketAddr) {
        let Some(why) = of_certificate(error) else {
            self.metrics.refused("handshake");
            tracing::info!(%peer, %error, "a connection failed before it was known who it is");
            return;
        };
        self.metrics.refused("certificate");
        tracing::warn!(%peer, why, "a connection was refused for its certificate");
        // With one partner alone it can only have been meant to be that one.
        if self.tls.partners.len() == 1 {
            for pair in self.pairs.all() {
                let partner = pair.partner_room();
                let sentence = format!(
                    "The certificate of a connection, which only {partner} can make, is refused: {why}."
                );
                pair.refused("certificate", &sentence).await;
            }
        }
    }
}

/// Says why nothing follows, and waits until that was read.
async fn goodbye(
    voice: &mut Voice<Line>,
    hearing: &mut Hearing<Line>,
    (guard, sentence): (&str, &str),
) {
    let saying = async {
        if voice.say(&TalkWire::sorry(guard, sentence)).await.is_ok() {
            voice.close().await;
            while hearing.next().await.is_ok() {}
        }
    };
    // Who does not read it has no need of it.
    let _ = timeout(GOODBYE_MAX, saying).await;
}

/// How listening ended.
enum End {
    /// The connection is gone, or the service ends.
    Gone(String),
    /// A frame was refused.
    Refused(LinkRefusal),
}

/// What is under way in the desk: through which frame everything is recorded after it.
type UnderWay = BoxFuture<'static, Result<FrameTaken, DeskError>>;

impl Guest {
    /// Takes in what it tells, until the connection ends or another one takes its place.
    async fn listen(mut self, links: &Links) {
        let (number, mut newest) = self.pair.listen();
        let taken = watch::Sender::new(self.taken);
        let yours = watch::Sender::new(None);
        let end = tokio::select! {
            end = take(&self.pair, &mut self.hearing, &self.heard, (&taken, &yours)) => end,
            end = answer(&self.pair, &mut self.voice, (links, &self.heard), (&taken, &yours)) => end,
            _ = newest.wait_for(|newest| *newest != number) => {
                End::Gone("another connection takes its place".to_owned())
            }
        };
        let (room, partner) = (&self.pair.room, self.pair.partner_room());
        match end {
            End::Gone(because) => {
                tracing::info!(room.id = %room, partner.id = %partner, because, "a partner's connection ended");
            }
            End::Refused(LinkRefusal { guard, sentence }) => {
                tracing::warn!(room.id = %room, partner.id = %partner, %guard, %sentence, "a frame was refused");
                self.pair.metrics.refused("frame");
                goodbye(&mut self.voice, &mut self.hearing, (&guard, &sentence)).await;
            }
        }
    }
}

/// Takes the frames. Several are with the desk at once, in order, so that one commit can record them.
async fn take(
    pair: &Arc<Pair>,
    hearing: &mut Hearing<Line>,
    heard: &Heard,
    (taken, yours): (&watch::Sender<u64>, &watch::Sender<Option<YoursWire>>),
) -> End {
    let mut under_way: FuturesOrdered<UnderWay> = FuturesOrdered::new();
    // Nothing is recorded: what comes is not answered, and comes again.
    let mut resting = false;
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // The order is kept by this: each goes to the desk before the next one is read.
            biased;
            Some(done) = under_way.next(), if !under_way.is_empty() => match done {
                Ok(FrameTaken { refused: Some(refusal), .. }) => return End::Refused(refusal),
                Ok(FrameTaken { through, refused: None }) => {
                    taken.send_if_modified(|known| {
                        let more = through > *known;
                        *known = through.max(*known);
                        more
                    });
                }
                Err(error @ DeskError::Closed) => return End::Gone(error.to_string()),
                Err(DeskError::Full | DeskError::Failing) => {
                    resting = true;
                    under_way.clear();
                }
            },
            _ = look.tick() => {
                if resting && pair.desk.is_recording().is_ok() {
                    return End::Gone("what came while nothing was recorded is asked for again".to_owned());
                }
                let Some(last) = heard.last() else { continue };
                pair.heard(last);
                if last.elapsed() >= 2 * SILENT {
                    return End::Gone(format!("nothing came for {:?}", 2 * SILENT));
                }
            }
            said = hearing.next() => {
                let work = match said {
                    Ok(TalkWire::Beat(beat)) => {
                        yours.send_replace(Some(pair.beat(&beat)));
                        continue;
                    }
                    Ok(TalkWire::Frame(frame)) => frame_taken(Arc::clone(pair), frame.into()),
                    Ok(TalkWire::GoesOnWith(next)) if next > 0 && is_number(next) => {
                        goes_on(Arc::clone(pair), next)
                    }
                    Ok(other) => return End::Gone(unexpected(&other)),
                    Err(gone) => return End::Gone(gone),
                };
                if under_way.len() > UNANSWERED_MAX {
                    return End::Gone("more came at once than was agreed".to_owned());
                }
                if !resting {
                    under_way.push_back(work);
                }
            }
        }
    }
}

fn frame_taken(pair: Arc<Pair>, envelope: Envelope) -> UnderWay {
    async move {
        let (room, partner) = (&pair.room, pair.partner_room());
        let taken = pair.desk.take_frame(room, partner, envelope).await;
        if taken.as_ref().is_ok_and(|taken| taken.refused.is_none()) {
            pair.counted("taken");
        }
        taken
    }
    .boxed()
}

fn goes_on(pair: Arc<Pair>, next: u64) -> UnderWay {
    async move {
        pair.tell(LinkNews::GoesOnWith(next)).await?;
        Ok(FrameTaken {
            through: next - 1,
            refused: None,
        })
    }
    .boxed()
}

/// Answers, and says that we are here.
async fn answer(
    pair: &Pair,
    voice: &mut Voice<Line>,
    (links, heard): (&Links, &Heard),
    (taken, yours): (&watch::Sender<u64>, &watch::Sender<Option<YoursWire>>),
) -> End {
    let (mut taken, mut yours) = (taken.subscribe(), yours.subscribe());
    // A beat is answered by one at once: so its sender knows best since when it is not heard.
    let mut beat = interval(BEAT + LOOK);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let gone = || End::Gone("nobody listens any more".to_owned());
        let through = tokio::select! {
            _ = beat.tick() => None,
            changed = yours.changed() => match changed {
                Ok(()) => None,
                Err(_) => return gone(),
            },
            changed = taken.changed() => match changed {
                Ok(()) => Some(*taken.borrow_and_update()),
                Err(_) => return gone(),
            }
        };
        let talk = if let Some(through) = through {
            TalkWire::Taken(TakenWire { through })
        } else {
            beat.reset();
            let yours = yours.borrow_and_update().clone();
            TalkWire::Beat(pair.our_beat(links, heard.last(), yours))
        };
        if let Err(gone) = voice.say(&talk).await {
            return End::Gone(gone);
        }
    }
}
