"""Who may ask for exports, follow them and fetch their files; and how files are fetched in ranges."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select, text

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.events.outbox import OUTBOX
from shared.http.byte_ranges import Unsatisfiable, read_range
from shared.subgraph import create_app
from subgraphs.analytics.errors import MOST_UNFINISHED_EXPORTS
from subgraphs.analytics.service.exports import writer as writing
from subgraphs.analytics.service.exports.downloads import Downloads
from subgraphs.analytics.service.exports.export_feed import ExportFeed
from subgraphs.analytics.service.exports.writer import expire
from tests.analytics.exports import EXPORT, ask, asked, fetch, receive, row_of, rows_of, shown, work
from tests.order.streams import Stream, Streams
from tests.support.apps import Identities, Served, listen

EXPORTS = """
query ($first: Int, $after: String) {
  exports(first: $first, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
}
"""
ENTITY = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Export { id state rows } } }"
PROGRESS = "subscription ($id: ID!) { exportProgress(id: $id) { id state rows progress downloadUrl } }"


@pytest_asyncio.fixture(scope="session")
async def streams(settings: Settings) -> AsyncIterator[Streams]:
    """The analytics subgraph on a socket of its own, a second replica beside `analytics`."""
    app = create_app(registry.load("analytics"), settings, messaging=False)
    async with listen(app) as url, Streams.open(url, app) as opened:
        yield opened


@asynccontextmanager
async def follow(streams: Streams, token: str | None, export_id: str) -> AsyncIterator[Stream]:
    headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {token}"} if token else {})}
    body = {"query": PROGRESS, "variables": {"id": export_id}}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Stream(response.aiter_lines())


async def reported(stream: Stream) -> Any:
    """Return the export as the next item shows it."""
    kind, payload = await stream.event()
    assert (kind, payload.get("errors")) == ("next", None)
    return payload["data"]["exportProgress"]


async def done(analytics: Served, token: str, count: int = 3, form: str = "CSV") -> str:
    """Have an export written and return its id."""
    name = new_id("some")
    await receive(analytics, rows_of(name, count))
    export_id = await asked(analytics, token, form, name=name)
    await work(analytics, export_id)
    return export_id


async def how_many(analytics: Served) -> int:
    async with analytics.database.read() as connection:
        return await connection.scalar(text("SELECT count(*) FROM export")) or 0


async def recorded(analytics: Served, export_id: str) -> list[tuple[str, str | None]]:
    """Return type and actor of the events that tell of an export."""
    async with analytics.database.read() as connection:
        rows = await connection.execute(
            select(OUTBOX.c.type, OUTBOX.c.actor).where(OUTBOX.c.subject == export_id).order_by(OUTBOX.c.id)
        )
        return [(row.type, row.actor) for row in rows]


async def test_an_export_shows_what_was_asked_for(analytics: Served, people: Identities) -> None:
    staff_id, design = new_id("usr"), new_id("des")
    wanted = {
        "name": "add_to_cart",
        "subject": "visitor-1",
        "designId": design,
        "source": "CLIENT",
        "since": "2026-05-01T00:00:00.000000Z",
        "until": "2026-05-02T00:00:00.000000Z",
    }
    result = await ask(analytics, people.token(staff_id, "SUPPORT"), "PARQUET", **wanted)
    export = result["export"]
    assert (export["format"], export["state"], export["rows"], export["bytes"]) == ("PARQUET", "QUEUED", 0, 0)
    assert (export["progress"], export["downloadUrl"], export["finishedAt"]) == (0, None, None)
    assert (export["events"], export["createdBy"]) == (wanted, {"id": staff_id})
    assert await recorded(analytics, export["id"]) == [("export.created", staff_id)]
    row = await row_of(analytics, export["id"])
    assert (row.expires_at - row.created_at).days == 7


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"name": ""}, "input.filter.name", "TOO_SHORT"),
        ({"subject": "s" * 101}, "input.filter.subject", "TOO_LONG"),
        ({"designId": "usr_1"}, "input.filter.designId", "INVALID_ID"),
        ({"since": "2026-05-01T00:00:00Z", "until": "2026-05-01T00:00:00Z"}, "input.filter.until", "OUT_OF_RANGE"),
    ],
)
async def test_a_bad_filter_is_refused_and_makes_nothing(
    analytics: Served, support: str, wrong: Any, path: str, code: str
) -> None:
    before = await how_many(analytics)
    result = await ask(analytics, support, "CSV", **wrong)
    assert result == {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": path, "code": code}],
    }
    assert await how_many(analytics) == before


async def test_a_retried_request_gets_the_first_export(analytics: Served, support: str) -> None:
    key = new_id("key")
    first, again = [(await ask(analytics, support, "CSV", key))["export"]["id"] for _ in range(2)]
    assert first == again
    other = await ask(analytics, support, "NDJSON", key)
    assert other["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]


async def test_nobody_has_more_than_a_few_unfinished_exports(analytics: Served, people: Identities) -> None:
    busy, other = people.token(new_id("usr"), "SUPPORT"), people.token(new_id("usr"), "SUPPORT")
    ids = [await asked(analytics, busy, "CSV", name=new_id("none")) for _ in range(MOST_UNFINISHED_EXPORTS)]
    before = await how_many(analytics)
    assert await ask(analytics, busy, "CSV") == {"__typename": "RateLimitedProblem", "code": "RATE_LIMITED"}
    assert await how_many(analytics) == before
    await asked(analytics, other, "CSV", name=new_id("none"))
    await work(analytics, ids[0])
    await asked(analytics, busy, "CSV", name=new_id("none"))


async def test_only_staff_ask_for_exports_and_see_them(
    analytics: Served, support: str, admin: str, customer: str
) -> None:
    export_id = await done(analytics, support)
    before = await how_many(analytics)
    of = [{"__typename": "Export", "id": export_id}]
    for token, code in ((None, "UNAUTHENTICATED"), (customer, "FORBIDDEN")):
        made = await analytics.execute("mutation { exportCreate(input: { format: CSV }) { __typename } }", token)
        assert (made.codes, made.body["data"]) == ([code], None)
        for query, variables in ((EXPORT, {"id": export_id}), (EXPORTS, {})):
            assert (await analytics.execute(query, token, **variables)).codes == [code]
        assert (await analytics.execute(ENTITY, token, of=of)).data["_entities"] == [None]
    assert await how_many(analytics) == before
    for token in (support, admin):
        assert (await shown(analytics, token, export_id))["state"] == "DONE"
        assert (await analytics.execute(ENTITY, token, of=of)).data["_entities"][0]["rows"] == 3
    assert await shown(analytics, support, new_id("xpt")) is None


async def test_all_exports_are_listed_newest_first(analytics: Served, support: str) -> None:
    ids = [await done(analytics, support, 0) for _ in range(3)]
    answer = (await analytics.execute(EXPORTS, support, first=2)).data["exports"]
    assert [node["id"] for node in answer["nodes"]] == [ids[2], ids[1]]
    assert answer["totalCount"] == await how_many(analytics)
    rest = (await analytics.execute(EXPORTS, support, first=1, after=answer["pageInfo"]["endCursor"])).data["exports"]
    assert [node["id"] for node in rest["nodes"]] == [ids[0]]


async def test_a_list_of_exports_costs_one_statement(analytics: Served, support: str) -> None:
    for _ in range(3):
        await done(analytics, support, 0)
    query = "{ exports { nodes { id progress downloadUrl createdBy { id } events { name } } } }"
    with analytics.statements() as sent:
        assert len((await analytics.execute(query, support)).data["exports"]["nodes"]) >= 3
    assert len(sent) == 1


async def test_staff_fetch_a_file_with_their_token_and_leave_a_trace(analytics: Served, people: Identities) -> None:
    asker, fetcher = new_id("usr"), new_id("usr")
    export_id = await done(analytics, people.token(asker, "SUPPORT"))
    response = await fetch(analytics, people.token(fetcher, "ADMIN"), export_id)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="events-{export_id}.csv"'
    assert response.headers["content-length"] == str(len(response.content)) == str(response.num_bytes_downloaded)
    assert response.headers["cache-control"] == "no-store"
    assert len(response.content.splitlines()) == 4
    assert await recorded(analytics, export_id) == [("export.created", asker), ("export.downloaded", fetcher)]


async def test_a_link_opens_the_file_for_its_holder_in_the_name_of_whom_it_was_made_for(
    analytics: Served, people: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, reader = new_id("usr"), new_id("usr")
    export_id = await done(analytics, people.token(asker, "SUPPORT"))
    link = (await shown(analytics, people.token(reader, "SUPPORT"), export_id))["downloadUrl"]
    assert link.startswith("http://127.0.0.1:4005/exports/xpt_")
    response = await analytics.client.get(link.removeprefix("http://127.0.0.1:4005"))
    assert (response.status_code, len(response.content.splitlines())) == (200, 4)
    assert (await recorded(analytics, export_id))[1:] == [("export.downloaded", reader)]


async def test_a_link_that_was_tampered_with_or_is_over_opens_nothing(
    analytics: Served, support: str, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id, other = await done(analytics, support), await done(analytics, support)
    path, query = urlsplit((await shown(analytics, support, export_id))["downloadUrl"])[2:4]
    given = dict(parse_qsl(query))
    later = str(int(given["expires"]) + 1)
    for changed in (
        f"/exports/{other}?{query}",
        f"{path}?{urlencode(given | {'for': new_id('usr')})}",
        f"{path}?{urlencode(given | {'expires': later})}",
        f"{path}?{urlencode(given | {'expires': '9' * 30})}",
        f"{path}?{urlencode(given | {'signature': 'ünknown'})}",
        path,
    ):
        await refused(analytics, changed)
    end = int(given["expires"])
    monkeypatch.setattr(time, "time", lambda: float(end - 1))
    assert (await analytics.client.get(f"{path}?{query}")).status_code == 200
    monkeypatch.setattr(time, "time", lambda: float(end))
    await refused(analytics, f"{path}?{query}")
    monkeypatch.undo()
    assert time.time() < end
    assert [kind for kind, _ in await recorded(analytics, export_id)] == ["export.created", "export.downloaded"]


async def refused(analytics: Served, path: str, token: str | None = None) -> None:
    """Ask for a file that must be answered as any unknown one is."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = await analytics.client.get(path, headers=headers)
    known = {
        "errors": [
            {
                "message": "The file does not exist or its link has expired; request a new `downloadUrl`.",
                "extensions": {"code": "NOT_FOUND"},
            }
        ]
    }
    assert (response.status_code, response.json()) == (404, known)


async def test_nobody_else_learns_whether_a_file_exists(analytics: Served, support: str, customer: str) -> None:
    finished = await done(analytics, support)
    waiting = await asked(analytics, support, "CSV", name=new_id("none"))
    for token in (None, customer):
        for export_id in (finished, waiting, new_id("xpt"), "nonsense"):
            await refused(analytics, f"/exports/{export_id}", token)
    for export_id in (waiting, new_id("xpt"), "nonsense", "xpt_%00"):
        await refused(analytics, f"/exports/{export_id}", support)
    assert await recorded(analytics, finished) == [("export.created", (await row_of(analytics, finished)).created_by)]
    forged = await fetch(analytics, "nonsense", finished)
    assert forged.status_code == 401


@pytest.mark.parametrize("form", ["CSV", "PARQUET"])
async def test_a_download_that_broke_off_goes_on_where_it_was(
    analytics: Served, support: str, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    export_id = await done(analytics, support, 55, form)
    whole = (await fetch(analytics, support, export_id)).content
    size, etag = len(whole), f'"{export_id}"'
    for header, first, end in (
        ("bytes=0-0", 0, 1),
        (f"bytes=0-{size + 5}", 0, size),
        (f"bytes={size // 2}-", size // 2, size),
        (f"bytes=7-{size - 7}", 7, size - 6),
        ("bytes=-1", size - 1, size),
        (f"bytes=-{size + 1}", 0, size),
    ):
        response = await fetch(analytics, support, export_id, range=header, **{"if-range": etag})
        assert (response.status_code, response.content) == (206, whole[first:end]), header
        assert response.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
    over = await fetch(analytics, support, export_id, range=f"bytes={size}-")
    assert (over.status_code, over.headers["content-range"]) == (416, f"bytes */{size}")
    for ignored in ({"range": "bytes=0-1,3-4"}, {"range": "rows=1-2"}, {"range": "bytes=0-1", "if-range": '"another"'}):
        response = await fetch(analytics, support, export_id, **ignored)
        assert (response.status_code, response.content) == (200, whole)
    assert (await fetch(analytics, support, export_id, **{"if-none-match": etag})).status_code == 304


@pytest.mark.parametrize("header", ["", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes = 0-1", "bytes=0-1x", "0-1"])
def test_what_is_no_range_is_ignored(header: str) -> None:
    assert read_range(header, 10) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_a_range_of_what_is_not_there_is_refused(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(header, size)


async def test_head_tells_of_the_file_and_leaves_no_trace(analytics: Served, support: str) -> None:
    export_id = await done(analytics, support)
    headers = {"authorization": f"Bearer {support}"}
    response = await analytics.client.head(f"/exports/{export_id}", headers=headers)
    row = await row_of(analytics, export_id)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(row.bytes)
    assert await recorded(analytics, export_id) == [("export.created", row.created_by)]


async def test_a_file_that_is_deleted_while_it_is_fetched_breaks_off(
    analytics: Served, streams: Streams, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    export_id = await done(analytics, support, 25)
    content = analytics.runtime.resource(Downloads).content

    async def deleted_on_the_way(*about: Any) -> AsyncIterator[bytes]:
        async for part in content(*about):
            yield part
            async with analytics.database.write() as session:
                await expire(session, export_id)

    monkeypatch.setattr(Downloads, "content", lambda _self, *about: deleted_on_the_way(*about))
    headers = {"authorization": f"Bearer {support}"}
    with pytest.raises(httpx.RemoteProtocolError):
        await streams.client.get(f"/exports/{export_id}", headers=headers)


async def test_progress_is_told_from_the_present_state_to_the_end(
    analytics: Served, streams: Streams, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 10)
    name = new_id("some")
    await receive(analytics, rows_of(name, 35))
    export_id = await asked(analytics, support, "CSV", name=name)
    async with follow(streams, support, export_id) as stream:
        first = await reported(stream)
        assert (first["state"], first["rows"], first["progress"]) == ("QUEUED", 0, 0)
        seen = [first]
        for _ in range(5):
            # A part after the other, so that each is told of.
            assert await writing._step(analytics.database, export_id) is (len(seen) < 5)
            await streams.app.state.runtime.resource(ExportFeed).notifier.notify()
            seen.append(await reported(stream))
        assert [each["rows"] for each in seen] == [0, 0, 10, 20, 30, 35]
        assert [round(each["progress"], 2) for each in seen] == [0, 0, 0.29, 0.57, 0.86, 1]
        assert [each["state"] for each in seen] == ["QUEUED", *["RUNNING"] * 4, "DONE"]
        assert [bool(each["downloadUrl"]) for each in seen] == [False] * 5 + [True]
        assert await stream.event() == ("complete", None)
    async with follow(streams, support, export_id) as stream:
        assert (await reported(stream))["state"] == "DONE"
        assert await stream.event() == ("complete", None)


async def test_progress_is_pushed_without_a_notification(
    analytics: Served, streams: Streams, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(analytics.database.hooks, ExportFeed.channel)
    export_id = await asked(analytics, support, "CSV", name=new_id("none"))
    async with follow(streams, support, export_id) as stream:
        assert (await reported(stream))["state"] == "QUEUED"
        while await writing._step(analytics.database, export_id):
            pass
        while (state := (await reported(stream))["state"]) == "RUNNING":
            pass
        assert state == "DONE"


async def test_who_may_not_follow_is_told_why(streams: Streams, analytics: Served, support: str, customer: str) -> None:
    export_id = await asked(analytics, support, "CSV", name=new_id("none"))
    for token, key, code in (
        (None, export_id, "UNAUTHENTICATED"),
        (customer, export_id, "FORBIDDEN"),
        (support, new_id("xpt"), "NOT_FOUND"),
        (support, "nonsense", "NOT_FOUND"),
    ):
        async with follow(streams, token, key) as stream:
            assert await stream.failure() == code


async def test_a_follower_of_an_export_that_is_forgotten_is_told_so(
    analytics: Served, streams: Streams, support: str
) -> None:
    export_id = await asked(analytics, support, "CSV", name=new_id("none"))
    async with follow(streams, support, export_id) as stream:
        assert (await reported(stream))["state"] == "QUEUED"
        async with analytics.database.write() as session:
            await session.execute(text("DELETE FROM export WHERE id = :id"), {"id": export_id})
        assert await stream.failure() == "NOT_FOUND"
