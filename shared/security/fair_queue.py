"""A bounded queue in which networks take turns: few are admitted at once, and nobody waits for long.

The network that has been admitted least often in the last minute goes first, and the one that has been admitted most
often loses its place to a newcomer if there are too many. So a few networks that ask for more than can be done refuse
themselves, and nobody else. The networks of one site take turns as one. `router/gateway/fair-queue.mjs` is the same.
"""

import asyncio
import time
from collections import Counter
from contextvars import ContextVar

from shared.core.limits_file import LIMITS
from shared.security.client_network import site_of
from shared.security.rate_limit import too_many

RETRY_AFTER_SECONDS = LIMITS.admission.retry_after_seconds
WAITING_SHARE = LIMITS.admission.waiting_share
"""One of how many waiting places a network may have."""
_PERIOD_SECONDS = LIMITS.admission.recent_seconds


class _RecentAdmissions:
    """How often each site was admitted in the last one to two periods, in this process."""

    def __init__(self) -> None:
        self._current, self._previous = Counter[str](), Counter[str]()
        self._ends = time.monotonic() + _PERIOD_SECONDS

    def add(self, site: str) -> None:
        self._forget()
        self._current[site] += 1

    def of(self, site: str) -> int:
        self._forget()
        return self._current[site] + self._previous[site]

    def _forget(self) -> None:
        now = time.monotonic()
        if now < self._ends:
            return
        is_recent = now < self._ends + _PERIOD_SECONDS
        self._previous, self._current = self._current if is_recent else Counter(), Counter()
        self._ends = now + _PERIOD_SECONDS


class Place:
    """A place in the queue, until it is left. Whoever has it may wait until the deadline, here and in other queues."""

    def __init__(self, queue: "FairQueue", network: str, number: int, wait_seconds: float) -> None:
        self.network, self.site, self.number = network, site_of(network), number
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue = queue
        self._deadline = time.monotonic() + wait_seconds

    @property
    def wait_seconds(self) -> float:
        """How long it may wait from now on."""
        return max(0.0, self._deadline - time.monotonic())

    def extend(self, seconds: float) -> None:
        """Put the deadline off by the time that some work has taken, which was no waiting."""
        self._deadline += seconds

    def leave(self) -> None:
        """Leave the queue: whoever is next gets the place. Once is enough, and more often has no effect."""
        self._queue._leave(self)


HELD: ContextVar[Place | None] = ContextVar("held", default=None)
"""The place of the operation that runs. Work that takes long and waits in a queue of its own leaves it, and waits no
longer than the operation may."""


class FairQueue:
    """Admits so many at once, of one site at most `most_of_site`, and lets so many others wait."""

    def __init__(self, most_at_once: int, most_waiting: int, most_of_site: int | None = None) -> None:
        self._most_at_once = most_at_once
        self._most_of_site = most_of_site or most_at_once
        self._most_waiting = most_waiting
        self._most_waiting_of_network = most_waiting // WAITING_SHARE
        self._admitted: dict[Place, None] = {}
        self._admitted_of_site = Counter[str]()
        # By site, in the order in which they came.
        self._waiting: dict[str, dict[Place, None]] = {}
        self._waiting_of_network = Counter[str]()
        self._recent = _RecentAdmissions()
        self._count = 0

    async def enter(self, network: str, wait_seconds: float) -> Place:
        """Wait for a turn and return the place, which must be left.

        `network` is the network, or the person, that the place is counted for. Raises TooManyRequests if its share of
        the queue is full, or if there is no turn in time.
        """
        self._count += 1
        place = Place(self, network, self._count, wait_seconds)
        if self._is_free(place.site):
            self._admit(place)
            return place
        self._wait(place)
        try:
            # Unlike a time-out of the future, this leaves it whole: it may be given its turn as the time is over.
            await asyncio.wait([place.turn], timeout=wait_seconds)
        except asyncio.CancelledError:
            place.leave()
            raise
        if not place.turn.done():
            place.leave()
            raise too_many(RETRY_AFTER_SECONDS)
        place.turn.result()
        return place

    def _is_free(self, site: str) -> bool:
        return len(self._admitted) < self._most_at_once and self._admitted_of_site[site] < self._most_of_site

    def _admit(self, place: Place) -> None:
        self._admitted[place] = None
        self._admitted_of_site[place.site] += 1
        self._recent.add(place.site)
        place.turn.set_result(None)

    def _wait(self, place: Place) -> None:
        """Make a place wait; refuse it, or whoever was admitted most often, if too many do."""
        if self._waiting_of_network[place.network] >= self._most_waiting_of_network:
            raise too_many(RETRY_AFTER_SECONDS)
        if self._waiting_of_network.total() >= self._most_waiting:
            last = max((next(reversed(waiting)) for waiting in self._waiting.values()), key=self._rank)
            if self._rank(place) >= self._rank(last):
                raise too_many(RETRY_AFTER_SECONDS)
            self._remove(last)
            last.turn.set_exception(too_many(RETRY_AFTER_SECONDS))
        self._waiting.setdefault(place.site, {})[place] = None
        self._waiting_of_network[place.network] += 1

    def _rank(self, place: Place) -> tuple[int, int]:
        return self._recent.of(place.site), place.number

    def _remove(self, place: Place) -> None:
        waiting = self._waiting[place.site]
        del waiting[place]
        if not waiting:
            del self._waiting[place.site]
        _subtract(self._waiting_of_network, place.network)

    def _leave(self, place: Place) -> None:
        if place in self._waiting.get(place.site, ()):
            self._remove(place)
            place.turn.cancel()
        elif place in self._admitted:
            del self._admitted[place]
            _subtract(self._admitted_of_site, place.site)
            self._admit_next()
        elif place.turn.done() and not place.turn.cancelled():
            place.turn.exception()  # somebody who left as it was refused: asyncio would log that nobody saw it

    def _admit_next(self) -> None:
        while ready := [next(iter(waiting)) for site, waiting in self._waiting.items() if self._is_free(site)]:
            first = min(ready, key=self._rank)
            self._remove(first)
            self._admit(first)


def _subtract(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if counts[key] == 0:
        del counts[key]
