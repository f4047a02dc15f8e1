"""The network that a client's address counts as, wherever calls are limited by address."""

from ipaddress import IPv6Address, ip_address, ip_network

PREFIX_LENGTH = 64
"""Of an IPv6 address: who has one address has all of its /64."""
SITE_PREFIX_LENGTH = 48
"""Of an IPv6 network: what a provider gives to one customer at most."""


def network_of(address: str) -> str:
    """Return an IPv4 address as it is, an IPv6 address as its /64, in one spelling; any other text unchanged."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, PREFIX_LENGTH), strict=False))
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)


def site_of(network: str) -> str:
    """Return the /48 of an IPv6 network; anything else unchanged."""
    try:
        found = ip_network(network)
    except ValueError:
        return network
    return str(found.supernet(new_prefix=SITE_PREFIX_LENGTH)) if found.prefixlen == PREFIX_LENGTH else network
