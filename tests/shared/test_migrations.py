"""Migrations know when there is nothing to do."""

from sqlalchemy import make_url

from petplus import registry
from shared.core.settings import Settings
from shared.database.migrations import is_settled, pending


async def test_a_migrated_room_is_settled(settings: Settings) -> None:
    room = registry.load("order")
    assert await is_settled(room, settings)
    assert not await pending(room, settings)


async def test_a_room_without_a_database_is_not_settled(settings: Settings) -> None:
    assert settings.database_url is not None
    missing = make_url(settings.database_url).set(database="nowhere").render_as_string(hide_password=False)
    assert not await is_settled(registry.load("order"), settings.model_copy(update={"database_url": missing}))
