"""Commission in whole fen: shares, the group bonus, what snatching costs, the lines of a month. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yingsheng.base.money import split_fen
from yingsheng.processes.salesdesk.rules.decision import Penalty, Share
from yingsheng.processes.salesdesk.rules.figures import WHOLE


class Sort(StrEnum):
    """What a line of the month is for."""

    COMMISSION = "commission"
    BONUS = "group_bonus"
    CANCELLED = "cancelled"  # a snatched commission, given to whom it goes
    FINE = "fine"


_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?%?")
THOUSANDTHS = 1000  # a per cent has so many hundred-thousandths of the whole


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What an agent gets of a sum; `agent` is "" for the company."""

    agent: str
    fen: int


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """An agent's part in a group purchase: his weight, and whether he received the customers in turn."""

    agent: str
    weight: int
    received: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the month's statement: whose, of which day and matter, what for, how much, by which rule."""

    agent: str
    day: date
    matter: str
    sort: Sort
    fen: int
    rule: str


def read_percent(*, text: str) -> int:
    """A rate as it is written, "1.25" or "1.25%", in hundred-thousandths of the price: 1250.

    ValueError for more than three decimals, which would have to be rounded, for nothing and for more than the whole.
    """
    found = _PERCENT.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    per_100k = int(found[1]) * THOUSANDTHS + int((found[2] or "").ljust(3, "0")) if found else 0
    if not 0 < per_100k <= WHOLE * THOUSANDTHS:
        raise ValueError(f"no rate: {text!r}")
    return per_100k


def write_percent(*, per_100k: int) -> str:
    """A rate as `read_percent` reads it, without idle zeros: 1250 gives "1.25%"."""
    whole, rest = divmod(per_100k, THOUSANDTHS)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") + "%"


def commission_of(*, price_fen: int, per_100k: int, fixed_fen: int) -> int:
    """What a deal earns: the part of its price, rounded half up to the fen, or the fixed sum where there is no part.

    ValueError for anything negative.
    """
    if min(price_fen, per_100k, fixed_fen) < 0:
        raise ValueError("neither a price nor a rate is negative")
    whole = WHOLE * THOUSANDTHS
    return (price_fen * per_100k * 2 + whole) // (whole * 2) if per_100k else fixed_fen


def split_commission(*, fen: int, shares: Sequence[Share]) -> tuple[Amount, ...]:
    """The commission of a deal in whole fen by its shares, in their order, to the last fen.

    Remainder rule: each share is cut down to whole fen, what is left over goes one fen each to those who lost the
    largest fraction; where two lost the same, to who stands first, and in a decision that is who closed. So of one
    fen halved the closer has all. ValueError for a negative commission or shares that are not 100 per cent.
    Rules: J-11, J-12, J-18, J-19, J-23.
    """
    if fen < 0 or sum(share.percent for share in shares) != WHOLE:
        raise ValueError("a commission is parted by shares of exactly 100 per cent")
    parts = split_fen(fen=fen, weights=[share.percent for share in shares])
    return tuple(Amount(agent=share.agent, fen=part) for share, part in zip(shares, parts, strict=True))


_PART = re.compile(r"(\S.*?)[\s,:]+(\d{1,4})(?:[\s,]+(接待|received|\*))?")


def read_parts(*, text: str) -> tuple[tuple[str, int, bool], ...]:
    """Who shares in a bonus as it is written, a line each: name, weight, and 接待 for who received in turn (J-26).

    ValueError with the line that says something else, or a name again.
    """
    found: dict[str, tuple[str, int, bool]] = {}
    for line in unicodedata.normalize("NFKC", text).replace("、", ",").splitlines():
        if not line.strip():
            continue
        part = _PART.fullmatch(line.strip())
        if part is None or part[1] in found:
            raise ValueError(line.strip())
        found[part[1]] = (part[1], int(part[2]), bool(part[3]))
    return tuple(found.values())


def split_bonus(*, fen: int, buyers: Sequence[Buyer], raised_percent: int) -> tuple[Amount, ...]:
    """The bonus of a group purchase by weight, that of who received raised by so many per cent, to the last fen (J-26).

    The remainder goes as in `split_commission`. [I] How much is a moderate raise the sales manager enters; 0 raises
    nobody. ValueError if nobody has any weight.
    """
    if fen < 0 or raised_percent < 0:
        raise ValueError("neither a bonus nor a raise is negative")
    weights = [buyer.weight * (WHOLE + (raised_percent if buyer.received else 0)) for buyer in buyers]
    parts = split_fen(fen=fen, weights=weights)
    return tuple(Amount(agent=buyer.agent, fen=part) for buyer, part in zip(buyers, parts, strict=True))


def fine_flaw(*, fen: int, least_fen: int, greatest_fen: int) -> str:
    """What is wrong with a fine for snatching: "too_small", "too_great", or "" from one bound to the other (J-20)."""
    if fen < least_fen:
        return "too_small"
    return "too_great" if fen > greatest_fen else ""


def snatching_lines(
    *, penalty: Penalty, commission_fen: int, fine_fen: int, day: date, matter: str, heir: str | None = None
) -> tuple[Line, ...]:
    """What snatching leaves on the statement: the fine, and the cancelled commission with who gets it (J-20, J-34).

    The snatcher has nothing of the commission. `heir` is whom the manager rules it to, "" the company, None what the
    site has chosen (CF-51). ValueError for a fine out of bounds or a commission given back to the snatcher.
    """
    flaw = fine_flaw(fen=fine_fen, least_fen=penalty.fine_min_fen, greatest_fen=penalty.fine_max_fen)
    to = penalty.heir if heir is None else heir
    if flaw or commission_fen < 0 or to == penalty.agent:
        raise ValueError(f"no ruling on snatching: {flaw or 'commission'}")
    fine = Line(agent=penalty.agent, day=day, matter=matter, sort=Sort.FINE, fen=-fine_fen, rule="J-20")
    if not commission_fen:
        return (fine,)
    given = Line(agent=to, day=day, matter=matter, sort=Sort.CANCELLED, fen=commission_fen, rule="J-34")
    return (given, fine)


def deal_lines(*, amounts: Iterable[Amount], day: date, matter: str, rule: str) -> tuple[Line, ...]:
    """The lines of a closed deal, one for each who has a share in it."""
    return tuple(
        Line(agent=one.agent, day=day, matter=matter, sort=Sort.COMMISSION, fen=one.fen, rule=rule) for one in amounts
    )  # fmt: skip


def bonus_lines(*, amounts: Iterable[Amount], day: date, matter: str) -> tuple[Line, ...]:
    """The lines of a group bonus (J-26)."""
    return tuple(
        Line(agent=one.agent, day=day, matter=matter, sort=Sort.BONUS, fen=one.fen, rule="J-26") for one in amounts
    )  # fmt: skip


def line_day(*, closed: date, today: date) -> date:
    """On which day a line that is written today stands: that of the closing, if it is of this month, else today.

    [I] The statement of a month that is over may have been paid: nothing is added to it.
    """
    return closed if (closed.year, closed.month) >= (today.year, today.month) else today


def month_lines(*, lines: Iterable[Line], month: date) -> tuple[Line, ...]:
    """The lines of a calendar month by agent, day and matter; a line belongs to the month of its day."""
    chosen = [line for line in lines if (line.day.year, line.day.month) == (month.year, month.month)]
    return tuple(
        sorted(chosen, key=lambda one: (one.agent, one.day, one.matter, one.sort, one.fen, one.rule))
    )


def totals(*, lines: Iterable[Line]) -> tuple[Amount, ...]:
    """What each agent has at the end, the company ("") first; together exactly the sum of the lines."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.agent] = sums.get(line.agent, 0) + line.fen
    return tuple(Amount(agent=agent, fen=fen) for agent, fen in sorted(sums.items()))
