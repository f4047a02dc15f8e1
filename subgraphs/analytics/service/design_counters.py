"""Counts what happens to designs, and knows whose they are."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import BigInteger, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.analytics.models import DesignFact
from subgraphs.analytics.service.subjects import unless_forgotten


async def learn_design(
    session: AsyncSession, design_id: str, owner_id: str | None, product: str | None, created_at: dt.datetime
) -> None:
    """Note whose a design is; what was counted before stays."""
    known = {"owner_id": await unless_forgotten(session, owner_id), "product": product, "created_at": created_at}
    statement = insert(DesignFact).values(design_id=design_id, **known)
    await session.execute(statement.on_conflict_do_update(index_elements=["design_id"], set_=known))


async def count(
    session: AsyncSession, counter: Literal["views", "shares", "orders"], by_design: Mapping[str, int]
) -> None:
    """Add to one counter of several designs. Rows are locked in the order of ids, so that batches cannot deadlock."""
    if not by_design:
        return
    ids = sorted(by_design)
    given = (
        func.unnest(
            bindparam(None, ids, type_=ARRAY(Text)),
            bindparam(None, [by_design[key] for key in ids], type_=ARRAY(BigInteger)),
        )
        .table_valued("design_id", "times", name="given")
        .render_derived()
    )
    statement = insert(DesignFact).from_select(["design_id", counter], select(given.c.design_id, given.c.times))
    added = DesignFact.__table__.c[counter] + statement.excluded[counter]
    await session.execute(statement.on_conflict_do_update(index_elements=["design_id"], set_={counter: added}))
