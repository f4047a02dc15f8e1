"""Staff in production: their scopes need a second factor, at log-in, on refreshing, and whatever roles they get."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from petplus import registry
from shared.core.settings import Settings
from subgraphs.user.models import UserProfile
from subgraphs.user.service.authentication import MULTIPLE_FACTORS, PASSWORD
from subgraphs.user.service.scopes import SCOPES_OF_ROLE, grant_of
from tests.support.accounts import Account, open_account
from tests.support.apps import Served, serve
from tests.support.second_factor import (
    CONFIRM,
    ENROL,
    LOG_IN,
    REAUTHENTICATE,
    REMOVE,
    code_of,
    let_time_pass,
    log_in_with_code,
    problem,
    protect,
)
from tests.support.waiting import eventually
from tests.user.test_authentication import viewer_of
from tests.user.test_second_factor import ME

USERS = "{ users(first: 1) { totalCount } }"
REFRESH = """
mutation ($given: String!) {
  sessionRefresh(input: { refreshToken: $given }) {
    ... on SessionRefreshSuccess { accessToken refreshToken secondFactorRequired }
    ... on Problem { code }
  }
}
"""


@pytest_asyncio.fixture
async def production(user: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """The same accounts, served by an instance in production."""
    for name, value in (
        ("DROP_MAILS", "on"),
        ("PASSKEY_RP_ID", "localhost"),
        ("PASSKEY_ORIGINS", "http://localhost:4000"),
    ):
        monkeypatch.setenv(f"PETPLUS_{name}", value)
    settings: Settings = user.runtime.settings.model_copy(update={"env": "production"})
    async with serve(registry.load("user"), settings) as served:
        yield served


async def member(user: Served, *roles: str) -> Account:
    """Return a member of staff without a second factor."""
    account = await open_account(user)
    async with user.database.write() as session:
        await session.execute(update(UserProfile).where(UserProfile.id == account.id).values(roles=list(roles)))
    return account


async def log_in(served: Served, account: Account) -> dict[str, Any]:
    given = {"email": account.email, "password": account.password}
    tokens: dict[str, Any] = (await served.execute(LOG_IN, **given)).data["sessionCreate"]
    return tokens


@pytest.mark.parametrize("role", SCOPES_OF_ROLE)
def test_scopes_of_staff_need_two_factors_in_production_alone(role: str) -> None:
    scopes = SCOPES_OF_ROLE[role]
    for methods in ([PASSWORD], ["otp"], [PASSWORD, "otp"], ["hwk", "user"], []):
        refused = grant_of([role], methods, is_production=True)
        assert (refused.roles, refused.scopes) == (["CUSTOMER"], frozenset())
        assert refused.second_factor_required is bool(scopes)
        assert grant_of([role], methods, is_production=False) == ([role], scopes, False)
    for methods in ([PASSWORD, "otp", MULTIPLE_FACTORS], ["hwk", "user", MULTIPLE_FACTORS]):
        assert grant_of([role], methods, is_production=True) == ([role], scopes, False)


async def test_staff_without_a_factor_are_customers_in_production(user: Served, production: Served) -> None:
    account = await member(user, "ADMIN", "CUSTOMER")
    tokens = await log_in(production, account)
    assert tokens["secondFactorRequired"] is True
    for _ in range(2):
        viewer = await viewer_of(user, tokens["accessToken"])
        assert (set(viewer.roles), viewer.scopes) == ({"CUSTOMER"}, frozenset())
        # At an instance of either kind.
        for served in (user, production):
            assert problem(await served.execute(USERS, tokens["accessToken"])) == "FORBIDDEN"
        # Refreshing keeps it so.
        tokens = (await production.execute(REFRESH, given=tokens["refreshToken"])).data["sessionRefresh"]
        assert tokens["secondFactorRequired"] is True
    renewed = await production.execute(REAUTHENTICATE, tokens["accessToken"], password=account.password)
    assert renewed.data["sessionReauthenticate"]["secondFactorRequired"] is True
    assert (await log_in(user, account))["secondFactorRequired"] is False


async def test_they_add_a_factor_and_have_their_scopes(user: Served, production: Served) -> None:
    account = await member(user, "SUPPORT")
    token = (await log_in(production, account))["accessToken"]
    secret = (await production.execute(ENROL, token)).data["totpEnrol"]["secret"]
    confirmed = (await production.execute(CONFIRM, token, code=code_of(secret))).data["totpConfirm"]
    assert confirmed["secondFactorRequired"] is False
    assert (await viewer_of(user, confirmed["accessToken"])).scopes == SCOPES_OF_ROLE["SUPPORT"]
    refreshed = (await production.execute(REFRESH, given=confirmed["refreshToken"])).data["sessionRefresh"]
    assert (await production.execute(USERS, refreshed["accessToken"])).data["users"]["totalCount"] > 0
    # Without it they are customers again, at once.
    await let_time_pass(user, account.id)
    removed = (await production.execute(REMOVE, refreshed["accessToken"], code=code_of(secret))).data["totpRemove"]
    assert removed["secondFactorRequired"] is True
    assert (await production.execute(USERS, refreshed["accessToken"])).codes == ["UNAUTHENTICATED"]
    assert problem(await production.execute(USERS, removed["accessToken"])) == "FORBIDDEN"


async def test_a_log_in_with_the_factor_has_their_scopes(user: Served, production: Served) -> None:
    who = await protect(user, await member(user, "SUPPORT"))
    tokens = await log_in_with_code(production, who)
    assert tokens["secondFactorRequired"] is False
    assert (await viewer_of(user, tokens["accessToken"])).scopes == SCOPES_OF_ROLE["SUPPORT"]


async def test_a_staff_role_lifts_no_session_that_is_open(user: Served, production: Served, admin: str) -> None:
    account = await open_account(user)
    tokens = await log_in(production, account)
    assert tokens["secondFactorRequired"] is False
    given = await user.execute(
        """mutation ($id: ID!) {
          userRolesSet(input: { userId: $id, version: 1, roles: [ADMIN] }) { __typename ... on Problem { code } }
        }""",
        admin,
        id=account.id,
    )
    assert problem(given) == "UserRolesSetSuccess"

    async def is_over() -> bool:
        return (await production.execute(ME, tokens["accessToken"])).codes == ["UNAUTHENTICATED"]

    await eventually(is_over)
    assert problem(await production.execute(REFRESH, given=tokens["refreshToken"])) == "INVALID_REFRESH_TOKEN"
    assert (await log_in(production, account))["secondFactorRequired"] is True


async def test_customers_need_no_factor(user: Served, production: Served) -> None:
    tokens = await log_in(production, await open_account(user))
    assert tokens["secondFactorRequired"] is False
