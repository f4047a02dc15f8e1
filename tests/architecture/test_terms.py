"""Names are the field's standard terms: no former name is the name of anything any more.

CONTRIBUTING.md lists the terms. Sentences are free: comments, texts, and the names of tests.
"""

import ast
import io
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("shared", "subgraphs", "petplus", "router", "tests", "packages", "benchmarks", "tools")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS = _listed(
    """afresh answering bell bells carrying desk doorbell doorbells hear heard hearing hears journal lease leases lend
    letter letters news patience patient patiently postman reckon reckoned room rooms settle settled settlement settles
    settling spending spot stationery tell telling tells throttle told unfit"""
)
"""Words that are no part of a name."""

NAMES = _listed(
    """Allowance Arrival Entity Follower Later LogFeed NoticeBoard PersonalDigests Read RepresentationsAsTheyCome
    SignedLinks Together Turns _Sent asks_for give_back given_way horizon is_settled is_steady owns_or_may page_of
    parse_moment put_up settle_memory silence speak_for until_over useUnfitDocuments"""
)
"""Whole names that are gone, though their words may be in others."""

FUNCTIONS = _listed("connect cut done forget give later matches may opens post proof ring shown take turns wide")
"""Ordinary words that were names of functions and methods of `shared/`."""

FILES = _listed(
    """arrival asking audit bells bus changing doorbell entities entity feed follower following journal leases leaving
    letters links lives living making messaging moments passes patience personal reading selected sending settlement
    settling spending stationery telling throttle turns visits work world"""
)
"""Names of files that are gone."""

COLUMNS = {"heard_at", "settled", "told", "told_at"}
"""Columns of the database, which are not renamed."""

ORDINARY = {
    # what is meant by the word itself
    "letter": {
        "subgraphs/user/demo.py",
        "tests/support/accounts.py",
        # the field of jobs that were queued before `kind`; removed after the next release
        "subgraphs/user/service/job_types.py",
    },
    "steady": {"tests/petplus/test_supervisor.py"},
    # the standard term of message queues
    "DEAD_LETTER": {"shared/events", "tests"},
    "dead_letter": {"petplus/cli/events.py"},
    "dead_letters": {"petplus/cli/events.py"},
    # promises and futures settle
    "settle": {"packages/strawberry-compiled"},
    "settle_fields_in_background": {"packages/strawberry-compiled"},
    "settle_in_background": {"packages/strawberry-compiled"},
    # a job that was queued under its former name; removed after the next release
    "SETTLEMENT": {"subgraphs/order/jobs.py", "subgraphs/order/service/job_types.py"},
    # files
    "audit": {"petplus/cli/audit.py", "tests/petplus/test_audit.py"},
    "feed": {"tests"},
    "connect": {"shared/database/database.py"},
    "forget": {"shared/database/idempotency.py"},
}
"""Names that have another sense in these files and folders."""


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [Path(line) for line in listed.stdout.splitlines()]
    # Migrations are history.
    return [path for path in files if "versions" not in path.parts and (ROOT / path).is_file()]


@cache
def names_of(path: Path, text: str) -> set[str]:
    """Return all names in a source file, without those of tests, which are sentences."""
    if path.suffix == ".py":
        found = {
            each.string for each in tokenize.generate_tokens(io.StringIO(text).readline) if each.type == tokenize.NAME
        }
        return {name for name in found if not name.startswith("test_")}
    without = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`", "", text, flags=re.DOTALL)
    return set(re.findall(r"[A-Za-z_$][\w$]*", without))


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def functions_of(text: str) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)}


def is_ordinary(name: str, path: Path) -> bool:
    return any(path.is_relative_to(place) for place in ORDINARY.get(name, ()))


def former_names(path: Path, text: str) -> set[str]:
    """Return what is named by a former name in a source file, its own name included."""
    names = names_of(path, text)
    found = {name for name in names if name in NAMES or words_of(name) & WORDS} - COLUMNS
    if path.suffix == ".py" and path.is_relative_to("shared"):
        found |= functions_of(text) & FUNCTIONS
    stem = path.stem.removeprefix("test_")
    if stem in FILES or set(re.split(r"[_-]", stem)) & WORDS:
        found.add(stem)
    return {name for name in found if not is_ordinary(name, path)}


def test_no_former_name_names_anything() -> None:
    sources = [path for path in tracked() if path.suffix in (".py", ".mjs")]
    assert len(sources) > 400
    found = {str(path): former_names(path, (ROOT / path).read_text()) for path in sources}
    assert {path: sorted(names) for path, names in found.items() if names} == {}


def test_what_has_another_sense_is_still_there() -> None:
    names = {path: names_of(path, (ROOT / path).read_text()) for path in tracked() if path.suffix in (".py", ".mjs")}
    used = {(name, place) for name, places in ORDINARY.items() for place in places}
    there = {
        (name, place)
        for name, place in used
        if any(
            path.is_relative_to(place) and name in {*found, path.stem.removeprefix("test_")}
            for path, found in names.items()
        )
    }
    assert used - there == set()


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("shared/a.py", "class Doorbell: ...", {"Doorbell"}),
        ("shared/a.py", "# A doorbell.\nname = 'doorbell'", set()),
        ("subgraphs/order/a.py", "async def hear_order(): ...", {"hear_order"}),
        ("subgraphs/order/a.py", "heard_at = row.heard_at", set()),
        ("shared/a.py", "class Checks:\n    def done(self): ...", {"done"}),
        ("subgraphs/order/a.py", "done = True", set()),
        ("shared/entity.py", "", {"entity"}),
        ("tests/shared/test_leases.py", "", {"leases"}),
        ("tests/order/a.py", "def test_what_is_told(): ...", set()),
        ("router/gateway/a.mjs", "// patience\nconst PATIENCE = 1;", {"PATIENCE"}),
    ],
)
def test_a_former_name_is_found_and_a_sentence_is_not(path: str, text: str, found: set[str]) -> None:
    assert former_names(Path(path), text) == found
