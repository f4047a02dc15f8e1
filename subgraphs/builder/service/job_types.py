"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

from typing import TypedDict

from shared.jobs.jobs import Job, NoPayload


class DesignPayload(TypedDict):
    """Names a design."""

    design_id: str


class PreviewPayload(TypedDict, total=False):
    """Names a design or a preset."""

    design_id: str
    preset_id: str


PREVIEW_RENDER = Job[PreviewPayload]("preview-render")
"""Paints what it shows by now, so that the first to look need not wait.

Enqueued for presets; designs are painted when somebody looks. Those that earlier versions enqueued still run.
"""
DESIGN_OPTIMIZE = Job[DesignPayload]("design-optimize")
"""Drops from an ordered design what cannot be seen."""
PREVIEW_PRUNE = Job[NoPayload]("preview-prune", cron="41 3 * * *")
"""Forgets pictures that were painted long ago; those still looked at are painted again."""
PRESET_REPRICE = Job[NoPayload]("preset-reprice", cron="*/5 * * * *")
"""Prices presets that were priced by the catalogue of another version, or by none."""
CHANGE_RETENTION = Job[NoPayload]("change-retention", cron="17 4 * * *")
"""Deletes old changes from the log that apps catch up from."""
