"""What this subgraph does in the background."""

import datetime as dt

from shared.jobs.jobs import Job, Jobs, NoPayload
from shared.runtime import Runtime
from subgraphs.analytics.service.aggregation.run import aggregate
from subgraphs.analytics.service.event_storage import forget_keys
from subgraphs.analytics.service.exports.job_types import EVENT_EXPORT, EXPORTS_EXPIRE, ExportPayload
from subgraphs.analytics.service.exports.retention import expire_old
from subgraphs.analytics.service.exports.writer import write_export
from subgraphs.analytics.service.partitions import drop_old, make_ahead
from subgraphs.analytics.settings import AnalyticsSettings

AGGREGATION = Job[NoPayload]("event-aggregation", seconds=600, cron="* * * * *")
PARTITIONS = Job[NoPayload]("event-partitions", cron="7 3 * * *")
KEYS = Job[NoPayload]("event-keys-forget", seconds=600, cron="23 * * * *")


async def aggregate_events(runtime: Runtime, _payload: NoPayload) -> None:
    """Count what came in since the last run."""
    await aggregate(runtime.database)


async def keep_partitions(runtime: Runtime, _payload: NoPayload) -> None:
    """Make the months to come, and drop those that were kept long enough."""
    today = dt.datetime.now(dt.UTC).date()
    await make_ahead(runtime.database, today)
    await drop_old(runtime.database, today, AnalyticsSettings.load().analytics_retention_days)


async def forget_old_keys(runtime: Runtime, _payload: NoPayload) -> None:
    """Forget ids that no honest client can send again."""
    await forget_keys(runtime.database, dt.datetime.now(dt.UTC))


async def export_events(runtime: Runtime, payload: ExportPayload) -> None:
    """Write what is missing of an export's file."""
    await write_export(runtime.database, payload["export_id"])


async def expire_exports(runtime: Runtime, _payload: NoPayload) -> None:
    """Delete the files that have expired."""
    await expire_old(runtime.database, dt.datetime.now(dt.UTC))


JOBS: Jobs = dict(
    [
        AGGREGATION.does(aggregate_events),
        PARTITIONS.does(keep_partitions),
        KEYS.does(forget_old_keys),
        EVENT_EXPORT.does(export_events),
        EXPORTS_EXPIRE.does(expire_exports),
    ]
)
