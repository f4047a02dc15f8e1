"""Demo accounts have a published password: production does not start while it opens one, and a command closes them."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import text

from petplus import registry, seeding
from petplus.demo_accounts import close, require_closed
from petplus.local.process import ServiceError
from shared.core.settings import Settings
from subgraphs.user.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.support.apps import serve
from tests.support.replicas import Command, running
from tests.support.servers import apart
from tests.support.shop import LOG_IN
from tests.support.waiting import TEST_TIMEOUT

PLAN = seeding.Plan(users=4, designs=4, orders=4)
EMAILS = sorted(account.email for account in DEMO_ACCOUNTS)
PRODUCTION = {
    "PETPLUS_ENV": "production",
    "PETPLUS_SECRET_KEY": "a-secret-of-production-in-tests-alone",
    "PETPLUS_DROP_MAILS": "on",
    "PETPLUS_PASSKEY_RP_ID": "localhost",
    "PETPLUS_PASSKEY_ORIGINS": "http://localhost",
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "of-shopify",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_of-stripe",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_b2Ygb3Vycw==",
}
COPY_CREDENTIAL = """INSERT INTO user_credential (user_id, password_hash)
    SELECT id, (SELECT password_hash FROM user_credential LIMIT 1)
    FROM user_profile WHERE email <> ALL(:demo) LIMIT 1"""


@pytest_asyncio.fixture(scope="module")
async def seeded(settings: Settings) -> AsyncIterator[Settings]:
    """Settings of a database that was seeded in development."""
    async with apart(settings) as made:
        await seeding.seed(made, PLAN, Console(quiet=True))
        yield made


async def test_development_has_them_and_production_names_them(seeded: Settings) -> None:
    await require_closed(seeded)
    with pytest.raises(
        ServiceError, match=f"the published password opens {', '.join(EMAILS)}: run `petplus demo close"
    ):
        await require_closed(seeded.model_copy(update={"env": "production"}))


async def test_a_process_without_the_owners_password_finds_them_as_well(seeded: Settings) -> None:
    without = re.sub("//[^/@]*@", "//", str(seeded.database_url))
    assert without != seeded.database_url
    production = seeded.model_copy(update={"env": "production", "database_url": without})
    with pytest.raises(ServiceError, match="the published password opens"):
        await require_closed(production)
    other = production.model_copy(update={"secret_key": SecretStr("another-secret-of-production-in-tests")})
    with pytest.raises(ServiceError, match="petplus_user cannot log in to the database: run `petplus migrate` with"):
        await require_closed(other)


@pytest.mark.parametrize("command", [("serve", "user"), ("up",)])
async def test_production_does_not_start_while_the_published_password_opens_an_account(
    seeded: Settings, tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = str(tmp_path / "home")
    refused = Command(seeded, tmp_path / "refused.log", *command, PETPLUS_HOME=home, **PRODUCTION)
    async with running(refused):
        assert await asyncio.to_thread(refused.process.wait, TEST_TIMEOUT) == 1
    assert len(refused.output.splitlines()) == 1, refused.output
    assert "the published password opens" in refused.output


async def test_closed_accounts_open_no_more_and_others_stay_as_they_are(seeded: Settings) -> None:
    async with serve(registry.load("user"), seeded) as user:
        async with user.database.write() as session:
            # Somebody who chose the same password.
            await session.execute(text(COPY_CREDENTIAL), {"demo": EMAILS})
        opened = await user.execute(LOG_IN, email=EMAILS[0], password=DEMO_PASSWORD)
        assert opened.data["sessionCreate"]
        assert sorted(await close(seeded)) == EMAILS
        await require_closed(seeded.model_copy(update={"env": "production"}))
        for email in EMAILS:
            answer = await user.execute(LOG_IN, email=email, password=DEMO_PASSWORD)
            assert answer.data["sessionCreate"] == {}
        async with user.database.read() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM user_session WHERE revoked_at IS NULL")) == 0
            assert await connection.scalar(text("SELECT count(*) FROM user_credential")) == 1
        assert await close(seeded) == ()
