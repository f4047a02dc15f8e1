"""Events taken in by `eventsTrack`: verdicts, duplicates, limits, and whose word counts."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service import event_storage as recording
from tests.analytics.tracking import TRACK, event, fact, moment, stored, track
from tests.support.apps import Identities, Served


async def test_an_event_is_stored_as_it_was_sent(analytics: Served) -> None:
    sent = event(
        designId=new_id("des"), properties={"size": "M", "price": 24.9, "count": 2, "gift": True, "note": None}
    )
    answer = await track(analytics, sent)
    assert answer == {
        "__typename": "EventsTrackSuccess",
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "verdicts": [{"clientEventId": sent["clientEventId"], "status": "ACCEPTED", "problems": []}],
    }
    (row,) = await stored(analytics, "client_event_id = :id", id=sent["clientEventId"])
    assert (row.source, row.name, row.subject, row.design_id) == (
        "CLIENT",
        "add_to_cart",
        "visitor-1",
        sent["designId"],
    )
    assert row.occurred_at == dt.datetime.fromisoformat(sent["occurredAt"])
    assert row.properties == sent["properties"]


async def test_a_bad_event_costs_nobody_else(analytics: Served) -> None:
    good = [event(), event()]
    answer = await track(analytics, good[0], event(name="Add To Cart"), good[1])
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["ACCEPTED", "REJECTED", "ACCEPTED"]
    assert answer["verdicts"][1]["problems"] == [{"path": "input.events.1.name", "code": "INVALID_NAME"}]
    assert (answer["accepted"], answer["duplicates"], answer["rejected"]) == (2, 0, 1)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"clientEventId": ""}, "clientEventId", "TOO_SHORT"),
        ({"clientEventId": "x" * 101}, "clientEventId", "TOO_LONG"),
        ({"clientEventId": "a\tb"}, "clientEventId", "CONTROL_CHARACTER"),
        ({"name": "order.created"}, "name", "INVALID_NAME"),
        ({"name": "x" * 65}, "name", "TOO_LONG"),
        ({"subject": ...}, "subject", "REQUIRED"),
        ({"subject": "x" * 101}, "subject", "TOO_LONG"),
        ({"subject": new_id("usr")}, "subject", "NOT_YOURS"),
        ({"subject": "usr_"}, "subject", "NOT_YOURS"),
        ({"subject": new_id("gone")}, "subject", "RESERVED"),
        ({"subject": "  usr_x"}, "subject", "NOT_YOURS"),
        ({"occurredAt": "yesterday"}, "occurredAt", "INVALID_TIME"),
        ({"occurredAt": "0001-01-01T00:00:00+23:59"}, "occurredAt", "INVALID_TIME"),
        ({"occurredAt": "9999-12-31T23:59:59-23:59"}, "occurredAt", "INVALID_TIME"),
        ({"occurredAt": "1066-10-14T09:00:00Z"}, "occurredAt", "TOO_OLD"),
        ({"occurredAt": moment(days=7.1)}, "occurredAt", "TOO_OLD"),
        ({"occurredAt": moment(hours=-1)}, "occurredAt", "IN_THE_FUTURE"),
        ({"designId": new_id("ord")}, "designId", "INVALID_ID"),
        ({"name": "design_viewed"}, "designId", "REQUIRED"),
        ({"properties": []}, "properties", "INVALID_TYPE"),
        ({"properties": "text"}, "properties", "INVALID_TYPE"),
        ({"properties": {f"p{n}": n for n in range(33)}}, "properties", "TOO_MANY"),
        ({"properties": {"a b": 1}}, "properties", "INVALID_NAME"),
        ({"properties": {"x" * 65: 1}}, "properties", "INVALID_NAME"),
        ({"properties": {"a": "x" * 501}}, "properties.a", "TOO_LONG"),
        ({"properties": {"a": "b\u0007c"}}, "properties.a", "CONTROL_CHARACTER"),
        ({"properties": {"a": {"b": 1}}}, "properties.a", "INVALID_TYPE"),
        ({"properties": {"a": [1]}}, "properties.a", "INVALID_TYPE"),
        ({"properties": {"a": 2**53}}, "properties.a", "OUT_OF_RANGE"),
        ({"properties": {"a": 1.2345678901234568e29}}, "properties.a", "OUT_OF_RANGE"),
    ],
)
async def test_a_rejected_event_is_not_stored(analytics: Served, changes: Any, path: str, code: str) -> None:
    mark = {"properties": {"mark": new_id("cli")}}
    sent = event(**(mark | changes))
    answer = await track(analytics, sent)
    assert answer["verdicts"] == [
        {
            "clientEventId": sent["clientEventId"],
            "status": "REJECTED",
            "problems": [{"path": f"input.events.0.{path}", "code": code}],
        }
    ]
    of_it = {"id": sent["clientEventId"], "name": sent["name"]}
    assert await stored(analytics, "client_event_id = :id AND name = :name", **of_it) == []


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 40])
async def test_numbers_that_json_cannot_hold_are_rejected(analytics: Served, number: str) -> None:
    query = f"""mutation ($at: String!) {{ eventsTrack(input: {{ events: [
      {{ clientEventId: "{new_id("cli")}", name: "n", subject: "s", occurredAt: $at, properties: {{ a: {number} }} }}
    ] }}) {{ ... on EventsTrackSuccess {{ rejected verdicts {{ problems {{ code }} }} }} }} }}"""
    answer = (await analytics.execute(query, at=moment())).data["eventsTrack"]
    assert answer == {"rejected": 1, "verdicts": [{"problems": [{"code": "OUT_OF_RANGE"}]}]}


async def test_the_edges_of_the_window_are_inside(analytics: Served) -> None:
    answer = await track(analytics, event(occurredAt=moment(days=6.99)), event(occurredAt=moment(minutes=-9)))
    assert answer["accepted"] == 2


async def test_an_id_counts_once_whatever_comes_with_it(analytics: Served) -> None:
    first = event()
    assert (await track(analytics, first))["accepted"] == 1
    again = [first, first | {"occurredAt": moment(days=3)}, first | {"name": "other", "subject": "visitor-2"}]
    answer = await track(analytics, *again)
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["DUPLICATE"] * 3
    (row,) = await stored(analytics, "client_event_id = :id", id=first["clientEventId"])
    assert row.name == "add_to_cart"


async def test_an_id_counts_once_within_a_batch(analytics: Served) -> None:
    sent = event()
    answer = await track(analytics, sent | {"name": "?"}, sent, sent)
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["REJECTED", "ACCEPTED", "DUPLICATE"]
    assert len(await stored(analytics, "client_event_id = :id", id=sent["clientEventId"])) == 1


async def test_a_view_counts_once_per_client_event_id(analytics: Served) -> None:
    design, other = new_id("des"), new_id("des")
    views = [event(name="design_viewed", designId=design) for _ in range(3)]
    await track(analytics, *views, views[0], event(name="design_viewed", designId=other), event(designId=design))
    await track(analytics, *views, event(name="design_viewed", designId=design))
    assert await fact(analytics, design) == (None, 4, 0, 0)
    assert await fact(analytics, other) == (None, 1, 0, 0)


async def test_batches_at_once_neither_lose_nor_double(analytics: Served) -> None:
    designs = [new_id("des") for _ in range(5)]
    views = [event(name="design_viewed", designId=design) for design in designs for _ in range(10)]
    answers = await asyncio.gather(*[track(analytics, *views[shift:], *views[:shift]) for shift in range(0, 50, 7)])
    assert sum(answer["accepted"] for answer in answers) == 50
    assert [await fact(analytics, design) for design in designs] == [(None, 10, 0, 0)] * 5


async def test_a_thousand_events_are_a_batch_and_cost_as_many_statements_as_one(analytics: Served) -> None:
    counts = []
    for size in (1, 10, 100, 1000):
        with analytics.statements() as sent:
            answer = await track(analytics, *[event(name="design_viewed", designId=new_id("des")) for _ in range(size)])
        assert answer["accepted"] == size
        counts.append(len(sent))
    # The ids, the batch and the counts; the events themselves are written by COPY.
    assert counts == [3, 3, 3, 3]


@pytest.mark.parametrize("size", [0, 1001])
async def test_a_batch_of_another_size_is_refused_whole(analytics: Served, size: int) -> None:
    events = [event() for _ in range(size)]
    answer = await track(analytics, *events)
    assert answer == {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": "input.events", "code": "OUT_OF_RANGE"}],
    }
    ids = [sent["clientEventId"] for sent in events]
    assert await stored(analytics, "client_event_id = ANY(:ids)", ids=ids) == []


async def test_null_characters_are_refused(analytics: Served) -> None:
    sent = event(name="a\x00b")
    answer = await analytics.execute(
        "mutation ($e: [EventInput!]!) { eventsTrack(input: {events: $e}) { __typename } }", e=[sent]
    )
    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    assert await stored(analytics, "client_event_id = :id", id=sent["clientEventId"]) == []


async def test_a_caller_speaks_for_themselves_alone(analytics: Served, customer: str, customer_id: str) -> None:
    sent = [event(subject=...), event(subject=customer_id), event(subject=new_id("usr")), event(subject="visitor-9")]
    answer = await track(analytics, *sent, token=customer)
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["ACCEPTED", "ACCEPTED", "REJECTED", "ACCEPTED"]
    assert len(await stored(analytics, "subject = :id", id=customer_id)) == 2


async def test_staff_cannot_speak_for_others_either(analytics: Served, admin: str, customer_id: str) -> None:
    answer = await track(analytics, event(subject=customer_id), token=admin)
    assert answer["verdicts"][0]["problems"] == [{"path": "input.events.0.subject", "code": "NOT_YOURS"}]
    assert await stored(analytics, "subject = :id", id=customer_id) == []


EVENTS = """
query ($filter: EventFilter, $first: Int, $after: String) {
  events(filter: $filter, first: $first, after: $after) {
    totalCount edges { cursor node { id name subject source designId properties } } pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_staff_list_events_newest_first(analytics: Served, support: str) -> None:
    subject = new_id("vis")
    await track(analytics, *[event(subject=subject, name=f"step_{n}", occurredAt=moment(minutes=n)) for n in range(5)])
    query = {"filter": {"subject": subject}, "first": 2}
    page = (await analytics.execute(EVENTS, support, **query)).data["events"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["step_0", "step_1"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, True)
    page = (await analytics.execute(EVENTS, support, **query, after=page["pageInfo"]["endCursor"])).data["events"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["step_2", "step_3"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name": "step_1"}, ["step_1"]),
        ({"source": "DOMAIN"}, []),
        ({"source": "CLIENT"}, ["step_0", "step_1", "step_2"]),
        ({"since": "90"}, ["step_0", "step_1"]),
        ({"until": "90"}, ["step_2"]),
        ({"designId": "des_00000000000000000000000000"}, []),
    ],
)
async def test_filters_narrow_the_list(
    analytics: Served, support: str, filters: dict[str, str], names: list[str]
) -> None:
    subject = new_id("vis")
    await track(analytics, *[event(subject=subject, name=f"step_{n}", occurredAt=moment(hours=n)) for n in range(3)])
    wanted = {
        key: moment(minutes=float(value)) if key in {"since", "until"} else value for key, value in filters.items()
    }
    page = (await analytics.execute(EVENTS, support, filter={"subject": subject, **wanted})).data["events"]
    assert [edge["node"]["name"] for edge in page["edges"]] == names


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z"])
async def test_far_away_moments_list_without_failing(analytics: Served, support: str, since: str) -> None:
    answer = await analytics.execute(EVENTS, support, filter={"since": since, "name": "nothing"})
    assert answer.data["events"]["totalCount"] == 0


async def test_events_are_for_staff_alone(analytics: Served, people: Identities, customer_id: str) -> None:
    own = {"subject": customer_id}
    assert (await analytics.execute(EVENTS, filter=own)).codes == ["UNAUTHENTICATED"]
    refused = await analytics.execute(EVENTS, people.token(customer_id), filter=own)
    assert (refused.codes, refused.body["data"]) == (["FORBIDDEN"], {"events": None})


@pytest.mark.parametrize("paging", [{"first": 101}, {"first": -1}, {"after": "bm9uc2Vuc2U"}])
async def test_wrong_pages_are_refused(analytics: Served, support: str, paging: dict[str, Any]) -> None:
    assert (await analytics.execute(EVENTS, support, **paging)).codes == ["INVALID_INPUT"]


async def test_a_batch_that_cannot_be_stored_costs_only_itself(
    analytics: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, sizes = recording._copy, []

    async def fail(session: Any, rows: Any) -> None:
        sizes.append(len(rows))
        if any(row[2] == "broken" for row in rows):
            raise ValueError("this cannot be stored")
        await copy(session, rows)

    monkeypatch.setattr(recording, "_copy", fail)
    sent = [event(name="broken") if number == 3 else event() for number in range(8)]
    async with analytics.database.write() as session:
        # While the writers wait for it, all others come together.
        await session.execute(text("LOCK TABLE event_key IN EXCLUSIVE MODE"))
        waiting = [asyncio.create_task(analytics.execute(TRACK, events=[one])) for one in sent]
        done, _ = await asyncio.wait(waiting, timeout=0.3)
        assert not done
    answers = await asyncio.gather(*waiting)
    assert [answer.codes for answer in answers] == [["INTERNAL_SERVER_ERROR"] if n == 3 else [] for n in range(8)]
    assert max(sizes) > 1
    ids = [one["clientEventId"] for one in sent]
    assert len(await stored(analytics, "client_event_id = ANY(:ids)", ids=ids)) == 7
