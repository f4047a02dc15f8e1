"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from shared.core.scheduling import Priority
from shared.jobs.jobs import Job

PROCESSING = Job("webhook-processing", priority=Priority.EVENT)
"""Payload: `delivery_id`, `attempt` (from 1). Applies a delivery; an attempt that was made already is not repeated."""
RETENTION = Job("webhook-retention", cron="41 3 * * *", seconds=600)
"""Forgets what was kept long enough."""
