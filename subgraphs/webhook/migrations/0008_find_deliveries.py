"""Find deliveries by the ids that their senders gave them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for column in ("delivery_id", "event_id"):
            op.create_index(
                f"webhook_log_{column}_idx", "webhook_log", [column], postgresql_concurrently=True, if_not_exists=True
            )
