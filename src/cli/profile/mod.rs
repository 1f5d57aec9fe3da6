//! `limes profile`: makes keys, signs and checks the bilateral profile of two states, and shows its figures.

mod text;

use super::serve::profiles_of;
use super::{Context, WrongUsage};
use crate::domain::borders::Frontier;
use crate::domain::ids::State;
use crate::domain::law::profile::Profile;
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::rulebook::Rulebook;
use crate::service::app::real_now;
use crate::service::config::Config;
use crate::service::profiles::{Against, SignedProfiles, parse, read_document, signature_file};
use crate::service::ruledata;
use crate::service::signing::keys::PrivateKey;
use crate::wire::profile::show::{FigureWire, ProfileWire, figures};
use anyhow::{Context as _, ensure};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `limes profile …`.
#[derive(Debug, clap::Args)]
pub(super) struct ProfileArgs {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ProfileCommand {
    /// Make the key by which a state signs; the last line printed is its public key, for `profile.keys`.
    Key {
        /// The state, such as HU.
        state: String,
        /// Where to write the private key; the file must not exist.
        #[arg(long, value_name = "KEY")]
        out: PathBuf,
    },
    /// Sign a profile for one side: writes FILE.HU.sig beside it.
    Sign {
        /// The profile.
        file: PathBuf,
        /// The private key of `limes profile key`.
        #[arg(long, value_name = "KEY")]
        key: PathBuf,
    },
    /// Check a profile against the rules, and with --config its signatures too.
    Check {
        /// The profile.
        file: PathBuf,
        #[command(flatten)]
        from: From,
    },
    /// Show every figure of a pair of states, and where it comes from.
    Show {
        /// The pair, such as HU-RO.
        pair: String,
        #[command(flatten)]
        from: From,
        /// How to write it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Debug, clap::Args)]
struct From {
    /// The configuration of the service: its profiles, and the keys that they are checked by.
    #[arg(long, value_name = "F")]
    config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command: exit 0 when done, 1 for a profile that is refused.
///
/// # Errors
/// One sentence that names what to do.
pub(super) fn run(context: &Context, arguments: ProfileArgs) -> anyhow::Result<ExitCode> {
    let written = match arguments.command {
        ProfileCommand::Key { state, out } => make(&state, &out)?,
        ProfileCommand::Sign { file, key } => sign(&file, &key)?,
        ProfileCommand::Check { file, from } => check(context, &file, &from)?,
        ProfileCommand::Show { pair, from, format } => show(context, &pair, &from, format)?,
    };
    let mut out = std::io::stdout().lock();
    out.write_all(written.as_bytes())
        .and_then(|()| out.flush())
        .context("standard output cannot be written: check where it goes")?;
    Ok(ExitCode::SUCCESS)
}

fn make(state: &str, out: &Path) -> anyhow::Result<String> {
    let state = State::parse(state).map_err(|error| WrongUsage(error.to_string()))?;
    let public = PrivateKey::make(state, out)?;
    Ok(format!(
        "The private key of {state} is in {}: keep it from everybody else. Its public key, for `profile.keys` of both sides:\n{public}\n",
        out.display()
    ))
}

fn sign(file: &Path, key: &Path) -> anyhow::Result<String> {
    let text = read_document(file)?;
    let profile = parse(&file.display().to_string(), &text)?;
    let key = PrivateKey::read(key)?;
    let state = key.public().state;
    let (one, other) = profile.pair().states();
    ensure!(
        [one, other].contains(&state),
        "the key is of {state}, and the profile of {}: sign with a key of one of the two",
        profile.pair()
    );
    let signature = signature_file(file, state);
    std::fs::write(&signature, format!("{}\n", key.sign(text.as_bytes())))
        .with_context(|| format!("the signature cannot be written to {}", signature.display()))?;
    Ok(format!(
        "{state} signed the profile {} with SHA-256 {}: {}\n",
        profile.named(),
        profile.named().digest,
        signature.display()
    ))
}

fn check(context: &Context, file: &Path, from: &From) -> anyhow::Result<String> {
    let profile = parse(&file.display().to_string(), &read_document(file)?)?;
    let rulebook = rules(context, configuration(from)?.as_ref())?;
    let signatures = match configuration(from)? {
        Some(config) => {
            let against = Against {
                keys: &config.profile_keys,
                exercise: profile.parts().exercise,
                rulebook: &rulebook,
                now: real_now(),
            };
            SignedProfiles::read(&[file.to_owned()], against)?;
            "signed by both sides, and in force".to_owned()
        }
        None => unchecked(file, &profile, &rulebook)?,
    };
    Ok(format!(
        "profile {} with SHA-256 {}: no flaw found; {signatures}\n",
        profile.named(),
        profile.named().digest
    ))
}

/// Of a profile without keys to check its signatures by: whether it weakens the law, and whose signature lies there.
fn unchecked(file: &Path, profile: &Profile, rulebook: &Rulebook) -> anyhow::Result<String> {
    let weakened = profile.weakened(rulebook, real_now());
    let lines: Vec<String> = weakened
        .iter()
        .map(|flaw| format!("{}: {}: {}", file.display(), flaw.place, flaw.says))
        .collect();
    ensure!(lines.is_empty(), "{}", lines.join("\n"));
    let (one, other) = profile.pair().states();
    let sides = [one, other].map(|state| {
        let there = signature_file(file, state).exists();
        let word = if there { "there" } else { "missing" };
        format!("signature of {state} {word}")
    });
    Ok(format!(
        "{}; no signature was checked, for that name the configuration with --config",
        sides.join(", ")
    ))
}

fn show(context: &Context, pair: &str, from: &From, format: Format) -> anyhow::Result<String> {
    let pair = Frontier::parse(pair).map_err(|error| WrongUsage(error.to_string()))?;
    let profiles = match configuration(from)? {
        Some(config) => {
            let rulebook = rules(context, Some(&config))?;
            profiles_of(&config, &rulebook)?.profiles()
        }
        None => SignedProfiles::default().profiles(),
    };
    let profile = profiles.of_pair(pair).map(ProfileWire::from);
    let defaults: Vec<FigureWire> = figures(Figures::WORKFLOW);
    match format {
        Format::Text => Ok(text::table(pair, profile.as_ref(), &defaults)),
        Format::Json => {
            let json = match &profile {
                Some(profile) => serde_json::to_string_pretty(profile),
                None => serde_json::to_string_pretty(&defaults),
            };
            Ok(json.context("the profile cannot be written down")? + "\n")
        }
    }
}

fn configuration(from: &From) -> anyhow::Result<Option<Config>> {
    let read = |file: &PathBuf| {
        Config::read(Some(file), std::env::vars_os(), toml::Table::new())
            .map_err(|error| WrongUsage::of(&error))
    };
    from.config.as_ref().map(read).transpose()
}

fn rules(context: &Context, config: Option<&Config>) -> anyhow::Result<std::sync::Arc<Rulebook>> {
    let overlays = config.map_or(&[][..], |config| &config.overlays);
    ruledata::overlaid(context.border_data.as_deref(), overlays)
}

#[cfg(test)]
mod tests;
