"""Push messages about orders: each change once to each device of its customer, if they want it and it is news."""

import asyncio
import datetime as dt
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select, text, update

from shared.core.ids import new_id
from shared.core.settings import Settings, SettingsError
from shared.events.event import Envelope, Handlers
from shared.jobs.runner import run_jobs
from shared.workers import run_event_workers
from subgraphs.order.enums import OrderStatus
from subgraphs.order.events import OrderStatusChanged
from subgraphs.user.handlers import HANDLERS
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import Device, SentPush, UserSession
from subgraphs.user.service import order_pushes, retention
from subgraphs.user.service.job_types import ORDER_PUSH, PushPayload
from subgraphs.user.service.order_pushes import OrderPushes
from subgraphs.user.service.push_provider import PushMessage, make_provider
from subgraphs.user.settings import PushSettings
from tests.order.factories import move, place
from tests.support.accounts import Account, log_in, open_account
from tests.support.apps import Served
from tests.support.waiting import eventually
from tests.user.test_devices import register

SET = """mutation ($on: Boolean!) { preferencesUpdate(input: { version: 1, orderPushes: $on }) {
  ... on PreferencesUpdateSuccess { preferences { orderPushes version } }
} }"""
QUEUED = text("DELETE FROM pgqueuer WHERE entrypoint = :name RETURNING id, payload")


@pytest.fixture
async def account(user: Served) -> Account:
    return await open_account(user)


@pytest.fixture
async def token(user: Served, account: Account) -> str:
    return str((await log_in(user, account))["accessToken"])


async def with_device(user: Served, account: Account, push_token: str = "") -> str:
    """Log in, register a device and return its id."""
    token = str((await log_in(user, account))["accessToken"])
    return str((await register(user, token, push_token or new_id("tok")))["device"]["id"])


def change(customer_id: str | None, **changes: Any) -> OrderStatusChanged:
    given = {"order_id": new_id("ord"), "version": 2, "previous": "PENDING", "status": "PAID"}
    return OrderStatusChanged(customer_id=customer_id, **given | changes)


async def handle(user: Served, event: OrderStatusChanged, *, age: dt.timedelta = dt.timedelta()) -> list[PushPayload]:
    """Have the user subgraph handle a change, and return the jobs that follow."""
    at = dt.datetime.now(dt.UTC) - age
    about = {"type": event.type, "subject": event.order_id, "time": at, "data": event.model_dump()}
    for handler in HANDLERS[OrderStatusChanged]:
        async with user.database.write() as session:
            await handler(session, event, Envelope(id=new_id("evt"), source="order", **about))
    async with user.database.write() as session:
        jobs = (await session.execute(QUEUED, {"name": ORDER_PUSH.name})).all()
    return [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]


async def work(user: Served, jobs: list[PushPayload]) -> None:
    for payload in jobs:
        await JOBS[ORDER_PUSH](user.runtime, payload)


def written(user: Served, order_id: str) -> list[Any]:
    """Return the messages about an order that were sent, by their version."""
    files = (user.runtime.settings.home / "push").glob(f"{order_id}.*.json")
    return [orjson.loads(file.read_bytes()) for file in sorted(files)]


async def noted(user: Served, order_id: str) -> int:
    async with user.database.read() as connection:
        count = select(func.count()).select_from(SentPush).where(SentPush.order_id == order_id)
        return await connection.scalar(count) or 0


async def test_a_change_is_sent_once_to_each_device_and_names_nobody(user: Served, account: Account) -> None:
    tokens = [f"{account.id} one", f"{account.id} two"]
    for each in tokens:
        await with_device(user, account, each)
    event = change(account.id)
    jobs = await handle(user, event)
    assert account.id not in str(jobs)
    # Each is carried out twice, as after the death of a process.
    await asyncio.gather(work(user, jobs), work(user, jobs))
    messages = written(user, event.order_id)
    assert sorted(each.pop("token") for each in messages) == tokens
    data = {"orderId": event.order_id, "status": "PAID", "version": "2"}
    assert messages == [{"platform": "IOS", "title": "Your payment has arrived", "data": data}] * 2
    assert await noted(user, event.order_id) == 2


async def test_guests_and_customers_without_devices_are_sent_nothing(user: Served, account: Account) -> None:
    assert await handle(user, change(None)) == []
    assert await handle(user, change(account.id)) == []


async def test_who_wants_no_messages_gets_none(user: Served, account: Account, token: str) -> None:
    await register(user, token, account.id)
    changed = (await user.execute(SET, token, on=False)).data["preferencesUpdate"]
    assert changed == {"preferences": {"orderPushes": False, "version": 2}}
    event = change(account.id)
    await work(user, await handle(user, event))
    assert (written(user, event.order_id), await noted(user, event.order_id)) == ([], 0)


async def test_what_is_no_news_is_not_sent(user: Served, account: Account) -> None:
    await with_device(user, account)
    old = change(account.id)
    await work(user, await handle(user, old, age=order_pushes.FRESH + dt.timedelta(minutes=1)))
    assert written(user, old.order_id) == []
    later = change(account.id, version=3, status="IN_PRODUCTION")
    jobs = [*await handle(user, later), *await handle(user, later.model_copy(update={"version": 2, "status": "PAID"}))]
    await work(user, jobs)
    assert [each["title"] for each in written(user, later.order_id)] == ["We are making your order"]


async def test_a_device_that_is_gone_is_forgotten(user: Served, account: Account) -> None:
    await with_device(user, account, f"gone {account.id}")
    kept = await with_device(user, account)
    event = change(account.id)
    await work(user, await handle(user, event))
    assert len(written(user, event.order_id)) == 1
    async with user.database.read() as connection:
        left = await connection.scalars(select(Device.id).where(Device.user_id == account.id))
        assert list(left) == [kept]


async def test_devices_of_sessions_that_are_over_are_sent_nothing(user: Served, account: Account) -> None:
    device_id = await with_device(user, account)
    event = change(account.id)
    jobs = await handle(user, event)
    async with user.database.write() as session:
        session_id = select(Device.session_id).where(Device.id == device_id).scalar_subquery()
        await session.execute(update(UserSession).where(UserSession.id == session_id).values(expires_at=func.now()))
    await work(user, jobs)
    assert written(user, event.order_id) == []
    await retention.remove_expired(user.database)
    assert await handle(user, change(account.id)) == []


async def test_a_message_that_fails_is_sent_by_a_later_attempt(user: Served, account: Account) -> None:
    await with_device(user, account)
    event = change(account.id)
    [job] = await handle(user, event)
    sent: list[str] = []

    class Flaky:
        async def send(self, message: PushMessage) -> None:
            sent.append(message.key)
            if len(sent) == 1:
                raise ConnectionError("the provider is away")

    pushes = OrderPushes(user.database, Flaky())
    with pytest.raises(ConnectionError):
        await pushes.send(job)
    assert await noted(user, event.order_id) == 0
    for _ in range(2):
        await pushes.send(job)
    assert sent == [f"{event.order_id}.2.{job['device_id']}"] * 2
    assert await noted(user, event.order_id) == 1


async def test_without_a_provider_nothing_is_sent(user: Served, account: Account) -> None:
    await with_device(user, account)
    event = change(account.id)
    [job] = await handle(user, event)
    await OrderPushes(user.database, None).send(job)
    assert await noted(user, event.order_id) == 0


async def test_what_was_sent_is_forgotten_after_a_month(user: Served, account: Account) -> None:
    await with_device(user, account)
    event = change(account.id)
    await work(user, await handle(user, event))
    async with user.database.write() as session:
        sent = update(SentPush).where(SentPush.order_id == event.order_id)
        await session.execute(sent.values(sent_at=func.now() - retention.PUSHES_KEPT_FOR + dt.timedelta(hours=1)))
    await retention.remove_expired(user.database)
    assert await noted(user, event.order_id) == 1
    async with user.database.write() as session:
        await session.execute(sent.values(sent_at=func.now() - retention.PUSHES_KEPT_FOR))
    await retention.remove_expired(user.database)
    assert await noted(user, event.order_id) == 0


def test_production_sends_nothing_by_itself_and_refuses_the_simulated_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    production = Settings().model_copy(update={"env": "production"})
    assert make_provider(production) is None
    monkeypatch.setenv("PETPLUS_PUSH_PROVIDER", "simulated")
    with pytest.raises(SettingsError, match="PETPLUS_PUSH_PROVIDER must not"):
        PushSettings.load().check(production)


async def test_an_order_that_moves_reaches_the_phone_of_its_customer(
    user: Served, order: Served, account: Account
) -> None:
    await with_device(user, account)
    placed = await place(order, account.id)
    titles = ["Your payment has arrived", "We are making your order"]
    handled: Handlers = {OrderStatusChanged: HANDLERS[OrderStatusChanged]}
    async with (
        run_event_workers(order.runtime, {}),
        run_event_workers(user.runtime, handled),
        run_jobs(user.runtime, {ORDER_PUSH: JOBS[ORDER_PUSH]}),
    ):
        for number, to in enumerate((OrderStatus.PAID, OrderStatus.IN_PRODUCTION), 1):
            await move(order, placed.id, to)
            await eventually(partial(_has, user, placed.id, number))
    assert [each["title"] for each in written(user, placed.id)] == titles


async def _has(user: Served, order_id: str, count: int) -> bool:
    return len(written(user, order_id)) == count
