"""How and when somebody authenticated: said by access tokens, kept by sessions, not renewed by refreshing."""

import datetime as dt

from sqlalchemy import select, update

from shared.security.auth import TokenVerifier, Viewer
from subgraphs.user.models import UserSession
from tests.support.accounts import log_in, open_account
from tests.support.apps import Identities, Served
from tests.user.test_sessions import refresh


async def viewer_of(user: Served, token: str) -> Viewer:
    async with TokenVerifier.open(user.runtime.settings) as verifier:
        return await verifier.viewer(f"Bearer {token}")


async def test_a_token_says_when_and_how_its_owner_authenticated(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    viewer = await viewer_of(user, token)
    async with user.database.read() as connection:
        kept = select(UserSession.authenticated_at).where(UserSession.id == viewer.session_id)
        at: dt.datetime = (await connection.execute(kept)).scalar_one()
    assert viewer.methods == {"pwd"}
    assert viewer.authenticated_at == int(at.timestamp())
    assert viewer.as_audience().authenticated_at is None


async def test_a_refreshed_token_says_the_same(user: Served) -> None:
    tokens = await log_in(user, await open_account(user))
    before = await viewer_of(user, tokens["accessToken"])
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    changed = {"authenticated_at": long_ago, "methods": ["hwk", "mfa", "user"]}
    async with user.database.write() as session:
        await session.execute(update(UserSession).where(UserSession.id == before.session_id).values(changed))
    for _ in range(2):
        tokens = await refresh(user, tokens["refreshToken"])
        viewer = await viewer_of(user, tokens["accessToken"])
        assert (viewer.session_id, viewer.authenticated_at) == (before.session_id, long_ago.timestamp())
        assert viewer.methods == {"hwk", "mfa", "user"}


async def test_a_token_of_before_says_nothing_of_it(people: Identities, user: Served, customer: str) -> None:
    from joserfc import jwt
    from joserfc.jws import extract_compact

    claims = jwt.decode(customer, people.keys.signing.pair).claims
    kid = extract_compact(customer.encode()).headers()["kid"]
    older = {name: value for name, value in claims.items() if name not in {"auth_time", "amr"}}
    token = jwt.encode({"alg": "ES256", "kid": kid}, older, people.keys.signing.pair)
    viewer = await viewer_of(user, token)
    assert (viewer.id, viewer.authenticated_at, viewer.methods) == (claims["sub"], None, frozenset())
