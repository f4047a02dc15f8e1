"""Has uploaded pictures decoded one after another, each in a process that ends with it."""

import asyncio
import sys
from pathlib import Path

from shared.core.environment import system_environment
from shared.core.errors import InvalidInput, Unavailable
from shared.runtime import Runtime
from subgraphs.user.service import picture_decoding

DECODE_SECONDS = 15.0
MOST_IN_HAND = 20
"""In a process: being decoded and waiting."""


class AvatarDecoder:
    """Turns uploads into the pictures that are kept."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._in_hand = 0

    @classmethod
    def from_runtime(cls, _runtime: Runtime) -> "AvatarDecoder":
        """Make the decoder of a running subgraph."""
        return cls()

    async def normalise(self, content: bytes) -> bytes:
        """Return the picture to keep, as JPEG; raises InvalidInput for what is no picture, or Unavailable."""
        if self._in_hand >= MOST_IN_HAND:
            raise Unavailable("Too many pictures are sent at once; try again in a moment.")
        self._in_hand += 1
        try:
            async with self._turn:
                status, picture = await _decode(content)
        finally:
            self._in_hand -= 1
        if status == picture_decoding.TOO_MANY_PIXELS:
            message = f"Send a picture of at most {picture_decoding.MOST_PIXELS // 10**6} million pixels."
            raise InvalidInput.field("input.image", "TOO_MANY_PIXELS", message)
        if status != 0:
            raise InvalidInput.field("input.image", "NO_PICTURE", "Send a picture as JPEG, PNG or WebP.")
        return picture


async def _decode(content: bytes) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(Path(picture_decoding.__file__))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=system_environment(),
        # An interrupt of the terminal is for the shop.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(DECODE_SECONDS):
            picture, _ = await process.communicate(content)
    except TimeoutError:
        raise Unavailable("Reading the picture takes too long; try again in a moment.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, picture
