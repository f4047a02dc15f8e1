"""Presets: made, changed and archived by staff."""

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.handles import handle_of
from shared.core.ids import id_of_version, new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.outbox import record
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.validation import check_config
from subgraphs.builder.errors import preset_archived, preset_changed, preset_unknown, too_many_presets
from subgraphs.builder.events import PresetArchived, PresetCreated, PresetUpdated
from subgraphs.builder.inputs import PresetArchiveInput, PresetCreateInput, PresetUpdateInput
from subgraphs.builder.models import BuilderPreset, PresetVersion
from subgraphs.builder.service.designs import LONGEST_NAME
from subgraphs.builder.service.job_types import PREVIEW_RENDER
from subgraphs.builder.service.preset_prices import price_values

LAST_POSITION = 1_000_000
MOST_PRESETS = 10_000
"""How many may be in the shop: the counts beside a filter look at each."""
_PRESETS = BuilderPreset.__table__


async def create_preset(database: Database, staff_id: str, given: PresetCreateInput) -> BuilderPreset:
    """Make a preset and return its row; raises InvalidInput or IllegalState."""
    checks = Checks()
    name = checks.text("name", given.name, longest=LONGEST_NAME)
    config = check_config(given.config.to_config(), checks)
    _check_position(checks, given.position)
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    preset_id = new_id("pre")
    async with database.write() as session:
        first = await idempotency.claim(session, staff_id, "presetCreate", given.idempotency_key, given, preset_id)
        if first is not None:
            return await _locked(session, first)
        await _check_count(session)
        position = given.position if given.position is not None else await _next_position(session)
        values = {"id": preset_id, "name": name, "category": given.category, "position": position}
        values |= _made_of(config) | {"created_at": dt.datetime.now(dt.UTC)}
        preset = await _insert(session, values, handle_of(name))
        await _keep_version(session, preset)
        await record(session, PresetCreated(preset_id=preset_id, product=config.product.value))
        await PREVIEW_RENDER.enqueue(session, {"preset_id": preset_id})
        return preset


async def update_preset(database: Database, given: PresetUpdateInput) -> BuilderPreset:
    """Change a preset and return its row; raises InvalidInput, NotFound, VersionConflict or IllegalState."""
    checks = Checks()
    changes = given.changes(checks)
    if isinstance(given.name, str):
        changes["name"] = checks.text("name", given.name, longest=LONGEST_NAME)
    if given.config:
        changes |= _made_of(check_config(given.config.to_config(), checks))
    if isinstance(given.position, int):
        _check_position(checks, given.position)
    checks.raise_if_any()
    async with database.write() as session:
        preset = await _change(session, given.id, given.version, changes)
        await record(session, PresetUpdated(preset_id=preset.id, version=preset.version))
        if given.config:
            await PREVIEW_RENDER.enqueue(session, {"preset_id": preset.id})
        return preset


async def archive_preset(database: Database, given: PresetArchiveInput) -> BuilderPreset:
    """Take a preset out of the shop and return its row; raises NotFound, VersionConflict or IllegalState."""
    async with database.write() as session:
        preset = await _change(session, given.id, given.version, {"archived_at": dt.datetime.now(dt.UTC)})
        await record(session, PresetArchived(preset_id=preset.id, version=preset.version))
        return preset


async def _insert(session: AsyncSession, values: dict[str, object], handle: str) -> BuilderPreset:
    """Store a preset with a handle, or with one that ends like its id where another has that."""
    statement = insert(BuilderPreset).on_conflict_do_nothing(index_elements=["handle"]).returning(*_PRESETS.columns)
    found = await one_or_none(session, BuilderPreset, statement.values(values | {"handle": handle})) if handle else None
    if found is not None:
        return found
    unique = f"{handle}-{str(values['id'])[-8:]}".strip("-")
    return await one(session, BuilderPreset, statement.values(values | {"handle": unique}))


def _made_of(config: DesignConfig) -> dict[str, object]:
    return {"product_kind": config.product, "config": config.to_json(), **price_values(config)}


def _check_position(checks: Checks, position: int | None) -> None:
    if position is not None and not 0 <= position <= LAST_POSITION:
        checks.refuse("position", "OUT_OF_RANGE", f"`position` must be from 0 to {LAST_POSITION}.")


async def _check_count(session: AsyncSession) -> None:
    count = await session.scalar(select(func.count()).where(BuilderPreset.archived_at.is_(None))) or 0
    if count >= MOST_PRESETS:
        raise too_many_presets(MOST_PRESETS)


async def _next_position(session: AsyncSession) -> int:
    last = await session.scalar(select(func.max(BuilderPreset.position))) or 0
    return min(last + 1, LAST_POSITION)


async def _locked(session: AsyncSession, preset_id: str) -> BuilderPreset:
    wanted = select(_PRESETS).where(BuilderPreset.id == preset_id).with_for_update()
    preset = await one_or_none(session, BuilderPreset, wanted)
    if preset is None:
        raise preset_unknown()
    return preset


async def _change(session: AsyncSession, preset_id: str, version: int, changes: dict[str, object]) -> BuilderPreset:
    preset = await _locked(session, preset_id)
    if preset.version != version:
        raise preset_changed(preset.version)
    if preset.archived_at is not None:
        raise preset_archived()
    statement = update(BuilderPreset).where(BuilderPreset.id == preset_id).values(**changes, version=version + 1)
    changed = await one(session, BuilderPreset, statement.returning(*_PRESETS.columns))
    await _keep_version(session, changed)
    return changed


async def _keep_version(session: AsyncSession, preset: BuilderPreset) -> None:
    row = {name: getattr(preset, name) for name in ("version", "name", "product_kind", "config")}
    row |= {"id": id_of_version("prv", preset.id, preset.version), "preset_id": preset.id}
    await session.execute(insert(PresetVersion).values(row))
