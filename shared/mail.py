"""Mails: rendered from templates, and sent by SMTP or, in development, written to files.

Every mail is plain text and HTML, in the layout of `shared/templates`. What was named by people or by other shops is
shown in one line: it can neither end a line of a mail, nor turn the direction of what stands after it.
"""

import asyncio
import datetime as dt
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from email_validator import validate_email
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from prometheus_client import Counter
from pydantic import Field, SecretStr, field_validator

from shared.core.characters import without_hidden
from shared.core.observability import log
from shared.core.private_files import write_private
from shared.core.settings import EnvironmentSettings, HttpUrl, Settings, SettingsError

SMTP_SECONDS = 20.0
UNSUBSCRIBE = "List-Unsubscribe"
MAILS = Counter("petplus_mails_total", "Mails by what became of them: `sent`, or why not.", ["subgraph", "outcome"])
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailSettings(EnvironmentSettings):
    """The server that sends mails, their sender, and the app that their links lead to."""

    smtp_url: SecretStr | None = Field(
        default=None,
        description="The SMTP server by which mails leave, as `smtp://`, `smtp+starttls://` or `smtps://`. Default: "
        "mails are `.eml` files in `PETPLUS_HOME/mail`. Required in production, unless mails are dropped.",
    )
    mail_from: str = Field(default="All Pet Plus <orders@allpetplus.example>", description="The sender of mails.")
    mail_reply_to: str | None = Field(
        default=None, description="The address for answers to mails (`Reply-To`). Default: that of the sender."
    )
    app_url: HttpUrl = Field(
        default="https://allpetplus.example",
        description="The web app that links in mails lead to: `/open-account`, `/verify-email` and `/reset-password`, "
        "and `/orders/` with an order's id. Tokens are after a `#`, as in `#token=…`, and the app sends them to the "
        "graph; a guest's is for `orderByToken`.",
    )
    drop_mails: Literal["on", "off"] = Field(
        default="off", description="`on` drops all mails. Nobody can register then, or set a new password."
    )

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _address(cls, sender: str | None) -> str | None:
        try:
            if sender is not None:
                _sender(sender)
        except (ValueError, MessageError):
            raise ValueError("must be an address, such as `Name <name@shop.example>`") from None
        return sender

    def check(self, settings: Settings) -> None:
        make_mailer(settings, self)


class UnmailableAddress(Exception):
    """No mail can be sent to an address. It does not say to which: what fails is logged."""

    def __init__(self) -> None:
        super().__init__("no mail can be sent to this address")


class MailNotSent(Exception):
    """The mail server did not take a mail. What it answered is left out, since it repeats addresses."""


class RecipientRefused(MailNotSent):
    """The mail server says that the address takes no mails at all; no later attempt does better."""


@dataclass(frozen=True)
class Sample:
    """A mail as the documentation shows it: what it is called, when it is sent, and the context of its template.

    `translations` are its subjects in the other languages, by their codes.
    """

    name: str
    when: str
    template: str
    subject: str
    facts: Mapping[str, object]
    translations: Mapping[str, str]


class MailTemplates:
    """Renders the mails of a subgraph from `NAME.txt.j2` and `NAME.html.j2`, both with the same context.

    They extend `layout.txt.j2` and `layout.html.j2` of `shared/templates`. The context has the `language` of the mail,
    such as `de`, and in `texts` what it says in it.
    """

    def __init__(self, package: str) -> None:
        loader = ChoiceLoader([PackageLoader(package), PackageLoader("shared")])
        common = Environment(  # noqa: S701 (of plain text; HTML is escaped below)
            loader=loader,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_in_plain_text,
        )
        self._plain = common
        self._html = common.overlay(autoescape=True, finalize=_in_html)

    def plain(self, template: str, facts: Mapping[str, object]) -> str:
        """Return the text of a mail."""
        return self._plain.get_template(f"{template}.txt.j2").render(facts)

    def html(self, template: str, facts: Mapping[str, object]) -> str:
        """Return the HTML of a mail."""
        return self._html.get_template(f"{template}.html.j2").render(facts)

    async def write(
        self,
        template: str,
        facts: Mapping[str, object],
        *,
        sender: str,
        to: str,
        subject: str,
        name: str,
        at: dt.datetime,
        reply_to: str | None = None,
        unsubscribe: str | None = None,
        language: str = "en",
    ) -> EmailMessage:
        """Return a mail with a date; `name` makes its Message-ID, by which mail servers recognise a repeat.

        A request to the URL `unsubscribe` ends such mails to the recipient, as RFC 8058 describes. Raises
        UnmailableAddress.
        """
        address = _sender(sender)
        message = EmailMessage(policy=_POLICY)
        message["Subject"] = one_line(subject)
        message["From"] = address
        if reply_to is not None:
            message["Reply-To"] = _sender(reply_to)
        message["To"] = _recipient(to)
        message["Message-ID"] = f"<{name}@{address.domain}>"
        message["Date"] = at
        message["Auto-Submitted"] = "auto-generated"
        if unsubscribe is not None:
            message[UNSUBSCRIBE] = f"<{unsubscribe}>"
            message[f"{UNSUBSCRIBE}-Post"] = "List-Unsubscribe=One-Click"
        # A mail takes a millisecond to render; events that arrive meanwhile run between its parts.
        await asyncio.sleep(0)
        message.set_content(self.plain(template, facts))
        await asyncio.sleep(0)
        message.add_alternative(self.html(template, facts), subtype="html")
        # Setting the content drops all headers of this kind.
        message["Content-Language"] = language
        return message


def one_line(text: str) -> str:
    """Return a text in one line, without characters that control terminals or hide."""
    line = "".join(" " if unicodedata.category(one) in _CONTROL else one for one in text)
    return " ".join(without_hidden(line).split())


def note_dropped(subgraph: str, why: str, **about: object) -> None:
    """Log and count a mail that is not sent, and why; `about` names it by ids of ours."""
    MAILS.labels(subgraph, why).inc()
    log.info("mail dropped", reason=why, **about)


_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class _Policy(EmailPolicy):
    """The standard policy, but for a header whose URL it would turn into an encoded word where it is long."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == UNSUBSCRIBE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name == UNSUBSCRIBE else super().fold_binary(name, value)


_POLICY = _Policy()


def _in_plain_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = one_line(value)
    # Isolates (UAX #9) keep a title in Hebrew or Arabic from moving the price beside it.
    turns = any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in line)
    return f"\u2068{line}\u2069" if turns else line


def _in_html(value: object) -> object:
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


class Mailer(Protocol):
    """Sends mails."""

    async def send(self, message: EmailMessage) -> None:
        """Send a mail; raises RecipientRefused if its address takes none, any other error if it is impossible now."""


class FileMailer:
    """Writes each mail into a directory as an .eml file, named for its Message-ID: a repeat replaces it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def send(self, message: EmailMessage) -> None:
        name, content = message["Message-ID"].strip("<>").partition("@")[0], bytes(message)
        # Only the waiting is done in a thread: computing there would block the event loop for 5 ms at a time.
        # Mails hold tokens that open accounts.
        await asyncio.to_thread(write_private, self._directory, f"{name}.eml", content)


class SmtpMailer:
    """Sends by an SMTP server: `smtps://` uses TLS, `smtp+starttls://` upgrades to it, `smtp://` has none."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or port == 0:
            raise SettingsError(
                "PETPLUS_SMTP_URL is wrong: it must be smtp://, smtp+starttls:// or smtps:// with a host."
            )
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._send_or_say_why, message)

    def _send_or_say_why(self, message: EmailMessage) -> None:
        try:
            self._send(message)
        except smtplib.SMTPRecipientsRefused as error:
            answers = list(error.recipients.values())
            kind = RecipientRefused if all(_is_about_recipient(*answer) for answer in answers) else MailNotSent
            codes = sorted({code for code, _ in answers})
            raise kind(f"{type(error).__name__}: {', '.join(map(str, codes))}") from None
        except smtplib.SMTPResponseException as error:
            raise MailNotSent(f"{type(error).__name__}: {error.smtp_code}") from None

    def _send(self, message: EmailMessage) -> None:
        with self._connect() as server:
            if self._scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._login is not None:
                server.login(*self._login)
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SMTP_SECONDS, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=SMTP_SECONDS)


_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
_NO_MAILBOX = frozenset({550, 551, 553})
_NO_MAILBOX_ENHANCED = frozenset({b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1"})


def _is_about_recipient(code: int, text: bytes) -> bool:
    """Tell whether an answer to RCPT says that the address takes no mails (RFC 5321, RFC 3463): the enhanced code
    decides where there is one, since 550 is also said of senders that are not welcome."""
    enhanced = _ENHANCED.match(text)
    return enhanced[1] in _NO_MAILBOX_ENHANCED if enhanced is not None and code >= 500 else code in _NO_MAILBOX


class NoMailer:
    """Drops mails."""

    async def send(self, message: EmailMessage) -> None:
        """Do nothing."""


def make_mailer(settings: Settings, given: MailSettings) -> Mailer:
    """Return the transport that the settings select; raises SettingsError."""
    if given.drop_mails == "on":
        return NoMailer()
    if given.smtp_url is not None:
        return SmtpMailer(given.smtp_url.get_secret_value())
    if settings.is_production:
        raise SettingsError("PETPLUS_SMTP_URL must be set in production, unless PETPLUS_DROP_MAILS is `on`.")
    return FileMailer(settings.home / "mail")


def _sender(text: str) -> Address:
    """Read `Name <name@shop.example>`; raises ValueError or MessageError for anything else."""
    name, address = parseaddr(text)
    if "@" not in address:
        raise ValueError("no address")
    return Address(name, addr_spec=address)


def _recipient(email: str) -> Address:
    """Return an address as a header has it, its domain in ASCII (RFC 5891); raises UnmailableAddress."""
    try:
        ascii_email = validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email
        if ascii_email is None or "=?" in ascii_email:
            raise UnmailableAddress
        return Address(addr_spec=ascii_email)
    except (ValueError, MessageError):
        raise UnmailableAddress from None
