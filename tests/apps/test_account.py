"""What customers do with their account and their cart: passkeys, second factor, a copy, deletion, codes, currencies."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from shared.core.ids import new_id
from tests.apps.conftest import OpenWindow
from tests.apps.windows import PASSWORD, Window
from tests.support.accounts import open_account_at
from tests.support.second_factor import code_of
from tests.support.shop import Shop

CUSTOMER = "customer@allpetplus.example"
USER = "query ($id: ID!) { user(id: $id) { id } }"
PREFERENCES = "{ me { name preferences { locale currency theme marketingEmails } } }"
DISCOUNT = """
mutation ($code: String!) {
  discountCodeCreate(input: { code: $code, kind: PERCENTAGE, percent: 10 }) { __typename }
}"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def open_account(window: OpenWindow, part: str, email: str = CUSTOMER, **options: Any) -> Window:
    """Open a part of a customer's account."""
    customer = await window(**options)
    await customer.open(f"/account/{part}")
    await customer.log_in(email)
    await customer.page.get_by_role("heading", name="My account").wait_for()
    await customer.loaded()
    return customer


async def log_out(page: Page) -> None:
    """Log out, which leads to the form for the next log-in."""
    await page.get_by_role("button", name="Log out", exact=True).first.click()
    await page.get_by_role("heading", name="Log in").wait_for()


def section(page: Page, name: str) -> Locator:
    """Return a part of a page by its heading."""
    return page.get_by_role("region", name=name)


async def test_a_passkey_is_made_and_logs_in_without_a_password(running: Shop, window: OpenWindow) -> None:
    # Passkeys are made for a domain, and 127.0.0.1 is none.
    customer = await open_account(window, "security", base=f"http://localhost:{running.port}")
    page = customer.page
    browser = await page.context.new_cdp_session(page)
    await browser.send("WebAuthn.enable")
    await browser.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await section(page, "Passkeys").get_by_label("Name of the passkey").fill("My laptop")
    await section(page, "Passkeys").get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("The passkey is added.")).to_be_visible()
    await log_out(page)
    await page.get_by_role("button", name="Log in with a passkey").click()
    await page.get_by_role("heading", name="My account").wait_for()
    await expect(section(page, "Passkeys")).to_contain_text("Last used")
    await section(page, "Passkeys").get_by_role("button", name="Remove the passkey My laptop").click()
    await expect(section(page, "Passkeys").get_by_role("listitem")).to_have_count(0)
    await log_out(page)
    customer.expects_failures = True
    await page.get_by_role("button", name="Log in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("No passkey was used.")


async def test_a_second_factor_is_added_by_its_code_and_asked_for_at_the_next_log_in(window: OpenWindow) -> None:
    customer = await open_account(window, "security")
    page = customer.page
    factor = section(page, "Second factor")
    await factor.get_by_role("button", name="Add an app with codes").click()
    await factor.get_by_role("img", name="QR code for your app").wait_for()
    secret = await factor.locator("code").inner_text()
    await factor.get_by_label("Code", exact=True).fill("000000")
    await factor.get_by_role("button", name="Confirm").click()
    await expect(factor.get_by_text("This code is wrong or was used.")).to_be_visible()
    await factor.get_by_label("Code", exact=True).fill(code_of(secret))
    await factor.get_by_role("button", name="Confirm").click()
    shown = factor.get_by_role("status").get_by_role("listitem")
    await expect(shown).to_have_count(10)
    codes = await shown.all_inner_texts()
    await expect(factor).to_contain_text("10 recovery codes left")
    await log_out(page)
    await customer.log_in(CUSTOMER)
    await page.get_by_label("Code").fill(codes[0])
    await page.get_by_role("button", name="Log in", exact=True).click()
    await page.get_by_role("heading", name="My account").wait_for()
    await expect(factor).to_contain_text("9 recovery codes left")
    await factor.get_by_role("button", name="Make new ones").click()
    await expect(shown).to_have_count(10)
    fresh = await shown.all_inner_texts()
    assert len({*codes, *fresh}) == 20
    await factor.get_by_label("Code", exact=True).fill(fresh[0])
    await factor.get_by_role("button", name="Remove the second factor").click()
    await expect(factor.get_by_role("button", name="Add an app with codes")).to_be_visible()


async def test_profile_and_preferences_are_kept_and_followed_at_once(running: Shop, window: OpenWindow) -> None:
    customer = await open_account(window, "profile")
    page = customer.page
    name = page.get_by_label("Name", exact=True)
    await name.fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Clara Customer the second")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("It is saved.")).to_be_visible()
    await page.get_by_role("link", name="Preferences").click()
    form = page.get_by_role("main")
    await form.get_by_label("Language").select_option("de")
    await form.get_by_label("Currency").select_option("GBP")
    await form.get_by_label("Appearance").select_option("LIGHT")
    await form.get_by_label("News and offers").check()
    await form.get_by_role("button", name="Save").click()
    await page.get_by_role("heading", name="Mein Konto").wait_for()
    assert await page.evaluate("document.documentElement.dataset.theme") == "light"
    other = await window()
    await other.open("/log-in")
    await other.log_in(CUSTOMER)
    await expect(other.page.get_by_label("Appearance")).to_have_value("light")
    # What is shown is the currency of the cart.
    assert await other.page.evaluate("localStorage.getItem('petplus-currency')") == "GBP"
    token = await running.log_in("customer")
    assert (await running.execute(PREFERENCES, token)).data["me"] == {
        "name": "Clara Customer the second",
        "preferences": {"locale": "de", "currency": "GBP", "theme": "LIGHT", "marketingEmails": True},
    }


async def test_a_customer_takes_a_copy_and_deletes_the_account(
    running: Shop, window: OpenWindow, tmp_path: Path
) -> None:
    admin = await running.log_in("admin")
    account = await open_account_at(running, password=PASSWORD)
    customer = await open_account(window, "data", account.email)
    page = customer.page
    async with page.expect_download() as loading:
        await page.get_by_role("button", name="Load the copy").click()
    download = await loading.value
    await download.save_as(tmp_path / "copy.json")
    copy = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert (download.suggested_filename, copy["account"]["profile"]["id"]) == (f"{account.id}.json", account.id)
    assert {"designs", "orders", "experiments"} < set(copy)
    await page.get_by_role("button", name="Delete the account").click()
    dialog = page.get_by_role("dialog", name="Delete the account")
    await dialog.get_by_label("Your password").fill("not this one")
    await dialog.get_by_role("button", name="Delete it for good").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("This password is wrong.")
    assert (await running.execute(USER, admin, id=account.id)).data["user"] is not None
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete it for good").click()
    await page.get_by_role("heading", name="Log in").wait_for()
    assert (await running.execute(USER, admin, id=account.id)).body["data"] == {"user": None}


async def test_a_cart_keeps_its_currency_and_takes_a_discount_code(running: Shop, window: OpenWindow) -> None:
    code = new_id("spring")[-12:].upper()
    await running.execute(DISCOUNT, await running.log_in("admin"), code=code)
    guest = await window()
    page = guest.page
    await guest.open("/")
    await page.get_by_label("Currency").select_option("GBP")
    await expect(page.get_by_role("link", name=re.compile("^Collar from £"))).to_be_visible()
    await page.get_by_role("searchbox", name="Search designs").fill("Harbour")
    await page.get_by_role("link", name=re.compile("Harbour Stripe Collar.*£")).click()
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_label("Currency")).to_be_disabled()
    await page.get_by_label("Discount code").fill("NOTHING-LIKE-IT")
    await page.get_by_role("button", name="Use it").click()
    await expect(page.get_by_label("Discount code")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Discount code").fill(code)
    await page.get_by_role("button", name="Use it").click()
    discount = page.get_by_role("complementary").get_by_text(re.compile("^\u2212£"))
    await expect(discount).to_be_visible()
    await page.get_by_role("button", name=f"Use the code {code} no more").click()
    await expect(discount).to_be_hidden()
