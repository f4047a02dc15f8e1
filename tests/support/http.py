"""HTTP clients of tests: one deadline, no proxies, and no certificates, whose loading takes longer than a request."""

import ssl
from typing import Any

import httpx

from tests.support.waiting import TEST_TIMEOUT

# Servers of tests speak plain HTTP. Without this, each client reads and parses a few hundred authorities anew.
_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def http_client(**options: Any) -> httpx.AsyncClient:
    """Return a client of servers on this machine; `options` are those of `httpx.AsyncClient`."""
    usual: dict[str, Any] = {"timeout": TEST_TIMEOUT, "trust_env": False, "verify": _NO_AUTHORITIES}
    return httpx.AsyncClient(**usual | options)
