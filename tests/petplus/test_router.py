"""`petplus router` runs the router alone, with no secret from which others derive."""

from pathlib import Path

from petplus.local.services import http_ready
from shared.core.settings import Settings
from tests.support.processes import Process
from tests.support.replicas import Command, running
from tests.support.waiting import eventually


async def test_the_router_takes_the_place_of_the_command_and_stops_politely(settings: Settings, tmp_path: Path) -> None:
    secret = "a-secret-of-the-whole-shop-in-tests-alone"
    command = Command(settings, tmp_path / "log", "router", PETPLUS_SECRET_KEY=secret)
    async with running(command):
        await eventually(http_ready(f"http://127.0.0.1:{command.settings.port}/healthz"), about=lambda: command.output)
        process = Process.listening_on(command.settings.port)
        assert process.pid == command.process.pid
        assert secret.encode() not in process.environment.values()
        assert process.environment[b"PETPLUS_ROUTER_SECRETS"]
        assert command.stop() == 0


async def test_a_router_with_a_secret_of_its_own_needs_none_of_the_shop(settings: Settings, tmp_path: Path) -> None:
    own = {"PETPLUS_ENV": "production", "PETPLUS_ROUTER_SECRETS": "a-secret-of-routers-alone-3f9c2b7e5d81"}
    command = Command(settings, tmp_path / "log", "router", **own)
    async with running(command):
        await eventually(http_ready(f"http://127.0.0.1:{command.settings.port}/healthz"), about=lambda: command.output)
        assert command.stop() == 0


async def test_a_wrong_setting_of_the_router_is_told(settings: Settings, tmp_path: Path) -> None:
    command = Command(settings, tmp_path / "log", "router", PETPLUS_GRACE_SECONDS="soon")
    async with running(command):
        assert command.process.wait() == 1
    assert "PETPLUS_GRACE_SECONDS" in command.output
