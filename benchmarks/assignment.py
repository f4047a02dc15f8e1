"""Measures the assignment to experiments: its time beside its hash alone, and whether it spreads subjects by weight.

Run `python -m benchmarks.assignment [SUBJECTS]`. It fails where a spread is too uneven to be by chance.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import product

from rich.console import Console

from shared.core.ids import new_id
from subgraphs.analytics.service.assignment import Plan, assign, fnv1a32
from subgraphs.analytics.statistics.ratio import sample_ratio_p

TIMED = 100_000
LEAST_P = 0.001
WEIGHTS = ((0.5, 0.5), (0.4, 0.3, 0.3), (0.9, 0.1))


def microseconds(work: Callable[[str], object], subjects: list[str]) -> float:
    started = time.process_time()
    for subject in subjects:
        work(subject)
    return (time.process_time() - started) / len(subjects) * 1e6


def main(count: int, console: Console) -> None:
    users = [new_id("usr") for _ in range(TIMED)]
    plan = Plan("builder_layout", 2, ("control", "side_by_side"), (0.5, 0.5))
    alone, whole = microseconds(fnv1a32, users), microseconds(lambda subject: assign(plan, subject), users)
    console.print(f"one hash of a user's id {alone:.2f} µs   an assignment {whole:.2f} µs of CPU")
    rng = random.Random(20261125)  # noqa: S311 (the same subjects each time)
    kinds = {"users": new_id("usr")[:12], "visitors": "visitor-"}
    for (kind, prefix), weights in product(kinds.items(), WEIGHTS):
        variants = tuple(f"v{place}" for place in range(len(weights)))
        plan = Plan(f"seed-{kind}", 2, variants, weights)
        subjects = (f"{prefix}{rng.getrandbits(64):014x}" for _ in range(count))
        found = Counter(assign(plan, subject).variant for subject in subjects)
        p = sample_ratio_p([found[variant] for variant in variants], weights)
        console.print(f"{count:,} {kind} over {weights}: chi-square p {p:.4f}")
        assert p is not None
        assert p > LEAST_P, "not by weight"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Console())
