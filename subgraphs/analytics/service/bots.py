"""Tells crawlers and monitors by the name that they give themselves: what they do is no visitor's doing."""

import re
from collections.abc import Mapping

# Words of those who say what they are; a list of all names would be out of date the day after. `Cubot` makes phones.
_BOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|lighthouse|headless|phantomjs|pagespeed|pingdom|uptime|prerender|facebookexternalhit"
    r"|mediapartners-google|google-inspectiontool|bingpreview|embedly|petalbot|ia_archiver",
    re.IGNORECASE,
)


def is_bot(headers: Mapping[str, str]) -> bool:
    """Tell whether a request's `User-Agent` names a bot; one without a name is taken for a client."""
    return _BOT.search(headers.get("user-agent", "")) is not None
