"""What follows a commit: actions that a transaction registers, run in order once it has committed and never otherwise.

`after_commit` registers any action. `notify_after_commit` registers a notification about a topic, once for each
message; who delivers it is the hook that the database has for the topic (`Database.hooks`), so that code which changes
rows needs no notifier. Without a hook, as in a command that seeds, nothing is sent.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias, cast

from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.observability import log

Hook: TypeAlias = Callable[[str], Awaitable[None] | None]
"""Delivers the notifications of a topic; gets each message."""

Hooks: TypeAlias = Mapping[str, Hook]

Actions: TypeAlias = dict[Hashable, Callable[[Hooks], Awaitable[None] | None]]
"""What a transaction has registered so far, in order. The key of a notification is its topic and message."""

_INFO = "after_commit"


def after_commit(session: AsyncSession, action: Callable[[], Awaitable[None] | None]) -> None:
    """Run an action after the session's transaction has committed. An error in it is logged; the commit stands."""
    actions_of(session)[object()] = lambda _: action()


def notify_after_commit(session: AsyncSession, topic: str, message: str = "") -> None:
    """Send a notification after the session's transaction has committed; registered again, it is still sent once."""
    actions_of(session)[topic, message] = partial(_notify, topic, message)


def actions_of(session: AsyncSession) -> Actions:
    """Return what a session has registered."""
    return cast("Actions", session.info.setdefault(_INFO, {}))


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncIterator[AsyncSession]:
    """Run the block in a savepoint. Rolled back, it also drops the actions that the block has registered."""
    before = dict(actions_of(session))
    try:
        async with session.begin_nested():
            yield session
    except BaseException:
        session.info[_INFO] = before
        raise


async def run_actions(actions: Actions, hooks: Hooks) -> None:
    """Run actions whose transaction has committed, each after the one before."""
    for action in actions.values():
        try:
            following = action(hooks)
            if following is not None:
                await following
        except Exception as error:
            log.error("action after commit failed", exc_info=error)


def _notify(topic: str, message: str, hooks: Hooks) -> Awaitable[None] | None:
    hook = hooks.get(topic)
    return None if hook is None else hook(message)
