"""`petplus operations`: the trusted documents, which are all that production runs."""

import typer

from petplus.cli.console import err
from petplus.generated.composition import OperationsError, build_operations

app = typer.Typer(
    help="The apps' operations: trusted documents, the only ones that production runs.", no_args_is_help=True
)


@app.command()
def build() -> None:
    """Write router/operations/manifest.json from the files beside it."""
    _build(check=False)


@app.command()
def check() -> None:
    """Change nothing; fail when an operation does not fit the graph, or the manifest is not up to date."""
    _build(check=True)


def _build(*, check: bool) -> None:
    try:
        build_operations(check=check)
    except OperationsError as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
