"""Attacks a shop of its own in four parts, and says which promises were not kept.

`documents`: hostile documents, bodies and idle sockets. `doors`: what each other request of a stranger costs, beside
its budget. `connections`: one address with a thousand connections. `passwords`: twenty attackers at all that takes a
password.

Run `python -m benchmarks.hostile [PART …] [--seconds N] [--rounds N]`; it starts servers of its own in a temporary
directory. It ends with status 1 where a promise is not kept.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.hostile import connections, documents, doors, passwords
from benchmarks.hostile.verdict import Verdict, load
from shared.core.limits_file import LIMITS
from tests.support.shop import reachable, shop

PARTS = {"documents": documents, "doors": doors, "connections": connections, "passwords": passwords}
ATTACKERS = {"documents": documents.attack, "connections": connections.attack, "passwords": passwords.attack}
SEED = ("--users", "12", "--designs", "40", "--orders", "60")
# As a shop is run, not as it is tested.
USUAL = {
    "PETPLUS_COST_BUCKET": "20000",
    "PETPLUS_CONNECTIONS_PER_ADDRESS": "1000",
    "PETPLUS_UPSTREAM_TIMEOUT": "10000",
    "PETPLUS_REQUEST_WAIT": str(LIMITS.admission.wait_milliseconds),
}


def measure(part: str, chosen: argparse.Namespace, verdict: Verdict, console: Console) -> None:
    """Measure one part at a shop of its own, so that no limit is used up by another part."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        with shop(reachable(Path(directory)) / "home", "--split", "--no-seed", env=USUAL) as running:
            running.run("seed", *SEED)
            console.rule(f"{part}; {load()}")
            asyncio.run(PARTS[part].measure(running, chosen, verdict, console))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    arguments.add_argument("--seconds", type=float, default=8, help="how long each turn of honest clients is")
    arguments.add_argument("--rounds", type=int, default=8, help="how many turns there are, without and with attacks")
    arguments.add_argument("--rate", type=float, default=20, help="hostile documents a second")
    arguments.add_argument("--logins", type=int, default=200, help="honest log-ins beside attacks on passwords")
    arguments.add_argument("--login-rate", type=float, default=1, help="honest log-ins a second")
    arguments.add_argument("--attack", choices=ATTACKERS, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        arguments.error(f"no part is called {', '.join(sorted(unknown))}")
    if chosen.attack:
        asyncio.run(ATTACKERS[chosen.attack]())
        return
    # The shop is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    console, verdict = Console(highlight=False, width=None if sys.stdout.isatty() else 150), Verdict()
    for part in chosen.parts or PARTS:
        measure(part, chosen, verdict, console)
    console.print(f"NOT kept: {', '.join(verdict.broken)}" if verdict.broken else "Every promise was kept.")
    raise SystemExit(bool(verdict.broken))


if __name__ == "__main__":
    main()
