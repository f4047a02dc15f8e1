"""Decisions on several experiments in one request."""

from typing import Any

from tests.analytics.test_experiments import VARIANT, assigned, assignments, created, running
from tests.support.apps import Served

VARIANTS = """
query ($keys: [String!]!, $subject: String, $attributes: JSON) {
  experimentVariants(keys: $keys, subject: $subject, attributes: $attributes) {
    experimentKey variant reason assignedAt
  }
}
"""


async def test_the_variants_of_several_experiments_are_those_of_each_alone(analytics: Served, admin: str) -> None:
    everybody, german = [
        await running(analytics, admin, targeting=[{"attribute": "country", "anyOf": ["DE"]}] if targeted else [])
        for targeted in (False, True)
    ]
    unseen = await created(analytics, admin)
    await assigned(analytics, everybody["key"], "visitor-9")
    keys = [german["key"], unseen["key"], everybody["key"], "no-such-experiment", german["key"]]
    given: dict[str, Any] = {"subject": "visitor-9", "attributes": {"country": "FR"}}
    costs = []
    for asked in (keys[:1], keys):
        with analytics.statements() as sent:
            decisions = (await analytics.execute(VARIANTS, keys=asked, **given)).data["experimentVariants"]
        costs.append(len(sent))
        for key, decision in zip(asked, decisions, strict=True):
            alone = (await analytics.execute(VARIANT, key=key, **given)).data["experimentVariant"]
            assert decision == (None if alone is None else alone | {"experimentKey": key})
    assert costs == [2, 2]
    assert [each and each["reason"] for each in decisions] == ["NOT_TARGETED", None, "ASSIGNED", None, "NOT_TARGETED"]
    assert decisions[2]["assignedAt"] is not None
    assert await assignments(analytics, german["id"]) == 0


async def test_variants_of_too_many_experiments_or_of_another_user_are_refused(
    analytics: Served, stranger: str, support: str, customer_id: str
) -> None:
    with analytics.statements() as sent:
        refused = await analytics.execute(VARIANTS, keys=["x"] * 21, subject="visitor")
        assert refused.codes == ["INVALID_INPUT"]
        fields = refused.body["errors"][0]["extensions"]["fields"]
        assert [(field["path"], field["code"]) for field in fields] == [("keys", "TOO_MANY")]
        for token, code in ((None, "UNAUTHENTICATED"), (stranger, "FORBIDDEN")):
            hidden = await analytics.execute(VARIANTS, token, keys=["x"], subject=customer_id)
            assert (hidden.codes, hidden.body["data"]) == ([code], {"experimentVariants": None})
    assert sent == []
    assert (await analytics.execute(VARIANTS, keys=[], subject="visitor")).data == {"experimentVariants": []}
    shown = await analytics.execute(VARIANTS, support, keys=["x"], subject=customer_id)
    assert shown.data == {"experimentVariants": [None]}
