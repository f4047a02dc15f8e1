"""The beacon address: the same batch by REST, with clean refusals."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics import routes
from subgraphs.analytics.service import tracking as intake
from tests.analytics.test_experiments import ASSIGN, assignments, running
from tests.analytics.tracking import TRACK, event, fact, stored, track
from tests.support.apps import Served, signed

COUNTS = {"accepted": 0, "duplicates": 0, "ignored": 0, "rejected": 0}


async def collect(
    analytics: Served, body: Any, media_type: str = "text/plain;charset=UTF-8", **headers: str
) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return await analytics.client.post("/collect", content=content, headers={"content-type": media_type, **headers})


@pytest.mark.parametrize("media_type", ["text/plain;charset=UTF-8", "application/json"])
async def test_a_beacon_is_answered_with_counts(analytics: Served, media_type: str) -> None:
    design = new_id("des")
    view = event(name="design_viewed", designId=design)
    response = await collect(analytics, {"events": [view, view, event(), event(name=7), 42, None]}, media_type)
    assert (response.status_code, response.json()) == (202, COUNTS | {"accepted": 2, "duplicates": 1, "rejected": 3})
    assert await fact(analytics, design) == (None, 1, 0, 0)


async def test_both_doors_know_the_same_ids(analytics: Served) -> None:
    sent = event()
    assert (await collect(analytics, {"events": [sent]})).json()["accepted"] == 1
    assert (await track(analytics, sent))["duplicates"] == 1


async def test_a_token_lets_a_beacon_speak_for_its_user(analytics: Served, customer: str, customer_id: str) -> None:
    body = {"events": [event(subject=customer_id)]}
    assert (await collect(analytics, body)).json() == COUNTS | {"rejected": 1}
    response = await collect(analytics, body, authorization=f"Bearer {customer}")
    assert response.json() == COUNTS | {"accepted": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"clientEventId": None},
        {"clientEventId": 5},
        {"name": ["n"]},
        {"subject": {"id": 1}},
        {"occurredAt": 1_700_000_000},
        {"occurredAt": ...},
        {"designId": 5},
        {"properties": [1]},
        {"properties": {"a": {"b": {}}}},
        {"properties": {"a": "\x00"}},
        {"clientEventId": "a\x00b"},
        {"subject": "\x00"},
    ],
)
async def test_wrong_types_are_rejected_one_by_one(analytics: Served, wrong: dict[str, Any]) -> None:
    response = await collect(analytics, {"events": [event(**wrong), event()]})
    assert (response.status_code, response.json()) == (202, COUNTS | {"accepted": 1, "rejected": 1})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"42",
        b"[]",
        b"{}",
        b'{"events": {}}',
        b'{"events": []}',
        b'{"events": null}',
        b"\xff\xfe",
        b'{"events": ["\\ud800"]}',
        b"[" * 100_000,
        b'{"events": [' + b",".join([b"1"] * 1001) + b"]}",
    ],
)
async def test_a_body_that_is_no_batch_is_a_400(analytics: Served, body: bytes) -> None:
    response = await collect(analytics, body)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_INPUT")


async def test_other_content_is_a_415_and_a_huge_one_a_413(analytics: Served) -> None:
    assert (await collect(analytics, b"a=1", "application/x-www-form-urlencoded")).status_code == 415
    assert (await collect(analytics, b" " * 2_000_000)).status_code == 413
    assert (await analytics.client.get("/collect")).status_code == 405


async def test_a_bad_token_is_a_401_and_stores_nothing(analytics: Served) -> None:
    sent = event()
    response = await collect(analytics, {"events": [sent]}, authorization="Bearer nonsense")
    assert response.status_code == 401
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []


async def test_more_than_there_is_capacity_for_is_told_to_come_again(
    analytics: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    subgraph, surplus = 12, 5
    batches = [orjson.dumps({"events": [event()]}) for _ in range(subgraph + surplus)]
    monkeypatch.setattr(intake, "MOST_BYTES", subgraph * len(batches[0]))
    async with analytics.database.write() as session:
        await session.execute(text("LOCK TABLE event_key IN EXCLUSIVE MODE"))
        waiting = [asyncio.create_task(collect(analytics, batch)) for batch in batches]
        answered = asyncio.as_completed(waiting)
        refused = [await next(answered) for _ in range(surplus)]
        door = await track(analytics, event())
    assert door == {"__typename": "RateLimitedProblem", "code": "RATE_LIMITED"}
    assert [response.status_code for response in refused] == [429] * surplus
    assert {response.headers["retry-after"] for response in refused} == {"1"}
    answers = await asyncio.gather(*waiting)
    assert sorted(response.status_code for response in answers) == [202] * subgraph + [429] * surplus
    retried = [await collect(analytics, batch) for batch in batches]
    assert sum(response.json()["accepted"] for response in retried) == surplus


async def test_a_body_is_refused_before_it_is_read(analytics: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_BYTES", 1000)
    read = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(10):
            read += 1
            yield b" "

    headers = {"content-type": "text/plain"}
    response = await analytics.client.post("/collect", content=chunks(), headers=headers)
    assert (response.status_code, response.headers["retry-after"], read) == (429, "1", 0)


async def test_a_body_that_does_not_come_is_given_up(analytics: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "BODY_SECONDS", 0.05)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"content-type": "text/plain"}
    response = await analytics.client.post("/collect", content=never(), headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (408, "REQUEST_TIMEOUT")


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}])
async def test_whoever_asks_not_to_be_tracked_is_not(analytics: Served, headers: dict[str, str]) -> None:
    sent = event()
    response = await collect(analytics, {"events": [sent]}, **headers)
    assert response.json() == COUNTS | {"ignored": 1}
    response = await analytics.client.post(
        "/graphql", json={"query": TRACK, "variables": {"events": [sent]}}, headers=headers
    )
    assert response.json()["data"]["eventsTrack"]["verdicts"][0]["status"] == "IGNORED"
    assert (await collect(analytics, {"events": [sent], "doNotTrack": True})).json() == COUNTS | {"ignored": 1}
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []
    assert (await collect(analytics, {"events": [sent], "doNotTrack": False}, dnt="0")).json()["accepted"] == 1


@pytest.mark.parametrize(
    "wrong", [{"sentAt": 5}, {"sentAt": "now"}, {"sentAt": "0001-01-01T00:00:00+23:59"}, {"doNotTrack": "yes"}]
)
async def test_a_wrong_word_about_the_batch_refuses_it_whole(analytics: Served, wrong: dict[str, Any]) -> None:
    sent = event()
    response = await collect(analytics, {"events": [sent], **wrong})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_INPUT")
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []


@pytest.mark.parametrize("off", [dt.timedelta(days=400), dt.timedelta(days=-400), dt.timedelta(seconds=90)])
async def test_a_clock_that_is_off_is_corrected_by_the_moment_of_sending(analytics: Served, off: dt.timedelta) -> None:
    now = dt.datetime.now(dt.UTC)
    sent = event(occurredAt=(now + off - dt.timedelta(hours=2)).isoformat())
    body = {"events": [sent], "sentAt": (now + off).isoformat()}
    assert (await collect(analytics, body)).json()["accepted"] == 1
    (row,) = await stored(analytics, "client_event_id = :id", id=sent["clientEventId"])
    assert dt.timedelta() <= row.occurred_at - (now - dt.timedelta(hours=2)) < dt.timedelta(seconds=5)


async def test_a_correction_beyond_all_calendars_costs_one_event(analytics: Served) -> None:
    far = event(occurredAt="9999-12-31T23:59:59Z")
    response = await collect(analytics, {"events": [far, event()], "sentAt": "0001-01-01T00:00:00Z"})
    assert (response.status_code, response.json()) == (202, COUNTS | {"rejected": 2})


async def executed_by(analytics: Served, agent: str, query: str, **variables: Any) -> Any:
    """Execute an operation as the router does for a client of some name; returns its data."""
    body = orjson.dumps({"query": query, "variables": variables})
    headers = signed(analytics.runtime.settings, body, "", to="analytics") | {"user-agent": agent}
    return (await analytics.client.post("/graphql", content=body, headers=headers)).json()["data"]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
        "facebookexternalhit/1.1",
        "Baiduspider+(+http://www.baidu.com/search/spider.htm)",
    ],
)
async def test_bots_are_ignored_with_a_count(analytics: Served, admin: str, agent: str) -> None:
    sent = event()
    answer = await collect(analytics, {"events": [sent, event()]}, **{"user-agent": agent})
    assert (answer.status_code, answer.json()) == (202, COUNTS | {"ignored": 2})
    tracked = await executed_by(analytics, agent, TRACK, events=[sent])
    assert tracked["eventsTrack"]["verdicts"][0]["status"] == "IGNORED"
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []
    experiment = await running(analytics, admin)
    given = {"key": experiment["key"], "subject": new_id("vis")}
    decision = (await executed_by(analytics, agent, ASSIGN, input=given))["experimentAssign"]["decision"]
    assert (decision["reason"], decision["assignedAt"]) == ("ASSIGNED", None)
    assert await assignments(analytics, experiment["id"]) == 0


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0 Mobile Safari",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1",
        "okhttp/4.12.0",
        "",
    ],
)
async def test_people_and_apps_are_counted(analytics: Served, agent: str) -> None:
    answer = await collect(analytics, {"events": [event()]}, **{"user-agent": agent})
    assert answer.json() == COUNTS | {"accepted": 1}


@pytest.mark.parametrize(
    "subject",
    [
        *("undefined", "null", "NULL", "None", "NaN", "0", "00", "-0", "0.0", "-1", "false", "true", "[object Object]"),
        *(
            "[object Promise]",
            "{}",
            "[]",
            "00000000-0000-0000-0000-000000000000",
            "${visitorId}",
            "{{ visitor }}",
            "%s",
        ),
    ],
)
async def test_what_stands_for_a_missing_id_is_rejected_with_a_count(
    analytics: Served, admin: str, subject: str
) -> None:
    answer = await collect(analytics, {"events": [event(subject=subject), event()]})
    assert answer.json() == COUNTS | {"accepted": 1, "rejected": 1}
    tracked = await track(analytics, event(subject=subject))
    assert tracked["verdicts"][0]["problems"] == [{"path": "input.events.0.subject", "code": "PLACEHOLDER"}]
    experiment = await running(analytics, admin)
    given = {"key": experiment["key"], "subject": subject}
    refused = (await analytics.execute(ASSIGN, None, input=given)).data["experimentAssign"]
    assert refused["fields"] == [{"path": "input.subject", "code": "PLACEHOLDER"}]
    assert await stored(analytics, "subject = :subject", subject=subject) == []


@pytest.mark.parametrize("subject", ["nullable", "undefined-1", "0x5f", "none-of-your-business", "a0", "10"])
async def test_ids_that_only_look_alike_are_accepted(analytics: Served, subject: str) -> None:
    assert (await collect(analytics, {"events": [event(subject=subject)]})).json() == COUNTS | {"accepted": 1}


@pytest.mark.parametrize("number", ["9007199254740992", "18446744073709551616", "-9007199254740993", "1e300", "2e19"])
async def test_whole_numbers_that_lose_digits_are_rejected_alike(analytics: Served, number: str) -> None:
    sent = event(properties={"count": "HERE"})
    body = orjson.dumps({"events": [sent]}).replace(b'"HERE"', number.encode())
    assert (await collect(analytics, body)).json() == COUNTS | {"rejected": 1}
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []
