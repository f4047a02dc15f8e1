"""No log shows what a client sent: no literal, variable, name, header or body, whatever goes wrong."""

import json
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE
from shared.core.settings import Settings
from tests.supergraph.canaries import Canaries, send_all
from tests.support.accounts import LOG_IN, PASSWORD, REGISTER, VERIFY, token_in
from tests.support.processes import Process
from tests.support.shop import Shop, reachable, shop
from tests.support.smtp import mail_server
from tests.support.waiting import eventually

USUAL = {
    "PETPLUS_LOG_LEVEL": "debug",
    # Of a subgraph that is stopped.
    "PETPLUS_UPSTREAM_TIMEOUT": "4000",
}
PRODUCTION = {
    "PETPLUS_ENV": "production",
    "PETPLUS_LOG_FORMAT": "json",
    "PETPLUS_OPEN_GRAPH": "true",
    "PETPLUS_PASSKEY_RP_ID": "localhost",
    "PETPLUS_PASSKEY_ORIGINS": "http://localhost",
    "PETPLUS_SECRET_KEY": "a-secret-of-production-in-tests-alone",
    # Another secret of each sender beside those by which the tests sign.
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "another",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_another",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_b2Ygb3Vycw==",
}
MODES = {"development": USUAL, "production": USUAL | PRODUCTION}
FAILURES = {
    "router": ["error masked", "subgraph unavailable"],
    "subgraphs": ["unhandled exception", "database unavailable", "job failed", "CheckViolationError"],
}
"""What must have gone wrong, else nothing is shown by what the logs do not hold."""
MISSING = ("builder.builder_preset", "builder.saved_design")
TABLES = """
SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = ANY($1) AND relkind IN ('r', 'p') AND NOT relispartition AND relname !~ '^(alembic|pgqueuer)'"""


@dataclass(frozen=True)
class Logged:
    """What a shop wrote, by file, and the canaries that were sent to it."""

    canaries: Canaries
    texts: dict[str, str]


@pytest_asyncio.fixture(scope="module", params=MODES)
async def logged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """The logs of a shop in which everything has failed that can, in each mode."""
    canaries = Canaries()
    home = reachable(tmp_path_factory.mktemp("logs")) / "home"
    async with mail_server(refused="canary") as (port, mails):
        env = MODES[request.param] | {"PETPLUS_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with shop(home, "--no-seed", env=env) as up:
            await _provoke(up, canaries, await _open_account(up, mails))
    texts = {path.name: path.read_text(errors="replace") for path in (home / "logs").iterdir()}
    return Logged(canaries, texts | {"output": up.output})


async def test_no_log_shows_what_a_client_sent(logged: Logged) -> None:
    shown = {name: logged.canaries.seen_in(text) for name, text in logged.texts.items()}
    assert {name: sorted(kinds) for name, kinds in shown.items() if kinds} == {}


async def test_what_went_wrong_is_in_the_logs(logged: Logged) -> None:
    assert {"router.log", "subgraphs.log", "postgres.log", "valkey.log"} <= logged.texts.keys()
    for name, failures in FAILURES.items():
        assert [failure for failure in failures if failure not in logged.texts[f"{name}.log"]] == []


async def _open_account(up: Shop, mails: Sequence[EmailMessage]) -> str:
    """Register somebody whose mails arrive; return an access token."""
    person = {"email": "somebody@example.com", "name": "Some Body"}
    await up.execute(REGISTER, input=person)

    async def is_mailed() -> bool:
        return bool(mails)

    await eventually(is_mailed)
    await up.execute(VERIFY, proof=token_in(mails[0]), password=PASSWORD)
    answer = await up.execute(LOG_IN, email=person["email"], password=PASSWORD)
    token: str = answer.data["sessionCreate"]["accessToken"]
    return token


async def _provoke(up: Shop, canaries: Canaries, token: str) -> None:
    """Send everything to a shop that works, to one whose database refuses rows, and to one whose parts are away."""
    settings = Settings(port=up.port)
    router = {"router": up.port}
    ports = router | {name: registry.port_of(name, settings) for name in registry.NAMES}
    await send_all(canaries, ports, token)
    async with _broken_tables(up.home):
        await send_all(canaries, ports, token)
    process = Process.listening_on(ports["user"]).pid
    os.kill(process, signal.SIGSTOP)
    await send_all(canaries, router, token)
    os.kill(process, signal.SIGCONT)

    postgres = int((up.home / "servers" / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postgres, signal.SIGKILL)
    await send_all(canaries, ports, token)
    os.kill(Process.listening_on(ports["user"]).pid, signal.SIGKILL)
    await send_all(canaries, router, token)

    async def has_failed() -> bool:
        return "job failed" in up.output

    await eventually(has_failed)


@asynccontextmanager
async def _broken_tables(home: Path) -> AsyncIterator[None]:
    """Let no row be inserted into a table, and a column of some tables be missing."""
    url = json.loads((home / "addresses.json").read_text())[DATABASE_VARIABLE]
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        tables = [row["name"] for row in await connection.fetch(TABLES, list(registry.NAMES))]
        for table in tables:
            await connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK (false) NOT VALID")
        for table in MISSING:
            await connection.execute(f"ALTER TABLE {table} RENAME COLUMN name TO unnamed")
        yield
        for table in MISSING:
            await connection.execute(f"ALTER TABLE {table} RENAME COLUMN unnamed TO name")
        for table in tables:
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT refused")
    finally:
        await connection.close()
