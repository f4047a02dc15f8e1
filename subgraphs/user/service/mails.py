"""The mails of this subgraph: which there are, to whom each goes, in which language, and the token that it carries.

A request for a mail learns nothing from the answer: whether an account exists is looked up here, when it is written.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.ids import is_id
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.graph.languages import Language, code_of, language_of
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
from subgraphs.user.models import EmailProof, Passkey, Registration, UserCredential, UserPreferences, UserProfile
from subgraphs.user.service.job_types import MailKind
from subgraphs.user.service.mail_languages import TEXTS, MailName
from subgraphs.user.service.mailed_tokens import PROOF, ProofTokens

REGISTRATION_LASTS = dt.timedelta(hours=24)
CHANGE_LASTS = dt.timedelta(hours=24)
RESET_LASTS = dt.timedelta(hours=1)
UNDO_LASTS = dt.timedelta(days=7)
NO_LINK = ("", "")


@dataclass(frozen=True)
class Rule:
    """When a mail is sent, for the documentation. With a page of the app, it carries a link there that is good for a
    time.

    A mail that is `about_past` things is sent without its link once that is over; any other is then not sent at all.
    """

    when: str
    page: str = ""
    lasts: dt.timedelta = dt.timedelta()
    about_past: bool = False


RULES: Mapping[MailName, Rule] = {
    MailName.VERIFY: Rule("A person registers with the address.", page="open-account", lasts=REGISTRATION_LASTS),
    MailName.TAKEN: Rule("A person registers with the address of an account, or wants to move an account to it."),
    MailName.RESET: Rule("A person asks for a new password of the account.", page="reset-password", lasts=RESET_LASTS),
    MailName.CHANGE: Rule("An account is to be moved to the address.", page="verify-email", lasts=CHANGE_LASTS),
    MailName.CHANGE_REQUESTED: Rule(
        "The account is to be moved to another address; sent to the present one.",
        page="reset-password",
        lasts=UNDO_LASTS,
        about_past=True,
    ),
    MailName.CHANGED: Rule(
        "The account was moved to another address; sent to the former one.",
        page="reset-password",
        lasts=UNDO_LASTS,
        about_past=True,
    ),
    MailName.PASSWORD_CHANGED: Rule(
        "The password was changed by a person who knew it.", page="reset-password", lasts=RESET_LASTS, about_past=True
    ),
    MailName.PASSWORD_RESET_DONE: Rule("The password was set anew with a mailed token.", about_past=True),
    MailName.FACTOR_ADDED: Rule("A second factor was added to the account.", about_past=True),
    MailName.FACTOR_REMOVED: Rule(
        "The second factor was removed, by its owner or by an administrator.", about_past=True
    ),
    MailName.CODE_USED: Rule("A recovery code was used to log in.", about_past=True),
    MailName.CODES_REPLACED: Rule("The recovery codes were replaced by new ones.", about_past=True),
    MailName.PASSKEY_ADDED: Rule("A passkey was added to the account.", about_past=True),
    MailName.PASSKEY_REMOVED: Rule("A passkey was removed from the account.", about_past=True),
    MailName.SUSPENDED: Rule("An administrator suspended the account. The reason is for staff.", about_past=True),
    MailName.REINSTATED: Rule("An administrator ended the suspension of the account.", about_past=True),
}


@dataclass(frozen=True)
class Recipient:
    """A mail that is ready to be written: `key` names it."""

    mail: MailName
    language: Language
    to: str
    name: str | None
    key: str
    at: dt.datetime
    # Of the row behind the link: when that is over, and whether it was used.
    expires_at: dt.datetime | None = None
    is_used: bool = False
    # What the person calls the passkey that was added, and those that still log in.
    passkey: str = ""
    passkeys: Sequence[str] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done with the link."""
        return self.is_used or (self.expires_at is not None and self.expires_at <= dt.datetime.now(dt.UTC))


_TEMPLATES = MailTemplates("subgraphs.user")


class MailSender:
    """Writes the mails and sends them."""

    def __init__(self, database: Database, mailer: Mailer, given: MailSettings, tokens: ProofTokens) -> None:
        self._database = database
        self._mailer = mailer
        self._settings = given
        self._tokens = tokens

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "MailSender":
        """Make the sender that the settings name; raises SettingsError."""
        mail, tokens = MailSettings.load(), ProofTokens(runtime.settings)
        mailer = make_mailer(runtime.settings, mail)
        return cls(runtime.database, mailer, mail, tokens)

    async def deliver(self, kind: MailKind, key: str, at: str | None = None) -> None:
        """Send a mail, unless by now there is nobody to write to, or nothing to do. Sent again, it has the same
        Message-ID.

        `at` is when that has happened which an account is informed of (`mail_account`).
        """
        async with self._database.read() as connection:
            if at is not None:
                addressed = await _account_change(connection, key, _ACCOUNT_MAILS[kind], dt.datetime.fromisoformat(at))
            else:
                addressed = await _RECIPIENTS[kind](connection, key)
        if addressed is None:
            note_dropped("user", "outdated", kind=kind.value)
            return
        rule = RULES[addressed.mail]
        if addressed.is_over and not rule.about_past:
            note_dropped("user", "stale", kind=kind.value)
            return
        left = addressed.expires_at - dt.datetime.now(dt.UTC) if addressed.expires_at is not None else rule.lasts
        link = NO_LINK if addressed.is_over else self._link(rule, key)
        facts = facts_of(addressed, link, left)
        try:
            message = await _TEMPLATES.write(
                "mail",
                facts,
                sender=self._settings.mail_from,
                reply_to=self._settings.mail_reply_to,
                to=addressed.to,
                subject=subject_of(addressed.mail, addressed.language),
                name=f"{addressed.key.replace('_', '-')}-{kind.value.lower().replace('_', '-')}",
                at=addressed.at,
                language=code_of(addressed.language),
            )
            await self._mailer.send(message)
        except (UnmailableAddress, RecipientRefused) as error:
            note_dropped("user", "refused" if isinstance(error, RecipientRefused) else "unmailable", kind=kind.value)
            return
        MAILS.labels("user", "sent").inc()

    def _link(self, rule: Rule, key: str) -> tuple[str, str]:
        if not rule.page:
            return NO_LINK
        token = self._tokens.write(key)
        # Behind the #, a token reaches neither the log of a web server nor another site.
        return f"{self._settings.app_url.rstrip('/')}/{rule.page}#token={token}", token


def subject_of(mail: MailName, language: Language) -> str:
    """Return the subject of a mail."""
    return TEXTS[language].mails[mail].headline


def facts_of(addressed: Recipient, link: tuple[str, str], left: dt.timedelta) -> dict[str, object]:
    """Return the context of the templates `mail.txt.j2` and `mail.html.j2`; a link is a URL and its token, good for
    the time that is left."""
    texts, (url, token) = TEXTS[addressed.language], link
    text = texts.mails[addressed.mail]
    known = [texts.passkeys_stay, *addressed.passkeys] if addressed.passkeys else []
    return {
        "language": code_of(addressed.language),
        "texts": texts,
        "name": addressed.name,
        "headline": text.headline,
        "lines": [*(line.format_map({"passkey": addressed.passkey}) for line in text.lines), *known],
        "url": url,
        "token": token,
        "action": text.action,
        "lifetime": texts.lasts(left),
    }


async def _registration(connection: AsyncConnection, key: str) -> Recipient | None:
    asked = select(Registration.__table__).where(Registration.id == key)
    row = await one_or_none(connection, Registration, asked)
    if row is None:
        return None
    taken = await _account(connection, UserProfile.email == row.email)
    # To the owner of an account, not by the name that a stranger may have written.
    name = f"{key}-{row.mails}"
    mail = MailName.VERIFY if taken is None else MailName.TAKEN
    language = language_of(row.locale or "") if taken is None else taken.language
    return Recipient(mail, language, row.email, None, name, row.created_at, row.expires_at)


async def _password_reset(connection: AsyncConnection, key: str) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None:
        return None
    account = await _account(connection, UserProfile.email == row.email)
    return _about(MailName.RESET, row, account.language, account.name) if account is not None else None


async def _email_change(connection: AsyncConnection, key: str) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None:
        return None
    taken = await _account(connection, UserProfile.email == row.email)
    if taken is not None:
        return _about(MailName.TAKEN, row, taken.language)
    return _about(MailName.CHANGE, row, await _language_of_owner(connection, row))


async def _email_change_requested(connection: AsyncConnection, key: str) -> Recipient | None:
    return await _undo(connection, key, MailName.CHANGE_REQUESTED)


async def _email_changed(connection: AsyncConnection, key: str) -> Recipient | None:
    return await _undo(connection, key, MailName.CHANGED)


async def _undo(connection: AsyncConnection, key: str, mail: MailName) -> Recipient | None:
    row = await _proof(connection, key)
    if row is None or row.purpose is not ProofPurpose.EMAIL_CHANGE_UNDO:
        return None
    return _about(mail, row, await _language_of_owner(connection, row))


async def _password_changed(connection: AsyncConnection, key: str) -> Recipient | None:
    if is_id(PROOF, key):
        row = await _proof(connection, key)
        if row is None:
            return None
        account = await _account(connection, UserProfile.email == row.email)
        language = account.language if account is not None else Language.EN
        passkeys = await _passkeys(connection, row.email)
        return replace(_about(MailName.PASSWORD_CHANGED, row, language), passkeys=passkeys)
    owner = await _account(connection, UserProfile.id == key)
    changed = select(UserCredential.changed_at).where(UserCredential.user_id == key)
    at = await connection.scalar(changed)
    if owner is None or at is None:
        return None
    name, passkeys = f"{key}-{at:%Y%m%d%H%M%S%f}", await _passkeys(connection, owner.email)
    done = Recipient(MailName.PASSWORD_RESET_DONE, owner.language, owner.email, owner.name, name, at)
    return replace(done, passkeys=passkeys)


async def _passkey_added(connection: AsyncConnection, key: str) -> Recipient | None:
    known = select(Passkey.user_id, Passkey.name, Passkey.created_at).where(Passkey.id == key)
    row = (await connection.execute(known)).one_or_none()
    owner = await _account(connection, UserProfile.id == row.user_id) if row is not None else None
    if row is None or owner is None:
        return None
    added = Recipient(MailName.PASSKEY_ADDED, owner.language, owner.email, owner.name, key, row.created_at)
    return replace(added, passkey=row.name)


async def _passkeys(connection: AsyncConnection, email: str) -> Sequence[str]:
    """Return the names of the passkeys that still log in to an account."""
    known = (
        select(Passkey.name)
        .join(UserProfile, UserProfile.id == Passkey.user_id)
        .where(UserProfile.email == email)
        .order_by(Passkey.id)
    )
    return list(await connection.scalars(known))


def _about(mail: MailName, row: EmailProof, language: Language, name: str | None = None) -> Recipient:
    is_used = row.used_at is not None
    return Recipient(mail, language, row.email, name, row.id, row.created_at, row.expires_at, is_used)


async def _account_change(
    connection: AsyncConnection, user_id: str, mail: MailName, at: dt.datetime
) -> Recipient | None:
    owner = await _account(connection, UserProfile.id == user_id)
    name = f"{user_id}-{at:%Y%m%d%H%M%S%f}"
    return Recipient(mail, owner.language, owner.email, owner.name, name, at) if owner is not None else None


async def _proof(connection: AsyncConnection, key: str) -> EmailProof | None:
    return await one_or_none(connection, EmailProof, select(EmailProof.__table__).where(EmailProof.id == key))


class _Account(NamedTuple):
    """Who is written to, and in which language."""

    email: str
    name: str
    language: Language


async def _account(connection: AsyncConnection, which: ColumnElement[bool]) -> _Account | None:
    known = (
        select(UserProfile.email, UserProfile.name, UserPreferences.locale)
        .outerjoin(UserPreferences, UserPreferences.user_id == UserProfile.id)
        .where(which)
    )
    row = (await connection.execute(known)).one_or_none()
    return _Account(row.email, row.name, language_of(row.locale or "")) if row is not None else None


async def _language_of_owner(connection: AsyncConnection, row: EmailProof) -> Language:
    """Return the language of the account that a proof is about; its address need not be the account's."""
    owner = await _account(connection, UserProfile.id == row.user_id)
    return owner.language if owner is not None else Language.EN


_RECIPIENTS = {
    MailKind.REGISTRATION: _registration,
    MailKind.PASSWORD_RESET: _password_reset,
    MailKind.EMAIL_CHANGE: _email_change,
    MailKind.EMAIL_CHANGE_REQUESTED: _email_change_requested,
    MailKind.EMAIL_CHANGED: _email_changed,
    MailKind.PASSWORD_CHANGED: _password_changed,
    MailKind.PASSKEY_ADDED: _passkey_added,
}
_ACCOUNT_MAILS = {
    MailKind.SECOND_FACTOR_ADDED: MailName.FACTOR_ADDED,
    MailKind.SECOND_FACTOR_REMOVED: MailName.FACTOR_REMOVED,
    MailKind.RECOVERY_CODE_USED: MailName.CODE_USED,
    MailKind.RECOVERY_CODES_REPLACED: MailName.CODES_REPLACED,
    MailKind.PASSKEY_REMOVED: MailName.PASSKEY_REMOVED,
    MailKind.ACCOUNT_SUSPENDED: MailName.SUSPENDED,
    MailKind.ACCOUNT_REINSTATED: MailName.REINSTATED,
}
