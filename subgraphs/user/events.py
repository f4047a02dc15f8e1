"""What happened to users. The only file of this subgraph that another subgraph may import."""

from shared.events.event import Event


class UserCreated(Event, type="user.created", aggregate="user_id"):
    """An account was opened: somebody who registered has proved that the address is theirs. `locale` is the language
    tag that they registered with."""

    user_id: str
    locale: str | None = None


class EmailVerified(Event, type="user.email_verified", aggregate="user_id"):
    """A user has proved that an e-mail address with this digest (`shared.security.pseudonyms`) is theirs.

    `previous_digest` is that of the address that they had before and no longer use.
    """

    user_id: str
    email_digest: str
    previous_digest: str | None = None


class EmailChangeRequested(Event, type="user.email_change_requested", aggregate="user_id"):
    """Somebody with the password of an account asked for another address to log in with."""

    user_id: str


class EmailChanged(Event, type="user.email_changed", aggregate="user_id"):
    """An account has another address to log in with."""

    user_id: str


class UserUpdated(Event, type="user.updated", aggregate="user_id"):
    """A profile, the preferences or the roles changed; `fields` names what, never the values but two.

    `order_emails` is whether the person now wants each step of an order mailed, where that has changed. Who never
    changed it wants mails. `locale` is the language tag that they now have, such as `de-AT`, where that has changed.
    """

    user_id: str
    fields: list[str]
    order_emails: bool | None = None
    locale: str | None = None


class RolesSet(Event, type="user.roles_set", aggregate="user_id"):
    """What a user may do was set anew; the sessions with other roles were ended."""

    user_id: str
    roles: list[str]
    previous_roles: list[str]


class UserSuspended(Event, type="user.suspended", aggregate="user_id"):
    """Staff suspended an account: its sessions were ended, and nobody can log in to it."""

    user_id: str


class UserReinstated(Event, type="user.reinstated", aggregate="user_id"):
    """Staff ended the suspension of an account."""

    user_id: str


class PasswordChanged(Event, type="user.password_changed", aggregate="user_id"):
    """A password was changed; `by_mail` tells whether a mailed token was used, because the old one was forgotten."""

    user_id: str
    by_mail: bool = False


class PasskeyAdded(Event, type="user.passkey_added", aggregate="user_id"):
    """A passkey was registered for an account: from now on it logs in."""

    user_id: str
    passkey_id: str


class PasskeyRenamed(Event, type="user.passkey_renamed", aggregate="user_id"):
    """A passkey has another name."""

    user_id: str
    passkey_id: str


class PasskeyRemoved(Event, type="user.passkey_removed", aggregate="user_id"):
    """A passkey was removed from an account: it logs in no more."""

    user_id: str
    passkey_id: str


class AccountExported(Event, type="user.exported", aggregate="user_id"):
    """Somebody took a copy of the personal data of their account."""

    user_id: str


class UserDeleted(Event, type="user.deleted", aggregate="user_id"):
    """An account was erased: every subgraph forgets the person, whose e-mail address has this digest
    (`shared.security.pseudonyms`). `email_verified` is whether they had proved that the address is theirs."""

    user_id: str
    email_digest: str | None = None
    email_verified: bool = False


class SessionStarted(Event, type="user.session_started", aggregate="user_id"):
    """Somebody logged in."""

    user_id: str
    session_id: str


class SessionRefused(Event, type="user.session_refused", aggregate="account"):
    """A log-in was refused. Of those beyond a limit, one a minute is told.

    `account` is the user's id, or where no account has the address its digest (`shared.security.pseudonyms`);
    `refusal` is WRONG_CREDENTIALS, RATE_LIMITED, WRONG_CODE where the password was right, or COPIED_PASSKEY where the
    counter of a passkey has gone back.
    """

    account: str
    refusal: str


class SessionEnded(Event, type="user.session_ended", aggregate="user_id"):
    """A session was ended before its time, and its tokens are void; `why` is one word, such as PASSWORD_CHANGED."""

    user_id: str
    session_id: str
    why: str


class SessionsEnded(Event, type="user.sessions_ended", aggregate="user_id"):
    """Several sessions of a user were ended at once, and their tokens are void; `count` is how many, and `why` is one
    word, such as PASSWORD_CHANGED."""

    user_id: str
    count: int
    why: str


class SessionReauthenticated(Event, type="user.session_reauthenticated", aggregate="user_id"):
    """The owner of a session has authenticated once more."""

    user_id: str
    session_id: str


class SecondFactorAdded(Event, type="user.second_factor_added", aggregate="user_id"):
    """An account has a second factor; its other sessions were ended."""

    user_id: str


class SecondFactorRemoved(Event, type="user.second_factor_removed", aggregate="user_id"):
    """An account has no second factor any more, and its sessions were ended; `by_staff` tells whether staff did it."""

    user_id: str
    by_staff: bool = False


class RecoveryCodeUsed(Event, type="user.recovery_code_used", aggregate="user_id"):
    """A recovery code stood in for a second factor; it is good for nothing now, and `count` of them are left."""

    user_id: str
    count: int


class RecoveryCodesReplaced(Event, type="user.recovery_codes_replaced", aggregate="user_id"):
    """An account got new recovery codes; those before are good for nothing."""

    user_id: str


class RefreshReused(Event, type="user.refresh_reused", aggregate="user_id"):
    """A refresh token was used a second time: one of two who have it is a thief, so the session was ended."""

    user_id: str
    session_id: str


class KeyRotated(Event, type="user.key_rotated", aggregate="key_id"):
    """A key that will sign access tokens was announced."""

    key_id: str


class KeyRevoked(Event, type="user.key_revoked", aggregate="key_id"):
    """A signing key was voided, and all tokens that it had signed."""

    key_id: str
