//! What a state's legal service fills in or changes in the rows of its own pairs, and which of two readings is the
//! stricter when both states speak of the same figure.

use crate::domain::ids::State;
use crate::domain::law::finding::Confidence;
use crate::domain::measure::Day;
use std::fmt;
use std::sync::Arc;

/// A file of a state's legal service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// Whose.
    pub state: State,
    /// The legal service that answers for it.
    pub legal_service: Arc<str>,
    /// Its reference, as the legal service files it.
    pub reference: Arc<str>,
    /// The day on which it was drawn up.
    pub date: Day,
    /// Its id among the sources.
    pub source: Arc<str>,
}

impl fmt::Display for Overlay {
    /// `overlay of RO (Legal service, ref. 12/2026 of 2026-11-20)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "overlay of {} ({}, ref. {} of {})",
            self.state, self.legal_service, self.reference, self.date
        )
    }
}

/// A value of one field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A figure; its unit is in the field's name.
    Number(u32),
    /// A word of a closed list, or free text.
    Word(Arc<str>),
    /// Several.
    Words(Vec<Arc<str>>),
}

impl fmt::Display for Value {
    /// As the rule data spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
            Self::Words(words) => words.join(", ").fmt(f),
        }
    }
}

/// What one overlay says of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The overlay.
    pub overlay: Arc<Overlay>,
    /// What it says.
    pub value: Value,
    /// How well it is known.
    pub confidence: Confidence,
}

/// What overlays say of one field of a row: one statement, or one of each of the two states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlaid(Vec<Statement>);

impl Overlaid {
    /// One field with what is said of it; `None` when nothing is.
    #[must_use]
    pub fn new(statements: Vec<Statement>) -> Option<Self> {
        (!statements.is_empty()).then_some(Self(statements))
    }

    /// What is said.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.0
    }

    /// Whether the two states say different things.
    #[must_use]
    pub fn conflicts(&self) -> bool {
        self.0.windows(2).any(|two| two[0].value != two[1].value)
    }

    /// How well it is known: the least of what is said.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        let all = self.0.iter().map(|statement| statement.confidence);
        all.max().unwrap_or(Confidence::Unknown)
    }

    /// Where the figure comes from, in words; of a conflict both sides and that the stricter is used.
    #[must_use]
    pub fn in_words(&self) -> String {
        let sides: Vec<String> = self
            .0
            .iter()
            .map(|statement| {
                if self.conflicts() {
                    format!("{} says {}", statement.overlay, statement.value)
                } else {
                    statement.overlay.to_string()
                }
            })
            .collect();
        if self.conflicts() {
            format!("conflict, the stricter is used: {}", sides.join("; "))
        } else {
            sides.join("; ")
        }
    }
}

/// What two different readings of one field come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// This one is used.
    Use(Value),
    /// Neither is: the field is read as not known.
    NotKnown,
    /// None can be chosen; the two states must settle it.
    Unsettled,
}

/// Words of which the first is the strictest.
const STRICTEST_FIRST: &[(&str, &[&str])] = &[
    (
        "surveillance.urgent",
        &["false", "with_implementing_agreement", "true"],
    ),
    (
        "surveillance.contact_persons",
        &["planned", "planned+urgent"],
    ),
    (
        "pursuit.allowed",
        &["no", "with_implementing_agreement", "yes"],
    ),
    (
        "pursuit.limit",
        &["unknown", "radius_or_time", "radius", "none"],
    ),
    ("pursuit.detain", &["no", "unknown", "conditional", "yes"]),
    (
        "pursuit.contact",
        &["before_crossing_as_rule", "at_crossing", "immediately"],
    ),
];

/// Flags that are stricter when true; every other is stricter when false.
const STRICT_WHEN_TRUE: [&str; 2] = [
    "surveillance.needs_implementing_agreement",
    "pursuit.land_only",
];

/// Figures that are stricter when larger; every other is stricter when smaller.
const STRICT_WHEN_LARGER: [&str; 3] = [
    "surveillance.min_penalty_years",
    "surveillance.sentence_enforcement_min_months",
    "pursuit.log_retention_min_years",
];

/// Offence lists: which of two is narrower the rules can not say.
const LISTS: [&str; 3] = [
    "surveillance.offences_urgent",
    "surveillance.preventive_offences",
    "pursuit.offences",
];

/// Carriers: only those that both name.
const MEDIA: [&str; 2] = ["surveillance.media", "pursuit.media"];

/// What must be one and the same for a row to be a row.
const ONE_ONLY: [&str; 3] = ["border", "regime", "valid_from"];

/// The stricter of two readings of the field `key`: fewer hours, a smaller limit, no holding, the narrower means. Free text
/// of both is kept. Of two offence lists neither is used, unless they are the same.
#[must_use]
pub fn stricter(key: &str, one: &Value, other: &Value) -> Settled {
    if one == other {
        return Settled::Use(one.clone());
    }
    if ONE_ONLY.contains(&key) {
        return Settled::Unsettled;
    }
    if LISTS.contains(&key) {
        return Settled::NotKnown;
    }
    if let Some((_, words)) = STRICTEST_FIRST.iter().find(|(of, _)| *of == key) {
        let rank = |value: &Value| words.iter().position(|word| *word == value.to_string());
        return match (rank(one), rank(other)) {
            (Some(a), Some(b)) => Settled::Use(if a <= b { one } else { other }.clone()),
            // A word that is none is told by who reads the row.
            (None, _) => Settled::Use(one.clone()),
            (_, None) => Settled::Use(other.clone()),
        };
    }
    match (one, other) {
        (Value::Flag(a), Value::Flag(b)) => {
            Settled::Use(Value::Flag(if STRICT_WHEN_TRUE.contains(&key) {
                *a || *b
            } else {
                *a && *b
            }))
        }
        (Value::Number(a), Value::Number(b)) => {
            Settled::Use(Value::Number(if STRICT_WHEN_LARGER.contains(&key) {
                *a.max(b)
            } else {
                *a.min(b)
            }))
        }
        (Value::Words(a), Value::Words(b)) if MEDIA.contains(&key) => {
            let both: Vec<Arc<str>> = a.iter().filter(|word| b.contains(word)).cloned().collect();
            if both.is_empty() {
                Settled::Unsettled
            } else {
                Settled::Use(Value::Words(both))
            }
        }
        (Value::Words(a), Value::Words(b)) => {
            let mut all = a.clone();
            all.extend(b.iter().filter(|word| !a.contains(word)).cloned());
            Settled::Use(Value::Words(all))
        }
        (Value::Word(a), Value::Word(b)) => Settled::Use(Value::Word(format!("{a}; {b}").into())),
        _ => Settled::Unsettled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Value {
        Value::Word(word.into())
    }

    #[test]
    fn the_stricter_of_two_is_used_whoever_is_asked_first() {
        let number = Value::Number;
        let flag = Value::Flag;
        for (key, strict, lax) in [
            ("surveillance.consent_hours", number(5), number(12)),
            ("surveillance.min_penalty_years", number(3), number(1)),
            ("surveillance.urgent", flag(false), flag(true)),
            (
                "surveillance.urgent",
                word("with_implementing_agreement"),
                flag(true),
            ),
            (
                "surveillance.needs_implementing_agreement",
                flag(true),
                flag(false),
            ),
            ("pursuit.radius_km", number(10), number(30)),
            ("pursuit.limit", word("unknown"), word("none")),
            ("pursuit.limit", word("radius"), word("none")),
            ("pursuit.detain", word("no"), word("yes")),
            ("pursuit.detain", word("unknown"), word("conditional")),
            ("pursuit.land_only", flag(true), flag(false)),
            (
                "pursuit.contact",
                word("before_crossing_as_rule"),
                word("at_crossing"),
            ),
        ] {
            assert_eq!(
                stricter(key, &strict, &lax),
                Settled::Use(strict.clone()),
                "{key}"
            );
            assert_eq!(
                stricter(key, &lax, &strict),
                Settled::Use(strict.clone()),
                "{key}"
            );
            assert_eq!(
                stricter(key, &lax, &lax),
                Settled::Use(lax.clone()),
                "{key}"
            );
        }
    }

    #[test]
    fn of_two_offence_lists_neither_is_used() {
        for key in LISTS {
            let settled = stricter(key, &word("EXTRADITABLE"), &word("CISA40_7"));
            assert_eq!(settled, Settled::NotKnown);
        }
    }

    #[test]
    fn carriers_are_those_that_both_name_and_none_is_no_answer() {
        let words = |words: &[&str]| Value::Words(words.iter().map(|w| Arc::from(*w)).collect());
        let key = "surveillance.media";
        let settled = stricter(key, &words(&["land", "air"]), &words(&["water", "land"]));
        assert_eq!(settled, Settled::Use(words(&["land"])));
        let settled = stricter(key, &words(&["air"]), &words(&["water"]));
        assert_eq!(settled, Settled::Unsettled);
    }
}
