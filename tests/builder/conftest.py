"""What the builder's tests start from: products, presets, and designs of this test's customer."""

import pytest_asyncio
from sqlalchemy import delete, insert

from subgraphs.builder import demo
from subgraphs.builder.models import BuilderPreset, Product, SavedDesign
from tests.builder.support import Maker
from tests.support.apps import Served


@pytest_asyncio.fixture(scope="session", autouse=True)
async def _catalogue(builder: Served) -> None:
    async with builder.database.write() as session:
        for model, rows in ((Product, demo.product_rows()), (BuilderPreset, demo.preset_rows())):
            await session.execute(delete(SavedDesign))
            await session.execute(delete(model))
            await session.execute(insert(model), rows)


@pytest_asyncio.fixture
async def make(builder: Served, customer: str) -> Maker:
    """Makes designs of `customer`: `await make(name="Rex's")`."""
    return Maker(builder, customer)
