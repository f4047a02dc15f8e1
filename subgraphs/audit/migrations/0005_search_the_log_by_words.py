"""Find entries of the log by the beginnings of words, by an index."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = "search_vector(action, subject_type, subject_id, actor_id, request_id)"
    with op.get_context().autocommit_block():
        op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_log_words ON audit_log USING gin ({words})")
        op.execute("ALTER INDEX audit_log_words ALTER COLUMN 1 SET STATISTICS 0")
