//! Certificates of two services, by two authorities, and what is wrong with some.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, IsCa,
    KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use std::path::{Path, PathBuf};

/// One who signs certificates.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key, as files.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) chain: PathBuf,
    pub(crate) key: PathBuf,
}

/// How a certificate may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Well,
    Expired,
}

const SERIAL: u64 = 27;

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).unwrap(),
        }
    }

    /// Its own certificate.
    pub(crate) fn root(&self, folder: &Path, name: &str) -> String {
        written(
            folder,
            name,
            &AsRef::<rcgen::Certificate>::as_ref(&self.issuer).pem(),
        )
    }

    /// Signs a certificate with these names.
    pub(crate) fn paper(&self, folder: &Path, names: &[&str], made: Made) -> Paper {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let file = names.join("-");
        let mut params = CertificateParams::new(names).unwrap();
        params.serial_number = Some(SerialNumber::from(SERIAL));
        if made == Made::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Paper {
            chain: written(folder, &format!("{file}.pem"), &certificate.pem()).into(),
            key: written(folder, &format!("{file}.key"), &key.serialize_pem()).into(),
        }
    }

    /// A list of what is revoked: every certificate that was signed here, or none.
    pub(crate) fn revoked(&self, folder: &Path, every: bool) -> String {
        let one = RevokedCertParams {
            serial_number: SerialNumber::from(if every { SERIAL } else { SERIAL + 1 }),
            revocation_time: date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2024, 1, 1),
            next_update: date_time_ymd(2099, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![one],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).unwrap();
        written(folder, "revoked.pem", &list.pem().unwrap())
    }
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}
