//! The catalogues are whole: the same keys, the same arguments, and every coded word.

use super::*;
use crate::domain::law::basis::{Basis, PersonCategory};
use crate::domain::law::finding::{ClockKind, Confidence, Duty};
use crate::domain::operations::{AnswerKind, DetentionStepKind, Outcome, Topic};
use crate::domain::registry::{Marks, UnitKind};
use crate::domain::report::duties::Kept;
use crate::domain::tracks::fix::QuarantineReason;
use std::collections::BTreeSet;

fn keys(language: Language) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut last = None;
    for line in language.catalogue().lines() {
        let of = match line.split_once(" = ") {
            // The forms of a number follow on lines of their own.
            _ if line.starts_with(' ') => last,
            Some((key, _)) => {
                let before = keys.insert(key, BTreeSet::new());
                assert_eq!(before, None, "{}: {key} twice", language.tag());
                last = Some(key);
                last
            }
            None => {
                let is_none = line.is_empty() || line.starts_with('#');
                assert!(is_none, "{}: {line}", language.tag());
                continue;
            }
        };
        let put_in = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        });
        keys.entry(of.expect("a key before its forms"))
            .or_default()
            .extend(put_in);
    }
    keys
}

#[test]
fn every_catalogue_says_the_same_keys_with_the_same_put_in() {
    let english = keys(Language::En);
    assert!(english.len() > 100, "{}", english.len());
    for language in Language::ALL {
        assert_eq!(keys(language), english, "{}", language.tag());
        for key in english.keys() {
            let said = find(language, key);
            assert!(said.is_some_and(|said| !said.is_empty()), "{key}");
        }
    }
}

#[test]
fn every_coded_word_is_said() {
    let words = [
        ("answer", AnswerKind::ALL.map(AnswerKind::as_str).to_vec()),
        (
            "confidence",
            Confidence::ALL.map(Confidence::as_str).to_vec(),
        ),
        ("basis", Basis::ALL.map(Basis::as_str).to_vec()),
        (
            "category",
            PersonCategory::ALL.map(PersonCategory::as_str).to_vec(),
        ),
        ("clock", ClockKind::ALL.map(ClockKind::as_str).to_vec()),
        ("duty", Duty::ALL.map(Duty::as_str).to_vec()),
        ("kept", Kept::ALL.map(Kept::as_str).to_vec()),
        ("outcome", Outcome::ALL.map(Outcome::as_str).to_vec()),
        (
            "reason",
            QuarantineReason::ALL.map(QuarantineReason::as_str).to_vec(),
        ),
        (
            "fact",
            DetentionStepKind::ALL
                .map(DetentionStepKind::as_str)
                .to_vec(),
        ),
        ("marks", Marks::ALL.map(Marks::as_str).to_vec()),
        ("missing", vec!["crossing", "authorisation", "grounds"]),
        ("unit", UnitKind::ALL.map(UnitKind::as_str).to_vec()),
        ("topic", Topic::ALL.map(Topic::as_str).to_vec()),
        ("standing", vec!["suspected", "confirmed", "retracted"]),
    ];
    for (group, words) in words {
        for word in words {
            let key = key(group, word);
            assert!(find(Language::En, &key).is_some(), "{key}");
        }
    }
}

#[test]
fn a_word_that_no_catalogue_has_is_shown_as_it_is_stored() {
    assert_eq!(
        say(Language::Hu, "condition-of_tomorrow"),
        "condition-of_tomorrow"
    );
    assert_eq!(
        coded(Language::Hu, "condition", "of_tomorrow"),
        "of_tomorrow"
    );
}

#[test]
fn rooms_are_written_to_in_their_own_language_where_the_house_speaks_it() {
    let of = |state| Language::of(State::parse(state).unwrap());
    assert_eq!(
        ["HU", "RO", "BG", "LU", "AT", "NL"].map(of),
        [
            Language::Hu,
            Language::Ro,
            Language::Bg,
            Language::Fr,
            Language::De,
            Language::En
        ]
    );
}

#[test]
fn a_number_takes_the_form_that_its_language_gives_it() {
    let said = |language, count| say_counted(language, "letter-crossed", count);
    assert_eq!(said(Language::En, 1), "One unit has crossed the frontier");
    assert_eq!(said(Language::En, 2), "2 units have crossed the frontier");
    assert_eq!(said(Language::Ro, 2), "2 unități au trecut frontiera");
    assert_eq!(said(Language::Ro, 20), "20 de unități au trecut frontiera");
    assert_eq!(said(Language::Hu, 3), "3 egység átlépte a határt");
    assert_eq!(said(Language::Bg, 3), "3 екипа са преминали границата");
    let keys = ["letter-crossed", "letter-expected", "letter-taken-back"];
    for language in Language::ALL {
        for (key, count) in keys
            .into_iter()
            .flat_map(|key| [1, 2, 20].map(|n| (key, n)))
        {
            let said = say_counted(language, key, count);
            assert!(said != key && !said.contains('$'), "{said}");
            assert_eq!(said.contains(&count.to_string()), count > 1, "{said}");
        }
    }
}
