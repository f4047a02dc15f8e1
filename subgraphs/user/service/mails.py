"""The mails of this subgraph: what each says, to whom it goes, and the token that it carries.

A request for a mail learns nothing from the answer: whether an account exists is looked up here, when it is written.
"""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.ids import is_id
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.mail import (
    MAILS,
    Mailer,
    MailSettings,
    MailTemplates,
    RecipientRefused,
    UnmailableAddress,
    make_mailer,
    note_dropped,
)
from shared.runtime import Runtime
from subgraphs.user.enums import ProofPurpose
from subgraphs.user.models import EmailProof, Passkey, Registration, UserCredential, UserProfile
from subgraphs.user.service.job_types import MailKind
from subgraphs.user.service.mailed_tokens import PROOF, ProofTokens
from subgraphs.user.settings import UserSettings

REGISTRATION_LASTS = dt.timedelta(hours=24)
CHANGE_LASTS = dt.timedelta(hours=24)
RESET_LASTS = dt.timedelta(hours=1)
UNDO_LASTS = dt.timedelta(days=7)


@dataclass(frozen=True)
class Text:
    """What a mail says; with a page of the app, it carries a link there that is good for a time.

    A mail that is `about_past` things is sent without its link once that is over; any other is then not sent at all.
    `when` says, for the documentation, when it is sent.
    """

    headline: str
    lines: tuple[str, ...]
    action: str = ""
    page: str = ""
    lasts: dt.timedelta = dt.timedelta()
    about_past: bool = False
    when: str = ""


VERIFY = Text(
    "Verify your e-mail address",
    (
        "Somebody, we hope you, wants to open an account with this address. You choose its password when you open it.",
        "If it was not you, do nothing.",
    ),
    "Open the account",
    "open-account",
    REGISTRATION_LASTS,
    when="A person registers with the address.",
)
TAKEN = Text(
    "You have an account already",
    (
        "Somebody, we hope you, wanted to use this address for an account, and there is one: log in with it.",
        "If you do not know the password any more, ask for a new one. If it was not you, do nothing.",
    ),
    when="A person registers with the address of an account, or wants to move an account to it.",
)
RESET = Text(
    "Set a new password",
    ("Somebody, we hope you, wants a new password for your account.", "If it was not you, do nothing."),
    "Set a new password",
    "reset-password",
    RESET_LASTS,
    when="A person asks for a new password of the account.",
)
CHANGE = Text(
    "Verify your new e-mail address",
    ("You want to log in with this address from now on.", "If it was not you, do nothing."),
    "Use this address",
    "verify-email",
    CHANGE_LASTS,
    when="An account is to be moved to the address.",
)
CHANGE_REQUESTED = Text(
    "Another e-mail address was requested for your account",
    (
        "Somebody, we hope you, wants to log in to your account with another address, and has entered its password.",
        "If it was you, do nothing. If it was not you, set a new password: this stops the change, or undoes it, and "
        "all devices have to log in again.",
    ),
    "Stop the change and set a new password",
    "reset-password",
    UNDO_LASTS,
    about_past=True,
    when="The account is to be moved to another address; sent to the present one.",
)
CHANGED = Text(
    "Your account has another e-mail address",
    (
        "From now on one logs in to your account with another address.",
        "If it was not you, set a new password at once: this undoes the change, and all devices have to log in again.",
    ),
    "Undo the change and set a new password",
    "reset-password",
    UNDO_LASTS,
    about_past=True,
    when="The account was moved to another address; sent to the former one.",
)
PASSWORD_CHANGED = Text(
    "Your password was changed",
    ("All other devices have to log in again.", "If it was not you, set a new password at once."),
    "Set a new password",
    "reset-password",
    RESET_LASTS,
    about_past=True,
    when="The password was changed by a person who knew it.",
)
PASSWORD_RESET_DONE = Text(
    "Your password was changed",
    ("All other devices have to log in again.", "If it was not you, ask for a new password at once."),
    about_past=True,
    when="The password was set anew with a mailed token.",
)
NOT_YOU = "If it was not you, set a new password at once, and write to us: somebody else has got into your account."
FACTOR_ADDED = Text(
    "Your account has a second factor",
    ("From now on one logs in to your account with a code of an app. All other devices have to log in again.", NOT_YOU),
    about_past=True,
    when="A second factor was added to the account.",
)
FACTOR_REMOVED = Text(
    "Your account has no second factor any more",
    ("From now on the password is enough to log in to your account. All devices have to log in again.", NOT_YOU),
    about_past=True,
    when="The second factor was removed, by its owner or by an administrator.",
)
CODE_USED = Text(
    "A recovery code of your account was used",
    ("It stood in for a code of your app. Each recovery code is good for one use.", NOT_YOU),
    about_past=True,
    when="A recovery code was used to log in.",
)
CODES_REPLACED = Text(
    "Your account has new recovery codes",
    ("The recovery codes from before are good for nothing any more.", NOT_YOU),
    about_past=True,
    when="The recovery codes were replaced by new ones.",
)
PASSKEYS_STAY = "These passkeys still log in to your account; remove those that you do not know:"
PASSKEY_ADDED = Text(
    "A passkey was added to your account",
    (
        "It logs in to your account without the password. Its name:",
        "If it was not you, ask for a new password at once, log in, and remove the passkey.",
    ),
    about_past=True,
    when="A passkey was added to the account.",
)
PASSKEY_REMOVED = Text(
    "A passkey was removed from your account",
    ("It cannot be used to log in any more.", NOT_YOU),
    about_past=True,
    when="A passkey was removed from the account.",
)


@dataclass(frozen=True)
class Recipient:
    """A mail that is ready to be written: `key` names it."""

    text: Text
    to: str
    name: str | None
    key: str
    at: dt.datetime
    # Of the row behind the link: when that is over, and whether it was used.
    expires_at: dt.datetime | None = None
    is_used: bool = False


_TEMPLATES = MailTemplates("subgraphs.user")


class MailSender:
    """Writes the mails and sends them."""

    def __init__(
        self, database: Database, mailer: Mailer, given: MailSettings, tokens: ProofTokens, app_url: str
    ) -> None:
        self._database = database
        self._mailer = mailer
        self._settings = given
        self._tokens = tokens
        self._app_url = app_url.rstrip("/")

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "MailSender":
        """Make the sender that the settings name; raises SettingsError."""
        mail, tokens = MailSettings.load(), ProofTokens(runtime.settings)
        mailer = make_mailer(runtime.settings, mail)
        return cls(runtime.database, mailer, mail, tokens, UserSettings.load().app_url)

    async def deliver(self, kind: MailKind, key: str, at: str | None = None) -> None:
        """Send a mail, unless by now there is nobody to write to, or nothing to do. Sent again, it has the same
        Message-ID.

        `at` is when that has happened which an account is informed of (`mail_account`).
        """
        async with self._database.read() as connection:
            if at is not None:
                addressed = await _account_change(connection, key, _ACCOUNT_TEXTS[kind], dt.datetime.fromisoformat(at))
            else:
                addressed = await _RECIPIENTS[kind](connection, key)
        if addressed is None:
            note_dropped("user", "outdated", kind=kind.value)
            return
        text = _text_now(addressed)
        if text is None:
            note_dropped("user", "stale", kind=kind.value)
            return
        left = addressed.expires_at - dt.datetime.now(dt.UTC) if addressed.expires_at is not None else text.lasts
        try:
            message = await _TEMPLATES.write(
                "mail",
                facts_of(text, addressed.name, self._link(text, key), left),
                sender=self._settings.mail_from,
                reply_to=self._settings.mail_reply_to,
                to=addressed.to,
                subject=text.headline,
                name=f"{addressed.key.replace('_', '-')}-{kind.value.lower().replace('_', '-')}",
                at=addressed.at,
            )
            await self._mailer.send(message)
        except (UnmailableAddress, RecipientRefused) as error:
            note_dropped("user", "refused" if isinstance(error, RecipientRefused) else "unmailable", kind=kind.value)
            return
        MAILS.labels("user", "sent").inc()

    def _link(self, text: Text, key: str) -> tuple[str, str]:
        if not text.page:
            return "", ""
        token = self._tokens.write(key)
        # Behind the #, a token reaches neither the log of a web server nor another site.
        return f"{self._app_url}/{text.page}#token={token}", token


def facts_of(text: Text, name: str | None, link: tuple[str, str], left: dt.timedelta) -> dict[str, object]:
    """Return the context of the templates `mail.txt.j2` and `mail.html.j2`; a link is a URL and its token, good for
    the time that is left."""
    url, token = link
    linked = {"url": url, "token": token, "action": text.action, "lifetime": _lifetime(left)}
    return {"name": name, "headline": text.headline, "lines": text.lines, **linked}


def _text_now(addressed: Recipient) -> Text | None:
    """Return what there is to say by now; None where nothing is left to be done."""
    is_over = addressed.expires_at is not None and addressed.expires_at <= dt.datetime.now(dt.UTC)
    if not is_over and not addressed.is_used:
        return addressed.text
    return replace(addressed.text, action="", page="") if addressed.text.about_past else None


def _lifetime(left: dt.timedelta) -> str:
    minutes = round(left.total_seconds() / 60)
    hours = minutes // 60
    count, unit = (hours // 24, "day") if hours > 24 else (hours, "hour") if hours else (minutes, "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


async def _registration(connection: AsyncConnection, key: str) -> Recipient | None:
    asked = select(Registration.__table__).where(Registration.id == key)
    row = await one_or_none(connection, Registration, asked)
    if row is None:
        return None
    taken = await _account(connection, row.email)
    # To the owner of an account, not by the name that a stranger may have written.
    name = f"{key}-{row.mails}"
    return Recipient(VERIFY if taken is None else TAKEN, row.email, None, name, row.created_at, row.expires_at)


async def _password_reset(connection: AsyncConnection, key: str) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None:
        return None
    account = await _account(connection, row.email)
    return _about(RESET, row, account.name) if account is not None else None


async def _email_change(connection: AsyncConnection, key: str) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None:
        return None
    taken = await _account(connection, row.email)
    return _about(CHANGE if taken is None else TAKEN, row)


async def _email_change_requested(connection: AsyncConnection, key: str) -> Recipient | None:
    return await _undo(connection, key, CHANGE_REQUESTED)


async def _email_changed(connection: AsyncConnection, key: str) -> Recipient | None:
    return await _undo(connection, key, CHANGED)


async def _undo(connection: AsyncConnection, key: str, text: Text) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None or row.purpose is not ProofPurpose.EMAIL_CHANGE_UNDO:
        return None
    return _about(text, row)


async def _password_changed(connection: AsyncConnection, key: str) -> Recipient | None:
    if is_id(PROOF, key):
        row = await _proof(connection, key)
        if row is None:
            return None
        return _about(await _with_passkeys(connection, PASSWORD_CHANGED, row.email), row)
    known = (
        select(UserProfile.email, UserProfile.name, UserCredential.changed_at)
        .join(UserCredential, UserCredential.user_id == UserProfile.id)
        .where(UserProfile.id == key)
    )
    account = (await connection.execute(known)).one_or_none()
    if account is None:
        return None
    name = f"{key}-{account.changed_at:%Y%m%d%H%M%S%f}"
    text = await _with_passkeys(connection, PASSWORD_RESET_DONE, account.email)
    return Recipient(text, account.email, account.name, name, account.changed_at)


async def _passkey_added(connection: AsyncConnection, key: str) -> Recipient | None:
    known = (
        select(UserProfile.email, UserProfile.name, Passkey.name.label("passkey"), Passkey.created_at)
        .join(Passkey, Passkey.user_id == UserProfile.id)
        .where(Passkey.id == key)
    )
    row = (await connection.execute(known)).one_or_none()
    if row is None:
        return None
    what, otherwise = PASSKEY_ADDED.lines
    text = replace(PASSKEY_ADDED, lines=(f"{what} {row.passkey}", otherwise))
    return Recipient(text, row.email, row.name, key, row.created_at)


async def _with_passkeys(connection: AsyncConnection, text: Text, email: str) -> Text:
    """Add to a text about a new password which passkeys still log in."""
    known = (
        select(Passkey.name)
        .join(UserProfile, UserProfile.id == Passkey.user_id)
        .where(UserProfile.email == email)
        .order_by(Passkey.id)
    )
    names = list(await connection.scalars(known))
    if not names:
        return text
    return replace(text, lines=(*text.lines, PASSKEYS_STAY, *names))


def _about(text: Text, row: EmailProof, name: str | None = None) -> Recipient:
    return Recipient(text, row.email, name, row.id, row.created_at, row.expires_at, row.used_at is not None)


async def _account_change(connection: AsyncConnection, user_id: str, text: Text, at: dt.datetime) -> Recipient | None:
    known = select(UserProfile.email, UserProfile.name).where(UserProfile.id == user_id)
    account = await one_or_none(connection, UserProfile, known)
    name = f"{user_id}-{at:%Y%m%d%H%M%S%f}"
    return Recipient(text, account.email, account.name, name, at) if account is not None else None


async def _proof(connection: AsyncConnection, key: str) -> EmailProof | None:
    return await one_or_none(connection, EmailProof, select(EmailProof.__table__).where(EmailProof.id == key))


async def _account(connection: AsyncConnection, email: str) -> UserProfile | None:
    known = select(UserProfile.id, UserProfile.name).where(UserProfile.email == email)
    return await one_or_none(connection, UserProfile, known)


_RECIPIENTS = {
    MailKind.REGISTRATION: _registration,
    MailKind.PASSWORD_RESET: _password_reset,
    MailKind.EMAIL_CHANGE: _email_change,
    MailKind.EMAIL_CHANGE_REQUESTED: _email_change_requested,
    MailKind.EMAIL_CHANGED: _email_changed,
    MailKind.PASSWORD_CHANGED: _password_changed,
    MailKind.PASSKEY_ADDED: _passkey_added,
}
_ACCOUNT_TEXTS = {
    MailKind.SECOND_FACTOR_ADDED: FACTOR_ADDED,
    MailKind.SECOND_FACTOR_REMOVED: FACTOR_REMOVED,
    MailKind.RECOVERY_CODE_USED: CODE_USED,
    MailKind.RECOVERY_CODES_REPLACED: CODES_REPLACED,
    MailKind.PASSKEY_REMOVED: PASSKEY_REMOVED,
}
