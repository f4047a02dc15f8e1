"""Expected failures of the analytics room."""

from shared.errors import IllegalState, InvalidInput, NotFound, TooManyRequests

RETRY_AFTER_SECONDS = 1


MOST_UNFINISHED_EXPORTS = 5


class TooManyExports(TooManyRequests):
    """As many exports of the caller are unfinished as may be."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_UNFINISHED_EXPORTS} of your exports are not finished; wait for one of them.")


class IntakeFull(TooManyRequests):
    """As many batches are being stored as this process takes on at once."""

    def __init__(self) -> None:
        super().__init__(f"Too many batches at once; send this one again in {RETRY_AFTER_SECONDS} s or later.")


def key_taken() -> InvalidInput:
    return InvalidInput.field("input.key", "TAKEN", "An experiment with this key exists; keys are never used again.")


def unknown_experiment() -> NotFound:
    return NotFound("There is no such experiment.")


def cannot_become(current: str, wanted: str) -> IllegalState:
    return IllegalState(f"The experiment is {current} and cannot become {wanted}.")


def unknown_export() -> NotFound:
    return NotFound("There is no such export.")
