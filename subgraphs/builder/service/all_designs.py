"""Which of all customers' designs staff look for."""

from sqlalchemy.sql.elements import ColumnElement

from shared.core.ids import is_id
from shared.core.validation import Checks
from shared.database.text_search import with_words
from subgraphs.builder.enums import DesignStatus
from subgraphs.builder.inputs import AllDesignsFilter
from subgraphs.builder.models import SavedDesign


def checked(wanted: AllDesignsFilter | None) -> AllDesignsFilter:
    """Return a filter whose text is in its normal form; raises InvalidInput."""
    wanted, checks = wanted or AllDesignsFilter(), Checks("filter")
    wanted.search = checks.text("search", wanted.search or "", shortest=0)
    checks.raise_if_any()
    return wanted


def conditions_of(wanted: AllDesignsFilter | None) -> list[ColumnElement[bool]]:
    """Return what a checked filter asks of a row."""
    wanted = wanted or AllDesignsFilter()
    archived = SavedDesign.status == DesignStatus.ARCHIVED
    conditions = [~archived if wanted.status is None else SavedDesign.status == wanted.status]
    if wanted.owner_id is not None:
        conditions.append(SavedDesign.owner_id == wanted.owner_id)
    if wanted.product is not None:
        conditions.append(SavedDesign.product_kind == wanted.product)
    if wanted.search:
        conditions.append(_mentions(wanted.search))
    return conditions


def _mentions(text: str) -> ColumnElement[bool]:
    if is_id("des", text):
        return SavedDesign.id == text
    return with_words(SavedDesign.id, text, SavedDesign.name)
