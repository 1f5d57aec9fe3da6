//! Which lines a drone of this room must keep away from, and whether it does.

use super::decide::newest_fix;
use super::{Grounds, Unit, World};
use crate::domain::event::Event;
use crate::domain::ids::UnitId;
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::operations::asked::obstacle_ahead;
use crate::domain::registry::UnitKind;
use crate::domain::tracks::Margin;

impl World {
    /// What the newest of these fixes, decided and not yet folded, changes of a drone's stand-off (WORKFLOW.md 4.4): told
    /// until the rules find no obstacle any more to its going on.
    pub(super) fn decide_stand_off(
        &self,
        unit: &Unit,
        now: Timestamp,
        grounds: Grounds<'_>,
        events: &mut Vec<Event>,
    ) {
        if unit.card.kind != UnitKind::Drone {
            return;
        }
        // Where it is now is another state, and what was told of the way there is over.
        if events
            .iter()
            .any(|event| event.kind() == "crossing.confirmed")
        {
            return;
        }
        let Some(fix) = newest_fix(events).cloned() else {
            return;
        };
        let margin = self.margin(&unit.card.id, grounds.profiles);
        let from = unit.track.settled().unwrap_or(fix.location.states);
        unit.track.decide_stand_off(
            &fix,
            margin,
            grounds.borders,
            |to| {
                obstacle_ahead(
                    grounds.rulebook,
                    self.own_operations_of(&unit.card.id),
                    &unit.card,
                    (from, to),
                    (now, (fix.position, fix.depth)),
                )
            },
            events,
        );
    }

    /// What a drone keeps from a line: the strictest of what was agreed with the hosts of its operations.
    fn margin(&self, unit: &UnitId, profiles: &Profiles) -> Margin {
        let number = |figure| self.agreed_for(unit, profiles, figure);
        let ahead = Figure::BreachPredicted;
        Margin {
            stand_off: Metres::from_centimetres(number(Figure::StandOff).saturating_mul(100)),
            ahead: ahead.unit().span(number(ahead)).unwrap_or(Span::ZERO),
        }
    }
}
