"""What this subgraph does in the background."""

import datetime as dt

from shared.jobs.jobs import Jobs, NoPayload
from shared.runtime import Runtime
from shared.security.sealing import Sealer
from subgraphs.webhook.service.job_types import PROCESSING, RETENTION, SHOP_ERASURE, AttemptPayload, ShopPayload
from subgraphs.webhook.service.privacy import forget_shop
from subgraphs.webhook.service.processing import Processor
from subgraphs.webhook.service.retention import bury_stuck, forget_old
from subgraphs.webhook.settings import WebhookSettings


async def process_delivery(runtime: Runtime, payload: AttemptPayload) -> None:
    """Make one attempt to apply a delivery."""
    await runtime.resource(Processor).process(payload["delivery_id"], payload["attempt"])


async def erase_shop(runtime: Runtime, payload: ShopPayload) -> None:
    """Empty what a shop sent until it had its customers forgotten."""
    named = payload.get("redacted_at")
    at = dt.datetime.now(dt.UTC) if named is None else dt.datetime.fromisoformat(named)
    await forget_shop(runtime.database, runtime.resource(Sealer), payload["shop"], at)


async def forget_old_deliveries(runtime: Runtime, _payload: NoPayload) -> None:
    """Delete what was kept long enough, and show staff what is stuck."""
    await bury_stuck(runtime.database, runtime.resource(Sealer))
    await forget_old(runtime.database, WebhookSettings.load().webhook_retention_days)


JOBS: Jobs = dict(
    [PROCESSING.does(process_delivery), SHOP_ERASURE.does(erase_shop), RETENTION.does(forget_old_deliveries)]
)
