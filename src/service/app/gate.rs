//! The registry as the keeper of the way in.

use crate::domain::ids::{DeviceId, RoomId, SourceId, TokenId, UnitId};
use crate::domain::registry_change::Holder;
use crate::service::clock::Clock;
use crate::service::desk::FixSender;
use crate::service::ingest::{AuthRefusal, Authenticated, Gatekeeper};
use crate::service::registry::{Registry, Sender};
use std::sync::Arc;
use tokio::sync::watch;

/// Tokens on real time: an exercise clock makes no token older.
pub(super) struct RegistryGate {
    registry: Arc<Registry>,
    clock: Clock,
}

impl RegistryGate {
    pub(super) const fn new(registry: Arc<Registry>, clock: Clock) -> Self {
        Self { registry, clock }
    }
}

fn refusal(error: impl std::fmt::Display) -> AuthRefusal {
    AuthRefusal {
        sentence: error.to_string(),
    }
}

impl Gatekeeper for RegistryGate {
    fn authenticate(&self, token: &str) -> Result<Authenticated, AuthRefusal> {
        let sender = self
            .registry
            .authenticate(token, self.clock.now())
            .map_err(refusal)?;
        let token = SourceId::parse(sender.token().as_str()).map_err(refusal)?;
        let sender = match sender {
            Sender::Unit { unit, room, .. } => FixSender::Unit { room, unit },
            Sender::Gateway { room, .. } => FixSender::Gateway { room },
        };
        Ok(Authenticated { sender, token })
    }

    fn stands(&self, who: &Authenticated) -> Result<(), AuthRefusal> {
        let unknown = || AuthRefusal {
            sentence: "this token is not known here any more".to_owned(),
        };
        let picture = self.registry.picture();
        let token = TokenId::parse(who.token.as_str()).map_err(refusal)?;
        let card = picture.token(&token).ok_or_else(unknown)?;
        let sender = match (&who.sender, &card.holder) {
            (FixSender::Unit { room, unit }, Holder::Unit(_)) => Sender::Unit {
                unit: unit.clone(),
                room: room.clone(),
                token,
            },
            (FixSender::Gateway { room }, Holder::Gateway(_)) => Sender::Gateway {
                room: room.clone(),
                token,
            },
            (FixSender::Unit { .. } | FixSender::Gateway { .. }, _) => return Err(unknown()),
        };
        self.registry
            .stands(&sender, self.clock.now())
            .map_err(refusal)
    }

    fn unit_of(&self, room: &RoomId, device: &DeviceId) -> Option<UnitId> {
        let picture = self.registry.picture();
        picture.unit_of_device_in(room, device).cloned()
    }

    fn bell(&self) -> watch::Receiver<u64> {
        self.registry.bell()
    }
}
