"""GraphiQL: a demo account by one choice, ids filled in, and a stream that is cut and resumes."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.async_api import Page, Request, expect

from petplus.local.apps import APPS, dev_command
from shared.core.environment import system_environment
from tests.apps.conftest import OpenWindow
from tests.apps.windows import Window
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.support.valkeys import free_port
from tests.support.waiting import eventually

BUDGET = 2_500_000
ORDER = "query ($id: ID!) { order(id: $id) { version status } }"
HOLD = "mutation ($input: OrderHoldInput!) { orderHold(input: $input) { __typename } }"
RELEASE = "mutation ($input: OrderReleaseInput!) { orderRelease(input: $input) { __typename } }"


async def opened(window: OpenWindow) -> Window:
    """Open GraphiQL, which sends the text of operations, and log in as the demo customer."""
    developer = await window()
    # This page is for operations that nobody knows yet.
    developer.sends_text = True
    await developer.page.goto(f"{developer.base}/graphql")
    await developer.page.get_by_label("Log in as").select_option("customer")
    await expect(developer.page.get_by_label("Log in as")).to_be_enabled()
    return developer


async def change(running: Shop, order_id: str) -> int:
    """Hold the order, or release it if it is held; returns its new version."""
    support = await running.token_of("support")
    found = (await running.execute(ORDER, support, id=order_id)).data["order"]
    given = {"orderId": order_id, "version": found["version"]}
    if found["status"] == "ON_HOLD":
        await running.execute(RELEASE, support, input=given)
    else:
        await running.execute(HOLD, support, input=given | {"reason": "A question is open."})
    after = (await running.execute(ORDER, support, id=order_id)).data["order"]
    assert after["version"] == found["version"] + 1
    return int(after["version"])


async def variables_of(page: Page) -> str:
    """Return the text of the variables, without the spaces that the editor draws."""
    text = await page.get_by_role("region", name="Variables").inner_text()
    return text.replace("\u00a0", " ")


async def run(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^Execute query")).click()


async def test_the_first_tab_shows_data_of_who_is_logged_in_and_its_cost(window: OpenWindow) -> None:
    developer = await opened(window)
    page = developer.page
    await run(page)
    await expect(page.get_by_role("region", name="Result Window")).to_contain_text("Clara Customer")
    await expect(page.get_by_text(re.compile(r"^Cost \d+ of at most 5000; \d+ left in the budget$"))).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Log in as")).to_have_value("customer")


async def test_a_token_that_is_about_to_expire_is_exchanged_before_the_next_operation(window: OpenWindow) -> None:
    developer = await window()
    developer.sends_text = True
    page = developer.page
    await page.clock.install()
    await page.goto(f"{developer.base}/graphql")
    await page.get_by_label("Log in as").select_option("customer")
    await expect(page.get_by_label("Log in as")).to_be_enabled()
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "GraphiqlRefresh" in (request.post_data or ""):
            sent.append(request.url)

    page.on("request", note)
    await page.clock.fast_forward("16:00")
    await run(page)
    await expect(page.get_by_role("region", name="Result Window")).to_contain_text("Clara Customer")
    assert len(sent) == 1


async def test_a_stream_that_is_cut_resumes_with_what_it_missed(running: Shop, window: OpenWindow) -> None:
    developer = await opened(window)
    page = developer.page
    await page.get_by_role("tab", name="WatchAnOrder").click()
    await expect(page.get_by_role("region", name="Variables")).to_contain_text("ord_")
    order_id = re.findall(r"ord_\w+", await variables_of(page))[0]
    await run(page)
    events = page.get_by_role("region", name="Events").get_by_role("listitem")
    await expect(events).to_have_count(1)
    versions = [await change(running, order_id)]
    await expect(events).to_have_count(2)
    await page.get_by_role("button", name="Cut the connection").click()
    versions += [await change(running, order_id), await change(running, order_id)]
    await expect(page.get_by_role("region", name="Events").get_by_role("status")).to_have_text("cut")
    await expect(events).to_have_count(2)
    await page.get_by_role("button", name="Resume").click()
    await expect(events).to_have_count(4)
    texts = await events.all_inner_texts()
    assert [int(re.findall(r'"version":(\d+)', text)[0]) for text in texts[1:]] == versions
    assert await developer.violations("color-contrast", "label", "button-name", "select-name") == []


@contextmanager
def served_from_sources(running: Shop) -> Iterator[str]:
    """Have Vite serve GraphiQL before a shop, as `petplus up --dev-apps` does, but on a free port."""
    port = free_port()
    argv = [*dev_command("graphiql"), "--port", str(port)]
    with subprocess.Popen(
        argv, cwd=APPS, env=system_environment() | {"DEV_ROUTER_URL": running.url.removesuffix("/graphql")}
    ) as vite:
        try:
            yield f"http://127.0.0.1:{port}/graphiql/"
        finally:
            vite.terminate()


async def test_its_sources_are_served_with_a_log_in_and_answers(running: Shop, window: OpenWindow) -> None:
    with served_from_sources(running) as address:
        async with http_client() as client:

            async def is_served() -> bool:
                try:
                    return (await client.get(address)).status_code == 200
                except httpx.TransportError:
                    return False

            await eventually(is_served)
        developer = await window()
        developer.sends_text = True
        page = developer.page
        await page.goto(address)
        await page.get_by_label("Log in as").select_option("customer")
        await expect(page.get_by_label("Log in as")).to_be_enabled()
        # The editors come in hundreds of files, and what is run before they are there is nothing.
        await page.get_by_role("region", name="Result Window").get_by_role("textbox").wait_for()
        await page.locator(".graphiql-query-editor .view-line").first.wait_for()
        await run(page)
        await expect(page.get_by_role("region", name="Result Window")).to_contain_text("Clara Customer")


def test_it_keeps_to_its_budget_without_scripts_in_the_page(running: Shop) -> None:
    built = [
        path for path in (APPS / "graphiql" / "dist").rglob("*") if path.suffix in {".js", ".css", ".ttf", ".html"}
    ]
    assert 500_000 < sum(len(gzip.compress(path.read_bytes())) for path in built) < BUDGET
    page = (APPS / "graphiql" / "dist" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]* src=)", page) == []
