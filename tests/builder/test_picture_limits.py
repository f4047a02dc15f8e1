"""How often one network may fetch pictures."""

import httpx
import pytest

from shared.core.ids import new_id
from shared.security.rate_limit import FixedWindowLimiter
from subgraphs.builder.service.previews import Previews
from tests.builder.support import Maker, config, words
from tests.builder.test_previews import kept, painted
from tests.support.apps import Served
from tests.support.http import http_client


async def get(builder: Served, address: str, path: str, token: str) -> httpx.Response:
    transport = httpx.ASGITransport(builder.app, client=(address, 40000))
    async with http_client(transport=transport, base_url="http://subgraph") as client:
        return await client.get(path, headers={"authorization": f"Bearer {token}"})


async def test_pictures_are_counted_by_network_and_refused_before_anything_is_painted(
    builder: Served, make: Maker, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = FixedWindowLimiter(builder.runtime.redis, new_id("tst"), most=3, seconds=600)
    monkeypatch.setattr(builder.runtime.resource(Previews), "_limiter", few)
    design = await make(config=config(text=words(content="Limited")))
    for path in (f"/designs/{design['id']}/preview.svg", "/presets/x/preview.svg", "/shared/x/preview.png"):
        assert (await get(builder, "2001:db8::1", path, customer)).status_code in (200, 404)
    before = painted(builder), await kept(builder)
    for path in (f"/designs/{design['id']}/preview.png", "/products/x/preview.svg"):
        refused = await get(builder, "2001:db8::2", path, customer)
        assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 600) == (429, True)
        assert (refused.headers["cache-control"], refused.headers.get("etag")) == ("no-store", None)
    assert (painted(builder), await kept(builder)) == before
    assert (await get(builder, "2001:db8:0:1::1", f"/designs/{design['id']}/preview.png", customer)).status_code == 200
