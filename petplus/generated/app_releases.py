"""The releases of apps whose operations are trusted: one file each, as the app's own tools wrote it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from petplus.generated.composition import OperationsError, build_operations
from petplus.local.node import ROUTER

FOLDER = ROUTER / "operations" / "apps"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")


@dataclass(frozen=True, order=True)
class Release:
    """A release of an app, such as `web` `1.4.0`."""

    app: str
    version: str

    @property
    def file(self) -> Path:
        """Where its operations are."""
        return FOLDER / self.app / f"{self.version}.json"


def named(app: str, version: str) -> Release:
    """Return a release; raises OperationsError for what is no name or no version."""
    if not _NAME.fullmatch(app) or not _VERSION.fullmatch(version):
        raise OperationsError("An app has a name such as `web`, and a release a version such as `1.4.0`.")
    return Release(app, version)


def trusted_releases() -> list[Release]:
    """Return all releases whose operations are trusted."""
    return sorted(Release(file.parent.name, file.stem) for file in FOLDER.glob("*/*.json"))


def trust(release: Release, manifest: Path) -> None:
    """Trust the operations of a manifest for a release, and build the router's manifest; else change nothing.

    Raises OperationsError for a release that is trusted with other operations, and for operations that do not fit.
    """
    if release.file.exists() and release.file.read_bytes() != manifest.read_bytes():
        raise OperationsError(f"{release.app} {release.version} is trusted with other operations: use a new version.")
    existed = release.file.exists()
    release.file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(manifest, release.file)
    try:
        build_operations()
    except OperationsError:
        if not existed:
            _remove(release)
        raise


def withdraw(release: Release) -> None:
    """Trust a release no longer, and build the manifest; what other releases send stays. Raises OperationsError."""
    if not release.file.exists():
        raise OperationsError(f"{release.app} {release.version} is not trusted.")
    _remove(release)
    build_operations()


def _remove(release: Release) -> None:
    release.file.unlink()
    if not any(release.file.parent.iterdir()):
        release.file.parent.rmdir()
