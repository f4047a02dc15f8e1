"""The users page of the admin: found by time and by suspension, suspended with a reason, and reinstated."""

import datetime as dt
import re

from playwright.async_api import expect

from tests.apps.admin import instead_of_an_answer, open_admin
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop

CUSTOMERS = "{ users(filter: { role: CUSTOMER }, first: 10) { nodes { id name email createdAt } } }"
COUNT = "query ($from: DateTime) { users(filter: { createdFrom: $from }, first: 1) { totalCount } }"
SUSPENSION = "query ($id: ID!) { user(id: $id) { suspendedAt suspensionReason } }"
ME = "{ me { id } }"
FREE = {"suspendedAt": None, "suspensionReason": None}
UNPROVED = {
    "__typename": "ReauthenticationProblem",
    "code": "INSUFFICIENT_USER_AUTHENTICATION",
    "message": "Prove who you are first.",
}


async def test_an_account_is_suspended_with_a_reason_found_by_it_and_reinstated(
    running: Shop, window: OpenWindow
) -> None:
    admin = await running.log_in("admin")
    user = (await running.execute(CUSTOMERS, admin)).data["users"]["nodes"][-1]
    staff = await open_admin(window, f"/users/{user['id']}")
    page = staff.page
    suspension = page.get_by_role("region", name="Suspension")
    await suspension.get_by_role("button", name="Suspend the account").click()
    dialog = page.get_by_role("dialog", name="Suspend the account")
    confirm = dialog.get_by_role("button", name="Suspend the account")
    await expect(confirm).to_be_disabled()
    await dialog.get_by_label("Reason").fill("Chargebacks")
    # Who declines to prove who they are changes nothing.
    await instead_of_an_answer(staff, "Chargebacks", {"userSuspend": UNPROVED})
    await confirm.click()
    await page.get_by_role("dialog", name="Is it still you?").get_by_role("button", name="Close").click()
    assert (await running.execute(SUSPENSION, admin, id=user["id"])).data["user"] == FREE
    await suspension.get_by_role("button", name="Suspend the account").click()
    await expect(dialog.get_by_label("Reason")).to_have_value("Chargebacks")
    await confirm.click()
    await expect(suspension).to_contain_text("Chargebacks")
    suspended = (await running.execute(SUSPENSION, admin, id=user["id"])).data["user"]
    assert suspended["suspendedAt"] is not None
    assert suspended["suspensionReason"] == "Chargebacks"

    await page.get_by_role("link", name="All users").click()
    await page.get_by_label("Suspended").select_option("yes")
    await expect(page).to_have_url(re.compile("suspended=yes$"))
    await expect(page.get_by_text("1 user", exact=True)).to_be_visible()
    await page.get_by_role("table", name="Users").get_by_role("link", name=user["name"]).click()
    await suspension.get_by_role("button", name="Reinstate the account").click()
    await expect(suspension.get_by_role("button", name="Suspend the account")).to_be_visible()
    assert (await running.execute(SUSPENSION, admin, id=user["id"])).data["user"] == FREE


async def test_users_are_found_by_the_day_since_which_there_are(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    users = (await running.execute(CUSTOMERS, admin)).data["users"]["nodes"]
    since = dt.datetime.fromisoformat(users[5]["createdAt"]).date()
    midnight = dt.datetime.combine(since, dt.time(), dt.UTC)
    found = (await running.execute(COUNT, admin, **{"from": midnight.isoformat()})).data["users"]["totalCount"]
    assert found >= 6
    staff = await open_admin(window, "/users", timezone_id="UTC")
    page = staff.page
    await page.get_by_label("Since, from").fill(since.isoformat())
    await expect(page.get_by_text(f"{found:,} users", exact=True)).to_be_visible()
    await page.get_by_label("Since, to").fill((since - dt.timedelta(days=1)).isoformat())
    await expect(page.get_by_role("heading", name="No user fits")).to_be_visible()
    await page.get_by_role("button", name="Show all").click()
    await expect(page.get_by_label("Since, from")).to_have_value("")


async def test_nobody_suspends_themselves_and_support_suspends_nobody(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    me = (await running.execute(ME, admin)).data["me"]
    staff = await open_admin(window, f"/users/{me['id']}")
    await expect(staff.page.get_by_role("region", name="Suspension")).to_contain_text("Your own account")
    await expect(staff.page.get_by_role("button", name="Suspend the account")).to_have_count(0)
    support = await open_admin(window, f"/users/{me['id']}", "support")
    await expect(support.page.get_by_role("region", name=re.compile("order"))).to_be_visible()
    await expect(support.page.get_by_role("region", name="Suspension")).to_have_count(0)
