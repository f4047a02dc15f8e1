"""Pictures: who may see them, what is cached, and that a picture is never out of date."""

import asyncio
import os
import struct
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text, update

from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.jobs.runner import run_jobs
from shared.security.auth import Viewer
from subgraphs.builder import demo
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.drawing import content_hash
from subgraphs.builder.enums import PreviewFormat
from subgraphs.builder.jobs import JOBS
from subgraphs.builder.models import Preview, SavedDesign
from subgraphs.builder.service import rendering as painting
from subgraphs.builder.service.designs import erase_designs_of
from subgraphs.builder.service.job_types import PREVIEW_PRUNE, PREVIEW_RENDER
from subgraphs.builder.service.previews import SIZES, Previews
from subgraphs.builder.service.rendering import Painter
from tests.builder.support import Maker, config, run, stored, words
from tests.builder.test_presets import make_preset
from tests.support.apps import Served
from tests.support.processes import Process
from tests.support.waiting import eventually

PNG = b"\x89PNG\r\n\x1a\n"


async def get(
    served: Served, path: str, token: str | None = None, method: str = "GET", **headers: str
) -> httpx.Response:
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return await served.client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def link(served: Served, token: str, design_id: str, arguments: str = "") -> Any:
    query = f"query ($id: ID!) {{ design(id: $id) {{ previewUrl{arguments} }} }}"
    return (await served.execute(query, token, id=design_id)).data["design"]["previewUrl"]


async def path_of(served: Served, token: str, design_id: str, arguments: str = "") -> str:
    """Return a design's `previewUrl` without the host."""
    return "/" + str(await link(served, token, design_id, arguments)).split("/", 3)[3]


def width_of(png: bytes) -> int:
    assert png.startswith(PNG)
    width, height = struct.unpack("!II", png[16:24])
    assert width == height
    return int(width)


def painted(served: Served) -> int:
    return served.runtime.resource(Painter).painted


async def kept(served: Served) -> int:
    async with served.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(Preview)) or 0


async def test_owner_and_staff_see_the_picture(builder: Served, make: Maker, customer: str, support: str) -> None:
    design = await make()
    for token in (customer, support):
        png = await get(builder, f"/designs/{design['id']}/preview.png?size=256", token)
        assert (png.status_code, png.headers["content-type"]) == (200, "image/png")
        assert width_of(png.content) == 256
        svg = await get(builder, f"/designs/{design['id']}/preview.svg", token)
        assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
        assert ET.fromstring(svg.content).tag.endswith("svg")  # noqa: S314
    for answer in (png, svg):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "authorization"


async def test_others_learn_nothing(builder: Served, make: Maker, stranger: str) -> None:
    design = await make()
    before, rows = painted(builder), await kept(builder)
    missing = await get(builder, f"/designs/{new_id('des')}/preview.png")
    assert (missing.status_code, missing.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
    for token in (None, stranger):
        for key in (design["id"], new_id("des"), "x", "%00", "..%2f", "\u00e4"):
            for form in ("png", "svg"):
                answer = await get(builder, f"/designs/{key}/preview.{form}", token)
                assert (answer.status_code, answer.content) in ((404, missing.content), (404, answer.content))
                assert answer.headers.get("etag") is None
    bad = await get(builder, f"/designs/{design['id']}/preview.png", "nonsense")
    assert bad.status_code == 401
    assert (painted(builder), await kept(builder)) == (before, rows)


async def test_a_size_that_is_not_on_offer_is_refused(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    rows = await kept(builder)
    for size in ("0", "-1", "801", "100000", "abc", "", "8e2", "800&size=128", "\u0668"):
        answer = await get(builder, f"/designs/{design['id']}/preview.png?size={size}", customer)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_INPUT")
    for form in ("gif", "jpeg", "pn", "svgz"):
        assert (await get(builder, f"/designs/{design['id']}/preview.{form}", customer)).status_code in (404, 422)
    wrong = "query ($id: ID!) { design(id: $id) { name previewUrl(size: 801) } }"
    asked = await builder.execute(wrong, customer, id=design["id"])
    assert (asked.body["data"]["design"]["previewUrl"], asked.codes) == (None, ["INVALID_INPUT"])
    assert await kept(builder) == rows


async def test_a_known_picture_is_answered_304_without_painting(builder: Served, make: Maker, customer: str) -> None:
    design = await make(config=config(text=words(content="Once 304")))
    path = f"/designs/{design['id']}/preview.png?size=128"
    first = await get(builder, path, customer)
    etag, before = first.headers["etag"], painted(builder)
    for named in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        with builder.statements() as sent:
            again = await get(builder, path, customer, if_none_match=named)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert len(sent) == 1
    full = await get(builder, path, customer, if_none_match='"other"')
    assert (full.status_code, full.content) == (200, first.content)
    assert painted(builder) == before
    other_size = await get(builder, path.replace("128", "256"), customer, if_none_match=etag)
    assert other_size.status_code == 200
    head = await get(builder, path, customer, "HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)


async def test_the_same_picture_is_painted_once_for_all(builder: Served, make: Maker, customer: str) -> None:
    look = config(text=words(content="Twins"), primaryColor="TEAL", secondaryColor="WHITE")
    twins = [await make(config=look, name=name) for name in ("One", "Two")]
    before, rows = painted(builder), await kept(builder)
    asked = [get(builder, f"/designs/{design['id']}/preview.png?size=512", customer) for design in twins * 5]
    answers = await asyncio.gather(*asked)
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1
    assert (painted(builder) - before, await kept(builder) - rows) == (1, 1)


async def test_a_changed_design_has_another_picture_at_once(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    path = f"/designs/{design['id']}/preview.png?size=128"
    old = await get(builder, path, customer)
    renamed = await run(builder, "designUpdate", customer, id=design["id"], version=1, name="Other")
    assert renamed["__typename"] == "DesignUpdateSuccess"
    assert (await get(builder, path, customer, if_none_match=old.headers["etag"])).status_code == 304
    await run(builder, "designUpdate", customer, id=design["id"], version=2, config=config(text=None))
    new = await get(builder, path, customer, if_none_match=old.headers["etag"])
    assert new.status_code == 200
    assert new.content != old.content


async def jobs_of(served: Served, design_id: str) -> int:
    waiting = text("SELECT count(*) FROM pgqueuer WHERE convert_from(payload, 'UTF8') LIKE :key AND entrypoint = :job")
    async with served.database.read() as connection:
        about = {"key": f"%{design_id}%", "job": PREVIEW_RENDER.name}
        return await connection.scalar(waiting, about) or 0


async def test_nothing_is_painted_before_somebody_looks(builder: Served, make: Maker, customer: str) -> None:
    before = painted(builder), await kept(builder)
    design = await make(config=config(text=words(content="Unseen")))
    await run(builder, "designUpdate", customer, id=design["id"], version=1, config=config(text=None))
    await run(builder, "designDuplicate", customer, id=design["id"])
    assert await jobs_of(builder, design["id"]) == 0
    assert (painted(builder), await kept(builder)) == before
    assert (await get(builder, f"/designs/{design['id']}/preview.png", customer)).status_code == 200


async def test_the_job_has_the_picture_ready(builder: Served, make: Maker, customer: str) -> None:
    design = await make(config=config(text=words(content="Ready made")))
    before = painted(builder)
    for _ in range(2):
        await JOBS[PREVIEW_RENDER](builder.runtime, {"design_id": design["id"]})
    assert painted(builder) == before + 1
    answer = await get(builder, f"/designs/{design['id']}/preview.png", customer)
    assert (width_of(answer.content), painted(builder)) == (800, before + 1)
    await JOBS[PREVIEW_RENDER](builder.runtime, {"design_id": new_id("des")})
    await JOBS[PREVIEW_RENDER](builder.runtime, {"preset_id": demo.preset_rows()[0]["id"]})


async def test_a_worker_paints_a_preset_that_was_committed(builder: Served, admin: str) -> None:
    async with builder.database.write() as session:
        await session.execute(text("DELETE FROM pgqueuer"))
    preset = await make_preset(builder, admin, config=config(text=words(content="By worker")))
    before = painted(builder)
    async with run_jobs(builder.runtime, JOBS):

        async def is_done() -> bool:
            return await jobs_of(builder, preset["id"]) == 0

        await eventually(is_done)
    assert painted(builder) == before + 1
    answer = await get(builder, f"/presets/{preset['id']}/preview.png")
    assert (answer.status_code, painted(builder)) == (200, before + 1)


async def test_erasing_somebody_erases_the_pictures(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    design = await make(config=config(text=words(content="Forget me")))
    await get(builder, f"/designs/{design['id']}/preview.png?size=128", customer)
    async with builder.database.read() as connection:
        stored_config = await connection.scalar(select(SavedDesign.config).where(SavedDesign.id == design["id"]))
    assert stored_config is not None
    viewer = Viewer(customer_id)
    subject = await builder.runtime.resource(Previews).design(viewer, design["id"])
    assert subject is not None
    name = content_hash(DesignConfig.from_json(stored_config))

    async def pictures() -> int:
        async with builder.database.read() as connection:
            wanted = select(func.count()).select_from(Preview).where(Preview.content_hash == name)
            return await connection.scalar(wanted) or 0

    assert await pictures() == 1
    async with builder.database.write() as session:
        await erase_designs_of(session, customer_id)
    assert await pictures() == 0
    # A request that was under way while the design was erased keeps nothing.
    assert await builder.runtime.resource(Previews).picture(subject, PreviewFormat.PNG, 128)
    assert await pictures() == 0


async def test_old_pictures_are_forgotten(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    await get(builder, f"/designs/{design['id']}/preview.png?size=128", customer)
    before = await kept(builder)
    await JOBS[PREVIEW_PRUNE](builder.runtime, {})
    assert await kept(builder) == before > 0
    async with builder.database.write() as session:
        await session.execute(update(Preview).values(created_at=text("now() - interval '31 days'")))
    await JOBS[PREVIEW_PRUNE](builder.runtime, {})
    assert await kept(builder) == 0


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_on_offer_is_painted(builder: Served, size: int) -> None:
    preset = demo.preset_rows()[1]["id"]
    answer = await get(builder, f"/presets/{preset}/preview.png?size={size}")
    assert width_of(answer.content) == size


async def test_painting_leaves_the_event_loop_free(builder: Served) -> None:
    painter, rounds = builder.runtime.resource(Painter), 0
    shapes = "".join(f'<circle cx="{n}" cy="{n}" r="300" fill="#123" opacity=".1"/>' for n in range(100))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800">{shapes}</svg>'
    task = asyncio.create_task(painter.paint(svg, 800))
    while not task.done():
        await asyncio.sleep(0.001)
        rounds += 1
    assert width_of(await task) == 800
    # It takes a hundred times as long as a round; a loop that was held up would have had one or two.
    assert rounds > 10


async def test_the_process_that_paints_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETPLUS_SECRET_KEY", "a-secret-of-the-shop-alone")
    painter = Painter()
    await painter.paint('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>', 64)
    painting = [each for each in Process(os.getpid()).descendants() if "raster.py" in each.command]
    assert painting
    assert not any(b"PETPLUS_SECRET_KEY" in each.environment for each in painting)
    await painter.close()


async def test_a_painter_that_dies_is_replaced(builder: Served) -> None:
    painter = Painter()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="4" height="4"/></svg>'
    assert width_of(await painter.paint(svg, 64)) == 64
    with pytest.raises(asyncio.IncompleteReadError):
        await painter.paint("this is no drawing", 64)
    assert width_of(await painter.paint(svg, 64)) == 64
    impatient = asyncio.create_task(painter.paint(svg, 32))
    await asyncio.sleep(0)
    impatient.cancel()
    assert width_of(await painter.paint(svg, 32)) == 32
    await painter.close()


async def test_beyond_a_bound_clients_are_told_to_come_again(
    builder: Served, make: Maker, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(painting, "MOST_IN_HAND", 2)
    designs = [await make(config=config(text=words(content=f"Crowd {number}"))) for number in range(6)]
    paths = [f"/designs/{design['id']}/preview.png?size=128" for design in designs]
    before, rows = painted(builder), await kept(builder)
    answers = await asyncio.gather(*[get(builder, path, customer) for path in paths])
    shown = [path for path, answer in zip(paths, answers, strict=True) if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(shown) >= 2
    assert len(refused) >= 1
    for answer in refused:
        assert (answer.status_code, int(answer.headers["retry-after"])) == (503, 2)
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert (painted(builder) - before, await kept(builder) - rows) == (len(shown), len(shown))
    # What is kept, and what need not be painted, is shown however many wait.
    monkeypatch.setattr(painting, "MOST_IN_HAND", 0)
    assert [(await get(builder, path, customer)).status_code for path in shown] == [200] * len(shown)
    assert (await get(builder, paths[0].replace("png?size=128", "svg"), customer)).status_code == 200
    monkeypatch.undo()
    assert [(await get(builder, path, customer)).status_code for path in paths] == [200] * 6


async def test_a_picture_that_takes_too_long_is_told_so_and_painted_later(
    builder: Served, make: Maker, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = await make(config=config(text=words(content="Too slow")))
    path = f"/designs/{design['id']}/preview.png?size=128"
    rows = await kept(builder)
    monkeypatch.setattr(painting, "RENDER_TIMEOUT_SECONDS", 0.0)
    answer = await get(builder, path, customer)
    assert (answer.status_code, int(answer.headers["retry-after"])) == (503, 2)
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    with pytest.raises(Unavailable):
        await JOBS[PREVIEW_RENDER](builder.runtime, {"design_id": design["id"]})
    assert await kept(builder) == rows
    monkeypatch.undo()
    assert width_of((await get(builder, path, customer)).content) == 128


async def test_listing_previews_costs_no_statement(builder: Served, make: Maker, customer: str) -> None:
    for _ in range(3):
        await make()
    before = await stored(builder)
    with builder.statements() as sent:
        answer = await builder.execute("{ designs(first: 50) { nodes { previewUrl } } }", customer)
    assert len(answer.data["designs"]["nodes"]) == 3
    assert len(sent) == 1
    assert await stored(builder) == before
