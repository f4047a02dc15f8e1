"""What a mailed token does that proves an address: it opens an account, or moves one to the address."""

from shared.database.database import Database
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.enums import EmailVerification
from subgraphs.user.service.email_change import EmailChange
from subgraphs.user.service.mailed_tokens import REGISTRATION, ProofTokens
from subgraphs.user.service.registration import open_account


async def verify_email(
    database: Database, tokens: ProofTokens, pseudonymizer: Pseudonymizer, changes: EmailChange, token: str
) -> tuple[str, EmailVerification]:
    """Do what a token is for; returns whose account it was about, and what was done. Raises InvalidInput."""
    row_id = tokens.read(token)
    async with database.write() as session:
        if row_id.startswith(REGISTRATION):
            return await open_account(session, pseudonymizer, row_id), EmailVerification.REGISTERED
        return await changes.make(session, row_id), EmailVerification.EMAIL_CHANGED
