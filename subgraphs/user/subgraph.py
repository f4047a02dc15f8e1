"""The user subgraph's entry point."""

from pathlib import Path

from shared.subgraph import Subgraph
from subgraphs.user.handlers import HANDLERS
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import Base
from subgraphs.user.routes import routes
from subgraphs.user.schema import schema
from subgraphs.user.service.avatars import Avatars
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.mails import MailSender
from subgraphs.user.service.order_pushes import OrderPushes
from subgraphs.user.service.passkeys import Passkeys
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.service.revocation import SessionRevoker

subgraph = Subgraph(
    name="user",
    schema=schema,
    metadata=Base.metadata,
    directory=Path(__file__).parent,
    resources=(Passwords, KeyRing, SessionRevoker, MailSender, Passkeys, Avatars, OrderPushes),
    routes=routes,
    handlers=HANDLERS,
    jobs=JOBS,
)
