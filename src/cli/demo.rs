//! `limes demo`: two rooms, units, drones and the exercise, in laps until stopped.

use super::Context;
use super::serve::{announce, ended, runtime};
use crate::domain::borders::CrossingPoints;
use crate::domain::exercise::Scenario;
use crate::service::app::{self, Settings};
use crate::service::clock::Clock;
use crate::service::config::Config;
use crate::service::datadir::DataDir;
use crate::service::exercise::{LapMark, PASSWORD, Player, Stage, Tokens, nagylak_27, seed};
use crate::service::http::HttpLimits;
use crate::service::link::LinkSettings;
use crate::service::outbox::OutboxSettings;
use crate::service::profiles::SignedProfiles;
use crate::service::registry::Registry;
use crate::service::{borderdata, ruledata, telemetry};
use crate::wire::live::ModeWire;
use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::watch;

/// How fast an exercise clock may run.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=60.0;

/// `limes demo …`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to listen: a loopback address
    #[arg(long, value_name = "A", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keep the exercise's records in this folder (empty, or its own); else they go with the demo
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How fast the exercise clock runs, 0.1 to 60
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    speed: f64,
    /// Where each lap begins
    #[arg(long, value_enum, default_value_t = Mark::Line)]
    from: Mark,
}

/// Where a lap begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mark {
    /// An hour before the frontier, just before the notice that a crossing is coming goes out
    Notice,
    /// 27 minutes before it, just before the hand-over is proposed
    Proposal,
    /// Two minutes before it, with the hand-over agreed
    Line,
}

/// Runs `limes demo …` until it is told to end.
///
/// # Errors
/// One sentence that names what to do.
pub fn run(context: &Context, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    if let Err(wrong) = check(args) {
        eprintln!("limes: {wrong:#}");
        return Ok(ExitCode::from(2));
    }
    telemetry::begin();
    let scenario = Arc::new(nagylak_27().context("the built-in exercise is damaged")?);
    let folder = Folder::choose(args.data.as_deref())?;
    let tokens = register(folder.path(), &scenario)?;
    let atlas = borderdata::atlas(context.border_data.as_deref())?;
    let crossing_points = CrossingPoints::laid(&atlas, scenario.crossing_points.iter().cloned())
        .context("the crossing points of the exercise do not lie on these borders")?;
    let config = Config::read(None, std::iter::empty(), toml::Table::new())?;
    let rulebook = ruledata::rulebook(context.border_data.as_deref())?;
    let settings = Settings {
        listen: args.listen,
        data: folder.path().to_owned(),
        atlas,
        crossing_points: Arc::new(crossing_points),
        profiles: SignedProfiles::of_exercise(&rulebook, app::real_now())
            .context("the profile of the exercise")?,
        rulebook,
        clock: Clock::exercise(args.speed),
        mode: ModeWire {
            exercise: true,
            name: Some(scenario.name.to_string()),
            rate: args.speed,
        },
        gate: config.gate,
        http: HttpLimits::default(),
        keep_every: config.keep_every,
        least_free_mib: config.least_free_mib,
        ingest: config.ingest,
        sessions: config.sessions,
        behind_proxy: false,
        tls: None,
        // The demo plays to nobody outside.
        outbox: OutboxSettings::default(),
        link: LinkSettings::default(),
    };
    runtime()?.block_on(async {
        let running = app::start(settings).await?;
        announce(&running, false);
        introduce(&scenario, args);
        let (stop, stopped) = watch::channel(false);
        let stage = Stage::of(&running, tokens);
        let player = Player::new(stage, scenario, stopped, teller());
        let from = args.from.mark();
        let playing = tokio::spawn(async move { player.play(&from).await });
        ended().await?;
        stop.send_replace(true);
        playing.await.context("the exercise ended by a fault")?;
        running.stop().await?;
        Ok(ExitCode::SUCCESS)
    })
}

impl Mark {
    fn mark(self) -> LapMark {
        LapMark(match self {
            Self::Notice => "notice".into(),
            Self::Proposal => "proposal".into(),
            Self::Line => "line".into(),
        })
    }
}

fn check(args: &DemoArgs) -> anyhow::Result<()> {
    ensure!(
        args.listen.ip().is_loopback(),
        "the demo answers on loopback only, and {} is none: its passwords are known to everybody",
        args.listen.ip()
    );
    ensure!(
        SPEEDS.contains(&args.speed),
        "--speed {} is not between {} and {}",
        args.speed,
        SPEEDS.start(),
        SPEEDS.end()
    );
    Ok(())
}

/// Registers the exercise in its folder, before the service opens it.
fn register(folder: &Path, scenario: &Scenario) -> anyhow::Result<Tokens> {
    let data = DataDir::create(folder)?;
    data.keep_apart(Some(&scenario.name))?;
    let registry = Registry::open(&data)?;
    Ok(seed(&registry, scenario, app::real_now())?)
}

fn introduce(scenario: &Scenario, args: &DemoArgs) {
    let names: Vec<&str> = scenario
        .accounts
        .iter()
        .map(|account| account.account.as_str())
        .collect();
    println!(
        "EXERCISE {} at speed {}: {}",
        scenario.name, args.speed, scenario.description
    );
    println!("Log in as {}; password {PASSWORD}", names.join(", "));
}

/// Progress on a terminal, none otherwise.
fn teller() -> Box<dyn Fn(String) + Send + Sync> {
    if std::io::stderr().is_terminal() {
        Box::new(|line| eprintln!("{line}"))
    } else {
        Box::new(|_| {})
    }
}

/// Where the records of the exercise lie.
enum Folder {
    /// Kept.
    Kept(PathBuf),
    /// Gone with the demo.
    Passing(PathBuf),
}

impl Folder {
    fn choose(named: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(named) = named {
            return Ok(Self::Kept(named.to_owned()));
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random).context("the system gives no random numbers")?;
        let name = format!("limes-demo-{:016x}", u64::from_be_bytes(random));
        Ok(Self::Passing(std::env::temp_dir().join(name)))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::Passing(path) => path,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Self::Passing(path) = self {
            // A folder that cannot be removed is the system's to clear.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}
