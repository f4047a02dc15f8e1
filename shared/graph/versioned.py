"""Objects that several may change: their versions, by which a change finds out that another one came first."""

from typing import ClassVar

import strawberry

from shared.core.errors import Current


@strawberry.interface(description="An object that is changed with its `version`, so that nobody overwrites a change.")
class Versioned:
    id: strawberry.ID = strawberry.field(description="The object's id.")
    version: int = strawberry.field(description="Increases by 1 with each change; send it with mutations.")

    __kinds__: ClassVar[list[type["Versioned"]]] = []

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Versioned.__kinds__.append(cls)


def show_current(current: Current) -> Versioned | None:
    """Show the row of an object as it is now; None for a row of something that is no `Versioned` type."""
    table = getattr(current.model, "__table__", None)
    for kind in Versioned.__kinds__:
        if table is not None and getattr(kind, "__table__", None) is table:
            found: Versioned = kind.from_row(current.row)  # type: ignore[attr-defined]  # (a RowType, having a table)
            return found
    return None
