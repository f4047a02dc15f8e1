"""`petplus mails`: every mail on one page, with when it is sent, its subject and its text, from the templates."""

from collections.abc import Iterator
from pathlib import Path

from shared.mail import MailTemplates, Sample
from subgraphs.order.service import mail_samples as of_orders
from subgraphs.user.service import mail_samples as of_accounts

DOCS = Path(__file__).parents[2] / "docs"
FILE = DOCS / "mails.md"
PICTURES = DOCS / "images" / "mails"

_HEAD = """# Mails

Written by `petplus mails --write` from the templates; `petplus check` compares it. `make mail-pictures` makes the
pictures.

Each mail is plain text and HTML, in English, German, Dutch or French: in the language of `Preferences.locale`. A guest,
and a customer who never chose a language, get mails in the one of the checkout (`CheckoutCompleteInput.locale`, or what
another shop reports), and a person who registers in the one of `AccountRegisterInput.locale`. In every other case mails
are in English, as on this page. Amounts have the marks of the language, such as `1.234,50 EUR`. The texts, and the
titles of push messages, are in `subgraphs/order/languages` and `subgraphs/user/languages`, one file for each language.
`Content-Language` names the language.

`Auto-Submitted: auto-generated` keeps machines from answering. A mail that is sent again has the same `Message-ID`, by
which mail servers tell a repeat. Answers go to `PETPLUS_MAIL_REPLY_TO`.
"""
_ORDERS = """
A change of an order is mailed if it is the newest of its order and not older than twelve hours; otherwise the log says
`mail dropped`. `List-Unsubscribe` and `List-Unsubscribe-Post` end these mails with one click
([RFC 8058](https://www.rfc-editor.org/rfc/rfc8058)), for an account or for the address of a guest. Addresses that
bounce or complain get no more of them ([operations](operations.md#mails-come-back-or-are-unwanted)).
"""
_ACCOUNTS = """
These mails are about the security of an account. Nobody can unsubscribe from them, and no bounce stops them, since
without them nobody would get back into an account. A mail whose link has expired is not sent; one that reports what
has happened is sent without the link.
"""
SECTIONS = (
    ("Orders", _ORDERS, "subgraphs.order", of_orders.samples),
    ("Accounts", _ACCOUNTS, "subgraphs.user", of_accounts.samples),
)
"""Title, what holds of all its mails, the package of the templates, and the mails."""


def samples() -> Iterator[tuple[MailTemplates, Sample]]:
    """Yield every mail of all subgraphs with the templates that write it."""
    for _, _, package, kinds in SECTIONS:
        templates = MailTemplates(package)
        yield from ((templates, sample) for sample in kinds())


def text() -> str:
    """Return the page."""
    parts = [_HEAD]
    for title, said, package, kinds in SECTIONS:
        templates = MailTemplates(package)
        parts += [f"\n## {title}\n", said, *(_section(templates, sample) for sample in kinds())]
    return "".join(parts)


def _section(templates: MailTemplates, sample: Sample) -> str:
    picture = PICTURES / f"{sample.name}.png"
    shown = f"\n![{sample.subject}]({picture.relative_to(DOCS)}){{ width=360 }}\n" if picture.exists() else ""
    lines = "\n".join(line.rstrip() for line in templates.plain(sample.template, sample.facts).strip().split("\n"))
    also = "\n" + "".join(f"- `{code}`: {subject}\n" for code, subject in sample.translations.items())
    return f"\n### {sample.name}\n\n{sample.when}\n\n```text\nSubject: {sample.subject}\n\n{lines}\n```\n{also}{shown}"
