"""A stranger designs a collar and buys it; staff send it, and the customer sees that as it happens."""

import re
from collections.abc import Mapping

from playwright.async_api import expect

from shared.core.ids import new_id
from tests.apps.conftest import OpenWindow
from tests.apps.windows import Window
from tests.supergraph.story import mails_to
from tests.support.accounts import token_in
from tests.support.shop import Shop
from tests.support.waiting import eventually

ADDRESS = {"Name": "Sam Story", "Street and number": "Main Street 1", "Postal code": "10115", "City": "Berlin"}
PASSWORD = "correct horse battery"


async def design(window: Window) -> None:
    """Choose a leather collar with a name; a text that is too long is refused at its field."""
    page = window.page
    await window.open("/")
    await page.get_by_role("link", name="Collar from").click()
    await page.get_by_role("radio", name="Leather").check()
    await page.get_by_role("button", name="Add a text").click()
    content = page.get_by_label("What it says")
    await content.fill("Rexington of the endless meadows")
    await expect(content).to_have_attribute("aria-invalid", "true")
    await content.fill("Rex")
    await expect(content).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("region", name="Price")).to_contain_text("Leather")


async def open_account(running: Shop, window: Window, email: str) -> None:
    """Register, and follow the link of the mail."""
    page = window.page
    await page.get_by_role("link", name="Log in to order it").click()
    await page.get_by_role("link", name="Open an account").click()
    await page.get_by_label("Name").fill("Sam Story")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()

    async def link() -> str:
        return next((f"/open-account#token={token_in(mail)}" for mail in mails_to(running, email)), "")

    await window.open(await eventually(link))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open the account").click()
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    await window.log_in(email, PASSWORD)
    await expect(page.get_by_role("heading", name="My account")).to_be_visible()


async def order(window: Window) -> str:
    """Save the draft, which waited, and order it; returns the number of the order."""
    page = window.page
    await page.goto(f"{window.base}/build/COLLAR")
    await expect(page.get_by_label("What it says")).to_have_value("Rex")
    await page.get_by_role("button", name="Save and add to cart").click()
    await page.get_by_role("link", name="Check out").click()
    return await check_out(window, ADDRESS)


async def check_out(window: Window, given: Mapping[str, str]) -> str:
    """Fill in the address, and place the order; returns its number."""
    page = window.page
    for label, text in given.items():
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name="Continue to shipping").click()
    await page.get_by_role("button", name="Place the order").click()
    title = page.get_by_role("heading", name=re.compile(r"Order AP-\d+"))
    return (await title.inner_text()).removeprefix("Order ")


async def pay(window: Window) -> None:
    """Pay on the provider's page, which opens beside, with a card that the bank has confirmed (3-D Secure)."""
    async with window.page.context.expect_page() as opening:
        await window.page.get_by_role("link", name=re.compile("^Pay")).click()
    payment = await opening.value
    await payment.get_by_label(re.compile("3-D Secure")).check()
    await payment.get_by_role("button", name=re.compile("^Pay")).click()
    await payment.get_by_role("button", name="Approve").click()
    await expect(payment.get_by_role("heading", name="Your payment is made")).to_be_visible()
    await payment.close()


async def test_a_new_customer_buys_a_collar_and_sees_it_shipped(running: Shop, window: OpenWindow) -> None:
    customer, admin = await window(), await window()
    email = f"{new_id('sam')}@story.example"
    await design(customer)
    await open_account(running, customer, email)
    number = await order(customer)
    await customer.page.evaluate("window.wasNotReloaded = true")

    await admin.open("/admin")
    await admin.log_in("admin@allpetplus.example")
    row = admin.page.get_by_role("row", name=re.compile(number))
    await expect(row).to_contain_text("Awaiting payment")
    await pay(customer)
    await expect(customer.page.get_by_role("status").get_by_text("Paid")).to_be_visible()
    await expect(row).to_contain_text("Paid")

    await row.get_by_role("link", name=number).click()
    await admin.page.get_by_role("button", name="Move to In production").click()
    await expect(customer.page.get_by_role("status").get_by_text("Being made")).to_be_visible()
    await admin.page.get_by_role("button", name="Send a parcel").click()
    await admin.page.get_by_label("Tracking number").fill(new_id("track")[-20:].upper())
    await admin.page.get_by_role("dialog").get_by_role("button", name="Send a parcel").click()
    await admin.page.get_by_role("button", name="Move to Shipped").click()
    await expect(customer.page.get_by_role("status").get_by_text("On its way")).to_be_visible()
    await expect(customer.page.get_by_role("region", name="Parcels")).to_contain_text("DHL")
    assert await customer.page.evaluate("window.wasNotReloaded")


async def test_a_guest_buys_a_design_of_ours_and_follows_the_order(window: OpenWindow) -> None:
    guest = await window()
    page = guest.page
    await guest.open("/")
    await page.get_by_role("searchbox", name="Search designs").fill("Harbour")
    await page.get_by_role("link", name=re.compile("Harbour Stripe Collar")).click()
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_label("Pieces of Harbour Stripe Collar").select_option("2")
    await expect(page.get_by_role("link", name="Cart, 2 items")).to_be_visible()
    await page.get_by_role("link", name="Check out").click()
    email = f"{new_id('gus')}@story.example"
    number = await check_out(guest, {**ADDRESS, "E-mail address": email})
    await expect(page.get_by_role("link", name="Cart, 0 items")).to_be_visible()
    await pay(guest)
    await expect(page.get_by_role("status").get_by_text("Paid")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name=f"Order {number}")).to_be_visible()

    await page.get_by_role("button", name="Look for another order").click()
    await page.get_by_label("Order number").fill(number)
    await page.get_by_label("E-mail address of the order").fill("nobody@story.example")
    await page.get_by_role("button", name="Find the order").click()
    await expect(page.get_by_text("There is no order with this number and address.")).to_be_visible()
