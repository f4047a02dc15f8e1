"""create job tables"""

from shared.database.job_tables import create_job_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_job_tables()
