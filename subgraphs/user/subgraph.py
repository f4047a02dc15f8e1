"""The user room's front door."""

from pathlib import Path

from shared.personal import PersonalDigests
from shared.subgraph import Subgraph
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import Base
from subgraphs.user.routes import routes
from subgraphs.user.schema import schema
from subgraphs.user.service.checking import PasswordCheck
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.letters import Postman
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.proofs import ProofTokens
from subgraphs.user.service.recovery import Recovery
from subgraphs.user.service.refreshing import RefreshTokens
from subgraphs.user.service.registration import MailLimits
from subgraphs.user.service.revoking import RevocationDesk
from subgraphs.user.service.sessions import Sessions

subgraph = Subgraph(
    name="user",
    port_offset=1,
    schema=schema,
    metadata=Base.metadata,
    room=Path(__file__).parent,
    # In this order: each is made of those before it.
    resources=(
        Passwords,
        KeyRing,
        PersonalDigests,
        ProofTokens,
        RefreshTokens,
        MailLimits,
        RevocationDesk,
        PasswordCheck,
        Postman,
        Recovery,
        Sessions,
    ),
    routes=routes,
    jobs=JOBS,
)
