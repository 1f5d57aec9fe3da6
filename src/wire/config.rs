//! The configuration as it is written: one file of tables, every field with its unit in its name.

use serde::{Deserialize, Serialize};

/// The whole of it. A key that is not here is an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfigWire {
    /// Where the service listens.
    pub listen: String,
    /// The data folder.
    pub data: String,
    /// Whether a proxy stands before it and ends TLS.
    pub behind_proxy: bool,
    /// A file of the crossing points that the room and its neighbours have named; empty: none.
    pub crossing_points_file: String,
    /// TLS of its own.
    pub tls: TlsWire,
    /// What is admitted.
    pub gate: GateWire,
    /// The law.
    pub rules: RulesWire,
    /// What pairs of states agreed on.
    pub profile: ProfileConfigWire,
    /// How the record is kept.
    pub journal: JournalWire,
    /// How long what is kept.
    pub retention: RetentionWire,
    /// How much is taken in.
    pub ingest: IngestWire,
    /// How much is answered at once.
    pub http: HttpWire,
    /// How long a log-in lasts.
    pub sessions: SessionsWire,
    /// How notices leave beside the other rooms.
    pub channels: ChannelsWire,
    /// Rooms of other services.
    pub link: LinkWire,
}

/// TLS: both files, or neither.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsWire {
    /// The chain, as PEM.
    pub certificate_file: String,
    /// The private key, as PEM.
    pub key_file: String,
}

/// What the gate admits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateWire {
    /// How far ahead of its arrival a fix may be.
    pub future_max_s: u32,
    /// How old a fix may be.
    pub age_max_h: u32,
    /// The accuracy of a fix that states none.
    pub accuracy_default_m: f64,
    /// The worst accuracy that is used.
    pub accuracy_max_m: f64,
}

/// The law.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesWire {
    /// Files of legal services, laid over the rows of their own states.
    pub overlays: Vec<String>,
}

/// What pairs of states agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileConfigWire {
    /// Files of bilateral profiles, one of each pair; the two signatures lie beside each.
    pub files: Vec<String>,
    /// The public keys of the states, each as `HU:` and 64 hexadecimal digits.
    pub keys: Vec<String>,
}

/// How the record is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JournalWire {
    /// A snapshot is made after so many fixes: a start folds no more than about these.
    pub snapshot_fixes: u64,
    /// And after so many records.
    pub snapshot_records: u64,
    /// With less than so many mebibytes left on its disk, recording is at risk (alarm A09).
    pub least_free_mib: u64,
}

/// How much is taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestWire {
    /// Fixes of one token, a second.
    pub fixes_per_s: f64,
    /// Requests of one token, a second.
    pub requests_per_s: f64,
}

/// How much is answered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpWire {
    /// Open connections, of units and people together; what comes beyond is closed at once.
    pub connections_max: u32,
}

/// How long a log-in lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionsWire {
    /// Over when unused for this long.
    pub idle_max_h: u32,
    /// Over this long after it was opened.
    pub absolute_max_h: u32,
}

/// How long each class of records is kept, whole days after the day of recording. One that is left out is kept until
/// somebody decides: no number of days is the program's own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionWire {
    /// Positions outside any operation: the shortest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions_days: Option<u32>,
    /// Positions within an operation, once its report is signed or none is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_positions_days: Option<u32>,
    /// Who looked at what, logged in, ordered what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_days: Option<u32>,
}

/// How notices leave beside the other rooms of the service: by mail and webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelsWire {
    /// How many attempts one sending has.
    pub attempts_max: u32,
    /// How long is waited after the first that failed; doubled after each further one.
    pub first_wait_ms: u32,
    /// The longest wait.
    pub wait_max_ms: u32,
    /// How long one attempt may take.
    pub attempt_timeout_ms: u32,
    /// Whether an operation of an exercise may use them.
    pub in_exercise: bool,
    /// Certificates trusted instead of the machine's, as PEM; empty: the machine's.
    pub ca_file: String,
    /// The mail server.
    pub smtp: SmtpWire,
    /// Who is reached by them.
    pub addressees: Vec<AddresseeWire>,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpWire {
    /// Its name; empty: none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `implicit`, `starttls`, or `none` on a loopback address.
    pub tls: String,
    /// Who logs in; empty: nobody does.
    pub user: String,
    /// A file whose first line is the password.
    pub password_file: String,
    /// From whom the mails are.
    pub from: String,
}

/// Somebody who is reached by channels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddresseeWire {
    /// A room of this service, or a state by its code.
    pub name: String,
    /// The mail address; empty: none.
    pub email: String,
    /// The web address; empty: none.
    pub webhook: String,
    /// Whether the webhook may be at an address that is not of the public internet.
    pub allow_private: bool,
    /// Whether it may be without TLS.
    pub allow_http: bool,
}

/// The links to rooms of other services.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkWire {
    /// Where partners connect to; empty: none can.
    pub listen: String,
    /// The chain of this service, as PEM: shown by who dials, and by who is dialled.
    pub certificate_file: String,
    /// Its private key, as PEM.
    pub key_file: String,
    /// The rooms of other services.
    pub partners: Vec<PartnerWire>,
}

/// A room of another service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PartnerWire {
    /// Its name there.
    pub room: String,
    /// Its state.
    pub state: String,
    /// Where its service is connected to: `wss://host:port/`.
    pub url: String,
    /// Who signs its certificate, as PEM; may be several.
    pub authority_file: String,
    /// Which certificates are revoked, as PEM: a list of each of these authorities; empty: nothing is known of that.
    pub revoked_file: String,
    /// The name in its certificate when it connects; empty: the host of `url`.
    pub certificate_name: String,
    /// The public keys by which what it says is checked, each as `RO:` and 64 hexadecimal digits; several while one is
    /// being replaced.
    pub keys: Vec<String>,
}

impl ChannelsWire {
    /// The same as it may be shown: the path of a web address can be a secret.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut shown = self.clone();
        for one in &mut shown.addressees {
            let begins = one.webhook.find("://").map_or(0, |at| at + 3);
            if let Some(path) = one.webhook[begins..].find(['/', '?']) {
                one.webhook.truncate(begins + path);
                one.webhook.push_str("/…");
            }
        }
        shown
    }
}

impl Default for ChannelsWire {
    fn default() -> Self {
        Self {
            attempts_max: 6,
            first_wait_ms: 2_000,
            wait_max_ms: 300_000,
            attempt_timeout_ms: 10_000,
            in_exercise: false,
            ca_file: String::new(),
            smtp: SmtpWire::default(),
            addressees: Vec::new(),
        }
    }
}

impl Default for SmtpWire {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            tls: "implicit".to_owned(),
            user: String::new(),
            password_file: String::new(),
            from: String::new(),
        }
    }
}

impl ConfigWire {
    /// A configuration in which every key is written: what may stand in a file.
    #[must_use]
    pub fn with_every_key() -> Self {
        Self {
            retention: RetentionWire {
                positions_days: Some(1),
                operation_positions_days: Some(1),
                access_days: Some(1),
            },
            ..Self::default()
        }
    }
}

impl Default for ConfigWire {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            data: "limes-data".to_owned(),
            behind_proxy: false,
            crossing_points_file: String::new(),
            tls: TlsWire::default(),
            gate: GateWire::default(),
            rules: RulesWire::default(),
            profile: ProfileConfigWire::default(),
            journal: JournalWire::default(),
            retention: RetentionWire::default(),
            ingest: IngestWire::default(),
            http: HttpWire::default(),
            sessions: SessionsWire::default(),
            channels: ChannelsWire::default(),
            link: LinkWire::default(),
        }
    }
}

impl Default for GateWire {
    fn default() -> Self {
        Self {
            future_max_s: 60,
            age_max_h: 24,
            accuracy_default_m: 15.0,
            accuracy_max_m: 5_000.0,
        }
    }
}

impl Default for JournalWire {
    fn default() -> Self {
        Self {
            snapshot_fixes: 1_000_000,
            snapshot_records: 200_000,
            least_free_mib: 2_048,
        }
    }
}

impl Default for IngestWire {
    fn default() -> Self {
        Self {
            fixes_per_s: 5_000.0,
            requests_per_s: 500.0,
        }
    }
}

impl Default for HttpWire {
    fn default() -> Self {
        Self {
            connections_max: 20_000,
        }
    }
}

impl Default for SessionsWire {
    fn default() -> Self {
        Self {
            idle_max_h: 4,
            absolute_max_h: 16,
        }
    }
}
