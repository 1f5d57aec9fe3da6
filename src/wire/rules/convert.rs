//! From documents to the parts of a rulebook. Words become enums here; every word that is none is told, not the first
//! alone.

use super::documents::{
    ConventionDoc, Document, FlagOrWord, MetaDoc, OffenceDoc, OffenceListDoc, OtherCrossingDoc,
    PairDoc, PursuitDoc, SourceDoc, StateDoc, SurveillanceDoc,
};
use super::overlay::Overlays;
use super::{Problem, nearest};
use crate::domain::ids::State;
use crate::domain::law::basis::{Basis, Carrier, Form, Purpose};
use crate::domain::law::finding::Confidence;
use crate::domain::law::rulebook::Parts;
use crate::domain::law::rulebook::overlay::Overlay;
use crate::domain::law::rulebook::register::{
    Convention, ConventionPursuit, ConventionSurveillance, JointOperations, Offence, OffenceList,
    OtherCrossing, Source, StateInfo,
};
use crate::domain::law::rulebook::row::{
    Border, Contact, ContactPersons, Detain, Granted, Limit, LimitRule, Pair, Pursuit, Regime, Row,
    Surveillance, TimeLimit,
};
use crate::domain::measure::Day;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads documents and keeps what is wrong with them. What it read counts only while there are no problems: a value that
/// was wrong is told, and read as absent.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Problem>,
    /// Which file a place such as `pair RO from HU` is in.
    pub(super) files: BTreeMap<String, String>,
    file: String,
    place: String,
}

/// Reads an optional word of a closed list; a word that is not on it is told.
macro_rules! optional_word {
    ($reader:ident, $key:literal, $text:expr, $kind:ty) => {
        $text
            .as_ref()
            .and_then(|text| word!($reader, $key, text, $kind))
    };
}

/// Reads a word of a closed list; a word that is not on it is told.
macro_rules! word {
    ($reader:ident, $key:literal, $text:expr, $kind:ty) => {
        $reader.word(
            $key,
            $text,
            <$kind>::parse($text),
            &<$kind>::ALL
                .iter()
                .map(|value| value.as_str())
                .collect::<Vec<_>>(),
        )
    };
}

fn text(value: &str) -> Arc<str> {
    Arc::from(value)
}

fn optional_text(value: Option<&String>) -> Option<Arc<str>> {
    value.map(|value| text(value))
}

fn texts(values: &[String]) -> Vec<Arc<str>> {
    values.iter().map(|value| text(value)).collect()
}

fn optional_texts(values: Option<&Vec<String>>) -> Option<Vec<Arc<str>>> {
    values.map(|values| texts(values))
}

/// An overlay as a source: rows that it speaks of rest on it.
fn source_of(overlay: &Overlay) -> Source {
    Source {
        id: Arc::clone(&overlay.source),
        title: overlay.to_string().into(),
        read: true,
    }
}

impl Reader {
    /// The parts of all documents, when every one of them could be read; see `problems` otherwise.
    pub(super) fn parts(
        &mut self,
        documents: &[(&str, Document)],
        overlays: &mut Overlays,
    ) -> Option<Parts> {
        let (mut sources, mut states, mut lists, mut offences, mut pairs) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut metas, mut conventions, mut crossings) = (Vec::new(), Vec::new(), Vec::new());
        for (file, document) in documents {
            (*file).clone_into(&mut self.file);
            metas.extend(document.meta.as_ref().map(|meta| (*file, meta)));
            conventions.extend(document.convention.as_ref().map(|doc| (*file, doc)));
            for doc in &document.source {
                sources.push(self.source(doc));
            }
            for doc in &document.state {
                states.extend(self.state(doc));
            }
            for doc in &document.offence_list {
                lists.extend(self.list(doc));
            }
            for doc in &document.offence {
                offences.push(self.offence(doc));
            }
            for doc in &document.other_crossing {
                crossings.extend(self.other_crossing(doc));
            }
            pairs.extend(
                document
                    .pair
                    .iter()
                    .map(|doc| ((*file).to_owned(), doc.clone())),
            );
        }
        sources.extend(overlays.read.iter().map(|overlay| source_of(overlay)));
        let mut rows = Vec::new();
        for merged in overlays.lay_over(pairs) {
            self.file = merged.file;
            let row = self.row(&merged.doc);
            rows.extend(row.map(|row| Row {
                overlaid: merged.overlaid,
                ..row
            }));
        }
        self.problems.append(&mut overlays.problems);
        let meta = self.only("[meta]", &metas);
        let convention = self.only("[default]", &conventions);
        let convention = convention.map(|doc| self.convention(doc));
        let as_of = meta.and_then(|meta| self.as_of(meta));
        let meta = meta?;
        Some(Parts {
            version: meta.version,
            as_of: as_of?,
            default_rule: text(&meta.default_rule),
            convention: convention?,
            sources,
            states,
            lists,
            offences,
            rows,
            crossings,
            overlays: overlays.read.clone(),
        })
    }

    /// The one value of a table that may stand only once.
    fn only<T: Copy>(&mut self, table: &str, found: &[(&str, T)]) -> Option<T> {
        "rules".clone_into(&mut self.place);
        match found {
            [(file, value)] => {
                (*file).clone_into(&mut self.file);
                Some(*value)
            }
            [] => {
                "rule data".clone_into(&mut self.file);
                self.tell(table, "missing; one file must have it");
                None
            }
            [_, (file, _), ..] => {
                (*file).clone_into(&mut self.file);
                self.tell(table, "stands in two files; remove one");
                None
            }
        }
    }

    fn tell(&mut self, key: &str, says: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            says: format!("{}: {key}: {}", self.place, says.into()),
        });
    }

    fn enter(&mut self, place: String) {
        self.files.insert(place.clone(), self.file.clone());
        self.place = place;
    }

    fn word<T>(&mut self, key: &str, wrong: &str, value: Option<T>, all: &[&str]) -> Option<T> {
        if value.is_none() {
            let nearest = nearest(wrong, all.iter().copied());
            self.tell(
                key,
                format!("`{wrong}` is none of {}{nearest}", all.join(", ")),
            );
        }
        value
    }

    fn state_code(&mut self, key: &str, code: &str) -> Option<State> {
        let state = State::parse(code).ok();
        if state.is_none() {
            self.tell(
                key,
                format!("`{code}` is no state; write two capital letters such as RO"),
            );
        }
        state
    }

    fn day(&mut self, key: &str, written: &str) -> Option<Day> {
        let day = Day::parse(written);
        if day.is_none() {
            self.tell(
                key,
                format!("`{written}` is no day; write it as 2025-01-01"),
            );
        }
        day
    }

    fn as_of(&mut self, doc: &MetaDoc) -> Option<Day> {
        "meta".clone_into(&mut self.place);
        self.day("as_of", &doc.as_of)
    }

    fn source(&mut self, doc: &SourceDoc) -> Source {
        self.enter(format!("source {}", doc.id));
        Source {
            id: text(&doc.id),
            title: text(&doc.title),
            read: doc.read,
        }
    }

    fn list(&mut self, doc: &OffenceListDoc) -> Option<OffenceList> {
        self.enter(format!("offence_list {}", doc.id));
        Some(OffenceList {
            id: text(&doc.id),
            label: text(&doc.label),
            closed: doc.closed,
            confidence: word!(self, "confidence", &doc.confidence, Confidence)?,
        })
    }

    fn offence(&mut self, doc: &OffenceDoc) -> Offence {
        self.enter(format!("offence {}", doc.id));
        Offence {
            id: text(&doc.id),
            label: text(&doc.label),
            lists: texts(&doc.lists),
            since: text(&doc.since),
        }
    }

    fn other_crossing(&mut self, doc: &OtherCrossingDoc) -> Option<OtherCrossing> {
        self.enter(format!(
            "other_crossing {} {} from {}",
            doc.reason, doc.territory, doc.from
        ));
        let other = |basis: &Basis| basis.form() == Form::OtherCrossing;
        let words: Vec<&str> = Basis::ALL
            .iter()
            .filter(|basis| other(basis))
            .map(|basis| basis.as_str())
            .collect();
        let basis = Basis::parse(&doc.reason).filter(other);
        let basis = self.word("reason", &doc.reason, basis, &words);
        let territory = self.state_code("territory", &doc.territory);
        let from = self.state_code("from", &doc.from);
        let valid_from = doc
            .valid_from
            .as_ref()
            .and_then(|day| self.day("valid_from", day));
        let confidence = word!(self, "confidence", &doc.confidence, Confidence);
        Some(OtherCrossing {
            basis: basis?,
            pair: Pair {
                territory: territory?,
                from: from?,
            },
            instrument: text(&doc.instrument),
            valid_from,
            media: self.media("media", &doc.media),
            asks: text(&doc.asks),
            notice: optional_text(doc.notice.as_ref()),
            sources: texts(&doc.sources),
            confidence: confidence?,
        })
    }

    fn state(&mut self, doc: &StateDoc) -> Option<StateInfo> {
        self.enter(format!("state {}", doc.iso));
        let state = self.state_code("iso", &doc.iso);
        let schengen_since = doc
            .schengen_since
            .as_ref()
            .and_then(|day| self.day("schengen_since", day));
        let pcc_see_since = doc
            .pcc_see_since
            .as_ref()
            .and_then(|day| self.day("pcc_see_since", day));
        let authority = word!(
            self,
            "authority_confidence",
            &doc.authority_confidence,
            Confidence
        );
        Some(StateInfo {
            state: state?,
            name: text(&doc.name),
            schengen: doc.schengen,
            schengen_since,
            eu: doc.eu,
            pcc_see_since,
            time_zone: optional_text(doc.time_zone.as_ref()),
            languages: texts(&doc.languages),
            art40_authority: optional_text(doc.art40_authority.as_ref()),
            art41_contact: optional_text(doc.art41_contact.as_ref()),
            authority_confidence: authority?,
        })
    }

    fn convention(&mut self, doc: &ConventionDoc) -> Convention {
        "default".clone_into(&mut self.place);
        let (s, p, j) = (&doc.surveillance, &doc.pursuit, &doc.prum);
        let confidence = optional_word!(self, "prum.confidence", &j.confidence, Confidence);
        Convention {
            surveillance: ConventionSurveillance {
                consent_hours: s.consent_hours,
                clock_starts: optional_text(s.clock_starts.as_ref()),
                notify: optional_text(s.notify.as_ref()),
                request: optional_text(s.request.as_ref()),
                stop_on_request: s.stop_on_request,
                may_stop_or_arrest: s.may_stop_or_arrest,
                no_homes_or_private_places: s.no_homes_or_private_places,
                carry_authorisation: optional_text(s.carry_authorisation.as_ref()),
                prove_official_capacity: s.prove_official_capacity,
                service_weapon: optional_text(s.service_weapon.as_ref()),
                report_after: s.report_after,
                contact_persons: optional_text(s.contact_persons.as_ref()),
                land_only: s.land_only,
            },
            pursuit: ConventionPursuit {
                trigger: optional_texts(p.trigger.as_ref()),
                contact: optional_text(p.contact.as_ref()),
                stop_on_request: p.stop_on_request,
                land_only: p.land_only,
                no_homes_or_private_places: p.no_homes_or_private_places,
                identifiable: optional_text(p.identifiable.as_ref()),
                service_weapon: optional_text(p.service_weapon.as_ref()),
                report_in_person_after: p.report_in_person_after,
                stay_until_clarified: p.stay_until_clarified,
                release_hours: p.release_hours,
                release_excluded_from: optional_text(p.release_excluded_from.as_ref()),
                release_excluded_to: optional_text(p.release_excluded_to.as_ref()),
                release_tz: optional_text(p.release_tz.as_ref()),
                release_applies_to: optional_text(p.release_applies_to.as_ref()),
                release_exception: optional_text(p.release_exception.as_ref()),
            },
            joint: JointOperations {
                crossing_event: j.crossing_event,
                condition: optional_text(j.condition.as_ref()),
                outside_area_or_period: optional_text(j.outside_area_or_period.as_ref()),
                sovereign_powers: optional_text(j.sovereign_powers.as_ref()),
                confidence,
            },
        }
    }

    fn row(&mut self, doc: &PairDoc) -> Option<Row> {
        self.enter(format!("pair {} from {}", doc.territory, doc.from));
        let territory = self.state_code("territory", &doc.territory);
        let from = self.state_code("from", &doc.from);
        let purpose = match doc.purpose.as_ref() {
            None => Some(Purpose::CriminalInvestigation),
            Some(purpose) => word!(self, "purpose", purpose, Purpose),
        };
        let border = self.word(
            "border",
            &doc.border,
            Border::parse(&doc.border),
            &["land", "bridge", "via XX"],
        );
        let regime = word!(self, "regime", &doc.regime, Regime);
        let valid_from = doc
            .valid_from
            .as_ref()
            .and_then(|day| self.day("valid_from", day));
        let confidence = word!(self, "confidence", &doc.confidence, Confidence);
        let surveillance = self.surveillance(&doc.surveillance);
        let pursuit = self.pursuit(&doc.pursuit);
        Some(Row {
            pair: Pair {
                territory: territory?,
                from: from?,
            },
            purpose: purpose?,
            border: border?,
            regime: regime?,
            instrument: text(&doc.instrument),
            valid_from,
            sources: texts(&doc.sources),
            confidence: confidence?,
            notes: optional_text(doc.notes.as_ref()),
            surveillance: surveillance?,
            pursuit: pursuit?,
            overlaid: BTreeMap::new(),
        })
    }

    fn media(&mut self, key: &str, media: &[String]) -> Vec<Carrier> {
        let all = Carrier::ALL.map(Carrier::as_str);
        media
            .iter()
            .filter_map(|name| self.word(key, name, Carrier::parse(name), &all))
            .collect()
    }

    fn surveillance(&mut self, doc: &SurveillanceDoc) -> Option<Surveillance> {
        let urgent = match &doc.urgent {
            FlagOrWord::Flag(true) => Some(Granted::Yes),
            FlagOrWord::Flag(false) => Some(Granted::No),
            FlagOrWord::Word(written) => self.word(
                "surveillance.urgent",
                written,
                Granted::parse(written).filter(|g| *g == Granted::WithImplementingAgreement),
                &["true", "false", Granted::WithImplementingAgreement.as_str()],
            ),
        };
        let contact_persons = optional_word!(
            self,
            "surveillance.contact_persons",
            &doc.contact_persons,
            ContactPersons
        );
        let media = doc
            .media
            .as_ref()
            .map(|media| self.media("surveillance.media", media));
        let confidence = word!(self, "surveillance.confidence", &doc.confidence, Confidence);
        Some(Surveillance {
            planned: doc.planned,
            urgent: urgent?,
            consent_hours: doc.consent_hours,
            offences_urgent: optional_text(doc.offences_urgent.as_ref()),
            needs_implementing_agreement: doc.needs_implementing_agreement,
            contact_persons,
            media,
            whole_territory: doc.whole_territory,
            start_abroad: doc.start_abroad,
            preventive: doc.preventive,
            preventive_area: optional_text(doc.preventive_area.as_ref()),
            preventive_offences: optional_text(doc.preventive_offences.as_ref()),
            technical_means: optional_text(doc.technical_means.as_ref()),
            notify: optional_text(doc.notify.as_ref()),
            inform: optional_text(doc.inform.as_ref()),
            request_to: optional_text(doc.request_to.as_ref()),
            grant: optional_text(doc.grant.as_ref()),
            languages: optional_texts(doc.languages.as_ref()),
            min_penalty_years: doc.min_penalty_years,
            sentence_enforcement: doc.sentence_enforcement,
            sentence_enforcement_min_months: doc.sentence_enforcement_min_months,
            notes: optional_text(doc.notes.as_ref()),
            confidence: confidence?,
        })
    }

    fn pursuit(&mut self, doc: &PursuitDoc) -> Option<Pursuit> {
        let allowed = word!(self, "pursuit.allowed", &doc.allowed, Granted);
        let limit = optional_word!(self, "pursuit.limit", &doc.limit, Limit);
        let limit_rule = optional_word!(self, "pursuit.limit_rule", &doc.limit_rule, LimitRule);
        let time_limit = optional_word!(self, "pursuit.time_limit", &doc.time_limit, TimeLimit);
        let detain = optional_word!(self, "pursuit.detain", &doc.detain, Detain);
        let contact = optional_word!(self, "pursuit.contact", &doc.contact, Contact);
        let media = doc
            .media
            .as_ref()
            .map(|media| self.media("pursuit.media", media));
        let confidence = word!(self, "pursuit.confidence", &doc.confidence, Confidence);
        Some(Pursuit {
            allowed: allowed?,
            limit,
            radius_km: doc.radius_km,
            minutes: doc.minutes,
            limit_rule,
            time_limit,
            detain,
            detain_condition: optional_text(doc.detain_condition.as_ref()),
            offences: optional_text(doc.offences.as_ref()),
            land_only: doc.land_only,
            contact,
            media,
            manned_aircraft: optional_text(doc.manned_aircraft.as_ref()),
            unmanned_aircraft: optional_text(doc.unmanned_aircraft.as_ref()),
            evade_check: doc.evade_check,
            evade_check_origin_km: doc.evade_check_origin_km,
            from_third_state: doc.from_third_state,
            log_retention_min_years: doc.log_retention_min_years,
            release_rule: optional_text(doc.release_rule.as_ref()),
            notify: optional_text(doc.notify.as_ref()),
            notify_fields: optional_texts(doc.notify_fields.as_ref()),
            notes: optional_text(doc.notes.as_ref()),
            confidence: confidence?,
        })
    }
}
