//! One room of this service and one of another: what is known of the link between them, and the way to tell the desk.

use super::beats::Beats;
use super::settings::Partner;
use super::watch::{Is, Moment, Watch};
use crate::domain::event::{LinkRefusal, RoomHead};
use crate::domain::ids::RoomId;
use crate::domain::input::LinkNews;
use crate::domain::measure::Span;
use crate::service::clock::Clock;
use crate::service::desk::{DeskError, DeskHandle, Numbers, RoomLinks};
use crate::service::telemetry::LinkMetrics;
use crate::wire::link::talk::{BeatWire, YoursWire};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How often each says that it is there.
pub(super) const BEAT: Duration = Duration::from_secs(2);
/// How often it is looked what is to be told.
pub(super) const LOOK: Duration = Duration::from_millis(250);
/// How long between two tries to tell the desk what it could not take.
pub(super) const TELL_AGAIN: Duration = Duration::from_secs(1);

/// How far the rooms of this service and their partners have come.
pub(super) type Links = watch::Receiver<Arc<BTreeMap<RoomId, RoomLinks>>>;

/// One link.
pub(super) struct Pair {
    /// The room of this service.
    pub(super) room: RoomId,
    /// The room of the other one.
    pub(super) partner: Arc<Partner>,
    pub(super) desk: DeskHandle,
    pub(super) metrics: LinkMetrics,
    clock: Clock,
    watch: Mutex<Watch>,
    beats: Mutex<Beats>,
    /// Counts the connections by which the partner tells: the newest one is listened to.
    newest: watch::Sender<u64>,
}

impl Pair {
    /// A link of which nothing is known yet.
    pub(super) fn new(
        room: RoomId,
        partner: Arc<Partner>,
        (desk, clock, metrics): (DeskHandle, Clock, LinkMetrics),
    ) -> Self {
        let began = Moment {
            on: Instant::now(),
            at: clock.now(),
        };
        Self {
            room,
            partner,
            desk,
            metrics,
            clock,
            watch: Mutex::new(Watch::new(began)),
            beats: Mutex::default(),
            newest: watch::Sender::new(0),
        }
    }

    /// The room of the other service.
    pub(super) fn partner_room(&self) -> &RoomId {
        &self.partner.card.room
    }

    /// The partner was heard at this moment of the past.
    pub(super) fn heard(&self, on: Instant) {
        let moment = self.moment(on);
        locked(&self.watch).heard(moment);
    }

    /// The partner heard us at this moment of the past.
    pub(super) fn answered(&self, on: Instant) {
        let moment = self.moment(on);
        locked(&self.watch).answered(moment);
    }

    fn moment(&self, on: Instant) -> Moment {
        let ago = on.elapsed().as_secs_f64() * 1_000.0 * self.clock.rate();
        Moment {
            on,
            at: self.clock.now().plus(Span::from_millis(-(ago as i64))),
        }
    }

    /// A beat of the partner was read.
    pub(super) fn beat(&self, beat: &BeatWire) -> YoursWire {
        let read_at = self.clock.now();
        locked(&self.beats).heard(beat, (Instant::now(), read_at));
        YoursWire {
            at: beat.at.clone(),
            read_at: read_at.to_string(),
        }
    }

    /// Our own beat.
    pub(super) fn our_beat(
        &self,
        links: &Links,
        heard: Option<Instant>,
        yours: Option<YoursWire>,
    ) -> BeatWire {
        let links = links.borrow();
        let room = links.get(&self.room);
        let numbers = self.numbers(room);
        BeatWire {
            sent: numbers.sent,
            taken: numbers.taken,
            leads: numbers.leads.iter().map(Into::into).collect(),
            seq: room.map_or(0, |room| room.seq.0),
            hash: room.map_or_else(String::new, |room| room.hash.to_string()),
            at: self.clock.now().to_string(),
            heard_ms_ago: heard.map(|on| on.elapsed().as_millis() as u64),
            yours,
        }
    }

    /// How far the two have come.
    pub(super) fn numbers_of(&self, links: &Links) -> Numbers {
        self.numbers(links.borrow().get(&self.room))
    }

    fn numbers(&self, room: Option<&RoomLinks>) -> Numbers {
        let known = room.and_then(|room| room.partners.get(self.partner_room()));
        known.cloned().unwrap_or_default()
    }

    /// A new connection by which the partner tells. The one before it ends.
    pub(super) fn listen(&self) -> (u64, watch::Receiver<u64>) {
        let mut number = 0;
        self.newest.send_modify(|newest| {
            *newest += 1;
            number = *newest;
        });
        (number, self.newest.subscribe())
    }

    /// Tells the desk.
    pub(super) async fn tell(&self, news: LinkNews) -> Result<(), DeskError> {
        self.desk
            .tell_link(&self.room, self.partner_room(), news)
            .await
    }

    /// A frame went this way.
    pub(super) fn counted(&self, way: &'static str) {
        let (room, partner) = (self.room.as_str(), self.partner_room().as_str());
        self.metrics.frame(room, partner, way);
    }

    /// Tells the desk until it has recorded it.
    ///
    /// # Errors
    /// [`DeskError::Closed`]: the service ends.
    pub(super) async fn tell_surely(&self, news: LinkNews) -> Result<(), DeskError> {
        loop {
            match self.tell(news.clone()).await {
                Err(DeskError::Full | DeskError::Failing) => tokio::time::sleep(TELL_AGAIN).await,
                told => return told,
            }
        }
    }

    /// Tells the desk that something in the partner's name was refused; that is lost while nothing can be recorded.
    pub(super) async fn refused(&self, guard: &str, sentence: &str) {
        let (room, partner) = (&self.room, self.partner_room());
        tracing::warn!(room.id = %room, partner.id = %partner, guard, sentence, "a partner was refused");
        let refusal = LinkRefusal {
            guard: guard.into(),
            sentence: sentence.into(),
        };
        // The log has it.
        let _ = self.tell(LinkNews::Refused(refusal)).await;
    }

    /// Tells the desk what becomes of the link, until the desk is gone.
    pub(super) async fn keep(&self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            if self.look().await == Err(DeskError::Closed) {
                return;
            }
        }
    }

    async fn look(&self) -> Result<(), DeskError> {
        let now = self.moment(Instant::now());
        let news = locked(&self.watch).news(now);
        if let Some(is) = news {
            self.tell(LinkNews::Cut(is.cut())).await?;
            locked(&self.watch).told(is);
            locked(&self.beats).again_whole();
            let (room, partner, whole) = (&self.room, self.partner_room(), is == Is::Whole);
            tracing::info!(room.id = %room, partner.id = %partner, whole, "a link changed");
            self.metrics.whole(room.as_str(), partner.as_str(), whole);
        }
        if !locked(&self.watch).is_whole() {
            return Ok(());
        }
        let (head, clock) = {
            let beats = locked(&self.beats);
            (beats.head(now.on), beats.clock(now.on))
        };
        let leads = locked(&self.beats).leads();
        if let Some(leads) = leads {
            self.tell(leads).await?;
        }
        if let Some(head) = head {
            self.tell_head(head, now.on).await?;
        }
        if let Some(by) = clock {
            self.tell(LinkNews::Clock(by)).await?;
            locked(&self.beats).clock_told(now.on);
        }
        Ok(())
    }

    async fn tell_head(&self, head: RoomHead, now: Instant) -> Result<(), DeskError> {
        let seq = head.seq;
        self.tell(LinkNews::Head(head)).await?;
        locked(&self.beats).head_told(seq, now);
        Ok(())
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
