"""`petplus roles`: the operator appoints the first administrator, whom nobody in the graph can appoint."""

import asyncio

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from petplus.cli.main import app
from subgraphs.user.models import UserSession
from tests.support.accounts import log_in, open_account
from tests.support.apps import Served


async def petplus(*arguments: str) -> tuple[int, str]:
    """Run a command; returns its exit status and output."""
    done = await asyncio.to_thread(CliRunner().invoke, app, ["roles", *arguments])
    return done.exit_code, done.output.strip()


async def test_an_account_gets_exactly_the_given_roles_and_its_sessions_end(user: Served) -> None:
    account = await open_account(user)
    await log_in(user, account)
    assert await petplus("show", account.email) == (0, "CUSTOMER")
    assert await petplus("set", account.email.upper(), "ADMIN", "SUPPORT") == (
        0,
        f"{account.email.upper()}: ADMIN, SUPPORT",
    )
    assert await petplus("show", account.email) == (0, "ADMIN, SUPPORT")
    async with user.database.read() as connection:
        sessions = select(UserSession.revoked_at).where(UserSession.user_id == account.id)
        assert None not in list(await connection.scalars(sessions))


@pytest.mark.parametrize(
    ("email", "role", "said"),
    [
        ("nobody@allpetplus.example", "ADMIN", "There is no account with this address."),
        (None, "OWNER", "There is no role `OWNER`; choose from CUSTOMER, SUPPORT, ADMIN."),
    ],
)
async def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    user: Served, email: str | None, role: str, said: str
) -> None:
    account = await open_account(user)
    assert await petplus("set", email or account.email, role) == (1, said)
    assert await petplus("show", account.email) == (0, "CUSTOMER")
