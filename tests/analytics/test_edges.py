"""What analytics adds to designs and users, as the router asks for it: `_entities`, access, constant statements."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from tests.analytics.test_experiments import assigned, running
from tests.analytics.tracking import event, fact, own, track
from tests.support.apps import Served

STATS = """
query ($of: [_Any!]!) { _entities(representations: $of) { ... on Design { id stats { views shares orders } } } }
"""
EXPERIMENTS = """
query ($of: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $of) {
    ... on User {
      experiments(first: $first, after: $after) {
        totalCount
        edges { node { id variant assignedAt experiment { id key name status } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""


INSERT_ASSIGNMENT = text(
    "INSERT INTO experiment_assignment (id, experiment_id, subject, variant) VALUES (:id, :exp, :who, 'control')"
)


def refer(kind: str, *ids: Any) -> list[dict[str, Any]]:
    return [{"__typename": kind, "id": key} for key in ids]


async def test_an_owner_sees_the_counts(analytics: Served, customer: str, customer_id: str) -> None:
    design = new_id("des")
    await own(analytics, design, customer_id)
    await track(analytics, *[event(name="design_viewed", designId=design) for _ in range(3)])
    answer = await analytics.execute(STATS, customer, of=refer("Design", design))
    assert answer.data["_entities"] == [{"id": design, "stats": {"views": 3, "shares": 0, "orders": 0}}]


async def test_others_see_no_counts_known_or_not(
    analytics: Served, customer: str, customer_id: str, stranger: str
) -> None:
    known, viewed, unknown = new_id("des"), new_id("des"), new_id("des")
    await own(analytics, known, customer_id)
    await track(analytics, event(name="design_viewed", designId=viewed))
    for token, codes in ((stranger, []), (None, ["UNAUTHENTICATED"] * 3)):
        answer = await analytics.execute(STATS, token, of=refer("Design", known, viewed, unknown))
        assert answer.codes == codes
        assert [entity["stats"] for entity in answer.body["data"]["_entities"]] == [None] * 3


async def test_an_owner_gets_no_error_before_the_event_of_a_new_design_arrives(
    analytics: Served, customer: str
) -> None:
    answer = await analytics.execute(STATS, customer, of=refer("Design", unknown := new_id("des")))
    assert answer.data["_entities"] == [{"id": unknown, "stats": None}]


async def test_staff_see_counts_of_all_designs_and_zeros_without_facts(analytics: Served, support: str) -> None:
    viewed, unknown = new_id("des"), new_id("des")
    await track(analytics, event(name="design_viewed", designId=viewed))
    answer = await analytics.execute(STATS, support, of=refer("Design", viewed, unknown))
    assert [entity["stats"]["views"] for entity in answer.data["_entities"]] == [1, 0]
    assert await fact(analytics, unknown) is None


@pytest.mark.parametrize("wrong", ["", "des_", "nonsense", "usr_" + "0" * 26, "des_" + "z" * 26])
async def test_malformed_ids_become_null(analytics: Served, support: str, wrong: Any) -> None:
    answer = await analytics.execute(STATS, support, of=refer("Design", wrong))
    assert answer.data["_entities"] == [None]


async def test_stats_cost_one_statement_for_any_number_of_designs(
    analytics: Served, customer: str, customer_id: str
) -> None:
    designs = [new_id("des") for _ in range(100)]
    for design in designs:
        await own(analytics, design, customer_id)
    for size in (1, 10, 100):
        with analytics.statements() as sent:
            answer = await analytics.execute(STATS, customer, of=refer("Design", *designs[:size]))
        assert len(answer.data["_entities"]) == size
        assert len(sent) == 1


async def test_a_user_sees_their_experiments_newest_first(
    analytics: Served, admin: str, customer: str, customer_id: str
) -> None:
    made = [await running(analytics, admin) for _ in range(3)]
    for experiment in made:
        await assigned(analytics, experiment["key"], None, customer)
    answer = await analytics.execute(EXPERIMENTS, customer, of=refer("User", customer_id), first=2)
    page = answer.data["_entities"][0]["experiments"]
    assert [edge["node"]["experiment"]["key"] for edge in page["edges"]] == [made[2]["key"], made[1]["key"]]
    assert {edge["node"]["experiment"]["status"] for edge in page["edges"]} == {"RUNNING"}
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    after = page["pageInfo"]["endCursor"]
    answer = await analytics.execute(EXPERIMENTS, customer, of=refer("User", customer_id), first=2, after=after)
    assert len(answer.data["_entities"][0]["experiments"]["edges"]) == 1


async def test_a_user_does_not_see_how_an_experiment_divides(
    analytics: Served, admin: str, customer: str, customer_id: str
) -> None:
    made = await running(analytics, admin)
    await assigned(analytics, made["key"], None, customer)
    fields = "hypothesis coverage seed hashVersion version createdAt startedAt stoppedAt variants { key } "
    fields += "targeting { attribute } namespace { name }"
    query = f"""query ($of: [_Any!]!) {{ _entities(representations: $of) {{
      ... on User {{ experiments {{ nodes {{ experiment {{ key {fields} }} }} }} }} }} }}"""
    answer = await analytics.execute(query, customer, of=refer("User", customer_id))
    shown = answer.body["data"]["_entities"][0]["experiments"]["nodes"][0]["experiment"]
    assert shown.pop("key") == made["key"]
    assert set(shown.values()) == {None}
    assert answer.codes == ["FORBIDDEN"] * len(shown)


async def test_others_do_not_see_a_users_experiments(
    analytics: Served, customer_id: str, stranger: str, support: str
) -> None:
    for token, code in ((stranger, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        answer = await analytics.execute(EXPERIMENTS, token, of=refer("User", customer_id))
        assert (answer.codes, answer.body["data"]["_entities"]) == ([code], [{"experiments": None}])
    answer = await analytics.execute(EXPERIMENTS, support, of=refer("User", customer_id, new_id("usr")))
    assert [entity["experiments"]["totalCount"] for entity in answer.data["_entities"]] == [0, 0]


async def test_experiments_cost_constant_statements_for_any_number_of_users(
    analytics: Served, admin: str, support: str
) -> None:
    made = [await running(analytics, admin) for _ in range(2)]
    users = [new_id("usr") for _ in range(100)]
    async with analytics.database.write() as session:
        await session.execute(
            INSERT_ASSIGNMENT,
            [{"id": new_id("asg"), "exp": experiment["id"], "who": who} for who in users for experiment in made],
        )
    for size in (1, 10, 100):
        with analytics.statements() as sent:
            answer = await analytics.execute(EXPERIMENTS, support, of=refer("User", *users[:size]))
        pages = [entity["experiments"] for entity in answer.data["_entities"]]
        assert [len(page["edges"]) for page in pages] == [2] * size
        assert len(sent) == 3


async def test_experiments_are_entities_for_staff_alone(
    analytics: Served, admin: str, support: str, customer: str
) -> None:
    made = await running(analytics, admin)
    query = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Experiment { key version } } }"
    of = refer("Experiment", made["id"], new_id("exp"), "nonsense")
    with analytics.statements() as sent:
        answer = await analytics.execute(query, support, of=of)
    assert answer.data["_entities"] == [{"key": made["key"], "version": 2}, None, None]
    assert len(sent) == 1
    for token in (customer, None):
        assert (await analytics.execute(query, token, of=of)).data["_entities"] == [None, None, None]
