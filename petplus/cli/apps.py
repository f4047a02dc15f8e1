"""`petplus apps`: the apps that the router serves."""

from collections.abc import Callable

import typer

from petplus.cli.console import err, out
from petplus.generated.composition import OperationsError, build_operations
from petplus.local.apps import ensure_apps, write_documents
from petplus.local.process import ServiceError

app = typer.Typer(help="The apps that the router serves.", no_args_is_help=True)


@app.command()
def build() -> None:
    """Build the apps, unless they are built from these sources. A router that runs serves them after its next start."""
    _run(lambda: ensure_apps(out.print))


@app.command()
def codegen() -> None:
    """Write what is generated of the apps' .graphql files: types, documents, and the router's manifest of them."""
    _run(lambda: write_documents(out.print), build_operations)


def _run(*steps: Callable[[], None]) -> None:
    try:
        for step in steps:
            step()
    except (ServiceError, OperationsError) as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
