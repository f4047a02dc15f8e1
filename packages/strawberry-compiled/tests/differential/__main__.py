"""Compares the executors over many documents: `python -m differential [--documents N] [--seed N]`."""

import argparse
import asyncio
import logging
import random
import time

from rich.console import Console

from differential.comparing import Comparison

RENEWED_AFTER = 2_000
"""The schemas are made anew after so many documents, as a process is restarted now and then."""


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    begun, out = time.monotonic(), Console()
    comparison = Comparison()
    for number in range(chosen.documents):
        if number % RENEWED_AFTER == 0:
            comparison = Comparison()
            out.print(f"{number} documents in {time.monotonic() - begun:.0f} s, 0 differences")
        rng = random.Random(f"{chosen.seed} {number}")
        try:
            await comparison.check(rng)
        except AssertionError as error:
            raise SystemExit(f"document {number}: {error}") from None
    seconds = time.monotonic() - begun
    out.print(f"{chosen.documents} documents, three executions each by both executors, 0 differences, {seconds:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
