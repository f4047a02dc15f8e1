"""The page for developers: of its own origin, cacheable, and in development alone."""

import json
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from petplus.local.apps import APPS
from tests.router.servers import SECRET, Testbed
from tests.support.http import http_client

PAGE = """<!doctype html><title>GraphiQL</title>
<script type="module" src="/graphiql/assets/index-abc.js"></script>"""
SCRIPT = "export const paw = 1;\n" * 100


class References(HTMLParser):
    """Collects what the tags of a page refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"src", "href"}]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small GraphiQL."""
    folder = tmp_path_factory.mktemp("apps")
    assets = folder / "graphiql" / "dist" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-abc.js").write_text(SCRIPT)
    (assets.parent / "index.html").write_text(PAGE)
    return folder


@pytest.fixture(scope="module")
def served(toy_supergraph: Path, built: Path) -> Iterator[Testbed]:
    """A router with it."""
    bed = Testbed(toy_supergraph)
    bed.start_router(PETPLUS_APPS=str(built))
    yield bed
    bed.stop()


async def get(bed: Testbed, path: str = "/graphql", **headers: str) -> httpx.Response:
    async with http_client() as client:
        return await client.get(f"http://127.0.0.1:{bed.port}{path}", headers={"accept": "text/html", **headers})


async def test_the_page_runs_scripts_of_its_own_origin_and_no_text(served: Testbed) -> None:
    response = await get(served)
    assert (response.status_code, response.text) == (200, PAGE)
    policy = dict(rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["worker-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["connect-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'self'", "'none'", "'none'")


def test_the_page_of_this_repository_loads_nothing_from_elsewhere() -> None:
    references = References()
    references.feed((APPS / "graphiql" / "index.html").read_text(encoding="utf-8"))
    assert [address for address in references.found if not address.startswith("/")] == []
    assert len(references.found) > 1


async def test_the_page_is_asked_for_again_and_its_files_are_kept(served: Testbed) -> None:
    first = await get(served)
    assert first.headers["cache-control"] == "no-cache"
    again = await get(served, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    script = await get(served, "/graphiql/assets/index-abc.js", **{"accept-encoding": "gzip"})
    assert (script.text, script.headers["content-encoding"]) == (SCRIPT, "gzip")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    elsewhere = await get(served, "/graphiql/index.html", accept="*/*")
    assert (elsewhere.status_code, "GraphiQL" in elsewhere.text) == (404, False)


async def test_a_page_that_is_not_built_says_how_to_build_it(toy_supergraph: Path, tmp_path: Path) -> None:
    bed = Testbed(toy_supergraph)
    bed.start_router(PETPLUS_APPS=str(tmp_path))
    try:
        response = await get(bed)
    finally:
        bed.stop()
    assert (response.status_code, "petplus apps build" in response.text) == (200, True)


def test_variables_are_of_tabs_that_there_are() -> None:
    tabs = APPS / "graphiql" / "tabs"
    variables = json.loads((tabs / "variables.json").read_text(encoding="utf-8"))
    assert set(variables) <= {path.name for path in tabs.glob("*.graphql")}
    comments = [line for path in tabs.glob("*.graphql") for line in path.read_text().splitlines() if line[:1] == "#"]
    assert len(comments) > 10
    assert [line for line in comments if len(line) > 60] == []


async def test_production_serves_no_page(toy_supergraph: Path, built: Path) -> None:
    bed = Testbed(toy_supergraph)
    try:
        bed.start_router(PETPLUS_ENV="production", PETPLUS_SECRET_KEY=SECRET, PETPLUS_APPS=str(built))
        page = await get(bed)
        script = await get(bed, "/graphiql/assets/index-abc.js", accept="*/*")
    finally:
        bed.stop()
    assert page.status_code == 405
    assert "graphiql" not in page.text.lower()
    assert (script.status_code, SCRIPT in script.text) == (404, False)


def test_a_bad_setting_stops_the_start_with_one_sentence(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_UPSTREAM_TIMEOUT="soon")
    except ChildProcessError:
        [line] = other.log.read_text().splitlines()
    assert json.loads(line)["reason"] == ("PETPLUS_UPSTREAM_TIMEOUT must be a whole number from 1 to 600000.")
    assert isinstance(other.running["router"], subprocess.Popen)
    assert other.running["router"].poll() == 1
