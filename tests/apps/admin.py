"""The admin in a window: opened by staff, and with answers that the shop does not give."""

import json
from typing import Any

from playwright.async_api import Route

from tests.apps.conftest import OpenWindow
from tests.apps.windows import Window


async def open_admin(window: OpenWindow, path: str, name: str = "admin", **options: object) -> Window:
    """Open a page of the admin as an admin, or as the demo account of another name."""
    staff = await window(**options)
    await staff.open(f"/admin{path}")
    await staff.log_in(f"{name}@allpetplus.example")
    await staff.page.get_by_role("button", name="Log out").wait_for()
    await staff.loaded()
    return staff


async def instead_of_an_answer(staff: Window, field: str, answer: Any) -> None:
    """Let the next answer with a field be another."""
    is_answered = False

    async def answers(route: Route) -> None:
        nonlocal is_answered
        if is_answered or field not in (route.request.post_data or ""):
            await route.continue_()
            return
        is_answered = True
        await route.fulfill(content_type="application/json", body=json.dumps({"data": answer}))

    await staff.page.route("**/graphql", answers)
