"""Pictures of designs, presets, products and unsaved configurations: who may see them, where they are kept, and links.

A picture is named by what it shows, so a design that changes has another picture at once, and the one in the table is
never out of date. The name is in the picture's address, which changes exactly when the picture does.
Painting one takes a twentieth of a second; a drawing as SVG takes a thousandth and is not kept.
"""

import asyncio
import datetime as dt
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import orjson
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shared.core import base64url
from shared.core.ids import is_id
from shared.database.database import Database
from shared.graph.loaders import in_keys
from shared.runtime import Runtime
from shared.security.auth import Viewer
from shared.security.client_network import network_of
from shared.security.rate_limit import FixedWindowLimiter
from shared.security.signed_urls import UrlSigner
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.plain import plainest
from subgraphs.builder.drawing import content_hash, draw
from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.loaders import READ
from subgraphs.builder.models import BuilderPreset, DesignPicture, PresetVersion, Preview, Product, SavedDesign
from subgraphs.builder.service.rendering import Painter
from subgraphs.builder.service.shares import shared_design
from subgraphs.builder.settings import BuilderSettings

SIZES = (128, 256, 512, 800, 1200)
DEFAULT_SIZE = 800
NAME = "v"
"""The parameter of an address that names the picture."""
SUPERSEDED_SECONDS = 7200
"""How long after a change of a design an address of an earlier picture of it shows the present one."""
SIZES_RULE = f"`size` must be one of {', '.join(map(str, SIZES))}."
KEPT_DAYS = 30
MOST_KEPT = 300
"""Pictures of one customer's designs; what goes beyond is painted each time."""
LIMIT_SECONDS = 60
MOST_UNSAVED = 120
"""PNGs of unsaved configurations for one network: each is painted, and none is kept."""
LONGEST_CONTENT = 2_000
"""How many characters of a configuration in an address are looked at; the largest have about 900."""
MOST_PICTURES = 1200
"""Requests of one network; behind a company's gateway many people share one."""
_KEPT_OF = (
    select(func.count())
    .select_from(DesignPicture)
    .join(SavedDesign, SavedDesign.id == DesignPicture.design_id)
    .where(SavedDesign.owner_id == bindparam("owner"))
)


@dataclass(frozen=True)
class Subject:
    """What a picture shows, and whose design it is; presets, products and what nobody has saved are nobody's."""

    config: DesignConfig
    design_id: str | None = None
    is_unsaved: bool = False

    @cached_property
    def name(self) -> str:
        """The name of the picture, by what it shows."""
        return content_hash(self.config)

    def etag(self, form: PreviewFormat, size: int) -> str:
        """Return the entity tag of a picture: no two pictures have the same."""
        return f'"{self.name}{"" if form is PreviewFormat.SVG else f"-{size}"}"'


class Previews:
    """The pictures of one running subgraph."""

    def __init__(
        self,
        database: Database,
        painter: Painter,
        links: UrlSigner,
        base_url: str,
        limiter: FixedWindowLimiter,
        unsaved: FixedWindowLimiter,
    ) -> None:
        self._database = database
        self._painter = painter
        self._signer = links
        self._base_url = base_url
        self._limiter = limiter
        self._unsaved = unsaved
        self._in_hand: dict[tuple[str, int], asyncio.Task[bytes]] = {}

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Previews":
        """Make them for a running subgraph; raises SettingsError."""
        links = UrlSigner(runtime.settings.derive_key("preview links"))
        base_url = BuilderSettings.load().preview_url_of(runtime.settings)
        limiter = FixedWindowLimiter(runtime.redis, "pictures", most=MOST_PICTURES, seconds=LIMIT_SECONDS)
        unsaved = FixedWindowLimiter(runtime.redis, "unsaved-pictures", most=MOST_UNSAVED, seconds=LIMIT_SECONDS)
        return cls(runtime.database, runtime.resource(Painter), links, base_url, limiter, unsaved)

    async def count(self, address: str) -> None:
        """Count a request for a picture; raises TooManyRequests."""
        await self._limiter.check(network_of(address))

    async def count_unsaved(self, address: str) -> None:
        """Count a picture of an unsaved configuration that is to be painted; raises TooManyRequests."""
        await self._unsaved.check(network_of(address))

    # Links

    def url_of_design(self, design_id: str, name: str, form: PreviewFormat, size: int) -> str:
        """Return a link that shows the picture of a design with this name to whoever holds it."""
        return self.url_of(
            f"designs/{design_id}", name, form, size, signature=self._signer.sign_lasting(_of(design_id, name))
        )

    def url_of_config(self, config: DesignConfig, form: PreviewFormat, size: int) -> str:
        """Return the address of a picture of a checked configuration that nobody has saved: it contains all of it."""
        content = base64url.encode(zlib.compress(orjson.dumps(config.to_json()), 9))
        signature = self._signer.sign_lasting(content)
        return self.url_of(f"configurations/{content}", content_hash(config), form, size, signature=signature)

    def url_of(self, path: str, name: str, form: PreviewFormat, size: int, **more: str) -> str:
        """Return the address of a picture below a path, such as `presets/pre_…`."""
        sized = {} if form is PreviewFormat.SVG else {"size": size}
        return f"{self._base_url}/{path}/preview.{form.value}?{urlencode({**sized, NAME: name, **more})}"

    # What is shown

    async def design(self, viewer: Viewer, design_id: str, name: str = "", signature: str = "") -> Subject | None:
        """Return what shows a design, if the viewer may see it or holds a link to the picture with a name.

        A link to an earlier picture opens the present one as long as pages may be open that still have it.
        """
        if not is_id("des", design_id):
            return None
        columns = SavedDesign.config, SavedDesign.owner_id, SavedDesign.updated_at
        async with self._database.read() as connection:
            found = await connection.execute(select(*columns).where(SavedDesign.id == design_id))
        row = found.one_or_none()
        if row is None:
            return None
        subject = Subject(DesignConfig.from_json(row.config), design_id)
        if viewer.can_access(row.owner_id, READ):
            return subject
        if not self._signer.verify_lasting(_of(design_id, name), signature):
            return None
        superseded_until = row.updated_at.timestamp() + SUPERSEDED_SECONDS
        return subject if subject.name == name or time.time() < superseded_until else None

    async def _stored(self, design_id: str) -> Subject | None:
        async with self._database.read() as connection:
            config = await connection.scalar(select(SavedDesign.config).where(SavedDesign.id == design_id))
        return Subject(DesignConfig.from_json(config), design_id) if config is not None else None

    async def shared(self, token: str) -> Subject | None:
        """Return what shows the design that a link's token opens."""
        row = await shared_design(self._database, token)
        return Subject(DesignConfig.from_json(row.config), row.design_id) if row is not None else None

    async def preset(self, preset_id: str) -> Subject | None:
        """Return what shows a preset."""
        if not is_id("pre", preset_id):
            return None
        async with self._database.read() as connection:
            config = await connection.scalar(select(BuilderPreset.config).where(BuilderPreset.id == preset_id))
        return Subject(DesignConfig.from_json(config)) if config is not None else None

    async def preset_version(self, version_id: str) -> Subject | None:
        """Return what shows a version of a preset."""
        if not is_id("prv", version_id):
            return None
        async with self._database.read() as connection:
            config = await connection.scalar(select(PresetVersion.config).where(PresetVersion.id == version_id))
        return Subject(DesignConfig.from_json(config)) if config is not None else None

    async def product(self, product_id: str) -> Subject | None:
        """Return what shows a product: the plainest design of it."""
        if not is_id("prd", product_id):
            return None
        async with self._database.read() as connection:
            kind = await connection.scalar(select(Product.kind).where(Product.id == product_id))
        return Subject(plainest(kind)) if kind is not None else None

    def config(self, content: str, signature: str) -> Subject | None:
        """Return what shows the configuration in an address, which was checked before it was signed."""
        if len(content) > LONGEST_CONTENT or not self._signer.verify_lasting(content, signature):
            return None
        data: ConfigData = orjson.loads(zlib.decompress(base64url.decode(content)))
        return Subject(DesignConfig.from_json(data), is_unsaved=True)

    # Pictures

    async def picture(self, subject: Subject, form: PreviewFormat, size: int) -> bytes:
        """Return the picture: drawn, or as it is kept, or painted and kept."""
        if form is PreviewFormat.SVG:
            return draw(subject.config).encode()
        if subject.is_unsaved:
            return await self._painter.paint(draw(subject.config), size)
        key = (subject.name, size)
        task = self._in_hand.get(key)
        if task is None:
            # From the look into the table until it is kept: who looked meanwhile would paint it again.
            task = self._in_hand[key] = asyncio.create_task(self._found_or_painted(subject, size))
            task.add_done_callback(lambda _: self._in_hand.pop(key, None))
        return await asyncio.shield(task)

    async def _found_or_painted(self, subject: Subject, size: int) -> bytes:
        kept = select(Preview.png).where(Preview.content_hash == subject.name, Preview.size == size)
        async with self._database.read() as connection:
            png = await connection.scalar(kept)
        if png is None:
            png = await self._painter.paint(draw(subject.config), size)
            await self._keep(subject, size, png)
        return bytes(png)

    async def prepare(self, design_id: str | None, preset_id: str | None) -> None:
        """Have the usual picture of a design or a preset ready."""
        subject = await self._stored(design_id) if design_id else await self.preset(preset_id or "")
        if subject is not None:
            await self.picture(subject, PreviewFormat.PNG, DEFAULT_SIZE)

    async def prune(self) -> None:
        """Forget what was painted long ago."""
        before = dt.datetime.now(dt.UTC) - dt.timedelta(days=KEPT_DAYS)
        async with self._database.write() as session:
            await session.execute(delete(Preview).where(Preview.created_at < before))

    async def _keep(self, subject: Subject, size: int, png: bytes) -> None:
        async with self._database.write() as session:
            if subject.design_id is not None:
                # Locked until the commit: a design that is erased meanwhile leaves no picture behind.
                alive = select(SavedDesign.owner_id).where(SavedDesign.id == subject.design_id)
                owner_id = await session.scalar(alive.with_for_update(read=True))
                if owner_id is None or (await session.scalar(_KEPT_OF, {"owner": owner_id}) or 0) >= MOST_KEPT:
                    return
            row = {"content_hash": subject.name, "size": size, "png": png}
            await session.execute(insert(Preview).values(row).on_conflict_do_nothing())
            if subject.design_id is not None:
                owned = {"content_hash": subject.name, "size": size, "design_id": subject.design_id}
                await session.execute(insert(DesignPicture).values(owned).on_conflict_do_nothing())


def _of(design_id: str, name: str) -> str:
    return f"{design_id}.{name}"


async def forget_earlier_pictures(session: AsyncSession, design_id: str) -> None:
    """Drop what was kept for a design before it changed."""
    await session.execute(delete(Preview).where(_is_of(DesignPicture.design_id == design_id)))


def _is_of(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return Preview.content_hash.in_(select(DesignPicture.content_hash).where(wanted))


async def forget_pictures(session: AsyncSession, configs: Mapping[str, ConfigData]) -> None:
    """Drop the pictures of erased designs, of their present configurations and of earlier ones.

    Whatever else looks the same is painted again when it is asked for.
    """
    names = sorted({content_hash(DesignConfig.from_json(config)) for config in configs.values()})
    theirs = in_keys(Preview.content_hash, names) | _is_of(in_keys(DesignPicture.design_id, sorted(configs)))
    await session.execute(delete(Preview).where(theirs))
