"""What is asked of the analytics subgraph."""

import datetime as dt

import strawberry
from strawberry.scalars import JSON

from subgraphs.analytics.enums import Audience, EventSource, ExperimentStatus, ExportFormat, HashVersion

MOST_EVENTS = 1000


@strawberry.input(
    description="Something that somebody did. Never put personal data into it: neither names nor addresses."
)
class EventInput:
    client_event_id: str = strawberry.field(
        description="An id that the client makes, such as a UUID, 1 to 100 characters. An event that is sent again "
        "with the same id within 8 days is not counted again, whatever else it holds; after that it is too old."
    )
    name: str = strawberry.field(
        description="What happened, in snake case, up to 64 characters, such as `add_to_cart`. `design_viewed` with a "
        "`designId` counts into `Design.stats`."
    )
    occurred_at: str = strawberry.field(
        description="When it happened: an ISO 8601 moment such as `2026-05-01T12:00:00Z`, at most "
        "7 days ago and 10 minutes ahead. It is text, so that a wrong one costs one event and not the batch."
    )
    subject: str | None = strawberry.field(
        default=None,
        description="Who did it: an id that the client made for an anonymous visitor, up to 100 characters, or the "
        "caller's own user id. May be left out by callers who are logged in.",
    )
    design_id: strawberry.ID | None = strawberry.field(default=None, description="The design it was done to, `des_…`.")
    properties: JSON | None = strawberry.field(
        default=None,
        description="Further facts: a flat object of at most 32 entries. Names are letters, digits and `_`, up to 64; "
        "values are texts up to 500 characters, numbers, booleans or null.",
    )


@strawberry.input(description="A batch of events.")
class EventsTrackInput:
    events: list[EventInput] = strawberry.field(description=f"1 to {MOST_EVENTS:,} events, in any order.")
    sent_at: dt.datetime | None = strawberry.field(
        default=None,
        description="The moment of sending by the client's own clock. All events' moments are corrected by how far "
        "that clock is off, network included; send it with every attempt anew.",
    )
    do_not_track: bool = strawberry.field(
        default=False,
        description="True where the person asked not to be tracked: then nothing is stored, and every verdict is "
        "`IGNORED`. The headers `DNT: 1` and `Sec-GPC: 1` say the same.",
    )


@strawberry.input(description="One of the variants that an experiment compares.")
class VariantInput:
    key: str = strawberry.field(description="What apps call it, such as `control` or `large_button`.")
    weight: float = strawberry.field(description="Its share of the subjects, more than 0; all add up to 1.")


@strawberry.input(
    description="A share of all subjects. Experiments with shares of the same namespace that do not overlap never "
    "meet in one subject."
)
class NamespaceInput:
    name: str = strawberry.field(description="The namespace, such as `checkout`.")
    start: float = strawberry.field(description="Where the share begins, 0 to 1.")
    end: float = strawberry.field(description="Where the share ends, itself not part of it, 0 to 1.")


@strawberry.input(description="A condition on a subject's attributes.")
class TargetingInput:
    attribute: str = strawberry.field(description="The attribute's name, such as `country`.")
    any_of: list[str] = strawberry.field(
        description="The values to let in, 1 to 100. Numbers and booleans are written as in JSON, such as `true`."
    )


@strawberry.input(description="A new experiment. Its key is unique for ever, so a retried request makes no second one.")
class ExperimentCreateInput:
    key: str = strawberry.field(
        description="What apps ask for: lower-case letters, digits, `-` and `_`, 2 to 64, a letter first."
    )
    name: str = strawberry.field(description="What people call it, up to 100 characters.")
    variants: list[VariantInput] = strawberry.field(description="2 to 20 variants, the control first.")
    hypothesis: str = strawberry.field(default="", description="What it shall show, up to 500 characters.")
    coverage: float = strawberry.field(default=1.0, description="The share of subjects to include, 0 to 1.")
    namespace: NamespaceInput | None = strawberry.field(
        default=None, description="The share of a namespace that it is confined to; null for none."
    )
    targeting: list[TargetingInput] = strawberry.field(
        default_factory=list, description="Up to 20 conditions, all of which must hold."
    )
    seed: str | None = strawberry.field(
        default=None,
        description="Goes into the hash with the subject, up to 100 characters; the key unless told. Two experiments "
        "with one seed divide subjects alike.",
    )
    hash_version: HashVersion = strawberry.field(default=HashVersion.V2, description="The hash to use.")


@strawberry.input(description="Which experiment to start.")
class ExperimentStartInput:
    id: strawberry.ID = strawberry.field(description="The experiment's id.")
    version: int = strawberry.field(description="The experiment's version as it was read.")


@strawberry.input(description="Which experiment to stop.")
class ExperimentStopInput:
    id: strawberry.ID = strawberry.field(description="The experiment's id.")
    version: int = strawberry.field(description="The experiment's version as it was read.")


@strawberry.input(description="Who asks for a variant of which experiment.")
class ExperimentAssignInput:
    key: str = strawberry.field(description="The experiment's key.")
    subject: str | None = strawberry.field(
        default=None,
        description="An id that the client made for an anonymous visitor, up to 100 characters, or the caller's own "
        "user id. May be left out by callers who are logged in.",
    )
    visitor: str | None = strawberry.field(
        default=None,
        description="Who a caller who is logged in was before: the id of an anonymous visitor. Where that one has a "
        "variant and the user has none, the user gets the same. Both count as subjects.",
    )
    attributes: JSON | None = strawberry.field(
        default=None,
        description="What targeting may ask for: a flat object like an event's properties. It is not stored.",
    )


@strawberry.input(description="Which experiments to list. Conditions that are left out let all pass.")
class ExperimentFilter:
    status: ExperimentStatus | None = strawberry.field(default=None, description="Only those in this state.")


@strawberry.input(description="Which events to list. Conditions that are left out let all pass.")
class EventFilter:
    name: str | None = strawberry.field(default=None, description="Only events of this name.")
    subject: str | None = strawberry.field(default=None, description="Only events of this subject.")
    design_id: strawberry.ID | None = strawberry.field(default=None, description="Only events about this design.")
    source: EventSource | None = strawberry.field(default=None, description="Only events of this source.")
    since: dt.datetime | None = strawberry.field(default=None, description="Only events at this moment or later.")
    until: dt.datetime | None = strawberry.field(default=None, description="Only events before this moment.")


@strawberry.input(description="Which events to write into a file, and how.")
class ExportCreateInput:
    format: ExportFormat = strawberry.field(description="How to write it.")
    filter: EventFilter | None = strawberry.field(
        default=None, description="Which of the events that were received until now; all of them unless told."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Any text that is new with each request, up to 100 characters; a retry with it gets the first "
        "result again.",
    )


@strawberry.input(description="Whom a report is about: an audience, or those who have a variant. Everybody if empty.")
class SegmentInput:
    audience: Audience | None = strawberry.field(default=None, description="Only those with or without an account.")
    experiment: strawberry.ID | None = strawberry.field(
        default=None,
        description="Only those who have a variant of this experiment, from the day on which they got it; goes with "
        "`variant`, and not with `audience`.",
    )
    variant: str | None = strawberry.field(default=None, description="The variant's key.")
