"""Drafts of experiments: changed by their version, field by field, and never once they have started."""

from typing import Any

import pytest

from shared.core.ids import new_id
from tests.analytics.test_experiments import FIELDS, START, created
from tests.support.apps import Served
from tests.user.events import published

UPDATE = f"""
mutation ($input: ExperimentUpdateInput!) {{
  experimentUpdate(input: $input) {{
    __typename
    ... on ExperimentUpdateSuccess {{ experiment {{ {FIELDS} }} }}
    ... on Problem {{ code }}
    ... on InvalidInputProblem {{ fields {{ path code }} }}
    ... on ConflictProblem {{ currentVersion }}
  }}
}}
"""
SHOWN = f"query ($id: ID!) {{ experiment(id: $id) {{ {FIELDS} }} }}"


async def update(analytics: Served, admin: str, experiment: Any, **changes: Any) -> Any:
    given = {"id": experiment["id"], "version": experiment["version"], **changes}
    return (await analytics.execute(UPDATE, admin, input=given)).data["experimentUpdate"]


async def shown(analytics: Served, admin: str, experiment: Any) -> Any:
    return (await analytics.execute(SHOWN, admin, id=experiment["id"])).data["experiment"]


async def test_a_draft_changes_in_what_was_sent_alone(analytics: Served, admin: str) -> None:
    namespace = {"name": "checkout", "start": 0.0, "end": 0.5}
    before = await created(analytics, admin, hypothesis="More sales.", namespace=namespace)
    variants = [{"key": "control", "weight": 0.2}, {"key": "large", "weight": 0.8}]
    changes = {"name": "  Larger buttons ", "variants": variants, "coverage": 0.25}
    after = (await update(analytics, admin, before, **changes))["experiment"]
    assert after == before | {"name": "Larger buttons", "variants": variants, "coverage": 0.25, "version": 2}
    rules = [{"attribute": "country", "anyOf": ["AT"]}]
    freed = (await update(analytics, admin, after, namespace=None, targeting=rules, hypothesis=""))["experiment"]
    assert freed == after | {"namespace": None, "targeting": rules, "hypothesis": "", "version": 3}
    assert await shown(analytics, admin, before) == freed
    told = (await published(analytics, before["id"], "experiment.updated"))["experiment.updated"]
    assert [each["fields"] for each in told] == [
        ["coverage", "name", "variants"],
        ["hypothesis", "namespace", "targeting"],
    ]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({}, "input.name", "NOTHING_TO_CHANGE"),
        ({"name": None}, "input.name", "REQUIRED"),
        ({"targeting": None}, "input.targeting", "REQUIRED"),
        ({"name": ""}, "input.name", "TOO_SHORT"),
        ({"coverage": 1.5}, "input.coverage", "OUT_OF_RANGE"),
        ({"variants": [{"key": "only", "weight": 1.0}]}, "input.variants", "OUT_OF_RANGE"),
        ({"namespace": {"name": "x", "start": 0.5, "end": 0.5}}, "input.namespace", "OUT_OF_RANGE"),
    ],
)
async def test_what_no_experiment_may_be_is_refused(
    analytics: Served, admin: str, changes: Any, path: str, code: str
) -> None:
    before = await created(analytics, admin)
    refused = await update(analytics, admin, before, **changes)
    assert {"path": path, "code": code} in refused["fields"]
    assert await shown(analytics, admin, before) == before


async def test_nobody_changes_what_has_started_has_changed_or_is_not_there(
    analytics: Served, admin: str, support: str
) -> None:
    draft = await created(analytics, admin)
    stale = await update(analytics, admin, draft | {"version": 7}, name="Other")
    assert (stale["code"], stale["currentVersion"]) == ("VERSION_CONFLICT", 1)
    gone = await update(analytics, admin, {"id": new_id("exp"), "version": 1}, name="Other")
    assert gone["code"] == "NOT_FOUND"
    given = {"id": draft["id"], "version": 1, "name": "Other"}
    assert (await analytics.execute(UPDATE, support, input=given)).codes == ["FORBIDDEN"]
    await analytics.execute(START, admin, id=draft["id"], version=1)
    late = await update(analytics, admin, draft | {"version": 2}, name="Other")
    assert late["code"] == "ILLEGAL_STATE"
    assert (await shown(analytics, admin, draft))["name"] == draft["name"]
