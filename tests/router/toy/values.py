"""Fields of the stand-in for order that take values of each kind, and tell which reached it."""

import datetime
import enum
from decimal import Decimal

import strawberry
from strawberry.scalars import JSON

taken: list[str] = []


@strawberry.enum(description="An order of results.")
class Sort(enum.Enum):
    NEWEST = "NEWEST"
    OLDEST = "OLDEST"


@strawberry.input(description="How much is wanted.")
class Wanted:
    count: int = strawberry.field(default=1, description="How many.")
    sort: Sort = strawberry.field(default=Sort.NEWEST, description="In which order.")
    before: datetime.datetime | None = strawberry.field(default=None, description="Since when.")


@strawberry.type
class ValueQuery:
    @strawberry.field(description="Each value that `take` has taken, as Python shows it.")
    def taken(self) -> list[str]:
        return taken

    @strawberry.field(description="Has arguments with defaults that must not be null.")
    def sorted(self, sort: Sort = Sort.NEWEST, count: int = 1, wanted: Wanted | None = None) -> str:
        return f"{sort.name} {count} {wanted and wanted.sort.name} {wanted and wanted.count}"

    @strawberry.field(description="A decimal in a form that no client may send.")
    def odd(self) -> Decimal:
        return Decimal("1E+2")

    @strawberry.field(description="Takes an id and a float.")
    def measured(self, id: strawberry.ID | None = None, weight: float | None = None) -> str:
        return f"{id} {weight}"


@strawberry.type
class ValueMutation:
    @strawberry.mutation(description="Takes a value of each custom scalar; answers the value as Python shows it.")
    def take(
        self,
        amount: Decimal | None = None,
        at: datetime.datetime | None = None,
        day: datetime.date | None = None,
        attributes: JSON | None = None,
        wanted: Wanted | None = None,
    ) -> str:
        value = " ".join(str(each) for each in (amount, at, day, attributes, wanted and wanted.before) if each)
        taken.append(value)
        return value

    @strawberry.mutation(description="Counts lists of days.")
    def several(self, days: list[list[datetime.date] | None]) -> int:
        return len(days)
