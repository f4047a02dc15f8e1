"""What is recorded of downloads: each that sends a byte, once a link and minute."""

import time
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from shared.core.ids import new_id
from subgraphs.analytics.service.exports import downloads
from tests.analytics.exports import shown
from tests.analytics.test_export_access import done, recorded
from tests.support.apps import Identities, Served


@pytest.mark.parametrize("header", [None, "bytes=1-", "bytes=-1", "bytes=0-0", "bytes=3-5", "bytes=0-1,3-4"])
async def test_any_part_of_a_file_leaves_a_trace_once_a_link_and_minute(
    analytics: Served, people: Identities, monkeypatch: pytest.MonkeyPatch, header: str | None
) -> None:
    reader = new_id("usr")
    token = people.token(reader, "SUPPORT")
    export_id = await done(analytics, people.token(new_id("usr"), "SUPPORT"))
    headers = {} if header is None else {"range": header}
    start, clock = time.time() // 60 * 60 + 1, 0.0
    monkeypatch.setattr(downloads, "time", SimpleNamespace(time=lambda: start + clock))
    link = urlsplit((await shown(analytics, token, export_id))["downloadUrl"])
    trace = ("export.downloaded", reader)

    async def get(path: str, more: dict[str, str]) -> None:
        assert (await analytics.client.get(path, headers=headers | more)).status_code in (200, 206)

    for _ in range(3):
        await get(f"{link.path}?{link.query}", {})
    assert (await recorded(analytics, export_id))[1:] == [trace]
    await get(link.path, {"authorization": f"Bearer {token}"})
    assert (await recorded(analytics, export_id))[1:] == [trace] * 2
    clock = 60.0
    await get(f"{link.path}?{link.query}", {})
    assert (await recorded(analytics, export_id))[1:] == [trace] * 3
    known = {"if-none-match": f'"{export_id}"'}
    clock = 120.0
    for path, more, status in (
        (f"{link.path}?{link.query}", known, 304),
        (f"{link.path}?{link.query}", {"range": "bytes=999999-"}, 416),
        (f"{link.path}?{link.query}x", {}, 404),
    ):
        assert (await analytics.client.get(path, headers=headers | more)).status_code == status
    assert (await recorded(analytics, export_id))[1:] == [trace] * 3
