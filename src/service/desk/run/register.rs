//! What the register says of rooms and units, and what became of it since the last look.

use super::Desk;
use crate::domain::input::{Cause, Register};
use crate::domain::measure::Timestamp;
use crate::domain::registry_change::RegistryChange;
use crate::domain::world::{Unit, World};
use crate::service::journal::JournalError;
use std::sync::Arc;

impl Desk {
    /// Takes the register as it is now, before anybody speaks.
    ///
    /// # Errors
    /// When what follows can not be recorded.
    pub fn enrol(&mut self) -> Result<(), JournalError> {
        let picture = self.parts.registry.picture();
        self.register_change = picture.last_change();
        let now = self.parts.clock.now();
        for card in picture.rooms() {
            self.register(&Register::RoomAdded(card.clone()), now);
        }
        self.introduce_partners(now);
        for entry in picture.units() {
            let id = &entry.card.id;
            let world = self.worlds.get(&entry.card.room);
            let known = world.and_then(|world| world.units().get(id));
            let is_done = |unit: &Unit| unit.retired && unit.card == entry.card;
            if entry.retired_at.is_some() && known.is_some_and(is_done) {
                continue;
            }
            self.register(&Register::UnitAdded(entry.card.clone()), now);
            if entry.retired_at.is_some() {
                self.register(&Register::UnitRetired(entry.card.id.clone()), now);
            }
        }
        self.adopt(now);
        self.tell_late();
        self.append(now)?;
        self.tell_links();
        Ok(())
    }

    /// Every room records which rules and profiles it decides with, before it decides anything with them.
    fn adopt(&mut self, now: Timestamp) {
        let (rules, profiles) = (self.parts.rulebook.named(), self.parts.profiles.named());
        for room in self.rooms() {
            let world = self.worlds.get(&room);
            let new_rules = rules.is_some() && world.and_then(World::rules) != rules.as_ref();
            let new_profiles = world.map(World::profiles) != Some(&profiles);
            if new_rules {
                self.decide(&room, Cause::RulesAdopted, now);
            }
            if new_profiles {
                self.decide(&room, Cause::ProfilesAdopted, now);
            }
        }
    }

    pub(super) fn look_at_register(&mut self) {
        let registry = Arc::clone(&self.parts.registry);
        if let Err(error) = registry.refresh() {
            tracing::warn!(%error, "the register cannot be read; it is looked at again");
            return;
        }
        if registry.picture().last_change() == self.register_change {
            return;
        }
        let now = self.parts.clock.now();
        match registry.changes_since(self.register_change, 10_000) {
            Ok(changes) => {
                for change in changes {
                    self.register_change = change.number;
                    if let Some(change) = of_the_core(change.what) {
                        self.register(&change, now);
                    }
                }
                self.introduce_partners(now);
                self.adopt(now);
            }
            Err(error) => {
                tracing::warn!(%error, "the register cannot be read; it is looked at again");
            }
        }
    }

    /// Rooms are known to every room, units to their own.
    fn register(&mut self, change: &Register, now: Timestamp) {
        match change {
            Register::RoomAdded(card) => {
                let known = self.worlds.contains_key(&card.room);
                if !known {
                    self.worlds
                        .insert(card.room.clone(), World::new(card.room.clone()));
                }
                let others: Vec<_> = self
                    .worlds
                    .values()
                    .flat_map(|world| world.rooms().values().cloned())
                    .collect();
                for room in self.rooms() {
                    self.decide(&room, Cause::Register(change.clone()), now);
                }
                if !known {
                    for other in others {
                        self.decide(&card.room, Cause::Register(Register::RoomAdded(other)), now);
                    }
                }
            }
            Register::UnitAdded(card) => {
                self.decide(&card.room, Cause::Register(change.clone()), now);
            }
            Register::UnitRetired(unit) => {
                let owner = self
                    .worlds
                    .values()
                    .find(|world| world.owns(unit))
                    .map(|world| world.room().clone());
                if let Some(room) = owner {
                    self.decide(&room, Cause::Register(change.clone()), now);
                }
            }
        }
    }
}

/// What of the register's changes concerns the core; accounts, tokens and devices concern the door only.
fn of_the_core(change: RegistryChange) -> Option<Register> {
    match change {
        RegistryChange::RoomAdded(card) => Some(Register::RoomAdded(card)),
        RegistryChange::UnitAdded(card) => Some(Register::UnitAdded(card)),
        RegistryChange::UnitRetired { unit } => Some(Register::UnitRetired(unit)),
        RegistryChange::AccountAdded(_)
        | RegistryChange::PasswordSet { .. }
        | RegistryChange::AccountDisabled { .. }
        | RegistryChange::TokenCreated { .. }
        | RegistryChange::TokenRevoked { .. }
        | RegistryChange::DeviceAdded { .. }
        | RegistryChange::DeviceRemoved { .. } => None,
    }
}
