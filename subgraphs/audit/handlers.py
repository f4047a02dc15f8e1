"""Hears every event of every room, and appends an entry for each."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events import Envelope, Event
from shared.ids import is_id
from subgraphs.audit.service.chain import Change, Fact
from subgraphs.audit.service.log import append
from subgraphs.user import events as user_events
from subgraphs.webhook import events as webhook_events

Handler: TypeAlias = Callable[[AsyncSession, Event, Envelope], Awaitable[None]]
