"""All files that are generated from the code: which of them are stale, and how they are written."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from petplus import registry
from petplus.generated import access_page, composition, event_catalogue, limits_page, mails_page, schemas, settings_page

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Generated:
    """One kind of generated file: a check that returns a sentence for each problem, and the command that mends it."""

    check: Callable[[], Sequence[str]]
    write: Callable[[], object]
    command: str


def check() -> list[tuple[str, str]]:
    """Return each problem with the command that mends it; no command mends what is wrong in the code itself."""
    if wrong := mistakes():
        return [(problem, "") for problem in wrong]
    with ThreadPoolExecutor() as threads:
        # Node runs beside Python.
        of_router = [threads.submit(kind.check) for kind in ROUTER_FILES]
        found = [(problem, kind.command) for kind in FILES for problem in kind.check()]
        for kind, checked in zip(ROUTER_FILES, of_router, strict=True):
            found += [(problem, kind.command) for problem in checked.result()]
    return found


def generate() -> list[str]:
    """Write all files; returns what is wrong in the code itself, and then writes nothing."""
    found = mistakes()
    if not found:
        for kind in (*FILES, *ROUTER_FILES):
            kind.write()
    return found


def mistakes() -> list[str]:
    """Return what is wrong in the code: missing access rules, and events that would break a receiver."""
    found = event_catalogue.breaks(event_catalogue.read(), event_catalogue.document())
    try:
        access_page.policy()
    except access_page.UndeclaredError as error:
        found.append(str(error))
    return found


def _stale(file: Path, text: Callable[[], str]) -> list[str]:
    if file.exists() and file.read_text(encoding="utf-8") == text():
        return []
    return [_not_up_to_date(file)]


def _not_up_to_date(file: Path) -> str:
    return f"{file.relative_to(ROOT)} is not up to date."


def _page(file: Path, text: Callable[[], str], command: str) -> Generated:
    return Generated(lambda: _stale(file, text), lambda: file.write_text(text(), encoding="utf-8"), command)


def _of_router(run: Callable[..., None], command: str) -> Generated:
    def checked() -> list[str]:
        try:
            run(check=True)
        except (composition.CompositionError, composition.OperationsError) as error:
            return str(error).splitlines()
        return []

    return Generated(checked, run, command)


FILES = (
    Generated(
        lambda: [_not_up_to_date(file) for file in schemas.stale_schemas(registry.load_all())],
        lambda: schemas.write_schemas(registry.load_all()),
        "petplus schema",
    ),
    _page(event_catalogue.FILE, event_catalogue.text, "petplus events catalogue"),
    _page(access_page.FILE, access_page.text, "petplus access --write"),
    _page(settings_page.FILE, settings_page.text, "petplus settings --write"),
    _page(limits_page.FILE, limits_page.text, "petplus limits --write"),
    _page(mails_page.FILE, mails_page.text, "petplus mails --write"),
)
# In this order: the rest is made from the supergraph.
ROUTER_FILES = (
    _of_router(composition.compose, "petplus compose"),
    _of_router(composition.write_api_schema, "petplus schema --api"),
    _of_router(composition.build_operations, "petplus operations build"),
)
