"""Does the subgraph's jobs as its worker does, without waiting for their time."""

from typing import Any

import orjson

from subgraphs.webhook.service.processing import Processor
from tests.support.apps import Served

ENTRYPOINT = "webhook-processing"


async def queued(webhook: Served, delivery_id: str) -> list[Any]:
    """Return attempt and seconds to wait of each job for a delivery."""
    async with webhook.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "SELECT convert_from(payload, 'UTF8')::jsonb AS payload,"
            " extract(epoch FROM execute_after - created)::float AS wait FROM pgqueuer"
            " WHERE entrypoint = $1 AND convert_from(payload, 'UTF8')::jsonb->>'delivery_id' = $2 ORDER BY id",
            (ENTRYPOINT, delivery_id),
        )
        return [(job.payload["attempt"], job.wait) for job in jobs]


async def work(webhook: Served, *delivery_ids: str) -> None:
    """Do the jobs that are queued for some deliveries, or for all."""
    async with webhook.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "DELETE FROM pgqueuer WHERE entrypoint = $1 AND ($2::text[] = '{}'"
            " OR convert_from(payload, 'UTF8')::jsonb->>'delivery_id' = ANY($2)) RETURNING id, payload",
            (ENTRYPOINT, list(delivery_ids)),
        )
        payloads = [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]
    for payload in payloads:
        await webhook.runtime.resource(Processor).process(**payload)
