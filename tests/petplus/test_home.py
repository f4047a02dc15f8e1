"""PETPLUS_HOME is private: no other user of the machine reads its logs, mails and addresses."""

import os
import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from petplus.local.home import make_home
from petplus.local.process import spawn
from shared.mail import FileMailer
from subgraphs.user.enums import DevicePlatform
from subgraphs.user.service.push_provider import PushMessage, SimulatedPush


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def opened(home: Path, *more: str) -> Path:
    """Make a home as it was once: open to everybody."""
    for name in ("logs/router.log", "logs/router.log.1", "mail/token.eml", "addresses.json", *more):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("secret")
    for path in (home, *home.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    return home


def modes(home: Path) -> dict[str, int]:
    return {str(path.relative_to(home)): mode(path) for path in home.rglob("*")}


PRIVATE = {
    "logs": 0o700,
    "logs/router.log": 0o600,
    "logs/router.log.1": 0o600,
    "mail": 0o700,
    "mail/token.eml": 0o600,
    "addresses.json": 0o666,  # written anew at each start, and out of reach
}


def test_a_new_home_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_home(tmp_path / "above" / "home")
    finally:
        os.umask(before)
    assert mode(tmp_path / "above" / "home") == 0o700


def test_a_home_that_exists_becomes_private(tmp_path: Path) -> None:
    home = opened(tmp_path / "home")
    (home / "node").mkdir(mode=0o700)  # the router's
    make_home(home)
    assert (mode(home), modes(home)) == (0o700, PRIVATE | {"node": 0o700})


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_the_servers_user_may_pass_and_nobody_else(tmp_path: Path) -> None:
    home = opened(tmp_path / "home")
    make_home(home, 65_534)
    assert (mode(home), home.stat().st_gid, modes(home)) == (0o710, 65_534, PRIVATE)


def test_a_directory_of_other_things_keeps_its_mode_and_logs_and_mails_are_private(tmp_path: Path) -> None:
    home = opened(tmp_path / "home", "notes.txt")
    (home / "logs" / "link").symlink_to(home / "notes.txt")
    make_home(home)
    assert (mode(home), mode(home / "notes.txt")) == (0o777, 0o666)
    assert modes(home) == PRIVATE | {"notes.txt": 0o666, "logs/link": 0o666}


def test_a_directory_that_users_share_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    make_home(tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o1777


async def test_logs_are_private_also_those_that_exist(tmp_path: Path) -> None:
    home = opened(tmp_path / "home")
    for log in (home / "logs" / "router.log", home / "logs" / "new.log"):
        process = await spawn("test", ["true"], log=log)
        await process.wait()
        assert mode(log) == 0o600


async def test_push_messages_are_private(tmp_path: Path) -> None:
    home = opened(tmp_path / "home", "push/one.json")
    make_home(home)
    assert (mode(home / "push"), mode(home / "push" / "one.json")) == (0o700, 0o600)
    message = PushMessage("two", DevicePlatform.IOS, "a token", "Your order is on its way", {})
    await SimulatedPush(home / "push").send(message)
    assert mode(home / "push" / "two.json") == 0o600


async def test_mails_are_private_also_where_mails_exist(tmp_path: Path) -> None:
    home = opened(tmp_path / "home", "mail/.one.part")
    message = EmailMessage()
    message["Message-ID"] = "<one@allpetplus.example>"
    await FileMailer(home / "mail").send(message)
    assert (mode(home / "mail"), mode(home / "mail" / "one.eml")) == (0o700, 0o600)
