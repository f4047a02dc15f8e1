"""The user room's front door."""

from pathlib import Path

from shared.personal import PersonalDigests
from shared.subgraph import Subgraph
from subgraphs.user.models import Base
from subgraphs.user.routes import routes
from subgraphs.user.schema import schema
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.passwords import Passwords

subgraph = Subgraph(
    name="user",
    port_offset=1,
    schema=schema,
    metadata=Base.metadata,
    room=Path(__file__).parent,
    resources=(Passwords, KeyRing, PersonalDigests),
    routes=routes,
)
