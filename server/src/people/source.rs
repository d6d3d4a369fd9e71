//! From where somebody asks: who is wrong too often from one place waits, and nobody else.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A place that people share or have alone: an address, of the sixth version the network of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// Where an address belongs. Of the sixth version everybody has 2^64 of them.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            four => four,
        })
    }

    /// Who stands behind a connection. From the outside that is its other end. From this machine it is the proxy that
    /// speaks TLS for the office: it names whom it speaks for last in `X-Forwarded-For`. Whatever others wrote before
    /// that is not believed, and neither is a header that came without a proxy. None where nobody can say.
    pub fn behind(peer: IpAddr, forwarded: Option<&str>) -> Option<Self> {
        if !peer.to_canonical().is_loopback() {
            return Some(Self::of(peer));
        }
        let named = forwarded?.rsplit(',').next()?.trim();
        let address = named.parse::<IpAddr>().or_else(|_| named.parse::<SocketAddr>().map(|a| a.ip())).ok()?;
        Some(Self::of(address)).filter(|source| !source.0.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_household_with_many_addresses_is_one_place() {
        assert_eq!(Source::of(ip("2001:db8:1:2::7")), Source::of(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(Source::of(ip("2001:db8:1:2::7")), Source::of(ip("2001:db8:1:3::7")));
        assert_eq!(Source::of(ip("::ffff:10.0.0.1")), Source::of(ip("10.0.0.1")));
    }

    #[test]
    fn only_the_proxy_of_this_machine_says_for_whom_it_speaks_and_only_its_own_word_counts() {
        let (inside, outside) = (ip("127.0.0.1"), ip("203.0.113.5"));
        let place = |text: &str| Some(Source::of(ip(text)));
        assert_eq!(Source::behind(inside, Some("198.51.100.7")), place("198.51.100.7"));
        assert_eq!(Source::behind(inside, Some("9.9.9.9, 198.51.100.7:4711")), place("198.51.100.7"));
        assert_eq!(Source::behind(outside, Some("198.51.100.7")), place("203.0.113.5"), "anybody can write a header");
        for nobody in [None, Some(""), Some("unknown"), Some("127.0.0.1"), Some("198.51.100.7,")] {
            assert_eq!(Source::behind(inside, nobody), None, "{nobody:?}");
        }
    }
}
