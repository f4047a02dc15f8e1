"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from shared.jobs.jobs import Job

PREVIEW_RENDER = Job("preview-render")
"""Payload: `design_id` or `preset_id`. Paints what it shows by now, so that the first to look need not wait."""
DESIGN_OPTIMIZE = Job("design-optimize")
"""Payload: `design_id`. Drops from an ordered design what cannot be seen."""
PREVIEW_PRUNE = Job("preview-prune", cron="41 3 * * *")
"""Forgets pictures that were painted long ago; those still looked at are painted again."""
