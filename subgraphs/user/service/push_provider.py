"""The port to providers of push messages, and the provider of development, which writes them as files."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import orjson

from shared.core.private_files import write_private
from shared.core.settings import Settings
from subgraphs.user.enums import DevicePlatform
from subgraphs.user.settings import PushSettings


@dataclass(frozen=True)
class PushMessage:
    """What a device gets. Providers read it, so it names nobody: the app asks the graph for more once it is opened.

    `key` is the same when a message is sent again: providers and devices tell a repeat by it.
    """

    key: str
    platform: DevicePlatform
    token: str
    title: str
    data: Mapping[str, str]


class TokenRefused(Exception):
    """The app is not installed any more where the token leads to, or may not be told anything."""


class PushProvider(Protocol):
    """Sends push messages; raises TokenRefused, or anything else for what a later attempt may do better."""

    async def send(self, message: PushMessage) -> None:
        """Send one message."""


class SimulatedPush:
    """Writes each message into a directory as a JSON file, named for its key: a repeat replaces it.

    It refuses tokens that begin with `gone`.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def send(self, message: PushMessage) -> None:
        if message.token.startswith("gone"):
            raise TokenRefused
        shown = {
            "platform": message.platform.value,
            "token": message.token,
            "title": message.title,
            "data": message.data,
        }
        content = orjson.dumps(shown, option=orjson.OPT_INDENT_2)
        await asyncio.to_thread(write_private, self._directory, f"{message.key}.json", content)


def make_provider(settings: Settings) -> PushProvider | None:
    """Return the provider that the settings select, or None; raises SettingsError."""
    if PushSettings.load().provider_of(settings) == "none":
        return None
    return SimulatedPush(settings.home / "push")
