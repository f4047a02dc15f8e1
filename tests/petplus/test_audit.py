"""`petplus audit` as an operator types it, against a log that somebody tampers with."""

import asyncio
import json
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from shared.core.settings import Settings
from subgraphs.audit.jobs import anchor_log
from subgraphs.audit.service import verification
from tests.audit.factories import a_fact, fresh_log, log, owner_of
from tests.support.apps import Served


async def petplus(*arguments: str) -> tuple[int, str]:
    """Run a command; returns its exit status and output."""
    done = await asyncio.to_thread(CliRunner().invoke, app, ["audit", *arguments])
    return done.exit_code, done.output.strip()


async def test_a_log_as_it_was_written_is_intact_with_all_its_anchors(
    audit: Served, settings: Settings, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 0)
        _, empty = await petplus("anchor")
        await log(audit, a_fact(), a_fact())
        _, two = await petplus("anchor")
        last = await owner.fetchval("SELECT hash FROM audit_log WHERE sequence = 2")
    assert (json.loads(empty)["sequence"], json.loads(empty)["hash"]) == (0, "0" * 64)
    assert (json.loads(two)["sequence"], json.loads(two)["hash"]) == (2, last)
    await log(audit, a_fact())
    anchors.write_text(f"{empty}\n\n{two}\n")
    assert await petplus("verify", "--anchors", str(anchors)) == (0, "intact: 3 entries, 2 anchors")
    assert await petplus("verify") == (0, "intact: 3 entries, 0 anchors")


async def test_a_changed_entry_is_named(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, 3)
        await owner.execute("UPDATE audit_log SET action = 'nothing.happened' WHERE sequence = 2")
        assert await petplus("verify") == (1, f"Broken at entry 2 ({ids[1]}): changed.")


async def test_a_log_rewritten_from_its_start_is_refuted_by_an_anchor(
    audit: Served, settings: Settings, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 3)
        _, line = await petplus("anchor")
        anchors.write_text(line)
        await fresh_log(audit, owner, 3)
    assert await petplus("verify") == (0, "intact: 3 entries, 0 anchors")
    status, said = await petplus("verify", "--anchors", str(anchors))
    assert (status, said.partition(" is not")[0]) == (1, "Entry 3")
    assert said.endswith("the log was rewritten.")


async def test_a_log_cut_short_is_refuted_by_an_anchor(audit: Served, settings: Settings, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 3)
        _, line = await petplus("anchor")
        anchors.write_text(line)
        await fresh_log(audit, owner, 1)
    status, said = await petplus("verify", "--anchors", str(anchors))
    assert (status, said.partition(" is not")[0]) == (1, "Entry 3")


async def test_a_long_log_is_verified_whole(audit: Served, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LARGEST_VERIFICATION", 2)
    async with owner_of(settings) as owner:
        ids = await fresh_log(audit, owner, 5)
        status, said = await petplus("verify")
        assert (status, said.splitlines()[-1]) == (0, "intact: 5 entries, 0 anchors")
        await owner.execute("DELETE FROM audit_log WHERE sequence = 5")
        status, said = await petplus("verify")
        assert (status, said.splitlines()[-1]) == (1, "Broken at entry 5: removed.")
        assert len(ids) == 5


@pytest.mark.parametrize("line", ["", "nonsense", '{"sequence": -1, "hash": "0", "at": "2026-11-25T00:00:00Z"}'])
async def test_a_line_that_is_no_anchor_is_named(audit: Served, tmp_path: Path, line: str) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(f"\n{line or '{}'}\n")
    status, said = await petplus("verify", "--anchors", str(anchors))
    assert (status, said) == (1, f"Line 2 of {anchors} is no anchor, as `petplus audit anchor` prints it.")


async def test_a_file_of_anchors_that_is_not_there_is_named(audit: Served, tmp_path: Path) -> None:
    status, said = await petplus("verify", "--anchors", str(tmp_path / "none"))
    assert status == 1
    assert said.startswith(f"{tmp_path / 'none'} cannot be read:")


async def test_the_job_adds_anchors_that_the_log_keeps_to(
    audit: Served, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "anchors"
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 2)
        await anchor_log(audit.runtime, {})
        assert not kept.exists()
        monkeypatch.setenv("PETPLUS_AUDIT_ANCHORS", str(kept))
        await anchor_log(audit.runtime, {})
        await fresh_log(audit, owner, 3)
        await anchor_log(audit.runtime, {})
        first, second = kept.read_text().splitlines()
        assert [orjson.loads(line)["sequence"] for line in (first, second)] == [2, 3]
        kept.write_text(second)
        assert (await petplus("verify", "--anchors", str(kept)))[0] == 0
        kept.write_text(first)
        # The log was begun anew since: what was noted of the one before does not fit it.
        assert (await petplus("verify", "--anchors", str(kept)))[0] == 1
