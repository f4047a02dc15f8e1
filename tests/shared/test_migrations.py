"""Migrations know when there is nothing to do."""

from sqlalchemy import make_url

from petplus import registry
from shared.core.settings import Settings
from shared.database.migrations import is_current, pending


async def test_a_migrated_subgraph_is_current(settings: Settings) -> None:
    subgraph = registry.load("order")
    assert await is_current(subgraph, settings)
    assert not await pending(subgraph, settings)


async def test_a_subgraph_without_a_database_is_not_current(settings: Settings) -> None:
    assert settings.database_url is not None
    missing = make_url(settings.database_url).set(database="nowhere").render_as_string(hide_password=False)
    assert not await is_current(registry.load("order"), settings.model_copy(update={"database_url": missing}))
