"""Mailed tokens: they prove that whoever has one can read the mails of an address."""

from shared.core.settings import Settings
from shared.runtime import Runtime
from subgraphs.user.errors import invalid_token
from subgraphs.user.service.row_tokens import RowTokens

REGISTRATION, PROOF = "reg", "prf"
"""The prefixes of the ids of rows that tokens are for."""


class ProofTokens:
    """Writes and reads the tokens of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = RowTokens(settings, "mailed tokens", REGISTRATION, PROOF)

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "ProofTokens":
        """Make them for a subgraph."""
        return cls(runtime.settings)

    def write(self, row_id: str) -> str:
        """Return the token of a registration or a proof."""
        return self._tokens.write(row_id)

    def read(self, token: str) -> str:
        """Return the id of the row that a token is for; raises InvalidInput for one that is none of ours."""
        row_id = self._tokens.row_of(token)
        if row_id is None:
            raise invalid_token()
        return row_id
