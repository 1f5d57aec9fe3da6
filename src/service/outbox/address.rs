//! Where a webhook may connect to: an address is resolved once, judged, and the connection is made to that very address. A
//! name that is answered otherwise a moment later changes nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The addresses that a name stands for, all of them fit to be connected to.
///
/// # Errors
/// One sentence: the name is not known, or one of its addresses is not public and `private` ones are not allowed.
pub async fn resolve(host: &str, port: u16, private: bool) -> Result<Vec<SocketAddr>, Unfit> {
    let found = tokio::net::lookup_host((host, port)).await;
    let found: Vec<SocketAddr> = found
        .map_err(|error| Unfit::Unknown(format!("{host} cannot be resolved: {error}")))?
        .collect();
    if found.is_empty() {
        return Err(Unfit::Unknown(format!("{host} has no address")));
    }
    let judged = found.iter().find_map(|address| {
        let kind = not_public(address.ip())?;
        Some((address.ip(), kind))
    });
    match judged {
        // One that is not public among public ones is how a name is turned against a network.
        Some((ip, kind)) if !private => Err(Unfit::NotPublic(format!(
            "{host} is {ip}, a {kind} address: not connected; allow_private lets it"
        ))),
        Some(_) | None => Ok(found),
    }
}

/// Why a name is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nobody knows it now.
    #[error("{0}")]
    Unknown(String),
    /// It leads where nothing may be sent.
    #[error("{0}")]
    NotPublic(String),
}

/// What kind of address it is, when it is none of the public internet (the special-purpose registries of RFC 6890 and
/// multicast). One that carries an IPv4 address within is judged by that one too.
#[must_use]
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => not_public_v4(address),
        IpAddr::V6(address) => not_public_v6(address),
    }
}

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (0, ..) => Some("unspecified"),
        (127, ..) => Some("loopback"),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Some("private"),
        (100, 64..=127, _) => Some("carrier-grade NAT"),
        (169, 254, _) => Some("link-local"),
        (192, 0, 0) => Some("protocol"),
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => Some("documentation"),
        (192, 88, 99) => Some("6to4 relay"),
        (198, 18..=19, _) => Some("benchmarking"),
        (224..=239, ..) => Some("multicast"),
        (240..=255, ..) => Some("reserved"),
        _ => None,
    }
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    let parts = address.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        [0, 0, 0, 0, 0, 0xffff, ..] => {
            Some(not_public_v4(inner(parts[6], parts[7])).unwrap_or("IPv4-mapped"))
        }
        [0, 0, 0, 0, 0, 0, ..] => Some("IPv4-compatible"),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => not_public_v4(inner(parts[6], parts[7])),
        [0x2001, 0, ..] => Some("Teredo"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Some("documentation"),
        [0x2001, 0x0002, 0, ..] => Some("benchmarking"),
        [0x2002, high, low, ..] => not_public_v4(inner(high, low)),
        [0xfc00..=0xfdff, ..] => Some("unique local"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xfec0..=0xfeff, ..] => Some("site-local"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        // What is not of the global unicast of 2000::/3 leads nowhere that is public.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

#[cfg(test)]
mod tests {
    use super::{not_public, resolve};

    #[test]
    fn what_is_not_of_the_public_internet_is_named() {
        let table = [
            ("0.0.0.0", Some("unspecified")),
            ("0.1.2.3", Some("unspecified")),
            ("10.0.0.1", Some("private")),
            ("100.63.255.255", None),
            ("100.64.0.1", Some("carrier-grade NAT")),
            ("100.127.255.255", Some("carrier-grade NAT")),
            ("100.128.0.0", None),
            ("127.0.0.1", Some("loopback")),
            ("127.255.255.254", Some("loopback")),
            ("169.254.169.254", Some("link-local")),
            ("172.15.255.255", None),
            ("172.16.0.1", Some("private")),
            ("172.31.255.255", Some("private")),
            ("172.32.0.0", None),
            ("192.0.0.8", Some("protocol")),
            ("192.0.2.1", Some("documentation")),
            ("192.88.99.1", Some("6to4 relay")),
            ("192.168.1.1", Some("private")),
            ("198.18.0.1", Some("benchmarking")),
            ("203.0.113.9", Some("documentation")),
            ("224.0.0.1", Some("multicast")),
            ("239.255.255.255", Some("multicast")),
            ("240.0.0.1", Some("reserved")),
            ("255.255.255.255", Some("reserved")),
            ("8.8.8.8", None),
            ("193.0.6.139", None),
            ("::", Some("unspecified")),
            ("::1", Some("loopback")),
            ("::127.0.0.1", Some("IPv4-compatible")),
            ("::ffff:127.0.0.1", Some("loopback")),
            ("::ffff:10.1.2.3", Some("private")),
            ("::ffff:169.254.169.254", Some("link-local")),
            ("::ffff:8.8.8.8", Some("IPv4-mapped")),
            ("64:ff9b::7f00:1", Some("loopback")),
            ("64:ff9b::808:808", None),
            ("64:ff9b:1::1", Some("reserved")),
            ("100::1", Some("reserved")),
            ("2001::1", Some("Teredo")),
            ("2001:db8::1", Some("documentation")),
            ("3fff:fff::1", Some("documentation")),
            ("2002:7f00:1::", Some("loopback")),
            ("2002:a00:1::", Some("private")),
            ("2002:808:808::", None),
            ("fc00::1", Some("unique local")),
            ("fdff::1", Some("unique local")),
            ("fe80::1", Some("link-local")),
            ("fec0::1", Some("site-local")),
            ("ff02::1", Some("multicast")),
            ("4000::1", Some("reserved")),
            ("2a00:1450:4001::1", None),
        ];
        for (address, kind) in table {
            assert_eq!(not_public(address.parse().unwrap()), kind, "{address}");
        }
    }

    /// The forms of an address that a resolver takes and a filter of texts overlooks.
    #[tokio::test]
    async fn a_name_is_judged_by_what_it_resolves_to() {
        for host in [
            "localhost",
            "127.1",
            "0x7f000001",
            "2130706433",
            "::ffff:127.0.0.1",
        ] {
            let Ok(found) = resolve(host, 443, true).await else {
                continue;
            };
            assert!(
                found.iter().all(|it| not_public(it.ip()).is_some()),
                "{host}"
            );
            let refused = resolve(host, 443, false).await.unwrap_err();
            assert!(refused.to_string().contains("allow_private"), "{refused}");
        }
        assert!(resolve("localhost", 443, true).await.is_ok());
    }
}
