"""The `petplus` command: each subcommand is a few lines over a module that does the work."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from petplus import registry, schemas
from petplus.process import ServiceError
from petplus.surroundings import DATABASE_VARIABLE, REDIS_VARIABLE, surroundings
from shared.migrations import migrate as migrate_subgraph
from shared.settings import SettingsError, load_settings

app = typer.Typer(
    help="All Pet Plus: the federated backend of a pet-products shop.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

R = TypeVar("R")
Names = Annotated[list[str] | None, typer.Argument(help="Subgraphs by name; all of them unless told.")]


def command(function: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async subcommand; what an operator can mend is one sentence, not a traceback."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            asyncio.run(function(*args, **kwargs))
        except (SettingsError, ServiceError) as error:
            err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None

    return run


@app.command()
@command
async def servers() -> None:
    """Start the embedded servers alone, print their URLs as JSON, and stop them when standard input closes."""
    async with surroundings(load_settings()) as settings:
        urls = {DATABASE_VARIABLE: settings.database_url, REDIS_VARIABLE: settings.redis_url}
        sys.stdout.write(json.dumps(urls) + "\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@app.command()
@command
async def migrate(names: Names = None) -> None:
    """Bring the databases up to date: roles, schemas, tables."""
    async with surroundings(load_settings()) as settings:
        for subgraph in registry.load_all(names or ()):
            await migrate_subgraph(subgraph, settings)
            out.print(f"{subgraph.name}: up to date")


@app.command()
@command
async def revision(name: str, message: str) -> None:
    """Write the migration that brings one subgraph's tables up to its models."""
    async with surroundings(load_settings()) as settings:
        out.print(str(await schemas.write_revision(registry.load(name), settings, message)))


@app.command()
def schema(
    names: Names = None,
    check: Annotated[bool, typer.Option(help="Change nothing; fail when a file is not up to date.")] = False,
) -> None:
    """Write each subgraph's schema.graphql from its code."""
    subgraphs = registry.load_all(names or ())
    stale = schemas.stale_schemas(subgraphs) if check else schemas.write_schemas(subgraphs)
    for file in stale:
        out.print(f"{'not up to date' if check else 'written'}: {file}")
    if check and stale:
        err.print("[red]Run `petplus schema` and commit the files.[/red]")
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
