"""The page for developers: whole, offline, with its example tabs."""

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import httpx

from petplus.local.node import ROUTER
from tests.router.servers import SECRET, Testbed
from tests.support.http import http_client


class References(HTMLParser):
    """Collects what the tags of a page refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"src", "href"}]


async def page(testbed: Testbed) -> httpx.Response:
    async with http_client() as client:
        return await client.get(testbed.url, headers={"accept": "text/html"})


async def test_the_page_loads_nothing_from_elsewhere(testbed: Testbed) -> None:
    response = await page(testbed)
    assert response.status_code == httpx.codes.OK
    references = References()
    references.feed(response.text)
    assert [address for address in references.found if not address.startswith("data:")] == []
    assert "@import" not in response.text.split("</style>")[0]


async def test_the_page_has_a_tab_for_each_example_in_order(testbed: Testbed) -> None:
    text = (await page(testbed)).text
    options = json.JSONDecoder().raw_decode(text[text.rindex('{"title":"All Pet Plus"') :])[0]
    examples = sorted((ROUTER / "graphiql").glob("*.graphql"))
    assert [tab["query"] for tab in options["defaultTabs"]] == [path.read_text() for path in examples]
    variables = json.loads((ROUTER / "graphiql" / "variables.json").read_text())
    assert set(variables) <= {path.name for path in examples}


async def test_the_page_is_sent_compressed_and_only_once(testbed: Testbed) -> None:
    url = testbed.url
    async with http_client(headers={"accept": "text/html"}) as client:
        plain = await client.get(url, headers={"accept-encoding": "gzip;q=0"})
        first = await client.get(url, headers={"accept-encoding": "gzip"})
        tag = first.headers["etag"]
        again = await client.get(url, headers={"accept-encoding": "gzip", "if-none-match": tag})
    assert "content-encoding" not in plain.headers
    assert (first.headers["content-encoding"], first.headers["cache-control"]) == ("gzip", "no-cache")
    assert first.text == plain.text
    assert int(first.headers["content-length"]) < len(plain.content) / 2
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_production_serves_no_page(testbed: Testbed, toy_supergraph: Path) -> None:
    other = Testbed(toy_supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_ENV="production", PETPLUS_SECRET_KEY=SECRET)
        response = await page(other)
    finally:
        other.stop()
    assert response.status_code == 405
    assert "graphiql" not in response.text.lower()


def test_a_bad_setting_stops_the_start_with_one_sentence(testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(PETPLUS_UPSTREAM_TIMEOUT="soon")
    except ChildProcessError:
        [line] = other.log.read_text().splitlines()
    assert json.loads(line)["reason"] == ("PETPLUS_UPSTREAM_TIMEOUT must be a whole number from 1 to 600000.")
    assert isinstance(other.running["router"], subprocess.Popen)
    assert other.running["router"].poll() == 1
