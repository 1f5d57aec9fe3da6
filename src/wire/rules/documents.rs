//! The rule data as TOML spells it. A key that is absent is `None` and stays so; a key that is not listed is an error.

use serde::{Deserialize, Deserializer, Serialize};

/// One file of rule data; all files together make the rules.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// Version of the whole; in exactly one file.
    pub meta: Option<MetaDoc>,
    /// The Convention and joint operations; in exactly one file.
    #[serde(rename = "default")]
    pub convention: Option<ConventionDoc>,
    /// Sources.
    pub source: Vec<SourceDoc>,
    /// Lists of offences.
    pub offence_list: Vec<OffenceListDoc>,
    /// Offences.
    pub offence: Vec<OffenceDoc>,
    /// States.
    pub state: Vec<StateDoc>,
    /// Rows.
    pub pair: Vec<PairDoc>,
    /// Lawful crossings of other kinds.
    pub other_crossing: Vec<OtherCrossingDoc>,
}

/// `[[other_crossing]]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::OtherCrossing"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherCrossingDoc {
    pub reason: String,
    pub territory: String,
    pub from: String,
    pub instrument: String,
    #[serde(default, deserialize_with = "day")]
    pub valid_from: Option<String>,
    pub media: Vec<String>,
    pub asks: String,
    pub notice: Option<String>,
    pub sources: Vec<String>,
    pub confidence: String,
}

/// `[meta]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetaDoc {
    /// Version of the rules.
    pub version: u32,
    /// Day on which they were drawn up.
    #[serde(deserialize_with = "required_day")]
    pub as_of: String,
    /// What holds for a pair without a row.
    pub default_rule: String,
}

/// `[default]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConventionDoc {
    /// Art. 40.
    pub surveillance: ConventionSurveillanceDoc,
    /// Art. 41.
    pub pursuit: ConventionPursuitDoc,
    /// Joint operations.
    pub prum: JointOperationsDoc,
}

/// `[default.surveillance]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::ConventionSurveillance"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConventionSurveillanceDoc {
    pub consent_hours: Option<u32>,
    pub clock_starts: Option<String>,
    pub notify: Option<String>,
    pub request: Option<String>,
    pub stop_on_request: Option<bool>,
    pub may_stop_or_arrest: Option<bool>,
    pub no_homes_or_private_places: Option<bool>,
    pub carry_authorisation: Option<String>,
    pub prove_official_capacity: Option<bool>,
    pub service_weapon: Option<String>,
    pub report_after: Option<bool>,
    pub contact_persons: Option<String>,
    pub land_only: Option<bool>,
}

/// `[default.pursuit]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::ConventionPursuit"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConventionPursuitDoc {
    pub trigger: Option<Vec<String>>,
    pub contact: Option<String>,
    pub stop_on_request: Option<bool>,
    pub land_only: Option<bool>,
    pub no_homes_or_private_places: Option<bool>,
    pub identifiable: Option<String>,
    pub service_weapon: Option<String>,
    pub report_in_person_after: Option<bool>,
    pub stay_until_clarified: Option<bool>,
    pub release_hours: Option<u32>,
    pub release_excluded_from: Option<String>,
    pub release_excluded_to: Option<String>,
    pub release_tz: Option<String>,
    pub release_applies_to: Option<String>,
    pub release_exception: Option<String>,
}

/// `[default.prum]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::JointOperations"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointOperationsDoc {
    pub crossing_event: Option<bool>,
    pub condition: Option<String>,
    pub outside_area_or_period: Option<String>,
    pub sovereign_powers: Option<String>,
    pub confidence: Option<String>,
}

/// `[[source]]`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDoc {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Whether it was read.
    pub read: bool,
}

/// `[[offence_list]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffenceListDoc {
    /// Its id.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Whether the data holds all of it.
    pub closed: bool,
    /// How well it is known.
    pub confidence: String,
}

/// `[[offence]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffenceDoc {
    /// Its id.
    pub id: String,
    /// What it is.
    pub label: String,
    /// The lists it is on.
    pub lists: Vec<String>,
    /// Since which year.
    pub since: String,
}

/// `[[state]]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::register::StateInfo"
)]
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDoc {
    pub iso: String,
    pub name: String,
    pub schengen: bool,
    #[serde(default, deserialize_with = "day")]
    pub schengen_since: Option<String>,
    pub eu: bool,
    #[serde(default, deserialize_with = "day")]
    pub pcc_see_since: Option<String>,
    // Not in rules that were kept by earlier versions.
    #[serde(default)]
    pub time_zone: Option<String>,
    pub languages: Vec<String>,
    pub art40_authority: Option<String>,
    pub art41_contact: Option<String>,
    pub authority_confidence: String,
}

/// `[[pair]]`; in JSON an absent key is `null`: not known.
#[expect(missing_docs, reason = "fields as in domain::law::rulebook::row::Row")]
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PairDoc {
    pub territory: String,
    pub from: String,
    pub purpose: Option<String>,
    pub border: String,
    pub regime: String,
    pub instrument: String,
    #[serde(default, deserialize_with = "day")]
    pub valid_from: Option<String>,
    pub sources: Vec<String>,
    pub confidence: String,
    pub notes: Option<String>,
    pub surveillance: SurveillanceDoc,
    pub pursuit: PursuitDoc,
}

/// A file of a state's legal service. Its rows are read key by key: what is not given stays as it was.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlayDoc {
    /// Who speaks.
    pub overlay: OverlayHeadDoc,
    /// Rows, with the keys of [`PairDoc`] that are filled in or changed, and `implementing_agreement`.
    #[serde(default)]
    pub pair: Vec<toml::Table>,
}

/// `[overlay]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlayHeadDoc {
    /// Whose.
    pub state: String,
    /// The legal service that answers for it.
    pub legal_service: String,
    /// Its reference.
    pub reference: String,
    /// The day on which it was drawn up.
    #[serde(deserialize_with = "required_day")]
    pub date: String,
}

/// `true`, `false` or a word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "expected true, false or \"with_implementing_agreement\""
)]
pub enum FlagOrWord {
    /// `true` or `false`.
    Flag(bool),
    /// A word.
    Word(String),
}

/// `[pair.surveillance]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::row::Surveillance"
)]
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SurveillanceDoc {
    pub planned: bool,
    pub urgent: FlagOrWord,
    pub consent_hours: Option<u32>,
    pub offences_urgent: Option<String>,
    pub needs_implementing_agreement: Option<bool>,
    pub contact_persons: Option<String>,
    pub media: Option<Vec<String>>,
    pub whole_territory: Option<bool>,
    pub start_abroad: Option<bool>,
    pub preventive: Option<bool>,
    pub preventive_area: Option<String>,
    pub preventive_offences: Option<String>,
    pub technical_means: Option<String>,
    pub notify: Option<String>,
    pub inform: Option<String>,
    pub request_to: Option<String>,
    pub grant: Option<String>,
    pub languages: Option<Vec<String>>,
    pub min_penalty_years: Option<u32>,
    pub sentence_enforcement: Option<bool>,
    pub sentence_enforcement_min_months: Option<u32>,
    pub notes: Option<String>,
    pub confidence: String,
}

/// `[pair.pursuit]`.
#[expect(
    missing_docs,
    reason = "fields as in domain::law::rulebook::row::Pursuit"
)]
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PursuitDoc {
    pub allowed: String,
    pub limit: Option<String>,
    pub radius_km: Option<u32>,
    pub minutes: Option<u32>,
    pub limit_rule: Option<String>,
    pub time_limit: Option<String>,
    pub detain: Option<String>,
    pub detain_condition: Option<String>,
    pub offences: Option<String>,
    pub land_only: Option<bool>,
    pub contact: Option<String>,
    pub media: Option<Vec<String>>,
    pub manned_aircraft: Option<String>,
    pub unmanned_aircraft: Option<String>,
    pub evade_check: Option<bool>,
    pub evade_check_origin_km: Option<u32>,
    pub from_third_state: Option<bool>,
    pub log_retention_min_years: Option<u32>,
    pub release_rule: Option<String>,
    pub notify: Option<String>,
    pub notify_fields: Option<Vec<String>>,
    pub notes: Option<String>,
    pub confidence: String,
}

/// A TOML date without a time, as its text.
fn required_day<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let written = toml::value::Datetime::deserialize(from)?;
    if written.date.is_some() && written.time.is_none() {
        Ok(written.to_string())
    } else {
        Err(serde::de::Error::custom(format!(
            "`{written}` is no day; write it as 2025-01-01 without quotes or a time"
        )))
    }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    required_day(from).map(Some)
}
