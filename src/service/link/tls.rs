//! Who is at the other end: certificates of both sides, TLS 1.3, and nothing kept from one connection for the next.

use super::settings::{Identity, LinkSettings, Partner};
use crate::domain::ids::RoomId;
use anyhow::{Context as _, ensure};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, UnixTime,
};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, ParsedCertificate, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore, ServerConfig};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What connections are made with.
pub(super) struct Tls {
    /// For who dials us.
    pub(super) acceptor: TlsAcceptor,
    /// By partner.
    pub(super) partners: BTreeMap<RoomId, PartnerTls>,
}

/// How one partner is dialled, and known when it dials.
#[derive(Clone)]
pub(super) struct PartnerTls {
    /// Dials it.
    pub(super) connector: TlsConnector,
    caller: Arc<dyn ClientCertVerifier>,
    caller_name: ServerName<'static>,
}

impl PartnerTls {
    /// Whether who dialled is this partner: its certificate is by this partner's authority, and bears its name.
    pub(super) fn is_caller(&self, chain: &[CertificateDer<'static>]) -> Result<(), Error> {
        let (first, rest) = chain.split_first().ok_or(Error::NoCertificatesPresented)?;
        self.caller
            .verify_client_cert(first, rest, UnixTime::now())?;
        verify_server_name(&ParsedCertificate::try_from(first)?, &self.caller_name)
    }
}

/// Reads the files of the configuration.
///
/// # Errors
/// One sentence that names the key and the file.
pub(super) fn read(settings: &LinkSettings) -> anyhow::Result<Tls> {
    let identity = settings.identity.as_ref();
    let identity = identity.context("link.certificate_file is missing")?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut all = RootCertStore::empty();
    let mut all_revoked = Vec::new();
    let mut partners = BTreeMap::new();
    for partner in &settings.partners {
        let whose = format!("link.partners of {}", partner.card.room);
        let (roots, revoked) = trusted(partner, &whose)?;
        all.roots.extend(roots.roots.iter().cloned());
        all_revoked.extend(revoked.iter().cloned());
        let made = of_partner(partner, identity, (roots, revoked), &provider);
        let made =
            made.with_context(|| format!("{whose}: no connection can be made with its files"))?;
        partners.insert(partner.card.room.clone(), made);
    }
    let (chain, key) = shown(identity)?;
    // Of whom somebody is becomes known only by what it says; until then no list of one authority speaks for another's.
    let callers = WebPkiClientVerifier::builder_with_provider(Arc::new(all), Arc::clone(&provider))
        .with_crls(all_revoked)
        .allow_unknown_revocation_status()
        .build()
        .context("link.partners: their authorities cannot be used")?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(callers)
        .with_single_cert(chain, key)
        .with_context(|| not_together(identity))?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Tls {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        partners,
    })
}

type Trusted = (RootCertStore, Vec<CertificateRevocationListDer<'static>>);

/// What a partner's certificate is checked by.
fn trusted(partner: &Partner, whose: &str) -> anyhow::Result<Trusted> {
    let file = &partner.authority_file;
    let key = format!("{whose}: authority_file");
    let mut roots = RootCertStore::empty();
    for root in pem::<CertificateDer<'static>>(file, &key, "certificate")? {
        roots
            .add(root)
            .with_context(|| format!("{key} {} holds one that nobody can trust", file.display()))?;
    }
    let revoked = match &partner.revoked_file {
        None => Vec::new(),
        Some(file) => pem(file, &format!("{whose}: revoked_file"), "revocation list")?,
    };
    Ok((roots, revoked))
}

fn of_partner(
    partner: &Partner,
    identity: &Identity,
    (roots, revoked): Trusted,
    provider: &Arc<CryptoProvider>,
) -> anyhow::Result<PartnerTls> {
    let roots = Arc::new(roots);
    let (chain, key) = shown(identity)?;
    // Where lists are named, a certificate of which none speaks is not taken.
    let of_host =
        WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(provider))
            .with_crls(revoked.iter().cloned())
            .build()?;
    let caller = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(provider))
        .with_crls(revoked)
        .build()?;
    let mut config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_protocol_versions(&[&TLS13])?
        .with_webpki_verifier(of_host)
        .with_client_auth_cert(chain, key)
        .with_context(|| not_together(identity))?;
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(PartnerTls {
        connector: TlsConnector::from(Arc::new(config)),
        caller,
        caller_name: partner.certificate_name.clone(),
    })
}

type Shown = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn shown(identity: &Identity) -> anyhow::Result<Shown> {
    let file = &identity.certificate_file;
    let chain = pem(file, "link.certificate_file", "certificate")?;
    let file = &identity.key_file;
    let key = PrivateKeyDer::from_pem_file(file).with_context(|| {
        let file = file.display();
        format!("link.key_file {file} is no private key as PEM that can be read")
    })?;
    Ok((chain, key))
}

fn not_together(identity: &Identity) -> String {
    let (chain, key) = (&identity.certificate_file, &identity.key_file);
    let (chain, key) = (chain.display(), key.display());
    format!("link: {chain} and {key} do not belong together")
}

fn pem<T: PemObject>(file: &Path, key: &str, what: &str) -> anyhow::Result<Vec<T>> {
    let unread = || {
        let file = file.display();
        format!("{key} {file} holds no {what} as PEM that can be read")
    };
    let read = T::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(unread)?;
    ensure!(!read.is_empty(), unread());
    Ok(read)
}

/// What is wrong with a certificate, when that is why a connection failed.
pub(super) fn of_certificate(error: &io::Error) -> Option<&'static str> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    wrong(error)
}

/// The same of an error of TLS, in words for people.
pub(super) fn wrong(error: &Error) -> Option<&'static str> {
    match error {
        Error::NoCertificatesPresented => Some("it shows none"),
        Error::InvalidCertificate(wrong) => Some(match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "it is not valid yet"
            }
            CertificateError::Revoked => "it is revoked",
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "it is not by the authority that is named here"
            }
            CertificateError::UnknownRevocationStatus => "no list says whether it is revoked",
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "it bears another name"
            }
            _ => "it cannot be used",
        }),
        _ => None,
    }
}
