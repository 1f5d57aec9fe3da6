//! Every profile that an operation rests on is kept in the data folder with both signatures, in a file named by its
//! digest: also after another has taken its place.

use super::{Signed, SignedProfiles, parse, with_signatures};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::profile::{Profile, ProfileVersion};
use crate::service::datadir::{DataDir, Kept};
use crate::service::signing::keys::{PublicKey, unhex};
use crate::wire::profile::KeptProfile;
use anyhow::{Context as _, ensure};
use std::collections::BTreeSet;

/// The folder of kept profiles in the data folder.
const PROFILES: Kept = Kept("profiles");

/// Keeps the profiles, durable before anything is decided with them.
///
/// # Errors
/// When a file cannot be written.
pub fn keep(data: &DataDir, profiles: &SignedProfiles) -> anyhow::Result<()> {
    for Signed { profile, kept } in &profiles.0 {
        let digest = &profile.named().digest;
        let text = kept.to_text().context("a profile cannot be written down")?;
        PROFILES.keep(data, digest, &text).with_context(|| {
            format!(
                "the profile cannot be kept as {}: give this user the right to write there",
                PROFILES.path(data, digest).display()
            )
        })?;
    }
    Ok(())
}

/// The profiles with the earlier ones that are still named in the records.
///
/// # Errors
/// When one of them is missing, damaged or cannot be read: one sentence that names the file.
pub fn with_earlier(
    data: &DataDir,
    profiles: &SignedProfiles,
    named: &BTreeSet<ProfileVersion>,
) -> anyhow::Result<Profiles> {
    let profiles = profiles.profiles();
    let mut earlier = Vec::new();
    for wanted in named {
        if profiles.find(wanted).is_some() {
            continue;
        }
        let path = PROFILES.path(data, &wanted.digest);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "an operation rests on the profile {wanted} in {}, which cannot be read: put the file back from a backup of this folder",
                path.display()
            )
        })?;
        let profile = read_kept(&text).with_context(|| {
            format!(
                "{} is damaged: put the file back from a backup of this folder",
                path.display()
            )
        })?;
        ensure!(
            profile.named() == wanted,
            "{} is not the profile {wanted} that it is named for: put the file back from a backup of this folder",
            path.display()
        );
        earlier.push(profile);
    }
    Ok(profiles.keeping(earlier))
}

/// A kept profile: still the bytes that both sides signed.
fn read_kept(text: &str) -> anyhow::Result<Profile> {
    let kept = KeptProfile::parse(text)?;
    let profile = parse(&kept.name, &kept.text)?;
    let (one, other) = profile.pair().states();
    for state in [one, other] {
        let proven = kept.signatures.iter().any(|signature| {
            let key = PublicKey::parse(&format!("{}:{}", signature.state, signature.key));
            let bytes = unhex::<64>(&signature.signature);
            key.is_ok_and(|key| {
                key.state == state
                    && bytes.is_some_and(|bytes| key.signed(kept.text.as_bytes(), &bytes))
            })
        });
        ensure!(proven, "the signature of {state} does not fit");
    }
    Ok(with_signatures(profile, kept)?.profile)
}

/// Copies the kept profiles into another data folder.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy(from: &DataDir, to: &DataDir) -> anyhow::Result<()> {
    let folder = from.file(PROFILES.0);
    PROFILES
        .copy(from, to)
        .with_context(|| format!("the kept profiles in {} cannot be copied", folder.display()))
}
