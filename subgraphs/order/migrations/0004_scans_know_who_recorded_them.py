"""scans know who recorded them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Enum("CUSTOMER", "STAFF", "SYSTEM", name="actorkind", native_enum=False, length=40)
    # Until now staff alone recorded scans. Whoever records one from now on says who they are.
    op.add_column("shipment_scan", sa.Column("actor_kind", kind, server_default="STAFF", nullable=False))
    op.alter_column("shipment_scan", "actor_kind", server_default=None)
    op.add_column("shipment_scan", sa.Column("actor_id", sa.Text(), nullable=True))
    op.create_index(op.f("shipment_scan_actor_id_idx"), "shipment_scan", ["actor_id"], unique=False)
