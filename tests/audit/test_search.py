"""Staff search the log by words, and count what was done by day."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.loaders import _conditions
from subgraphs.audit.models import AuditLog
from subgraphs.audit.service import summary
from subgraphs.audit.service.chain import Fact
from tests.audit.factories import a_fact, log
from tests.audit.test_graph import LIST, logged
from tests.support.apps import Served
from tests.support.plans import plan_without_scans

SUMMARY = """query ($from: DateTime!, $before: DateTime!) { auditSummary(atFrom: $from, atBefore: $before) {
  isExact counts { day action actorKind count }
} }"""


def on(day: str, action: str, actor_id: str | None = None) -> Fact:
    """Return a fact of the noon of a day."""
    at = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return dataclasses.replace(a_fact(action=action, actor_id=actor_id), at=at)


async def found(audit: Served, token: str, text: str, **more: Any) -> Any:
    return (await audit.execute(LIST, token, filter={"text": text}, **more)).data["auditEntries"]


async def test_entries_are_found_by_words_of_what_and_whom_and_pages_go_on(audit: Served, support: str) -> None:
    subject, actor = new_id("ord"), new_id("usr")
    facts = [a_fact(subject, actor, f"order.cancelled_{number}") for number in range(5)]
    entries = (await logged(audit, *facts, a_fact(action="order.cancelled_0")))[:5]
    assert facts[1].request_id is not None
    for sought, expected in (
        (f"{subject} CANCELLED", entries),
        (f"cancelled 3 {actor[4:]}", entries[3:4]),
        (facts[1].request_id, entries[1:2]),
        (f"{subject} placed", []),
    ):
        page = await found(audit, support, sought, first=100)
        assert [node["id"] for node in page["nodes"]] == expected[::-1]
        assert page["totalCount"] == len(expected)
    with audit.statements() as sent:
        first = await found(audit, support, subject, first=3)
    second = await found(audit, support, subject, first=3, after=first["pageInfo"]["endCursor"])
    assert [node["id"] for page in (first, second) for node in page["nodes"]] == entries[::-1]
    assert len(sent) == 2
    refused = await audit.execute(LIST, support, filter={"text": "x" * 101})
    assert refused.codes == ["INVALID_INPUT"]


async def test_actions_are_counted_by_day_and_kind_of_actor(
    audit: Served, support: str, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [on("2018-03-02", "order.held", new_id("usr")), on("2018-03-02", "order.held")]
    facts += [on("2018-03-01", "order.held") for _ in range(3)] + [on("2018-04-01", "order.held")]
    await log(audit, *facts)
    times = {"from": "2018-03-01T00:00:00Z", "before": "2018-04-01T00:00:00Z"}
    with audit.statements() as sent:
        counted = (await audit.execute(SUMMARY, support, **times)).data["auditSummary"]
    assert len(sent) == 2
    assert counted["isExact"]
    assert [tuple(each.values()) for each in counted["counts"]] == [
        ("2018-03-02", "order.held", "SYSTEM", 1),
        ("2018-03-02", "order.held", "USER", 1),
        ("2018-03-01", "order.held", "SYSTEM", 3),
    ]
    monkeypatch.setattr(summary, "MOST_COUNTED", 4)
    capped = (await audit.execute(SUMMARY, support, **times)).data["auditSummary"]
    assert (sum(each["count"] for each in capped["counts"]), capped["isExact"]) == (4, False)
    refused = await audit.execute(SUMMARY, customer, **times)
    assert (refused.body["data"], refused.codes) == ({"auditSummary": None}, ["FORBIDDEN"])


@pytest.mark.parametrize("before", ["2018-03-01T00:00:00Z", "2018-04-02T00:00:00Z"])
async def test_a_time_that_is_none_or_too_long_is_refused(audit: Served, support: str, before: str) -> None:
    refused = await audit.execute(SUMMARY, support, **{"from": "2018-03-01T00:00:00Z", "before": before})
    assert refused.codes == ["INVALID_INPUT"]
    assert [each["path"] for each in refused.body["errors"][0]["extensions"]["fields"]] == ["atBefore"]


async def test_neither_a_search_nor_a_summary_scans_the_log(audit: Served) -> None:
    at = dt.datetime(2018, 3, 1, tzinfo=dt.UTC)
    wanted = _conditions(AuditEntryFilter(text="order cancelled"))
    search = select(AuditLog.id).where(*wanted).order_by(AuditLog.sequence.desc()).limit(21)
    async with audit.database.write() as session:
        counts = summary.counts(at, at + summary.LONGEST)
        plans = [await plan_without_scans(session, each) for each in (search, counts)]
    assert all("Seq Scan" not in plan for plan in plans), plans
    assert "audit_log_words" in plans[0], plans[0]
    assert "audit_log_at_idx" in plans[1], plans[1]
