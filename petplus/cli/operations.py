"""`petplus operations`: the trusted documents, which are all that production runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from petplus.cli.console import err, out
from petplus.generated import app_releases
from petplus.generated.composition import OperationsError, build_operations

app = typer.Typer(
    help="The apps' operations: trusted documents, the only ones that production runs.", no_args_is_help=True
)
App = Annotated[str, typer.Argument(help="The app, such as `web`.")]
Version = Annotated[str, typer.Argument(help="The version of its release, such as `1.4.0`.")]
Manifest = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help="What the app's tools wrote: persisted-documents.json, persisted.json or an Apollo manifest.",
    ),
]


@app.command()
def build() -> None:
    """Write router/operations/manifest.json from the files beside it."""
    with _reported():
        build_operations()


@app.command()
def check() -> None:
    """Change nothing; fail when an operation does not fit the graph, or the manifest is not up to date."""
    with _reported():
        build_operations(check=True)


@app.command()
def trust(app: App, version: Version, manifest: Manifest) -> None:
    """Trust the operations of a release of an app, beside those of its other releases."""
    with _reported():
        app_releases.trust(app_releases.named(app, version), manifest)


@app.command()
def withdraw(app: App, version: Version) -> None:
    """Trust a release no longer; operations that other releases send too stay."""
    with _reported():
        app_releases.withdraw(app_releases.named(app, version))


@app.command()
def releases() -> None:
    """List the releases whose operations are trusted."""
    for release in app_releases.trusted_releases():
        out.print(f"{release.app} {release.version}", highlight=False)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OperationsError as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
