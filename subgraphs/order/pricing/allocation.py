"""Splits an amount of minor units by weight, exactly: the method of the largest remainder."""

from collections.abc import Sequence


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Return the share of each weight; the shares sum up to `amount`, 0 or more, and none is off by a whole unit.

    Of equal remainders the first gets the unit. Raises ValueError where there is an amount and no weight.
    """
    whole = sum(weights)
    if amount < 0 or min(weights, default=0) < 0:
        raise ValueError("only amounts and weights of 0 and more can be split")
    if whole == 0:
        if amount:
            raise ValueError("an amount cannot be split among nothing")
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(amount * weights[place] % whole))
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return shares
