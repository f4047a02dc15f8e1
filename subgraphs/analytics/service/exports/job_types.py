"""The background work of exports; what it does stands in `jobs.py`."""

from typing import TypedDict

from shared.jobs.jobs import Job, NoPayload


class ExportPayload(TypedDict):
    """Names an export."""

    export_id: str


EVENT_EXPORT = Job[ExportPayload]("event-export", seconds=600)
"""Writes what is missing of the file."""
EXPORTS_EXPIRE = Job[NoPayload]("exports-expire", seconds=600, cron="41 * * * *")
"""Deletes the files that have expired."""
