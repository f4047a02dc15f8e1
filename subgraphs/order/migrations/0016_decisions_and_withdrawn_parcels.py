"""What was decided of orders, and withdrawn parcels. Nothing is rewritten: a decision of before is found out later."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATUSES = (
    "PENDING",
    "PAID",
    "IN_PRODUCTION",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "OUT_FOR_DELIVERY",
    "READY_FOR_PICKUP",
    "DELIVERED",
    "ON_HOLD",
    "CANCELLED",
    "REFUNDED",
    "RETURNED",
)


def upgrade() -> None:
    status = sa.Enum(*STATUSES, name="orderstatus", native_enum=False, length=40)
    op.add_column("order_meta", sa.Column("decided_status", status, nullable=True))
    op.add_column("order_meta", sa.Column("decided_held_from", status, nullable=True))
    op.add_column("order_meta", sa.Column("decided_reported", sa.Text(), nullable=True))
    op.add_column(
        "shipment_tracking", sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
