"""Persons: who says that they were a visitor, and what reports make of the two."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.analytics.service.assignment import Plan, assign
from subgraphs.analytics.service.identification import MOST_A_DAY
from subgraphs.builder.events import DesignCreated
from subgraphs.order.events import OrderCreated, OrderedLine
from tests.analytics.test_aggregation import TABLES
from tests.analytics.test_experiments import assigned, assignments, running
from tests.analytics.tracking import event, moment, receive_event, track
from tests.support.apps import Identities, Served

IDENTIFY = """
mutation ($visitor: String!) {
  visitorIdentify(input: { visitor: $visitor }) {
    __typename
    ... on VisitorIdentifySuccess { visitor { visitor linkedAt } }
    ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
VISITORS = """
query ($of: [_Any!]!, $first: Int, $after: String) { _entities(representations: $of) { ... on User {
  visitors(first: $first, after: $after) { totalCount nodes { visitor } pageInfo { hasNextPage endCursor } } } } }
"""
BASES = ["AGGREGATES", "EVENTS"]
STEPS = ["config_changed", "add_to_cart", "checkout_started"]


@pytest.fixture
def user(people: Identities) -> tuple[str, str]:
    """Return the id and the token of somebody new."""
    user_id = new_id("usr")
    return user_id, people.token(user_id)


async def identify(analytics: Served, token: str | None, visitor: str) -> Any:
    return (await analytics.execute(IDENTIFY, token, visitor=visitor)).data["visitorIdentify"]


async def links(analytics: Served, **where: str) -> list[tuple[str, str]]:
    async with analytics.database.read() as connection:
        [(column, value)] = where.items()
        found = text(f"SELECT visitor, user_id FROM visitor_link WHERE {column} = :value")  # noqa: S608
        return [tuple(row) for row in await connection.execute(found, {"value": value})]


async def empty(analytics: Served) -> None:
    async with analytics.database.write() as session:
        for table in TABLES:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608


async def acts(analytics: Served, name: str, subject: str, token: str | None = None, **ago: float) -> None:
    """Have a client tell what somebody did."""
    assert (await track(analytics, event(name=name, subject=subject, occurredAt=moment(**ago)), token=token))[
        "accepted"
    ]


async def buys(analytics: Served, customer: str | None, visitor: str | None = None, **ago: float) -> OrderCreated:
    """Have the order subgraph tell of an order."""
    placed_at = dt.datetime.now(dt.UTC) - dt.timedelta(**ago)
    order = OrderCreated(
        order_id=new_id("ord"),
        number="AP-1",
        customer_id=customer,
        visitor=visitor,
        lines=[OrderedLine(design_id=None, quantity=1)],
        total_minor=1000,
        currency="EUR",
        placed_at=placed_at,
    )
    await receive_event(analytics, order)
    return order


async def report(analytics: Served, token: str, field: str) -> Any:
    return (await analytics.execute(f"{{ reports {{ report: {field} }} }}", token)).data["reports"]["report"]


async def funnel(analytics: Served, token: str, basis: str, segment: str = "{}") -> list[int]:
    today = dt.datetime.now(dt.UTC).date()
    period = f'from: "{today - dt.timedelta(days=5)}", to: "{today + dt.timedelta(days=1)}"'
    found = await report(
        analytics, token, f"builderFunnel({period}, segment: {segment}, basis: {basis}) {{ stages {{ subjects }} }}"
    )
    return [stage["subjects"] for stage in found["stages"]]


async def conversion(analytics: Served, token: str, experiment: str, basis: str, more: str = "") -> dict[str, Any]:
    field = f'conversionRate(experiment: "{experiment}", basis: {basis}{more})'
    found = await report(analytics, token, f"{field} {{ groups {{ variant subjects converted }} }}")
    return {group["variant"]: (group["subjects"], group["converted"]) for group in found["groups"]}


async def test_a_user_says_which_visitor_they_were(analytics: Served, user: tuple[str, str]) -> None:
    (user_id, token), visitor = user, new_id("vis")
    first = await identify(analytics, token, f" {visitor} ")
    assert first["visitor"]["visitor"] == visitor
    assert await identify(analytics, token, visitor) == first
    assert await links(analytics, user_id=user_id) == [(visitor, user_id)]


async def test_the_first_user_keeps_a_visitor(
    analytics: Served, people: Identities, user: tuple[str, str], stranger: str
) -> None:
    (user_id, token), visitor = user, new_id("vis")
    await identify(analytics, token, visitor)
    refused = await identify(analytics, stranger, visitor)
    assert (refused["code"], refused["fields"]) == ("INVALID_INPUT", [{"path": "input.visitor", "code": "TAKEN"}])
    assert await links(analytics, visitor=visitor) == [(visitor, user_id)]
    # Of several at once, one has the visitor.
    contested, tokens = new_id("vis"), [people.token(new_id("usr")) for _ in range(6)]
    answers = await asyncio.gather(*(identify(analytics, each, contested) for each in tokens))
    assert [answer["__typename"] for answer in answers].count("VisitorIdentifySuccess") == 1
    assert len(await links(analytics, visitor=contested)) == 1


@pytest.mark.parametrize(
    ("visitor", "code"),
    [
        ("", "TOO_SHORT"),
        ("x" * 101, "TOO_LONG"),
        ("a\tb", "CONTROL_CHARACTER"),
        ("usr_01m8n5r1ngf8vb6qdnyjzzxjc7", "NOT_A_VISITOR"),
        ("gone_01m8n5r1ngfj6a4my5fqqtvepf", "NOT_A_VISITOR"),
        ("undefined", "PLACEHOLDER"),
    ],
)
async def test_what_is_no_visitor_is_not_linked(
    analytics: Served, user: tuple[str, str], visitor: str, code: str
) -> None:
    answer = await identify(analytics, user[1], visitor)
    assert answer["fields"] == [{"path": "input.visitor", "code": code}]
    assert await links(analytics, user_id=user[0]) == []
    assert (await analytics.execute(IDENTIFY, None, visitor=new_id("vis"))).codes == ["UNAUTHENTICATED"]


async def test_a_user_was_so_many_visitors_a_day_and_no_more(
    analytics: Served, admin: str, user: tuple[str, str]
) -> None:
    (user_id, token), one_more = user, new_id("vis")
    for _ in range(MOST_A_DAY):
        assert (await identify(analytics, token, new_id("vis")))["__typename"] == "VisitorIdentifySuccess"
    assert (await identify(analytics, token, one_more))["code"] == "RATE_LIMITED"
    experiment = await running(analytics, admin)
    decision = (await assigned(analytics, experiment["key"], None, token, visitor=one_more))["decision"]
    assert decision["reason"] == "ASSIGNED"
    assert len(await links(analytics, user_id=user_id)) == MOST_A_DAY
    assert await links(analytics, visitor=one_more) == []


async def test_the_visitors_of_a_user_are_shown_to_them_and_to_staff(
    analytics: Served, user: tuple[str, str], support: str, stranger: str
) -> None:
    user_id, token = user
    visitors = [new_id("vis") for _ in range(3)]
    for visitor in visitors:
        await identify(analytics, token, visitor)
    of = [{"__typename": "User", "id": user_id}]
    for reader in (token, support):
        [shown] = (await analytics.execute(VISITORS, reader, of=of, first=2)).data["_entities"]
        page = shown["visitors"]
        assert (page["totalCount"], page["nodes"]) == (3, [{"visitor": visitors[2]}, {"visitor": visitors[1]}])
        after = page["pageInfo"]["endCursor"]
        [shown] = (await analytics.execute(VISITORS, reader, of=of, first=2, after=after)).data["_entities"]
        assert shown["visitors"]["nodes"] == [{"visitor": visitors[0]}]
    refused = await analytics.execute(VISITORS, stranger, of=of)
    assert (refused.codes, refused.body["data"]) == (["FORBIDDEN"], {"_entities": [{"visitors": None}]})


async def test_the_visitors_of_many_users_cost_as_much_as_those_of_one(analytics: Served, support: str) -> None:
    counts = []
    for size in (1, 10):
        of = [{"__typename": "User", "id": new_id("usr")} for _ in range(size)]
        with analytics.statements() as sent:
            assert len((await analytics.execute(VISITORS, support, of=of)).data["_entities"]) == size
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("when", ["before the events", "in the middle", "after they were counted"])
async def test_the_funnel_passes_from_visitor_to_user(
    analytics: Served, support: str, user: tuple[str, str], when: str
) -> None:
    await empty(analytics)
    (user_id, token), visitor = user, new_id("vis")
    if when == "before the events":
        await identify(analytics, token, visitor)
    await acts(analytics, "config_changed", visitor, hours=1)
    await receive_event(analytics, DesignCreated(design_id=new_id("des"), owner_id=user_id, product="COLLAR"))
    async with analytics.database.write() as session:
        earlier = "UPDATE analytics_event SET occurred_at = now() - interval '50 minutes' WHERE name = 'design.created'"
        await session.execute(text(earlier))
    if when == "in the middle":
        await aggregate(analytics.database)
        await identify(analytics, token, visitor)
    await acts(analytics, "add_to_cart", visitor, minutes=40)
    await acts(analytics, "checkout_started", user_id, token, minutes=30)
    await buys(analytics, user_id, minutes=20)
    await aggregate(analytics.database)
    if when == "after they were counted":
        assert await funnel(analytics, support, "AGGREGATES", "{audience: ANONYMOUS}") == [1, 0, 0, 0, 0]
        await identify(analytics, token, visitor)
        await aggregate(analytics.database)
    for basis in BASES:
        assert await funnel(analytics, support, basis) == [1, 1, 1, 1, 1]
        assert await funnel(analytics, support, basis, "{audience: REGISTERED}") == [1, 1, 1, 1, 1]
        assert await funnel(analytics, support, basis, "{audience: ANONYMOUS}") == [0, 0, 0, 0, 0]
        today = dt.datetime.now(dt.UTC).date()
        period = f'from: "{today - dt.timedelta(days=14)}", to: "{today + dt.timedelta(days=1)}"'
        cohorts = await report(analytics, support, f"cohortRetention({period}, basis: {basis}) {{ subjects }}")
        assert cohorts == [{"subjects": 1}]


@pytest.mark.parametrize("link", ["identify", "assign"])
async def test_a_person_is_one_subject_with_the_first_variant(
    analytics: Served, admin: str, people: Identities, link: str
) -> None:
    experiment = await running(analytics, admin)
    plan = Plan(experiment["key"], 2, ("control", "treatment"), (0.5, 0.5))
    user_id = next(key for key in (new_id("usr") for _ in range(60)) if assign(plan, key).variant == "treatment")
    visitor = next(key for key in (new_id("vis") for _ in range(60)) if assign(plan, key).variant == "control")
    token = people.token(user_id)
    await assigned(analytics, experiment["key"], visitor)
    await assigned(analytics, experiment["key"], None, token)
    await buys(analytics, user_id)
    await aggregate(analytics.database)
    apart = {"control": (1, 0), "treatment": (1, 1)}
    assert await conversion(analytics, admin, experiment["id"], "AGGREGATES") == apart
    if link == "identify":
        await identify(analytics, token, visitor)
    else:
        await assigned(analytics, experiment["key"], None, token, visitor=visitor)
    await aggregate(analytics.database)
    for basis in BASES:
        one = {"control": (1, 1), "treatment": (0, 0)}
        assert await conversion(analytics, admin, experiment["id"], basis) == one
    # Who has a variant keeps it.
    kept = (await assigned(analytics, experiment["key"], None, token))["decision"]["variant"]
    assert (kept, await assignments(analytics, experiment["id"])) == ("treatment", 2)


async def test_a_linked_person_gets_their_first_variant_on_any_device(
    analytics: Served, admin: str, people: Identities
) -> None:
    experiment = await running(analytics, admin)
    plan = Plan(experiment["key"], 2, ("control", "treatment"), (0.5, 0.5))
    user_id = next(key for key in (new_id("usr") for _ in range(60)) if assign(plan, key).variant == "treatment")
    controls = [key for key in (new_id("vis") for _ in range(60)) if assign(plan, key).variant == "control"]
    others = [key for key in (new_id("vis") for _ in range(60)) if assign(plan, key).variant == "treatment"]
    token = people.token(user_id)
    await assigned(analytics, experiment["key"], controls[0])
    await identify(analytics, token, controls[0])
    await identify(analytics, token, others[0])
    for subject, bearer in ((user_id, token), (others[0], None)):
        asked = (
            "query ($key: String!, $subject: String) { experimentVariant(key: $key, subject: $subject) { variant } }"
        )
        would = (await analytics.execute(asked, bearer, key=experiment["key"], subject=subject)).data
        assert would == {"experimentVariant": {"variant": "control"}}
        decision = (await assigned(analytics, experiment["key"], subject, bearer))["decision"]
        assert decision["variant"] == "control"
    await aggregate(analytics.database)
    for basis in BASES:
        assert await conversion(analytics, admin, experiment["id"], basis) == {"control": (1, 0), "treatment": (0, 0)}


async def test_a_visitor_of_another_user_hands_no_variant_on(
    analytics: Served, admin: str, people: Identities, user: tuple[str, str]
) -> None:
    experiment = await running(analytics, admin)
    plan = Plan(experiment["key"], 2, ("control", "treatment"), (0.5, 0.5))
    other = next(key for key in (new_id("usr") for _ in range(60)) if assign(plan, key).variant == "treatment")
    visitor = next(key for key in (new_id("vis") for _ in range(60)) if assign(plan, key).variant == "control")
    await assigned(analytics, experiment["key"], visitor)
    await identify(analytics, user[1], visitor)
    decision = (await assigned(analytics, experiment["key"], None, people.token(other), visitor=visitor))["decision"]
    assert decision["variant"] == "treatment"
    assert await links(analytics, visitor=visitor) == [(visitor, user[0])]


async def test_staff_link_nobody(analytics: Served, admin: str, user: tuple[str, str]) -> None:
    experiment, visitor = await running(analytics, admin), new_id("vis")
    given = await assigned(analytics, experiment["key"], user[0], admin, visitor=visitor)
    assert given["decision"]["reason"] == "ASSIGNED"
    assert await links(analytics, visitor=visitor) == []


async def test_as_many_statements_for_many_links_as_for_one(analytics: Served, people: Identities) -> None:
    counts = []
    for size in (1, 10):
        await empty(analytics)
        for _ in range(size):
            user_id, visitor = new_id("usr"), new_id("vis")
            await acts(analytics, "config_changed", visitor)
            await identify(analytics, people.token(user_id), visitor)
        await aggregate(analytics.database)
        async with analytics.database.write() as session:
            await session.execute(text("UPDATE visitor_link SET applied = false"))
        with analytics.statements() as sent:
            await aggregate(analytics.database)
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("window", ["HOUR", "DAY", "WEEK", "MONTH", None])
async def test_the_goal_of_an_experiment_counts_within_the_window(
    analytics: Served, admin: str, user: tuple[str, str], window: str | None
) -> None:
    experiment, (user_id, token) = await running(analytics, admin), user
    await assigned(analytics, experiment["key"], None, token)
    async with analytics.database.write() as session:
        await session.execute(
            text("UPDATE experiment_assignment SET assigned_at = now() - interval '2 days' WHERE subject = :user"),
            {"user": user_id},
        )
    await buys(analytics, user_id, hours=4)
    await aggregate(analytics.database)
    converted = int(window not in {"HOUR", "DAY"})
    for basis in BASES:
        more = f", window: {window}" if window else ""
        found = await conversion(analytics, admin, experiment["id"], basis, more)
        assert sorted(found.values()) == [(0, 0), (1, converted)]
