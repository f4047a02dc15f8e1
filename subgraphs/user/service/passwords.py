"""Passwords: which are good enough, and their Argon2id hashes, made off the event loop and never too many at once.

Whatever takes a password waits in one queue (`password_queue`).
"""

import os
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from shared.core.validation import Checks
from shared.runtime import Runtime
from subgraphs.user.service.password_queue import HASHES_AT_ONCE, PasswordQueue

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
JUDGED_CHARACTERS = 40
"""What is looked at to judge a password: the time that this takes grows with the square of it."""
LEAST_SCORE = 3
"""Of 4: more than 10^8 guesses for somebody who knows the lists of passwords, names and words that have leaked."""
NICENESS = 10
"""Of the threads: each hash would take a core from the event loops, behind which all operations wait."""


class Passwords:
    """The subgraph's judge and hasher of passwords."""

    def __init__(self, queue: PasswordQueue) -> None:
        self._queue = queue
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._decoy = self._hasher.hash("a password that nobody has")

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Passwords"]:
        """Open the hasher with its own threads, closed at the end of the block."""
        with ThreadPoolExecutor(HASHES_AT_ONCE, "passwords", initializer=_give_way) as threads:
            yield cls(PasswordQueue(threads, runtime.settings.request_wait / 1000))

    async def check(self, checks: Checks, name: str, password: str, *about: str, caller: str) -> None:
        """Refuse a new password that is too short, too long or easily guessed, also from words about its owner.

        `caller` is the network, or the person, that asks; raises TooManyRequests when too much is asked for.
        """
        if len(password) < SHORTEST_PASSWORD:
            checks.refuse(name, "TOO_SHORT", f"At least {SHORTEST_PASSWORD} characters are needed.")
        elif len(password) > LONGEST_PASSWORD:
            checks.refuse(name, "TOO_LONG", f"At most {LONGEST_PASSWORD} characters are allowed.")
        elif not await self._queue.run(caller, partial(_is_hard_to_guess, password, about)):
            checks.refuse(name, "TOO_COMMON", "This password is easy to guess; choose a few random words instead.")

    async def hash(self, password: str, *, caller: str) -> str:
        """Return the hash of a password in PHC form; raises TooManyRequests."""
        return await self._queue.run(caller, partial(self._hasher.hash, password))

    async def verify(self, password: str, stored: str | None, *, caller: str) -> tuple[bool, str | None]:
        """Compare a password with a stored hash; without one, take the same time and answer False.

        Returns besides the hash to store instead, where the right password was hashed with parameters of the past;
        raises TooManyRequests.
        """
        given, known = password[: LONGEST_PASSWORD + 1], stored if stored is not None else self._decoy
        matches, better = await self._queue.run(caller, partial(self._hasher.verify_and_update, given, known))
        return (matches, better) if stored is not None else (False, None)


def _give_way() -> None:
    """Lower the priority of this thread; only Linux has priorities of threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _is_hard_to_guess(password: str, about: tuple[str, ...]) -> bool:
    words = [word for text in about for word in (text[:JUDGED_CHARACTERS], *text[:JUDGED_CHARACTERS].split())]
    return int(zxcvbn(password[:JUDGED_CHARACTERS], user_inputs=words)["score"]) >= LEAST_SCORE
