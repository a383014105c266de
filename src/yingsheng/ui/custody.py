"""The pages of things in our hands: a thing with its story and its signatures, and the count of a shelf by scanning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.records import RecordBook, Verb
from yingsheng.kernel.custody.books import EXPLAIN
from yingsheng.kernel.custody.counting import judged
from yingsheng.kernel.custody.models import Item, Move, StockLine, Stocktake
from yingsheng.kernel.custody.queries import moves_of, shown_id
from yingsheng.kernel.custody.rules import DIFFERENCES, IN_PLACE, tally
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Link, Row
from yingsheng.ui.records import RecordPages


@dataclass(frozen=True, kw_only=True)
class MoveLine:
    """One hand-over as it is read: all words are ready."""

    at: datetime
    act: str
    giver: str
    taker: str
    shown: str
    signed_by: str
    signature_url: str
    due_at: datetime | None
    reason: str
    by: str


class ItemPages(RecordPages):
    """The register of a process's things: a record shows its story of hand-overs, with the signatures.

    `acts` are the words of the acts, `papers` of the kinds of ID.
    """

    template: ClassVar[str] = "ui/custody/item.html"

    def __init__(
        self,
        *,
        book: RecordBook,
        namespace: str,
        acts: Mapping[str, str],
        papers: Mapping[str, str],
        more: Callable[[DeskRequest, Any], dict[str, Any]] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(book=book, namespace=namespace, more=self._with_story, **rest)
        self.acts = acts
        self.papers = papers
        self.own_more = more

    def urls(self) -> list[URLPattern]:
        """Those of a register, and the files kept with a thing."""
        slug = self.book.code.replace("_", "-")
        file = path(
            f"{slug}/<int:pk>/files/<slug:key>/",
            require_GET(desk(self.book.see)(self.file)),
            name=f"{self.book.code}_file",
        )
        return [file, *super().urls()]

    def file(self, request: DeskRequest, pk: int, key: str) -> HttpResponse:
        """A signature or a photo kept with a thing."""
        kept = list_attachments(subject=self._get(request, pk)).filter(key=key).first()
        if kept is None:
            raise Http404
        response = HttpResponse(read_attachment(attachment=kept), content_type=kept.kind)
        response["Content-Disposition"] = f'inline; filename="{self.book.code}-{pk}-{kept.pk}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _with_story(self, request: DeskRequest, item: Item) -> dict[str, Any]:
        files = [
            Link(label=one.note or one.name, url=self.url("_file", item.pk, one.key))
            for one in list_attachments(subject=item)
            if one.purpose == one.Purpose.DOCUMENT and one.removed_at is None
        ]
        told = self.own_more(request, item) if self.own_more is not None else {}
        return {"moves": [self._line(item, one) for one in moves_of(item=item)], "files": files, **told}

    def _line(self, item: Item, move: Move) -> MoveLine:
        shown = [
            _(self.papers[move.id_kind]) if move.id_kind in self.papers else move.id_kind,
            shown_id(move=move),
        ]
        picture = move.signature
        return MoveLine(
            at=move.at, act=_(self.acts[move.act]) if move.act in self.acts else move.act,
            giver=_(move.giver_name), taker=" ".join(one for one in (move.organisation, _(move.taker_name)) if one),
            shown=" ".join(one for one in shown if one), signed_by=move.signed_by,
            signature_url=self.url("_file", item.pk, picture.key) if picture is not None else "", due_at=move.due_at,
            reason=move.reason, by=move.by.name,
        )  # fmt: skip


class StocktakePages(RecordPages):
    """A count by scanning: what is still to be found in the order of its places, and what differs."""

    template: ClassVar[str] = "ui/custody/stocktake.html"

    def __init__(self, *, book: RecordBook, namespace: str, item_url: Callable[[Item], str]) -> None:
        super().__init__(book=book, namespace=namespace, more=self._with_lines)
        self.item_url = item_url

    def _with_lines(self, request: DeskRequest, stocktake: Stocktake) -> dict[str, Any]:
        lines = judged(stocktake=stocktake)
        found = tally(results=[one.result for one in lines])
        is_open = stocktake.state == Stocktake.State.OPEN
        order = sorted(
            lines, key=lambda one: (one.result not in DIFFERENCES, one.item.place, one.item.number)
        )
        scanned = [one for one in lines if one.seen_at is not None]
        told: dict[str, Any] = {
            "tally": found,
            "counted": sum(one.result == IN_PLACE for one in lines),
            "to_find": found.missing if is_open else 0,
            "columns": [
                Column(label=_("清点结果"), kind="chip"), Column(label=_("编号"), kind="code"),
                Column(label=_("名称"), kind="long"), Column(label=_("存放位置")),
                Column(label=_("在谁手里")), Column(label=_("扫码时间"), kind="moment"),
                Column(label=_("差异说明"), kind="long"),
            ],
            "rows": [self._stock_row(stocktake, one, is_open=is_open) for one in order],
            "caption": _("清点明细"),
        }  # fmt: skip
        did = request.GET.get("did")
        if did in ("new", "scan"):
            told["result"] = (
                None  # the box has the focus; what was scanned is said beside it, where the eyes are
            )
        if did == "scan" and scanned:
            last = max(scanned, key=lambda one: (one.seen_at, one.pk))
            told["just_seen"] = f"{last.item.number} {last.item.name}"
        return told

    def _panels(
        self, request: DeskRequest, record: Any, state: str, tried: tuple[Verb, SpecForm] | None
    ) -> list[dict[str, Any]]:
        panels = super()._panels(request, record, state, tried)
        asked = request.GET.get("explain", "")[:200]
        for panel in panels:
            if panel["form_id"] == "explain-form" and asked and tried is None:
                panel["form"] = build_form(spec=EXPLAIN, actor=request.actor)(
                    prefix="explain", initial={"code": asked}
                )
                panel["open"] = True
        return panels

    def _stock_row(self, stocktake: Stocktake, line: StockLine, *, is_open: bool) -> Row:
        words = {
            "in_place": (_("在位"), "met"),
            "away": (_("在外"), "plain"),
            "still_lost": (_("已登记遗失"), "waiting"),
            "missing": (_("还没找到"), "soon") if is_open and not line.explanation else (_("缺少"), "late"),
            "surplus": (_("多出"), "late"),
        }
        label, tone = words.get(line.result, ("", "plain"))
        differs = is_open and line.result in DIFFERENCES
        explain: object = line.explanation
        if differs:
            asked = f"{self.url('_one', stocktake.pk)}?explain={line.item.number}#explain-form"
            explain = Cell(text=line.explanation or _("说明原因"), url=asked)
        return Row(
            name=line.item.number,
            cells=[
                Cell(text=label, tone=tone),  # type: ignore[arg-type]
                Cell(text=line.item.number, url=self.item_url(line.item)), line.item.name, line.item.place,
                line.item.holder_name, localtime(line.seen_at) if line.seen_at else "", explain,
            ],
        )  # fmt: skip
