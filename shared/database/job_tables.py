"""The tables of pgqueuer 1.6, as migrations make them in the schema of a subgraph that has jobs.

They are what `pgq sql install` prints, less its trigger: that one notifies at each change of the queue, and commits of
transactions that notify wait for each other, in all databases of the server. Workers poll instead.
"""

from pathlib import Path

from alembic import op

TABLES = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")

_CREATE = Path(__file__).with_suffix(".sql")


def create_job_tables() -> None:
    """Make the tables; call it in `upgrade` of a revision."""
    for statement in _CREATE.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
