"""Plausible traffic for demonstrations: deterministic rows, ready for COPY, whose counts agree with their events."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from shared.core.ids import id_at
from shared.database.rows import Values
from subgraphs.analytics.enums import EventSource, ExperimentStatus, HashVersion
from subgraphs.analytics.service.aggregation.funnels import EXPOSED
from subgraphs.analytics.service.assignment import Plan, assign

_VIEWS = (0, 1, 1, 2, 3, 5, 9)
# Who leaves where: visitors who only try the builder (for each design), and of designs that are not ordered how many
# are put into a cart, and how many of those reach the checkout.
_VISITORS, _CARTED, _CHECKED_OUT = 0.25, 0.35, 0.4
_VISITED_DAYS = 60
_CHANGES = ("size", "material", "colour", "engraving", "pattern")
_OPTIONS = ("small", "medium", "large", "classic", "bright")


@dataclass(frozen=True)
class DemoDesign:
    """What traffic needs to know of a design; `shared_at` holds a moment for each link that shows it."""

    id: str
    owner_id: str
    product: str
    created_at: dt.datetime
    shared_at: tuple[dt.datetime, ...] = ()


@dataclass(frozen=True)
class DemoOrder:
    """What traffic needs to know of an order; `design_ids` holds each of its designs once."""

    id: str
    customer_id: str
    placed_at: dt.datetime
    design_ids: tuple[str, ...]
    quantity: int
    total_minor: int
    currency: str


@dataclass(frozen=True)
class _Trial:
    key: str
    name: str
    hypothesis: str
    weights: dict[str, float]
    coverage: float
    status: ExperimentStatus
    began_days_ago: int
    # How likely whoever has a variant puts something into the cart soon after; no effect where there is nothing.
    effect: dict[str, float] = field(default_factory=dict)


_TRIALS = (
    _Trial(
        "builder_layout",
        "Builder: preview beside the options",
        "A preview that stays in sight brings more designs into the cart.",
        {"control": 0.5, "side_by_side": 0.5},
        1.0,
        ExperimentStatus.RUNNING,
        45,
        {"control": 0.15, "side_by_side": 0.65},
    ),
    _Trial(
        "free_shipping_banner",
        "Cart: say how much is missing for free shipping",
        "Naming the missing amount raises the value of an order.",
        {"control": 0.4, "banner": 0.3, "progress_bar": 0.3},
        0.6,
        ExperimentStatus.RUNNING,
        20,
    ),
    _Trial(
        "preset_gallery",
        "Start: presets before the empty builder",
        "Starting from a preset brings more first designs.",
        {"control": 0.5, "gallery": 0.5},
        1.0,
        ExperimentStatus.STOPPED,
        200,
    ),
)
_LONGEST_TRIAL = dt.timedelta(days=90)


class _Assignment(TypedDict):
    """A row of `experiment_assignment`."""

    id: str
    experiment_id: str
    subject: str
    variant: str
    assigned_at: dt.datetime


def activity(
    rng: random.Random, designs: Sequence[DemoDesign], orders: Sequence[DemoOrder], until: dt.datetime
) -> dict[str, list[Values]]:
    """Return rows by table, in the order in which they may be inserted; nothing happens after `until`."""
    experiments, assignments = _experiments(rng, designs, until)
    orders_of: dict[str, int] = {}
    for order in orders:
        for design_id in order.design_ids:
            orders_of[design_id] = orders_of.get(design_id, 0) + 1
    events: list[Values] = [_exposure(rng, row) for row in assignments]
    events += _effects(rng, experiments, assignments, until)
    events += _visitors(rng, len(designs), until)
    facts: list[Values] = []
    for design in designs:
        events += _making(rng, design)
        if design.id not in orders_of:
            events += _leaving(rng, design, until)
        views = list(_views(rng, design, until))
        events += views
        facts.append(
            {
                "design_id": design.id,
                "owner_id": design.owner_id,
                "product": design.product,
                "created_at": design.created_at,
                "views": len(views),
                "shares": len(design.shared_at),
                "orders": orders_of.get(design.id, 0),
            }
        )
    for order in orders:
        events += _buying(rng, order)
    # Events that carry no number are of batch 0; so the aggregation counts them.
    return {
        "experiment": experiments,
        "experiment_assignment": [*assignments],
        "analytics_event": events,
        "event_batch": [{"id": 0, "events": len(events)}],
        "design_fact": facts,
    }


def _experiments(
    rng: random.Random, designs: Sequence[DemoDesign], until: dt.datetime
) -> tuple[list[Values], list[_Assignment]]:
    experiments: list[Values] = []
    assignments: list[_Assignment] = []
    first_seen: dict[str, dt.datetime] = {}
    for design in designs:
        first_seen[design.owner_id] = min(design.created_at, first_seen.get(design.owner_id, until))
    for trial in _TRIALS:
        began = until - dt.timedelta(days=trial.began_days_ago)
        stopped = trial.status is ExperimentStatus.STOPPED
        ended = began + _LONGEST_TRIAL if stopped else until
        experiment_id = id_at("exp", began, rng)
        experiments.append(
            {
                "id": experiment_id,
                "key": trial.key,
                "name": trial.name,
                "hypothesis": trial.hypothesis,
                "status": trial.status.name,
                "seed": trial.key,
                "hash_version": HashVersion.V2.name,
                "coverage": trial.coverage,
                "variants": [{"key": key, "weight": weight} for key, weight in trial.weights.items()],
                "targeting": [],
                "version": 3 if stopped else 2,
                "created_at": began - dt.timedelta(days=2),
                "started_at": began,
                "stopped_at": ended if stopped else None,
            }
        )
        plan = Plan(trial.key, 2, tuple(trial.weights), tuple(trial.weights.values()), trial.coverage)
        for subject, seen in first_seen.items():
            choice = assign(plan, subject)
            at = max(seen, began) + dt.timedelta(seconds=rng.uniform(0, 3600))
            if choice.variant is not None and at < ended:
                assignments.append(
                    {
                        "id": id_at("asg", at, rng),
                        "experiment_id": experiment_id,
                        "subject": subject,
                        "variant": choice.variant,
                        "assigned_at": at,
                    }
                )
    return experiments, assignments


def _exposure(rng: random.Random, assignment: _Assignment) -> dict[str, object]:
    about = {"experimentId": assignment["experiment_id"], "variant": assignment["variant"]}
    return _event(rng, EXPOSED, assignment["subject"], None, assignment["assigned_at"], about)


def _making(rng: random.Random, design: DemoDesign) -> Iterator[dict[str, object]]:
    """Some changes in the builder, then the design, then its links."""
    before = design.created_at - dt.timedelta(minutes=rng.uniform(2, 20))
    for step in range(rng.randint(1, 3)):
        at = before + dt.timedelta(seconds=30 * step)
        yield _event(rng, "config_changed", design.owner_id, None, at, _change(rng))
    created = {"product": design.product}
    yield _event(rng, "design.created", design.owner_id, design.id, design.created_at, created)
    for at in design.shared_at:
        yield _event(rng, "design.shared", design.owner_id, design.id, at, {})


def _change(rng: random.Random) -> dict[str, object]:
    return {"field": rng.choice(_CHANGES), "value": rng.choice(_OPTIONS)}


def _effects(
    rng: random.Random, experiments: Sequence[Values], assignments: Sequence[_Assignment], until: dt.datetime
) -> Iterator[dict[str, object]]:
    """What people do because of a variant: they put something into the cart within three days."""
    effects = {row["id"]: trial.effect for row, trial in zip(experiments, _TRIALS, strict=True)}
    for row in assignments:
        at = row["assigned_at"] + dt.timedelta(hours=rng.uniform(1, 72))
        if rng.random() < effects[row["experiment_id"]].get(row["variant"], 0) and at < until:
            yield _event(rng, "add_to_cart", row["subject"], None, at, {})


def _visitors(rng: random.Random, designs: int, until: dt.datetime) -> Iterator[dict[str, object]]:
    """People who try the builder and leave without a design."""
    for _ in range(int(designs * _VISITORS)):
        at = until - dt.timedelta(days=rng.uniform(0.1, _VISITED_DAYS))
        yield _event(rng, "config_changed", id_at("anon", at, rng), None, at, _change(rng))


def _leaving(rng: random.Random, design: DemoDesign, until: dt.datetime) -> Iterator[dict[str, object]]:
    """The cart of a design that is not ordered in the end."""
    if rng.random() < _CARTED:
        at = design.created_at + dt.timedelta(minutes=rng.uniform(1, 30))
        again = at + dt.timedelta(minutes=rng.uniform(1, 20))
        if again < until:
            yield _event(rng, "add_to_cart", design.owner_id, design.id, at, {})
            if rng.random() < _CHECKED_OUT:
                yield _event(rng, "checkout_started", design.owner_id, None, again, {"quantity": 1})


def _views(rng: random.Random, design: DemoDesign, until: dt.datetime) -> Iterator[dict[str, object]]:
    age = (until - design.created_at).total_seconds()
    for _ in range(rng.choice(_VIEWS)):
        # Most look while the design is new.
        at = design.created_at + dt.timedelta(seconds=age * rng.random() ** 3)
        by_owner = rng.random() < 0.5
        subject = design.owner_id if by_owner else id_at("anon", at, rng)
        yield _event(rng, "design_viewed", subject, design.id, at, {"page": "account" if by_owner else "shared"})


def _buying(rng: random.Random, order: DemoOrder) -> Iterator[dict[str, object]]:
    for design_id in order.design_ids:
        at = order.placed_at - dt.timedelta(minutes=rng.uniform(3, 40))
        yield _event(rng, "add_to_cart", order.customer_id, design_id, at, {})
    at = order.placed_at - dt.timedelta(minutes=rng.uniform(1, 3))
    yield _event(rng, "checkout_started", order.customer_id, None, at, {"quantity": order.quantity})
    placed = {
        "orderId": order.id,
        "quantity": order.quantity,
        "totalMinor": order.total_minor,
        "currency": order.currency,
    }
    yield _event(rng, "order.created", order.customer_id, None, order.placed_at, placed)


def _event(
    rng: random.Random, name: str, subject: str, design_id: str | None, at: dt.datetime, properties: Values
) -> dict[str, object]:
    event_id = id_at("evt", at, rng)
    reported = "." in name
    return {
        "id": event_id,
        "source": EventSource.DOMAIN.name if reported else EventSource.CLIENT.name,
        "name": name,
        "subject": subject,
        "design_id": design_id,
        "client_event_id": None if reported else event_id.removeprefix("evt_"),
        "occurred_at": at,
        "received_at": at,
        "properties": properties,
    }
