//! Where the rule data comes from: built in or a folder, with overlays of legal services.

pub mod kept;

use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::kept::Written;
use crate::wire::rules::{self, Problem, RuleFile};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names a file of `border-data/law` together with its text.
macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../border-data/law/", $name)))),+]
    };
}

/// The rule data built in.
const BUILT_IN: &[(&str, &str)] = built_in![
    "convention.toml",
    "offences.toml",
    "other-crossings.toml",
    "pairs-benelux.toml",
    "pairs-bilateral.toml",
    "pairs-convention-and-bilateral.toml",
    "pairs-convention.toml",
    "pairs-none-found.toml",
    "pairs-southeast-europe.toml",
    "sources.toml",
    "states.toml",
];

/// The rulebook, from `law/*.toml` of a border-data folder, or built in.
///
/// # Errors
/// When the folder cannot be read, or the data has flaws: every flaw is named.
pub fn rulebook(border_data: Option<&Path>) -> anyhow::Result<Arc<Rulebook>> {
    overlaid(border_data, &[])
}

/// The same with overlays of legal services laid over its rows.
///
/// # Errors
/// As [`rulebook`]; of an overlay too every flaw is named, with its file, row and key.
pub fn overlaid(border_data: Option<&Path>, overlays: &[PathBuf]) -> anyhow::Result<Arc<Rulebook>> {
    let overlays: anyhow::Result<Vec<RuleFile>> =
        overlays.iter().map(|path| overlay(path)).collect();
    let (files, overlays) = (files(border_data)?, overlays?);
    match rules::read(&files, &overlays) {
        Ok(rulebook) => Ok(Arc::new(rulebook.written_as(written(&files, &overlays)?))),
        Err(problems) => Err(anyhow::anyhow!(told(&problems))),
    }
}

/// All that a rulebook was read from, in one text. Of an overlay the name is kept without its folder.
fn written(files: &[RuleFile], overlays: &[RuleFile]) -> anyhow::Result<Written> {
    let overlays: Vec<RuleFile> = overlays
        .iter()
        .map(|file| RuleFile {
            name: Path::new(&file.name)
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            text: file.text.clone(),
        })
        .collect();
    let text = rules::bundle(files, &overlays).context("the rules cannot be written down")?;
    Ok(as_written(text))
}

fn as_written(text: String) -> Written {
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = String::new();
    for byte in digest {
        let _ = write!(hex, "{byte:02x}");
    }
    Written {
        digest: hex.into(),
        text: text.into(),
    }
}

/// A rulebook that was kept.
fn read_bundle(text: &str) -> anyhow::Result<Rulebook> {
    let (files, overlays) = rules::unbundle(text).context("the kept rules are damaged")?;
    let rulebook = rules::read(&files, &overlays)
        .map_err(|problems| anyhow::anyhow!("kept rules: {}", told(&problems)))?;
    Ok(rulebook.written_as(as_written(text.to_owned())))
}

/// The file of an overlay; a message names it as it was given.
fn overlay(path: &Path) -> anyhow::Result<RuleFile> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read the overlay {}: name a TOML file of a legal service",
            path.display()
        )
    })?;
    Ok(RuleFile {
        name: path.display().to_string(),
        text,
    })
}

/// All problems, one a line.
fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The files of rule data, by name.
fn files(border_data: Option<&Path>) -> anyhow::Result<Vec<RuleFile>> {
    let Some(folder) = border_data else {
        let built_in = BUILT_IN.iter().map(|(name, text)| RuleFile {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        });
        return Ok(built_in.collect());
    };
    let folder = folder.join("law");
    let unreadable = || {
        format!(
            "cannot read rule data in {}: name a folder that holds law/*.toml",
            folder.display()
        )
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let text = std::fs::read_to_string(&path).with_context(|| {
                format!(
                    "cannot read {}: check that it is readable text",
                    path.display()
                )
            })?;
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push(RuleFile { name, text });
        }
    }
    anyhow::ensure!(
        !files.is_empty(),
        "no rule data in {}: name a folder that holds law/*.toml",
        folder.display()
    );
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
mod tests;
