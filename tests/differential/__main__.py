"""`python -m tests.differential`: compares the router with the reference over generated documents."""

import asyncio
import os
import tempfile
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from petplus.hive_router import find_hive_router
from petplus.local.backing_services import running_settings
from petplus.local.engines import Engine
from shared.core.observability import configure_logging
from shared.core.settings import Settings, load_settings
from tests.chaos.run import settings_of
from tests.differential import features
from tests.differential.generator import Generator
from tests.differential.harness import open_harness
from tests.differential.pools import fill
from tests.differential.run import Report, named, run
from tests.support.shop import shop

SEED = ("--users", "12", "--designs", "40", "--orders", "60")
PROGRESS_SECONDS = 30

out = Console(highlight=False, markup=False, soft_wrap=True)


class Compiled(StrEnum):
    """Whether the subgraphs compile operations: what is repeated, each, or none."""

    ON = "on"
    ALWAYS = "always"
    OFF = "off"


def main(
    documents: Annotated[int, typer.Option(min=1, help="How many documents.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another number makes other documents.")] = 1,
    number: Annotated[int | None, typer.Option(help="Compare this document alone.")] = None,
    failures: Annotated[int, typer.Option(min=1, help="Stop after so many differing documents, and show each.")] = 1,
    keep_going: Annotated[bool, typer.Option(help="Compare all, and show one of each way to differ.")] = False,
    only: Annotated[str | None, typer.Option(help="Use these features alone, separated by commas.")] = None,
    without: Annotated[str | None, typer.Option(help="Leave these features out, separated by commas.")] = None,
    compiled: Annotated[Compiled, typer.Option(help="Whether the subgraphs compile operations.")] = Compiled.ALWAYS,
    engine: Annotated[Engine, typer.Option(help="What routes in a shop of the comparison's own.")] = Engine.GATEWAY,
    running: Annotated[bool, typer.Option(help="Use the shop that runs on PETPLUS_HOME and PETPLUS_PORT.")] = False,
) -> None:
    """Compare the router's answers with the reference's, and print the smallest documents that differ."""
    try:
        chosen = features.chosen(only, without)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; there are {named(features.ALL)}") from None
    numbers = range(documents) if number is None else range(number, number + 1)
    with ExitStack() as stack:
        settings = running_settings(load_settings()) if running else _own_shop(stack, compiled, engine)
        os.environ.setdefault("PETPLUS_LOG_LEVEL", "error")
        configure_logging(settings.model_copy(update={"log_level": "error"}))
        report = asyncio.run(_compare(settings, numbers, seed, chosen, failures, keep_going=keep_going))
    out.print(_figures(report))
    raise typer.Exit(1 if report.failures else 0)


def _own_shop(stack: ExitStack, compiled: Compiled, engine: Engine) -> Settings:
    directory = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="petplus-differential-", ignore_cleanup_errors=True)
    )
    Path(directory).chmod(0o755)  # as root, the servers run as another user
    env: dict[str, str] = {"PETPLUS_COMPILED": compiled}
    if engine is Engine.HIVE:
        env["PETPLUS_HIVE_ROUTER"] = str(find_hive_router(load_settings()))
    up = stack.enter_context(shop(Path(directory, "home"), "--no-seed", f"--engine={engine}", env=env))
    up.run("seed", *SEED)
    return settings_of(up)


async def _compare(
    settings: Settings,
    numbers: range,
    seed: int,
    chosen: frozenset[features.Feature],
    failures: int,
    *,
    keep_going: bool,
) -> Report:
    last, shown = time.monotonic(), 0

    def on_progress(report: Report) -> None:
        nonlocal last, shown
        for failure in report.failures[shown:]:
            out.print(f"\n{failure}\n")
        shown = len(report.failures)
        if time.monotonic() - last > PROGRESS_SECONDS:
            last = time.monotonic()
            out.print(_figures(report))

    async with open_harness(settings, chosen) as harness:
        generator = Generator(
            harness.reference.schema, harness.reference.supergraph, await fill(harness, chosen), chosen
        )
        return await run(harness, generator, numbers, seed, failures, keep_going=keep_going, on_progress=on_progress)


def _figures(report: Report) -> str:
    left_out = "".join(f", {count} left out ({why})" for why, count in report.left_out.items())
    return (
        f"{report.compared} documents compared, {report.with_data} with data, {report.with_errors} with errors"
        f"{left_out}: {_differing(report)}; {report.compared / (report.seconds or 1):.0f} a second"
    )


def _differing(report: Report) -> str:
    numbers = f" ({', '.join(map(str, report.differing))})" if report.differing else ""
    return f"{len(report.differing)} differ{numbers}"


if __name__ == "__main__":
    typer.run(main)
