//! `limes serve`: the service.

use super::{Context, WrongUsage};
use crate::domain::law::rulebook::Rulebook;
use crate::service::app::{self, Settings};
use crate::service::clock::Clock;
use crate::service::config::Config;
use crate::service::profiles::{Against, SignedProfiles};
use crate::service::{borderdata, ruledata, telemetry};
use crate::wire::live::ModeWire;
use anyhow::Context as _;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use toml::{Table, Value};

/// `limes serve …`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Read the configuration from this file
    #[arg(long, value_name = "F")]
    config: Option<PathBuf>,
    /// Where to listen
    #[arg(long, value_name = "A")]
    listen: Option<SocketAddr>,
    /// The data folder
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A proxy stands before the service and ends TLS. The session's cookie is for TLS only, unless the proxy says
    /// X-Forwarded-Proto: http
    #[arg(long)]
    behind_proxy: bool,
    /// Read all that it names, print the effective configuration, and end
    #[arg(long)]
    check_config: bool,
}

/// Runs `limes serve …` until it is told to end.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(context: &Context, args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let config = Config::read(args.config.as_deref(), std::env::vars_os(), flags(args))
        .map_err(|error| WrongUsage::of(&error))?;
    let atlas = borderdata::atlas(context.border_data.as_deref())?;
    let crossing_points =
        borderdata::crossing_points(config.crossing_points_file.as_deref(), &atlas)
            .map_err(|error| WrongUsage::of(&error))?;
    let rulebook = ruledata::overlaid(context.border_data.as_deref(), &config.overlays)
        .map_err(|error| WrongUsage::of(&error))?;
    let profiles = profiles_of(&config, &rulebook).map_err(|error| WrongUsage::of(&error))?;
    let crossing_points = crossing_points
        .with(&atlas, profiles.crossing_points())
        .map_err(|error| WrongUsage::of(&error.into()))?;
    if args.check_config {
        print!("{}", config.to_text()?);
        return Ok(ExitCode::SUCCESS);
    }
    telemetry::begin();
    let settings = Settings {
        listen: config.listen,
        data: config.data,
        atlas,
        crossing_points: Arc::new(crossing_points),
        rulebook,
        profiles,
        clock: Clock::real(),
        mode: ModeWire {
            exercise: false,
            name: None,
            rate: 1.0,
        },
        gate: config.gate,
        http: config.http,
        keep_every: config.keep_every,
        least_free_mib: config.least_free_mib,
        ingest: config.ingest,
        sessions: config.sessions,
        behind_proxy: config.behind_proxy,
        tls: config.tls,
        outbox: config.outbox,
        link: config.link,
    };
    runtime()?.block_on(async {
        let secure = settings.tls.is_some();
        let running = app::start(settings).await?;
        announce(&running, secure);
        ended().await?;
        tracing::info!("ending: what was taken is recorded and answered");
        running.stop().await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The profiles of a configuration: those of a real service.
pub(super) fn profiles_of(config: &Config, rulebook: &Rulebook) -> anyhow::Result<SignedProfiles> {
    let against = Against {
        keys: &config.profile_keys,
        exercise: false,
        rulebook,
        now: app::real_now(),
    };
    SignedProfiles::read(&config.profiles, against)
}

fn flags(args: &ServeArgs) -> Table {
    let mut table = Table::new();
    if let Some(listen) = args.listen {
        table.insert("listen".to_owned(), Value::String(listen.to_string()));
    }
    if let Some(data) = &args.data {
        table.insert("data".to_owned(), Value::String(data.display().to_string()));
    }
    if args.behind_proxy {
        table.insert("behind_proxy".to_owned(), Value::Boolean(true));
    }
    table
}

/// The runtime of a service.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no threads for the service")
}

/// Says where the service answers. The first words are relied upon by those who start it.
pub(super) fn announce(running: &app::Running, secure: bool) {
    let scheme = if secure { "https" } else { "http" };
    println!("Listening on {scheme}://{}", running.address());
    let picture = running.registry.picture();
    if picture.rooms().next().is_none() {
        println!(
            "No room yet. Add one: limes room add ROOM --state XX, then limes account add NAME --room ROOM --role operator"
        );
    }
}

/// Waits until the process is told to end.
pub(super) async fn ended() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .context("the end signal cannot be waited for")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("the end signal cannot be waited for"),
        _ = terminate.recv() => Ok(()),
    }
}
