"""What a device did without signal arrives: each deed once, with its own time beside ours, answered by itself.

A deed is done, refused with words, or in conflict: the order is not what the device saw. Then the answer holds how the
order stands now, and the person decides: once more on that, or as a note.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, words_of
from yingsheng.kernel.forms.submissions import Answer, once
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import find_order
from yingsheng.kernel.orders.services import keep_note
from yingsheng.kernel.orders.verbs import offers
from yingsheng.kernel.org.access import Forbidden, demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.clocks import moment_words, span_words
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.orders import holder
from yingsheng.ui.pages.work.acts import as_sent, do_verb, read_form
from yingsheng.ui.pages.work.desks import desk_for
from yingsheng.ui.pages.work.forms import PHOTOS
from yingsheng.ui.pages.work.sight import QUEUED, TAKEN
from yingsheng.ui.submit import content_mark

NOTE = "note"
OF_A_DESK = re.compile(r"[a-z_]{2,20}(-\d{1,4})?")  # verbs of other desks than that of orders
GONE = N("这张派工单已不在您手上")
CLOCK_SLACK = timedelta(minutes=10)  # a device ahead of us by more is told that its clock is wrong
# what changes between two tries of the same deed
OF_THE_TRY = ("uuid", "seen", "sent_at")


def _device_moment(request: DeskRequest) -> datetime | None:
    try:
        told = parse_datetime(request.POST.get("device_at", ""))
    except ValueError:
        return None
    if told is None or timezone.is_naive(told) or not 2000 < told.year < 2100:
        return None
    return told


def _clock_words(*, told: datetime | None, now: datetime) -> str:
    if told is None or told - now <= CLOCK_SLACK:
        return ""
    return _("手机时间快了%(span)s，记录以服务器时间为准") % {"span": span_words(span=told - now)}


def _state_of(request: DeskRequest, *, key: str) -> dict[str, Any]:
    """How the order, or the subject of another desk, stands now, as much of it as this person may see."""
    other = desk_for(key=key)
    if other is not None:
        return other[0].state_of(request=request, key=other[1])
    order = find_order(actor=request.actor, key=key)
    if order is None:
        return {"key": key, "version": 0, "state": "", "facts": [[_("状态"), _("已不在您手上")]], "legal": []}
    rows = [
        (_("状态"), _(WorkOrder.State(order.state).label)),
        (_("谁做"), holder(order=order)),
        (_("暂停原因"), order.pause_reason),
        (_("完工时间"), moment_words(moment=order.done_at) if order.done_at is not None else ""),
        (_("结果"), order.result),
        (_("作废原因"), order.void_reason),
    ]
    legal = [one.verb.code for one in offers(order=order, actor=request.actor) if not one.why]
    if order.worker_id == request.actor.staff.pk and str(order.state) in TAKEN:
        legal.append(PHOTOS)
    return {
        "key": order.key, "number": order.number, "version": order.version, "state": str(order.state),
        "facts": [[label, value] for label, value in rows if value], "legal": legal,
    }  # fmt: skip


def _signed_already(*, order: WorkOrder, code: str, request: DeskRequest) -> bool:
    """Somebody at the desk entered what the device tells now; there is nothing left to do."""
    return (
        code in ("take", "accept") and order.worker_id == request.actor.staff.pk and str(order.state) in TAKEN
    )


def _deed(request: DeskRequest, *, order: WorkOrder, code: str, told: datetime | None) -> None:
    if _signed_already(order=order, code=code, request=request):
        return
    form = read_form(request=request, order=order, code=code)
    if not form.is_valid():
        raise Refused(_first_error(form), code="form")
    do_verb(
        actor=request.actor, order=order, code=code, data=form.cleaned_data, at=request.now,
        seen=whole_number(text=request.POST.get("seen", "")), device_at=told,
    )  # fmt: skip


def _first_error(form: SpecForm) -> str:
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label} {errors[0]}".strip()


def _note(request: DeskRequest, *, key: str, told: datetime | None) -> None:
    # it may be out of this person's sight by now; he writes to it and reads nothing of it
    order = (
        WorkOrder.objects.filter(site=request.actor.site, key=key)
        .select_related("case__site", "worker", "department")
        .first()
    )
    if order is None:
        raise Refused(N("没有这张派工单"), code="unknown")
    keep_note(
        order=order, actor=request.actor, at=request.now, text=request.POST.get("text", ""),
        files=as_sent(request.FILES.getlist("photos")), signer=request.POST.get("signer", "")[:60],
        signature=request.POST.get("signature", ""), device_at=told,
    )  # fmt: skip


def _answer(request: DeskRequest, *, outcome: str, words: str = "", **more: Any) -> JsonResponse:
    """Refused or in conflict: the words, and how the order stands."""
    body = {"outcome": outcome, "words": words, "order": _state_of(request, key=more.pop("key")), **more}
    return JsonResponse(body)


def _arrive(request: DeskRequest, *, key: str, code: str, told: datetime | None) -> None:
    """Do what a device tells, at the desk that its key names."""
    other = desk_for(key=key)
    if other is not None:
        at_desk, rest = other
        demand(actor=request.actor, permission=at_desk.permission)
        if code == NOTE:
            at_desk.note(request=request, key=rest, told=told)
        else:
            at_desk.deed(request=request, key=rest, verb=code, told=told)
    elif code == NOTE:
        _note(request, key=key, told=told)
    else:
        order = find_order(actor=request.actor, key=key)
        if order is None:
            raise Conflict(GONE, code="gone")
        _deed(request, order=order, code=code, told=told)


@require_POST
@desk(Allow.WORK_ORDERS)
def sync(request: DeskRequest) -> HttpResponse:
    """Take one deed of a device; sent again with the same uuid, it gets the first answer and nothing is written."""
    uuid, code, key = (request.POST.get(name, "").strip() for name in ("uuid", "verb", "order"))
    known = code in QUEUED or code == NOTE
    if not known and desk_for(key=key) is not None:
        known = OF_A_DESK.fullmatch(code) is not None
    if not 8 <= len(uuid) <= 64 or not known:
        return JsonResponse({"outcome": "refused", "words": _("这条记录不完整"), "order": None}, status=422)
    actor, now = request.actor, request.now
    if request.POST.get("worker") != str(actor.staff.pk):
        return JsonResponse({"outcome": "other_person"}, status=422)
    told = _device_moment(request)
    clock = _clock_words(told=told, now=now)

    def run() -> Answer:
        _arrive(request, key=key, code=code, told=told)
        state = _state_of(request, key=key)
        return Answer(status=200, body={"outcome": "done", "clock": clock, "order": state})

    try:
        answer = once(
            scope=f"work:{actor.site.pk}:{actor.staff.pk}", key=uuid, at=now, run=run,
            mark=content_mark(request=request, without=OF_THE_TRY),
        )  # fmt: skip
    except Forbidden:
        return _answer(request, key=key, outcome="conflict", words=_(GONE), clock=clock)
    except Refused as refusal:
        # a step that starts from another state: the order moved on
        moved = isinstance(refusal, Conflict) or refusal.code == "illegal_step"
        outcome = "conflict" if moved else "refused"
        return _answer(request, key=key, outcome=outcome, words=words_of(refusal), clock=clock)
    return JsonResponse(dict(answer.body), status=answer.status)
