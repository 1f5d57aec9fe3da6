//! The channels as they are configured, checked at the start.

use crate::domain::ids::{RoomId, State};
use crate::domain::measure::Span;
use crate::domain::operations::channels::{ChannelKind, Channels, Waits};
use crate::wire::config::{AddresseeWire, ChannelsWire, SmtpWire};
use anyhow::{Context as _, bail, ensure};
use axum::http::Uri;
use lettre::message::Mailbox;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// A secret of the configuration: shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// What it is.
    #[must_use]
    pub fn tell(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Everything that notices leave by, beside the other rooms of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxSettings {
    /// By addressee: a room's id or a state's code.
    pub addressees: BTreeMap<RoomId, Addressee>,
    /// The mail server; there is one when any addressee has a mail address.
    pub smtp: Option<Smtp>,
    /// Trusted instead of what the machine trusts, as PEM; empty: the machine's.
    pub roots: Vec<CertificateDer<'static>>,
    /// Whether an operation of an exercise may use them.
    pub in_exercise: bool,
    /// How often each notice is tried.
    pub waits: Waits,
    /// How long one attempt may take, from looking the name up to the last word.
    pub attempt_timeout: Duration,
}

/// How one addressee is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// By mail.
    pub email: Option<Mailbox>,
    /// By an HTTP request.
    pub webhook: Option<Webhook>,
}

/// Where a webhook is.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its address; the path may be a secret.
    pub url: Uri,
    /// Whether an address that is not of the public internet is connected to.
    pub allow_private: bool,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, private) = (self.place(), self.allow_private);
        write!(f, "Webhook({place}, allow_private {private})")
    }
}

impl Webhook {
    /// Its address without the path: what may be shown.
    #[must_use]
    pub fn place(&self) -> String {
        let scheme = self.url.scheme_str().unwrap_or_default();
        let authority = self.url.authority().map_or("", |it| it.as_str());
        format!("{scheme}://{authority}")
    }
}

/// The mail server that takes the mails of this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is sealed.
    pub tls: SmtpTls,
    /// Who logs in, and by which password.
    pub login: Option<(String, Secret)>,
    /// From whom the mails are.
    pub from: Mailbox,
}

/// How a connection to the mail server is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte on (port 465).
    Implicit,
    /// By STARTTLS, without which nothing is said (port 587).
    StartTls,
    /// Not at all: to a loopback address alone.
    None,
}

impl Default for OutboxSettings {
    /// Nobody is reached.
    fn default() -> Self {
        Self {
            addressees: BTreeMap::new(),
            smtp: None,
            roots: Vec::new(),
            in_exercise: false,
            waits: Waits::WORKFLOW,
            attempt_timeout: Duration::from_secs(10),
        }
    }
}

impl OutboxSettings {
    /// Checks what is written.
    ///
    /// # Errors
    /// One sentence that names the key and what to do; never a secret.
    pub fn read(written: &ChannelsWire) -> anyhow::Result<Self> {
        ensure!(
            (1..=20).contains(&written.attempts_max),
            "channels.attempts_max must be from 1 to 20"
        );
        ensure!(
            (10..=3_600_000).contains(&written.first_wait_ms)
                && (written.first_wait_ms..=86_400_000).contains(&written.wait_max_ms),
            "channels.first_wait_ms must be from 10 to 3600000, and wait_max_ms from that to 86400000"
        );
        ensure!(
            (100..=300_000).contains(&written.attempt_timeout_ms),
            "channels.attempt_timeout_ms must be from 100 to 300000"
        );
        let mut addressees = BTreeMap::new();
        for one in &written.addressees {
            let (name, addressee) = addressee(one)?;
            ensure!(
                addressees.insert(name.clone(), addressee).is_none(),
                "channels.addressees: {name} is there twice"
            );
        }
        let smtp = (!written.smtp.host.is_empty())
            .then(|| smtp(&written.smtp))
            .transpose()?;
        ensure!(
            smtp.is_some() || addressees.values().all(|one| one.email.is_none()),
            "channels.smtp.host is missing: an addressee has an email, and no server takes it"
        );
        Ok(Self {
            addressees,
            smtp,
            roots: roots(&written.ca_file)?,
            in_exercise: written.in_exercise,
            waits: Waits {
                first: Span::from_millis(written.first_wait_ms.into()),
                most: Span::from_millis(written.wait_max_ms.into()),
                attempts: written.attempts_max,
            },
            attempt_timeout: Duration::from_millis(written.attempt_timeout_ms.into()),
        })
    }

    /// What decisions rest on: which channels there are for whom.
    #[must_use]
    pub fn channels(&self) -> Channels {
        let of = self.addressees.iter().map(|(name, one)| {
            let email = one.email.as_ref().map(|_| ChannelKind::Email);
            let webhook = one.webhook.as_ref().map(|_| ChannelKind::Webhook);
            (name.clone(), email.into_iter().chain(webhook).collect())
        });
        Channels::new(of.collect(), self.in_exercise, self.waits)
    }

    /// How a notice to a room of a state is sent.
    #[must_use]
    pub fn addressee(&self, to: &RoomId, host: State) -> Option<&Addressee> {
        let of_state = || RoomId::parse(host.as_str()).ok();
        self.addressees
            .get(to)
            .or_else(|| self.addressees.get(&of_state()?))
    }
}

fn addressee(written: &AddresseeWire) -> anyhow::Result<(RoomId, Addressee)> {
    let name = RoomId::parse(&written.name).with_context(|| {
        format!(
            "channels.addressees: name = `{}` is neither a room nor a state",
            written.name
        )
    })?;
    let email = (!written.email.is_empty()).then(|| {
        let parsed = written.email.parse::<Mailbox>();
        parsed.with_context(|| {
            let email = &written.email;
            format!("channels.addressees of {name}: email = `{email}` is no mail address")
        })
    });
    let webhook = (!written.webhook.is_empty()).then(|| webhook(written, &name));
    ensure!(
        email.is_some() || webhook.is_some(),
        "channels.addressees of {name}: give an email or a webhook"
    );
    let addressee = Addressee {
        email: email.transpose()?,
        webhook: webhook.transpose()?,
    };
    Ok((name, addressee))
}

fn webhook(written: &AddresseeWire, name: &RoomId) -> anyhow::Result<Webhook> {
    // The address may hold a secret: no sentence repeats it.
    let whose = format!("channels.addressees of {name}: webhook");
    let url: Uri = written
        .webhook
        .parse()
        .ok()
        .with_context(|| format!("{whose} is no web address: write it as https://host/path"))?;
    let plain = match url.scheme_str() {
        Some("https") => false,
        Some("http") => true,
        _ => bail!("{whose} must begin with https://"),
    };
    ensure!(
        !plain || written.allow_http,
        "{whose} is not https: what is told could be read on the way. Say allow_http = true where that is meant"
    );
    let host = url.host().unwrap_or_default();
    let named = url.authority().is_some_and(|it| it.as_str().contains('@'));
    ensure!(
        !host.is_empty() && !named,
        "{whose} must name a host, and no user"
    );
    Ok(Webhook {
        url,
        allow_private: written.allow_private,
    })
}

fn smtp(written: &SmtpWire) -> anyhow::Result<Smtp> {
    let tls = match written.tls.as_str() {
        "implicit" => SmtpTls::Implicit,
        "starttls" => SmtpTls::StartTls,
        "none" => SmtpTls::None,
        other => bail!(
            "channels.smtp.tls = `{other}` must be `implicit`, `starttls`, or `none` for a server on a loopback address"
        ),
    };
    let loopback = written
        .host
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.is_loopback());
    ensure!(
        tls != SmtpTls::None || loopback,
        "channels.smtp.tls = `none` is for a server on a loopback address, such as 127.0.0.1: {} is none",
        written.host
    );
    ensure!(
        written.port > 0,
        "channels.smtp.port must be from 1 to 65535"
    );
    let from = written
        .from
        .parse::<Mailbox>()
        .with_context(|| format!("channels.smtp.from = `{}` is no mail address", written.from))?;
    let login = match (written.user.as_str(), written.password_file.as_str()) {
        ("", "") => None,
        ("", _) | (_, "") => bail!("channels.smtp needs both user and password_file, or neither"),
        (user, file) => Some((user.to_owned(), password(Path::new(file))?)),
    };
    Ok(Smtp {
        host: written.host.clone(),
        port: written.port,
        tls,
        login,
        from,
    })
}

fn password(file: &Path) -> anyhow::Result<Secret> {
    let unread = || {
        format!(
            "channels.smtp.password_file {} cannot be read",
            file.display()
        )
    };
    let text = Zeroizing::new(std::fs::read_to_string(file).with_context(unread)?);
    let first = text.lines().next().unwrap_or_default();
    let shown = file.display();
    ensure!(
        !first.is_empty(),
        "channels.smtp.password_file {shown} is empty"
    );
    Ok(Secret(Zeroizing::new(first.to_owned())))
}

fn roots(file: &str) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    if file.is_empty() {
        return Ok(Vec::new());
    }
    let unread = || format!("channels.ca_file {file} holds no certificate as PEM that can be read");
    let roots = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(unread)?;
    ensure!(!roots.is_empty(), unread());
    Ok(roots)
}
