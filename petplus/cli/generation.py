"""`petplus check`, `generate` and the commands of single kinds of files that are generated from code."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from petplus.cli.console import err, out

Names = Annotated[list[str] | None, typer.Argument(help="Subgraphs by name; default: all of them.")]
Check = Annotated[bool, typer.Option("--check", help="Change nothing; fail when a file is not up to date.")]
Api = Annotated[bool, typer.Option("--api", help="Write router/schema.graphql instead, the schema that clients see.")]
Write = Annotated[bool, typer.Option("--write", help="Write it to its file in docs/.")]


def check() -> None:
    """Check that all generated files are up to date, and that every field has an access rule."""
    from petplus.generated import files

    found = files.check()
    for problem, _ in found:
        err.print(problem, highlight=False, markup=False, soft_wrap=True)
    commands = dict.fromkeys(f"`{command}`" for _, command in found if command)
    if commands:
        err.print(f"[red]Run {', '.join(commands)} (or `petplus generate`) and commit the files.[/red]", soft_wrap=True)
    if found:
        raise typer.Exit(1)


def generate() -> None:
    """Write all generated files: schemas, supergraph, trusted documents, events, access, settings, limits, mails."""
    from petplus.generated import composition, files

    try:
        wrong = files.generate()
    except (composition.CompositionError, composition.OperationsError) as error:
        wrong = [str(error)]
    for problem in wrong:
        err.print(problem, highlight=False, markup=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


def schema(names: Names = None, check: Check = False, api: Api = False) -> None:
    """Write each subgraph's schema.graphql from its code, or with --api the schema that clients see."""
    from petplus import registry
    from petplus.generated import composition, schemas

    if api:
        _composed(lambda: composition.write_api_schema(check=check))
        return
    subgraphs = registry.load_all(names or ())
    stale = schemas.stale_schemas(subgraphs) if check else schemas.write_schemas(subgraphs)
    for file in stale:
        out.print(f"{'not up to date' if check else 'written'}: {file}", soft_wrap=True)
    if check and stale:
        err.print("[red]Run `petplus schema` and commit the files.[/red]")
        raise typer.Exit(1)


def compose(check: Check = False) -> None:
    """Compose the subgraphs' schemas into router/supergraph.graphql."""
    from petplus.generated import composition

    _composed(lambda: composition.compose(check=check))


def _composed(run: Callable[[], None]) -> None:
    from petplus.generated.composition import CompositionError

    try:
        run()
    except CompositionError as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def access(write: Write = False, check: Check = False) -> None:
    """Print who may see and do what: the whole access policy on one page."""
    from petplus.generated import access_page

    try:
        _page(access_page.FILE, access_page.text, "petplus access --write", write=write, check=check)
    except access_page.UndeclaredError as error:
        err.print(f"[red]{error}[/red]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def settings(write: Write = False, check: Check = False) -> None:
    """Print all settings: the environment variables, what they mean and their defaults."""
    from petplus.generated import settings_page

    _page(settings_page.FILE, settings_page.text, "petplus settings --write", write=write, check=check)


def limits(write: Write = False, check: Check = False) -> None:
    """Print what a stranger can make the shop hold: each door, its limit, and what happens beyond it."""
    from petplus.generated import limits_page

    _page(limits_page.FILE, limits_page.text, "petplus limits --write", write=write, check=check)


def mails(write: Write = False, check: Check = False) -> None:
    """Print all mails: when each is sent, its subject and its text."""
    from petplus.generated import mails_page

    _page(mails_page.FILE, mails_page.text, "petplus mails --write", write=write, check=check)


def _page(file: Path, text: Callable[[], str], command: str, *, write: bool, check: bool) -> None:
    page = text()
    if write:
        file.write_text(page, encoding="utf-8")
    elif not check:
        out.print(page, end="", markup=False, highlight=False, soft_wrap=True)
    elif not file.exists() or file.read_text(encoding="utf-8") != page:
        err.print(f"[red]docs/{file.name} is not up to date: run `{command}` and commit it.[/red]")
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add these subcommands to the command."""
    for function in (check, generate, schema, compose, access, settings, limits, mails):
        app.command()(function)
