"""Counting cash by its notes and coins, and where a fen may be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

# the notes and coins in circulation, in fen, largest first; nobody is asked to count single fen
DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
SMALLEST = DENOMINATIONS[-1]
MOST_PIECES = 9_999

Transfer = tuple[int, int, int]  # source, target, fen


class BadPieces(ValueError):
    """A count that names a note there is not, or an impossible number of them."""


def counted_fen(*, pieces: Mapping[str, int]) -> int:
    """What these notes and coins are worth: denomination in fen, as text, -> how many; BadPieces otherwise."""
    total = 0
    for name, number in pieces.items():
        if name not in {str(one) for one in DENOMINATIONS}:
            raise BadPieces(name)
        if type(number) is not int or not 0 <= number <= MOST_PIECES:
            raise BadPieces(f"{name}: {number}")
        total += int(name) * number
    return total


def kept_pieces(*, pieces: Mapping[str, int]) -> dict[str, int]:
    """The same count without the notes there were none of, largest first."""
    return {str(one): pieces[str(one)] for one in DENOMINATIONS if pieces.get(str(one), 0)}


def fewest_pieces(*, fen: int) -> dict[str, int]:
    """An amount in the fewest notes and coins; what is smaller than the smallest coin is left out."""
    pieces: dict[str, int] = {}
    rest = fen
    for one in DENOMINATIONS:
        number, rest = divmod(rest, one)
        if number:
            pieces[str(one)] = number
    return pieces


def sums(*, transfers: Iterable[Transfer]) -> dict[int, int]:
    """What every place holds after these transfers, by its key; together always nothing."""
    held: dict[int, int] = {}
    for source, target, fen in transfers:
        held[source] = held.get(source, 0) - fen
        held[target] = held.get(target, 0) + fen
    return held


def needs_explaining(*, counted: int, booked: int, explanation: str) -> bool:
    """Whether a count differs from the book and nobody said why."""
    return counted != booked and not explanation.strip()


def running(*, opening: int, changes: Sequence[int]) -> list[int]:
    """The balance after each change."""
    return list(accumulate(changes, initial=opening))[1:]
