"""The user subgraph's front door."""

from pathlib import Path

from shared.security.pseudonyms import Pseudonymizer
from shared.subgraph import Subgraph
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import Base
from subgraphs.user.routes import routes
from subgraphs.user.schema import schema
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.mailed_tokens import ProofTokens
from subgraphs.user.service.mails import MailSender
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.refresh_tokens import RefreshTokens
from subgraphs.user.service.registration import MailLimits
from subgraphs.user.service.revocation import SessionRevoker
from subgraphs.user.service.sessions import Sessions

subgraph = Subgraph(
    name="user",
    port_offset=1,
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    # In this order: each is made of those before it.
    resources=(
        Passwords,
        KeyRing,
        Pseudonymizer,
        ProofTokens,
        RefreshTokens,
        MailLimits,
        SessionRevoker,
        PasswordCheck,
        MailSender,
        Recovery,
        Sessions,
    ),
    routes=routes,
    jobs=JOBS,
)
