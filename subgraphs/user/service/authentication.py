"""How and when the owner of a session has authenticated: what access tokens say in `amr` (RFC 8176) and `auth_time`."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

PASSWORD = "pwd"  # noqa: S105
ONE_TIME_CODE = "otp"
HARDWARE_KEY = "hwk"
SOFTWARE_KEY = "swk"
USER_PRESENCE = "user"
MULTIPLE_FACTORS = "mfa"
"""Two factors, by whatever means: a password and a code, or a passkey that has verified its user."""

PASSWORD_AND_CODE = (PASSWORD, ONE_TIME_CODE, MULTIPLE_FACTORS)


@dataclass(frozen=True)
class Authentication:
    """When somebody has authenticated, and by which methods."""

    at: dt.datetime
    methods: tuple[str, ...]

    @classmethod
    def now(cls, methods: Iterable[str]) -> "Authentication":
        """Return that somebody has just authenticated by some methods."""
        return cls(dt.datetime.now(dt.UTC), tuple(sorted(set(methods))))

    @property
    def claims(self) -> dict[str, object]:
        """The claims of access tokens that say so."""
        return {"auth_time": int(self.at.timestamp()), "amr": list(self.methods)}
