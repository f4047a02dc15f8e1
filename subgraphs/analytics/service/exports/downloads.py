"""Hands out the files of exports: who may fetch one, and the bytes from one place to another.

A link carries its own proof (`shared.security.signed_urls`), which names for whom it was made: the download is theirs.
"""

import datetime as dt
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

from sqlalchemy import select

from shared.core.errors import Unavailable
from shared.core.ids import id_of, is_id
from shared.core.observability import ORIGIN
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.outbox import record
from shared.runtime import Runtime
from shared.security.signed_urls import UrlSigner
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.events import ExportDownloaded
from subgraphs.analytics.models import Export, ExportPart
from subgraphs.analytics.settings import AnalyticsSettings

LINK_SECONDS = 900
"""How long a link opens a file; a download that has begun goes on."""


class Downloads:
    """The files of one running subgraph."""

    def __init__(self, database: Database, links: UrlSigner, base_url: str) -> None:
        self._database = database
        self._signer = links
        self._base_url = base_url

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Downloads":
        """Make them for a running subgraph; raises SettingsError."""
        base_url = AnalyticsSettings.load().export_url_of(runtime.settings)
        return cls(runtime.database, UrlSigner(runtime.settings.derive_key("export links")), base_url)

    def url_of(self, export_id: str, viewer_id: str) -> str:
        """Return a link that opens a file to whoever holds it, in the name of a viewer."""
        proof = self._signer.sign(f"{export_id}.{viewer_id}", int(time.time()) + LINK_SECONDS)
        query = urlencode({"for": viewer_id} | proof)
        return f"{self._base_url}/exports/{export_id}?{query}"

    def opens(self, export_id: str, viewer_id: str, expires: str, signature: str) -> bool:
        """Tell whether a link is one of ours, and not over."""
        return self._signer.verify(f"{export_id}.{viewer_id}", expires, signature)

    async def find(self, export_id: str) -> Export | None:
        """Return the row of an export whose file can be fetched, or None."""
        if not is_id("xpt", export_id):
            return None
        there = (Export.id == export_id, Export.state == ExportState.DONE, Export.expires_at > dt.datetime.now(dt.UTC))
        async with self._database.read() as connection:
            return await one_or_none(connection, Export, select(Export.__table__).where(*there))

    async def note(self, export_id: str, viewer_id: str, proof: str) -> None:
        """Record that somebody fetches a file or a part of it, once a minute for each proof: a link, or a token.

        A download manager fetches many parts at once, and any part may hold all that matters.
        """
        about = f"download {export_id} {viewer_id} {proof} {int(time.time()) // 60}"
        token = ORIGIN.set(replace(ORIGIN.get(), actor=viewer_id))
        try:
            async with self._database.write() as session:
                await record(session, ExportDownloaded(export_id=export_id), ids=[id_of("evt", about.encode())])
        finally:
            ORIGIN.reset(token)

    async def content(self, export_id: str, first: int, end: int) -> AsyncIterator[bytes]:
        """Yield the bytes of a file from `first` to before `end`, a part at a time.

        Raises Unavailable when the file is deleted meanwhile: a client that counts sees that it is cut short.
        """
        columns = ExportPart.start, ExportPart.content
        while first < end:
            upto = select(*columns).where(ExportPart.export_id == export_id, ExportPart.start <= first)
            async with self._database.read() as connection:
                row = (await connection.execute(upto.order_by(ExportPart.start.desc()).limit(1))).one_or_none()
            if row is None:
                raise Unavailable("The file was deleted during the download; create a new export.")
            chunk = row.content[first - row.start : end - row.start]
            yield chunk
            first += len(chunk)
