"""The built apps: which paths they answer, what browsers may keep, and what their pages may do."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from petplus.local.node import find_node
from tests.router.servers import Testbed
from tests.support.http import http_client
from tests.support.waiting import eventually

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "export const paw = 1;\n" * 100


def build(folder: Path, app: str) -> None:
    assets = folder / app / "dist" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-abc.js").write_text(SCRIPT)
    (assets.parent / "index.html").write_text(f"<!doctype html><title>{app}</title>")
    (assets.parent / ".built").write_text("no file of the app")


def unpacked(content: bytes) -> str:
    """Return what brotli has compressed; Python knows no brotli."""
    program = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
    done = subprocess.run([str(find_node().binary), "-e", program], input=content, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def served(toy_supergraph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Testbed]:
    """A router with small apps."""
    folder = tmp_path_factory.mktemp("apps")
    for app in ("web", "admin", "mobile", "graphiql"):
        build(folder, app)
    bed = Testbed(toy_supergraph)
    pictures = {"PETPLUS_PREVIEW_URL": "https://pictures.example/all", "PETPLUS_AVATAR_URL": "https://users.example"}
    bed.start_router(PETPLUS_APPS=str(folder), **pictures)
    yield bed
    bed.stop()


async def get(bed: Testbed, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with http_client() as client:
        return await client.request(method, f"http://127.0.0.1:{bed.port}{path}", headers=headers)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "web"),
        ("/orders/ord_1?x=1", "web"),
        ("/administer", "web"),
        ("/admin", "admin"),
        ("/admin/orders", "admin"),
        ("/mobile/orders/ord_1", "mobile"),
    ],
)
async def test_any_path_that_a_browser_opens_is_a_page_of_its_app(served: Testbed, path: str, title: str) -> None:
    answer = await get(served, path, **PAGE)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert f"<title>{title}</title>" in answer.text
    again = await get(served, path, **PAGE, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_page_may_run_its_own_scripts_show_pictures_and_ask_the_graph(served: Testbed) -> None:
    policy = (await get(served, "/", **PAGE)).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["connect-src"]) == ("'self'", "'self'", "'self'")
    assert rules["img-src"] == "'self' https://pictures.example https://users.example"
    assert (rules["frame-ancestors"], rules["base-uri"]) == ("'none'", "'none'")
    assert "unsafe" not in policy


async def test_a_file_with_a_hash_in_its_name_is_kept_for_good_and_sent_compressed(served: Testbed) -> None:
    answer = await get(served, "/admin/assets/index-abc.js", **{"accept-encoding": "gzip"})
    assert answer.text == SCRIPT
    assert re.match(r"text/javascript", answer.headers["content-type"])
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 5
    head = await get(served, "/admin/assets/index-abc.js", "HEAD", **{"accept-encoding": "identity"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(SCRIPT)))


async def test_a_browser_that_takes_brotli_gets_it_once_it_is_made(served: Testbed) -> None:
    both, path = {"accept-encoding": "gzip, deflate, br"}, "/admin/assets/index-abc.js"
    first = await get(served, path, **both)
    assert (first.headers["content-encoding"] in {"gzip", "br"}, first.headers["vary"]) == (True, "accept-encoding")

    async def is_made() -> bool:
        return (await get(served, path, "HEAD", **both)).headers["content-encoding"] == "br"

    await eventually(is_made)
    zipped = await get(served, path, "HEAD", **{"accept-encoding": "gzip"})
    smallest = await get(served, path, "HEAD", **both)
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(smallest.headers["content-length"]) < int(zipped.headers["content-length"])
    assert smallest.headers["etag"] == zipped.headers["etag"]
    # Who takes nothing, or refuses it, gets the file as it is, also now.
    for refusing in ("identity", "br;q=0", "deflate"):
        plain = await get(served, path, **{"accept-encoding": refusing})
        assert ("content-encoding" in plain.headers, plain.text) == (False, SCRIPT)
    url = f"http://127.0.0.1:{served.port}{path}"
    async with http_client() as client, client.stream("GET", url, headers=both) as sent:
        content = b"".join([part async for part in sent.aiter_raw()])
    assert await asyncio.to_thread(unpacked, content) == SCRIPT


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/assets/gone.js", "GET", {}),
        ("/.built", "GET", {}),
        ("/cart", "GET", {"accept": "application/json"}),
        ("/../package.json", "GET", {}),
        ("/", "POST", PAGE),
    ],
)
async def test_what_is_no_page_and_no_file_is_not_there(
    served: Testbed, path: str, method: str, headers: dict[str, str]
) -> None:
    answer = await get(served, path, method, **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


async def test_the_graph_and_its_page_stay_where_they_are(served: Testbed) -> None:
    page = await get(served, "/graphql", **PAGE)
    assert (page.status_code, "<title>graphiql</title>" in page.text) == (200, True)
    assert (await served.execute("{ __typename }"))["data"] == {"__typename": "Query"}


async def test_a_page_of_another_host_is_refused(served: Testbed) -> None:
    assert (await get(served, "/", host="rebound.example.com", **PAGE)).status_code == 421


async def test_apps_that_are_not_built_say_how_to_build_them(toy_supergraph: Path, tmp_path: Path) -> None:
    bed = Testbed(toy_supergraph)
    bed.start_router(PETPLUS_APPS=str(tmp_path))
    try:
        answer = await get(bed, "/", **PAGE)
        assert (answer.status_code, "petplus apps build" in answer.text) == (503, True)
        assert (await get(bed, "/")).status_code == 404
    finally:
        bed.stop()
