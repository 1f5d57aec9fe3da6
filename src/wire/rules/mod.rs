//! Rule data: TOML to the domain's rulebook, and a row back to JSON.

mod convert;
pub mod documents;
mod overlay;
pub mod show;

use crate::domain::law::rulebook::{Parts, Rulebook};
use convert::Reader;
use documents::Document;
use overlay::Overlays;
use std::collections::BTreeMap;

/// One file of rule data.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Its name, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// All files of a rulebook in one, as they are kept.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundle {
    format: u32,
    files: Vec<RuleFile>,
    overlays: Vec<RuleFile>,
}

/// The format of kept rules.
const BUNDLE_FORMAT: u32 = 1;

/// Writes all files of a rulebook as one text.
///
/// # Errors
/// Never for texts.
pub fn bundle(files: &[RuleFile], overlays: &[RuleFile]) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Bundle {
        format: BUNDLE_FORMAT,
        files: files.to_vec(),
        overlays: overlays.to_vec(),
    })
}

/// Reads what [`bundle`] wrote: the files and the overlays.
///
/// # Errors
/// When it is damaged, or of a format that this version does not know.
pub fn unbundle(text: &str) -> Result<(Vec<RuleFile>, Vec<RuleFile>), serde_json::Error> {
    let bundle: Bundle = serde_json::from_str(text)?;
    if bundle.format == BUNDLE_FORMAT {
        Ok((bundle.files, bundle.overlays))
    } else {
        Err(<serde_json::Error as serde::de::Error>::custom(format!(
            "format {} is not known to this version",
            bundle.format
        )))
    }
}

/// What is wrong with rule data, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {says}")]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The row and key, what is wrong, and what to do.
    pub says: String,
}

/// Reads and checks all files as one rulebook, with the overlays of legal services laid over its rows.
///
/// # Errors
/// Every [`Problem`] found. A file that does not parse names its first problem only.
pub fn read(files: &[RuleFile], overlays: &[RuleFile]) -> Result<Rulebook, Vec<Problem>> {
    let mut laid = Overlays::default();
    for file in overlays {
        laid.take(file);
    }
    let mut problems = std::mem::take(&mut laid.problems);
    let mut documents = Vec::new();
    for file in files {
        match parse(file) {
            Ok(document) => documents.push((file.name.as_str(), document)),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut reader = Reader::default();
    let parts = reader.parts(&documents, &mut laid);
    match (parts, reader.problems.is_empty()) {
        (Some(parts), true) => bind(parts, &reader.files),
        (None, true) => Err(vec![Problem {
            file: "rule data".to_owned(),
            says: "incomplete: no table could be read".to_owned(),
        }]),
        (_, false) => Err(reader.problems),
    }
}

/// Binds the parts; a flaw is told with the file of its place.
fn bind(parts: Parts, files: &BTreeMap<String, String>) -> Result<Rulebook, Vec<Problem>> {
    Rulebook::new(parts).map_err(|flaws| {
        flaws
            .into_iter()
            .map(|flaw| Problem {
                file: files
                    .get(&flaw.place)
                    .cloned()
                    .unwrap_or_else(|| "rule data".to_owned()),
                says: flaw.to_string(),
            })
            .collect()
    })
}

/// Parses one file.
///
/// # Errors
/// A [`Problem`] with the line, the row and, for a key that does not exist, the nearest that does.
pub fn parse(file: &RuleFile) -> Result<Document, Problem> {
    toml::from_str(&file.text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let before = file.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Problem {
            file: file.name.clone(),
            says: format!(
                "line {line}{}: {}",
                row_around(&file.text, offset),
                with_nearest(error.message())
            ),
        }
    })
}

/// ` (pair RO HU)`: the table of a list that an offset lies in, with the values that name it.
fn row_around(text: &str, offset: usize) -> String {
    let upto = text
        .get(offset..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |end| offset + end);
    let Some(start) = text.get(..upto).and_then(|before| before.rfind("[[")) else {
        return String::new();
    };
    let mut lines = text[start..].lines();
    let table = lines.next().unwrap_or_default();
    let names: Vec<&str> = lines
        .take_while(|line| !line.starts_with("[["))
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(key.trim(), "territory" | "from" | "iso" | "id"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .collect();
    let kind = table.trim_start_matches('[').split(']').next();
    format!(" ({} {})", kind.unwrap_or_default(), names.join(" from "))
}

/// Adds the nearest key to the message of an unknown one: ``unknown field `x`, expected one of `a`, `b` ``.
pub(in crate::wire) fn with_nearest(message: &str) -> String {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match words.split_first() {
        Some((wrong, keys)) if message.starts_with("unknown field") => {
            let nearest = nearest(wrong, keys.iter().copied());
            format!("no key `{wrong}` here{nearest}")
        }
        _ => message.trim().replace('\n', ", "),
    }
}

/// `; did you mean `x`?` for the word most like the wrong one, when any is like it.
pub(in crate::wire) fn nearest<'a>(wrong: &str, words: impl Iterator<Item = &'a str>) -> String {
    words
        .map(|word| (strsim::jaro_winkler(wrong, word), word))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map_or_else(String::new, |(_, word)| format!("; did you mean `{word}`?"))
}

#[cfg(test)]
mod tests;
