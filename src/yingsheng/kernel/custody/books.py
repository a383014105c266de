"""The count of a shelf as a register that any process of this shape declares: its form, its verbs, its lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody import counting
from yingsheng.kernel.custody.models import StockLine, Stocktake
from yingsheng.kernel.custody.queries import find_by_code, list_stocktakes
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.records import hold, tell

CODE = Field(
    name="code", kind=Kind.LINE, label=N("扫码或输入编号"), required=True, max_length=200, example="YS-20261122-0007"
)  # fmt: skip


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    return FormSpec(
        name=name, title=title, verb=verb, fieldsets=(Fieldset(legend="", fields=fields),) if fields else ()
    )


SCAN = _spec("stocktake_scan", N("扫码"), N("在位"), CODE)
UNSCAN = _spec("stocktake_unscan", N("扫错了，撤销"), N("撤销"), CODE)
EXPLAIN = _spec(
    "stocktake_explain", N("说明差异"), N("记下说明"), CODE,
    Field(name="explanation", kind=Kind.LINE, label=N("差异的原因"), required=True, max_length=300),
)  # fmt: skip
CLOSE = _spec(
    "stocktake_close", N("完成清点"), N("完成清点"),
    Field(name="note", kind=Kind.TEXT, label=N("情况说明"), max_length=300),
)  # fmt: skip


def stocktake_book(
    *, process: str, title: str, rule: str, see: str, count: str, icon: str = "checklist"
) -> RecordBook:
    """The register of counts of one process: `see` reads it, `count` opens, scans, explains and closes.

    `rule` asks for the count; its events are `custody.count_opened`, `.seen`, `.unseen`, `.explained`, `.closed`.
    """
    verbs = _Verbs(process=process, rule=rule, permission=count)
    open_ = ("open",)
    return RecordBook(
        code=f"{process}_stocktakes", title=title, icon=icon, rules=(rule,), see=see,
        hint=N("先开始清点，再逐件扫码；账上有、柜里没有的和柜里有、账上没有的都要写明原因才能完成。"),
        states=(
            State(code="open", label=N("清点中"), tone="soon"),
            State(code="closed", label=N("已完成"), tone="met", final=True),
        ),
        state_of=lambda row: str(row.state), name=_name,
        attrs=(
            Attr(name="opened_at", label=N("开始时间"), value=lambda row: row.opened_at, kind="moment", listed=True),
            Attr(name="opened_by", label=N("清点人"), value=lambda row: row.opened_by.name, listed=True),
            Attr(name="closed_at", label=N("完成时间"), value=lambda row: row.closed_at, kind="moment", listed=True),
            Attr(name="closed_by", label=N("完成人"), value=lambda row: row.closed_by.name if row.closed_by else ""),
            *(
                Attr(name=name, label=label, value=_number(name), kind="number", listed=True)
                for name, label in (
                    ("total", N("账上总数")), ("in_place", N("在位")), ("away", N("借出或在外")),
                    ("missing", N("缺少")), ("surplus", N("多出")),
                )
            ),
            Attr(name="note", label=N("情况说明"), value=lambda row: row.note, wide=True),
        ),
        rows=verbs.rows, find=verbs.find, newest_by="opened_at",
        verbs=(
            Verb(code="scan", form=SCAN, permission=count, run=verbs.scan, sources=open_),
            Verb(code="unscan", form=UNSCAN, permission=count, run=verbs.unscan, sources=open_),
            Verb(code="explain", form=EXPLAIN, permission=count, run=verbs.explain, sources=open_),
            Verb(code="close", form=CLOSE, permission=count, run=verbs.close, sources=open_),
        ),
        create=_spec(f"{process}_stocktake", N("开始清点"), N("开始清点")), create_permission=count, make=verbs.open,
    )  # fmt: skip


def _name(row: Any) -> str:
    return str(_("%(day)s 清点") % {"day": f"{row.opened_at:%Y-%m-%d}"})


def _number(name: str) -> Any:
    return lambda row: getattr(row, name) if row.state == Stocktake.State.CLOSED else None


class _Verbs:
    """The services of one process's counts, each one transaction with one event."""

    def __init__(self, *, process: str, rule: str, permission: str) -> None:
        self.process = process
        self.rule = rule
        self.permission = permission

    def rows(self, *, actor: Actor, text: str = "") -> QuerySet[Stocktake]:
        """The counts, the latest first."""
        found = list_stocktakes(site=actor.site, process=self.process)
        return found.filter(opened_by__name__icontains=text) if text else found

    def find(self, *, actor: Actor, pk: int) -> Stocktake | None:
        """One count of the actor's site."""
        return list_stocktakes(site=actor.site, process=self.process).filter(pk=pk).first()

    @transaction.atomic
    def open(self, *, actor: Actor, at: datetime) -> Stocktake:
        """Begin a count of everything we answer for."""
        row = counting.open_count(site=actor.site, process=self.process, by=actor.staff, at=at)
        self._tell(row, "count_opened", actor=actor, at=at, things=row.lines.count())
        return row

    @transaction.atomic
    def scan(
        self, *, actor: Actor, record: Stocktake, at: datetime, code: str, seen: int | None = None
    ) -> Stocktake:
        """A thing was seen on the shelf; Refused for one that was seen before."""
        row = self._hold(actor=actor, record=record)
        line, is_new = counting.scan(stocktake=row, code=code, by=actor.staff, at=at)
        if not is_new:
            raise Refused(N("%(number)s已经扫过"), field="code", code="seen", number=line.item.number)
        self._tell(row, "seen", actor=actor, at=at, number=line.item.number)
        return row

    @transaction.atomic
    def unscan(
        self, *, actor: Actor, record: Stocktake, at: datetime, code: str, seen: int | None = None
    ) -> Stocktake:
        """The wrong label was read."""
        row = self._hold(actor=actor, record=record)
        line = self._line(row, code)
        if line.seen_at is None:
            raise Refused(N("%(number)s还没有扫过"), field="code", number=line.item.number)
        counting.unscan(line=line)
        self._tell(row, "unseen", actor=actor, at=at, number=line.item.number)
        return row

    @transaction.atomic
    def explain(
        self,
        *,
        actor: Actor,
        record: Stocktake,
        at: datetime,
        code: str,
        explanation: str,
        seen: int | None = None,
    ) -> Stocktake:
        """Why shelf and book differ."""
        row = self._hold(actor=actor, record=record)
        line = self._line(row, code)
        counting.explain(line=line, text=explanation, by=actor.staff)
        self._tell(row, "explained", actor=actor, at=at, number=line.item.number, text=line.explanation)
        return row

    @transaction.atomic
    def close(
        self, *, actor: Actor, record: Stocktake, at: datetime, note: str = "", seen: int | None = None
    ) -> Stocktake:
        """Close the count; every difference has its explanation."""
        row = self._hold(actor=actor, record=record)
        found = counting.close_count(stocktake=row, by=actor.staff, at=at, note=note)
        self._tell(
            row, "count_closed", actor=actor, at=at, total=found.total, in_place=found.in_place, away=found.away,
            missing=found.missing, surplus=found.surplus,
        )  # fmt: skip
        return row

    def _hold(self, *, actor: Actor, record: Stocktake) -> Stocktake:
        # no version is asked for: two people may scan side by side
        return hold(actor=actor, record=record, permission=self.permission, seen=None, states=("open",))

    def _line(self, row: Stocktake, code: str) -> StockLine:
        item = find_by_code(site=row.site, process=self.process, code=code)
        line = StockLine.objects.select_related("item", "stocktake").filter(stocktake=row, item=item).first()
        if item is None or line is None:
            raise Refused(N("这次清点里没有“%(what)s”"), field="code", what=code.strip()[:40])
        return line

    def _tell(self, row: Stocktake, kind: str, *, actor: Actor, at: datetime, **data: Any) -> None:
        tell(record=row, kind=f"custody.{kind}", actor=actor, at=at, rule=self.rule, **data)
