"""Pictures of configurations that nobody has saved: for anybody who is given a price, and never kept."""

import random
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.ids import new_id
from shared.security.rate_limit import FixedWindowLimiter
from shared.security.signed_urls import UrlSigner
from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.service.previews import LONGEST_CONTENT, Previews
from tests.builder.configs import allowed
from tests.builder.support import Maker, config, patch, stored, words
from tests.builder.test_previews import get, kept, painted, path_of, width_of
from tests.support.apps import Served
from tests.support.properties import examples

PREVIEW = """query ($config: DesignConfigInput!, $format: PreviewFormat! = SVG, $size: Int! = 800) {
  priceQuote(input: { config: $config }) {
    ... on PriceQuote { previewUrl(format: $format, size: $size) } ... on InvalidInputProblem { fields { path } }
  }
}"""


async def preview(builder: Served, **given: Any) -> str:
    url = (await builder.execute(PREVIEW, **given)).data["priceQuote"]["previewUrl"]
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_anybody_sees_a_configuration_that_is_not_saved_as_it_would_be(
    builder: Served, make: Maker, customer: str
) -> None:
    look = config(text=words(content="Unsaved"), layers=[patch(), patch(motif="HEART", x=20)])
    before = await stored(builder), await kept(builder)
    with builder.statements() as sent:
        path = await preview(builder, config=look)
        shown = await get(builder, path)
    assert sent == []
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/svg+xml")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await stored(builder), await kept(builder)) == before
    design = await make(config=look)
    saved = await get(builder, await path_of(builder, customer, design["id"], "(format: SVG)"))
    assert saved.content == shown.content


async def test_the_address_changes_exactly_when_the_picture_does(builder: Served) -> None:
    one = await preview(builder, config=config())
    assert await preview(builder, config=config()) == one
    other = await preview(builder, config=config(primaryColor="TEAL"))
    assert (await get(builder, one)).content != (await get(builder, other)).content


async def test_a_png_is_painted_and_never_kept(builder: Served) -> None:
    rows, before = await kept(builder), painted(builder)
    path = await preview(builder, config=config(text=words(content="Fleeting")), format="PNG", size=128)
    first = await get(builder, path)
    assert (first.status_code, width_of(first.content)) == (200, 128)
    known = await get(builder, path, if_none_match=first.headers["etag"])
    assert (known.status_code, painted(builder) - before, await kept(builder)) == (304, 1, rows)


async def test_an_address_that_was_not_given_out_shows_nothing(builder: Served) -> None:
    path = await preview(builder, config=config())
    content = path.split("/")[2]
    before, rows = painted(builder), await kept(builder)
    for forged in (
        path.replace(content, content[:-4] + "AAAA"),
        path.replace(content, "A" * (LONGEST_CONTENT + 1)),
        path.replace(content, "%00"),
        path.partition("&signature")[0],
        path[:-3] + "AAA",
        path + "\u00e4",
    ):
        refused = await get(builder, forged.replace("preview.svg", "preview.png"))
        assert (refused.status_code, refused.headers["cache-control"]) == (404, "no-store")
    assert (painted(builder), await kept(builder)) == (before, rows)


async def test_a_wrong_configuration_has_no_picture(builder: Served) -> None:
    refused = (await builder.execute(PREVIEW, config=config(material="CERAMIC"))).data["priceQuote"]
    assert refused == {"fields": [{"path": "input.config.material"}]}


async def test_pngs_of_unsaved_configurations_are_limited_by_network(
    builder: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = FixedWindowLimiter(builder.runtime.redis, new_id("tst"), most=2, seconds=600)
    monkeypatch.setattr(builder.runtime.resource(Previews), "_unsaved", few)
    paths = [
        await preview(builder, config=config(text=words(content=name)), format="PNG", size=128)
        for name in ("One", "Two", "Three")
    ]
    before, rows = painted(builder), await kept(builder)
    answers = [await get(builder, path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 600
    assert (answers[2].headers["cache-control"], answers[2].headers.get("etag")) == ("no-store", None)
    assert (painted(builder) - before, await kept(builder)) == (2, rows)
    # Drawings are cheap, and counted with all pictures alone.
    assert (await get(builder, paths[2].replace("preview.png?size=128&", "preview.svg?"))).status_code == 200


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 2**32))
def test_every_configuration_fits_into_an_address_and_is_read_from_it(seed: int) -> None:
    look = allowed(random.Random(seed))
    unused: Any = None
    previews = Previews(unused, unused, UrlSigner(b"k" * 32), "http://pictures", unused, unused)
    parts = urlsplit(previews.url_of_config(look, PreviewFormat.SVG, 800))
    content, signature = parts.path.split("/")[2], parts.query.partition("signature=")[2]
    assert len(content) <= LONGEST_CONTENT / 2
    subject = previews.config(content, signature)
    assert subject is not None
    assert subject.config == look
