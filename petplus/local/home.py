"""Keeps PETPLUS_HOME private: logs name requests, mails hold tokens, and the servers' addresses hold passwords."""

import logging
import os
import stat
from pathlib import Path

_log = logging.getLogger(__name__)
_OURS = frozenset({"servers", "logs", "mail", "push", "node", "addresses.json"})
_DIRECTORY, _ENTERED_BY_GROUP, _FILE = 0o700, 0o710, 0o600
_OF_OTHERS = 0o077


def make_home(home: Path, servers_group: int | None = None) -> None:
    """Make PETPLUS_HOME if it is missing, and its logs, mails and push messages private, also those that exist already.

    `servers_group` is the group of the user that the embedded servers are demoted to: it may pass through, and read
    nothing. A directory that holds other things, such as `/tmp`, keeps its mode.
    """
    home.mkdir(mode=_DIRECTORY, parents=True, exist_ok=True)
    for directory in (home / "logs", home / "mail", home / "push"):
        if _is_own_directory(directory):
            _set_mode(directory, _DIRECTORY)
            for entry in os.scandir(directory):
                if entry.is_file(follow_symlinks=False):
                    _set_mode(Path(entry.path), _FILE)
    found = home.stat()
    if found.st_uid != os.geteuid():
        return
    if found.st_mode & stat.S_ISVTX or not _OURS.issuperset(entry.name for entry in home.iterdir()):
        if found.st_mode & _OF_OTHERS:
            _log.warning("%s holds other things than the shop's: its mode stays as it is", home)
        return
    if servers_group is not None and found.st_gid != servers_group:
        os.chown(home, -1, servers_group)
    _set_mode(home, _DIRECTORY if servers_group is None else _ENTERED_BY_GROUP)


def _is_own_directory(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:  # missing, or below a directory of another user
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _set_mode(path: Path, mode: int) -> None:
    if stat.S_IMODE(path.stat().st_mode) != mode:
        path.chmod(mode)
