//! What was changed of an operation, as a report says it.

use super::{moment, person};
use crate::wire::report::ChangeRowWire;
use crate::wire::report::sheet::{Cell, Languages, Piece, time};

/// What changed, key by key: the old value beside the new one.
pub(super) fn change(row: &ChangeRowWire, languages: Languages) -> Vec<Cell> {
    let mut old = Vec::new();
    let mut new = Vec::new();
    for (key, before, after) in pairs(row) {
        old.push(vec![Piece::Code(key.clone()), languages.maybe(before)]);
        new.push(vec![Piece::Code(key), Piece::Written(after)]);
    }
    let amendment = row.change.amendment.as_ref();
    new.extend(amendment.map(|amended| vec![Piece::Written(amended.because.clone())]));
    vec![
        Cell::line(vec![moment(&row.at), Piece::Record(row.record)]),
        Cell::of(person(&row.by)),
        Cell(old),
        Cell(new),
    ]
}

/// Key, old value where there was one, new value.
fn pairs(row: &ChangeRowWire) -> Vec<(String, Option<String>, String)> {
    let (before, change) = (&row.before, &row.change);
    let mut pairs = Vec::new();
    let mut pair = |key: &str, old: Option<String>, new: Option<String>| {
        pairs.extend(new.map(|new| (key.to_owned(), old, new)));
    };
    pair(
        "units",
        Some(before.units.join(", ")),
        change.units.as_ref().map(|units| units.join(", ")),
    );
    let document = change.authorisation.as_ref().map(|document| {
        let (from, to) = (time(&document.from), time(&document.to));
        format!("{}, {from} – {to} {}", document.number, document.conditions)
    });
    pair("authorisation", None, document);
    let no = change.host_refused.as_ref().map(|said| {
        let (host, kind, at, by) = (&said.host, &said.kind, time(&said.at), &said.said_by);
        format!("{host} {kind} {at} {by} {}", said.because)
    });
    pair("host_refused", None, no);
    let anew = change.resting_anew.as_ref().map(|wanted| {
        let digest = wanted.rules.digest.get(..12).unwrap_or_default();
        let persons = if wanted.holds { 2 } else { 1 };
        format!(
            "v{} {digest} ({persons}/2) {}",
            wanted.rules.version, wanted.because
        )
    });
    pair("resting_anew", None, anew);
    let ticked = change.recognisable.as_ref();
    pair(
        "recognisable",
        None,
        ticked.map(|ticked| format!("{} {}", ticked.unit, ticked.by)),
    );
    let held = change.detained.as_ref();
    pair(
        "detained",
        None,
        held.map(|held| format!("{} {}", held.host, time(&held.since))),
    );
    let step = change.detention_step.as_ref();
    pair(
        "detention_step",
        None,
        step.map(|step| format!("{} {} {}", step.host, step.step, time(&step.at))),
    );
    if let Some(amended) = &change.amendment {
        pair(
            "offence",
            Some(before.offence.clone()),
            amended.offence.clone(),
        );
        pair(
            "person_category",
            Some(before.person_category.clone()),
            amended.person_category.clone(),
        );
        pair(
            "extraditable",
            before.extraditable.map(|old| old.to_string()),
            amended.extraditable.map(|new| new.to_string()),
        );
        pair("grounds", before.grounds.clone(), amended.grounds.clone());
        let more = &amended.more_hosts;
        pair(
            "host_states",
            Some(before.host_states.join(", ")),
            (!more.is_empty()).then(|| format!("+ {}", more.join(", "))),
        );
    }
    pairs
}
