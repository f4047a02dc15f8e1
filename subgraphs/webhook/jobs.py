"""What this subgraph does in the background."""

from typing import Any

from shared.jobs.jobs import Jobs
from shared.runtime import Runtime
from subgraphs.webhook.service.job_types import PROCESSING, RETENTION
from subgraphs.webhook.service.processing import Processor
from subgraphs.webhook.service.retention import forget_old
from subgraphs.webhook.settings import WebhookSettings


async def process_delivery(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Make one attempt to apply a delivery."""
    await runtime.resource(Processor).process(payload["delivery_id"], payload["attempt"])


async def forget_old_deliveries(runtime: Runtime, _payload: dict[str, Any]) -> None:
    """Delete what was kept long enough."""
    await forget_old(runtime.database, WebhookSettings.load().webhook_retention_days)


JOBS: Jobs = {PROCESSING: process_delivery, RETENTION: forget_old_deliveries}
