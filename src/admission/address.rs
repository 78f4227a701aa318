//! The address a request comes from: that of the peer, or the one a trusted proxy names (RFC 7239, `X-Forwarded-For`).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;

/// Most proxies in a row that are followed. Source: our choice; a county has one or two.
const HOPS_MAX: usize = 16;

/// An address as callers are distinguished by it: an IPv6 address by its /64, which one household or phone owns whole.
/// An IPv4 address written as IPv6 (mapped, or with the well-known NAT64 prefix of RFC 6052) counts as IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressGroup(Option<IpAddr>);

impl AddressGroup {
    /// The group of an address; callers without a known address form one group.
    #[must_use]
    pub fn of(address: Option<IpAddr>) -> Self {
        AddressGroup(address.map(|address| match canonical(address) {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address @ IpAddr::V4(_) => address,
        }))
    }
}

impl fmt::Display for AddressGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(IpAddr::V6(address)) => write!(f, "{address}/64"),
            Some(IpAddr::V4(address)) => write!(f, "{address}"),
            None => f.write_str("unknown"),
        }
    }
}

fn canonical(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                IpAddr::V4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
            }
            _ => IpAddr::V6(v6),
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// An entry in the list of trusted proxies that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address and no network such as 10.0.0.0/8; a network of all addresses is refused")]
pub struct BadNetwork(String);

/// The proxies that are trusted to name their callers. None by default: then the peer is the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl FromStr for TrustedProxies {
    type Err = BadNetwork;

    /// Addresses and networks separated by commas; an empty text means none.
    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let network = |item: &str| {
            let parsed = item.parse().map(|address: IpAddr| IpNet::from(canonical(address))).or_else(|_| item.parse());
            // With everybody trusted, a caller could claim any address.
            parsed.ok().filter(|network: &IpNet| network.prefix_len() > 0).ok_or_else(|| BadNetwork(item.to_owned()))
        };
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(network).collect::<Result<_, _>>().map(TrustedProxies)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<String> = self.0.iter().map(IpNet::to_string).collect();
        f.write_str(&networks.join(","))
    }
}

impl<'de> serde::Deserialize<'de> for TrustedProxies {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The caller's address. `forwarded` and `x_forwarded_for` are the lines of the two headers in the order they came.
    ///
    /// An untrusted peer is the caller itself. Otherwise the caller is the first untrusted hop from the right. An entry
    /// that cannot be read ends the walk at the proxy that wrote it. When both headers are present and name different
    /// callers, one of them was not written by the proxy, and nobody can tell which: then the peer is the caller.
    #[must_use]
    pub fn caller<'a>(
        &self,
        peer: Option<IpAddr>,
        forwarded: impl Iterator<Item = &'a str>,
        x_forwarded_for: impl Iterator<Item = &'a str>,
    ) -> Option<IpAddr> {
        let peer = canonical(peer?);
        if !self.trusts(peer) {
            return Some(peer);
        }
        let (forwarded, listed): (Vec<&str>, Vec<&str>) = (forwarded.collect(), x_forwarded_for.collect());
        let forwarded = (!forwarded.is_empty()).then(|| self.walk(peer, Elements(forwarded).map(forwarded_for)));
        let listed = (!listed.is_empty()).then(|| self.walk(peer, Elements(listed).map(node)));
        match (forwarded, listed) {
            (Some(one), Some(other)) if one != other => Some(peer),
            (one, other) => one.or(other).or(Some(peer)),
        }
    }

    /// Follows the hops, nearest first, while they are trusted.
    fn walk(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut caller = peer;
        for hop in hops.take(HOPS_MAX) {
            let Some(hop) = hop else { break };
            caller = hop;
            if !self.trusts(caller) {
                break;
            }
        }
        caller
    }
}

/// The elements of a list header (RFC 9110 §5.6.1) from last to first; `None` for one that cannot be separated from its
/// neighbours. It reads from the right, because everything left of a proxy's own element was written by the caller: a
/// quote opened there must not swallow the proxy's element.
struct Elements<'a>(Vec<&'a str>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let line = self.0.pop()?;
            let (rest, element) = last_element(line);
            if let Some(rest) = rest {
                self.0.push(rest);
            }
            // Empty elements do not count (RFC 9110 §5.6.1.2).
            let element = element.trim_matches([' ', '\t']);
            if !element.is_empty() {
                return Some(element);
            }
        }
    }
}

/// The text after the last comma outside quotes, and the text before it.
fn last_element(line: &str) -> (Option<&str>, &str) {
    let bytes = line.as_bytes();
    let mut quoted = false;
    for at in (0..bytes.len()).rev() {
        match bytes.get(at) {
            Some(b'"') => {
                let backslashes = bytes.iter().take(at).rev().take_while(|byte| **byte == b'\\').count();
                quoted ^= backslashes % 2 == 0;
            }
            Some(b',') if !quoted => return (line.get(..at), line.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
    }
    (None, line)
}

/// The address in the single `for` parameter of a `Forwarded` element.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut named = None;
    for parameter in element.split(';') {
        let (name, value) = parameter.split_once('=')?;
        if !name.trim_matches([' ', '\t']).eq_ignore_ascii_case("for") {
            continue;
        }
        if named.is_some() {
            return None;
        }
        let value = value.trim_matches([' ', '\t']);
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        named = Some(quoted.unwrap_or(value));
    }
    // An address needs no escapes; one that has them is invalid.
    node(named?)
}

/// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
/// `None` for `unknown`, obfuscated names (`_proxy`), and anything else.
fn node(text: &str) -> Option<IpAddr> {
    let plain = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    plain().or_else(bracketed).or_else(with_port).or_else(|| hidden_port(text)).map(canonical)
}

/// RFC 7239 allows an obfuscated port, too: `192.0.2.1:_work`.
fn hidden_port(text: &str) -> Option<IpAddr> {
    let (host, port) = text.rsplit_once(':')?;
    if !port.starts_with('_') {
        return None;
    }
    match host.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// The caller that these lines name to a service behind 10.0.0.1, which trusts 10.0.0.0/8 and ::1.
    #[track_caller]
    fn names(forwarded: &[&str], x_forwarded_for: &[&str], caller: &str) {
        let trusted: TrustedProxies = "10.0.0.0/8, ::1".parse().unwrap();
        let found =
            trusted.caller(Some(ip("10.0.0.1")), forwarded.iter().copied(), x_forwarded_for.iter().copied()).unwrap();
        assert_eq!(found, ip(caller), "{forwarded:?} {x_forwarded_for:?}");
    }

    #[test]
    fn only_a_trusted_peer_is_believed() {
        let trusted: TrustedProxies = "10.0.0.1,2001:db8::/32".parse().unwrap();
        let caller = |peer: &str| trusted.caller(Some(ip(peer)), ["for=192.0.2.9"].into_iter(), [].into_iter());
        for (peer, found) in [
            ("10.0.0.1", "192.0.2.9"),
            ("::ffff:10.0.0.1", "192.0.2.9"),
            ("2001:db8:5::1", "192.0.2.9"),
            ("10.0.0.2", "10.0.0.2"),
            ("::ffff:10.0.0.2", "10.0.0.2"),
            ("2001:db9::1", "2001:db9::1"),
        ] {
            assert_eq!(caller(peer), Some(ip(found)), "{peer}");
        }
        let nobody = TrustedProxies::default();
        assert_eq!(nobody.caller(Some(ip("::1")), [].into_iter(), ["192.0.2.9"].into_iter()), Some(ip("::1")));
        assert_eq!(trusted.caller(None, ["for=192.0.2.9"].into_iter(), [].into_iter()), None);
    }

    #[test]
    fn hops_are_read_from_the_right_past_trusted_ones_only() {
        names(&[], &[], "10.0.0.1");
        names(&[], &["192.0.2.1"], "192.0.2.1");
        names(&[], &["192.0.2.66, 192.0.2.1"], "192.0.2.1");
        names(&[], &["192.0.2.66, 192.0.2.1, 10.9.9.9,10.0.0.7"], "192.0.2.1");
        names(&[], &["192.0.2.66", "192.0.2.1", "10.0.0.7"], "192.0.2.1");
        names(&[], &["192.0.2.66, 192.0.2.1 ,\t, ,"], "192.0.2.1");
        names(&[], &["10.0.0.3, 10.0.0.4"], "10.0.0.3");
        names(&[], &[""], "10.0.0.1");
        names(&["for=192.0.2.66", "for=192.0.2.1;proto=https, for=10.0.0.7"], &[], "192.0.2.1");
        let endless = vec!["10.0.0.2"; 100].join(",");
        names(&[], &[&format!("192.0.2.1,{endless}")], "10.0.0.2");
    }

    #[test]
    fn every_way_to_write_an_address_is_read() {
        for (text, address) in [
            ("192.0.2.43", "192.0.2.43"),
            ("192.0.2.43:47011", "192.0.2.43"),
            ("::ffff:192.0.2.43", "192.0.2.43"),
            ("64:ff9b::192.0.2.43", "192.0.2.43"),
            ("[::ffff:192.0.2.43]:80", "192.0.2.43"),
            ("2001:DB8:CAFE::17", "2001:db8:cafe::17"),
            ("[2001:db8:cafe::17]", "2001:db8:cafe::17"),
            ("[2001:db8:cafe::17]:4711", "2001:db8:cafe::17"),
            ("[2001:db8:cafe::17]:_work", "2001:db8:cafe::17"),
            ("192.0.2.43:_work", "192.0.2.43"),
        ] {
            names(&[], &[text], address);
            names(&[&format!("by=203.0.113.43;FOR=\"{text}\";proto=http")], &[], address);
        }
        names(&["For = 192.0.2.43 ; proto=http"], &[], "192.0.2.43");
        names(&["by=\"a;b\";for=192.0.2.43"], &[], "10.0.0.1");
        names(&["for=192.0.2.1;by=\"a,\\\"b\""], &[], "192.0.2.1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk_at_the_proxy_that_wrote_it() {
        for text in [
            "unknown",
            "_hidden",
            "unix:",
            "localhost",
            "192.0.2",
            "192.0.2.1:",
            "192.0.2.1:99999",
            "300.1.1.1",
            "[192.0.2.1]",
            "fe80::1%eth0",
            "192.0.2.1 192.0.2.2",
            "\"192.0.2.1\"\"",
            "192.0.2.1\u{a0}",
            "[::1",
        ] {
            names(&[], &[&format!("192.0.2.66, {text}")], "10.0.0.1");
            names(&[], &[&format!("192.0.2.66, {text}, 10.0.0.7")], "10.0.0.7");
            names(&[&format!("for=192.0.2.66, for=\"{text}\"")], &[], "10.0.0.1");
        }
        for element in ["proto=https", "for", "for=192.0.2.1;for=192.0.2.2", "192.0.2.1", "for=\"192.0.2.1", ";"] {
            names(&[&format!("for=192.0.2.66, {element}")], &[], "10.0.0.1");
        }
    }

    /// What a caller writes is to the left of what the proxy adds.
    #[test]
    fn nothing_a_caller_writes_hides_what_the_proxy_added() {
        for written in ["for=\"", "for=\"a\\", "\"", "for=192.0.2.66;", ",", "for=\"192.0.2.66,", "\\\"", "\\"] {
            names(&[&format!("{written}, for=192.0.2.1")], &[], "192.0.2.1");
            names(&[&format!("{written}, for=\"[2001:db8::1]:80\";by=\"_x,y\"")], &[], "2001:db8::1");
            names(&[written, "for=192.0.2.1"], &[], "192.0.2.1");
            names(&[], &[&format!("{written}, 192.0.2.1")], "192.0.2.1");
        }
    }

    #[test]
    fn two_headers_that_differ_are_both_left_aside() {
        names(&["for=192.0.2.1"], &["192.0.2.1"], "192.0.2.1");
        names(&["for=192.0.2.66, for=192.0.2.1"], &["192.0.2.1"], "192.0.2.1");
        names(&["for=192.0.2.66"], &["192.0.2.1"], "10.0.0.1");
        names(&["for=unknown"], &["192.0.2.1"], "10.0.0.1");
        names(&["for=192.0.2.1"], &[""], "10.0.0.1");
    }

    #[test]
    fn a_list_of_proxies_is_read_as_it_is_written() {
        let parsed: TrustedProxies = " 127.0.0.1,10.0.0.0/8 , ::1,2001:db8::/32,".parse().unwrap();
        assert_eq!(parsed.to_string(), "127.0.0.1/32,10.0.0.0/8,::1/128,2001:db8::/32");
        assert_eq!(parsed.to_string().parse(), Ok(parsed));
        assert_eq!("".parse(), Ok(TrustedProxies::default()));
        for bad in ["nginx", "10.0.0.0/33", "10.0.0.1:80", "0.0.0.0/0", "::/0", "*", "10.0.0", "10.0.0.1 10.0.0.2"] {
            assert_eq!(format!("127.0.0.1,{bad}").parse::<TrustedProxies>(), Err(BadNetwork(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn addresses_are_grouped() {
        for (address, group) in [
            ("10.1.2.3", "10.1.2.3"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("64:ff9b::10.1.2.3", "10.1.2.3"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(AddressGroup::of(Some(ip(address))).to_string(), group);
        }
        assert_eq!(AddressGroup::of(None).to_string(), "unknown");
        assert_ne!(AddressGroup::of(Some(ip("2001:db8:1:2::1"))), AddressGroup::of(Some(ip("2001:db8:1:3::1"))));
    }
}
