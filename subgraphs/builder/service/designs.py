"""Designs: made, copied, changed, archived, ordered and erased."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from shared.graph.access import forbidden
from shared.graph.loaders import in_keys
from shared.graph.money import CurrencyCode
from shared.live import entity_changes
from shared.security.auth import Viewer
from subgraphs.builder.catalogue import pricing
from subgraphs.builder.catalogue.config import ConfigData, DesignConfig
from subgraphs.builder.catalogue.validation import check_config, is_offered
from subgraphs.builder.enums import DesignStatus, ShareMode
from subgraphs.builder.errors import (
    design_archived,
    design_changed,
    design_ordered,
    design_unknown,
    no_longer_offered,
    preset_archived,
    preset_unknown,
    share_is_for_viewing,
    share_unknown,
    too_many_designs,
    too_many_designs_in_all,
)
from subgraphs.builder.events import (
    CHANGED,
    NOT_OWNED,
    DesignCreated,
    DesignDeleted,
    DesignOrdered,
    DesignOrderRefused,
    DesignUpdated,
)
from subgraphs.builder.inputs import (
    DesignCreateFromPresetInput,
    DesignCreateFromShareInput,
    DesignCreateInput,
    DesignDeleteInput,
    DesignDuplicateInput,
    DesignUpdateInput,
    PriceQuoteInput,
)
from subgraphs.builder.loaders import READ, WRITE
from subgraphs.builder.models import BuilderPreset, SavedDesign
from subgraphs.builder.service.job_types import DESIGN_OPTIMIZE
from subgraphs.builder.service.previews import forget_earlier_pictures, forget_pictures
from subgraphs.builder.service.products import check_sold
from subgraphs.builder.service.shares import OpenedDesign, shared_within

LONGEST_NAME = 80
MOST_DRAFTS = 200
MOST_DESIGNS = 1000
"""Of one customer, ordered and archived ones included."""
LARGEST_QUANTITY = 1000
_DESIGNS = SavedDesign.__table__

_Copying: TypeAlias = DesignCreateFromPresetInput | DesignDuplicateInput | DesignCreateFromShareInput


@dataclass(frozen=True)
class _Beginning:
    """What a new design starts as."""

    name: str
    config: DesignConfig
    currency: CurrencyCode
    preset_id: str | None = None


def quote_price(given: PriceQuoteInput) -> tuple[DesignConfig, pricing.Quote]:
    """Return a configuration that nobody has saved, in normal form, and its price; raises InvalidInput."""
    checks = Checks()
    config = check_config(given.config.to_config(), checks)
    if not 1 <= given.quantity <= LARGEST_QUANTITY:
        checks.refuse("quantity", "OUT_OF_RANGE", f"`quantity` must be from 1 to {LARGEST_QUANTITY}.")
    checks.raise_if_any()
    return config, pricing.quote(config, given.quantity, given.currency)


async def create_design(database: Database, owner_id: str, given: DesignCreateInput) -> SavedDesign:
    """Make a design and return its row; raises InvalidInput."""
    checks = Checks()
    name = checks.text("name", given.name, longest=LONGEST_NAME)
    config = check_config(given.config.to_config(), checks)
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()

    async def begin(_session: AsyncSession) -> _Beginning:
        return _Beginning(name, config, given.currency)

    return await _make_once(database, owner_id, "designCreate", given, begin)


async def create_from_preset(database: Database, owner_id: str, given: DesignCreateFromPresetInput) -> SavedDesign:
    """Make a design of a preset and return its row; raises InvalidInput, NotFound or IllegalState."""
    name = _check_copy(given)

    async def begin(session: AsyncSession) -> _Beginning:
        presets = select(BuilderPreset.__table__).where(BuilderPreset.id == given.preset_id)
        preset = await one_or_none(session, BuilderPreset, presets)
        if preset is None:
            raise preset_unknown()
        if preset.archived_at is not None:
            raise preset_archived()
        return _Beginning(name or preset.name, _still_offered(preset.config), given.currency, preset.id)

    return await _make_once(database, owner_id, "designCreateFromPreset", given, begin)


async def duplicate_design(database: Database, owner_id: str, given: DesignDuplicateInput) -> SavedDesign:
    """Copy a design of one's own; raises InvalidInput, NotFound or IllegalState.

    Staff who may see a design must not make it theirs: they could share the copy, which only its owner may.
    """
    name = _check_copy(given)

    async def begin(session: AsyncSession) -> _Beginning:
        return _copy_of(await _visible(session, Viewer(owner_id), given.id), name)

    return await _make_once(database, owner_id, "designDuplicate", given, begin)


async def create_from_share(database: Database, owner_id: str, given: DesignCreateFromShareInput) -> SavedDesign:
    """Copy a design that was shared for copying; raises InvalidInput, NotFound or IllegalState."""
    name = _check_copy(given)

    async def begin(session: AsyncSession) -> _Beginning:
        original = await shared_within(session, given.token)
        if original is None:
            raise share_unknown()
        if original.mode is not ShareMode.COPY:
            raise share_is_for_viewing()
        return _copy_of(original, name)

    return await _make_once(database, owner_id, "designCreateFromShare", given, begin)


async def update_design(database: Database, viewer: Viewer, given: DesignUpdateInput) -> SavedDesign:
    """Change name or configuration and return the row; raises InvalidInput, NotFound, VersionConflict, IllegalState."""
    checks = Checks()
    changes = given.changes(checks)
    if isinstance(given.name, str):
        changes["name"] = checks.text("name", given.name, longest=LONGEST_NAME)
    config = check_config(given.config.to_config(), checks) if given.config else None
    checks.raise_if_any()
    async with database.write() as session:
        design = await _editable(session, viewer, given.id, given.version)
        if design.status is DesignStatus.ORDERED:
            raise design_ordered()
        if config is not None:
            await check_sold(session, config.product)
            changes |= _made_of(config, design.currency) | {"config_version": design.version + 1}
        changed = await _change(session, design, changes)
        updated = DesignUpdated(
            design_id=design.id,
            owner_id=design.owner_id,
            version=changed.version,
            config_version=changed.config_version,
        )
        await record(session, updated)
        if config is not None:
            await forget_earlier_pictures(session, design.id)
        return changed


async def delete_design(database: Database, viewer: Viewer, given: DesignDeleteInput) -> SavedDesign:
    """Archive a design and return its row; raises NotFound, VersionConflict or IllegalState."""
    async with database.write() as session:
        design = await _editable(session, viewer, given.id, given.version)
        archived = await _change(session, design, {"status": DesignStatus.ARCHIVED})
        await record(session, DesignDeleted(design_id=design.id, owner_id=design.owner_id))
        return archived


async def mark_ordered(
    session: AsyncSession, order_id: str, customer_id: str | None, quoted: Mapping[str, int | None]
) -> None:
    """Freeze the customer's drafts among the designs that an order names, and refuse the others.

    Whoever knows a design's id can have a shop's order name it, so the id proves nothing. `quoted` are the versions of
    the designs whose prices were quoted, by their ids; None where no price was.
    """
    columns = SavedDesign.id, SavedDesign.owner_id, SavedDesign.config_version, SavedDesign.product_kind
    # Locked, so that nobody changes one between the check and the freezing.
    locked = select(*columns).where(in_keys(SavedDesign.id, sorted(quoted))).order_by(SavedDesign.id).with_for_update()
    told: list[Event] = []
    accepted = []
    for row in await session.execute(locked):
        version = quoted[row.id]
        is_changed = version is not None and version < row.config_version
        if row.owner_id == customer_id and not is_changed:
            accepted.append(row.id)
            told.append(DesignOrdered(design_id=row.id, order_id=order_id, product=row.product_kind.value))
        else:
            why = CHANGED if row.owner_id == customer_id else NOT_OWNED
            told.append(DesignOrderRefused(order_id=order_id, customer_id=customer_id, design_id=row.id, refusal=why))
    if told:
        await record(session, *told)
    ordered = (
        update(SavedDesign)
        .where(in_keys(SavedDesign.id, accepted), SavedDesign.status == DesignStatus.DRAFT)
        .values(status=DesignStatus.ORDERED, version=SavedDesign.version + 1, updated_at=dt.datetime.now(dt.UTC))
        .returning(SavedDesign.id, SavedDesign.owner_id, SavedDesign.version)
    )
    rows = (await session.execute(ordered)).all()
    if rows:
        events = [DesignUpdated(design_id=row.id, owner_id=row.owner_id, version=row.version) for row in rows]
        await record(session, *events)
        await DESIGN_OPTIMIZE.enqueue_all(session, [{"design_id": row.id} for row in rows])


async def erase_designs_of(session: AsyncSession, owner_id: str) -> None:
    """Erase all that somebody designed, archived designs too."""
    erased = delete(SavedDesign).where(SavedDesign.owner_id == owner_id).returning(SavedDesign.id, SavedDesign.config)
    rows = (await session.execute(erased)).all()
    if rows:
        await forget_pictures(session, {row.id: row.config for row in rows})
        await record(session, *[DesignDeleted(design_id=row.id, owner_id=owner_id) for row in rows])
    await idempotency.forget(session, owner_id)
    await entity_changes.forget_owner(session, owner_id)


def _made_of(config: DesignConfig, currency: CurrencyCode) -> dict[str, object]:
    return {
        "product_kind": config.product,
        "config": config.to_json(),
        "price_minor": pricing.unit_price(config, currency),
        "currency": currency,
    }


def _still_offered(stored: ConfigData) -> DesignConfig:
    config = DesignConfig.from_json(stored)
    if not is_offered(config):
        raise no_longer_offered()
    return config


def _check_copy(given: _Copying) -> str | None:
    """Check what all copies are asked for, and return the name of the copy, if it has one of its own."""
    checks = Checks()
    name = checks.text("name", given.name, longest=LONGEST_NAME) if given.name is not None else None
    idempotency.check_key(checks, given.idempotency_key)
    checks.raise_if_any()
    return name


def _copy_of(original: SavedDesign | OpenedDesign, name: str | None) -> _Beginning:
    config = _still_offered(original.config)
    return _Beginning(name or original.name, config, original.currency, original.preset_id)


async def _make_once(
    database: Database,
    owner_id: str,
    mutation: str,
    given: DesignCreateInput | _Copying,
    begin: Callable[[AsyncSession], Awaitable[_Beginning]],
) -> SavedDesign:
    """Make a design unless this request made one before; returns the row of that or of the new one."""
    design_id = new_id("des")
    async with database.write() as session:
        first = await idempotency.claim(session, owner_id, mutation, given.idempotency_key, given, design_id)
        if first is not None:
            return await _visible(session, Viewer(owner_id), first)
        await _check_capacity(session, owner_id)
        return await _insert(session, design_id, owner_id, await begin(session))


async def _check_capacity(session: AsyncSession, owner_id: str) -> None:
    # Locked until the commit, so that a customer's designs are counted one request after the other.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"designs {owner_id}", 0))))
    drafts = func.count().filter(SavedDesign.status == DesignStatus.DRAFT)
    statement = select(drafts, func.count()).where(SavedDesign.owner_id == owner_id)
    open_drafts, designs = (await session.execute(statement)).one()
    if designs >= MOST_DESIGNS:
        raise too_many_designs_in_all(MOST_DESIGNS)
    if open_drafts >= MOST_DRAFTS:
        raise too_many_designs(MOST_DRAFTS)


async def _insert(session: AsyncSession, design_id: str, owner_id: str, new: _Beginning) -> SavedDesign:
    await check_sold(session, new.config.product)
    now = dt.datetime.now(dt.UTC)
    values = _made_of(new.config, new.currency) | {"created_at": now, "updated_at": now}
    values |= {"id": design_id, "owner_id": owner_id, "name": new.name, "preset_id": new.preset_id}
    design = await one(session, SavedDesign, insert(SavedDesign).values(values).returning(*_DESIGNS.columns))
    await record(session, DesignCreated(design_id=design_id, owner_id=owner_id, product=new.config.product.value))
    return design


async def _visible(session: AsyncSession, viewer: Viewer, design_id: str, *, lock: bool = False) -> SavedDesign:
    wanted = select(_DESIGNS).where(SavedDesign.id == design_id)
    design = await one_or_none(session, SavedDesign, wanted.with_for_update() if lock else wanted)
    if design is None or not viewer.can_access(design.owner_id, READ):
        raise design_unknown()
    return design


async def _editable(session: AsyncSession, viewer: Viewer, design_id: str, version: int) -> SavedDesign:
    # The row stays locked until the commit, so what is checked here still holds when it is changed.
    design = await _visible(session, viewer, design_id, lock=True)
    if not viewer.can_access(design.owner_id, WRITE):
        raise forbidden(WRITE)
    if design.version != version:
        raise design_changed(design)
    if design.status is DesignStatus.ARCHIVED:
        raise design_archived()
    return design


async def _change(session: AsyncSession, design: SavedDesign, changes: dict[str, object]) -> SavedDesign:
    changed = (
        update(SavedDesign)
        .where(SavedDesign.id == design.id)
        .values(**changes, version=SavedDesign.version + 1, updated_at=dt.datetime.now(dt.UTC))
        .returning(*_DESIGNS.columns)
    )
    return await one(session, SavedDesign, changed)
