//! Which rules decided: every set is kept by its digest, and an operation keeps the one it was opened with.

use super::Rulebook;
use super::row::Pair;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One set of rules, named so that no other can be mistaken for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RulesVersion {
    /// The version that its authors gave it.
    pub version: u32,
    /// The SHA-256 of all that it was read from, overlays included, as 64 hexadecimal digits.
    pub digest: Arc<str>,
}

/// What a set of rules was read from, so that it can be kept and read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its digest, as in [`RulesVersion`].
    pub digest: Arc<str>,
    /// All of it.
    pub text: Arc<str>,
}

impl Rulebook {
    /// The same with what it was read from.
    #[must_use]
    pub fn written_as(self, written: Written) -> Self {
        Self {
            written: Some(written),
            ..self
        }
    }

    /// The same with earlier rules, on which operations opened under them go on to rest.
    #[must_use]
    pub fn keeping(self, earlier: impl IntoIterator<Item = Self>) -> Self {
        let earlier: BTreeMap<Arc<str>, Self> = earlier
            .into_iter()
            .filter_map(|rules| Some((Arc::clone(&rules.written.as_ref()?.digest), rules)))
            .collect();
        Self {
            earlier: Arc::new(earlier),
            ..self
        }
    }

    /// What it was read from, when that is known.
    #[must_use]
    pub const fn written(&self) -> Option<&Written> {
        self.written.as_ref()
    }

    /// Which rules these are; `None` of a rulebook that was put together without a text.
    #[must_use]
    pub fn named(&self) -> Option<RulesVersion> {
        self.written.as_ref().map(|written| RulesVersion {
            version: self.version,
            digest: Arc::clone(&written.digest),
        })
    }

    /// The rules of this name, these or earlier ones.
    #[must_use]
    pub fn find(&self, wanted: &RulesVersion) -> Option<&Self> {
        let own = self.written.as_ref();
        if own.is_some_and(|written| written.digest == wanted.digest) {
            return Some(self);
        }
        self.earlier.get(&wanted.digest)
    }

    /// The rules on which an operation rests that was opened with these. One that was opened before versions were kept
    /// rests on the rules of now; that no others are missing is seen to before anything is decided.
    #[must_use]
    pub fn of(&self, opened_with: Option<&RulesVersion>) -> &Self {
        opened_with
            .and_then(|wanted| self.find(wanted))
            .unwrap_or(self)
    }

    /// Whether anything that rows refer to differs from earlier rules.
    #[must_use]
    pub fn differs_besides_rows(&self, earlier: &Self) -> bool {
        self.convention != earlier.convention
            || self.states != earlier.states
            || self.lists != earlier.lists
            || self.offences != earlier.offences
            || self.sources != earlier.sources
    }

    /// The pairs of which rows were added, changed or taken out since earlier rules.
    #[must_use]
    pub fn changed_since(&self, earlier: &Self) -> BTreeSet<Pair> {
        let pairs = self.rows.keys().chain(earlier.rows.keys());
        pairs
            .filter(|pair| self.rows_of(**pair) != earlier.rows_of(**pair))
            .copied()
            .collect()
    }
}
