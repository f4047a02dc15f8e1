"""`petplus audit`: proves that the log is as it was written, and makes anchors to keep outside of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from petplus.cli.console import command, out
from petplus.local.process import ServiceError
from shared.core.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.database.database import Database
    from subgraphs.audit.service.anchors import Anchor
    from subgraphs.audit.service.verification import Verification

app = typer.Typer(help="Prove that the audit log is as it was written.", no_args_is_help=True)

Anchors = Annotated[
    Path | None, typer.Option("--anchors", help="A file of lines that `petplus audit anchor` printed; `-` reads them.")
]


class BrokenLog(ServiceError):
    """The log is not as it was written; the message is one sentence that names the place."""


@app.command()
@command
async def verify(anchors: Anchors = None) -> None:
    """Verify each entry against the one before it, and the log against earlier anchors; fail at the first break."""
    from subgraphs.audit.service.anchors import first_refuted

    kept = read_anchors(anchors) if anchors else []
    async with _database() as database:
        found = await _verify_all(database)
        refuted = await first_refuted(database, kept)
    if found.first_broken:
        broken = found.first_broken
        entry = f" ({broken.entry_id})" if broken.entry_id else ""
        raise BrokenLog(f"Broken at entry {broken.sequence}{entry}: {broken.damage.value.lower()}.")
    if refuted:
        was = refuted.at.isoformat(timespec="seconds")
        raise BrokenLog(f"Entry {refuted.sequence} is not what it was at {was}: the log was rewritten.")
    out.print(f"intact: {found.checked_to} entries, {len(kept)} anchors", highlight=False)


@app.command()
@command
async def anchor() -> None:
    """Print the log's present end as a line of JSON, to be kept where nobody who writes the database can write."""
    from subgraphs.audit.service.anchors import present_anchor

    async with _database() as database:
        made = await present_anchor(database)
    out.print(made.model_dump_json(), highlight=False, soft_wrap=True)


def read_anchors(file: Path) -> "Sequence[Anchor]":
    """Read a file of anchors, one a line; raises SettingsError for the first line that is none."""
    from pydantic import ValidationError

    from subgraphs.audit.service.anchors import Anchor

    try:
        text = typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}.") from None
    anchors = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if line.strip():
                anchors.append(Anchor.model_validate_json(line))
        except ValidationError:
            raise SettingsError(f"Line {number} of {file} is no anchor, as `petplus audit anchor` prints it.") from None
    return anchors


async def _verify_all(database: "Database") -> "Verification":
    """Verify the log in parts, and return what was found of the last one."""
    from subgraphs.audit.service.verification import verify_log

    found = await verify_log(database)
    while not found.complete and not found.first_broken:
        out.print(f"… {found.checked_to} entries are sound", highlight=False)
        found = await verify_log(database, found.checked_to + 1)
    return found


@asynccontextmanager
async def _database() -> "AsyncIterator[Database]":
    from petplus.local.backing_services import backing_services
    from shared.database.database import Database

    async with backing_services(load_settings()) as settings:
        database = Database.connect(settings, "audit")
        try:
            yield database
        finally:
            await database.close()
