//! What can be wrong with rules: each flaw names its place, its key and what to do.

use super::register::{Convention, StateInfo};
use super::row::{Border, Detain, Granted, Limit, Pair, Pursuit, Regime, Row, Surveillance};
use super::{ART_40_7, Parts};
use crate::domain::ids::State;
use crate::domain::law::basis::Form;
use crate::domain::law::release::{DaytimeHours, zone};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

/// The longest consent period and the widest radius that are believed: beyond them a unit was mistaken.
const CONSENT_HOURS_MAX: u32 = 72;
const RADIUS_KM_MAX: u32 = 1_000;
const MINUTES_MAX: u32 = 24 * 60;

/// One flaw of the rule data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {key}: {says}")]
pub struct Flaw {
    /// The row, such as `pair RO from HU`.
    pub place: String,
    /// The key in it, such as `surveillance.consent_hours`.
    pub key: String,
    /// What is wrong, and what to do.
    pub says: String,
}

/// Collects the flaws of one place.
struct Inspector<'a> {
    place: String,
    flaws: &'a mut Vec<Flaw>,
}

impl Inspector<'_> {
    fn check(&mut self, fine: bool, key: &str, says: impl FnOnce() -> String) {
        if !fine {
            self.flaws.push(Flaw {
                place: self.place.clone(),
                key: key.to_owned(),
                says: says(),
            });
        }
    }
}

/// What the parts define, for references to be looked up in.
struct Known<'a> {
    sources: BTreeSet<&'a str>,
    lists: BTreeSet<&'a str>,
    states: BTreeSet<State>,
}

/// Every flaw of these parts.
#[must_use]
pub fn find(parts: &Parts) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let known = Known {
        sources: parts.sources.iter().map(|source| &*source.id).collect(),
        lists: parts.lists.iter().map(|list| &*list.id).collect(),
        states: parts.states.iter().map(|info| info.state).collect(),
    };
    twice("source", parts.sources.iter().map(|s| &s.id), &mut flaws);
    twice("state", parts.states.iter().map(|s| s.state), &mut flaws);
    twice(
        "offence_list",
        parts.lists.iter().map(|l| &l.id),
        &mut flaws,
    );
    twice("offence", parts.offences.iter().map(|o| &o.id), &mut flaws);
    whole(parts, &known, &mut flaws);
    for info in &parts.states {
        state(info, &mut flaws);
    }
    offences(parts, &known, &mut flaws);
    other_crossings(parts, &known, &mut flaws);
    let mut starts = BTreeSet::new();
    for row in &parts.rows {
        let mut inspector = Inspector {
            place: format!("pair {}", row.pair),
            flaws: &mut flaws,
        };
        inspector.check(
            starts.insert((row.pair, row.purpose, row.valid_from)),
            "valid_from",
            || "another row of this pair and purpose begins on the same day; remove one".to_owned(),
        );
        of_row(row, &known, &mut inspector);
    }
    flaws
}

fn twice<T: Ord + Display>(table: &str, ids: impl Iterator<Item = T>, flaws: &mut Vec<Flaw>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        let place = format!("{table} {id}");
        let fine = seen.insert(id);
        Inspector { place, flaws }.check(fine, "id", || "defined twice; remove one".to_owned());
    }
}

fn whole(parts: &Parts, known: &Known<'_>, flaws: &mut Vec<Flaw>) {
    let mut meta = Inspector {
        place: "meta".to_owned(),
        flaws: &mut *flaws,
    };
    meta.check(parts.version > 0, "version", || {
        "0 is no version; count from 1".to_owned()
    });
    meta.check(known.lists.contains(ART_40_7), "offence_list", || {
        format!("the list `{ART_40_7}` of Art. 40(7) is missing; add it")
    });
    let Convention {
        surveillance,
        pursuit,
        joint: _,
    } = &parts.convention;
    let mut default = Inspector {
        place: "default".to_owned(),
        flaws,
    };
    hours(
        surveillance.consent_hours,
        "surveillance.consent_hours",
        &mut default,
    );
    hours(pursuit.release_hours, "pursuit.release_hours", &mut default);
    default.check(
        pursuit.release_hours.is_none() || DaytimeHours::of(pursuit).is_some(),
        "pursuit.release_excluded_from",
        || "with release_hours give both ends of the night, as `00:00` and `09:00`".to_owned(),
    );
}

fn hours(hours: Option<u32>, key: &str, inspector: &mut Inspector<'_>) {
    inspector.check(
        hours.is_none_or(|hours| (1..=CONSENT_HOURS_MAX).contains(&hours)),
        key,
        || {
            format!(
                "{} hours; give 1 to {CONSENT_HOURS_MAX}, or leave the key out when it is not known",
                hours.unwrap_or_default()
            )
        },
    );
}

fn state(info: &StateInfo, flaws: &mut Vec<Flaw>) {
    let mut inspector = Inspector {
        place: format!("state {}", info.state),
        flaws,
    };
    inspector.check(
        info.schengen == info.schengen_since.is_some(),
        "schengen_since",
        || "given exactly when schengen = true; correct one of the two".to_owned(),
    );
    inspector.check(!info.name.trim().is_empty(), "name", || {
        "empty; name the state".to_owned()
    });
    inspector.check(
        info.time_zone
            .as_deref()
            .is_none_or(|name| zone(name).is_some()),
        "time_zone",
        || "in the IANA database is no such zone; name one, such as `Europe/Vienna`".to_owned(),
    );
    inspector.check(!info.languages.is_empty(), "languages", || {
        "empty; name at least one".to_owned()
    });
}

fn offences(parts: &Parts, known: &Known<'_>, flaws: &mut Vec<Flaw>) {
    for offence in &parts.offences {
        let mut inspector = Inspector {
            place: format!("offence {}", offence.id),
            flaws: &mut *flaws,
        };
        for list in &offence.lists {
            list_exists(list, "lists", known, &mut inspector);
        }
    }
}

fn other_crossings(parts: &Parts, known: &Known<'_>, flaws: &mut Vec<Flaw>) {
    let mut seen = BTreeSet::new();
    for crossing in &parts.crossings {
        let (pair, basis) = (crossing.pair, crossing.basis);
        let mut inspector = Inspector {
            place: format!("other_crossing {} {pair}", basis.as_str()),
            flaws: &mut *flaws,
        };
        inspector.check(seen.insert((pair, basis)), "reason", || {
            "another one of this pair and reason stands already; remove one".to_owned()
        });
        inspector.check(basis.form() == Form::OtherCrossing, "reason", || {
            "is a basis with rows of its own; it is no other crossing".to_owned()
        });
        inspector.check(!crossing.media.is_empty(), "media", || {
            "empty; name the carriers, if only land".to_owned()
        });
        inspector.check(!crossing.asks.trim().is_empty(), "asks", || {
            "empty; say what is asked of the officers".to_owned()
        });
        between_known_states(pair, None, known, &mut inspector);
        rests_on(
            &crossing.instrument,
            &crossing.sources,
            known,
            &mut inspector,
        );
    }
}

fn list_exists(list: &Arc<str>, key: &str, known: &Known<'_>, inspector: &mut Inspector<'_>) {
    inspector.check(known.lists.contains(&**list), key, || {
        let ids: Vec<&str> = known.lists.iter().copied().collect();
        format!("no offence list `{list}`; take one of {}", ids.join(", "))
    });
}

fn of_row(row: &Row, known: &Known<'_>, inspector: &mut Inspector<'_>) {
    let through = match row.border {
        Border::Land | Border::Bridge => None,
        Border::Via(state) => Some(("border", state)),
    };
    between_known_states(row.pair, through, known, inspector);
    rests_on(&row.instrument, &row.sources, known, inspector);
    inspector.check(
        (row.regime == Regime::NoneFound) == (row.pursuit.allowed == Granted::No),
        "pursuit.allowed",
        || {
            "`no` stands for `no instrument found`: it goes with regime NONE_FOUND and only with it"
                .to_owned()
        },
    );
    surveillance(&row.surveillance, known, inspector);
    pursuit(&row.pursuit, known, inspector);
}

fn between_known_states(
    pair: Pair,
    through: Option<(&'static str, State)>,
    known: &Known<'_>,
    inspector: &mut Inspector<'_>,
) {
    let Pair { territory, from } = pair;
    inspector.check(territory != from, "from", || {
        "the state itself; a pair is of two states".to_owned()
    });
    for (key, state) in [("territory", territory), ("from", from)]
        .into_iter()
        .chain(through)
    {
        inspector.check(known.states.contains(&state), key, || {
            format!("no state `{state}` in the rule data; add it to the states")
        });
    }
}

fn rests_on(
    instrument: &str,
    sources: &[Arc<str>],
    known: &Known<'_>,
    inspector: &mut Inspector<'_>,
) {
    inspector.check(!sources.is_empty(), "sources", || {
        "empty; name what the row rests on, if only `general`".to_owned()
    });
    for source in sources {
        inspector.check(known.sources.contains(&**source), "sources", || {
            format!("no source `{source}`; add it to the sources")
        });
    }
    inspector.check(!instrument.trim().is_empty(), "instrument", || {
        "empty; name the instrument, or say `none found`".to_owned()
    });
}

fn surveillance(part: &Surveillance, known: &Known<'_>, inspector: &mut Inspector<'_>) {
    hours(part.consent_hours, "surveillance.consent_hours", inspector);
    if let Some(list) = &part.offences_urgent {
        list_exists(list, "surveillance.offences_urgent", known, inspector);
    }
    if let Some(list) = &part.preventive_offences {
        list_exists(list, "surveillance.preventive_offences", known, inspector);
    }
    inspector.check(
        (part.urgent == Granted::WithImplementingAgreement)
            == (part.needs_implementing_agreement == Some(true)),
        "surveillance.needs_implementing_agreement",
        || {
            "true exactly when urgent = \"with_implementing_agreement\"; correct one of the two"
                .to_owned()
        },
    );
    inspector.check(
        part.media.as_ref().is_none_or(|media| !media.is_empty()),
        "surveillance.media",
        || "empty; name carriers, or leave the key out when they are not known".to_owned(),
    );
}

fn pursuit(part: &Pursuit, known: &Known<'_>, inspector: &mut Inspector<'_>) {
    if let Some(list) = &part.offences {
        list_exists(list, "pursuit.offences", known, inspector);
    }
    let (radius, minutes) = match part.limit {
        Some(Limit::Radius) => (true, false),
        Some(Limit::RadiusOrTime) => (true, true),
        Some(Limit::None | Limit::Unknown) | None => (false, false),
    };
    inspector.check(
        part.radius_km.is_some() == radius
            && part
                .radius_km
                .is_none_or(|km| (1..=RADIUS_KM_MAX).contains(&km)),
        "pursuit.radius_km",
        || format!("1 to {RADIUS_KM_MAX}, exactly when limit is `radius` or `radius_or_time`"),
    );
    inspector.check(
        part.minutes.is_some() == minutes
            && part
                .minutes
                .is_none_or(|minutes| (1..=MINUTES_MAX).contains(&minutes)),
        "pursuit.minutes",
        || format!("1 to {MINUTES_MAX}, exactly when limit is `radius_or_time`"),
    );
    inspector.check(
        part.evade_check_origin_km
            .is_none_or(|km| (1..=RADIUS_KM_MAX).contains(&km)),
        "pursuit.evade_check_origin_km",
        || format!("1 to {RADIUS_KM_MAX}, or leave the key out"),
    );
    inspector.check(
        (part.detain == Some(Detain::Conditional)) == part.detain_condition.is_some(),
        "pursuit.detain_condition",
        || "given exactly when detain = \"conditional\"; correct one of the two".to_owned(),
    );
}
