//! Every set of rules that decided anything is kept in the data folder, in a file named by its digest: an operation that
//! was opened with it rests on it also after a newer Limes has started.

use super::read_bundle;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::law::rulebook::kept::RulesVersion;
use crate::service::datadir::{DataDir, Kept};
use anyhow::Context as _;
use std::collections::BTreeSet;

/// The folder of kept rules in the data folder.
const RULES: Kept = Kept("rules");

/// Keeps the rules, durable before anything is decided with them. Rules that were put together without a text are not
/// kept.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(data: &DataDir, rulebook: &Rulebook) -> anyhow::Result<()> {
    let Some(written) = rulebook.written() else {
        return Ok(());
    };
    let kept = RULES.keep(data, &written.digest, &written.text);
    kept.with_context(|| {
        format!(
            "the rules cannot be kept as {}: give this user the right to write there",
            RULES.path(data, &written.digest).display()
        )
    })
}

/// The rules with the earlier ones that are still named in the records.
///
/// # Errors
/// When one of them is missing, damaged or cannot be read: one sentence that names the file.
pub fn with_earlier(
    data: &DataDir,
    rulebook: &Rulebook,
    named: &BTreeSet<RulesVersion>,
) -> anyhow::Result<Rulebook> {
    let mut earlier = Vec::new();
    for wanted in named {
        if rulebook.find(wanted).is_some() {
            continue;
        }
        let path = RULES.path(data, &wanted.digest);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "an operation rests on rules v{} in {}, which cannot be read: put the file back from a backup of this folder",
                wanted.version,
                path.display()
            )
        })?;
        let read = read_bundle(&text)?;
        anyhow::ensure!(
            read.named().as_ref() == Some(wanted),
            "{} is not the rules v{} that it is named for: put the file back from a backup of this folder",
            path.display(),
            wanted.version
        );
        earlier.push(read);
    }
    Ok(rulebook.clone().keeping(earlier))
}

/// Copies the kept rules into another data folder.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy(from: &DataDir, to: &DataDir) -> anyhow::Result<()> {
    let folder = from.file(RULES.0);
    RULES
        .copy(from, to)
        .with_context(|| format!("the kept rules in {} cannot be copied", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::ruledata;

    const OVERLAY: &str = "[overlay]\nstate = \"RO\"\nlegal_service = \"Legal service\"\nreference = \"1/2026\"\ndate = 2026-01-02\n\
        [[pair]]\nterritory = \"RO\"\nfrom = \"HU\"\nvalid_from = 2026-01-02\nconfidence = \"high\"\n\
        [pair.surveillance]\nconsent_hours = 3\n";

    fn folder() -> (tempfile::TempDir, DataDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataDir::existing(folder.path()).expect("a data folder");
        (folder, data)
    }

    fn overlaid() -> std::sync::Arc<Rulebook> {
        let (folder, _) = folder();
        let file = folder.path().join("ro.toml");
        std::fs::write(&file, OVERLAY).expect("written");
        ruledata::overlaid(None, &[file]).expect("sound")
    }

    #[test]
    fn what_is_kept_is_read_again_as_it_was_with_its_overlays_and_from_a_copy_too() {
        let ((_one, from), (_other, to)) = (folder(), folder());
        let earlier = overlaid();
        keep(&from, &earlier).expect("kept");
        keep(&from, &earlier).expect("kept already");
        copy(&from, &to).expect("copied");
        let named = earlier.named().expect("a name");
        let now = ruledata::rulebook(None).expect("built in");
        assert_ne!(now.named(), Some(named.clone()));
        for data in [from, to] {
            let with = with_earlier(&data, &now, &BTreeSet::from([named.clone()]));
            let with = with.expect("at hand");
            assert_eq!(with.of(Some(&named)), &*earlier);
            assert_eq!(with.of(None).named(), now.named());
        }
    }

    #[test]
    fn rules_of_now_need_no_file() {
        let (_folder, data) = folder();
        let now = ruledata::rulebook(None).expect("built in");
        let named = BTreeSet::from([now.named().expect("a name")]);
        assert!(with_earlier(&data, &now, &named).is_ok());
    }

    #[test]
    fn the_folder_of_an_overlay_does_not_change_which_rules_these_are() {
        assert_eq!(overlaid().named(), overlaid().named());
    }
}
