"""`python -m tests.chaos`: the long version, with its figures."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.chaos.run import Plan, chaos

out = Console(highlight=False)


def main(
    changes: Annotated[int, typer.Option(min=5, help="How many changes of orders.")] = 2000,
    kills: Annotated[int, typer.Option(min=1, help="How many kills to spread them over.")] = 20,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many orders are changed at a time.")] = 8,
    shortest: Annotated[float, typer.Option(min=0.1, help="Shortest time between two kills, in seconds.")] = 1.5,
    longest: Annotated[float, typer.Option(min=0.1, help="Longest time between two kills, in seconds.")] = 2.5,
    seed: Annotated[int, typer.Option(help="Another number kills in another order.")] = 1,
) -> None:
    """Change orders while processes are killed, and check that nothing was lost, doubled or reordered."""
    with tempfile.TemporaryDirectory(prefix="petplus-chaos-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)  # as root, the servers run as another user
        report = chaos(Path(directory, "home"), Plan(changes, kills, at_once, shortest, longest, seed=seed))
    out.print(f"{report.changes} changes in {report.changing_seconds:.0f} s, {report.events} events")
    out.print(f"{report.kills.total()} kills: " + ", ".join(f"{name} {n}" for name, n in sorted(report.kills.items())))
    out.print(", ".join(f"{what}: {count}" for what, count in sorted(report.outcomes.items())))
    out.print(f"all through {report.draining_seconds:.1f} s later: nothing lost, doubled or out of order")


if __name__ == "__main__":
    typer.run(main)
