"""Passwords: which are good enough, and their Argon2id hashes, made off the event loop and never too many at once.

Whatever takes a password waits in one queue of a limited length, in which each caller has a few places: so a caller who
asks for more than can be done is refused at once, and keeps nobody else waiting for long.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from shared.core.validation import Checks
from shared.runtime import Runtime
from shared.security.rate_limit import too_many

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
HASHES_AT_ONCE = 2
"""A hash takes a core for a quarter of a second and 64 MiB."""
MOST_WAITING = 24
"""Three seconds of work for two cores."""
MOST_WAITING_OF_CALLER = 6
RETRY_AFTER_SECONDS = 2
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
        self._waiting = Counter[str]()

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Passwords"]:
        """Open the hasher with its own threads, closed at the end of the block."""
        with ThreadPoolExecutor(HASHES_AT_ONCE, "passwords") as threads:
            yield cls(threads)

    async def check(self, checks: Checks, name: str, password: str, *about: str, caller: str) -> None:
        """Refuse a new password that is too short, too long or easily guessed, also from words about its owner.

        `caller` is the network address that asks; raises TooManyRequests when too much is asked for.
        """
        if len(password) < SHORTEST_PASSWORD:
            checks.refuse(name, "TOO_SHORT", f"At least {SHORTEST_PASSWORD} characters are needed.")
        elif len(password) > LONGEST_PASSWORD:
            checks.refuse(name, "TOO_LONG", f"At most {LONGEST_PASSWORD} characters are allowed.")
        elif not await self._run(caller, _is_hard_to_guess, password, about):
            checks.refuse(name, "TOO_COMMON", "This password is easy to guess; choose a few random words instead.")

    async def hash(self, password: str, *, caller: str) -> str:
        """Return the hash of a password in PHC form; raises TooManyRequests."""
        return await self._run(caller, self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None, *, caller: str) -> tuple[bool, str | None]:
        """Compare a password with a stored hash; without one, take the same time and answer False.

        Returns besides the hash to store instead, where the right password was hashed with parameters of the past;
        raises TooManyRequests.
        """
        given, known = password[: LONGEST_PASSWORD + 1], stored if stored is not None else self._decoy
        matches, better = await self._run(caller, self._hasher.verify_and_update, given, known)
        return (matches, better) if stored is not None else (False, None)

    async def _run(self, caller: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do some work in a thread when its turn comes; raises TooManyRequests if there is no place to wait."""
        if self._waiting.total() >= MOST_WAITING or self._waiting[caller] >= MOST_WAITING_OF_CALLER:
            raise too_many(RETRY_AFTER_SECONDS)
        self._waiting[caller] += 1
        try:
            # Work whose caller has left is not begun.
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))
        finally:
            self._waiting[caller] -= 1
            if not self._waiting[caller]:
                del self._waiting[caller]


def _is_hard_to_guess(password: str, about: tuple[str, ...]) -> bool:
    words = [word for text in about for word in (text[:JUDGED_CHARACTERS], *text[:JUDGED_CHARACTERS].split())]
    return int(zxcvbn(password[:JUDGED_CHARACTERS], user_inputs=words)["score"]) >= LEAST_SCORE
