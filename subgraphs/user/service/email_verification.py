"""What a mailed token does that proves an address: it opens an account, or moves one to the address."""

from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import EmailVerification
from subgraphs.user.service.email_change import EmailChange
from subgraphs.user.service.mailed_tokens import REGISTRATION, ProofTokens
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.registration import open_account


class EmailVerifier:
    """Does what mailed tokens are for that prove an address."""

    def __init__(self, runtime: Runtime) -> None:
        self._database = runtime.database
        self._tokens = runtime.resource(ProofTokens)
        self._passwords = runtime.resource(Passwords)
        self._pseudonymizer = runtime.resource(Pseudonymizer)
        self._email_change = runtime.resource(EmailChange)

    async def verify(self, token: str, password: str | None) -> tuple[str, EmailVerification]:
        """Do what a token is for, with the password that an account is to be opened with.

        Returns whose account it was about, and what was done; raises InvalidInput.
        """
        row_id = self._tokens.read(token)
        if row_id.startswith(REGISTRATION):
            opened = await open_account(self._database, self._passwords, self._pseudonymizer, row_id, password)
            return opened, EmailVerification.REGISTERED
        async with self._database.write() as session:
            return await self._email_change.make(session, row_id), EmailVerification.EMAIL_CHANGED
