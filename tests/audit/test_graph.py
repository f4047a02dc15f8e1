"""The log in the graph: what staff see, and that nobody else does."""

import datetime as dt
from typing import Any

import pytest

from shared.core.ids import new_id
from shared.core.settings import Settings
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.audit.service.verification import LimitedVerification
from tests.audit.factories import a_fact, fresh_log, log, owner_of
from tests.support.apps import Served

ENTRY = """
query ($id: ID!) {
  auditEntry(id: $id) {
    id sequence action actorKind actor { id } subject { type subjectId } changes { field before after }
    requestId traceId hash
  }
}
"""
LIST = """
query ($filter: AuditEntryFilter, $first: Int, $after: String, $last: Int, $before: String) {
  auditEntries(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id action actor { id } } pageInfo { hasNextPage endCursor }
  }
}
"""
VERIFY = """
query ($from: Int, $to: Int) {
  auditVerify(from: $from, to: $to) {
    intact checked checkedTo complete firstBroken { sequence damage entry { id } }
  }
}
"""
EDGES = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { id auditTrail(first: 2) { ...page } }
    ... on Order { id auditTrail(first: 2) { ...page } }
    ... on Design { id auditTrail(first: 2) { ...page } }
    ... on AuditEntry { id action }
  }
}
fragment page on AuditEntryConnection { totalCount nodes { id } pageInfo { hasNextPage } }
"""


async def logged(audit: Served, *facts: Any) -> list[str]:
    """Log facts and return the ids of their entries."""
    await log(audit, *facts)
    events = [fact.event_id for fact in facts]
    async with audit.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT id FROM audit_log WHERE event_id = ANY($1) ORDER BY sequence", (events,)
        )
        return list(found.scalars())


async def test_staff_see_an_entry(audit: Served, support: str) -> None:
    fact = a_fact(actor_id=new_id("usr"))
    [key] = await logged(audit, fact)
    shown = (await audit.execute(ENTRY, support, id=key)).data["auditEntry"]
    assert shown.pop("sequence") >= 1
    assert len(shown.pop("hash")) == 64
    assert shown == {
        "id": key,
        "action": "order.status_changed",
        "actorKind": "USER",
        "actor": {"id": fact.actor_id},
        "subject": {"type": "Order", "subjectId": fact.subject_id},
        "changes": [{"field": "status", "before": "PENDING", "after": "PAID"}],
        "requestId": fact.request_id,
        "traceId": fact.trace_id,
    }


async def test_customers_and_strangers_see_nothing_on_any_path(audit: Served, customer: str, customer_id: str) -> None:
    [key] = await logged(audit, a_fact(customer_id, customer_id))
    for token, code in ((None, "UNAUTHENTICATED"), (customer, "FORBIDDEN")):
        for query, name in ((ENTRY, "auditEntry"), (LIST, "auditEntries"), (VERIFY, "auditVerify")):
            answer = await audit.execute(query, token, id=key)
            assert (answer.body["data"], answer.codes) == ({name: None}, [code])
        representations = [
            {"__typename": "User", "id": customer_id},
            {"__typename": "Order", "id": "ord_01jd0000000000000000000000"},
            {"__typename": "Design", "id": "des_01jd0000000000000000000000"},
            {"__typename": "AuditEntry", "id": key},
        ]
        entities = await audit.execute(EDGES, token, representations=representations)
        assert entities.body["data"]["_entities"] == [
            {"id": customer_id, "auditTrail": None},
            {"id": "ord_01jd0000000000000000000000", "auditTrail": None},
            {"id": "des_01jd0000000000000000000000", "auditTrail": None},
            None,
        ]
        assert entities.codes == [code] * 3


async def test_each_thing_shows_its_own_trail_newest_first(audit: Served, support: str) -> None:
    things = {"User": new_id("usr"), "Order": new_id("ord"), "Design": new_id("des")}
    ids = {name: await logged(audit, *[a_fact(key) for _ in range(3)]) for name, key in things.items()}
    representations = [{"__typename": name, "id": key} for name, key in things.items()]
    entities = (await audit.execute(EDGES, support, representations=representations)).data["_entities"]
    for (name, key), shown in zip(things.items(), entities, strict=True):
        assert shown["id"] == key
        assert shown["auditTrail"] == {
            "totalCount": 3,
            "nodes": [{"id": ids[name][2]}, {"id": ids[name][1]}],
            "pageInfo": {"hasNextPage": True},
        }


async def test_entries_are_filtered_and_paged_newest_first(audit: Served, support: str) -> None:
    actor_id, subject_id = new_id("usr"), new_id("ord")
    facts = [a_fact(subject_id, actor_id), a_fact(subject_id, None, "order.created"), a_fact(new_id("ord"), actor_id)]
    one, two, three = await logged(audit, *facts)
    day = dt.timedelta(days=1)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"subjectId": subject_id}, [two, one]),
        ({"actorId": actor_id}, [three, one]),
        ({"subjectId": subject_id, "actorKind": "SYSTEM"}, [two]),
        ({"subjectId": subject_id, "actions": ["order.created", "no.such"]}, [two]),
        ({"subjectId": subject_id, "actions": []}, []),
        ({"actorId": actor_id, "subjectType": "Design"}, []),
        ({"actorId": actor_id, "atFrom": (facts[0].at + day).isoformat()}, []),
        ({"actorId": actor_id, "atFrom": (facts[0].at - day).isoformat()}, [three, one]),
        ({"actorId": actor_id, "atBefore": (facts[0].at - day).isoformat()}, []),
    ]
    for wanted, expected in cases:
        found = (await audit.execute(LIST, support, filter=wanted)).data["auditEntries"]
        assert ([node["id"] for node in found["nodes"]], found["totalCount"]) == (expected, len(expected)), wanted
    page = (await audit.execute(LIST, support, filter={"subjectId": subject_id}, first=1)).data["auditEntries"]
    assert ([node["id"] for node in page["nodes"]], page["pageInfo"]["hasNextPage"]) == ([two], True)
    after = page["pageInfo"]["endCursor"]
    rest = (await audit.execute(LIST, support, filter={"subjectId": subject_id}, first=1, after=after)).data
    assert [node["id"] for node in rest["auditEntries"]["nodes"]] == [one]


async def test_verification_names_the_broken_entry(audit: Served, support: str, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, 4)
        intact = (await audit.execute(VERIFY, support)).data["auditVerify"]
        await owner.execute("UPDATE audit_log SET subject_id = 'ord_other' WHERE sequence = 3")
        changed = (await audit.execute(VERIFY, support)).data["auditVerify"]
        before = (await audit.execute(VERIFY, support, **{"from": 1, "to": 2})).data["auditVerify"]
        await owner.execute("DELETE FROM audit_log WHERE sequence = 2")
        removed = (await audit.execute(VERIFY, support)).data["auditVerify"]
        await fresh_log(audit, owner, 0)
    assert intact == {"intact": True, "checked": 4, "checkedTo": 4, "complete": True, "firstBroken": None}
    assert changed["intact"] is False
    assert changed["firstBroken"] == {"sequence": 3, "damage": "CHANGED", "entry": {"id": ids[2]}}
    assert before == {"intact": True, "checked": 2, "checkedTo": 2, "complete": True, "firstBroken": None}
    assert removed["firstBroken"] == {"sequence": 2, "damage": "REMOVED", "entry": None}


async def test_a_verification_costs_its_caller_what_it_reads(
    audit: Served, support: str, admin: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(audit.runtime.resources, LimitedVerification, limited(audit, most=10))
    aliases = " ".join(f"v{number}: auditVerify {{ checked }}" for number in range(4))
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 4)
        several = await audit.execute(f"{{ {aliases} }}", support)
        again = await audit.execute("{ auditVerify(from: 1, to: 1) { checked } }", support)
        another = await audit.execute("{ auditVerify { checked } }", admin)
        await fresh_log(audit, owner, 0)
    answers = several.body["data"].values()
    assert [answer["checked"] if answer else None for answer in answers].count(4) == 2
    assert several.codes == ["RATE_LIMITED", "RATE_LIMITED"]
    assert (again.body["data"], again.codes) == ({"auditVerify": None}, ["RATE_LIMITED"])
    assert another.data == {"auditVerify": {"checked": 4}}


def limited(audit: Served, most: int) -> LimitedVerification:
    limiter = FixedWindowLimiter(audit.runtime.redis, new_id("test"), most=most, seconds=86_400)
    return LimitedVerification(audit.database, limiter)


@pytest.mark.parametrize(
    "variables", [{"from": 0}, {"from": -1}, {"from": 5, "to": 4}, {"to": 0}, {"from": 2**31}, {"from": "1"}]
)
async def test_numbers_that_make_no_range_are_refused(audit: Served, support: str, variables: dict[str, Any]) -> None:
    answer = await audit.execute(VERIFY, support, **variables)
    assert answer.codes in (["INVALID_INPUT"], ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    "variables",
    [
        {"first": 101},
        {"first": 1, "last": 1},
        {"after": "nonsense"},
        {"after": "WyJzZXF1ZW5jZSIsMWUzMDBd"},
        {"after": "WyJzZXF1ZW5jZSIsOTIyMzM3MjAzNjg1NDc3NTgwOF0"},
        {"filter": {"atFrom": "0001-01-01T00:00:00+14:00"}},
        {"filter": {"actorKind": "ROBOT"}},
        {"filter": {"actions": ["a\x00b"]}},
    ],
)
async def test_a_list_that_cannot_be_is_refused(audit: Served, support: str, variables: dict[str, Any]) -> None:
    answer = await audit.execute(LIST, support, **variables)
    assert answer.codes in (["INVALID_INPUT"], ["BAD_USER_INPUT"], ["BAD_REQUEST"])


@pytest.mark.parametrize("key", ["", "aud_", "ord_x", "x" * 5000, "' OR 1=1 --"])
async def test_an_unknown_id_names_nothing(audit: Served, support: str, key: str) -> None:
    assert (await audit.execute(ENTRY, support, id=key)).data == {"auditEntry": None}
    kinds = ("User", "Order", "Design", "AuditEntry")
    representations = [{"__typename": kind, "id": key} for kind in kinds]
    assert (await audit.execute(EDGES, support, representations=representations)).data["_entities"] == [None] * 4


async def test_statements_do_not_grow_with_the_parents(audit: Served, support: str) -> None:
    orders = [new_id("ord") for _ in range(100)]
    keys = await logged(audit, *[a_fact(key, new_id("usr")) for key in orders])
    for size in (1, 10, 100):
        representations = [{"__typename": "Order", "id": key} for key in orders[:size]]
        representations += [{"__typename": "User", "id": new_id("usr")} for _ in range(size)]
        with audit.statements() as sent:
            await audit.execute(EDGES, support, representations=representations)
        assert len(sent) == 2, size
        representations = [{"__typename": "AuditEntry", "id": key} for key in keys[:size]]
        with audit.statements() as sent:
            await audit.execute(EDGES, support, representations=representations)
        assert len(sent) == 1, size
        with audit.statements() as sent:
            await audit.execute(LIST, support, first=size)
        assert len(sent) == 2, size
