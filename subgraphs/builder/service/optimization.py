"""Tidies designs that were ordered: what cannot be seen is dropped, and neither price nor picture changes.

Only those: in a draft, a hidden motif is its owner's to bring back.
"""

import datetime as dt

from sqlalchemy import select, update

from shared.database.database import Database
from shared.events.outbox import record
from subgraphs.builder.catalogue.config import DesignConfig
from subgraphs.builder.catalogue.layers import optimized
from subgraphs.builder.enums import DesignStatus
from subgraphs.builder.events import DesignUpdated
from subgraphs.builder.models import SavedDesign


async def optimize_design(database: Database, design_id: str) -> None:
    """Store the normal form of an ordered design, if it is another."""
    async with database.write() as session:
        ordered = (SavedDesign.id == design_id) & (SavedDesign.status == DesignStatus.ORDERED)
        wanted = select(SavedDesign.__table__).where(ordered).with_for_update()
        design = (await session.execute(wanted)).one_or_none()
        if design is None:
            return
        config = DesignConfig.from_json(design.config)
        tidy = optimized(config)
        if tidy == config:
            return
        version = design.version + 1
        changes = {"config": tidy.to_json(), "version": version, "updated_at": dt.datetime.now(dt.UTC)}
        await session.execute(update(SavedDesign).where(SavedDesign.id == design_id).values(changes))
        await record(session, DesignUpdated(design_id=design_id, owner_id=design.owner_id, version=version))
