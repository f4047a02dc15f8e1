"""The network of a client: what limits by address count."""

import ipaddress

_PREFIX = 64


def network_of(address: str) -> str:
    """Return an IPv4 address as it is and an IPv6 address by its first 64 bits: a client chooses the others.

    All spellings of an address are one network. What is no address is returned unchanged. The router does the same
    (`router/gateway/client-address.mjs`).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _PREFIX), strict=False))
    return str(parsed)
