"""Time-based one-time passwords (TOTP, RFC 6238): secrets, sealed at rest, and which codes they make when.

SHA-1, six digits and 30 seconds, which every app knows. A clock may be wrong by one step.
"""

import time

from joserfc.errors import JoseError
from pyotp import TOTP, OTPVerificationError, random_base32

from shared.core.observability import log
from shared.core.settings import Settings
from shared.runtime import Runtime
from shared.security.sealing import Sealer
from subgraphs.user.models import TotpFactor

ISSUER = "All Pet Plus"
DRIFT_STEPS = 1


class TotpSecrets:
    """Makes secrets, seals them, and tells which codes are theirs."""

    def __init__(self, settings: Settings) -> None:
        self._sealer = Sealer(settings, "totp secrets at rest")

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "TotpSecrets":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def make(self) -> str:
        """Return a new secret of 160 bits, in base32."""
        return random_base32()

    def uri(self, secret: str, email: str) -> str:
        """Return the `otpauth://` address of a secret, which apps read from a QR code."""
        return TOTP(secret, name=email, issuer=ISSUER).provisioning_uri()

    def seal(self, secret: str, user_id: str) -> str:
        """Return a secret as encrypted text, which is good for one user alone."""
        return self._sealer.seal({"secret": secret, "user_id": user_id})

    def step_of(self, factor: TotpFactor, code: str) -> int | None:
        """Return the time step that a code of six digits belongs to, or None where it is not good now."""
        secret = self._opened(factor)
        if secret is None:
            return None
        try:
            return TOTP(secret).verify_and_get_timecode(code, for_time=time.time(), valid_window=DRIFT_STEPS)
        except OTPVerificationError:
            return None

    def _opened(self, factor: TotpFactor) -> str | None:
        try:
            opened = self._sealer.unseal(factor.sealed_secret)
        except (JoseError, ValueError):
            # Sealed before PETPLUS_SECRET_KEY was changed: recovery codes still open the account.
            log.warning("second factor cannot be unsealed", user_id=factor.user_id)
            return None
        return str(opened["secret"]) if opened["user_id"] == factor.user_id else None
