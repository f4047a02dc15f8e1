"""The mails of this subgraph as the documentation shows them: every text, with a link that opens nothing."""

from collections.abc import Iterator

from shared.mail import Sample
from subgraphs.user.service import mails

TOKEN = "prf_00000000000000000000000000.token"  # noqa: S105
APP = "https://allpetplus.example"


def samples() -> Iterator[Sample]:
    """Yield each text of `mails` once, in the order in which they stand there."""
    for name, text in vars(mails).items():
        if isinstance(text, mails.Text):
            link = (f"{APP}/{text.page}#token={TOKEN}", TOKEN) if text.page else ("", "")
            facts = mails.facts_of(text, "Anna", link, text.lasts)
            yield Sample(name.lower().replace("_", "-"), text.when, "mail", text.headline, facts)
