"""收件: parcel after parcel at the desk; the last ones stand beneath with place, pick-up code and label."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.process.books import TAKE_IN
from yingsheng.processes.mail.process.forms import KINDS, QUICK
from yingsheng.processes.mail.queries.items import find_mail, list_mail
from yingsheng.processes.mail.services.intake import take_in_item
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Link, Result, Row
from yingsheng.ui.submit import status_of, take_form

LAST = 15
KEPT = ("kind", "carrier", "place")  # what the next parcel begins with


@require_http_methods(["GET", "POST"])
@desk(TAKE_IN)
def intake(request: DeskRequest) -> HttpResponse:
    """Room, number, Enter, next; kind, carrier and shelf stay as they were (M-02, M-04, M-10)."""
    tried: SpecForm | None = None
    if request.method == "POST":
        tried = build_form(spec=QUICK, actor=request.actor)(request.POST)
        values = tried

        def run() -> str:
            given = values.cleaned_data
            condition = MailItem.Condition.WORN if given["damage"] else MailItem.Condition.SOUND
            made = take_in_item(actor=request.actor, at=request.now, condition=condition.value, **given)
            kept = {name: given[name] for name in KEPT if given[name]}
            return f"{reverse('mail:intake')}?{urlencode({'did': made.pk, **kept})}"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    form = tried or build_form(spec=QUICK, actor=request.actor)(initial=_start(request))
    form.fields["room"].widget.attrs["autofocus"] = True
    context = {
        "form": form, "verb": _(QUICK.verb), "result": _result(request), "columns": _columns(),
        "rows": [_row(one) for one in list_mail(actor=request.actor)[:LAST]], "caption": _("刚收下的"),
        "empty": Empty(text=_("还没有收过。"), sign="package"), "now": request.now,
    }  # fmt: skip
    return render(request, "mail/intake.html", context, status=status_of(form=tried))


def _start(request: DeskRequest) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    return {
        "kind": kind if kind in dict(KINDS) else "parcel",
        "carrier": request.GET.get("carrier", "")[:60],
        "place": request.GET.get("place", "")[:40],
    }


def _result(request: DeskRequest) -> Result | None:
    pk = whole_number(text=request.GET.get("did", ""))
    made = find_mail(actor=request.actor, pk=pk) if pk is not None else None
    if made is None:
        return None
    where = made.room.label if made.room is not None else made.mail.destination
    return Result(
        text=_("收下了：%(room)s %(name)s，取件码 %(code)s")
        % {"room": where, "name": made.mail.addressee, "code": made.mail.pickup_code},
        number=made.number,
        url=reverse("mail:mail_items_one", args=[made.pk]),
        links=[Link(label=_("打印标签"), url=_label(made))],
    )


def _label(one: Item) -> str:
    return f"{reverse('mail:labels')}?item={one.pk}"


def _columns() -> list[Column]:
    return [
        Column(label=_("编号"), kind="code"), Column(label=_("房号")), Column(label=_("收件人")),
        Column(label=_("种类")),
        Column(label=_("运单号"), kind="code"), Column(label=_("存放位置")), Column(label=_("取件码"), kind="code"),
        Column(label=_("签收时间"), kind="moment"), Column(label=_("标签")),
    ]  # fmt: skip


def _row(one: Item) -> Row:
    url, kinds = reverse("mail:mail_items_one", args=[one.pk]), dict(KINDS)
    return Row(
        name=one.number, url=url,
        cells=[
            Cell(text=one.number, url=url),
            one.room.label if one.room is not None else one.mail.destination,
            one.mail.addressee, _(kinds[one.mail.kind]), one.mail.tracking_number, one.place, one.mail.pickup_code,
            one.mail.received_at, Cell(text=_("打印标签"), url=_label(one)),
        ],
    )  # fmt: skip
