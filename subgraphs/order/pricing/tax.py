"""How much of a sum is tax, or is added to it, by the country that the goods are sent to."""

from dataclasses import dataclass

from subgraphs.order.pricing.rules import TAX, TaxRules

WHOLE = 10_000
"""100 % in hundredths of a per cent, as rates are given."""


@dataclass(frozen=True)
class Tax:
    """A tax in minor units, whether it is part of the sum or comes on top."""

    included_minor: int = 0
    added_minor: int = 0

    @property
    def amount_minor(self) -> int:
        return self.included_minor + self.added_minor


def tax_on(amount_minor: int, country_code: str | None, rules: TaxRules = TAX) -> Tax:
    """Return the tax on a sum of 0 or more, rounded half up; none where the destination is not known yet."""
    if country_code is None:
        return Tax()
    if country_code in rules.included:
        rate = rules.included[country_code]
        return Tax(included_minor=_rounded(amount_minor * rate, WHOLE + rate))
    return Tax(added_minor=_rounded(amount_minor * rules.added.get(country_code, 0), WHOLE))


def _rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)
