"""Hashes passwords with Argon2id, off the event loop and never too many at once."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from shared.runtime import Runtime

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# A hash takes a core for a quarter of a second and 64 MiB.
HASHES_AT_ONCE = 2


class Passwords:
    """The room's password hasher."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._decoy = self._hasher.hash("a password that nobody has")

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Passwords"]:
        """Open the hasher with its own threads, closed at the end of the block."""
        with ThreadPoolExecutor(HASHES_AT_ONCE, "passwords") as threads:
            yield cls(threads)

    async def hash(self, password: str) -> str:
        """Return the hash of a password in PHC form."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Compare a password with a stored hash; without one, take the same time and answer False."""
        loop = asyncio.get_running_loop()
        known = stored if stored is not None else self._decoy
        matches = await loop.run_in_executor(self._threads, self._hasher.verify, password, known)
        return matches and stored is not None
