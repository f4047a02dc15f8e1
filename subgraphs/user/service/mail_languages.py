"""The texts of mails about accounts and of push messages: one file in `languages/` for each language, read once."""

import datetime as dt
import enum
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from shared.graph.languages import read_texts

OTHER = "OTHER"
"""The push message about a status that has none of its own."""
Plural: TypeAlias = tuple[str, str]
"""A text of one and of several, with a place for their `{count}`."""


class MailName(enum.Enum):
    """What a mail about an account tells."""

    VERIFY = "VERIFY"
    TAKEN = "TAKEN"
    RESET = "RESET"
    CHANGE = "CHANGE"
    CHANGE_REQUESTED = "CHANGE_REQUESTED"
    CHANGED = "CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    PASSWORD_RESET_DONE = "PASSWORD_RESET_DONE"  # noqa: S105
    FACTOR_ADDED = "FACTOR_ADDED"
    FACTOR_REMOVED = "FACTOR_REMOVED"
    CODE_USED = "CODE_USED"
    CODES_REPLACED = "CODES_REPLACED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    SUSPENDED = "SUSPENDED"
    REINSTATED = "REINSTATED"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MailText(_Part):
    """What a mail says; `action` is where its link leads. One about a passkey that was added names `{passkey}`."""

    headline: str
    lines: tuple[str, ...]
    action: str = ""


class Texts(_Part):
    """The texts of one language. `lifetime` says how long a link is good; `pushes` are titles by status."""

    greeting: str
    colon: str
    lifetime: str
    token: str
    footer: str
    passkeys_stay: str
    minutes: Plural
    hours: Plural
    days: Plural
    mails: dict[MailName, MailText]
    pushes: dict[str, str]

    def labelled(self, text: str) -> str:
        """Return a text that stands before what it names, such as `Total:`."""
        return f"{text}{self.colon}"

    def lasts(self, left: dt.timedelta) -> str:
        """Return the sentence about a link that is good for some time."""
        minutes = round(left.total_seconds() / 60)
        hours = minutes // 60
        count, unit = (
            (hours // 24, self.days) if hours > 24 else (hours, self.hours) if hours else (minutes, self.minutes)
        )
        return self.lifetime.format(lifetime=unit[count != 1].format(count=count))

    def push_title(self, status: str) -> str:
        """Return the title of a push message about an order that has reached a status."""
        return self.pushes.get(status, self.pushes[OTHER])


TEXTS = read_texts(Path(__file__).parents[1] / "languages", Texts)
