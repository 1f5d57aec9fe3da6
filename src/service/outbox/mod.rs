//! Sends notices by mail and webhook, beside the desk.
//!
//! ```text
//!  desk ── what is to be sent, as recorded ──▶ outbox ── one attempt each, when it is due ──▶ mail server, webhook
//!    ◀────── what came of it: an input, decided and recorded like any other ──┘
//! ```
//!
//! The desk never waits for the network. Nothing is sent before the order to send it is recorded, and nothing while nothing
//! can be recorded. When the service ends between an attempt and its record, the attempt is made again after the next start:
//! a notice is sent *at least* once, under an id that is the same each time.

pub mod address;
mod hook;
mod mail;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::{Addressee, OutboxSettings, Secret, Smtp, SmtpTls, Webhook};

use crate::domain::ids::{NoticeId, RoomId};
use crate::domain::operations::channels::{ChannelKind, Delivery, DeliveryResult};
use crate::domain::world::outbox::Outgoing;
use crate::service::clock::Clock;
use crate::service::desk::{DeskError, DeskHandle};
use crate::service::signing::Signing;
use crate::service::telemetry::OutboxMetrics;
use crate::wire::channels::CloudEvent;
use anyhow::Context as _;
use mail::Mailer;
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinSet};

/// How many attempts are made at once.
const AT_ONCE_MAX: usize = 32;
/// How often it is looked whether an attempt is due, while any waits.
const LOOK: Duration = Duration::from_millis(50);
/// How long between two tries to tell the desk.
const TELL_AGAIN: Duration = Duration::from_millis(250);

/// What the far side said.
type Said = String;

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure {
    because: String,
    for_good: bool,
}

impl Failure {
    /// Another attempt may do better.
    fn now(because: impl Into<String>) -> Self {
        Self {
            because: because.into(),
            for_good: false,
        }
    }

    /// No other attempt can.
    fn for_good(because: impl Into<String>) -> Self {
        Self {
            because: because.into(),
            for_good: true,
        }
    }
}

/// What the outbox works with.
pub struct OutboxParts {
    /// Tells what is to be sent, and takes what came of it.
    pub desk: DeskHandle,
    /// How everybody is reached.
    pub settings: OutboxSettings,
    /// Signs in the name of rooms.
    pub signing: Arc<Signing>,
    /// The time of the service, by which attempts are due.
    pub clock: Clock,
    /// What is counted.
    pub metrics: OutboxMetrics,
}

/// The outbox: a task beside the desk.
pub struct Outbox {
    inside: Arc<Inside>,
}

struct Inside {
    parts: OutboxParts,
    tls: Arc<ClientConfig>,
    mailer: Option<Mailer>,
}

/// A notice by one channel: of these one attempt is under way at a time.
type Key = (RoomId, NoticeId, ChannelKind);

impl Outbox {
    /// With what it works with.
    ///
    /// # Errors
    /// When the certificates that are trusted cannot be used.
    pub fn new(parts: OutboxParts) -> anyhow::Result<Self> {
        let tls = Arc::new(client_config(&parts.settings)?);
        let (roots, timeout) = (&parts.settings.roots, parts.settings.attempt_timeout);
        let smtp = parts.settings.smtp.as_ref();
        let mailer = smtp.map(|smtp| Mailer::new(smtp, roots, timeout));
        let mailer = mailer.transpose()?;
        let inside = Arc::new(Inside { parts, tls, mailer });
        Ok(Self { inside })
    }

    /// Sends what is to be sent, until the desk is gone.
    pub async fn run(self) {
        let inside = &self.inside;
        let mut outgoing = inside.parts.desk.outgoing();
        let mut under_way: JoinSet<()> = JoinSet::new();
        let mut keys: BTreeMap<Id, Key> = BTreeMap::new();
        loop {
            let to_send = Arc::clone(&outgoing.borrow_and_update());
            let now = inside.parts.clock.now();
            let recorded = inside.parts.desk.is_recording().is_ok();
            for one in to_send.iter().filter(|one| recorded && one.due <= now) {
                let key = (one.from.clone(), one.notice.clone(), one.channel);
                if keys.len() >= AT_ONCE_MAX || keys.values().any(|taken| *taken == key) {
                    continue;
                }
                let (inside, one) = (Arc::clone(inside), one.clone());
                let task = under_way.spawn(async move { inside.attempt(&one).await });
                keys.insert(task.id(), key);
            }
            let waits = !to_send.is_empty();
            tokio::select! {
                changed = outgoing.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                Some(ended) = under_way.join_next_with_id(), if !under_way.is_empty() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(fault) => {
                            // It is made again: what is not recorded did not happen.
                            tracing::error!(%fault, "an attempt to send a notice ended by a fault");
                            tokio::time::sleep(TELL_AGAIN).await;
                            fault.id()
                        }
                    };
                    keys.remove(&id);
                }
                () = tokio::time::sleep(LOOK), if waits => {}
            }
        }
    }
}

impl Inside {
    /// Makes one attempt and tells the desk, until that is recorded.
    async fn attempt(&self, outgoing: &Outgoing) {
        let timeout = self.parts.settings.attempt_timeout;
        let (address, made) = {
            let (address, making) = self.make(outgoing);
            let made = tokio::time::timeout(timeout, making).await;
            let late = |_| Err(Failure::now(format!("no answer within {timeout:?}")));
            (address, made.unwrap_or_else(late))
        };
        let channel = outgoing.channel;
        self.parts.metrics.attempted(channel.as_str(), made.is_ok());
        if let Err(failure) = &made {
            let (notice, because) = (&outgoing.notice, &failure.because);
            tracing::warn!(%notice, channel = channel.as_str(), because, "a notice was not delivered");
        }
        let result = match made {
            Ok(said) => DeliveryResult::Taken(said.into()),
            Err(failure) => DeliveryResult::Failed {
                because: failure.because.into(),
                for_good: failure.for_good,
                chance: chance(),
            },
        };
        let delivery = Delivery {
            operation: outgoing.operation.clone(),
            notice: outgoing.notice.clone(),
            channel,
            number: outgoing.number,
            address: address.into(),
            result,
        };
        let desk = &self.parts.desk;
        while let Err(error) = desk.delivery(outgoing.from.clone(), delivery.clone()).await {
            if error == DeskError::Closed {
                return;
            }
            tokio::time::sleep(TELL_AGAIN).await;
        }
    }

    /// To which address an attempt goes, as it may be shown, and the attempt.
    fn make<'a>(
        &'a self,
        outgoing: &'a Outgoing,
    ) -> (String, impl Future<Output = Result<Said, Failure>> + 'a) {
        let settings = &self.parts.settings;
        let allowed = settings.in_exercise || !outgoing.exercise;
        let addressee = settings.addressee(&outgoing.to, outgoing.fields.host_state);
        let addressee = addressee.filter(|_| allowed);
        let hook = addressee.and_then(|one| one.webhook.as_ref());
        let mailbox = addressee.and_then(|one| one.email.as_ref());
        let address = match outgoing.channel {
            ChannelKind::Email => mailbox.map(|mailbox| mailbox.email.to_string()),
            ChannelKind::Webhook => hook.map(Webhook::place),
        };
        let making = async move {
            match (outgoing.channel, mailbox, &self.mailer, hook) {
                (ChannelKind::Email, Some(to), Some(mailer), _) => mailer.send(to, outgoing).await,
                (ChannelKind::Webhook, _, _, Some(hook)) => self.post(hook, outgoing).await,
                (ChannelKind::Email | ChannelKind::Webhook, ..) => {
                    // The configuration is another than the one it was sent under.
                    let (to, channel) = (&outgoing.to, outgoing.channel.as_str());
                    let why = format!("{to} has no {channel} in the configuration any more");
                    Err(Failure::for_good(why))
                }
            }
        };
        (address.unwrap_or_default(), making)
    }

    async fn post(&self, hook: &Webhook, outgoing: &Outgoing) -> Result<Said, Failure> {
        let posted = hook::Posted {
            id: format!("{}.{}", outgoing.from, outgoing.notice),
            // A receiver compares it with its own clock: real time, also in an exercise.
            timestamp: Clock::real().now().as_millis() / 1_000,
            body: CloudEvent::from(outgoing).to_json(),
        };
        let signing = Arc::clone(&self.parts.signing);
        let (room, state) = (outgoing.from.clone(), outgoing.fields.requesting_state);
        let bytes = posted.signed();
        // The key lies in a file.
        let sign = move || signing.sign_bytes((&room, state), &bytes);
        let signature = tokio::task::spawn_blocking(sign).await;
        let signature = signature.map_err(|error| Failure::now(error.to_string()))?;
        let signature = signature.map_err(|error| Failure::now(format!("{error:#}")))?;
        hook::post(hook, &self.tls, posted, &signature).await
    }
}

/// A number from 0 to 999 by chance; without chance the whole wait is waited.
fn chance() -> u16 {
    getrandom::u32().map_or(999, |number| (number % 1_000) as u16)
}

/// Trusts what the configuration says, or else what the machine does.
fn client_config(settings: &OutboxSettings) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if settings.roots.is_empty() {
        // A machine without any trusts nobody: an attempt says so.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        for root in &settings.roots {
            roots
                .add(root.clone())
                .context("channels.ca_file holds a certificate that nobody can trust")?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("no version of TLS")?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
