"""Commands find the servers that they are given, and start their own only where one is missing."""

from pathlib import Path

import pytest

from petplus import registry
from petplus.local.backing_services import DATABASE_VARIABLE, REDIS_VARIABLE, backing_services
from petplus.local.embedded import EmbeddedPostgres
from shared.core.settings import load_settings


class Started(Exception):
    """A server of its own would have been started."""


@pytest.fixture
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home without servers, in an environment that gives each subgraph a database and no other."""

    async def start(_server: EmbeddedPostgres) -> None:
        raise Started

    monkeypatch.setattr(EmbeddedPostgres, "start", start)
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(REDIS_VARIABLE, "redis://127.0.0.1:1")
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    for name in registry.NAMES:
        monkeypatch.setenv(f"PETPLUS_{name.upper()}_DATABASE_URL", f"postgresql://127.0.0.1:1/{name}")


@pytest.mark.usefixtures("_home")
async def test_nothing_is_started_where_each_subgraph_has_a_database_of_its_own() -> None:
    async with backing_services(load_settings()) as found:
        assert found.database_url is None
        assert [found.database_url_of(name).rpartition("/")[2] for name in registry.NAMES] == list(registry.NAMES)


@pytest.mark.usefixtures("_home")
async def test_a_server_is_started_where_one_subgraph_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PETPLUS_AUDIT_DATABASE_URL")
    with pytest.raises(Started):
        async with backing_services(load_settings()):
            pass
