//! No number of a profile weakens one that the law gives: it may warn and stop sooner, never later.

use super::figure::Figure;
use super::{AgreedLimit, Flaw, Profile};
use crate::domain::law::basis::Purpose;
use crate::domain::law::clocks::consent_hours;
use crate::domain::law::rulebook::row::{Pair, Row};
use crate::domain::law::rulebook::{Rulebook, Selection};
use crate::domain::measure::{Metres, Span, Timestamp};

impl Profile {
    /// What of it is not stricter than the law at a moment, or sets an end where the law has none: none may stand. An
    /// end that is not known is not made known by a profile; a state's legal service does that in an overlay.
    #[must_use]
    pub fn weakened(&self, rulebook: &Rulebook, at: Timestamp) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for (index, limit) in self.parts().limits.iter().enumerate() {
            let place = format!("limit {}", index + 1);
            flaws.extend(compared(limit, rulebook, at).into_iter().map(|says| Flaw {
                place: place.clone(),
                says,
            }));
        }
        flaws.extend(self.first_warning(rulebook, at));
        flaws
    }

    /// A first warning must come after the clock began to count.
    fn first_warning(&self, rulebook: &Rulebook, at: Timestamp) -> Option<Flaw> {
        let (figure, said) = (Figure::ConsentFirst, &self.parts().figures);
        let minutes = *said.get(&figure)?;
        let (one, other) = self.pair().states();
        let shortest = [(one, other), (other, one)]
            .into_iter()
            .filter_map(|(from, into)| {
                let row = row(
                    rulebook,
                    Pair {
                        territory: into,
                        from,
                    },
                    at,
                )?;
                let law = consent_hours(rulebook, row, at)?.hours;
                let law = Span::from_hours(law.into());
                let agreed = self.limit(from, into).and_then(|limit| limit.consent);
                Some(agreed.map_or(law, |agreed| agreed.min(law)))
            })
            .min()?;
        (Span::from_minutes(minutes) >= shortest).then(|| Flaw {
            place: figure.to_string(),
            says: format!(
                "{} before the end is before the clock begins: the hours of {} are {} min",
                figure.in_words(minutes),
                self.pair(),
                shortest.as_millis() / 60_000
            ),
        })
    }
}

fn row(rulebook: &Rulebook, pair: Pair, at: Timestamp) -> Option<&Row> {
    rulebook.row(Selection {
        pair,
        purpose: Purpose::CriminalInvestigation,
        at,
    })
}

/// What of a limit is not within the law's.
fn compared(limit: &AgreedLimit, rulebook: &Rulebook, at: Timestamp) -> Vec<String> {
    let pair = Pair {
        territory: limit.into,
        from: limit.from,
    };
    let row = row(rulebook, pair, at);
    let consent = row
        .and_then(|row| consent_hours(rulebook, row, at))
        .map(|law| Span::from_hours(law.hours.into()));
    let period = row
        .and_then(|row| row.pursuit.minutes)
        .map(|minutes| Span::from_minutes(minutes.into()));
    let radius = row
        .and_then(|row| row.pursuit.radius_km)
        .map(|km| Metres::from_centimetres(i64::from(km) * 100_000));
    let minutes = |span: Span| format!("{} min", span.as_millis() / 60_000);
    let metres = |far: Metres| format!("{} m", far.as_f64().round());
    [
        within("consent_min", limit.consent, consent, minutes),
        within("pursuit_min", limit.period, period, minutes),
        within("pursuit_m", limit.radius, radius, metres),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Less is stricter: an end that is agreed on must lie before the law's, and there must be one.
fn within<T: Copy + PartialOrd>(
    key: &str,
    agreed: Option<T>,
    law: Option<T>,
    shown: impl Fn(T) -> String,
) -> Option<String> {
    let agreed = agreed?;
    match law {
        Some(law) if agreed <= law => None,
        Some(law) => Some(format!(
            "{key}: {} weakens the law's {}: a profile may only be stricter",
            shown(agreed),
            shown(law)
        )),
        None => Some(format!(
            "{key}: the rules give no such limit here, and a profile makes none: a legal service says it in an overlay"
        )),
    }
}
