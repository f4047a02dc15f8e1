"""Where the embedded servers keep their files, and as whom they run.

As a plain user everything lies in PETPLUS_HOME/servers. As root the servers are demoted (PostgreSQL refuses
to run as root), and that user may be unable to reach PETPLUS_HOME, for example below /root, which is closed
to others. Opening the parents would change rights that are not ours to change; a bind mount or an inherited
capability needs privileges that containers withhold. So the servers' files alone move to a directory of their
own below /var/lib/petplus, and PETPLUS_HOME/servers becomes a link to it: deleting the home still starts
for_next_event, and moving it keeps the data.
"""

import contextlib
import hashlib
import logging
import os
import pwd
import re
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from petplus.local.home import make_home
from petplus.local.process import Account, ServiceError

_log = logging.getLogger(__name__)
_FALLBACK = Path("/var/lib/petplus")
# Client libraries disagree on how commas, colons and quotes in the path of a socket are written in a URL.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/+-]+")
_SOCKET_PATH_BYTES = 100  # sun_path holds 104 bytes on macOS and 108 on Linux


@dataclass(frozen=True, slots=True)
class ServerDirectory:
    """The directory of one home's servers, and the user they are demoted to (None: no demotion)."""

    path: Path
    account: Account | None

    def subdirectory(self, *names: str) -> Path:
        """Return a directory below this one, made if missing: private to the servers' user."""
        path = self.path
        for name in names:
            path = path / name
            make_private(path, self.account)
        return path


def open_server_directory(home: Path) -> ServerDirectory:
    """Find or make the servers' directory of `home`; raises ServiceError when its owner is somebody else."""
    link = home.resolve() / "servers"
    if os.geteuid() != 0:
        make_home(home)
        make_private(link.resolve(), None)
        return ServerDirectory(link.resolve(), None)
    if link.exists():
        owner = link.stat()
        account = Account(owner.st_uid, owner.st_gid) if owner.st_uid != 0 else _nobody()
        make_home(home, None if link.is_symlink() else account.gid)
    else:
        account = _nobody()
        make_home(home, account.gid)
        if not is_reachable(link.parent, account):
            make_home(home)
            _link_to_fallback(link, account)
    path = link.resolve()
    make_private(path, account)
    if not is_reachable(path, account):
        raise ServiceError(
            f"The user {account.name}, who owns the servers' data in {path}, cannot reach that directory: "
            "open its parents or set PETPLUS_HOME to another directory."
        )
    return ServerDirectory(path, account)


def remove_servers(home: Path) -> None:
    """Delete all server data of `home`, wherever it lies. The servers must be stopped."""
    link = home.resolve() / "servers"
    shutil.rmtree(link.resolve(), ignore_errors=True)
    if link.is_symlink():
        link.unlink()


def make_private(path: Path, account: Account | None) -> None:
    """Make `path` a directory of mode 0700 that belongs to `account`; refuse one that belongs to another
    user.
    """
    uid = os.geteuid() if account is None else account.uid
    try:
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700, parents=True)
        found = path.lstat()
        is_usable = stat.S_ISDIR(found.st_mode) and found.st_uid in {uid, os.geteuid()}
    except PermissionError:
        is_usable = False
    if not is_usable:
        raise ServiceError(
            f"{path} is not a directory of the user with id {uid}: "
            "start as the user who made it, or set PETPLUS_HOME to another directory."
        )
    hand_over(path, account)
    path.chmod(0o700)


def hand_over(path: Path, account: Account | None) -> None:
    """Give a file or directory to `account`."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def is_reachable(path: Path, account: Account | None) -> bool:
    """Tell whether `account` may enter `path` and all its parents, going by their permission bits."""
    if account is None:
        return True
    return all(_may_enter(directory.stat(), account) for directory in (path, *path.parents))


def socket_directory(base: Path, longest_name: str, account: Account | None) -> Path:
    """Return a private directory for sockets: `base` itself, or a short one in the temporary directory.

    The latter is for a path that does not fit a socket or a URL.
    """
    uid = os.geteuid() if account is None else account.uid
    short = f"petplus-{hashlib.sha256(bytes(base)).hexdigest()[:16]}-{uid}"
    for path in (base, Path(tempfile.gettempdir()) / short, Path("/tmp") / short):  # noqa: S108 - checked by make_private
        socket = str(path / longest_name)
        fits = len(socket) <= _SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(socket)
        if fits and is_reachable(path.parent, account):
            make_private(path, account)
            return path
    raise ServiceError("No directory for Unix sockets is short enough: set TMPDIR to a shorter path.")


def write_secret(path: Path, account: Account | None) -> str:
    """Write a new random password to a file of mode 0600 and return it; the file must not exist."""
    secret = secrets.token_urlsafe(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    hand_over(path, account)
    return secret


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ServiceError(
            "The embedded servers cannot run as root, and this system has no user nobody to demote them to: "
            "start as a plain user."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _may_enter(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _link_to_fallback(link: Path, account: Account) -> None:
    _FALLBACK.mkdir(mode=0o755, parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=f"{link.parent.name.strip('.') or 'home'}-", dir=_FALLBACK))
    hand_over(path, account)
    link.unlink(missing_ok=True)  # a link whose target is gone
    link.symlink_to(path)
    _log.warning("%s cannot be reached by %s: the servers' data are kept in %s", link.parent, account.name, path)
