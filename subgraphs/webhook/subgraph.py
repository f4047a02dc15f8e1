"""The webhook subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.webhook.handlers import HANDLERS
from subgraphs.webhook.jobs import JOBS
from subgraphs.webhook.models import Base
from subgraphs.webhook.routes import LARGEST_DELIVERY, routes
from subgraphs.webhook.schema import schema
from subgraphs.webhook.service.delivery_feed import DeliveryFeed
from subgraphs.webhook.settings import WebhookSecrets

subgraph = Subgraph(
    name="webhook",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    resources=(DeliveryFeed, WebhookSecrets),
    routes=routes,
    handlers=HANDLERS,
    jobs=JOBS,
    larger_bodies={"/webhooks/": LARGEST_DELIVERY},
)
