"""One shop and one browser for all tests of the apps. Each test has windows of its own, which must have no faults."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from petplus.local.apps import APPS
from petplus.local.node import ROUTER, ensure_modules
from tests.apps.windows import Window, open_window
from tests.support.shop import Shop, reachable, shop
from tests.support.waiting import TEST_TIMEOUT
from tools.browser import FLAGS, NO_BROWSER, find_browser

OpenWindow = Callable[..., Awaitable[Window]]


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A seeded shop, which serves the apps as they are built."""
    ensure_modules(APPS, "what builds and checks the apps", for_tests=True)
    home = reachable(tmp_path_factory.mktemp("shop"))
    with shop(home, "--no-seed") as up:
        up.seed(orders=260)
        yield up


@pytest_asyncio.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, which must be installed."""
    path = find_browser()
    if path is None:
        pytest.fail(NO_BROWSER)
    expect.set_options(timeout=TEST_TIMEOUT * 1000)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
def trusted() -> frozenset[str]:
    """The ids of the operations that the router knows."""
    manifest = json.loads((ROUTER / "operations" / "manifest.json").read_text(encoding="utf-8"))
    return frozenset(f"sha256:{operation['id']}" for operation in manifest["operations"])


@pytest_asyncio.fixture
async def window(running: Shop, browser: Browser, trusted: frozenset[str]) -> AsyncIterator[OpenWindow]:
    """Opens windows, each with a storage of its own. At the end of the test none may have had a fault."""
    opened: list[Window] = []
    async with AsyncExitStack() as stack:

        async def opens(**options: object) -> Window:
            base = str(options.pop("base", running.url.removesuffix("/graphql")))
            found = await stack.enter_async_context(open_window(browser, base, **options))
            opened.append(found)
            return found

        yield opens
        faults = [fault for each in opened for fault in each.faults]
        sent = {each for each_window in opened for each in each_window.sent}
    assert faults == []
    # Production runs these and no others.
    assert sent - trusted == set()
