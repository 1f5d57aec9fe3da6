//! What the house says in the languages of its users: coded words and headings, in catalogues of one form.
//!
//! The catalogues are Fluent files beside this one. A test holds that all say the same keys. What persons and the law
//! wrote is not translated: it stands in its own language, and says which.

#[cfg(test)]
mod tests;

use crate::domain::ids::State;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A language that the house speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Hungarian.
    Hu,
    /// Romanian.
    Ro,
    /// Bulgarian.
    Bg,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::En, Self::De, Self::Fr, Self::Hu, Self::Ro, Self::Bg];

    /// The tag of BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Hu => "hu",
            Self::Ro => "ro",
            Self::Bg => "bg",
        }
    }

    /// The language of this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language in which rooms of a state are written to, where the house speaks one of theirs; else English.
    #[must_use]
    pub fn of(state: State) -> Self {
        match state.as_str() {
            "AT" | "CH" | "DE" | "LI" => Self::De,
            "BE" | "FR" | "LU" | "MC" => Self::Fr,
            "HU" => Self::Hu,
            "MD" | "RO" => Self::Ro,
            "BG" => Self::Bg,
            _ => Self::En,
        }
    }

    const fn catalogue(self) -> &'static str {
        match self {
            Self::En => include_str!("en.ftl"),
            Self::De => include_str!("de.ftl"),
            Self::Fr => include_str!("fr.ftl"),
            Self::Hu => include_str!("hu.ftl"),
            Self::Ro => include_str!("ro.ftl"),
            Self::Bg => include_str!("bg.ftl"),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

/// All catalogues, read once.
static BUNDLES: LazyLock<BTreeMap<Language, Bundle>> = LazyLock::new(|| {
    let read = |language: Language| (language, bundle(language));
    Language::ALL.into_iter().map(read).collect()
});

/// # Panics
/// When a catalogue is damaged: the tests read every one.
fn bundle(language: Language) -> Bundle {
    let tag: LanguageIdentifier = language.tag().parse().expect("a tag of two letters");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Texts go into pages and PDF files of one direction: marks of direction would only show as dirt.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(language.catalogue().to_owned())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
    bundle
        .add_resource(resource)
        .unwrap_or_else(|errors| panic!("{}: {errors:?}", language.tag()));
    bundle
}

/// What a catalogue says under a key, `None` when it has no such key.
#[must_use]
pub fn find(language: Language, key: &str) -> Option<String> {
    format(language, key, None)
}

/// What a catalogue says under a key; the key itself when it has none, so that a word that is newer than the catalogues
/// is shown as it is stored.
#[must_use]
pub fn say(language: Language, key: &str) -> String {
    find(language, key).unwrap_or_else(|| key.to_owned())
}

/// The same with something put in.
#[must_use]
pub fn say_with(language: Language, key: &str, with: &[(&str, &str)]) -> String {
    let args: FluentArgs<'_> = with.iter().copied().collect();
    format(language, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

/// The same of a number of things, in the form that the language gives it.
#[must_use]
pub fn say_counted(language: Language, key: &str, count: usize) -> String {
    let mut args = FluentArgs::new();
    args.set("count", count);
    format(language, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

fn format(language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundle = &BUNDLES[&language];
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, args, &mut errors)
            .into_owned(),
    )
}

/// The key of a coded word in its group: `basis` and `40(1)` are `basis-40-1`.
#[must_use]
pub fn key(group: &str, word: &str) -> String {
    let plain: String = word
        .trim_end_matches(')')
        .chars()
        .map(|letter| if letter == '(' { '-' } else { letter })
        .collect();
    format!("{group}-{plain}")
}

/// What a catalogue says of a coded word; the word itself when it has none.
#[must_use]
pub fn coded(language: Language, group: &str, word: &str) -> String {
    find(language, &key(group, word)).unwrap_or_else(|| word.to_owned())
}
