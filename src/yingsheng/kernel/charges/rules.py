"""What lines of work and material come to, and what is still owed. Pure; money in fen, quantities exact decimals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yingsheng.base.money import BadMoney, parse_yuan

MOST_LINES = 40
MOST_QUANTITY = Decimal("9999.99")
MOST_FEN = 1_000_000_000  # ten million yuan: more is a slip of the pen
_LINE = re.compile(r"(?P<name>.+?)\s*[×xX*]\s*(?P<quantity>\d{1,7}(?:\.\d{1,2})?)\s*(?:@\s*(?P<price>\S+))?")


class BadLine(ValueError):
    """A line that cannot be read; `number` counts from 1, `why` is one of form, unknown, quantity, price, many."""

    def __init__(self, *, number: int, text: str, why: str) -> None:
        super().__init__(f"line {number}: {why}: {text!r}")
        self.number = number
        self.text = text
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Price:
    """A price of the list: what a unit of it costs."""

    code: str
    name: str
    unit: str
    price_fen: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """So much of something at a price; `code` is that of the price list, "" for what is not on it."""

    name: str
    quantity: Decimal
    price_fen: int
    code: str = ""
    unit: str = ""

    @property
    def sum_fen(self) -> int:
        """Quantity times price, rounded half up to whole fen."""
        return int((self.quantity * self.price_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def parse_lines(*, text: str, find: Callable[[str], Price | None]) -> list[Line]:
    """Lines of a quote or of used material, one a line: "name × quantity" or "name × quantity @ yuan".

    `find` looks a name or code up in the price list. A price that is written stands in place of the list's; what is
    not on the list needs one. Empty lines are skipped. Raises BadLine for the first line that cannot be read.
    """
    written = [
        (number, part.strip()) for number, part in enumerate(text.splitlines(), start=1) if part.strip()
    ]
    if len(written) > MOST_LINES:
        raise BadLine(number=written[MOST_LINES][0], text=written[MOST_LINES][1], why="many")
    return [_parse(number=number, text=part, find=find) for number, part in written]


def _parse(*, number: int, text: str, find: Callable[[str], Price | None]) -> Line:
    folded = unicodedata.normalize("NFKC", text)
    found = _LINE.fullmatch(folded)
    if found is None:
        raise BadLine(number=number, text=text, why="form")
    quantity = Decimal(found["quantity"])
    if not 0 < quantity <= MOST_QUANTITY:
        raise BadLine(number=number, text=text, why="quantity")
    name = found["name"].strip()
    known = find(name)
    if found["price"] is None and known is None:
        raise BadLine(number=number, text=text, why="unknown")
    line = Line(
        name=known.name if known else name,
        quantity=quantity,
        price_fen=_price(number=number, text=text, written=found["price"], known=known),
        code=known.code if known else "",
        unit=known.unit if known else "",
    )
    if line.sum_fen > MOST_FEN:
        raise BadLine(number=number, text=text, why="price")
    return line


def _price(*, number: int, text: str, written: str | None, known: Price | None) -> int:
    if written is None:
        assert known is not None
        return known.price_fen
    try:
        fen = parse_yuan(text=written)
    except BadMoney as error:
        raise BadLine(number=number, text=text, why="price") from error
    if not 0 <= fen <= MOST_FEN:
        raise BadLine(number=number, text=text, why="price")
    return fen


def write_lines(*, lines: Iterable[Line]) -> str:
    """Lines as a person would type them; `parse_lines` reads them back to the same."""
    return "\n".join(
        f"{line.name} × {line.quantity.normalize():f} @ {line.price_fen // 100}.{line.price_fen % 100:02d}"
        for line in lines
    )


def total_fen(*, lines: Iterable[Line]) -> int:
    """What the lines come to."""
    return sum(line.sum_fen for line in lines)


def owed_fen(*, accepted: Sequence[int], paid: Sequence[int]) -> int:
    """What is still to be paid: accepted quotes less payments, refunds being negative payments; never below zero."""
    return max(0, sum(accepted) - sum(paid))
