"""What customers keep in their account: addresses for the checkout, pets for the size, and a picture."""

from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page, expect

from tests.apps.conftest import OpenWindow
from tests.apps.test_account import open_account
from tests.apps.windows import PASSWORD, Window
from tests.support.accounts import open_account_at
from tests.support.shop import Shop
from tests.support.waiting import eventually

SHOWN_WIDTH = 256
NARROW = {"width": 360, "height": 800}
MINE = """{ me { avatarUrl
  addresses { label recipient city countryCode isDefault }
  pets { name species breed measures { neck { millimetres } weight { grams } } } } }"""
LOG_IN = """mutation ($email: String!, $password: String!) {
  sessionCreate(input: { email: $email, password: $password }) { ... on SessionCreateSuccess { accessToken } } }"""


async def stored(running: Shop, email: str) -> dict[str, Any]:
    """Return what the shop holds of the customer."""
    session = await running.execute(LOG_IN, email=email, password=PASSWORD)
    me: dict[str, Any] = (await running.execute(MINE, session.data["sessionCreate"]["accessToken"])).data["me"]
    return me


async def customer_at(running: Shop, window: OpenWindow, part: str, **options: Any) -> tuple[Window, str]:
    """Open a part of a new account, and return its e-mail address too."""
    account = await open_account_at(running, password=PASSWORD)
    return await open_account(window, part, account.email, **options), account.email


async def no_barriers(opened: Window) -> None:
    """The dialog that is open has no barriers and fits into a narrow window."""
    assert await opened.violations() == []
    assert not await opened.scrolls_sideways()


async def add_address(page: Page, label: str, city: str) -> None:
    await page.get_by_role("button", name="Add an address").click()
    dialog = page.get_by_role("dialog", name="Add an address")
    await dialog.get_by_label("Name of the address").fill(label)
    await dialog.get_by_label("Name", exact=True).fill("Clara Customer")
    await dialog.get_by_label("Street and number").fill("Main Street 1")
    await dialog.get_by_label("Postal code").fill("10115")
    await dialog.get_by_label("City").fill(city)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()


async def test_addresses_are_kept_and_offered_at_checkout(running: Shop, window: OpenWindow) -> None:
    customer, email = await customer_at(running, window, "addresses", viewport=NARROW)
    page = customer.page
    await page.get_by_role("button", name="Add an address").click()
    dialog = page.get_by_role("dialog", name="Add an address")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_label("City")).to_have_attribute("aria-invalid", "true")
    await no_barriers(customer)
    await page.keyboard.press("Escape")
    assert (await stored(running, email))["addresses"] == []
    await add_address(page, "Home", "Berlin")
    await add_address(page, "Work", "Hamburg")
    await expect(page.get_by_role("listitem").filter(has_text="Berlin")).to_contain_text("Offered first")
    await page.get_by_role("button", name="Offer first: Work").click()
    await expect(page.get_by_role("listitem").filter(has_text="Hamburg")).to_contain_text("Offered first")
    await page.get_by_role("button", name="Change Home").click()
    dialog = page.get_by_role("dialog", name="Change the address")
    await expect(dialog.get_by_label("City")).to_have_value("Berlin")
    await dialog.get_by_label("City").fill("Potsdam")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("listitem").filter(has_text="Home")).to_contain_text("Potsdam")
    kept = {"recipient": "Clara Customer", "countryCode": "DE"}
    assert (await stored(running, email))["addresses"] == [
        {"label": "Home", "city": "Potsdam", "isDefault": False, **kept},
        {"label": "Work", "city": "Hamburg", "isDefault": True, **kept},
    ]
    await customer.open("/")
    await page.get_by_role("searchbox", name="Search designs").fill("Harbour")
    await page.get_by_role("link", name="Harbour Stripe Collar").click()
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("link", name="Check out").click()
    await expect(page.get_by_label("City")).to_have_value("Hamburg")
    await page.get_by_label("One of your addresses").select_option("Home")
    await expect(page.get_by_label("City")).to_have_value("Potsdam")
    await page.get_by_role("button", name="Continue to shipping").click()
    await expect(page.get_by_role("region", name="Where it goes")).to_contain_text("10115 Potsdam")
    await customer.open("/account/addresses")
    await page.get_by_role("button", name="Remove Work").click()
    await page.get_by_role("dialog", name="Remove Work").get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("listitem").filter(has_text="Hamburg")).to_have_count(0)
    assert [each["label"] for each in (await stored(running, email))["addresses"]] == ["Home"]


async def test_a_pet_chooses_the_size_in_the_builder_by_its_measures(running: Shop, window: OpenWindow) -> None:
    customer, email = await customer_at(running, window, "pets", viewport=NARROW)
    page = customer.page
    await page.get_by_role("button", name="Add a pet").click()
    dialog = page.get_by_role("dialog", name="Add a pet")
    await dialog.get_by_label("Name of the pet").fill("Rex")
    await dialog.get_by_label("Breed").fill("Dachshund")
    await dialog.get_by_label("Neck").fill("about 30")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Write a number.")).to_be_visible()
    await no_barriers(customer)
    assert (await stored(running, email))["pets"] == []
    await dialog.get_by_label("Neck").fill("40,5")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("listitem").filter(has_text="Rex")).to_contain_text("40.5 cm")
    weightless = {"neck": {"millimetres": 405}, "weight": None}
    pet = {"name": "Rex", "species": "DOG", "breed": "Dachshund"}
    assert (await stored(running, email))["pets"] == [pet | {"measures": weightless}]
    await customer.open("/build/COLLAR")
    await page.get_by_role("radio", name="Extra small").check()
    await page.get_by_label("For which pet?").select_option("Rex")
    await expect(page.get_by_role("status").filter(has_text="fits Rex.")).to_be_visible()
    await expect(page.get_by_role("radio", name="Extra small")).not_to_be_checked()
    await expect(page.get_by_role("radio", name="Medium", exact=True)).to_be_checked()
    await customer.loaded()
    assert await customer.violations() == []
    await customer.open("/build/BED")
    await page.get_by_label("For which pet?").select_option("Rex")
    await page.get_by_role("link", name="Add it").click()
    await page.get_by_role("button", name="Change Rex").click()
    dialog = page.get_by_role("dialog", name="Change Rex")
    await expect(dialog.get_by_label("Neck")).to_have_value("40.5")
    await dialog.get_by_label("Weight").fill("8.4")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("listitem").filter(has_text="Rex")).to_contain_text("8.4 kg")
    measured = {"neck": {"millimetres": 405}, "weight": {"grams": 8400}}
    assert (await stored(running, email))["pets"] == [pet | {"measures": measured}]
    await page.get_by_role("button", name="Remove Rex").click()
    await page.get_by_role("dialog", name="Remove Rex").get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No pets yet")).to_be_visible()
    assert (await stored(running, email))["pets"] == []


async def test_a_photo_of_any_size_becomes_the_picture_and_is_removed(
    running: Shop, window: OpenWindow, tmp_path: Path
) -> None:
    customer, email = await customer_at(running, window, "profile", viewport=NARROW)
    page = customer.page
    (tmp_path / "notes.jpg").write_text("no picture")
    chosen = page.get_by_label("Choose a picture")
    await chosen.set_input_files(tmp_path / "notes.jpg")
    await expect(chosen).to_have_attribute("aria-invalid", "true")
    assert (await stored(running, email))["avatarUrl"] is None
    # Noise does not compress: as it is, the graph would refuse these megabytes.
    Image.effect_noise((2400, 1600), 90).save(tmp_path / "photo.png")
    assert (tmp_path / "photo.png").stat().st_size > 2_000_000
    await chosen.set_input_files(tmp_path / "photo.png")
    picture = page.get_by_role("img", name="Your picture")
    await expect(picture).to_be_visible()
    await expect(chosen).not_to_have_attribute("aria-invalid", "true")

    async def is_shown() -> bool:
        width = await page.evaluate("document.querySelector('.account-picture img')?.naturalWidth")
        return bool(width == SHOWN_WIDTH)

    # Not by `wait_for_function`: the pages refuse what it evaluates there.
    await eventually(is_shown)
    await no_barriers(customer)
    assert await picture.get_attribute("src") == (await stored(running, email))["avatarUrl"]
    await page.get_by_role("button", name="Remove the picture").click()
    await expect(picture).to_be_hidden()
    assert (await stored(running, email))["avatarUrl"] is None
