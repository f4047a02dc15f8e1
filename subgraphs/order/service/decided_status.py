"""Where an order stands by what was decided about it last and by all that was reported: a pure function of both.

So the same reports lead to the same status, in whatever order they arrive after a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from subgraphs.order import status
from subgraphs.order.enums import ActorKind, OrderStatus
from subgraphs.order.service.reported_status import NOTHING_REPORTED, ReportedStatus, Step


@dataclass(frozen=True)
class Decision:
    """The status that was decided last, where an order on hold goes on from, and what reports showed then
    (`ReportedStatus.text`)."""

    status: OrderStatus
    held_from: OrderStatus | None
    reported: str

    @property
    def follows_reports(self) -> bool:
        """Whether it put the order where reports had it anyway. A hold is a question that reports do not answer."""
        return self.status is not OrderStatus.ON_HOLD and self.status is shown_in(self.reported)

    @property
    def is_of_paid(self) -> bool:
        """Whether it is one about an order that counts as paid, whatever reports say of that later."""
        before = (OrderStatus.PENDING, OrderStatus.CANCELLED)
        return not self.follows_reports and (self.held_from or self.status) not in before


@dataclass(frozen=True)
class Place:
    """Where an order stands; `held_for` is the dispute that it is on hold for, where nobody decided to hold it."""

    status: OrderStatus
    held_from: OrderStatus | None = None
    held_for: str | None = None


def shown_in(text: str | None) -> OrderStatus:
    """Return the status that reports showed, from what is stored of them."""
    return OrderStatus((text or NOTHING_REPORTED).partition(" ")[0])


def place_by(decision: Decision | None, now: ReportedStatus, *, is_paid: bool) -> Place:
    """Return where an order stands: where reports put it, unless what was decided stands against that.

    A decision stands while reports show what they showed then. When they show something else, they move the order from
    there as far as the table of transitions allows.
    """
    if decision is None or decision.follows_reports:
        return _as_reported(now)
    start = status.Situation(decision.status, is_paid=is_paid, held_from=decision.held_from)
    if is_paid:
        start = status.paid_meanwhile(start)
    if now.text == decision.reported:
        return Place(start.status, start.held_from)
    if start.held_from is not None:
        if now.status in status.LEFT:
            start = status.after(start, start.held_from)
        elif now.status is not OrderStatus.CANCELLED:
            return Place(start.status, start.held_from)
    end = start
    for step in legal_steps(start, now):
        end = status.after(end, step.to)
    return Place(end.status, end.held_from, _dispute(now) if end.status is OrderStatus.ON_HOLD else None)


def legal_steps(start: status.Situation, now: ReportedStatus) -> Iterator[Step]:
    """Yield the steps that an order still has before it on its reported way, and may take."""
    way = [step.to for step in now.way]
    ahead = status.ahead(start, way, ActorKind.SYSTEM)
    for step in now.way[len(way) - len(ahead) :]:
        if status.refusal(start, step.to, ActorKind.SYSTEM) is None:
            start = status.after(start, step.to)
            yield step


def _as_reported(now: ReportedStatus) -> Place:
    if now.status is not OrderStatus.ON_HOLD:
        return Place(now.status)
    before = [OrderStatus.PENDING, *(step.to for step in now.way[:-1])]
    return Place(now.status, before[-1], _dispute(now))


def _dispute(now: ReportedStatus) -> str | None:
    return now.dispute.id if now.dispute is not None else None
