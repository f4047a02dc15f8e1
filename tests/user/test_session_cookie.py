"""A session whose refresh token is in a cookie: scripts never see it, and no other page can use it."""

import json
from http.cookies import Morsel, SimpleCookie
from typing import Any, NamedTuple

from subgraphs.user.mutations.session_cookie import HEADER, IN_COOKIE, NAME
from subgraphs.user.service.sessions import SESSION_DAYS
from tests.support.accounts import PASSWORD, open_account
from tests.support.apps import Served, signed
from tests.user.test_sessions import END, END_ALL, current

LOG_IN = """
mutation ($email: String!, $password: String!) {
  done: sessionCreate(input: { email: $email, password: $password }) {
    __typename ... on SessionCreateSuccess { accessToken refreshToken }
  }
}
"""
REFRESH = """
mutation ($given: String) {
  done: sessionRefresh(input: { refreshToken: $given }) {
    __typename
    ... on SessionRefreshSuccess { accessToken refreshToken }
    ... on Problem { code }
  }
}
"""
REAUTHENTICATE = """
mutation ($password: String!) {
  done: sessionReauthenticate(input: { password: $password }) {
    __typename ... on SessionReauthenticateSuccess { accessToken refreshToken }
  }
}
"""
ASKED = {HEADER: IN_COOKIE}


class Sent(NamedTuple):
    """The result of the operation's one field, and the cookie that the response sets."""

    result: Any
    cookie: "Morsel[str] | None"


async def send(
    user: Served, query: str, cookie: str | None = None, token: str = "", *, asks: bool = True, **variables: object
) -> Sent:
    """Send an operation as a browser and the router do."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = signed(user.runtime.settings, body, f"Bearer {token}" if token else "", to="user")
    headers |= (ASKED if asks else {}) | ({"cookie": f"other=1; {NAME}={cookie}"} if cookie else {})
    response = await user.client.post("/graphql", content=body, headers=headers)
    answer = response.json()
    assert "errors" not in answer, answer
    [result] = answer["data"].values()
    return Sent(result, SimpleCookie(response.headers.get("set-cookie", "")).get(NAME))


async def logged_in(user: Served) -> tuple[str, str]:
    """Log in with a cookie; returns the access token and the refresh token."""
    email = (await open_account(user)).email
    sent = await send(user, LOG_IN, email=email, password=PASSWORD)
    assert sent.cookie is not None
    return sent.result["accessToken"], sent.cookie.value


async def test_a_browser_gets_its_refresh_token_in_a_cookie_alone(user: Served) -> None:
    email = (await open_account(user)).email
    result, cookie = await send(user, LOG_IN, email=email, password=PASSWORD)
    assert result["refreshToken"] is None
    assert cookie is not None
    kept = {name: cookie[name] for name in ("path", "secure", "httponly", "samesite", "max-age", "domain")}
    assert kept == {
        "path": "/",
        "secure": True,
        "httponly": True,
        "samesite": "Strict",
        "max-age": str(SESSION_DAYS * 24 * 3600),
        "domain": "",
    }
    assert cookie.value not in json.dumps(result)


async def test_without_the_header_the_token_is_in_the_answer_and_no_cookie_is_set(user: Served) -> None:
    email = (await open_account(user)).email
    result, cookie = await send(user, LOG_IN, asks=False, email=email, password=PASSWORD)
    assert result["refreshToken"]
    assert cookie is None


async def test_a_cookie_is_exchanged_and_its_use_after_that_ends_the_session_and_removes_it(user: Served) -> None:
    _, first = await logged_in(user)
    refreshed = await send(user, REFRESH, first)
    assert refreshed.result["refreshToken"] is None
    assert refreshed.cookie is not None
    assert refreshed.cookie.value not in {"", first}
    assert (await send(user, REFRESH, refreshed.cookie.value)).result["__typename"] == "SessionRefreshSuccess"
    reused = await send(user, REFRESH, first)
    assert reused.result["code"] == "REFRESH_TOKEN_REUSED"
    assert reused.cookie is not None
    assert (reused.cookie.value, reused.cookie["max-age"]) == ("", "0")
    ended = await send(user, REFRESH, refreshed.cookie.value)
    assert ended.result["code"] == "INVALID_REFRESH_TOKEN"


async def test_a_cookie_without_the_header_refreshes_nothing(user: Served) -> None:
    _, cookie = await logged_in(user)
    refused = await send(user, REFRESH, cookie, asks=False)
    assert (refused.result["code"], refused.cookie) == ("INVALID_REFRESH_TOKEN", None)
    assert (await send(user, REFRESH, cookie)).result["__typename"] == "SessionRefreshSuccess"


async def test_a_page_without_a_cookie_is_told_to_log_in(user: Served) -> None:
    refused = await send(user, REFRESH)
    assert (refused.result["code"], refused.cookie) == ("INVALID_REFRESH_TOKEN", None)


async def test_who_proves_once_more_to_be_present_gets_the_next_cookie(user: Served) -> None:
    token, cookie = await logged_in(user)
    renewed = await send(user, REAUTHENTICATE, cookie, token, password=PASSWORD)
    assert renewed.result["refreshToken"] is None
    assert renewed.cookie is not None
    assert (await send(user, REFRESH, renewed.cookie.value)).result["__typename"] == "SessionRefreshSuccess"


async def test_logging_out_removes_the_cookie_of_this_browser(user: Served) -> None:
    token, cookie = await logged_in(user)
    ended = await send(user, END, cookie, token, id=await current(user, token))
    assert ended.cookie is not None
    assert (ended.cookie.value, ended.cookie["max-age"]) == ("", "0")
    token, cookie = await logged_in(user)
    kept = await send(user, END_ALL, cookie, token, keep=True)
    assert kept.cookie is None
    everywhere = await send(user, END_ALL, cookie, token, keep=False)
    assert everywhere.cookie is not None
    assert everywhere.cookie["max-age"] == "0"


async def test_ending_another_session_leaves_the_cookie(user: Served) -> None:
    account = await open_account(user)
    here = await send(user, LOG_IN, email=account.email, password=PASSWORD)
    there = await send(user, LOG_IN, email=account.email, password=PASSWORD)
    assert here.cookie is not None
    other = await current(user, there.result["accessToken"])
    ended = await send(user, END, here.cookie.value, here.result["accessToken"], id=other)
    assert (ended.result["__typename"], ended.cookie) == ("SessionRevokeSuccess", None)
