//! `limes locate`: in which state do positions lie?

use super::Context;
use std::process::ExitCode;

/// `limes locate …`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Degrees north.
    #[arg(allow_hyphen_values = true, requires = "lon")]
    lat: Option<f64>,
    /// Degrees east.
    #[arg(allow_hyphen_values = true)]
    lon: Option<f64>,
}

/// Runs it.
///
/// # Errors
/// When border data or a line cannot be read.
pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let atlas = crate::service::borderdata::atlas(context.border_data.as_deref())?;
    if let (Some(lat), Some(lon)) = (arguments.lat, arguments.lon) {
        let p = crate::domain::measure::Position::new(lat, lon)?;
        println!(
            "{:?}",
            atlas.locate_with_accuracy(p, crate::domain::measure::Metres::new(15.0))
        );
    }
    Ok(ExitCode::SUCCESS)
}
