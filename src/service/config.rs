//! The configuration: a file, then the environment, then the flags; each later one wins.
//!
//! `LIMES_CONF_LISTEN=…`, `LIMES_CONF_GATE__AGE_MAX_H=…`: a table and its key are joined by two underscores.

use crate::domain::measure::{Metres, Span};
use crate::domain::retention::{Days, Retention, RetentionClass, RetentionError};
use crate::domain::tracks::GateLimits;
use crate::service::auth::SessionLimits;
use crate::service::desk::KeepEvery;
use crate::service::http::HttpLimits;
use crate::service::ingest::IngestLimits;
use crate::service::link::LinkSettings;
use crate::service::outbox::OutboxSettings;
use crate::service::signing::keys::PublicKey;
use crate::wire::config::{ConfigWire, GateWire};
use anyhow::{Context as _, bail, ensure};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The prefix of the environment's variables.
const PREFIX: &str = "LIMES_CONF_";

/// What a service is configured with, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// Whether a proxy stands before it and ends TLS.
    pub behind_proxy: bool,
    /// The file of crossing points.
    pub crossing_points_file: Option<PathBuf>,
    /// TLS of its own.
    pub tls: Option<Tls>,
    /// Files of legal services, laid over the rules.
    pub overlays: Vec<PathBuf>,
    /// Files of bilateral profiles.
    pub profiles: Vec<PathBuf>,
    /// The keys that profiles are checked by.
    pub profile_keys: Vec<PublicKey>,
    /// What the gate admits.
    pub gate: GateLimits,
    /// How often a snapshot of the record is made.
    pub keep_every: KeepEvery,
    /// With less than so many mebibytes left on the disk of the records, recording is at risk.
    pub least_free_mib: u64,
    /// How long what is kept.
    pub retention: Retention,
    /// How much is taken in.
    pub ingest: IngestLimits,
    /// How much is answered at once.
    pub http: HttpLimits,
    /// How long a log-in lasts.
    pub sessions: SessionLimits,
    /// How notices leave beside the other rooms.
    pub outbox: OutboxSettings,
    /// The links to rooms of other services.
    pub link: LinkSettings,
    /// The same as it is written, for `--check-config`.
    written: ConfigWire,
}

/// TLS of the service's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain, as PEM.
    pub certificate_file: PathBuf,
    /// The private key, as PEM.
    pub key_file: PathBuf,
}

impl Tls {
    /// What a listener needs; HTTP/1.1 alone is spoken.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn server_config(&self) -> anyhow::Result<rustls::ServerConfig> {
        // A second service in one process finds the provider installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (chain, key) = (&self.certificate_file, &self.key_file);
        let unread = |what: &str, path: &Path| {
            format!(
                "tls: {} is no {what} as PEM that can be read",
                path.display()
            )
        };
        let certificates = CertificateDer::pem_file_iter(chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| unread("certificate chain", chain))?;
        ensure!(!certificates.is_empty(), unread("certificate chain", chain));
        let key_of_chain =
            PrivateKeyDer::from_pem_file(key).with_context(|| unread("private key", key))?;
        let mut config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(certificates, key_of_chain)
            .with_context(|| {
                let (chain, key) = (chain.display(), key.display());
                format!("tls: {chain} and {key} do not belong together")
            })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl Config {
    /// Reads the configuration: `file` if given, then `environment`, then `flags` (whole keys, such as `listen`).
    ///
    /// # Errors
    /// One sentence that names the key and what to do.
    pub fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (OsString, OsString)>,
        flags: Table,
    ) -> anyhow::Result<Self> {
        let known = Table::try_from(ConfigWire::with_every_key())
            .context("the defaults have no written form")?;
        let mut table = Table::new();
        if let Some(file) = file {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("the configuration {} cannot be read", file.display()))?;
            let read: Table = text
                .parse()
                .with_context(|| format!("the configuration {} is no TOML", file.display()))?;
            check_keys(&read, &known, "")?;
            merge(&mut table, read);
        }
        let environment = from_environment(environment, &known)?;
        check_keys(&environment, &known, "")?;
        merge(&mut table, environment);
        merge(&mut table, flags);
        let written: ConfigWire = Value::Table(table)
            .try_into()
            .context("the configuration has a value of the wrong type")?;
        Self::check(written)
    }

    fn check(written: ConfigWire) -> anyhow::Result<Self> {
        let listen: SocketAddr = written.listen.parse().with_context(|| {
            format!(
                "listen = `{}` is no address: write it as 127.0.0.1:8080",
                written.listen
            )
        })?;
        let tls = match (
            written.tls.certificate_file.as_str(),
            written.tls.key_file.as_str(),
        ) {
            ("", "") => None,
            ("", _) | (_, "") => bail!("tls needs both certificate_file and key_file"),
            (certificate, key) => Some(Tls {
                certificate_file: certificate.into(),
                key_file: key.into(),
            }),
        };
        ensure!(
            listen.ip().is_loopback() || tls.is_some() || written.behind_proxy,
            "{listen} is not a loopback address: give tls.certificate_file and tls.key_file, or say --behind-proxy when a proxy ends TLS"
        );
        if let Some(tls) = &tls {
            tls.server_config()?;
        }
        ensure!(
            (16..=1_000_000).contains(&written.http.connections_max),
            "http.connections_max must be from 16 to 1000000"
        );
        let gate = &written.gate;
        ensure!(
            (1..=3_600).contains(&gate.future_max_s),
            "gate.future_max_s must be from 1 to 3600"
        );
        ensure!(
            (1..=168).contains(&gate.age_max_h),
            "gate.age_max_h must be from 1 to 168"
        );
        ensure!(
            (1.0..=5_000.0).contains(&gate.accuracy_default_m),
            "gate.accuracy_default_m must be from 1 to 5000"
        );
        ensure!(
            (gate.accuracy_default_m..=50_000.0).contains(&gate.accuracy_max_m),
            "gate.accuracy_max_m must be from accuracy_default_m to 50000"
        );
        let rates = [written.ingest.fixes_per_s, written.ingest.requests_per_s];
        ensure!(
            rates.iter().all(|rate| (1.0..=1e7).contains(rate)),
            "ingest.fixes_per_s and ingest.requests_per_s must be from 1 to 10000000"
        );
        let journal = &written.journal;
        let snapshots = [journal.snapshot_fixes, journal.snapshot_records];
        ensure!(
            snapshots
                .iter()
                .all(|every| (1..=1_000_000_000).contains(every)),
            "journal.snapshot_fixes and journal.snapshot_records must be from 1 to 1000000000"
        );
        let sessions = &written.sessions;
        ensure!(
            (1..=sessions.absolute_max_h).contains(&sessions.idle_max_h)
                && sessions.absolute_max_h <= 72,
            "sessions.idle_max_h must be at least 1 and at most absolute_max_h, which is at most 72"
        );
        Ok(Self {
            listen,
            data: written.data.clone().into(),
            behind_proxy: written.behind_proxy,
            crossing_points_file: Some(PathBuf::from(&written.crossing_points_file))
                .filter(|file| !file.as_os_str().is_empty()),
            tls,
            overlays: written.rules.overlays.iter().map(PathBuf::from).collect(),
            profiles: written.profile.files.iter().map(PathBuf::from).collect(),
            profile_keys: public_keys(&written.profile.keys)?,
            gate: gate_limits(gate),
            keep_every: KeepEvery {
                fixes: journal.snapshot_fixes,
                records: journal.snapshot_records,
            },
            least_free_mib: journal.least_free_mib,
            retention: retention(&written)?,
            ingest: ingest_limits(&written),
            http: HttpLimits {
                connections: written.http.connections_max as usize,
                ..HttpLimits::default()
            },
            sessions: SessionLimits {
                idle: Span::from_hours(sessions.idle_max_h.into()),
                absolute: Span::from_hours(sessions.absolute_max_h.into()),
                ..SessionLimits::default()
            },
            outbox: OutboxSettings::read(&written.channels)?,
            link: LinkSettings::read(&written.link)?,
            written,
        })
    }

    /// The effective configuration, as a file could hold it; of each class without a number of days it says what that means.
    ///
    /// # Errors
    /// Never for a configuration that was read.
    pub fn to_text(&self) -> anyhow::Result<String> {
        let undecided = RetentionClass::ERASABLE
            .into_iter()
            .filter(|class| self.retention.days(*class).is_none());
        let said = undecided.map(|class| {
            let class = class.as_str();
            format!("# retention.{class}_days is not set: kept until somebody decides\n")
        });
        let shown = ConfigWire {
            channels: self.written.channels.masked(),
            ..self.written.clone()
        };
        let written = toml::to_string(&shown)?;
        Ok(std::iter::once(written).chain(said).collect())
    }
}

fn public_keys(written: &[String]) -> anyhow::Result<Vec<PublicKey>> {
    let keys = written.iter().map(|key| PublicKey::parse(key));
    keys.collect::<anyhow::Result<_>>().context("profile.keys")
}

fn retention(written: &ConfigWire) -> Result<Retention, RetentionError> {
    let days = Days {
        positions: written.retention.positions_days,
        operation_positions: written.retention.operation_positions_days,
        access: written.retention.access_days,
    };
    Retention::new(days, written.gate.age_max_h)
}

fn gate_limits(gate: &GateWire) -> GateLimits {
    GateLimits {
        future: Span::from_secs(gate.future_max_s.into()),
        age: Span::from_hours(gate.age_max_h.into()),
        accuracy_default: Metres::new(gate.accuracy_default_m),
        accuracy_most: Metres::new(gate.accuracy_max_m),
        ..GateLimits::default()
    }
}

fn ingest_limits(written: &ConfigWire) -> IngestLimits {
    let mut limits = IngestLimits::default();
    limits.fixes.per_second = written.ingest.fixes_per_s;
    limits.fixes.burst = limits.fixes.burst.max(written.ingest.fixes_per_s);
    limits.requests.per_second = written.ingest.requests_per_s;
    limits.requests.burst = limits.requests.burst.max(written.ingest.requests_per_s);
    limits
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(known)), Value::Table(more)) => merge(known, more),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Refuses a key that is not known, and names the nearest one that is.
fn check_keys(table: &Table, known: &Table, path: &str) -> anyhow::Result<()> {
    for (key, value) in table {
        match (known.get(key), value) {
            (Some(Value::Table(known)), Value::Table(inner)) => {
                check_keys(inner, known, &format!("{path}{key}."))?;
            }
            (Some(_), _) => {}
            (None, _) => {
                let nearest = known
                    .keys()
                    .min_by_key(|candidate| strsim::damerau_levenshtein(candidate, key))
                    .map_or("", String::as_str);
                bail!(
                    "the configuration has no key `{path}{key}`: the nearest is `{path}{nearest}`"
                );
            }
        }
    }
    Ok(())
}

fn from_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
    known: &Table,
) -> anyhow::Result<Table> {
    let mut table = Table::new();
    for (name, value) in variables {
        // What is not UTF-8 is of another program, unless its name begins as ours do.
        if !name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else {
            bail!("the variable {} is not UTF-8", name.display());
        };
        let path = &name[PREFIX.len()..];
        let path = path.to_ascii_lowercase();
        let keys: Vec<&str> = path.split("__").collect();
        // A number or truth value is one; anything else is text.
        let is_text = matches!(lookup(known, &keys), Some(Value::String(_)) | None);
        let value = if is_text {
            Value::String(value.to_owned())
        } else {
            parse(name, value)?
        };
        let one = keys.iter().rev().fold(value, |inner, key| {
            let mut table = Table::new();
            table.insert((*key).to_owned(), inner);
            Value::Table(table)
        });
        if let Value::Table(one) = one {
            merge(&mut table, one);
        }
    }
    Ok(table)
}

fn lookup<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t Value> {
    let (first, rest) = keys.split_first()?;
    let value = table.get(*first)?;
    match (value, rest) {
        (value, []) => Some(value),
        (Value::Table(inner), rest) => lookup(inner, rest),
        (_, _) => None,
    }
}

fn parse(name: &str, value: &str) -> anyhow::Result<Value> {
    let text = format!("value = {value}");
    let mut table: Table = text
        .parse()
        .with_context(|| format!("{name}=`{value}` is neither a number nor true or false"))?;
    table
        .remove("value")
        .with_context(|| format!("{name} has no value"))
}

#[cfg(test)]
mod tests {
    use super::Config;
    use std::ffi::OsString;
    use toml::Table;

    fn read(file: &str, environment: &[(&str, &str)], flags: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("limes.toml");
        std::fs::write(&path, file).unwrap();
        let environment = environment
            .iter()
            .map(|(k, v)| (OsString::from(k), OsString::from(v)));
        Config::read(Some(&path), environment, flags.parse::<Table>().unwrap())
            .map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let config = read(
            "listen = '127.0.0.1:1'\ndata = 'a'\n[gate]\nage_max_h = 3",
            &[
                ("LIMES_CONF_DATA", "b"),
                ("LIMES_CONF_LISTEN", "127.0.0.1:2"),
                ("LIMES_CONF_GATE__AGE_MAX_H", "5"),
            ],
            "listen = '127.0.0.1:3'",
        )
        .unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.data.to_str(), Some("b"));
        assert_eq!(config.gate.age, crate::domain::measure::Span::from_hours(5));
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_one() {
        let refused = read("[gate]\nage_maxh = 3", &[], "").unwrap_err();
        assert!(
            refused.contains("`gate.age_maxh`") && refused.contains("`gate.age_max_h`"),
            "{refused}"
        );
        let refused = read("", &[("LIMES_CONF_LISEN", "x")], "").unwrap_err();
        assert!(refused.contains("`listen`"), "{refused}");
    }

    #[test]
    fn plain_http_beyond_loopback_is_refused_unless_a_proxy_ends_tls() {
        let refused = read("listen = '0.0.0.0:80'", &[], "").unwrap_err();
        assert!(refused.contains("--behind-proxy"), "{refused}");
        assert!(read("listen = '0.0.0.0:80'\nbehind_proxy = true", &[], "").is_ok());
    }

    #[test]
    fn tls_files_are_read_when_the_configuration_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chain.pem");
        std::fs::write(&file, "no certificate").unwrap();
        for named in ["/nowhere/chain.pem", file.to_str().unwrap()] {
            let text = format!("[tls]\ncertificate_file = '{named}'\nkey_file = '{named}'");
            let refused = read(&text, &[], "").unwrap_err();
            assert!(
                refused.contains(named) && refused.contains("certificate"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_variable_that_is_not_utf_8_is_refused_only_when_it_is_ours() {
        use std::os::unix::ffi::OsStringExt as _;
        let bad = || OsString::from_vec(vec![0xff]);
        let with = |name: &str| {
            let variables = [(OsString::from(name), bad()), (bad(), bad())];
            Config::read(None, variables.into_iter(), Table::new())
        };
        assert!(with("OTHER").is_ok());
        let refused = with("LIMES_CONF_DATA").unwrap_err().to_string();
        assert!(refused.contains("LIMES_CONF_DATA"), "{refused}");
    }

    #[test]
    fn overlays_are_named_in_the_file_or_in_the_environment() {
        let config = read("[rules]\noverlays = ['ro.toml', 'hu.toml']", &[], "").unwrap();
        assert_eq!(config.overlays.len(), 2);
        let one = [("LIMES_CONF_RULES__OVERLAYS", "['ro.toml']")];
        let config = read("", &one, "").unwrap();
        assert_eq!(config.overlays[0].to_str(), Some("ro.toml"));
    }

    #[test]
    fn keys_of_profiles_are_read_when_the_configuration_is_checked() {
        let key = format!("HU:{}", "0a".repeat(32));
        let config = read(&format!("[profile]\nkeys = ['{key}']"), &[], "").unwrap();
        assert_eq!(config.profile_keys[0].to_string(), key);
        let refused = read("[profile]\nkeys = ['HU']", &[], "").unwrap_err();
        assert!(refused.contains("profile.keys: `HU`"), "{refused}");
    }

    #[test]
    fn values_out_of_range_and_of_another_type_are_refused() {
        for (file, named) in [
            ("[gate]\nage_max_h = 0", "age_max_h"),
            ("[gate]\naccuracy_default_m = 0.0", "accuracy_default_m"),
            ("[sessions]\nidle_max_h = 99", "idle_max_h"),
            ("[http]\nconnections_max = 1", "connections_max"),
            ("[tls]\nkey_file = 'k'", "certificate_file"),
            ("listen = 'here'", "listen"),
            ("listen = 5", "wrong type"),
        ] {
            let refused = read(file, &[], "").unwrap_err();
            assert!(refused.contains(named), "{file}: {refused}");
        }
    }

    #[test]
    fn the_effective_configuration_can_be_read_again() {
        let config = read("[gate]\nage_max_h = 3", &[], "").unwrap();
        let again = read(&config.to_text().unwrap(), &[], "").unwrap();
        assert_eq!(again, config);
    }

    #[test]
    fn the_retention_is_read_and_what_is_not_decided_is_said() {
        use crate::domain::retention::RetentionClass;
        let text = "[retention]\npositions_days = 30\noperation_positions_days = 400";
        let config = read(text, &[("LIMES_CONF_RETENTION__ACCESS_DAYS", "365")], "").unwrap();
        let days = |class| config.retention.days(class);
        assert_eq!(days(RetentionClass::Positions), Some(30));
        assert_eq!(days(RetentionClass::OperationPositions), Some(400));
        assert_eq!(days(RetentionClass::Access), Some(365));
        assert!(!config.to_text().unwrap().contains("is not set"));

        let silent = read("", &[], "").unwrap().to_text().unwrap();
        assert!(
            silent.contains("# retention.positions_days is not set: kept until somebody decides"),
            "{silent}"
        );
        assert!(read(&silent, &[], "").is_ok(), "it stays a configuration");

        let refused = read("[retention]\naccess_days = 365", &[], "").unwrap_err();
        assert!(refused.contains("retention.positions_days"), "{refused}");
        let refused = read("[retention]\nposition_days = 30", &[], "").unwrap_err();
        assert!(refused.contains("`retention.positions_days`"), "{refused}");
        let late = "[gate]\nage_max_h = 168\n[retention]\npositions_days = 7";
        assert!(read(late, &[], "").unwrap_err().contains("at least 8"));
    }
}
