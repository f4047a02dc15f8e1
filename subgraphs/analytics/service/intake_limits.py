"""Limits how many events a client may send, and how often it may fetch files, beside what the router counts.

A batch costs as much as its events, at `/collect` as in the graph. Events of users count by user, others by network.
"""

from shared.runtime import Runtime
from shared.security.client_network import network_of
from shared.security.rate_limit import FixedWindowLimiter

EVENTS_SECONDS = 600
MOST_EVENTS = 20_000
DAY_SECONDS = 86_400
MOST_EVENTS_A_DAY = 100_000
"""Generous: behind a company's gateway many people share an address."""
FILES_SECONDS = 60
MOST_FILES = 300
"""Parts of one file count one by one."""


class IntakeLimits:
    """The counters of a running subgraph."""

    def __init__(self, runtime: Runtime) -> None:
        self._events = FixedWindowLimiter(runtime.redis, "events", most=MOST_EVENTS, seconds=EVENTS_SECONDS)
        self._events_a_day = FixedWindowLimiter(
            runtime.redis, "events-a-day", most=MOST_EVENTS_A_DAY, seconds=DAY_SECONDS
        )
        self._files = FixedWindowLimiter(runtime.redis, "export-files", most=MOST_FILES, seconds=FILES_SECONDS)

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "IntakeLimits":
        """Make them for a running subgraph."""
        return cls(runtime)

    async def count_events(self, viewer_id: str | None, address: str, events: int) -> None:
        """Count the events of a batch; raises TooManyRequests, and then nothing of the batch is to be stored."""
        subject = viewer_id or network_of(address)
        await self._events.check(subject, events)
        await self._events_a_day.check(subject, events)

    async def count_file(self, address: str) -> None:
        """Count a request for a file; raises TooManyRequests."""
        await self._files.check(network_of(address))
