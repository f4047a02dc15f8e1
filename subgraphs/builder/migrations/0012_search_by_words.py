"""Find designs and presets by the beginnings of words, by indexes."""

from shared.database.text_search_functions import create_search_index, create_text_search_functions

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_text_search_functions()
    create_search_index("saved_design_words", "saved_design", "name")
    create_search_index("builder_preset_words", "builder_preset", "name")
