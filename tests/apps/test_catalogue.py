"""The catalogue: what each choice says that it leaves is what it leaves, and all of it works by the keyboard."""

import re

from playwright.async_api import Locator, Page, expect

from tests.apps.conftest import OpenWindow
from tests.apps.windows import Window

CHOICE = re.compile(r"^(.+) \((\d+)\)$")
FIELDS = ("Occasion", "Product", "Material", "Colour")


async def choices(field: Locator) -> dict[str, int]:
    """Return the number that each choice of a field says, by its name."""
    texts = await field.get_by_role("option").all_inner_texts()
    return {match[1]: int(match[2]) for text in texts if (match := CHOICE.match(text))}


async def listed(visitor: Window) -> int:
    """Return how many designs there are, page after page."""
    page = visitor.page
    await visitor.loaded()
    more = page.get_by_role("button", name="Show more")
    while await more.count():
        await more.click()
        await visitor.loaded()
    return await page.get_by_role("region", name="Or from a design of ours").get_by_role("listitem").count()


async def counted(page: Page, count: int) -> None:
    text = f"{count} design" if count == 1 else f"{count} designs"
    await expect(page.get_by_role("search").get_by_role("status")).to_have_text(text)


async def test_each_choice_leaves_as_many_designs_as_it_says(window: OpenWindow) -> None:
    visitor = await window()
    page = visitor.page
    await visitor.open("/")
    await expect(page.get_by_label("Occasion").get_by_role("option").nth(1)).to_be_attached()
    total = await listed(visitor)
    await counted(page, total)
    assert sum((await choices(page.get_by_label("Product", exact=True))).values()) == total
    for label in FIELDS:
        field = page.get_by_label(label, exact=True)
        name, count = max((await choices(field)).items(), key=lambda each: each[1])
        await field.select_option(f"{name} ({count})")
        await counted(page, count)
        assert await listed(visitor) == count
        await field.select_option("All")
        await counted(page, total)


async def test_choices_are_combined_by_the_keyboard_and_stay_in_the_address(window: OpenWindow) -> None:
    visitor = await window()
    page = visitor.page
    await visitor.open("/")
    product = page.get_by_label("Product", exact=True)
    await expect(product.get_by_role("option").nth(1)).to_be_attached()
    await page.get_by_role("searchbox", name="Search designs").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(product).to_be_focused()
    await page.keyboard.press("ArrowDown")
    chosen = await product.input_value()
    assert chosen != ""
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Material", exact=True)).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page).to_have_url(re.compile(rf"product={chosen}&material=[A-Z_]+$"))
    left = await listed(visitor)
    await counted(page, left)
    await page.reload()
    assert await listed(visitor) == left
    await expect(product).to_have_value(chosen)
    await expect(page.get_by_label("Material", exact=True)).not_to_have_value("")


async def test_choices_are_named_in_the_language_of_the_page(window: OpenWindow) -> None:
    german = await window(locale="de-DE")
    await german.open("/")
    product = german.page.get_by_label("Produkt", exact=True)
    await expect(product.get_by_role("option", name=re.compile(r"^Halsband \(\d+\)$"))).to_be_attached()
    await german.page.get_by_label("Sprache").select_option("fr")
    french = german.page.get_by_label("Produit", exact=True)
    await expect(french.get_by_role("option", name=re.compile(r"^Collier \(\d+\)$"))).to_be_attached()
