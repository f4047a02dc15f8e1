"""Drafts of experiments in the admin: changed in a dialog, refused at the field, a conflict shown as a difference."""

import re

from playwright.async_api import expect

from shared.core.ids import new_id
from tests.apps.admin import open_admin
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop

DRAFT = """
mutation ($key: String!) {
  experimentCreate(input: {
    key: $key, name: "Rounder buttons", variants: [{ key: "control", weight: 0.5 }, { key: "round", weight: 0.5 }]
  }) { ... on ExperimentCreateSuccess { experiment { id version } } }
}"""
RENAME = """
mutation ($id: ID!, $version: Int!) {
  experimentUpdate(input: { id: $id, version: $version, name: "Round buttons", hypothesis: "More orders" }) {
    __typename
  }
}"""
READ = """
query ($id: ID!) {
  experiment(id: $id) { name hypothesis coverage version variants { key weight } }
}"""
VARIANTS = [{"key": "control", "weight": 0.5}, {"key": "round", "weight": 0.5}]


async def make_draft(running: Shop, token: str) -> tuple[str, int]:
    """Return the id and the version of a new draft."""
    made = (await running.execute(DRAFT, token, key=new_id("key"))).data["experimentCreate"]["experiment"]
    return made["id"], made["version"]


async def test_a_draft_is_changed_and_what_is_refused_is_said_at_its_field(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    experiment, _ = await make_draft(running, admin)
    staff = await open_admin(window, f"/experiments/{experiment}", viewport={"width": 360, "height": 800})
    page = staff.page
    await page.get_by_role("button", name="Change the draft").click()
    dialog = page.get_by_role("dialog", name="Change the draft")
    await dialog.get_by_label("What it is expected to show").fill("More orders")
    await dialog.get_by_label("Share of all subjects, in %").fill("12.5")
    await dialog.get_by_role("button", name="Add a variant").click()
    await dialog.get_by_label("Key of variant 3").fill("Wrong Key")
    await dialog.get_by_label("Share of variant 3, in %").fill("a half")
    save = dialog.get_by_role("button", name="Save the draft")
    await save.click()
    for label in ("Key of variant 3", "Share of variant 3, in %"):
        await expect(dialog.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    assert await staff.violations() == []
    assert not await staff.scrolls_sideways()
    assert (await running.execute(READ, admin, id=experiment)).data["experiment"]["variants"] == VARIANTS
    await dialog.get_by_role("button", name="Remove variant 3").click()
    await save.click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("12.5%")).to_be_visible()
    changed = (await running.execute(READ, admin, id=experiment)).data["experiment"]
    assert (changed["hypothesis"], changed["coverage"], changed["variants"]) == ("More orders", 0.125, VARIANTS)


async def test_a_draft_that_somebody_else_changed_is_shown_as_a_difference_and_can_be_overruled(
    running: Shop, window: OpenWindow
) -> None:
    admin = await running.log_in("admin")
    experiment, version = await make_draft(running, admin)
    staff = await open_admin(window, f"/experiments/{experiment}")
    page = staff.page
    await page.get_by_role("button", name="Change the draft").click()
    await page.get_by_label("Name", exact=True).fill("Buttons without corners")
    renamed = await running.execute(RENAME, admin, id=experiment, version=version)
    assert renamed.data["experimentUpdate"]["__typename"] == "ExperimentUpdateSuccess"
    await page.get_by_role("button", name="Save the draft").click()
    conflict = page.get_by_role("dialog", name="Somebody else changed this draft")
    row = conflict.get_by_role("row", name=re.compile("^Name"))
    await expect(row).to_contain_text("Buttons without corners")
    await expect(row).to_contain_text("Round buttons")
    await expect(conflict.get_by_role("row", name=re.compile("expected to show"))).to_contain_text("More orders")
    assert (await running.execute(READ, admin, id=experiment)).data["experiment"]["name"] == "Round buttons"
    await conflict.get_by_role("button", name="Do mine all the same").click()
    await expect(page.get_by_role("heading", name="Buttons without corners")).to_be_visible()
    kept = (await running.execute(READ, admin, id=experiment)).data["experiment"]
    assert (kept["name"], kept["hypothesis"]) == ("Buttons without corners", "More orders")
    assert kept["version"] == version + 2


async def test_support_sees_a_draft_and_cannot_change_it(running: Shop, window: OpenWindow) -> None:
    experiment, _ = await make_draft(running, await running.log_in("admin"))
    staff = await open_admin(window, f"/experiments/{experiment}", "support")
    await expect(staff.page.get_by_role("heading", name="Rounder buttons")).to_be_visible()
    await expect(staff.page.get_by_role("button", name="Change the draft")).to_have_count(0)
