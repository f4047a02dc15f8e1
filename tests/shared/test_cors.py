"""What pages of other origins may read beside the graph: of listed origins alone, and never with credentials."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from petplus import registry
from petplus.generated.access_page import policy
from shared.core.ids import new_id
from shared.core.settings import Settings
from tests.support.apps import Served, serve

ORIGIN = "https://shop.example"
ELSEWHERE = ["https://elsewhere.example", "https://shop.example.evil", "http://shop.example", "null"]
DOORS = {"builder": f"/designs/{new_id('des')}/preview.png", "analytics": "/collect"}
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization, content-type"}


@pytest_asyncio.fixture(scope="module", params=DOORS)
async def listed(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[tuple[Served, str]]:
    with_origin = settings.model_copy(update={"cors_origins": f"https://admin.example,{ORIGIN}"})
    async with serve(registry.load(request.param), with_origin) as served:
        yield served, DOORS[request.param]


def test_pages_may_read_each_kind_of_picture() -> None:
    pictures = [route.partition(" ")[2] for route in policy().routes if "{form}" in route]
    assert len(pictures) >= 4
    opened = tuple(registry.load("builder").paths_of_pages)
    assert [path for path in pictures if not path.startswith(opened)] == []


async def test_a_page_of_a_listed_origin_may_send_its_token(listed: tuple[Served, str]) -> None:
    served, path = listed
    answer = await served.client.options(path, headers={"origin": ORIGIN, **PREFLIGHT})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert {"authorization", "content-type"} <= set(answer.headers["access-control-allow-headers"].split(", "))
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"] == "origin"


async def test_a_page_of_a_listed_origin_reads_answers_and_refusals(listed: tuple[Served, str]) -> None:
    served, path = listed
    method = "POST" if path == "/collect" else "GET"
    answer = await served.client.request(
        method, path, content=b"{}" if method == "POST" else None, headers={"origin": ORIGIN}
    )
    assert answer.status_code in {400, 404, 415}
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "origin" in answer.headers["vary"]
    assert "retry-after" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize("origin", ELSEWHERE)
async def test_a_page_of_another_origin_reads_nothing(listed: tuple[Served, str], origin: str) -> None:
    served, path = listed
    for answer in (
        await served.client.options(path, headers={"origin": origin, **PREFLIGHT}),
        await served.client.get(path, headers={"origin": origin}),
    ):
        assert answer.status_code >= 400
        assert [name for name in answer.headers if name.startswith("access-control")] == []
        # A cache must not give this answer to a listed origin.
        assert "origin" in answer.headers["vary"]


@pytest.mark.parametrize("path", ["/graphql", "/metrics", "/ready"])
async def test_pages_read_nothing_else_of_a_subgraph(listed: tuple[Served, str], path: str) -> None:
    served, _ = listed
    asked = await served.client.options(path, headers={"origin": ORIGIN, **PREFLIGHT})
    answer = await served.client.get(path, headers={"origin": ORIGIN})
    for each in (asked, answer):
        assert [name for name in each.headers if name.startswith("access-control")] == []
    assert asked.status_code == 405


async def test_without_listed_origins_no_page_reads_anything(builder: Served, analytics: Served) -> None:
    for served in (builder, analytics):
        answer = await served.client.options(DOORS[served.subgraph.name], headers={"origin": ORIGIN, **PREFLIGHT})
        assert answer.status_code == 405
        assert [name for name in answer.headers if name.startswith("access-control")] == []
