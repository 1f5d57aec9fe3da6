//! Which profile an operation rests on, and what its figures are: those of the profile, else the workflow's defaults.

use super::figure::{Figure, Stricter};
use super::{Profile, ProfileVersion};
use crate::domain::borders::Frontier;
use crate::domain::ids::State;
use crate::domain::law::finding::{ClockKind, ClockSpec, Origin, Radius};
use crate::domain::measure::{Span, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The profiles that a room has adopted, by pair.
pub type Adopted = BTreeMap<Frontier, ProfileVersion>;

/// Where a figure comes from, when it is none of the law's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FigureOrigin {
    /// Nobody agreed on it: the default of the workflow.
    Workflow,
    /// Of the profile that both states signed.
    Profile,
    /// Of the profile of an exercise.
    Exercise,
}

impl FigureOrigin {
    /// The word of the outside contract. What is only the workflow's default counts among the rooms' own figures.
    #[must_use]
    pub const fn origin(self) -> Origin {
        match self {
            Self::Workflow | Self::Profile => Origin::Profile,
            Self::Exercise => Origin::Exercise,
        }
    }

    /// Whether two sides agreed on it.
    #[must_use]
    pub const fn is_agreed(self) -> bool {
        match self {
            Self::Workflow => false,
            Self::Profile | Self::Exercise => true,
        }
    }

    /// From the word of the contract, and whether it was agreed on.
    #[must_use]
    pub const fn of(origin: Origin, agreed: bool) -> Self {
        match (origin, agreed) {
            (Origin::Exercise, true) => Self::Exercise,
            (_, true) => Self::Profile,
            (_, false) => Self::Workflow,
        }
    }

    /// In words, for people.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Workflow => "default of the workflow",
            Self::Profile => "profile",
            Self::Exercise => "exercise",
        }
    }
}

/// A stage at which somebody is warned: how long before an end, and where that comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// The time left.
    pub left: Span,
    /// Where it comes from.
    pub origin: FigureOrigin,
}

impl Stage {
    /// When it comes, of what ends then.
    #[must_use]
    pub const fn before(self, ends: Timestamp) -> Timestamp {
        ends.plus(Span::from_millis(-self.left.as_millis()))
    }
}

/// The figures of one pair.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a>(Option<&'a Profile>);

impl<'a> Figures<'a> {
    /// The workflow's defaults: nothing was agreed on.
    pub const WORKFLOW: Figures<'static> = Figures(None);

    /// Those of a profile.
    #[must_use]
    pub const fn of(profile: &'a Profile) -> Self {
        Self(Some(profile))
    }

    /// The profile, if there is one.
    #[must_use]
    pub const fn profile(self) -> Option<&'a Profile> {
        self.0
    }

    /// A figure in its unit, and where it comes from. One that a profile leaves out is the workflow's.
    #[must_use]
    pub fn get(self, figure: Figure) -> (i64, FigureOrigin) {
        let said = self.0.and_then(|profile| {
            let number = profile.parts().figures.get(&figure).copied()?;
            Some((number, self.origin()))
        });
        said.unwrap_or((figure.workflow(), FigureOrigin::Workflow))
    }

    /// A figure in its unit.
    #[must_use]
    pub fn number(self, figure: Figure) -> i64 {
        self.get(figure).0
    }

    /// A figure that is a time; no time for one that is none.
    #[must_use]
    pub fn span(self, figure: Figure) -> Span {
        let span = figure.unit().span(self.number(figure));
        span.unwrap_or(Span::ZERO)
    }

    /// The same as a stage before an end.
    #[must_use]
    pub fn stage(self, figure: Figure) -> Stage {
        Stage {
            left: self.span(figure),
            origin: self.get(figure).1,
        }
    }

    /// A clock that ends when the profile says, if that is before the law's end. It is never lengthened.
    #[must_use]
    pub fn shorten(self, (from, into): (State, State), spec: &ClockSpec) -> ClockSpec {
        let agreed = self.0.and_then(|profile| profile.limit(from, into));
        let agreed = agreed.and_then(|limit| match spec.kind {
            ClockKind::Consent => limit.consent,
            ClockKind::PursuitPeriod => limit.period,
            ClockKind::AuthorisationWindow | ClockKind::Release => None,
        });
        let mut clock = spec.clone();
        if let Some(ends) = agreed.map(|span| spec.starts.plus(span))
            && ends < spec.ends
        {
            clock.ends = ends;
            clock.citation.origin = self.origin().origin();
            clock.citation.instrument = self.within(&spec.citation.instrument);
        }
        clock
    }

    /// A radius that the profile makes smaller, if it does. It is never made larger.
    #[must_use]
    pub fn narrow(self, (from, into): (State, State), radius: Radius) -> Radius {
        let agreed = self.0.and_then(|profile| profile.limit(from, into)?.radius);
        match agreed {
            Some(max) if max < radius.max => {
                let mut citation = radius.citation;
                citation.origin = self.origin().origin();
                citation.instrument = self.within(&citation.instrument);
                Radius { max, citation }
            }
            Some(_) | None => radius,
        }
    }

    fn origin(self) -> FigureOrigin {
        match self.0 {
            None => FigureOrigin::Workflow,
            Some(profile) if profile.parts().exercise => FigureOrigin::Exercise,
            Some(_) => FigureOrigin::Profile,
        }
    }

    /// `profile HU-RO v3, within CISA Art. 40(2)`.
    fn within(self, law: &str) -> Arc<str> {
        let named = self.0.map_or_else(String::new, |profile| {
            format!("profile {}, within ", profile.named())
        });
        format!("{named}{law}").into()
    }
}

/// The strictest reading of a figure among several pairs.
#[must_use]
pub fn strictest<'a>(of: impl Iterator<Item = Figures<'a>>, figure: Figure) -> i64 {
    let stricter: Stricter = figure.stricter();
    of.map(|figures| figures.number(figure))
        .reduce(|one, other| stricter.of(one, other))
        .unwrap_or_else(|| figure.workflow())
}

/// For what a profile is looked up.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whose.
    pub pair: Frontier,
    /// When the operation was opened: a profile that was not in force then does not count.
    pub opened_at: Timestamp,
    /// Whether it is for an exercise: those and real operations never share a profile.
    pub exercise: bool,
}

/// The profiles that the service was started with, and the earlier ones that operations still rest on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profiles {
    now: BTreeMap<Frontier, Profile>,
    earlier: BTreeMap<Arc<str>, Profile>,
}

impl Profiles {
    /// None at all.
    #[must_use]
    pub const fn none() -> &'static Self {
        static NONE: Profiles = Profiles {
            now: BTreeMap::new(),
            earlier: BTreeMap::new(),
        };
        &NONE
    }

    /// These, one of each pair.
    ///
    /// # Errors
    /// The pair of which there are two.
    pub fn new(profiles: impl IntoIterator<Item = Profile>) -> Result<Self, Frontier> {
        let mut now = BTreeMap::new();
        for profile in profiles {
            let pair = profile.pair();
            if now.insert(pair, profile).is_some() {
                return Err(pair);
            }
        }
        Ok(Self {
            now,
            earlier: BTreeMap::new(),
        })
    }

    /// The same with earlier ones.
    #[must_use]
    pub fn keeping(self, earlier: impl IntoIterator<Item = Profile>) -> Self {
        let earlier = earlier
            .into_iter()
            .map(|profile| (Arc::clone(&profile.named().digest), profile))
            .collect();
        Self { earlier, ..self }
    }

    /// Those of now, by pair.
    #[must_use]
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Profile> {
        self.now.values()
    }

    /// The one of now of a pair.
    #[must_use]
    pub fn of_pair(&self, pair: Frontier) -> Option<&Profile> {
        self.now.get(&pair)
    }

    /// Which those of now are.
    #[must_use]
    pub fn named(&self) -> Adopted {
        let named = |profile: &Profile| (profile.pair(), profile.named().clone());
        self.now.values().map(named).collect()
    }

    /// The profile of this name, one of now or an earlier one.
    #[must_use]
    pub fn find(&self, wanted: &ProfileVersion) -> Option<&Profile> {
        let now = self.now.get(&wanted.pair);
        now.filter(|profile| profile.named() == wanted)
            .or_else(|| self.earlier.get(&wanted.digest))
    }

    /// The figures of a pair for an operation: those of the profile that the room had adopted when it was opened, if that
    /// was in force then. `adopted` is `None` for a partner's operation, of which this room looks at its own of now.
    #[must_use]
    pub fn figures(&self, adopted: Option<&Adopted>, wanted: Wanted) -> Figures<'_> {
        let profile = match adopted {
            Some(adopted) => adopted.get(&wanted.pair).and_then(|named| self.find(named)),
            None => self.of_pair(wanted.pair),
        };
        Figures(profile.filter(|profile| {
            profile.parts().exercise == wanted.exercise && profile.is_in_force(wanted.opened_at)
        }))
    }
}
