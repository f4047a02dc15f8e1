"""The order room's front door."""

from pathlib import Path

from shared.personal import PersonalDigests
from shared.sealing import Sealer
from shared.subgraph import Subgraph
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.jobs import JOBS
from subgraphs.order.models import Base
from subgraphs.order.schema import schema
from subgraphs.order.service.feed import StatusFeed
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.guests import GuestDesk
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.settling import Settlement

subgraph = Subgraph(
    name="order",
    port_offset=3,
    schema=schema,
    metadata=Base.metadata,
    room=Path(__file__).parent,
    resources=(StatusFeed, GuestDesk, Fulfillment, Notifier, PersonalDigests, Sealer, Settlement),
    handlers=HANDLERS,
    jobs=JOBS,
)
