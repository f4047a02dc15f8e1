"""The log of what changes about designs, written by a trigger: so changes of code from before are in it too."""

from alembic import op

from shared.live.entity_change_tables import create_entity_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NOTE_DESIGN = """
CREATE FUNCTION note_design() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM note_change(OLD.id, OLD.owner_id, 'DELETED', NULL, false);
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM note_change(NEW.id, NEW.owner_id, 'CREATED', 1, false);
    ELSIF OLD.* IS DISTINCT FROM NEW.* THEN
        PERFORM note_change(NEW.id, NEW.owner_id, 'CHANGED', NULL, false);
    END IF;
    RETURN NULL;
END
$$"""


def upgrade() -> None:
    create_entity_changes()
    op.execute(_NOTE_DESIGN)
    op.execute(
        "CREATE TRIGGER design_changed AFTER INSERT OR UPDATE OR DELETE ON saved_design "
        "FOR EACH ROW EXECUTE FUNCTION note_design()"
    )
