"""The order subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.jobs import JOBS
from subgraphs.order.models import Base
from subgraphs.order.payments.simulated_events import SimulatedDeliveries
from subgraphs.order.routes import routes
from subgraphs.order.schema import schema
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.order_changes import OrderChanges
from subgraphs.order.service.payments import Payments
from subgraphs.order.service.status_feed import StatusFeed

subgraph = Subgraph(
    name="order",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    resources=(StatusFeed, OrderChanges, Fulfillment, Notifier, Payments, SimulatedDeliveries),
    routes=routes,
    handlers=HANDLERS,
    jobs=JOBS,
)
