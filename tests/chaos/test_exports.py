"""An export whose worker is killed in the middle goes on behind its last finished part, in little memory."""

import csv
import re
from pathlib import Path

import pytest
from sqlalchemy import select, text

from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.models import Export
from tests.analytics.exports import START, asked, parts_of, row_of
from tests.support.apps import Served
from tests.support.replicas import Command, running
from tests.support.waiting import eventually

pytestmark = pytest.mark.endurance

KILLS = 2
EVENTS = 400_000
# A killed worker's job is taken again when it has been silent for half a minute.
FILL = text(
    "INSERT INTO analytics_event (id, source, name, subject, occurred_at, properties)"
    " SELECT 'evt_' || md5(:name || n), 'CLIENT', :name, 'visitor-' || n % 1000,"
    " CAST(:start AS timestamptz) + (n / 3) * interval '1 ms',"
    " jsonb_build_object('text', repeat('x', 100), 'n', n) FROM generate_series(1, :count) AS n"
)
IDS = text("SELECT id FROM analytics_event WHERE name = :name ORDER BY occurred_at, id")


# A worker without an export has 130 MB; pyarrow itself takes much of what Parquet does.
@pytest.mark.parametrize(("form", "most_megabytes"), [("CSV", 200), ("PARQUET", 250)])
async def test_a_killed_export_goes_on_and_holds_each_event_once(
    analytics: Served, settings: Settings, support: str, tmp_path: Path, form: str, most_megabytes: int
) -> None:
    name = new_id("many")
    async with analytics.database.write() as session:
        await session.execute(FILL, {"name": name, "start": START, "count": EVENTS})
    export_id = await asked(analytics, support, form, name=name)
    # numpy is installed for tests alone; where it is found, pyarrow loads it.
    (tmp_path / "numpy.py").write_text("raise ImportError")
    worker = Command(settings, tmp_path / "worker.log", "worker", "analytics", PYTHONPATH=str(tmp_path))
    before = 0
    async with running(worker):
        for kill in range(KILLS):

            async def has_gone_on(before: int = before, kill: int = kill) -> bool:
                row = await row_of(analytics, export_id)
                assert row.state is not ExportState.DONE, f"it was done before kill {kill + 1}"
                return bool(row.parts > before)

            await eventually(has_gone_on)
            worker.kill()
            before = await parts_of(analytics, export_id)
            worker.start()

        async def is_done() -> bool:
            return bool((await row_of(analytics, export_id)).state is ExportState.DONE)

        await eventually(is_done)
        peak = peak_of(worker.process.pid)
    assert peak < most_megabytes
    file = tmp_path / f"events.{form.lower()}"
    headers = {"authorization": f"Bearer {support}"}
    file.write_bytes((await analytics.client.get(f"/exports/{export_id}", headers=headers)).content)
    async with analytics.database.read() as connection:
        expected = list((await connection.execute(IDS, {"name": name})).scalars())
        rows = await connection.scalar(select(Export.rows).where(Export.id == export_id))
    assert len(expected) == rows == EVENTS
    assert ids_in(file) == expected


def ids_in(file: Path) -> list[str]:
    if file.suffix == ".csv":
        with file.open(newline="") as lines:
            return [row["id"] for row in csv.DictReader(lines)]
    import pyarrow.parquet as pq

    ids: list[str] = pq.read_table(file, columns=["id"]).column("id").to_pylist()
    return ids


def peak_of(pid: int) -> float:
    """Return the most memory that a process has had resident, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+([0-9]+) kB", status)[0]) / 1000
