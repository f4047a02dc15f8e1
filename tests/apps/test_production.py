"""The apps in production: ids of documents alone on the wire, and a session whose cookie the browser keeps."""

import json
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from petplus.local.apps import APPS
from petplus.local.backing_services import DATABASE_VARIABLE
from petplus.local.node import ensure_modules
from tests.apps.test_account import log_out, section
from tests.apps.windows import PASSWORD, Window, open_window
from tests.supergraph.test_production import MAIL_PORT, PRODUCTION, SECRETS
from tests.support.accounts import token_in
from tests.support.second_factor import code_of
from tests.support.shop import Shop, reachable, shop
from tests.support.smtp import mail_server
from tests.support.waiting import eventually

EMAIL = "first@allpetplus.example"
PROMOTION = "UPDATE \"user\".user_profile SET roles = ARRAY['ADMIN'] WHERE email = $1 RETURNING id"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop in production, empty as it is on its first day."""
    ensure_modules(APPS, "what builds and checks the apps", for_tests=True)
    with shop(reachable(tmp_path_factory.mktemp("production")), env=SECRETS | PRODUCTION) as up:
        yield up


@pytest_asyncio.fixture
async def visitor(production: Shop, browser: Browser, trusted: frozenset[str]) -> AsyncIterator[Window]:
    """A window, which must have had no fault, and have sent no document that is not known."""
    async with open_window(browser, production.url.removesuffix("/graphql")) as opened:
        yield opened
    assert opened.faults == []
    assert set(opened.sent)
    assert set(opened.sent) - trusted == set()


async def register(visitor: Window) -> None:
    """Open an account by the link of the mail."""
    page = visitor.page
    async with mail_server(MAIL_PORT) as (_, received):
        await visitor.open("/register")
        await page.get_by_label("Name").fill("First Person")
        await page.get_by_label("E-mail address").fill(EMAIL)
        await page.get_by_role("button", name="Send me a link").click()
        await page.get_by_role("heading", name="Check your mail").wait_for()

        async def is_mailed() -> bool:
            return bool(received)

        await eventually(is_mailed)
    await visitor.open(f"/open-account#token={token_in(received[0])}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open the account").click()
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()


async def promote(production: Shop) -> None:
    """Make the person the first administrator, as an operator does."""
    addresses = json.loads((production.home / "addresses.json").read_text(encoding="utf-8"))
    connection = await asyncpg.connect(addresses[DATABASE_VARIABLE].replace("+asyncpg", ""))
    try:
        assert await connection.fetchval(PROMOTION, EMAIL) is not None
    finally:
        await connection.close()


async def test_storefront_and_admin_work_from_registration_to_the_second_factor_of_staff(
    production: Shop, visitor: Window
) -> None:
    page = visitor.page
    for path in ("/", "/build/COLLAR", "/cart", "/track"):
        await visitor.open(path)
    await register(visitor)
    await visitor.log_in(EMAIL)
    await page.get_by_role("button", name="Log out").wait_for()
    await promote(production)
    await visitor.open("/account/security")
    # The page was loaded anew: the session is in the cookie.
    factor = section(page, "Second factor")
    await factor.get_by_role("button", name="Add an app with codes").click()
    secret = await factor.locator("code").inner_text()
    await factor.get_by_label("Code", exact=True).fill(code_of(secret))
    await factor.get_by_role("button", name="Confirm").click()
    codes = factor.get_by_role("status").get_by_role("listitem")
    await expect(codes).to_have_count(10)
    code = await codes.first.inner_text()
    await log_out(page)
    await visitor.open("/admin")
    await visitor.log_in(EMAIL)
    await page.get_by_label("Code").fill(code)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await page.get_by_role("button", name="Log out").wait_for()
    for path in ("/admin/orders", "/admin/catalogue", "/admin/users"):
        await visitor.open(path)
    await expect(page.get_by_role("table").get_by_text("First Person")).to_be_visible()


async def test_there_is_no_graphiql_and_no_text_runs(production: Shop, visitor: Window) -> None:
    await visitor.open("/")
    answer = await visitor.page.request.post(production.url, data={"query": "{ __typename }"})
    assert answer.status == 400
    assert [each["extensions"]["code"] for each in (await answer.json())["errors"]] == ["PERSISTED_QUERY_ID_REQUIRED"]
    page = await visitor.page.request.get(production.url, headers={"accept": "text/html"})
    assert (page.status, "graphiql" in (await page.text()).lower()) == (405, False)
