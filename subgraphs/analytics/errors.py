"""Expected failures of the analytics subgraph."""

from shared.core.errors import IllegalState, InvalidInput, NotFound, PublicError, TooManyRequests

RETRY_AFTER_SECONDS = 1


MOST_UNFINISHED_EXPORTS = 5
EVENTS_SECONDS = 8.0
"""How long a report may ask single events; the router waits for 10 s unless told otherwise."""


class ReportTooSlow(PublicError):
    """The single events of a report are too many to be asked while somebody waits."""

    code = "REPORT_TOO_SLOW"

    def __init__(self) -> None:
        super().__init__(
            f"Computing this from individual events takes longer than {EVENTS_SECONDS:g} s; choose a shorter period or "
            "`basis: AGGREGATES`."
        )


class TooManyExports(TooManyRequests):
    """As many exports of the caller are unfinished as may be."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_UNFINISHED_EXPORTS} of your exports are not finished; wait for one of them.")


class TooManyVisitors(TooManyRequests):
    """The caller has said of as many visitors that they were them as may be in a day."""

    def __init__(self) -> None:
        super().__init__("You have linked too many visitors today; link the next one tomorrow.", retry_after=86_400)


class IntakeFull(TooManyRequests):
    """As many batches are being stored as this process takes on at once."""

    def __init__(self) -> None:
        message = f"Too many batches at once; send this one again in {RETRY_AFTER_SECONDS} s or later."
        super().__init__(message, RETRY_AFTER_SECONDS)


def key_taken() -> InvalidInput:
    return InvalidInput.field(
        "input.key", "TAKEN", "An experiment with this key exists and keys are never reused; choose another key."
    )


def visitor_taken() -> InvalidInput:
    return InvalidInput.field(
        "input.visitor", "TAKEN", "This visitor belongs to another user; generate a new visitor id on this device."
    )


def unknown_experiment() -> NotFound:
    return NotFound("The experiment does not exist; check its key or id.")


def not_a_draft(status: str) -> IllegalState:
    return IllegalState(f"An experiment that is {status} cannot be changed; only a draft can.")


def cannot_become(current: str, wanted: str) -> IllegalState:
    return IllegalState(f"The experiment is {current} and cannot become {wanted}.")


def unknown_export() -> NotFound:
    return NotFound("The export does not exist or was deleted; check its id or create a new one.")
