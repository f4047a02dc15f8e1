"""Lets the router call a subgraph by its certificate: a listener for connections that have one of its own authority.

What comes over such a connection needs no signature (`shared/security/request_signature.py`), so that an engine that
cannot sign may route. The certificate is read again once its file has changed: who renews it restarts nothing. Another
authority needs a restart, because OpenSSL forgets none that it trusts.
"""

import asyncio
import ssl
from pathlib import Path

from shared.core.observability import log
from shared.core.settings import SettingsError
from shared.http.middleware import ASGIApp, Receive, Scope, Send

FROM_ROUTER = "petplus.from_router"
"""The key in the scope of a request that is known to come from the router."""
SUBGRAPHS, ROUTER = "subgraphs", "router"
AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.crt", "tls.crt", "tls.key"
"""The names that a Secret of type `kubernetes.io/tls` has."""
CHECK_SECONDS = 60.0


class MutualTls:
    """The certificates of a subgraph, and what it demands of its callers."""

    def __init__(self, directory: Path, check_seconds: float = CHECK_SECONDS) -> None:
        """Raise SettingsError where the certificates cannot be used."""
        own = directory / SUBGRAPHS
        self._certificate, self._key = own / CERTIFICATE_FILE, own / KEY_FILE
        self._check_seconds = check_seconds
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.verify_mode = ssl.CERT_REQUIRED
        try:
            self.context.load_cert_chain(self._certificate, self._key)
            self.context.load_verify_locations(own / AUTHORITY_FILE)
        except ssl.SSLError:
            raise SettingsError(f"PETPLUS_TLS_DIRECTORY is wrong: the files in {own} do not fit together.") from None
        except OSError as error:
            reason = error.strerror
            raise SettingsError(f"PETPLUS_TLS_DIRECTORY is wrong: {own} cannot be read: {reason}.") from None

    async def keep_fresh(self) -> None:
        """Read the certificate again whenever it has changed, until cancelled. A bad one is not used."""
        seen = self._versions()
        while True:
            await asyncio.sleep(self._check_seconds)
            found = self._versions()
            if found == seen:
                continue
            seen = found
            try:
                self.context.load_cert_chain(self._certificate, self._key)
            except (OSError, ssl.SSLError) as error:
                log.error("certificate not read", reason=type(error).__name__)
            else:
                log.info("certificate read")

    def _versions(self) -> list[int]:
        files = (self._certificate, self._key)
        return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]


class FromRouter:
    """Marks requests that came over a connection with a certificate of the router's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[FROM_ROUTER] = True
        await self.app(scope, receive, send)
