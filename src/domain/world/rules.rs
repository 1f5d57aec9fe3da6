//! Which rules a room decides with, and which its operations rest on.

use super::{Decision, Grounds, World};
use crate::domain::event::{Event, HouseEvent, What};
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::domain::measure::Timestamp;

/// How many pairs a sentence names before it counts the rest.
const NAMED_MAX: usize = 12;

impl World {
    /// The rules that the room decides with.
    #[must_use]
    pub const fn rules(&self) -> Option<&RulesVersion> {
        self.rules.as_ref()
    }

    /// The rules that must be at hand: the room's own, and those of each of its operations, closed ones too.
    pub fn rules_named(&self) -> impl Iterator<Item = &RulesVersion> {
        let operations = self.operations.values();
        self.rules
            .iter()
            .chain(operations.filter_map(|operation| operation.rules.as_ref()))
    }

    /// Folds the adoption in. Operations from before versions were recorded rest on the first that was.
    pub(super) fn adopt(&mut self, rules: &RulesVersion) {
        if self.rules.is_none() {
            let own = self.operations.values_mut();
            for operation in own.filter(|operation| operation.card.room == self.room) {
                operation.rules.get_or_insert_with(|| rules.clone());
            }
        }
        self.rules = Some(rules.clone());
    }

    /// Rules that the room did not have before are adopted. Nothing that was decided changes.
    pub(super) fn decide_rules(&self, now: Timestamp, grounds: Grounds<'_>) -> Decision {
        let Some(rules) = grounds.rulebook.named() else {
            return Decision::default();
        };
        if self.rules.as_ref() == Some(&rules) {
            return Decision::default();
        }
        let adopted = HouseEvent::RulesAdopted {
            changed: changed(grounds.rulebook, self.rules.as_ref()).into(),
            rules,
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

/// What changed against the rules before, in one sentence.
fn changed(rulebook: &Rulebook, before: Option<&RulesVersion>) -> String {
    let Some(before) = before else {
        return "The first rules that this room recorded.".to_owned();
    };
    let Some(earlier) = rulebook.find(before) else {
        return format!("The rules v{} before them are not at hand.", before.version);
    };
    let pairs = rulebook.changed_since(earlier);
    let besides = if rulebook.differs_besides_rows(earlier) {
        " What rows refer to differs: the Convention, states, offences or sources."
    } else {
        ""
    };
    if pairs.is_empty() {
        return format!("No row differs from rules v{}.{besides}", before.version);
    }
    let named: Vec<String> = pairs
        .iter()
        .take(NAMED_MAX)
        .map(ToString::to_string)
        .collect();
    let more = pairs.len() - named.len();
    let rest = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!(
        "Against rules v{}, rows differ of {}{rest}.{besides} Operations opened before keep their rules.",
        before.version,
        named.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::RoomId;

    fn version(version: u32, digest: &str) -> RulesVersion {
        RulesVersion {
            version,
            digest: digest.into(),
        }
    }

    #[test]
    fn the_rules_adopted_last_are_those_of_the_room() {
        let mut world = World::new(RoomId::parse("budapest").expect("a room"));
        assert_eq!(world.rules(), None);
        for rules in [version(1, "a"), version(1, "b")] {
            world.apply(&Event {
                at: Timestamp::EPOCH,
                what: What::House(HouseEvent::RulesAdopted {
                    rules: rules.clone(),
                    changed: "".into(),
                }),
            });
            assert_eq!(world.rules(), Some(&rules));
            assert_eq!(world.rules_named().collect::<Vec<_>>(), [&rules]);
        }
    }
}
