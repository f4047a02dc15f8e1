"""How and when somebody authenticated: staff without a second factor are customers, and what needs it is recent."""

import pytest

from petplus import registry
from petplus.generated.access_page import Policy, policy
from tests.access.fixtures import HALF, Scenario
from tests.access.mutation_cases import mutations, outcome, table_digests
from tests.access.query_cases import questions
from tests.access.test_matrix import OWN, PLACES, plain

RECENT = {
    "accountExport",
    "orderRefund",
    "passkeyRegister",
    "passkeyRegistrationStart",
    "passkeyRemove",
    "recoveryCodesReplace",
    "totpConfirm",
    "totpEnrol",
    "totpRemove",
    "userRolesSet",
    "userReinstate",
    "userSecondFactorRemove",
    "userSuspend",
}


@pytest.fixture(scope="module")
def rules() -> Policy:
    return policy()


@pytest.mark.parametrize("subgraph", PLACES, ids=lambda name: name or "router")
async def test_staff_without_a_second_factor_see_what_a_customer_sees(
    scenario: Scenario, rules: Policy, subgraph: str | None
) -> None:
    await scenario.be_forgotten()
    half, stranger = scenario.callers[HALF], scenario.callers["stranger"]
    compared = 0
    for operation in questions(scenario, rules, subgraph):
        if operation.about in OWN:
            continue
        answers = [
            await scenario.ask(subgraph, operation.query, caller.token, operation.variables)
            for caller in (half, stranger)
        ]
        assert plain(answers[0], {}) == plain(answers[1], {}), operation.about
        compared += 1
    assert compared >= 3


@pytest.mark.parametrize("is_direct", [False, True], ids=["router", "subgraph"])
async def test_an_old_authentication_changes_nothing_that_needs_a_recent_one(
    scenario: Scenario, rules: Policy, is_direct: bool
) -> None:
    assert {name.partition(".")[2] for name, rule in rules.roots.items() if rule.max_age is not None} == RECENT
    before = await table_digests(scenario)
    wrong, refused = [], set()
    for place in registry.NAMES if is_direct else (None,):
        for name, query in mutations(scenario, place):
            rule = rules.roots[f"Mutation.{name}"]
            if rule.max_age is not None:
                token = scenario.old["admin" if rule.scope else "owner"]
                code = outcome(name, (await scenario.ask(place, query, token))[1])
                refused.add(name)
                if code != "INSUFFICIENT_USER_AUTHENTICATION":
                    wrong.append(f"{name}: {code}")
    assert (wrong, refused) == ([], RECENT)
    after = await table_digests(scenario)
    assert [table for table in after if after[table] != before[table]] == []
