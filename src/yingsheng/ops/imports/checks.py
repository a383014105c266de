"""Reading single cells of an import: dates, numbers, yes and no; each either a value or a problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.ops.imports.tables import Column, Problem, Row

_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
YES_NO = (("yes", gettext_noop("是")), ("no", gettext_noop("否")))


@dataclass
class Findings:
    """The problems found so far, and which rows they spoil."""

    columns: dict[str, Column]
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: Row, name: str, reason: str, /, **params: object) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(
            Problem(row=row.number, column=self.columns[name].title, reason=reason, params=params)
        )

    def refused(self, row: Row, name: str, refusal: Refused) -> None:
        """Note why the archive would refuse a cell."""
        self.add(row, name, refusal.text, **refusal.params)

    def date_of(self, row: Row, name: str) -> date | None:
        """The date in a cell; None if it is empty or no date, which is noted."""
        text = row[name]
        if not text:
            return None
        for shape in _DATE_FORMATS:
            try:
                found = datetime.strptime(text, shape).date()
            except ValueError:
                continue
            if 1850 <= found.year <= 2200:
                return found
        self.add(row, name, gettext_noop("“%(text)s”不是日期，例如 2025-03-03"), text=text)
        return None

    def decimal_of(self, row: Row, name: str, *, below: int) -> Decimal | None:
        """The amount in a cell, not negative and below a limit, to two places; None if empty or wrong."""
        text = row[name]
        if not text:
            return None
        try:
            value = Decimal(text).quantize(Decimal("0.01"))
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value < below:
            self.add(row, name, gettext_noop("“%(text)s”不是可用的数"), text=text)
            return None
        return value

    def integer_of(self, row: Row, name: str, *, low: int, high: int) -> int | None:
        """The whole number in a cell within limits; None if empty or wrong."""
        text = row[name]
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and low <= int(text) <= high):
            self.add(row, name, gettext_noop("请填%(low)s至%(high)s之间的整数"), low=low, high=high)
            return None
        return int(text)

    def fits(self, row: Row, name: str, *, length: int) -> bool:
        """Whether a cell's text is short enough for its column; noted if not."""
        if len(row[name]) > length:
            self.add(row, name, gettext_noop("不能超过%(length)s个字"), length=length)
            return False
        return True
