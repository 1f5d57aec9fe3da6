//! Laps, one after the other, until stopped.

use super::knock::{Knocked, post_act};
use super::radio::Radio;
use super::seed::Tokens;
use super::talk::Talk;
use crate::domain::exercise::lap::{NoticeAct, NoticeDeed};
use crate::domain::exercise::{Deed, Lap, Scenario, Step};
use crate::domain::ids::{NoticeId, OperationId, RoomId, UnitId};
use crate::domain::input::{Order, OrderKind, UnitAct};
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::{Closing, OperationChange};
use crate::domain::registry::Person;
use crate::domain::tracks::act::Act;
use crate::service::app::Running;
use crate::service::clock::Clock;
use crate::service::desk::{DeskError, DeskHandle, OrderAnswer};
use crate::service::live::Hub;
use crate::wire::live::{NoticePicture, OperationPicture};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Before the first step of a lap.
const RUN_UP: Span = Span::from_secs(1);
/// Between two laps.
const PAUSE: Span = Span::from_secs(5);
/// How long a person waits until what the script wants can be done: a notice is there, a message fits.
pub(super) const WAIT: Span = Span::from_minutes(2);
/// Between two attempts at what must not be left out.
const AGAIN: Duration = Duration::from_millis(300);

/// From where a lap is played: a mark of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LapMark(pub Arc<str>);

/// Where an exercise is played.
pub struct Stage {
    /// Where the service answers.
    pub address: SocketAddr,
    /// The way to its desk, for the orders of persons.
    pub desk: DeskHandle,
    /// What its rooms see: a person who has acted already is not doubled.
    pub hub: Arc<Hub>,
    /// The exercise clock.
    pub clock: Clock,
    /// What each unit speaks with.
    pub tokens: Tokens,
}

impl Stage {
    /// In a service that runs, with what its units speak with.
    #[must_use]
    pub fn of(running: &Running, tokens: Tokens) -> Self {
        Self {
            address: running.address(),
            desk: running.desk.clone(),
            hub: Arc::clone(&running.hub),
            clock: running.clock.clone(),
            tokens,
        }
    }
}

/// Plays a scenario.
pub struct Player {
    stage: Stage,
    scenario: Arc<Scenario>,
    radios: BTreeMap<UnitId, Radio>,
    stop: watch::Receiver<bool>,
    tell: Box<dyn Fn(String) + Send + Sync>,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    Stop,
}

impl Player {
    /// Switches every unit's radio on. `stop` becoming true ends it; `tell` is given a line on what is done.
    #[must_use]
    pub fn new(
        stage: Stage,
        scenario: Arc<Scenario>,
        stop: watch::Receiver<bool>,
        tell: Box<dyn Fn(String) + Send + Sync>,
    ) -> Self {
        let radios = stage
            .tokens
            .iter()
            .map(|(unit, secret)| {
                let token = secret.reveal().to_owned();
                let radio = Radio::on(unit.clone(), stage.address, token);
                (unit.clone(), radio)
            })
            .collect();
        Self {
            stage,
            scenario,
            radios,
            stop,
            tell,
        }
    }

    /// Plays laps until stopped; then the units sign off and the operation is closed.
    pub async fn play(mut self, from: &LapMark) {
        let from = self.scenario.marks.get(&from.0).copied();
        let from = from.unwrap_or(Span::ZERO);
        self.close_left_open("Left open by an earlier run of the exercise")
            .await;
        let mut number = self.last_lap() + 1;
        while !*self.stop.borrow() {
            let now = self.stage.clock.now();
            let scenario = Arc::clone(&self.scenario);
            let lap = Lap {
                scenario: &scenario,
                number,
                start: now.plus(RUN_UP).plus(back(from)),
                from,
            };
            if self.lap(&lap).await == Then::Stop {
                self.end(&lap).await;
                break;
            }
            number += 1;
            let next = lap.end().plus(PAUSE);
            if self.wait(next).await == Then::Stop {
                break;
            }
        }
        for (_, radio) in std::mem::take(&mut self.radios) {
            radio.off().await;
        }
    }

    async fn lap(&mut self, lap: &Lap<'_>) -> Then {
        (self.tell)(format!("lap {} begins: {}", lap.number, lap.operation()));
        let mut waiting: Vec<(NoticeDeed, Timestamp)> = Vec::new();
        let mut talk = Talk::default();
        for step in lap.steps() {
            if self.wait(step.at).await == Then::Stop {
                return Then::Stop;
            }
            self.on_notices(&mut waiting, lap).await;
            self.on_messages(&mut talk, lap).await;
            match step.deed {
                Deed::Notice(deed) => {
                    waiting.push((deed, step.at.plus(WAIT)));
                    self.on_notices(&mut waiting, lap).await;
                }
                Deed::Message(deed) => self.will_say((deed, step.at), &mut talk, lap).await,
                Deed::Fixes { .. } | Deed::Act { .. } | Deed::Order(_) => {
                    self.perform(step, lap).await;
                }
            }
        }
        self.wait(lap.end()).await
    }

    /// Waits until the exercise clock shows `moment`.
    async fn wait(&mut self, moment: Timestamp) -> Then {
        loop {
            if *self.stop.borrow() {
                return Then::Stop;
            }
            let left = self.stage.clock.until(moment);
            if left.is_zero() {
                return Then::GoOn;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                changed = self.stop.changed() => if changed.is_err() {
                    return Then::Stop;
                },
            }
        }
    }

    async fn perform(&self, step: Step, lap: &Lap<'_>) {
        match step.deed {
            Deed::Fixes { unit, fixes, .. } => {
                if let Some(radio) = self.radios.get(&unit) {
                    radio.send(fixes);
                }
            }
            Deed::Act { act, .. } => {
                if !matches!(act.act, Act::SignOn | Act::SignOff) {
                    self.say(lap, &format!("{}: {}", act.unit, act.act.as_str()));
                }
                self.act(&act).await;
            }
            Deed::Order(order) => self.scripted(*order, lap).await,
            // Handled by the lap: they wait for what they act on.
            Deed::Notice(_) | Deed::Message(_) => {}
        }
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.stage.clock
    }

    pub(super) fn say(&self, lap: &Lap<'_>, what: &str) {
        let passed = self.stage.clock.now().since(lap.start).as_millis() / 1_000;
        (self.tell)(format!("+{:02}:{:02} {what}", passed / 60, passed % 60));
    }

    /// An act is tried until it is taken: a unit that has not signed on is not kept.
    async fn act(&self, act: &UnitAct) {
        let Some(token) = self.stage.tokens.get(&act.unit) else {
            return;
        };
        while !*self.stop.borrow() || act.act == Act::SignOff {
            match post_act(self.stage.address, token.reveal(), act).await {
                Knocked::Taken => return,
                Knocked::Never(why) => {
                    tracing::warn!(unit.id = %act.unit, act = act.act.as_str(), why, "an act of the exercise was refused");
                    return;
                }
                Knocked::Later(why) => {
                    tracing::debug!(unit.id = %act.unit, why, "an act of the exercise waits");
                    if *self.stop.borrow() {
                        return;
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// An order of the script, unless somebody closed the operation already.
    async fn scripted(&self, order: Order, lap: &Lap<'_>) {
        let operation = lap.operation();
        let closed = self.look(&order.by.room, &operation, |of| of.closed.is_some());
        let (said, must) = match &order.kind {
            OrderKind::Open(_) => (Some("opens the operation"), true),
            OrderKind::Close { .. } => (Some("closes the operation"), true),
            OrderKind::Change { .. } => (Some("enters the authorisation"), true),
            OrderKind::Sight { .. }
            | OrderKind::StateInReport { .. }
            | OrderKind::PermitTracker { .. }
            | OrderKind::SignReport { .. } => (None, false),
            OrderKind::SendNotice { .. }
            | OrderKind::Speak { .. }
            | OrderKind::GiveByVoice { .. }
            | OrderKind::HostSaid { .. }
            | OrderKind::AcknowledgeNotice { .. } => (None, true),
        };
        if closed == Some(true) {
            return;
        }
        if let Some(said) = said {
            self.say(lap, &format!("{} {said}", order.by.account));
        }
        self.order(order, must).await;
    }

    /// Gives an order, and says whether it was carried out. One that must not be left out is tried until it is answered.
    pub(super) async fn order(&self, order: Order, must: bool) -> bool {
        loop {
            match self.stage.desk.order(order.clone()).await {
                Ok(OrderAnswer::Refused(refusal)) => {
                    tracing::warn!(
                        guard = &*refusal.guard,
                        "an order of the exercise was refused"
                    );
                    return false;
                }
                Err(DeskError::Full | DeskError::Failing) if must && !*self.stop.borrow() => {
                    tokio::time::sleep(AGAIN).await;
                }
                Ok(OrderAnswer::Done { .. }) => return true,
                Err(_) => return false,
            }
        }
    }

    /// Acts on the notices that are there by now; a person who has acted already is not doubled.
    async fn on_notices(&self, waiting: &mut Vec<(NoticeDeed, Timestamp)>, lap: &Lap<'_>) {
        let now = self.stage.clock.now();
        let mut still = Vec::new();
        for (deed, until) in std::mem::take(waiting) {
            let found = self
                .look(&deed.by.room, &deed.operation, |of| found(&deed, of))
                .unwrap_or(Found::NotYet);
            match found {
                Found::Now(notice) => {
                    let (kind, said) = notice_order(&deed, notice);
                    self.say(lap, &format!("{} {said}", deed.by.account));
                    let by = deed.by.clone();
                    let key = None;
                    self.order(Order { by, key, kind }, true).await;
                }
                Found::NotYet if now < until => still.push((deed, until)),
                Found::NotYet | Found::Done => {}
            }
        }
        *waiting = still;
    }

    pub(super) fn look<T>(
        &self,
        room: &RoomId,
        operation: &OperationId,
        look: impl FnOnce(&OperationPicture) -> T,
    ) -> Option<T> {
        let hub = &self.stage.hub;
        hub.look(room, |picture| {
            picture.operations.get(operation.as_str()).map(look)
        })
        .flatten()
    }

    /// Ends a lap that was stopped: the units sign off, the operation is closed.
    async fn end(&self, lap: &Lap<'_>) {
        (self.tell)("the exercise ends: units sign off, the operation is closed".to_owned());
        let at = self.stage.clock.now();
        for unit in &self.scenario.units {
            let act = UnitAct {
                unit: unit.card.id.clone(),
                act: Act::SignOff,
                at,
                key: format!("{}-stopped", lap.operation()).into(),
            };
            self.act(&act).await;
        }
        self.close_left_open("The exercise was stopped").await;
    }

    /// Closes what is still open of this exercise. Its units are taken out first: one that was abroad would keep it
    /// open.
    async fn close_left_open(&self, reason: &str) {
        let room = self.scenario.operation.room.clone();
        let Some(by) = self.person_of(&room) else {
            return;
        };
        for operation in self.laps(|of| of.closed.is_none()) {
            let version = None;
            let change = OrderKind::Change {
                operation: operation.clone(),
                version,
                change: OperationChange::Units(Vec::new()),
            };
            let close = OrderKind::Close {
                operation,
                version,
                closing: Closing::because(reason),
            };
            for kind in [change, close] {
                let (by, key) = (by.clone(), None);
                self.order(Order { by, key, kind }, true).await;
            }
        }
    }

    fn person_of(&self, room: &RoomId) -> Option<Person> {
        let account = self.scenario.accounts.iter().find(|of| of.room == *room)?;
        Some(Person {
            account: account.account.clone(),
            room: account.room.clone(),
        })
    }

    /// The operations of this exercise's laps that its leading room sees.
    fn laps(&self, wanted: impl Fn(&OperationPicture) -> bool) -> Vec<OperationId> {
        let room = &self.scenario.operation.room;
        let found = self.stage.hub.look(room, |picture| {
            let of_this = picture.operations.values().filter(|of| {
                self.lap_number(&of.id).is_some() && of.room == room.as_str() && wanted(of)
            });
            of_this
                .filter_map(|of| OperationId::parse(&of.id).ok())
                .collect()
        });
        found.unwrap_or_default()
    }

    fn lap_number(&self, operation: &str) -> Option<u32> {
        let rest = operation.strip_prefix(&*self.scenario.name)?;
        rest.strip_prefix('.')?.parse().ok()
    }

    /// The last lap that was ever played on this service; 0 for none.
    fn last_lap(&self) -> u32 {
        let laps = self.laps(|_| true);
        let numbers = laps.iter().filter_map(|id| self.lap_number(id.as_str()));
        numbers.max().unwrap_or(0)
    }
}

const fn back(span: Span) -> Span {
    Span::from_millis(-span.as_millis())
}

/// What a room's picture says of the notice that somebody wants to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    /// It is there.
    Now(NoticeId),
    /// It is not there yet.
    NotYet,
    /// Somebody has done it.
    Done,
}

fn found(deed: &NoticeDeed, of: &OperationPicture) -> Found {
    let of_duty = || {
        let duty = deed.duty.as_str();
        of.notices.iter().filter(move |notice| notice.duty == duty)
    };
    let is_sent = |notice: &&NoticePicture| {
        matches!(
            notice.status.as_str(),
            "sent" | "delivered" | "seen" | "voice"
        )
    };
    let is_told = |notice: &&NoticePicture| notice.seen_at.is_some() || notice.voice.is_some();
    let now = match deed.act {
        NoticeAct::Send { .. } => of_duty().find(|n| !is_sent(n) && n.owed_since.is_some()),
        NoticeAct::Acknowledge => of_duty().find(|n| is_sent(n) && !is_told(n)),
    };
    let done = match deed.act {
        NoticeAct::Send { .. } => of_duty().any(|n| is_sent(&n)),
        NoticeAct::Acknowledge => of_duty().any(|n| is_told(&n)),
    };
    match now.and_then(|notice| NoticeId::parse(&notice.id).ok()) {
        Some(notice) => Found::Now(notice),
        None if done || of.closed.is_some() => Found::Done,
        None => Found::NotYet,
    }
}

fn notice_order(deed: &NoticeDeed, notice: NoticeId) -> (OrderKind, &'static str) {
    let operation = deed.operation.clone();
    match &deed.act {
        NoticeAct::Send { grounds } => {
            let grounds = grounds.clone();
            let kind = OrderKind::SendNotice {
                operation,
                notice,
                grounds,
            };
            (kind, "sends the notice")
        }
        NoticeAct::Acknowledge => {
            let kind = OrderKind::AcknowledgeNotice { operation, notice };
            (kind, "has read the notice")
        }
    }
}
