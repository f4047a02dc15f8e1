"""The analytics of the admin: each picture has a table that says what the graph says."""

import datetime as dt
from collections import defaultdict
from typing import Any

from playwright.async_api import expect

from tests.apps.admin import open_admin
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop
from tests.support.waiting import eventually

REPORTS = """
query ($from: Date!, $to: Date!) {
  reports {
    revenue(from: $from, to: $to) { orders total { amount currencyCode } }
    recorded: revenue(from: $from, to: $to, basis: EVENTS) { orders total { amount currencyCode } }
    cohortRetention(from: $from, to: $to) { subjects weeks { share } }
  }
}"""
CELLS = "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"


async def read(running: Shop, days: int) -> Any:
    """Return the reports of the last days, today's included, once all that was recorded is counted."""
    to = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    given = {"from": (to - dt.timedelta(days=days)).isoformat(), "to": to.isoformat()}
    token = await running.log_in("support")
    found: Any = None

    async def is_counted() -> bool:
        nonlocal found
        found = (await running.execute(REPORTS, token, **given)).data["reports"]
        return bool(found["revenue"]) and bool(found["revenue"] == found["recorded"])

    await eventually(is_counted)
    return found


async def test_revenue_is_shown_by_day_and_currency(running: Shop, window: OpenWindow) -> None:
    expected: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for each in (await read(running, 90))["revenue"]:
        expected[each["total"]["currencyCode"]].append((each["orders"], float(each["total"]["amount"])))
    assert expected
    staff = await open_admin(window, "/analytics?days=90", "support")
    page = staff.page
    revenue = page.get_by_role("region", name="Revenue")
    await expect(revenue.get_by_role("figure")).to_have_count(len(expected))
    for currency, days in expected.items():
        name = f"Revenue by day in {currency}, less refunds"
        figure = revenue.get_by_role("figure", name=name)
        await expect(figure.get_by_role("img", name=name).locator("rect")).to_have_count(len(days))
        await figure.get_by_text("As a table").click()
        rows: list[list[str]] = await figure.get_by_role("table").locator("tbody tr").evaluate_all(CELLS)
        shown = [(int(cells[1]), float("".join(each for each in cells[2] if each in "-.0123456789"))) for cells in rows]
        assert shown == days, currency
    assert await staff.violations() == []


async def test_cohorts_are_shown_by_the_weeks_after_their_first(running: Shop, window: OpenWindow) -> None:
    found = (await read(running, 90))["cohortRetention"]
    expected = [each for each in found if each["subjects"] > 0]
    assert expected
    staff = await open_admin(window, "/analytics?days=90", "support", viewport={"width": 360, "height": 800})
    table = staff.page.get_by_role("region", name="Who comes again").get_by_role("table")
    rows: list[list[str]] = await table.locator("tbody tr").evaluate_all(CELLS)
    assert [row[1] for row in rows] == [f"{each['subjects']:,}" for each in expected]
    for row, cohort in zip(rows, expected, strict=True):
        shares = [float(cell.rstrip("… ").rstrip("%")) for cell in row[2:] if cell]
        assert shares == [round(week["share"] * 100, 1) for week in cohort["weeks"]]
    assert not await staff.scrolls_sideways()
