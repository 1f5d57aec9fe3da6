//! Notices in words: what they are made from is coded, so that each state reads them in its own language.

use super::live::{NoticePicture, OperationPicture};
use super::parts::{WireError, word};
use super::words::{Language, coded, say, say_counted, say_with};
use crate::domain::ids::{RoomId, State};
use crate::domain::law::basis::Form;
use crate::domain::law::finding::Duty;
use crate::domain::law::release::zone;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::domain::operations::letter::{Letter, Written};
use crate::domain::operations::notice::{NoticeCrossing, NoticeFields};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use ts_rs::TS;
use utoipa::ToSchema;

/// A notice in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct WrittenWire {
    /// `en`, `de`, `fr`, `hu`, `ro`, `bg`.
    pub language: String,
    /// The text, of several lines.
    pub text: String,
}

impl From<&Written> for WrittenWire {
    fn from(written: &Written) -> Self {
        Self {
            language: written.language.to_string(),
            text: written.text.to_string(),
        }
    }
}

impl From<&WrittenWire> for Written {
    fn from(written: &WrittenWire) -> Self {
        Self {
            language: written.language.as_str().into(),
            text: written.text.as_str().into(),
        }
    }
}

/// A notice in the languages of both states, the sender's first; once where both speak one language.
#[must_use]
pub fn write(letter: &Letter<'_>) -> Vec<Written> {
    let fields = letter.fields;
    let mut languages = vec![
        Language::of(fields.requesting_state),
        Language::of(fields.host_state),
    ];
    languages.dedup();
    let written = |language: Language| Written {
        language: language.tag().into(),
        text: text(letter, language).into(),
    };
    languages.into_iter().map(written).collect()
}

/// The texts of a notice as a picture shows it: as they were told, or as its draft would be told now.
///
/// # Errors
/// [`WireError`] when the picture holds what is none; it never does.
pub fn of_picture(
    operation: &OperationPicture,
    notice: &NoticePicture,
    rulebook: &Rulebook,
) -> Result<Vec<WrittenWire>, WireError> {
    let Some(fields) = notice.fields.as_ref().filter(|_| notice.texts.is_empty()) else {
        return Ok(notice.texts.clone());
    };
    let was_told = notice.sent_at.is_some() || notice.voice.is_some();
    if was_told {
        // An earlier version told it and kept no text: what would be written now is not what was told.
        return Ok(Vec::new());
    }
    let letter = Letter {
        fields: &NoticeFields::try_from(fields)?,
        duty: word(&notice.duty, Duty::parse, "a duty")?,
        from: &RoomId::parse(&operation.room)?,
        to: &RoomId::parse(&notice.to)?,
        exercise: operation.exercise,
        rulebook,
    };
    Ok(write(&letter).iter().map(Into::into).collect())
}

/// The whole text in one language: a line for each thing that it says.
fn text(letter: &Letter<'_>, language: Language) -> String {
    let fields = letter.fields;
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    if letter.exercise {
        line(say(language, "letter-exercise"));
    }
    line(coded(language, "duty", letter.duty.as_str()));
    let ends = [
        ("from", letter.from.as_str()),
        ("requesting", fields.requesting_state.as_str()),
        ("to", letter.to.as_str()),
        ("host", fields.host_state.as_str()),
    ];
    line(say_with(language, "letter-ends", &ends));
    line(authority(letter, language));
    if let Some(amends) = &fields.amends {
        let with = [("notice", amends.as_str())];
        line(say_with(language, "letter-amends", &with));
    }
    for (key, value) in named(fields, language) {
        line(format!("{}: {value}", say(language, key)));
    }
    for (key, group) in groups(&fields.crossings) {
        if !group.is_empty() {
            line(say_counted(language, key, group.len()));
        }
        for entry in group {
            line(crossing(entry, letter, language));
        }
    }
    if !fields.missing.is_empty() {
        let missing = fields.missing.iter();
        let words: Vec<String> = missing
            .map(|word| coded(language, "missing", word))
            .collect();
        line(format!(
            "{}: {}",
            say(language, "letter-missing"),
            words.join(", ")
        ));
    }
    line(say(language, "letter-unsaid"));
    text.truncate(text.trim_end().len());
    text
}

/// Who of the host state it is for, as the rule data name the authority, and how well they know it; never a guess.
fn authority(letter: &Letter<'_>, language: Language) -> String {
    let host = letter.fields.host_state;
    let known = letter.rulebook.state(host);
    let name = known.and_then(|state| match letter.fields.basis.form() {
        Form::Surveillance => state.art40_authority.as_ref(),
        Form::Pursuit => state.art41_contact.as_ref(),
        Form::JointPatrol | Form::OtherCrossing => None,
    });
    match known.zip(name) {
        Some((state, name)) => {
            let confidence = coded(language, "confidence", state.authority_confidence.as_str());
            let with = [
                ("host", host.as_str()),
                ("name", &**name),
                ("confidence", &confidence),
            ];
            say_with(language, "letter-authority", &with)
        }
        None => say_with(
            language,
            "letter-authority-unknown",
            &[("host", host.as_str())],
        ),
    }
}

/// What is said under a heading that the report knows too.
fn named(fields: &NoticeFields, language: Language) -> Vec<(&'static str, String)> {
    let name = format!("{} ({})", fields.name, fields.operation);
    let mut named = vec![
        ("operation", name),
        ("basis", coded(language, "basis", fields.basis.as_str())),
    ];
    if !fields.offence.is_empty() {
        named.push(("offence", fields.offence.to_string()));
    }
    named.push((
        "person-followed",
        coded(language, "category", fields.person_category.as_str()),
    ));
    let number = fields.authorisation.as_ref();
    named.extend(number.map(|number| ("authorisation", number.to_string())));
    let grounds = fields.grounds.as_ref();
    named.extend(grounds.map(|grounds| ("letter-grounds", grounds.to_string())));
    named
}

/// Who crossed, who is expected, and of whom it is taken back.
fn groups(crossings: &[NoticeCrossing]) -> [(&'static str, Vec<&NoticeCrossing>); 3] {
    let of = |is: fn(&NoticeCrossing) -> bool| crossings.iter().filter(|one| is(one)).collect();
    [
        ("letter-crossed", of(|one| !one.expected && !one.taken_back)),
        ("letter-expected", of(|one| one.expected && !one.taken_back)),
        ("letter-taken-back", of(|one| one.taken_back)),
    ]
}

/// `- HU-1 (vehicle, covert). Likely: 2027-03-16 11:33:17 UTC (12:33:17 HU, 13:33:17 RO). Earliest: … Place: 46.17000, 20.73000`
fn crossing(entry: &NoticeCrossing, letter: &Letter<'_>, language: Language) -> String {
    let mut what = coded(language, "unit", entry.kind.as_str());
    if let Some(marks) = entry.marks {
        let _ = write!(what, ", {}", coded(language, "marks", marks.as_str()));
    }
    let heading = |key| say(language, key);
    format!(
        "- {} ({what}). {}: {}. {}: {}. {}: {:.5}, {:.5}",
        entry.callsign,
        heading("likely"),
        moment(entry.likely, letter),
        heading("earliest"),
        moment(entry.earliest, letter),
        heading("place"),
        entry.point.lat(),
        entry.point.lon(),
    )
}

/// A moment in UTC to the second, and by the clocks of both states; of a state whose zone the rules do not know, nothing.
fn moment(at: Timestamp, letter: &Letter<'_>) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.as_millis()) else {
        return at.to_string();
    };
    let utc = instant.to_zoned(jiff::tz::TimeZone::UTC);
    let local = |state: State| {
        let zone = zone(letter.rulebook.state(state)?.time_zone.as_deref()?)?;
        let wall = instant.to_zoned(zone);
        let form = if wall.date() == utc.date() {
            "%H:%M:%S"
        } else {
            "%Y-%m-%d %H:%M:%S"
        };
        Some(format!("{} {state}", wall.strftime(form)))
    };
    let states = [letter.fields.requesting_state, letter.fields.host_state];
    let local: Vec<String> = states.into_iter().filter_map(local).collect();
    let utc = utc.strftime("%Y-%m-%d %H:%M:%S");
    if local.is_empty() {
        format!("{utc} UTC")
    } else {
        format!("{utc} UTC ({})", local.join(", "))
    }
}
