"""Secrets never stand where others read: not in logs, metrics, jobs, events, errors or any column but as a hash."""

import io
import sys
from collections.abc import Iterator

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text

from shared.core.observability import configure_logging, log
from tests.privacy.search import tables_holding, words_in_broker
from tests.support.accounts import LOG_IN, REGISTER, VERIFY, mailed, token_in, wanted
from tests.support.apps import Answer, Served
from tests.user.test_passwords import ASK, CHANGE, ME, MOVE, RESET
from tests.user.test_sessions import REFRESH, SESSIONS

PASSWORDS = ("marmalade for seven 1", "marmalade for eight 2", "marmalade for nine 3", "marmalade for nobody 4")


@pytest.fixture
def lines(user: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, down to debug."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    configure_logging(user.runtime.settings.model_copy(update={"log_level": "debug", "log_format": "json"}))
    vars(log).pop("bind", None)  # the logger that it has kept since its first line
    yield written
    monkeypatch.undo()
    configure_logging(user.runtime.settings)
    vars(log).pop("bind", None)


async def test_no_secret_of_any_flow_is_left_anywhere(user: Served, lines: io.StringIO) -> None:
    given = wanted()
    email, secrets, answers = given["email"], list(PASSWORDS), list[Answer]()

    async def send(query: str, token: str | None = None, **variables: object) -> dict[str, str]:
        answers.append(await user.execute(query, token, **variables))
        [found] = answers[-1].data.values()
        secrets.extend(found[name] for name in ("accessToken", "refreshToken") if name in found)
        return found  # type: ignore[no-any-return]

    async def mailed_token(to: str) -> str:
        [mail] = [each for each in await mailed(user, to=to) if "#token=" in each.as_string()]
        secrets.append(token_in(mail).partition(".")[2])
        return token_in(mail)

    await send(REGISTER, input=given)
    await send(VERIFY, proof=await mailed_token(email), password=PASSWORDS[0])
    await send(LOG_IN, email=email, password=PASSWORDS[3])
    session = await send(LOG_IN, email=email, password=PASSWORDS[0])
    session = await send(REFRESH, given=session["refreshToken"])
    await send(CHANGE, session["accessToken"], old=PASSWORDS[0], new=PASSWORDS[1])
    await send(MOVE, session["accessToken"], email=f"new.{email}", password=PASSWORDS[1])
    await send(VERIFY, proof=await mailed_token(f"new.{email}"))
    await send(ASK, email=f"new.{email}")
    reset = await send(RESET, proof=await mailed_token(f"new.{email}"), new=PASSWORDS[2])
    successor = await send(REFRESH, given=reset["refreshToken"])
    await send(REFRESH, given=successor["refreshToken"])
    # This one is spent, and so is what followed it: it ends the session.
    await send(REFRESH, given=reset["refreshToken"])
    broken = await user.execute(ME, reset["accessToken"][:-4])
    assert (await user.execute(SESSIONS, reset["accessToken"])).status == 401

    assert len(secrets) == 4 + 3 + 2 * 5
    said = lines.getvalue()
    # Else nothing was found because nothing was written.
    assert said.count('"route": "/graphql"') > len(answers)
    shown = [str(answer.body) for answer in answers if "accessToken" not in str(answer.body)] + [str(broken.body)]
    metrics = generate_latest().decode()
    for secret in secrets:
        assert secret not in said
        assert secret not in metrics
        assert not [body for body in shown if secret in body]
    assert await tables_holding([user], secrets) == {}
    assert await words_in_broker(user.runtime.redis, [*secrets, email]) == set()
    async with user.database.read() as connection:
        queue = await connection.scalar(text("SELECT count(*) FROM pgqueuer_log"))
        assert queue is not None
        assert queue > 0
