"""Have jobs: the queue's tables."""

from shared.database.job_tables import create_job_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_job_tables()
