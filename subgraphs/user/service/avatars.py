"""Pictures of users: uploaded by them, decoded and encoded anew, and shown to whoever has the address.

The address names the picture by a keyed digest of the account and the content: another picture has another address,
and nobody finds one who was not given it. Pictures are rows of PostgreSQL, so they come and go with what refers to
them, in one transaction.
"""

import base64
import hashlib
import hmac
import re

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shared.core.errors import InvalidInput
from shared.database.database import Database
from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.user.models import Avatar, UserProfile
from subgraphs.user.service.accounts import change_profile
from subgraphs.user.service.avatar_decoder import AvatarDecoder
from subgraphs.user.settings import AvatarSettings

LARGEST = 512 * 1024
"""Bytes of an upload, before they are written as base64."""
MOST_UPLOADS = 20
UPLOADS_SECONDS = 3600
MOST_REQUESTS = 1200
"""Of one network; behind a company's gateway many people share one."""
REQUESTS_SECONDS = 60
_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NAME_CHARACTERS = 32


class Avatars:
    """The pictures of one running subgraph."""

    def __init__(
        self,
        database: Database,
        decoder: AvatarDecoder,
        key: bytes,
        base_url: str,
        uploads: FixedWindowLimiter,
        requests: FixedWindowLimiter,
    ) -> None:
        self._database = database
        self._decoder = decoder
        self._key = key
        self._base_url = base_url
        self._uploads = uploads
        self._requests = requests

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Avatars":
        """Make them for a running subgraph; raises SettingsError."""
        settings = runtime.settings
        uploads = FixedWindowLimiter(runtime.redis, "avatar-uploads", most=MOST_UPLOADS, seconds=UPLOADS_SECONDS)
        requests = FixedWindowLimiter(runtime.redis, "avatars", most=MOST_REQUESTS, seconds=REQUESTS_SECONDS)
        base_url, key = AvatarSettings.load().avatar_url_of(settings), settings.derive_key("names of avatars")
        return cls(runtime.database, runtime.resource(AvatarDecoder), key, base_url, uploads, requests)

    async def upload(self, user_id: str, version: int, image: str) -> UserProfile:
        """Make a picture the user's and return the profile row.

        Raises InvalidInput, TooManyRequests, Unavailable, NotFound or VersionConflict.
        """
        content = _decoded(image)
        await self._uploads.check(user_id)
        picture = await self._decoder.normalise(content)
        digest = hmac.new(self._key, user_id.encode() + picture, hashlib.sha256)
        name = digest.hexdigest()[:_NAME_CHARACTERS]
        kept = insert(Avatar).values(user_id=user_id, name=name, content=picture)
        replaced = kept.on_conflict_do_update(
            index_elements=["user_id"], set_={"name": kept.excluded.name, "content": kept.excluded.content}
        )
        async with self._database.write() as session:
            changes = {"avatar_url": None, "avatar_name": name}
            profile = await change_profile(session, user_id, version, changes)
            await session.execute(replaced)
        return profile

    async def show(self, name: str, address: str) -> bytes | None:
        """Return the picture of a name, or None; raises TooManyRequests."""
        await self._requests.check(network_of(address))
        if not _NAME.fullmatch(name):
            return None
        async with self._database.read() as connection:
            content: bytes | None = await connection.scalar(select(Avatar.content).where(Avatar.name == name))
        return content

    def url_of(self, name: str) -> str:
        """Return the address of a picture."""
        return f"{self._base_url}/avatars/{name}.jpg"


def _decoded(image: str) -> bytes:
    """Return an upload; raises InvalidInput, at once for one that is too large."""
    try:
        content = base64.b64decode(image, validate=True) if len(image) <= 2 * LARGEST else b""
    except ValueError:
        raise InvalidInput.field("input.image", "INVALID_BASE64", "Send the bytes of a picture as base64.") from None
    if not 0 < len(content) <= LARGEST:
        message = f"Send 1 to {LARGEST // 1024} KiB; make the picture smaller before you send it."
        raise InvalidInput.field("input.image", "TOO_LARGE" if image else "EMPTY", message)
    return content
