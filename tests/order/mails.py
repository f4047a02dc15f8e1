"""Does the mail jobs of orders as the worker does, and reads the mails that leave."""

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson

from shared.mail import FileMailer
from subgraphs.order.service.notification import Notifier
from tests.support.apps import Served


def text_of(mail: EmailMessage) -> str:
    """Return what a mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """Return what a mail says, as HTML."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


async def asked_for(order: Served, order_id: str) -> list[dict[str, Any]]:
    """Take the mails about an order that were asked for off the queue; returns their payloads."""
    async with order.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "DELETE FROM pgqueuer WHERE entrypoint = 'notification'"
            " AND convert_from(payload, 'UTF8')::jsonb->>'order_id' = $1 RETURNING id, payload",
            (order_id,),
        )
        return [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]


async def mails_of(
    order: Served, order_id: str, directory: Path, *, takes_payments: bool = False
) -> Sequence[EmailMessage]:
    """Do the mail jobs of an order, and return the mails that they wrote into a directory, oldest version first.

    Unless the shop `takes_payments`, its staff do, and an order is news as soon as it is placed.
    """
    notifier = Notifier.from_runtime(order.runtime, FileMailer(directory), takes_payments=takes_payments)
    before = _files(directory)
    for payload in await asked_for(order, order_id):
        await notifier.notify(**payload)
    files = sorted(_files(directory) - before, key=lambda file: int(file.name.split("-")[2]))
    return [_read(file) for file in files]


def _files(directory: Path) -> set[Path]:
    return set(directory.glob("*.eml"))


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
