//! Overlays: files of a state's legal service, laid over the rows of its own pairs.
//!
//! A key that an overlay gives takes the place of the row's from the overlay row's `valid_from` on; a key it does not give
//! stays the row's, with the row's own confidence. Where both states of a pair speak of one key differently the stricter
//! is used, and the row keeps both. The row that results is read and checked as every other.

use super::documents::{OverlayDoc, PairDoc};
use super::{Problem, RuleFile, nearest, with_nearest};
use crate::domain::ids::State;
use crate::domain::law::finding::Confidence;
use crate::domain::law::rulebook::overlay::{
    Overlaid, Overlay, Settled, Statement, Value, stricter,
};
use crate::domain::measure::Day;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The implementing agreement that an overlay names.
const AGREEMENT: &str = "implementing_agreement";
/// The word of the rule data for what waits for one.
const WAITS: &str = "with_implementing_agreement";

/// A pair and a purpose, as documents name them.
type Of = (String, String, Option<String>);

/// A row with what overlays say of it.
pub(super) struct Merged {
    /// The file to name when something is wrong with it.
    pub(super) file: String,
    pub(super) doc: PairDoc,
    pub(super) overlaid: BTreeMap<Arc<str>, Overlaid>,
}

/// One row of one overlay.
struct Said {
    file: String,
    overlay: Arc<Overlay>,
    from: String,
    fields: BTreeMap<String, (Value, Confidence)>,
}

/// Reads overlays; what is wrong with them is kept.
#[derive(Default)]
pub(super) struct Overlays {
    pub(super) problems: Vec<Problem>,
    pub(super) read: Vec<Arc<Overlay>>,
    said: BTreeMap<Of, Vec<Said>>,
}

impl Overlays {
    /// Reads one file.
    pub(super) fn take(&mut self, file: &RuleFile) {
        let document: OverlayDoc = match toml::from_str(&file.text) {
            Ok(document) => document,
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                let before = file.text.get(..offset).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let says = format!("line {line}: {}", with_nearest(error.message()));
                self.tell(&file.name, says);
                return;
            }
        };
        let Some(overlay) = self.head(file, &document) else {
            return;
        };
        let overlay = Arc::new(overlay);
        self.read.push(Arc::clone(&overlay));
        for row in document.pair {
            self.row(file, &overlay, row);
        }
    }

    fn tell(&mut self, file: &str, says: String) {
        self.problems.push(Problem {
            file: file.to_owned(),
            says,
        });
    }

    fn head(&mut self, file: &RuleFile, document: &OverlayDoc) -> Option<Overlay> {
        let head = &document.overlay;
        let state = State::parse(&head.state).ok();
        if state.is_none() {
            let says = format!(
                "overlay: state: `{}` is no state; write two capital letters such as RO",
                head.state
            );
            self.tell(&file.name, says);
        }
        for (key, value) in [
            ("legal_service", &head.legal_service),
            ("reference", &head.reference),
        ] {
            if value.trim().is_empty() {
                let says =
                    format!("overlay: {key}: empty; say who answers for it and how it is filed");
                self.tell(&file.name, says);
                return None;
            }
        }
        let (state, date) = (state?, Day::parse(&head.date)?);
        if self.read.iter().any(|other| other.state == state) {
            let says =
                format!("overlay: state: a second overlay of {state}; join the two in one file");
            self.tell(&file.name, says);
            return None;
        }
        Some(Overlay {
            state,
            legal_service: head.legal_service.trim().into(),
            reference: head.reference.trim().into(),
            date,
            source: format!("overlay {state} {}", head.reference.trim()).into(),
        })
    }

    /// One `[[pair]]` of an overlay.
    fn row(&mut self, file: &RuleFile, overlay: &Arc<Overlay>, mut row: toml::Table) {
        let mut word = |key: &str| match row.remove(key) {
            Some(toml::Value::String(word)) => Some(word),
            _ => None,
        };
        let (territory, from) = (word("territory"), word("from"));
        let purpose = word("purpose");
        let confidence = word("confidence");
        let (Some(territory), Some(from)) = (territory, from) else {
            let says = "pair: territory: each row needs territory and from, as text; add them";
            return self.tell(&file.name, says.to_owned());
        };
        let place = format!("pair {territory} from {from}");
        let state = overlay.state.as_str();
        if territory != state && from != state {
            let says = format!(
                "{place}: territory: neither is {state}; a legal service speaks of its own state's pairs only, take the row out"
            );
            return self.tell(&file.name, says);
        }
        let valid_from = match row.remove("valid_from") {
            Some(toml::Value::Datetime(day)) if day.date.is_some() && day.time.is_none() => {
                day.to_string()
            }
            _ => {
                let says = format!(
                    "{place}: valid_from: say from which day, as 2026-11-01 without quotes"
                );
                return self.tell(&file.name, says);
            }
        };
        let Some(of_row) = self.confidence(&file.name, &place, confidence.as_deref()) else {
            return;
        };
        let mut fields = BTreeMap::new();
        for (key, value) in row {
            match value {
                toml::Value::Table(part) if matches!(key.as_str(), "surveillance" | "pursuit") => {
                    let mut part = part;
                    let own = match part.remove("confidence") {
                        Some(toml::Value::String(word)) => {
                            self.confidence(&file.name, &place, Some(&word))
                        }
                        _ => Some(of_row),
                    };
                    for (inner, value) in part {
                        let key = format!("{key}.{inner}");
                        self.field(&file.name, &place, &mut fields, (key, value), own);
                    }
                }
                value => self.field(&file.name, &place, &mut fields, (key, value), Some(of_row)),
            }
        }
        let said = self.said.entry((territory, from, purpose)).or_default();
        let twice = said
            .iter()
            .any(|other| other.overlay.state == overlay.state && other.from == valid_from);
        said.push(Said {
            file: file.name.clone(),
            overlay: Arc::clone(overlay),
            from: valid_from.clone(),
            fields,
        });
        if twice {
            let says = format!("{place}: valid_from: two rows from {valid_from}; join them in one");
            self.tell(&file.name, says);
        }
    }

    fn confidence(&mut self, file: &str, place: &str, word: Option<&str>) -> Option<Confidence> {
        let known = word.and_then(Confidence::parse);
        if known.is_none() {
            let says = format!(
                "{place}: confidence: say how well what the row gives is known: high, medium, low or unknown"
            );
            self.tell(file, says);
        }
        known
    }

    fn field(
        &mut self,
        file: &str,
        place: &str,
        fields: &mut BTreeMap<String, (Value, Confidence)>,
        (key, value): (String, toml::Value),
        confidence: Option<Confidence>,
    ) {
        match (value_of(&value), confidence) {
            (Some(value), Some(confidence)) => {
                fields.insert(key, (value, confidence));
            }
            (None, _) => {
                let says = format!(
                    "{place}: {key}: neither text, a whole number, true, false nor a list of texts; correct it"
                );
                self.tell(file, says);
            }
            // Told with the row.
            (_, None) => {}
        }
    }

    /// Lays what was read over the rows of the rule data.
    pub(super) fn lay_over(&mut self, rows: Vec<(String, PairDoc)>) -> Vec<Merged> {
        let mut by: BTreeMap<Of, Vec<(String, PairDoc)>> = BTreeMap::new();
        let mut merged = Vec::new();
        for (file, doc) in rows {
            let of = (doc.territory.clone(), doc.from.clone(), doc.purpose.clone());
            if self.said.contains_key(&of) {
                by.entry(of).or_default().push((file, doc));
            } else {
                merged.push(Merged {
                    file,
                    doc,
                    overlaid: BTreeMap::new(),
                });
            }
        }
        for (of, said) in std::mem::take(&mut self.said) {
            let base = by.remove(&of).unwrap_or_default();
            self.group(&of, base, &said, &mut merged);
        }
        merged
    }

    /// The rows of one pair and purpose: one from each day on which a row or an overlay begins.
    fn group(
        &mut self,
        of: &Of,
        mut base: Vec<(String, PairDoc)>,
        said: &[Said],
        merged: &mut Vec<Merged>,
    ) {
        // Days are written as 2026-11-01: their order is that of their texts.
        base.sort_by(|(_, a), (_, b)| a.valid_from.cmp(&b.valid_from));
        let starts: BTreeSet<Option<String>> = base
            .iter()
            .map(|(_, doc)| doc.valid_from.clone())
            .chain(said.iter().map(|said| Some(said.from.clone())))
            .collect();
        for start in starts {
            let begun = |from: &Option<String>| *from <= start;
            let under = base.iter().rfind(|(_, doc)| begun(&doc.valid_from));
            let active: Vec<&Said> = said
                .iter()
                .filter(|said| begun(&Some(said.from.clone())))
                .collect();
            match (active.first(), under) {
                (None, Some((file, doc))) => merged.push(Merged {
                    file: file.clone(),
                    doc: doc.clone(),
                    overlaid: BTreeMap::new(),
                }),
                (None, None) => {}
                (Some(_), under) => {
                    let under = under.map(|(_, doc)| doc);
                    merged.extend(self.one(of, start.as_ref(), under, &active));
                }
            }
        }
    }

    fn one(
        &mut self,
        (territory, from, purpose): &Of,
        start: Option<&String>,
        under: Option<&PairDoc>,
        active: &[&Said],
    ) -> Option<Merged> {
        let files: BTreeSet<&str> = active.iter().map(|said| said.file.as_str()).collect();
        let file = files.into_iter().collect::<Vec<_>>().join(" and ");
        let place = format!("pair {territory} from {from}");
        let statements = statements(active);
        let mut row = under.map_or_else(|| blank(active), as_json);
        let mut sound = true;
        if let Some(under) = under {
            sound = self.keys_fit(&file, &place, under, &statements)
                && self.agreement(&file, &place, under, &statements);
        }
        let mut overlaid = BTreeMap::new();
        for (key, said) in &statements {
            let settled = said.iter().skip(1).fold(
                Settled::Use(said[0].value.clone()),
                |settled, statement| match settled {
                    Settled::Use(value) => stricter(key, &value, &statement.value),
                    other => other,
                },
            );
            match settled {
                Settled::Use(value) => put(&mut row, key, json_of(&value)),
                Settled::NotKnown => put(&mut row, key, Json::Null),
                Settled::Unsettled => {
                    sound = false;
                    let says = format!(
                        "{place}: {key}: the two states say different things of which none is the stricter; settle it between them"
                    );
                    self.tell(&file, says);
                }
            }
            overlaid.extend(Overlaid::new(said.clone()).map(|all| (Arc::from(key.as_str()), all)));
        }
        finish(
            &mut row,
            &statements,
            active,
            (territory, from, purpose.as_ref()),
        );
        if !sound {
            return None;
        }
        match serde_json::from_value::<PairDoc>(Json::Object(row)) {
            Ok(mut doc) => {
                doc.valid_from = start.cloned();
                Some(Merged {
                    file,
                    doc,
                    overlaid,
                })
            }
            Err(error) => {
                let says = format!(
                    "{place}: no row of the rule data is there to change, so give a whole one: {}",
                    with_nearest(&error.to_string())
                );
                self.tell(&file, says);
                None
            }
        }
    }

    /// Whether every key exists and takes such a value.
    fn keys_fit(
        &mut self,
        file: &str,
        place: &str,
        under: &PairDoc,
        statements: &BTreeMap<String, Vec<Statement>>,
    ) -> bool {
        let known = keys(&as_json(under));
        let before = self.problems.len();
        for (key, said) in statements {
            if key == AGREEMENT {
                continue;
            }
            if !known.contains(key) {
                let nearest = nearest(key, known.iter().map(String::as_str));
                self.tell(
                    file,
                    format!("{place}: {key}: no such key{nearest}; correct or remove it"),
                );
                continue;
            }
            for statement in said {
                let mut alone = as_json(under);
                put(&mut alone, key, json_of(&statement.value));
                alone.remove("valid_from");
                if let Err(error) = serde_json::from_value::<PairDoc>(Json::Object(alone)) {
                    self.tell(file, format!("{place}: {key}: {error}; correct the value"));
                }
            }
        }
        self.problems.len() == before
    }

    /// What waits for an implementing agreement opens only when the overlay names it.
    fn agreement(
        &mut self,
        file: &str,
        place: &str,
        under: &PairDoc,
        statements: &BTreeMap<String, Vec<Statement>>,
    ) -> bool {
        let before = self.problems.len();
        let named = statements.contains_key(AGREEMENT);
        let opens = |key: &str| {
            let said = statements.get(key).into_iter().flatten();
            said.into_iter()
                .any(|statement| statement.value.to_string() != WAITS)
        };
        let waiting = [
            (
                "surveillance.urgent",
                under.surveillance.needs_implementing_agreement == Some(true),
            ),
            (
                "surveillance.needs_implementing_agreement",
                under.surveillance.needs_implementing_agreement == Some(true),
            ),
            ("pursuit.allowed", under.pursuit.allowed == WAITS),
        ];
        for (key, _) in waiting.iter().filter(|(_, waits)| *waits) {
            if opens(key) && !named {
                let says = format!(
                    "{place}: {key}: the row waits for an implementing agreement; name it with {AGREEMENT}"
                );
                self.tell(file, says);
            }
        }
        let surveillance = opens("surveillance.urgent");
        if named && surveillance && !statements.contains_key("surveillance.planned") {
            let says = format!(
                "{place}: surveillance.planned: say both planned and urgent, as the agreement has them"
            );
            self.tell(file, says);
        }
        self.problems.len() == before
    }
}

/// What is said of each key, one statement of each state: of one state's rows the one that began last.
fn statements(active: &[&Said]) -> BTreeMap<String, Vec<Statement>> {
    let mut by_key: BTreeMap<String, BTreeMap<State, (&str, Statement)>> = BTreeMap::new();
    for said in active {
        for (key, (value, confidence)) in &said.fields {
            let statement = Statement {
                overlay: Arc::clone(&said.overlay),
                value: value.clone(),
                confidence: *confidence,
            };
            let of_key = by_key.entry(key.clone()).or_default();
            let newer = of_key
                .get(&said.overlay.state)
                .is_none_or(|(from, _)| *from <= said.from.as_str());
            if newer {
                of_key.insert(said.overlay.state, (&said.from, statement));
            }
        }
    }
    by_key
        .into_iter()
        .map(|(key, of)| (key, of.into_values().map(|(_, said)| said).collect()))
        .collect()
}

/// A row that the rule data does not have begins with its confidence words alone: the least of those given.
fn blank(active: &[&Said]) -> Map<String, Json> {
    let all = active.iter().flat_map(|said| said.fields.values());
    let least = all.map(|(_, confidence)| *confidence).max();
    let word = Json::from(least.unwrap_or(Confidence::Unknown).as_str());
    let mut row = Map::new();
    row.insert("sources".to_owned(), Json::Array(Vec::new()));
    row.insert("confidence".to_owned(), word.clone());
    for part in ["surveillance", "pursuit"] {
        put(&mut row, &format!("{part}.confidence"), word.clone());
    }
    row
}

/// What follows from the overlays as a whole: the pair, the sources, the agreement.
fn finish(
    row: &mut Map<String, Json>,
    statements: &BTreeMap<String, Vec<Statement>>,
    active: &[&Said],
    (territory, from, purpose): (&str, &str, Option<&String>),
) {
    row.insert("territory".to_owned(), Json::from(territory));
    row.insert("from".to_owned(), Json::from(from));
    row.insert(
        "purpose".to_owned(),
        purpose.map_or(Json::Null, |p| Json::from(p.as_str())),
    );
    row.remove("valid_from");
    if let Some(Json::Array(sources)) = row.get_mut("sources") {
        for said in active {
            let source = Json::from(&*said.overlay.source);
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    clear(row, statements);
    if let Some(Json::String(agreement)) = row.remove(AGREEMENT) {
        let instrument = row
            .get("instrument")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let instrument = format!("{instrument}; implementing agreement: {agreement}");
        row.insert("instrument".to_owned(), Json::from(instrument));
        let opens = statements
            .get("surveillance.urgent")
            .is_some_and(|said| said.iter().all(|one| matches!(one.value, Value::Flag(_))));
        if opens && !statements.contains_key("surveillance.needs_implementing_agreement") {
            put(row, "surveillance.needs_implementing_agreement", Json::Null);
        }
    }
}

/// Takes out of the row what an overlay's limit or power to hold leaves without a meaning: a key of a row can be changed by
/// an overlay, but not left out by it.
fn clear(row: &mut Map<String, Json>, statements: &BTreeMap<String, Vec<Statement>>) {
    let now = |row: &Map<String, Json>, key: &str| {
        let word = row.get("pursuit").and_then(|part| part.get(key));
        word.and_then(Json::as_str).map(str::to_owned)
    };
    for (by, key, with) in [
        ("limit", "radius_km", &["radius", "radius_or_time"][..]),
        ("limit", "minutes", &["radius_or_time"][..]),
        ("detain", "detain_condition", &["conditional"][..]),
    ] {
        let Some(said) = statements.get(&format!("pursuit.{by}")) else {
            continue;
        };
        let meaningful = now(row, by).is_some_and(|word| with.contains(&word.as_str()));
        let key = format!("pursuit.{key}");
        // One overlay that gives both contradicts itself, and is told so.
        if !meaningful && (said.len() > 1 || !statements.contains_key(&key)) {
            put(row, &key, Json::Null);
        }
    }
}

fn as_json(doc: &PairDoc) -> Map<String, Json> {
    match serde_json::to_value(doc) {
        Ok(Json::Object(map)) => map,
        // A document is an object and nothing in it fails to be written.
        Ok(_) | Err(_) => Map::new(),
    }
}

/// The keys of a row, such as `border` and `surveillance.consent_hours`, that an overlay may give.
fn keys(row: &Map<String, Json>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (key, value) in row {
        match value {
            Json::Object(part) => {
                keys.extend(part.keys().map(|inner| format!("{key}.{inner}")));
            }
            _ if key != "sources" => {
                keys.insert(key.clone());
            }
            _ => {}
        }
    }
    keys
}

fn put(row: &mut Map<String, Json>, key: &str, value: Json) {
    match key.split_once('.') {
        Some((part, inner)) => {
            let part = row
                .entry(part.to_owned())
                .or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(part) = part {
                part.insert(inner.to_owned(), value);
            }
        }
        None => {
            row.insert(key.to_owned(), value);
        }
    }
}

fn value_of(value: &toml::Value) -> Option<Value> {
    match value {
        toml::Value::Boolean(flag) => Some(Value::Flag(*flag)),
        toml::Value::Integer(number) => u32::try_from(*number).ok().map(Value::Number),
        toml::Value::String(word) => Some(Value::Word(word.as_str().into())),
        toml::Value::Array(words) => words
            .iter()
            .map(|word| word.as_str().map(Arc::from))
            .collect::<Option<Vec<Arc<str>>>>()
            .map(Value::Words),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => Json::from(*flag),
        Value::Number(number) => Json::from(*number),
        Value::Word(word) => Json::from(&**word),
        Value::Words(words) => words.iter().map(|word| Json::from(&**word)).collect(),
    }
}

#[cfg(test)]
mod tests;
