"""What a translation knows of a delivery besides its body, and by what it hides people."""

import datetime as dt
from dataclasses import dataclass

from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer

# Of one line: what is beyond it is no number of pieces.
MOST_PIECES = 1_000_000


@dataclass(frozen=True)
class Source:
    """A verified delivery that is to be translated."""

    delivery_id: str
    name: str
    topic: str
    shop: str | None
    occurred_at: dt.datetime
    digests: Pseudonymizer
    sealer: Sealer
