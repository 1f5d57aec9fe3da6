//! Looking is recorded, before anything is shown: who, at what, why.

use super::HttpState;
use super::answer::desk_problem;
use super::door::Who;
use crate::domain::event::HouseEvent;
use crate::domain::ids::{OperationId, UnitId};
use crate::domain::measure::Timestamp;
use crate::service::auth::SessionKey;
use crate::service::registry::BySecret;
use crate::wire::problem::Problem;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is written when a person gave no reason.
const NOT_STATED: &str = "not stated";
/// The most sessions whose looks are remembered. Beyond, a look is recorded once more than needed.
const SESSIONS_MAX: usize = 10_000;
/// The most cursors of one session that are remembered.
const CURSORS_MAX: usize = 64;
/// The most tracks of one session that are remembered.
const TRACKS_MAX: usize = 1_000;

/// What can be looked at once for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Past events.
    Events,
    /// Units and operations as they are now.
    Picture,
    /// The live feed; see [`HttpState::looks_live`].
    Live,
}

impl Sight {
    const fn words(self) -> &'static str {
        match self {
            Self::Events => "past events",
            Self::Picture => "units and operations",
            Self::Live => "live picture",
        }
    }
}

/// A stretch of a unit's track that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrackLook {
    pub(super) unit: UnitId,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// Where reading goes on.
    pub(super) since: Option<Timestamp>,
    pub(super) reason: Option<Arc<str>>,
}

impl TrackLook {
    fn words(&self) -> String {
        let end = |at: Option<Timestamp>, open: &str| {
            at.map_or_else(|| open.to_owned(), |at| at.to_string())
        };
        let from = self.since.max(self.from);
        format!(
            "track of {} from {} to {}",
            self.unit,
            end(from, "the beginning"),
            end(self.to, "the end")
        )
    }
}

/// What the sessions have looked at. In memory: after a restart a look is recorded anew.
#[derive(Default)]
pub(super) struct Looks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    sessions: BySecret<OfSession>,
    count: usize,
}

#[derive(Default, Clone)]
struct OfSession {
    sights: Vec<Sight>,
    /// The places from which reading past events goes on, the newest last.
    cursors: VecDeque<u64>,
    /// From which record on the live picture was given.
    live_from: Option<u64>,
    tracks: BTreeMap<UnitId, Paging>,
}

/// A track being read page by page: the stretch, and the places from which its pages go on.
#[derive(Clone)]
struct Paging {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    goes_on: [Option<Timestamp>; 2],
}

impl Looks {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, session: &SessionKey, change: impl FnOnce(&mut OfSession)) {
        let mut kept = self.kept();
        let hash = session.hash();
        let known = kept.sessions.remove(&hash);
        if known.is_none() {
            if kept.count >= SESSIONS_MAX {
                *kept = Kept::default();
            }
            kept.count += 1;
        }
        let mut of_session = known.unwrap_or_default();
        change(&mut of_session);
        kept.sessions.insert(hash, of_session);
    }

    fn has(&self, session: &SessionKey, sight: Sight) -> bool {
        self.asks(session, |of| of.sights.contains(&sight))
            .unwrap_or(false)
    }

    fn asks<T>(&self, session: &SessionKey, ask: impl FnOnce(&OfSession) -> T) -> Option<T> {
        self.kept().sessions.get(&session.hash()).map(ask)
    }

    /// Whether a page goes on where an earlier one of the same look ended.
    fn goes_on(&self, session: &SessionKey, look: &TrackLook) -> bool {
        let kept = self.kept();
        look.since.is_some()
            && kept
                .sessions
                .get(&session.hash())
                .and_then(|of| of.tracks.get(&look.unit))
                .is_some_and(|paging| {
                    (paging.from, paging.to) == (look.from, look.to)
                        && paging.goes_on.contains(&look.since)
                })
    }

    /// Forgets a session that is over.
    pub(super) fn forget(&self, session: &SessionKey) {
        let mut kept = self.kept();
        if kept.sessions.remove(&session.hash()).is_some() {
            kept.count -= 1;
        }
    }
}

impl HttpState {
    async fn record(
        &self,
        who: &Who,
        what: &str,
        reason: Option<&Arc<str>>,
    ) -> Result<(), Problem> {
        let look = HouseEvent::AccessViewed {
            by: who.person(),
            what: what.into(),
            reason: reason.map_or_else(|| NOT_STATED.into(), Arc::clone),
        };
        let room = who.card.room.clone();
        self.desk.looked(room, look).await.map_err(desk_problem)
    }

    /// Records a session's first look at something; later ones belong to it.
    pub(super) async fn looks_once(
        &self,
        who: &Who,
        sight: Sight,
        reason: Option<&Arc<str>>,
    ) -> Result<(), Problem> {
        if self.looks().has(&who.card.key, sight) {
            return Ok(());
        }
        self.looks_again(who, sight, reason).await
    }

    /// Records a look at past events: the session's first, and each that does not page on and has a reason of its own.
    pub(super) async fn looks_at_events(
        &self,
        who: &Who,
        since: u64,
        reason: Option<&Arc<str>>,
    ) -> Result<(), Problem> {
        let goes_on = self
            .looks()
            .asks(&who.card.key, |of| of.cursors.contains(&since));
        if reason.is_some() && goes_on != Some(true) {
            return self.looks_again(who, Sight::Events, reason).await;
        }
        self.looks_once(who, Sight::Events, reason).await
    }

    /// Remembers where the next page of past events begins; a page may be asked for once more when its answer was lost.
    pub(super) fn events_go_on(&self, who: &Who, next: u64) {
        self.looks().change(&who.card.key, |of| {
            if of.cursors.contains(&next) {
                return;
            }
            if of.cursors.len() == CURSORS_MAX {
                of.cursors.pop_front();
            }
            of.cursors.push_back(next);
        });
    }

    /// Records a look at the live picture, which begins now or is taken up again after record `since`. Taken up where the session had it, it belongs to the look that began it; what lies before that is a look at the past.
    pub(super) async fn looks_live(&self, who: &Who, since: Option<u64>) -> Result<(), Problem> {
        let head = self.hub.look(&who.card.room, |picture| picture.seq);
        let head = head.unwrap_or_default();
        let from = self.looks().asks(&who.card.key, |of| of.live_from);
        let from = from.flatten();
        match (since, from) {
            (Some(since), Some(from)) if since >= from => return Ok(()),
            (Some(since), _) if since < head => {
                let what = format!("{} from record {since} on", Sight::Live.words());
                self.record(who, &what, None).await?;
            }
            (Some(_) | None, _) => self.record(who, Sight::Live.words(), None).await?,
        }
        let begins = since.unwrap_or(head);
        self.looks().change(&who.card.key, |of| {
            of.live_from = Some(of.live_from.map_or(begins, |from| from.min(begins)));
        });
        Ok(())
    }

    /// Records a look, whether or not the session has looked before.
    pub(super) async fn looks_again(
        &self,
        who: &Who,
        sight: Sight,
        reason: Option<&Arc<str>>,
    ) -> Result<(), Problem> {
        self.record(who, sight.words(), reason).await?;
        self.looks().change(&who.card.key, |of| {
            if !of.sights.contains(&sight) {
                of.sights.push(sight);
            }
        });
        Ok(())
    }

    /// Records a look at a track, unless it goes on with one that is recorded.
    pub(super) async fn looks_at_track(&self, who: &Who, look: &TrackLook) -> Result<(), Problem> {
        if self.looks().goes_on(&who.card.key, look) {
            return Ok(());
        }
        self.record(who, &look.words(), look.reason.as_ref()).await
    }

    /// Records a look at the report of an operation.
    pub(super) async fn looks_at_report(
        &self,
        who: &Who,
        operation: &OperationId,
        reason: Option<Arc<str>>,
    ) -> Result<(), Problem> {
        let what = format!("report of operation {operation}");
        self.record(who, &what, reason.as_ref()).await
    }

    /// Remembers where the next page of a look begins.
    pub(super) fn track_goes_on(&self, who: &Who, look: &TrackLook, next: Option<Timestamp>) {
        self.looks().change(&who.card.key, |of| {
            if of.tracks.len() >= TRACKS_MAX {
                of.tracks.clear();
            }
            let paging = Paging {
                from: look.from,
                to: look.to,
                // A page may be asked for once more when its answer was lost.
                goes_on: [look.since, next],
            };
            of.tracks.insert(look.unit.clone(), paging);
        });
    }
}
