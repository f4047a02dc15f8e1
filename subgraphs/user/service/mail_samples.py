"""The mails of this subgraph as the documentation shows them: every one, with a link that opens nothing."""

import datetime as dt
from collections.abc import Iterator

from shared.graph.languages import Language, code_of
from shared.mail import Sample
from subgraphs.user.service.mail_languages import MailName
from subgraphs.user.service.mails import NO_LINK, RULES, Recipient, facts_of, subject_of

TOKEN = "prf_00000000000000000000000000.token"  # noqa: S105
APP = "https://allpetplus.example"


def facts_in(mail: MailName, language: Language) -> dict[str, object]:
    """Return the context of a mail's templates."""
    rule = RULES[mail]
    link = (f"{APP}/{rule.page}#token={TOKEN}", TOKEN) if rule.page else NO_LINK
    addressed = Recipient(mail, language, "anna@example.com", "Anna", "key", dt.datetime.now(dt.UTC), passkey="Phone")
    return facts_of(addressed, link, rule.lasts)


def samples() -> Iterator[Sample]:
    """Yield each mail once."""
    for mail in MailName:
        name, english = mail.value.lower().replace("_", "-"), Language.EN
        others = {code_of(each): subject_of(mail, each) for each in Language if each is not english}
        subject, facts = subject_of(mail, english), facts_in(mail, english)
        yield Sample(name, RULES[mail].when, "mail", subject, facts, others)
