"""Signing keys: announced, signing, verifying, gone; changed without a failed request, and voided within seconds."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio
from sqlalchemy import select, true, update

from petplus import registry
from shared.core.errors import IllegalState, NotFound
from shared.core.ids import new_id
from shared.security import auth
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import SigningKey
from subgraphs.user.service.job_types import KEY_ROTATION
from subgraphs.user.service.key_rotation import SIGNS_FOR, VERIFIES_FOR, list_keys, revoke_key, rotate_key
from subgraphs.user.service.keys import KeyRing
from tests.support.apps import Identities, Served, just_authenticated, serve
from tests.support.waiting import eventually
from tests.user.events import published

ME = "{ me { id } }"
DESIGNS = "{ designs(first: 1) { totalCount } }"


@pytest_asyncio.fixture(scope="module")
async def replica(user: Served) -> AsyncIterator[Served]:
    """A second process of the user subgraph, as far as keys are concerned."""
    async with serve(registry.load("user"), user.runtime.settings) as served:
        yield served


async def states(user: Served) -> dict[str, str]:
    return {key.kid: key.state for key in await list_keys(user.database)}


async def age(user: Served, by: dt.timedelta, *kids: str) -> None:
    """Have some keys, or all, sign for longer than they do."""
    async with user.database.write() as session:
        these = SigningKey.kid.in_(kids) if kids else true()
        await session.execute(update(SigningKey).where(these).values(signs_from=SigningKey.signs_from - by))


async def test_keys_rotate_under_load_with_no_failed_request(
    user: Served, replica: Served, builder: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "JWKS_MINIMUM_INTERVAL_SECONDS", 0.2)
    rings = [served.runtime.resource(KeyRing) for served in (user, replica)]
    statuses: list[int] = []
    kids: set[str] = set()
    over = asyncio.Event()

    async def load(ring: KeyRing) -> None:
        while not over.is_set():
            await ring.refresh(oldest=0.1)
            kids.add(ring.signing.kid)
            token = ring.sign(new_id("usr"), ["CUSTOMER"], new_id("ses"), just_authenticated())[0]
            statuses.append((await builder.execute(DESIGNS, token)).status)
            statuses.append((await user.execute(ME, token)).status)

    working = [asyncio.create_task(load(ring)) for ring in rings]
    for _ in range(4):
        made = await rotate_key(user.database, user.runtime.settings, dt.timedelta(seconds=0.5))

        async def signs(kid: str = made) -> bool:
            return kid in kids and all(ring.signing.kid == kid for ring in rings)

        await eventually(signs)
    over.set()
    await asyncio.gather(*working)
    assert len(statuses) > 20
    assert set(statuses) == {200}


async def test_a_key_is_announced_before_it_signs(user: Served, people: Identities) -> None:
    await people.keys.refresh(oldest=0)
    signing = people.keys.signing.kid
    kid = await rotate_key(user.database, user.runtime.settings, dt.timedelta(minutes=10))
    with pytest.raises(IllegalState, match=kid):
        await rotate_key(user.database, user.runtime.settings)
    shown = (await user.client.get("/.well-known/jwks.json")).json()["keys"]
    assert {signing, kid} <= {key["kid"] for key in shown}
    assert all("d" not in key for key in shown)
    await people.keys.refresh(oldest=0)
    assert people.keys.signing.kid == signing
    assert (await states(user))[kid] == "announced"
    assert list(await published(user, kid)) == ["user.key_rotated"]
    await age(user, dt.timedelta(minutes=10), kid)
    await people.keys.refresh(oldest=0)
    assert people.keys.signing.kid == kid


async def test_the_job_rotates_and_retires_when_the_time_has_come(user: Served) -> None:
    await JOBS[KEY_ROTATION](user.runtime, {})
    before = await states(user)
    [signing] = [kid for kid, state in before.items() if state == "signing"]
    await age(user, SIGNS_FOR)
    await JOBS[KEY_ROTATION](user.runtime, {})
    await JOBS[KEY_ROTATION](user.runtime, {})
    now = await states(user)
    [announced] = now.keys() - before.keys()
    assert (now[announced], now[signing]) == ("announced", "signing")
    await age(user, dt.timedelta(minutes=10), announced)
    await JOBS[KEY_ROTATION](user.runtime, {})
    assert ((await states(user))[announced], (await states(user))[signing]) == ("signing", "verifying")
    await age(user, VERIFIES_FOR, announced)
    await JOBS[KEY_ROTATION](user.runtime, {})
    assert (await states(user))[signing] == "retired"
    async with user.database.read() as connection:
        sealed = select(SigningKey.sealed_pem).where(SigningKey.kid == signing)
        assert await connection.scalar(sealed) == ""
    shown = (await user.client.get("/.well-known/jwks.json")).json()["keys"]
    assert {announced} == {key["kid"] for key in shown}


async def test_a_leaked_key_and_its_tokens_are_void_within_seconds(
    user: Served, replica: Served, builder: Served, people: Identities
) -> None:
    await people.keys.refresh(oldest=0)
    token = people.token(new_id("usr"))
    leaked = people.keys.signing.kid

    async def accepted(token: str = token) -> bool:
        return (await builder.execute(DESIGNS, token)).status == 200

    await eventually(accepted)
    # As the command does: in a process of its own, which ends.
    await revoke_key(user.database, user.runtime.settings, leaked)

    async def refused() -> bool:
        return (await builder.execute(DESIGNS, token)).status == 401 and (
            await replica.execute(ME, token)
        ).status == 401

    await eventually(refused)
    assert (await states(user))[leaked] == "revoked"
    for ring in (people.keys, replica.runtime.resource(KeyRing)):
        await ring.refresh(oldest=0)
        assert ring.signing.kid != leaked
    await eventually(partial(accepted, people.token(new_id("usr"))))
    assert list(await published(user, leaked)) == ["user.key_rotated", "user.key_revoked"]
    with pytest.raises(IllegalState):
        await revoke_key(user.database, user.runtime.settings, leaked)
    with pytest.raises(NotFound):
        await revoke_key(user.database, user.runtime.settings, new_id("key"))
