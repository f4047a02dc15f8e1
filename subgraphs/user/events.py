"""What happened to users. The only file of this room that another room may import."""

from shared.events import Event


class UserCreated(Event, type="user.created", aggregate="user_id"):
    """An account was made."""

    user_id: str


class UserUpdated(Event, type="user.updated", aggregate="user_id"):
    """A profile, the preferences or the roles changed; `fields` names what, never the values but one.

    `order_emails` is whether the person now wants each step of an order mailed, where that has changed. Who never
    changed it wants mails.
    """

    user_id: str
    fields: list[str]
    order_emails: bool | None = None


class UserDeleted(Event, type="user.deleted", aggregate="user_id"):
    """An account was erased: every room forgets the person, whose e-mail address has this digest
    (`shared.personal`). `email_verified` is whether they had proved that the address is theirs."""

    user_id: str
    email_digest: str | None = None
    email_verified: bool = False


class SessionStarted(Event, type="user.session_started", aggregate="user_id"):
    """Somebody logged in."""

    user_id: str
    session_id: str
