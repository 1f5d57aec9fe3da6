//! One attempt by mail: plain text in the languages of both states, over TLS to the server of the configuration.

use super::settings::{Smtp, SmtpTls};
use super::{Failure, Said};
use crate::domain::world::outbox::Outgoing;
use crate::wire::border_index::hex;
use crate::wire::channels::{mail_text, subject};
use anyhow::Context as _;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport as _, Message, Tokio1Executor};
use rustls::pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};
use std::error::Error as _;
use std::time::{Duration, SystemTime};

/// Answers of a server about who may speak: they are refused for good, and mended by whoever keeps the server.
const ABOUT_LOG_IN: [u16; 4] = [530, 534, 535, 538];

/// The way to the mail server. Each mail has a connection of its own.
pub(super) struct Mailer {
    smtp: Smtp,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mailer {
    /// To the server of the configuration, which is trusted by these roots, or by the machine's when there are none.
    pub(super) fn new(
        smtp: &Smtp,
        roots: &[CertificateDer<'static>],
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let transport = transport(smtp, roots, timeout)
            .with_context(|| format!("channels.smtp: no TLS to {}", smtp.host))?;
        Ok(Self {
            smtp: smtp.clone(),
            transport,
        })
    }

    /// Sends a notice; delivered when the server says 250 after the last byte.
    pub(super) async fn send(&self, to: &Mailbox, outgoing: &Outgoing) -> Result<Said, Failure> {
        let message = message(&self.smtp, to, outgoing)?;
        match self.transport.send(message).await {
            Ok(answer) => {
                let words: Vec<&str> = answer.message().collect();
                let said = format!("{} {}", answer.code(), words.join(" "));
                Ok(said.trim_end().to_owned())
            }
            Err(error) => Err(failed(&self.smtp, &error)),
        }
    }
}

fn message(smtp: &Smtp, to: &Mailbox, outgoing: &Outgoing) -> Result<Message, Failure> {
    let sent_at = Duration::from_millis(outgoing.sent_at.as_millis().max(0).unsigned_abs());
    let builder: MessageBuilder = Message::builder()
        .from(smtp.from.clone())
        .to(to.clone())
        .subject(subject(outgoing))
        .message_id(Some(message_id(smtp, outgoing)))
        .date(SystemTime::UNIX_EPOCH + sent_at);
    let part = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(mail_text(outgoing));
    let message = builder.singlepart(part);
    message.map_err(|error| Failure::for_good(format!("no mail can be made of it: {error}")))
}

/// The same in every attempt, so that a receiver knows a repeat: of the room and the notice, in letters that every server takes.
fn message_id(smtp: &Smtp, outgoing: &Outgoing) -> String {
    let whole = format!("{}\n{}", outgoing.from, outgoing.notice);
    let digest = Sha256::digest(whole.as_bytes());
    let (id, domain) = (hex(&digest[..16]), smtp.from.email.domain());
    format!("<notice.{id}@{domain}>")
}

fn transport(
    smtp: &Smtp,
    roots: &[CertificateDer<'static>],
    timeout: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let tls = match smtp.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters(smtp, roots)?),
        SmtpTls::StartTls => Tls::Required(parameters(smtp, roots)?),
        SmtpTls::None => Tls::None,
    };
    let domain = smtp.from.email.domain().to_owned();
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .hello_name(ClientId::Domain(domain))
        .timeout(Some(timeout));
    if let Some((user, password)) = &smtp.login {
        let login = Credentials::new(user.clone(), password.tell().to_owned());
        transport = transport
            .credentials(login)
            .authentication(vec![Mechanism::Plain, Mechanism::Login]);
    }
    Ok(transport.build())
}

fn parameters(smtp: &Smtp, roots: &[CertificateDer<'static>]) -> Result<TlsParameters, Error> {
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if !roots.is_empty() {
        parameters = parameters.certificate_store(CertificateStore::None);
        for root in roots {
            let root = Certificate::from_der(root.to_vec())?;
            parameters = parameters.add_root_certificate(root);
        }
    }
    parameters.build()
}

fn failed(smtp: &Smtp, error: &Error) -> Failure {
    let because = match error.source() {
        Some(source) => format!("{}: {error}: {source}", smtp.host),
        None => format!("{}: {error}", smtp.host),
    };
    let code = error.status().map(u16::from);
    let of_log_in = code.is_some_and(|code| ABOUT_LOG_IN.contains(&code));
    if error.is_permanent() && !of_log_in {
        Failure::for_good(because)
    } else {
        Failure::now(because)
    }
}
