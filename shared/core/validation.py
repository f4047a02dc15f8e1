"""Checks input fields and refuses all invalid ones together, each with its path, its rule and what to do."""

import unicodedata
from email.errors import MessageError
from email.headerregistry import Address

from pydantic import HttpUrl, TypeAdapter, ValidationError

from shared.core.characters import has_hidden, shows_nothing
from shared.core.email_addresses import parsed_email
from shared.core.errors import FieldError, InvalidInput

_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
LONGEST_EMAIL = 254
LONGEST_URL = 2000
INVISIBLE = "Characters that cannot be seen, or that change the direction of text, are not allowed here."
# U+2028 and U+2029 end a line, too.
_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Checks:
    """Collects refused fields: check them all, then call `raise_if_any`, which raises InvalidInput."""

    def __init__(self, prefix: str = "input") -> None:
        self._prefix = prefix
        self._refused: list[FieldError] = []

    def refuse(self, name: str, code: str, message: str) -> None:
        """Record that a field breaks a rule."""
        self._refused.append(FieldError(f"{self._prefix}.{name}" if self._prefix else name, code, message))

    def text(self, name: str, value: str, *, shortest: int = 1, longest: int = 200) -> str:
        """Check a line of text and return it trimmed, in normal form C."""
        text = unicodedata.normalize("NFC", value).strip()
        # Characters are examined one by one only if needed: this runs for every text of every event.
        if not text.isprintable() and any(unicodedata.category(character) in _CONTROL for character in text):
            self.refuse(name, "CONTROL_CHARACTER", "Control characters are not allowed here.")
        elif has_hidden(text) or shows_nothing(text):
            self.refuse(name, "INVISIBLE_CHARACTER", INVISIBLE)
        elif len(text) < shortest:
            self.refuse(name, "TOO_SHORT", f"At least {shortest} characters are needed.")
        elif len(text) > longest:
            self.refuse(name, "TOO_LONG", f"At most {longest} characters are allowed.")
        return text

    def paragraphs(self, name: str, value: str, *, longest: int) -> str:
        """Check text of several lines, at least one character of it, and return it trimmed, in normal form C."""
        lines = value.replace("\r\n", "\n").strip().split("\n")
        text = "\n".join(unicodedata.normalize("NFC", line) for line in lines)
        if any(unicodedata.category(character) in _CONTROL for line in lines for character in line):
            self.refuse(name, "CONTROL_CHARACTER", "Control characters other than line breaks are not allowed here.")
        elif any(has_hidden(line) for line in text.split("\n")) or shows_nothing(text):
            self.refuse(name, "INVISIBLE_CHARACTER", INVISIBLE)
        elif not text:
            self.refuse(name, "TOO_SHORT", "At least 1 character is needed.")
        elif len(text) > longest:
            self.refuse(name, "TOO_LONG", f"At most {longest} characters are allowed.")
        return text

    def email(self, name: str, value: str) -> str:
        """Check an e-mail address to which mails can be sent, and return it in lower case."""
        try:
            if len(value) > LONGEST_EMAIL:
                raise ValueError
            email = parsed_email(value)
            _check_mailable(email)
        except (ValueError, MessageError):
            self.refuse(
                name, "INVALID_EMAIL", "Send a valid e-mail address of at most 254 characters, ASCII before the @."
            )
            return ""
        return email

    def url(self, name: str, value: str) -> str:
        """Check an http or https address."""
        try:
            if len(value) > LONGEST_URL:
                raise ValueError
            return str(_URL.validate_python(value.strip()))
        except (ValidationError, ValueError):
            self.refuse(name, "INVALID_URL", "Send an http or https URL of at most 2,000 characters.")
            return ""

    @property
    def are_met(self) -> bool:
        """Whether no field was refused so far."""
        return not self._refused

    def raise_if_any(self) -> None:
        """Raise InvalidInput when any field was refused."""
        if self._refused:
            raise InvalidInput("The input is not valid; see `fields`.", self._refused)


def _check_mailable(email: str) -> None:
    """Raise ValueError or MessageError for an address that cannot stand in the header of a mail."""
    local = email.rpartition("@")[0]
    # Encoded words (RFC 2047) are decoded where a header is read: into an address that nobody has checked.
    if not local.isascii() or "=?" in local:
        raise ValueError
    Address(addr_spec=email)
