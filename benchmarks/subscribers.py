"""Measures a crowd that follows one order through the router: each subscriber must get each change exactly once.

Run `python -m benchmarks.subscribers [--count N] [--transport sse|websocket] [--sessions N]`; it starts a shop of
its own in a temporary directory. Subscribers of one session are equal to the router; those of several are not.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from pathlib import Path

from rich.console import Console

from petplus.local.process import raise_file_limit
from tests.support.shop import Shop, shop
from tests.support.subscribers import TRANSPORTS, next_changes

TIMEOUT_SECONDS = 300
# The last one is final, so each stream then ends by itself: nothing can hide behind the fifth change.
STEPS = ("IN_PRODUCTION", "SHIPPED", "DELIVERED", "RETURNED", "REFUNDED")

OPEN_ORDER = "query { orders(filter: { status: [PAID] }, first: 1) { nodes { id version } } }"
ADVANCE = """
mutation ($id: ID!, $version: Int!, $to: OrderStatus!) {
  orderStatusAdvance(input: { orderId: $id, version: $version, to: $to }) {
    ... on OrderStatusAdvanceSuccess { order { version } }
    ... on Problem { message }
  }
}
"""


class WrongChangesError(Exception):
    """Somebody got something else than each change once and in order."""


def require_all(got: list[object], expected: object) -> None:
    """Raise WrongChangesError unless everybody got the same, expected thing."""
    wrong = [each for each in got if each != expected]
    if wrong:
        raise WrongChangesError(f"{len(wrong)} of {len(got)} got {wrong[0]!r} instead of {expected!r}.")


async def measure(up: Shop, transport: str, count: int, sessions: int, out: Console) -> None:
    support = await up.log_in("support")
    tokens = [await up.log_in("admin") for _ in range(sessions)]
    order = (await up.execute(OPEN_ORDER, support)).data["orders"]["nodes"][0]
    version = order["version"]
    crowd = [TRANSPORTS[transport](up.url, tokens[number % sessions], order["id"]) for number in range(count)]
    async with asyncio.timeout(TIMEOUT_SECONDS):
        begun = time.perf_counter()
        first = await next_changes(crowd)
        require_all([change["version"] for change in first], version)
        out.print(f"{count} subscribers over {transport}: subscribed in {time.perf_counter() - begun:.2f} s")
        whole = time.perf_counter()
        for step in STEPS:
            begun = time.perf_counter()
            answer = await up.execute(ADVANCE, support, id=order["id"], version=version, to=step)
            version = answer.data["orderStatusAdvance"]["order"]["version"]
            changes = await next_changes(crowd)
            require_all([(change["version"], change["status"]) for change in changes], (version, step))
            out.print(f"  {step:17} told to all {time.perf_counter() - begun:6.2f} s after it was asked for")
        out.print(f"  {len(STEPS)} changes in {time.perf_counter() - whole:.2f} s")
        require_all(await asyncio.gather(*[anext(each, None) for each in crowd]), None)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=1_000, help="how many subscribers")
    arguments.add_argument("--transport", choices=sorted(TRANSPORTS), default="sse")
    arguments.add_argument("--sessions", type=int, default=1, help="how many different access tokens they use")
    arguments.add_argument("--split", action="store_true", help="a process for each subgraph")
    chosen = arguments.parse_args()
    raise_file_limit()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        with shop(Path(directory) / "home", "--no-seed", *(["--split"] if chosen.split else [])) as up:
            up.run("seed", "--users", "12", "--designs", "40", "--orders", "60")
            asyncio.run(measure(up, chosen.transport, chosen.count, chosen.sessions, Console()))
            used = resource.getrusage(resource.RUSAGE_SELF)
            Console().print(f"  the clients took {used.ru_utime + used.ru_stime:.1f} s of CPU")


if __name__ == "__main__":
    main()
