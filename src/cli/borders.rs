//! `limes borders check|info|build`: what decisions about place rest on.

use super::Context;
use crate::service::borderdata::{BorderFiles, INDEX_NAME};
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// `limes borders …`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Write the compact index that every start reads, made from the published files of a folder.
    Build {
        /// The folder with MANIFEST.toml and the published files.
        folder: PathBuf,
    },
}

/// Runs it.
///
/// # Errors
/// When the border data cannot be read.
pub(super) fn run(_context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Build { folder } => {
            let files = BorderFiles::open(Some(folder))?;
            let bytes = files.build_index()?;
            let path = folder.join(INDEX_NAME);
            std::fs::write(&path, &bytes)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            eprintln!(
                "{}: {} bytes for {}",
                path.display(),
                bytes.len(),
                files.border_set()?
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}
