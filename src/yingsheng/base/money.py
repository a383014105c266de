"""Money as whole fen; no fraction of a fen and no floating point anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


class BadMoney(ValueError):
    """The text is no amount in yuan; `text` holds what was written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not an amount in yuan: {text!r}")
        self.text = text


_YUAN = re.compile(r"([+-]?)[¥¥]?([+-]?)(\d{1,13}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,2}))?(?:元|圆|RMB|CNY)?")


def parse_yuan(*, text: str) -> int:
    """An amount written in yuan, in fen: "1,234.5" gives 123450.

    Accepts full-width digits, thousands commas in their right places, a sign, ¥ and 元; raises BadMoney for
    anything else, above all for more than two decimals, which would have to be rounded.
    """
    folded = unicodedata.normalize("NFKC", text).upper().replace("−", "-")
    found = _YUAN.fullmatch(re.sub(r"\s", "", folded))
    if found is None or (found[1] and found[2]):
        raise BadMoney(text)
    fen = int(found[3].replace(",", "")) * 100 + int((found[4] or "").ljust(2, "0"))
    return -fen if "-" in (found[1], found[2]) else fen


def format_fen(*, fen: int) -> str:
    """Fen as yuan with thousands commas and always two decimals: 123450 gives "1,234.50"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def split_fen(*, fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of `fen` in proportion to `weights`, in their order, whose sum is exactly `fen`.

    Remainder rule: every share is first cut down to whole fen; the fen left over go one each to the shares
    that lost the largest fraction, the earlier one first where two lost the same. A negative amount is split
    like its opposite. Raises ValueError for a negative weight or when all weights are zero.
    """
    total = sum(weights)
    if any(weight < 0 for weight in weights) or total == 0:
        raise ValueError("weights must not be negative and not all zero")
    cut = [divmod(abs(fen) * weight, total) for weight in weights]
    shares = [share for share, _ in cut]
    by_loss = sorted(range(len(cut)), key=lambda place: (-cut[place][1], place))
    for place in by_loss[: abs(fen) - sum(shares)]:
        shares[place] += 1
    return tuple(-share if fen < 0 else share for share in shares)
