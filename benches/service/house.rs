//! One service under test: its process, its data folder, and who may speak.

use anyhow::{Context as _, ensure};
use limes::domain::ids::{AccountId, RoomId, State, UnitId};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::registry_change::{AccountCard, Author, Holder};
use limes::domain::rights::Role;
use limes::service::auth::passwords;
use limes::service::datadir::DataDir;
use limes::service::registry::{Made, Registry, RegistryError};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Units of those who send as fast as they can.
pub(crate) const UNITS: usize = 4_000;
/// More units, of the one who sends at a steady rate: numbered on from [`UNITS`].
pub(crate) const STEADY_UNITS: usize = 2_000;
const ACCOUNT: &str = "budapest";
const PASSWORD: &str = "a bench's password";
/// Long enough for a loaded machine.
const READY_MAX: Duration = Duration::from_mins(1);

/// Commits: how many there were, and how many took more than 4 ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commits {
    pub(crate) all: (u64, u64),
    /// Those of them while a snapshot was being made or kept.
    pub(crate) beside_snapshot: (u64, u64),
}

impl Commits {
    pub(crate) fn since(self, before: Self) -> Self {
        let less = |now: (u64, u64), then: (u64, u64)| (now.0 - then.0, now.1 - then.1);
        Self {
            all: less(self.all, before.all),
            beside_snapshot: less(self.beside_snapshot, before.beside_snapshot),
        }
    }
}

/// A service that runs.
pub(crate) struct House {
    child: Child,
    /// Kept open: the service says more than its address.
    _stdout: BufReader<ChildStdout>,
    pub(crate) address: String,
    pub(crate) folder: TempDir,
    /// The gateway's token.
    pub(crate) gateway: String,
    /// A log-in.
    pub(crate) session: String,
}

impl Drop for House {
    fn drop(&mut self) {
        // One that has ended is no longer there to be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl House {
    /// On an empty folder: the service, and how long it took until it was ready.
    pub(crate) async fn empty() -> anyhow::Result<(Self, Duration)> {
        Self::start(tempfile::tempdir()?, String::new()).await
    }

    /// With a room, its units, a gateway and somebody who looks.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let gateway = register(folder.path())?;
        let (mut house, _) = Self::start(folder, gateway).await?;
        house.session = log_in(&house.address).await?;
        Ok(house)
    }

    async fn start(folder: TempDir, gateway: String) -> anyhow::Result<(Self, Duration)> {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_limes"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .env("LIMES_CONF_INGEST__FIXES_PER_S", "10000000")
            .env("LIMES_CONF_INGEST__REQUESTS_PER_S", "100000")
            .env("LIMES_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("the service has an output")?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit_once("http://")
            .context("the service says where it listens")?
            .1
            .to_owned();
        let house = Self {
            child,
            _stdout: stdout,
            address,
            folder,
            gateway,
            session: String::new(),
        };
        let ready = format!("http://{}/readyz", house.address);
        loop {
            let answer = reqwest::get(&ready).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok((house, began.elapsed()));
            }
            ensure!(began.elapsed() < READY_MAX, "the service is not ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The process's id.
    pub(crate) fn process(&self) -> String {
        self.child.id().to_string()
    }

    /// Processor time that the service has used, all threads: in steps of 10 ms.
    pub(crate) fn processor_time(&self) -> Duration {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let ticks: u64 = text
            .unwrap_or_default()
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// What the service counts of its commits.
    pub(crate) async fn commits(&self) -> anyhow::Result<Commits> {
        let address = format!("http://{}/metrics", self.address);
        let text = reqwest::get(address).await?.text().await?;
        let of = |name: &str| {
            let value = |rest: &str| {
                let name = format!("limes_desk_{name}_seconds_{rest} ");
                let line = text.lines().find_map(|line| line.strip_prefix(&name));
                line.and_then(|value| value.parse::<f64>().ok())
                    .map_or(0, |value| value as u64)
            };
            // A bucket counts what lies below its bound.
            let all = value("count");
            (all, all - value(r#"bucket{le="0.004"}"#))
        };
        Ok(Commits {
            all: of("commit"),
            beside_snapshot: of("commit_beside_snapshot"),
        })
    }

    /// Ends the service.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

/// The id of a unit.
pub(crate) fn unit(index: usize) -> String {
    format!("HU-{index}")
}

fn register(folder: &Path) -> anyhow::Result<String> {
    let registry = Registry::open(&DataDir::create(folder)?)?;
    let (room, state) = (RoomId::parse("budapest")?, State::parse("HU")?);
    let account = AccountId::parse(ACCOUNT)?;
    let password = passwords::hash(&account, PASSWORD)?;
    let now = limes::service::app::real_now();
    let made = Made {
        by: Author::OsUser("bench".into()),
        at: now,
    };
    let units: Vec<UnitId> = (0..UNITS + STEADY_UNITS)
        .map(|index| UnitId::parse(&unit(index)))
        .collect::<Result<_, _>>()?;
    let expires: Timestamp = now.plus(Span::from_hours(24));
    let token = registry.change(&made, |writer| -> Result<_, RegistryError> {
        writer.add_room(RoomCard {
            room: room.clone(),
            state,
        })?;
        for (index, id) in units.into_iter().enumerate() {
            writer.add_unit(UnitCard {
                id,
                room: room.clone(),
                state,
                kind: UnitKind::Vehicle,
                callsign: format!("Car {index}").into(),
                marks: None,
            })?;
        }
        let card = AccountCard {
            account,
            room: room.clone(),
            role: Role::Operator,
        };
        writer.add_account(card, &password)?;
        writer.create_token(&Holder::Gateway(room.clone()), expires)
    })?;
    Ok(token.secret.reveal().to_owned())
}

async fn log_in(address: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({"account": ACCOUNT, "password": PASSWORD});
    let answer = reqwest::Client::new()
        .post(format!("http://{address}/api/v1/sessions"))
        .json(&body)
        .send()
        .await?
        .error_for_status()?;
    let opened: serde_json::Value = answer.json().await?;
    let token = opened["token"].as_str().context("a session has a token")?;
    Ok(token.to_owned())
}
