//! Does a drone that is abroad keep to where its host lets it fly?

use super::asked::{Height, facts, facts_of_place, flown};
use super::crossings::Consequences;
use crate::domain::borders::Certainty;
use crate::domain::law::assess::{assess_crossing, assess_unknown_entry};
use crate::domain::law::facts::CrossingFacts;
use crate::domain::measure::Metres;
use crate::domain::registry::UnitCard;
use crate::domain::tracks::fix::Fix;

impl Consequences<'_> {
    /// A drone that is abroad flies on: where a host's document bounds its area or height, the law is asked of the place of
    /// this fix, and told when it says otherwise than before. As everywhere a place is outside by two accuracies.
    pub fn fly(&mut self, unit: &UnitCard, fix: &Fix) {
        let Some(abroad) = self.operation.abroad.get(&unit.id).cloned() else {
            return;
        };
        let certain = fix.location.certainty == Certainty::Inside;
        if !certain || fix.location.states != abroad.territory || fix.fixed_at < abroad.since {
            return;
        }
        let height = match fix.measured.altitude_m {
            Some(altitude_m) => Height::At(Metres::new(altitude_m)),
            None => Height::NotMeasured,
        };
        let margin = Metres::new(2.0 * fix.accuracy.as_f64());
        let there = (abroad.territory, fix.fixed_at);
        let flown = flown(&self.operation, unit, there, (fix.position, margin, height));
        if flown.is_empty() {
            return;
        }
        let known = abroad.crossing.as_ref();
        let asked = CrossingFacts {
            abroad_at: Some(fix.fixed_at),
            flown,
            ..known.map_or_else(
                || facts_of_place(Some(&self.operation), unit, &abroad, fix.fixed_at),
                |crossing| facts(Some(&self.operation), unit, crossing),
            )
        };
        let assessment = if known.is_some() {
            assess_crossing(self.lookup.rulebook, &asked)
        } else {
            assess_unknown_entry(self.lookup.rulebook, &asked)
        };
        if abroad.verdict != Some(assessment.verdict) {
            self.assessed(unit, abroad.crossing_id(), assessment);
        }
    }
}
