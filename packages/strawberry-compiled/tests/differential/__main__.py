"""Compares the executors over many documents: `python -m differential [--documents N] [--seed N]`, in `tests/`."""

import argparse
import asyncio
import logging
import random
import time

from rich.console import Console

from differential.comparison import Comparison

DOCUMENTS_PER_SCHEMA = 2_000
"""A new schema and executor are made after this number of documents, as at a restart of a process."""


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    started, out = time.monotonic(), Console()
    comparison = Comparison()
    for number in range(chosen.documents):
        if number % DOCUMENTS_PER_SCHEMA == 0:
            comparison = Comparison()
            out.print(f"{number} documents in {time.monotonic() - started:.0f} s, 0 differences")
        rng = random.Random(f"{chosen.seed} {number}")
        try:
            await comparison.check(rng)
        except AssertionError as error:
            raise SystemExit(f"document {number}: {error}") from None
    seconds = time.monotonic() - started
    out.print(f"{chosen.documents} documents, three executions each by both executors, 0 differences, {seconds:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
