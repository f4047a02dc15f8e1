"""The transactional inbox: an event's effects and the note that it was received commit together, so they happen once.

An event whose handler fails is parked with the later events of its aggregate, in order, while all others go on. It is
tried again after growing delays; after the last attempt it is dead and waits for an operator to replay or discard it.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import groupby

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.core.backoff import Backoff
from shared.core.observability import ORIGIN, Origin, log
from shared.database.advisory_locks import transaction
from shared.database.after_commit import Actions, actions_of
from shared.database.database import Database
from shared.events.broker import partition_of
from shared.events.event import BatchHandler, Envelope, Event, Handlers
from shared.events.metrics import ATTEMPTS

INBOX = Table(
    "inbox",
    MetaData(),
    Column("event_id", Text, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index("inbox_received_at_idx", INBOX.c.received_at, postgresql_using="brin")

DEAD_LETTER = Table(
    "dead_letter",
    MetaData(),
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("envelope", JSONB, nullable=False),
    Column("attempts", Integer, nullable=False),
    # NULL: it has not been tried, but waits behind an event of the same aggregate.
    Column("error", Text),
    Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # NULL: it is dead, and only an operator can bring it back.
    Column("retry_at", DateTime(timezone=True)),
)
Index("dead_letter_source_subject_id_idx", DEAD_LETTER.c.source, DEAD_LETTER.c.subject, DEAD_LETTER.c.id)

INBOX_RETENTION_DAYS = 30
"""How long an event is known to have been received; longer than any outbox or stream can repeat it."""

MOST_ATTEMPTS = 8
RETRIES = Backoff(first=1.0, longest=60.0)
_LONGEST_ERROR = 2000

_ids = bindparam("ids", type_=ARRAY(Text))
_received = (
    postgresql.insert(INBOX)
    .from_select(["event_id"], select(func.unnest(_ids)))
    .on_conflict_do_nothing()
    .returning(INBOX.c.event_id)
    .cte("received")
)
_parked = (
    select(null(), DEAD_LETTER.c.source, DEAD_LETTER.c.subject)
    .where(DEAD_LETTER.c.subject == func.any(bindparam("subjects", type_=ARRAY(Text))))
    .distinct()
)
# Which events are new, and behind which aggregates' parked ones they would have to wait: one round trip for both.
_RECEIVE = select(_received.c.event_id, null().label("source"), null().label("subject")).union_all(_parked)
_heads = (
    select(DEAD_LETTER.c.id, DEAD_LETTER.c.retry_at)
    .ext(postgresql.distinct_on(DEAD_LETTER.c.source, DEAD_LETTER.c.subject))
    .where(DEAD_LETTER.c.partition == func.any(bindparam("partitions", type_=ARRAY(Integer))))
    .order_by(DEAD_LETTER.c.source, DEAD_LETTER.c.subject, DEAD_LETTER.c.id)
    .subquery()
)
_DUE = select(_heads.c.id).where(_heads.c.retry_at <= func.now()).order_by(_heads.c.id).limit(100)


class Inbox:
    """Hands events to a subgraph's handlers, on a connection that holds the locks of their partitions."""

    def __init__(
        self, subgraph: str, handlers: Handlers, *, attempts: int = MOST_ATTEMPTS, retries: Backoff = RETRIES
    ) -> None:
        self._subgraph = subgraph
        self._kinds = {kind.type: kind for kind in handlers}
        self._handlers = {kind.type: chosen for kind, chosen in handlers.items()}
        self._attempts = attempts
        self._retries = retries

    def handles(self, type: str) -> bool:
        """Tell whether a handler wants events of this type."""
        return type in self._handlers

    async def receive(self, connection: AsyncConnection, envelopes: Sequence[Envelope]) -> Actions:
        """Handle or park each event that is new, if it can in one transaction; returns what is to follow the commit."""
        try:
            async with transaction(connection), _session(connection) as session:
                await self._handle(session, await self._admit(connection, envelopes))
                return actions_of(session)
        except Exception:
            if connection.invalidated:
                raise
        # One by one the others get through. Only a batch that holds a failing event pays for it.
        actions: Actions = {}
        for envelope in envelopes:
            async with transaction(connection):
                following = await self._receive_alone(connection, envelope)
            actions |= following
        return actions

    async def _receive_alone(self, connection: AsyncConnection, envelope: Envelope) -> Actions:
        if not await self._admit(connection, [envelope]):
            return {}
        try:
            return await self._handle_guarded(connection, envelope)
        except Exception as error:
            if connection.invalidated:
                raise
            await self._park(connection, envelope, error)
            return {}

    async def _admit(self, connection: AsyncConnection, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Note the events as received; returns those that are new, less those that wait behind a parked one."""
        asked = {"ids": [envelope.id for envelope in envelopes], "subjects": [it.subject for it in envelopes]}
        rows = (await connection.execute(_RECEIVE, asked)).all()
        fresh = {row.event_id for row in rows if row.event_id is not None}
        parked = {(row.source, row.subject) for row in rows if row.event_id is None}
        admitted = []
        for envelope in envelopes:
            if envelope.id not in fresh:
                continue
            fresh.remove(envelope.id)
            if (envelope.source, envelope.subject) in parked:
                await self._park(connection, envelope, None)
            else:
                admitted.append(envelope)
        return admitted

    async def retry(self, connection: AsyncConnection, partitions: Iterable[int]) -> Actions:
        """Try the parked events whose time has come, and all that a success sets free; returns as `receive` does."""
        actions: Actions = {}
        while True:
            async with transaction(connection):
                due = (await connection.execute(_DUE, {"partitions": list(partitions)})).scalars().all()
            if not due:
                return actions
            for number in due:
                async with transaction(connection):
                    following = await self._retry(connection, number)
                actions |= following

    async def _retry(self, connection: AsyncConnection, number: int) -> Actions:
        this = DEAD_LETTER.c.id == number
        row = (await connection.execute(select(DEAD_LETTER).where(this).with_for_update())).one_or_none()
        if row is None:
            return {}
        envelope = Envelope.model_validate(row.envelope)
        try:
            actions = await self._handle_guarded(connection, envelope)
        except Exception as error:
            if connection.invalidated:
                raise
            changes = self._failed(envelope, row.attempts + 1, error)
            await connection.execute(update(DEAD_LETTER).where(this).values(changes))
            return {}
        await connection.execute(delete(DEAD_LETTER).where(this))
        log.info(
            "event processed after retry", subgraph=self._subgraph, event_id=envelope.id, attempts=row.attempts + 1
        )
        return actions

    async def _handle(self, session: AsyncSession, envelopes: Iterable[Envelope]) -> None:
        """Hand events to their handlers, in order."""
        for handlers, alike in groupby(envelopes, lambda envelope: self._handlers[envelope.type]):
            if isinstance(handlers, BatchHandler):
                batch = list(alike)
                async with self._attempt(session, batch):
                    await handlers.handle(session, [(self._event(envelope), envelope) for envelope in batch])
                continue
            for envelope in alike:
                with _caused_as(envelope):
                    async with self._attempt(session, [envelope]):
                        event = self._event(envelope)
                        for handler in handlers:
                            await handler(session, event, envelope)

    def _event(self, envelope: Envelope) -> Event:
        return self._kinds[envelope.type].model_validate(envelope.data)

    @asynccontextmanager
    async def _attempt(self, session: AsyncSession, envelopes: Sequence[Envelope]) -> AsyncIterator[None]:
        """Count what becomes of events that are handled within the block, and write what it leaves in the session."""
        try:
            yield
            if session.new or session.dirty or session.deleted:
                await session.flush()
        except Exception:
            self._count(envelopes, "failed")
            raise
        # The next event's handlers must not see rows as this one's left them in memory.
        if session.identity_map:
            session.expunge_all()
        self._count(envelopes, "handled")

    def _count(self, envelopes: Iterable[Envelope], outcome: str) -> None:
        for envelope in envelopes:
            ATTEMPTS.labels(self._subgraph, envelope.type, outcome).inc()

    async def _handle_guarded(self, connection: AsyncConnection, envelope: Envelope) -> Actions:
        """Handle one event in a savepoint, so that its failure leaves the transaction whole."""
        async with connection.begin_nested(), _session(connection) as session:
            await self._handle(session, [envelope])
            # What is deferred to the commit must fail here, and not with the whole batch.
            await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        return actions_of(session)

    async def _park(self, connection: AsyncConnection, envelope: Envelope, error: Exception | None) -> None:
        """Take an event into custody: `error` is what its handler raised, or None for one that only waits."""
        row: dict[str, object] = {
            "event_id": envelope.id,
            "source": envelope.source,
            "subject": envelope.subject,
            "partition": partition_of(envelope.subject),
            "envelope": envelope.model_dump(mode="json"),
        }
        row |= {"attempts": 0, "retry_at": func.now()} if error is None else self._failed(envelope, 1, error)
        await connection.execute(insert(DEAD_LETTER).values(row))

    def _failed(self, envelope: Envelope, attempts: int, error: Exception) -> dict[str, object]:
        dead = attempts >= self._attempts
        report = log.error if dead else log.warning
        report(
            "event is dead" if dead else "event failed",
            subgraph=self._subgraph,
            event_id=envelope.id,
            type=envelope.type,
            subject=envelope.subject,
            attempts=attempts,
            exc_info=error,
        )
        delay = func.make_interval(0, 0, 0, 0, 0, 0, self._retries.delay(attempts))
        return {
            "attempts": attempts,
            "error": f"{type(error).__name__}: {error}".replace("\x00", "")[:_LONGEST_ERROR],
            "retry_at": None if dead else func.clock_timestamp() + delay,
        }


@contextmanager
def _caused_as(envelope: Envelope) -> Iterator[None]:
    """Work within the block for the origin of an event, so that events that follow from it carry the same one."""
    token = ORIGIN.set(Origin(envelope.requestid, envelope.traceparent, envelope.actor))
    try:
        yield
    finally:
        ORIGIN.reset(token)


def _session(connection: AsyncConnection) -> AsyncSession:
    # The connection's owner commits.
    return AsyncSession(connection, expire_on_commit=False, join_transaction_mode="rollback_only")


async def replay(database: Database, event_id: str) -> bool:
    """Have a dead event tried again, with all its attempts; its aggregate follows. False: there is no such event."""
    statement = update(DEAD_LETTER).where(DEAD_LETTER.c.event_id == event_id).values(attempts=0, retry_at=func.now())
    async with database.write() as session:
        found = await session.execute(statement.returning(DEAD_LETTER.c.id))
        return found.one_or_none() is not None


async def discard(database: Database, event_id: str) -> bool:
    """Give up an event: it never has its effect, and its aggregate goes on. False: there is no such event."""
    statement = delete(DEAD_LETTER).where(DEAD_LETTER.c.event_id == event_id)
    async with database.write() as session:
        found = await session.execute(statement.returning(DEAD_LETTER.c.id))
        return found.one_or_none() is not None


async def prune(connection: AsyncConnection) -> None:
    """Forget events that nothing can repeat any more."""
    async with transaction(connection):
        age = text(f"interval '{INBOX_RETENTION_DAYS} days'")
        await connection.execute(delete(INBOX).where(INBOX.c.received_at < func.now() - age))
