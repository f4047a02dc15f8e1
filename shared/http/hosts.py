"""Refuses requests for unknown hosts in development, so that no page of a browser reads what a subgraph answers.

Whoever owns a name can let it lead to this machine after they have served a page under it (DNS rebinding); for the
browser the page then has the subgraph's own origin. In production the middleware is left out: a subgraph answers only
what needs no browser's position, which is requests with the router's signature, and doors that are open to everybody or
have a signature or a signed link of their own. Its names there are those of the cluster.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address

from shared.http.middleware import ASGIApp, Receive, Scope, Send, send_error
from shared.http.mutual_tls import FROM_ROUTER
from shared.security.request_signature import SIGNATURE

_FORM = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d*)?", re.ASCII)


class HostCheck:
    """Answers requests for addresses, local names and listed ones; others with 421. Signed ones are the router's."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """`names` are further hosts, in lower case and without ports."""
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and FROM_ROUTER not in scope and not self._is_answered(scope["headers"]):
            message = "This subgraph does not answer for the host of the request (PETPLUS_PUBLIC_ORIGINS)."
            await send_error(send, 421, "MISDIRECTED_REQUEST", message)
            return
        await self.app(scope, receive, send)

    def _is_answered(self, headers: Collection[tuple[bytes, bytes]]) -> bool:
        # A signature that is wrong is refused where it is verified.
        if any(name == SIGNATURE for name, _ in headers):
            return True
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        return len(hosts) == 1 and self._is_own(hosts[0])

    def _is_own(self, host: str) -> bool:
        found = _FORM.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower().removesuffix(".")
        return name in self.names or is_local(name)


def is_local(name: str) -> bool:
    """Tell whether nobody can have registered a host's name: addresses, `localhost`, names without a dot."""
    if "." not in name.strip("[]") or name.endswith(".localhost"):
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
