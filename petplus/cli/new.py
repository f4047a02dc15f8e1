"""`petplus new`: code that works, to start from."""

from typing import Annotated

import typer

from petplus.cli.console import command, out
from shared.core.settings import load_settings

app = typer.Typer(help="Write code that works, to start from.", no_args_is_help=True)


@app.callback()
def new() -> None:
    """Write code that works, to start from."""


@app.command()
@command
async def subgraph(
    name: Annotated[str, typer.Argument(help="Its name, such as `reviews`.")],
    entity: Annotated[str | None, typer.Option(help="Its entity; default: the name without an `s`.")] = None,
) -> None:
    """Write a subgraph with an entity, a list, an edge, a mutation, an event, its migration and its tests."""
    from petplus.generated import new_subgraph

    written = new_subgraph.write_subgraph(new_subgraph.Names.of(name, entity))
    # Only now, since the registry reads the list of subgraphs once.
    from petplus import registry
    from petplus.generated import files, schemas
    from petplus.local.backing_services import backing_services

    async with backing_services(load_settings()) as settings:
        written.append(await schemas.write_revision(registry.load(name), settings, "create tables"))
    files.generate()
    for file in written:
        out.print(str(file), soft_wrap=True, highlight=False)
    out.print(f"\nRun its tests: pytest tests/{name}", highlight=False)
    out.print("Then add a case for its mutation to tests/access/mutation_cases.py.", highlight=False)
