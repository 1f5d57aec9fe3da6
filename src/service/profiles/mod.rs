//! Where profiles come from: files that both states signed, checked against the keys of the configuration and the rules.

pub mod kept;

use crate::domain::borders::ListedPoint;
use crate::domain::ids::State;
use crate::domain::law::profile::Profile;
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::service::signing::keys::{PublicKey, unhex};
use crate::wire::border_index::hex;
use crate::wire::profile::{self, KeptProfile, KeptSignature};
use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The profile of the built-in exercise, its signatures and the keys they are checked by. The private keys are gone: who
/// changes the profile makes new ones.
const EXERCISE: [&str; 4] = [
    include_str!("../../../border-data/profiles/hu-ro-exercise.toml"),
    include_str!("../../../border-data/profiles/hu-ro-exercise.toml.HU.sig"),
    include_str!("../../../border-data/profiles/hu-ro-exercise.toml.RO.sig"),
    include_str!("../../../border-data/profiles/exercise.keys"),
];

/// What profiles are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The keys of the states.
    pub keys: &'a [PublicKey],
    /// Whether the service runs an exercise: it takes profiles of exercises only, and a real one none of them.
    pub exercise: bool,
    /// The law: no number of it is weakened.
    pub rulebook: &'a Rulebook,
    /// Now.
    pub now: Timestamp,
}

/// A profile that both sides signed, and what proves it.
#[derive(Debug, Clone, PartialEq)]
struct Signed {
    profile: Profile,
    kept: KeptProfile,
}

/// The profiles that a service is started with: of each pair one, signed by both sides, in force.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignedProfiles(Vec<Signed>);

impl SignedProfiles {
    /// Reads files, each with the two signatures beside it, and checks all of it.
    ///
    /// # Errors
    /// One sentence for what is wrong first; of a document every line that is.
    pub fn read(files: &[PathBuf], against: Against<'_>) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        for file in files {
            let text = read_document(file)?;
            let profile = parse(&file.display().to_string(), &text)?;
            let signatures = signatures_beside(file, &profile)?;
            all.push(admitted(file, profile, (text, signatures), against)?);
        }
        Self::of(all)
    }

    /// The profile of the exercise that is built in.
    ///
    /// # Errors
    /// When it was broken before it was built in.
    pub fn of_exercise(rulebook: &Rulebook, now: Timestamp) -> anyhow::Result<Self> {
        let [text, hu, ro, keys] = EXERCISE;
        let keys: anyhow::Result<Vec<PublicKey>> = keys.lines().map(PublicKey::parse).collect();
        let name = Path::new("hu-ro-exercise.toml");
        let profile = parse("hu-ro-exercise.toml", text)?;
        let (one, other) = profile.pair().states();
        let signatures = BTreeMap::from([(one, hu.to_owned()), (other, ro.to_owned())]);
        let against = Against {
            keys: &keys?,
            exercise: true,
            rulebook,
            now,
        };
        let signed = admitted(name, profile, (text.to_owned(), signatures), against)?;
        Self::of(vec![signed])
    }

    fn of(all: Vec<Signed>) -> anyhow::Result<Self> {
        let profiles = all.iter().map(|signed| signed.profile.clone());
        if let Err(pair) = Profiles::new(profiles) {
            anyhow::bail!("two profiles of {pair}: name one file of each pair in `profile.files`");
        }
        Ok(Self(all))
    }

    /// The crossing points that they name.
    pub fn crossing_points(&self) -> impl Iterator<Item = ListedPoint> {
        let points = |signed: &Signed| signed.profile.parts().crossing_points.clone();
        self.0.iter().flat_map(points)
    }

    /// The profiles.
    #[must_use]
    pub fn profiles(&self) -> Profiles {
        let profiles = self.0.iter().map(|signed| signed.profile.clone());
        // Doubled pairs were refused.
        Profiles::new(profiles).unwrap_or_default()
    }
}

/// The text of a document.
///
/// # Errors
/// When it cannot be read.
pub fn read_document(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| {
        format!(
            "cannot read the profile {}: name a TOML file that both states signed",
            file.display()
        )
    })
}

/// The document, whoever signed it.
///
/// # Errors
/// Every flaw of it, one a line, each with its file and line.
pub fn parse(file: &str, text: &str) -> anyhow::Result<Profile> {
    let digest = hex(&Sha256::digest(text.as_bytes()));
    profile::read(file, text, digest.into()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(lines.join("\n"))
    })
}

/// The file of one side's signature of a document.
#[must_use]
pub fn signature_file(file: &Path, state: State) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{state}.sig"));
    name.into()
}

fn signatures_beside(file: &Path, profile: &Profile) -> anyhow::Result<BTreeMap<State, String>> {
    let (one, other) = profile.pair().states();
    let mut signatures = BTreeMap::new();
    for state in [one, other] {
        let beside = signature_file(file, state);
        let text = std::fs::read_to_string(&beside).with_context(|| {
            format!(
                "the profile {} is not signed by {state}: there is no {}; {state} makes it with `limes profile sign`",
                file.display(),
                beside.display()
            )
        })?;
        signatures.insert(state, text);
    }
    Ok(signatures)
}

/// A profile that both sides signed, that is in force and weakens no law.
fn admitted(
    file: &Path,
    profile: Profile,
    (text, signatures): (String, BTreeMap<State, String>),
    against: Against<'_>,
) -> anyhow::Result<Signed> {
    let shown = file.display();
    let mut kept = Vec::new();
    for (state, signature) in &signatures {
        let bytes: [u8; 64] = unhex(signature).with_context(|| {
            format!(
                "the signature of {shown} by {state} is not 128 hexadecimal digits: sign it again"
            )
        })?;
        let mut of_state = against
            .keys
            .iter()
            .filter(|key| key.state == *state)
            .peekable();
        ensure!(
            of_state.peek().is_some(),
            "no key of {state} is named in `profile.keys`: the signature of {shown} cannot be checked"
        );
        let key = of_state.find(|key| key.signed(text.as_bytes(), &bytes));
        let key = key.with_context(|| {
            format!("{shown} was not signed by a known key of {state}, or was changed since: have it signed again")
        })?;
        kept.push(KeptSignature {
            state: state.to_string(),
            key: key.digits(),
            signature: signature.trim().to_owned(),
        });
    }
    let named = profile.named();
    match (profile.parts().exercise, against.exercise) {
        (true, false) => anyhow::bail!(
            "{shown} is the profile of an exercise: a real service never rests on it, take it out of `profile.files`"
        ),
        (false, true) => {
            anyhow::bail!("{shown} is no profile of an exercise: an exercise never rests on it")
        }
        (true, true) | (false, false) => {}
    }
    ensure!(
        against.now < profile.ends(),
        "the profile {named} in {shown} ended on {}: have the next one signed",
        profile.parts().until
    );
    ensure!(
        profile.is_in_force(against.now),
        "the profile {named} in {shown} is in force only from {}",
        profile.parts().from
    );
    let weakened = profile.weakened(against.rulebook, against.now);
    ensure!(
        weakened.is_empty(),
        "{}",
        weakened
            .iter()
            .map(|flaw| format!("{shown}: {}: {}", flaw.place, flaw.says))
            .collect::<Vec<_>>()
            .join("\n")
    );
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(with_signatures(
        profile,
        KeptProfile::new(name.into_owned(), text, kept),
    )?)
}

/// A profile with its signatures noted on it.
fn with_signatures(
    profile: Profile,
    kept: KeptProfile,
) -> Result<Signed, crate::domain::ids::IdError> {
    let mut signed: BTreeMap<State, Arc<str>> = BTreeMap::new();
    for one in &kept.signatures {
        signed.insert(State::parse(&one.state)?, one.key.as_str().into());
    }
    Ok(Signed {
        profile: profile.signed(signed),
        kept,
    })
}

#[cfg(test)]
mod tests;
