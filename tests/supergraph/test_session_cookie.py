"""The session cookie through the router: it goes to the user subgraph alone, and comes back from there."""

from http.cookies import SimpleCookie

import httpx
import pytest

from subgraphs.user.demo import DEMO_PASSWORD
from subgraphs.user.mutations.session_cookie import HEADER, IN_COOKIE, NAME
from tests.support.accounts import LOG_IN
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.user.test_session_cookie import REFRESH

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]

CREDENTIALS = {"email": "customer@allpetplus.example", "password": DEMO_PASSWORD}


async def send(shop: Shop, query: str, headers: dict[str, str], **variables: object) -> httpx.Response:
    async with http_client() as client:
        return await client.post(shop.url, json={"query": query, "variables": variables}, headers=headers)


def cookie_of(response: httpx.Response) -> str:
    return SimpleCookie(response.headers["set-cookie"])[NAME].value


async def test_a_browser_logs_in_and_refreshes_without_seeing_its_refresh_token(running: Shop) -> None:
    began = await send(running, LOG_IN, {HEADER: IN_COOKIE}, **CREDENTIALS)
    assert began.json()["data"]["sessionCreate"]["refreshToken"] is None
    assert "HttpOnly; SameSite=Strict" in began.headers["set-cookie"]
    first = cookie_of(began)
    refreshed = await send(running, REFRESH, {HEADER: IN_COOKIE, "cookie": f"theme=dark; {NAME}={first}"})
    assert refreshed.json()["data"]["done"]["refreshToken"] is None
    second = cookie_of(refreshed)
    assert second not in {"", first}
    assert first not in began.text + refreshed.text
    assert (await send(running, REFRESH, {HEADER: IN_COOKIE, "cookie": f"{NAME}={second}"})).headers["set-cookie"]
    reused = await send(running, REFRESH, {HEADER: IN_COOKIE, "cookie": f"{NAME}={first}"})
    assert reused.json()["data"]["done"]["code"] == "REFRESH_TOKEN_REUSED"
    assert cookie_of(reused) == ""


async def test_a_cookie_without_the_header_is_not_passed_on(running: Shop) -> None:
    began = await send(running, LOG_IN, {HEADER: IN_COOKIE}, **CREDENTIALS)
    cookie = cookie_of(began)
    refused = await send(running, REFRESH, {"cookie": f"{NAME}={cookie}"})
    assert refused.json()["data"]["done"]["code"] == "INVALID_REFRESH_TOKEN"
    assert "set-cookie" not in refused.headers
    refreshed = await send(running, REFRESH, {HEADER: IN_COOKIE, "cookie": f"{NAME}={cookie}"})
    assert refreshed.json()["data"]["done"]["__typename"] == "SessionRefreshSuccess"


async def test_a_page_of_another_origin_may_not_send_the_header(running: Shop) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    async with http_client() as client:
        answer = await client.options(running.url, headers=asked | {"access-control-request-headers": HEADER})
    assert HEADER not in answer.headers.get("access-control-allow-headers", "").lower()
    assert "access-control-allow-credentials" not in answer.headers
