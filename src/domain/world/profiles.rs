//! Which profiles a room rests the operations on that it opens, and which its operations rest on.

use super::{Decision, Grounds, World};
use crate::domain::event::{Event, HouseEvent, What};
use crate::domain::law::profile::ProfileVersion;
use crate::domain::law::profile::agreed::Adopted;
use crate::domain::measure::Timestamp;
use std::sync::Arc;

impl World {
    /// The profiles that operations opened now rest on.
    #[must_use]
    pub fn profiles(&self) -> &Adopted {
        &self.profiles
    }

    /// The profiles that must be at hand: the room's own, and those of each of its operations, closed ones too.
    pub fn profiles_named(&self) -> impl Iterator<Item = &ProfileVersion> {
        let operations = self.operations.values();
        let of_operations = operations.filter_map(|operation| operation.profiles.as_deref());
        std::iter::once(&*self.profiles)
            .chain(of_operations)
            .flat_map(Adopted::values)
    }

    /// Profiles that the room did not have before are adopted. Nothing that was decided changes.
    pub(super) fn decide_profiles(&self, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        let profiles = grounds.profiles.named();
        if *self.profiles == profiles {
            return Decision::default();
        }
        let adopted = HouseEvent::ProfilesAdopted {
            changed: changed(&self.profiles, &profiles).into(),
            profiles: Arc::new(profiles),
        };
        Decision {
            events: vec![Event {
                at: now,
                what: What::House(adopted),
            }],
            ..Decision::default()
        }
    }
}

/// What changed, one sentence for each pair.
fn changed(before: &Adopted, now: &Adopted) -> String {
    let mut sentences = Vec::new();
    for (pair, profile) in now {
        match before.get(pair) {
            None => sentences.push(format!("Profile {profile} is the first of its pair.")),
            Some(earlier) if earlier != profile => {
                sentences.push(format!(
                    "Profile {profile} takes the place of v{}.",
                    earlier.version
                ));
            }
            Some(_) => {}
        }
    }
    for (pair, profile) in before {
        if !now.contains_key(pair) {
            sentences.push(format!("Profile {profile} was taken away."));
        }
    }
    sentences.push("Operations opened before keep theirs.".to_owned());
    sentences.join(" ")
}
