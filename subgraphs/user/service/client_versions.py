"""Tells apps whether their release still works with the shop, by `PETPLUS_MINIMUM_APP_VERSIONS`."""

import re
from dataclasses import dataclass

from shared.core.validation import Checks
from shared.runtime import Runtime
from subgraphs.user.settings import ClientSettings

_VERSION = re.compile(r"(\d{1,9}(?:\.\d{1,9}){0,3})(?:[-+][0-9A-Za-z.+-]{1,40})?", re.ASCII)
_PARTS = 4


@dataclass(frozen=True)
class Support:
    """The oldest release of an app that works, None where all do, and whether the one that asks does."""

    minimum_version: str | None
    is_supported: bool


class ClientVersions:
    """Knows the oldest releases that work."""

    def __init__(self, given: ClientSettings) -> None:
        self._settings = given

    @classmethod
    def from_runtime(cls, _runtime: Runtime) -> "ClientVersions":
        """Make it by the settings."""
        return cls(ClientSettings.load())

    def support_of(self, app: str, version: str) -> Support:
        """Return whether a release of an app works; raises InvalidInput. An unknown app has no oldest release."""
        checks = Checks("")
        checks.text("app", app, longest=40)
        found = _VERSION.fullmatch(version)
        if found is None:
            checks.refuse("version", "INVALID_VERSION", "Send a version such as `1.4.0`.")
        checks.raise_if_any()
        minimum = self._settings.minimum_of(app)
        given = found[1] if found is not None else ""
        return Support(minimum, minimum is None or _numbers(given) >= _numbers(minimum))


def _numbers(version: str) -> list[int]:
    """Return a version as it is compared: `1.4` is `1.4.0`."""
    numbers = [int(part) for part in version.split(".")]
    return numbers + [0] * (_PARTS - len(numbers))
