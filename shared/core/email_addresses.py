"""The one form in which an e-mail address is stored, looked up and recognised: accounts, orders, webhooks, erasure."""

from pydantic import EmailStr, TypeAdapter, ValidationError

_EMAIL: TypeAdapter[str] = TypeAdapter(EmailStr)
_PUNYCODE = "xn--"


def parsed_email(text: str) -> str:
    """Return an address in lower case, its domain in Unicode however it is written; raises ValueError for what is none.

    `pat@xn--bcher-kva.example` and `Pat@Bücher.example` are the same address. Mails write its domain in ASCII.
    """
    try:
        return _EMAIL.validate_python(text.strip()).lower()
    except ValidationError:
        raise ValueError("This is not an e-mail address.") from None


def normal_email(text: str) -> str:
    """Return the form of an address as `parsed_email` does; what is none is only trimmed and put in lower case."""
    plain = text.strip().lower()
    # Nearly all are in this form already.
    if plain.isascii() and _PUNYCODE not in plain:
        return plain
    try:
        return parsed_email(plain)
    except ValueError:
        return plain
