"""Opens accounts as people do: registers, reads the mail, proves the address, logs in."""

import email
import email.policy
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson

from shared.core.ids import new_id
from subgraphs.user.jobs import JOBS
from subgraphs.user.service.job_types import USER_MAIL
from tests.support.apps import Served
from tests.support.shop import Shop
from tests.support.waiting import eventually

PASSWORD = "correct horse"
REGISTER = """
mutation ($input: AccountRegisterInput!) {
  accountRegister(input: $input) {
    __typename
    ... on AccountRegisterSuccess { receipt message }
    ... on Problem { code message }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
VERIFY = """
mutation ($proof: String!, $password: String) {
  emailVerify(input: { token: $proof, password: $password }) {
    __typename
    ... on EmailVerifySuccess { userId verified }
    ... on Problem { code message }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
LOG_IN = """
mutation ($email: String!, $password: String!) {
  sessionCreate(input: { email: $email, password: $password, device: "Anna's phone" }) {
    __typename
    ... on SessionCreateSuccess { accessToken expiresIn refreshToken user { name } }
    ... on Problem { code message }
  }
}
"""


@dataclass(frozen=True)
class Account:
    """An open account and how to log in to it."""

    id: str
    email: str
    password: str
    name: str


def wanted(**changes: str) -> dict[str, str]:
    """Return the input of a registration with an address of its own."""
    return {"email": f"{new_id('usr')}@example.com", "name": "Anna", **changes}


async def open_account(user: Served, *, password: str = PASSWORD, **changes: str) -> Account:
    """Register somebody, prove their address by the mail, and set their password."""
    given = wanted(**changes)
    registered = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    assert registered["__typename"] == "AccountRegisterSuccess", registered
    [mail] = await mailed(user, to=given["email"])
    verified = (await user.execute(VERIFY, proof=token_in(mail), password=password)).data["emailVerify"]
    assert verified["__typename"] == "EmailVerifySuccess", verified
    return Account(verified["userId"], given["email"], password, given["name"])


async def log_in(user: Served, account: Account) -> dict[str, Any]:
    """Log somebody in and return their tokens."""
    given = {"email": account.email, "password": account.password}
    session: dict[str, Any] = (await user.execute(LOG_IN, **given)).data["sessionCreate"]
    assert session["__typename"] == "SessionCreateSuccess", session
    return session


async def open_account_at(shop: Shop, *, password: str = PASSWORD, **changes: str) -> Account:
    """Do what `open_account` does at the router of a running shop."""
    given = wanted(**changes)
    registered = (await shop.execute(REGISTER, input=given)).data["accountRegister"]

    async def mailed() -> list[EmailMessage]:
        return list(_mails(shop.home, [(registered["receipt"], "REGISTRATION")]))

    mails = await eventually(mailed, pause=0.05)
    verified = (await shop.execute(VERIFY, proof=token_in(mails[0]), password=password)).data["emailVerify"]
    return Account(verified["userId"], given["email"], password, given["name"])


async def log_in_at(shop: Shop, account: Account) -> str:
    """Log somebody in at the router of a running shop and return their access token."""
    answer = await shop.execute(LOG_IN, email=account.email, password=account.password)
    return str(answer.data["sessionCreate"]["accessToken"])


async def mailed(user: Served, *, to: str | Collection[str]) -> list[EmailMessage]:
    """Do the mail jobs that wait, and return the mails that they sent to an address, or to some."""
    async with user.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "DELETE FROM pgqueuer WHERE entrypoint = $1 RETURNING id, payload", (USER_MAIL.name,)
        )
        payloads = [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]
    for payload in payloads:
        await JOBS[USER_MAIL](user.runtime, payload)
    found = _mails(user.runtime.settings.home, [(payload["id"], payload["kind"]) for payload in payloads])
    addresses = {to} if isinstance(to, str) else set(to)
    return [mail for mail in found if mail["To"] in addresses]


def text_of(mail: EmailMessage) -> str:
    """Return what a mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(mail: EmailMessage) -> str:
    """Return the token in the link of a mail."""
    found = re.search(r"#token=(\S+)", text_of(mail))
    assert found is not None, text_of(mail)
    return found[1]


def _mails(home: Path, wanted: Iterable[tuple[str, str]]) -> Iterable[EmailMessage]:
    """Yield letters about some rows, in the order in which they were written."""
    patterns = [f"{key}-*{letter.lower()}.eml".replace("_", "-") for key, letter in dict.fromkeys(wanted)]
    files = [file for pattern in patterns for file in (home / "mail").glob(pattern)]
    for file in sorted(files, key=lambda file: file.stat().st_mtime_ns):
        yield email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
