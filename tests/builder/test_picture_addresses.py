"""Addresses of pictures: whom they show one without a token, when they change, and how long caches keep it."""

import pytest
from sqlalchemy import text, update

from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.models import SavedDesign
from subgraphs.builder.service import previews
from subgraphs.builder.service.previews import Previews
from subgraphs.builder.settings import BuilderSettings
from tests.builder.support import Maker, config, patch, run, words
from tests.builder.test_previews import get, link, path_of, width_of
from tests.support.apps import Served


async def test_a_preview_url_works_without_a_token(builder: Served, make: Maker, customer: str) -> None:
    one, other = await make(), await make()
    path = await path_of(builder, customer, one["id"], "(size: 128)")
    assert await path_of(builder, customer, one["id"], "(size: 128)") == path
    opened = await get(builder, path)
    assert (opened.status_code, width_of(opened.content)) == (200, 128)
    assert opened.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert (await get(builder, path.replace("size=128", "size=256"))).status_code == 200
    for forged in (
        path.replace(one["id"], other["id"]),
        path.replace("v=", "v=1"),
        path[:-3] + "AAA",
        path + "\u00e4",
        path.partition("&signature")[0],
        path.partition("&v=")[0] + path[path.index("&signature") :],
    ):
        assert (await get(builder, forged)).status_code == 404
    assert "/preview.svg?v=" in await link(builder, customer, one["id"], "(format: SVG)")


async def test_an_address_changes_exactly_when_the_picture_does(builder: Served, make: Maker, customer: str) -> None:
    design = await make(config=config(text=words(content="Before")))
    first = await path_of(builder, customer, design["id"], "(format: SVG)")
    old = (await get(builder, first)).text
    await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Other")
    unseen = config(text=words(content="Before"), layers=[patch(hidden=True)])
    await run(builder, "designUpdate", customer, id=design["id"], version=2, config=unseen)
    assert await path_of(builder, customer, design["id"], "(format: SVG)") == first
    await run(builder, "designUpdate", customer, id=design["id"], version=3, config=config(text=None))
    second = await path_of(builder, customer, design["id"], "(format: SVG)")
    new = await get(builder, second)
    assert second != first
    assert (new.text == old, new.headers["cache-control"]) == (False, "private, max-age=31536000, immutable")


async def test_an_earlier_address_shows_the_present_picture_for_a_while(
    builder: Served, make: Maker, customer: str
) -> None:
    design = await make()
    first = await path_of(builder, customer, design["id"], "(format: SVG)")
    await run(builder, "designUpdate", customer, id=design["id"], version=1, config=config(text=None))
    second = await path_of(builder, customer, design["id"], "(format: SVG)")
    for token in (None, customer):
        earlier = await get(builder, first, token)
        assert (earlier.status_code, earlier.headers["cache-control"]) == (200, "private, no-cache")
        assert earlier.content == (await get(builder, second, token)).content
    async with builder.database.write() as session:
        long_ago = text("now() - make_interval(secs => :seconds)").bindparams(seconds=previews.SUPERSEDED_SECONDS)
        changed = update(SavedDesign).where(SavedDesign.id == design["id"]).values(updated_at=long_ago)
        await session.execute(changed)
    assert (await get(builder, first)).status_code == 404
    assert (await get(builder, first, customer)).status_code == 200
    assert (await get(builder, second)).headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_preview_urls_start_with_the_address_that_is_set(
    builder: Served, make: Maker, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_PREVIEW_URL", "https://pictures.shop.example/")
    url = Previews.from_runtime(builder.runtime).url_of_design("des_x", "abc", PreviewFormat.PNG, 256)
    assert url.startswith("https://pictures.shop.example/designs/des_x/preview.png?size=256&v=abc&signature=")
    monkeypatch.setenv("PETPLUS_PREVIEW_URL", "ftp://x")
    with pytest.raises(Exception, match=r"PETPLUS_PREVIEW_URL is wrong: must be an http:// or https:// address\."):
        BuilderSettings.load()


async def test_anybody_sees_presets_and_products(builder: Served) -> None:
    query = "{ presets(first: 3) { nodes { previewUrl(size: 128) } } products { previewUrl(size: 128) } }"
    data = (await builder.execute(query)).data
    urls = [node["previewUrl"] for node in data["presets"]["nodes"] + data["products"]]
    assert len(urls) == 10
    for url in urls:
        answer = await get(builder, "/" + url.split("/", 3)[3])
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert width_of(answer.content) == 128
        earlier = await get(builder, "/" + url.split("/", 3)[3].replace("&v=", "&v=0"))
        assert (earlier.content, earlier.headers["cache-control"]) == (answer.content, "public, max-age=300")
    for kind in ("presets/pre_x", "products/prd_x", "shared/x"):
        assert (await get(builder, f"/{kind}/preview.png")).status_code == 404
