"""Passwords: which are good enough, and their Argon2id hashes, made off the event loop and never too many at once."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from shared.core.validation import Checks
from shared.runtime import Runtime

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# A hash takes a core for a quarter of a second and 64 MiB.
HASHES_AT_ONCE = 2
JUDGED_CHARACTERS = 40
"""What is looked at to judge a password: the time that this takes grows with the square of it."""
LEAST_SCORE = 3
"""Of 4: more than 10^8 guesses for somebody who knows the lists of passwords, names and words that have leaked."""


class Passwords:
    """The subgraph's judge and hasher of passwords."""

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

    async def check(self, checks: Checks, name: str, password: str, *about: str) -> None:
        """Refuse a new password that is too short, too long or easily guessed, also from words about its owner."""
        if len(password) < SHORTEST_PASSWORD:
            checks.refuse(name, "TOO_SHORT", f"At least {SHORTEST_PASSWORD} characters are needed.")
        elif len(password) > LONGEST_PASSWORD:
            checks.refuse(name, "TOO_LONG", f"At most {LONGEST_PASSWORD} characters are allowed.")
        elif not await asyncio.get_running_loop().run_in_executor(self._threads, _is_hard_to_guess, password, about):
            checks.refuse(name, "TOO_COMMON", "This password is easy to guess; choose a few random words instead.")

    async def hash(self, password: str) -> str:
        """Return the hash of a password in PHC form."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Compare a password with a stored hash; without one, take the same time and answer False.

        Returns besides the hash to store instead, where the right password was hashed with parameters of the past.
        """
        loop, given = asyncio.get_running_loop(), password[: LONGEST_PASSWORD + 1]
        known = stored if stored is not None else self._decoy
        matches, better = await loop.run_in_executor(self._threads, self._hasher.verify_and_update, given, known)
        return (matches, better) if stored is not None else (False, None)


def _is_hard_to_guess(password: str, about: tuple[str, ...]) -> bool:
    words = [word for text in about for word in (text[:JUDGED_CHARACTERS], *text[:JUDGED_CHARACTERS].split())]
    return int(zxcvbn(password[:JUDGED_CHARACTERS], user_inputs=words)["score"]) >= LEAST_SCORE
