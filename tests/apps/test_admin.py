"""What staff do in the admin beside single orders: long lists, bulk moves, roles, the log, experiments and exports."""

import datetime as dt
import json
import re

import orjson
from playwright.async_api import expect

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from tests.apps.admin import instead_of_an_answer, open_admin
from tests.apps.conftest import OpenWindow
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.support.waiting import eventually
from tests.webhook.senders import shopify

ORDERS = """
query ($status: [OrderStatus!], $first: Int!) {
  orders(filter: { status: $status }, first: $first) { totalCount nodes { id number } }
}"""
STATUS = "query ($ids: [ID!]) { orders(filter: { ids: $ids }) { nodes { id status } } }"
CUSTOMERS = "{ users(filter: { role: CUSTOMER }, first: 5) { nodes { id name roles } } }"
ROLES = "query ($id: ID!) { user(id: $id) { roles } }"
LAST_PRESET = "{ presets(sort: NAME, last: 1) { nodes { id name } } }"
PRESET = "query ($id: ID!) { preset(id: $id) { name archivedAt } }"
DRAFT = """
mutation ($key: String!) {
  experimentCreate(input: {
    key: $key, name: "Larger pictures", variants: [{ key: "control", weight: 0.5 }, { key: "large", weight: 0.5 }]
  }) { ... on ExperimentCreateSuccess { experiment { id } } }
}"""
EXPERIMENT = "query ($id: ID!) { experiment(id: $id) { status } }"
ON_SALE = "{ products { handle } }"
OFF_SALE = "custom-bandana"
UNPROVED = {
    "__typename": "ReauthenticationProblem",
    "code": "INSUFFICIENT_USER_AUTHENTICATION",
    "message": "Prove who you are first.",
}
MISMATCH = {
    "__typename": "Conversion",
    "sampleRatio": {"__typename": "SampleRatio", "pValue": 0.0004, "mismatch": True},
    "groups": [
        {
            "__typename": "ConversionGroup",
            "variant": variant,
            "subjects": subjects,
            "converted": subjects // 10,
            "rate": 0.1,
            "interval": {"__typename": "ConfidenceInterval", "low": 0.08, "high": 0.12},
            "comparison": None,
        }
        for variant, subjects in (("control", 900), ("large", 1100))
    ],
}


async def test_a_list_that_is_scrolled_to_its_end_shows_every_order_and_keeps_few_rows(
    running: Shop, window: OpenWindow
) -> None:
    support = await running.log_in("support")
    total = (await running.execute(ORDERS, support, first=1)).data["orders"]["totalCount"]
    assert total > 200
    staff = await open_admin(window, "/orders?sort=OLDEST")
    table = staff.page.get_by_role("table", name="Orders")
    rows = table.locator("tr[aria-rowindex]")
    seen: set[int] = set()
    most = 0
    while total + 1 not in seen:
        found: list[str] = await rows.evaluate_all("rows => rows.map((row) => row.ariaRowIndex)")
        most = max(most, len(found))
        seen |= {int(each) for each in found}
        await staff.page.mouse.wheel(0, 800)
        await staff.loaded()
    assert seen == set(range(2, total + 2))
    assert most <= 200
    await expect(table).to_have_attribute("aria-rowcount", str(total + 1))
    await expect(staff.page.get_by_text("These are all.")).to_be_visible()
    await staff.page.keyboard.press("Home")
    await expect(rows.first).to_have_attribute("aria-rowindex", "2")


async def test_orders_are_moved_together_and_each_tells_what_came_of_it(running: Shop, window: OpenWindow) -> None:
    support = await running.log_in("support")
    staff = await open_admin(window, "/orders?status=PAID")
    page = staff.page
    chosen = []
    for status, tab in (("PAID", "Paid"), ("IN_PRODUCTION", "In production")):
        # The last of the first page: other tests take the first ones.
        found = (await running.execute(ORDERS, support, status=[status], first=20)).data["orders"]
        await page.get_by_role("link", name=re.compile(rf"^{tab} \d")).click()
        await expect(page).to_have_url(re.compile(f"status={status}$"))
        await expect(page.get_by_text(f"{found['totalCount']} orders", exact=True)).to_be_visible()
        chosen.append(found["nodes"][-1])
        await page.get_by_role("checkbox", name=f"Select {chosen[-1]['number']}").check()
    bulk = page.get_by_role("region", name="Selected orders")
    await expect(bulk).to_contain_text("2 orders selected")
    await bulk.get_by_label("Move to").select_option("IN_PRODUCTION")
    await bulk.get_by_role("button", name="Move them").click()
    dialog = page.get_by_role("dialog", name="1 of 2 moved")
    await expect(dialog.get_by_role("row", name=re.compile(chosen[0]["number"]))).to_contain_text("Moved")
    await expect(dialog.get_by_role("row", name=re.compile(chosen[1]["number"]))).to_contain_text("cannot become")
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(bulk).to_contain_text("1 order selected")
    ids = [each["id"] for each in chosen]
    after = (await running.execute(STATUS, support, ids=ids)).data["orders"]["nodes"]
    assert {each["status"] for each in after} == {"IN_PRODUCTION"}


async def test_a_view_is_kept_under_its_name_and_removed(window: OpenWindow) -> None:
    staff = await open_admin(window, "/orders?status=ON_HOLD&sort=TOTAL_HIGHEST")
    page = staff.page
    await page.get_by_role("button", name="Save this view").click()
    await page.get_by_label("Name of the view").fill("Dear and held")
    await page.get_by_role("button", name="Save", exact=True).click()
    await staff.open("/admin/orders")
    await page.get_by_role("link", name="Dear and held").click()
    await expect(page).to_have_url(re.compile(r"status=ON_HOLD&sort=TOTAL_HIGHEST$"))
    await expect(page.get_by_label("Sort")).to_have_value("TOTAL_HIGHEST")
    await page.get_by_role("button", name="Remove the view Dear and held").click()
    await expect(page.get_by_role("link", name="Dear and held")).to_have_count(0)


async def test_roles_are_set_by_who_proves_who_they_are(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    user = (await running.execute(CUSTOMERS, admin)).data["users"]["nodes"][0]
    staff = await open_admin(window, f"/users/{user['id']}")
    page = staff.page
    await instead_of_an_answer(staff, '"roles"', {"userRolesSet": UNPROVED})
    await page.get_by_role("checkbox", name="Support").check()
    await page.get_by_role("button", name="Set the roles").click()
    proof = page.get_by_role("dialog", name="Is it still you?")
    assert (await running.execute(ROLES, admin, id=user["id"])).data["user"]["roles"] == ["CUSTOMER"]
    await proof.get_by_label("Your password").fill("pets-are-family")
    await proof.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("The roles are set.")).to_be_visible()
    assert (await running.execute(ROLES, admin, id=user["id"])).data["user"]["roles"] == ["CUSTOMER", "SUPPORT"]
    await expect(page.get_by_role("table", name="Audit trail")).to_contain_text("user.")


async def test_the_log_is_verified_and_a_preset_leaves_the_shop(running: Shop, window: OpenWindow) -> None:
    staff = await open_admin(window, "/audit")
    page = staff.page
    await page.get_by_role("button", name="Verify the log").click()
    verdict = page.get_by_role("status").get_by_text(re.compile(r"^All [\d,]+ entries are intact\.$"))
    await expect(verdict).to_be_visible()
    [preset] = (await running.execute(LAST_PRESET)).data["presets"]["nodes"]
    await page.get_by_role("link", name="Catalogue").click()
    search = page.get_by_role("searchbox", name="Name")
    await search.fill(preset["name"])
    await page.get_by_role("button", name=f"Edit {preset['name']}").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Zebra Collar")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await search.fill("Zebra")
    await page.get_by_role("button", name="Archive Zebra Collar").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive", exact=True).click()
    await expect(page.get_by_role("heading", name="No preset fits")).to_be_visible()
    after = (await running.execute(PRESET, id=preset["id"])).data["preset"]
    assert (after["name"], after["archivedAt"] is not None) == ("Zebra Collar", True)


async def report_product(running: Shop, status: str) -> None:
    """Have the shop that is mirrored put a product on sale or off it."""
    port = registry.port_of("webhook", Settings(home=running.home, port=running.port))
    now = dt.datetime.now(dt.UTC).isoformat()
    product = {"id": 4711, "handle": OFF_SALE, "title": "Custom Bandana", "status": status, "updated_at": now}
    body = orjson.dumps(product)
    async with http_client() as sender:
        headers = shopify(body, x_shopify_topic="products/update", x_shopify_triggered_at=now)
        answer = await sender.post(f"http://127.0.0.1:{port}/webhooks/shopify/products", content=body, headers=headers)
    assert answer.json() == {"status": "received"}

    async def is_followed() -> bool:
        listed = (await running.execute(ON_SALE)).data["products"]
        return (OFF_SALE in {each["handle"] for each in listed}) == (status == "active")

    await eventually(is_followed)


async def test_a_product_that_is_off_sale_is_listed_as_such(running: Shop, window: OpenWindow) -> None:
    await report_product(running, "draft")
    staff = await open_admin(window, "/catalogue")
    row = staff.page.get_by_role("table", name="Products").get_by_role("row").filter(has_text=OFF_SALE)
    await expect(row).to_contain_text("No")
    await report_product(running, "active")
    await staff.open("/admin/catalogue")
    await expect(row).to_contain_text("Yes")


async def test_an_experiment_is_started_and_stopped_and_warns_of_uneven_groups(
    running: Shop, window: OpenWindow
) -> None:
    admin = await running.log_in("admin")
    made = (await running.execute(DRAFT, admin, key=new_id("key"))).data["experimentCreate"]["experiment"]
    staff = await open_admin(window, "/experiments")
    page = staff.page
    await instead_of_an_answer(staff, '"goal"', {"reports": {"__typename": "Reports", "conversionRate": MISMATCH}})
    await page.get_by_role("link", name="Larger pictures").click()
    for action, status in (("Start", "RUNNING"), ("Stop", "STOPPED")):
        await page.get_by_role("button", name=f"{action} the experiment").click()
        await page.get_by_role("dialog").get_by_role("button", name=f"{action} the experiment").click()
        await expect(page.get_by_role("status").get_by_text(status.title(), exact=True)).to_be_visible()
        assert (await running.execute(EXPERIMENT, admin, id=made["id"])).data["experiment"]["status"] == status
    await expect(page.get_by_role("alert").get_by_text("0%")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("^large"))).to_contain_text("8% \u2013 12%")


async def test_an_export_is_made_and_its_file_can_be_loaded(window: OpenWindow) -> None:
    staff = await open_admin(window, "/exports")
    page = staff.page
    await page.get_by_label("Format").select_option("NDJSON")
    await page.get_by_label("Event").fill("order.created")
    await page.get_by_role("button", name="Export the events").click()
    row = page.get_by_role("table", name="Exports").get_by_role("row").nth(1)
    await expect(row).to_contain_text("Done")
    link = await row.get_by_role("link", name="Download").get_attribute("href")
    answer = await page.request.get(str(link))
    lines = (await answer.text()).splitlines()
    assert {json.loads(line)["name"] for line in lines} == {"order.created"}
    await expect(row).to_contain_text(f"{len(lines):,}")
