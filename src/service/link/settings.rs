//! The links as they are configured, checked at the start.

use super::tls;
use crate::domain::ids::{RoomId, State};
use crate::domain::registry::RoomCard;
use crate::service::signing::keys::PublicKey;
use crate::wire::config::{LinkWire, PartnerWire};
use anyhow::{Context as _, ensure};
use axum::http::Uri;
use rustls::pki_types::ServerName;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Everything that links need. Without a partner there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkSettings {
    /// Where partners connect to.
    pub listen: Option<SocketAddr>,
    /// By what this service shows who it is.
    pub identity: Option<Identity>,
    /// The rooms of other services.
    pub partners: Vec<Partner>,
}

/// The certificate of this service: shown by who dials, and by who is dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The chain, as PEM.
    pub certificate_file: PathBuf,
    /// The private key, as PEM.
    pub key_file: PathBuf,
}

/// A room of another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The room, and its state.
    pub card: RoomCard,
    /// The host that is dialled; its certificate bears this name.
    pub host: ServerName<'static>,
    /// At which port.
    pub port: u16,
    /// The whole address.
    pub url: String,
    /// Who signs its certificate, as PEM.
    pub authority_file: PathBuf,
    /// Which certificates are revoked, as PEM.
    pub revoked_file: Option<PathBuf>,
    /// The name in its certificate when it dials.
    pub certificate_name: ServerName<'static>,
    /// By what the words of its room are checked.
    pub keys: Vec<PublicKey>,
}

impl LinkSettings {
    /// Checks what is written, and reads the files that it names.
    ///
    /// # Errors
    /// One sentence that names the key and what to do.
    pub fn read(written: &LinkWire) -> anyhow::Result<Self> {
        if *written == LinkWire::default() {
            return Ok(Self::default());
        }
        ensure!(
            !written.partners.is_empty(),
            "link has no partners: add [[link.partners]], or leave the table out"
        );
        ensure!(
            !written.certificate_file.is_empty() && !written.key_file.is_empty(),
            "link needs both certificate_file and key_file: by them partners know this service"
        );
        let listen = (!written.listen.is_empty()).then(|| {
            let listen = &written.listen;
            let parsed = listen.parse::<SocketAddr>();
            parsed.with_context(|| {
                format!("link.listen = `{listen}` is no address: write it as 0.0.0.0:9443")
            })
        });
        let partners = written.partners.iter().map(partner);
        let settings = Self {
            listen: listen.transpose()?,
            identity: Some(Identity {
                certificate_file: PathBuf::from(&written.certificate_file),
                key_file: PathBuf::from(&written.key_file),
            }),
            partners: partners.collect::<anyhow::Result<_>>()?,
        };
        let mut rooms = BTreeSet::new();
        for partner in &settings.partners {
            let room = &partner.card.room;
            ensure!(rooms.insert(room), "link.partners: {room} is there twice");
        }
        tls::read(&settings)?;
        Ok(settings)
    }

    /// The rooms of other services.
    #[must_use]
    pub fn cards(&self) -> Vec<RoomCard> {
        let cards = self.partners.iter().map(|partner| partner.card.clone());
        cards.collect()
    }

    /// By which keys the words of each are checked.
    #[must_use]
    pub fn keys(&self) -> BTreeMap<RoomId, Vec<PublicKey>> {
        let keys = |partner: &Partner| (partner.card.room.clone(), partner.keys.clone());
        self.partners.iter().map(keys).collect()
    }

    /// Checks that no partner is a room of this service.
    ///
    /// # Errors
    /// One sentence that names the room.
    pub fn check_rooms<'a>(
        &self,
        mut own: impl Iterator<Item = &'a RoomCard>,
    ) -> anyhow::Result<()> {
        let partner = |card: &&RoomCard| {
            let mut partners = self.partners.iter();
            partners.any(|partner| partner.card.room == card.room)
        };
        match own.find(partner) {
            Some(card) => anyhow::bail!(
                "link.partners: {} is a room of this service: rooms of one service need no link",
                card.room
            ),
            None => Ok(()),
        }
    }
}

fn partner(written: &PartnerWire) -> anyhow::Result<Partner> {
    let room = RoomId::parse(&written.room)
        .with_context(|| format!("link.partners: room = `{}` is no room", written.room))?;
    let whose = format!("link.partners of {room}");
    let state = State::parse(&written.state)
        .with_context(|| format!("{whose}: state = `{}` is none", written.state))?;
    let (host, port) = place(&written.url).with_context(|| {
        let url = &written.url;
        format!("{whose}: url = `{url}` is no address: write it as wss://host:9443/")
    })?;
    ensure!(
        !written.authority_file.is_empty(),
        "{whose}: authority_file is missing: name the certificates of who signs those of its service"
    );
    let certificate_name = match written.certificate_name.as_str() {
        "" => host.clone(),
        name => ServerName::try_from(name.to_owned())
            .with_context(|| format!("{whose}: certificate_name = `{name}` is no DNS name"))?,
    };
    let keys = written.keys.iter().map(|key| PublicKey::parse(key));
    let keys: Vec<PublicKey> = keys
        .collect::<anyhow::Result<_>>()
        .with_context(|| format!("{whose}: keys"))?;
    ensure!(
        !keys.is_empty(),
        "{whose}: keys is empty: put in what `limes room key {room}` prints there, handed over in person"
    );
    if let Some(key) = keys.iter().find(|key| key.state != state) {
        anyhow::bail!("{whose}: keys: {key} is not of {state}");
    }
    let revoked_file = Some(&written.revoked_file).filter(|file| !file.is_empty());
    Ok(Partner {
        card: RoomCard { room, state },
        host,
        port,
        url: written.url.clone(),
        authority_file: PathBuf::from(&written.authority_file),
        revoked_file: revoked_file.map(PathBuf::from),
        certificate_name,
        keys,
    })
}

/// The host and port of a web address.
fn place(url: &str) -> Option<(ServerName<'static>, u16)> {
    let url: Uri = url.parse().ok()?;
    let named = url.authority().is_some_and(|it| it.as_str().contains('@'));
    if url.scheme_str() != Some("wss") || named {
        return None;
    }
    let host = url.host()?.trim_start_matches('[').trim_end_matches(']');
    let host = ServerName::try_from(host.to_owned()).ok()?;
    Some((host, url.port_u16().unwrap_or(443)))
}
