"""The background work of exports; what it does stands in `jobs.py`."""

from shared.jobs.jobs import Job

EVENT_EXPORT = Job("event-export", seconds=600)
"""Payload: `export_id`. Writes what is missing of the file."""
EXPORTS_EXPIRE = Job("exports-expire", seconds=600, cron="41 * * * *")
"""Deletes the files whose time is over."""
