"""Experiments: drafting, starting, stopping, and who gets which variant."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from shared.core.ids import new_id
from subgraphs.analytics.service.assignment import Plan, assign
from tests.analytics.tracking import stored
from tests.support.apps import Identities, Served

FIELDS = """id key name status version hypothesis coverage seed hashVersion variants { key weight }
  targeting { attribute anyOf } namespace { name start end } startedAt stoppedAt"""
CREATE = f"""
mutation ($input: ExperimentCreateInput!) {{
  experimentCreate(input: $input) {{
    __typename
    ... on ExperimentCreateSuccess {{ experiment {{ {FIELDS} }} }}
    ... on InvalidInputProblem {{ fields {{ path code }} }}
  }}
}}
"""
MOVE = """
mutation ($id: ID!, $version: Int!) {
  %s(input: { id: $id, version: $version }) {
    __typename
    ... on %sSuccess { experiment { status version startedAt stoppedAt } }
    ... on Problem { code }
    ... on ConflictProblem { currentVersion }
  }
}
"""
START, STOP = MOVE % ("experimentStart", "ExperimentStart"), MOVE % ("experimentStop", "ExperimentStop")
ASSIGN = """
mutation ($input: ExperimentAssignInput!) {
  experimentAssign(input: $input) {
    __typename
    ... on ExperimentAssignSuccess { decision { experimentKey variant reason assignedAt } }
    ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
VARIANT = """
query ($key: String!, $subject: String, $attributes: JSON) {
  experimentVariant(key: $key, subject: $subject, attributes: $attributes) { variant reason assignedAt }
}
"""


def draft(**changes: Any) -> dict[str, Any]:
    variants = [{"key": "control", "weight": 0.5}, {"key": "treatment", "weight": 0.5}]
    return {"key": new_id("key")[:60], "name": "Bigger buttons", "variants": variants, **changes}


async def created(analytics: Served, admin: str, **changes: Any) -> Any:
    return (await analytics.execute(CREATE, admin, input=draft(**changes))).data["experimentCreate"]["experiment"]


async def running(analytics: Served, admin: str, **changes: Any) -> Any:
    experiment = await created(analytics, admin, **changes)
    await analytics.execute(START, admin, id=experiment["id"], version=1)
    return experiment


async def assigned(analytics: Served, key: str, subject: str | None, token: str | None = None, **more: Any) -> Any:
    given = {"key": key, "subject": subject, **more}
    return (await analytics.execute(ASSIGN, token, input=given)).data["experimentAssign"]


async def assignments(analytics: Served, experiment_id: str) -> int:
    async with analytics.database.read() as connection:
        statement = text("SELECT count(*) FROM experiment_assignment WHERE experiment_id = :id")
        return int(await connection.scalar(statement, {"id": experiment_id}) or 0)


async def test_a_draft_shows_what_was_asked_for(analytics: Served, admin: str) -> None:
    given = draft(
        hypothesis="More clicks",
        coverage=0.8,
        namespace={"name": "cart", "start": 0.25, "end": 0.75},
        targeting=[{"attribute": "country", "anyOf": ["DE", "FR"]}],
        hashVersion="V1",
        seed="buttons",
    )
    made = (await analytics.execute(CREATE, admin, input=given)).data["experimentCreate"]["experiment"]
    assert made.pop("id").startswith("exp_")
    expected = {**given, "status": "DRAFT", "version": 1, "startedAt": None, "stoppedAt": None}
    assert made == expected


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"key": "Bad Key"}, "key", "INVALID_KEY"),
        ({"key": "a"}, "key", "INVALID_KEY"),
        ({"name": ""}, "name", "TOO_SHORT"),
        ({"name": "a\tb"}, "name", "CONTROL_CHARACTER"),
        ({"hypothesis": "x" * 501}, "hypothesis", "TOO_LONG"),
        ({"coverage": 1.01}, "coverage", "OUT_OF_RANGE"),
        ({"coverage": -0.01}, "coverage", "OUT_OF_RANGE"),
        ({"seed": ""}, "seed", "TOO_SHORT"),
        ({"variants": [{"key": "control", "weight": 1}]}, "variants", "OUT_OF_RANGE"),
        ({"variants": [{"key": f"v{n}", "weight": 1 / 21} for n in range(21)]}, "variants", "OUT_OF_RANGE"),
        ({"variants": [{"key": "aa", "weight": 0.5}, {"key": "aa", "weight": 0.5}]}, "variants", "NOT_UNIQUE"),
        ({"variants": [{"key": "aa", "weight": 0.5}, {"key": "bb", "weight": 0.4}]}, "variants", "WEIGHTS"),
        ({"variants": [{"key": "aa", "weight": 1}, {"key": "bb", "weight": 0}]}, "variants.1.weight", "OUT_OF_RANGE"),
        ({"variants": [{"key": "aa", "weight": 0.5}, {"key": "", "weight": 0.5}]}, "variants.1.key", "INVALID_KEY"),
        ({"namespace": {"name": "cart", "start": 0.5, "end": 0.5}}, "namespace", "OUT_OF_RANGE"),
        ({"namespace": {"name": "cart", "start": -1, "end": 0.5}}, "namespace", "OUT_OF_RANGE"),
        ({"namespace": {"name": "", "start": 0, "end": 0.5}}, "namespace.name", "TOO_SHORT"),
        ({"targeting": [{"attribute": "a", "anyOf": []}]}, "targeting.0.anyOf", "OUT_OF_RANGE"),
        ({"targeting": [{"attribute": "", "anyOf": ["x"]}]}, "targeting.0.attribute", "TOO_SHORT"),
        ({"targeting": [{"attribute": "a", "anyOf": ["x"]}] * 21}, "targeting", "TOO_MANY"),
    ],
)
async def test_a_draft_that_breaks_rules_is_refused(
    analytics: Served, admin: str, changes: dict[str, Any], path: str, code: str
) -> None:
    given = draft(**changes)
    answer = (await analytics.execute(CREATE, admin, input=given)).data["experimentCreate"]
    assert answer == {"__typename": "InvalidInputProblem", "fields": [{"path": f"input.{path}", "code": code}]}
    async with analytics.database.read() as connection:
        found = await connection.scalar(text("SELECT count(*) FROM experiment WHERE key = :key"), {"key": given["key"]})
    assert found == 0


async def test_a_key_is_given_once(analytics: Served, admin: str) -> None:
    given = draft()
    await analytics.execute(CREATE, admin, input=given)
    answer = (await analytics.execute(CREATE, admin, input=given | {"name": "Second"})).data["experimentCreate"]
    assert answer["fields"] == [{"path": "input.key", "code": "TAKEN"}]


async def test_an_experiment_starts_and_stops_once(analytics: Served, admin: str) -> None:
    made = await created(analytics, admin)
    started = (await analytics.execute(START, admin, id=made["id"], version=1)).data["experimentStart"]["experiment"]
    assert (started["status"], started["version"], started["stoppedAt"]) == ("RUNNING", 2, None)
    assert started["startedAt"] is not None
    again = (await analytics.execute(START, admin, id=made["id"], version=2)).data["experimentStart"]
    assert again == {"__typename": "IllegalStateProblem", "code": "ILLEGAL_STATE"}
    stale = (await analytics.execute(STOP, admin, id=made["id"], version=1)).data["experimentStop"]
    assert stale == {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 2}
    stopped = (await analytics.execute(STOP, admin, id=made["id"], version=2)).data["experimentStop"]["experiment"]
    assert (stopped["status"], stopped["version"]) == ("STOPPED", 3)
    over = (await analytics.execute(START, admin, id=made["id"], version=3)).data["experimentStart"]
    assert over["code"] == "ILLEGAL_STATE"
    async with analytics.database.read() as connection:
        reported = await connection.scalars(
            text("SELECT type FROM outbox WHERE subject = :id ORDER BY id"), {"id": made["id"]}
        )
        assert list(reported) == ["experiment.created", "experiment.started", "experiment.stopped"]


@pytest.mark.parametrize("wrong", ["exp_" + "0" * 26, "exp_", "", "usr_" + "0" * 26])
async def test_an_unknown_experiment_does_not_start(analytics: Served, admin: str, wrong: str) -> None:
    answer = (await analytics.execute(START, admin, id=wrong, version=1)).data["experimentStart"]
    assert answer == {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}


async def test_only_holders_of_the_scope_change_experiments(
    analytics: Served, admin: str, support: str, customer: str
) -> None:
    made = await created(analytics, admin)
    for query, variables in (
        (CREATE, {"input": draft()}),
        (START, {"id": made["id"], "version": 1}),
        (STOP, {"id": made["id"], "version": 1}),
    ):
        assert (await analytics.execute(query, **variables)).codes == ["UNAUTHENTICATED"]
        assert (await analytics.execute(query, customer, **variables)).codes == ["FORBIDDEN"]
        assert (await analytics.execute(query, support, **variables)).codes == ["FORBIDDEN"]
    shown = await analytics.execute(
        "query ($id: ID!) { experiment(id: $id) { status version } }", support, id=made["id"]
    )
    assert shown.data["experiment"] == {"status": "DRAFT", "version": 1}


async def test_a_subject_keeps_its_variant(analytics: Served, admin: str) -> None:
    made = await running(analytics, admin)
    expected = assign(Plan(made["key"], 2, ("control", "treatment"), (0.5, 0.5)), "visitor-1").variant
    unremembered = (await analytics.execute(VARIANT, key=made["key"], subject="visitor-1")).data["experimentVariant"]
    assert unremembered == {"variant": expected, "reason": "ASSIGNED", "assignedAt": None}
    assert await assignments(analytics, made["id"]) == 0
    first = (await assigned(analytics, made["key"], "visitor-1"))["decision"]
    assert (first["experimentKey"], first["variant"], first["reason"]) == (made["key"], expected, "ASSIGNED")
    assert await assigned(analytics, made["key"], "visitor-1") == {
        "__typename": "ExperimentAssignSuccess",
        "decision": first,
    }
    remembered = (await analytics.execute(VARIANT, key=made["key"], subject="visitor-1")).data["experimentVariant"]
    assert remembered["assignedAt"] == first["assignedAt"]
    assert await assignments(analytics, made["id"]) == 1


async def test_what_was_given_stays_though_targeting_would_not_give_it_again(analytics: Served, admin: str) -> None:
    made = await running(analytics, admin, targeting=[{"attribute": "country", "anyOf": ["DE"]}])
    refused = (await assigned(analytics, made["key"], "visitor-1", attributes={"country": "FR"}))["decision"]
    assert (refused["variant"], refused["reason"], refused["assignedAt"]) == (None, "NOT_TARGETED", None)
    assert await assignments(analytics, made["id"]) == 0
    first = (await assigned(analytics, made["key"], "visitor-1", attributes={"country": "DE"}))["decision"]
    assert first["reason"] == "ASSIGNED"
    assert (await assigned(analytics, made["key"], "visitor-1"))["decision"] == first


async def test_two_requests_at_once_agree(analytics: Served, admin: str) -> None:
    made = await running(analytics, admin)
    answers = await asyncio.gather(*[assigned(analytics, made["key"], "visitor-1") for _ in range(8)])
    assert all(answer == answers[0] for answer in answers)
    assert await assignments(analytics, made["id"]) == 1


async def test_without_coverage_nobody_is_in(analytics: Served, admin: str) -> None:
    made = await running(analytics, admin, coverage=0.0)
    decision = (await assigned(analytics, made["key"], "visitor-1"))["decision"]
    assert (decision["variant"], decision["reason"]) == (None, "NOT_COVERED")
    assert await assignments(analytics, made["id"]) == 0


async def test_a_stopped_experiment_gives_no_variant(analytics: Served, admin: str) -> None:
    made = await running(analytics, admin)
    await assigned(analytics, made["key"], "visitor-1")
    await analytics.execute(STOP, admin, id=made["id"], version=2)
    decision = (await assigned(analytics, made["key"], "visitor-1"))["decision"]
    assert (decision["variant"], decision["reason"]) == (None, "ENDED")
    shown = (await analytics.execute(VARIANT, key=made["key"], subject="visitor-1")).data["experimentVariant"]
    assert shown == {"variant": None, "reason": "ENDED", "assignedAt": None}


async def test_a_draft_is_as_unknown_as_what_does_not_exist(analytics: Served, admin: str) -> None:
    made = await created(analytics, admin)
    for key in (made["key"], "no-such-experiment", ""):
        assert (await analytics.execute(VARIANT, key=key, subject="v")).data == {"experimentVariant": None}
        assert (await assigned(analytics, key, "v")) == {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}


async def test_a_user_is_assigned_by_themselves_alone(
    analytics: Served, admin: str, support: str, customer: str, customer_id: str, stranger: str
) -> None:
    made = await running(analytics, admin)
    for token, code in ((None, "UNAUTHENTICATED"), (stranger, "FORBIDDEN"), (support, "FORBIDDEN")):
        refused = await analytics.execute(ASSIGN, token, input={"key": made["key"], "subject": customer_id})
        assert refused.codes == [code]
    assert await assignments(analytics, made["id"]) == 0
    own = await assigned(analytics, made["key"], None, customer)
    assert own == await assigned(analytics, made["key"], customer_id, customer)
    for token, code in ((None, "UNAUTHENTICATED"), (stranger, "FORBIDDEN")):
        refused = await analytics.execute(VARIANT, token, key=made["key"], subject=customer_id)
        assert (refused.codes, refused.body["data"]) == ([code], {"experimentVariant": None})
    shown = (await analytics.execute(VARIANT, support, key=made["key"], subject=customer_id)).data
    assert shown["experimentVariant"]["assignedAt"] == own["decision"]["assignedAt"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "subject"),
        ({"subject": "a\tb"}, "subject"),
        ({"subject": "x" * 101}, "subject"),
        ({"subject": "v", "attributes": [1]}, "attributes"),
        ({"subject": "v", "attributes": {"a": {}}}, "attributes.a"),
    ],
)
async def test_wrong_subjects_and_attributes_are_refused(
    analytics: Served, admin: str, given: dict[str, Any], path: str
) -> None:
    made = await running(analytics, admin)
    answer = (await analytics.execute(ASSIGN, input={"key": made["key"], **given})).data["experimentAssign"]
    assert [field["path"] for field in answer["fields"]] == [f"input.{path}"]
    refused = await analytics.execute(VARIANT, key=made["key"], **given)
    assert refused.codes == ["INVALID_INPUT"]
    assert await assignments(analytics, made["id"]) == 0


async def test_many_variants_in_one_request_cost_two_statements(analytics: Served, admin: str) -> None:
    made = [await running(analytics, admin) for _ in range(3)]
    counts = []
    for subjects in (1, 10, 20):
        fields = " ".join(
            f'v{n}: experimentVariant(key: "{made[n % 3]["key"]}", subject: "s{n}") {{ variant }}'
            for n in range(subjects)
        )
        with analytics.statements() as sent:
            answer = await analytics.execute(f"{{ {fields} }}")
        assert len(answer.data) == subjects
        counts.append(len(sent))
    assert counts == [2, 2, 2]


LIST = """
query ($filter: ExperimentFilter, $first: Int, $after: String) {
  experiments(filter: $filter, first: $first, after: $after) {
    totalCount nodes { key status } pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_staff_list_experiments(analytics: Served, admin: str, support: str) -> None:
    made = [await created(analytics, admin) for _ in range(3)]
    page = (await analytics.execute(LIST, support, first=2)).data["experiments"]
    assert [node["key"] for node in page["nodes"]] == [made[2]["key"], made[1]["key"]]
    page = (await analytics.execute(LIST, support, first=1, after=page["pageInfo"]["endCursor"])).data["experiments"]
    assert [node["key"] for node in page["nodes"]] == [made[0]["key"]]
    drafts = (await analytics.execute(LIST, support, filter={"status": "DRAFT"}, first=100)).data["experiments"]
    assert {node["status"] for node in drafts["nodes"]} == {"DRAFT"}
    assert drafts["totalCount"] >= 3


async def test_experiments_are_for_staff_alone(analytics: Served, admin: str, customer: str) -> None:
    made = await created(analytics, admin)
    one = "query ($id: ID!) { experiment(id: $id) { key } }"
    for query, variables in ((LIST, {}), (one, {"id": made["id"]}), (one, {"id": new_id("exp")})):
        assert (await analytics.execute(query, **variables)).codes == ["UNAUTHENTICATED"]
        assert (await analytics.execute(query, customer, **variables)).codes == ["FORBIDDEN"]


async def test_whoever_logs_in_keeps_the_variant_of_the_visitor_they_were(
    analytics: Served, admin: str, people: Identities
) -> None:
    experiment = await running(analytics, admin)
    plan = Plan(experiment["key"], 2, ("control", "treatment"), (0.5, 0.5))
    users = [user for user in (new_id("usr") for _ in range(40)) if assign(plan, user).variant == "treatment"]
    visitor = next(name for name in (new_id("vis") for _ in range(40)) if assign(plan, name).variant == "control")
    before = (await assigned(analytics, experiment["key"], visitor))["decision"]
    token = people.token(users[0])
    for _ in range(2):
        decision = (await assigned(analytics, experiment["key"], None, token, visitor=visitor))["decision"]
        assert (decision["variant"], decision["reason"]) == (before["variant"], "ASSIGNED") == ("control", "ASSIGNED")
    # Who has a variant keeps it, and a visitor who has none changes nothing.
    other = people.token(users[1])
    for _ in range(2):
        decision = (await assigned(analytics, experiment["key"], None, other, visitor=new_id("vis")))["decision"]
        assert decision["variant"] == "treatment"
    assert (await assigned(analytics, experiment["key"], None, other, visitor=visitor))["decision"] == decision
    assert await assignments(analytics, experiment["id"]) == 3


@pytest.mark.parametrize(
    "visitor", ["", "x" * 101, new_id("usr"), new_id("gone")], ids=["empty", "long", "user", "gone"]
)
async def test_a_visitor_who_cannot_be_one_is_refused(
    analytics: Served, admin: str, customer: str, visitor: str
) -> None:
    experiment = await running(analytics, admin)
    answer = await assigned(analytics, experiment["key"], None, customer, visitor=visitor)
    assert (answer["code"], answer["fields"][0]["path"]) == ("INVALID_INPUT", "input.visitor")
    anonymous = await assigned(analytics, experiment["key"], "visitor-1", visitor="visitor-2")
    assert anonymous["fields"] == [{"path": "input.visitor", "code": "NOT_A_VISITOR"}]
    assert await assignments(analytics, experiment["id"]) == 0


async def test_an_assignment_is_an_exposure_once(analytics: Served, admin: str) -> None:
    experiment, subject = await running(analytics, admin), new_id("vis")
    for _ in range(2):
        variant = (await assigned(analytics, experiment["key"], subject))["decision"]["variant"]
    (row,) = await stored(analytics, "subject = :subject", subject=subject)
    assert (row.source, row.name) == ("DOMAIN", "experiment.exposed")
    assert row.properties == {"experimentId": experiment["id"], "variant": variant}
